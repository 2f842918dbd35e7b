"""The MCP servers of the settings: whether they are on, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui_chat.program.current_settings import CurrentSettings
from tui_chat.program.mcp_tools import McpTools
from tui_chat.program.server_switches import ServerRow, ServerSwitches
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line, fit
from tui_chat.ui.shared.dialog import Dialog
from tui_chat.ui.shared.row_list import RowList, spread
from tui_chat.ui.shared.search_result import SearchResult

LOOK_S = 0.25
"""Seconds between two looks at how the servers stand."""
MOST_ROWS = 8


class ServerRows(RowList[ServerRow]):
    """Two lines for each server: its name and state, and the way to it or what is wrong."""

    def draw(self, item: ServerRow, width: int) -> Sequence[Sequence[Segment]]:
        """Return the lines of one server."""
        state = [Segment(fit(item.state, max(width // 2, 8)), self.style("live" if item.enabled else "meta"))]
        name = self.title(item.name, max(width - Segment.get_line_length(state) - 2, 4))
        problem = item.status.problem if item.enabled else ""
        below = self.excerpt(problem or item.way, width, "hit" if problem else "meta")
        return [spread(name, state, width), below]


class ServersDialog(Dialog[None]):
    """Switches servers on and off, and has one that failed start again."""

    CSS_PATH: ClassVar = ["../shared/row_list.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "choose(-1)", show=False),
        Binding("down,j", "choose(1)", show=False),
        Binding("enter,space", "switch", "On/off"),
        Binding("r", "start", "Start again"),
        Binding("escape", "cancel", "Close"),
    ]

    heading = "MCP servers"

    def __init__(self, settings: CurrentSettings, tools: McpTools) -> None:
        super().__init__()
        self._switches = ServerSwitches(settings, tools)
        self.rows = ServerRows()

    def compose_body(self) -> ComposeResult:
        """Yield the servers."""
        yield self.rows

    def on_mount(self) -> None:
        """Show how they stand, now and whenever that changes."""
        self.rows.styles.height = ServerRows.ROW_HEIGHT * min(len(self._switches.rows()), MOST_ROWS)
        self._look()
        self.set_interval(LOOK_S, self._look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to start those that are on."""
        return action != "start" or (self.rows.item is not None and self.rows.item.enabled)

    def action_choose(self, step: int) -> None:
        """Choose another server."""
        self.rows.choose(step)
        self.refresh_bindings()

    def action_switch(self) -> None:
        """Turn the chosen one on or off, for good; one that runs is ended."""
        if (row := self.rows.item) is None:
            return
        try:
            self._switches.switch(row)
        except SettingsError as error:
            self.notify(clean_line(str(error)), severity="error", markup=False)
            return
        self._look()

    def action_start(self) -> None:
        """Start the chosen one anew."""
        if (row := self.rows.item) is not None:
            self._switches.start(row)
            self._look()

    def _look(self) -> None:
        """Show how they stand, if that is news."""
        rows = self._switches.rows()
        if rows != self.rows.found.items:
            self.rows.show(SearchResult(items=rows), max(self.rows.chosen, 0))
            self.refresh_bindings()
