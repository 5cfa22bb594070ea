"""A daemon of one's own: started on free ports in a directory of its own, ended by its process id."""

from __future__ import annotations

import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import time
from typing import Any, Callable, Dict, List, Optional, Sequence, TypeVar

from kapwa import Client, Events

Value = TypeVar("Value")

ROOT = pathlib.Path(__file__).resolve().parents[2]
#: A debug build on a busy machine takes its time.
PATIENCE = float(os.environ.get("KAPWA_PATIENCE", "30"))


def program() -> str:
    """The binary under test."""
    path = os.environ.get("KAPWA_BIN")
    if not path or not os.access(path, os.X_OK):
        raise RuntimeError("KAPWA_BIN must name the kapwa binary to test, for example .build/debug/kapwa")
    return os.path.abspath(path)


def environment() -> Dict[str, str]:
    """What a program under test sees: ours without the settings that would be taken for its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KAPWA_")}


def run(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Runs a command of the program to its end."""
    return subprocess.run(
        [program(), *arguments], capture_output=True, text=True, timeout=60, env=environment(), **options
    )


def preloaded(name: str, directory: pathlib.Path) -> str:
    """A library that is loaded before a daemon's own (``LD_PRELOAD``), built where it is needed."""
    compiler = shutil.which("clang") or shutil.which("cc")
    assert compiler, "a C compiler comes with Swift"
    library = directory / f"{name}.so"
    source = ROOT / "Tests" / "EndToEnd" / f"{name}.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    return str(library)


def models() -> str:
    return os.environ.get("KAPWA_MODELS_DIR", str(ROOT / "Models"))


def eventually(ask: Callable[[], Optional[Value]], what: str, seconds: float = PATIENCE) -> Value:
    """Asks until there is an answer. The pause is short and is no part of any measurement."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        select.select([], [], [], 0.02)


class Daemon:
    """``kapwa serve``; a context manager that leaves no process behind."""

    def __init__(
        self,
        directory: pathlib.Path,
        *,
        rules: Optional[str] = None,
        options: Sequence[str] = (),
        data: Optional[pathlib.Path] = None,
        workers: bool = False,
        commands: str = "tcp://127.0.0.1:0",
        events: str = "tcp://127.0.0.1:0",
        http: str = "127.0.0.1:0",
        lexicons: Optional[str] = None,
        tenants: Sequence[str] = (),
        settings: Optional[Dict[str, str]] = None,
    ) -> None:
        self.directory = directory
        self.data = data or directory / "data"
        self.rules = directory / "rules.yaml"
        self.log = directory / "log"
        self.ready: Dict[str, Any] = {}
        self.process: Optional["subprocess.Popen[bytes]"] = None
        directory.mkdir(parents=True, exist_ok=True)
        self.command: List[str] = [
            program(), "serve", "--data", str(self.data), "--models", lexicons or models(),
            "--commands", commands, "--events", events, "--http", http,
        ]  # fmt: skip
        if workers:
            self.command += ["--workers", "tcp://127.0.0.1:0"]
        if rules is not None:
            self.rules.write_text(rules, encoding="utf-8")
            self.command += ["--rules", str(self.rules)]
        self.command += list(options)
        self.environment = environment()
        if tenants:
            self.environment["KAPWA_TENANTS"] = ",".join(tenants)
        self.environment.update(settings or {})

    # Life

    def start(self) -> "Daemon":
        """Starts it and waits for the line that says where it listens."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log, env=self.environment)
        self.ready = json.loads(self._line())
        assert self.ready.get("ready") is True, self.ready
        return self

    def launch(self) -> "subprocess.CompletedProcess[str]":
        """Starts it where it is expected to fail, and returns what it said."""
        return subprocess.run(self.command, capture_output=True, text=True, timeout=PATIENCE, env=self.environment)

    def stop(self) -> int:
        """Asks it to end and returns its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """Ends it as a power cut would."""
        return self._end(signal.SIGKILL)

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def __enter__(self) -> "Daemon":
        return self.start()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self.running:
            self.stop()
        if kind is not None:
            print(f"--- log of {self.data}\n{self.logged()[-4000:]}")

    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    # Doors

    @property
    def commands(self) -> str:
        return str(self.ready["commands"])

    @property
    def events(self) -> str:
        return str(self.ready["events"])

    @property
    def http(self) -> str:
        place = str(self.ready["http"])
        return place if place.startswith("http") else f"http://{place}"

    @property
    def token(self) -> str:
        """What opens ``/v1``."""
        return (self.data / "http.token").read_text(encoding="ascii").strip()

    def client(self, **options: Any) -> Client:
        options.setdefault("timeout", PATIENCE)
        return Client(self.commands, **options)

    def follow(self, client: Client, **options: Any) -> Events:
        return Events(client, self.events, **options)

    def all_events(self, tenant: str = "main") -> List[Dict[str, Any]]:
        """Everything in the journal, read back from the beginning."""
        found: List[Dict[str, Any]] = []
        with self.client() as client:
            after, head = 0, 1
            while after < head:
                page = client.events_read(after, limit=10_000, tenant=tenant)
                found += page["events"]
                after, head = page["next"], page["head"]
        return found

    # Inside

    def _line(self) -> bytes:
        assert self.process is not None and self.process.stdout is not None
        deadline = time.monotonic() + PATIENCE
        line = b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                self._end(signal.SIGKILL)
                raise AssertionError(f"no ready line within {PATIENCE:g} s\n{self.logged()[-2000:]}")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                code = self.process.wait(PATIENCE)
                raise AssertionError(f"ended with {code} before it was ready\n{self.logged()[-2000:]}")
            line += piece
        return line.splitlines()[-1]

    def _end(self, number: signal.Signals) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired as late:
            self.process.kill()
            self.process.wait(PATIENCE)
            raise AssertionError(
                f"did not end within {PATIENCE:g} s of {number.name}\n{self.logged()[-2000:]}"
            ) from late
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code
