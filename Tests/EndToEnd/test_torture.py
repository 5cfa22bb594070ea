"""Fifty kills of the daemon and ten of its workers under load, and proof that the checker finds what it looks for."""

from __future__ import annotations

import pathlib
from typing import Any, Callable, Dict, List

import pytest

from kapwa import Refused, Reply

from history import History
from killed_workers import KilledWorkers
from torture import Kills, short_models

Lines = List[Dict[str, Any]]


def said(type_: str, cause: Any, **fields: Any) -> Dict[str, Any]:
    return {"type": type_, "cause": {"id": cause} if cause not in ("match", "timer") else cause, **fields}


def morning() -> Lines:
    """Ana takes a chat and owes a break when it has become grave; the next one waits for her."""
    return [
        said("agent.updated", "p-1", agent="ana", capacity=50),
        said("agent.state_changed", "p-2", agent="ana", state="ready"),
        said("agent.updated", "p-3", agent="ben", capacity=50),
        said("conversation.opened", "p-4", conversation="c1"),
        said("conversation.messaged", "p-4", conversation="c1"),
        said("conversation.queued", "p-4", conversation="c1"),
        said("offer.made", "match", conversation="c1", agent="ana", offer="o7", units=25, load=0, capacity=50),
        said("conversation.assigned", "p-5", conversation="c1", agent="ana", offer="o7", units=25),
        said("break.owed", "p-6", agent="ana", **{"break": "b9"}, enforced=True),
        said("conversation.opened", "p-7", conversation="c2"),
        said("conversation.messaged", "p-7", conversation="c2"),
        said("conversation.queued", "p-7", conversation="c2"),
    ]


SENT = [
    ("p-1", "agent.upsert", ""), ("p-2", "agent.state", ""), ("p-3", "agent.upsert", ""),
    ("p-4", "conversation.message", "c1"), ("p-5", "offer.accept", ""), ("p-6", "break.grant", ""),
    ("p-7", "conversation.message", "c2"), ("p-8", "conversation.message", "c1"), ("p-9", "offer.accept", ""),
]  # fmt: skip
REPLIES = {"p-1": 1, "p-2": 2, "p-3": 3, "p-4": 6, "p-5": 8, "p-6": 9, "p-7": 12}


def numbered(lines: Lines) -> Lines:
    return [{**line, "seq": number} for number, line in enumerate(lines, 1)]


def reply(command: str, seq: int, *, duplicate: bool = False, **more: Any) -> Reply:
    return Reply(command, seq, duplicate, {"id": command, "ok": True, "seq": seq, **more})


def told(lines: Lines, *, after: Callable[[History], None] = lambda history: None, before: bool = True) -> List[str]:
    """What the checker says of these events, the replies having come before them or after."""
    history = History()
    for command, type_, about in SENT:
        history.send({"id": command, "type": type_, "conversation": about})

    def answers() -> None:
        for name, seq in REPLIES.items():
            history.answer(name, reply(name, seq))

    if before:
        answers()
    for line in numbered(lines):
        history.take(line)
    if not before:
        answers()
    after(history)
    return history.finish()


def kinds(broken: List[str]) -> List[str]:
    return sorted({line.split(":")[0] for line in broken})


def with_offer(agent: str, **fields: Any) -> Lines:
    offer = {"conversation": "c2", "agent": agent, "offer": "o13", "units": 25, "load": 0, "capacity": 50, **fields}
    return [*morning(), said("offer.made", "match", **offer)]


def test_a_history_without_fault_is_clean() -> None:
    assert told(morning()) == told(morning(), before=False) == []


@pytest.mark.parametrize("before", [True, False])
def test_an_acknowledged_command_that_is_gone_is_found(before: bool) -> None:
    assert kinds(told(morning()[:-3], before=before)) == ["lost"]
    other = morning()
    other[8] = said("break.owed", "p-9", agent="ana", **{"break": "b9"}, enforced=True)
    assert "p-6 was acknowledged at seq 9" in "".join(told(other, before=before))


def test_a_journal_that_ends_before_what_was_acknowledged_is_found_at_the_restart() -> None:
    history = History()
    history.send({"id": "p-1", "type": "agent.upsert"})
    history.answer("p-1", reply("p-1", 1))
    history.restarted(0)
    assert kinds(history.broken) == ["lost"]


def test_events_that_were_read_and_are_gone_or_others_are_found() -> None:
    def gone(history: History) -> None:
        history.restarted(history.seq - 1)

    def another(history: History) -> None:
        history.reread({**numbered(morning())[4], "conversation": "c3"})

    assert kinds(told(morning(), after=gone)) == kinds(told(morning(), after=another)) == ["lost"]
    assert told(morning(), after=lambda history: history.reread(numbered(morning())[4])) == []


