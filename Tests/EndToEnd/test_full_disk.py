"""A disk that is really full: a file system of a few megabytes, of this test alone."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import urllib.error
import urllib.request
from typing import Iterator, List, Set

import pytest

from conftest import NewDaemon
from daemon import Daemon, eventually, run
from raw import VERSION, Peer

SIZE = 24 * 1024 * 1024
#: What is taken away when there is to be space again.
BALLAST = 12 * 1024 * 1024
TEXT = "Nasaan na po ang order ko?"


class SmallDisk:
    """Mounted where nobody else sees it, for as long as ``cat`` waits for its input."""

    def __init__(self, place: pathlib.Path) -> None:
        place.mkdir()
        mount = 'mount -t tmpfs -o "size=$1" kapwa-test "$2" && head -c "$3" /dev/zero >"$2/ballast" && echo there && exec cat'
        user = [] if os.geteuid() == 0 else ["--map-root-user"]
        self.inside = place
        self.holder = subprocess.Popen(
            ["unshare", *user, "--mount", "sh", "-c", mount, "sh", str(SIZE), str(place), str(BALLAST)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.holder.stdout and self.holder.stdout.readline() == b"there\n", "no file system could be mounted"
        #: The same place, seen from outside.
        self.outside = pathlib.Path(f"/proc/{self.holder.pid}/root{place}")

    def enter(self, daemon: Daemon) -> None:
        """Lets a daemon see this disk."""
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        daemon.command = ["nsenter", "--target", str(self.holder.pid), "--mount", *user, "--", *daemon.command]

    def make_room(self) -> None:
        (self.outside / "ballast").unlink()

    def end(self) -> None:
        assert self.holder.stdin
        self.holder.stdin.close()
        self.holder.wait()


@pytest.fixture
def disk(tmp_path: pathlib.Path) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path / "disk")
    yield disk
    disk.end()


def opening(number: int) -> bytes:
    command = {
        "type": "conversation.message", "id": f"open-{number}", "conversation": f"k-{number}", "from": "customer",
        "text": TEXT, "channel": "chat",
    }  # fmt: skip
    return json.dumps(command).encode()


def is_ready(daemon: Daemon) -> bool:
    try:
        with urllib.request.urlopen(f"{daemon.http}/health/ready") as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as refused:
        assert refused.code == 503
        return False


def fill(daemon: Daemon, first: int) -> List[int]:
    """Opens conversations until the disk is full; gives those that were acknowledged."""
    taken: List[int] = []
    with Peer(daemon.commands) as peer:
        for number in range(first, first + 100_000, 50):
            replies = peer.ask([VERSION, *map(opening, range(number, number + 50))])
            taken += [int(reply["id"].removeprefix("open-")) for reply in replies if reply["ok"]]
            errors = [reply["error"] for reply in replies if not reply["ok"]]
            assert {error["code"] for error in errors} <= {"unavailable"}, errors
            # A batch that did not fit may leave room for a smaller one.
            if errors and not is_ready(daemon):
                return taken
    raise AssertionError("the disk never filled up")


def opened(daemon: Daemon) -> Set[str]:
    return {event["conversation"] for event in daemon.all_events() if event["type"] == "conversation.opened"}


def test_a_full_disk_refuses_changes_loses_nothing_and_goes_on_when_there_is_space(
    new_daemon: NewDaemon, disk: SmallDisk
) -> None:
    daemon = new_daemon(data=disk.inside / "data")
    disk.enter(daemon)
    daemon.start()
    taken = fill(daemon, 0)
    assert len(taken) > 100
    # Reads are answered, health says what is the matter, and all that was acknowledged is there.
    assert not is_ready(daemon)
    assert opened(daemon) == {f"k-{number}" for number in taken}

    disk.make_room()
    eventually(lambda: is_ready(daemon), "there is space again, and it is ready")
    again = fill(daemon, len(taken) + 50)
    assert opened(daemon) == {f"k-{number}" for number in taken + again}

    # Killed on a full disk, and brought to a larger one: what was there is there.
    daemon.kill()
    larger = new_daemon()
    shutil.copytree(disk.outside / "data", larger.data)
    verified = run("journal", "verify", "--data", str(larger.data))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert opened(larger.start()) == {f"k-{number}" for number in taken + again}
