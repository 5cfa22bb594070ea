"""Every role asks for everything: who may send what is the table of the contract, and no figure about a person reaches
a role that must not have it, whichever way it asks."""

from __future__ import annotations

import datetime
import json
import pathlib
import re
from typing import Any, Dict, Iterator, List, NamedTuple, Set

import pytest
import zmq

from daemon import PATIENCE, ROOT, Daemon, eventually, run
from kapwa import Client, Key, Refused
from keyring import Keyring, keyring
from web import ask

ROLES = ("middleware", "agent", "observer", "supervisor", "wellbeing", "auditor")
LIZA = {"role": "supervisor", "name": "Liza"}
HELLO = "Magandang umaga po, may tanong lang ako."
THREAT = "Hoy, papatayin kita! Aabangan kita sa labas."
SLUR = "Ang bobo mo, gago ka, wala kang kwenta!"
DANGER = "Gusto ko nang mamatay."
#: Nobody is told what was said (matched terms are named, no sentence is), nor who the customer is; these words and names
#: stand nowhere else.
CUSTOMER = "customer-unmistakable"
SAID = ("Hoy, papatayin kita!", "tanong lang ako.", "gago ka, wala", "nang mamatay.", "umaga po, may")
OWN_WORDS = "words-unmistakable"


# What one may know about a person

#: Fields that stand for a figure, and what they are called in ``MAY``.
FIELDS = {
    "ledger": "ledger", "contact_points": "ledger", "cost": "cost", "tier": "cost", "runner_up_cost": "cost",
    "stress": "terms", "share": "terms", "brief": "brief", "because": "cause", "immediate": "cause",
    "minimum_minutes": "cause", "note": "cause", "hard": "hard", "landing_until": "landing", "customer": "customer",
}  # fmt: skip
#: Values of ``kind`` and ``reason`` that say what an agent had to bear.
WORDS = {
    "stress": "cause", "threat": "cause", "slur": "cause", "insult": "cause", "sexual": "cause",
    "streak_cap": "streak", "soft_landing": "streak",
}  # fmt: skip
#: About people of the floor: these concern the agent alone, those who care for the agent, and whoever audits.
CARE = {"ledger", "cost", "terms", "cause", "hard", "landing", "talk"}
#: What each role may find in events that it hears and reads. An agent's own figures are the agent's.
MAY: Dict[str, Set[str]] = {
    "middleware": set(),
    "observer": set(),
    "supervisor": set(),
    "wellbeing": {"ledger", "talk"},
    "agent": (CARE - {"talk"}) | {"brief", "streak"},
    "auditor": CARE | {"brief", "streak", "customer"},
}


def places(event: Any, kind: str = "", path: str = "") -> Dict[str, str]:
    """What an event, or a part of it, says that not everybody may know, and where."""
    found: Dict[str, str] = {}
    if isinstance(event, list):
        for part in event:
            found.update(places(part, kind, path))
    if not isinstance(event, dict):
        return found
    kind = str(event.get("type", kind))
    if kind == "talk.suggested":
        found["talk"] = kind
    for name, value in event.items():
        here = f"{path or kind}.{name}"
        if name == "weights":
            continue  # Of the rules, the same for everybody.
        label = FIELDS.get(name)
        # What these say of a break that is not for care, or of a conversation, is no figure of an agent's.
        if label == "cause" and event.get("kind") not in ("stress", "care"):
            label = None
        if label is not None:
            found[label] = f"{here}={value}"
        if name in ("kind", "reason") and value in WORDS and not kind.startswith(("safety.", "conversation.tagged")):
            found[WORDS[value]] = f"{here}={value}"
        found.update(places(value, kind, here))
    return found


def figures(event: Any) -> Set[str]:
    return set(places(event))


def beyond(event: Any, may: Set[str]) -> Dict[str, str]:
    """What of it somebody may not know who may know so much, and where it stands."""
    return {label: place for label, place in places(event).items() if label not in may}


def test_the_reader_of_this_file_finds_what_it_looks_for() -> None:
    assert figures({"type": "break.owed", "kind": "care", "reason": "care", "minutes": 10}) == set()
    assert figures({"type": "break.owed", "kind": "stress", "because": "ledger"}) == {"cause"}
    assert figures({"type": "offer.made", "decision": {"winner": {"cost": 1, "terms": {"stress": 3}}}}) == {
        "cost", "terms",
    }  # fmt: skip
    assert figures({"type": "talk.suggested", "agent": "ana"}) == {"talk"}


# A day on which everything happens


