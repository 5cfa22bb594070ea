"""What reaches whom: nothing is lost and nothing comes twice over restarts, who stalls or vanishes hurts nobody, and
agents get customers while the daemon is away."""

from __future__ import annotations

import json
import pathlib
import signal
import socket
import threading
from typing import Any, Dict, List

import zmq

from conftest import NewDaemon
from daemon import PATIENCE, Daemon, eventually, run
from kapwa import Client, Events, Fallback, Pending, Presence, Refused


def same_doors(new_daemon: NewDaemon) -> Daemon:
    """A daemon that comes back where it was."""
    ports = []
    for _ in range(2):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            ports.append(taken.getsockname()[1])
    return new_daemon(commands=f"tcp://127.0.0.1:{ports[0]}", events=f"tcp://127.0.0.1:{ports[1]}")


def test_a_follower_over_restarts_loses_nothing_and_sees_no_decision_twice(new_daemon: NewDaemon) -> None:
    daemon = same_doors(new_daemon).start()
    seen: List[Dict[str, Any]] = []
    done = threading.Event()

    def follow() -> None:
        with Client(daemon.commands, timeout=120, resend=1) as client, Events(client, daemon.events, after=0) as events:
            while not done.is_set() or len(seen) < last[0]:
                event = events.next(0.2)
                if event is not None:
                    seen.append(event)

    last = [1 << 62]
    follower = threading.Thread(target=follow, daemon=True)
    with Client(daemon.commands, timeout=120, resend=1) as client:
        client.agent_upsert("ana", {"tagalog": 5}, capacity=1_000)
        client.agent_upsert("ben", {"tagalog": 5}, capacity=1_000)
        for agent in ("ana", "ben"):
            client.agent_state(agent, "ready")
        follower.start()
        taken = 0
        for number in range(60):
            client.conversation_message(f"c{number}", "Nasaan na po ang order ko?", channel="chat", id=f"m{number}")
            if number in (20, 40):
                daemon.kill()
                daemon.start()
            for row in client.state("offers").rows:
                try:
                    client.offer_accept(row["offer"], row["agent"], id=f"a-{row['offer']}")
                    client.conversation_close(row["conversation"], "resolved", id=f"e-{row['offer']}")
                    taken += 1
                except Refused as refusal:
                    assert refusal.code == "wrong_state", refusal
        last[0] = client.ping()["seq"]
    done.set()
    follower.join(PATIENCE * 2)
    assert not follower.is_alive(), "it has caught up"
    numbers = [event["seq"] for event in seen]
    assert numbers == list(range(1, len(numbers) + 1)), "each once, in order, without a hole"
    assert len(numbers) >= last[0] and taken >= 40
    offers = [event["offer"] for event in seen if event["type"] == "offer.made"]
    assert len(offers) == len(set(offers)), "no decision comes twice"
    assigned = [event["conversation"] for event in seen if event["type"] == "conversation.assigned"]
    assert len(assigned) == len(set(assigned)), "nobody is at two agents"
    messages = [event["conversation"] for event in seen if event["type"] == "conversation.messaged"]
    assert len(messages) == len(set(messages)) == 60, "each message counted once"


def test_what_is_sent_after_a_kill_comes_behind_what_was_lost_with_it(new_daemon: NewDaemon) -> None:
    daemon = same_doors(new_daemon).start()
    said: Dict[str, List[str]] = {f"c{number}": [] for number in range(5)}

    def say(count: int) -> List[Pending]:
        pendings = []
        for number in range(count):
            name = f"c{number % len(said)}"
            said[name].append(f"m{sum(map(len, said.values()))}")
            pendings.append(client.pipeline().conversation_message(name, "Opo", channel="chat", id=said[name][-1]))
        return pendings

    with Client(daemon.commands, timeout=PATIENCE, resend=3_600) as client:
        pendings = say(50)
        client.wait(pendings)
        for _ in range(3):
            # It stands still, so that what is sent now has arrived and is lost for certain.
            daemon.send(signal.SIGSTOP)
            pendings += say(50)
            client.drain()
            daemon.kill()
            pendings += say(50)
            client.drain()
            daemon.start()
            pendings += say(50)
            for pending in pendings:
                pending.result()
        came: Dict[str, List[str]] = {name: [] for name in said}
        for event in daemon.all_events():
            if event["type"] == "conversation.messaged":
                came[event["conversation"]].append(event["cause"]["id"])
    assert came == said, "each once, in the order of its conversation"


