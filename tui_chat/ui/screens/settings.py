"""The settings page: every setting, found by typing, changed where it stands, in force at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Input, OptionList, Static

from tui_chat.settings import GROUPS, SCHEMA, Kind, Origin, Setting, SettingsError, describe_group, personas
from tui_chat.text import clean_line
from tui_chat.ui.keys import key_name
from tui_chat.ui.models import model_offers
from tui_chat.ui.screens.question import Question
from tui_chat.ui.themes import theme_for, theme_names, theme_problem
from tui_chat.ui.widgets.line_input import LineInput
from tui_chat.ui.widgets.setting_detail import SettingDetail
from tui_chat.ui.widgets.setting_editors import Offer, Offers
from tui_chat.ui.widgets.setting_row import SettingRow, SettingState
from tui_chat.ui.widgets.setting_words import group_name, is_found
from tui_chat.ui.widgets.title_bar import TitleBar
from tui_chat.wiring import Program

OVERRULED = "It is saved, but the environment sets it too, and wins as long as it does."


class GroupHeading(Static):
    """The name of a group and what it is about."""

    def __init__(self, group: str) -> None:
        about = describe_group(group)
        super().__init__(Content.assemble((group_name(group), "bold $primary"), f"\n{about}"), classes="group-heading")
        self.set_class(group == GROUPS[0], "-first")
        self.group = group


class SettingsScreen(Screen[None]):
    """Every setting on one page."""

    CSS_PATH = "settings.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "move(-6)", "Page up", show=False),
        Binding("pagedown", "move(6)", "Page down", show=False),
        Binding("home", "move(-1000)", "First", show=False),
        Binding("end", "move(1000)", "Last", show=False),
        Binding("tab", "go_to_group(1)", "Group", priority=True),
        Binding("shift+tab", "go_to_group(-1)", "Group before", show=False, priority=True),
        Binding("ctrl+r", "reset_all", "Reset all"),
    ]

    def __init__(self, program: Program, at: str = "") -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]
        self.program = program
        self._at = at
        self._rows = {key: SettingRow(setting, self._key_name, self._offers) for key, setting in SCHEMA.items()}
        self._current = next(iter(self._rows.values()))

    def compose(self) -> ComposeResult:
        """The search above, the groups at the side, the settings, and what there is to know of the chosen one."""
        yield TitleBar()
        yield LineInput(placeholder=f"Type to search {len(self._rows)} settings", id="search")
        yield Static(id="problems", markup=False)
        with Horizontal(id="desk"):
            groups = OptionList(*(group_name(group) for group in GROUPS), id="groups", compact=True)
            groups.can_focus = False
            yield groups
            with VerticalScroll(id="page", can_focus=False):
                yield from self._page()
                yield Static(id="nothing", markup=False)
        yield SettingDetail()
        yield Footer(show_command_palette=False)

    def _page(self) -> Iterator[Widget]:
        for group in GROUPS:
            yield GroupHeading(group)
            yield from (row for row in self._rows.values() if row.setting.group == group)

    def on_mount(self) -> None:
        """Show what holds, and begin where one was sent."""
        self.query_one(TitleBar).title = f"Settings · {_from_home(self.program.settings_file.path)}"
        self.apply_settings()
        self.go_to(self._at)

    def apply_settings(self) -> None:
        """Show what holds now."""
        for row in self._rows.values():
            row.show(self._state_of(row.setting))
        self._show_problems()
        self._show_detail()

    def go_to(self, key: str) -> None:
        """Go to a setting; without a key, to the first."""
        row = self._rows.get(key, self._current)
        self.call_after_refresh(row.focus)

    # -- what is shown

    def _state_of(self, setting: Setting) -> SettingState:
        resolved, key = self.program.resolved, setting.key
        problem = next((problem.message for problem in resolved.problems if problem.key == key), "")
        if key == "ui.theme":
            problem = problem or theme_problem(self.app, resolved)
        saved = key not in self.program.unsaved
        return SettingState(setting.value_in(resolved.settings), resolved.origin(key), saved, problem)

    def _show_problems(self) -> None:
        """What is wrong with the file and belongs to no setting."""
        sentences = [problem.message for problem in self.program.resolved.problems if problem.key not in self._rows]
        problems = self.query_one("#problems", Static)
        problems.update("\n".join(clean_line(sentence) for sentence in sentences))
        problems.display = bool(sentences)

    def _show_detail(self) -> None:
        row = self._current
        if row.state is not None:
            self.query_one(SettingDetail).show(row.setting, row.state, self._key_name)

    def _key_name(self, key: str) -> str:
        return key_name(self.app, key)

    def _offers(self, key: str) -> Offers:
        """The values to choose from; some are known only while the program runs."""
        match key:
            case "ui.theme":
                return Offers(tuple(Offer(name) for name in theme_names(self.app)))
            case "provider.model":
                return model_offers(self.program)
            case "provider.persona":
                names = personas(self.program.settings_file.path.parent)
                return Offers((Offer(""), *(Offer(name) for name in names)), open=True)
        setting = SCHEMA[key]
        return Offers(tuple(Offer(choice) for choice in setting.choices), open=setting.kind is not Kind.CHOICE)

    # -- what is changed

    @on(SettingRow.Changed)
    def _change(self, event: SettingRow.Changed) -> None:
        self._try(event.row, partial(self.program.set, event.row.setting.key, event.value))

    @on(SettingRow.ResetWanted)
    def _reset(self, event: SettingRow.ResetWanted) -> None:
        self._try(event.row, partial(self.program.unset, event.row.setting.key))

    def _try(self, row: SettingRow, change: Callable[[], None]) -> None:
        try:
            change()
        except SettingsError as error:
            row.complain(str(error))
        else:
            if self.program.resolved.origin(row.setting.key) is Origin.ENVIRONMENT:
                row.complain(OVERRULED)

    def action_reset_all(self) -> None:
        """Go back to all defaults, if that is really meant."""
        where = clean_line(str(self.program.settings_file.path))
        question = f"Reset every setting to its default?\n\n{where} keeps its comments, and whatever is not a setting."
        self.app.push_screen(Question(question, yes="Reset all"), self._reset_all)

    def _reset_all(self, meant: bool | None) -> None:
        if meant:
            self._try(self._current, self.program.reset_all)

    @on(SettingRow.Previewed)
    def _preview(self, event: SettingRow.Previewed) -> None:
        if event.row.setting.key == "ui.theme":
            self.app.theme = event.value or theme_for(self.app, self.program.resolved)

    # -- finding one's way

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        with self.app.batch_update():
            for row in self._rows.values():
                row.display = is_found(row.setting, event.value)
            found = {row.setting.group for row in self._shown}
            for heading in self.query(GroupHeading):
                heading.display = heading.group in found
        nothing = self.query_one("#nothing", Static)
        nothing.update(f"No setting is about “{event.value}”.")
        nothing.display = not found
        self.query_one("#page").scroll_home(animate=False)

    @on(Input.Submitted, "#search")
    def _enter(self) -> None:
        self.action_move(1)

    def on_key(self, event: events.Key) -> None:
        """Whatever is typed searches; Space turns a switch over."""
        search = self.query_one("#search", LineInput)
        if search.has_focus or self._current.editing:
            return
        if event.key == "backspace" or (event.is_printable and event.key != "space"):
            event.stop()
            search.focus()
            search.cursor_position = len(search.value)
            search.action_delete_left() if event.key == "backspace" else search.insert_text_at_cursor(
                event.character or ""
            )

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        row = next((node for node in event.widget.ancestors_with_self if isinstance(node, SettingRow)), None)
        if row is not None:
            self._current = row
            self._show_detail()
            self.query_one("#groups", OptionList).highlighted = GROUPS.index(row.setting.group)

    @property
    def _shown(self) -> list[SettingRow]:
        return [row for row in self._rows.values() if row.display]

    def action_move(self, step: int) -> None:
        """Go up or down; from the search, to the first that was found."""
        rows = self._shown
        if not rows:
            return
        if self.query_one("#search").has_focus or self._current not in rows:
            target = rows[0] if step > 0 else None
        else:
            at = rows.index(self._current) + step
            target = rows[min(max(at, 0), len(rows) - 1)]
            if at < 0 and self._current is rows[0]:
                self.query_one("#search").focus()
                return
        if target is not None:
            self._focus(target)

    def action_go_to_group(self, step: int) -> None:
        """Go to the next group that is shown, or the one before."""
        groups = [group for group in GROUPS if any(row.setting.group == group for row in self._shown)]
        if groups:
            here = self._current.setting.group
            at = groups.index(here) + step if here in groups else 0
            self._focus_group(groups[at % len(groups)])

    @on(OptionList.OptionSelected, "#groups")
    def _choose_group(self, event: OptionList.OptionSelected) -> None:
        self.query_one("#search", LineInput).value = ""
        self._focus_group(GROUPS[event.option_index])

    def _focus_group(self, group: str) -> None:
        row = next((row for row in self._shown if row.setting.group == group), None)
        if row is not None:
            heading = next(heading for heading in self.query(GroupHeading) if heading.group == group)
            self.query_one("#page").scroll_to_widget(heading, top=True, animate=False)
            row.focus(scroll_visible=False)

    def _focus(self, row: SettingRow) -> None:
        row.focus()

    def action_close(self) -> None:
        """Go back to where one was."""
        self.dismiss()


def _from_home(path: Path) -> str:
    """A path as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
