"""The palette's commands that choose a theme, each of which is shown while it is highlighted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, Hit, Hits

from tui_chat.ui.look.themes import NAMES
from tui_chat.ui.settings.confirm_destination import set_value
from tui_chat.ui.shared.matching import marked_name
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

ABOUT = "The colours of the app"
_PREFIX = "theme: "


@dataclass(eq=False)
class ThemeHit(Hit):
    """A theme that was found."""

    theme: str = ""


def theme_under(event: CommandPalette.OptionHighlighted) -> str:
    """Return the theme of the command that is highlighted; "" if it is about something else."""
    hit = getattr(event.highlighted_event.option, "hit", None)
    return hit.theme if isinstance(hit, ThemeHit) else ""


class ThemeCommands(NamedCommands):
    """Chooses a theme for good."""

    LISTED = False

    async def search(self, query: str) -> Hits:
        """Yield the themes that fit what was typed."""
        matcher = self.matcher(query)
        for name, _, run in await self.commands():
            if (score := matcher.match(name)) > 0:
                yield ThemeHit(score, marked_name(matcher, name), run, name, theme=name.removeprefix(_PREFIX))

    async def commands(self) -> list[NamedCommand]:
        """Return all themes."""
        app = cast("TuiChatApp", self.app)
        choosing = partial(partial, set_value, app, app.program.settings, "ui.theme")
        return [NamedCommand(f"{_PREFIX}{name}", ABOUT, choosing(name)) for name in NAMES]
