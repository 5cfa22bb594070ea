"""What the service manager is told, and what health says, while the disk or the sockets hang and when they are back."""

from __future__ import annotations

import json
import pathlib
import select
import socket
import time
import urllib.error
import urllib.request
from typing import Any, Dict, Iterator, List, Tuple

import pytest

from conftest import NewDaemon
from daemon import PATIENCE, Daemon, eventually, preloaded

#: What the manager bears, in seconds; signs of life come twice as often.
BEARS = 1.0


class Manager:
    """What systemd would hear."""

    def __init__(self, name: str) -> None:
        self.heard: List[str] = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name[1:] if name.startswith("@") else name)

    def listen(self, seconds: float = 0) -> List[str]:
        """What comes within that time, and everything that has come before."""
        new: List[str] = []
        deadline = time.monotonic() + seconds
        while select.select([self.socket], [], [], max(0, deadline - time.monotonic()))[0]:
            new.append(self.socket.recv(4096).decode())
        self.heard += new
        return new


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Tuple[Manager, str]]:
    name = str(tmp_path / "notify") if request.param == "path" else f"@kapwa-{tmp_path.name}-{time.monotonic_ns()}"
    manager = Manager(name)
    yield manager, name
    manager.socket.close()


@pytest.fixture(scope="session")
def preload(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The library that holds up the disk and the sockets, built where it is needed."""
    return preloaded("stall", tmp_path_factory.mktemp("stall"))


def health(daemon: Daemon, which: str = "ready") -> Tuple[int, Dict[str, bool]]:
    try:
        with urllib.request.urlopen(f"{daemon.http}/health/{which}", timeout=PATIENCE) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        status, body = refused.code, refused.read()
    found: Dict[str, Any] = json.loads(body)
    return status, {check["name"]: check["ok"] for check in found["checks"]}


def failing(daemon: Daemon, which: str = "ready") -> List[str]:
    """The checks that fail, once there are any."""
    status, checks = health(daemon, which)
    assert (status == 200) == all(checks.values())
    return sorted(name for name, ok in checks.items() if not ok)


def test_readiness_signs_of_life_and_the_end_are_told(manager: Tuple[Manager, str], new_daemon: NewDaemon) -> None:
    told, name = manager
    daemon = new_daemon(settings={"NOTIFY_SOCKET": name, "WATCHDOG_USEC": str(int(BEARS * 1e6))})
    assert told.listen() == []
    daemon.start()
    eventually(lambda: told.listen() and told.heard.count("WATCHDOG=1") >= 3, "three signs of life")
    assert told.heard[0] == "READY=1" and set(told.heard[1:]) == {"WATCHDOG=1"}
    assert daemon.stop() == 0
    told.listen()
    assert told.heard[-1] == "STOPPING=1"
    assert told.heard.count("READY=1") == 1 and told.heard.count("STOPPING=1") == 1


def test_without_a_watchdog_no_sign_of_life_is_given(manager: Tuple[Manager, str], new_daemon: NewDaemon) -> None:
    told, name = manager
    daemon = new_daemon(settings={"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}).start()
    eventually(lambda: told.listen(), "READY=1")
    with daemon.client() as client:
        client.ping()
    assert daemon.stop() == 0
    told.listen()
    assert told.heard == ["READY=1", "STOPPING=1"]


@pytest.mark.parametrize("manager", ["abstract"], indirect=True)
@pytest.mark.parametrize(
    ("what", "checks", "dead"),
    [("disk", {"journal", "router"}, ["router"]), ("sockets", {"sockets"}, ["sockets"])],
)
def test_a_stall_fails_health_and_ends_the_signs_of_life_until_it_is_over(
    what: str, checks: "set[str]", dead: List[str], manager: Tuple[Manager, str], preload: str,
    new_daemon: NewDaemon, tmp_path: pathlib.Path,
) -> None:  # fmt: skip
    told, name = manager
    flag = tmp_path / "stalled"
    settings = {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": str(int(BEARS * 1e6)), "LD_PRELOAD": preload}
    daemon = new_daemon(settings={**settings, f"KAPWA_STALL_{what.upper()}": str(flag)}).start()
    with daemon.client() as client:
        client.agent_upsert("ana", {"tagalog": 3})
        eventually(lambda: told.listen() and told.heard.count("WATCHDOG=1") >= 2, "signs of life")
        assert health(daemon)[0] == 200

        flag.touch()
        pending = client.pipeline().agent_upsert("ben", {"tagalog": 3})
        # The first that is seen to hang may not be the last.
        eventually(lambda: checks == set(failing(daemon)), f"health names {checks}")
        assert failing(daemon, "live") == dead
        eventually(lambda: "stalled, and no sign of life is given" in daemon.logged(), "the log says so")
        told.listen()
        # What is not said can only be waited for.
        assert told.listen(3 * BEARS) == []
        assert not pending.done

        flag.unlink()
        assert pending.result().seq > 0, "what waited is answered"
        eventually(lambda: told.listen(), "signs of life again")
        eventually(lambda: health(daemon)[0] == 200, "ready again")
        assert "no longer stalled" in daemon.logged()
    assert daemon.stop() == 0
    told.listen()
    assert told.heard[-1] == "STOPPING=1" and set(told.heard[1:-1]) == {"WATCHDOG=1"}
