"""A floor of agents played from outside: twenty people who accept, decline, let offers expire, transfer and close."""

from __future__ import annotations

import functools
import heapq
import random
import time
from typing import Any, Callable, Dict, List, Tuple

from kapwa import Client, Events, Pending, Refused, Reply

from daemon import Daemon

RULES = """
version: 1
queues:
  - id: food
    needs: {food: 1}
  - id: mobile
    needs: {mobile: 1}
  - id: billing
    needs: {mobile: 2, billing: 2}
routes:
  - when: {topics: [billing]}
    queue: billing
  - when: {topics: [mobile]}
    queue: mobile
offers:
  timeout: {chat: 5s, voice: 5s, email: 5s}
  hold: {chat: 1s, voice: 1s, email: 1s}
breaks:
  # A break lasts longer than this day: only the few grave contacts may bring one about, or nobody would be left.
  threshold: 6
"""
HOLD_MS = {"chat": 1_000, "voice": 1_000, "email": 1_000}

CALM = [
    "Magandang umaga po, paano po gamitin ang voucher?", "Hi, where can I see my points?",
    "Pwede po bang palitan ang address ng order ko?", "Good afternoon po, bukas po ba ang branch sa Cubao?",
    "Salamat po sa mabilis na sagot kahapon.", "May student promo po ba kayo ngayong buwan?",
]  # fmt: skip
UPSET = [
    "Pangatlong beses na ito, wala pa rin ang order ko! Ang bagal ninyo!",
    "Tatlong araw na akong walang signal, paulit-ulit lang ang sagot ninyo.",
    "Kailangan ko pong matawagan ang asawa ko, stranded ako at wala nang load.",
]
GRAVE = ["Gago ka, papatayin kita!", "Aabangan kita sa labas ng opisina ninyo."]
GRAVE_MAX = 4
#: Replies that a race explains: the offer expired while it was being answered, the episode was moved meanwhile.
RACES = ("wrong_state", "unknown_offer")