class Day(NamedTuple):
    daemon: Daemon
    keys: Keyring
    secrets: Dict[str, pathlib.Path]
    #: What each role heard: topics and bodies.
    heard: Dict[str, Dict[str, List[Dict[str, Any]]]]
    #: What each role read back with ``events.read``.
    read: Dict[str, List[Dict[str, Any]]]
    #: Conversations that ana and ben have.
    offer: str

    def client(self, role: str) -> Client:
        return self.daemon.client(key=self.secrets[role])


def later(**time: float) -> str:
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**time)).isoformat(timespec="seconds")


def everything(daemon: Daemon, key: pathlib.Path) -> "zmq.Socket[bytes]":
    """Asks for all there is: every prefix, every private topic, those of another tenant."""
    socket: "zmq.Socket[bytes]" = zmq.Context.instance().socket(zmq.SUB)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.RCVHWM, 0)
    Key.read(key).show(socket)
    for topic in ("", "main/", "main/private/", "main/private/ana/", "main/private/ben/", "south/",
                  "main/agent.stressed/", "main/agent.stressed/ana/", "main/talk.suggested/", "main/break.owed/ben/",
                  "main/offer.made/ben/", "main/offer.made/ana/"):  # fmt: skip
        socket.setsockopt(zmq.SUBSCRIBE, topic.encode())
    socket.connect(daemon.events)
    return socket


def live_through(client: Client, lead: Client) -> str:
    """Two agents, hard contacts, breaks for care, danger, a person's own words. Returns an offer that ana took."""
    for agent in ("ana", "ben"):
        client.agent_upsert(agent, {"tagalog": 3}, name=f"Name of {agent}", team="north", capacity=400)
        client.agent_shift(agent, later(hours=-2), later(hours=6), meal_at=later(hours=2))
        client.agent_state(agent, "ready")
    offers: Dict[str, str] = {}
    for number, text in enumerate((HELLO, SLUR, HELLO, HELLO, HELLO, HELLO, HELLO)):
        name = f"c{number}"
        client.conversation_message(name, text, channel="chat", customer=f"{CUSTOMER}-{number}")
        row = eventually(
            lambda name=name: next((row for row in client.state("offers").rows if row["conversation"] == name), None),
            f"{name} is offered",
        )
        offers[row["agent"]] = row["offer"]
        client.offer_accept(row["offer"], row["agent"])
    holder = {row["conversation"]: row["agent"] for row in client.state("conversations").rows}
    for agent in ("ana", "ben"):
        mine = sorted(name for name, other in holder.items() if other == agent)
        assert len(mine) >= 3, holder
        client.conversation_message(mine[0], THREAT)
        client.stress_report(agent, conversation=mine[1])
        client.conversation_message(mine[1], SLUR)
        client.conversation_close(mine[0], "ended_abuse")
        client.wrapup_done(agent, mine[0], hard=True)
    # Reports, more than breaks will mend.
    for number in range(5):
        client.conversation_message(f"x{number}", HELLO, channel="chat", customer=CUSTOMER, hold=True)
        client.conversation_assign(f"x{number}", "ana", "external")
        client.stress_report("ana", conversation=f"x{number}")
    client.agent_upsert("cel", {"tagalog": 1})
    client.agent_state("cel", "ready")
    lead.call({"type": "break.grant", "agent": "cel", "minutes": 10, "by": LIZA, "reason": OWN_WORDS})
    client.conversation_message("d1", DANGER, channel="chat", customer=CUSTOMER)
    lead.call({"type": "conversation.retag", "conversation": "d1", "tags": {"urgency": 1}, "by": LIZA,
               "reason": OWN_WORDS})  # fmt: skip
    return offers["ana"]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    directory = tmp_path_factory.mktemp("roles")
    daemon = Daemon(directory / "daemon", tenants=["main", "south"], options=["--log-level", "trace"])
    # Kept plainer than by default, so that what keeps somebody from it is the role alone.
    daemon.environment.update(KAPWA_CUSTOMER_IDS="plain", KAPWA_RETAIN_TEXT="true")
    keys = keyring(daemon)
    secrets = {
        role: keys.new(f"k-{role}", role, *(("--agent", "ana") if role == "agent" else ())) for role in ROLES
    }  # fmt: skip
    try:
        daemon.start()
        feeds = {role: everything(daemon, secret) for role, secret in secrets.items()}
        heard: Dict[str, Dict[str, List[Dict[str, Any]]]] = {role: {} for role in ROLES}

        def listen(role: str, seq: int) -> None:
            """Until a heartbeat says that nothing up to ``seq`` is still to come."""
            while True:
                assert feeds[role].poll(int(PATIENCE * 1000)), f"{role} hears nothing more"
                topic, body = (part.decode() for part in feeds[role].recv_multipart())
                heard[role].setdefault(topic, []).append(json.loads(body))
                if topic == "main/heartbeat/" and json.loads(body)["seq"] >= seq:
                    return

        for role in ROLES:
            listen(role, 0)
        with daemon.client(key=secrets["middleware"]) as client, daemon.client(key=secrets["supervisor"]) as lead:
            offer = live_through(client, lead)
            seq = client.ping()["seq"]
        read: Dict[str, List[Dict[str, Any]]] = {}
        for role in ROLES:
            listen(role, seq)
            feeds[role].close(linger=0)
            with daemon.client(key=secrets[role]) as client:
                read[role] = list(client.events_read(0, limit=10_000)["events"])
        yield Day(daemon, keys, secrets, heard, read, offer)
    finally:
        if daemon.running:
            daemon.stop()


