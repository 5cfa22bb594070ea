"""Commands over a DEALER socket: pipelined, in batches, sent again with the same id until they are answered."""

from __future__ import annotations

import random
import time
import uuid
from collections import OrderedDict
from types import TracebackType
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Type, Union

import zmq

from . import wire
from .commands import Commands
from .errors import Closed, KapwaError, NotAdmitted, ProtocolError, Refused, TimedOut
from .keys import Handshakes, KeyLike, key_of
from .wire import Reply, State

#: Refusals that the same command may outlive.
PASSING = ("overloaded", "unavailable")
#: The longest pause before a command that was refused for a passing reason is sent again, in seconds.
PAUSE_MAX = 2.0
#: Seconds between two attempts to connect, at first and, doubling, at most; half of it by chance, so that not all
#: clients of a daemon that comes back knock at once.
RECONNECT_PAUSE = 0.05
RECONNECT_PAUSE_MAX = 1.0
#: A week, in milliseconds: when libzmq may connect anew by itself. It would send what it still has before that which
#: was lost with the old connection. Unlike -1 this leaves the replies that have come already to be read.
RECONNECT_NEVER = 7 * 24 * 3_600 * 1_000


class Pending:
    """A command under way. Filled in by the client that sent it."""

    def __init__(
        self, client: "Client", number: int, command_id: str, frame: bytes, *, waits: bool, about: Tuple[str, ...]
    ) -> None:
        self.number = number
        self.id = command_id
        self.frame = frame
        self.waits = waits
        #: Commands about the same are kept in their order.
        self.about = about
        self.refusals = 0
        #: Not to be tried again before.
        self.due = 0.0
        self._client = client
        self._answer: Optional[Union[Reply, KapwaError]] = None

    @property
    def done(self) -> bool:
        """Whether the reply has come; looks at nothing new."""
        return self._answer is not None

    def result(self, timeout: Optional[float] = None) -> Reply:
        """Waits for the reply. Raises ``Refused``, or ``TimedOut`` when none comes in time: then it is given up."""
        self._client.wait([self], timeout)
        if self._answer is None:
            self._client.forget(self, TimedOut(self.id, self._client.timeout if timeout is None else timeout))
        if isinstance(self._answer, Reply):
            return self._answer
        raise self._answer or Closed(f"{self.id!r} was given up")

    def settle(self, answer: Union[Reply, KapwaError]) -> None:
        if self._answer is None:
            self._answer = answer


class _Message:
    """Commands that left in one message, and when they are to be sent again."""

    def __init__(self, commands: Sequence[Pending], due: float) -> None:
        self.commands = list(commands)
        self.due = due

    @property
    def waits(self) -> bool:
        return any(command.waits for command in self.commands)


class _Line:
    """Commands about one conversation, one at a time in their order, since one was refused for a passing reason."""

    def __init__(self) -> None:
        self.commands: List[Pending] = []
        self.under_way: Optional[Pending] = None

    def join(self, command: Pending) -> None:
        if command not in self.commands:
            self.commands.append(command)
            self.commands.sort(key=lambda one: one.number)
        if self.under_way is command:
            self.under_way = None

    def leave(self, command: Pending) -> None:
        if command in self.commands:
            self.commands.remove(command)
        if self.under_way is command:
            self.under_way = None


