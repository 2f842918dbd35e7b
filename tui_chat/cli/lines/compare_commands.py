"""Commands about several models that answer the same prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_chat.chat.models import Model
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.conversation_words import names_of
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.message_commands import named_message
from tui_chat.cli.lines.questions import answer, choose
from tui_chat.cli.lines.spoken_differences import spoken_differences
from tui_chat.program.contenders import Contender, contenders_named
from tui_chat.settings import SettingsError, Value
from tui_chat.text import clean, clean_line
from tui_chat.ui.compare.comparison import Comparison
from tui_chat.ui.compare.judging import judged

NOT_COMPARED = "No models are compared here. /compare A,B compares models."
NEXT_FOR_ALL = "/show_differences reads what differs; the next prompt goes to each of them."


def compare(chat: LineChat, words: str) -> None:
    """Send prompts to several models from now on, or to one again."""
    if not words:
        chat.do(chat.session.compare(()))
        chat.terminal.say("Prompts go to one model. /compare A,B compares models.")
        return
    if chosen := _named(chat, words):
        chat.do(chat.session.compare(chosen))
        chat.terminal.say(f"Prompts now go to {names_of(chosen)}, one reply after another.")


def compare_hidden(chat: LineChat, words: str) -> None:
    """Send prompts to several models whose names are not said until one is chosen."""
    words = words or answer(chat.terminal, "Models, with commas between them: ") or ""
    if words and (chosen := _named(chat, words)):
        chat.do(chat.session.compare(chosen, blind=True))
        chat.terminal.say(f"Prompts now go to {len(chosen)} models, named once you choose: /choose_reply.")


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


def side_by_side(chat: LineChat, words: str) -> None:
    """Compare the versions of a reply, or compare no longer."""
    session = chat.session
    if session.comparing.hides_names(session.conversation.id):
        chat.terminal.say("Names are hidden until you choose a reply: /choose_reply.")
    elif session.comparing.of(session.conversation.id) is not None:
        chat.do(session.close_columns())
        asked = names_of(session.comparing.contenders(session.conversation.id))
        going_on = f"The next prompt still goes to {asked}: /compare ends that." if asked else ""
        chat.terminal.say(f"The replies are not compared any more. {going_on}".rstrip())
    elif (message := named_message(chat, words)) is not None:
        if not chat.do(session.side_by_side(message.id)):
            chat.terminal.say("There is only one version. /retry asks for another.")
        elif (comparison := _compared(chat)) is not None:
            chat.terminal.say(f"Compared: {', '.join(map(clean_line, comparison.names))}. {NEXT_FOR_ALL}")


def show_differences(chat: LineChat, words: str) -> None:
    """Read what each of two replies has in the place of what the other has."""
    comparison = _compared(chat)
    if comparison is None:
        return
    names = [clean_line(name) for name in comparison.names]
    places = _two_named(chat, names, [name.strip() for name in words.split(",")] if words else [])
    if places is not None:
        one, other = (comparison.branches[at].reply.text for at in places)
        for sentence in spoken_differences((names[places[0]], names[places[1]]), (clean(one), clean(other))):
            chat.terminal.say(sentence)


def _two_named(chat: LineChat, names: Sequence[str], wanted: Sequence[str]) -> tuple[int, int] | None:
    """Return the places of two replies; what is not clear by the names is asked for."""
    if len(names) == 2:
        return 0, 1
    places = [names.index(name) for name in wanted if name in names]
    for question in ("Which reply?", "And which other one?")[len(places) :]:
        left = [(name, at) for at, name in enumerate(names) if at not in places]
        if (chosen := choose(chat.terminal, question, left)) is None:
            return None
        places.append(chosen)
    return places[0], places[1]


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
        LineCommand("compare_hidden", "Compare them without their names, until you choose", compare_hidden, "A,B,C"),
        LineCommand("choose_reply", "Go on with the reply of one model", choose_reply, "NAME"),
        LineCommand("add_column", "Have more models answer the last prompt", add_column, "A,B", ("ask_more",)),
        LineCommand("show_differences", "Read what differs in two replies", show_differences, "A,B", ("differences",)),
        LineCommand("side_by_side", "Compare the versions of a reply, or no longer", side_by_side, "NUMBER"),
        LineCommand("judge", "Ask a model which reply is better", judge, "NAME"),
    ),
)
