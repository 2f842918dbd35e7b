"""Commands about several models that answer the same prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_chat.chat.models import Model
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import choose
from tui_chat.program.contenders import Contender, contenders_named
from tui_chat.settings import SettingsError, Value
from tui_chat.text import clean_line
from tui_chat.ui.compare.comparison import Comparison
from tui_chat.ui.compare.judging import judged

NOT_COMPARED = "No models are compared here. /compare A,B compares models."


def compare(chat: LineChat, words: str) -> None:
    """Send prompts to several models from now on, or to one again."""
    if not words:
        chat.do(chat.session.compare(()))
        chat.terminal.say("Prompts go to one model. /compare A,B compares models.")
        return
    if chosen := _named(chat, words):
        chat.do(chat.session.compare(chosen))
        chat.terminal.say(f"Prompts now go to {', '.join(one.name for one in chosen)}, one reply after another.")


def choose_reply(chat: LineChat, words: str) -> None:
    """Go on with the reply of one model alone; the others stay as versions."""
    comparison = _compared(chat)
    if comparison is None:
        return
    names = [clean_line(name) for name in comparison.names]
    labels = [(name, at) for at, name in enumerate(names)]
    at = names.index(words) if words in names else choose(chat.terminal, "Go on with whose reply?", labels)
    if at is not None:
        chat.session.look_at_branch(at)
        said = comparison.choice_words
        chat.do(chat.session.choose_branch())
        for sentence in said:
            chat.terminal.say(sentence)


def add_column(chat: LineChat, words: str) -> None:
    """Have more models answer the last prompt."""
    if _compared(chat) is None:
        return
    if asked := _named(chat, words):
        chat.do(chat.session.ask_also([one.choices for one in asked]))


def judge(chat: LineChat, words: str) -> None:
    """Ask a model which reply is better, in a conversation of its own."""
    comparison, session = _compared(chat), chat.session
    if comparison is None:
        return
    choices = [one.choices for one in _named(chat, words)] if words else [_own_choices(chat)]
    if not choices:
        return
    asked = judged(chat.program, comparison, choices[0], session.comparing.instruction)
    if isinstance(asked, str):
        chat.terminal.say(asked)
        return
    conversation, prompt = asked
    chat.do(session.open(conversation))
    chat.terminal.say("The judge is asked in a new conversation: /previous leads back.")
    chat.do(session.submit(prompt))


def _named(chat: LineChat, words: str) -> Sequence[Contender]:
    """Return the models that are named; none if one of them cannot be, which is said."""
    try:
        return contenders_named(words, chat.program)
    except SettingsError as error:
        chat.terminal.say(str(error))
        return ()


def _own_choices(chat: LineChat) -> Mapping[str, Value]:
    """Return the choices of the conversation's own model."""
    parts = chat.program.parts_of(chat.session.conversation.id)
    return parts.offer(Model(parts.provider.model)).choices


def _compared(chat: LineChat) -> Comparison | None:
    """Return the comparison of the conversation; that there is none is said."""
    comparison = chat.session.comparing.of(chat.session.conversation.id)
    if comparison is None:
        chat.terminal.say(NOT_COMPARED)
    return comparison


COMMANDS = CommandGroup(
    "Compared models",
    (
        LineCommand("compare", "Ask several models, one reply after another", compare, "A,B,C"),
        LineCommand("choose_reply", "Go on with the reply of one model", choose_reply, "NAME"),
        LineCommand("add_column", "Have more models answer the last prompt", add_column, "A,B", ("ask_more",)),
        LineCommand("judge", "Ask a model which reply is better", judge, "NAME"),
    ),
)
