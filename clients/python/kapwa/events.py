"""Every event once, in the order of its sequence number: the feed says that there is something, reads fill the gaps."""

from __future__ import annotations

import json
import time
from collections import deque
from types import TracebackType
from typing import Any, Deque, Dict, Iterator, List, Optional, Sequence, Type

import zmq

from . import wire
from .client import Client
from .errors import ProtocolError, SetBack
from .keys import Handshakes

Event = Dict[str, Any]

#: Without a word from the feed for this long, in seconds, the daemon is asked: the feed may be gone.
SILENCE_MAX = 3.0


class Events:
    """Follows the events of one tenant.

    ``after`` is the last sequence number already known: 0 for everything that is kept, ``client.state(…).seq`` to go
    on from rows, ``None`` for what happens from now on. ``types`` keeps only these. ``whole`` reads every event back in
    the full form that the role may see; otherwise most come as the feed sends them, in their public form. The feed is
    shown the client's key; with a key the feed brings what of the topics it may hear.

    ``Refused`` with code ``gone`` means that events after ``after`` are no longer kept, ``SetBack`` that the journal ends
    before them: start from ``client.state``.
    """

    def __init__(
        self,
        client: Client,
        endpoint: str = "tcp://127.0.0.1:7412",
        *,
        tenant: Optional[str] = None,
        after: Optional[int] = None,
        types: Optional[Sequence[str]] = None,
        whole: bool = False,
        page: int = 1_000,
        context: Optional["zmq.Context[Any]"] = None,
    ) -> None:
        self.tenant = tenant or client.tenant or "main"
        #: The last sequence number that was looked at.
        self.seq = 0
        #: How often the feed was not enough and the daemon was asked.
        self.reads = 0
        self._client = client
        self._types = None if types is None else list(types)
        self._whole = whole
        self._page = page
        self._ready: Deque[Event] = deque()
        self._heard = time.monotonic()
        self._socket: "zmq.Socket[bytes]" = (context or zmq.Context.instance()).socket(zmq.SUB)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RCVHWM, 100_000)
        self._socket.setsockopt(zmq.HEARTBEAT_IVL, 2_000)
        self._socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 10_000)
        if client.key is not None:
            client.key.show(self._socket)
        self._handshakes = Handshakes(self._socket, endpoint, client.key is not None)
        for topic in self._topics():
            self._socket.setsockopt(zmq.SUBSCRIBE, topic.encode())
        self._socket.connect(endpoint)
        if after is None:
            after = wire.sequence_of(client.ping(tenant=tenant).fields, "seq")
        self.seq = after
        self._behind = True

    def __iter__(self) -> Iterator[Event]:
        """Never ends by itself."""
        while True:
            event = self.next(timeout=None)
            if event is not None:
                yield event

    def next(self, timeout: Optional[float] = 0.0) -> Optional[Event]:
        """The next event, or ``None`` when none came within the time. ``timeout=None`` waits for ever."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._ready:
            if self._behind:
                self._fill()
                continue
            left = SILENCE_MAX if deadline is None else deadline - time.monotonic()
            if not self._listen(min(max(left, 0.0), SILENCE_MAX)) and not self._ready and not self._behind:
                if deadline is not None and time.monotonic() >= deadline:
                    return None
        return self._ready.popleft()

    def read_until(self, seq: int, timeout: float = 10.0) -> List[Event]:
        """All events up to ``seq``; fewer when the time is over."""
        deadline = time.monotonic() + timeout
        events: List[Event] = []
        while (self.seq < seq or self._ready) and time.monotonic() < deadline:
            event = self.next(timeout=max(0.0, min(deadline - time.monotonic(), 0.2)))
            if event is not None:
                events.append(event)
        return events

    def close(self) -> None:
        self._handshakes.close()
        self._socket.close(linger=0)

    def __enter__(self) -> "Events":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def _topics(self) -> List[str]:
        kinds = self._types
        if kinds is None:
            return [f"{self.tenant}/"]
        return [f"{self.tenant}/heartbeat/", *(f"{self.tenant}/{kind}/" for kind in kinds)]

    def _listen(self, seconds: float) -> bool:
        """Takes one hint. False when none came."""
        if not self._socket.poll(int(seconds * 1000)):
            self._handshakes.check()
            if time.monotonic() - self._heard >= SILENCE_MAX:
                self._heard = time.monotonic()
                self._behind = True
            return False
        topic, payload = self._parts(self._socket.recv_multipart())
        self._heard = time.monotonic()
        if topic.startswith(f"{self.tenant}/private/"):
            return True  # A copy of what has its own place in the order, or comes with the read.
        seq = payload.get("seq")
        if not isinstance(seq, int) or seq <= self.seq:
            # A heartbeat from before: late, or of a journal that was set back. A read tells.
            self._behind = self._behind or (isinstance(seq, int) and seq < self.seq and "type" not in payload)
            return True
        next_in_line = seq == self.seq + 1 and "type" in payload and self._types is None and not self._whole
        if next_in_line and not topic.startswith(f"{self.tenant}/heartbeat/"):
            self.seq = seq
            self._ready.append(payload)
        else:
            self._behind = True
        return True

    def _fill(self) -> None:
        """Reads one page of what came after the last event looked at."""
        self.reads += 1
        reply = self._client.events_read(self.seq, limit=self._page, types=self._types, tenant=self.tenant)
        head = wire.sequence_of(reply.fields, "head")
        if head < self.seq:
            raise SetBack(self.seq, head)
        for event in reply["events"]:
            if event["seq"] <= self.seq:
                raise ProtocolError(f"asked for what came after {self.seq}, got {event['seq']}")
            self.seq = event["seq"]
            self._ready.append(event)
        self.seq = max(self.seq, wire.sequence_of(reply.fields, "next"))
        self._behind = self.seq < head

    @staticmethod
    def _parts(frames: Sequence[bytes]) -> "tuple[str, Event]":
        if len(frames) != 2:
            raise ProtocolError(f"expected a topic and an event, got {len(frames)} frames")
        payload = json.loads(frames[1])
        if not isinstance(payload, dict):
            raise ProtocolError(f"an event is no object: {payload!r}")
        return frames[0].decode(), payload
