"""What the journal knows of people, who can have it forget, and what it says to those who ask."""

import json
import os
import pathlib
import subprocess
import tempfile

from conftest import NewDaemon
from daemon import Daemon, run
from test_snapshots import digest

#: A user who is neither root nor anybody.
NOBODY = 65534
ANGRY = "Putang ina mo, ang bobo mo!"


def serve(new_daemon: NewDaemon, **settings: str) -> Daemon:
    return new_daemon(settings={"KAPWA_SNAPSHOT_EVENTS": "1000", **settings}).start()


def talk(daemon: Daemon, name: str, customer: "str | None", **more: object) -> None:
    with daemon.client() as client:
        client.conversation_message(name, "Nasaan na po ang order ko?", channel="chat", customer=customer, **more)


def bytes_of(data: pathlib.Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file())


def named(daemon: Daemon, kind: str) -> "list[dict]":
    return [event for event in daemon.all_events() if event["type"] == kind]


def test_no_id_of_a_customer_reaches_the_disk_or_an_event(new_daemon: NewDaemon) -> None:
    daemon = serve(new_daemon)
    talk(daemon, "k1", "juan-dela-cruz-4711")
    talk(daemon, "k2", "juan-dela-cruz-4711")
    talk(daemon, "k3", "maria-santos-4712")
    opened = named(daemon, "conversation.opened")
    assert opened[0]["customer"] == opened[1]["customer"] != opened[2]["customer"]
    assert opened[0]["customer"].startswith("kh-")
    daemon.kill()
    content = bytes_of(daemon.data)
    assert b"kh-" in content
    assert b"juan" not in content and b"maria" not in content and "juan" not in daemon.logged()
    assert (daemon.data / "customers.key").stat().st_mode & 0o777 == 0o600
    daemon.start()
    talk(daemon, "k4", "juan-dela-cruz-4711")
    assert named(daemon, "conversation.opened")[-1]["customer"] == opened[0]["customer"]


def test_ids_stay_as_they_are_where_that_is_configured(new_daemon: NewDaemon) -> None:
    daemon = serve(new_daemon, KAPWA_CUSTOMER_IDS="plain")
    talk(daemon, "k1", "juan")
    assert named(daemon, "conversation.opened")[0]["customer"] == "juan"


def test_words_are_kept_nowhere(new_daemon: NewDaemon) -> None:
    daemon = serve(new_daemon)
    with daemon.client() as client:
        client.agent_upsert("ana", {"tagalog": 3})
        client.agent_state("ana", "away", reason="dentist at nine")
        client.conversation_message("k1", "Sikreto ko po ang numerong 8812345.", channel="chat")
        client.feedback_record("k1", csat=2, comment="Parang walang nakikinig kay Zenaida.")
    assert all("reason" not in event for event in named(daemon, "agent.state_changed"))
    daemon.kill()
    content = bytes_of(daemon.data)
    for word in (b"8812345", b"Sikreto", b"Zenaida", b"dentist"):
        assert word not in content


def test_reasons_are_kept_where_that_is_configured(new_daemon: NewDaemon) -> None:
    daemon = serve(new_daemon, KAPWA_RETAIN_TEXT="true")
    with daemon.client() as client:
        client.agent_upsert("ana", {"tagalog": 3})
        client.agent_state("ana", "away", reason="dentist at nine")
    assert [event.get("reason") for event in named(daemon, "agent.state_changed")] == ["dentist at nine"]


def forget(data: pathlib.Path, customer: str) -> "subprocess.CompletedProcess[str]":
    return run("journal", "forget", customer, "--data", str(data))


def test_a_customer_is_forgotten_and_the_chain_still_verifies(new_daemon: NewDaemon) -> None:
    daemon = serve(new_daemon)
    with daemon.client() as client:
        client.conversation_message(
            "k1", "Nasaan na po ang order ko?", channel="chat", topic="parcel-of-juan", attributes={"city": "Iloilo"})
        client.conversation_update("k1", customer="juan")
    talk(daemon, "k2", "juan", topic="another-of-juan")
    talk(daemon, "k3", "maria", topic="of-maria")
    assert forget(daemon.data, "juan").returncode == 75
    name = named(daemon, "conversation.opened")[1]["customer"]
    assert daemon.stop() == 0
    before = digest(daemon)
    answer = forget(daemon.data, "juan")
    assert answer.returncode == 0, answer.stderr
    content = bytes_of(daemon.data)
    for fact in (name.encode(), b"parcel-of-juan", b"Iloilo", b"another-of-juan"):
        assert fact not in content, fact
    assert b"of-maria" in content
    verified = run("journal", "verify", "--data", str(daemon.data))
    assert verified.returncode == 0, verified.stdout
    assert digest(daemon) == before
    daemon.start()
    assert before in daemon.logged()
    talk(daemon, "k4", "juan")
    assert named(daemon, "conversation.opened")[-1]["episode"] == 1
    assert daemon.stop() == 0
    assert "nothing was known" in forget(daemon.data, "nobody").stdout


def test_what_root_makes_forget_still_belongs_to_the_daemons_user() -> None:
    with tempfile.TemporaryDirectory(prefix="kapwa-owner-") as place:
        with Daemon(pathlib.Path(place), settings={"KAPWA_SNAPSHOT_EVENTS": "1000"}) as daemon:
            with daemon.client() as client:
                # Enough for a snapshot at the end.
                for number in range(60):
                    client.conversation_message(f"k{number}", "Salamat po", channel="chat", customer="juan")
        # The daemon's user is somebody else where the test may choose one.
        user = NOBODY if os.geteuid() == 0 else os.geteuid()
        os.chmod(place, 0o755)
        for path in [daemon.data, *daemon.data.rglob("*")]:
            os.chown(path, user, -1)
        answer = forget(daemon.data, "juan")
        assert answer.returncode == 0, answer.stderr
        owners = {str(path): path.stat().st_uid for path in daemon.data.rglob("*")}
        assert any("snapshots/" in path for path in owners), "a snapshot was written anew"
        assert set(owners.values()) == {user}, owners


def test_an_agent_is_told_what_is_known_and_nothing_of_others(new_daemon: NewDaemon) -> None:
    daemon = serve(new_daemon)
    with daemon.client() as client:
        for agent in ("ana", "ben"):
            client.agent_upsert(agent, {"tagalog": 3}, name=f"Name of {agent}")
            client.agent_state(agent, "ready")
        for number in range(4):
            client.conversation_message(f"k{number}", ANGRY, channel="chat", customer=f"juan-{number}", topic="a-topic")
        client.conversation_assign("k0", "ana", "external")
        client.conversation_message("k0", ANGRY)
    everything = daemon.all_events()
    answer = run("journal", "about", "ana", "--data", str(daemon.data))
    assert answer.returncode == 0, answer.stderr
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    kinds = {event["type"] for event in told}
    assert {"agent.updated", "agent.state_changed", "conversation.assigned", "agent.stressed"} <= kinds
    assert [event["seq"] for event in told] == [
        event["seq"] for event in everything
        if "ana" in (event.get("agent"), event.get("prefer_agent"), event.get("only_agent"),
                     event.get("transferred_from"))
    ]  # fmt: skip
    assert "Name of ana" in answer.stdout
    for fact in ("ben", "kh-", "a-topic", "bobo", "runner_up"):
        assert fact not in answer.stdout, fact
    nobody = run("journal", "about", "cora", "--data", str(daemon.data))
    assert nobody.returncode == 0 and nobody.stdout == "" and "cora" in nobody.stderr
