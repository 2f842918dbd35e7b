"""The widgets of messages in another Textual app, with replies of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from examples.embedded import Embedded
from tests.waiting import LOOK_S, PATIENCE_S
from tui_chat import embedding
from tui_chat.embedding import (
    STYLES,
    ChatError,
    Conversation,
    EmbeddedChat,
    ErrorKind,
    Message,
    MessageList,
    ReplyRequest,
    ReplyStyle,
    Role,
    StreamingMessage,
    StreamingStatus,
    TextDelta,
    TextPart,
    TextProvider,
    text_of,
)

Writer = Callable[[ReplyRequest], AsyncGenerator[str, None]]


class _Host(App[None]):
    """An app that has nothing of ours but the widgets."""

    CSS_PATH: ClassVar = [STYLES]

    def __init__(self, write: Writer, conversation: Conversation | None = None) -> None:
        super().__init__()
        self.stopped = 0
        self.messages = MessageList(ReplyStyle(key_of=lambda action: "esc" if action == "stop" else ""))
        self.chat = EmbeddedChat(self.messages, TextProvider(write), model="m", system="s", conversation=conversation)

    def get_default_screen(self) -> Screen[None]:
        return _HostScreen()


class _HostScreen(Screen[None]):
    def compose(self) -> ComposeResult:
        app = self.app
        assert isinstance(app, _Host)
        yield app.messages

    def action_stop(self) -> None:
        app = self.app
        assert isinstance(app, _Host)
        app.chat.stop()


def _shown(widget: Widget) -> str:
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))


async def _said(request: ReplyRequest) -> AsyncGenerator[str, None]:
    yield f"{request.model} {request.system}: "
    yield " / ".join(f"{turn.role} {text_of(turn.parts)}" for turn in request.turns)


async def _endless(request: ReplyRequest) -> AsyncGenerator[str, None]:
    while True:
        yield "more "
        await asyncio.sleep(0.01)


async def test_the_example_runs() -> None:
    app = Embedded()
    async with app.run_test() as pilot:
        await pilot.press(*"hello", "enter")
        await _until(pilot, lambda: app.chat.conversation.messages != () and not app.chat.streaming)
        reply = app.query_one(StreamingMessage)
        assert reply.message.text == "You said: **hello**. "
        assert "You said: hello." in _shown(reply)
        assert app.query_one(Input).value == ""


async def _until(pilot: Pilot[None], fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < deadline, "this never came true"
        await asyncio.sleep(LOOK_S)
    await pilot.pause()


async def test_each_prompt_goes_with_what_was_said_before() -> None:
    earlier = (
        Message(Role.USER, (TextPart("first"),)),
        Message(Role.ASSISTANT, (TextPart("answered"),)),
    )
    app = _Host(_said, Conversation(messages=earlier))
    async with app.run_test():
        message = await app.chat.send("again")
        assert message.text == "m s: user first / assistant answered / user again"
        assert message.status is StreamingStatus.COMPLETE
        assert [one.text for one in app.chat.conversation.messages][:3] == ["first", "answered", "again"]
        assert app.chat.conversation.last == message
        assert len(app.query(StreamingMessage)) == 2


async def test_a_reply_is_stopped_and_what_came_is_kept() -> None:
    app = _Host(_endless)
    async with app.run_test() as pilot:
        app.run_worker(app.chat.send("go on"))
        await _until(pilot, lambda: any(reply.text for reply in app.query(StreamingMessage)))
        assert "esc stop" in _shown(app.query_one(StreamingMessage))
        with pytest.raises(RuntimeError):
            await app.chat.send("two at once")
        await app.screen.run_action("stop")
        await _until(pilot, lambda: not app.chat.streaming)
        message = app.chat.conversation.last
        assert message is not None
        assert message.status is StreamingStatus.STOPPED
        assert message.text.startswith("more ")
        shown = _shown(app.query_one(StreamingMessage))
        assert "stopped" in shown
        assert "regenerate" not in shown  # the host has no key for it


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ChatError(ErrorKind.PERMISSION, "Not today."), "Not today."),
        (ValueError("no \x1b[31mink"), "The reply broke off: no"),
    ],
)
async def test_what_goes_wrong_stands_below_the_reply(error: Exception, sentence: str) -> None:
    async def broken(request: ReplyRequest) -> AsyncGenerator[str, None]:
        yield "so far"
        raise error

    app = _Host(broken)
    async with app.run_test() as pilot:
        message = await app.chat.send("hello")
        await pilot.pause()
        assert message.status is StreamingStatus.FAILED
        shown = _shown(app.query_one(StreamingMessage))
        assert "so far" in shown
        assert sentence in shown
        assert "\x1b" not in shown


async def test_what_is_typed_in_the_messages_harms_nothing_where_there_is_no_composer() -> None:
    app = _Host(_said)
    async with app.run_test() as pilot:
        await app.chat.send("hello")
        app.messages.focus()
        await pilot.press("q", "up", "enter")
        assert app.messages.chosen


async def test_a_reply_can_stand_alone() -> None:
    class Alone(App[None]):
        CSS_PATH: ClassVar = [STYLES]
        BINDINGS: ClassVar[list[BindingType]] = []

        def compose(self) -> ComposeResult:
            yield StreamingMessage(Message(Role.ASSISTANT, status=StreamingStatus.STREAMING))

    app = Alone()
    async with app.run_test() as pilot:
        reply = app.query_one(StreamingMessage)
        reply.feed([TextDelta(0, "# Title\n\nsome *text*")])
        await pilot.pause()
        reply.finish(Message(Role.ASSISTANT, (TextPart("# Title\n\nsome *text*"),), id=reply.message.id))
        await pilot.pause()
        assert "some text" in _shown(reply)


def test_the_public_names_are_sorted_and_there() -> None:
    names = embedding.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(embedding, name) for name in names)
