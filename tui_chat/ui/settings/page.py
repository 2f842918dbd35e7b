"""The settings as they are changed: switches turned over, choices made, lines and keys typed, all where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType

from tui_chat.records import dataclass
from tui_chat.settings import SCHEMA, Kind, NotSaved, Setting, SettingsError, Value, literal
from tui_chat.ui.settings.editors import Offers, SettingEditor, editor_for
from tui_chat.ui.settings.lines import SettingWriter, value_cells
from tui_chat.ui.settings.table import BLANK, SettingTable, TableLine
from tui_chat.ui.settings.words import KeyName
from tui_chat.ui.shared.row_list import MARK

Save = Callable[[str, Value], str]
"""Lets a value hold, None for the default; returns what there is to say about that, or raises a `SettingsError`."""


class SettingPage(SettingTable):
    """Settings that can be changed; the one that is being changed makes room below itself for its editor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "change", "Change"),
        Binding("delete", "reset", "Reset"),
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
    ]

    @dataclass
    class Previewed(SettingTable.SettingMessage):
        """A value is looked at for a setting; None when it no longer is."""

        value: str | None

    def __init__(self, key_name: KeyName, offers: Callable[[str], Offers], save: Save) -> None:
        super().__init__(key_name)
        self._offers = offers
        self._save = save
        self._changing = ""
        """The setting that the editor is for."""

    @property
    def editor(self) -> SettingEditor | None:
        """The editor of the setting that is being changed."""
        return next(iter(self.query_children(SettingEditor)), None)

    def lines_of(self, setting: Setting, writer: SettingWriter) -> list[TableLine]:
        """Return the lines of one setting; below those of the one that is being changed, room for its editor."""
        lines = super().lines_of(setting, writer)
        editor = self.editor
        if editor is None or setting.key != self._changing:
            return lines
        own = [line for line in lines if line.key]
        editor.styles.offset = (len(MARK), len(self._lines) + len(own) + 1)
        editor.styles.width = self.room
        return [*own, *([TableLine([], setting.key)] * (editor.rows + 2)), BLANK]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys to the editor while a setting is being changed."""
        return self.editor is None or action == "choose"

    def action_choose(self, step: int) -> None:
        """Go up or down; what is being changed is done with that."""
        if self.editor is not None:
            self.focus(scroll_visible=False)
        super().action_choose(step)

    async def action_change(self) -> None:
        """Turn a switch over; open what changes another value."""
        setting = SCHEMA[self.chosen]
        if setting.kind is Kind.SWITCH:
            self.action_step(1)
            return
        self._changing = setting.key
        editor = editor_for(setting, self._typed, self._offers(setting.key))
        await self.mount(editor)
        self.lay_out()
        self.refresh_bindings()
        editor.start()

    def action_step(self, step: int) -> None:
        """Go to the next choice, or the one before; a switch has two."""
        self._changing = self.chosen
        values = [offer.value for offer in self._offers(self.chosen).values]
        if SCHEMA[self.chosen].kind is Kind.SWITCH:
            self._set(not self.state(self.chosen).value)
        elif values:
            at = values.index(self._typed) if self._typed in values else -1
            self._choose(values[(at + step) % len(values)])

    def action_reset(self) -> None:
        """Go back to the default."""
        self._changing = self.chosen
        self._set(None)

    @property
    def _typed(self) -> str:
        """The value that is being changed, as it would be typed."""
        match value := self.state(self._changing).value:
            case None:
                return ""
            case tuple():
                return literal(value) if value else ""
            case float():
                return f"{value:g}"
        return str(value)

    def _choose(self, text: str) -> bool:
        """Take a value as it was typed; True if it holds now."""
        try:
            value = SCHEMA[self._changing].parse(text)
        except SettingsError as error:
            self.complain(self._changing, str(error))
            return False
        return self._set(value)

    def _set(self, value: Value) -> bool:
        """Let a value hold, None for the default; True if it does. What there is to say about it stands beside it."""
        try:
            sentence = self._save(self._changing, value)
        except SettingsError as error:
            self.complain(self._changing, str(error))
            return isinstance(error, NotSaved)
        if sentence:
            self.complain(self._changing, sentence)
        return True

    async def _close(self) -> None:
        """Let the setting be read again, and no longer be changed."""
        editor = self.editor
        if editor is not None:
            if editor.has_focus_within:
                self.screen.set_focus(self, scroll_visible=False)
            await editor.remove()
            self.refresh_bindings()  # the row of keys may have been drawn while the editor was going
            self.post_message(self.Previewed(self, self._changing, None))
            self.lay_out()

    @on(SettingEditor.ValueChosen)
    async def _take(self, event: SettingEditor.ValueChosen) -> None:
        """Keep the editor open if the value is not allowed, unless one has gone elsewhere."""
        event.stop()
        if self._choose(event.text) or not (self.editor and self.editor.has_focus_within):
            await self._close()

    @on(SettingEditor.ValuePreviewed)
    def _preview(self, event: SettingEditor.ValuePreviewed) -> None:
        event.stop()
        self.post_message(self.Previewed(self, self._changing, event.text))

    @on(SettingEditor.Left)
    async def _leave(self, event: SettingEditor.Left) -> None:
        event.stop()
        self.complain_no_more(self._changing)
        await self._close()

    @on(events.DescendantBlur)
    def _finish_soon(self) -> None:
        """Finish what is being changed when one goes elsewhere, but not when the terminal loses the focus."""
        if self.app.app_focus:
            self.call_after_refresh(self._finish_unless_back)

    def _finish_unless_back(self) -> None:
        if self.editor is not None and not self.editor.has_focus_within:
            self.editor.finish()

    async def on_click(self, event: events.Click) -> None:
        """Choose the clicked setting; a click on its value changes it."""
        key = self.key_at(event.y) if event.widget is self else ""
        if not key:
            return
        self.chosen = key
        first = not event.y or self.key_at(event.y - 1) != key
        if first and self.editor is None and event.x >= self.size.width - value_cells(self._lines[event.y].segments):
            await self.action_change()
