from __future__ import annotations

import doctest
import inspect
import json
import pathlib
import time

import pytest
from fake import Fake

from kapwa import Client, Closed, KapwaError, ProtocolError, Refused, TimedOut
from kapwa.commands import Commands
from kapwa.wire import decode, encode


def test_a_command_is_answered_with_what_it_brought_about(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        reply = client.conversation_message("c1", "kumusta", channel="chat", skills={"tagalog": 2})
    assert reply.seq == 1 and not reply.duplicate
    sent = fake.seen[0]
    assert sent["type"] == "conversation.message" and sent["from"] == "customer" and sent["skills"] == {"tagalog": 2}
    assert "agent" not in sent, "what is left out must not travel as null"


def test_names_that_python_reserves_go_out_as_the_contract_spells_them(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        client.conversation_message("c1", "hi", from_="agent", agent="ana", return_=["tags"])
        client.conversation_assign("c1", "ana", "external")
    assert fake.seen[0]["from"] == "agent" and fake.seen[0]["return"] == ["tags"]
    assert fake.seen[1]["as"] == "external"


def test_tenant_source_and_person_travel_with_every_command(fake: Fake) -> None:
    with Client(fake.commands_endpoint, tenant="north", source="crm") as client:
        client.break_grant("ana", by={"role": "supervisor", "name": "Liza"}, reason="long call")
    assert fake.seen[0]["tenant"] == "north" and fake.seen[0]["source"] == "crm"
    assert fake.seen[0]["by"] == {"role": "supervisor", "name": "Liza"}


def test_a_refusal_is_raised_with_code_field_and_state() -> None:
    def answer(fake: Fake, command: dict) -> dict:
        return fake.no(command, "wrong_state", field="offer", state="expired")

    with Fake(answer) as fake, Client(fake.commands_endpoint) as client:
        with pytest.raises(Refused) as caught:
            client.offer_accept("o7", "ana")
    assert (caught.value.code, caught.value.field, caught.value.state) == ("wrong_state", "offer", "expired")


def test_replies_find_their_commands_whatever_their_order_of_asking(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        pipeline = client.pipeline()
        pendings = [pipeline.conversation_message(f"c{n}", "hi", channel="chat") for n in range(50)]
        results = [pending.result().seq for pending in reversed(pendings)]
    assert results == list(range(50, 0, -1))


def test_a_batch_returns_refusals_in_their_places() -> None:
    def answer(fake: Fake, command: dict) -> dict:
        if command["agent"] == "nobody":
            return fake.no(command, "unknown_agent", field="agent")
        return fake.ok(command, seq=5)

    with Fake(answer) as fake, Client(fake.commands_endpoint) as client:
        batch = client.batch()
        batch.agent_state("ana", "ready")
        batch.agent_state("nobody", "ready")
        batch.agent_state("ben", "ready")
        first, second, third = batch.send()
        assert fake.messages == [3], "a batch is one message"
    assert first.seq == third.seq == 5
    assert isinstance(second, Refused) and second.code == "unknown_agent"


def test_a_long_batch_is_cut_into_messages_that_the_daemon_takes(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        batch = client.batch()
        for number in range(2_300):
            batch.agent_state(f"a{number}", "ready")
        assert len(batch.send()) == 2_300
        assert fake.messages == [1_000, 1_000, 300]


def test_an_unanswered_command_is_sent_again_with_its_id_and_carried_out_once() -> None:
    lost = []

    def answer(fake: Fake, command: dict) -> "dict | None":
        reply = fake.carry_out(command)
        if not lost:
            lost.append(command["id"])
            return None
        return reply

    with Fake(answer) as fake, Client(fake.commands_endpoint, resend=0.2) as client:
        reply = client.agent_state("ana", "ready")
        assert client.reconnects == 1
        assert reply.duplicate and reply.seq == 1
        assert [command["id"] for command in fake.seen] == [lost[0], lost[0]] and len(fake.events) == 1


def test_a_command_that_the_daemon_would_hang_up_on_is_not_sent(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client, pytest.raises(KapwaError, match="65,536 at the most"):
        client.conversation_message("k1", "x" * 1_100_000, channel="chat")


def test_no_answer_at_all_is_an_error_that_names_the_command() -> None:
    with Fake(lambda fake, command: None) as fake, Client(fake.commands_endpoint, resend=0.1, timeout=0.4) as client:
        with pytest.raises(TimedOut) as caught:
            client.call({"type": "ping", "id": "p1"})
        assert caught.value.command_id == "p1"
        assert client.unanswered == 0
        client.submit_all([{"type": "ping", "id": "p1"}])  # given up: the id is free again


@pytest.mark.parametrize("code, extra", [("overloaded", {"retry_after_ms": 120}), ("unavailable", {})])
def test_passing_refusals_are_waited_out(code: str, extra: dict) -> None:
    times = []

    def answer(fake: Fake, command: dict) -> dict:
        times.append(time.monotonic())
        return fake.no(command, code, **extra) if len(times) < 3 else fake.ok(command, seq=9)

    with Fake(answer) as fake, Client(fake.commands_endpoint) as client:
        assert client.agent_state("ana", "ready").seq == 9
        assert len({command["id"] for command in fake.seen}) == 1
    least = extra.get("retry_after_ms", 100) / 1000
    assert all(later - earlier >= least for earlier, later in zip(times, times[1:]))


def test_an_answer_without_an_id_belongs_to_the_message_sent_first() -> None:
    def answer(fake: Fake, command: dict) -> dict:
        return {"id": None, "ok": False, "error": {"code": "malformed", "message": "no"}}

    with Fake(answer) as fake, Client(fake.commands_endpoint) as client:
        with pytest.raises(Refused, match="malformed"):
            client.ping()


def test_closing_ends_what_is_under_way() -> None:
    with Fake(lambda fake, command: None) as fake:
        client = Client(fake.commands_endpoint)
        pending = client.pipeline().ping()
        client.close()
        with pytest.raises(Closed):
            pending.result()
        with pytest.raises(Closed):
            client.ping()


def test_the_same_id_cannot_be_under_way_twice(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        with pytest.raises(Exception, match="already under way"):
            client.submit_all([{"type": "ping", "id": "x"}])
            client.submit_all([{"type": "ping", "id": "x"}])


def test_rows_come_page_by_page_with_the_sequence_number_of_the_first(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        state = client.state("agents")
    assert [row["agent"] for row in state.rows] == ["ana", "ben", "carla", "dan", "ely"]
    assert state.seq == 41 and len(fake.seen) == 3


def test_replies_that_are_none_are_an_error() -> None:
    for frames in ([], [b"HTTP/1.1"], [b"KAPWA1", b"[]"], [b"KAPWA1", b"{"]):
        with pytest.raises(ProtocolError):
            decode(frames)
    assert decode([b"", b"KAPWA1", b'{"ok":true}']) == [{"ok": True}]
    assert encode({"type": "ping", "at": None}) == b'{"type":"ping"}'


def test_each_command_of_this_version_has_a_method() -> None:
    types = {
        name.replace("_", ".", 1)
        for name, _ in inspect.getmembers(Commands, inspect.isfunction)
        if name != "issue" and not name.startswith("_")
    }
    schema = json.loads((pathlib.Path(__file__).parents[3] / "docs" / "protocol.schema.json").read_text("utf-8"))
    known = {name[len("command.") :] for name in schema["$defs"] if name.startswith("command.")}
    assert types == known - {"common"}


NEW = [
    (name, example.source)
    for name, method in inspect.getmembers(Commands, inspect.isfunction)
    for example in doctest.DocTestParser().get_examples(method.__doc__ or "")
]


def test_examples_stand_at_the_commands_that_people_give() -> None:
    assert {name for name, _ in NEW} >= {
        "agent_shift", "break_postpone", "conversation_retag", "incident_declare", "incident_end", "affinity_lift",
        "followup_done", "feedback_record", "queue_estimate",
    }  # fmt: skip


@pytest.mark.parametrize("name, source", NEW)
def test_the_example_of_a_command_sends_it_and_nothing_that_was_left_out(name: str, source: str, fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        exec(source, {"kapwa": client})
    assert [command["type"] for command in fake.seen] == [name.replace("_", ".", 1)]
    assert None not in fake.seen[0].values()


def test_a_person_and_a_no_travel_too(fake: Fake) -> None:
    liza = {"role": "supervisor", "name": "Liza"}
    with Client(fake.commands_endpoint) as client:
        client.affinity_lift("mila", "ben", by=liza, reason="not yet", agreed=False)
        client.conversation_retag("c1", {"threat": 0, "relief": 1}, by=liza, reason="thanks")
    assert fake.seen[0]["agreed"] is False and fake.seen[0]["by"] == liza
    assert fake.seen[1]["tags"] == {"threat": 0, "relief": 1}
