"""ReplyJob: all that fetching one reply needs, decided when it was sent."""

from __future__ import annotations

from concurrent.futures import Future

from tui_chat.chat.metadata import Mode
from tui_chat.chat.protocols import PendingReply, StreamingProvider, ToolRunner
from tui_chat.chat.request import ReplyRequest
from tui_chat.records import dataclass
from tui_chat.streaming.recovery import StreamOptions


@dataclass(frozen=True, slots=True)
class ReplyJob:
    """One reply to be fetched: what is stored first, who is asked what, and how. It was decided when it was sent."""

    pending: PendingReply
    begun: Future[None]
    """Done when the opening is stored; nothing is asked before."""
    request: ReplyRequest
    """The request for the reply from its beginning; how to ask for the rest of one that goes on is the manager's."""
    provider: StreamingProvider
    options: StreamOptions
    mode: Mode = Mode.STREAM
    prefill: bool = False
    """True if the model may well go on with a reply that is begun for it."""
    tools: ToolRunner | None = None
    """Runs the tools that the request offers; None where it offers none of ours."""
    address: str = ""
    """The address at which it is asked for; "" where that is not known."""
