"""Who gets a customer while the daemon is away: the agents last known ready, one after the other."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from types import TracebackType
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Type, Union

from .client import Client
from .errors import Closed, KapwaError, Refused, TimedOut
from .wire import Reply

#: Units that a contact takes when nobody says otherwise.
UNITS = {"voice": 100, "callback": 100}
UNITS_OTHERWISE = 25


@dataclass(frozen=True)
class Assignment:
    """A customer who was given to an agent while nobody could be asked."""

    id: str
    conversation: str
    agent: str
    at: str
    channel: Optional[str] = None
    units: int = UNITS_OTHERWISE


class _Agent:
    """What was last known of an agent."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.skills: Dict[str, int] = dict(row.get("skills") or {})
        self.capacity = int(row.get("capacity", 100))
        self.load = int(row.get("load", 0))
        self.effective = str(row.get("effective", "offline"))
        self.lease_until = _seconds(row.get("lease_until"))
        #: Breaks that bind, by name: those that are owed or run have no time, planned ones when they are due at last.
        self.breaks: Dict[str, Optional[float]] = {}


class Fallback:
    """Round-robin over the agents last known ready and owing no break, for the time that the daemon is away.

    ``refresh`` reads how things stand (say, every minute: how full agents are is known from there), ``follow`` keeps
    presence and breaks up to date with each event that ``Events`` brings. While
    the daemon is away, ``choose`` names an agent for a conversation, and ``agent_state`` takes what you see of agents
    yourself. When it is back, ``report`` tells it what was done (``conversation.assign`` with ``as: fallback``): call it
    before you send the messages that waited, so that nobody is given to two agents.

    ``path`` names a file in which what is not reported yet outlives your own restart; it is written to disk before
    ``choose`` returns. A ``Fallback`` belongs to one thread.
    """

    def __init__(
        self,
        client: Client,
        *,
        tenant: Optional[str] = None,
        path: Optional[str] = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.tenant = tenant or client.tenant or "main"
        self._client = client
        self._path = path
        self._clock = clock
        #: In the order in which they are asked: who was asked last stands last.
        self._agents: "OrderedDict[str, _Agent]" = OrderedDict()
        self._unreported: "OrderedDict[str, Assignment]" = OrderedDict()
        if path is not None and os.path.exists(path):
            self._load(path)

    # While the daemon is there

    def refresh(self) -> int:
        """Reads all agents and their breaks; returns the ``seq`` from which to follow the events."""
        agents, breaks = self._client.state("agents"), self._client.state("breaks")
        known = {row["agent"]: _Agent(row) for row in agents.rows}
        for row in breaks.rows:
            if row["agent"] in known and row.get("enforced", True):
                due = _seconds(row.get("start_by")) if row["state"] == "planned" else None
                known[row["agent"]].breaks[row["break"]] = due
        # Those who are still there keep their places in the ring.
        order = [name for name in self._agents if name in known]
        order += [name for name in sorted(known) if name not in self._agents]
        self._agents = OrderedDict((name, known[name]) for name in order)
        return agents.seq

    def follow(self, event: Mapping[str, Any]) -> None:
        """Takes one event, in the order in which they come; those of other kinds change nothing."""
        kind, name = str(event.get("type", "")), event.get("agent")
        if not isinstance(name, str):
            return
        if kind == "agent.removed":
            self._agents.pop(name, None)
            return
        if kind == "agent.updated":
            updated = self._agents.setdefault(name, _Agent({}))
            updated.skills = dict(event.get("skills", updated.skills))
            updated.capacity = int(event.get("capacity", updated.capacity))
            return
        agent = self._agents.get(name)
        if agent is None:
            return
        if kind == "agent.state_changed":
            agent.effective = str(event.get("effective", event.get("state")))
            agent.lease_until = _seconds(event.get("lease_until"))
        elif kind == "conversation.assigned":
            agent.load = int(event.get("load", agent.load))
        elif kind.startswith("break."):
            self._follow_break(agent, kind, event)

    @staticmethod
    def _follow_break(agent: _Agent, kind: str, event: Mapping[str, Any]) -> None:
        name = event.get("break")
        if not isinstance(name, str) or not event.get("enforced", True):
            return
        if kind in ("break.owed", "break.started", "break.overdue"):
            agent.breaks[name] = None
            if kind == "break.started":
                agent.effective = "on_break"
        elif kind in ("break.planned", "break.postponed"):
            # A postponed break that is owed stays so: its latest start moves, the agent is asked for nothing.
            if kind == "break.planned" or agent.breaks.get(name) is not None:
                agent.breaks[name] = _seconds(event.get("start_by"))
        elif kind == "break.ended":
            agent.breaks.pop(name, None)
            if agent.effective == "on_break":  # Nobody is asked on the way back, but who says to be ready.
                agent.effective = "away"

    # While it is away

    def agent_state(self, agent: str, state: str) -> None:
        """What you see of an agent yourself: ``ready``, ``away`` or ``offline``. A break that is owed stays owed."""
        known = self._agents.setdefault(agent, _Agent({}))
        known.effective = state
        known.lease_until = None

    def choose(
        self,
        conversation: str,
        *,
        skills: Optional[Mapping[str, int]] = None,
        channel: Optional[str] = None,
        units: Optional[int] = None,
    ) -> Optional[str]:
        """The next agent in turn who has the skills and the room, or ``None``. The same conversation, the same agent.

        ``channel`` lets ``report`` open a conversation that the daemon has never heard of.
        """
        given = next((one for one in self._unreported.values() if one.conversation == conversation), None)
        if given is not None:
            return given.agent
        needed = units if units is not None else UNITS.get(channel or "", UNITS_OTHERWISE)
        asked = (name for name, agent in self._agents.items() if self._may(agent, skills or {}, needed))
        name = next(asked, None)
        if name is None:
            return None
        self._agents.move_to_end(name)
        self._agents[name].load += needed
        at = datetime.fromtimestamp(self._clock(), timezone.utc).isoformat(timespec="milliseconds")
        one = Assignment(f"fallback-{uuid.uuid4().hex}", conversation, name, at.replace("+00:00", "Z"), channel, needed)
        self._unreported[one.id] = one
        self._append(one)
        return name

    def ended(self, conversation: str) -> None:
        """The agent is free of it again. It is reported all the same."""
        for one in self._unreported.values():
            if one.conversation == conversation and one.agent in self._agents:
                agent = self._agents[one.agent]
                agent.load = max(0, agent.load - one.units)

    def _may(self, agent: _Agent, skills: Mapping[str, int], units: int) -> bool:
        now = self._clock()
        if agent.effective != "ready" or (agent.lease_until is not None and agent.lease_until <= now):
            return False
        # The clock of a break goes on while nobody is there to say so.
        if any(due is None or due <= now for due in agent.breaks.values()):
            return False
        if any(agent.skills.get(skill, 0) < level for skill, level in skills.items()):
            return False
        return agent.load + units <= agent.capacity

    # When it is back

    @property
    def unreported(self) -> List[Assignment]:
        return list(self._unreported.values())

    def report(self) -> List[Tuple[Assignment, Union[Reply, Refused]]]:
        """Tells the daemon, in order, what was done without it, and returns what it said to each.

        What could not be told, because it went away again, raises ``TimedOut`` and stays for the next time: reported
        twice it counts once. ``violations`` in a reply names the rules that were broken unawares.
        """
        told: List[Tuple[Assignment, Union[Reply, Refused]]] = []
        try:
            for one in list(self._unreported.values()):
                told.append((one, self._report(one)))
                del self._unreported[one.id]
        finally:
            if told:
                self._rewrite()
        return told

    def _report(self, one: Assignment) -> Union[Reply, Refused]:
        try:
            return self._assign(one)
        except Refused as refusal:
            if refusal.code != "unknown_conversation" or one.channel is None:
                return refusal
        try:
            # From the system it is opened and not queued: nobody is asked before the next line is there.
            self._client.conversation_message(
                one.conversation, "", from_="system", channel=one.channel, id=f"{one.id}-opened", tenant=self.tenant
            )
            return self._assign(one)
        except Refused as refusal:
            return refusal

    def _assign(self, one: Assignment) -> Reply:
        return self._client.conversation_assign(
            one.conversation, one.agent, as_="fallback", id=one.id, at=one.at, tenant=self.tenant
        )

    # On disk

    def _load(self, path: str) -> None:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith("\n"):  # What a power cut left half-written was given to nobody.
                    break
                try:
                    one = Assignment(**json.loads(line))
                except (TypeError, ValueError) as error:
                    raise KapwaError(f"{path}:{number}: this is no assignment that was kept here: {error}") from error
                self._unreported[one.id] = one
        self._rewrite()

    def _append(self, one: Assignment) -> None:
        if self._path is None:
            return
        new = not os.path.exists(self._path)
        with open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(one), separators=(",", ":")) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if new:
            _sync_directory(self._path)

    def _rewrite(self) -> None:
        if self._path is None:
            return
        draft = f"{self._path}.new"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            for one in self._unreported.values():
                file.write(json.dumps(asdict(one), separators=(",", ":")) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self._path)
        _sync_directory(self._path)


class Presence:
    """Whether the daemon answers: asked when somebody wants to know, and no more often than every ``pause`` seconds."""

    def __init__(self, client: Client, *, patience: float = 2.0, pause: float = 1.0) -> None:
        self._client = client
        self._patience = patience
        self._pause = pause
        self._asked: Optional[float] = None
        self._answers = False

    def __call__(self) -> bool:
        now = time.monotonic()
        if self._asked is not None and now - self._asked < self._pause:
            return self._answers
        try:
            self._client.pipeline().ping().result(self._patience)
            self._answers = True
        except (TimedOut, Closed):
            self._answers = False
        self._asked = time.monotonic()
        return self._answers


def _sync_directory(path: str) -> None:
    """A file is there after a power cut only when the name that leads to it is on disk as well."""
    if os.name != "posix":  # Elsewhere a directory cannot be opened.
        return
    descriptor = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _seconds(time_text: Any) -> Optional[float]:
    """``2026-11-22T03:00:00.000Z`` as seconds since 1970."""
    if not isinstance(time_text, str):
        return None
    return datetime.fromisoformat(time_text.replace("Z", "+00:00")).timestamp()
