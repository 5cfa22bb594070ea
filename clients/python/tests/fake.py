"""A daemon small enough to be wrong on purpose: ROUTER and XPUB in a thread, with a script of what to do."""

from __future__ import annotations

import json
import threading
from typing import Any, Callable, Dict, List, Optional

import zmq

Answer = Optional[Dict[str, Any]]


class Fake:
    """``answer(command, frames_seen)`` gives the reply to one command, or ``None`` to stay silent.

    By default each new id is carried out as one event, and the same id again is a duplicate. ``commands`` is the place
    of one that was there before; what that one knew is forgotten.
    """

    def __init__(
        self,
        answer: Optional[Callable[["Fake", Dict[str, Any]], Answer]] = None,
        *,
        commands: str = "tcp://127.0.0.1:*",
    ) -> None:
        self.answer = answer or Fake.carry_out
        self.commands_endpoint = commands
        self.events: List[Dict[str, Any]] = []
        self.seen: List[Dict[str, Any]] = []
        self.messages: List[int] = []
        self.remembered: Dict[str, Dict[str, Any]] = {}
        #: Sequence numbers that are never said on the feed.
        self.unsaid: "set[int]" = set()
        self._context = zmq.Context()
        self._stop = threading.Event()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Fake":
        self._thread.start()
        assert self._up.wait(5)
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        self._thread.join(5)
        self._context.destroy(linger=0)

    # What a daemon does

    def carry_out(self, command: Dict[str, Any]) -> Answer:
        kind = command["type"]
        if kind == "ping":
            return self.ok(command, seq=len(self.events), version="0", mode="enforce")
        if kind == "events.read":
            after, limit = command["after"], command.get("limit", 1000)
            page = [event for event in self.events if event["seq"] > after][:limit]
            types = command.get("types")
            shown = [event for event in page if types is None or event["type"] in types]
            reached = page[-1]["seq"] if page else after
            return self.ok(command, seq=0, events=shown, next=reached, head=len(self.events), first=1)
        if kind == "state.read":
            rows = [{"agent": name} for name in ("ana", "ben", "carla", "dan", "ely")]
            later = [row for row in rows if row["agent"] > command.get("after", "")]
            page = later[: command.get("limit", 2)]
            more = page[-1]["agent"] if len(later) > len(page) else None
            seq = 40 + len(self.seen)
            return self.ok(command, seq=seq, rows=page, **({"next": more} if more else {}))
        first = self.remembered.get(command["id"])
        if first is not None:
            return {**first, "duplicate": True}
        event = self.say("conversation.messaged", cause={"id": command["id"]})
        self.remembered[command["id"]] = self.ok(command, seq=event["seq"])
        return self.remembered[command["id"]]

    def say(self, kind: str, **fields: Any) -> Dict[str, Any]:
        event = {"seq": len(self.events) + 1, "v": 1, "tenant": "main", "type": kind, **fields}
        self.events.append(event)
        return event

    @staticmethod
    def ok(command: Dict[str, Any], **fields: Any) -> Dict[str, Any]:
        return {"id": command["id"], "ok": True, **fields}

    @staticmethod
    def no(command: Dict[str, Any], code: str, **fields: Any) -> Dict[str, Any]:
        return {"id": command["id"], "ok": False, "error": {"code": code, "message": code, **fields}}

    # The thread

    def _run(self) -> None:
        router = self._context.socket(zmq.ROUTER)
        feed = self._context.socket(zmq.XPUB)
        router.bind(self.commands_endpoint)
        self.commands_endpoint = router.getsockopt(zmq.LAST_ENDPOINT).decode().rstrip("\0")
        self.events_endpoint = f"tcp://127.0.0.1:{feed.bind_to_random_port('tcp://127.0.0.1')}"
        self._up.set()
        said = 0
        while not self._stop.is_set():
            if router.poll(10):
                peer, version, *frames = router.recv_multipart()
                self.messages.append(len(frames))
                answers = [self._one(json.loads(frame)) for frame in frames]
                present = [json.dumps(answer).encode() for answer in answers if answer is not None]
                if present:
                    router.send_multipart([peer, version, *present])
            for event in self.events[said:]:
                if event["seq"] not in self.unsaid:
                    topic = f"{event['tenant']}/{event['type']}/"
                    feed.send_multipart([topic.encode(), json.dumps(event).encode()])
            said = len(self.events)
            beat = json.dumps({"seq": said}).encode()
            feed.send_multipart([b"main/heartbeat/", beat])

    def _one(self, command: Dict[str, Any]) -> Answer:
        self.seen.append(command)
        return self.answer(self, command)
