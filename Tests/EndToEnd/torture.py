"""Kills the daemon, or its workers, at random moments under load, and checks from replies and events what was promised.

    KAPWA_BIN=.build/release/kapwa python3 Tests/EndToEnd/torture.py kill --count 1000 --seed 1
    KAPWA_BIN=.build/release/kapwa python3 Tests/EndToEnd/torture.py workers --count 200 --seed 1

Ends with 1, the seed and the reasons as soon as a promise was broken. The seed settles what is sent and when the kills
come; how far the daemon has come by then is the machine's affair, so that the same seed is a similar run, not the same.
"""

from __future__ import annotations

import argparse
import functools
import heapq
import pathlib
import random
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "clients" / "python"), str(pathlib.Path(__file__).parent)]

from kapwa import Client, Pending, Refused  # noqa: E402

from daemon import PATIENCE, Daemon, models, run  # noqa: E402
from floor import CALM, GRAVE, UPSET  # noqa: E402
from history import History  # noqa: E402

RULES = """
version: 1
queues:
  - id: main
offers:
  timeout: {chat: 5s, voice: 5s, email: 5s}
  hold: {chat: 1s, voice: 1s, email: 1s}
breaks:
  threshold: 4
"""
LIZA = {"role": "supervisor", "name": "Liza"}
AGENTS = 12
TALKS_MAX = 40
#: Commands of one client under way.
WINDOW = 48
#: Commands of one client that are kept for sending them again.
KEPT_MAX = 20_000


class Violation(Exception):
    """A promise was broken."""


def doors() -> Tuple[str, str]:
    """Two ports that a daemon comes back to."""
    found = []
    for _ in range(2):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            found.append(f"tcp://127.0.0.1:{taken.getsockname()[1]}")
    return found[0], found[1]


