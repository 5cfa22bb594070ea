"""A start reads a snapshot and what came after: the same state as from the whole journal, in a fraction of the time."""

from __future__ import annotations

import json
import pathlib
import re
from typing import Any, Dict, List, Optional

from conftest import NewDaemon
from daemon import Daemon, eventually, run

#: A snapshot after so many events, so that a short test sees several.
SOON = {"KAPWA_SNAPSHOT_EVENTS": "200"}


def contacts(first: int, count: int) -> List[Dict[str, Any]]:
    commands: List[Dict[str, Any]] = []
    for n in range(first, first + count):
        commands.append(
            {"type": "conversation.message", "id": f"open-{n}", "conversation": f"k{n}", "from": "customer",
             "customer": f"c{n % 7}", "text": "Nasaan na po ang order ko?", "channel": "chat"})  # fmt: skip
        if n % 3:
            commands.append(
                {"type": "conversation.close", "id": f"close-{n}", "conversation": f"k{n}", "outcome": "resolved"}
            )
    return commands


def send(daemon: Daemon, first: int, count: int) -> None:
    with daemon.client() as client:
        client.agent_upsert("ana", {"billing": 3})
        for pending in client.submit_all(contacts(first, count)):
            pending.result()


def snapshots(daemon: Daemon) -> List[pathlib.Path]:
    """Newest first."""
    return sorted((daemon.data / "snapshots").glob("*.snapshot"), reverse=True)


def sequence(snapshot: pathlib.Path) -> int:
    return int(snapshot.stem.rsplit("-", 1)[1])


def replayed(daemon: Daemon) -> Dict[str, int]:
    """What the last start said: up to where the journal went, and from which snapshot on it was replayed."""
    lines = [line for line in daemon.logged().splitlines() if " replayed" in line]
    return {name: int(value) for name, value in re.findall(r"(events|snapshot)=(\d+)", lines[-1])}


def digest(daemon: Daemon) -> str:
    """Of the whole journal, replayed in another process."""
    answer = run("replay", "--data", str(daemon.data))
    assert answer.returncode == 0, answer.stderr
    return str(json.loads(answer.stdout.splitlines()[0])["digest"])


def taken(daemon: Daemon, after: int = 0) -> pathlib.Path:
    def newest() -> Optional[pathlib.Path]:
        found = snapshots(daemon)
        return found[0] if found and sequence(found[0]) > after else None

    return eventually(newest, f"a snapshot beyond {after}")


def test_a_start_after_a_kill_goes_on_from_the_newest_snapshot(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(settings=SOON).start()
    covered = 0
    for number in range(3):
        send(daemon, 100 * number, 100)
        covered = sequence(taken(daemon, covered))
        send(daemon, 100 * number + 50, 60)
        daemon.kill()
        whole = digest(daemon)
        daemon.start()
        told = replayed(daemon)
        assert told["snapshot"] >= covered > 0
        started = [event for event in daemon.all_events() if event["type"] == "daemon.started"]
        assert started[-1]["digest"] == whole, "the digest at start must be that of a full replay"
        with daemon.client() as client:
            again = client.submit_all(contacts(100 * number, 1))[0].result()
            assert again.duplicate, "what was answered before the kill is remembered"
    assert 1 <= len(snapshots(daemon)) <= 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in snapshots(daemon))
    assert daemon.stop() == 0


def test_a_broken_snapshot_is_passed_over_and_said_so(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(settings=SOON).start()
    send(daemon, 0, 100)
    first = sequence(taken(daemon))
    send(daemon, 100, 100)
    taken(daemon, first)
    daemon.kill()
    whole = digest(daemon)
    newest, older = snapshots(daemon)

    def flip(path: pathlib.Path) -> None:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    flip(newest)
    report = run("journal", "verify", "--data", str(daemon.data))
    assert report.returncode == 1 and newest.name in report.stdout
    older_sequence = sequence(older)
    daemon.start()
    assert newest.name in daemon.logged() and "passed over" in daemon.logged()
    assert replayed(daemon)["snapshot"] == older_sequence
    assert whole in daemon.logged()
    daemon.kill()

    whole = digest(daemon)
    for path in snapshots(daemon):
        flip(path)
    daemon.start()
    assert replayed(daemon)["snapshot"] == 0
    assert whole in daemon.logged()
    assert daemon.stop() == 0


def test_a_snapshot_of_another_journal_is_not_believed(new_daemon: NewDaemon) -> None:
    other = new_daemon(settings=SOON).start()
    send(other, 1_000, 100)
    foreign = taken(other)
    assert other.stop() == 0
    daemon = new_daemon(settings=SOON).start()
    send(daemon, 0, 200)
    taken(daemon, sequence(foreign))
    daemon.kill()
    for path in snapshots(daemon):
        path.unlink()
    (daemon.data / "snapshots" / foreign.name).write_bytes(foreign.read_bytes())
    daemon.start()
    assert "not of this journal" in daemon.logged()
    assert replayed(daemon)["snapshot"] == 0
    assert daemon.stop() == 0


def test_a_clean_stop_leaves_a_snapshot_of_everything(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(settings={"KAPWA_SNAPSHOT_EVENTS": "1000"}).start()
    send(daemon, 0, 80)
    assert daemon.stop() == 0
    daemon.start()
    told = replayed(daemon)
    assert told["snapshot"] == told["events"] > 200
    assert daemon.stop() == 0


def test_what_must_be_replayed_is_a_metric(new_daemon: NewDaemon) -> None:
    import urllib.request

    daemon = new_daemon(settings=SOON).start()

    def figure(name: str) -> Optional[float]:
        with urllib.request.urlopen(f"{daemon.http}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        found = re.search(rf"^{re.escape(name)} ([0-9.e+]+)$", text, re.MULTILINE)
        return float(found.group(1)) if found else None

    send(daemon, 0, 100)
    taken(daemon)
    eventually(lambda: figure('kapwa_journal_snapshots_total{result="taken"}'), "a snapshot is counted")
    eventually(lambda: (figure("kapwa_journal_events_behind_snapshot") or 0) < 200, "few events are behind it")
    assert daemon.stop() == 0
