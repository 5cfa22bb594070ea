"""Asks a daemon over HTTP with requests that were changed at random, and sees that it stays what it was.

    KAPWA_BIN=.build/debug/kapwa PYTHONPATH=clients/python:Tests/EndToEnd python3 Tests/Fuzz/http_door.py --seconds 60

Blind: from outside, without counters that say where a request led. The seed chooses every byte and every cut.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import pathlib
import random
import re
import socket
import struct
import sys
import tempfile
import time
from typing import List, NamedTuple, Optional, Tuple

from daemon import Daemon, eventually
from web import ask

#: What a daemon with nothing to do has no reason to answer.
ALLOWED = {200, 400, 401, 403, 404, 405, 408, 409, 411, 413, 414, 417, 426, 429, 431, 501, 505}
HEADERS = {
    "allow", "cache-control", "connection", "content-length", "content-security-policy", "content-type",
    "cross-origin-resource-policy", "date", "retry-after", "server", "transfer-encoding", "www-authenticate",
    "x-content-type-options",
}  # fmt: skip
#: How long a connection is read from that was told to end; the daemon's own patience is 10 s.
PATIENCE = 20.0
STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3}) [ -~]*\r\n")


def half_close(connection: socket.socket) -> None:
    """Ends our half; where the other side was faster there is nothing left to end."""
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError as error:
        if error.errno != errno.ENOTCONN:
            raise


class Session(NamedTuple):
    """What goes over one connection, in pieces, and how it ends: `half`, `reset` or `left`."""

    pieces: List[bytes]
    end: str


class Broken(Exception):
    pass


class Maker:
    """Makes sessions out of a seed."""

    PATHS = (
        b"/", b"/metrics", b"/health/live", b"/health/ready", b"/v1/limits", b"/v1/", b"*", b"//", b"/../../etc/passwd",
        b"/%ff%fe", b"",
        b"http://127.0.0.1/metrics", b"http://evil.example/", b"/metrics#x", b"/metrics?x=\xff",
    )  # fmt: skip
    #: What an explanation is asked of, and the parts of what is asked.
    IDS = (b"c-1", b"c", b"a" * 128, b"a" * 129, b"", b"%63-1", b"%2e%2e%00", b"%", b"%4", b"%+1", b"\xc3\xb1", b"..")
    NUMBERS = (b"1", b"0", b"-1", b"+1", b"9223372036854775807", b"9223372036854775808", b"1e3", b"", b"%31", b"0x1")
    QUERY = (b"offer", b"at", b"at", b"tenant", b"", b"x", b"%61t")
    METHODS = (
        b"HEAD", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT", b"get", b"PRI", b"G\x00T", b"",
    )  # fmt: skip
    VERSIONS = (b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.", b"http/1.1", b"HTTP/9.9", b"")
    VALUES = (
        b"", b"0", b"-1", b"+1", b"1", b"5", b"0x10", b"18446744073709551616", b"65537", b"5, 5", b"5, 6", b"chunked",
        b"gzip, chunked", b"chunked, identity", b"close", b"keep-alive", b"websocket", b"h2c",
        b"Upgrade, HTTP2-Settings", b"100-continue", b"*/*", b"q=;;,", b"null",
        b"application/openmetrics-text;version=1.0.0,text/plain;q=0.5", b"http://evil.example", b"127.0.0.1",
        b"evil.example", b"[::1", b"a" * 300, b"\xc3\x28",
        b"\x00", b"a\rb", b"\t x \t",
    )  # fmt: skip
    NAMES = (
        b"Host", b"Content-Length", b"Transfer-Encoding", b"Connection", b"Upgrade", b"Expect", b"Accept", b"Origin",
        b"Authorization", b"Sec-WebSocket-Key", b"Sec-WebSocket-Version", b"HTTP2-Settings", b"TE", b"Trailer",
        b"Cookie", b"Range", b"X", b"X Y", b"", b":path", b"X-\xff", b"Content-Length ",
    )  # fmt: skip
    PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
    HELLO = b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03"

    def __init__(self, seed: int, token: str, port: int) -> None:
        self.random = random.Random(seed)
        self.token = token.encode()
        self.port = port

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def why(self) -> bytes:
        pick = self.random.choice
        parts = []
        for _ in range(self.random.randrange(3)):
            value = pick((b"o1", b"main", b"other", pick(self.IDS), pick(self.NUMBERS), pick(self.NUMBERS)))
            parts.append(pick(self.QUERY) + pick((b"=", b"=", b"=", b"", b"==")) + value)
        name = b"c-1" if self.chance(2) else pick(self.IDS)
        return b"/v1/conversations/" + name + b"/why" + (b"?" + b"&".join(parts) if parts else b"")

    def head(self) -> bytes:
        pick = self.random.choice
        end = b"\n" if self.chance(20) else b"\r\n"
        path = self.why() if self.chance(3) else pick(self.PATHS)
        if self.chance(12):
            path += b"/a" * self.random.randrange(1, 12_000)
        method = pick(self.METHODS) if self.chance(5) else b"GET"
        version = pick(self.VERSIONS) if self.chance(10) else b"HTTP/1.1"
        lines = [b" ".join((method, path, version))]
        if not self.chance(10):
            lines.append(b"Host: 127.0.0.1:%d" % self.port)
        if not self.chance(3):
            lines.append(b"Authorization: Bearer " + self.token)
        for _ in range(self.random.choice((0, 0, 0, 0, 1, 1, 2, 4))):
            lines.append(pick(self.NAMES) + b": " + pick(self.VALUES))
        if self.chance(25):
            lines += [b"X-%d: %d" % (number, number) for number in range(self.random.randrange(40, 90))]
        if self.chance(30):
            lines.append(b" folded: " + pick(self.VALUES))
        if self.chance(25):
            lines += [b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13",
                      b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]  # fmt: skip
        rest = lines[1:]
        self.random.shuffle(rest)
        return end.join(lines[:1] + rest) + end + end

    def chunks(self) -> bytes:
        body = b""
        for _ in range(self.random.randrange(5)):
            size = self.random.choice((0, 1, 5, 100, 70_000))
            wrong = (b"0x%x" % size, b"-1", b"fffffffffffffffff", b"", b"%x;a=b" % size)
            said = self.random.choice((b"%x" % size,) * 8 + wrong)
            body += said + b"\r\n" + b"x" * size + b"\r\n"
        ends = (b"0\r\n\r\n", b"0\r\nX: y\r\n\r\n", b"0\r\n", b"", b"0\r\nHost: evil\r\n\r\n")
        return body + self.random.choice(ends)

    def request(self) -> bytes:
        head = self.head()
        choice = self.random.randrange(10)
        if choice == 0:
            return head[:-2] + b"Transfer-Encoding: chunked\r\n\r\n" + self.chunks()
        if choice == 1:
            size = self.random.choice((0, 1, 10, 65_536, 65_537, 200_000))
            said = size + self.random.choice((0, 0, 0, 1, -1, 5))
            return head[:-2] + b"Content-Length: %d\r\n\r\n" % said + b"y" * size
        if choice == 2:
            return head[:-2] + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + self.chunks()
        return head

    def mutated(self, data: bytes) -> bytes:
        text = bytearray(data)
        for _ in range(self.random.randrange(1, 5)):
            if not text:
                break
            at = self.random.randrange(len(text))
            what = self.random.randrange(5)
            if what == 0:
                text[at] = self.random.randrange(256)
            elif what == 1:
                del text[at : at + self.random.randrange(1, 9)]
            elif what == 2:
                text[at:at] = self.random.choice((b"\r\n", b"\x00", b" ", b":", b"\xff", b"%00", b"\n", b"\r"))
            elif what == 3:
                text[at:at] = text[at : at + self.random.randrange(64)]
            else:
                del text[at:]
        return bytes(text)

    def session(self) -> Session:
        if self.chance(60):
            data = self.random.choice((self.PREFACE, self.HELLO, b"\r\n" * 500, b"", bytes(self.random.randbytes(200))))
        else:
            data = b"".join(self.request() for _ in range(1 if not self.chance(4) else self.random.randrange(2, 12)))
            if self.chance(5):
                data = self.mutated(data)
        cuts = sorted(self.random.randrange(len(data) + 1) for _ in range(self.random.randrange(4)))
        places = [0, *cuts, len(data)]
        pieces = [data[start:end] for start, end in zip(places, places[1:]) if end > start]
        return Session(pieces, self.random.choice(("half",) * 7 + ("reset", "reset", "left")))


class Run:
    def __init__(self, daemon: Daemon, seed: int) -> None:
        self.daemon = daemon
        self.port = int(daemon.http.rpartition(":")[2])
        self.maker = Maker(seed, daemon.token, self.port)
        self.left: List[socket.socket] = []
        self.statuses: dict[int, int] = {}
        self.sessions = 0
        self.files = self.open_files()

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.daemon.pid}/fd"))

    def memory(self) -> int:
        """MiB."""
        for line in pathlib.Path(f"/proc/{self.daemon.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) // 1024
        return 0

    # One session

    def play(self, session: Session) -> None:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        answered = b""
        try:
            for piece in session.pieces:
                connection.sendall(piece)
            if session.end == "half":
                half_close(connection)
                while part := connection.recv(65_536):
                    answered += part
        except (ConnectionError, BrokenPipeError):
            pass  # Ended from the other side: allowed at any time.
        except socket.timeout:
            raise Broken(f"not ended within {PATIENCE:g} s") from None
        if session.end == "left":
            self.left.append(connection)
        else:
            if session.end == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        self.judge(answered)

    def judge(self, answered: bytes) -> None:
        if self.maker.token in answered:
            raise Broken("the token stands in an answer")
        rest = answered
        while rest:
            status = STATUS.match(rest)
            if not status:
                raise Broken(f"no status line: {rest[:80]!r}")
            number = int(status.group(1))
            self.statuses[number] = self.statuses.get(number, 0) + 1
            # Explanations are bounded; whoever asks for too many at once is told to come again.
            is_busy = number == 503 and b'"code":"overloaded"' in rest and b"\r\nRetry-After: " in rest
            if number not in ALLOWED and not is_busy:
                raise Broken(f"answered {number}: {rest[:300]!r}")
            head, found, rest = rest[status.end() :].partition(b"\r\n\r\n")
            if not found:
                return  # Cut off where the connection ended.
            rest = self.body(number, head, rest)

    def body(self, number: int, head: bytes, rest: bytes) -> bytes:
        fields = {}
        for line in head.split(b"\r\n") if head else []:
            name, _, value = line.partition(b":")
            fields[name.strip().lower().decode("latin-1")] = value.strip()
        strange = set(fields) - HEADERS
        if strange:
            raise Broken(f"headers that are not ours: {strange}")
        size = int(fields.get("content-length", b"0"))
        # HEAD has a length and no body: then the next answer, or nothing, stands there.
        if not rest or STATUS.match(rest):
            return rest
        body = rest[:size]
        if len(body) == size and fields.get("content-type", b"").startswith(b"application/json"):
            value = json.loads(body)
            if number >= 400 and not value.get("error", {}).get("code"):
                raise Broken(f"refused without a code: {body!r}")
        return rest[size:]

    # All of them

    def check(self) -> None:
        if not self.daemon.running:
            raise Broken("the daemon has ended")
        for path in ("/health/live", "/health/ready", "/v1/limits", "/metrics"):
            answer = ask(self.daemon, path, token=self.daemon.token)
            if answer.status != 200:
                raise Broken(f"{path} answers {answer.status}: {answer.text[:300]}")

    def settle(self) -> None:
        for one in self.left:
            one.close()
        self.left.clear()
        try:
            eventually(lambda: self.open_files() <= self.files + 4, "descriptors are given back")
        except AssertionError as error:
            raise Broken(f"{self.open_files()} open files, {self.files} at first: {error}") from None

    def go(self, seconds: float, finds: pathlib.Path, seed: int) -> Optional[Tuple[str, Session]]:
        """The first thing that broke, and by what."""
        end = time.monotonic() + seconds
        session = Session([], "half")
        try:
            self.check()
            while time.monotonic() < end:
                session = self.maker.session()
                self.play(session)
                self.sessions += 1
                if self.sessions % 50 == 0:
                    self.check()
                if self.sessions % 1_000 == 0:
                    self.settle()
            self.settle()
            self.check()
        except (Broken, OSError, ValueError) as error:
            finds.mkdir(parents=True, exist_ok=True)
            name = finds / f"http-{seed}-{self.sessions}"
            name.write_bytes(b"".join(session.pieces))
            print(f"fuzz: session {self.sessions} of seed {seed} ({session.end}): {error}; kept as {name}")
            return str(error), session
        return None


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--finds", type=pathlib.Path, default=pathlib.Path(".build/fuzz/finds"))
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch, Daemon(pathlib.Path(scratch) / "daemon") as daemon:
        run = Run(daemon, chosen.seed)
        before = run.memory()
        broke = run.go(chosen.seconds, chosen.finds, chosen.seed)
        if daemon.running:
            print(f"memory: {before} MiB at first, {run.memory()} MiB at the end; open files {run.open_files()}")
        print(f"answers by status: {dict(sorted(run.statuses.items()))}")
        print(f"stat::number_of_executed_units: {run.sessions}")
        log = daemon.logged()
        if daemon.token in log:
            print("fuzz: the token stands in the log")
            broke = broke or ("", Session([], ""))
        if broke:
            print(log[-4_000:])
    return 1 if broke else 0


if __name__ == "__main__":
    sys.exit(main())
