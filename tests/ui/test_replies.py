"""The parts of a reply beside its text."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.events import BlockStop, MessageStart, ReplyRestarted, TextDelta, ThinkingDelta
from tui_chat.chat.message import Conversation, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import OpaquePart, TextPart, ToolCallPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.usage import Usage
from tui_chat.demo import DemoServer, script_for
from tui_chat.demo.tokens import count_tokens
from tui_chat.storage import Store
from tui_chat.streaming.recovery import AttemptBudget
from tui_chat.ui.messages.streaming_message import StreamingMessage


async def test_what_a_reply_cites_is_listed_with_numbers(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/fault search\nWhat is new?")
        text = stage.text_of(stage.reply)
        assert "[1] " in text
        assert "http" in text


async def test_a_search_that_was_paused_goes_on_where_it_was(opened: Opener, server: DemoServer) -> None:
    begins, _, _ = script_for("Hello").partition("\n\n")
    searched = count_tokens(f"{begins}\n\n") + count_tokens('{"query": "terminal chat streaming"}')
    async with opened() as stage:
        paused = await stage.ask(f"/fault search pause_turn@{searched}\nHello")
        assert [type(part) for part in paused.parts] == [TextPart, ToolCallPart, OpaquePart]
        assert "paused" in stage.shown
        await stage.pilot.press("f8")
        await stage.until(lambda: stage.last.metadata.stop_reason == "end_turn" and not stage.last.status.live)
        last = server.log.replies[-1].body["messages"][-1]
        assert [block["type"] for block in last["content"]] == ["text", "server_tool_use", "web_search_tool_result"]
        assert stage.last.text == script_for("Hello")
        assert sum(isinstance(part, ToolCallPart) for part in stage.last.parts) == 1


async def test_a_reply_that_comes_in_another_window_is_read_along(opened: Opener, tmp_path: Path) -> None:
    other = Store.open(tmp_path / "data", on_problem=pytest.fail)
    pending = exchange.send(Conversation(), Prompt("Hello"), ReplyMetadata(), utc_now())
    other.journal.begin(pending).result()
    other.journal.append(pending.reply.id, [TextDelta(0, "Once")])
    assert other.flush(PATIENCE_S)
    async with opened(resume=True) as stage:
        await stage.until(lambda: "coming in another window" in stage.shown and "Once" in stage.shown)
        assert "f5 Again" not in stage.shown
        assert "discard" not in stage.shown
        other.journal.append(pending.reply.id, [TextDelta(0, " more")])
        await stage.until(lambda: "Once more" in stage.shown)
        ended = replace(pending.reply, parts=(TextPart("Once more, and done."),), status=StreamingStatus.STOPPED)
        other.journal.finish(ended)
        await stage.until(lambda: stage.last.status is StreamingStatus.STOPPED)
        await stage.until(lambda: "and done." in stage.shown and "another window" not in stage.shown)
    other.close()


async def test_what_another_window_adds_is_shown_whole_though_more_is_written_meanwhile(
    opened: Opener, tmp_path: Path
) -> None:
    other = Store.open(tmp_path / "data", on_problem=pytest.fail)
    async with opened() as stage:
        await stage.ask("Hello")
        pending = exchange.send(stage.screen.session.conversation, Prompt("More"), ReplyMetadata(), utc_now())
        async with stage.screen.view._changing:  # the messages on the screen cannot change as yet
            other.journal.begin(pending).result()
            await stage.until(lambda: len(stage.messages) == 4)
            other.rename(pending.conversation.id, "Another title").result()
            stage.screen._other_windows.look()
            await stage.pilot.pause()
        other.journal.finish(replace(pending.reply, parts=(TextPart("Done"),), status=StreamingStatus.COMPLETE))
        await stage.until(lambda: "Done" in stage.text_of(stage.reply))
    other.close()


async def test_the_heading_names_the_model_that_answers_while_it_does_as_it_will_afterwards(opened: Opener) -> None:
    async with opened(provider__name="anthropic", environ={"ANTHROPIC_API_KEY": "sk-ant-test"}) as stage:
        await stage.send("/fault stall@20xall\nHello")
        await stage.streaming()
        stage.reply.feed([MessageStart("m", "/models/tiny.gguf", Usage())])
        assert stage.text_of(stage.reply).startswith("Assistant  tiny ")


async def test_a_tool_call_and_its_arguments_are_shown(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/fault tools\nWhat is the weather?")
        assert "⚙ " in stage.text_of(stage.reply)


async def test_thinking_is_folded_and_can_be_unfolded(opened: Opener) -> None:
    async with opened() as stage:
        reply = await stage.ask("/fault thinking\nWhy?")
        assert reply.thinking
        folded = stage.text_of(stage.reply)
        await stage.pilot.press("tab", "enter")
        assert "▸ Thought for " in folded
        assert len(stage.text_of(stage.reply)) > len(folded)
    async with opened(resume=True) as stage:
        assert stage.text_of(stage.reply) == folded


async def test_a_click_on_a_code_blocks_label_copies_the_code(opened: Opener) -> None:
    async with opened(size=(100, 60)) as stage:
        await stage.ask("Show me python code")
        (first, *_) = stage.reply.code_blocks
        lines = stage.text_of(stage.reply).split("\n")
        label = next(y for y, line in enumerate(lines) if line.strip().startswith("python"))
        stage.list.scroll_to_widget(stage.reply, animate=False, top=True)
        await stage.pilot.pause()
        await stage.pilot.click(stage.reply, offset=(4, label))
        await stage.until(lambda: stage.app.clipboard == first)


def _says(stage: Stage, text: str) -> bool:
    return text in stage.shown


async def test_a_new_line_is_laid_out_once_and_the_end_stays_in_sight(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@1xall\nTell me a story")
        await stage.streaming()
        stage.reply.feed([TextDelta(0, "\n\nA line" * 20)])
        await stage.until(lambda: stage.list.max_scroll_y > 0 and not stage.list.laying_out)
        await stage.pilot.pause()
        layouts: list[object] = []
        stage.screen.screen_layout_refresh_signal.subscribe(stage.list, layouts.append)
        for number in range(3):
            stage.reply.feed([TextDelta(0, f"\n\nAnother line {number}")])
            await stage.until(partial(_says, stage, f"Another line {number}"))
            await stage.pilot.pause()
        assert len(layouts) == 3
        await stage.pilot.resize_terminal(60, 20)
        await stage.until(lambda: stage.list.max_scroll_y == stage.list.scroll_y > 0)
        await stage.until(lambda: "Another line 2" in stage.shown)
        await stage.pilot.press("escape")
        await stage.ready()


async def test_a_height_that_was_asked_for_meanwhile_is_laid_out_all_the_same(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@1xall\nTell me a story")
        await stage.streaming()
        reply = stage.reply
        with monkeypatch.context() as unfinished:
            unfinished.setattr(reply, "update_lines", lambda: None)
            reply.feed([TextDelta(0, "\n\nA line" * 3)])
        height = reply.get_content_height(reply.size, stage.app.size, reply.size.width)
        assert height > reply.size.height
        reply.update_lines()
        await stage.until(lambda: reply.size.height == height)
        await stage.pilot.press("escape")
        await stage.ready()


async def test_a_reply_that_broke_off_and_went_on_says_so_in_its_header(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as stage:
        await stage.ask("/fault reset@20\nA table")
        assert "resumed" in stage.text_of(stage.reply).splitlines()[0]
        monkeypatch.setattr(AttemptBudget, "delay_s", lambda *_: PATIENCE_S)  # it is looked at while it waits
        await stage.send("/fault reset@20\nA plan")
        await stage.until(lambda: stage.word.startswith("Retrying"))
        await stage.pilot.press("escape")
        await stage.ready()
        assert "resumed" not in stage.text_of(stage.reply).splitlines()[0]


async def test_a_join_that_nothing_proves_is_marked_on_its_line_and_not_in_what_is_copied(opened: Opener) -> None:
    async with opened() as stage:
        reply = await stage.ask("/fault reset@20 seam-exact\nA picnic")
        [seam] = reply.metadata.open_seams
        head, *lines = _drawn(stage)
        [marked] = [line for line in lines if line.endswith(" ⋯")]
        assert reply.text[:seam].split()[-1].strip("*_`") in marked
        assert "⋯ joined there, unproven" in head
        assert "⋯" not in stage.reply.source
        proven = await stage.ask("/fault reset@20\nA picnic")
        assert proven.metadata.open_seams == ()
        assert not any("⋯" in line for line in _drawn(stage))


async def test_a_fault_before_a_reply_begins_lets_its_conversation_go(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened() as stage:
        with monkeypatch.context() as patched:
            patched.setattr(stage.program.manager, "run", _break_down)
            await stage.send("Hello")
            await stage.until(lambda: bool(stage.messages) and stage.last.status is StreamingStatus.FAILED)
        await stage.until(partial(_says, stage, "A fault of tui-chat"))
        assert caplog.records
        stored = stage.program.store.latest()
        assert stored is not None
        assert [message.text for message in stored.messages] == ["Hello", ""]
        await stage.ask("Hello again")


def _drawn(stage: Stage) -> list[str]:
    """Return the lines of the last reply as they are drawn, with what is no part of its text."""
    drawn = (stage.reply.render_line(y) for y in range(stage.reply.stack.height))
    return [strip.text.rstrip() for strip in drawn]


def _break_down(*_: object) -> None:
    raise ZeroDivisionError


def _offers(stage: Stage) -> list[bool]:
    """Return for each reply True if it shows the key that asks for another one."""
    return ["f5" in stage.text_of(widget) for widget in stage.list.widgets if isinstance(widget, StreamingMessage)]


async def test_the_keys_that_act_on_the_last_reply_stand_beside_no_other(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@30xall\nHello")
        await stage.streaming(40)
        await stage.pilot.press("escape")
        await stage.ready()
        assert _offers(stage) == [True]
        await stage.send("/fault stall@30xall\nAnd then?")
        await stage.streaming(40)
        assert _offers(stage) == [False, False]
        await stage.pilot.press("escape")
        await stage.ready()
        assert _offers(stage) == [False, True]
        await stage.screen.session.submit(Prompt("Another", in_place_of=stage.messages[2].id))
        await stage.until(lambda: stage.messages[2].text == "Another")
        await stage.ready()
        await stage.pilot.press("tab", "up", "left")
        await stage.until(lambda: _offers(stage) == [False, True])
    async with opened(resume=True) as stage:
        await stage.until(lambda: _offers(stage) == [False, True])


async def test_the_keys_come_back_to_a_reply_when_what_followed_it_is_discarded(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@30xall\nHello")
        await stage.streaming(40)
        await stage.pilot.press("escape")
        await stage.ready()
        await stage.send("/fault stall@30xall\nAnd then?")
        await stage.streaming(40)
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.until(lambda: _offers(stage) == [True])


async def test_a_reply_that_is_opened_while_it_thinks_and_begins_anew_thinks_once(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault thinking\n/fault stall@12xall\nWhy?")
        await stage.until(lambda: "Thinking" in stage.text_of(stage.reply))
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: not stage.messages)
        await stage.pilot.press("f6")
        await stage.until(lambda: len(stage.messages) == 2 and "Thinking" in stage.text_of(stage.reply))
        live = stage.screen.session.live
        assert live is not None
        for event in (ReplyRestarted(), MessageStart(), ThinkingDelta(0, "Anew."), BlockStop(0), TextDelta(1, "Yes.")):
            live.buffer.put(event)
        live.on_arrival(live.buffer)
        live.before_wait()
        await stage.until(lambda: stage.reply_text == "Yes.")
        assert stage.text_of(stage.reply).count("Th") == 1, stage.text_of(stage.reply)
        await stage.pilot.press("escape")
        await stage.ready()
