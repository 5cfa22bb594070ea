"""What everybody hears, and what is the agent's own: public forms, private copies, and what no topic says."""

from __future__ import annotations

import datetime
import json
import time
from typing import Any, Dict, List, Tuple

import zmq

from conftest import NewDaemon
from daemon import PATIENCE, Daemon
from kapwa import Client

LIZA = {"role": "supervisor", "name": "Liza"}
HELLO = "Magandang umaga po, may tanong lang ako."
THREAT = "Hoy, papatayin kita! Aabangan kita sa labas."


class Feed:
    """Everything that the events socket says, by topic."""

    def __init__(self, daemon: Daemon) -> None:
        self._socket: "zmq.Socket[bytes]" = zmq.Context.instance().socket(zmq.SUB)
        self._socket.setsockopt(zmq.SUBSCRIBE, b"main/")
        self._socket.connect(daemon.events)
        self.heard: List[Tuple[str, Dict[str, Any]]] = []
        self.until(lambda topic, _: topic == "main/heartbeat/")

    def until(self, wanted: Any) -> Dict[str, Any]:
        """Listens until something is heard for which ``wanted(topic, event)`` holds."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._socket.poll(100):
                topic, payload = self._socket.recv_multipart()
                self.heard.append((topic.decode(), json.loads(payload)))
                if wanted(*self.heard[-1]):
                    return self.heard[-1][1]
        raise AssertionError(f"not heard among {sorted({topic for topic, _ in self.heard})}")

    def on(self, topic: str) -> List[Dict[str, Any]]:
        return [event for heard, event in self.heard if heard == topic]

    def all_up_to(self, seq: int) -> "Feed":
        """Listens until a heartbeat says that nothing up to ``seq`` is still to come."""
        self.until(lambda topic, event: topic == "main/heartbeat/" and event["seq"] >= seq)
        return self

    def __enter__(self) -> "Feed":
        return self

    def __exit__(self, *_: Any) -> None:
        self._socket.close(linger=0)


def ready(client: Client, *agents: str) -> None:
    for agent in agents:
        client.agent_upsert(agent, {"tagalog": 3})
        client.agent_state(agent, "ready")


def offered(feed: Feed, conversation: str) -> str:
    """The offer that was made for it."""
    heard = feed.until(lambda topic, event: "/offer.made/" in topic and event["conversation"] == conversation)
    return str(heard["offer"])


def later(**by: float) -> str:
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**by)).isoformat(timespec="seconds")


def test_advice_is_heard_by_its_agent_whole_and_by_others_without_what_it_costs(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules="routing: {mode: advise}\n").start()
    with daemon.client() as client, Feed(daemon) as feed:
        ready(client, "ana", "ben")
        client.conversation_message("c1", HELLO, channel="chat")
        whole = feed.until(lambda topic, event: "/private/" in topic and event["type"] == "offer.advised")
        feed.all_up_to(client.ping().seq)
    agent = whole["agent"]
    assert whole["mode"] == "advise" and "prev" not in whole
    assert {"cost", "tier"} <= set(whole["decision"]["winner"]) and "runner_up" not in whole["decision"]
    (public,) = feed.on(f"main/offer.advised/{agent}/")
    assert public["seq"] == whole["seq"] and "prev" in public
    for candidate in (public["decision"]["winner"], public["decision"]["runner_up"]):
        assert not {"cost", "tier"} & set(candidate) and candidate["terms"]["care"] in ("low", "middle", "high")
    assert [topic for topic, _ in feed.heard if topic.startswith("main/offer.made/")] == []


def test_advice_that_is_only_observed_is_nobodys_own(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules="routing: {mode: observe}\n").start()
    with daemon.client() as client, Feed(daemon) as feed:
        ready(client, "ana")
        client.conversation_message("c1", HELLO, channel="chat")
        feed.until(lambda topic, _: topic == "main/offer.advised/ana/")
        feed.all_up_to(client.ping().seq)
    assert feed.on("main/private/ana/") == []


def test_a_hard_contact_is_told_to_the_agent_and_shown_to_others_as_care(daemon: Daemon) -> None:
    with daemon.client() as client, Feed(daemon) as feed:
        ready(client, "ana")
        client.conversation_message("c1", HELLO, channel="chat", customer="juan")
        client.offer_accept(offered(feed, "c1"), "ana")
        client.conversation_message("c1", THREAT)
        feed.all_up_to(client.ping().seq)
    private = {event["type"] for event in feed.on("main/private/ana/")}
    assert {"offer.made", "agent.stressed"} <= private
    assert not [topic for topic, _ in feed.heard if topic.startswith("main/agent.stressed/")]
    (apart,) = feed.on("main/affinity.set/")
    assert apart["kind"] == "care" and apart["agent"] == "ana"
    (owed,) = feed.on("main/break.owed/ana/")
    assert (owed["kind"], owed["reason"]) == ("care", "care")
    assert not {"because", "immediate", "minimum_minutes"} & set(owed)
    full = {event["type"]: event for event in daemon.all_events()}
    assert full["affinity.set"]["kind"] == "threat" and full["break.owed"]["because"] == "threat"


def test_that_a_talk_is_suggested_is_heard_and_read_by_nobody_without_a_role_for_it(daemon: Daemon) -> None:
    with daemon.client() as client, Feed(daemon) as feed:
        ready(client, "ana")
        for number in range(5):
            client.conversation_message(f"c{number}", HELLO, channel="chat", hold=True)
            client.conversation_assign(f"c{number}", "ana", "external")
            client.stress_report("ana", conversation=f"c{number}")
        seq = client.ping().seq
        feed.all_up_to(seq)
        read = daemon.all_events()
        last = client.events_read(0, limit=10_000)
    assert not [topic for topic, _ in feed.heard if "talk" in topic]
    assert "talk.suggested" not in {event["type"] for event in read}
    assert len(read) == seq - 2, "the fourth report and the fifth"
    assert last["next"] == last["head"] == seq


def test_a_shift_an_incident_feedback_and_an_estimate(daemon: Daemon) -> None:
    with daemon.client() as client, Feed(daemon) as feed:
        ready(client, "ana")
        client.agent_shift("ana", later(hours=-1), later(hours=8), meal_at=later(hours=3))
        (meal,) = client.state("breaks").rows
        assert (meal["kind"], meal["state"]) == ("meal", "planned") and meal["earliest"] < meal["start_by"]
        moved = client.break_postpone("ana", kind="meal", minutes=10)
        assert client.state("breaks").rows[0]["earliest"] > meal["earliest"] and moved.seq > 0
        assert set(client.state("agents").rows[0]["shift"]) == {"starts_at", "ends_at", "meal_at"}

        client.incident_declare(
            "late_order", later(hours=1), by=LIZA, reason="flood", text="Baha sa Cebu: two hours later."
        )
        assert client.queue_estimate(queue="main")["position"] == 1
        client.conversation_message("c1", HELLO, channel="chat", topic="late_order")
        made = feed.until(lambda topic, event: topic == "main/private/ana/" and event["type"] == "offer.made")
        assert "Baha sa Cebu" in made["brief"]["incident"]
        client.offer_accept(made["offer"], "ana")
        (row,) = client.state("incidents").rows
        assert row["topic"] == "late_order" and row["until"] > row["declared_at"]
        client.incident_end("late_order", by=LIZA)
        assert client.state("incidents").rows == []

        client.conversation_close("c1", "callback")
        assert [row["conversation"] for row in client.state("followups").rows] == ["c1"]
        client.followup_done("c1")
        assert client.state("followups").rows == []
        client.feedback_record("c1", csat=5, comment="Maraming salamat po, ang bait ninyo!")
        feed.all_up_to(client.ping().seq)
    (said,) = feed.on("main/feedback.recorded/")
    assert said["csat"] == 5 and said["polarity"] > 0 and said["agent"] == "ana" and "comment" not in said
    for event in feed.on("main/offer.made/ana/"):
        assert "brief" not in event


def test_a_correction_moves_what_waits_and_names_who_made_it(daemon: Daemon) -> None:
    with daemon.client() as client, Feed(daemon) as feed:
        client.conversation_message("c1", HELLO, channel="chat")
        client.conversation_retag("c1", {"urgency": 1}, by=LIZA, reason="he called too: no light since noon")
        (row,) = client.state("conversations").rows
        assert row["placement"]["points"] > 0 and row["mood"]["urgency"] == 1
        feed.all_up_to(client.ping().seq)
    (told,) = feed.on("main/conversation.retagged/")
    assert told["corrected"] == ["urgency"] and told["by"] == "supervisor"
    assert "no light" not in json.dumps(told)
