"""``kapwa why`` and ``/v1/conversations/ID/why``: a decision recomputed from the journal, in sentences and as JSON."""

from __future__ import annotations

import json
from typing import Any, Dict, Tuple

import pytest

from conftest import NewDaemon
from daemon import Daemon, run
from web import ask

RULES = """
version: 1
queues:
  - id: main
    needs: {tagalog: 3}
"""


def floor(daemon: Daemon) -> str:
    """Five agents of whom one can take the conversation k1 at once; returns the offer."""
    with daemon.client() as client:
        for agent, level in (("ana", 5), ("ben", 3), ("carla", 2), ("dan", 4), ("eva", 4)):
            client.agent_upsert(agent, skills={"tagalog": level}, capacity=100)
        for agent in ("ana", "carla", "dan"):
            client.agent_state(agent, "ready")
        client.agent_state("eva", "away")
        client.break_start("dan", kind="rest", minutes=10)
        client.conversation_message("k1", "Nasaan na po ang order ko?", channel="chat", from_="customer")
        (offer,) = [row for row in client.state("offers").rows if row["conversation"] == "k1"]
        client.offer_accept(offer["offer"], offer["agent"])
        return str(offer["offer"])


def why(daemon: Daemon, *arguments: str) -> str:
    answer = run("why", *arguments, "--data", str(daemon.data))
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def get(daemon: Daemon, path: str) -> Tuple[int, Dict[str, Any], Dict[str, str]]:
    answer = ask(daemon, path, token=daemon.token)
    return answer.status, answer.json, answer.headers


def test_every_agent_stands_in_the_answer_with_a_reason(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules=RULES).start()
    offer = floor(daemon)
    told = why(daemon, "k1")
    assert "ana was asked at " in told and "ana took it at " in told
    assert "Nobody else could have taken it." in told
    assert "ben was offline" in told
    assert "carla lacked tagalog: 3 is needed, has 2." in told
    assert "dan was on a rest break until " in told
    assert "eva was away since " in told
    assert "gives exactly what was recorded" in told
    assert why(daemon, "k1", "--offer", offer) == told


def test_the_same_over_http_in_its_public_form(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules=RULES).start()
    offer = floor(daemon)
    status, answer, headers = get(daemon, f"/v1/conversations/k1/why?offer={offer}")
    assert status == 200 and headers["Content-Type"] == "application/json"
    assert answer == json.loads(why(daemon, "k1", "--offer", offer, "--json"))
    assert answer["decision"]["agrees"] is True
    assert answer["decided"]["agent"] == "ana" and answer["decided"]["ended"] == "conversation.assigned"
    agents = {row["agent"]: row for row in answer["agents"]}
    assert sorted(agents) == ["ana", "ben", "carla", "dan", "eva"]
    assert agents["ana"]["terms"]["care"] == "low"
    assert agents["carla"] == {
        "agent": "carla", "verdict": "failed", "test": "skill", "skill": "tagalog", "needed": 3, "has": 2,
    }  # fmt: skip
    hidden = {"stress", "share", "cost", "tier"}
    assert not hidden & set(agents["ana"]) and not hidden & set(agents["ana"]["terms"])
    assert answer["decision"]["failed"] == {"not_ready": 2, "on_break": 1, "skill": 1}


@pytest.mark.parametrize(
    "path, status, code",
    [
        ("/v1/conversations/nobody/why", 404, "unknown_conversation"),
        ("/v1/conversations/k1/why?tenant=other", 404, "unknown_tenant"),
        ("/v1/conversations/k1/why?offer=o99999", 404, "unknown_offer"),
        ("/v1/conversations/k1/why?at=99999999", 400, "invalid_field"),
        ("/v1/conversations/k1/why?at=never", 400, "invalid_field"),
    ],
)
def test_what_cannot_be_explained_is_said(new_daemon: NewDaemon, path: str, status: int, code: str) -> None:
    daemon = new_daemon(rules=RULES).start()
    floor(daemon)
    found, answer, _ = get(daemon, path)
    assert (found, answer["error"]["code"]) == (status, code), answer


def test_why_it_still_waits(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules=RULES).start()
    with daemon.client() as client:
        client.agent_upsert("carla", skills={"tagalog": 2})
        client.agent_state("carla", "ready")
        client.conversation_message("k1", "Nasaan na po ang order ko?", channel="chat", from_="customer")
    told = why(daemon, "k1")
    assert "number 1 of all that waited, and needed tagalog 3." in told
    assert "Nobody, ready or not, has what its last step needs." in told
    assert "carla lacked tagalog: 3 is needed, has 2." in told
    assert "nobody could take it: of 1 agent 1 without the skill." in told


def test_decisions_stay_explained_by_the_rules_they_were_made_by(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules=RULES).start()
    floor(daemon)
    before = why(daemon, "k1")
    daemon.stop()
    daemon.rules.write_text(RULES.replace("tagalog: 3", "tagalog: 5") + "weights: {load: 800}\n", encoding="utf-8")
    daemon.start()
    after = why(daemon, "k1")
    assert "carla lacked tagalog: 3 is needed" in after and after == before


def test_an_unknown_conversation_is_one_line(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules=RULES).start()
    floor(daemon)
    answer = run("why", "nobody", "--data", str(daemon.data))
    assert answer.returncode == 1 and answer.stdout == ""
    assert answer.stderr.count("\n") == 1 and 'no conversation "nobody"' in answer.stderr


def test_a_break_for_care_is_told_and_what_led_to_it_only_to_an_auditor_whose_look_is_kept(
    new_daemon: NewDaemon,
) -> None:
    daemon = new_daemon().start()
    with daemon.client() as client:
        client.agent_upsert("ana", skills={})
        client.agent_state("ana", "ready")
        client.conversation_message("k1", "Nasaan na po ang order ko?", channel="chat", from_="customer")
        (offer,) = client.state("offers").rows
        client.offer_accept(offer["offer"], "ana")
        client.conversation_message("k1", "Gago ka, papatayin kita!", from_="customer")
        (row,) = client.state("breaks").rows
    told = why(daemon, "--break", row["break"])
    assert "ana had a break for care of 15 min, paid" in told
    assert "between the agent and Kapwa" in told and "threatened" not in told and "ledger" not in told
    looked = why(daemon, "--break", row["break"], "--auditor", "Lea")
    assert "a customer threatened the agent" in looked and "contact k1 added" in looked
    (look,) = (daemon.data / "looks.jsonl").read_text().splitlines()
    assert json.loads(look)["by"] == "Lea" and json.loads(look)["what"] == f"break {row['break']}"
    assert ((daemon.data / "looks.jsonl").stat().st_mode & 0o777) == 0o600


def test_a_look_that_cannot_be_kept_shows_nothing(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(rules=RULES).start()
    floor(daemon)
    (daemon.data / "looks.jsonl").mkdir()
    answer = run("why", "k1", "--data", str(daemon.data), "--auditor", "Lea")
    assert answer.returncode == 73 and answer.stdout == "" and "nothing is shown" in answer.stderr
