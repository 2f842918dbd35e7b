"""Prompts that wait for a reply to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.chat.prompt import Prompt
from tui_chat.records import dataclass
from tui_chat.text import clean_line, fit

MOST_ROWS = 5
INDENT = " " * len("queued  ")


class QueuedPrompts(Widget):
    """One row a prompt, above the composer; what is held says how to let it go."""

    prompts: reactive[tuple[Prompt, ...]] = reactive((), layout=True)
    """The prompts, the next one first."""
    held: reactive[bool] = reactive(False)
    """True if they wait for the user, because a reply was stopped or has failed."""
    key_of: reactive[Callable[[str], str]] = reactive(lambda: str)
    """The key of an action, as it is written on the screen."""

    @dataclass
    class PromptPicked(Message):
        """A prompt was clicked: it is wanted back."""

        queue: QueuedPrompts
        prompt: Prompt

        @property
        def control(self) -> QueuedPrompts:
            """The queue that it waits in."""
            return self.queue

    def watch_prompts(self, prompts: tuple[Prompt, ...]) -> None:
        """Take no room while nothing waits."""
        self.display = bool(prompts)

    def render(self) -> Content:
        """Return the beginning of each prompt, and what can be done with them."""
        width = max(self.content_size.width - len(INDENT), 10)
        what = "held    " if self.held else "queued  "
        rows = [
            INDENT + f"and {len(self.prompts) - MOST_ROWS + 1:,} more"
            if at is None
            else what + fit(clean_line(_beginning(self.prompts[at], width)), width)
            for at in self._shown
        ]
        return Content("\n".join([*rows, INDENT + self._hint]))

    def on_click(self, event: events.Click) -> None:
        """Give back the prompt that is clicked."""
        row = event.y - self.gutter.top
        at = self._shown[row] if row < len(self._shown) else None
        if at is not None:
            self.post_message(self.PromptPicked(self, self.prompts[at]))

    @property
    def _shown(self) -> Sequence[int | None]:
        """The places of the prompts that are shown; None stands for those between."""
        count = len(self.prompts)
        return range(count) if count <= MOST_ROWS else [*range(MOST_ROWS - 2), None, count - 1]

    @property
    def _hint(self) -> str:
        back = f"{self.key_of('earlier_prompt')} edits the last"
        return f"{self.key_of('send')} sends the first, {back}" if self.held else back


def _beginning(prompt: Prompt, width: int) -> str:
    """Return the names of a prompt's files, and as much of its text as there may be room for."""
    return " · ".join(filter(None, [*(file.name for file in prompt.files), prompt.text[: width * 2]]))
