"""One setting on the settings page: what it is, what it does, its value, and what changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tui_chat.settings import Kind, Origin, Setting, SettingsError, Value, literal
from tui_chat.text import clean_line, fit
from tui_chat.ui.widgets.setting_editors import Offers, SettingEditor, editor_for
from tui_chat.ui.widgets.setting_words import KeyName, setting_name, source_word, value_words

OFFERED = ("ui.theme", "provider.model", "provider.persona")
"""The settings whose choices are known only while the program runs."""

SIDE = 13
"""The cells at the right that the description leaves to the value's source."""


@dataclass(frozen=True)
class SettingState:
    """What holds for a setting now."""

    value: Value
    origin: Origin
    saved: bool = True
    problem: str = ""
    """What is wrong with it, in a sentence."""


class SettingFace(Widget):
    """The setting as it is read: its name and its value, its description and where the value comes from."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "setting--name",
        "setting--about",
        "setting--value",
        "setting--on",
        "setting--off",
        "setting--source",
        "setting--changed",
        "setting--problem",
    }

    state: reactive[SettingState | None] = reactive[SettingState | None](None, layout=True)
    """What it shows."""

    def __init__(self, setting: Setting, key_name: KeyName, *, has_list: bool) -> None:
        super().__init__()
        self._setting = setting
        self._key_name = key_name
        self._has_list = has_list

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One row, and what the description and the problem need."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The rows."""
        return Content("\n").join(self._lines(self.size.width))

    def is_value(self, x: int) -> bool:
        """Whether a click here is one on the value."""
        return x >= self.size.width - max(self._value(self.size.width).cell_length, SIDE)

    def _lines(self, width: int) -> list[Content]:
        lines = [self._first_line(width), *self._about(width)]
        if self.state is not None and self.state.problem:
            problem = Content.styled(clean_line(self.state.problem), self._style("problem"))
            lines += problem.wrap(max(width, 10))
        return lines

    def _first_line(self, width: int) -> Content:
        value = self._value(width)
        name = fit(setting_name(self._setting), max(width - value.cell_length - 2, 8))
        gap = max(width - Content(name).cell_length - value.cell_length, 1)
        return Content.assemble((name, self._style("name")), " " * gap, value)

    def _about(self, width: int) -> list[Content]:
        """The description at the left, the source at the right; an action's name says all there is to say."""
        if self._setting.kind is Kind.KEYS:
            return []
        text = Content.styled(self._setting.description, self._style("about"))
        first, *more = text.wrap(max(width - SIDE, 10))
        gap = max(width - first.cell_length - self._source.cell_length, 1)
        return [Content.assemble(first, " " * gap, self._source), *more]

    @property
    def _source(self) -> Content:
        if self.state is None:
            return Content("")
        word = source_word(self.state.origin, saved=self.state.saved)
        return Content.styled(word, self._style("changed" if self._changed else "source"))

    @property
    def _changed(self) -> bool:
        """Whether it is another value than the default that somebody wanted."""
        return self.state is not None and self.state.origin is not Origin.DEFAULT

    def _value(self, width: int) -> Content:
        if self.state is None:
            return Content("")
        if self._setting.kind is Kind.SWITCH:
            return self._switch(on=bool(self.state.value))
        words = value_words(self._setting, self.state.value, self._key_name)
        shown = (
            Content.styled(fit(words, max(width // 2, 8)), self._style("changed" if self._changed else "value"))
            if words
            else self._not_set()
        )
        return shown + Content.styled(" ▾", self._style("source")) if self._has_list else shown

    def _switch(self, *, on: bool) -> Content:
        style = self._style("on" if on else "off")
        return Content.styled("on  ━━●" if on else "off ●━━", style)

    def _not_set(self) -> Content:
        return Content.styled("not set", self._style("source"))

    def _style(self, name: str) -> Style:
        return self.get_visual_style(f"setting--{name}", partial=True)


class SettingRow(Widget, can_focus=True):
    """A setting that can be changed, from the keyboard or with the mouse."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "change", "Change"),
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("delete", "reset", "Reset"),
    ]

    @dataclass
    class Changed(Message):
        """Another value was chosen."""

        row: SettingRow
        value: Value

        @property
        def control(self) -> SettingRow:
            """The row that it was chosen in."""
            return self.row

    @dataclass
    class ResetWanted(Message):
        """The default is wanted back."""

        row: SettingRow

        @property
        def control(self) -> SettingRow:
            """The row whose setting is meant."""
            return self.row

    @dataclass
    class Previewed(Message):
        """A value is looked at; None when it no longer is."""

        row: SettingRow
        value: str | None

        @property
        def control(self) -> SettingRow:
            """The row that it is looked at in."""
            return self.row

    def __init__(self, setting: Setting, key_name: KeyName, offers: Callable[[str], Offers]) -> None:
        super().__init__(classes=f"-{setting.group}")
        self.setting = setting
        self._offers = offers
        self._face = SettingFace(setting, key_name, has_list=bool(setting.choices) or setting.key in OFFERED)

    def compose(self) -> ComposeResult:
        """What is read; what changes it comes below while it is needed."""
        yield self._face

    @property
    def editing(self) -> bool:
        """Whether it is being changed."""
        return bool(self.query_children(SettingEditor))

    @property
    def state(self) -> SettingState | None:
        """What holds now."""
        return self._face.state

    def show(self, state: SettingState) -> None:
        """Show what holds now."""
        self._face.state = state

    async def action_change(self) -> None:
        """Turn a switch over; open what changes another value."""
        if self.setting.kind is Kind.SWITCH:
            self.action_step(1)
        else:
            editor = editor_for(self.setting, self._typed, self._offers(self.setting.key))
            await self.mount(editor)
            editor.start()
            self.call_after_refresh(self.scroll_visible, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While it is being changed, the keys are the editor's."""
        return not self.editing if action in ("change", "reset", "step") else True

    def action_step(self, step: int) -> None:
        """Go to the next choice, or the one before; a switch has two."""
        values = [offer.value for offer in self._offers(self.setting.key).values]
        if self.state is None:
            return
        if self.setting.kind is Kind.SWITCH:
            self._change(not self.state.value)
        elif values:
            at = values.index(self._typed) if self._typed in values else -1
            self._choose(values[(at + step) % len(values)])

    def action_reset(self) -> None:
        """Go back to the default."""
        self.post_message(self.ResetWanted(self))

    @property
    def _typed(self) -> str:
        """The value as it would be typed."""
        value = self.state.value if self.state else None
        match value:
            case None:
                return ""
            case tuple():
                return literal(value) if value else ""
            case float():
                return f"{value:g}"
        return str(value)

    def _change(self, value: Value) -> None:
        self.post_message(self.Changed(self, value))

    def _choose(self, text: str) -> bool:
        """Take a value as it was typed; say so if it is not allowed."""
        try:
            value = self.setting.parse(text)
        except SettingsError as error:
            self.complain(str(error))
            return False
        self._change(value)
        return True

    def complain(self, sentence: str) -> None:
        """Show what is wrong with a value."""
        if self.state is not None:
            self.show(replace(self.state, problem=sentence))

    async def close(self) -> None:
        """Be read again, and no longer changed."""
        focused = self.has_focus_within and not self.has_focus
        await self.query_children(SettingEditor).remove()
        self.post_message(self.Previewed(self, None))
        if focused:
            self.focus()

    @on(SettingEditor.Chosen)
    async def _take(self, event: SettingEditor.Chosen) -> None:
        event.stop()
        if self._choose(event.text) or not self.has_focus_within:
            await self.close()

    @on(SettingEditor.Previewed)
    def _preview(self, event: SettingEditor.Previewed) -> None:
        event.stop()
        self.post_message(self.Previewed(self, event.text))

    @on(SettingEditor.Left)
    async def _leave(self, event: SettingEditor.Left) -> None:
        event.stop()
        await self.close()

    @on(events.DescendantBlur)
    def _finish(self) -> None:
        """What is being changed is done when one goes elsewhere, but not when the terminal loses the focus."""
        if self.app.app_focus:
            self.call_after_refresh(self._finish_unless_back)

    def _finish_unless_back(self) -> None:
        if not self.has_focus_within:
            for editor in self.query_children(SettingEditor):
                editor.finish()

    @on(events.Click)
    async def _click(self, event: events.Click) -> None:
        """A click chooses the setting; one on its value changes it."""
        if event.widget is self._face:
            self.focus()
            if self._face.is_value(event.x) and event.y == 0:
                await self.action_change()
