"""An independent look at what the daemon did, from its events alone: naive, slow, and sharing nothing with it.

It is written from the documents (how conversations are routed, what the events carry), so that a mistake of the daemon
cannot be a mistake here too. ``check(events, rules)`` returns sentences, each a broken invariant with its place.

1. Each episode is in exactly one state, and moves only as it may.
2. Every offer carries units, load and capacity, load is what the agent carries, and they fit.
3. No offer to who owes or takes a break; no break starts while a contact is live.
4. At the instant of an offer the agent meets its needs.
5. After each matching no queued conversation has an agent who could take it.
7. Every offer ends once.
8. Sequence numbers have no gaps, and ``prev`` names the last event of the same topic.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Optional, Set, Tuple

Event = Dict[str, Any]
BASE_UNITS = {"voice": 100, "callback": 100, "chat": 25, "social": 25, "email": 15, "sms": 15}
PRIVATE = ("offer.", "wrapup.", "break.", "agent.")
LIVE_MS = 180_000
#: Timers are not read to the millisecond from outside.
SLACK_MS = 500
STATES = ("open", "queued", "offered", "assigned", "closed")


def milliseconds(text: str) -> int:
    stamp = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(stamp.timestamp() * 1000)


def thousandths(score: float) -> int:
    return round(score * 1000)


def units_of(channel: str, hardness: int) -> int:
    base = BASE_UNITS[channel]
    if channel not in ("chat", "social"):
        return base
    return -(-base * (1000 + 2 * max(0, hardness - 500)) // 1000)


def meets(skills: Dict[str, int], needs: Dict[str, int]) -> bool:
    return all(skills.get(skill, 0) >= level for skill, level in needs.items())


@dataclass
class Rules:
    """What the checker must know of the rules file that the daemon was given."""

    hold_ms: Dict[str, int] = field(default_factory=lambda: {"chat": 60_000, "voice": 20_000, "email": 600_000})
    enforced: bool = True

    def hold(self, channel: str) -> int:
        family = {"social": "chat", "sms": "email", "callback": "voice"}.get(channel, channel)
        return self.hold_ms[family]


@dataclass
class Agent:
    skills: Dict[str, int]
    capacity: int
    presence: str = "offline"
    owed: bool = False
    on_break: bool = False


@dataclass
class Episode:
    number: int
    channel: str
    state: str = "open"
    agent: Optional[str] = None
    offer: Optional[str] = None
    needs: Dict[str, int] = field(default_factory=dict)
    units: int = 0
    peak: int = 0
    last_message: int = 0
    transferred_from: Optional[str] = None
    only: Optional[Tuple[str, int]] = None
    refusals: Dict[str, int] = field(default_factory=dict)
    barred: Dict[str, int] = field(default_factory=dict)
    carried_over: bool = False


@dataclass
class Offer:
    conversation: str
    agent: str
    units: int
    ended: Optional[str] = None


class Checker:
    def __init__(self, rules: Optional[Rules] = None) -> None:
        self.rules = rules or Rules()
        self.broken: List[str] = []
        self.agents: Dict[str, Agent] = {}
        self.episodes: Dict[str, Episode] = {}
        self.finished: int = 0
        self.opened = 0
        self.offers: Dict[str, Offer] = {}
        self.wrapups: Dict[Tuple[str, str], Tuple[int, bool]] = {}
        self.heads: Dict[str, int] = {}
        self.seq = 0
        self.reports = 0
        self.matched_at: Optional[int] = None
        self.looks = 0

    # Going through

    def take(self, event: Event) -> None:
        self._order(event)
        at = milliseconds(event["at"])
        matching = event.get("cause") == "match"
        if self.matched_at is not None and not matching:
            self.settled(self.matched_at, event["seq"])
        self.matched_at = at if matching else None
        handler = getattr(self, "_" + event["type"].replace(".", "_"), None)
        if handler is not None:
            handler(event, at)

    def finish(self) -> List[str]:
        if self.matched_at is not None:
            self.settled(self.matched_at, self.seq)
        open_offers = [name for name, offer in self.offers.items() if offer.ended is None]
        held = [episode.offer for episode in self.episodes.values() if episode.state == "offered"]
        if sorted(open_offers) != sorted(name or "" for name in held):
            self._say(7, self.seq, f"open offers {open_offers} but offered conversations have {held}")
        total = self.finished + len(self.episodes)
        if total != self.opened:
            self._say(1, self.seq, f"{self.opened} episodes were opened, {total} are in some state")
        return self.broken

    def _say(self, invariant: int, seq: int, what: str) -> None:
        self.broken.append(f"invariant {invariant} at seq {seq}: {what}")

    # 8: order

    def _order(self, event: Event) -> None:
        seq = event["seq"]
        # From the fourth report on a talk is suggested, which only role `wellbeing` may read.
        hidden = seq == self.seq + 2 and self.reports >= 4
        self.reports += event["type"] == "agent.stressed" and event.get("reason") == "report"
        if seq != self.seq + 1 and not hidden:
            self._say(8, seq, f"follows {self.seq}")
        self.seq = seq
        topic = event["type"]
        if topic.startswith(PRIVATE):
            topic += "/" + event["agent"]
        if event["prev"] != self.heads.get(topic, 0):
            self._say(8, seq, f"prev of {topic} is {event['prev']}, should be {self.heads.get(topic, 0)}")
        self.heads[topic] = seq

    # Agents

    def _agent_updated(self, event: Event, at: int) -> None:
        agent = self.agents.setdefault(event["agent"], Agent({}, 100))
        agent.skills = event["skills"]
        agent.capacity = event["capacity"]

    def _agent_state_changed(self, event: Event, at: int) -> None:
        self.agents[event["agent"]].presence = event["state"]

    def _agent_removed(self, event: Event, at: int) -> None:
        self.agents.pop(event["agent"])

    def _wrapup_started(self, event: Event, at: int) -> None:
        self.wrapups[event["agent"], event["conversation"]] = (event["units"], event["exclusive"])

    def _wrapup_ended(self, event: Event, at: int) -> None:
        if self.wrapups.pop((event["agent"], event["conversation"]), None) is None:
            self._say(1, event["seq"], f"wrap-up of {event['conversation']} ends without having begun")

    def _break_owed(self, event: Event, at: int) -> None:
        self.agents[event["agent"]].owed = event["enforced"]

    def _break_started(self, event: Event, at: int) -> None:
        agent = self.agents[event["agent"]]
        agent.owed, agent.on_break = False, event["enforced"]
        for name, episode in self.episodes.items():
            if episode.agent == event["agent"] and episode.state == "assigned" and self._live(episode, at):
                self._say(3, event["seq"], f"break of {event['agent']} starts while {name} is live")
        if event.get("late_ms", 0) > 0 and event.get("late_cause") not in ("live_contact", "restart"):
            self._say(3, event["seq"], f"break of {event['agent']} is {event['late_ms']} ms late without a cause")

    def _break_ended(self, event: Event, at: int) -> None:
        agent = self.agents[event["agent"]]
        agent.owed = agent.on_break = False

    @staticmethod
    def _live(episode: Episode, at: int) -> bool:
        if BASE_UNITS[episode.channel] == 100:
            return True
        if episode.channel in ("chat", "social"):
            return at - episode.last_message < LIVE_MS - SLACK_MS
        return False

    # Conversations

    def _conversation_opened(self, event: Event, at: int) -> None:
        name = event["conversation"]
        before = self.episodes.pop(name, None)
        number = event["episode"]
        if before is not None:
            if before.state != "closed" or number != before.number + 1 or not event.get("after"):
                self._say(1, event["seq"], f"episode {number} of {name} opens on {before.state} {before.number}")
            self.finished += 1
        elif number != 1:
            self._say(1, event["seq"], f"{name} begins with episode {number}")
        self.opened += 1
        carried = bool(event.get("after")) and event["after"].get("carries") != "nothing"
        self.episodes[name] = Episode(number, event["channel"], last_message=at, carried_over=carried)

    def _conversation_messaged(self, event: Event, at: int) -> None:
        self.episodes[event["conversation"]].last_message = at

    def _conversation_tagged(self, event: Event, at: int) -> None:
        episode = self.episodes[event["conversation"]]
        tags = event["tags"]
        episode.peak = max([episode.peak, *(thousandths(tags[name]) for name in ("frustration", "distress", "abuse"))])

    def _conversation_queued(self, event: Event, at: int) -> None:
        self._move(event, ("open",), "queued")
        self._place(event, at)

    def _conversation_requeued(self, event: Event, at: int) -> None:
        episode = self.episodes[event["conversation"]]
        if event.get("reason") == "transfer" and episode.state == "assigned":
            episode.transferred_from = episode.agent
        self._move(event, ("queued", "offered", "assigned"), "queued")
        episode.agent = episode.offer = None
        self._place(event, at)

    def _conversation_updated(self, event: Event, at: int) -> None:
        episode = self.episodes[event["conversation"]]
        if "needs" in event:
            episode.needs = event["needs"]
        if "assigned_units" in event:
            episode.units = event["assigned_units"]

    def _place(self, event: Event, at: int) -> None:
        episode = self.episodes[event["conversation"]]
        episode.needs = event["needs"]
        only = event.get("only_agent")
        episode.only = (only, milliseconds(event["only_until"])) if only else None

    def _conversation_assigned(self, event: Event, at: int) -> None:
        name, agent = event["conversation"], event["agent"]
        episode = self.episodes[name]
        if event["as"] == "offer":
            offer = self.offers.get(event.get("offer", ""))
            if offer is None or offer.ended or (offer.conversation, offer.agent) != (name, agent):
                self._say(7, event["seq"], f"{name} is assigned by an offer that is not open to {agent}")
            else:
                offer.ended = "accepted"
        elif episode.offer is not None and self.offers[episode.offer].ended is None:
            self._say(7, event["seq"], f"{name} is assigned while {episode.offer} is open")
        episode.offer = None
        self._move(event, ("open", "queued", "offered", "assigned"), "assigned")
        for key in ("units", "load", "capacity"):
            if key not in event:
                self._say(2, event["seq"], f"conversation.assigned has no {key}")
        episode.agent = None
        carried = self.load(agent)
        if event["load"] != carried:
            self._say(2, event["seq"], f"load of {agent} is told as {event['load']}, is {carried}")
        episode.agent, episode.units = agent, event["units"]
        episode.transferred_from, episode.only = None, None

    def _conversation_closed(self, event: Event, at: int) -> None:
        episode = self.episodes[event["conversation"]]
        if episode.offer is not None and self.offers[episode.offer].ended is None:
            self._say(7, event["seq"], f"{event['conversation']} is closed while {episode.offer} is open")
        self._move(event, ("open", "queued", "offered", "assigned"), "closed")
        episode.agent = episode.offer = None

    def _move(self, event: Event, allowed: Iterable[str], to: str) -> None:
        episode = self.episodes[event["conversation"]]
        if episode.number != event["episode"]:
            self._say(1, event["seq"], f"{event['type']} names episode {event['episode']}, it is {episode.number}")
        if episode.state not in allowed:
            self._say(1, event["seq"], f"{event['conversation']} goes from {episode.state} to {to}")
        episode.state = to

    # Offers

    def _offer_made(self, event: Event, at: int) -> None:
        seq, name, who = event["seq"], event["conversation"], event["agent"]
        episode, agent = self.episodes[name], self.agents[who]
        if event["offer"] in self.offers:
            self._say(7, seq, f"{event['offer']} is made twice")
        if episode.state != "queued":
            self._say(1, seq, f"{name} is offered while {episode.state}")
        if agent.presence != "ready":
            self._say(4, seq, f"{who} is {agent.presence}")
        if agent.owed or agent.on_break:
            self._say(3, seq, f"{who} {'owes' if agent.owed else 'takes'} a break")
        if not meets(agent.skills, event["needs"]):
            self._say(4, seq, f"{who} has {agent.skills}, needed are {event['needs']}")
        if event["needs"] != episode.needs:
            self._say(4, seq, f"{name} needs {episode.needs}, the offer says {event['needs']}")
        load = self.load(who)
        if event["load"] != load:
            self._say(2, seq, f"load of {who} is told as {event['load']}, is {load}")
        admitted = max(agent.capacity, event["units"]) if load == 0 else agent.capacity
        if event["load"] + event["units"] > event["capacity"] or event["capacity"] > admitted:
            self._say(2, seq, f"{event['load']} + {event['units']} of {event['capacity']}, admitted are {admitted}")
        if not episode.carried_over and event["units"] != units_of(episode.channel, episode.peak):
            right = units_of(episode.channel, episode.peak)
            self._say(2, seq, f"{name} is told as {event['units']} units, is {right} (peak {episode.peak})")
        if episode.barred.get(who, 0) > at + SLACK_MS:
            self._say(5, seq, f"{who} is barred from {name} until {episode.barred[who]}, it is {at}")
        episode.state, episode.offer = "offered", event["offer"]
        self.offers[event["offer"]] = Offer(name, who, event["units"])

    def _offer_declined(self, event: Event, at: int) -> None:
        self._end(event)
        self._bar(event, at)

    def _offer_expired(self, event: Event, at: int) -> None:
        self._end(event)
        if event.get("reason") != "restart":
            self._bar(event, at)

    def _offer_withdrawn(self, event: Event, at: int) -> None:
        self._end(event)

    def _end(self, event: Event) -> None:
        offer = self.offers.get(event["offer"])
        if offer is None:
            self._say(7, event["seq"], f"{event['offer']} ends without having been made")
        elif offer.ended is not None:
            self._say(7, event["seq"], f"{event['offer']} was {offer.ended} and ends again as {event['type']}")
        else:
            offer.ended = event["type"]

    def _bar(self, event: Event, at: int) -> None:
        episode = self.episodes[event["conversation"]]
        times = episode.refusals.get(event["agent"], 0) + 1
        episode.refusals[event["agent"]] = times
        episode.barred[event["agent"]] = at + self.rules.hold(episode.channel) * times

    # 2 and 5: what an agent carries, and who could have been served

    def load(self, agent: str) -> int:
        """Open offers, conversations and wrap-up count."""
        offered = sum(offer.units for offer in self._open_offers(agent))
        assigned = sum(e.units for e in self.episodes.values() if e.agent == agent and e.state == "assigned")
        after = sum(units for (who, _), (units, _) in self.wrapups.items() if who == agent)
        return offered + assigned + after

    def _open_offers(self, agent: str) -> List[Offer]:
        held = (episode.offer for episode in self.episodes.values() if episode.state == "offered" and episode.offer)
        return [self.offers[name] for name in held if self.offers[name].agent == agent and not self.offers[name].ended]

    def settled(self, at: int, seq: int) -> None:
        """Invariant 5 at the end of a matching."""
        waiting = [(name, episode) for name, episode in self.episodes.items() if episode.state == "queued"]
        if not waiting:
            return
        self.looks += 1
        exclusive: Set[str] = {who for (who, _), (_, alone) in self.wrapups.items() if alone}
        for who, agent in self.agents.items():
            if agent.presence != "ready" or agent.owed or agent.on_break or who in exclusive:
                continue
            load = self.load(who)
            for name, episode in waiting:
                if not episode.carried_over and self._could(who, agent, load, episode, at):
                    self._say(5, seq, f"{name} waits and {who} could take it (load {load} of {agent.capacity})")

    def _could(self, who: str, agent: Agent, load: int, episode: Episode, at: int) -> bool:
        units = units_of(episode.channel, episode.peak)
        if not meets(agent.skills, episode.needs):
            return False
        if load > 0 and load + units > agent.capacity:
            return False
        if episode.barred.get(who, 0) > at - SLACK_MS:
            return False
        if episode.only is not None and episode.only[0] != who and episode.only[1] > at - SLACK_MS:
            return False
        if episode.transferred_from == who:
            return not any(
                other != who and another.presence != "offline" and meets(another.skills, episode.needs)
                for other, another in self.agents.items()
            )
        return True


def check(events: Iterable[Event], rules: Optional[Rules] = None) -> List[str]:
    """The broken invariants of a whole history, from its first event."""
    checker = Checker(rules)
    for event in events:
        checker.take(event)
    return checker.finish()
