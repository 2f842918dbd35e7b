"""One setting as lines: its name and its value, what it does and where the value comes from, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.content import Content

from tui_chat.records import dataclass
from tui_chat.settings import Kind, Origin, Setting, Value
from tui_chat.text import cell_len, clean_line, fit
from tui_chat.ui.settings.words import KeyName, setting_name, source_word, value_words
from tui_chat.ui.shared.row_list import marked, spread

OFFERED = ("ui.theme", "provider.model", "provider.persona")
"""The settings whose choices are known only while the program runs."""

SIDE = 13
"""The cells at the right that the description leaves to the value's source."""

NARROW = 48
"""Cells of a line up to which the description takes all that the source leaves."""

Line = list[Segment]


@dataclass(frozen=True)
class SettingState:
    """The present state of a setting."""

    value: Value
    origin: Origin
    saved: bool = True
    problem: str = ""
    """Its problem, in a sentence."""

    @property
    def wanted(self) -> bool:
        """True if somebody wanted another value than the default."""
        return self.origin is not Origin.DEFAULT


@dataclass(frozen=True)
class SettingWriter:
    """Writes settings as lines of one width."""

    width: int
    styles: Mapping[str, Style]
    """The styles of the parts of a line, by their names."""
    key_name: KeyName
    words: Sequence[str] = ()
    """The words that were searched for, to be marked."""

    def lines(self, setting: Setting, state: SettingState) -> list[Line]:
        """Return all lines of a setting; the name of an action says all there is to say about its keys."""
        value = self._value(setting, state)
        if setting.key in OFFERED or (setting.choices and setting.kind is not Kind.SWITCH):
            value.append(Segment(" ▾", self._style("source")))
        room = max(self.width - Segment.get_line_length(value) - 2, 4)
        name = marked(fit(setting_name(setting), room), self.words, self._name_style(setting), self._style("hit"))
        lines = [spread(name, value, self.width)]
        if setting.kind is not Kind.KEYS:
            lines += self._about(setting, state)
        return lines + [[Segment(text, self._style("problem"))] for text in wrapped(state.problem, self.width)]

    def heading(self, name: str, about: str) -> list[Line]:
        """Return the name of a group, and what it is about."""
        texts = wrapped(about, self.width)
        return [[Segment(name, self._style("heading"))], *([Segment(text, self._style("about"))] for text in texts)]

    def _style(self, part: str) -> Style:
        return self.styles[part]

    def _name_style(self, setting: Setting) -> Style:
        return self._style("about" if setting.kind is Kind.KEYS else "name")

    def _about(self, setting: Setting, state: SettingState) -> list[Line]:
        """Return the description at the left, the source at the right."""
        source = source_word(state.origin, saved=state.saved)
        side = SIDE if self.width > NARROW else cell_len(source) + 2
        first, *more = [
            marked(text, self.words, self._style("about"), self._style("hit"))
            for text in wrapped(setting.description, max(self.width - side, 10)) or ("",)
        ]
        return [spread(first, [Segment(source, self._changed(state, "source"))], self.width), *more]

    def _value(self, setting: Setting, state: SettingState) -> Line:
        if setting.kind is Kind.SWITCH:
            return [Segment("on  ━━●", self._style("on")) if state.value else Segment("off ●━━", self._style("off"))]
        words = value_words(setting, state.value, self.key_name)
        if not words:
            return [Segment("not set", self._style("source"))]
        return [Segment(fit(words, max(self.width // 2, 8)), self._changed(state, "value"))]

    def _changed(self, state: SettingState, otherwise: str) -> Style:
        return self._style("changed" if state.wanted else otherwise)


def value_cells(line: Line) -> int:
    """Return the cells at the end of a setting's first line that belong to its value, for a click on it."""
    value = next((segment for segment in reversed(line) if segment.text.strip(" ▾")), None)
    return max(SIDE, cell_len(value.text) + 4 if value else 0)


@lru_cache(1024)
def wrapped(text: str, width: int) -> tuple[str, ...]:
    """Return a text in lines of at most so many cells, broken between words."""
    return tuple(line.plain for line in Content(clean_line(text)).wrap(max(width, 2))) if text else ()
