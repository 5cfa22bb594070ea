"""Who may do what over ZeroMQ: each refusal happens, and each is counted."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import time
from typing import Any, Dict, Iterator, List, Tuple

import pytest
import zmq

from conftest import NewDaemon
from daemon import PATIENCE, Daemon, environment, eventually, models, program, run
from kapwa import Client, Key, NotAdmitted, Refused
from keyring import Keyring, keyring
from test_http import get, samples

RULES = """
queues:
  - {id: main}
  - {id: food}
"""

Floor = Tuple[Daemon, Keyring]


@pytest.fixture
def floor(new_daemon: NewDaemon) -> Iterator[Floor]:
    """A daemon that asks for keys on every socket, with two tenants; one key `crm` was made before it started."""
    daemon = new_daemon(tenants=["main", "south"], workers=True, rules=RULES)
    keys = keyring(daemon)
    keys.new("crm", "middleware", "--all-agents")
    daemon.start()
    yield daemon, keys
    # A test that failed has left sockets open, and the interpreter would wait for them for ever.
    zmq.Context.instance().destroy(linger=0)


def crm(floor: Floor) -> Client:
    daemon, keys = floor
    return daemon.client(key=keys.secrets / "crm-0.secret")


def admitted(floor: Floor, name: str, role: str, *options: str) -> Client:
    """A client with a new key, once the daemon has taken it up."""
    daemon, keys = floor
    secret = keys.new(name, role, *options)

    def connected() -> "Client | None":
        client = daemon.client(key=secret)
        try:
            client.ping(tenant=keys.content(secret).get("tenant"))
            return client
        except NotAdmitted:
            client.close()
            return None

    return eventually(connected, f"the daemon takes up the key {name}")


def counted(daemon: Daemon, series: str) -> float:
    return samples(get(daemon, "/metrics")[2]).get(series, 0)


def failures(daemon: Daemon, reason: str) -> float:
    return counted(daemon, f'kapwa_auth_failures_total{{reason="{reason}"}}')


def refused(client: Client, kind: str, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        client.call({"type": kind, **fields})
    assert caught.value.code == "not_permitted", caught.value
    return caught.value


def subscribe(daemon: Daemon, key: pathlib.Path, *topics: str) -> "zmq.Socket[bytes]":
    socket: "zmq.Socket[bytes]" = zmq.Context.instance().socket(zmq.SUB)
    socket.setsockopt(zmq.LINGER, 0)
    Key.read(key).show(socket)
    for topic in topics:
        socket.setsockopt(zmq.SUBSCRIBE, topic.encode())
    socket.connect(daemon.events)
    return socket


def heard(socket: "zmq.Socket[bytes]", until: str, seconds: float = PATIENCE) -> List[str]:
    """The topics that come, up to one that begins so."""
    topics: List[str] = []
    deadline = time.monotonic() + seconds
    while not topics or not topics[-1].startswith(until):
        left = deadline - time.monotonic()
        assert left > 0 and socket.poll(int(left * 1000)), f"{until} did not come; {topics}"
        topics.append(socket.recv_multipart()[0].decode())
    return topics


# At the door


def test_no_key(floor: Floor) -> None:
    daemon, _ = floor
    with daemon.client(resend=0.5) as client, pytest.raises(NotAdmitted, match="asks for a key"):
        client.ping()
    eventually(lambda: failures(daemon, "no_key") >= 1, "it is counted")


def test_a_key_that_nobody_knows(floor: Floor) -> None:
    daemon, keys = floor
    public, secret = (part.decode() for part in zmq.curve_keypair())
    server = keys.content(keys.secrets / "crm-0.secret")["server"]
    with daemon.client(key=Key(public, secret, server)) as client, pytest.raises(NotAdmitted, match="does not take"):
        client.ping()
    eventually(lambda: failures(daemon, "unknown_key") >= 1, "it is counted")
    assert "unknown_key" in daemon.logged()


def test_whoever_was_refused_before_the_first_command_is_told_so_with_it(floor: Floor) -> None:
    daemon, keys = floor
    public, secret = (part.decode() for part in zmq.curve_keypair())
    server = keys.content(keys.secrets / "crm-0.secret")["server"]
    with daemon.client(key=Key(public, secret, server)) as client:
        eventually(lambda: failures(daemon, "unknown_key") >= 1, "the handshake has failed")
        with pytest.raises(NotAdmitted, match="does not take"):
            client.ping()


def test_a_key_that_was_made_for_another_daemon(floor: Floor) -> None:
    daemon, keys = floor
    mine = Key.read(keys.secrets / "crm-0.secret", server=zmq.curve_keypair()[0].decode())
    with daemon.client(key=mine, timeout=60) as client:
        pending = client.pipeline().ping()
        eventually(lambda: failures(daemon, "wrong_server_key") >= 1, "it is counted")
        assert not pending.done


def test_the_keys_of_libzmqs_manual(new_daemon: NewDaemon) -> None:
    daemon = new_daemon()
    keyring(daemon).new("crm", "middleware")
    key = daemon.data / "keys" / "test.key"
    key.write_text('public: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"\nrole: middleware\n', encoding="utf-8")
    key.chmod(0o600)
    outcome = daemon.launch()
    assert outcome.returncode == 65 and "test.key" in outcome.stderr, outcome.stderr
    # Put there while it runs it opens nothing.
    key.rename(daemon.data / "later")
    daemon.start()
    (daemon.data / "later").rename(key)
    eventually(lambda: "opens nothing until it is mended" in daemon.logged(), "the log says so")
    server = run("keys", "show-server", "--data", str(daemon.data)).stdout.strip()
    known = Key("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs", server)
    with daemon.client(key=known) as client, pytest.raises(NotAdmitted):
        client.ping()


def test_a_workers_key_opens_the_workers_socket_alone(floor: Floor, tmp_path: pathlib.Path) -> None:
    daemon, keys = floor
    gpu = keys.new("gpu", "worker")

    def worker(key: pathlib.Path) -> "subprocess.Popen[str]":
        command = [program(), "worker", "--connect", str(daemon.ready["workers"]), "--models", models()]
        return subprocess.Popen(
            [*command, "--key", str(key)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
            env=environment(),
        )  # fmt: skip

    others = worker(keys.secrets / "crm-0.secret")
    assert "does not take this key" in others.communicate(timeout=PATIENCE)[1]
    assert others.returncode == 69
    before = counted(daemon, 'kapwa_workers{state="idle"}')
    scoring = worker(gpu)
    try:
        eventually(lambda: counted(daemon, 'kapwa_workers{state="idle"}') > before, "the worker scores")
        with daemon.client(key=gpu) as client, pytest.raises(NotAdmitted):
            client.ping()
        assert failures(daemon, "wrong_socket") >= 2
        # Without its key it scores for nobody any more.
        keys.revoke("gpu")
        assert "does not take this key" in scoring.communicate(timeout=PATIENCE)[1]
        assert scoring.returncode == 69
    finally:
        if scoring.poll() is None:
            scoring.terminate()
            scoring.wait(PATIENCE)


def test_a_revoked_key_is_cut_off_while_it_works(floor: Floor) -> None:
    daemon, keys = floor
    client = admitted(floor, "desk", "middleware")
    with client, crm(floor) as other:
        client.agent_upsert("ana", {"tagalog": 5})
        feed = subscribe(daemon, keys.secrets / "desk-1.secret", "main/")
        heard(feed, "main/heartbeat/")
        waiting = client.pipeline().events_read(1_000, wait_ms=30_000)
        keys.revoke("desk")
        with pytest.raises(NotAdmitted, match="does not take this key"):
            waiting.result(PATIENCE)
        eventually(lambda: failures(daemon, "revoked_key") >= 1, "it is counted")
        other.agent_state("ana", "ready")
        heard_after = []
        while feed.poll(1_500):
            heard_after.append(feed.recv_multipart()[0])
        assert not any(topic.startswith(b"main/agent.state_changed/") for topic in heard_after)
        feed.close(linger=0)
        assert "desk" in run("keys", "list", "--data", str(daemon.data)).stdout
        # The name may be given to another key.
        with admitted(floor, "desk", "observer") as wall:
            refused(wall, "agent.upsert", agent="ben", skills={})


def test_a_key_whose_role_is_changed_does_what_it_may_now(floor: Floor) -> None:
    daemon, keys = floor
    with admitted(floor, "desk", "observer") as client:
        refused(client, "agent.upsert", agent="ana", skills={})
        file = daemon.data / "keys" / "desk.key"
        file.write_text(
            file.read_text(encoding="utf-8").replace("role: observer", "role: middleware"), encoding="utf-8"
        )

        def taken_up() -> bool:
            try:
                return client.agent_upsert("ana", {"tagalog": 5}).seq > 0
            except Refused:
                return False

        eventually(taken_up, "the change is taken up")


# What a key may send


def test_an_observer_that_sends_commands(floor: Floor) -> None:
    daemon, _ = floor
    with admitted(floor, "wall", "observer") as wall:
        by = {"role": "supervisor", "name": "Liza"}
        asked: Dict[str, Dict[str, Any]] = {
            "agent.upsert": {"agent": "eve", "skills": {}},
            "agent.state": {"agent": "eve", "state": "ready"},
            "agent.remove": {"agent": "eve", "reason": "x"},
            "conversation.message": {"conversation": "c", "from": "customer", "channel": "chat", "text": "hello"},
            "conversation.close": {"conversation": "c", "outcome": "resolved"},
            "offer.accept": {"offer": "o1", "agent": "eve"},
            "break.grant": {"agent": "eve", "by": by, "reason": "x"},
            "incident.declare": {"topic": "x", "until": "2026-01-01T00:00:00Z", "by": by, "reason": "x"},
        }
        for kind, fields in asked.items():
            refusal = refused(wall, kind, **fields)
            assert refusal.field == "type" and "middleware" in refusal.message or "supervisor" in refusal.message
            assert counted(daemon, f'kapwa_commands_total{{type="{kind}",result="not_permitted"}}') == 1, kind
        assert wall.state("agents").rows == []
        assert wall.ping()["mode"] == "enforce"
    with crm(floor) as client:
        assert not any("eve" in json.dumps(event) for event in client.events_read(0)["events"])


def test_middleware_of_another_tenant(floor: Floor) -> None:
    daemon, _ = floor
    with admitted(floor, "south", "middleware", "--tenant", "south") as south:
        assert south.agent_upsert("ana", {"tagalog": 5}, tenant="south").seq > 0
        said = {
            tenant: refused(south, "agent.upsert", agent="ben", skills={}, tenant=tenant).message
            for tenant in ("main", "nowhere")
        }
        assert said["main"] == said["nowhere"], "whether another tenant exists is not told"
        refused(south, "state.read", what="agents")
        refused(south, "events.read", after=0)
        assert counted(daemon, 'kapwa_wire_rejected_total{reason="not_permitted"}') == 4, "each is counted"
    with crm(floor) as client:
        assert client.state("agents").rows == []


def test_an_agents_key_acts_for_that_agent_alone(floor: Floor) -> None:
    with crm(floor) as client, admitted(floor, "ana-desk", "agent", "--agent", "ana") as ana:
        for agent in ("ana", "ben"):
            client.agent_upsert(agent, {"tagalog": 5})
        ana.agent_state("ana", "ready")
        refused(ana, "agent.state", agent="ben", state="ready")
        client.conversation_message("c-1", "Nasaan na po ang order ko?", channel="chat")
        offer = client.events_read(0, types=["offer.made"], wait_ms=20_000)["events"][0]
        assert refused(ana, "offer.accept", offer=offer["offer"], agent="ben").field == "agent"
        ana.offer_accept(offer["offer"], "ana")
        assert ana.conversation_message("c-1", "Andito na po.", from_="agent", agent="ana").seq > 0
        client.conversation_message("c-2", "Hello", channel="chat", hold=True)
        refused(ana, "conversation.message", conversation="c-2", **{"from": "agent"}, agent="ana", text="Hi")
        refused(ana, "conversation.close", conversation="c-2", outcome="resolved")
        refused(ana, "conversation.message", conversation="c-1", **{"from": "customer"}, text="me")
        refused(ana, "break.grant", agent="ana", by={"role": "agent", "name": "Ana"}, reason="x")
        refused(ana, "break.end", agent="ana", by={"role": "supervisor", "name": "Ana"}, reason="x")
        # Only what is the agent's own is read back.
        assert [row["agent"] for row in ana.state("agents").rows] == ["ana"]
        assert [row["conversation"] for row in ana.state("conversations").rows] == ["c-1"]
        mine = ana.events_read(0)["events"]
        assert {event.get("agent", "ana") for event in mine} == {"ana"}
        assert any("brief" in event for event in mine)
        closing = {"type": "conversation.close", "id": "close-1", "conversation": "c-1", "outcome": "resolved"}
        assert ana.call(closing).seq > 0
        assert ana.call(closing).duplicate, "answered the same again, though it is nobody's conversation now"


def test_a_supervisors_words_need_a_supervisors_key(floor: Floor) -> None:
    liza = {"role": "supervisor", "name": "Liza"}
    with crm(floor) as client, admitted(floor, "lead", "supervisor") as lead:
        client.agent_upsert("ana", {"tagalog": 5})
        client.agent_state("ana", "ready")
        assert refused(client, "break.end", agent="ana", by=liza, reason="x").field == "by.role"
        assert refused(client, "break.grant", agent="ana", by=liza, reason="x").field == "type"
        assert lead.call({"type": "break.grant", "agent": "ana", "by": liza, "reason": "three in a row"}).seq > 0
        assert refused(lead, "break.end", agent="ana", reason="x").field == "by"
        assert refused(lead, "agent.state", agent="ana", state="offline").field == "type"


def test_a_key_that_is_bound_to_a_queue(floor: Floor) -> None:
    with crm(floor) as client, admitted(floor, "food", "middleware", "--queue", "food") as food:
        client.conversation_message("c-main", "Hello", channel="chat", queue="main")
        assert food.conversation_message("c-food", "Hello", channel="chat", queue="food").seq > 0
        assert food.conversation_message("c-food", "Hello?").seq > 0
        assert refused(food, "conversation.message", conversation="c-new", **{"from": "customer"}, channel="chat",
                       text="x").field == "queue"  # fmt: skip
        assert refused(food, "conversation.message", conversation="c-new", **{"from": "customer"}, channel="chat",
                       text="x", queue="main").field == "queue"  # fmt: skip
        refused(food, "conversation.close", conversation="c-main", outcome="resolved")
        refused(food, "conversation.transfer", conversation="c-food", reason="x", queue="main")
        refused(food, "queue.estimate", queue="main")
        refused(food, "queue.estimate", conversation="c-main")
        assert [row["queue"] for row in food.state("queues").rows] == ["food"]
        assert [row["conversation"] for row in food.state("conversations").rows] == ["c-food"]


def test_the_sender_is_the_key_whatever_it_calls_itself(floor: Floor) -> None:
    with crm(floor) as client, admitted(floor, "desk", "middleware") as desk:
        command = {"type": "agent.upsert", "id": "same", "agent": "ana", "skills": {"a": 1}, "source": "crm"}
        other = {**command, "agent": "ben"}
        assert client.call(command).seq > 0
        assert desk.call(other).seq > 0, "the id is another sender's"
        assert client.call({**command, "source": "elsewhere"}).duplicate
        with pytest.raises(Refused) as conflict:
            client.call(other)
        assert conflict.value.code == "id_conflict"


# What a key may hear


def test_a_subscription_to_anothers_topic(floor: Floor) -> None:
    daemon, keys = floor
    with crm(floor) as client:
        admitted(floor, "ana-desk", "agent", "--agent", "ana").close()
        admitted(floor, "wall", "observer").close()
        secrets = {path.name.rpartition("-")[0]: path for path in keys.secrets.iterdir()}
        feeds = {
            "ana-desk": subscribe(daemon, secrets["ana-desk"], "main/private/ben/", "main/private/ana/", "main/"),
            "wall": subscribe(daemon, secrets["wall"], "main/private/", "south/", "main/"),
            "crm": subscribe(daemon, secrets["crm"], "main/private/ben/", "main/"),
        }
        for feed in feeds.values():
            heard(feed, "main/heartbeat/")
        # The agent asks for a colleague's, the wall for private ones and for another tenant's.
        # On a busy machine a connection may be made anew, and ask again.
        eventually(lambda: counted(daemon, "kapwa_subscriptions_refused_total") >= 3, "three are refused")
        for agent in ("ana", "ben"):
            client.agent_upsert(agent, {"tagalog": 5})
            client.agent_state(agent, "ready")
        for number in range(4):
            client.conversation_message(f"c-{number}", "Hello po", channel="chat")
        client.agent_upsert("zz", {})
        topics = {
            name: set(heard(feed, "main/agent.updated/zz/")) for name, feed in feeds.items() if name != "ana-desk"
        }
        assert "main/private/ben/" in topics["crm"]
        assert not any("private" in topic for topic in topics["wall"])
        assert any(topic.startswith("main/conversation.opened/") for topic in topics["wall"])
        client.agent_state("ana", "offline")
        mine = set(heard(feeds["ana-desk"], "main/agent.state_changed/ana/")) | set(
            heard(feeds["ana-desk"], "main/agent.state_changed/ana/")
        )
        assert "main/private/ana/" in mine
        assert not any("ben" in topic or topic.startswith("main/conversation.") for topic in mine), mine
        for feed in feeds.values():
            feed.close(linger=0)


@pytest.mark.parametrize(
    "role, stressed, talks, brief",
    [
        ("middleware", False, False, False),
        ("observer", False, False, False),
        ("supervisor", False, False, False),
        ("wellbeing", True, True, False),
        ("auditor", True, True, True),
    ],
)
def test_what_each_role_reads_of_an_agents_care(
    floor: Floor, role: str, stressed: bool, talks: bool, brief: bool
) -> None:
    daemon, _ = floor
    with crm(floor) as client:
        client.agent_upsert("ana", {"tagalog": 5})
        client.agent_state("ana", "ready")
        for number in range(5):
            client.conversation_message(f"c-{number}", "Hello po", channel="chat")
            client.conversation_assign(f"c-{number}", "ana", as_="external")
            client.stress_report("ana", conversation=f"c-{number}")
        with admitted(floor, "reader", role) as reader:
            events = reader.events_read(0)["events"]
            kinds = {event["type"] for event in events}
            assert ("agent.stressed" in kinds) == stressed
            assert ("talk.suggested" in kinds) == talks
            assert any("brief" in event for event in events) == brief
            if not brief:
                assert '"cost":' not in json.dumps(events), "nor what it could be worked out from"
        looks = daemon.data / "looks.jsonl"
        if role == "auditor":
            kept = [json.loads(line) for line in looks.read_text(encoding="utf-8").splitlines()]
            assert kept[-1]["key"] == "reader" and kept[-1]["what"] == "events after 0"
        else:
            assert not looks.exists()


# Where keys are asked for


def test_other_machines_are_served_with_keys_alone(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(commands="tcp://0.0.0.0:0", events="tcp://0.0.0.0:0")
    outcome = daemon.launch()
    assert outcome.returncode == 78 and "kapwa keys new" in outcome.stderr, outcome.stderr
    secret = keyring(daemon).new("crm", "middleware")
    daemon.start()
    endpoint = daemon.commands.replace("0.0.0.0", "127.0.0.1")
    with Client(endpoint, key=secret, timeout=PATIENCE) as client:
        assert client.ping()["mode"] == "enforce"
    with Client(endpoint, timeout=PATIENCE, resend=0.5) as client, pytest.raises(NotAdmitted):
        client.ping()


def test_loopback_may_stay_open_beside_keys(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(options=["--keys", "loopback_open"])
    keyring(daemon).new("gpu", "worker")
    daemon.start()
    with daemon.client() as client:
        assert client.agent_upsert("ana", {"tagalog": 5}).seq > 0


def test_required_keys_may_be_made_once_it_runs(new_daemon: NewDaemon) -> None:
    daemon = new_daemon(options=["--keys", "required"]).start()
    floor = (daemon, keyring(daemon))
    with daemon.client(resend=0.5) as client, pytest.raises(NotAdmitted):
        client.ping()
    with admitted(floor, "crm", "middleware") as client:
        assert client.agent_upsert("ana", {"tagalog": 5}).seq > 0
        assert counted(daemon, "kapwa_keys") == 1


# The command line


def test_the_command_line_shows_keys(floor: Floor, tmp_path: pathlib.Path) -> None:
    daemon, keys = floor
    secret = str(keys.secrets / "crm-0.secret")
    command = '{"type":"agent.upsert","id":"1","agent":"ana","skills":{"tagalog":5}}'
    sent = run("send", "--to", daemon.commands, "--key", secret, input=command)
    assert sent.returncode == 0 and json.loads(sent.stdout)["ok"], sent.stderr
    bare = run("send", "--to", daemon.commands, input=command)
    assert bare.returncode == 69 and "asks for a key" in bare.stderr
    server = tmp_path / "server.key"
    server.write_text(run("keys", "show-server", "--data", str(daemon.data)).stdout, encoding="utf-8")
    place = ["--commands", daemon.commands, "--events", daemon.events, "--key", secret, "--server-key", str(server)]
    followed = run("events", *place, "--after", "0", "--until-head")
    assert followed.returncode == 0 and '"type":"agent.updated"' in followed.stdout, followed.stderr
    wrong = run("send", "--to", daemon.commands, "--key", secret, "--server-key", "not a key", input=command)
    assert wrong.returncode == 64 and "--server-key" in wrong.stderr


def test_keys_are_made_listed_and_revoked(tmp_path: pathlib.Path) -> None:
    place = ["--data", str(tmp_path / "data")]
    out = tmp_path / "desk.secret"
    asked = ["keys", "new", "desk", "--role", "middleware", "--queue", "food", "--agent", "ana", "--out", str(out)]
    made = run(*asked, *place)
    assert made.returncode == 0, made.stderr
    held = json.loads(out.read_text(encoding="utf-8"))
    server = run("keys", "show-server", *place)
    assert server.stdout.strip() == held["server"]
    assert held["secret"] not in made.stdout + made.stderr
    listed = run("keys", "list", *place).stdout
    for word in ("desk", "middleware", "tenant main", "queues food", "agents ana"):
        assert word in listed, listed
    # Nothing is written over, and nothing is half made.
    assert run(*asked, *place).returncode == 73
    again = ["keys", "new", "other", "--role", "observer", "--out", str(out)]
    assert run(*again, *place).returncode == 73
    assert json.loads(out.read_text(encoding="utf-8")) == held
    assert "other" not in run("keys", "list", *place).stdout
    assert run("keys", "revoke", "desk", *place).returncode == 0
    assert "revoked" in run("keys", "list", *place).stdout
    assert run("keys", "revoke", "desk", *place).returncode == 66
    assert run("keys", "new", "desk", "--role", "observer", "--out", str(tmp_path / "second"), *place).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["k"], ["k", "--role", "king"], ["a/b", "--role", "observer"], ["k", "--role", "agent"],
        ["k", "--role", "worker", "--tenant", "main"], ["k", "--role", "auditor", "--queue", "food"],
        ["k", "--role", "observer", "--agent", "ana"], ["k", "--role", "observer", "--tenant", "Main"],
    ],
)  # fmt: skip
def test_what_is_no_key_is_wrong_usage(tmp_path: pathlib.Path, arguments: List[str]) -> None:
    outcome = run("keys", "new", *arguments, "--data", str(tmp_path / "data"), cwd=tmp_path)
    assert outcome.returncode == 64, (outcome.returncode, outcome.stderr)
    assert not (tmp_path / "data").exists() and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [[], ["new"], ["list"], ["revoke"], ["show-server"]])
def test_each_command_of_keys_has_examples(command: List[str]) -> None:
    said = run("keys", *command, "--help")
    assert said.returncode == 0 and "Examples:" in said.stdout and "kapwa keys" in said.stdout


def test_an_auditor_shows_a_key(floor: Floor) -> None:
    daemon, keys = floor
    with crm(floor) as client:
        client.agent_upsert("ana", {"tagalog": 5})
        client.conversation_message("c-1", "Hello", channel="chat")
    asked = ["why", "c-1", "--data", str(daemon.data), "--auditor", "Ana Cruz"]
    bare = run(*asked)
    assert bare.returncode == 78 and "--key" in bare.stderr
    assert run(*asked, "--key", str(keys.secrets / "crm-0.secret")).returncode == 78
    shown = run(*asked, "--key", str(keys.new("audit", "auditor")))
    assert shown.returncode == 0, shown.stderr
    look = json.loads((daemon.data / "looks.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (look["by"], look["key"]) == ("Ana Cruz", "audit")


def test_nothing_secret_shows_anywhere(floor: Floor) -> None:
    daemon, keys = floor
    secrets = [keys.content(path)["secret"] for path in keys.secrets.iterdir()]
    own = json.loads((daemon.data / "keys" / "server.secret").read_text(encoding="utf-8"))["secret"]
    with crm(floor) as client:
        client.agent_upsert("ana", {"tagalog": 5})
        events = json.dumps(client.events_read(0)["events"])
        line = pathlib.Path(f"/proc/{daemon.pid}/cmdline").read_bytes()
        variables = pathlib.Path(f"/proc/{daemon.pid}/environ").read_bytes()
    daemon.stop()
    listed = run("keys", "list", "--data", str(daemon.data)).stdout
    shown = "\n".join([daemon.logged(), events, listed]).encode() + line + variables
    for path in daemon.data.rglob("*"):
        if path.is_file() and path.name != "server.secret":
            shown += path.read_bytes()
    for secret in [*secrets, own]:
        assert secret.encode() not in shown
    assert b"crm" in shown
    for path in [*keys.secrets.iterdir(), *(daemon.data / "keys").iterdir()]:
        assert os.stat(path).st_mode & 0o077 == 0, path


def test_a_key_that_somebody_else_owns_opens_nothing(new_daemon: NewDaemon) -> None:
    daemon = new_daemon()
    keys = keyring(daemon)
    keys.new("crm", "middleware")
    # Only root can give a file away; who is not has none that another could own.
    if os.geteuid() == 0:
        os.chown(daemon.data / "keys" / "crm.key", 65534, -1)
        outcome = daemon.launch()
        assert outcome.returncode == 78 and "belongs to user 65534" in outcome.stderr
    os.chmod(daemon.data, 0o777)
    outcome = daemon.launch()
    assert outcome.returncode == 78 and "others than its owner can write" in outcome.stderr
