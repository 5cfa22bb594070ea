"""Bytes and objects: frames of a message, replies, pages of state. No sockets here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from .errors import ProtocolError, Refused

VERSION = b"KAPWA1"
#: Commands that fit into one message.
FRAMES_PER_MESSAGE_MAX = 1_000
#: Bytes that fit into one message; kept a little below the daemon's own limit.
MESSAGE_BYTES_MAX = 4 * 1024 * 1024 - 4096
#: Of one command. The daemon refuses a longer one, and hangs up on whoever sends one of more than a MiB.
COMMAND_BYTES_MAX = 1024 * 1024


@dataclass(frozen=True)
class Reply:
    """A command that was carried out.

    ``seq`` is the last event of the command's own effects, 0 when there were none; ``duplicate`` tells that the
    daemon had already carried it out; ``fields`` is the whole reply as it came (tags, rows, violations …).
    """

    id: str
    seq: int
    duplicate: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.fields.get(name, default)


@dataclass(frozen=True)
class State:
    """Rows of ``state.read`` and the sequence number from which to follow the events.

    When the rows came in several pages, ``seq`` is that of the first page: later rows may already hold what events
    after ``seq`` tell, so applying an event must do no harm when it says what a row says.
    """

    rows: List[Dict[str, Any]]
    seq: int


def encode(command: Mapping[str, Any]) -> bytes:
    """One command as the bytes of its frame. ``None`` means absent and is left out."""
    present = {name: value for name, value in command.items() if value is not None}
    return json.dumps(present, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def message(commands: Iterable[bytes]) -> List[bytes]:
    """The frames of one message, for a DEALER socket."""
    return [VERSION, *commands]


def decode(frames: Sequence[bytes]) -> List[Dict[str, Any]]:
    """The objects of a reply message."""
    parts = list(frames)
    if parts and parts[0] == b"":
        parts = parts[1:]
    if not parts or parts[0] != VERSION:
        raise ProtocolError(f"expected a reply that begins with {VERSION!r}, got {parts[:1]!r}")
    return [_object(part) for part in parts[1:]]


def outcome(answer: Mapping[str, Any], command_id: str) -> Reply:
    """The reply, or the refusal raised."""
    if answer.get("ok") is True:
        seq = answer.get("seq", 0)
        return Reply(command_id, seq if isinstance(seq, int) else 0, answer.get("duplicate") is True, dict(answer))
    error = answer.get("error")
    raise Refused(command_id, error if isinstance(error, Mapping) else {"message": f"unreadable refusal: {answer!r}"})


def _object(part: bytes) -> Dict[str, Any]:
    try:
        value = json.loads(part)
    except ValueError as error:
        raise ProtocolError(f"a reply frame is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise ProtocolError(f"a reply frame is no object: {value!r}")
    return value


def sequence_of(answer: Mapping[str, Any], name: str) -> int:
    """A whole number that the contract promises to be there."""
    value: Optional[Any] = answer.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProtocolError(f"expected a whole number in {name!r}, got {value!r}")
    return value
