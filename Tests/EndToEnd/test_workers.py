"""Scoring by processes of their own: one of two is killed under load, nothing is lost, nothing overtakes."""

from __future__ import annotations

import pathlib
import signal
import subprocess
from collections import defaultdict
from typing import Dict, Iterator, List, Optional

import pytest

from conftest import NewDaemon
from daemon import PATIENCE, Daemon, environment, eventually, models, program
from test_http import get, samples

CONVERSATIONS = 100
MESSAGES = 20


class Workers:
    def __init__(
        self, daemon: Daemon, directory: pathlib.Path, number: int, *, lexicons: Optional[str] = None
    ) -> None:
        assert daemon.ready["workers"], "the ready line must name the workers' endpoint"
        self.logs = [open(directory / f"worker-{n}.log", "ab") for n in range(number)]
        command = [program(), "worker", "--connect", str(daemon.ready["workers"])]
        command += ["--models", lexicons or models()]
        self.processes: List["subprocess.Popen[bytes]"] = [
            subprocess.Popen(command, stdout=log, stderr=log, env=environment()) for log in self.logs
        ]

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process, log in zip(self.processes, self.logs):
            process.wait(PATIENCE)
            log.close()


def connected(daemon: Daemon) -> int:
    """Workers of any state, as the metrics tell."""
    return int(sum(value for name, value in samples(get(daemon, "/metrics")[2]).items() if "kapwa_workers{" in name))


@pytest.fixture
def busy(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> Iterator["tuple[Daemon, Workers]"]:
    daemon = new_daemon(workers=True, options=["--scoring-threads", "0"]).start()
    workers = Workers(daemon, tmp_path, 2)
    try:
        eventually(lambda: connected(daemon) >= 2, "both workers are known to the daemon")
        yield daemon, workers
    finally:
        workers.end()


def test_a_killed_worker_costs_nothing(busy: "tuple[Daemon, Workers]") -> None:
    daemon, workers = busy
    order: Dict[str, List[str]] = defaultdict(list)
    with daemon.client() as client:
        pendings = []
        for message in range(MESSAGES):
            for number in range(CONVERSATIONS):
                name = f"talk-{number}"
                command_id = f"{name}.{message}"
                order[name].append(command_id)
                pendings += client.submit_all(
                    [
                        {
                            "type": "conversation.message", "id": command_id, "conversation": name, "channel": "chat",
                            "from": "customer", "text": f"Hello po, pang-{message} na message ko na ito, nasaan na po?",
                        }
                    ]
                )  # fmt: skip
            if message == MESSAGES // 2:
                client.wait(pendings[: len(pendings) // 3])
                workers.processes[0].kill()
        replies = [pending.result(PATIENCE) for pending in pendings]
    assert all(reply.seq > 0 and not reply.duplicate for reply in replies)

    came: Dict[str, List[str]] = defaultdict(list)
    tagged: Dict[str, List[int]] = defaultdict(list)
    for event in daemon.all_events():
        if event["type"] == "conversation.messaged":
            came[event["conversation"]].append(event["cause"]["id"])
            assert event["message"] == len(came[event["conversation"]])
        elif event["type"] == "conversation.tagged":
            tagged[event["conversation"]].append(event["message"])
            assert event["scored"] == "ok", event
    assert came == order
    assert all(tagged[name] == list(range(1, MESSAGES + 1)) for name in order)


def test_a_worker_ends_when_it_is_asked_to(busy: "tuple[Daemon, Workers]") -> None:
    daemon, workers = busy
    with daemon.client() as client:
        client.conversation_message("c1", "Kumusta po", channel="chat")
    for process in workers.processes:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(PATIENCE) for process in workers.processes] == [0, 0]
    with daemon.client() as client:
        assert client.conversation_message("c1", "Andiyan pa po ba kayo?").seq > 0, "the daemon scores by itself"
