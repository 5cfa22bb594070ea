"""Records a golden journal, once per version of the journal: a later Kapwa must make the same states of it.

    KAPWA_BIN=.build/debug/kapwa PYTHONPATH=clients/python:Tests/EndToEnd python3 Tests/EndToEnd/golden.py NAME

One that is there is never recorded again: then it would say nothing about the version that wrote it.
"""

from __future__ import annotations

import gzip
import json
import pathlib
import sqlite3
import sys
import tempfile
from typing import Any, Dict, List

import conformance
from daemon import ROOT, Daemon, run

PLACE = ROOT / "Tests" / "Fixtures" / "journals"


def cases() -> List[conformance.Case]:
    """The cases whose rules are those of most cases."""
    groups = sorted(conformance.groups(conformance.load()), key=len, reverse=True)
    return groups[0]


def states(data: pathlib.Path) -> List[Dict[str, Any]]:
    """Of each tenant: events and digest, replayed in another process."""
    answer = run("replay", "--data", str(data))
    assert answer.returncode == 0, answer.stderr
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    return [{name: line[name] for name in ("tenant", "events", "digest")} for line in lines]


def record(name: str) -> None:
    target = PLACE / name
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        directory = pathlib.Path(scratch)
        chosen = cases()
        failed = {name: why for name, why in conformance.hold(chosen, directory).items() if why}
        assert not failed, failed
        data = directory / "data"
        forgotten = run("journal", "forget", "juan", "--data", str(data))
        assert forgotten.returncode == 0, forgotten.stderr
        with sqlite3.connect(data / "journal.sqlite") as journal:
            journal.execute("VACUUM")
        journal.close()
        expected = {"tenants": states(data)}
        (target / "journal.sqlite.gz").write_bytes(
            gzip.compress((data / "journal.sqlite").read_bytes(), compresslevel=9, mtime=0)
        )
        (target / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1])
