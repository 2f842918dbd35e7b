"""Prompts that wait for a reply to end."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.text import clean_line


class QueuedPrompts(Widget):
    """One row a prompt, above the composer; what is held says how to let it go."""

    prompts: reactive[tuple[str, ...]] = reactive((), layout=True)
    """The prompts, the next one first."""
    held: reactive[bool] = reactive(False)
    """Whether they wait for the user, because a reply was stopped or has failed."""

    def watch_prompts(self, prompts: tuple[str, ...]) -> None:
        """Take no room while nothing waits."""
        self.display = bool(prompts)

    def render(self) -> Content:
        """The beginning of each prompt."""
        width = max(self.size.width - 10, 10)
        what = "held  " if self.held else "queued"
        rows = [f"{what}  {clean_line(prompt[: width * 2])[:width]}" for prompt in self.prompts]
        hint = (
            "        Enter sends the first, Up takes the last back" if self.held else "        Up takes the last back"
        )
        return Content("\n".join([*rows, hint]))
