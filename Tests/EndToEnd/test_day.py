"""A thousand conversations for twenty agents, and every invariant that can be seen from outside."""

from __future__ import annotations

from collections import Counter

from conftest import NewDaemon
from daemon import PATIENCE
from floor import HOLD_MS, RACES, RULES, Floor
from invariants import Checker, Rules


def test_a_thousand_conversations_break_no_invariant(new_daemon: NewDaemon) -> None:
    with new_daemon(rules=RULES) as daemon:
        floor = Floor(daemon, agents=20, conversations=1_000, seed=20)
        floor.play(seconds=60 + 4 * PATIENCE)

        # The feed and the journal tell the same story.
        journal = daemon.all_events()
        assert [event["seq"] for event in floor.seen] == list(range(1, len(floor.seen) + 1))
        told = {event["seq"]: event["type"] for event in floor.seen}
        assert all(told[event["seq"]] == event["type"] for event in journal if event["seq"] in told)

        # Every reply speaks of events that are there and that its command caused.
        by_seq = {event["seq"]: event for event in journal}
        for reply in floor.replies:
            if reply.seq:
                assert by_seq[reply.seq]["cause"] == {"id": reply.id}, (reply, by_seq[reply.seq])
        unexplained = [(what, refusal) for what, refusal in floor.refusals if refusal.code not in RACES]
        assert not unexplained, unexplained[:5]

        # What the day was for really happened.
        kinds = Counter(event["type"] for event in journal)
        for kind in ("conversation.opened", "conversation.closed"):
            # A word that crosses the close is a second episode; the first ones are what was sent in.
            first = [event["conversation"] for event in journal if event["type"] == kind and event["episode"] == 1]
            assert len(first) == len(set(first)) == 1_000, kind
        for kind in ("offer.declined", "offer.expired", "offer.withdrawn", "conversation.requeued", "break.owed",
                     "wrapup.ended", "agent.stressed"):  # fmt: skip
            assert kinds[kind] > 0, f"no {kind} all day: {kinds}"

        checker = Checker(Rules(hold_ms=HOLD_MS))
        for event in journal:
            checker.take(event)
        broken = checker.finish()
        assert not broken, "\n".join([f"{len(broken)} broken", *broken[:20]])
        assert checker.looks > 50, "there must have been moments when somebody waited"

        # The rows at the end are what the events add up to.
        rows = {row["agent"]: row for row in floor.client.state("agents").rows}
        assert set(rows) == set(checker.agents)
        for name, row in rows.items():
            assert row["load"] == checker.load(name), name
        floor.close()
        assert daemon.stop() == 0
