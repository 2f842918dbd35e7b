"""Commands about the settings, and about what replies have cost."""

from __future__ import annotations

from functools import partial

from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose
from tui_chat.cli.stats import NOTHING, figures
from tui_chat.settings import SCHEMA, Kind, Setting, SettingsError, Value
from tui_chat.text import clean_line
from tui_chat.ui.settings.words import allowed_words, is_found, value_words

SCREEN_READER = "ui.screen_reader"


def toggle_mode(chat: LineChat, _words: str) -> None:
    """Switch between replies that are read as they are written, and whole ones."""
    mode = chat.program.requests.mode.other.value
    _set(chat, SCHEMA["streaming.mode"], mode)


def settings(chat: LineChat, words: str) -> None:
    """Read settings, or change one: by its name and value, or by a number."""
    name, _, value = words.partition(" ")
    setting = SCHEMA.get(name) or _asked(chat, words)
    if setting is not None:
        given = value.strip() if name in SCHEMA else ""
        typed = given or answer(
            chat.terminal, f"{_about(chat, setting)} Allowed: {allowed_words(setting)}. New value: "
        )
        if not typed:
            chat.terminal.say("Unchanged.")
            return
        try:
            _set(chat, setting, setting.parse(typed))
        except SettingsError as error:
            chat.terminal.say(str(error))


def statistics(chat: LineChat, _words: str) -> None:
    """Read what all replies add up to, and those of this conversation."""
    store = chat.program.store
    for whose, id in (("All replies.", ""), ("This conversation.", chat.session.conversation.id)):
        sums = store.statistics(conversation_id=id)
        chat.terminal.say(whose if sums.replies else f"{whose} {NOTHING}")
        for name, said in figures(sums) if sums.replies else ():
            chat.terminal.say(f"{name}: {said}" if name else said)


def _asked(chat: LineChat, words: str) -> Setting | None:
    """Ask which of the settings is meant that have these words; keys do nothing here."""
    found = [it for it in SCHEMA.values() if it.kind is not Kind.KEYS and is_found(it, words)]
    if not found:
        chat.terminal.say(f"No settings match “{clean_line(words)}”.")
        return None
    return choose(chat.terminal, "Which setting?", [(f"{it.key}: {_value(chat, it)}", it) for it in found])


def _about(chat: LineChat, setting: Setting) -> str:
    return f"{setting.key} is {_value(chat, setting)}. {clean_line(setting.description)}"


def _value(chat: LineChat, setting: Setting) -> str:
    return value_words(setting, setting.value_in(chat.program.settings.now), str) or "not set"


def _set(chat: LineChat, setting: Setting, value: Value) -> None:
    """Change a setting; ask first if a key would go elsewhere for it."""
    chat.change_settings(partial(chat.program.settings.set, setting.key, value))
    chat.terminal.say(f"{setting.key} is now {_value(chat, setting)}.")
    if setting.key == SCREEN_READER:
        chat.terminal.say("It takes effect at the next start.")


COMMANDS = CommandGroup(
    "Settings",
    (
        LineCommand("settings", "Read or change the settings", settings, "NAME VALUE", ("set",)),
        LineCommand("toggle_mode", "Switch between stream and batch", toggle_mode, also=("mode",)),
        LineCommand("statistics", "Read usage, cost and speed", statistics, also=("stats",)),
    ),
)
