"""What a reply shows besides its text."""

from __future__ import annotations

from tests.ui.conftest import Opener


async def test_what_a_reply_cites_is_listed_with_numbers(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/fault search\nWhat is new?")
        text = stage.text_of(stage.reply)
        assert "[1] " in text
        assert "http" in text


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