def test_subscribers_that_stop_or_vanish_hurt_nobody(daemon: Daemon) -> None:
    context = zmq.Context.instance()
    stalled = []
    for _ in range(20):
        one = context.socket(zmq.SUB)
        one.setsockopt(zmq.LINGER, 0)
        one.setsockopt(zmq.RCVHWM, 1)
        one.setsockopt(zmq.RCVBUF, 4_096)
        one.setsockopt(zmq.SUBSCRIBE, b"")
        one.connect(daemon.events)
        assert one.poll(int(PATIENCE * 1000)), "it is connected; from now on it reads nothing"
        stalled.append(one)
    with daemon.client() as client, Events(client, daemon.events, after=0) as reader:
        seen: List[int] = []
        for number in range(2_000):
            client.pipeline().conversation_message(f"c{number}", "Salamat po " * 20, channel="chat", hold=True)
            if number % 20 == 0:
                vanishing = context.socket(zmq.SUB)
                vanishing.setsockopt(zmq.SUBSCRIBE, b"main/")
                vanishing.connect(daemon.events)
                vanishing.close(linger=0)
            if number % 200 == 0:
                client.ping()
        head = client.ping()["seq"]
        seen = [event["seq"] for event in reader.read_until(head, timeout=PATIENCE * 2)]
        assert seen == list(range(1, head + 1)), "who reads gets everything"
        # Those who stalled read back what they missed.
        with Events(client, daemon.events, after=0) as late:
            assert len(late.read_until(head, timeout=PATIENCE * 2)) == head
    for one in stalled:
        one.close(linger=0)


def test_waiting_reads_are_bounded_for_each_connection(daemon: Daemon) -> None:
    with daemon.client(timeout=60) as greedy, daemon.client() as other:
        greedy.agent_upsert("ana", {})
        head = greedy.ping()["seq"]
        dealer = zmq.Context.instance().socket(zmq.DEALER)
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.connect(daemon.commands)
        for number in range(200):
            command = {"type": "events.read", "id": f"r{number}", "after": head, "wait_ms": 20_000}
            dealer.send_multipart([b"KAPWA1", json.dumps(command).encode()])
        refused = []
        while len(refused) < 200 - 64:
            assert dealer.poll(int(PATIENCE * 1000)), len(refused)
            answer = json.loads(dealer.recv_multipart()[-1])
            assert answer["error"]["code"] == "overloaded" and answer["error"]["retry_after_ms"] > 0
            refused.append(answer["id"])
        # Everybody else waits and is told as before, and so are the 64.
        waiting = other.pipeline().events_read(head, wait_ms=20_000)
        greedy.agent_upsert("ben", {})
        assert waiting.result(PATIENCE)["events"][0]["agent"] == "ben"
        told = 0
        while told < 64:
            assert dealer.poll(int(PATIENCE * 1000)), told
            assert json.loads(dealer.recv_multipart()[-1])["events"][0]["agent"] == "ben"
            told += 1
        dealer.close(linger=0)


def test_agents_get_customers_while_the_daemon_is_away_and_it_is_told(
    new_daemon: NewDaemon, tmp_path: pathlib.Path
) -> None:
    daemon = same_doors(new_daemon).start()
    with Client(daemon.commands, timeout=PATIENCE, resend=1) as client:
        for agent in ("ana", "ben", "carla", "dan"):
            client.agent_upsert(agent, {"tagalog": 3}, capacity=100)
        for agent in ("ana", "ben", "carla"):
            client.agent_state(agent, "ready")
        client.conversation_message("before", "Hello po", channel="chat")
        fallback = Fallback(client, path=str(tmp_path / "unreported"))
        there = Presence(client, patience=1, pause=0)
        with Events(client, daemon.events, after=fallback.refresh()) as events:
            # What a supervisor gives carla is learned from the events.
            carla = {"type": "break.grant", "agent": "carla", "minutes": 10, "reason": "x"}
            client.call({**carla, "by": {"role": "supervisor", "name": "Liza"}})
            for event in events.read_until(client.ping()["seq"], timeout=PATIENCE):
                fallback.follow(event)
        assert there()
        daemon.kill()
        eventually(lambda: not there(), "it is seen that nobody answers")
        chosen = [fallback.choose(f"f{number}", channel="chat", skills={"tagalog": 2}) for number in range(4)]
        assert chosen == ["ana", "ben", "ana", "ben"], "in turn; not who rests, not who is offline"
        daemon.start()
        eventually(there, "it answers again")
        told = fallback.report()
        assert [outcome.get("violations") for _, outcome in told if not isinstance(outcome, Refused)] == [[]] * 4
        assert fallback.unreported == []
        # The messages that waited follow, and add to what the agents have.
        for number in range(4):
            client.conversation_message(f"f{number}", "Nandito pa po ba kayo?")
        rows = {row["conversation"]: row for row in client.state("conversations").rows}
        assert {name: rows[name]["agent"] for name in ("f0", "f1", "f2", "f3")} == {
            "f0": "ana", "f1": "ben", "f2": "ana", "f3": "ben",
        }  # fmt: skip
        events_now = client.events_read(0, types=["conversation.assigned", "offer.made"], limit=10_000)["events"]
        external = [event for event in events_now if event.get("as") == "fallback"]
        assert [event["conversation"] for event in external] == ["f0", "f1", "f2", "f3"]
        assert not any(
            event["type"] == "offer.made" and event["conversation"].startswith("f") for event in events_now
        ), "nobody was asked for what somebody had already"
    verified = run("journal", "verify", "--data", str(daemon.data))
    assert verified.returncode in (0, 66), verified.stdout + verified.stderr
