"""The checker itself: it must find each kind of mistake, else its silence means nothing."""

from __future__ import annotations

import copy
from typing import Any, Callable, Dict, List

import pytest

from invariants import Checker, Rules, check, units_of

Event = Dict[str, Any]
Mistake = Callable[[List[Event]], None]
TAGS = {"frustration": 0, "distress": 0, "abuse": 0}


def history(*steps: Dict[str, Any]) -> List[Event]:
    heads: Dict[str, int] = {}
    events = []
    for seq, step in enumerate(steps, 1):
        second = step.pop("second", seq)
        event = {"seq": seq, "v": 1, "at": f"2026-11-21T19:{second // 60:02d}:{second % 60:02d}.000Z", **step}
        event.setdefault("cause", {"id": f"c{seq}"})
        topic = event["type"]
        if topic.split(".")[0] in ("offer", "wrapup", "break", "agent"):
            topic += "/" + event["agent"]
        event["prev"] = heads.get(topic, 0)
        heads[topic] = seq
        events.append(event)
    return events


def sound() -> List[Event]:
    """Ana takes c1, Ben declines c2 and nobody else is there for it."""
    one = {"conversation": "c1", "episode": 1}
    two = {"conversation": "c2", "episode": 1}
    place = {"needs": {"tagalog": 2}, "queue": "main", "step": 0}
    offer = {"type": "offer.made", "needs": {"tagalog": 2}, "units": 25, "load": 0, "capacity": 100, "cause": "match"}
    agent = {"type": "agent.updated", "capacity": 100, "skills": {"tagalog": 3}}
    return history(
        {**agent, "agent": "ana"},
        {"type": "agent.state_changed", "agent": "ana", "state": "ready"},
        {"type": "conversation.opened", "channel": "chat", **one},
        {"type": "conversation.messaged", **one},
        {"type": "conversation.tagged", "tags": TAGS, **one},
        {"type": "conversation.queued", **place, **one},
        {**offer, "offer": "o7", "agent": "ana", **one},
        {"type": "conversation.assigned", "agent": "ana", "offer": "o7", "as": "offer", "units": 25, "load": 0,
         "capacity": 100, **one},
        {"type": "agent.state_changed", "agent": "ana", "state": "away"},
        {**agent, "agent": "ben"},
        {"type": "agent.state_changed", "agent": "ben", "state": "ready"},
        {"type": "conversation.opened", "channel": "chat", **two},
        {"type": "conversation.messaged", **two},
        {"type": "conversation.tagged", "tags": TAGS, **two},
        {"type": "conversation.queued", **place, **two},
        {**offer, "offer": "o16", "agent": "ben", **two},
        {"type": "offer.declined", "offer": "o16", "agent": "ben", **two},
        {"type": "conversation.requeued", **place, "reason": "declined", **two},
        {"type": "conversation.closed", "outcome": "abandoned", **two},
        {"type": "conversation.closed", "outcome": "resolved", "agent": "ana", **one},
        {"type": "wrapup.started", "agent": "ana", "units": 25, "exclusive": False, **one},
        {"type": "wrapup.ended", "agent": "ana", **one},
    )  # fmt: skip


def test_a_sound_history_is_found_sound() -> None:
    assert check(sound()) == []


def first(events: List[Event], kind: str, **fields: Any) -> int:
    return next(
        n for n, e in enumerate(events) if e["type"] == kind and all(e.get(key) == fields[key] for key in fields)
    )


def put(events: List[Event], place: int, event: Event) -> None:
    """Inserts an event and keeps the order of sequence numbers right."""
    events.insert(place, {"v": 1, "cause": {"id": "x"}, "at": events[place - 1]["at"], **event})
    heads: Dict[str, int] = {}
    for seq, each in enumerate(events, 1):
        topic = each["type"]
        if topic.split(".")[0] in ("offer", "wrapup", "break", "agent"):
            topic += "/" + each["agent"]
        each["seq"], each["prev"] = seq, heads.get(topic, 0)
        heads[topic] = seq


