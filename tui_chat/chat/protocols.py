"""The Protocols by which the parts of the program meet; each is implemented in a package that knows only `chat`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol, runtime_checkable

from tui_chat.chat.errors import ErrorKind
from tui_chat.chat.events import StreamEvent
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.models import Model
from tui_chat.chat.parts import ToolCallPart, ToolResultPart
from tui_chat.chat.request import ReplyRequest, Tool
from tui_chat.chat.usage import Usage
from tui_chat.records import dataclass


class StreamingProvider(Protocol):
    """A place that replies come from.

    Both ways of asking yield the same events and raise only `ChatError`. A method may be cancelled at any await: it
    then closes its connection before it returns. `on_sent` is called when the request has gone out: until then the
    screen says that it connects, from then on that it waits.
    """

    @property
    def name(self) -> str:
        """Its name in the settings."""
        ...

    @property
    def streams(self) -> bool:
        """True if it can stream; if not, the flow is simulated."""
        ...

    def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
        """Yield the reply's events as they come, up to `MessageStop`; a stream without one is a `ChatError`."""
        ...

    async def create(self, request: ReplyRequest, on_sent: Callable[[], None]) -> Sequence[StreamEvent]:
        """Return the whole reply at once, as the events that a stream of it would have had."""
        ...

    async def list_models(self) -> Sequence[Model] | None:
        """Return the models that it offers now; None, without asking, where it tells nobody."""
        ...

    async def count_tokens(self, request: ReplyRequest) -> int | None:
        """Return the request's size in tokens as the provider counts it; None where it cannot say."""
        ...


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that code made on a provider's machine."""

    name: str
    """As it was given there."""
    content: bytes


@runtime_checkable
class KeepsMadeFiles(Protocol):
    """A provider that keeps the files which code made for a reply."""

    async def made_file(self, file_id: str) -> MadeFile:
        """Return one of them; what goes wrong is a `ChatError`."""
        ...


class ToolRunner(Protocol):
    """Offers tools to the model, and runs them."""

    @property
    def waits_for(self) -> Sequence[str]:
        """The names of the servers that have yet to start before it can be told which tools there are."""
        ...

    async def offered(self) -> Sequence[Tool]:
        """Return the tools that there are, once their servers have started; one that cannot has none."""
        ...

    def tool(self, name: str) -> Tool | None:
        """Return the tool that was offered under a name."""
        ...

    async def run(self, call: ToolCallPart) -> ToolResultPart:
        """Return the result of a call; one that fails has one, too. Whatever it began ends when this is cancelled."""
        ...


class Pricing(Protocol):
    """The cost of replies."""

    def cost_usd(self, about: ReplyMetadata, usage: Usage) -> float | None:
        """Return the cost of a reply that used so much, in US dollars; None where price or usage is not known."""
        ...


@dataclass(frozen=True, slots=True)
class PendingReply:
    """The messages stored before a request is sent."""

    conversation: Conversation
    """The conversation as it will be, the new messages at its end."""
    prompt: Message | None
    """The new prompt; None where an earlier prompt is answered again or a reply goes on."""
    reply: Message
    """The reply, pending; for one that goes on, as it was with its text so far."""


class Journal(Protocol):
    """The store of a reply while it comes, so that nothing is lost, whatever happens.

    Every method may be called from any thread and returns at once; the writes happen in their order, elsewhere. A
    Future is done when its write is safe on disk. A write that fails is the journal's to report: the chat goes on
    unsaved.
    """

    def begin(self, pending: PendingReply) -> Future[None]:
        """Store the conversation, the prompt and the pending reply."""
        ...

    def append(self, message_id: str, events: Sequence[StreamEvent]) -> None:
        """Add what came since the last call; the cost does not grow with the reply. The reply is now `streaming`."""
        ...

    def finish(self, reply: Message) -> Future[None]:
        """Store the reply as it ended."""
        ...

    def discard(self, pending: PendingReply, reply: Message) -> Future[None]:
        """Take back what `pending` added, and keep a row of the cancelled reply that has its figures but no text."""
        ...


@dataclass(frozen=True, slots=True)
class Setback:
    """A request that failed, and what was done about it."""

    after_ms: float
    """Since the reply was asked for."""
    remedy: str
    """"retry", "resume" or "batch"."""
    error: ErrorKind
    wait_s: float
    """The seconds for which the next request was put off."""


@dataclass(frozen=True, slots=True)
class ToolRun:
    """A call of a tool, ours or one that the provider runs, that has its result."""

    call: ToolCallPart
    result: ToolResultPart
    ended_ms: float
    """Since the reply was asked for."""


@dataclass(frozen=True, slots=True)
class ReplyRecord:
    """The course of one reply, from its first request to its end."""

    conversation_id: str
    request: ReplyRequest
    reply: Message
    """The reply as it ended, with its figures."""
    response_id: str
    """The provider's own id of it; "" where none came."""
    began_at: datetime
    address: str = ""
    """The address at which it was asked for; "" where that is not known."""
    setbacks: tuple[Setback, ...] = ()
    tool_runs: tuple[ToolRun, ...] = ()


class ReplyObserver(Protocol):
    """Is told of every reply when it is over, for those who measure."""

    def reply_ended(self, record: ReplyRecord) -> None:
        """Take a reply that is over, however it ended; called in its thread, returns at once, never raises."""
        ...
