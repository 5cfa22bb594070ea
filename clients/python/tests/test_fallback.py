from __future__ import annotations

import os
import pathlib
from typing import Any, Dict, List

import pytest
from fake import Fake

from kapwa import Client, Fallback, KapwaError, Presence, Refused, TimedOut

NOON = 1_795_320_000.0  # 2026-11-22T04:00:00Z


def stamp(seconds: float) -> str:
    import datetime

    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Floor:
    """Rows for the fake daemon, and a clock that the test moves."""

    def __init__(self) -> None:
        self.agents: List[Dict[str, Any]] = []
        self.breaks: List[Dict[str, Any]] = []
        self.known = {"c-known"}
        self.silent = False
        self.now = NOON

    def agent(self, name: str, effective: str = "ready", **fields: Any) -> None:
        row = {"agent": name, "effective": effective, "skills": {"tagalog": 3}, "capacity": 100, "load": 0}
        self.agents.append({**row, **fields})

    def rest(self, agent: str, state: str, **fields: Any) -> None:
        row = {"break": f"b-{agent}", "agent": agent, "state": state, "enforced": True}
        self.breaks.append({**row, **fields})

    def __call__(self, fake: Fake, command: Dict[str, Any]) -> "Dict[str, Any] | None":
        if self.silent:
            return None
        if command["type"] == "state.read":
            return fake.ok(command, seq=7, rows=getattr(self, command["what"]))
        if command["type"] == "conversation.message":
            self.known.add(command["conversation"])
        if command["type"] == "conversation.assign":
            if command["agent"] == "gone":
                return fake.no(command, "unknown_agent", field="agent")
            if command["conversation"] not in self.known:
                return fake.no(command, "unknown_conversation", field="conversation")
        return fake.carry_out(command)

    def fallback(self, client: Client, **options: Any) -> Fallback:
        fallback = Fallback(client, clock=lambda: self.now, **options)
        assert fallback.refresh() == 7
        return fallback


def test_agents_who_are_ready_are_asked_one_after_the_other() -> None:
    floor = Floor()
    for name in ("ana", "ben", "carla"):
        floor.agent(name)
    floor.agent("dan", "away")
    floor.agent("eva", "offline")
    floor.agent("fe", "break_owed")
    floor.agent("gil", "on_break")
    with Fake(floor) as fake, Client(fake.commands_endpoint) as client:
        fallback = floor.fallback(client)
        chosen = [fallback.choose(f"c-{number}", channel="chat") for number in range(7)]
        assert chosen == ["ana", "ben", "carla", "ana", "ben", "carla", "ana"]
        assert fallback.choose("c-1") == "ben", "the same conversation, the same agent"
        assert len(fallback.unreported) == 7


def test_nobody_who_owes_a_break_is_asked_and_its_time_comes_while_nobody_is_there() -> None:
    floor = Floor()
    for name in ("ana", "ben", "carla", "dan"):
        floor.agent(name)
    floor.rest("ana", "owed")
    floor.rest("ben", "planned", start_by=stamp(NOON + 600))
    floor.rest("carla", "running", ends_at=stamp(NOON + 60))
    floor.rest("dan", "owed", enforced=False)
    with Fake(floor) as fake, Client(fake.commands_endpoint) as client:
        fallback = floor.fallback(client)
        assert [fallback.choose(f"c-{number}") for number in range(3)] == ["ben", "dan", "ben"]
        floor.now += 600
        assert [fallback.choose(f"d-{number}") for number in range(2)] == ["dan", "dan"]
        fallback.agent_state("ana", "ready")
        assert fallback.choose("e-1") == "dan", "to be ready is no end of a break"


def test_events_keep_it_up_to_date() -> None:
    floor = Floor()
    floor.agent("ana")
    with Fake(floor) as fake, Client(fake.commands_endpoint) as client:
        fallback = floor.fallback(client)

        def asked(kind: str, **fields: Any) -> "str | None":
            fallback.follow({"type": kind, "agent": "ana", **fields})
            name = fallback.choose(f"c-{len(fallback.unreported)}", units=0)
            return name

        assert asked("break.planned", **{"break": "b1", "start_by": stamp(NOON + 60)}) == "ana"
        assert asked("break.owed", **{"break": "b1", "enforced": True}) is None
        assert asked("break.postponed", **{"break": "b1", "start_by": stamp(NOON + 900)}) is None
        assert asked("agent.state_changed", effective="break_owed", state="ready") is None
        assert asked("break.started", **{"break": "b1"}) is None
        assert asked("break.ended", **{"break": "b1"}) is None, "nobody is asked on the way back"
        assert asked("agent.state_changed", effective="ready", lease_until=stamp(NOON + 60)) == "ana"
        floor.now += 60
        assert asked("conversation.tagged") is None, "a lease that ran out"
        assert asked("agent.state_changed", effective="ready") == "ana"
        assert asked("conversation.assigned", load=100) == "ana", "units 0 fit"
        assert fallback.choose("more", units=1) is None
        assert asked("agent.removed") is None