def gap(events: List[Event]) -> None:
    del events[4]


def wrong_prev(events: List[Event]) -> None:
    events[-1]["prev"] += 1


def too_full(events: List[Event]) -> None:
    events[first(events, "offer.made")]["capacity"] = 24


def wrong_load(events: List[Event]) -> None:
    events[first(events, "offer.made", agent="ben")]["load"] = 25


def wrong_units(events: List[Event]) -> None:
    events[first(events, "conversation.tagged")]["tags"] = {**TAGS, "frustration": 0.9}


def unskilled(events: List[Event]) -> None:
    events[first(events, "agent.updated", agent="ana")]["skills"] = {"tagalog": 1}


def other_needs(events: List[Event]) -> None:
    events[first(events, "offer.made")]["needs"] = {}


def owed(events: List[Event]) -> None:
    put(events, first(events, "offer.made"), {"type": "break.owed", "agent": "ana", "enforced": True})


def live(events: List[Event]) -> None:
    place = first(events, "conversation.assigned") + 1
    put(events, place, {"type": "break.started", "agent": "ana", "enforced": True})


def late(events: List[Event]) -> None:
    event = {"type": "break.started", "agent": "ben", "enforced": True, "late_ms": 5}
    put(events, len(events), event)


def twice(events: List[Event]) -> None:
    place = first(events, "offer.declined") + 1
    put(events, place, {k: events[place - 1][k] for k in ("type", "offer", "agent", "conversation", "episode")})


def never(events: List[Event]) -> None:
    put(events, len(events), {"type": "offer.expired", "offer": "o99", "agent": "ana", "conversation": "c1"})


def left_open(events: List[Event]) -> None:
    place = first(events, "offer.declined")
    del events[place : place + 2]
    put(events, place, {"type": "agent.updated", "agent": "ana", "capacity": 100, "skills": {"tagalog": 3}})


def skipped_state(events: List[Event]) -> None:
    place = first(events, "conversation.closed", conversation="c2") + 1
    put(events, place, {"type": "conversation.requeued", "needs": {}, "conversation": "c2", "episode": 1})


def forgotten(events: List[Event]) -> None:
    """Ben is free and able, c2 came in, and the matching asked nobody."""
    place = first(events, "offer.made", agent="ben")
    del events[place : place + 3]
    put(events, place, {"type": "conversation.unroutable", "conversation": "c1", "episode": 1, "cause": "match"})


def barred(events: List[Event]) -> None:
    place = first(events, "conversation.requeued") + 1
    offer = {**events[first(events, "offer.made", agent="ben")], "offer": "o99"}
    put(events, place, {key: value for key, value in offer.items() if key not in ("seq", "prev")})


MISTAKES: Dict[Mistake, int] = {
    gap: 8, wrong_prev: 8, too_full: 2, wrong_load: 2, wrong_units: 2, unskilled: 4, other_needs: 4, owed: 3, live: 3,
    late: 3, twice: 7, never: 7, left_open: 7, skipped_state: 1, forgotten: 5, barred: 5,
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_each_mistake_is_found(mistake: Mistake) -> None:
    events = copy.deepcopy(sound())
    mistake(events)
    found = check(events)
    assert any(sentence.startswith(f"invariant {MISTAKES[mistake]} ") for sentence in found), found


def test_units_grow_with_hardness() -> None:
    assert [units_of("chat", hardness) for hardness in (0, 500, 514, 841, 1000)] == [25, 25, 26, 43, 50]
    assert units_of("voice", 1000) == 100 and units_of("email", 1000) == 15


def test_a_bar_ends() -> None:
    checker = Checker(Rules(hold_ms={"chat": 1_000, "voice": 1_000, "email": 1_000}))
    for event in sound()[:18]:
        checker.take(event)
    checker.settled(checker.episodes["c2"].barred["ben"] + 1_000, 18)
    assert checker.broken and "ben could take it" in checker.broken[0]
