"""The commands that an integrator and an operator try first."""

from __future__ import annotations

import json
import pathlib
import sqlite3
import subprocess
from typing import List

import pytest

from conftest import NewDaemon
from daemon import Daemon, models, program, run

LINES = """{"type":"agent.upsert","id":"s1","agent":"ana","skills":{"tagalog":3}}

{"type":"agent.state","id":"s2","agent":"ana","state":"ready"}
{"type":"ping","id":"s3"}
"""


def test_send_prints_one_reply_per_command_in_order(daemon: Daemon) -> None:
    outcome = run("send", "--to", daemon.commands, input=LINES)
    assert outcome.returncode == 0, outcome.stderr
    assert [json.loads(line)["id"] for line in outcome.stdout.splitlines()] == ["s1", "s2", "s3"]


def test_send_takes_a_file_and_tells_of_refusals_by_its_exit_code(daemon: Daemon, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "commands.jsonl"
    file.write_text(LINES + '{"type":"agent.state","id":"s4","agent":"zoe","state":"ready"}\nnonsense\n')
    outcome = run("send", "--to", daemon.commands, "--batch", "2", str(file))
    replies = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert outcome.returncode == 1 and [reply["ok"] for reply in replies] == [True, True, True, False, False]
    assert replies[3]["error"]["code"] == "unknown_agent" and replies[4]["error"]["code"] == "malformed"


def test_send_says_when_nobody_answers() -> None:
    outcome = run("send", "--to", "tcp://127.0.0.1:1", "--timeout", "1", input=LINES)
    assert outcome.returncode == 69 and outcome.stderr.startswith("kapwa: ") and "127.0.0.1:1" in outcome.stderr


def test_send_says_when_the_file_is_not_there(daemon: Daemon) -> None:
    outcome = run("send", "--to", daemon.commands, "nowhere.jsonl")
    assert outcome.returncode == 66 and "nowhere.jsonl" in outcome.stderr


def test_events_prints_all_there_is_once_and_in_order(daemon: Daemon) -> None:
    with daemon.client() as client:
        for number in range(300):
            client.pipeline().agent_upsert(f"a{number}", {"x": 1})
        client.agent_upsert("last", {"x": 1})
    doors = ["--commands", daemon.commands, "--events", daemon.events]
    outcome = run("events", *doors, "--after", "0", "--until-head")
    assert outcome.returncode == 0, outcome.stderr
    seqs = [json.loads(line)["seq"] for line in outcome.stdout.splitlines()]
    assert seqs == list(range(1, len(seqs) + 1)) and len(seqs) > 300
    some = run("events", *doors, "--after", "0", "--until-head", "--types", "daemon.started")
    assert {json.loads(line)["type"] for line in some.stdout.splitlines()} == {"daemon.started"}


def test_a_journal_is_verified_and_a_flipped_bit_is_found(new_daemon: NewDaemon) -> None:
    daemon = new_daemon().start()
    with daemon.client() as client:
        for number in range(50):
            client.conversation_message(f"c{number}", "Kumusta po", channel="chat", customer="mila")
    assert daemon.stop() == 0
    sound = run("journal", "verify", "--data", str(daemon.data))
    assert sound.returncode == 0, sound.stdout + sound.stderr

    files = [path for path in daemon.data.rglob("*") if path.is_file()]
    (file,) = [path for path in files if path.read_bytes()[:15] == b"SQLite format 3"]
    database = sqlite3.connect(file)
    with database:
        position, public = database.execute("SELECT position, public FROM entry LIMIT 1 OFFSET 60").fetchone()
        flipped = bytearray(public)
        flipped[len(flipped) // 2] ^= 1
        database.execute("UPDATE entry SET public = ? WHERE position = ?", (bytes(flipped), position))
    database.close()
    broken = run("journal", "verify", "--data", str(daemon.data))
    assert broken.returncode == 1 and str(position & (2**48 - 1)) in broken.stdout + broken.stderr


def test_version_and_help() -> None:
    assert run("--version").returncode == 0
    told = run("--help")
    assert told.returncode == 0 and all(name in told.stdout for name in ("serve", "send", "events", "score", "worker"))


def test_bench_score_measures_texts_and_json_lines(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "texts"
    file.write_text('kanina pa po ako naghihintay\n\n{"id":"1","text":"salamat po"}\n')
    outcome = run("bench", "score", str(file), "--seconds", "0.1", "--models", models(), "--json")
    assert outcome.returncode == 0, outcome.stderr
    told = json.loads(outcome.stdout)
    assert told["messages"] == 2 and told["bytes"] == 38 and told["lexicon_rows"] > 3_000
    assert told["load_milliseconds"] > 0 and told["resident_megabytes"] > 1
    for way in ("with_evidence", "without_evidence"):
        assert told[way]["messages_per_second"] > 0 and told[way]["p50_nanoseconds"] <= told[way]["p99_nanoseconds"]
    human = run("bench", "score", str(file), "--seconds", "0.1", "--models", models())
    assert human.returncode == 0 and "messages/s" in human.stdout and "MB resident" in human.stdout


def test_bench_score_says_what_is_wrong_with_its_file(tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "broken").write_text('fine\n{"id":1\n')
    for name, code, words in (("gone", 66, "gone"), ("empty", 65, "no text"), ("broken", 65, "broken:2: ")):
        outcome = run("bench", "score", str(tmp_path / name), "--models", models())
        assert outcome.returncode == code and words in outcome.stderr, outcome.stderr


def test_score_can_leave_a_rule_out_and_names_the_rules_there_are() -> None:
    def polarity(*options: str) -> float:
        line = run("score", "--jsonl", "--models", models(), *options, input='{"id":"1","text":"hindi matalino"}\n')
        assert line.returncode == 0, line.stderr
        return float(json.loads(line.stdout)["polarity"])

    assert polarity() < 0 < polarity("--without", "negation", "--without", "learned")
    refused = run("score", "--without", "negations", "hindi matalino")
    assert refused.returncode == 64 and "'negations'" in refused.stderr
    help = run("score", "--help").stdout
    assert all(rule in told for told in (refused.stderr, help) for rule in ("negation", "honorific", "learned"))


@pytest.mark.parametrize("command", [["rules", "check", "RULES"], ["journal", "verify"], ["journal", "export"]])
def test_results_that_cannot_be_written_are_a_failure(new_daemon: NewDaemon, command: List[str]) -> None:
    daemon = new_daemon(rules="version: 1\n")
    assert daemon.start().stop() == 0
    arguments = [str(daemon.rules) if word == "RULES" else word for word in command]
    if command[0] == "journal":
        arguments += ["--data", str(daemon.data)]
    with open("/dev/full", "w", encoding="ascii") as full:
        outcome = subprocess.run([program(), *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert outcome.returncode == 74, outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1 and "No space left" in outcome.stderr