def test_skills_and_room_are_kept_to() -> None:
    floor = Floor()
    floor.agent("ana", skills={"tagalog": 5, "billing": 2})
    floor.agent("ben", skills={"tagalog": 2}, load=80)
    with Fake(floor) as fake, Client(fake.commands_endpoint) as client:
        fallback = floor.fallback(client)
        assert fallback.choose("c-1", skills={"billing": 3}) is None
        assert fallback.choose("c-2", skills={"billing": 2}) == "ana"
        assert fallback.choose("c-3") == "ana", "ben has no room for 25 more"
        assert fallback.choose("c-4", channel="voice") is None
        fallback.ended("c-2")
        fallback.ended("c-3")
        assert fallback.choose("c-5", channel="voice") == "ana"


def test_what_was_done_is_reported_once_in_its_order() -> None:
    floor = Floor()
    floor.agent("ana")
    floor.agent("gone")
    with Fake(floor) as fake, Client(fake.commands_endpoint) as client:
        fallback = floor.fallback(client)
        fallback.choose("c-known")
        fallback.choose("c-bad", channel="chat")
        fallback.choose("c-new", channel="chat")
        fallback.agent_state("gone", "offline")
        fallback.choose("c-nobody-knows")
        told = fallback.report()
        assert [(one.conversation, one.agent) for one, _ in told] == [
            ("c-known", "ana"), ("c-bad", "gone"), ("c-new", "ana"), ("c-nobody-knows", "ana"),
        ]  # fmt: skip
        codes = [outcome.code if isinstance(outcome, Refused) else "ok" for _, outcome in told]
        assert codes == ["ok", "unknown_agent", "ok", "unknown_conversation"]
        assert fallback.report() == [] and fallback.unreported == []
        sent = [command for command in fake.seen if command["type"].startswith("conversation.")]
        assert all(command["as"] == "fallback" for command in sent if command["type"] == "conversation.assign")
        opened = [command for command in sent if command["type"] == "conversation.message"]
        assert [(one["conversation"], one["from"], one["text"]) for one in opened] == [("c-new", "system", "")]
        assert {command["at"] for command in sent if "at" in command} == {stamp(NOON)}


def test_what_could_not_be_told_stays_and_is_told_with_the_same_id(tmp_path: pathlib.Path) -> None:
    floor = Floor()
    floor.agent("ana")
    path = str(tmp_path / "unreported")
    with Fake(floor) as fake, Client(fake.commands_endpoint, timeout=0.3, resend=5) as client:
        fallback = floor.fallback(client, path=path)
        there = Presence(client, patience=0.3, pause=0)
        assert there()
        floor.silent = True
        assert not there()
        fallback.choose("c-known")
        with pytest.raises(TimedOut):
            fallback.report()
        # The middleware is started again while the daemon is away.
        with open(path, "a", encoding="utf-8") as file:
            file.write('{"id":"half')
        again = Fallback(client, path=path)
        assert again.unreported == fallback.unreported
        assert again.choose("c-known") == "ana", "given already"
        floor.silent = False
        assert there()
        assert [outcome.seq > 0 for _, outcome in again.report() if not isinstance(outcome, Refused)] == [True]
        ids = {command["id"] for command in fake.seen if command["type"] == "conversation.assign"}
        assert len(ids) == 1
        assert Fallback(client, path=path).unreported == []
        assert (tmp_path / "unreported").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_none_of_its_own_is_named_with_the_line(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "unreported"
    path.write_text("not an assignment\n")
    with Fake() as fake, Client(fake.commands_endpoint) as client, pytest.raises(KapwaError, match="unreported:1:"):
        Fallback(client, path=str(path))


def test_the_name_of_the_file_is_on_disk_before_choose_returns_and_after_each_report(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: List[str] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        there = sorted(path.name for path in tmp_path.iterdir())
        is_directory = os.path.samestat(os.fstat(descriptor), os.stat(tmp_path))
        synced.append(f"directory with {there}" if is_directory else "file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    floor = Floor()
    floor.agent("ana")
    with Fake(floor) as fake, Client(fake.commands_endpoint) as client:
        fallback = floor.fallback(client, path=str(tmp_path / "unreported"))
        fallback.choose("c-known")
        assert synced == ["file", "directory with ['unreported']"]
        fallback.choose("c-new", channel="chat")
        assert synced[2:] == ["file"], "its name is there already"
        fallback.report()
        assert synced[3:] == ["file", "directory with ['unreported']"], "after it took the place of the old one"
