"""The settings page: every setting, found by typing, changed where it stands, in force at once."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from tui_chat.program.current_settings import CurrentSettings
from tui_chat.program.mcp_tools import McpTools
from tui_chat.program.offered_models import OfferedModels
from tui_chat.settings import GROUPS, SCHEMA, Kind, Origin, Setting, SettingsError, Value
from tui_chat.settings.personas import personas
from tui_chat.text import clean_line
from tui_chat.typed_paths import from_home
from tui_chat.ui.look.keys import key_name
from tui_chat.ui.look.themes import NAMES, theme_for, worn_instead
from tui_chat.ui.settings.confirm_destination import change_settings
from tui_chat.ui.settings.detail import SettingDetail
from tui_chat.ui.settings.editors import Offer, Offers
from tui_chat.ui.settings.lines import SettingState
from tui_chat.ui.settings.model_offers import model_offers
from tui_chat.ui.settings.page import SettingPage
from tui_chat.ui.settings.words import group_name
from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.question import Question
from tui_chat.ui.shared.title_bar import TitleBar
from tui_chat.ui.textual_internals.key_queue import hand_on
from tui_chat.ui.textual_internals.layout import FreshLayout

OVERRULED = "It is saved, but the environment sets it too, and wins as long as it does."


class SettingsScreen(FreshLayout, Screen[None]):
    """Every setting on one page."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("down", "leave_search", show=False),
        Binding("tab", "go_to_group(1)", "Group", priority=True),
        Binding("shift+tab", "go_to_group(-1)", "Previous group", show=False, priority=True),
        Binding("ctrl+r", "reset_all", "Reset all"),
        Binding("ctrl+s", "servers", "MCP servers"),
    ]

    def __init__(self, settings: CurrentSettings, models: OfferedModels, tools: McpTools, at: str = "") -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-short"), (32, "-tall")]
        self._current, self._models, self._tools = settings, models, tools
        self._at = at

    def compose(self) -> ComposeResult:
        """Yield the search, the groups at the side, the settings, and the details of the chosen one."""
        yield TitleBar()
        yield LineInput(placeholder=f"Type to search {len(SCHEMA)} settings", id="search")
        yield Static(id="problems", markup=False)
        with Horizontal(id="desk"):
            groups = OptionList(*(group_name(group) for group in GROUPS), id="groups", compact=True)
            groups.can_focus = False
            yield groups
            with Vertical(id="scroll"):
                yield SettingPage(self._key_name, self._offers, self._save)
                yield Static(id="nothing", markup=False)
        yield SettingDetail()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what holds, and begin where one was sent."""
        self._models.ask()
        self.query_one(TitleBar).title = f"Settings · {from_home(self._current.file.path)}"
        self.apply_settings()
        self.call_after_refresh(self.go_to, self._at)

    def apply_settings(self) -> None:
        """Show what holds now."""
        self.page.show({key: self._state_of(setting) for key, setting in SCHEMA.items()})
        self._show_problems()
        self._show_detail()

    def go_to(self, key: str) -> None:
        """Go to a setting; without a key, to the one that was chosen last."""
        self.page.focus(scroll_visible=False)
        self.page.go_to(key or self.page.chosen)

    @property
    def page(self) -> SettingPage:
        """The settings."""
        return self.query_one(SettingPage)

    @property
    def search(self) -> LineInput:
        """The field where one types what one looks for."""
        return self.query_one("#search", LineInput)

    # -- what is shown

    def _state_of(self, setting: Setting) -> SettingState:
        resolved, key = self._current.resolved, setting.key
        problem = next((problem.message for problem in resolved.problems if problem.key == key), "")
        if key == "ui.theme":
            problem = problem or worn_instead(resolved)
        saved = key not in self._current.unsaved
        return SettingState(setting.value_in(resolved.settings), resolved.origin(key), saved, problem)

    def _show_problems(self) -> None:
        """Show the problems of the file that belong to no setting."""
        sentences = [problem.message for problem in self._current.resolved.problems if problem.key not in SCHEMA]
        problems = self.query_one("#problems", Static)
        problems.update("\n".join(clean_line(sentence) for sentence in sentences))
        problems.display = bool(sentences)

    @on(SettingPage.Chosen)
    def _show_detail(self) -> None:
        setting = SCHEMA[self.page.chosen]
        self.query_one(SettingDetail).show(setting, self.page.state(setting.key), self._key_name)
        self.query_one("#groups", OptionList).highlighted = GROUPS.index(setting.group)

    def _key_name(self, key: str) -> str:
        return key_name(self.app, key)

    def _offers(self, key: str) -> Offers:
        """Return the values to choose from; some are known only while the program runs."""
        match key:
            case "ui.theme":
                return Offers(tuple(Offer(name) for name in NAMES))
            case "provider.model":
                return model_offers(self._models.known())
            case "provider.persona":
                names = personas(self._current.file.path.parent)
                return Offers((Offer(""), *(Offer(name) for name in names)), open=True)
        setting = SCHEMA[key]
        return Offers(tuple(Offer(choice) for choice in setting.choices), open=setting.kind is not Kind.CHOICE)

    # -- what is changed

    def _save(self, key: str, value: Value) -> str:
        change_settings(self.app, partial(self._current.set, key, value))
        return OVERRULED if self._current.resolved.origin(key) is Origin.ENVIRONMENT else ""

    def action_reset_all(self) -> None:
        """Go back to all defaults, if that is really meant."""
        where = clean_line(str(self._current.file.path))
        question = f"Reset every setting to its default?\n\n{where} keeps its comments, and whatever is not a setting."
        self.app.push_screen(Question(question, yes="Reset all"), self._reset_all)

    def _reset_all(self, meant: bool | None) -> None:
        if meant:
            try:
                change_settings(self.app, self._current.reset_all)
            except SettingsError as error:
                self.notify(clean_line(str(error)), severity="error", markup=False)

    @on(SettingPage.Previewed)
    def _preview(self, event: SettingPage.Previewed) -> None:
        if event.key == "ui.theme":
            self.app.theme = event.value or theme_for(self.app, self._current.resolved)

    # -- finding one's way

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        self.page.search(event.value)
        nothing = self.query_one("#nothing", Static)
        nothing.update(f"No settings match “{clean_line(event.value)}”.")
        nothing.display = not self.page.shown

    @on(Input.Submitted, "#search")
    async def _change_first(self) -> None:
        """Change what was found first; a switch is only gone to, for one wants to see it turn."""
        self.action_leave_search()
        if self.page.shown and SCHEMA[self.page.chosen].kind is not Kind.SWITCH:
            await self.page.action_change()

    def action_leave_search(self) -> None:
        """Go from the search to what was found."""
        if self.search.has_focus and self.page.shown:
            self.page.focus(scroll_visible=False)

    def on_key(self, event: events.Key) -> None:
        """Search for what is typed among the settings, or before they are there; Space turns a switch over."""
        if not self.page.has_focus and self.focused is not None:
            return
        if event.key == "backspace" or (event.is_printable and event.key != "space"):
            hand_on(event, self.search)

    def action_go_to_group(self, step: int) -> None:
        """Go to the next group that is shown, or the one before."""
        groups = list(dict.fromkeys(SCHEMA[key].group for key in self.page.shown))
        if groups:
            here = SCHEMA[self.page.chosen].group
            at = groups.index(here) + step if here in groups else 0
            self._go_to_group(groups[at % len(groups)])

    @on(OptionList.OptionSelected, "#groups")
    def _choose_group(self, event: OptionList.OptionSelected) -> None:
        self.search.value = ""
        self.call_after_refresh(self._go_to_group, GROUPS[event.option_index])

    def _go_to_group(self, group: str) -> None:
        self.page.focus(scroll_visible=False)
        self.page.go_to_group(group)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the MCP servers where there are any."""
        return action != "servers" or bool(self._current.now.mcp.servers)

    def action_servers(self) -> None:
        """Show the MCP servers, and how they stand."""
        from tui_chat.ui.settings.servers import ServersDialog

        self.app.push_screen(ServersDialog(self._current, self._tools))

    def action_close(self) -> None:
        """Go back to where one was."""
        self.dismiss()
