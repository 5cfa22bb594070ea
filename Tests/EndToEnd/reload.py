"""Rules that are read again and again while the floor is busy: nothing is dropped, nothing is misrouted, nobody waits.

    KAPWA_BIN=.build/release/kapwa python3 Tests/EndToEnd/reload.py --reloads 200

Two sets of rules that send the same customers to other queues and ask for other skills take turns, each followed by a
broken file. Commands leave at a steady pace whether answers come or not. What is checked is taken from replies and
events alone: every command has its answer, every conversation was queued and offered as the rules in force at that event
say, and no broken file had any effect. The pause is the longest time without a reply in the third of a second after a
signal; the next third of a second, without one, is its measure. Ends with 1 where something does not hold.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pathlib
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "clients" / "python"), str(pathlib.Path(__file__).parent)]

import zmq  # noqa: E402

from daemon import PATIENCE, Daemon  # noqa: E402
from floor import CALM  # noqa: E402

CLIENTS = 4
AGENTS = 25
#: Which queue takes which topic, and what it asks for, under either set.
SETS: List[Dict[str, Any]] = [
    {"routes": {"bills": "red", "orders": "blue"}, "needs": {"red": "one", "blue": "two", "stuck": "nobody"}},
    {"routes": {"bills": "blue", "orders": "red"}, "needs": {"red": "three", "blue": "four", "stuck": "nobody"}},
]
BROKEN = "version: 1\nqueues:\n  - id: red\nrouting:\n  mode: enforced\n"
#: Half of the time after a signal, in seconds: the first half is the reload's, the second is undisturbed.
WINDOW = 0.33


def text_of(rules: Dict[str, Any]) -> str:
    queues = "".join(f"  - id: {queue}\n    needs: {{{skill}: 1}}\n" for queue, skill in rules["needs"].items())
    takes = {**rules["routes"], "stuck": "stuck"}
    routes = "".join(f"  - when: {{topics: [{topic}]}}\n    queue: {queue}\n" for topic, queue in takes.items())
    return f"version: 1\nqueues:\n{queues}routes:\n{routes}breaks:\n  mode: observe\n"


@dataclass
class Windows:
    """The longest time without a reply in each window, and how long commands of that window waited."""

    gaps: List[float] = field(default_factory=list)
    waits: List[float] = field(default_factory=list)

    def __str__(self) -> str:
        gaps, waits = sorted(self.gaps), sorted(self.waits)
        return (
            f"longest without a reply p50 {at(gaps, 0.5):.1f} ms, p99 {at(gaps, 0.99):.1f} ms, most {gaps[-1]:.1f} ms; "
            f"a command took p50 {at(waits, 0.5):.2f} ms, p99 {at(waits, 0.99):.1f} ms, most {waits[-1]:.1f} ms"
        )


def at(values: List[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


class Floor:
    """Clients at a steady pace: conversations open, are offered, taken, closed and wrapped up."""

    def __init__(self, daemon: Daemon, pace: float) -> None:
        self.daemon, self.pace = daemon, pace
        self.context = zmq.Context()
        self.poller = zmq.Poller()
        self.sockets = [self._socket(zmq.DEALER, daemon.commands) for _ in range(CLIENTS)]
        self.feed = self._socket(zmq.SUB, daemon.events)
        for topic in (b"main/offer.made/", b"main/rules.changed/", b"main/heartbeat/"):
            self.feed.setsockopt(zmq.SUBSCRIBE, topic)
        #: When it was sent, by the id of the command; and the kinds of all commands.
        self.under_way: Dict[str, float] = {}
        self.kinds: Dict[str, str] = {}
        #: (when it came, how long it took)
        self.replies: List[Tuple[float, float]] = []
        self.refused: List[Tuple[str, Dict[str, Any]]] = []
        self.twice = 0
        self.changed: List[Tuple[float, str]] = []
        self.topics: Dict[str, str] = {}
        self.number = 0
        self.next = 0.0
        self.beats = 0

    def _socket(self, kind: int, endpoint: str) -> "zmq.Socket[bytes]":
        made: "zmq.Socket[bytes]" = self.context.socket(kind)
        for option in (zmq.LINGER, zmq.SNDHWM, zmq.RCVHWM):
            made.setsockopt(option, 0)
        made.connect(endpoint)
        self.poller.register(made, zmq.POLLIN)
        return made

    def close(self) -> None:
        self.context.destroy(linger=0)

    def send(self, type_: str, client: int, **fields: Any) -> None:
        self.number += 1
        name = f"n{self.number}"
        self.under_way[name], self.kinds[name] = time.monotonic(), type_
        command = {"id": name, "type": type_, "source": f"client{client}", **fields}
        self.sockets[client].send_multipart([b"KAPWA1", json.dumps(command).encode()])

    def open(self, topic: str) -> None:
        name = f"c{len(self.topics)}"
        self.topics[name] = topic
        self.send(
            "conversation.message", len(self.topics) % CLIENTS, conversation=name, channel="chat", topic=topic,
            text=CALM[len(self.topics) % len(CALM)], **{"from": "customer"},
        )  # fmt: skip

    def hire(self) -> None:
        for rules in SETS:
            for skill in rules["needs"].values():
                for number in range(AGENTS if skill != "nobody" else 0):
                    self.send("agent.upsert", 0, agent=f"{skill}-{number}", skills={skill: 3})
                    self.send("agent.state", 0, agent=f"{skill}-{number}", state="ready")

    def run(self, until: float, *, opening: bool = True) -> None:
        """Keeps the pace until then, or until everything is answered where nothing more is opened."""
        while (now := time.monotonic()) < until:
            while opening and self.next <= now:
                self.next += 1 / self.pace
                self.open("bills" if len(self.topics) % 2 else "orders")
            if not opening and not self.under_way:
                return
            wait = min(until, self.next if opening else until) - now
            for socket, _ in self.poller.poll(max(0, int(wait * 1000))):
                if socket is self.feed:
                    self._hear()
                else:
                    self._receive(socket)

    def listen(self) -> None:
        """Waits until the feed is heard."""
        while not self.beats and self.feed.poll(int(PATIENCE * 1000)):
            self._hear()

    def finish(self, commands: int) -> None:
        """Opens nothing more, and waits until so many commands were needed in all: offers follow a moment later."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and (self.under_way or len(self.kinds) < commands):
            self.run(time.monotonic() + 0.05, opening=False)
            if self.feed.poll(10):
                self._hear()

    def _receive(self, socket: "zmq.Socket[bytes]") -> None:
        while socket.poll(0):
            now = time.monotonic()
            for frame in socket.recv_multipart()[1:]:
                reply = json.loads(frame)
                sent = self.under_way.pop(reply["id"], None)
                if sent is None:
                    self.twice += 1
                    continue
                self.replies.append((now, (now - sent) * 1000))
                if not reply["ok"]:
                    self.refused.append((self.kinds[reply["id"]], reply["error"]))

    def _hear(self) -> None:
        while self.feed.poll(0):
            topic, body = self.feed.recv_multipart()[:2]
            if topic.startswith(b"main/heartbeat/"):
                self.beats += 1
                continue
            event = json.loads(body)
            if event["type"] == "rules.changed":
                self.changed.append((time.monotonic(), event["hash"]))
                continue
            client = int(event["conversation"][1:]) % CLIENTS
            self.send("offer.accept", client, offer=event["offer"], agent=event["agent"])
            self.send("conversation.close", client, conversation=event["conversation"], outcome="resolved")
            self.send("wrapup.done", client, agent=event["agent"], conversation=event["conversation"])


