"""Every command of the contract as a typed method; what happens with it is for the subclass to say."""

from __future__ import annotations

from typing import Any, Dict, Generic, Mapping, Optional, Sequence, TypeVar

Issued = TypeVar("Issued")
Person = Mapping[str, str]


class Commands(Generic[Issued]):
    """The vocabulary. ``None`` always means *absent*.

    Each method takes ``id`` (chosen when left out; keep it to send the same command again), ``at`` (RFC 3339, when it
    happened at the sender) and ``by`` (``{"role": …, "name": …}``, the person behind it) through ``common``.
    """

    def issue(self, type: str, fields: Mapping[str, Any], common: Mapping[str, Any]) -> Issued:
        """What becomes of a command: sent and waited for, sent and left pending, or put into a batch."""
        raise NotImplementedError

    # Agents

    def agent_upsert(
        self,
        agent: str,
        skills: Optional[Mapping[str, int]] = None,
        *,
        name: Optional[str] = None,
        capacity: Optional[int] = None,
        team: Optional[str] = None,
        attributes: Optional[Mapping[str, Any]] = None,
        **common: Any,
    ) -> Issued:
        """Creates an agent, offline at first, or changes one. ``skills`` is required the first time."""
        fields = {
            "agent": agent,
            "skills": None if skills is None else dict(skills),
            "name": name,
            "capacity": capacity,
            "team": team,
            "attributes": None if attributes is None else dict(attributes),
        }
        return self.issue("agent.upsert", fields, common)

    def agent_state(
        self, agent: str, state: str, *, reason: Optional[str] = None, ttl_s: Optional[int] = None, **common: Any
    ) -> Issued:
        """Presence: ``ready``, ``away`` or ``offline``. ``ttl_s`` makes it a lease; renew it by saying it again."""
        fields = {"agent": agent, "state": state, "reason": reason, "ttl_s": ttl_s}
        return self.issue("agent.state", fields, common)

    def agent_shift(
        self,
        agent: str,
        starts_at: str,
        ends_at: str,
        *,
        meal_at: Optional[str] = None,
        zone: Optional[str] = None,
        **common: Any,
    ) -> Issued:
        """When the agent works: planned breaks are counted from it. Times in RFC 3339, at most 24 h apart.

        >>> kapwa.agent_shift("ana", "2026-11-22T06:00:00+08:00", "2026-11-22T15:00:00+08:00")
        """
        fields = {"agent": agent, "starts_at": starts_at, "ends_at": ends_at, "meal_at": meal_at, "zone": zone}
        return self.issue("agent.shift", fields, common)

    def agent_remove(self, agent: str, reason: str, **common: Any) -> Issued:
        """Takes the agent off the floor; their conversations go back to the queue at once."""
        return self.issue("agent.remove", {"agent": agent, "reason": reason}, common)

    # Conversations

    def conversation_message(
        self,
        conversation: str,
        text: str,
        *,
        from_: str = "customer",
        agent: Optional[str] = None,
        return_: Optional[Sequence[str]] = None,
        language: Optional[str] = None,
        channel: Optional[str] = None,
        customer: Optional[str] = None,
        queue: Optional[str] = None,
        skills: Optional[Mapping[str, int]] = None,
        priority: Optional[int] = None,
        prefer_agent: Optional[str] = None,
        topic: Optional[str] = None,
        attributes: Optional[Mapping[str, Any]] = None,
        hold: Optional[bool] = None,
        **common: Any,
    ) -> Issued:
        """A message; the first of a conversation opens it and needs ``channel``."""
        fields: Dict[str, Any] = {
            "conversation": conversation,
            "from": from_,
            "text": text,
            "agent": agent,
            "return": None if return_ is None else list(return_),
            "language": language,
            "channel": channel,
            "customer": customer,
            "queue": queue,
            "skills": None if skills is None else dict(skills),
            "priority": priority,
            "prefer_agent": prefer_agent,
            "topic": topic,
            "attributes": None if attributes is None else dict(attributes),
            "hold": hold,
        }
        return self.issue("conversation.message", fields, common)

    def conversation_update(
        self,
        conversation: str,
        *,
        customer: Optional[str] = None,
        topic: Optional[str] = None,
        queue: Optional[str] = None,
        skills: Optional[Mapping[str, int]] = None,
        priority: Optional[int] = None,
        attributes: Optional[Mapping[str, Any]] = None,
        **common: Any,
    ) -> Issued:
        """Changes what is known of a conversation; what is left out stays."""
        fields = {
            "conversation": conversation,
            "customer": customer,
            "topic": topic,
            "queue": queue,
            "skills": None if skills is None else dict(skills),
            "priority": priority,
            "attributes": None if attributes is None else dict(attributes),
        }
        return self.issue("conversation.update", fields, common)

    def conversation_transfer(
        self,
        conversation: str,
        reason: str,
        *,
        skills: Optional[Mapping[str, int]] = None,
        queue: Optional[str] = None,
        agent: Optional[str] = None,
        **common: Any,
    ) -> Issued:
        """Back to the queue with its original age; ``agent`` is the only candidate for the first 60 s."""
        fields = {
            "conversation": conversation,
            "reason": reason,
            "skills": None if skills is None else dict(skills),
            "queue": queue,
            "agent": agent,
        }
        return self.issue("conversation.transfer", fields, common)

    def conversation_assign(
        self,
        conversation: str,
        agent: str,
        as_: str,
        *,
        reason: Optional[str] = None,
        override: Optional[Sequence[str]] = None,
        **common: Any,
    ) -> Issued:
        """Tells of an assignment that Kapwa did not choose: ``external``, ``fallback`` or ``supervisor``."""
        fields = {
            "conversation": conversation,
            "agent": agent,
            "as": as_,
            "reason": reason,
            "override": None if override is None else list(override),
        }
        return self.issue("conversation.assign", fields, common)

    def conversation_close(self, conversation: str, outcome: str, **common: Any) -> Issued:
        """Ends it: ``resolved``, ``abandoned``, ``self_service``, ``spam``, ``callback`` or ``ended_abuse``."""
        return self.issue("conversation.close", {"conversation": conversation, "outcome": outcome}, common)

    def conversation_retag(
        self, conversation: str, tags: Mapping[str, int], *, by: Person, reason: str, **common: Any
    ) -> Issued:
        """A supervisor corrects what was read: each tag 1 (holds) or 0 (does not).

        >>> kapwa.conversation_retag(
        ...     "c-17", {"abuse": 0}, by={"role": "supervisor", "name": "Liza"}, reason="a joke among friends")
        """
        fields = {"conversation": conversation, "tags": dict(tags), "reason": reason}
        return self.issue("conversation.retag", fields, {**common, "by": dict(by)})

    def followup_done(self, conversation: str, **common: Any) -> Issued:
        """What was promised to the customer is done.

        >>> kapwa.followup_done("c-17")
        """
        return self.issue("followup.done", {"conversation": conversation}, common)

    def feedback_record(
        self,
        conversation: str,
        *,
        csat: Optional[int] = None,
        nps: Optional[int] = None,
        comment: Optional[str] = None,
        **common: Any,
    ) -> Issued:
        """What the customer said afterwards: ``csat`` 1–5, ``nps`` 0–10, a ``comment`` that is scored and dropped.

        >>> kapwa.feedback_record("c-17", csat=4, comment="Mabait po si Ben, salamat.")
        """
        fields = {"conversation": conversation, "csat": csat, "nps": nps, "comment": comment}
        return self.issue("feedback.record", fields, common)

    # What many write about, and whom not to bring together

    def incident_declare(
        self, topic: str, until: str, *, by: Person, reason: str, text: Optional[str] = None, **common: Any
    ) -> Issued:
        """Something happened that many will write about; ``until`` in RFC 3339, at most 4 h ahead.

        >>> kapwa.incident_declare(
        ...     "late_order", "2026-11-21T21:30:00Z", by={"role": "supervisor", "name": "Liza"}, reason="flood in Cebu")
        """
        fields = {"topic": topic, "until": until, "reason": reason, "text": text}
        return self.issue("incident.declare", fields, {**common, "by": dict(by)})

    def incident_end(self, topic: str, *, by: Person, **common: Any) -> Issued:
        """It is over.

        >>> kapwa.incident_end("late_order", by={"role": "supervisor", "name": "Liza"})
        """
        return self.issue("incident.end", {"topic": topic}, {**common, "by": dict(by)})

    def affinity_lift(
        self, customer: str, agent: str, *, by: Person, reason: str, agreed: bool, **common: Any
    ) -> Issued:
        """A customer may be routed to an agent again; ``agreed`` once the agent was asked and said yes.

        >>> kapwa.affinity_lift(
        ...     "mila", "ben", by={"role": "supervisor", "name": "Liza"}, reason="they talked it over", agreed=True)
        """
        fields = {"customer": customer, "agent": agent, "reason": reason, "agreed": agreed}
        return self.issue("affinity.lift", fields, {**common, "by": dict(by)})

    # Offers and wrap-up

    def offer_accept(self, offer: str, agent: str, *, reason: Optional[str] = None, **common: Any) -> Issued:
        return self.issue("offer.accept", {"offer": offer, "agent": agent, "reason": reason}, common)

    def offer_decline(self, offer: str, agent: str, *, reason: Optional[str] = None, **common: Any) -> Issued:
        return self.issue("offer.decline", {"offer": offer, "agent": agent, "reason": reason}, common)

    def wrapup_done(
        self,
        agent: str,
        conversation: str,
        *,
        disposition: Optional[str] = None,
        hard: Optional[bool] = None,
        **common: Any,
    ) -> Issued:
        """Ends the agent's work after the contact; ``hard`` is the agent's word for it."""
        fields = {"agent": agent, "conversation": conversation, "disposition": disposition, "hard": hard}
        return self.issue("wrapup.done", fields, common)

    # Care

    def break_start(
        self,
        agent: str,
        *,
        kind: Optional[str] = None,
        minutes: Optional[int] = None,
        reason: Optional[str] = None,
        **common: Any,
    ) -> Issued:
        """The agent's own break: starts now, or becomes owed while contacts are live."""
        return self.issue("break.start", {"agent": agent, "kind": kind, "minutes": minutes, "reason": reason}, common)

    def break_end(self, agent: str, *, reason: Optional[str] = None, **common: Any) -> Issued:
        """Ends a break early: the agent, or a supervisor (``by``) with a reason."""
        return self.issue("break.end", {"agent": agent, "reason": reason}, common)

    def break_postpone(
        self,
        agent: str,
        *,
        kind: Optional[str] = None,
        minutes: Optional[int] = None,
        reason: Optional[str] = None,
        **common: Any,
    ) -> Issued:
        """The agent moves an owed or planned break, once and by at most 15 minutes.

        >>> kapwa.break_postpone("ana", kind="meal", minutes=10)
        """
        fields = {"agent": agent, "kind": kind, "minutes": minutes, "reason": reason}
        return self.issue("break.postpone", fields, common)

    def break_grant(
        self, agent: str, *, by: Person, reason: str, minutes: Optional[int] = None, **common: Any
    ) -> Issued:
        """A supervisor gives a break."""
        fields = {"agent": agent, "minutes": minutes, "reason": reason}
        return self.issue("break.grant", fields, {**common, "by": dict(by)})

    def stress_report(self, agent: str, *, conversation: Optional[str] = None, **common: Any) -> Issued:
        """ "That was hard": always believed, once per contact."""
        return self.issue("stress.report", {"agent": agent, "conversation": conversation}, common)

    def safety_acknowledge(self, conversation: str, *, by: Person, **common: Any) -> Issued:
        """Somebody looks after the person in danger."""
        return self.issue("safety.acknowledge", {"conversation": conversation}, {**common, "by": dict(by)})

    # Reads

    def state_read(
        self,
        what: str,
        *,
        row: Optional[str] = None,
        after: Optional[str] = None,
        limit: Optional[int] = None,
        **common: Any,
    ) -> Issued:
        """One page of rows as they are now.

        ``what`` is ``agents``, ``conversations``, ``offers``, ``breaks``, ``queues``, ``followups`` or ``incidents``.
        ``row`` asks for one row alone, by its name.
        """
        return self.issue("state.read", {"what": what, "row": row, "after": after, "limit": limit}, common)

    def queue_estimate(
        self, *, conversation: Optional[str] = None, queue: Optional[str] = None, **common: Any
    ) -> Issued:
        """``position`` and, once something is known, ``wait_ms`` with ``p50`` and ``p90``; of one of the two.

        >>> kapwa.queue_estimate(queue="main").fields.get("wait_ms")
        """
        return self.issue("queue.estimate", {"conversation": conversation, "queue": queue}, common)

    def events_read(
        self,
        after: int,
        *,
        limit: Optional[int] = None,
        types: Optional[Sequence[str]] = None,
        wait_ms: Optional[int] = None,
        **common: Any,
    ) -> Issued:
        """Events after a sequence number; with ``wait_ms``, alone in its message, waits for the first."""
        fields = {"after": after, "limit": limit, "types": None if types is None else list(types), "wait_ms": wait_ms}
        return self.issue("events.read", fields, common)

    def ping(self, **common: Any) -> Issued:
        return self.issue("ping", {}, common)
