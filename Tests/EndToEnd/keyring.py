"""Keys for tests: made and revoked with the program itself."""

from __future__ import annotations

import json
import pathlib
from typing import Any, Dict

from daemon import Daemon, run


class Keyring:
    """The keys of one data directory, and the secret halves of those that were made here."""

    def __init__(self, data: pathlib.Path, secrets: pathlib.Path) -> None:
        self.data = data
        self.secrets = secrets
        secrets.mkdir(parents=True, exist_ok=True)

    def new(self, name: str, role: str, *options: str) -> pathlib.Path:
        """Makes a key and returns the file of its secret half."""
        out = self.secrets / f"{name}-{sum(1 for _ in self.secrets.iterdir())}.secret"
        made = run("keys", "new", name, "--role", role, *options, "--out", str(out), "--data", str(self.data))
        assert made.returncode == 0, made.stderr
        return out

    def revoke(self, name: str) -> None:
        gone = run("keys", "revoke", name, "--data", str(self.data))
        assert gone.returncode == 0, gone.stderr

    def content(self, path: pathlib.Path) -> Dict[str, Any]:
        return dict(json.loads(path.read_text(encoding="utf-8")))


def keyring(daemon: Daemon) -> Keyring:
    return Keyring(daemon.data, daemon.directory / "secrets")
