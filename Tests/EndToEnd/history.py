"""What was promised against what was kept: every reply that came, held against every event of the journal.

It knows the documents only, and looks for five things: an acknowledged command that is not there, one that happened
twice, a conversation at two agents, an offer beyond what an agent may carry, and an offer to somebody who owes or takes
a break that binds. Each event costs the same however long the history is, so that a thousand restarts can be watched.
``test_torture.py`` shows that each of the five is found.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Set, Tuple

from kapwa import Refused, Reply

Event = Mapping[str, Any]
#: What a command does at most once, by its type.
ONCE = {
    "agent.upsert": "agent.updated",
    "agent.state": "agent.state_changed",
    "conversation.message": "conversation.messaged",
    "conversation.transfer": "conversation.requeued",
    "conversation.close": "conversation.closed",
    "offer.accept": "conversation.assigned",
    "offer.decline": "offer.declined",
    "wrapup.done": "wrapup.ended",
    "break.start": "break.owed",
    "break.grant": "break.owed",
    "break.end": "break.ended",
}
#: No event has ever been read under this number.
UNREAD = 0


def fingerprint(event: Event) -> int:
    text = json.dumps(event, sort_keys=True, ensure_ascii=False).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") | 1


def content(reply: Reply) -> str:
    """A reply without the word that it was given before."""
    fields = {name: value for name, value in reply.fields.items() if name != "duplicate"}
    return json.dumps(fields, sort_keys=True, ensure_ascii=False)


@dataclass
class Agent:
    capacity: int
    presence: str = "offline"
    #: What is carried: offers, talks and wrap-up, each with its units.
    carries: Dict[Tuple[str, str], int] = field(default_factory=dict)
    owes: Set[str] = field(default_factory=set)
    takes: Set[str] = field(default_factory=set)

    @property
    def load(self) -> int:
        return sum(self.carries.values())


@dataclass
class Talk:
    state: str = "open"
    agent: Optional[str] = None
    messages: int = 0


class History:
    def __init__(self) -> None:
        self.broken: List[str] = []
        self.seq = 0
        self.sent: Dict[str, Tuple[str, str, int]] = {}
        self.answers: Dict[str, str] = {}
        self.acknowledged = 0
        self.repeated = 0
        self.refused: Dict[str, str] = {}
        self.agents: Dict[str, Agent] = {}
        self.talks: Dict[str, Talk] = {}
        self.offers: Dict[str, Tuple[str, str]] = {}
        self.counts: Dict[str, int] = {}
        self._prints = array("Q", [UNREAD])
        self._causes: List[Optional[str]] = [None]
        self._done: Set[Tuple[str, str]] = set()
        self._unseen: Dict[int, str] = {}
        self._messaged: Set[str] = set()
        self._order: Dict[Tuple[str, str], int] = {}

    def _say(self, kind: str, what: str) -> None:
        self.broken.append(f"{kind}: {what}")

    # What was said to the daemon, and what it said

    def send(self, command: Mapping[str, Any]) -> None:
        """A command leaves, for the first time or again."""
        about = str(command.get("conversation", ""))
        self.sent.setdefault(str(command["id"]), (str(command["type"]), about, len(self.sent)))

    def answer(self, command: str, outcome: "Reply | Refused") -> None:
        """A reply came; a later one to the same command must say the same."""
        if isinstance(outcome, Refused):
            if command in self.answers:
                self._say("lost", f"{command} was acknowledged and is now refused: {outcome}")
            self.refused[command] = outcome.code
            return
        said = content(outcome)
        before = self.answers.get(command)
        if before is None:
            self.answers[command] = said
            self.acknowledged += 1
            self._expect(command, outcome.seq)
        else:
            self.repeated += 1
            if outcome.seq and not outcome.duplicate:
                self._say("twice", f"{command} was acknowledged before and is carried out again at seq {outcome.seq}")
            if said != before:
                self._say("twice", f"{command} was answered {before} and is now answered {said}")

    def _expect(self, command: str, seq: int) -> None:
        """The last event of a command's own effects has the number that its reply gives."""
        if seq == 0:
            return
        if seq > self.seq:
            self._unseen[seq] = command
        elif self._causes[seq] != command:
            self._say("lost", f"{command} was acknowledged at seq {seq}, which is there of {self._causes[seq]}")

    def restarted(self, head: int) -> None:
        """The daemon is back, and its journal ends at ``head``."""
        if head < self.seq:
            self._say("lost", f"events up to {self.seq} were read, after the restart the journal ends at {head}")
        for seq, command in self._unseen.items():
            if seq > head:
                self._say("lost", f"{command} was acknowledged at seq {seq}, the journal ends at {head}")

    # What the journal says

    def reread(self, event: Event) -> None:
        """An event that may have been read before is the same still."""
        seq = event["seq"]
        if seq <= self.seq and self._prints[seq] != fingerprint(event):
            self._say("lost", f"event {seq} is another one than was read before: {event['type']}")

    def take(self, event: Event) -> None:
        seq, kind = event["seq"], event["type"]
        if seq != self.seq + 1:
            self._say("lost", f"event {seq} follows {self.seq}")
            while self.seq + 1 < seq:
                self._append(None, UNREAD)
        cause = event["cause"]["id"] if isinstance(event["cause"], dict) else None
        self._append(cause, fingerprint(event))
        self.counts[kind] = self.counts.get(kind, 0) + 1
        expected = self._unseen.pop(seq, None)
        if expected is not None and expected != cause:
            self._say("lost", f"{expected} was acknowledged at seq {seq}, which is there of {cause}")
        if cause is not None:
            self._caused(seq, kind, cause)
        handler = getattr(self, "_" + kind.replace(".", "_"), None)
        if handler is not None:
            handler(event)

    def _append(self, cause: Optional[str], mark: int) -> None:
        self.seq += 1
        self._causes.append(cause)
        self._prints.append(mark)

    def _caused(self, seq: int, kind: str, cause: str) -> None:
        if cause not in self.sent:
            self._say("twice", f"event {seq} ({kind}) is of {cause}, which nobody sent")
            return
        type_, about, number = self.sent[cause]
        if ONCE.get(type_) != kind:
            return
        if (cause, kind) in self._done:
            self._say("twice", f"{cause} brings a second {kind} at seq {seq}")
        self._done.add((cause, kind))
        if kind == "conversation.messaged":
            self._messaged.add(cause)
            # Ids begin with the name of their sender; what one sender says about one conversation keeps its order.
            key = (cause.split("-", 1)[0], about)
            if number < self._order.get(key, -1):
                self._say("order", f"{cause} was sent before what precedes it in {about}")
            self._order[key] = number

    # Agents

    def _agent_updated(self, event: Event) -> None:
        self.agents.setdefault(event["agent"], Agent(100)).capacity = event["capacity"]

    def _agent_state_changed(self, event: Event) -> None:
        self.agents[event["agent"]].presence = event["state"]

    def _break_owed(self, event: Event) -> None:
        if event["enforced"]:
            self.agents[event["agent"]].owes.add(event["break"])

    def _break_started(self, event: Event) -> None:
        agent = self.agents[event["agent"]]
        agent.owes.discard(event["break"])
        if event["enforced"]:
            agent.takes.add(event["break"])

    def _break_ended(self, event: Event) -> None:
        agent = self.agents[event["agent"]]
        agent.owes.discard(event["break"])
        agent.takes.discard(event["break"])

    def _wrapup_started(self, event: Event) -> None:
        self.agents[event["agent"]].carries["wrapup", event["conversation"]] = event["units"]

    def _wrapup_ended(self, event: Event) -> None:
        self.agents[event["agent"]].carries.pop(("wrapup", event["conversation"]), None)

    # Conversations

    def _conversation_opened(self, event: Event) -> None:
        name = event["conversation"]
        before = self.talks.get(name)
        if before is not None and before.state != "closed":
            self._say("twice", f"{name} opens at seq {event['seq']} while it is {before.state}")
        self.talks[name] = Talk()

    def _conversation_messaged(self, event: Event) -> None:
        self.talks[event["conversation"]].messages += 1

    def _conversation_queued(self, event: Event) -> None:
        self.talks[event["conversation"]].state = "queued"

    def _conversation_requeued(self, event: Event) -> None:
        self._leave(event["conversation"], "queued")

    def _conversation_closed(self, event: Event) -> None:
        if self.talks[event["conversation"]].state == "closed":
            self._say("twice", f"{event['conversation']} is closed again at seq {event['seq']}")
        self._leave(event["conversation"], "closed")

    def _leave(self, name: str, state: str) -> None:
        talk = self.talks[name]
        if talk.agent is not None:
            self.agents[talk.agent].carries.pop(("talk", name), None)
        talk.state, talk.agent = state, None

    def _conversation_updated(self, event: Event) -> None:
        talk = self.talks[event["conversation"]]
        if "assigned_units" in event and talk.agent is not None:
            self.agents[talk.agent].carries["talk", event["conversation"]] = event["assigned_units"]

    def _conversation_assigned(self, event: Event) -> None:
        name, who = event["conversation"], event["agent"]
        talk = self.talks[name]
        if talk.agent is not None:
            self._say("two agents", f"{name} goes to {who} at seq {event['seq']} and {talk.agent} has it still")
        self._drop(event.get("offer"))
        talk.state, talk.agent = "assigned", who
        self.agents[who].carries["talk", name] = event["units"]

    # Offers

    def _offer_made(self, event: Event) -> None:
        name, who, seq = event["conversation"], event["agent"], event["seq"]
        talk, agent = self.talks[name], self.agents[who]
        if talk.state != "queued":
            self._say("two agents", f"{name} is offered to {who} at seq {seq} while it is {talk.state}")
        if event["offer"] in self.offers:
            self._say("twice", f"{event['offer']} is made again at seq {seq}")
        if agent.owes or agent.takes:
            self._say("break", f"{who} {'owes' if agent.owes else 'takes'} a break and is asked at seq {seq}")
        if agent.presence != "ready":
            self._say("break", f"{who} is {agent.presence} and is asked at seq {seq}")
        load, units, admitted = agent.load, event["units"], event["capacity"]
        if event["load"] != load:
            self._say("capacity", f"{who} carries {load}, the offer at seq {seq} says {event['load']}")
        if load + units > admitted or admitted > (agent.capacity if load else max(agent.capacity, units)):
            of = f"{admitted} admitted of {agent.capacity}"
            self._say("capacity", f"{who} carries {load}, is asked for {units} more at seq {seq}, {of}")
        talk.state = "offered"
        self.offers[event["offer"]] = (who, name)
        agent.carries["offer", event["offer"]] = units

    def _offer_declined(self, event: Event) -> None:
        self._back(event)

    def _offer_expired(self, event: Event) -> None:
        self._back(event)

    def _offer_withdrawn(self, event: Event) -> None:
        self._back(event)

    def _back(self, event: Event) -> None:
        if event["offer"] not in self.offers:
            self._say("twice", f"{event['offer']} ends at seq {event['seq']} and is not open")
        self._drop(event["offer"])
        talk = self.talks[event["conversation"]]
        if talk.state == "offered":
            talk.state = "queued"

    def _drop(self, offer: Optional[str]) -> None:
        who, _ = self.offers.pop(offer or "", ("", ""))
        if who:
            self.agents[who].carries.pop(("offer", offer or ""), None)

    # The end

    def finish(self) -> List[str]:
        """Everything was read; what is still missing is lost."""
        for seq, command in sorted(self._unseen.items()):
            self._say("lost", f"{command} was acknowledged at seq {seq}, the journal ends at {self.seq}")
        caused = {cause for cause in self._causes if cause is not None}
        for command, code in self.refused.items():
            if command in caused:
                self._say("twice", f"{command} was refused ({code}) and happened all the same")
        for command in self.answers:
            if self.sent[command][0] == "conversation.message" and command not in self._messaged:
                self._say("lost", f"{command} was acknowledged and no message of it is there")
        return self.broken
