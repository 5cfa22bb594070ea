"""A kill alone cannot show a missing fsync: the system calls can."""

from __future__ import annotations

import pathlib
import re
import shutil
import signal
import subprocess
from typing import List

from conftest import NewDaemon
from daemon import PATIENCE, eventually

CALLS = "fdatasync,fsync,sendto,sendmsg,write,writev,recvfrom,recvmsg,read"


def test_the_disk_has_it_before_the_reply_leaves(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    assert shutil.which("strace"), "strace must be installed"
    daemon = new_daemon().start()
    trace = tmp_path / "trace"
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-s", "65536", "-e", f"trace={CALLS}", "-o", str(trace), "-p", str(daemon.pid)],
        stderr=subprocess.PIPE,
    )
    try:
        with daemon.client() as client:

            def attached() -> bool:
                client.ping()
                return trace.exists() and trace.stat().st_size > 0

            eventually(attached, "strace attaches")
            for number in range(20):
                client.call(
                    {"type": "agent.upsert", "id": f"mark-{number:03d}", "agent": f"a{number}", "skills": {"x": 1}}
                )
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=PATIENCE)
    lines = joined(trace.read_text(encoding="utf-8", errors="replace").splitlines())
    for number in range(20):
        mark = f"mark-{number:03d}"
        came = next(n for n, line in enumerate(lines) if mark in line and re.search(r" (recv|read)", line))
        left = next(n for n, line in enumerate(lines) if mark in line and re.search(r" (send|write)", line)
                    and "ok" in line and n > came)  # fmt: skip
        synced = [line for line in lines[came:left] if re.search(r" (fdatasync|fsync)\(.*= 0$", line)]
        assert synced, f"no fsync between the command and the reply of {mark}:\n" + "\n".join(
            line[:160] for line in lines[came : left + 1]
        )


def joined(lines: List[str]) -> List[str]:
    """Calls that another thread's call interrupted, put together at the place where they returned."""
    started = {}
    whole = []
    for line in lines:
        thread, _, rest = line.partition(" ")
        if rest.rstrip().endswith("<unfinished ...>"):
            # What is sent leaves when the call begins, what is synced is down when it returns.
            if re.match(r" *(send|write)", rest):
                whole.append(line)
            started[thread] = rest[: rest.rindex("<unfinished")]
            continue
        resumed = re.match(r" *<\.\.\. \w+ resumed>(.*)", rest)
        if resumed:
            begun = started.pop(thread, "")
            if not re.match(r" *(send|write)", begun):
                whole.append(f"{thread} {begun.strip()}{resumed.group(1)}")
            continue
        whole.append(line)
    return whole
