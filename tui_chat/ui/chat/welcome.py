"""The welcome in the place of the messages while there are none."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.markup import escape
from textual.widgets import Static

from tui_chat.local import SMOLLM2
from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.text import cell_len, pad

SCRIPTED = "No API key found, so you're in demo mode: replies are scripted."
SMALL = """\
A small model on this machine answers: nothing leaves it, and nothing costs anything.
It chats, but knows little: check what it says."""
HINT = "Type / for commands, @ for files."
_WAYS = (
    ("enter_key", "Paste an API key", "checked, then used at once"),
    (
        "use_local_model",
        "Use a small local model",
        f"{SMOLLM2.size / 1e6:.0f} MB, {SMOLLM2.licence}, no key needed",
    ),
    ("send", "Try the demo", "write anything below"),
)
"""The actions that lead to a reply, each with its name and what there is to say of it."""
_GAP = 3


class Welcome(Static):
    """A few words for an empty conversation, and for who it is that answers where it is not Claude."""

    def __init__(self, provider: Callable[[], ProviderChoice], key_of: Callable[[], Callable[[str], str]]) -> None:
        """`provider` returns whom the conversation that is looked at asks, `key_of` how keys are written now."""
        super().__init__()
        self._provider = provider
        self._key_of = key_of
        self.show()

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self.show()

    def show(self) -> None:
        """Say who answers now, and what else there is to choose while that is a script."""
        provider = self._provider()
        words = ["[b $foreground]What shall we talk about?[/]"]
        if provider.stands_in:
            words += [SCRIPTED, "\n".join(_ways(self._key_of(), self.content_size.width))]
        elif provider.runs_small_model:
            words.append(SMALL)
        else:
            words.append(HINT)
        self.update(Content.from_markup("\n\n".join(words)))


def _ways(key_of: Callable[[str], str], room: int) -> list[str]:
    """Return a line of markup for each way, all equally wide: in the middle of the screen they stay in columns.

    Without the room for all columns, the last one is left out.
    """
    rows = [(key_of(action), name, about) for action, name, about in _WAYS]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    brief = sum(widths) + 2 * _GAP > room
    lines = []
    for (action, *_), row in zip(_WAYS, rows, strict=True):
        key, name, about = (escape(pad(cell, width, "left")) for cell, width in zip(row, widths, strict=True))
        gap = " " * _GAP
        click = f"@click=screen.{action}" if action != "send" else ""
        named = f"[{click}]{name}[/]" if click else name
        lines.append(f"[b $foreground]{key}[/]{gap}[$foreground]{named}[/]{'' if brief else gap + about}")
    return lines