def short_models(directory: pathlib.Path) -> str:
    """The lexicons cut to the words of these floors: a daemon that is built for debugging starts at once with them."""
    words = {word.strip(".,!?").lower() for text in UPSET + GRAVE for word in text.split()}
    stems = [word for word in words if len(word) > 3] + ["patay"]
    shutil.copytree(models(), directory)
    for path in sorted((directory / "lexicons").glob("*.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = lines[:40] + [line for line in lines[40:] if any(stem in line.lower() for stem in stems)]
        path.write_text("".join(kept), encoding="utf-8")
    return str(directory)


class Peer:
    """One client of the load: what it has sent and not been answered, in its order."""

    def __init__(self, name: str, history: History, endpoint: str, *, rides: bool) -> None:
        self.name, self.history, self.endpoint = name, history, endpoint
        #: Commands as they were sent, the last ones of a long run.
        self.kept: Dict[str, Dict[str, Any]] = {}
        #: Whether it outlives the daemon and goes on sending meanwhile, or is started anew with it.
        self.rides = rides
        self.client = self._new()
        self.under_way: Dict[str, Tuple[Dict[str, Any], Pending]] = {}
        self.backlog: Deque[Dict[str, Any]] = deque()
        self.number = 0

    def _new(self) -> Client:
        return Client(self.endpoint, source=self.name, timeout=4 * PATIENCE, resend=3_600)

    def send(self, type_: str, **fields: Any) -> None:
        self.number += 1
        self.backlog.append({"type": type_, "id": f"{self.name}-{self.number}", **fields})

    def pump(self) -> int:
        """Takes the replies that have come and sends what waits; how many there were."""
        self.client.drain()
        done = [name for name, (_, pending) in self.under_way.items() if pending.done]
        for name in done:
            _, pending = self.under_way.pop(name)
            try:
                self.history.answer(name, pending.result(0))
            except Refused as refusal:
                self.history.answer(name, refusal)
        while self.backlog and len(self.under_way) < WINDOW:
            command = self.backlog.popleft()
            self.history.send(command)
            self.kept[command["id"]] = command
            if len(self.kept) > KEPT_MAX:
                del self.kept[next(iter(self.kept))]
            self.under_way[command["id"]] = (command, self.client.submit_all([command])[0])
        return len(done)

    def renew(self) -> None:
        """As after a crash of its own: nothing is left but what was not answered, which is sent again."""
        self.client.close()
        self.client = self._new()
        commands = [command for command, _ in self.under_way.values()]
        pendings = [self.client.submit_all([command])[0] for command in commands]
        self.under_way = {command["id"]: (command, pending) for command, pending in zip(commands, pendings)}


class Load:
    """Four clients that bring customers, and agents who are played from the events."""

    def __init__(self, daemon: Daemon, seed: int) -> None:
        self.daemon = daemon
        self.random = random.Random(seed)
        self.history = History()
        self.endpoint = daemon.command[daemon.command.index("--commands") + 1]
        # Two of the four ride through on their connections, and two begin anew with everything unanswered.
        self.peers = [Peer(f"peer{n}", self.history, self.endpoint, rides=n >= 2) for n in range(4)]
        self.reader: Optional[Client] = None
        self.reading: Optional[Pending] = None
        self.opening = True
        self.talks: Dict[str, Peer] = {}
        self.opened = self.hired = self.answered = self.probes = 0
        self._later: List[Tuple[float, int, Callable[[], None]]] = []
        self._number = 0

    def close(self) -> None:
        for peer in self.peers:
            peer.client.close()
        if self.reader is not None:
            self.reader.close()

    # Time

    def turn(self) -> None:
        """A few milliseconds of the day."""
        while self._later and self._later[0][0] <= time.monotonic():
            heapq.heappop(self._later)[2]()
        while self.opening and len(self.talks) < TALKS_MAX:
            self._open()
        for peer in self.peers:
            self.answered += peer.pump()
        self._read()
        self._staff()
        if self.history.broken:
            raise Violation("\n".join(self.history.broken[:20]))

    def _in(self, longest: float, action: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._later, (time.monotonic() + self.random.uniform(0, longest), self._number, action))

    def _read(self) -> None:
        assert self.reader is not None
        if self.reading is None:
            self.reading = self.reader.pipeline().events_read(self.history.seq, limit=2_000, wait_ms=1_000)
        self.reader.wait([self.reading], 0.004)
        if self.reading.done:
            page = self.reading.result(0)
            self.reading = None
            for event in page["events"]:
                self.history.take(event)
                self._react(event)

    def unanswered(self) -> str:
        first = [next(iter(peer.under_way.values()), (None,))[0] for peer in self.peers]
        return f"under way {[len(peer.under_way) for peer in self.peers]}, the first {first}"

    # Restarts

    def resume(self) -> None:
        """The daemon is back: what was read must be there still, what was acknowledged is answered the same again."""
        for peer in self.peers:
            if not peer.rides:
                peer.renew()
        if self.reader is not None:
            self.reader.close()
        self.reader = Client(self.endpoint, timeout=4 * PATIENCE, resend=3_600)
        self.reading = None
        history = self.history
        history.restarted(self.reader.ping()["seq"])
        if history.seq:
            back = max(0, history.seq - self.random.choice((20, 200)))
            for event in self.reader.events_read(back, limit=history.seq - back)["events"]:
                history.reread(event)
        for peer in self.peers:
            self._probe(peer)

    def _probe(self, peer: Peer) -> None:
        """Sends again what was answered: some of the last, some of any age."""
        known = [f"{peer.name}-{peer.number - back}" for back in range(60)]
        known += [f"{peer.name}-{self.random.randint(1, max(1, peer.number))}" for _ in range(5)]
        chosen = [name for name in known if name in self.history.answers]
        chosen = [*dict.fromkeys(chosen[:3] + chosen[-3:])]
        with Client(self.endpoint, source=peer.name, timeout=4 * PATIENCE, resend=3_600) as client:
            commands = [peer.kept[name] for name in chosen if name in peer.kept]
            for pending in client.submit_all(commands):
                self.probes += 1
                try:
                    self.history.answer(pending.id, pending.result())
                except Refused as refusal:
                    self.history.answer(pending.id, refusal)

    def reread(self) -> None:
        """The whole journal once more, from its first event."""
        with Client(self.endpoint, timeout=4 * PATIENCE, resend=3_600) as client:
            after = 0
            while after < self.history.seq:
                page = client.events_read(after, limit=10_000)
                for event in page["events"]:
                    self.history.reread(event)
                after = page["next"]

    def agree(self) -> None:
        """What the daemon believes is what its events add up to."""
        assert self.reader is not None
        for row in self.reader.state("agents").rows:
            load = self.history.agents[row["agent"]].load
            if row["load"] != load:
                self.history.broken.append(f"capacity: {row['agent']} has load {row['load']}, events say {load}")
        for row in self.reader.state("conversations").rows:
            talk = self.history.talks[row["conversation"]]
            if (row["state"], row.get("agent")) != (talk.state, talk.agent) and row["state"] != "closed":
                self.history.broken.append(f"lost: {row} is {talk} by the events")

    # People

    def _anybody(self) -> Peer:
        return self.random.choice(self.peers)

    def hire(self) -> None:
        self.hired += 1
        name, peer = f"agent{self.hired:05d}", self._anybody()
        peer.send("agent.upsert", agent=name, skills={"tagalog": 3}, capacity=(50, 75, 100, 125)[self.hired % 4])
        peer.send("agent.state", agent=name, state="ready")

    def _staff(self) -> None:
        """Who rests, or owes a break, is replaced: such breaks are longer than all of this."""
        agents = self.history.agents
        if self.hired == len(agents) and agents[f"agent{self.hired:05d}"].presence != "offline":
            able = sum(agent.presence == "ready" and not (agent.owes or agent.takes) for agent in agents.values())
            for _ in range(able, AGENTS):
                self.hire()

    def _open(self) -> None:
        self.opened += 1
        name, peer = f"talk{self.opened:06d}", self._anybody()
        self.talks[name] = peer
        channel = self.random.choices(["chat", "voice", "email", "social"], [85, 5, 5, 5])[0]
        self._words(name, CALM if self.random.random() < 0.9 else UPSET, channel=channel)

    def _words(self, name: str, texts: List[str], **more: Any) -> None:
        peer = self.talks.get(name)
        if peer is not None:
            text = self.random.choice(texts)
            more["return"] = ["tags"]
            more["customer"] = f"customer-{name}"
            peer.send("conversation.message", conversation=name, text=text, **{"from": "customer"}, **more)

    def _react(self, event: Dict[str, Any]) -> None:
        kind, who, name = event["type"], event.get("agent"), event.get("conversation", "")
        chance = self.random.random()
        if kind == "offer.made":
            if chance < 0.95:
                type_ = "offer.accept" if chance < 0.87 else "offer.decline"
                say = functools.partial(self._anybody().send, type_, offer=event["offer"], agent=who)
                self._in(0.05, say)
        elif kind == "conversation.assigned":
            self._talk(name, str(who), chance)
        elif kind == "conversation.opened":
            # A word that crosses the close is a second episode.
            self.talks.setdefault(name, self._anybody())
        elif kind == "conversation.closed":
            self.talks.pop(name, None)
        elif kind == "wrapup.started":
            self._in(0.03, functools.partial(self._anybody().send, "wrapup.done", agent=who, conversation=name))
        elif kind == "break.started":
            if event["reason"] == "requested":
                self._in(0.2, functools.partial(self._anybody().send, "break.end", agent=who))
        elif kind == "agent.state_changed" and event["state"] == "away":
            self._in(0.1, functools.partial(self._anybody().send, "agent.state", agent=who, state="ready"))

    def _talk(self, name: str, who: str, chance: float) -> None:
        peer = self.talks.get(name)
        if peer is None:
            return
        peer.send("conversation.message", conversation=name, agent=who, text="Magandang araw po!", **{"from": "agent"})
        if chance < 0.02:
            self._words(name, GRAVE)
        elif chance < 0.1:
            self._words(name, UPSET)
        elif chance < 0.14:
            self._anybody().send("break.start", agent=who, kind="personal", minutes=5)
        elif chance < 0.15:
            self._anybody().send("break.grant", agent=who, minutes=5, by=LIZA, reason="a hard morning")
        if 0.88 < chance < 0.97:
            self._in(0.05, functools.partial(peer.send, "conversation.transfer", conversation=name, reason="another"))
        else:
            self._in(0.15, functools.partial(peer.send, "conversation.close", conversation=name, outcome="resolved"))


class Kills:
    """Rounds of load, each ended by ``kill -9``."""

    def __init__(
        self, directory: pathlib.Path, seed: int, *, lexicons: Optional[str] = None, replies: int = 120
    ) -> None:
        #: At most so many replies come between two kills.
        self.replies = replies
        commands, events = doors()
        self.daemon = Daemon(directory, rules=RULES, commands=commands, events=events, lexicons=lexicons)
        self.seed = seed
        self.random = random.Random(f"kills {seed}")
        self.load = Load(self.daemon, seed)
        self.kills = self.early = self.cut = 0

    def play(self, count: int, *, seconds: float = float("inf"), told: Callable[[str], None] = print) -> str:
        """Kills so often, then lets the floor become empty; returns the summary. Raises ``Violation``."""
        began = spoke = time.monotonic()
        self.load.hire()
        try:
            self._start()
            while self.kills < count and time.monotonic() - began < seconds:
                self._round()
                if time.monotonic() - spoke >= 10:
                    spoke = time.monotonic()
                    told(f"{spoke - began:6.0f} s: {self.told()}")
            self._end()
        finally:
            self.load.close()
            if self.daemon.running:
                self.daemon.kill()
        return f"{self.told()}, in {time.monotonic() - began:.0f} s"

    def told(self) -> str:
        history, load = self.load.history, self.load
        counts = history.counts
        return (
            f"{self.kills} kills ({self.early} of them while starting, {self.cut} commands cut off), "
            f"{history.acknowledged} acknowledged, {len(history.refused)} refused, {load.probes} sent again, "
            f"{history.seq} events, {load.opened} conversations, {counts.get('offer.made', 0)} offers, "
            f"{counts.get('break.owed', 0)} breaks owed, {len(history.broken)} promises broken"
        )

    def _round(self) -> None:
        """Load for so many replies and then some milliseconds more; dead in the middle of whatever it does."""
        load, process = self.load, self.daemon.process
        assert process is not None
        wanted = load.answered + self.random.randrange(self.replies)
        delay = self.random.uniform(0, 0.03)
        deadline = time.monotonic() + PATIENCE
        while load.answered < wanted:
            load.turn()
            if process.poll() is not None:
                raise Violation(f"the daemon ended by itself with {process.returncode}")
            if time.monotonic() > deadline:
                raise Violation(f"no reply within {PATIENCE:g} s\n{self.stuck()}")
        killer = threading.Timer(delay, process.kill)
        killer.start()
        while process.poll() is None:
            load.turn()
        killer.join()
        self.kills += 1
        # What had left before the kill counts as well.
        for peer in load.peers:
            peer.client.wait([pending for _, pending in peer.under_way.values()], 0.005)
            peer.pump()
            self.cut += len(peer.under_way)
        self.daemon.kill()
        if self.random.random() < 0.1:
            self._kill_early()
        self._start()

    def _kill_early(self) -> None:
        """Killed while it starts: while it reads, replays or writes its first event."""
        with open(self.daemon.log, "ab") as log:
            process = subprocess.Popen(
                self.daemon.command, stdout=subprocess.PIPE, stderr=log, env=self.daemon.environment
            )
        assert process.stdout is not None
        select.select([process.stdout], [], [], self.random.uniform(0, 0.6))
        process.kill()
        process.wait(PATIENCE)
        process.stdout.close()
        self.kills += 1
        self.early += 1

    def _start(self) -> None:
        self.daemon.start()
        self.load.resume()

    def stuck(self) -> str:
        waiting = {name: self.load.history.talks.get(name) for name in list(self.load.talks)[:10]}
        people = "\n".join(f"{name} {agent}" for name, agent in self.load.history.agents.items())
        return f"{waiting}\n{people[:4000]}\n{self.load.unanswered()}\n{self.daemon.logged()[-1000:]}"

    def _end(self) -> None:
        """No new customers; everybody is served, and everything is read once more from the first event."""
        load = self.load
        load.opening = False
        deadline = time.monotonic() + 4 * PATIENCE
        while load.talks or any(peer.under_way or peer.backlog for peer in load.peers):
            load.turn()
            if time.monotonic() > deadline:
                raise Violation(f"{len(load.talks)} conversations are not over\n{self.stuck()}")
        assert load.reader is not None
        head = load.reader.ping()["seq"]
        while load.history.seq < head:
            load.turn()
        load.agree()
        load.reread()
        load.history.finish()
        if load.history.broken:
            raise Violation("\n".join(load.history.broken[:20]))
        if self.daemon.stop() != 0:
            raise Violation("it did not stop cleanly")
        verified = run("journal", "verify", "--data", str(self.daemon.data))
        if verified.returncode != 0:
            raise Violation(f"kapwa journal verify: {verified.stdout}{verified.stderr}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", choices=("kill", "workers"))
    parser.add_argument("--count", type=int, help="how many kills (1,000, of workers 200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no further kill after so long")
    parser.add_argument("--short-lexicons", action="store_true", help="start faster, with a few words only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kapwa-torture-") as place:
        directory = pathlib.Path(place)
        lexicons = short_models(directory / "models") if options.short_lexicons else None
        play = kill_workers if options.what == "workers" else kill
        try:
            summary = play(directory, options, lexicons)
        except Violation as broken:
            print(f"torture {options.what} --seed {options.seed}: {broken}", file=sys.stderr)
            return 1
    print(f"torture {options.what} --seed {options.seed}: {summary}")
    return 0


def kill(directory: pathlib.Path, options: argparse.Namespace, lexicons: Optional[str]) -> str:
    kills = Kills(directory, options.seed, lexicons=lexicons)
    try:
        return kills.play(options.count or 1_000, seconds=options.seconds, told=speak)
    except (Violation, AssertionError) as broken:
        raise Violation(f"after {kills.told()}\n{broken}") from broken


def kill_workers(directory: pathlib.Path, options: argparse.Namespace, lexicons: Optional[str]) -> str:
    from killed_workers import KilledWorkers

    killed = KilledWorkers(directory, options.seed, lexicons=lexicons)
    broken = killed.play(options.count or 200, seconds=options.seconds, told=speak)
    if broken:
        raise Violation("\n".join([f"after {killed.told()}", *broken[:20]]))
    return f"{killed.told()}, 0 promises broken"


speak = functools.partial(print, flush=True)


if __name__ == "__main__":
    sys.exit(main())
