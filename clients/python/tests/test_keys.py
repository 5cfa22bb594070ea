from __future__ import annotations

import json
import pathlib
import threading
from typing import Iterator, Tuple

import pytest
import zmq
from fake import Fake
from zmq.auth.thread import ThreadAuthenticator

from kapwa import Client, KapwaError, Key, NotAdmitted, TimedOut

Door = Tuple[str, Key]


def write(path: pathlib.Path, mode: int = 0o600, **content: str) -> pathlib.Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(mode)
    return path


def pair() -> Tuple[str, str]:
    public, secret = zmq.curve_keypair()
    return public.decode(), secret.decode()


@pytest.fixture
def door(tmp_path: pathlib.Path) -> Iterator[Door]:
    """A ROUTER that lets one key in and answers every message, and that key."""
    context = zmq.Context()
    server, server_secret = pair()
    public, secret = pair()
    known = tmp_path / "known"
    known.mkdir()
    (known / "crm.key").write_text(f'metadata\ncurve\n    public-key = "{public}"\n', encoding="utf-8")
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    authenticator.configure_curve(domain="commands", location=str(known))
    router = context.socket(zmq.ROUTER)
    router.curve_server = True
    router.curve_secretkey = server_secret.encode()
    router.zap_domain = b"commands"
    port = router.bind_to_random_port("tcp://127.0.0.1")
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            if router.poll(10):
                peer, version, frame = router.recv_multipart()
                answer = {"id": json.loads(frame)["id"], "ok": True, "seq": 0}
                router.send_multipart([peer, version, json.dumps(answer).encode()])

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"tcp://127.0.0.1:{port}", Key(public, secret, server, "crm")
    stop.set()
    thread.join()
    router.close(linger=0)
    authenticator.stop()
    context.destroy(linger=0)


def test_who_shows_a_known_key_is_answered(door: Door) -> None:
    endpoint, key = door
    with Client(endpoint, key=key, timeout=20) as client:
        assert client.ping().seq == 0


def test_who_shows_no_key_is_told_to(door: Door) -> None:
    endpoint, _ = door
    with Client(endpoint, timeout=20, resend=3_600) as client, pytest.raises(NotAdmitted, match="asks for a key"):
        client.ping()


def test_who_shows_another_key_is_told_so(door: Door) -> None:
    endpoint, key = door
    public, secret = pair()
    with Client(endpoint, key=Key(public, secret, key.server), timeout=20) as client:
        with pytest.raises(NotAdmitted, match="does not take this key"):
            client.ping()


def test_whoever_was_not_let_in_is_told_so_at_every_command_and_does_not_wait(door: Door) -> None:
    endpoint, _ = door
    with Client(endpoint, timeout=20, resend=3_600) as client:
        for _ in range(5):
            with pytest.raises(NotAdmitted):
                client.ping()
        assert client.unanswered == 0


def test_who_takes_another_daemon_for_this_one_is_answered_by_nobody_and_in_time(door: Door) -> None:
    endpoint, key = door
    other, _ = pair()
    with Client(endpoint, key=Key(key.public, key.secret, other), timeout=1, resend=3_600) as client:
        with pytest.raises(TimedOut):
            client.ping()
        assert 0 < client.reconnects <= 8


def test_who_shows_a_key_where_none_is_asked_for_is_told_so(fake: Fake) -> None:
    public, secret = pair()
    with Client(fake.commands_endpoint, key=Key(public, secret, public), timeout=20, resend=3_600) as client:
        with pytest.raises(NotAdmitted, match="asks for no key"):
            client.ping()


def test_a_key_is_read_from_its_file(tmp_path: pathlib.Path) -> None:
    public, secret = pair()
    server, _ = pair()
    path = write(tmp_path / "crm.secret", key="crm", public=public, secret=secret, server=server)
    assert Key.read(path) == Key(public, secret, server, "crm")
    other, _ = pair()
    assert Key.read(path, other).server == other
    (tmp_path / "server.key").write_text(other + "\n", encoding="utf-8")
    assert Key.read(path, str(tmp_path / "server.key")).server == other


def test_a_secret_that_others_can_read_is_not_taken(tmp_path: pathlib.Path) -> None:
    public, secret = pair()
    path = write(tmp_path / "crm.secret", 0o644, public=public, secret=secret, server=public)
    with pytest.raises(KapwaError, match="chmod 600"):
        Key.read(path)


def test_what_is_no_key_file_is_said_without_its_content(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "crm.secret"
    path.write_text("this is confidential", encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KapwaError) as caught:
        Key.read(path)
    assert "confidential" not in str(caught.value)


def test_a_secret_is_not_printed() -> None:
    public, secret = pair()
    assert secret not in repr(Key(public, secret, public))
