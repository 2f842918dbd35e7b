"""`tui-chat` without a command: the app."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial

from tui_chat.chat.message import Conversation
from tui_chat.cli.output import Complaint, complain
from tui_chat.cli.program import conversation_of, message_of, opened_program
from tui_chat.cli.signals import ended_by_signals
from tui_chat.interpreter import lasting_imports
from tui_chat.program.api_keys import KeyringUse
from tui_chat.program.contenders import Contender, contenders_named
from tui_chat.program.wiring import Program
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line, fit

LAST_WRITES_S = 0.5
LONGEST_TITLE = 60
_NOT_AGAIN = "The last time, tui-chat ended while it opened “{}”. This is a new conversation; Ctrl+O opens the other."


def _first_conversation(program: Program, args: argparse.Namespace) -> Conversation | None:
    """Return the conversation that is to go on, unless the program has just ended over it."""
    conversation, failed = conversation_of(program, args), program.store.opening_mark.take()
    if conversation is None or conversation.id != failed:
        return conversation
    program.report_problem(_NOT_AGAIN.format(fit(clean_line(conversation.title), LONGEST_TITLE)))
    return None


def _compared(program: Program, args: argparse.Namespace) -> Sequence[Contender]:
    """Return the models that the first prompts go to, if several are named."""
    try:
        return contenders_named(args.compared, program) if "compared" in args else ()
    except SettingsError as error:
        raise Complaint(str(error), 2) from None


def _run_in_lines(program: Program, args: argparse.Namespace, problems: Sequence[str]) -> int:
    """Chat in lines in place of a full screen; of a temporary conversation nothing is kept."""
    from tui_chat.cli.lines.front_end import LineFrontEnd

    first, compared = _first_conversation(program, args), _compared(program, args)
    shown = program.temporary() if "temporary" in args else program
    return LineFrontEnd(shown, problems).run(first, getattr(args, "prompt", ""), compared)


def run(args: argparse.Namespace) -> int:
    """Open the app, and stay until it is closed."""
    in_browser = "TEXTUAL_DRIVER" in os.environ  # `tui-chat serve` is at the other end of both pipes
    if not (in_browser or (sys.stdin.isatty() and sys.stdout.isatty())):
        raise Complaint("This needs a terminal; in a pipe or a script use `tui-chat ask`.", 2)
    problems: list[str] = []
    with opened_program(args, problems.append, keyring=KeyringUse.IN_BACKGROUND) as program:
        if program.provider.runs_small_model and not in_browser:
            from tui_chat.cli.local import require_engine

            require_engine(program)
        if program.settings.now.ui.screen_reader and not in_browser:
            return _run_in_lines(program, args, problems)
        with lasting_imports():
            from tui_chat.ui.app import TuiChatApp

        first, prompt = _first_conversation(program, args), getattr(args, "prompt", "")
        at, temporary = message_of(args, first), "temporary" in args
        compared = _compared(program, args)
        app = TuiChatApp(program, first, prompt, at=at, temporary=temporary, compared=compared)

        def begin() -> None:
            program.ending = True

        def close(status: int) -> None:
            app.call_later(app.exit, return_code=status)

        with ended_by_signals(begin, close, save=partial(program.store.flush, LAST_WRITES_S)):
            app.run()
        told = len(problems)
    for sentence in problems[told:]:
        complain(sentence)  # the app, which reports all others, was no longer there
    return app.return_code or 0
