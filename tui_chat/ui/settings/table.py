"""All settings on one page, drawn line by line: hundreds of widgets would take a second to open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from tui_chat.records import dataclass, replace
from tui_chat.settings import GROUPS, SCHEMA, Kind, Setting, describe_group
from tui_chat.ui.settings.lines import Line, SettingState, SettingWriter
from tui_chat.ui.settings.words import KeyName, group_name, is_found
from tui_chat.ui.shared.row_list import MARK

PAGE = 5
"""Settings that PageDown goes further."""
LINES_ABOVE = 4
"""Lines left in sight above a setting that one goes to: the end of the one before, or the group's heading."""


@dataclass(frozen=True)
class TableLine:
    """A line of the table, and the setting that it belongs to; "" for a heading or a gap."""

    segments: Line
    key: str = ""


BLANK = TableLine([])
_STYLE = "setting--"


class SettingTable(Widget, can_focus=True):
    """The settings that were searched for, by groups, one of them chosen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "setting--heading",
        "setting--name",
        "setting--about",
        "setting--hit",
        "setting--value",
        "setting--on",
        "setting--off",
        "setting--source",
        "setting--changed",
        "setting--problem",
        "setting--mark",
        "setting--chosen",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", show=False),
        Binding("down", "choose(1)", show=False),
        Binding("pageup", f"choose(-{PAGE})", show=False),
        Binding("pagedown", f"choose({PAGE})", show=False),
        Binding("home", f"choose(-{len(SCHEMA)})", show=False),
        Binding("end", f"choose({len(SCHEMA)})", show=False),
    ]

    chosen: var[str] = var(next(iter(SCHEMA)), init=False)
    """The key of the setting that is acted on."""

    @dataclass
    class SettingMessage(Message):
        """Something about one setting."""

        table: SettingTable
        key: str

        @property
        def control(self) -> SettingTable:
            """The table that it is in."""
            return self.table

    class Chosen(SettingMessage):
        """Another setting is acted on."""

    def __init__(self, key_name: KeyName) -> None:
        super().__init__()
        self._key_name = key_name
        self._states: Mapping[str, SettingState] = {}
        self._complaints: dict[str, str] = {}
        """The problem of a value that was typed, by key, until it is changed."""
        self._query = ""
        self._width = 0
        self._styles: Mapping[str, Style] = {}
        self._styled = True
        """True if the styles are those of the stylesheet as it is now."""
        self._lines: list[TableLine] = []
        self._tops: dict[str, int] = {}
        """The first line of each setting that is shown; for the first of a group, that of its heading."""
        self._place: int | None = None
        """The lines in sight above the chosen setting, which it keeps when all is laid out anew; None for any."""

    # -- what is shown

    @property
    def shown(self) -> list[str]:
        """The keys of the settings that are shown."""
        return list(self._tops)

    def state(self, key: str) -> SettingState:
        """Return a setting's state, with the problem of what was typed."""
        state = self._states[key]
        return replace(state, problem=self._complaints.get(key, state.problem))

    def show(self, states: Mapping[str, SettingState]) -> None:
        """Show what holds now."""
        self._states = states
        self._complaints.clear()
        self.lay_out()

    def search(self, query: str) -> None:
        """Show what a query finds, the first of it chosen."""
        self._query = query
        self.lay_out()
        self.chosen = next(iter(self._tops), self.chosen)

    def complain(self, key: str, sentence: str) -> None:
        """Say what is wrong with a value, beside it."""
        self._complaints[key] = sentence
        self.lay_out()

    def complain_no_more(self, key: str) -> None:
        """Say what is wrong with the value that holds, if anything is, and no longer what was with another."""
        if self._complaints.pop(key, ""):
            self.lay_out()

    def lay_out(self) -> None:
        """Write all lines anew."""
        if not (self._states and self._width and self._styles):
            return
        if self.chosen in self._tops and self.size.height == len(self._lines):
            self._place = self._tops[self.chosen] - self._scrolled.scroll_offset.y
        self._lines, self._tops = [], {}
        writer = SettingWriter(self.room, self._styles, self._key_name, self._query.split())
        for group in GROUPS:
            found = [item for item in SCHEMA.values() if item.group == group and is_found(item, self._query)]
            if found:
                self._lines += [BLANK, BLANK] if self._lines else []
                self._tops[found[0].key] = len(self._lines)
                self._lines += map(TableLine, writer.heading(group_name(group), describe_group(group)))
                self._lines.append(BLANK)
            for setting in found:
                self._tops.setdefault(setting.key, len(self._lines))
                self._lines += self.lines_of(setting, writer)
        self.refresh(layout=True)

    def lines_of(self, setting: Setting, writer: SettingWriter) -> list[TableLine]:
        """Return the lines of one setting, and the gap after it."""
        lines = [TableLine(line, setting.key) for line in writer.lines(setting, self.state(setting.key))]
        return lines if setting.kind is Kind.KEYS else [*lines, BLANK]

    @property
    def room(self) -> int:
        """The cells that a line has."""
        return self._width - len(MARK) - 1

    def key_at(self, y: int) -> str:
        """Return the setting that a line belongs to; "" for none."""
        return self._lines[y].key if y < len(self._lines) else ""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines; they are written anew for another width."""
        if width != self._width:
            self._width = width
            self.lay_out()
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """Return one line, marked if it belongs to the chosen setting."""
        line = self._lines[y] if y < len(self._lines) else BLANK
        chosen = line.key == self.chosen and self.has_focus_within
        row = self._styles["chosen"] if chosen else self.rich_style
        mark = Segment(MARK, self._styles["mark"]) if chosen else Segment(" " * len(MARK), row)
        segments = Segment.apply_style([mark, *line.segments], post_style=Style(bgcolor=row.bgcolor))
        return Strip(segments).adjust_cell_length(self.size.width, row)

    def notify_style_update(self) -> None:
        """Draw all anew in the styles of the new theme."""
        super().notify_style_update()
        if self._styled:
            self._styled = False
            self.call_later(self._restyle)  # only then are the styles of the parts new, too

    def _restyle(self) -> None:
        style = self.get_component_rich_style
        styles = {name.removeprefix(_STYLE): style(name) for name in SettingTable.COMPONENT_CLASSES}
        self._styled = True
        if styles != self._styles:
            self._styles = styles
            self.lay_out()

    # -- choosing

    def watch_chosen(self) -> None:
        """Bring it into sight, and tell."""
        self._place = None
        self.refresh()
        self.bring_into_sight()
        self.post_message(self.Chosen(self, self.chosen))

    def on_resize(self) -> None:
        """Keep the chosen setting in sight, or in its place: there are more lines, or fewer."""
        if self._place is None:
            self.bring_into_sight()
        else:
            self._bring_below(self._place)

    def on_focus(self) -> None:
        """Mark the chosen setting."""
        self.refresh()

    def on_blur(self) -> None:
        """Mark none."""
        self.refresh()

    def action_choose(self, step: int) -> None:
        """Go up or down; further up than the first is where one searches."""
        shown = self.shown
        at = shown.index(self.chosen) + step if self.chosen in shown else 0
        if step == -1 and at < 0:
            self.screen.focus_previous()
        elif shown:
            self.chosen = shown[min(max(at, 0), len(shown) - 1)]

    def go_to(self, key: str) -> None:
        """Go to a setting; what follows it is in sight too."""
        self.chosen = key
        self._bring_below(LINES_ABOVE)

    def _bring_below(self, place: int) -> None:
        """Scroll so that so many lines are in sight above the chosen setting, but all of it below them."""
        self._place = place
        if self.chosen in self._tops:
            place = max(min(place, self._scrolled.size.height - self._rows), 0)
            self._bring_lines(max(self._tops[self.chosen] - place, 0), self.screen.size.height)

    def go_to_group(self, group: str) -> None:
        """Go to the first setting of a group, its heading at the top."""
        first = next((key for key in self.shown if SCHEMA[key].group == group), None)
        if first is not None:
            self.chosen = first
            self._bring_below(0)

    def bring_into_sight(self) -> None:
        """Scroll to the chosen setting, if need be."""
        if self.chosen in self._tops:
            self._bring_lines(self._tops[self.chosen], self._rows)

    @property
    def _rows(self) -> int:
        """The lines of the chosen setting, from those above it in its group on, and the gap after it."""
        last = max(y for y, line in enumerate(self._lines) if line.key == self.chosen)
        return last + 2 - self._tops[self.chosen]

    @property
    def _scrolled(self) -> Widget:
        """The widget that this one is scrolled in."""
        assert isinstance(self.parent, Widget)
        return self.parent

    def _bring_lines(self, line: int, height: int) -> None:
        region = Region(0, line, 1, height)
        self._scrolled.scroll_to_region(region, animate=False, force=True, immediate=True, x_axis=False)
