"""The commands behind a /: actions that apply now, templates, personas, what the palette names, and settings."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from inspect import isawaitable
from typing import Any, NamedTuple

from textual.screen import Screen

from tui_chat.program.prompt_files import About
from tui_chat.settings import KEYS, Where
from tui_chat.ui.chat.actions_now import actions_now
from tui_chat.ui.chat.named_prompts import NamedPrompts
from tui_chat.ui.chat.server_prompts import ServerPrompts
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.set_command import SetCommand
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.composer.slash_offers import SLASH, SlashCommand, matching
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.named_commands import NamedCommands
from tui_chat.ui.shared.providers import imported

_BY_KEY_ONLY = frozenset(
    (
        *("cancel", "scroll_up", "scroll_down", "scroll_home", "scroll_end"),
        *("previous_message", "next_message", "previous_branch", "next_branch", "fold", "focus_composer"),
        *("previous_column", "next_column", "fold_reply"),
    )
)
"""Actions that make no sense by name, as they are about where the eye or the cursor is."""
LONGEST_QUOTE = 40


class _OfPalette(NamedTuple):
    """A command that the palette names."""

    name: str
    about: str
    run: Callable[[], object]
    is_one_of_many: bool
    """True if it is only offered once its verb is typed."""


class SlashCommands:
    """Looks up what there is."""

    def __init__(self, screen: Screen[Any], session: ConversationSession, prompts: NamedPrompts) -> None:
        self._screen = screen
        self._session = session
        self._prompts = prompts
        self._server_prompts = ServerPrompts(screen, session)
        self._set_command = SetCommand(screen, session.program.settings)
        self._about: About = {}
        self._of_palette: tuple[str, Sequence[_OfPalette]] = ("", ())
        """The conversation that was looked at, and what the palette names for it."""

    def __call__(self) -> Sequence[SlashCommand]:
        """Return the commands; those that take a disk's time are looked up meanwhile, for the composer to show."""
        begin(self._screen, self._learn, "slash", exclusive=True)
        found = [*self._actions(), *self._from_palette(), *self._named(), *self._server_prompts.commands()]
        return [*found, self._set_command.command()]

    def _actions(self) -> Iterator[SlashCommand]:
        for action, run in actions_now(self._screen):
            if action.where is not Where.COMPOSER and action.name not in _BY_KEY_ONLY:
                about = f"Message: {action.description}" if action.where is Where.MESSAGES else action.description
                yield SlashCommand(action.name, about, run)

    def _named(self) -> Iterator[SlashCommand]:
        for command in self._prompts.commands(self._about, in_place=True):
            words = f"{command.what.replace(' ', '_')} {command.name}".rstrip()
            yield SlashCommand(words, command.about, command.run, keeps_text=command.what == "template")

    def _from_palette(self) -> Iterator[SlashCommand]:
        conversation_id, commands = self._of_palette
        if conversation_id != self._session.conversation.id:
            return
        found = [(SlashCommand(_words(name), about, partial(_run, run)), many) for name, about, run, many in commands]
        yield from (command for command, is_one_of_many in found if not is_one_of_many)
        yield from _by_verb([command for command, is_one_of_many in found if is_one_of_many])

    async def _learn(self) -> None:
        about = await asyncio.to_thread(self._prompts.about)
        of_palette = (self._session.conversation.id, await self._palette_commands())
        has_prompts = await self._server_prompts.learn()
        is_news = has_prompts or about != self._about or _names(of_palette) != _names(self._of_palette)
        self._about, self._of_palette = about, of_palette
        if is_news:
            for composer in self._screen.query(Composer):
                composer.slash.renew()

    async def _palette_commands(self) -> Sequence[_OfPalette]:
        """Look up what the palette names beside the actions."""
        providers = [
            provider
            for provider in imported((*self._screen.COMMANDS, *self._screen.app.COMMANDS))
            if issubclass(provider, NamedCommands)
        ]
        ordered = sorted(providers, key=lambda provider: provider.__name__)
        return [
            _OfPalette(*command, is_one_of_many=not provider.LISTED)
            for provider in ordered
            for command in await provider(self._screen).commands()
        ]


def _words(name: str) -> str:
    """Return a command's name as one types it; what stands behind a colon is what it is done with."""
    what, colon, which = name.partition(": ")
    verb = re.sub(r"\W+", "_", what.casefold()).strip("_")
    return f"{verb} {which}" if colon else verb


def _by_verb(commands: Sequence[SlashCommand]) -> Iterator[SlashCommand]:
    """Yield a command for each verb, behind which those that begin with it are offered."""
    verbs = {command.words.partition(" ")[0]: command.about for command in reversed(commands)}
    for verb, about in reversed(verbs.items()):
        theirs = [command for command in commands if command.words.startswith(f"{verb} ")]
        yield SlashCommand(verb, about, None, behind=partial(_behind, verb, theirs))


def _behind(verb: str, commands: Sequence[SlashCommand], typed: str) -> Sequence[SlashCommand]:
    return matching(f"{verb} {typed}", commands)


async def _run(run: Callable[[], object]) -> None:
    done = run()
    if isawaitable(done):
        await done


def _names(of_palette: tuple[str, Sequence[_OfPalette]]) -> object:
    """Return all of it that can be compared."""
    conversation_id, commands = of_palette
    return conversation_id, [(command.name, command.about) for command in commands]


def question(text: str) -> str:
    """Return what to ask before a text that begins with a slash is sent."""
    first = text.partition("\n")[0]
    shown = first if len(first) <= LONGEST_QUOTE and first == text else f"{first[:LONGEST_QUOTE].rstrip()} …"
    name = first.removeprefix(SLASH).strip()
    if name in KEYS:
        return f"{SLASH}{name} does nothing now. Send “{shown}” as a prompt?"
    return f"Send “{shown}” as a prompt?"
