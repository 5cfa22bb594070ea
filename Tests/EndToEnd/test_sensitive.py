"""What weighed on agents and the danger that customers were in can be read for thirty days, and by nobody after that."""

from __future__ import annotations

import json
import pathlib
import sqlite3
from typing import Any, Dict, List

import pytest

from conftest import NewDaemon
from daemon import Daemon, eventually, preloaded, run
from test_privacy import bytes_of
from test_snapshots import digest, snapshots

DANGER = "Gusto ko nang mamatay."
ANGRY = "Bwisit, hanggang ngayon wala pa rin! Ang tagal tagal, nakakainis na talaga kayo!"

#: Of each type, what is sealed of it.
SEALED = {
    "agent.stressed": {"points", "contact_points", "ledger", "reason"},
    "safety.raised": {"kind", "level"},
    "conversation.tagged": {"safety"},
}


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory) -> str:
    return preloaded("shift", tmp_path_factory.mktemp("shift"))


def hard_day(daemon: Daemon, name: str) -> None:
    """A contact that weighs on ana, and a customer in danger whom nobody had to hear."""
    with daemon.client() as client:
        client.agent_upsert("ana", {"tagalog": 3})
        client.agent_state("ana", "away")
        client.conversation_message(f"{name}-hard", ANGRY, channel="chat", customer=f"juan-{name}")
        client.conversation_assign(f"{name}-hard", "ana", "external")
        client.stress_report("ana", conversation=f"{name}-hard")
        client.conversation_close(f"{name}-hard", "resolved")
        client.wrapup_done("ana", f"{name}-hard")
        client.conversation_message(f"{name}-danger", DANGER, channel="chat", customer=f"maria-{name}")
        client.conversation_close(f"{name}-danger", "resolved")


def sensitive(daemon: Daemon) -> List[Dict[str, Any]]:
    return [
        event for event in daemon.all_events()
        if event["type"] in SEALED and (event["type"] != "conversation.tagged" or event.get("safety") != [])
    ]  # fmt: skip


def keys(data: pathlib.Path) -> List[bytes]:
    with sqlite3.connect(f"file:{data}/journal.sqlite?mode=ro", uri=True) as journal:
        found = [row[0] for row in journal.execute("SELECT key FROM day_key ORDER BY day")]
    journal.close()
    return found


def erased(new_daemon: NewDaemon, shift: str, day: str) -> "tuple[Daemon, List[bytes]]":
    """A daemon that runs, forty days after a hard day, and has erased its key; and the keys of before."""
    daemon = new_daemon(settings={"KAPWA_SNAPSHOT_EVENTS": "1", "LD_PRELOAD": shift, "KAPWA_SHIFT_DAYS": "-40"})
    daemon.start()
    hard_day(daemon, day)
    before = sensitive(daemon)
    assert {event["type"] for event in before} == set(SEALED)
    assert all(SEALED[event["type"]] <= set(event) for event in before)
    assert daemon.stop() == 0
    old = keys(daemon.data)
    assert len(old) in (1, 2)
    del daemon.environment["LD_PRELOAD"]
    daemon.start()

    def is_erased() -> bool:
        with daemon.client() as client:
            # Snapshots are taken as long as there are events.
            client.agent_state("ana", "away" if is_erased.count % 2 else "offline")  # type: ignore[attr-defined]
        is_erased.count += 1  # type: ignore[attr-defined]
        return not set(old) & set(keys(daemon.data))

    is_erased.count = 0  # type: ignore[attr-defined]
    eventually(is_erased, "the keys are erased")
    return daemon, old


def test_after_its_time_nobody_reads_what_weighed_on_whom(
    new_daemon: NewDaemon, shift: str, tmp_path: pathlib.Path
) -> None:
    daemon, old = erased(new_daemon, shift, "old")
    hard_day(daemon, "new")
    found = sensitive(daemon)
    for event in found:
        is_new = event["seq"] > found[0]["seq"] and "new" in event["conversation"]
        assert bool(SEALED[event["type"]] & set(event)) == is_new, event
        assert not is_new or SEALED[event["type"]] <= set(event), event
    assert {event["type"] for event in found if "new" in event["conversation"]} == set(SEALED)

    # Not in any file: neither what was sealed, nor the key.
    eventually(lambda: not any(key in bytes_of(daemon.data) for key in old), "no file has the keys")
    content = bytes_of(daemon.data)
    assert all(key in content for key in keys(daemon.data))
    for word in (b"contact_points", b'"ledger"', b'"self_harm"'):
        assert word not in content, word

    # What was decided then cannot be explained any more, what is decided now can.
    refused = run("why", "old-hard", "--data", str(daemon.data))
    assert refused.returncode != 0 and "what weighed on agents" in refused.stderr, refused.stderr
    answered = run("why", "new-hard", "--data", str(daemon.data))
    assert answered.returncode == 0, answered.stderr

    # A crash, a start, a copy, and a customer who is forgotten: the same state.
    daemon.kill()
    state = digest(daemon)
    daemon.start()
    assert state in daemon.logged()
    copy = tmp_path / "copy"
    assert run("journal", "backup", "--data", str(daemon.data), "--to", str(copy)).returncode == 0
    assert daemon.stop() == 0
    state = digest(daemon)
    verified = run("journal", "verify", "--data", str(daemon.data))
    assert verified.returncode == 0 and "whose key was erased" in verified.stdout, verified.stdout
    assert run("journal", "forget", "juan-new", "--data", str(daemon.data)).returncode == 0
    assert digest(daemon) == state
    exported = run("journal", "export", "--data", str(daemon.data))
    assert exported.returncode == 0
    stressed = [
        event for event in map(json.loads, exported.stdout.splitlines()) if event["type"] == "agent.stressed"
    ]  # fmt: skip
    assert {"points" in event for event in stressed} == {False, True}
    restored = tmp_path / "restored"
    assert run("journal", "restore", "--from", str(copy), "--data", str(restored)).returncode == 0
    again = new_daemon(data=restored).start()
    assert {event["seq"] for event in sensitive(again)} == {event["seq"] for event in found}
    assert again.stop() == 0


def test_without_a_snapshot_of_what_is_erased_nothing_starts_and_it_is_said_why(
    new_daemon: NewDaemon, shift: str
) -> None:
    daemon, _ = erased(new_daemon, shift, "old")
    assert daemon.stop() == 0
    for snapshot in snapshots(daemon):
        snapshot.unlink()
    refused = daemon.launch()
    assert refused.returncode == 65 and "restore a backup" in refused.stderr, refused.stderr
    replayed = run("replay", "--data", str(daemon.data))
    assert replayed.returncode == 65 and "keys" in replayed.stderr
    verified = run("journal", "verify", "--data", str(daemon.data))
    assert verified.returncode == 1 and "no snapshot says what was true" in verified.stdout, verified.stdout
    # The journal itself is whole.
    assert run("journal", "export", "--data", str(daemon.data)).returncode == 0
