"""The contract as JSON Schema says of commands, replies and events what the daemon says."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Tuple

from jsonschema import Draft202012Validator

from conformance import Case, load
from daemon import ROOT, Daemon
from patterns import fill
from schema import DOCUMENT, validator

#: Refusals that only the daemon can know of: they depend on its clock, its configuration, on counting in bytes or on
#: holding one field against another.
BEYOND = (
    "the sender's time may not be far ahead", "a tenant must be configured", "a command over 64 KiB is too large",
    "a shift is announced a month ahead at most", "a shift is a day long at most", "a shift ends after it began",
    "a meal lies within its shift", "a break is moved by a quarter of an hour at most",
    "an incident is declared for four hours at most", "an incident is not declared into the past",
)  # fmt: skip


def resolve(text: str) -> str:
    return "2026-11-21T19:30:00.000Z" if text.startswith("{time:") else "o1"


def sent(case: Case) -> Iterator[Tuple[Dict[str, Any], Dict[str, Any]]]:
    """The commands of ``when`` with what is expected of each."""
    whens: List[Dict[str, Any]] = case["when"].get("batch", [case["when"]])
    replies = case["reply"] if isinstance(case["reply"], list) else [case["reply"]]
    for when, reply in zip(whens, replies):
        if "type" in when:
            yield {"id": "x", **fill(when, resolve)}, reply


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(DOCUMENT)


def test_what_is_accepted_is_right_and_what_is_refused_for_its_form_is_wrong() -> None:
    wrong = validator("command")
    seen = 0
    for case in load():
        for step in case["given"]:
            command = step.get("command", step)
            assert "until" in step or wrong({"id": "x", **fill(command, resolve)}) == [], (case["name"], step)
        for command, reply in sent(case):
            code = reply.get("error", {}).get("code")
            ill_formed = code in ("unknown_type", "missing_field", "invalid_field", "too_large")
            if case["name"] in BEYOND or reply.get("error", {}).get("field") == "channel" and code == "missing_field":
                continue
            if code == "missing_field" and reply["error"].get("field") == "skills":
                continue
            seen += 1
            assert bool(wrong(command)) == ill_formed, (case["name"], command, wrong(command))
    assert seen > 200


def test_the_printed_replies_and_events_are_right() -> None:
    from test_docs import examples

    wrong = validator("reply")
    for _, printed in examples():
        assert wrong(printed) == [], printed


def test_what_the_daemon_says_is_right(daemon: Daemon) -> None:
    from test_docs import story

    wrong_reply, wrong_event = validator("reply"), validator("event")
    for _, _, reply in story(daemon):
        assert wrong_reply(reply) == [], reply
    events = daemon.all_events()
    assert len({event["type"] for event in events}) > 12
    for event in events:
        assert wrong_event(event) == [], event


def test_the_kept_forms_of_every_type_are_right() -> None:
    kept = {"commands": "command", "replies": "reply", "events": "event", "events.public": "event"}
    for name, part in kept.items():
        wrong = validator(part)
        lines = (ROOT / "Tests" / "Fixtures" / "wire" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(lines) >= 30
        for line in lines:
            assert wrong(json.loads(line)) == [], line


def test_a_wrong_object_is_noticed() -> None:
    assert validator("reply")({"id": "a", "ok": True}) != []
    assert validator("event")({"seq": 0, "type": "offer.made"}) != []
    assert validator("command")({"type": "agent.state", "id": "a", "agent": "ana"}) != []


def test_every_type_of_the_documentation_is_in_the_schema() -> None:
    text = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    kinds = ("command.", "event.")
    named = [key.partition(".")[2] for key in DOCUMENT["$defs"] if key.startswith(kinds)]
    assert len(named) > 50
    assert [name for name in named if "." in name and name not in text] == []
