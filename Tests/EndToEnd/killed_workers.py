"""Kills worker processes at random moments while four clients speak: nothing is lost, nothing overtakes."""

from __future__ import annotations

import pathlib
import random
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from kapwa import Client, Pending

from daemon import PATIENCE, Daemon, eventually
from floor import CALM, GRAVE, UPSET
from history import History
from test_workers import Workers, connected

CLIENTS = 4
WORKERS = 2
TALKS = 40
#: Messages of one client under way.
WINDOW = 60


class KilledWorkers:
    def __init__(self, directory: pathlib.Path, seed: int, *, lexicons: Optional[str] = None) -> None:
        self.directory = directory
        self.lexicons = lexicons
        self.random = random.Random(f"workers {seed}")
        options = ["--scoring-threads", "0"]
        self.daemon = Daemon(directory, workers=True, options=options, lexicons=lexicons)
        self.history = History()
        self.order: Dict[str, List[str]] = {}
        self.kills = self.number = self.unscored = 0

    def told(self) -> str:
        return (
            f"{self.kills} workers killed, {self.history.acknowledged} of {self.number} messages acknowledged, "
            f"{self.history.seq} events, {self.unscored} without a score"
        )

    def play(self, count: int, *, seconds: float = float("inf"), told: Callable[[str], None] = print) -> List[str]:
        """Kills so often while messages stream in; returns what was broken."""
        with self.daemon:
            workers = [self._worker() for _ in range(WORKERS)]
            try:
                eventually(lambda: connected(self.daemon) >= WORKERS, "the workers are known to the daemon")
                self._stream(workers, count, seconds, told)
            finally:
                for one in workers:
                    one.end()
            return self._judge()

    def _worker(self) -> Workers:
        return Workers(self.daemon, self.directory, 1, lexicons=self.lexicons)

    def _stream(self, workers: List[Workers], count: int, seconds: float, told: Callable[[str], None]) -> None:
        clients = [self.daemon.client(source=f"peer{n}", timeout=4 * PATIENCE, resend=3_600) for n in range(CLIENTS)]
        under_way: List[List[Pending]] = [[] for _ in clients]
        began = spoke = time.monotonic()
        while self.kills < count and time.monotonic() - began < seconds:
            # Between two kills so many replies come.
            until = self.history.acknowledged + self.random.randrange(20, 200)
            deadline = time.monotonic() + 4 * PATIENCE
            while self.history.acknowledged < until:
                assert time.monotonic() < deadline, f"no reply any more after {self.told()}"
                for number, client in enumerate(clients):
                    under_way[number] = self._pump(number, client, under_way[number])
            chosen = self.random.randrange(WORKERS)
            workers[chosen].processes[0].kill()
            workers[chosen].end()
            workers[chosen] = self._worker()
            self.kills += 1
            if time.monotonic() - spoke >= 10:
                spoke = time.monotonic()
                told(f"{spoke - began:6.0f} s: {self.told()}")
        for number, client in enumerate(clients):
            for pending in under_way[number]:
                self.history.answer(pending.id, pending.result())
            client.close()

    def _pump(self, number: int, client: Client, under_way: List[Pending]) -> List[Pending]:
        client.wait(under_way[:1], 0.002)
        client.drain()
        for pending in under_way:
            if pending.done:
                self.history.answer(pending.id, pending.result(0))
        left = [pending for pending in under_way if not pending.done]
        while len(left) < WINDOW:
            command = self._message(number)
            self.history.send(command)
            left.append(client.submit_all([command])[0])
        return left

    def _message(self, number: int) -> Dict[str, Any]:
        self.number += 1
        # A conversation belongs to one client, so that there is an order to be kept.
        name = f"talk{number}.{self.random.randrange(TALKS)}"
        text = self.random.choice(self.random.choices((CALM, UPSET, GRAVE), (90, 9, 1))[0])
        command_id = f"peer{number}-{self.number}"
        self.order.setdefault(name, []).append(command_id)
        return {
            "type": "conversation.message", "id": command_id, "conversation": name,
            "from": "customer", "channel": "chat", "text": text, "return": ["tags"],
        }  # fmt: skip

    def _judge(self) -> List[str]:
        came: Dict[str, List[str]] = {}
        tagged: Dict[str, List[Tuple[int, str]]] = {}
        for event in self.daemon.all_events():
            self.history.take(event)
            if event["type"] == "conversation.messaged":
                came.setdefault(event["conversation"], []).append(event["cause"]["id"])
            elif event["type"] == "conversation.tagged":
                tagged.setdefault(event["conversation"], []).append((event["message"], event["cause"]["id"]))
                self.unscored += event["scored"] == "failed"
        broken = self.history.finish()
        for name, sent in self.order.items():
            if came.get(name) != sent:
                broken.append(f"order: {name} was sent {sent[:5]}… and has {came.get(name, [])[:5]}…")
            if tagged.get(name) != list(enumerate(sent, 1)):
                broken.append(f"order: the scores of {name} are not those of its messages, one each")
        return broken
