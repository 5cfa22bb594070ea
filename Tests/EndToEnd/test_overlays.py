"""A deployment's own lexicon: read again at SIGHUP with nothing lost, refused as a whole when it has a fault."""

from __future__ import annotations

import json
import pathlib
import signal
import subprocess
from typing import Any, Dict, List

from kapwa import Client

from conftest import NewDaemon
from daemon import PATIENCE, Daemon, environment, eventually, models, program, run
from test_http import get, samples
from test_workers import connected

EMPTY = "term\tlang\n"
PLAN = "term\tlang\nnanay ko meal\ttl\n"
FAULTY = "term\tlang\tfamily\nnanay ko meal\ttl\t0\nload\ten\t5000\n"
TEXT = "nasaan po ang nanay ko meal, ang nanay ko meal"


def tagged(daemon: Daemon) -> List[Dict[str, Any]]:
    return [event for event in daemon.all_events() if event["type"] == "conversation.tagged"]


def changes(daemon: Daemon) -> List[Dict[str, Any]]:
    return [event for event in daemon.all_events() if event["type"] == "rules.changed"]


def is_family(client: Client, name: str) -> bool:
    reply = client.conversation_message(name, TEXT, channel="chat", return_=["tags"])
    return bool(reply["tags"]["family"] >= 0.5)


def lexicon(daemon: Daemon) -> str:
    return str(json.loads(get(daemon, "/health/ready")[2])["lexicon"])


def successful(daemon: Daemon) -> float:
    return samples(get(daemon, "/metrics")[2])["kapwa_rules_last_reload_successful"]


