"""Who is let in over HTTP: each refusal happens, and each is counted."""

from __future__ import annotations

import os
import pathlib
import select
import signal
import socket
import ssl
import stat
import subprocess
from typing import List, Tuple

import pytest

from conftest import NewDaemon
from daemon import PATIENCE, Daemon, eventually
from test_http import samples
from web import ask

REASONS = (
    "no_token", "wrong_token", "forbidden_host", "forbidden_origin", "too_many_failures", "too_large", "crowded",
    "handshake",
)  # fmt: skip


def refusals(daemon: Daemon, reason: str) -> float:
    return samples(ask(daemon, "/metrics").text)[f'kapwa_http_refusals_total{{reason="{reason}"}}']


def certificate(directory: pathlib.Path, name: str) -> Tuple[pathlib.Path, pathlib.Path]:
    """A certificate for 127.0.0.1 and kapwa.example that vouches for itself."""
    cert, key = directory / f"{name}.pem", directory / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1,DNS:kapwa.example",
         "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    key.chmod(0o600)
    return cert, key


# The token


def test_the_token_is_made_at_the_first_start_for_its_owner_alone(new_daemon: NewDaemon) -> None:
    daemon = new_daemon().start()
    file = daemon.data / "http.token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(daemon.token) == 43
    assert daemon.stop() == 0
    again = new_daemon(data=daemon.data).start()
    assert again.token == daemon.token
    assert ask(again, "/v1/limits", token=daemon.token).status == 200


def test_no_http_token(daemon: Daemon) -> None:
    for path in ("/v1/limits", "/v1/conversations/c-1/why", "/v1/", "/v1/nowhere"):
        answer = ask(daemon, path)
        assert (answer.status, answer.code) == (401, "no_token"), path
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="kapwa"'
    assert refusals(daemon, "no_token") == 4


def test_a_wrong_http_token(daemon: Daemon) -> None:
    for token in ("x", daemon.token[:-1], daemon.token + "x", daemon.token.swapcase()):
        answer = ask(daemon, "/v1/limits", token=token)
        assert (answer.status, answer.code) == (401, "wrong_token"), token
    assert ask(daemon, f"/v1/limits?token={daemon.token}").code == "no_token", "an address is no place for it"
    assert ask(daemon, "/v1/limits", Authorization=f"Basic {daemon.token}").code == "no_token"
    assert refusals(daemon, "wrong_token") == 4
    assert ask(daemon, "/v1/limits", token=daemon.token).status == 200


def test_the_token_stands_nowhere_else(daemon: Daemon) -> None:
    token = daemon.token
    ask(daemon, "/v1/limits", token=token)
    ask(daemon, "/v1/limits", token=token + "x")
    for shown in (
        daemon.logged(),
        ask(daemon, "/metrics").text,
        ask(daemon, "/health/ready").text,
        ask(daemon, "/").text,
        pathlib.Path(f"/proc/{daemon.pid}/cmdline").read_bytes().decode(),
        pathlib.Path(f"/proc/{daemon.pid}/environ").read_bytes().decode(),
        str(daemon.all_events()),
    ):
        assert token not in shown
    for file in daemon.data.rglob("*"):
        if file.is_file() and file.name != "http.token":
            assert token.encode() not in file.read_bytes(), file


def test_a_new_token_holds_from_the_reload_on(daemon: Daemon) -> None:
    old = daemon.token
    (daemon.data / "http.token").unlink()
    daemon.send(signal.SIGHUP)
    eventually(lambda: ask(daemon, "/v1/limits", token=old).status == 401, "the old one opens nothing")
    assert daemon.token != old
    assert ask(daemon, "/v1/limits", token=daemon.token).status == 200


def test_a_token_that_others_can_read_is_not_taken(new_daemon: NewDaemon) -> None:
    daemon = new_daemon().start()
    assert daemon.stop() == 0
    (daemon.data / "http.token").chmod(0o644)
    outcome = daemon.launch()
    assert outcome.returncode == 78 and "http.token" in outcome.stderr, outcome.stderr
    assert daemon.token not in outcome.stderr


def test_who_fails_too_often_is_cut_off_and_the_token_still_opens(daemon: Daemon) -> None:
    codes = [ask(daemon, "/v1/limits", token=f"guess-{number}").code for number in range(25)]
    assert codes == ["wrong_token"] * 20 + ["too_many_failures"] * 5
    late = ask(daemon, "/v1/limits", token="guess")
    assert late.status == 429 and late.headers["Retry-After"] == "60" and late.headers["Connection"] == "close"
    assert refusals(daemon, "too_many_failures") == 6
    assert refusals(daemon, "wrong_token") == 26
    assert ask(daemon, "/v1/limits", token=daemon.token).status == 200
    noticed = daemon.logged().count("turned away over HTTP")
    assert 1 <= noticed <= 26, "the log says so, not without end"


# Names and pages


def test_a_dns_rebinding_host(daemon: Daemon) -> None:
    port = daemon.http.rpartition(":")[2]
    strangers = ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "0.0.0.0", "192.168.1.1")
    for host in strangers:
        for path in ("/metrics", "/health/ready", "/", "/v1/limits"):
            answer = ask(daemon, path, token=daemon.token, Host=host)
            assert answer.code in ("forbidden_host", "too_many_failures"), (host, path)
            assert "kapwa_" not in answer.text
    assert refusals(daemon, "forbidden_host") == 4 * len(strangers)
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "[::1]"):
        assert ask(daemon, "/metrics", Host=host).status == 200, host


