"""What keeps a daemon from starting: one clear line on standard error and the exit code of docs/errors.md."""

from __future__ import annotations

import pathlib
import signal
import socket
import sqlite3
import subprocess

import pytest

from conftest import NewDaemon
from daemon import PATIENCE, Daemon, eventually, models, preloaded, run


def fails(daemon: Daemon, code: int, *words: str) -> str:
    """Starts it, expects the code and exactly one line for people, which has all of these words."""
    outcome = daemon.launch()
    assert outcome.returncode == code, (outcome.returncode, outcome.stderr[-2000:])
    assert outcome.stdout == "", "nothing is said to be ready"
    lines = [line for line in outcome.stderr.splitlines() if line.startswith("kapwa: ")]
    assert len(lines) == 1, outcome.stderr[-2000:]
    for word in words:
        assert word in lines[0], (word, lines[0])
    return lines[0]


@pytest.mark.parametrize("door", ["commands", "events", "http"])
def test_a_busy_port(new_daemon: NewDaemon, door: str) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        place = f"127.0.0.1:{port}" if door == "http" else f"tcp://127.0.0.1:{port}"
        fails(new_daemon(**{door: place}), 69, str(port))


def test_an_endpoint_that_is_none(new_daemon: NewDaemon) -> None:
    outcome = new_daemon(commands="carrier-pigeon://home").launch()
    assert outcome.returncode in (64, 78), outcome.stderr
    assert "carrier-pigeon" in outcome.stderr and outcome.stdout == ""


