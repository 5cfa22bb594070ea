from __future__ import annotations

import itertools

import pytest
from fake import Fake

from kapwa import Client, Events, Refused, SetBack


def test_events_come_once_and_in_order_from_the_beginning(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        for number in range(20):
            client.agent_state(f"a{number}", "ready")
        with Events(client, fake.events_endpoint, after=0) as events:
            first = [event["seq"] for event in itertools.islice(events, 20)]
            client.agent_state("late", "ready")
            assert first == list(range(1, 21))
            assert [event["seq"] for event in events.read_until(21)] == [21]


def test_what_the_feed_swallowed_is_read_back(fake: Fake) -> None:
    fake.unsaid = {2, 3, 7}
    with Client(fake.commands_endpoint) as client, Events(client, fake.events_endpoint, after=0) as events:
        assert events.next(0.2) is None
        for number in range(8):
            client.agent_state(f"a{number}", "ready")
        seen = events.read_until(8)
        assert [event["seq"] for event in seen] == list(range(1, 9))
        assert events.reads >= 2


def test_the_heartbeat_tells_of_an_event_at_the_end_that_nobody_heard(fake: Fake) -> None:
    fake.unsaid = {1}
    with Client(fake.commands_endpoint) as client, Events(client, fake.events_endpoint, after=0) as events:
        assert events.next(0.2) is None
        client.agent_state("ana", "ready")
        event = events.next(5)
        assert event is not None and event["seq"] == 1


def test_nothing_of_the_past_comes_when_one_starts_now(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        client.agent_state("ana", "ready")
        with Events(client, fake.events_endpoint) as events:
            assert events.seq == 1
            client.agent_state("ben", "ready")
            assert [event["seq"] for event in events.read_until(2)] == [2]


def test_types_are_filtered_and_the_place_moves_on_past_the_others(fake: Fake) -> None:
    with Client(fake.commands_endpoint) as client:
        for number in range(3):
            fake.say("offer.made", offer=f"o{number}")
            fake.say("offer.expired", offer=f"o{number}")
        with Events(client, fake.events_endpoint, after=0, types=["offer.made"]) as events:
            seen = [events.next(5) for _ in range(3)]
            assert [event and event["seq"] for event in seen] == [1, 3, 5]
            assert events.next(0.3) is None
            assert events.seq == 6


def test_pages_are_followed_until_the_head(fake: Fake) -> None:
    for number in range(25):
        fake.say("agent.updated", agent=f"a{number}")
    with Client(fake.commands_endpoint) as client, Events(client, fake.events_endpoint, after=0, page=10) as events:
        assert [event["seq"] for event in events.read_until(25)] == list(range(1, 26))


def test_a_reader_who_comes_too_late_is_told_where_events_begin() -> None:
    def answer(fake: Fake, command: dict) -> dict:
        return fake.no(command, "gone", first=500)

    with Fake(answer) as fake, Client(fake.commands_endpoint) as client:
        with Events(client, fake.events_endpoint, after=10) as events, pytest.raises(Refused) as caught:
            events.next(1)
    assert caught.value.code == "gone" and caught.value.first == 500


def test_a_journal_that_was_set_back_is_told_and_not_waited_for(fake: Fake) -> None:
    for number in range(3):
        fake.say("agent.updated", agent=f"a{number}")
    with Client(fake.commands_endpoint) as client, Events(client, fake.events_endpoint, after=10) as events:
        with pytest.raises(SetBack) as caught:
            events.next(1)
    assert (caught.value.seq, caught.value.head) == (10, 3)
