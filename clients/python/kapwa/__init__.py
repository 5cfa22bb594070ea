"""Client for Kapwa: commands with exactly one reply each, and every event once and in order."""

from .client import Client, Pending
from .errors import Closed, KapwaError, NotAdmitted, ProtocolError, Refused, SetBack, TimedOut
from .events import Event, Events
from .fallback import Assignment, Fallback, Presence
from .keys import Key
from .wire import Reply, State

__all__ = [
    "Assignment",
    "Client",
    "Closed",
    "Event",
    "Events",
    "Fallback",
    "KapwaError",
    "Key",
    "NotAdmitted",
    "Pending",
    "Presence",
    "ProtocolError",
    "Refused",
    "Reply",
    "State",
    "SetBack",
    "TimedOut",
]
__version__ = "0.1.0"