def test_a_data_directory_that_cannot_be_made(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("in the way")
    fails(new_daemon(data=tmp_path / "file" / "data"), 73, str(tmp_path / "file" / "data"))


def test_a_second_daemon_on_the_same_data(new_daemon: NewDaemon) -> None:
    first = new_daemon().start()
    fails(new_daemon(data=first.data), 75, str(first.data))
    with first.client() as client:
        assert client.ping()["mode"] == "enforce", "the first one goes on"


def test_the_lock_of_a_killed_daemon_keeps_nobody_out(new_daemon: NewDaemon) -> None:
    first = new_daemon().start()
    first.kill()
    second = new_daemon(data=first.data).start()
    assert second.stop() == 0


def test_a_missing_lexicon(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty").mkdir()
    fails(new_daemon(lexicons=str(tmp_path / "empty")), 66, str(tmp_path / "empty"))


def test_a_journal_of_a_newer_version(new_daemon: NewDaemon) -> None:
    daemon = new_daemon().start()
    assert daemon.stop() == 0
    (file,) = [
        path for path in daemon.data.rglob("*") if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3"
    ]
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()
    fails(daemon, 76, "9999")


def test_a_file_that_is_no_journal(new_daemon: NewDaemon) -> None:
    daemon = new_daemon().start()
    assert daemon.stop() == 0
    (file,) = [
        path for path in daemon.data.rglob("*") if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3"
    ]
    file.write_bytes(b"this was never a journal, only a file of the same name" * 100)
    outcome = daemon.launch()
    assert outcome.returncode == 65, (outcome.returncode, outcome.stderr[-1000:])
    assert file.read_bytes().startswith(b"this was never"), "it is left as it is"


BAD_RULES = """version: 1
queues:
  - id: main
    needs: {tagalog: 3}
    target: {chat: 20s}
    max_wait: 24h
    max_lenght: 100
"""


def test_rules_with_an_error_in_line_7(new_daemon: NewDaemon) -> None:
    line = fails(new_daemon(rules=BAD_RULES), 65, "max_lenght", "max_length")
    assert ":7:5" in line, line


def test_rules_that_are_not_there(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    fails(new_daemon(options=["--rules", str(tmp_path / "nowhere.yaml")]), 66, "nowhere.yaml")


def test_a_configuration_that_is_not_there(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    fails(new_daemon(options=["--config", str(tmp_path / "nowhere.yaml")]), 66, "nowhere.yaml")


def test_a_configuration_with_an_unknown_key(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    (tmp_path / "kapwa.yaml").write_text("comands: tcp://127.0.0.1:0\n")
    fails(new_daemon(options=["--config", str(tmp_path / "kapwa.yaml")]), 78, "comands")


def test_an_option_that_there_is_not(new_daemon: NewDaemon) -> None:
    outcome = new_daemon(options=["--dta", "x"]).launch()
    assert outcome.returncode == 64 and "--dta" in outcome.stderr and outcome.stdout == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_stop_is_0(new_daemon: NewDaemon, number: signal.Signals) -> None:
    daemon = new_daemon().start()
    daemon.send(number)
    assert daemon.process is not None and daemon.process.wait(PATIENCE) == 0


def test_the_ready_line_is_the_contract(daemon: Daemon) -> None:
    assert set(daemon.ready) >= {"ready", "commands", "events", "workers", "http", "version", "mode"}
    assert daemon.ready["workers"] is None and daemon.ready["mode"] == "enforce"
    assert daemon.commands.startswith("tcp://127.0.0.1:") and not daemon.commands.endswith((":0", ":*"))


def test_rules_are_checked_without_a_daemon(tmp_path: pathlib.Path) -> None:
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text(BAD_RULES)
    good.write_text(BAD_RULES.replace("max_lenght", "max_length"))

    wrong = run("rules", "check", str(bad))
    assert wrong.returncode == 65 and "bad.yaml:7:5" in wrong.stdout + wrong.stderr
    right = run("rules", "check", str(good))
    assert right.returncode == 0, right.stderr


def test_scoring_goes_on_past_lines_that_are_no_message() -> None:
    lines = '{"id":"1","text":"Salamat po, naayos na!"}\n\nnonsense\n{"id":"2"}\n{"id":"3","text":""}\n'
    outcome = run("score", "--jsonl", "--models", models(), input=lines)
    answers = outcome.stdout.splitlines()
    assert len(answers) == 5 and outcome.returncode == 1, (outcome.returncode, outcome.stdout, outcome.stderr)
    assert '"relief"' in answers[0] and all('"error"' in answer for answer in answers[1:4])
    assert '"tags"' in answers[4]


def with_snapshot(daemon: Daemon) -> Daemon:
    """Has a journal, and a snapshot beside it."""
    with daemon, daemon.client() as client:
        for number in range(60):
            client.conversation_message(f"k{number}", "Salamat po", channel="chat", customer="juan")
    assert list((daemon.data / "snapshots").iterdir())
    return daemon


def test_a_journal_that_was_emptied_is_not_begun_anew_beside_its_snapshots(new_daemon: NewDaemon) -> None:
    daemon = with_snapshot(new_daemon(settings={"KAPWA_SNAPSHOT_EVENTS": "1000"}))
    for path in daemon.data.glob("journal.sqlite*"):
        path.unlink()
    fails(daemon, 65, "no event of the tenant", "bring the journal back")


def test_a_clock_behind_the_journal_is_told(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    ahead = {"LD_PRELOAD": preloaded("shift", tmp_path), "KAPWA_SHIFT_DAYS": "400"}
    wrong = new_daemon(settings=ahead)
    assert wrong.start().stop() == 0
    right = new_daemon(data=wrong.data).start()
    assert "the clock is behind the last event of the journal" in right.logged()


def test_the_customers_key_is_missed(new_daemon: NewDaemon) -> None:
    daemon = new_daemon()
    with daemon, daemon.client() as client:
        client.conversation_message("k1", "Salamat po", channel="chat", customer="juan")
    assert "a key that is not there" not in daemon.logged()
    (daemon.data / "customers.key").unlink()
    erased = run("journal", "forget", "juan", "--data", str(daemon.data))
    assert erased.returncode == 66 and "customers.key" in erased.stderr
    daemon.start()
    assert "a key that is not there" in daemon.logged()


def test_data_that_others_may_look_at_are_told(new_daemon: NewDaemon) -> None:
    daemon = new_daemon()
    assert daemon.start().stop() == 0
    assert "others than the daemon's user" not in daemon.logged()
    (daemon.data / "journal.sqlite").chmod(0o644)
    daemon.start()
    assert "open=journal.sqlite" in daemon.logged()


def test_a_signal_while_it_starts_ends_it_quietly_or_not_at_all(new_daemon: NewDaemon) -> None:
    daemon = new_daemon()
    process = subprocess.Popen(daemon.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=daemon.environment)

    def listens() -> bool:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        masks = {line.split(":")[0]: int(line.split()[1], 16) for line in status.splitlines() if line.startswith("Sig")
                 and "/" not in line}  # fmt: skip
        hangups = masks["SigIgn"] >> (signal.SIGHUP - 1) & 1
        ends = (masks["SigCgt"] | masks["SigIgn"]) >> (signal.SIGTERM - 1) & 1
        # Whoever runs the tests may have had hang-ups ignored from the start.
        return bool(hangups and ends)

    eventually(listens, "it has its mind about signals while it starts")
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
