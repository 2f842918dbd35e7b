"""The bar that asks whether a tool may run: a line above the composer, which opens when it is gone to.

Nothing that is typed for the composer answers it: the keys act only once the bar has the focus, and it never takes
that by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from tui_chat.chat.leave import Answer
from tui_chat.chat.parts import ToolCallPart
from tui_chat.settings import SettingsError
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.tool_questions import ToolQuestion
from tui_chat.ui.shared.text_rows import wrapped

_ANSWERS = (
    ("y", "Once", Answer.ONCE),
    ("c", "In this conversation", Answer.CONVERSATION),
    ("a", "Always", Answer.ALWAYS),
    ("n", "No", Answer.REFUSE),
    ("x", "Never", Answer.NEVER),
)


class CallArguments(ScrollView, can_focus=False):
    """The arguments of a call, whole, a line at a time as they are scrolled to."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._rows: list[str] = []

    def show(self, text: str) -> None:
        """Show these arguments from their beginning."""
        self._text = text
        self.scroll_home(animate=False)
        self._wrap()

    def on_resize(self) -> None:
        """Wrap the text for another width."""
        self._wrap()

    def render_line(self, y: int) -> Strip:
        """Return one of the lines in sight."""
        at, style = y + self.scroll_offset.y, self.rich_style
        text = self._rows[at] if at < len(self._rows) else ""
        return Strip([Segment(text, style)]).adjust_cell_length(self.scrollable_content_region.width, style)

    def _wrap(self) -> None:
        """Make the rows, with room for the scrollbar; while it is not shown it has no width, and none are made."""
        width = self.scrollable_content_region.width
        self._rows = wrapped(self._text, width) if width > 1 else []
        self.virtual_size = Size(width, len(self._rows))
        self.refresh()


class Answers(Static):
    """The answers, each with its key, which can be clicked too."""

    def __init__(self, answer: Callable[[Answer], None]) -> None:
        super().__init__()
        self._answer = answer

    def on_mount(self) -> None:
        """Show the answers in a row."""
        row = Text()
        for key, label, answer in _ANSWERS:
            click = Style.from_meta({"@click": f"give('{answer}')"})
            row.append(key, Style(bold=True) + click).append(f" {label}", click).append("   ")
        row.append("tab", Style(bold=True)).append(" Later")
        self.update(row)

    def action_give(self, answer: str) -> None:
        """Give the answer that was clicked."""
        self._answer(Answer(answer))


class ToolQuestionBar(Vertical, can_focus=True):
    """Hidden while nothing is asked in this conversation; what is in it is made for the first question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"answer('{answer}')", label) for key, label, answer in _ANSWERS),
        Binding("tab", "leave", "Later"),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("space", "scroll(10)", show=False),
        Binding("home", "scroll(-1000000)", show=False),
        Binding("end", "scroll(1000000)", show=False),
    ]

    def __init__(self, session: ConversationSession, key_of: Callable[[str], str], leave: Callable[[], None]) -> None:
        """`leave` gives the focus to the composer."""
        super().__init__()
        self.display = False
        self._session = session
        self._key_of = key_of
        self._leave = leave
        self._shown: ToolQuestion | None = None

    def show(self) -> None:
        """Show the first open question; whoever was about to answer another one is not led to answer this."""
        if self._put() and self.has_focus:
            self._leave()

    def enter(self) -> None:
        """Go into the bar, where the answers are."""
        if self._shown is not None:
            self.focus()

    def action_leave(self) -> None:
        """Go back to the composer; the question stays."""
        self._leave()

    def action_answer(self, answer: str) -> None:
        """Answer the question."""
        self._give(Answer(answer))

    def action_scroll(self, lines: int) -> None:
        """Scroll the arguments."""
        self.query_one(CallArguments).scroll_relative(y=lines, animate=False)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Name the key that leads here, unless that is where the focus is."""
        super().watch_has_focus(_has_focus)
        self._say()

    def _give(self, answer: Answer) -> None:
        question = self._shown
        if question is None:
            return
        try:
            self._session.tool_questions.answer(question, answer)
        except SettingsError as error:
            self.notify(str(error), severity="warning", markup=False)
        self._put()
        if self._shown is None:
            self._leave()
        self._session.view.update()

    def _put(self) -> bool:
        """Show the first open question, or nothing; True if it is another one than before."""
        asked = self._session.tool_questions.of(self._session.conversation.id)
        before, self._shown = self._shown, asked[0] if asked else None
        self.display = self._shown is not None
        if self.display and not self.children:  # nothing to be clicked opens where the bar was clicked
            self.mount(Static(id="call", markup=False), Answers(self._give), CallArguments())
        self._say()
        if self._shown is not None and self._shown is not before:
            self.query_one(CallArguments).show(pretty_arguments(self._shown.call))
        return self._shown is not before

    def _say(self) -> None:
        if self._shown is None:
            return
        asked = len(self._session.tool_questions.of(self._session.conversation.id))
        parts = [f"⚙ {self._shown.name} wants to run"]
        if asked > 1:
            parts.append(f"1 of {asked}")
        if not self.has_focus:
            parts.append(f"{self._key_of('answer_call')} answers")
        self.query_one("#call", Static).update(" · ".join(parts))


def pretty_arguments(call: ToolCallPart) -> str:
    """Return all arguments of a call as they go to the tool, a line each."""
    return json.dumps(call.input, ensure_ascii=False, indent=2)