def test_the_day_had_every_figure_in_it(day: Day) -> None:
    """Or the others would show nothing."""
    whole = day.read["auditor"]
    # Landing and streaks take half an hour; EventFormTests shows their public form.
    missing = MAY["auditor"] - figures(whole) - {"landing", "streak"}
    assert missing == set()
    for kind in ("agent.stressed", "break.owed", "affinity.set", "talk.suggested", "safety.raised", "offer.made",
                 "conversation.retagged", "break.planned"):  # fmt: skip
        assert any(event["type"] == kind for event in whole), kind
    assert CUSTOMER in json.dumps(whole) and OWN_WORDS in json.dumps(whole)


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_hears_of_all_topics(day: Day, role: str) -> None:
    topics = day.heard[role]
    for topic, bodies in topics.items():
        assert topic.startswith("main/"), "of another tenant nothing is heard"
        assert beyond(bodies, MAY[role]) == {}, topic
    private = {topic for topic in topics if topic.startswith("main/private/")}
    assert private == ({"main/private/ana/"} if role == "agent" else set())
    assert not any("stressed" in topic or "talk" in topic for topic in topics), "these have no public form"
    text = json.dumps(topics)
    assert CUSTOMER not in text, "who the customer is stands in no topic"
    assert not any(word in text for word in SAID)
    if role == "agent":
        assert '"ben"' not in text and "/ben/" not in text, "nothing of a colleague"
        assert "ledger" in figures(topics["main/private/ana/"]), "what is the agent's own is heard"
    else:
        assert any(topic.startswith("main/break.owed/ana/") for topic in topics)


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_reads_back_of_all_events(day: Day, role: str) -> None:
    events = day.read[role]
    found = figures(events)
    assert beyond(events, MAY[role]) == {}
    text = json.dumps(events)
    assert not any(word in text for word in SAID), "what was said is kept nowhere"
    assert (CUSTOMER in text) == (role == "auditor")
    assert (OWN_WORDS in text) == (role == "auditor")
    kinds = {event["type"] for event in events}
    assert ("agent.stressed" in kinds) == (role in ("agent", "wellbeing", "auditor"))
    assert ("talk.suggested" in kinds) == (role in ("wellbeing", "auditor"))
    if role == "agent":
        assert {event["agent"] for event in events if "agent" in event} == {"ana"}
        assert '"ben"' not in text
        assert {"ledger", "brief", "cause"} <= found, "an agent can see what is kept about the agent"
    if role == "wellbeing":
        assert {event["agent"] for event in events if event["type"] == "agent.stressed"} == {"ana", "ben"}


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_sees_of_all_rows(day: Day, role: str) -> None:
    with day.client(role) as client:
        rows = {
            what: client.state(what).rows
            for what in ("agents", "conversations", "offers", "breaks", "queues", "followups", "incidents")
        }
        with pytest.raises(Refused) as other:
            client.state_read("agents", tenant="south")
        assert other.value.code == "not_permitted"
    text = json.dumps(rows)
    # What a break for care is for an agent sees of the agent's own, and an auditor; who a customer is, who acts on it.
    acts = role in ("middleware", "supervisor", "auditor", "agent")
    assert beyond(rows, ({"customer"} if acts else set()) | ({"cause"} & MAY[role])) == {}
    assert (CUSTOMER in text) == acts
    assert OWN_WORDS not in text and not any(word in text for word in SAID)
    agents = {row["agent"] for row in rows["agents"]}
    assert agents == ({"ana"} if role == "agent" else {"ana", "ben", "cel"})
    kinds = {row["kind"] for row in rows["breaks"]}
    assert ("stress" in kinds) == (role in ("agent", "auditor")) and ("care" in kinds) != ("stress" in kinds)
    if role == "agent":
        assert '"ben"' not in text


