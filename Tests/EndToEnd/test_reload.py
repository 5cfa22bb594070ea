"""SIGHUP: the whole file or nothing of it."""

from __future__ import annotations

import pathlib
import signal
from typing import Any, Dict, List

from kapwa import Client, Refused

from conftest import NewDaemon
from daemon import Daemon, eventually
from reload import play

ONE = "version: 1\nqueues:\n  - id: main\n"
TWO = "version: 1\nqueues:\n  - id: main\n  - id: billing\n    needs: {billing: 2}\n"
BAD = "version: 1\nqueues:\n  - id: main\n  - id: billing\n    needs: {billing: 2}\nrouting:\n  mode: enforced\n"


def changes(client: Client) -> List[Dict[str, Any]]:
    return list(client.events_read(0, types=["rules.changed"])["events"])


def reload(daemon: Daemon, text: str) -> None:
    daemon.rules.write_text(text, encoding="utf-8")
    daemon.send(signal.SIGHUP)


def opens_in_billing(client: Client, name: str) -> bool:
    try:
        client.conversation_message(name, "Magandang umaga po.", channel="chat", queue="billing")
        return True
    except Refused as refusal:
        assert refusal.code == "unknown_queue"
        return False


def test_good_rules_take_effect_at_once_and_stand_in_the_journal(new_daemon: NewDaemon) -> None:
    with new_daemon(rules=ONE) as daemon, daemon.client() as client:
        assert not opens_in_billing(client, "c1")
        before = len(changes(client))
        reload(daemon, TWO)
        new = eventually(lambda: changes(client)[before:], "rules.changed")
        assert len(new) == 1 and new[0]["hash"] and new[0]["cause"] == "rules"
        assert opens_in_billing(client, "c1")


def test_bad_rules_change_nothing_and_say_where(new_daemon: NewDaemon) -> None:
    with new_daemon(rules=ONE) as daemon, daemon.client() as client:
        before = changes(client)
        reload(daemon, BAD)
        eventually(lambda: ":7:" in daemon.logged() and "enforced" in daemon.logged(), "the log names line 7")
        assert daemon.running and changes(client) == before
        assert not opens_in_billing(client, "c1")
        reload(daemon, TWO)
        eventually(lambda: len(changes(client)) > len(before), "the next good file is taken")
        assert opens_in_billing(client, "c1")


def test_the_rules_of_before_are_not_what_counts_after_a_restart(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules=ONE).start()
    with daemon.client() as client:
        reload(daemon, TWO)
        eventually(lambda: opens_in_billing(client, "c1"), "the new rules")
    assert daemon.stop() == 0
    daemon.start()
    with daemon.client() as client:
        assert opens_in_billing(client, "c2")
        rows = {row["conversation"]: row for row in client.state("conversations").rows}
        assert rows["c1"]["placement"]["queue"] == "billing"


def test_reloading_under_load_drops_and_misroutes_nothing(tmp_path: pathlib.Path) -> None:
    assert play(tmp_path, reloads=12, pace=25, waiting=20) == []


def test_an_empty_file_is_no_file_of_rules(new_daemon: NewDaemon) -> None:
    with new_daemon(rules=TWO) as daemon, daemon.client() as client:
        before = changes(client)
        reload(daemon, " \n")
        eventually(lambda: "the file is empty" in daemon.logged(), "the log says so")
        assert changes(client) == before and opens_in_billing(client, "c1")
