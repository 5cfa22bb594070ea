"""The examples of docs/protocol.md are sent from the first to the last; what comes back has the printed shape."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator, List, Tuple

from daemon import ROOT, Daemon
from raw import Peer

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


def story(daemon: Daemon) -> Iterator[Tuple[Dict[str, Any], Dict[str, Any], Dict[str, Any]]]:
    """Every example in its order: the command as sent, the reply as printed, the reply that came."""
    with Peer(daemon.commands) as peer:
        for command, printed in examples():
            if "offer" in command:
                wanted = {"type": "events.read", "id": f"look-{command['id']}", "after": 0, "types": ["offer.made"]}
                made = [event for event in peer.command(wanted)["events"] if event["agent"] == command["agent"]]
                command = {**command, "offer": made[-1]["offer"]}
            yield command, printed, peer.command(command)


def test_every_example_runs_and_replies_as_printed(daemon: Daemon) -> None:
    for command, printed, reply in story(daemon):
        assert unlike(printed, reply, "reply") == [], (command, reply)


def test_every_command_has_an_example() -> None:
    sent = {command["type"] for command, _ in examples()}
    assert sent >= {
        "agent.upsert", "agent.state", "agent.remove", "conversation.message", "conversation.update",
        "conversation.transfer", "conversation.assign", "conversation.close", "offer.accept", "offer.decline",
        "wrapup.done", "break.start", "break.end", "break.grant", "stress.report", "safety.acknowledge", "state.read",
        "events.read", "ping",
    }  # fmt: skip
