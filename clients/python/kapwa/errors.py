"""What can go wrong, one class each."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class KapwaError(Exception):
    """Everything that this package raises on purpose."""


class Closed(KapwaError):
    """The client was closed while the command was under way; whether it was carried out is not known."""


class NotAdmitted(KapwaError):
    """The daemon does not let this peer in: it asks for a key, asks for none, or does not take the one it was shown."""


class ProtocolError(KapwaError):
    """The other side does not speak the protocol: what came back cannot be read as a reply."""


class SetBack(KapwaError):
    """The journal ends before an event that was read already: a backup was restored, or another daemon answers.

    What came between ``head`` and ``seq`` did not happen, as far as the daemon knows.
    """

    def __init__(self, seq: int, head: int) -> None:
        super().__init__(
            f"the journal ends at event {head}, and event {seq} was read from it: it was set back, as by a restored backup"
        )
        self.seq = seq
        self.head = head


class TimedOut(KapwaError):
    """No reply within the time allowed. The command may still be carried out: send it again with the same id."""

    def __init__(self, command_id: str, seconds: float) -> None:
        super().__init__(f"no reply to {command_id!r} within {seconds:g} s")
        self.command_id = command_id


class Refused(KapwaError):
    """The daemon said no and changed nothing.

    ``code`` is one of the contract's words (``unknown_agent``), ``field`` the path of the field to blame,
    ``retry_after_ms`` how long to wait (``overloaded``), ``state`` what the thing is in (``wrong_state``),
    ``first`` the first sequence number still kept (``gone``). ``details`` holds the error as it came.
    """

    def __init__(self, command_id: Optional[str], error: Mapping[str, Any]) -> None:
        self.command_id = command_id
        self.details: Mapping[str, Any] = dict(error)
        self.code = str(error.get("code", "internal"))
        self.message = str(error.get("message", ""))
        self.field: Optional[str] = _text(error.get("field"))
        self.state: Optional[str] = _text(error.get("state"))
        self.until: Optional[str] = _text(error.get("until"))
        self.retry_after_ms: Optional[int] = _whole(error.get("retry_after_ms"))
        self.first: Optional[int] = _whole(error.get("first"))
        where = f" ({self.field})" if self.field else ""
        super().__init__(f"{self.code}{where}: {self.message}")


def _text(value: Any) -> Optional[str]:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> Optional[int]:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
