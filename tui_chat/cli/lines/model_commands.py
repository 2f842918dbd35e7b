"""Commands about who replies, and how: models, personas, keys, the model on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from threading import Event

from tui_chat.chat.models import Model
from tui_chat.cli.lines.choose_model import chosen_model
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose, confirm
from tui_chat.local import SMOLLM2, LocalProblem
from tui_chat.local.server import engine_problem
from tui_chat.program.api_keys import accounts
from tui_chat.program.key_check import KeyRefused, check_key, cleaned_key
from tui_chat.program.key_entry import EnteredKey, keep_key, use_key
from tui_chat.program.small_model import ABOUT, IN_USE, use_small_model
from tui_chat.providers import in_daemon_thread
from tui_chat.services import service
from tui_chat.settings import PERSONAS, SCHEMA, SettingsError, Value
from tui_chat.text import clean_line

NO_PERSONA = "No persona"
TOLD_SHARE = 0.25
"""The share of the small model after which it is said again how much of it is here."""


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


def temperature(chat: LineChat, words: str) -> None:
    """Choose the sampling temperature for this conversation."""
    setting = SCHEMA["provider.temperature"]
    typed = words or answer(chat.terminal, "Temperature, or nothing for the model's own: ")
    if typed is None:
        chat.terminal.say("Cancelled.")
        return
    try:
        value = setting.parse(typed) if typed else None
    except SettingsError as error:
        chat.terminal.say(str(error))
        return
    _choose(chat, setting.key, value, f"Temperature {typed}" if typed else "The model's own temperature")


def use_defaults(chat: LineChat, _words: str) -> None:
    """Let this conversation go by the settings of all again."""
    id, own = chat.session.conversation.id, chat.program.conversation_settings
    if not own.choices(id):
        chat.terminal.say("This conversation goes by the settings already.")
        return
    chat.session.use_default(list(own.choices(id)))
    chat.terminal.say("This conversation goes by the settings again.")


def make_default(chat: LineChat, _words: str) -> None:
    """Have the model of this conversation asked wherever nothing else is chosen."""
    parts = chat.session.parts
    offer = parts.offer(Model(parts.provider.model))
    chat.change_settings(partial(chat.program.settings.make_default, offer.provider, offer.model.id, offer.address))
    chat.terminal.say(f"New conversations ask {clean_line(chat.program.provider.model) or 'no model'}.")


# -- keys, and the model on this machine


def enter_key(chat: LineChat, words: str) -> None:
    """Take a key, which is not shown, check it with a free request, use it, and keep it in the keyring."""
    labels = [(service(name).title, name) for name in accounts()]
    name = words if words in accounts() else choose(chat.terminal, "A key for whom?", labels)
    if name is None:
        return
    title, address = service(name).title, chat.program.parts_choosing(name).provider.chosen.address
    if address:
        chat.terminal.say(f"Sent to {clean_line(address)} and nowhere else.")
    try:
        key = cleaned_key(name, chat.terminal.ask_hidden(f"Key for {title}, which is not shown: "))
        chat.terminal.say(f"Asking {title}.")
        entered = EnteredKey(name, key, chat.wait(check_key(chat.program, name, key)))
    except KeyRefused as refusal:
        chat.terminal.say(str(refusal))
        return
    chat.change_settings(partial(use_key, chat.program, entered))
    said, _ = keep_key(chat.program, entered)
    chat.terminal.say(said)


def use_local_model(chat: LineChat, _words: str) -> None:
    """Have the small model reply from now on; it is fetched first, if it is not here."""
    if problem := engine_problem():
        chat.terminal.say(problem.sentence)
    elif SMOLLM2.installed(chat.program.models_folder) or _fetched(chat):
        chat.change_settings(partial(use_small_model, chat.program))
        chat.terminal.say(IN_USE)


def _fetched(chat: LineChat) -> bool:
    """Fetch the small model, if that is wanted; True once it is here."""
    chat.terminal.say(ABOUT)
    if not confirm(chat.terminal, "Fetch it?"):
        return False
    given_up, told = Event(), [0.0]

    def tell(size: int) -> None:
        if size / SMOLLM2.size >= told[0] + TOLD_SHARE:
            told[0] = size / SMOLLM2.size
            chat.terminal.say(f"{told[0]:.0%} is here.")

    chat.terminal.say("Fetching. Ctrl+C gives it up.")
    try:
        fetching = in_daemon_thread(partial(SMOLLM2.install, chat.program.models_folder, tell, given_up))
        chat.wait(fetching, stop=given_up.set)
    except LocalProblem as problem:
        chat.terminal.say(problem.sentence)
        return False
    return True


def _labels(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(NO_PERSONA, ""), *((clean_line(name), name) for name in names)]


def _choose(chat: LineChat, key: str, value: Value, said: str) -> None:
    try:
        chat.session.choose({key: value})
    except SettingsError as error:
        chat.terminal.say(str(error))
    else:
        chat.terminal.say(f"{said} in this conversation.")


COMMANDS = CommandGroup(
    "Models",
    (
        LineCommand("choose_model", "Choose a model for this conversation", choose_model, "NAME", ("model",)),
        LineCommand("make_default", "Ask its model in new conversations, too", make_default),
        LineCommand("persona", "Choose a persona", persona, "NAME"),
        LineCommand("thinking", "Choose how much the model thinks", thinking_effort, "EFFORT"),
        LineCommand("temperature", "Choose the sampling temperature", temperature, "NUMBER"),
        LineCommand("use_defaults", "Forget what was chosen for this conversation", use_defaults),
        LineCommand("enter_key", "Enter an API key, which is not shown", enter_key, "PROVIDER", ("key",)),
        LineCommand("use_local_model", "Use a small model on this machine", use_local_model),
    ),
)
