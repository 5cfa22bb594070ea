"""Rules before they touch the floor: check, test and diff, as a person at a keyboard sees them."""

from __future__ import annotations

import pathlib
import re

import pytest
from daemon import ROOT, run

EXAMPLES = sorted(path for path in (ROOT / "deploy/examples").glob("*.yaml") if not path.name.endswith(".cases.yaml"))


def cases(path: pathlib.Path) -> pathlib.Path:
    return path.with_name(path.stem + ".cases.yaml")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_hold_for_their_people_and_their_cases(example: pathlib.Path) -> None:
    checked = run("rules", "check", str(example), "--agents", str(cases(example)))
    assert checked.returncode == 0 and "warning" not in checked.stdout, checked.stdout + checked.stderr
    assert "expected_break_minutes_per_agent_shift: " in checked.stdout
    tested = run("rules", "test", str(example), str(cases(example)))
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert tested.stdout.endswith(" cases hold\n")


def test_check_says_what_breaks_cost_before_they_are_switched_on() -> None:
    outcome = run("rules", "check", str(ROOT / "deploy/rules.yaml"))
    name = ROOT / "deploy/rules.yaml"
    assert outcome.stdout == (
        f"{name}: holds; queues main; routing enforce, breaks enforce\n"
        "expected_break_minutes_per_agent_shift: 93 of 540: planned 60 unpaid, stress about 33 at 10 hard contacts\n"
    )
    outcome = run("rules", "check", str(name), "--shift", "4h", "--hard-contacts", "6")
    assert outcome.stdout.endswith(" 20 of 240: stress about 20 at 6 hard contacts\n")


def test_check_finds_presets_beside_the_lexicons(tmp_path: pathlib.Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("breaks: {preset: uk-hse}\n")
    outcome = run("rules", "check", str(rules))
    assert outcome.returncode == 0 and ":1:18: warning: breaks.preset: the preset uk-hse is a draft" in outcome.stdout
    alone = run("rules", "check", str(rules), "--models", str(tmp_path))
    assert alone.returncode == 65 and "the presets are ph-labor-code" in alone.stdout


def test_a_case_that_does_not_hold_is_told_with_what_came_and_ends_with_1(tmp_path: pathlib.Path) -> None:
    rules, expected = tmp_path / "rules.yaml", tmp_path / "cases.yaml"
    rules.write_text("queues: [{id: main}, {id: care, needs: {care: 2}}]\nroutes: [{when: {topics: [a]}, queue: care}]\n")
    expected.write_text(
        "agents:\n"
        "  - {id: ana, skills: {care: 3}}\n"
        "  - {id: ben, skills: {care: 1}}\n"
        "cases:\n"
        "  - name: right\n"
        "    conversation: {topic: a}\n"
        "    expect: {queue: care, candidates: [ana]}\n"
        "  - name: wrong\n"
        "    conversation: {topic: a}\n"
        "    expect: {queue: main, candidates: [ben]}\n"
    )
    outcome = run("rules", "test", str(rules), str(expected))
    assert outcome.returncode == 1
    lines = outcome.stdout.splitlines()
    assert lines[0] == f"{expected}:8:5: wrong"
    assert lines[1] == "  queue: expected main, came care"
    assert lines[2].startswith("  candidates: expected ben, came ana at ")
    assert lines[3] == "    ben was no candidate: skill (care 2 is needed, 1 is there)"
    assert lines[4] == "1 of 2 cases does not hold"
    only = run("rules", "test", str(rules), str(expected), "--only", "right")
    assert only.returncode == 0 and only.stdout == "1 case holds\n"


def test_diff_speaks_in_words(tmp_path: pathlib.Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    text = "queues: [{id: care, needs: {a: 3}, steps: [{after: 30s, lower: {a: 2}}, {after: 60s, drop: [a]}]}]\n"
    old.write_text(text)
    new.write_text(text.replace("60s", "30s"))
    outcome = run("rules", "diff", str(old), str(new))
    assert outcome.returncode == 0
    assert outcome.stdout == "queue care: the second step now begins after 30 s instead of 1 min\n"
    assert run("rules", "diff", str(old), str(old)).stdout == "both mean the same\n"


@pytest.mark.parametrize("command", ["check", "test", "diff"])
def test_bytes_that_are_no_rules_end_with_65_and_a_place(command: str, tmp_path: pathlib.Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("version: 1\n")
    for content in [b"", b" \n", b"\xff\xfe", b"a: [", b"queues: 1", b"\x00", b"cases: {", "ä: ö".encode("latin-1")]:
        bad.write_bytes(content)
        arguments = [str(good), str(bad)] if command != "check" else [str(bad)]
        outcome = run("rules", command, *arguments)
        assert outcome.returncode == 65, (content, outcome.stdout, outcome.stderr)
        assert re.match(rf"{re.escape(str(bad))}:[12]:\d+: ", outcome.stdout), outcome.stdout
    missing = run("rules", command, str(tmp_path / "none.yaml"), *([str(good)] if command != "check" else []))
    assert missing.returncode == 66 and "none.yaml" in missing.stderr


def test_every_command_shows_an_example() -> None:
    for command in ["check", "test", "diff"]:
        outcome = run("rules", command, "--help")
        assert outcome.returncode == 0 and f"kapwa rules {command} " in outcome.stdout.split("Examples:")[1]
