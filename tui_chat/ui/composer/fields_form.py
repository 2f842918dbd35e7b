"""Filling fields, such as those of a template, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_chat.settings import Field
from tui_chat.text import clean, clean_line
from tui_chat.ui.composer.prompt_area import PromptArea
from tui_chat.ui.look.keys import bound
from tui_chat.ui.shared.dialog import Dialog

_NEXT = Binding("enter", "screen.next", "Next")


class _Text(PromptArea):
    """A field that takes any text, of several lines if need be."""

    BINDINGS: ClassVar[list[BindingType]] = [_NEXT, bound("newline", "newline", "Newline")]

    def __init__(self, field: Field) -> None:
        super().__init__(clean(field.default or ""), placeholder="Type or paste its value")
        self._may_be_empty = field.default is not None

    @property
    def value(self) -> str | None:
        """The text, with every folded paste in its place; None while one has yet to be given."""
        text = self.pastes.whole(self.text)
        return text if text.strip() or self._may_be_empty else None

    def on_mount(self) -> None:
        """Write behind the default."""
        self.move_cursor(self.document.end)

    def action_newline(self) -> None:
        """Break the line."""
        self.put("\n")


class _Choices(OptionList):
    """A field that takes one of several values."""

    BINDINGS: ClassVar[list[BindingType]] = [_NEXT]

    def __init__(self, field: Field) -> None:
        super().__init__(*(Option(Content(clean_line(choice))) for choice in field.choices), compact=True)
        self._values = field.choices
        self.highlighted = field.choices.index(field.default) if field.default in field.choices else 0

    @property
    def value(self) -> str | None:
        """The choice that is marked."""
        return self._values[self.highlighted or 0]


class FieldsForm(Dialog[Mapping[str, str] | None]):
    """Asks for the fields; it is dismissed with their values, or with nothing by Esc."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+tab", "back", "Back", priority=True),
        Binding("tab", "next", show=False, priority=True),
    ]

    def __init__(self, heading: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self.heading = clean_line(heading)
        self._fields = fields
        self._inputs = [_Choices(field) if field.choices else _Text(field) for field in fields]
        self._at = 0

    def compose_body(self) -> ComposeResult:
        """Yield the name of the field that is asked for, and all inputs, of which one is shown."""
        yield Static(id="field", markup=False)
        yield from self._inputs

    def on_mount(self) -> None:
        """Begin with the first field."""
        self._ask_for(0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Go back only where there is a field before."""
        return self._at > 0 if action == "back" else True

    def action_next(self) -> None:
        """Ask for the next field, or end with the last; one that has no value yet is asked for until it has."""
        if self._inputs[self._at].value is None:
            self.say("This field needs a value.", problem=True)
        elif self._at + 1 < len(self._inputs):
            self._ask_for(self._at + 1)
        else:
            values = (given.value or "" for given in self._inputs)
            self.dismiss({field.name: value for field, value in zip(self._fields, values, strict=True)})

    def action_back(self) -> None:
        """Ask for the field before again."""
        self._ask_for(self._at - 1)

    @on(OptionList.OptionSelected)
    def _take_clicked(self) -> None:
        self.action_next()

    def _ask_for(self, at: int) -> None:
        self._at = at
        self.say("")
        for place, asked in enumerate(self._inputs):
            asked.display = place == at
        self._inputs[at].focus()
        of_several = f"  {at + 1} of {len(self._fields)}" if len(self._fields) > 1 else ""
        name = clean_line(self._fields[at].name)
        self.query_one("#field", Static).update(Content.assemble((name, "bold"), (of_several, "dim")))
        self.refresh_bindings()