class Reloads:
    def __init__(self, daemon: Daemon, floor: Floor) -> None:
        self.daemon, self.floor = daemon, floor
        self.failed: List[str] = []
        self.signals: List[Tuple[float, Optional[int]]] = []
        self.texts = [text_of(rules) for rules in SETS]
        self.hashes = [hashlib.sha256(text.encode()).hexdigest() for text in self.texts]

    def expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.failed.append(what)
            print(f"NOT SO: {what}", flush=True)

    def reload(self, number: int) -> None:
        """The other set, a broken file, the first set, a broken file, and so on."""
        which = None if number % 2 else (number // 2 + 1) % 2
        fresh = self.daemon.rules.with_suffix(".new")
        fresh.write_text(BROKEN if which is None else self.texts[which], encoding="utf-8")
        os.replace(fresh, self.daemon.rules)
        self.signals.append((time.monotonic(), which))
        self.daemon.send(signal.SIGHUP)
        self.floor.run(self.signals[-1][0] + 2 * WINDOW)

    # Afterwards

    def judge(self) -> None:
        floor = self.floor
        self.expect(not floor.under_way, f"{len(floor.under_way)} commands have no answer")
        self.expect(floor.twice == 0, f"{floor.twice} commands were answered twice")
        self.expect(not floor.refused, f"{len(floor.refused)} commands were refused, as {floor.refused[:2]}")
        self._events(self.daemon.all_events())
        good, broken, quiet = self.windows()
        wanted = [when for when, which in self.signals if which is not None]
        took = sorted((came - sent) * 1000 for sent, (came, _) in zip(wanted, floor.changed))
        rate = len(floor.replies) / (floor.replies[-1][0] - floor.replies[0][0])
        print(
            f"{len(self.signals)} reloads ({len(wanted)} good, {len(self.signals) - len(wanted)} broken) while "
            f"{len(floor.replies)} commands were answered, {rate:.0f} a second"
        )
        print(f"from the signal to rules.changed: p50 {at(took, 0.5):.0f} ms, most {took[-1]:.0f} ms")
        print(f"around good rules:   {good}")
        print(f"around broken rules: {broken}")
        print(f"without a reload:    {quiet}")

    def windows(self) -> Tuple[Windows, Windows, Windows]:
        found = Windows(), Windows(), Windows()
        replies, place = self.floor.replies, 0
        for begun, which in self.signals:
            for number in (0, 1):
                since, until = begun + number * WINDOW, begun + (number + 1) * WINDOW
                while place < len(replies) and replies[place][0] < since:
                    place += 1
                first, last = place, since
                gap = 0.0
                while place < len(replies) and replies[place][0] < until:
                    gap, last = max(gap, replies[place][0] - last), replies[place][0]
                    place += 1
                kind = found[2] if number else found[which is None]
                kind.gaps.append(max(gap, until - last) * 1000)
                kind.waits += [wait for _, wait in replies[first:place]]
        return found

    def _events(self, events: List[Dict[str, Any]]) -> None:
        """Each event against the rules that were in force when it was decided."""
        in_force, version, seen = -1, 0, []
        places: Dict[str, str] = {}
        wrong: Counter[str] = Counter()
        closed = set()
        for event in events:
            kind, talk = event["type"], event.get("conversation", "")
            if kind == "rules.changed":
                in_force, version = self.hashes.index(event["hash"]), event["version"]
                seen.append(in_force)
            elif kind in ("conversation.queued", "conversation.requeued"):
                places[talk] = event["queue"]
                route = SETS[in_force]["routes"].get(self.floor.topics[talk], "stuck")
                wrong["queue"] += kind == "conversation.queued" and event["queue"] != route
            elif kind == "offer.made":
                skill = SETS[in_force]["needs"][event["queue"]]
                wrong["offer's queue"] += event["queue"] != places[talk]
                wrong["offer's needs"] += event["needs"] != {skill: 1}
                wrong["agent"] += not event["agent"].startswith(f"{skill}-")
                decided = event["decision"]
                wrong["offer's rules"] += decided["rules"] != self.hashes[in_force]
                wrong["offer's version"] += decided["rules_version"] != version
            elif kind == "conversation.closed":
                wrong["closed twice"] += talk in closed
                closed.add(talk)
        self.expect(not +wrong, f"events that are not as the rules in force say: {dict(+wrong)}")
        self.expect(seen == [0, *(which for _, which in self.signals if which is not None)],
                    "the rules changed as often as good ones came, and in that order")  # fmt: skip
        wanted = {talk for talk, topic in self.floor.topics.items() if topic != "stuck"}
        self.expect(closed == wanted, f"{len(wanted - closed)} conversations were not served to their end")
        print(f"{len(events)} events; {len(places)} conversations queued and {len(closed)} served, none misrouted")


def play(place: pathlib.Path, reloads: int, pace: float, waiting: int) -> List[str]:
    with Daemon(place, rules=text_of(SETS[0])) as daemon:
        floor = Floor(daemon, pace)
        try:
            floor.hire()
            for _ in range(waiting):
                floor.open("stuck")
                if len(floor.under_way) > 1_000:
                    floor.run(time.monotonic() + PATIENCE, opening=False)
            floor.run(time.monotonic() + PATIENCE, opening=False)
            floor.listen()
            test = Reloads(daemon, floor)
            floor.next = time.monotonic()
            floor.run(time.monotonic() + 1)
            for number in range(reloads):
                test.reload(number)
            floor.finish(8 * AGENTS + waiting + 4 * (len(floor.topics) - waiting))
            test.judge()
            return test.failed
        finally:
            floor.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--reloads", type=int, default=200, help="how often the rules are read again (200)")
    parser.add_argument("--pace", type=float, default=200, help="conversations a second, four commands each (200)")
    parser.add_argument("--waiting", type=int, default=0, help="conversations that wait all the while (0)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kapwa-reload-") as place:
        failed = play(pathlib.Path(place), options.reloads, options.pace, options.waiting)
    print("reload: " + ("; ".join(failed) or "all held"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
