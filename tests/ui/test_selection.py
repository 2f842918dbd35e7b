"""Selecting with the mouse, and what goes to the clipboard."""

from __future__ import annotations

from textual.color import Color
from textual.geometry import Offset
from textual.theme import BUILTIN_THEMES

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.contrast import contrast
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart
from tui_chat.ui.look.themes import OURS

TALK = Conversation(
    title="Of cats",
    messages=(
        Message(Role.USER, (TextPart("Tell me *everything* of cats"),)),
        Message(Role.ASSISTANT, (TextPart("They are **soft** and [quick](https://example.com).\n\nThey sleep."),)),
        Message(Role.USER, (TextPart("And of dogs?"),)),
        Message(Role.ASSISTANT, (TextPart("| dogs | |\n| --- | --- |\n| bark | `loudly` |"),)),
    ),
)


def place(stage: Stage, text: str, *, last: bool = False) -> Offset:
    """Return the place of a text, or of its last character, on the screen."""
    y, line = next((y, line) for y, line in enumerate(stage.shown.split("\n")) if text in line)
    return Offset(line.index(text) + (len(text) - 1) * last, y)


async def drag(stage: Stage, begin: Offset, end: Offset) -> None:
    """Press, move and let go."""
    await stage.pilot.mouse_down(offset=begin)
    await stage.pilot.hover(offset=Offset((begin.x + end.x) // 2, (begin.y + end.y) // 2))
    await stage.pilot.hover(offset=end)
    await stage.pilot.mouse_up(offset=end)


async def click(stage: Stage, text: str, *, times: int) -> None:
    """Click on a text, that many times in a row."""
    at = place(stage, text)
    widget, region = stage.screen.get_widget_at(*at)
    await stage.pilot.click(widget, offset=at - region.offset, times=times)


async def test_what_is_selected_can_be_read_in_every_theme(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        for theme in (*OURS, *BUILTIN_THEMES.values()):
            stage.app.theme = theme.name
            await stage.pilot.pause()
            for owner, name in ((stage.screen, "screen--selection"), (stage.composer, "text-area--selection")):
                chosen = owner.get_component_rich_style(name)
                assert chosen.color is not None
                assert chosen.bgcolor is not None
                assert chosen.color != chosen.bgcolor, theme.name
                if not theme.ansi:
                    ink, ground = map(Color.from_rich_color, (chosen.color, chosen.bgcolor))
                    assert contrast(ink, ground) >= 4.5, theme.name


async def test_what_is_selected_is_drawn_in_the_colours_of_a_selection(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        await drag(stage, place(stage, "They sleep"), place(stage, "They sleep", last=True))
        chosen = stage.screen.get_component_rich_style("screen--selection")
        y = place(stage, "They sleep").y
        line = stage.strips[y]
        (marked,) = [segment for segment in line if "They sleep" in segment.text]
        assert marked.style is not None
        assert (marked.style.color, marked.style.bgcolor) == (chosen.color, chosen.bgcolor)


async def copied(stage: Stage) -> str:
    """Return what Ctrl+C puts on the clipboard."""
    stage.app.copy_to_clipboard("")
    await stage.pilot.press("ctrl+c")
    await stage.until(lambda: stage.app.clipboard != "")
    return stage.app.clipboard


async def test_a_selection_across_messages_is_copied_as_source(opened: Opener) -> None:
    async with opened(conversation=TALK, size=(80, 40)) as stage:
        down = (place(stage, "soft"), place(stage, "of dogs", last=True))
        for begin, end in (down, down[::-1]):
            await drag(stage, begin, end)
            source = await copied(stage)
            assert source.startswith("soft** and [quick](https://example.com).\n\nThey sleep.\n\nYou")
            assert source.split("\n")[-1] in ("And of dog", "And of dogs")
            assert not stage.screen.selections, "what is copied is no longer selected"
        await drag(stage, place(stage, "everything"), place(stage, "loudly", last=True))
        source = await copied(stage)
        assert source.startswith("everything* of cats\n\n")
        assert TALK.messages[1].text in source
        assert source.rstrip("`y |").endswith("| --- | --- |\n| bark | `loudl")


async def test_a_click_chooses_a_message_and_what_selects_leaves_the_keys_to_the_composer(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        await drag(stage, place(stage, "soft"), place(stage, "soft", last=True))
        assert stage.composer.has_focus
        await click(stage, "They sleep", times=1)
        await stage.until(lambda: stage.list.has_focus)
        assert stage.list.chosen == TALK.messages[1].id
        await click(stage, "And of dogs", times=1)
        assert stage.list.chosen == TALK.messages[2].id
        await click(stage, "quick", times=2)
        await stage.until(lambda: stage.composer.has_focus)


async def test_a_double_click_takes_a_word_and_a_triple_click_a_paragraph(opened: Opener) -> None:
    async with opened(conversation=TALK, size=(80, 40)) as stage:
        await click(stage, "quick", times=2)
        assert await copied(stage) == "quick"
        await click(stage, "quick", times=3)
        assert await copied(stage) == "They are **soft** and [quick](https://example.com)."
        await click(stage, "bark", times=3)
        assert await copied(stage) == TALK.messages[3].text
        await click(stage, "bark", times=1)
        assert not stage.screen.selections
