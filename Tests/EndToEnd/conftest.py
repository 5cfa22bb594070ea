from __future__ import annotations

import pathlib
import sys
from typing import Any, Callable, Iterator, List

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "clients" / "python"), str(pathlib.Path(__file__).parent)]

from daemon import Daemon, program  # noqa: E402

NewDaemon = Callable[..., Daemon]


def pytest_configure() -> None:
    try:
        program()
    except RuntimeError as error:
        raise pytest.UsageError(str(error)) from error


@pytest.fixture
def new_daemon(tmp_path: pathlib.Path) -> Iterator[NewDaemon]:
    """Makes daemons that are not started yet; whatever still runs at the end of the test is ended."""
    made: List[Daemon] = []

    def make(**options: Any) -> Daemon:
        made.append(Daemon(tmp_path / f"daemon-{len(made)}", **options))
        return made[-1]

    yield make
    for daemon in made:
        if daemon.running:
            daemon.stop()


@pytest.fixture
def daemon(new_daemon: NewDaemon) -> Daemon:
    """A running daemon with the rules that hold without a file."""
    return new_daemon().start()
