"""Whatever comes in gets a reply that says what was wrong; the daemon goes on and nothing is half done."""

from __future__ import annotations

import json
import os
import random
from typing import Any, Dict, Iterator, List

import pytest
import zmq

from daemon import Daemon
from raw import VERSION, Peer


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One for all of them: after everything that comes in here it must still be the same process."""
    with Daemon(tmp_path_factory.mktemp("bad-input")) as one:
        yield one
        assert one.running and one.stop() == 0


@pytest.fixture
def peer(daemon: Daemon) -> Iterator[Peer]:
    """At the end the daemon must still be there and have taken nothing in."""
    with Peer(daemon.commands) as one:
        before = one.command({"type": "ping", "id": "before"})["seq"]
        yield one
        after = one.command({"type": "ping", "id": "after"})
        assert after["ok"] is True and after["seq"] == before, "what is refused must leave no event"
    assert daemon.running


def refused(answers: List[Dict[str, Any]], *codes: str) -> Dict[str, Any]:
    assert len(answers) == 1, answers
    answer = answers[0]
    assert answer["ok"] is False and answer["error"]["code"] in codes, answer
    assert len(answer["error"]["message"]) > 10, "the message says what, where and what would be right"
    return answer


PING = json.dumps({"type": "ping", "id": "p"}).encode()


@pytest.mark.parametrize(
    "frames",
    [
        [b"KAPWA1"], [b"kapwa1", PING], [b"KAPWA", PING], [PING], [b"", PING], [b"KAPWA1 ", PING], [b"\xff" * 6, PING],
        [b"GET / HTTP/1.1\r\n\r\n"], [b"", b"KAPWA1"],
    ],
)  # fmt: skip
def test_broken_framing_gets_one_reply_without_an_id(peer: Peer, frames: List[bytes]) -> None:
    assert refused(peer.ask(frames), "malformed")["id"] is None


def test_another_version_is_told_what_is_spoken(peer: Peer) -> None:
    answer = refused(peer.ask([b"KAPWA2", PING, PING]), "unsupported_version")
    assert answer["id"] is None and answer["error"]["supported"] == ["KAPWA1"]


@pytest.mark.parametrize(
    "frame",
    [
        b"", b" ", b"{", b"}", b"[]", b"1", b"null", b"true", b'"x"', b"{}{}", b"{'a':1}", b'{"a":01}', b'{"a":+1}',
        b'{"a":NaN}', b'{"a":1,}', b'{"a":"\xff"}', b'{"\xc3\x28":1}', b'{"a":"\\x"}', b'{"a":"\\ud800"}',
        b'{"a":"\\u0000"}', b'{"a":"\x00"}', b'{"a":"\n"}', b'{"a":1,"a":1}',
        b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"\xef\xbb\xbf{}x", b'{"a":1e999}x', b'{"a":-9223372036854775809}', b"\x00" * 64, b"\xf4\x90\x80\x80",
    ],
)  # fmt: skip
def test_bytes_that_are_no_object_are_malformed(peer: Peer, frame: bytes) -> None:
    refused(peer.ask([VERSION, frame]), "malformed")


TYPES = [
    "agent.upsert", "agent.state", "agent.remove", "conversation.message", "conversation.update",
    "conversation.transfer", "conversation.assign", "conversation.close", "offer.accept", "offer.decline",
    "wrapup.done", "break.start", "break.end", "break.grant", "stress.report", "safety.acknowledge", "state.read",
    "events.read",
]  # fmt: skip
FIELDS = [
    "agent", "skills", "name", "capacity", "team", "attributes", "state", "ttl_s", "conversation", "from", "text",
    "return", "channel", "customer", "queue", "priority", "prefer_agent", "topic", "hold", "as", "override", "outcome",
    "offer", "disposition", "hard", "kind", "minutes", "what", "after", "limit", "types", "wait_ms", "at", "by",
    "tenant", "source",
]  # fmt: skip
VALUES: List[Any] = [
    0, -1, 2**63, -(2**63), 1.5, True, "", " ", "x" * 300, "é", "../..", [], [[]], {}, {"x": {}}, {"x": None},
    [1, "a"],
]  # fmt: skip


@pytest.mark.parametrize("type", TYPES)
def test_every_field_of_every_command_survives_values_of_the_wrong_kind(peer: Peer, type: str) -> None:
    commands = [
        {"type": type, "id": f"{field}-{n}", field: value} for field in FIELDS for n, value in enumerate(VALUES)
    ]
    frames = [VERSION, *(json.dumps(command).encode() for command in commands)]
    answers = peer.ask(frames)
    assert [answer["id"] for answer in answers] == [command["id"] for command in commands]
    for command, answer in zip(commands, answers):
        if answer["ok"]:
            assert type in ("state.read", "events.read"), (command, answer)
        else:
            assert answer["error"]["code"] in ("missing_field", "invalid_field", "too_large"), (command, answer)
            assert answer["error"].get("field") or type == "conversation.update", (command, answer)


def test_random_bytes_are_answered(peer: Peer) -> None:
    dice = random.Random(7)
    for _ in range(200):
        frame = bytes(dice.randrange(256) for _ in range(dice.randrange(200)))
        refused(peer.ask([VERSION, frame]), "malformed")


def test_mutilated_commands_are_answered(peer: Peer) -> None:
    """Bytes of a right command changed at random: a reply each, and no event, because the agent is not known."""
    dice = random.Random(8)
    right = json.dumps({"type": "offer.accept", "id": "m", "offer": "o1", "agent": "ana", "reason": "ñ"}).encode()
    for _ in range(300):
        wrong = bytearray(right)
        for _ in range(dice.randrange(1, 4)):
            wrong[dice.randrange(len(wrong))] = dice.randrange(256)
        (answer,) = peer.ask([VERSION, bytes(wrong)])
        assert answer["ok"] is False, (wrong, answer)


def test_a_frame_over_64_kib_is_too_large_and_costs_only_itself(peer: Peer) -> None:
    big = json.dumps({"type": "ping", "id": "big", "x": "y" * 65_536}).encode()
    first, second, third = peer.ask([VERSION, PING, big, PING])
    assert first["ok"] and third["ok"]
    assert second["ok"] is False and second["error"]["code"] == "too_large"


def test_a_thousand_commands_are_a_message_and_one_more_is_not(peer: Peer) -> None:
    pings = [json.dumps({"type": "ping", "id": f"p{n}"}).encode() for n in range(1_001)]
    answers = peer.ask([VERSION, *pings[:1_000]])
    assert [answer["id"] for answer in answers] == [f"p{n}" for n in range(1_000)]
    assert refused(peer.ask([VERSION, *pings]), "too_large")["id"] is None


def test_one_message_may_read_the_state_so_often_and_no_more(peer: Peer) -> None:
    reads = [b'{"type":"state.read","id":"r%d","what":"agents"}' % number for number in range(40)]
    answers = peer.ask([VERSION, *reads])
    assert [answer["ok"] for answer in answers] == [True] * 32 + [False] * 8
    assert {answer["error"]["code"] for answer in answers[32:]} == {"overloaded"}
    assert all(answer["error"]["retry_after_ms"] >= 100 for answer in answers[32:])


def test_a_message_over_4_mib_is_too_large(peer: Peer) -> None:
    frame = json.dumps({"type": "ping", "id": "p", "x": "y" * 60_000}).encode()
    assert refused(peer.ask([VERSION, *[frame] * 85]), "too_large")["id"] is None


def test_a_frame_over_a_mebibyte_cuts_the_connection_of_who_sent_it(daemon: Daemon) -> None:
    with Peer(daemon.commands) as rude, Peer(daemon.commands) as polite:
        assert rude.command({"type": "ping", "id": "a"})["ok"]
        rude.send([VERSION, b"x" * (2 * 1024 * 1024)])
        assert polite.command({"type": "ping", "id": "b"})["ok"]
        assert rude.receive(0.5) == []
    with Peer(daemon.commands) as again:
        assert again.command({"type": "ping", "id": "c"})["ok"]


def test_a_thousand_unknown_fields_are_ignored(daemon: Daemon) -> None:
    command: Dict[str, Any] = {"type": "agent.upsert", "id": "u", "agent": "ana", "skills": {"tagalog": 1}}
    command.update({f"unknown_{n}": n for n in range(1_000)})
    with Peer(daemon.commands) as peer:
        assert peer.command(command)["ok"] is True


@pytest.mark.parametrize("length, taken", [(0, True), (32 * 1024, True), (32 * 1024 + 1, False)])
def test_texts_have_a_limit_to_the_byte(daemon: Daemon, length: int, taken: bool) -> None:
    text = "ñ" * (length // 4) + "a" * (length - 2 * (length // 4))
    assert len(text.encode()) == length
    with Peer(daemon.commands) as peer:
        command = {"type": "conversation.message", "from": "customer", "channel": "chat", "text": text}
        answer = peer.command({**command, "id": f"t{length}", "conversation": f"c{length}"})
    assert answer["ok"] is taken, answer
    if not taken:
        assert answer["error"]["code"] == "too_large" and answer["error"]["field"] == "text"


def test_a_req_client_is_answered_in_its_own_framing(daemon: Daemon) -> None:
    with Peer(daemon.commands, zmq.REQ) as peer:
        for number in range(3):
            peer.send([VERSION, json.dumps({"type": "ping", "id": f"r{number}"}).encode()])
            version, reply = peer.receive(30)
            assert version == VERSION and json.loads(reply)["id"] == f"r{number}"


def test_a_req_client_is_told_of_broken_framing_too(daemon: Daemon) -> None:
    with Peer(daemon.commands, zmq.REQ) as peer:
        peer.send([b"nonsense"])
        version, reply = peer.receive(30)
        assert version == VERSION and json.loads(reply)["error"]["code"] == "malformed"


def test_a_peer_that_never_reads_its_replies_stops_nobody(daemon: Daemon) -> None:
    with Peer(daemon.commands) as deaf, Peer(daemon.commands) as other:
        deaf.socket.setsockopt(zmq.RCVHWM, 1)
        batch = [VERSION, *[PING] * 1_000]
        for _ in range(50):
            deaf.send(batch)
        for number in range(20):
            assert other.command({"type": "ping", "id": f"o{number}"})["ok"]


def test_bytes_that_are_no_zeromq_stop_nobody(daemon: Daemon) -> None:
    import socket

    host, _, port = daemon.commands.removeprefix("tcp://").rpartition(":")
    for junk in (b"GET / HTTP/1.1\r\n\r\n", os.urandom(4096), b""):
        with socket.create_connection((host, int(port)), timeout=10) as stranger:
            stranger.sendall(junk)
            with Peer(daemon.commands) as peer:
                assert peer.command({"type": "ping", "id": "s"})["ok"]
