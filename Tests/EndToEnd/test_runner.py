"""The conformance runner itself, against a fake daemon that may be wrong: it must notice."""

from __future__ import annotations

import sys
from typing import Any, Dict, Optional

import pytest

from conformance import Runner
from daemon import ROOT

sys.path.append(str(ROOT / "clients" / "python" / "tests"))

from fake import Fake  # noqa: E402

CASE: Dict[str, Any] = {
    "name": "a message is taken",
    "given": [{"type": "agent.state", "id": "g"}, {"until": {"type": "conversation.messaged", "cause": "g"}}],
    "when": {"type": "conversation.message", "id": "w"},
    "reply": {"id": "w", "ok": True, "seq": 2},
    "events": [{"type": "conversation.messaged", "cause": "w"}],
    "absent": ["offer.made"],
    "state": [{"what": "agents", "where": {"agent": "ben"}, "row": {"agent": "ben"}}],
}


def run(change: Dict[str, Any], fake: Optional[Fake] = None) -> Optional[str]:
    with fake or Fake() as daemon:
        return Runner(daemon.commands_endpoint, {**CASE, "within_s": 0.3, **change}).run()


def test_a_case_that_holds() -> None:
    assert run({}) is None


@pytest.mark.parametrize(
    "change, word",
    [
        ({"reply": {"ok": False}}, "reply"),
        ({"reply": {"seq": 3}}, "seq"),
        ({"events": [{"type": "offer.made"}]}, "offer.made"),
        ({"events": CASE["events"] * 2}, "no event"),
        ({"absent": ["conversation.messaged"]}, "must not occur"),
        ({"state": [{"what": "agents", "where": {"agent": "zoe"}, "row": {}}]}, "no {'agent': 'zoe'}"),
        ({"state": [{"what": "agents", "where": {"agent": "ben"}, "row": None}]}, "there is"),
        ({"state": [{"what": "agents", "where": {"agent": "ben"}, "row": {"load": 5}}]}, "load"),
        ({"given": [{"command": {"type": "agent.state"}, "refused": "unknown_agent"}]}, "given"),
        ({"given": [{"until": {"type": "break.owed"}}]}, "given"),
    ],
)
def test_a_case_that_does_not_hold_is_noticed(change: Dict[str, Any], word: str) -> None:
    problem = run(change)
    assert problem is not None and word in problem, problem


def test_an_event_that_comes_later_is_waited_for() -> None:
    def answer(fake: Fake, command: Dict[str, Any]) -> Any:
        if command["type"] == "events.read" and command.get("wait_ms"):
            fake.say("offer.expired")
        return fake.carry_out(command)

    assert run({"events": [{"type": "offer.expired"}]}, Fake(answer)) is None
