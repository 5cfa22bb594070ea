"""The examples of docs/protocol.md are sent from the first to the last; what comes back has the printed shape."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Iterator, List, Tuple

from daemon import ROOT, Daemon
from raw import Peer
from schema import DOCUMENT

Pair = Tuple[Dict[str, Any], Dict[str, Any]]
#: Words that are told exactly; all else differs from run to run.
EXACT = ("id", "ok", "code", "field", "state", "effective", "violations", "what", "mode", "scored", "type")
#: Maps whose keys are data.
OPEN = ("attributes", "needs", "skills")


def examples() -> List[Pair]:
    text = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.S | re.M)
    pairs = ([json.loads(line) for line in block.splitlines()] for block in blocks)
    return [(command, reply) for command, reply in pairs]


def unlike(printed: Any, real: Any, path: str) -> List[str]:
    if isinstance(printed, dict) and isinstance(real, dict):
        name = path.rpartition(".")[2]
        if name not in OPEN and set(printed) != set(real):
            return [f"{path}: printed {sorted(printed)}, real {sorted(real)}"]
        return [part for key in printed if key in real for part in unlike(printed[key], real[key], f"{path}.{key}")]
    if isinstance(printed, list) and isinstance(real, list):
        return [part for one, two in zip(printed, real) for part in unlike(one, two, f"{path}[]")]
    if path.rpartition(".")[2] in EXACT and printed != real:
        return [f"{path}: printed {printed!r}, real {real!r}"]
    same = isinstance(real, type(printed)) or isinstance(printed, (int, float)) and isinstance(real, (int, float))
    return [] if same else [f"{path}: printed {printed!r}, real {real!r}"]


#: When the story of the documentation is told.
TOLD_AT = datetime(2026, 11, 21, 19, 30, tzinfo=timezone.utc)


def moved(value: Any, by: timedelta) -> Any:
    """The times in a command of the documentation as if it were told now."""
    if isinstance(value, dict):
        return {key: moved(one, by) for key, one in value.items()}
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", value):
        return (datetime.fromisoformat(value.replace("Z", "+00:00")) + by).isoformat(timespec="seconds")
    return value


def story(daemon: Daemon) -> Iterator[Tuple[Dict[str, Any], Dict[str, Any], Dict[str, Any]]]:
    """Every example in its order: the command as sent, the reply as printed, the reply that came."""
    by = datetime.now(timezone.utc) - TOLD_AT
    with Peer(daemon.commands) as peer:
        for command, printed in examples():
            command = moved(command, by)
            if "offer" in command:
                wanted = {"type": "events.read", "id": f"look-{command['id']}", "after": 0, "types": ["offer.made"]}
                made = [event for event in peer.command(wanted)["events"] if event["agent"] == command["agent"]]
                command = {**command, "offer": made[-1]["offer"]}
            yield command, printed, peer.command(command)


def test_every_example_runs_and_replies_as_printed(daemon: Daemon) -> None:
    for command, printed, reply in story(daemon):
        assert unlike(printed, reply, "reply") == [], (command, reply)


def test_every_command_has_an_example() -> None:
    known = {name.removeprefix("command.") for name in DOCUMENT["$defs"] if name.startswith("command.")}
    assert {command["type"] for command, _ in examples()} == known - {"common"}