def test_an_edited_overlay_counts_and_stands_in_the_evidence(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    overlay = tmp_path / "products.tsv"
    overlay.write_text(EMPTY)
    with new_daemon(options=["--overlay", str(overlay)]) as daemon, daemon.client() as client:
        before = lexicon(daemon)
        assert is_family(client, "c1")
        overlay.write_text(PLAN)
        daemon.send(signal.SIGHUP)
        eventually(lambda: lexicon(daemon) != before, "the new lexicon")
        assert not is_family(client, "c2")

        first, second = tagged(daemon)
        assert all("source" not in reason for reason in first["evidence"])
        rows = [reason for reason in second["evidence"] if reason["tag"] == "family"]
        assert rows and all(
            reason["source"] == "products.tsv" and reason["rules"] == ["overlay"] and reason["weight"] == 0
            for reason in rows
        )
        assert [change["lexicon"] for change in changes(daemon)] == [before, lexicon(daemon)]
        assert "lexicons read again" in daemon.logged()


def test_a_faulty_overlay_is_refused_and_the_old_one_kept(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    overlay = tmp_path / "products.tsv"
    overlay.write_text(PLAN)
    with new_daemon(options=["--overlay", str(overlay)]) as daemon, daemon.client() as client:
        before = lexicon(daemon)
        overlay.write_text(FAULTY)
        daemon.send(signal.SIGHUP)
        eventually(lambda: successful(daemon) == 0, "the metric says that it failed")
        assert f"{overlay}:3: " in daemon.logged() and "5000" in daemon.logged(), "file, line and what is wrong"
        assert daemon.running and lexicon(daemon) == before and len(changes(daemon)) == 1
        assert not is_family(client, "c1"), "the row of before still counts"
        overlay.write_text(EMPTY)
        daemon.send(signal.SIGHUP)
        eventually(lambda: successful(daemon) == 1, "the next good one is taken")
        assert is_family(client, "c2")


def test_a_faulty_overlay_keeps_good_rules_out_too(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    overlay = tmp_path / "products.tsv"
    overlay.write_text(EMPTY)
    rules = "version: 1\nqueues:\n  - id: main\n"
    with new_daemon(rules=rules, options=["--overlay", str(overlay)]) as daemon:
        overlay.write_text(FAULTY)
        daemon.rules.write_text(rules + "  - id: billing\n")
        daemon.send(signal.SIGHUP)
        eventually(lambda: successful(daemon) == 0, "the metric says that it failed")
        assert len(changes(daemon)) == 1, "a reload is taken as a whole"


def test_a_faulty_overlay_stops_a_start(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    overlay = tmp_path / "products.tsv"
    overlay.write_text(FAULTY)
    outcome = new_daemon(options=["--overlay", str(overlay)]).launch()
    assert outcome.returncode == 65 and f"{overlay}:3: " in outcome.stderr and outcome.stdout == ""
    outcome = run("score", "--models", models(), "--overlay", str(tmp_path / "gone.tsv"), "hello")
    assert outcome.returncode == 66 and "gone.tsv" in outcome.stderr


def test_reloading_under_load_loses_no_message_and_splits_cleanly(
    new_daemon: NewDaemon, tmp_path: pathlib.Path
) -> None:
    """What the journal has before rules.changed was scored by the lexicon of before, what comes after by the new."""
    overlay = tmp_path / "products.tsv"
    overlay.write_text(EMPTY)
    with new_daemon(options=["--overlay", str(overlay)]) as daemon, daemon.client() as client:
        pendings = []
        for number in range(1_000):
            pendings.append(client.pipeline().conversation_message(f"c{number}", TEXT, channel="chat"))
            if number % 250 == 100:
                overlay.write_text(PLAN if number % 500 == 100 else EMPTY)
                daemon.send(signal.SIGHUP)
        assert all(pending.result().seq > 0 for pending in pendings)
        overlay.write_text(PLAN)
        daemon.send(signal.SIGHUP)
        sent = len(pendings)

        def is_silenced() -> bool:
            nonlocal sent
            sent += 1
            return not is_family(client, f"c{sent}")

        eventually(is_silenced, "a message that the new lexicon scores")
        names: List[str] = []
        scores: List[tuple[str, bool]] = []
        for event in daemon.all_events():
            if event["type"] == "rules.changed":
                names.append(event["lexicon"])
            elif event["type"] == "conversation.tagged":
                assert event["scored"] == "ok"
                scores.append((names[-1], event["tags"]["family"] < 0.5))
        assert len(scores) == sent
        silenced = {name: {verdict for other, verdict in scores if other == name} for name in set(names)}
        assert all(len(verdicts) <= 1 for verdicts in silenced.values()), silenced
        assert silenced[names[0]] == {False} and {True} in silenced.values()


def test_the_same_journal_gives_the_same_state_whatever_the_lexicon(
    new_daemon: NewDaemon, tmp_path: pathlib.Path
) -> None:
    overlay = tmp_path / "products.tsv"
    overlay.write_text(EMPTY)
    daemon = new_daemon(options=["--overlay", str(overlay)]).start()
    with daemon.client() as client:
        assert is_family(client, "c1")
    assert daemon.stop() == 0
    overlay.write_text(PLAN)
    daemon.start()
    (first, second) = tagged(daemon), changes(daemon)
    assert first[0]["tags"]["family"] >= 0.5, "what was scored stays as it was"
    assert len({change["lexicon"] for change in second}) == 2, "a start with another lexicon stands in the journal"
    assert daemon.stop() == 0
    assert run("journal", "verify", "--data", str(daemon.data)).returncode == 0


def test_worker_processes_follow_the_daemon(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    overlay = tmp_path / "products.tsv"
    overlay.write_text(EMPTY)
    options = ["--scoring-threads", "0", "--overlay", str(overlay)]
    log = tmp_path / "worker.log"
    with new_daemon(workers=True, options=options) as daemon, daemon.client() as client, open(log, "ab") as out:
        command = [program(), "worker", "--connect", str(daemon.ready["workers"]), "--models", models()]
        worker = subprocess.Popen([*command, "--overlay", str(overlay)], stdout=out, stderr=out, env=environment())
        try:
            eventually(lambda: connected(daemon) == 1, "the worker is known")
            overlay.write_text(PLAN)
            daemon.send(signal.SIGHUP)
            eventually(lambda: "ours were read again" in log.read_text(), "the worker reads its files again")
            eventually(lambda: connected(daemon) == 1, "it is back")
            assert not is_family(client, "c1")

            # The other way round: the worker first, which waits until the daemon has the same.
            overlay.write_text(EMPTY)
            worker.send_signal(signal.SIGHUP)
            eventually(lambda: connected(daemon) == 0, "it has another lexicon than the daemon")
            assert worker.poll() is None
            daemon.send(signal.SIGHUP)
            eventually(lambda: connected(daemon) == 1, "both have the same again")
            assert is_family(client, "c2")

            overlay.write_text(FAULTY)
            worker.send_signal(signal.SIGHUP)
            eventually(lambda: f"{overlay}:3: " in log.read_text(), "it says what is wrong")
            assert worker.poll() is None and connected(daemon) == 1
        finally:
            worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0, log.read_text()


def test_a_worker_that_was_never_right_is_refused(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    overlay = tmp_path / "products.tsv"
    overlay.write_text(PLAN)
    with new_daemon(workers=True) as daemon:
        command = ["worker", "--connect", str(daemon.ready["workers"]), "--models", models()]
        outcome = run(*command, "--overlay", str(overlay))
        assert outcome.returncode == 69 and "lexicon" in outcome.stderr and lexicon(daemon) in outcome.stderr
