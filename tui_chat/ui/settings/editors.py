"""The editors of a setting: a line, a list to choose from, a text, or the key itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_chat.records import dataclass
from tui_chat.settings import Kind, Setting
from tui_chat.text import clean, clean_line
from tui_chat.ui.composer.prompt_area import PromptArea
from tui_chat.ui.shared.line_input import LineInput

SHORT_LIST = 6
"""The number of choices up to which a list needs no search."""
LONGEST_LIST = 9
"""Choices that are in sight at once."""


@dataclass(frozen=True)
class Offer:
    """A value to choose."""

    value: str
    """The value that is set, as it would be typed."""
    about: str = ""
    """The facts about it."""


@dataclass(frozen=True)
class Offers:
    """The values that a setting offers."""

    values: Sequence[Offer] = ()
    open: bool = False
    """True if others can be typed."""


class SettingEditor(Vertical):
    """Changes one setting. It is there while it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Cancel", priority=True)]

    @dataclass
    class ValueChosen(Message):
        """A value was chosen, as it would be typed."""

        text: str

    @dataclass
    class ValuePreviewed(Message):
        """A value is looked at, but not chosen yet."""

        text: str

    class Left(Message):
        """The editor is done; nothing is to be changed."""

    rows = 1
    """The rows that it needs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        """The present value, as it would be typed."""

    def start(self) -> None:
        """Take the focus."""

    def finish(self) -> None:
        """Leave, as the focus has gone elsewhere."""
        self.action_leave()

    def action_leave(self) -> None:
        """Leave the setting as it is."""
        self.post_message(self.Left())


class _Line(LineInput):
    """A line whose key row says what Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Save")]


class _Choices(OptionList):
    """A list whose key row says what Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Save")]


class LineEditor(SettingEditor):
    """One line: Enter takes it, and so does going elsewhere; Esc does not."""

    def compose(self) -> ComposeResult:
        """Yield the line."""
        yield _Line(self.text)

    def start(self) -> None:
        """Type away."""
        line = self.query_one(LineInput)
        line.focus(scroll_visible=False)
        line.select_all()

    def finish(self) -> None:
        """Take what was typed."""
        typed = self.query_one(LineInput).value
        self.post_message(self.Left() if typed == clean_line(self.text) else self.ValueChosen(typed))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        self.finish()


class _Text(PromptArea):
    """A text that shows whole, however long a paste is."""

    def paste(self, text: str) -> None:
        """Put in what was pasted."""
        self.put(clean(text))


class TextEditor(SettingEditor):
    """Several lines: Ctrl+S takes them, for Enter breaks the line, and so does going elsewhere; Esc does not."""

    rows = 8
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", priority=True)]

    def compose(self) -> ComposeResult:
        """Yield the text."""
        yield _Text(clean(self.text))

    def start(self) -> None:
        """Write at the end."""
        area = self.query_one(_Text)
        area.focus(scroll_visible=False)
        area.move_cursor(area.document.end)

    def action_save(self) -> None:
        """Take the text."""
        self.finish()

    def finish(self) -> None:
        """Take the text, if it is another than before."""
        text = self.query_one(_Text).text
        self.post_message(self.Left() if text == clean(self.text) else self.ValueChosen(text))


class ChoiceEditor(SettingEditor):
    """A list to choose from; what is looked at can be previewed. A long list can be searched by typing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
    ]

    def __init__(self, text: str, offers: Offers) -> None:
        super().__init__(text)
        self._offers = offers
        self._searched = offers.open or len(offers.values) > SHORT_LIST
        self.rows = min(len(offers.values), LONGEST_LIST) + (2 if self._searched else 0)

    def compose(self) -> ComposeResult:
        """Yield a field to type in, if need be, and the choices."""
        if self._searched:
            hint = "Type a value, or choose" if self._offers.open else "Type to search"
            yield _Line(self.text if self._offers.open else "", placeholder=hint)
        yield _Choices(*self._options(self._offers.values), compact=True)

    def start(self) -> None:
        """Begin at the present value."""
        values = [offer.value for offer in self._offers.values]
        if self.text in values:
            self._list.highlighted = values.index(self.text)
        if self._searched:
            line = self.query_one(LineInput)
            self._list.can_focus = False
            line.focus(scroll_visible=False)
            line.select_all()
        else:
            self._list.focus(scroll_visible=False)

    def action_move(self, rows: int) -> None:
        """Look at another choice."""
        count = self._list.option_count
        if count:
            at = self._list.highlighted
            self._list.highlighted = (0 if rows > 0 else count - 1) if at is None else min(max(at + rows, 0), count - 1)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @staticmethod
    def _options(offers: Sequence[Offer]) -> list[Option]:
        return [
            Option(Content.assemble(clean_line(offer.value) or "none", (f"  {clean_line(offer.about)}", "dim")))
            for offer in offers
        ]

    @property
    def _shown(self) -> list[Offer]:
        """The offers that match what was typed; all of them while nothing was."""
        typed = self.query_one(LineInput).value if self._searched else ""
        words = [] if typed == self.text else typed.casefold().split()
        return [
            offer
            for offer in self._offers.values
            if all(word in f"{offer.value} {offer.about}".casefold() for word in words)
        ]

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        shown = self._shown
        self._list.set_options(self._options(shown))
        first = 0 if shown and event.value and not self._offers.open else None
        self._list.highlighted = first

    @on(OptionList.OptionHighlighted)
    def _preview(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.ValuePreviewed(self._shown[event.option_index].value))

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.ValueChosen(self._shown[event.option_index].value))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        """Take the choice that is looked at, or else what was typed."""
        event.stop()
        at = self._list.highlighted
        self.post_message(self.ValueChosen(event.value if at is None else self._shown[at].value))


class KeyEditor(SettingEditor):
    """Adds the next key that is pressed to the action's, whatever else it does, or takes it away if it was one."""

    can_focus = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Done", priority=True)]

    def compose(self) -> ComposeResult:
        """Yield the instruction."""
        yield Static("Press a key to add or remove it. Esc when done.")

    def start(self) -> None:
        """Listen."""
        self.focus(scroll_visible=False)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Keep the key from all other bindings, even from those that have priority."""
        return True

    def on_key(self, event: events.Key) -> None:
        """Take the key."""
        event.stop()
        event.prevent_default()
        keys = self.text.split(",")
        left = [key for key in keys if key != event.key] if event.key in keys else [*keys, event.key]
        self.post_message(self.ValueChosen(",".join(left or keys)))


def editor_for(setting: Setting, text: str, offers: Offers) -> SettingEditor:
    """Return the editor for this setting."""
    if setting.kind is Kind.KEYS:
        return KeyEditor(text)
    if setting.kind is Kind.TEXT:
        return TextEditor(text)
    return ChoiceEditor(text, offers) if offers.values else LineEditor(text)
