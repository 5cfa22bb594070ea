"""What users of other routers complain about, where it takes the program itself; numbers as in docs/complaints.md."""

from __future__ import annotations

import json
import signal
import urllib.request
from typing import Any, Dict, List, Optional

import zmq

from conftest import NewDaemon
from daemon import PATIENCE, Daemon, eventually, run

QUICK = """
version: 1
offers:
  timeout: {chat: 5s, voice: 5s, email: 5s}
"""


def beat(socket: "zmq.Socket[bytes]", seconds: float) -> Optional[Dict[str, Any]]:
    if not socket.poll(int(seconds * 1_000)):
        return None
    return dict(json.loads(socket.recv_multipart()[1]))


def test_4_a_dispatcher_that_stands_still_is_seen_from_outside(daemon: Daemon) -> None:
    with zmq.Context.instance().socket(zmq.SUB) as socket:
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.SUBSCRIBE, b"main/heartbeat/")
        socket.connect(daemon.events)
        assert beat(socket, PATIENCE) is not None
        with urllib.request.urlopen(daemon.http + "/health/ready", timeout=PATIENCE) as answer:
            checks = {check["name"]: check for check in json.load(answer)["checks"]}
        assert checks["router"]["ok"] and "came round" in checks["router"]["detail"]

        daemon.send(signal.SIGSTOP)
        try:
            # What was on its way may still come; then there is silence for longer than a beat.
            while beat(socket, 2.5) is not None:
                pass
        finally:
            daemon.send(signal.SIGCONT)
        assert beat(socket, PATIENCE) is not None, "it goes on as if nothing had been"


def test_3_the_work_of_a_client_that_died_goes_to_somebody_else(daemon: Daemon) -> None:
    with daemon.client() as gone:
        gone.agent_upsert("ana", {})
        gone.agent_state("ana", "ready", ttl_s=10)
        gone.conversation_message("call", "", channel="voice")
        (offer,) = gone.state("offers").rows
        gone.offer_accept(offer["offer"], "ana")
    with daemon.client() as client:
        client.agent_upsert("ben", {})
        client.agent_state("ben", "ready")
        page = client.events_read(0, types=["agent.state_changed", "offer.made"])
        seen: List[Dict[str, Any]] = list(page["events"])

        def again() -> bool:
            nonlocal page
            page = client.events_read(page["next"], types=["agent.state_changed", "offer.made"], wait_ms=1_000)
            seen.extend(page["events"])
            return any(event["type"] == "offer.made" and event["agent"] == "ben" for event in seen)

        eventually(again, "ben is asked to take ana's call", seconds=PATIENCE + 10)
    lost = [event for event in seen if event["type"] == "agent.state_changed" and event.get("reason") == "lost"]
    assert [event["agent"] for event in lost] == ["ana"]


def test_6_a_second_daemon_on_the_same_journal_is_refused_and_the_first_goes_on(new_daemon: NewDaemon) -> None:
    first = new_daemon().start()
    second = new_daemon(data=first.data)
    answer = second.launch()
    assert answer.returncode == 75 and "kapwa: " in answer.stderr
    with first.client() as client:
        assert client.agent_upsert("ana", {}).seq > 0


def test_21_a_kill_changes_no_contact_no_break_and_no_place_in_line(new_daemon: NewDaemon) -> None:
    daemon = new_daemon().start()
    with daemon.client() as client:
        for agent in ("ana", "ben"):
            client.agent_upsert(agent, {})
        client.agent_state("ana", "ready")
        client.conversation_message("mine", "", channel="voice")
        (offer,) = client.state("offers").rows
        client.offer_accept(offer["offer"], "ana")
        client.agent_state("ben", "ready")
        client.break_start("ben", kind="meal", minutes=60)
        client.conversation_message("first", "", channel="voice")
        client.conversation_message("second", "", channel="voice", priority=100)
        before = {what: client.state(what).rows for what in ("agents", "conversations", "breaks")}
    daemon.kill()
    daemon.start()
    with daemon.client() as client:
        assert {what: client.state(what).rows for what in before} == before


def test_25_declined_and_not_answered_and_given_by_hand_are_told_apart(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules=QUICK).start()
    with daemon.client() as client:
        for agent in ("ana", "ben"):
            client.agent_upsert(agent, {})
            client.agent_state(agent, "ready")
        client.conversation_message("k1", "", channel="voice")
        (offer,) = client.state("offers").rows
        client.offer_decline(offer["offer"], offer["agent"], reason="my screen froze")
        other = "ben" if offer["agent"] == "ana" else "ana"
        expired = client.events_read(0, types=["offer.expired"], wait_ms=20_000)["events"]
        assert [event["agent"] for event in expired] == [other]
        client.agent_upsert("carla", {})
        client.conversation_assign("k1", "carla", as_="external")
    told = run("why", "k1", "--data", str(daemon.data)).stdout
    assert f"{offer['agent']} declined" in told and f"{other} did not answer" in told
    assert "another router gave it to carla, against not_ready. Kapwa did not choose." in told
    assert "my screen froze" not in told, "a person's words are not repeated"
