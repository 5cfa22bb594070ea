"""What one client says about one conversation arrives in the order in which it was said, whatever the daemon does."""

from __future__ import annotations

import socket
import time
from typing import Any, Dict, Iterator, List

import pytest
from fake import Fake

from kapwa import Client, Pending, TimedOut

#: Longer than any of these tests: what is sent again earlier is sent for another reason.
NEVER = 3_600.0


def silent(fake: Fake, command: Dict[str, Any]) -> None:
    """As one that is killed before it answers."""


def say(client: Client, *names: str, conversation: str = "c1") -> List[Pending]:
    pipeline = client.pipeline()
    return [pipeline.conversation_message(conversation, "hi", channel="chat", id=name) for name in names]


def ids(fake: Fake) -> List[str]:
    return [command["id"] for command in fake.seen if command["type"] != "ping"]


def arrived(fake: Fake, count: int) -> None:
    deadline = time.monotonic() + 10
    while len(fake.seen) < count:
        assert time.monotonic() < deadline, fake.seen


@pytest.fixture
def place() -> Iterator[str]:
    """Where nobody listens yet."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    yield f"tcp://127.0.0.1:{port}"


def test_nothing_newer_overtakes_what_was_lost_with_the_connection() -> None:
    with Fake(silent) as dying, Client(dying.commands_endpoint, resend=NEVER, timeout=20) as client:
        pendings = say(client, "m1", "m2")
        arrived(dying, 2)
        dying.__exit__()
        pendings += say(client, "m3", "m4")
        client.drain()
        pendings += say(client, "m5")
        with Fake(commands=dying.commands_endpoint) as back:
            pendings += say(client, "m6")
            assert [pending.result().seq for pending in pendings] == [1, 2, 3, 4, 5, 6]
            assert list(dict.fromkeys(ids(back))) == ["m1", "m2", "m3", "m4", "m5", "m6"]


def test_nothing_newer_overtakes_what_is_sent_again_because_no_reply_came() -> None:
    heard: List[str] = []

    def deaf_at_first(fake: Fake, command: Dict[str, Any]) -> "Dict[str, Any] | None":
        heard.append(command["id"])
        return fake.carry_out(command) if len(heard) > 2 else None

    with Fake(deaf_at_first) as fake, Client(fake.commands_endpoint, resend=0.2, timeout=20) as client:
        pendings = say(client, "m1", "m2")
        client.wait(pendings)
        for pending in pendings + say(client, "m3"):
            pending.result()
        assert heard == ["m1", "m2", "m1", "m2", "m3"]


def test_who_said_nothing_meanwhile_is_answered_at_once_by_a_daemon_that_came_back() -> None:
    with Fake() as dying, Client(dying.commands_endpoint, resend=NEVER, timeout=20) as client:
        client.ping()
        dying.__exit__()
        with Fake(commands=dying.commands_endpoint) as back:
            assert client.agent_state("ana", "ready", id="a1").seq == 1
            assert ids(back) == ["a1"]


def test_a_daemon_that_is_not_there_yet_is_waited_for(place: str) -> None:
    with Client(place, resend=NEVER, timeout=20) as client:
        pendings = say(client, "m1", "m2")
        client.wait(pendings, 0.3)
        assert client.unanswered == 2 and client.reconnects > 0
        with Fake(commands=place) as fake:
            assert [pending.result().seq for pending in pendings] == [1, 2]
            assert ids(fake) == ["m1", "m2"]


@pytest.mark.parametrize("host", ["127.0.0.1", "nobody.invalid"])
def test_a_daemon_that_never_comes_is_given_up_in_time_and_not_hammered(place: str, host: str) -> None:
    began = time.monotonic()
    with Client(place.replace("127.0.0.1", host), resend=NEVER, timeout=1) as client:
        with pytest.raises(TimedOut):
            client.ping()
        assert 1 <= time.monotonic() - began < 10
        assert client.reconnects <= 8, "the pauses become longer"


def test_a_reply_that_had_come_before_the_end_is_taken() -> None:
    with Fake() as dying, Client(dying.commands_endpoint, resend=NEVER, timeout=5) as client:
        pending = say(client, "m1")[0]
        assert client._socket is not None and client._socket.poll(5_000), "it is here, and nobody has read it"
        dying.__exit__()
        assert client._handshakes is not None and client._handshakes.socket.poll(5_000), "the end is known too"
        assert not pending.result().duplicate and client.reconnects == 0


class Busy:
    """Refuses these commands so many times each, asking them to come again later."""

    def __init__(self, times: Dict[str, int], wait_ms: int = 100) -> None:
        self.times = times
        self.wait_ms = wait_ms

    def __call__(self, fake: Fake, command: Dict[str, Any]) -> "Dict[str, Any] | None":
        left = self.times.get(command["id"], 0)
        if left == 0:
            return fake.carry_out(command)
        self.times[command["id"]] = left - 1
        # Whoever came later is told the shorter time.
        later = len(fake.seen)
        return fake.no(command, "overloaded", retry_after_ms=max(self.wait_ms // later, 1))


def test_newer_commands_wait_behind_one_of_their_conversation_that_was_told_to_wait() -> None:
    with Fake(Busy({"m1": 2})) as fake, Client(fake.commands_endpoint, timeout=20) as client:
        first = say(client, "m1")
        client.ping()
        others = say(client, "m2", "m3") + say(client, "n1", conversation="c2")
        state = client.pipeline().agent_state("ana", "ready", id="a1")
        for pending in [*others, *first, state]:
            pending.result()
        assert ids(fake) == ["m1", "n1", "a1", "m1", "m1", "m2", "m3"], "others are free to go"


def test_commands_that_were_told_to_wait_keep_their_order_whatever_their_times() -> None:
    with Fake(Busy({"m1": 1, "m2": 1, "m3": 1})) as fake, Client(fake.commands_endpoint, timeout=20) as client:
        for pending in reversed(say(client, "m1", "m2", "m3")):
            pending.result()
        assert ids(fake) == ["m1", "m2", "m3", "m1", "m2", "m3"]


def test_who_waits_behind_a_command_that_is_given_up_goes_next() -> None:
    with Fake(Busy({"m1": 1_000}, wait_ms=1)) as fake, Client(fake.commands_endpoint, timeout=20) as client:
        first = say(client, "m1")[0]
        client.ping()
        second = say(client, "m2")[0]
        with pytest.raises(TimedOut):
            first.result(0.1)
        assert second.result().seq == 1
        assert client.unanswered == 0


def test_a_batch_leaves_but_for_those_who_must_wait() -> None:
    with Fake(Busy({"m1": 1})) as fake, Client(fake.commands_endpoint, timeout=20) as client:
        first = say(client, "m1")[0]
        client.ping()
        batch = client.batch()
        for number, conversation in ((2, "c1"), (3, "c2"), (4, "c1")):
            batch.conversation_message(conversation, "hi", id=f"m{number}")
        assert [outcome.seq for outcome in batch.send()] == [3, 1, 4]
        assert first.result().seq == 2
        assert ids(fake) == ["m1", "m3", "m1", "m2", "m4"]


def test_the_same_name_at_two_tenants_is_two_conversations() -> None:
    with Fake(Busy({"m1": 1})) as fake, Client(fake.commands_endpoint, timeout=20) as client:
        first = say(client, "m1")[0]
        client.ping()
        client.conversation_message("c1", "hi", id="n1", tenant="north")
        first.result()
        assert ids(fake) == ["m1", "n1", "m1"]
