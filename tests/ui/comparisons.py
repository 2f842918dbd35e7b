"""Comparing under Pilot: several models are asked, and what is on the screen of it."""

from __future__ import annotations

from tests.ui.app_driver import Stage
from tui_chat.program.contenders import contenders_named
from tui_chat.ui.compare.columns import Column
from tui_chat.ui.compare.comparison import Comparison

WIDE = (120, 40)


async def compare(stage: Stage, models: str = "demo,demo-fast,demo-thinking", *, blind: bool = False) -> None:
    """Have the next prompts go to these models."""
    await stage.screen.session.compare(contenders_named(models, stage.program), blind=blind)


def comparison(stage: Stage) -> Comparison:
    """Return the comparison on the screen."""
    found = stage.screen.session.comparing.of(stage.screen.session.conversation.id)
    assert found is not None
    return found


def columns(stage: Stage) -> list[Column]:
    """Return the columns, in sight or not."""
    return list(stage.screen.query(Column))


def coming(stage: Stage) -> int:
    """Return the number of replies that are coming."""
    return len(stage.screen.session.all_live_of(stage.screen.session.conversation.id))


async def over(stage: Stage, count: int = 3) -> None:
    """Wait until all replies have ended and are laid out."""

    def is_over() -> bool:
        there = columns(stage)
        ended = not coming(stage) and not any(one.branch.reply.status.live for one in there)
        return ended and len(there) == count and not any(one.messages.laying_out for one in there)

    await stage.until(is_over)
