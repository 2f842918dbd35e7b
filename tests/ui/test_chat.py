"""Chatting from the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual import events

from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tests.ui.pages import notices
from tests.waiting import PATIENCE_S
from tui_chat.chat.message import Role, StreamingStatus
from tui_chat.chat.metadata import Mode
from tui_chat.demo import DemoServer, script_for
from tui_chat.ui.composer.queued_prompts import QueuedPrompts
from tui_chat.ui.messages.user_message import UserMessage

STALLED = "/fault stall@20xall\nTell me a story"


async def test_a_prompt_is_answered(opened: Opener) -> None:
    async with opened() as stage:
        reply = await stage.ask("Hello")
        assert reply.text == script_for("Hello")
        assert reply.status is StreamingStatus.COMPLETE
        assert stage.reply_text == reply.text
        assert stage.composer.has_focus
        assert stage.composer.text == ""


async def test_text_is_shown_while_the_server_is_still_sending(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        assert script_for("Tell me a story").startswith(stage.reply_text)
        assert not server.log.replies[-1].completed
        await stage.pilot.press("escape")
        await stage.ready()


async def test_esc_keeps_what_came_and_closes_the_connection(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("escape")
        await stage.ready()
        assert stage.last.status is StreamingStatus.STOPPED
        assert stage.last.text == stage.reply_text != ""
        assert "stopped" in stage.shown
        assert server.wait_for(lambda log: log.replies[-1].closed_early, PATIENCE_S)


async def test_the_answer_to_esc_is_drawn_before_anything_else(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        monkeypatch.setattr(stage.app, "_display", lambda *_: drawn.append(stage.word))
        stage.screen.action_stop()
        assert drawn == ["Stopping"]
        monkeypatch.undo()
        await stage.ready()


async def test_ctrl_c_discards_the_exchange_and_gives_the_prompt_back(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: stage.word in ("Cancelled", "Ready"))
        await stage.until(lambda: len(stage.messages) == 2 and stage.composer.text == STALLED)
        await stage.until(lambda: "Response cancelled" in notices(stage))
        stored = stage.program.store.latest()
        assert stored is not None
        await stage.until(lambda: len((stage.program.store.latest() or stored).messages) == 2)


async def test_replies_one_right_after_the_other_do_not_mix(opened: Opener) -> None:
    async with opened() as stage:
        prompts = ["first table", "second plan", "third poem"]
        replies = [await stage.ask(prompt) for prompt in prompts]
        # Only the first reply says that replies are scripted.
        assert all(script_for(prompt).endswith(reply.text) for prompt, reply in zip(prompts, replies, strict=True))
        assert all(reply.text for reply in replies)


async def test_a_reply_starts_clean_after_a_stopped_one(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("escape")
        await stage.ready()
        stopped = stage.last
        reply = await stage.ask("Hello")
        assert reply.text == script_for("Hello")
        body = server.log.replies[-1].body
        assert [turn["role"] for turn in body["messages"]] == ["user", "assistant", "user"]
        assert body["messages"][1]["content"][0]["text"] == stopped.text


async def test_a_reply_stopped_before_its_first_word_leaves_a_valid_history(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        await stage.send("/fault silent\nHello")
        await stage.until(lambda: stage.word.startswith("Waiting"))
        await stage.pilot.press("escape")
        await stage.ready()
        assert "empty reply" in stage.shown
        await stage.send("And now?")
        await stage.until(lambda: len(server.log.replies) == 2)
        (turn,) = server.log.replies[-1].body["messages"]
        assert turn["role"] == "user"
        assert "And now?" in str(turn["content"])


async def test_batch_mode_brings_the_same_reply_in_one_piece(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        await stage.pilot.press("ctrl+t")
        reply = await stage.ask("Hello")
        assert reply.text == script_for("Hello")
        assert reply.metadata.mode is Mode.BATCH
        assert not server.log.replies[-1].body.get("stream")
        assert 'mode = "batch"' in stage.program.settings.file.path.read_text()


async def test_a_batch_reply_can_be_stopped(opened: Opener, server: DemoServer) -> None:
    async with opened(streaming__mode="batch") as stage:
        await stage.send("/fault silent\nHello")
        await stage.until(lambda: stage.word.startswith("Waiting"))
        await stage.pilot.press("escape")
        await stage.ready()
        assert stage.last.status is StreamingStatus.STOPPED
        assert server.wait_for(lambda log: log.replies[-1].closed_early, PATIENCE_S)


async def test_the_conversation_is_there_after_a_restart(opened: Opener) -> None:
    async with opened() as stage:
        reply = await stage.ask("Hello")
    async with opened(resume=True) as stage:
        assert stage.messages[-1].id == reply.id
        assert stage.reply_text == reply.text
        assert stage.composer.has_focus


async def test_another_reply_takes_the_place_of_the_first(opened: Opener) -> None:
    async with opened() as stage:
        first = await stage.ask("Hello")
        await stage.pilot.press("f5")
        await stage.until(lambda: stage.last.id != first.id)
        await stage.ready()
        assert len(stage.messages) == 2
        assert stage.last.text == first.text


@pytest.mark.parametrize("keys", [["escape", "f5"], ["r"]])
async def test_a_prompt_whose_reply_was_deleted_gets_another(opened: Opener, keys: Sequence[str]) -> None:
    async with opened() as stage:
        first = await stage.ask("Hello")
        await stage.pilot.press("tab", "d")
        await stage.until(lambda: len(stage.messages) == 1)
        await stage.pilot.press(*keys)
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()
        assert stage.last.id != first.id
        assert stage.last.text == first.text


async def test_keys_that_find_nothing_in_a_message_say_so(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        for key, sentence in (
            ("b", "There is no code in this message."),
            ("enter", "There is nothing to fold in this message."),
            ("S", "This is a prompt: only replies stand side by side."),
        ):
            await stage.pilot.press("tab", "up", key)
            await stage.until(lambda sentence: sentence in notices(stage), sentence)
            await stage.pilot.press("escape")


async def test_a_stopped_reply_goes_on_to_its_end(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("escape")
        await stage.ready()
        stopped = stage.last
        await stage.pilot.press("f8")
        await stage.until(lambda: stage.last.status.live)
        await stage.until(lambda: len(stage.reply_text) > len(stopped.text))
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: not stage.last.status.live)
        assert stage.last == stopped
        assert stage.reply_text == stopped.text


async def test_a_failure_stands_in_the_conversation_with_the_keys_that_act_on_it(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault 401x1\nHello")
        await stage.ready()
        assert stage.last.status is StreamingStatus.FAILED
        assert "failed" in stage.shown
        assert "(request req_demo_000001)" in " ".join(stage.shown.split())
        assert "f5" in stage.shown.lower()
        await stage.pilot.press("f5")
        await stage.until(lambda: stage.last.status is StreamingStatus.COMPLETE)


async def test_a_blank_prompt_is_not_sent(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("  \n ")
        assert stage.messages == ()


async def test_a_prompt_of_a_megabyte_is_sent(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        prompt = "/tokens 20\n" + "All work and no play. " * 48_000
        stage.composer.post_message(events.Paste(prompt))
        await stage.until(lambda: "characters pasted" in stage.composer.text)
        await stage.pilot.press("enter")
        await stage.ready()
        assert stage.last.status is StreamingStatus.COMPLETE
        assert "characters in" in stage.text_of(stage.list.query_one(UserMessage))


async def test_ctrl_c_clears_the_composer_and_then_quits_at_the_second_press(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("a draft")
        await stage.pilot.press("ctrl+c")
        assert stage.composer.text == ""
        await stage.pilot.press("ctrl+z")
        assert stage.composer.text == "a draft"
        await stage.pilot.press("ctrl+c", "ctrl+c")
        assert stage.app.is_running
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: not stage.app.is_running)


async def test_a_reader_who_scrolled_up_is_not_moved(opened: Opener, held: Held) -> None:
    held.tokens = 600
    async with opened() as stage:
        await stage.send("/tokens 1500\nSomething long")
        await stage.until(lambda: stage.list.max_scroll_y > 30 and not stage.list.laying_out)
        await stage.pilot.press("pageup")
        await stage.until(lambda: not stage.list.following)
        at = stage.list.scroll_y
        height = stage.list.max_scroll_y
        held.go_on(1000)
        await stage.until(lambda: stage.list.max_scroll_y > height + 5)
        assert stage.list.scroll_y == at
        await stage.pilot.press("ctrl+end")
        await stage.until(lambda: stage.list.scroll_y == stage.list.max_scroll_y)
        await stage.pilot.press("escape")
        await stage.ready()


async def test_quitting_keeps_what_came(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        text = stage.reply_text
    async with opened(resume=True) as stage:
        assert stage.last.status is StreamingStatus.STOPPED
        assert stage.last.text.startswith(text)


async def test_a_prompt_sent_while_a_reply_comes_waits_for_its_turn(opened: Opener, held: Held) -> None:
    held.tokens = 0
    async with opened(size=(160, 24)) as stage:
        await stage.send("Hello")
        await stage.send("And then?")
        await stage.until(lambda: "queued  And then?" in stage.shown)
        assert stage.screen.query_one(QueuedPrompts).region.x == stage.composer.region.x, "over the composer"
        held.go_on()
        await stage.until(lambda: len(stage.messages) == 4)
        await stage.ready()
        assert [message.text for message in stage.messages if message.role is Role.USER][-1] == "And then?"
        assert "queued" not in stage.shown


async def test_a_stop_holds_the_queue_until_it_is_sent_or_taken_back(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.send("First")
        await stage.send("Second")
        await stage.pilot.press("escape")
        await stage.ready()
        assert len(stage.messages) == 2
        assert "held" in stage.shown
        await stage.pilot.press("up")
        assert stage.composer.text == "Second"
        await stage.type("")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 4)
        assert [message.text for message in stage.messages][2] == "First"


async def test_any_prompt_that_waits_is_taken_back_by_a_click(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        for number in range(8):
            await stage.send(f"prompt {number}")
        await stage.until(lambda: "queued  prompt 2" in stage.shown and "and 4 more" in stage.shown)
        assert "queued  prompt 7" in stage.shown
        assert "↑ edits the last" in stage.shown
        await stage.pilot.click(QueuedPrompts, offset=(20, 1))
        await stage.until(lambda: stage.composer.text == "prompt 1")
        assert "and 3 more" in stage.shown
        await stage.pilot.press("escape")
        await stage.ready()


async def test_up_brings_earlier_prompts_and_down_the_draft(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("First")
        await stage.ask("Second")
        await stage.type("a draft")
        await stage.pilot.press("up", "up")
        assert stage.composer.text == "First"
        await stage.pilot.press("down", "down")
        assert stage.composer.text == "a draft"


async def test_a_reader_further_up_is_told_of_new_text(opened: Opener, held: Held) -> None:
    held.tokens = 600
    async with opened() as stage:
        await stage.send("/tokens 1500\nSomething long")
        await stage.until(lambda: stage.list.max_scroll_y > 30)
        await stage.pilot.press("pageup")
        await stage.until(lambda: not stage.list.following)
        held.go_on(700)
        await stage.until(lambda: "↓ new text" in stage.shown)
        await stage.pilot.press("ctrl+end")
        await stage.until(lambda: "↓ new text" not in stage.shown)
        await stage.pilot.press("escape")
        await stage.ready()