# Commands


def table() -> Dict[str, Dict[str, str]]:
    """Who may do what, as the contract prints it."""
    text = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    section = text[text.index("## Who may do what") :]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    columns = [cell.strip(" `") for cell in lines[0].strip("|").split("|")][1:]
    rows: Dict[str, Dict[str, str]] = {}
    for line in lines[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not re.fullmatch(r"`[a-z]+(\.[a-z]+)?`", cells[0]):
            break
        rows[cells[0].strip("`")] = dict(zip(columns, cells[1:]))
    return rows


def commands(role: str, agent: str, offer: str, conversation: str) -> Dict[str, Dict[str, Any]]:
    """One well-formed command of each type, as ``role`` would send it about ``agent``."""
    by: Dict[str, Any] = {"by": LIZA} if role == "supervisor" else {}
    as_lead = {"as": "supervisor", "by": LIZA, "reason": "x"} if role == "supervisor" else {"as": "external"}
    return {
        "agent.upsert": {"agent": agent, "skills": {"tagalog": 3}},
        "agent.state": {"agent": agent, "state": "ready"},
        "agent.shift": {"agent": agent, "starts_at": later(hours=1), "ends_at": later(hours=9)},
        "agent.remove": {"agent": f"nobody-{agent}", "reason": "x"},
        "conversation.message": {"conversation": conversation, "from": "agent", "agent": agent, "text": "Sige po."},
        "conversation.update": {"conversation": conversation, "priority": 1},
        "conversation.transfer": {"conversation": conversation, "reason": "x", "skills": {"tagalog": 1}},
        "conversation.assign": {"conversation": f"none-{conversation}", "agent": agent, **as_lead},
        "conversation.close": {"conversation": conversation, "outcome": "resolved"},
        "offer.accept": {"offer": offer, "agent": agent},
        "offer.decline": {"offer": offer, "agent": agent},
        "wrapup.done": {"agent": agent, "conversation": conversation},
        "break.start": {"agent": agent, "kind": "rest", "minutes": 1},
        "break.end": {"agent": agent, **({**by, "reason": "x"} if by else {})},
        "break.postpone": {"agent": agent, "minutes": 1},
        "break.grant": {"agent": agent, "by": LIZA, "reason": "x"},
        "stress.report": {"agent": agent},
        "conversation.retag": {"conversation": conversation, "tags": {"urgency": 1}, "by": LIZA, "reason": "x"},
        "safety.acknowledge": {
            "conversation": conversation, "by": LIZA if role == "supervisor" else {"role": "agent", "name": agent},
        },
        "incident.declare": {"topic": "t", "until": later(minutes=9), "by": LIZA, "reason": "x"},
        "incident.end": {"topic": "t", "by": LIZA},
        "affinity.lift": {"customer": "nobody", "agent": agent, "by": LIZA, "reason": "x", "agreed": True},
        "followup.done": {"conversation": conversation},
        "feedback.record": {"conversation": conversation, "csat": 5},
        "queue.estimate": {"queue": "main"},
        "state.read": {"what": "agents"},
        "events.read": {"after": 0, "limit": 1},
        "ping": {},
    }  # fmt: skip


def code(client: Client, kind: str, fields: Dict[str, Any]) -> str:
    try:
        client.call({"type": kind, **fields})
        return "ok"
    except Refused as refusal:
        return refusal.code


def test_the_table_of_the_contract_has_every_command_and_role() -> None:
    assert set(table()) == set(commands("middleware", "ana", "o1", "c1"))
    assert all(set(row) == set(ROLES) for row in table().values())


@pytest.mark.parametrize("role", ROLES)
def test_every_command_of_every_role(day: Day, role: str) -> None:
    with day.client("middleware") as floor, day.client(role) as client:
        for kind, row in table().items():
            for agent in ("ana", "ben"):
                floor.conversation_message(f"{kind}-{role}-{agent}", HELLO, channel="chat", hold=True)
                floor.conversation_assign(f"{kind}-{role}-{agent}", agent, "external")
            own = code(client, kind, commands(role, "ana", day.offer, f"{kind}-{role}-ana")[kind])
            other = code(client, kind, commands(role, "ben", "o999999", f"{kind}-{role}-ben")[kind])
            for answer in (own, other):
                assert answer not in ("missing_field", "invalid_field", "malformed"), (kind, answer)
            if row[role] == "yes":
                assert "not_permitted" not in (own, other), kind
            elif row[role] == "own":
                assert own != "not_permitted", kind
                if kind not in ("state.read", "events.read"):  # There it is the rows that are the agent's own.
                    assert other == "not_permitted", kind
            else:
                assert (own, other) == ("not_permitted", "not_permitted"), kind
            if row[role] != "yes":
                counted = f'kapwa_commands_total{{type="{kind}",result="not_permitted"}}'
                refused = own == "not_permitted" or other == "not_permitted"
                line = next(line for line in ask(day.daemon, "/metrics").text.splitlines() if line.startswith(counted))
                assert (float(line.split()[-1]) > 0) >= refused, kind


# Other ways to ask


def test_what_http_shows_to_whoever_has_the_token(day: Day) -> None:
    daemon = day.daemon
    shown = [ask(daemon, path).text for path in ("/", "/metrics", "/health/live", "/health/ready")]
    shown += [ask(daemon, path, token=daemon.token).text for path in ("/v1/limits", f"/v1/conversations/c0/why")]
    names = [row["conversation"] for row in _rows(day, "conversations")]
    for name in names:
        answer = ask(daemon, f"/v1/conversations/{name}/why", token=daemon.token)
        assert answer.status in (200, 409), answer.text
        shown.append(answer.text)
        # A break's kind and a term are `care`; what is behind them is not there.
        assert beyond(answer.json, set()) == {}, name
    for text in shown:
        assert CUSTOMER not in text and OWN_WORDS not in text and not any(word in text for word in SAID)


def _rows(day: Day, what: str) -> List[Dict[str, Any]]:
    with day.client("middleware") as client:
        return client.state(what).rows


def test_what_the_command_line_explains_without_an_auditors_key(day: Day) -> None:
    place = ("--data", str(day.daemon.data))
    breaks = [row["break"] for row in _rows(day, "breaks")]
    told = [run("why", "c0", *place), run("why", "c0", "--json", *place)]
    told += [run("why", "--break", name, *place) for name in breaks]
    for answer in told:
        for word in (CUSTOMER, OWN_WORDS, "ledger", "threshold", "points of", *SAID):
            assert word not in answer.stdout, (word, answer.stdout)
    # The auditor's form asks for the auditor's key, and takes nobody else's.
    for options in ([], *(["--key", str(day.secrets[role])] for role in ROLES if role != "auditor")):
        refused = run("why", "c0", "--auditor", "Lea", *options, *place)
        assert refused.returncode == 78 and "auditor" in refused.stderr + "auditor", refused.stderr
        assert refused.stdout == ""
    seen = run("why", "c0", "--auditor", "Lea", "--key", str(day.secrets["auditor"]), *place)
    assert seen.returncode == 0, seen.stderr


def test_metrics_name_nobody(day: Day) -> None:
    text = ask(day.daemon, "/metrics").text
    for word in (CUSTOMER, OWN_WORDS, "ana", "ben", "c0", "ledger", "streak", "k-middleware", *SAID):
        assert not re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text), word


