"""The palette's commands: every action with its key, every setting and conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher
from textual.markup import escape
from textual.screen import Screen

from tui_chat.chat.message import ConversationSummary, utc_now
from tui_chat.records import dataclass
from tui_chat.settings import SCHEMA, Kind, Setting, Value, Where
from tui_chat.text import clean_line, fit
from tui_chat.ui.chat.actions_now import Run, actions_now
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.conversations.conversation_library import UNTITLED
from tui_chat.ui.look.keys import KeyNames, key_name
from tui_chat.ui.settings.confirm_destination import set_value
from tui_chat.ui.settings.words import value_words
from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.shared.line_input import COMPOSERS_KEYS
from tui_chat.ui.shared.matching import marked_name
from tui_chat.ui.shared.times import ago
from tui_chat.ui.textual_internals.closing_palette import ClosingPalette

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

RECENT = 6
"""Conversations that are offered before anything is typed."""
MOST_FOUND = 20
"""Conversations that a search offers."""
LONGEST_TITLE = 60
BY_DESCRIPTION = 0.5
"""The worth of a match in a description beside one in a name."""
KEYS_WEIGHT = 0.5
"""An action's name that is typed means the action, not another key for it."""


class PaletteKeys(KeyBar):
    """The two keys of the palette, whose bindings are Textual's own and have no names to show."""

    def on_mount(self) -> None:
        """Show them, whatever has the focus."""
        self.bindings = (Binding("enter", "run", "Run"), Binding("escape", "close", "Close"))

    def _take(self, screen: Screen[object]) -> None:
        """Keep them."""


class Palette(ClosingPalette):
    """Textual's palette, with the frame and the keys of our dialogs, and the keys of the composer where one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, f"focused.{action}", show=False, priority=True) for keys, action in COMPOSERS_KEYS.items()
    ]

    def on_mount(self) -> None:
        """Give the panel a title, and a row of keys below what Textual's palette has."""
        panel = self.query_one("#--container")
        panel.border_title = "Commands"
        panel.mount(PaletteKeys())


@dataclass(frozen=True)
class Command:
    """Something that the palette can do."""

    name: str
    run: Run
    about: str = ""
    key: str = ""
    weight: float = 1.0
    """The worth of its match beside one of another command."""


class ActionCommands(Provider):
    """All commands, the actions first."""

    async def discover(self) -> Hits:
        """Yield the actions that apply now, and the conversations that were last changed."""
        for command in self._actions():
            yield DiscoveryHit(_named(Content(command.name), command), command.run, command.name, _help(command))
        for command in await self._conversations("", RECENT):
            yield DiscoveryHit(_named(Content(command.name), command), command.run, command.name, _help(command))

    async def search(self, query: str) -> Hits:
        """Yield what fits what was typed."""
        matcher = self.matcher(query)
        words = query.casefold().split()
        for command in [*self._actions(), *self._settings()]:
            described = all(word in command.about.casefold() for word in words)
            score = command.weight * matcher.match(command.name) or (BY_DESCRIPTION if described else 0)
            if score > 0:
                yield _hit(score, matcher, command)
        for command in await self._conversations(query, MOST_FOUND):
            yield _hit(matcher.match(command.name) or BY_DESCRIPTION, matcher, command)

    @property
    def _app(self) -> TuiChatApp:
        return cast("TuiChatApp", self.app)

    # -- actions

    def _actions(self) -> Iterator[Command]:
        """Yield the actions that apply now."""
        keys = KeyNames.of(self._app, self._app.program.settings.now.keys)
        for action, run in actions_now(self.screen):
            name = action.description
            if action.where in (Where.MESSAGES, Where.COLUMNS):
                what = "Message" if action.where is Where.MESSAGES else "Column"
                name = f"{what}: {name[:1].lower()}{name[1:]}"
            yield Command(name, run, key=keys(action.name))

    # -- settings

    def _settings(self) -> Iterator[Command]:
        current = self._app.program.settings
        for setting in SCHEMA.values():
            value = setting.value_in(current.now)
            shown = value_words(setting, value, partial(key_name, self._app)) or "not set"
            other = _other(setting, value)
            if other is None:
                name, run = f"{setting.key}: {shown} …", partial(self._open_settings, setting.key)
            else:
                then = value_words(setting, other, str)
                name, run = (
                    f"{setting.key}: {shown} → {then}",
                    partial(set_value, self._app, current, setting.key, other),
                )
            yield Command(name, run, setting.description, weight=KEYS_WEIGHT if setting.group == "keys" else 1.0)

    def _open_settings(self, key: str) -> None:
        from tui_chat.ui.settings.screen import SettingsScreen

        if isinstance(self.screen, SettingsScreen):
            self.screen.go_to(key)
        else:
            self._app.action_settings(key)

    # -- conversations

    async def _conversations(self, query: str, limit: int) -> list[Command]:
        screen = self.screen
        if not isinstance(screen, ChatScreen):
            return []
        found = await asyncio.to_thread(self._app.program.store.conversations, limit, query)
        return [
            self._opening(screen, conversation) for conversation in found if not screen.library.is_open(conversation.id)
        ]

    @staticmethod
    def _opening(screen: ChatScreen, conversation: ConversationSummary) -> Command:
        title = fit(clean_line(conversation.title) or UNTITLED, LONGEST_TITLE)
        count = conversation.message_count
        about = f"{count} message{'' if count == 1 else 's'}, {ago(conversation.updated_at, utc_now())}"
        return Command(f"Open “{title}”", partial(screen.open_conversation, conversation.id), about)


def _other(setting: Setting, value: Value) -> Value:
    """Return the other value of a setting that has two; None for all other settings."""
    if setting.kind is Kind.SWITCH:
        return not value
    if setting.kind is Kind.CHOICE and len(setting.choices) == 2:
        return next(choice for choice in setting.choices if choice != value)
    return None


def _named(name: Content, command: Command) -> Content:
    return Content.assemble(name, (f"   {command.key}", "$foreground 66% not bold")) if command.key else name


def _help(command: Command) -> str | None:
    """Return the command's description, escaped, since the palette takes it for markup."""
    return escape(command.about) or None


def _hit(score: float, matcher: Matcher, command: Command) -> Hit:
    shown, about = _named(marked_name(matcher, command.name), command), _help(command)
    return Hit(score, shown, command.run, command.name, about)
