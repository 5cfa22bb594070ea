"""Twice what the daemon can do, then silence; clients that come and go; doors held half open; readers that stop.

    KAPWA_BIN=.build/release/kapwa python3 Tests/EndToEnd/storm.py --seconds 600 --drops 10000

Prints what it saw and ends with 1 where something was not answered, not drained or not given back.
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import pathlib
import random
import resource
import select
import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any, Dict, List, Tuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "clients" / "python"), str(pathlib.Path(__file__).parent)]

import zmq  # noqa: E402

from kapwa import Client, Events  # noqa: E402

from daemon import PATIENCE, Daemon, eventually  # noqa: E402
from floor import CALM  # noqa: E402

CLIENTS = 4
#: Commands in one message.
BATCH = 50
CLOSE = b'"type":"conversation.close","outcome":"resolved"}'
OPEN = [
    b'"type":"conversation.message","from":"customer","channel":"chat","text":%s}' % json.dumps(text).encode()
    for text in CALM
]
DROPPERS = 200
HALF_OPEN = 200


@dataclass
class Figures:
    resident_kib: int
    descriptors: int
    log_bytes: int

    @classmethod
    def of(cls, daemon: Daemon) -> "Figures":
        place = pathlib.Path("/proc") / str(daemon.pid)
        status = (place / "status").read_text(encoding="ascii").splitlines()
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        logs = sum(path.stat().st_size for path in daemon.data.rglob("*-wal"))
        return cls(resident, len(os.listdir(place / "fd")), logs)

    def __str__(self) -> str:
        return f"{self.resident_kib / 1024:.0f} MiB, {self.descriptors} descriptors, WAL {self.log_bytes / 1e6:.1f} MB"


@dataclass
class Answers:
    sent: int = 0
    done: int = 0
    overloaded: int = 0
    pauses: List[int] = field(default_factory=list)
    others: Dict[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        return self.sent - self.done - self.overloaded - sum(self.others.values())

    def take(self, frames: List[bytes]) -> None:
        for frame in frames[1:]:
            if b'"ok":true' in frame:
                self.done += 1
                continue
            error = json.loads(frame)["error"]
            if error["code"] == "overloaded":
                self.overloaded += 1
                self.pauses.append(error["retry_after_ms"])
            else:
                self.others[error["code"]] = self.others.get(error["code"], 0) + 1

    def __str__(self) -> str:
        pauses = sorted(self.pauses)
        waits = (
            f" (told to wait {pauses[0]}…{pauses[-1]} ms, half at most {pauses[len(pauses) // 2]})" if pauses else ""
        )
        return (
            f"{self.sent} sent, {self.done} carried out, {self.overloaded} overloaded{waits}, others {self.others}, "
            f"{self.missing} without an answer"
        )


class Sender:
    """A peer that sends at its own pace, whether answers come or not. Conversations open, speak and close."""

    def __init__(self, endpoint: str, name: str) -> None:
        self.socket: "zmq.Socket[bytes]" = zmq.Context.instance().socket(zmq.DEALER)
        for option in (zmq.LINGER, zmq.SNDHWM, zmq.RCVHWM):
            self.socket.setsockopt(option, 0)
        self.socket.connect(endpoint)
        self.name, self.number = name.encode(), 1

    def send(self) -> int:
        # Put together by hand: what sends shares its cores with what is looked at.
        frames = [b"KAPWA1"]
        for _ in range(BATCH):
            self.number += 1
            talk = self.number // 2
            head = b'{"id":"%s-%d","conversation":"%s.%d",' % (self.name, self.number, self.name, talk)
            frames.append(head + (CLOSE if self.number % 2 else OPEN[talk % len(OPEN)]))
        self.socket.send_multipart(frames)
        return BATCH

    def receive(self, answers: Answers) -> int:
        count = 0
        while self.socket.poll(0):
            answers.take(self.socket.recv_multipart())
            count += BATCH
        return count


class Polite:
    """One that waits as long as it is told and sends the same command again: how often until it is let in."""

    EVERY = 0.1

    def __init__(self, endpoint: str) -> None:
        self.socket: "zmq.Socket[bytes]" = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.connect(endpoint)
        self.later: List[Tuple[float, int]] = []
        self.tries: Dict[int, int] = {}
        self.let_in: List[int] = []
        self.next = 0.0

    def turn(self, opens: bool = True) -> None:
        now = time.monotonic()
        if opens and now >= self.next:
            self.next = now + self.EVERY
            self._send(len(self.tries) + 1)
        while self.later and self.later[0][0] <= now:
            self._send(heapq.heappop(self.later)[1])
        while self.socket.poll(0):
            for frame in self.socket.recv_multipart()[1:]:
                reply = json.loads(frame)
                number = int(reply["id"].removeprefix("polite-"))
                if reply["ok"]:
                    self.let_in.append(self.tries[number])
                else:
                    heapq.heappush(self.later, (now + reply["error"]["retry_after_ms"] / 1_000, number))

    def _send(self, number: int) -> None:
        self.tries[number] = self.tries.get(number, 0) + 1
        command = {
            "type": "conversation.message", "id": f"polite-{number}", "conversation": f"polite-{number}",
            "from": "customer", "channel": "chat", "text": CALM[0],
        }  # fmt: skip
        self.socket.send_multipart([b"KAPWA1", json.dumps(command).encode()])

    def __str__(self) -> str:
        tries = sorted(self.let_in) or [0]
        return (
            f"who waits as told, {len(self.tries)} openings: {len(self.let_in)} let in, {tries.count(1)} at the first "
            f"try, half by the {tries[len(tries) // 2]}., 95 of 100 by the {tries[len(tries) * 95 // 100]}., all by the "
            f"{tries[-1]}., {len(self.later)} not yet"
        )


class Storm:
    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.failed: List[str] = []

    def say(self, text: str) -> None:
        print(text, flush=True)

    def expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.failed.append(what)
            self.say(f"NOT SO: {what}")

    def sustainable(self, seconds: float) -> float:
        """Commands a second when each client waits for its answers: four messages under way each."""
        senders = [Sender(self.daemon.commands, f"calm{n}") for n in range(CLIENTS)]
        answers, began = Answers(), time.monotonic()
        open_ = [0] * CLIENTS
        while time.monotonic() - began < seconds:
            for number, sender in enumerate(senders):
                open_[number] -= sender.receive(answers)
                while open_[number] < 4 * BATCH:
                    sent = sender.send()
                    open_[number] += sent
                    answers.sent += sent
            select.select([], [], [], 0.001)
        rate = (answers.done + sum(answers.others.values())) / seconds
        self._collect(senders, answers)
        self.say(f"sustainable: {rate:.0f} commands a second over {seconds:g} s; {answers}")
        return rate

    def overload(self, rate: float, seconds: float) -> None:
        """Sends at twice the rate, then is silent."""
        senders = [Sender(self.daemon.commands, f"storm{n}") for n in range(CLIENTS)]
        polite = Polite(self.daemon.commands)
        answers, began, said = Answers(), time.monotonic(), time.monotonic()
        wanted, seen = 2 * rate, [(0.0, Figures.of(self.daemon))]
        while (elapsed := time.monotonic() - began) < seconds:
            for sender in senders:
                sender.receive(answers)
            polite.turn()
            for _ in range(min(200, int((elapsed * wanted - answers.sent) / BATCH))):
                answers.sent += senders[answers.sent // BATCH % CLIENTS].send()
            if time.monotonic() - said >= max(2.0, seconds / 20):
                said = time.monotonic()
                seen.append((elapsed, Figures.of(self.daemon)))
                self.say(f"{elapsed:6.0f} s: {seen[-1][1]}; {answers}; {polite}")
            select.select([], [], [], 0.001)
        reached = answers.sent / seconds
        ended, unread = time.monotonic(), answers.missing
        self._collect(senders, answers)
        self.say(f"{unread} commands that were not yet answered took {time.monotonic() - ended:.1f} s more")
        silence = time.monotonic()
        with self.daemon.client() as client:
            client.ping()
            drained = time.monotonic() - silence
        self.say(f"overload: {reached:.0f} commands a second for {seconds:g} s (wanted {wanted:.0f}); {answers}")
        self.say(f"a ping after the last answer took {drained * 1000:.0f} ms")
        deadline = time.monotonic() + 2 * PATIENCE
        while len(polite.let_in) < len(polite.tries) and time.monotonic() < deadline:
            polite.turn(opens=False)
            select.select([], [], [], 0.001)
        self.say(str(polite))
        self.expect(len(polite.let_in) == len(polite.tries), "whoever waits as told is let in in the end")
        self.expect(answers.missing == 0, "every command of the storm is answered")
        self.expect(
            all(100 <= pause <= 30_000 for pause in answers.pauses), "whom it refuses it tells how long to wait"
        )
        self._flat(seen)

    def _collect(self, senders: List[Sender], answers: Answers) -> None:
        # Whoever sent more than is read has it in a queue of its own, and is served from there for as long as it takes.
        missing, deadline = answers.missing, time.monotonic() + PATIENCE
        while answers.missing and time.monotonic() < deadline:
            for sender in senders:
                sender.receive(answers)
            if answers.missing < missing:
                missing, deadline = answers.missing, time.monotonic() + PATIENCE
            select.select([], [], [], 0.001)
        for sender in senders:
            sender.socket.close(linger=0)

    def _flat(self, seen: List[Tuple[float, Figures]]) -> None:
        self.say("over time: " + ", ".join(f"{at:.0f} s {one.resident_kib // 1024} MiB" for at, one in seen))
        later = [one.resident_kib for at, one in seen if at >= 120]
        if later:
            # A snapshot needs a second state for as long as it takes: what matters is what is left when it is done.
            half = len(later) // 2
            self.expect(
                min(later[half:]) <= min(later[: half or 1]) * 1.02,
                "once as much is remembered as ever will be, memory does not grow",
            )
            self.expect(max(one.log_bytes for _, one in seen) < 256e6, "the log of the journal starts over")
        quiet = []
        for _ in range(3):
            select.select([], [], [], 1)
            quiet.append(Figures.of(self.daemon))
        self.say(f"in the silence: {'; '.join(map(str, quiet))}")
        self.expect(quiet[-1].resident_kib <= quiet[0].resident_kib * 1.02, "memory does not grow in the silence")
        self.expect(quiet[-1].descriptors <= seen[0][1].descriptors + 4, "descriptors are given back")

    def drops(self, count: int, seed: int) -> None:
        """Over two hundred clients that connect, say something or nothing, and are gone."""
        chance, before = random.Random(seed), Figures.of(self.daemon)
        context = zmq.Context()
        there: List["zmq.Socket[bytes]"] = []
        for number in range(count):
            dealer: "zmq.Socket[bytes]" = context.socket(zmq.DEALER)
            dealer.setsockopt(zmq.LINGER, 0)
            dealer.connect(self.daemon.commands)
            there.append(dealer)
            if chance.random() < 0.5:
                command: Dict[str, Any] = {"type": "ping", "id": f"drop-{number}"}
                if chance.random() < 0.3:
                    command = {"type": "events.read", "id": f"drop-{number}", "after": 1 << 40, "wait_ms": 30_000}
                dealer.send_multipart([b"KAPWA1", json.dumps(command).encode()])
                if command["type"] == "ping" and chance.random() < 0.7:
                    self.expect(bool(dealer.poll(int(PATIENCE * 1000))), f"client {number} is answered")
            if len(there) >= DROPPERS:
                there.pop(chance.randrange(DROPPERS)).close(linger=0)
        for dealer in there:
            dealer.close(linger=0)
        context.term()
        self._recovers(before, f"{count} clients that came and went")

    def half_open(self) -> None:
        """Connections that begin a handshake and never end it; everybody else is served meanwhile."""
        before = Figures.of(self.daemon)
        host, port = self.daemon.commands.removeprefix("tcp://").rsplit(":", 1)
        doors = []
        for number in range(HALF_OPEN):
            door = socket.create_connection((host, int(port)), PATIENCE)
            greeting = b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x00NULL"
            door.sendall(greeting[: number % len(greeting)])
            doors.append(door)
        with self.daemon.client() as client:
            began = time.monotonic()
            client.agent_upsert("while-half-open", {"tagalog": 1})
            self.say(f"{HALF_OPEN} half-open: a command took {(time.monotonic() - began) * 1000:.0f} ms")
        for door in doors:
            door.close()
        self._recovers(before, f"{HALF_OPEN} half-open handshakes")

    def stopped_readers(self, count: int, messages: int) -> None:
        """Subscribers that stop reading; one that reads gets everything."""
        before, context = Figures.of(self.daemon), zmq.Context()
        stopped: List["zmq.Socket[bytes]"] = []
        for _ in range(count):
            one: "zmq.Socket[bytes]" = context.socket(zmq.SUB)
            for option, value in ((zmq.LINGER, 0), (zmq.RCVHWM, 1), (zmq.RCVBUF, 4_096)):
                one.setsockopt(option, value)
            one.setsockopt(zmq.SUBSCRIBE, b"")
            one.connect(self.daemon.events)
            self.expect(bool(one.poll(int(PATIENCE * 1000))), "a subscriber hears something before it stops")
            stopped.append(one)
        with self.daemon.client(timeout=4 * PATIENCE) as client:
            start = client.ping()["seq"]
            with Events(client, self.daemon.events, after=start) as reader:
                self._speak(client, messages)
                head = client.ping()["seq"]
                numbers = [event["seq"] for event in reader.read_until(head, timeout=4 * PATIENCE)]
        self.expect(numbers == list(range(start + 1, head + 1)), "who reads gets everything, in order")
        self.say(f"{count} stopped readers: the other got {len(numbers)} events, each once; {Figures.of(self.daemon)}")
        for one in stopped:
            one.close(linger=0)
        context.term()
        self._recovers(before, f"{count} readers that stopped")

    def _speak(self, client: Client, messages: int) -> None:
        pipeline = client.pipeline()
        under_way = []
        for number in range(messages):
            under_way.append(pipeline.conversation_message(f"s{number}", "Salamat po " * 20, channel="chat", hold=True))
            if len(under_way) == 100:
                client.wait(under_way)
                under_way = []

    def _recovers(self, before: Figures, what: str) -> None:
        eventually(
            lambda: Figures.of(self.daemon).descriptors <= before.descriptors + 4,
            f"descriptors are given back after {what}", 4 * PATIENCE,
        )  # fmt: skip
        with self.daemon.client() as client:
            client.ping()
        self.say(f"{what}: before {before}; after {Figures.of(self.daemon)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long twice the rate lasts (60)")
    parser.add_argument("--calm", type=float, default=5, help="how long the rate is looked for (5)")
    parser.add_argument("--drops", type=int, default=10_000, help="clients that come and go (10,000)")
    parser.add_argument("--messages", type=int, default=5_000, help="while readers have stopped (5,000)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    # Those who drop are let go of in the background.
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with tempfile.TemporaryDirectory(prefix="kapwa-storm-") as place:
        with Daemon(pathlib.Path(place)) as daemon:
            storm = Storm(daemon)
            storm.say(f"at the start: {Figures.of(daemon)}")
            storm.half_open()
            storm.drops(options.drops, options.seed)
            storm.stopped_readers(20, options.messages)
            storm.overload(storm.sustainable(options.calm), options.seconds)
            code = daemon.stop()
            storm.expect(code == 0, f"it stops cleanly (ended with {code})")
    storm.say("storm: " + ("; ".join(storm.failed) or "all held"))
    return 1 if storm.failed else 0


if __name__ == "__main__":
    sys.exit(main())
