"""A conversation's actions, without a screen: the replies are real, from a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from textual.app import App

from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, utc_now
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.demo import DemoServer
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.compactor import Compactor, SummaryView
from tui_chat.ui.chat.confirm_send import ask_first
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.tool_questions import ToolQuestion
from tui_chat.ui.messages.message_marks import MessageMarks


class BlindView:
    """Runs replies, and notes what it was to show."""

    def __init__(self, session: ConversationSession) -> None:
        self.session = session
        session.view = self
        self.shown: list[Conversation] = []
        self.given_back: list[Prompt | None] = []
        self.refused: list[str] = []
        self.asked: list[tuple[PendingReply, Prompt | None]] = []
        self.held: list[LiveReply] | None = None
        """The replies that are not fetched; None if all are."""
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Future[None]] = set()

    async def show(self, conversation: Conversation) -> None:
        self.shown.append(conversation)

    async def look_at(self, message_id: str) -> None:
        pass

    def finish(self, message: Message) -> None:
        pass

    def update(self) -> None:
        pass

    def mark(self, marks: MessageMarks) -> None:
        pass

    def ask_before_sending(self, pending: PendingReply, prompt: Prompt | None) -> None:
        self.asked.append((pending, prompt))

    def refuse(self, prompt: Prompt | None, sentence: str) -> None:
        self.refused.append(sentence)

    def advise(self, sentence: str) -> None:
        pass

    def cancelled(self, prompt: Prompt | None) -> None:
        self.given_back.append(prompt)

    def run_reply(self, live: LiveReply) -> None:
        if self.held is not None:
            self.held.append(live)
            return
        self.run_in_background(partial(self._fetch, live), "replies")

    def run_in_background(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = False) -> None:
        task = asyncio.ensure_future(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def when_drawn(self, act: Callable[[], Awaitable[None]]) -> None:
        pass

    def is_looked_at(self, live: LiveReply) -> bool:
        return True

    def tokens_arrived(self, live: LiveReply) -> None:
        live.drain(0.0)

    def phase_changed(self, live: LiveReply) -> None:
        pass

    def call_asked(self, live: LiveReply, question: ToolQuestion) -> None:
        pass

    async def _fetch(self, live: LiveReply) -> None:
        message = await self.session.program.manager.run(live.job, live, live.stop, live.buffer)
        live.drain(0.0)
        live.over.set_result(None)
        await self.session.end(live, message)

    async def until(self, fact: Callable[[], bool]) -> None:
        """Wait for a fact."""
        async with asyncio.timeout(PATIENCE_S):
            while not fact():
                await asyncio.sleep(0.005)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@asynccontextmanager
async def opened(server: DemoServer, folder: Path, **settings: Value) -> AsyncIterator[BlindView]:
    """Yield a session and who looks at it, with nothing said yet."""
    chosen: dict[str, Value] = {"provider.name": "demo", "provider.base_url": server.url, **settings}
    flags = Flags(settings=chosen, config_file=folder / "config.toml", data_folder=folder)
    program = Program.open(flags, {"TUI_CHAT_DATA_DIR": str(folder)}, pytest.fail)
    view = BlindView(ConversationSession(program, utc_now))
    try:
        yield view
    finally:
        await view.session.end_all(Outcome.KEEP)
        program.close()


def said(view: BlindView) -> list[str]:
    """Return the prompts of the conversation that is looked at."""
    return [message.text for message in view.session.conversation.messages if message.role is Role.USER]


def came(view: BlindView) -> str:
    """Return what has come of the reply that is coming."""
    live = view.session.live
    return live.caught_up().text if live else ""


def at_rest(view: BlindView, replies: int) -> Callable[[], bool]:
    def is_so() -> bool:
        return view.session.live is None and len(view.session.conversation.messages) == 2 * replies

    return is_so


async def test_a_prompt_is_answered_and_stored(server: DemoServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as view:
        await view.session.submit(Prompt("/tokens 5\nHello"))
        assert view.session.live is not None
        assert view.session.queued(view.session.conversation.id) == []
        await view.until(at_rest(view, 1))
        stored = view.session.program.store.conversation(view.session.conversation.id)
        assert stored is not None
        assert stored.messages == view.session.conversation.messages
        assert stored.messages[-1].status is StreamingStatus.COMPLETE


async def test_prompts_wait_for_the_reply_that_comes_and_go_one_by_one(server: DemoServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as view:
        session = view.session
        for prompt in ("/tokens 5\nOne", "/tokens 5\nTwo", "/tokens 5\nThree"):
            await session.submit(Prompt(prompt))
        assert [prompt.text[-3:] for prompt in session.queued(session.conversation.id)] == ["Two", "ree"]
        await view.until(at_rest(view, 3))
        assert [prompt[-3:] for prompt in said(view)] == ["One", "Two", "ree"]


async def test_stop_keeps_what_came_and_holds_the_queue(server: DemoServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as view:
        session = view.session
        await session.submit(Prompt("/fault stall@5xall\nOne"))
        await session.submit(Prompt("/tokens 5\nTwo"))
        await view.until(lambda: came(view) != "")
        session.stop(Outcome.KEEP)
        await view.until(at_rest(view, 1))
        reply = session.reply()
        assert reply is not None
        assert reply.status is StreamingStatus.STOPPED
        assert len(session.queued(session.conversation.id)) == 1
        await session.send_next()
        await view.until(at_rest(view, 2))


@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.DISCARD])
async def test_a_stop_that_comes_just_after_the_reply_was_stored_holds_the_queue_and_no_more(
    server: DemoServer, tmp_path: Path, outcome: Outcome
) -> None:
    async with opened(server, tmp_path) as view:
        session, view.held = view.session, []
        await session.submit(Prompt("/tokens 5\nOne"))
        await session.submit(Prompt("Two"))
        (live,) = view.held
        message = await session.program.manager.run(live.job, live, live.stop, live.buffer)
        session.stop(outcome)
        live.over.set_result(None)
        await session.end(live, message)
        assert len(session.queued(session.conversation.id)) == 1
        assert view.held == [live]
        assert view.given_back == []
        stored = session.program.store.conversation(session.conversation.id)
        assert stored is not None
        assert session.conversation.messages == stored.messages


async def test_a_prompt_that_is_taken_back_while_it_is_asked_about_is_not_sent(
    server: DemoServer, tmp_path: Path
) -> None:
    async with opened(server, tmp_path) as view:
        session, prompt, view.held = view.session, Prompt("One"), []
        session.accept(prompt)
        session.keep_asking(session.conversation.id)
        pending = exchange.send(session.conversation, prompt, session.parts.requests.about(), utc_now())
        assert session.take_back(prompt)
        await ask_first(cast(App[None], None), session, cast(Compactor, None), pending, prompt, lambda _: None)
        assert not view.held
        await session.submit(Prompt("Another"))
        assert len(view.held) == 1


async def test_a_question_in_one_conversation_does_not_keep_the_prompts_of_another(
    server: DemoServer, tmp_path: Path
) -> None:
    async with opened(server, tmp_path) as view:
        session, view.held = view.session, []
        for prompt in ("One", "Two"):
            await session.submit(Prompt(prompt))
        (live,) = view.held
        await session.open(Conversation())
        session.keep_asking(session.conversation.id)
        live.over.set_result(None)
        await session.end(live, replace(live.job.pending.reply, status=StreamingStatus.COMPLETE))
        assert len(view.held) == 2
        await session.submit(Prompt("Here"))
        assert len(view.held) == 2


async def test_a_summary_that_ends_when_nobody_waits_for_it_any_more_is_kept(
    server: DemoServer, tmp_path: Path
) -> None:
    async with opened(server, tmp_path) as view:
        session, view.held = view.session, []
        turns = [("user", "Why?"), ("assistant", "Because. " * 40)] * 4
        messages = [{"role": role, "text": text} for role, text in turns]
        await session.open(session.program.store.import_({"title": "Four", "messages": messages}))
        said = SimpleNamespace(say=lambda *_, **__: None, offer_undo=lambda *_: None)
        compacting = asyncio.create_task(Compactor(cast(SummaryView, said), session, utc_now).compact())
        await view.until(lambda: bool(view.held))
        (live,) = view.held
        compacting.cancel()
        await asyncio.wait([compacting])
        live.over.set_result(None)
        written = replace(live.job.pending.reply, parts=(TextPart("In short."),), status=StreamingStatus.COMPLETE)
        await session.end(live, written)
        assert any(message.summary is not None for message in session.conversation.messages)


async def test_discard_takes_the_exchange_back_and_gives_the_prompt_back(server: DemoServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as view:
        prompt = Prompt("/fault stall@5xall\nOne")
        await view.session.submit(prompt)
        view.session.stop(Outcome.DISCARD)
        await view.until(lambda: view.given_back == [prompt])
        assert view.session.conversation.messages == ()


async def test_a_title_that_was_given_while_a_reply_came_stays_when_that_is_discarded(
    server: DemoServer, tmp_path: Path
) -> None:
    async with opened(server, tmp_path) as view:
        session = view.session
        await session.submit(Prompt("/tokens 5\nOne"))
        await view.until(at_rest(view, 1))
        await session.submit(Prompt("/fault stall@5xall\nTwo"))
        session.retitle("Mine")
        session.stop(Outcome.DISCARD)
        await view.until(at_rest(view, 1))
        assert session.conversation.title == "Mine"


async def test_a_reply_goes_on_while_another_conversation_is_looked_at(server: DemoServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path, **{"streaming.stall_timeout": 1.0, "streaming.retry_attempts": 0}) as view:
        session = view.session
        await session.submit(Prompt("/fault stall@5\n/tokens 8\nOne"))
        first = session.conversation
        await session.open(Conversation())
        assert session.others_coming == 1
        await view.until(lambda: session.live_of(first.id) is None)
        assert session.conversation.messages == ()
        stored = session.program.store.conversation(first.id)
        assert stored is not None
        assert not stored.messages[-1].status.live


async def test_an_edit_stands_beside_the_prompt_that_it_replaces(server: DemoServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as view:
        session = view.session
        await session.submit(Prompt("/tokens 5\nOne"))
        await view.until(at_rest(view, 1))
        earlier = session.conversation.messages[0].id
        await session.submit(Prompt("/tokens 5\nOther", in_place_of=earlier))
        await view.until(at_rest(view, 1))
        assert said(view) == ["/tokens 5\nOther"]
        await session.turn_branch(session.conversation.messages[0].id, -1)
        assert said(view) == ["/tokens 5\nOne"]


async def test_what_the_settings_make_impossible_is_refused_and_the_prompt_waits(
    server: DemoServer, tmp_path: Path
) -> None:
    async with opened(server, tmp_path, **{"provider.persona": "nobody"}) as view:
        await view.session.submit(Prompt("Hello"))
        assert len(view.refused) == 1
        assert [prompt.text for prompt in view.session.queued(view.session.conversation.id)] == ["Hello"]
