"""A journal is copied while its daemon runs, verified, and goes on from the copy; and it is exported as lines."""

from __future__ import annotations

import json
import pathlib
import threading

from conftest import NewDaemon
from daemon import Daemon, run
from test_snapshots import SOON, contacts, digest, send, snapshots, taken


def test_a_backup_taken_under_load_starts_and_has_all_that_was_acknowledged_before(
    new_daemon: NewDaemon, tmp_path: pathlib.Path
) -> None:
    daemon = new_daemon(settings=SOON).start()
    send(daemon, 0, 150)
    taken(daemon)
    acknowledged = len(daemon.all_events())
    more = threading.Thread(target=send, args=(daemon, 150, 300))
    more.start()
    target = tmp_path / "backup"
    answer = run("journal", "backup", "--data", str(daemon.data), "--to", str(target))
    more.join()
    assert answer.returncode == 0, answer.stderr
    assert "complete and verified" in answer.stdout
    assert target.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in target.rglob("*") if path.is_file())
    assert not list(tmp_path.glob("*.unfinished"))
    verified = run("journal", "verify", "--data", str(target))
    assert verified.returncode == 0, verified.stdout
    assert daemon.stop() == 0

    # The original is lost; the copy takes its place.
    lost = tmp_path / "lost"
    daemon.data.rename(lost)
    answer = run("journal", "restore", "--from", str(target), "--data", str(daemon.data))
    assert answer.returncode == 0, answer.stderr
    whole = digest(daemon)
    daemon.start()
    assert whole in daemon.logged()
    events = daemon.all_events()
    assert len(events) > acknowledged
    with daemon.client() as client:
        assert all(pending.result().duplicate for pending in client.submit_all(contacts(0, 20)))
    assert len(snapshots(daemon)) >= 1
    assert daemon.stop() == 0


def test_nothing_is_overwritten(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    daemon = new_daemon().start()
    send(daemon, 0, 5)
    target = tmp_path / "backup"
    assert run("journal", "backup", "--data", str(daemon.data), "--to", str(target)).returncode == 0
    again = run("journal", "backup", "--data", str(daemon.data), "--to", str(target))
    assert again.returncode == 73 and "not empty" in again.stderr
    served = run("journal", "restore", "--from", str(target), "--data", str(daemon.data))
    assert served.returncode == 75 and str(daemon.pid) in served.stderr
    assert daemon.stop() == 0
    stopped = run("journal", "restore", "--from", str(target), "--data", str(daemon.data))
    assert stopped.returncode == 73 and "not empty" in stopped.stderr
    missing = run("journal", "restore", "--from", str(tmp_path / "nothing"), "--data", str(tmp_path / "new"))
    assert missing.returncode == 66
    assert not (tmp_path / "new").exists()


def test_a_damaged_backup_is_not_laid_out(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    daemon = new_daemon().start()
    send(daemon, 0, 50)
    target = tmp_path / "backup"
    assert run("journal", "backup", "--data", str(daemon.data), "--to", str(target)).returncode == 0
    assert daemon.stop() == 0
    file = target / "journal.sqlite"
    content = bytearray(file.read_bytes())
    place = content.index(b"conversation", len(content) // 2)
    content[place] ^= 1
    file.write_bytes(content)
    answer = run("journal", "restore", "--from", str(target), "--data", str(tmp_path / "new"))
    assert answer.returncode == 65, answer.stderr
    assert not (tmp_path / "new").exists()


def lines(daemon: Daemon, *options: str) -> "list[dict]":
    answer = run("journal", "export", "--data", str(daemon.data), *options)
    assert answer.returncode == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_an_export_has_what_events_read_gives(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(tenants=["main", "other"]).start()
    send(daemon, 0, 60)
    events = daemon.all_events()
    exported = lines(daemon, "--tenant", "main")
    assert exported == events
    assert {event["tenant"] for event in lines(daemon)} == {"main", "other"}
    some = lines(daemon, "--tenant", "main", "--from", "10", "--to", "40")
    assert some == events[9:40]
    kinds = lines(daemon, "--tenant", "main", "--types", "conversation.opened,conversation.closed")
    assert kinds == [e for e in events if e["type"] in ("conversation.opened", "conversation.closed")]
    assert any("customer" in event for event in events)
    public = run("journal", "export", "--data", str(daemon.data), "--public")
    assert public.returncode == 0
    for fact in ('"customer":', '"topic":', '"evidence":', '"name":', '"attributes":'):
        assert fact not in public.stdout
    assert [json.loads(line)["seq"] for line in public.stdout.splitlines() if '"main"' in line] == [
        event["seq"] for event in events
    ]
    wrong = run("journal", "export", "--data", str(daemon.data), "--types", "no.such")
    assert wrong.returncode == 64 and "no.such" in wrong.stderr
    nobody = run("journal", "export", "--data", str(daemon.data), "--tenant", "nobody")
    assert nobody.returncode == 66 and "other" in nobody.stderr
    assert daemon.stop() == 0
