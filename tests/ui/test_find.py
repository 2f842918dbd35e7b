"""Finding a text in the conversation."""

from __future__ import annotations

import asyncio

import pytest
from textual import events

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.messages.finder import Finder
from tui_chat.ui.messages.message_list import MessageList

FILLER = "\n\n".join(f"Paragraph {number} says little." for number in range(40))


def conversation(*texts: str) -> Conversation:
    """Prompts and replies in turn."""
    turns = [
        Message(Role.ASSISTANT if number % 2 else Role.USER, (TextPart(text),)) for number, text in enumerate(texts)
    ]
    return Conversation(title="About finding", messages=tuple(turns))


async def find(stage: Stage, text: str) -> None:
    """Open the bar and type."""
    await stage.pilot.press("ctrl+f", *("space" if character == " " else character for character in text))


async def shows(stage: Stage, text: str) -> None:
    """Wait until the screen says this."""
    await stage.until(lambda: text in stage.shown)


async def test_hits_are_counted_and_gone_through_in_prompts_and_replies(opened: Opener) -> None:
    talk = conversation("Where is the needle?", f"The **needle**\n\n{FILLER}\n\nA Needle at the end", "needle")
    async with opened(conversation=talk) as stage:
        await stage.pilot.press("ctrl+home")
        await find(stage, "needle")
        await shows(stage, "1 of 4")
        await stage.pilot.press("enter", "down")
        await shows(stage, "3 of 4")
        assert "A Needle at the end" in stage.shown
        await stage.pilot.press("shift+enter", "up")
        await shows(stage, "1 of 4")
        assert "Where is the needle?" in stage.shown
        await stage.pilot.press("up")
        await shows(stage, "4 of 4")


async def test_what_is_typed_before_the_bar_is_drawn_is_looked_for(opened: Opener) -> None:
    async with opened(conversation=conversation("One", "Two")) as stage:
        for key in ("ctrl+f", "t", "w", "o"):
            stage.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await shows(stage, "1 of 1")
        assert stage.composer.text == ""


async def test_esc_ends_it_and_gives_the_focus_back(opened: Opener) -> None:
    async with opened(conversation=conversation("One", "Two")) as stage:
        await find(stage, "one")
        await shows(stage, "1 of 1")
        await stage.pilot.press("escape")
        assert isinstance(stage.app.focused, Composer)
        assert "1 of 1" not in stage.shown


async def test_what_is_not_there_is_said_so(opened: Opener) -> None:
    async with opened(conversation=conversation("One", "Two")) as stage:
        await find(stage, "three")
        await shows(stage, "nothing")
        await stage.pilot.press("enter", "up")


async def test_a_long_prompt_unfolds_for_what_is_found_in_it(opened: Opener) -> None:
    prompt = "\n".join([*(f"line {number}" for number in range(80)), "the needle", "the end"])
    async with opened(conversation=conversation(prompt, "Thanks")) as stage:
        await find(stage, "needle")
        await shows(stage, "1 of 1")
        await shows(stage, "the needle")


async def test_letters_go_to_the_next_hit_while_the_messages_have_the_focus(opened: Opener) -> None:
    async with opened(conversation=conversation("x 1", "x 2", "x 3")) as stage:
        await find(stage, "x")
        await shows(stage, "1 of 3")
        stage.screen.query_one(MessageList).focus()
        await stage.pilot.press("n", "n")
        await shows(stage, "3 of 3")
        await stage.pilot.press("N")
        await shows(stage, "2 of 3")
        await stage.pilot.press("escape", "n")
        assert stage.composer.text == "n"


async def test_a_reply_that_comes_is_looked_through_too(opened: Opener) -> None:
    async with opened() as stage:

        def count() -> int:
            line = next(line for line in stage.shown.split("\n") if line.lstrip().startswith("Find"))
            return int(line.split()[-1]) if " of " in line else 0

        await stage.send("/fault stall@100\n/tokens 400\nTell me an essay")
        await stage.streaming()
        await find(stage, "the")
        await stage.until(lambda: count() > 0)
        await stage.until(lambda: count() == stage.text_of(stage.reply).lower().count("the"))
        first = count()
        stage.list.focus()
        await stage.pilot.press("escape")  # stops the reply, and finding goes on
        await stage.ready()
        await stage.pilot.press("f8")
        await stage.ready()
        await stage.until(lambda: count() == stage.text_of(stage.reply).lower().count("the") > first)


async def test_esc_in_the_field_ends_finding_and_not_the_reply_that_comes(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@50xall\nTell me a story")
        await stage.streaming()
        await find(stage, "the")
        await stage.pilot.press("escape")
        assert not stage.screen.finding.is_open
        assert stage.screen.busy
        await stage.pilot.press("escape")
        await stage.until(lambda: not stage.screen.busy)


async def test_the_hits_are_found_again_when_the_screen_has_another_size(opened: Opener) -> None:
    async with opened(conversation=conversation("One", FILLER + "\n\nthe needle")) as stage:
        await find(stage, "needle")
        await shows(stage, "1 of 1")
        await stage.pilot.resize_terminal(40, 20)
        await stage.until(lambda: stage.list.size.height < 20 and not stage.list.laying_out)
        await stage.pilot.press("enter")
        await shows(stage, "the needle")


async def test_a_find_ends_when_its_messages_are_hidden_before_they_are_laid_out(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(conversation=conversation("the needle", *(["hay"] * 99))) as stage:
        messages, bring = stage.list, stage.list.bring

        async def bring_and_hide(message_id: str) -> bool:
            brought = await bring(message_id)
            messages.display = False
            return brought

        finder = Finder(messages)
        with monkeypatch.context() as patched:
            patched.setattr(messages, "bring", bring_and_hide)
            finding = asyncio.create_task(finder.search("needle"))
            await stage.until(finding.done)
        messages.display = True
        await finder.step(1)
        await shows(stage, "the needle")


async def test_it_ends_when_others_are_shown_in_the_place_of_its_messages(opened: Opener) -> None:
    async with opened(conversation=conversation("One", "Two")) as stage:
        await find(stage, "one")
        await shows(stage, "1 of 1")
        await stage.screen.session.open(Conversation())
        await stage.until(lambda: not stage.screen.finding.is_open and stage.composer.has_focus)


async def test_what_was_typed_is_searched_for_however_late_the_app_comes_to_it(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_chat.ui.messages.find_bar.SEARCH_AFTER_S", 1e-9)
    async with opened(conversation=conversation("One", "Two")) as stage:
        await find(stage, "two")
        await shows(stage, "1 of 1")