def test_a_page_from_elsewhere(daemon: Daemon) -> None:
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"):
        assert ask(daemon, "/metrics", Origin=origin).code == "forbidden_origin", origin
    assert refusals(daemon, "forbidden_origin") == 4
    own = ask(daemon, "/metrics", Origin=daemon.http)
    assert own.status == 200
    assert not any(name.lower().startswith("access-control") for name in own.headers)
    assert own.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_name_that_was_configured(new_daemon: NewDaemon) -> None:
    daemon = new_daemon()
    daemon.environment["KAPWA_HTTP_NAMES"] = "kapwa.example,wall.example"
    daemon.start()
    assert ask(daemon, "/metrics", Host="wall.example").status == 200
    assert ask(daemon, "/metrics", Host="evil.example").status == 403


# Holding the door


def test_connections_that_say_nothing_keep_nobody_out(daemon: Daemon) -> None:
    port = int(daemon.http.rpartition(":")[2])
    idle: List[socket.socket] = []
    try:
        for number in range(600):
            one = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
            if number % 3 == 1:
                one.sendall(b"GET /metrics HTTP/1.1\r\nHost: local")
            idle.append(one)
            if number % 100 == 99:
                assert ask(daemon, "/health/live").status == 200
                assert ask(daemon, "/v1/limits", token=daemon.token).status == 200
        # One after the other is ended, the first that came first.
        assert select.select([idle[0]], [], [], PATIENCE)[0] and idle[0].recv(1) == b""
        assert refusals(daemon, "crowded") >= 600 - 256 - 10
        open_files = len(os.listdir(f"/proc/{daemon.pid}/fd"))
        assert open_files < 600, open_files
    finally:
        for one in idle:
            one.close()


def test_a_body_without_end_is_cut_off(daemon: Daemon) -> None:
    port = int(daemon.http.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as endless:
        endless.sendall(
            b"POST /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with pytest.raises(OSError):
            for _ in range(10_000):
                endless.sendall(chunk)
    eventually(lambda: refusals(daemon, "too_large") == 1, "it is counted")
    answer = ask(daemon, "/metrics", method="POST", data=b"x" * 65_536)
    assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD"


# Other machines


def test_http_for_other_machines_needs_a_certificate(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    for place in ("0.0.0.0:0", "[::]:0", "127.0.0.1.evil.example:0"):
        outcome = new_daemon(http=place).launch()
        assert outcome.returncode == 78 and "certificate" in outcome.stderr, outcome.stderr
    cert, key = certificate(tmp_path, "kapwa")
    _, other = certificate(tmp_path, "other")
    for options, code, word in (
        (["--http-certificate", str(cert)], 78, "http_key"),
        (["--http-certificate", str(tmp_path / "none.pem"), "--http-key", str(key)], 66, "none.pem"),
        (["--http-certificate", str(cert), "--http-key", str(other)], 65, "does not belong"),
        (["--http-certificate", str(key), "--http-key", str(key)], 65, "PEM"),
    ):
        outcome = new_daemon(http="0.0.0.0:0", options=options).launch()
        assert outcome.returncode == code and word in outcome.stderr, outcome.stderr
    key.chmod(0o640)
    outcome = new_daemon(http="0.0.0.0:0", options=["--http-certificate", str(cert), "--http-key", str(key)]).launch()
    assert outcome.returncode == 78 and "chmod 600" in outcome.stderr, outcome.stderr


def test_over_tls_only_health_is_open(new_daemon: NewDaemon, tmp_path: pathlib.Path) -> None:
    cert, key = certificate(tmp_path, "kapwa")
    daemon = new_daemon(
        http="0.0.0.0:0", options=["--http-certificate", str(cert), "--http-key", str(key)]
    ).start()  # fmt: skip
    assert daemon.http.startswith("https://0.0.0.0:")
    port = int(daemon.http.rpartition(":")[2])
    place, trust = f"https://127.0.0.1:{port}", ssl.create_default_context(cafile=str(cert))
    token = daemon.token
    health = ask(daemon, "/health/ready", context=trust, place=place)
    assert health.status == 200 and health.json == {"status": "ready"}
    assert "checks" in ask(daemon, "/health/ready", context=trust, place=place, token=token).json
    for path in ("/metrics", "/", "/v1/limits", "/nowhere"):
        assert ask(daemon, path, context=trust, place=place).code == "no_token", path
    assert ask(daemon, "/metrics", context=trust, place=place, token="x").code == "wrong_token"
    assert ask(daemon, "/health/live", context=trust, place=place, Host="evil.example").code == "forbidden_host"

    def counted(reason: str) -> float:
        text = ask(daemon, "/metrics", context=trust, place=place, token=token).text
        return samples(text)[f'kapwa_http_refusals_total{{reason="{reason}"}}']

    assert (counted("no_token"), counted("wrong_token"), counted("forbidden_host")) == (4, 1, 1)
    # Plain text is not understood, old TLS not spoken.
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain:
        plain.sendall(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"kapwa_" not in plain.recv(65536)
    eventually(lambda: counted("handshake") >= 1, "it is counted")
    # A renewed certificate holds from the reload on, for new connections.
    renewed, renewed_key = certificate(tmp_path, "renewed")
    renewed.rename(cert)
    renewed_key.rename(key)
    daemon.send(signal.SIGHUP)

    def is_renewed() -> bool:
        shown = ssl.get_server_certificate(("127.0.0.1", port))
        return ssl.PEM_cert_to_DER_cert(shown) == ssl.PEM_cert_to_DER_cert(cert.read_text(encoding="ascii"))

    eventually(is_renewed, "the new certificate is shown")
    fresh = ssl.create_default_context(cafile=str(cert))
    assert ask(daemon, "/metrics", context=fresh, place=place, token=token).status == 200


def test_every_reason_has_its_series_from_the_start(daemon: Daemon) -> None:
    assert [refusals(daemon, reason) for reason in REASONS] == [0] * len(REASONS)
