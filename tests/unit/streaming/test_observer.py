"""Whoever observes replies is told of each when it is over, however it ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.unit.streaming.test_manager import (
    BUSY,
    CUT,
    DENIED,
    END,
    NO_STREAM,
    NOW,
    START,
    Forever,
    PriceOfOne,
    Script,
    Watcher,
    say,
    scene,
)
from tui_chat.chat import exchange
from tui_chat.chat.errors import ErrorKind
from tui_chat.chat.events import TextDelta
from tui_chat.chat.message import Conversation, Message, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import ReplyRecord
from tui_chat.chat.request import ReplyRequest, turns_from
from tui_chat.streaming.manager import StreamManager
from tui_chat.streaming.stop import Outcome


@dataclass
class Observer:
    """Remembers what it is told."""

    records: list[ReplyRecord] = field(default_factory=list)

    def reply_ended(self, record: ReplyRecord) -> None:
        self.records.append(record)


async def observed(*scripts: Script, stop_at: str = "", outcome: Outcome = Outcome.KEEP) -> tuple[Message, ReplyRecord]:
    """Run a reply to its end; what came of it, and what the observer was told."""
    played, observer = scene(*scripts), Observer()
    played.watcher = Watcher(
        on=lambda seen: played.stop.request(outcome) if isinstance(seen, TextDelta) and seen.text == stop_at else None
    )
    pending = exchange.send(Conversation(id="c"), Prompt("Hello"), ReplyMetadata(), NOW)
    request = ReplyRequest("model-1", turns_from(pending.conversation.before(pending.reply.id)))
    manager = StreamManager(played.journal, PriceOfOne(), observer=observer)
    message = await manager.run(played.job(pending, request), played.watcher, played.stop)
    (record,) = observer.records
    assert (record.conversation_id, record.request, record.reply) == ("c", request, message)
    assert record.began_at.tzinfo is not None
    return message, record


async def test_a_good_reply_is_told_with_its_id() -> None:
    message, record = await observed([START, *say("Hi"), *END])
    assert (message.status, record.response_id, record.setbacks) == (StreamingStatus.COMPLETE, "msg", ())


async def test_setbacks_are_told_in_their_order_with_what_was_done() -> None:
    _, record = await observed([BUSY], [START, *say("The cat sat on"), CUT], [START, *say(" the mat."), *END])
    assert [(setback.remedy, setback.error) for setback in record.setbacks] == [
        ("retry", ErrorKind.OVERLOADED),
        ("resume", ErrorKind.PROTOCOL),
    ]
    assert [setback.wait_s for setback in record.setbacks] == [0, 0]
    times = [setback.after_ms for setback in record.setbacks]
    assert times == sorted(times)


async def test_a_fallback_to_batch_is_a_setback() -> None:
    _, record = await observed([NO_STREAM], [START, *say("Hi"), *END])
    assert [(setback.remedy, setback.wait_s) for setback in record.setbacks] == [("batch", 0)]


async def test_a_failed_a_stopped_and_a_discarded_reply_are_told_too() -> None:
    failed, _ = await observed([DENIED])
    stopped, _ = await observed([START, *say("Hi"), Forever()], stop_at="Hi")
    cancelled, _ = await observed([START, *say("Hi"), Forever()], stop_at="Hi", outcome=Outcome.DISCARD)
    assert [failed.status, stopped.status, cancelled.status] == [
        StreamingStatus.FAILED,
        StreamingStatus.STOPPED,
        StreamingStatus.CANCELLED,
    ]
