"""The examples that a reader runs first do run."""

from __future__ import annotations

import subprocess
import sys

from conftest import NewDaemon
from daemon import ROOT, Daemon, environment

EXAMPLES = ROOT / "clients" / "python" / "examples"


def play(daemon: Daemon, name: str) -> str:
    outcome = subprocess.run(
        [sys.executable, str(EXAMPLES / name), "--commands", daemon.commands, "--events", daemon.events],
        capture_output=True,
        text=True,
        timeout=60,
        env={**environment(), "PYTHONPATH": str(ROOT / "clients" / "python")},
    )
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


def test_quickstart(daemon: Daemon) -> None:
    said = play(daemon, "quickstart.py")
    assert "offered to ana" in said and "family" in said and "resolved" in said and "wrong_state" in said, said


def test_quickstart_a_second_time_on_the_same_floor(daemon: Daemon) -> None:
    play(daemon, "quickstart.py")
    assert "resolved" in play(daemon, "quickstart.py")


def test_observe(new_daemon: NewDaemon) -> None:
    with new_daemon(rules="version: 1\nrouting: {mode: observe}\nbreaks: {mode: observe}\n") as daemon:
        said = play(daemon, "observe.py")
        assert "4 assigned by the other router, 4 advised" in said, said
        assert not any(event["type"] == "offer.made" for event in daemon.all_events())