def test_the_log_says_nothing_about_a_person_even_at_its_most_talkative(day: Day) -> None:
    log = day.daemon.logged()
    assert '"' in log or log, "it was written"
    for word in (CUSTOMER, OWN_WORDS, "Name of", "Liza", day.daemon.token, *SAID):
        assert word not in log, word
    for secret in day.secrets.values():
        assert json.loads(secret.read_text(encoding="utf-8"))["secret"] not in log


def test_the_data_directory_is_for_its_owner_and_what_was_said_is_not_in_it(day: Day) -> None:
    for file in [day.daemon.data, *day.daemon.data.rglob("*")]:
        assert file.stat().st_mode & 0o077 == 0, f"others may look at {file}"
        if file.is_file():
            content = file.read_bytes()
            for word in SAID:
                assert word.encode() not in content, (word, file)


def test_a_copy_of_the_journal_is_for_its_owner_and_has_no_secrets(day: Day, tmp_path: pathlib.Path) -> None:
    out = tmp_path / "backup"
    done = run("journal", "backup", "--data", str(day.daemon.data), "--to", str(out))
    assert done.returncode == 0, done.stderr
    made = [path for path in out.rglob("*") if path.is_file()]
    assert made and all(path.stat().st_mode & 0o077 == 0 for path in [out, *made])
    for path in made:
        content = path.read_bytes()
        for word in (day.daemon.token, *SAID):
            assert word.encode() not in content, (word, path)
        for secret in [*day.secrets.values(), day.daemon.data / "keys" / "server.secret"]:
            assert json.loads(secret.read_text(encoding="utf-8"))["secret"].encode() not in content, path