class Client(Commands[Reply]):
    """One peer of the daemon. Use it from one thread only.

    Every method of the vocabulary sends its command and waits for the reply; ``pipeline`` leaves them under way and
    ``batch`` sends many in one message. What is unanswered when the connection ends, or for ``resend`` seconds, is sent
    again over a fresh one, in its order and with the same ids, before anything newer: the daemon carries it out once
    and answers ``duplicate``. ``overloaded`` and ``unavailable`` are waited out, and newer commands about the same
    conversation wait behind. What is still unanswered after ``timeout`` raises ``TimedOut``.

    ``key`` is shown to a daemon that asks for one: a ``Key``, or the path of the file that ``kapwa keys new`` wrote.
    A daemon that does not take it, or asks for one that was not given, raises ``NotAdmitted``.
    """

    def __init__(
        self,
        endpoint: str = "tcp://127.0.0.1:7411",
        *,
        tenant: Optional[str] = None,
        source: Optional[str] = None,
        key: Optional[KeyLike] = None,
        timeout: float = 30.0,
        resend: float = 5.0,
        context: Optional["zmq.Context[Any]"] = None,
    ) -> None:
        self.endpoint = endpoint
        self.tenant = tenant
        self.source = source
        self.key = key_of(key)
        self.timeout = timeout
        self.resend = resend
        #: How often a new connection was tried.
        self.reconnects = 0
        self._context: "zmq.Context[Any]" = context or zmq.Context.instance()
        self._messages: "OrderedDict[int, _Message]" = OrderedDict()
        self._message_of: Dict[str, int] = {}
        self._lines: Dict[Tuple[str, ...], _Line] = {}
        self._count = 0
        self._submitted = 0
        self._tried_at = 0.0
        self._pause = RECONNECT_PAUSE
        #: When to connect anew; ``None`` as long as nothing is known of an end of the connection.
        self._again_at: Optional[float] = None
        self._socket: Optional["zmq.Socket[bytes]"] = None
        self._handshakes: Optional[Handshakes] = None
        self._connect()

    # Sending

    def issue(self, type: str, fields: Mapping[str, Any], common: Mapping[str, Any]) -> Reply:
        return self.submit(type, fields, common).result()

    def call(self, command: Mapping[str, Any]) -> Reply:
        """Sends a command given as an object with ``type`` and perhaps ``id``, and waits for its reply."""
        return self.submit_all([command])[0].result()

    def submit(self, type: str, fields: Mapping[str, Any], common: Mapping[str, Any]) -> Pending:
        """Sends one command and returns at once."""
        return self.submit_all([{"type": type, **fields, **common}])[0]

    def submit_all(self, commands: Sequence[Mapping[str, Any]]) -> List[Pending]:
        """Sends commands in as few messages as the limits allow and returns at once, one ``Pending`` each."""
        pendings = [self._prepare(command) for command in commands]
        free: List[Pending] = []
        for pending in pendings:
            line = self._lines.get(pending.about)
            if line is None:
                free.append(pending)
            else:
                line.join(pending)
                self._message_of[pending.id] = 0
        self._send_all(free)
        return pendings

    def pipeline(self) -> "Pipeline":
        """The vocabulary, but nothing waits: each method returns a ``Pending``."""
        return Pipeline(self)

    def batch(self) -> "Batch":
        """The vocabulary, but commands are gathered and leave in one message with ``send``."""
        return Batch(self)

    # Reading

    def state(self, what: str, *, limit: Optional[int] = None) -> State:
        """All rows, page by page, and the ``seq`` from which to follow the events."""
        rows: List[Dict[str, Any]] = []
        seq: Optional[int] = None
        after: Optional[str] = None
        while True:
            page = self.state_read(what, after=after, limit=limit)
            rows.extend(page["rows"])
            if seq is None:
                seq = wire.sequence_of(page.fields, "seq")
            after = page.get("next")
            if after is None:
                return State(rows, seq)

    # Replies

    def wait(self, pendings: Sequence[Pending], timeout: Optional[float] = None) -> None:
        """Reads replies until all of these are answered or the time is over. Raises nothing for what is not."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while any(not pending.done for pending in pendings):
            now = time.monotonic()
            if now >= deadline:
                return
            self._step(min(deadline, self._next_due(deadline)) - now)

    def drain(self) -> None:
        """Reads what has come, without waiting."""
        self._step(0)

    def forget(self, pending: Pending, why: KapwaError) -> None:
        """Gives a command up: it is not sent again, and its id may be used for the same command once more."""
        pending.settle(why)
        number = self._message_of.pop(pending.id, None)
        if number is not None and number in self._messages:
            if all(command.done for command in self._messages[number].commands):
                del self._messages[number]
        self._settled(pending)

    @property
    def unanswered(self) -> int:
        return len(self._message_of)

    def close(self) -> None:
        """Closes the connection. What is still under way raises ``Closed``."""
        self._give_up(None)
        self._hang_up()

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    # Inside

    def _prepare(self, command: Mapping[str, Any]) -> Pending:
        full: Dict[str, Any] = {"id": "py-" + uuid.uuid4().hex}
        if self.tenant is not None:
            full["tenant"] = self.tenant
        if self.source is not None:
            full["source"] = self.source
        full.update({name: value for name, value in command.items() if value is not None})
        command_id = str(full["id"])
        if command_id in self._message_of:
            raise KapwaError(f"a command with the id {command_id!r} is already under way")
        conversation = full.get("conversation")
        about = (command_id,) if conversation is None else (str(full.get("tenant", "main")), str(conversation))
        frame = wire.encode(full)
        if len(frame) > wire.COMMAND_BYTES_MAX:
            raise KapwaError(f"the command {command_id!r} has {len(frame)} bytes; the daemon takes 65,536 at the most")
        self._submitted += 1
        waits = bool(full.get("wait_ms"))
        return Pending(self, self._submitted, command_id, frame, waits=waits, about=about)

    def _connect(self) -> None:
        socket: "zmq.Socket[bytes]" = self._context.socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.SNDHWM, 0)
        socket.setsockopt(zmq.RCVHWM, 0)
        socket.setsockopt(zmq.HEARTBEAT_IVL, 2_000)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 10_000)
        socket.setsockopt(zmq.RECONNECT_IVL, RECONNECT_NEVER)
        if self.key is not None:
            self.key.show(socket)
        self._handshakes = Handshakes(socket, self.endpoint, self.key is not None, ends=True)
        socket.connect(self.endpoint)
        self._socket = socket
        self._tried_at = time.monotonic()
        self._again_at = None

    def _hang_up(self) -> None:
        if self._handshakes is not None:
            self._handshakes.close()
            self._handshakes = None
        if self._socket is not None:
            self._socket.close(linger=0)
            self._socket = None

    def _wait(self, seconds: float) -> bool:
        """Whether replies come within the time; those who are not let in are told so."""
        socket = self._open_socket()
        poller = zmq.Poller()
        poller.register(socket, zmq.POLLIN)
        if self._handshakes is not None:
            poller.register(self._handshakes.socket, zmq.POLLIN)
        ready = dict(poller.poll(max(0, int(seconds * 1000 + 0.999))))
        if self._handshakes is not None and self._handshakes.socket in ready:
            self._look()
        return socket in ready

    def _look(self) -> None:
        """Hears whether the connection has ended; those who are not let in are told so."""
        if self._handshakes is None:
            return
        try:
            ended = self._handshakes.check()
        except NotAdmitted as refusal:
            self._give_up(refusal)
            raise
        if ended and self._again_at is None:
            self._again_at = self._tried_at + self._pause * random.uniform(0.5, 1)
            self._pause = min(RECONNECT_PAUSE_MAX, self._pause * 2)

    def _give_up(self, why: Optional[KapwaError]) -> None:
        """Whatever is under way or waits ends with this, or with ``Closed``."""
        under_way = [command for message in self._messages.values() for command in message.commands]
        for command in under_way + [command for line in self._lines.values() for command in line.commands]:
            command.settle(why or Closed(f"closed before {command.id!r} was answered"))
        self._messages.clear()
        self._message_of.clear()
        self._lines.clear()

    def _open_socket(self) -> "zmq.Socket[bytes]":
        if self._socket is None:
            raise Closed("the client is closed")
        return self._socket

    def _send_all(self, commands: Sequence[Pending]) -> None:
        chunk: List[Pending] = []
        size = 0
        for command in commands:
            full = len(chunk) == wire.FRAMES_PER_MESSAGE_MAX or size + len(command.frame) > wire.MESSAGE_BYTES_MAX
            if chunk and full:
                self._send(_Message(chunk, 0))
                chunk, size = [], 0
            chunk.append(command)
            size += len(command.frame)
        if chunk:
            self._send(_Message(chunk, 0))

    def _send(self, message: _Message) -> None:
        """Sends a message over the connection that all before it went over, or over a fresh one after all before it."""
        self._open_socket()
        self._look()
        self._keep(message)
        if self._again_at is None:
            self._transmit(message)
        elif self._again_at <= time.monotonic():
            self._reconnect()

    def _keep(self, message: _Message) -> None:
        """Remembers a message until it is answered."""
        message.due = time.monotonic() + self.resend + (30.0 if message.waits else 0.0)
        self._count += 1
        self._messages[self._count] = message
        for command in message.commands:
            self._message_of[command.id] = self._count

    def _transmit(self, message: _Message) -> None:
        # What is handed to a connection that has ended unnoticed goes nowhere, and goes again with all before it.
        try:
            self._open_socket().send_multipart(wire.message(command.frame for command in message.commands), zmq.NOBLOCK)
        except zmq.Again:
            # Whoever was not let in has no connection any more, and never again on this socket: waiting for one would
            # last for ever. The wait for the reply says so, or sends it anew over another.
            pass

    def _next_due(self, otherwise: float) -> float:
        first = [message.due for message in self._messages.values()]
        first += [line.commands[0].due for line in self._lines.values() if line.under_way is None]
        if self._again_at is not None:
            first.append(self._again_at)
        return min([otherwise, *first])

    def _step(self, seconds: float) -> None:
        """Takes the replies that come within the time, then sends again what is due."""
        socket = self._open_socket()
        if self._wait(seconds):
            while True:
                try:
                    frames = socket.recv_multipart(zmq.NOBLOCK)
                except zmq.Again:
                    break
                self._receive(frames)
        now = time.monotonic()
        ended = self._again_at is not None and self._again_at <= now
        if ended or any(message.due <= now for message in self._messages.values()):
            self._reconnect()
        self._try_again(now)

    def _reconnect(self) -> None:
        """The connection may have eaten messages: a fresh one, and everything unanswered once more, in its order."""
        self._open_socket()
        self._hang_up()
        self.reconnects += 1
        self._connect()
        unanswered = list(self._messages.values())
        self._messages.clear()
        for message in unanswered:
            message.commands = [command for command in message.commands if not command.done]
            if message.commands:
                self._keep(message)
                self._transmit(message)

    def _receive(self, frames: Sequence[bytes]) -> None:
        self._pause = RECONNECT_PAUSE
        answers = wire.decode(frames)
        number = self._message_for(answers)
        if number is None:
            return  # An answer to what was sent twice, or given up: it was dealt with before.
        message = self._messages[number]
        if len(answers) != len(message.commands):
            if len(answers) == 1 and answers[0].get("id") is None:
                answers = answers * len(message.commands)
            else:
                raise ProtocolError(f"{len(answers)} replies to {len(message.commands)} commands")
        del self._messages[number]
        for command, answer in zip(message.commands, answers):
            if not command.done:
                self._answered(command, answer)

    def _answered(self, command: Pending, answer: Mapping[str, Any]) -> None:
        try:
            command.settle(wire.outcome(answer, command.id))
        except Refused as refusal:
            if refusal.code in PASSING:
                command.due = time.monotonic() + _pause(command, refusal)
                self._lines.setdefault(command.about, _Line()).join(command)
                self._message_of[command.id] = 0
                return
            command.settle(refusal)
        self._message_of.pop(command.id, None)
        self._settled(command)

    def _settled(self, command: Pending) -> None:
        """Lets the next one go that waited behind it."""
        line = self._lines.get(command.about)
        if line is not None:
            line.leave(command)
            if not line.commands:
                del self._lines[command.about]

    def _try_again(self, now: float) -> None:
        """Sends the first of each line whose time has come."""
        ready = []
        for line in self._lines.values():
            if line.under_way is None and line.commands[0].due <= now:
                line.under_way = line.commands[0]
                ready.append(line.under_way)
        self._send_all([command for command in ready if not command.waits])
        for command in ready:
            if command.waits:  # Its reply comes late, and would keep those of the others in its message.
                self._send_all([command])

    def _message_for(self, answers: Sequence[Mapping[str, Any]]) -> Optional[int]:
        named = False
        for answer in answers:
            command_id = answer.get("id")
            if isinstance(command_id, str):
                named = True
                number = self._message_of.get(command_id)
                if number is not None and number in self._messages:
                    return number
        if named:
            return None
        # No id could be trusted: replies come in the order of the messages, only waiting reads may overtake.
        return next((number for number, message in self._messages.items() if not message.waits), None)


def _pause(command: Pending, refusal: Refused) -> float:
    """Seconds before the same command is tried again: what the daemon asks for, else doubling from 0.1."""
    command.refusals += 1
    if refusal.retry_after_ms is not None:
        return refusal.retry_after_ms / 1000
    return min(PAUSE_MAX, 0.1 * 2.0 ** min(command.refusals - 1, 10))


class Pipeline(Commands[Pending]):
    """Sends at once, waits for nothing."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def issue(self, type: str, fields: Mapping[str, Any], common: Mapping[str, Any]) -> Pending:
        return self._client.submit(type, fields, common)


class Batch(Commands[int]):
    """Gathers commands; each method returns the command's place in the list that ``send`` returns."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._commands: List[Mapping[str, Any]] = []

    def issue(self, type: str, fields: Mapping[str, Any], common: Mapping[str, Any]) -> int:
        self._commands.append({"type": type, **fields, **common})
        return len(self._commands) - 1

    def send(self, timeout: Optional[float] = None) -> List[Union[Reply, Refused]]:
        """Sends what was gathered and waits: one reply or refusal per command, in their order."""
        commands, self._commands = self._commands, []
        pendings = self._client.submit_all(commands)
        self._client.wait(pendings, timeout)
        outcomes: List[Union[Reply, Refused]] = []
        for pending in pendings:
            try:
                outcomes.append(pending.result(0))
            except Refused as refusal:
                outcomes.append(refusal)
        return outcomes