def test_a_hole_in_the_numbers_is_found() -> None:
    history = History()
    history.take({"seq": 2, "type": "clock.gap", "cause": "timer"})
    assert kinds(history.broken) == ["lost"]


def test_a_command_that_happens_twice_is_found() -> None:
    assert kinds(told([*morning(), said("conversation.messaged", "p-7", conversation="c2")])) == ["twice"]
    assert kinds(told([*morning(), said("conversation.opened", "p-9", conversation="c2")])) == ["twice"]
    assert kinds(told([*morning(), said("agent.updated", "nobody", agent="eva", capacity=50)])) == ["twice"]


def test_a_second_reply_that_is_not_the_first_is_found() -> None:
    def same(history: History) -> None:
        history.answer("p-7", reply("p-7", 12, duplicate=True))

    def again(history: History) -> None:
        history.answer("p-7", reply("p-7", 12))

    def another(history: History) -> None:
        history.answer("p-7", reply("p-7", 12, duplicate=True, tags={"abuse": 1}))

    def refused(history: History) -> None:
        history.answer("p-7", Refused("p-7", {"code": "wrong_state"}))

    assert told(morning(), after=same) == []
    assert kinds(told(morning(), after=again)) == kinds(told(morning(), after=another)) == ["twice"]
    assert "lost" in kinds(told(morning(), after=refused))


def test_a_refused_command_that_happened_is_found() -> None:
    def refused(history: History) -> None:
        history.answer("p-8", Refused("p-8", {"code": "wrong_state"}))

    assert told(morning(), after=refused) == []
    lines = [*morning(), said("conversation.messaged", "p-8", conversation="c1")]
    assert kinds(told(lines, after=refused)) == ["twice"]


def test_a_conversation_at_two_agents_is_found() -> None:
    second = said("conversation.assigned", "p-9", conversation="c1", agent="ben", offer="o9", units=25)
    assert kinds(told([*morning(), second])) == ["two agents"]
    offered = said("offer.made", "match", conversation="c1", agent="ben", offer="o13", units=25, load=0, capacity=50)
    state = said("agent.state_changed", "p-9", agent="ben", state="ready")
    assert kinds(told([*morning(), state, offered])) == ["two agents"]


@pytest.mark.parametrize(
    "fields",
    [{"units": 75}, {"load": 25}, {"capacity": 100, "units": 25}],
    ids=["more than is admitted", "another load", "more admitted than there is"],
)
def test_an_offer_beyond_what_is_admitted_is_found(fields: Dict[str, int]) -> None:
    lines = with_offer("ben", **fields)
    lines.insert(-1, said("agent.state_changed", "p-9", agent="ben", state="ready"))
    assert kinds(told(lines)) == ["capacity"]


def test_an_offer_that_fits_is_none() -> None:
    lines = with_offer("ben")
    lines.insert(-1, said("agent.state_changed", "p-9", agent="ben", state="ready"))
    assert told(lines) == []


def test_an_offer_during_a_break_that_binds_is_found() -> None:
    lines = with_offer("ana", load=25)
    assert kinds(told(lines)) == ["break"]
    lines.insert(-1, said("break.started", "timer", agent="ana", **{"break": "b9"}, enforced=True))
    assert kinds(told(lines)) == ["break"]
    lines.insert(-1, said("break.ended", "timer", agent="ana", **{"break": "b9"}))
    assert told(lines) == []
    lines = with_offer("ana", load=25)
    lines[8]["enforced"] = False
    assert told(lines) == [], "where breaks do not bind they keep nobody"


def test_a_message_that_overtakes_is_found() -> None:
    history = History()
    for number in (1, 2):
        history.send({"id": f"p-{number}", "type": "conversation.message", "conversation": "c1"})
    lines = [said("conversation.opened", "p-2", conversation="c1")]
    lines += [said("conversation.messaged", f"p-{number}", conversation="c1") for number in (2, 1)]
    for line in numbered(lines):
        history.take(line)
    assert kinds(history.broken) == ["order"]


def test_fifty_kills_break_no_promise(tmp_path: pathlib.Path) -> None:
    kills = Kills(tmp_path, 50, lexicons=short_models(tmp_path / "models"), replies=60)
    print(kills.play(50))
    counts = kills.load.history.counts
    assert kills.cut > 50, "the kills came between two commands: nothing was tested"
    for kind in ("offer.made", "break.owed", "conversation.requeued", "conversation.closed"):
        assert counts[kind] > 0, f"no {kind}: {counts}"


def test_ten_killed_workers_cost_nothing(tmp_path: pathlib.Path) -> None:
    killed = KilledWorkers(tmp_path, 10, lexicons=short_models(tmp_path / "models"))
    broken = killed.play(10)
    print(killed.told())
    assert not broken, "\n".join(broken[:20])
    assert killed.unscored == 0