class Floor:
    def __init__(self, daemon: Daemon, *, agents: int, conversations: int, seed: int) -> None:
        self.client: Client = daemon.client()
        self.pipeline = self.client.pipeline()
        self.events: Events = daemon.follow(self.client, after=0)
        self.random = random.Random(seed)
        self.agents = [f"agent-{n:02d}" for n in range(agents)]
        self.left = conversations
        self.count = 0
        self.open: Dict[str, str] = {}
        self.done = 0
        self.grave = 0
        self.transfers: Dict[str, int] = {}
        self.seen: List[Dict[str, Any]] = []
        self.pending: List[Tuple[str, Pending]] = []
        self.replies: List[Reply] = []
        self.refusals: List[Tuple[str, Refused]] = []
        self._later: List[Tuple[float, int, Callable[[], None]]] = []
        self._number = 0

    # The day

    def play(self, seconds: float) -> None:
        """Runs until every conversation is closed."""
        self._hire()
        deadline = time.monotonic() + seconds
        while self.left or self.open:
            assert time.monotonic() < deadline, self._stuck()
            self._invite()
            event = self.events.next(timeout=0.01)
            while event is not None:
                self.seen.append(event)
                self._react(event)
                event = self.events.next(timeout=0)
            self._act()
            self._collect()
        self.client.wait([pending for _, pending in self.pending])
        self._collect()
        assert not self.pending, f"{len(self.pending)} commands were never answered"
        self.seen += self.events.read_until(self.client.ping()["seq"])

    def close(self) -> None:
        self.events.close()
        self.client.close()

    # Inside

    def _stuck(self) -> str:
        """What there is to see when the day does not end."""
        agents = [f"{row['agent']} {row['effective']} {row['load']}" for row in self.client.state("agents").rows]
        rows = [row for row in self.client.state("conversations").rows if row["conversation"] in self.open]
        states = [f"{row['conversation']} {row['state']} {row.get('placement', {}).get('needs')}" for row in rows]
        return f"{self.done} closed, {len(self.open)} are not: {states[:20]}\nagents: {agents}"

    def _send(self, pending: Pending, what: str) -> None:
        self.pending.append((what, pending))

    def _in(self, seconds: float, action: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._later, (time.monotonic() + seconds, self._number, action))

    def _act(self) -> None:
        while self._later and self._later[0][0] <= time.monotonic():
            heapq.heappop(self._later)[2]()

    def _collect(self) -> None:
        self.client.drain()
        waiting = []
        for what, pending in self.pending:
            if not pending.done:
                waiting.append((what, pending))
                continue
            try:
                self.replies.append(pending.result(0))
            except Refused as refusal:
                self.refusals.append((what, refusal))
        self.pending = waiting

    def _hire(self) -> None:
        batch = self.client.batch()
        for number, agent in enumerate(self.agents):
            skills = {"tagalog": 1 + number % 5, "food" if number % 2 else "mobile": 1 + number % 4}
            if number % 3 == 0:
                skills = {"food": 2, "mobile": 3, "billing": 3, "tagalog": 4}
            batch.agent_upsert(agent, skills, capacity=(50, 75, 100, 125)[number % 4])
            batch.agent_state(agent, "ready")
        for outcome in batch.send():
            assert isinstance(outcome, Reply), outcome

    def _invite(self) -> None:
        while self.left and len(self.open) < 120:
            self.left -= 1
            self.count += 1
            name = f"talk-{self.count:05d}"
            self.open[name] = "queued"
            kind = self.random.random()
            text = self.random.choice(CALM if kind < 0.975 else UPSET)
            topic = self.random.choices(["food", "mobile", "billing"], [5, 4, 1])[0]
            channel = self.random.choices(["chat", "voice", "email", "social", "sms"], [80, 5, 7, 4, 4])[0]
            self._send(
                self.pipeline.conversation_message(
                    name, text, channel=channel, topic=topic, customer=f"customer-{self.count % 400}",
                    priority=self.random.choice([None, None, None, 20, 80]),
                ), "open",
            )  # fmt: skip
            if self.random.random() < 0.05:
                self._in(0.2, functools.partial(self._say, name, "Hello po, may tao po ba diyan?"))

    def _say(self, name: str, text: str) -> None:
        if name in self.open:
            self._send(self.pipeline.conversation_message(name, text), "say")

    def _react(self, event: Dict[str, Any]) -> None:
        kind = event["type"]
        if kind == "offer.made":
            self._answer(event["offer"], event["agent"])
        elif kind == "conversation.assigned":
            self._talk(event["conversation"], event["agent"])
        elif kind == "conversation.closed":
            if self.open.pop(event["conversation"], None) is not None:
                self.done += 1
        elif kind == "wrapup.started":
            conversation, agent = event["conversation"], event["agent"]
            self._in(0.05, lambda: self._send(self.pipeline.wrapup_done(agent, conversation), "wrapup"))
        elif kind == "agent.state_changed" and event["state"] == "away":
            agent = event["agent"]
            self._in(0.3, lambda: self._send(self.pipeline.agent_state(agent, "ready"), "ready"))

    def _answer(self, offer: str, agent: str) -> None:
        chance = self.random.random()
        delay = self.random.uniform(0, 0.05)
        if chance < 0.90:
            self._in(delay, lambda: self._send(self.pipeline.offer_accept(offer, agent), "accept"))
        elif chance < 0.97:
            self._in(delay, lambda: self._send(self.pipeline.offer_decline(offer, agent, reason="busy"), "decline"))
        # The rest is left to expire.

    def _talk(self, conversation: str, agent: str) -> None:
        chance = self.random.random()
        self._send(
            self.pipeline.conversation_message(conversation, "Magandang araw po!", from_="agent", agent=agent), "say"
        )
        if chance < 0.02 and self.grave < GRAVE_MAX:
            self.grave += 1
            self._in(0.02, lambda: self._say(conversation, self.random.choice(GRAVE)))
        elif chance < 0.3:
            self._in(0.02, lambda: self._say(conversation, "Opo, salamat po."))
        if chance > 0.9 and self.transfers.get(conversation, 0) < 2:
            self.transfers[conversation] = self.transfers.get(conversation, 0) + 1
            self._in(
                0.05, lambda: self._send(self.pipeline.conversation_transfer(conversation, "other team"), "transfer")
            )
        elif 0.85 < chance < 0.87:
            self._in(0.02, lambda: self._send(self.pipeline.agent_state(agent, "away", reason="printer"), "away"))
            self._close_later(conversation)
        else:
            self._close_later(conversation)

    def _close_later(self, conversation: str) -> None:
        delay = self.random.uniform(0.05, 0.2)
        self._in(delay, lambda: self._send(self.pipeline.conversation_close(conversation, "resolved"), "close"))
