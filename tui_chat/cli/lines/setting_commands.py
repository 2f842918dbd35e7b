"""Commands about settings, models and personas, and about what replies have cost."""

from __future__ import annotations

from collections.abc import Iterable

from tui_chat.cli.lines.choose_model import chosen_model
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose, confirm
from tui_chat.cli.stats import NOTHING, figures
from tui_chat.program.contenders import contenders_named
from tui_chat.program.destinations import KeyWouldGoElsewhere
from tui_chat.settings import PERSONAS, SCHEMA, Kind, Setting, SettingsError, Value
from tui_chat.text import clean_line
from tui_chat.ui.settings.words import allowed_words, is_found, value_words

NO_PERSONA = "No persona"
SCREEN_READER = "ui.screen_reader"


def choose_model(chat: LineChat, words: str) -> None:
    """Choose a model for this conversation."""
    chosen_model(chat, chat.session.conversation.id, words)


def persona(chat: LineChat, words: str) -> None:
    """Choose a persona for this conversation."""
    names = PERSONAS.names(chat.program.settings.folder)
    if not names:
        chat.terminal.say("There are no personas yet: each is a file in the folder personas, beside the settings.")
        return
    chosen = words if words in names else choose(chat.terminal, "Which persona?", _labels(names))
    if chosen is not None:
        _choose(chat, "provider.persona", chosen, f"The persona {chosen}" if chosen else NO_PERSONA)


def thinking_effort(chat: LineChat, words: str) -> None:
    """Choose how much the model thinks in this conversation."""
    efforts = SCHEMA["provider.thinking"].choices
    chosen = words if words in efforts else choose(chat.terminal, "How much thinking?", [(it, it) for it in efforts])
    if chosen is not None:
        _choose(chat, "provider.thinking", chosen, f"Thinking {chosen}")


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


def compare(chat: LineChat, words: str) -> None:
    """Send prompts to several models from now on, or to one again."""
    if not words:
        chat.do(chat.session.compare(()))
        chat.terminal.say("Prompts go to one model. /compare A,B compares models.")
        return
    try:
        chosen = contenders_named(words, chat.program)
    except SettingsError as error:
        chat.terminal.say(str(error))
        return
    chat.do(chat.session.compare(chosen))
    chat.terminal.say(f"Prompts now go to {', '.join(one.name for one in chosen)}, one reply after another.")


def _labels(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(NO_PERSONA, ""), *((clean_line(name), name) for name in names)]


def _choose(chat: LineChat, key: str, value: str, said: str) -> None:
    try:
        chat.session.choose({key: value})
    except SettingsError as error:
        chat.terminal.say(str(error))
    else:
        chat.terminal.say(f"{said} in this conversation.")


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
    try:
        chat.program.settings.set(setting.key, value)
    except KeyWouldGoElsewhere as asked:
        if not confirm(chat.terminal, clean_line(str(asked))):
            return
        chat.program.settings.set(setting.key, value, key_may_go=True)
    except SettingsError as error:
        chat.terminal.say(str(error))
    chat.terminal.say(f"{setting.key} is now {_value(chat, setting)}.")
    if setting.key == SCREEN_READER:
        chat.terminal.say("It takes effect at the next start.")
