"""Every conformance case, each against a daemon of its own; several at a time, because most of it is waiting."""

from __future__ import annotations

import pathlib
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Dict, Iterator, Optional

import pytest
from conformance import Case, hold, load

CASES = load()
AT_A_TIME = 4


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Dict[str, Future]]:
    wanted = {item.callspec.params["case"]["name"] for item in request.session.items if hasattr(item, "callspec")
              and "case" in item.callspec.params}  # fmt: skip
    base: pathlib.Path = tmp_path_factory.mktemp("conformance")
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield {
            case["name"]: pool.submit(hold, case, base / str(number))
            for number, case in enumerate(CASES)
            if case["name"] in wanted
        }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: Case, outcomes: Dict[str, "Future[Optional[str]]"]) -> None:
    problem = outcomes[case["name"]].result()
    assert problem is None, f"{case['place']}: {problem}"


def test_every_command_and_every_reachable_code_has_a_case() -> None:
    """What cannot be brought about from outside in a test: a full disk, a full mailbox, pruned events, a defect."""
    told = str(CASES)
    commands = [
        "agent.upsert", "agent.state", "agent.remove", "conversation.message", "conversation.update",
        "conversation.transfer", "conversation.assign", "conversation.close", "offer.accept", "offer.decline",
        "wrapup.done", "break.start", "break.end", "break.grant", "stress.report", "safety.acknowledge", "state.read",
        "events.read", "ping",
    ]  # fmt: skip
    codes = [
        "malformed", "unsupported_version", "unknown_type", "missing_field", "invalid_field", "too_large",
        "unknown_tenant", "not_permitted", "id_conflict", "unknown_agent", "unknown_conversation", "unknown_offer",
        "unknown_queue", "wrong_state", "queue_full",
    ]  # fmt: skip
    assert [name for name in commands + codes if f"'{name}'" not in told] == []
