"""A peer that may say anything: frames as they are, right or wrong."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Sequence

import zmq

VERSION = b"KAPWA1"


class Peer:
    def __init__(self, endpoint: str, kind: int = zmq.DEALER) -> None:
        self.socket: "zmq.Socket[bytes]" = zmq.Context.instance().socket(kind)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.socket.connect(endpoint)

    def send(self, frames: Sequence[bytes]) -> None:
        self.socket.send_multipart(list(frames))

    def receive(self, seconds: float) -> List[bytes]:
        """One message; empty when none came in time."""
        if not self.socket.poll(int(seconds * 1000)):
            return []
        return self.socket.recv_multipart()

    def ask(self, frames: Sequence[bytes], seconds: float = 30) -> List[Dict[str, Any]]:
        """Sends exactly these frames and returns the objects of the one reply message."""
        self.send(frames)
        reply = self.receive(seconds)
        assert reply, f"no reply within {seconds} s"
        if reply[0] == b"":
            reply = reply[1:]
        assert reply[0] == VERSION, reply[:1]
        return [json.loads(frame) for frame in reply[1:]]

    def command(self, command: Dict[str, Any]) -> Dict[str, Any]:
        return self.ask([VERSION, json.dumps(command, ensure_ascii=False).encode()])[0]

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_: Any) -> None:
        self.socket.close(linger=0)
