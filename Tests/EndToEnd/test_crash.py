"""The process is killed while commands stream in: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Dict, List

from kapwa import Reply

from conftest import NewDaemon
from daemon import Daemon, run
from invariants import check

ROUNDS = 3
PER_ROUND = 400


def stream(number: int) -> List[Dict[str, Any]]:
    commands: List[Dict[str, Any]] = []
    for n in range(PER_ROUND // 2):
        name = f"r{number}-{n}"
        commands.append(
            {"type": "conversation.message", "id": f"open-{name}", "conversation": name, "from": "customer",
             "text": "Nasaan na po ang order ko?", "channel": "chat"})  # fmt: skip
        commands.append(
            {"type": "conversation.close", "id": f"close-{name}", "conversation": name, "outcome": "resolved"}
        )
    return commands


def digest(daemon: Daemon) -> str:
    """What a replay of the whole journal, in another process, makes of it."""
    answer = run("replay", "--data", str(daemon.data))
    assert answer.returncode == 0, answer.stderr
    tenants = {told["tenant"]: told for told in map(json.loads, answer.stdout.splitlines())}
    return str(tenants["main"]["digest"])


def test_every_acknowledged_command_survives_a_kill_and_none_happens_twice(new_daemon: NewDaemon) -> None:
    daemon = new_daemon()
    acknowledged: Dict[str, Reply] = {}
    cut = 0
    daemon.start()
    for number in range(ROUNDS):
        commands = stream(number)
        with daemon.client(resend=3_600) as client:
            pendings = [client.submit_all([command])[0] for command in commands]
            # Killed in the middle of the stream: after a tenth, a third, a half of the replies.
            wanted = PER_ROUND // (10, 3, 2)[number]
            client.wait(pendings[:wanted])
            daemon.kill()
            client.drain()
            before = {pending.id: pending.result(0) for pending in pendings if pending.done}
        acknowledged.update(before)
        cut += len(commands) - len(before)
        replayed = digest(daemon)

        daemon.start()
        assert replayed in daemon.logged(), "the digest at start must be that of a full replay"
        events = daemon.all_events()
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        started = [event for event in events if event["type"] == "daemon.started"]
        assert started[-1]["digest"] == replayed

        # Everything that was acknowledged is there; the rest may be sent again with the same ids.
        by_cause = Counter(event["cause"]["id"] for event in events if isinstance(event["cause"], dict))
        for command_id, reply in acknowledged.items():
            assert by_cause[command_id] > 0 and reply.seq <= len(events), command_id
        with daemon.client() as client:
            for pending in client.submit_all(commands):
                reply = pending.result()
                if pending.id in before:
                    assert reply.duplicate and reply.seq == before[pending.id].seq, pending.id
                acknowledged[pending.id] = reply

    assert cut > 0, "the kill came after the last reply: nothing was tested"
    events = daemon.all_events()
    opened = Counter(event["conversation"] for event in events if event["type"] == "conversation.opened")
    closed = Counter(event["conversation"] for event in events if event["type"] == "conversation.closed")
    assert len(opened) == len(closed) == ROUNDS * PER_ROUND // 2
    assert set(opened.values()) == set(closed.values()) == {1}
    assert check(events) == []
    assert daemon.stop() == 0
    assert digest(daemon) == digest(daemon)


def test_a_client_rides_through_a_kill_by_itself(new_daemon: NewDaemon) -> None:
    """The same ports again: the client resends what was cut off, and sees duplicates where it had been done."""
    first = new_daemon().start()
    with first.client(resend=0.5) as client:
        commands = stream(9)
        pendings = [client.submit_all([command])[0] for command in commands[:200]]
        client.wait(pendings[:40])
        first.kill()
        pendings += [client.submit_all([command])[0] for command in commands[200:]]
        second = new_daemon(data=first.data, commands=first.commands, events=first.events).start()
        replies = [pending.result(30) for pending in pendings]
        assert all(isinstance(reply, Reply) for reply in replies)
        events = second.all_events()
    causes = [e["cause"]["id"] for e in events if e["type"] in ("conversation.opened", "conversation.closed")]
    assert sorted(causes) == sorted(command["id"] for command in commands)
    assert check(events) == []


def test_a_clean_stop_keeps_what_was_said(new_daemon: NewDaemon) -> None:
    daemon = new_daemon().start()
    with daemon.client() as client:
        client.agent_upsert("ana", {"tagalog": 3})
        client.agent_state("ana", "ready")
        client.conversation_message("c1", "Kumusta po", channel="chat")
        rows = client.state("conversations").rows
    assert daemon.stop() == 0
    daemon.start()
    with daemon.client() as client:
        again = client.state("conversations").rows
        assert [row["conversation"] for row in again] == [row["conversation"] for row in rows] == ["c1"]
        assert client.state("agents").rows[0]["state"] == "ready"
        assert client.agent_upsert("ben", {"tagalog": 1}).seq > 0
