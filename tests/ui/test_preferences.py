"""The effect of each preference on the running app, from the moment that it is changed."""

from __future__ import annotations

import time

import pytest
from textual.events import AppBlur, AppFocus

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tests.ui.pages import open_settings, segments_on_top, text_on_top, with_cursor
from tui_chat.chat.errors import ErrorKind
from tui_chat.chat.events import StreamEvent
from tui_chat.chat.message import StreamingStatus
from tui_chat.chat.metadata import Mode
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import DemoServer, script_for
from tui_chat.ui.look.text_styles import look_for
from tui_chat.ui.messages.user_message import UserMessage

STALLED = "/fault stall@20xall\nTell me a story"
FLOWING = "/rate 60\n/tokens 20000\nSomething long"


async def _end(stage: Stage) -> None:
    await stage.pilot.press("escape")
    await stage.ready()


def _composer_blinks(stage: Stage) -> bool:
    return stage.composer.cursor_blink


# -- streaming


async def test_mode_holds_from_the_next_reply_on_and_the_status_says_so(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        stage.program.settings.set("streaming.mode", "batch")
        await stage.until(lambda: "● Streaming     batch ·" in stage.shown)
        assert stage.word == "Streaming", "the reply that is coming goes on as it began"
        await _end(stage)
        reply = await stage.ask("Hello")
        assert reply.metadata.mode is Mode.BATCH
        assert not server.log.replies[-1].body.get("stream")


async def test_frames_per_second_is_the_most_often_that_text_is_drawn(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as stage:
        stage.program.settings.set("streaming.frames_per_second", 5)
        await stage.send(FLOWING)
        await stage.streaming()
        drawn: list[float] = []
        feed = stage.reply.feed

        def noted(events: list[StreamEvent]) -> None:
            drawn.append(time.monotonic())
            feed(events)

        monkeypatch.setattr(stage.reply, "feed", noted)
        await stage.until(lambda: len(drawn) >= 6)  # one that a busy machine draws late stands close to the next
        assert (drawn[5] - drawn[0]) / 5 > 0.15
        await _end(stage)


async def test_the_cursor_is_what_one_wants_it_to_be(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        for cursor in ("▌", "§", "<>"):
            stage.program.settings.set("streaming.cursor", cursor)
            await stage.until(lambda cursor: with_cursor(stage).endswith(cursor), cursor)
        stage.program.settings.set("streaming.cursor", "")
        await stage.until(lambda: with_cursor(stage) == stage.text_of(stage.reply))
        await _end(stage)


async def test_no_cursor_blinks_unless_it_may(opened: Opener) -> None:
    async with opened(streaming__cursor_blink=True) as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.until(lambda: "▌" not in with_cursor(stage))
        assert _composer_blinks(stage)
        stage.program.settings.set("streaming.cursor_blink", False)
        assert not stage.reply.blinks
        assert "▌" in with_cursor(stage)
        assert not _composer_blinks(stage)
        await stage.pilot.press("x")
        assert not _composer_blinks(stage), "a key does not wake what may not blink"
        await open_settings(stage)
        await stage.pilot.press("x")
        search = stage.app.screen.query_one("#search")
        await stage.until(lambda: search.has_focus)
        assert not getattr(search, "cursor_blink", True)


async def test_esc_keeps_or_discards(opened: Opener) -> None:
    async with opened() as stage:
        for on_stop in ("discard", "keep", "discard"):
            before = len(stage.messages)
            await stage.send(STALLED)
            await stage.streaming()
            stage.program.settings.set("streaming.on_stop", on_stop)
            await stage.pilot.press("escape")
            left = before + (2 if on_stop == "keep" else 0)
            await stage.until(lambda left: not stage.screen.busy and len(stage.messages) == left, left)


async def test_the_end_is_followed_only_if_that_is_wanted(opened: Opener, held: Held) -> None:
    held.tokens = 500
    async with opened() as stage:
        stage.program.settings.set("streaming.auto_scroll", False)
        await stage.send("/tokens 1000\nSomething long")
        await stage.until(lambda: stage.list.max_scroll_y > 10)
        assert stage.list.scroll_y < stage.list.max_scroll_y
        stage.program.settings.set("streaming.auto_scroll", True)
        await stage.pilot.press("ctrl+end")
        height = stage.list.max_scroll_y
        held.go_on(900)
        await stage.until(lambda: stage.list.max_scroll_y > height + 3 and stage.list.following)
        await stage.until(lambda: stage.list.scroll_y == stage.list.max_scroll_y)
        await _end(stage)


async def test_thinking_is_shown_and_hidden(opened: Opener) -> None:
    async with opened(provider__thinking="on") as stage:
        await stage.ask("/tokens 30\nThink about this")
        assert "Thought" in stage.text_of(stage.reply)
        stage.program.settings.set("streaming.show_thinking", False)
        assert "Thought" not in stage.text_of(stage.reply)
        stage.program.settings.set("streaming.show_thinking", True)
        assert "Thought" in stage.text_of(stage.reply)


async def test_a_failed_request_is_tried_so_often_again(opened: Opener) -> None:
    async with opened() as stage:
        for attempts, status in ((0, StreamingStatus.FAILED), (2, StreamingStatus.COMPLETE)):
            stage.program.settings.set("streaming.retry_attempts", attempts)
            reply = await stage.ask(f"/fault 529x1\n/tokens 5\nHello {attempts}")
            assert reply.status is status, attempts


async def test_a_broken_reply_is_resumed_or_not(opened: Opener) -> None:
    async with opened() as stage:
        for resume in (True, False):
            stage.program.settings.set("streaming.resume", resume)
            await stage.pilot.press("ctrl+n")
            await stage.until(lambda: not stage.messages)
            reply = await stage.ask(f"/fault reset@20x1\nHello {resume}")
            assert reply.status is (StreamingStatus.COMPLETE if resume else StreamingStatus.FAILED)
            assert reply.metadata.metrics.resumes == (1 if resume else 0)
            assert (reply.text == script_for(f"Hello {resume}")) is resume


async def test_where_streaming_fails_batch_is_tried_or_not(opened: Opener) -> None:
    async with opened(streaming__retry_attempts=0) as stage:
        for fallback in (True, False):
            stage.program.settings.set("streaming.fallback_to_batch", fallback)
            reply = await stage.ask(f"/fault json-not-ssex1\n/tokens 5\nHello {fallback}")
            assert reply.metadata.metrics.fallback is fallback
            assert reply.status is (StreamingStatus.COMPLETE if fallback else StreamingStatus.FAILED)


async def test_a_silent_line_counts_as_stalled_after_so_many_seconds(opened: Opener) -> None:
    async with opened(streaming__retry_attempts=0, streaming__resume=False) as stage:
        stage.program.settings.set("streaming.stall_timeout", 1.0)
        reply = await stage.ask(STALLED)
        assert reply.status is StreamingStatus.FAILED
        assert reply.metadata.error is not None
        assert reply.metadata.error["kind"] == ErrorKind.STALLED


async def test_a_provider_that_cannot_stream_is_shown_at_the_wanted_rate(opened: Opener) -> None:
    async with opened(environ={"ANTHROPIC_API_KEY": "test-key"}, provider__name="simulated") as stage:
        stage.program.settings.set("streaming.simulate_rate", 1000)
        reply = await stage.ask("/tokens 100\nHello")
        assert reply.status is StreamingStatus.COMPLETE
        assert reply.metadata.simulated
        slow = reply.metadata.metrics.duration_ms or 0
        assert slow >= (len(reply.text) / 1000 - 0.2) * 1000
        stage.program.settings.set("streaming.simulate_rate", 100_000)
        reply = await stage.ask("/tokens 100\nHello")
        assert (reply.metadata.metrics.duration_ms or 0) < slow


async def test_the_model_gives_a_conversation_its_title_if_that_is_wanted(opened: Opener) -> None:
    async with opened(environ={"ANTHROPIC_API_KEY": "test-key"}, provider__name="anthropic") as stage:
        await stage.ask("/tokens 5\nHello")
        stage.program.settings.set("history.model_titles", True)
        await stage.pilot.press("ctrl+n")
        await stage.ask("/tokens 5\nHello")
        await stage.until(lambda: "Hello" not in stage.screen.session.conversation.title)
        given = stage.screen.session.conversation.title
        await stage.until(lambda: given[:20] in stage.shown)
        titles = {"/tokens 5 Hello", given}
        await stage.until(lambda: {found.title for found in stage.program.store.conversations()} == titles)


# -- the screen


def _clock(stage: Stage) -> str:
    """Return the time of the last reply, in the user's time zone."""
    return stage.last.created_at.astimezone().strftime("%H:%M")


async def test_messages_say_when_they_were_written(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        clock = _clock(stage)
        prompt = stage.list.query_one(UserMessage)
        assert clock not in stage.text_of(prompt) + stage.text_of(stage.reply)
        stage.program.settings.set("ui.show_timestamps", True)
        assert f"You  {clock}" in stage.text_of(prompt)
        assert f"· {clock}" in stage.text_of(stage.reply)
        await stage.ask("And now?")
        assert stage.text_of(stage.reply).count(_clock(stage)) == 1, "which may be another minute"
        stage.program.settings.set("ui.show_timestamps", False)
        assert clock not in stage.text_of(prompt)
        assert _clock(stage) not in stage.text_of(stage.reply)


async def test_usage_is_shown_and_hidden(opened: Opener) -> None:
    async with opened(size=(120, 24)) as stage:
        await stage.ask("Hello")
        assert " out" in stage.shown
        stage.program.settings.set("ui.show_usage", False)
        await stage.until(lambda: " out" not in stage.shown and "tok/s" not in stage.shown)


async def test_a_reply_that_ends_while_one_looks_elsewhere_calls_if_that_is_wanted(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as stage:
        sent: list[str] = []
        driver = stage.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", sent.append)

        async def ask(prompt: str) -> None:
            await stage.screen.session.submit(Prompt(prompt))  # without a key: whoever presses one is looking
            await stage.ready()

        stage.app.post_message(AppBlur())
        await ask("One")
        stage.program.settings.set("ui.notify_when_done", True)
        await ask("Two")
        await ask("/fault 401\nThree")
        stage.app.post_message(AppFocus())
        await ask("Four")
        ends = ("has its reply", "has no reply: the request failed")
        assert sent == [f"\x1b]9;tui-chat: “One” {end}.\a\a" for end in ends]


async def test_lines_of_code_are_numbered(opened: Opener) -> None:
    async with opened(size=(100, 60)) as stage:
        await stage.ask("Show me some python")
        assert not look_for(stage.app).line_numbers
        before = stage.text_of(stage.reply)
        stage.program.settings.set("ui.code_line_numbers", True)
        assert look_for(stage.app).line_numbers
        await stage.until(lambda: stage.text_of(stage.reply) != before)


async def test_plain_glyphs_are_all_that_is_drawn(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nHello")
        assert not stage.shown.isascii()
        stage.program.settings.set("ui.ascii", True)
        await stage.until(lambda: text_on_top(stage).isascii())
        await stage.send(STALLED)
        await stage.streaming()
        assert text_on_top(stage).isascii()
        await stage.pilot.press("f1")
        await stage.until(lambda: stage.app.screen is not stage.screen and text_on_top(stage).isascii())
        await stage.pilot.press("escape")
        await open_settings(stage)
        await stage.until(lambda: text_on_top(stage).isascii())
        await stage.pilot.press("escape", "ctrl+p")
        await stage.until(lambda: "Search" in text_on_top(stage) and text_on_top(stage).isascii())
        await stage.pilot.press("escape")
        stage.program.settings.set("ui.ascii", False)
        await stage.until(lambda: "●" in stage.shown)
        await _end(stage)


async def test_nothing_moves_by_itself_without_motion(opened: Opener) -> None:
    async with opened(streaming__cursor_blink=True) as stage:
        assert _composer_blinks(stage)
        stage.program.settings.set("ui.motion", False)
        assert stage.app.animation_level == "none"
        assert not _composer_blinks(stage)
        await stage.send(STALLED)
        await stage.streaming()
        assert not stage.reply.blinks
        await _end(stage)
        stage.program.settings.set("streaming.mode", "batch")
        await stage.send(STALLED)
        await stage.until(lambda: stage.word == "Waiting")
        stage.program.settings.set("ui.motion", True)
        await stage.until(lambda: stage.word.startswith("Waiting ") and stage.word.endswith(" s"))
        await _end(stage)


# -- themes


def _colour_of(stage: Stage, text: str) -> str:
    styles = [segment.style for segment in segments_on_top(stage) if segment.text == text and segment.style]
    return styles[0].color.name if styles and styles[0].color else ""


async def test_every_theme_can_be_worn(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Show me some python")
        for name in stage.app.available_themes:
            stage.program.settings.set("ui.theme", name)
            assert stage.app.theme == name
            look = look_for(stage.app)
            assert look.hit
        assert stage.problems == []


async def test_text_follows_the_theme(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nHello")
        seen = set()
        for name in ("tui-chat-dark", "tui-chat-light", "nord"):
            stage.program.settings.set("ui.theme", name)
            foreground = look_for(stage.app).text.color
            assert foreground is not None
            triplet = foreground.get_truecolor()
            seen.add(triplet)
            await stage.until(
                lambda triplet: any(
                    segment.style and segment.style.color and segment.style.color.get_truecolor() == triplet
                    for segment in segments_on_top(stage)
                ),
                triplet,
            )
            await stage.until(lambda: _colour_of(stage, "Claude") == stage.app.theme_variables["text-primary"].lower())
        assert len(seen) == 3


async def test_the_cursor_of_a_line_can_be_seen_in_the_terminals_own_colours(opened: Opener) -> None:
    async with opened() as stage:
        for theme in ("ansi-dark", "ansi-light", "tui-chat-plain"):
            stage.program.settings.set("ui.theme", theme)
            await stage.pilot.press("ctrl+o", "x")
            await stage.until(lambda: "No matches for" in text_on_top(stage))
            marked = [segment for segment in segments_on_top(stage) if segment.style and segment.style.reverse]
            assert [segment.text for segment in marked] == [" "], theme
            assert all(style.bgcolor is None or style.bgcolor.is_default for _, style, _ in marked if style), theme
            await stage.pilot.press("escape", "escape")
            await stage.until(lambda: stage.app.screen is stage.screen)


async def test_no_color_leaves_the_terminals_own_two_colours(opened: Opener) -> None:
    async with opened(environ={"NO_COLOR": "1"}, ui__theme="nord") as stage:
        await stage.ask("Show me some python")
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: "Search" in text_on_top(stage))
        await stage.pilot.press("escape")
        styles = [segment.style for segment in segments_on_top(stage) if segment.style]
        assert all(style.color is None or style.color.is_default for style in styles)
        assert all(style.bgcolor is None or style.bgcolor.is_default for style in styles)
        assert any(style.reverse for style in styles), "the text field's cursor can be seen"
