"""Every conformance case, each in a tenant of its own; several at a time, because most of it is waiting."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Dict, Iterator, Optional

import pytest

from conformance import Case, groups, hold, load
from schema import DOCUMENT

CASES = load()
Outcomes = Dict[str, "Future[Dict[str, Optional[str]]]"]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    asked: Any = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    wanted = [params["case"] for params in asked if "case" in params]
    base = tmp_path_factory.mktemp("conformance")
    with ThreadPoolExecutor(3) as pool:
        found: Outcomes = {}
        for number, group in enumerate(groups(wanted)):
            future = pool.submit(hold, group, base / str(number))
            found.update({case["name"]: future for case in group})
        yield found


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: Case, outcomes: Outcomes) -> None:
    error = outcomes[case["name"]].exception()
    problem = repr(error) if error is not None else outcomes[case["name"]].result()[case["name"]]
    if problem is not None:
        pytest.fail(f"{case['place']}: {problem}", pytrace=False)


def test_every_command_and_every_reachable_code_has_a_case() -> None:
    """What cannot be brought about from outside in a test: a full disk, a full mailbox, pruned events, a defect."""
    told = str(CASES)
    named = (name.partition(".")[2] for name in DOCUMENT["$defs"] if name.startswith("command."))
    commands = [name for name in named if name != "common"]
    codes = [
        "malformed", "unsupported_version", "unknown_type", "missing_field", "invalid_field", "too_large",
        "unknown_tenant", "not_permitted", "id_conflict", "unknown_agent", "unknown_conversation", "unknown_offer",
        "unknown_queue", "wrong_state", "queue_full",
    ]  # fmt: skip
    assert [name for name in commands + codes if f"'{name}'" not in told] == []
