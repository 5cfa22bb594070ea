"""Journals that earlier versions wrote: this one makes the same states of them, and goes on where they end."""

from __future__ import annotations

import gzip
import json
import pathlib

import pytest

from conftest import NewDaemon
from daemon import run
from golden import PLACE, states

GOLDEN = sorted(path.parent for path in PLACE.glob("*/expected.json"))


def unpacked(golden: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "journal.sqlite").write_bytes(gzip.decompress((golden / "journal.sqlite.gz").read_bytes()))
    return data


def test_there_is_a_journal_of_each_version() -> None:
    assert [golden.name for golden in GOLDEN] == ["1", "2"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.name)
def test_it_verifies_and_gives_the_states_that_it_gave(golden: pathlib.Path, tmp_path: pathlib.Path) -> None:
    data = unpacked(golden, tmp_path)
    verified = run("journal", "verify", "--data", str(data))
    assert verified.returncode == 0, verified.stdout
    assert states(data) == json.loads((golden / "expected.json").read_text(encoding="utf-8"))["tenants"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.name)
def test_a_daemon_goes_on_where_it_ends(golden: pathlib.Path, tmp_path: pathlib.Path, new_daemon: NewDaemon) -> None:
    data = unpacked(golden, tmp_path)
    expected = json.loads((golden / "expected.json").read_text(encoding="utf-8"))["tenants"]
    daemon = new_daemon(data=data, tenants=[tenant["tenant"] for tenant in expected]).start()
    for tenant in expected:
        assert tenant["digest"] in daemon.logged()
    with daemon.client() as client:
        for tenant in expected:
            assert client.ping(tenant=tenant["tenant"])["seq"] >= tenant["events"]
    assert daemon.stop() == 0
    assert run("journal", "verify", "--data", str(data)).returncode == 0
