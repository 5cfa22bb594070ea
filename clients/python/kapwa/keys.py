"""Keys: what a peer shows to a daemon that asks who it is. Made with ``kapwa keys new``."""

from __future__ import annotations

import json
import os
import socket as sockets
import stat
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Union

import zmq
from zmq.utils.monitor import parse_monitor_message

from .errors import KapwaError, NotAdmitted

#: What libzmq says of a handshake in which only one side speaks of keys.
_MECHANISM_MISMATCH = 0x1100_0002
#: A plain number, because this is asked before each message is sent.
_READABLE = int(zmq.POLLIN)
#: Signature, version and the name of the mechanism, as ZMTP 3 has them.
_GREETING_SIZE = 64
#: What libzmq says when a connection is gone, and when it cannot be made: nobody there, no such name.
_ENDS = zmq.EVENT_DISCONNECTED | zmq.EVENT_CONNECT_RETRIED


@dataclass(frozen=True)
class Key:
    """A pair of keys, and the public key of the daemon that it is shown to."""

    public: str
    secret: str = field(repr=False)
    server: str
    name: str = ""

    @classmethod
    def read(cls, path: "Union[str, os.PathLike[str]]", server: Optional[str] = None) -> "Key":
        """Reads the file that ``kapwa keys new`` wrote.

        ``server`` is the daemon's public key, or the path of a file with it; without it the one in the file counts.
        """
        if os.name == "posix" and stat.S_IMODE(os.stat(path).st_mode) & 0o077:
            raise KapwaError(f"others than its owner can read the secret key {os.fspath(path)}: chmod 600 it")
        with open(path, encoding="utf-8") as file:
            try:
                content = json.load(file)
            except ValueError:
                content = None
        if not isinstance(content, Mapping) or not all(_is_key(content.get(part)) for part in ("public", "secret")):
            # Nothing of the file is shown.
            raise KapwaError(f"{os.fspath(path)} is no file of a secret key; kapwa keys new makes one")
        known = _server(server) if server is not None else content.get("server")
        if not _is_key(known):
            raise KapwaError(f"{os.fspath(path)} does not say whose key it is; name the daemon's public key as server")
        return cls(str(content["public"]), str(content["secret"]), str(known), str(content.get("key", "")))

    def show(self, socket: "zmq.Socket[bytes]") -> None:
        """Has the socket show the key to whatever it connects to from now on."""
        socket.setsockopt(zmq.CURVE_SERVERKEY, self.server.encode())
        socket.setsockopt(zmq.CURVE_PUBLICKEY, self.public.encode())
        socket.setsockopt(zmq.CURVE_SECRETKEY, self.secret.encode())


#: A key, or the path of its file.
KeyLike = Union[Key, str, "os.PathLike[str]"]


def key_of(key: Optional[KeyLike]) -> Optional[Key]:
    return key if key is None or isinstance(key, Key) else Key.read(key)


class Handshakes:
    """Hears why a socket's handshakes fail, so that a wrong key is told as one and not waited for in vain."""

    def __init__(self, socket: "zmq.Socket[bytes]", endpoint: str, has_key: bool, *, ends: bool = False) -> None:
        """``ends``: hears as well that a connection has ended or could not be made."""
        self._endpoint = endpoint
        self._has_key = has_key
        self._watched = socket
        events = zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
        if ends:
            events |= _ENDS | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
        self.socket: "zmq.Socket[bytes]" = socket.get_monitor_socket(events)

    def check(self) -> bool:
        """Whether the connection has ended. Raises ``NotAdmitted`` when trying again does not mend why."""
        ended = False
        while int(self.socket.getsockopt(zmq.EVENTS)) & _READABLE:
            event: Mapping[str, Any] = parse_monitor_message(self.socket.recv_multipart())
            mismatch = False
            if event["event"] & _ENDS:
                ended = True
            elif event["event"] == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                raise NotAdmitted(
                    f"{self._endpoint} does not take this key: unknown there, revoked, or for another socket"
                )
            elif event["event"] == zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL:
                # The other side, seeing the mismatch first, hangs up without a word.
                mismatch = _mechanism(self._endpoint) == (b"NULL" if self._has_key else b"CURVE")
            else:
                mismatch = event["value"] == _MECHANISM_MISMATCH
            if mismatch:
                said = "asks for no key" if self._has_key else "asks for a key; pass yours as key"
                raise NotAdmitted(f"{self._endpoint} {said}")
        return ended

    def close(self) -> None:
        self._watched.disable_monitor()
        self.socket.close(linger=0)


def _mechanism(endpoint: str) -> Optional[bytes]:
    """What the other side names in its greeting, asked without naming anything: then it does not hang up before."""
    host, _, port = endpoint.partition("://")[2].rpartition(":")
    # To where libzmq connects: the first address of its kind.
    family = sockets.AF_INET6 if host.startswith("[") else sockets.AF_INET
    greeting = b""
    try:
        address = sockets.getaddrinfo(host.strip("[]"), int(port), family, sockets.SOCK_STREAM)[0][4]
        with sockets.socket(family, sockets.SOCK_STREAM) as door:
            door.settimeout(0.5)
            door.connect(address)
            door.sendall(b"\xff" + bytes(7) + b"\x01\x7f\x03")
            while len(greeting) < _GREETING_SIZE:
                part = door.recv(_GREETING_SIZE - len(greeting))
                if not part:
                    return None
                greeting += part
    except (OSError, ValueError):
        return None
    return greeting[12:32].rstrip(b"\0")


def _is_key(text: Any) -> bool:
    return isinstance(text, str) and len(text) == 40


def _server(text: str) -> str:
    if _is_key(text):
        return text
    with open(text, encoding="utf-8") as file:
        return file.read().strip()
