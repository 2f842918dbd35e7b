"""The app as lines, from its first sentence to its last."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import Any

from tui_chat.chat.message import Conversation, utc_now
from tui_chat.cli.lines.composing import SLASH, compose
from tui_chat.cli.lines.conversation_words import say_where
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.line_commands import completions, leave, run_command
from tui_chat.cli.lines.line_terminal import LONGEST_HISTORY, Interrupted, Left, LineTerminal
from tui_chat.cli.lines.settling import settle_at_start
from tui_chat.program.contenders import Contender
from tui_chat.program.wiring import Program
from tui_chat.streaming.stop import Outcome

ENDING = (signal.SIGTERM, signal.SIGHUP)
WELCOME = "tui-chat, screen reader mode. Type a prompt and press Enter. /help lists commands."
SCRIPTED = "No API key found, so you're in demo mode: replies are scripted. `tui-chat key set` keeps a key."
SMALL = "A small model on this machine answers. It chats, but knows little: check what it says."
KEPT, NOT_KEPT = "Your conversation is saved. Goodbye.", "Goodbye."


class EndedBySignal(SystemExit):
    """The program is to end; what comes of a reply is kept as interrupted."""


class LineFrontEnd:
    """Reads prompts and commands, one after another."""

    def __init__(self, program: Program, said: Sequence[str], now: Callable[[], datetime] = utc_now) -> None:
        """`said` are sentences about trouble at the start."""
        self._program = program
        self._terminal = LineTerminal()
        self._chat = LineChat(program, self._terminal, now)
        self._trouble = list(said)
        """Sentences that have not been said yet: they come from any thread, and wait for the end of a line."""
        self._said: set[str] = set()
        self._is_leaving = False
        """True if Ctrl+C has just been pressed at an empty line."""

    def run(self, conversation: Conversation | None, prompt: str, compared: Sequence[Contender] = ()) -> int:
        """Chat until the user leaves; return the exit status."""
        outcome = Outcome.INTERRUPT
        try:
            with _ended_by_signals(self._program):
                self._begin(conversation, prompt, compared)
                if prompt:
                    self._send(prompt)
                while not self._chat.is_over:
                    self._turn()
                    self._change_chat()
                self._say_goodbye()
            outcome = Outcome.KEEP
        except EndedBySignal as ended:
            return int(str(ended.code))
        finally:
            self._close(outcome)
        return 0

    def _begin(self, conversation: Conversation | None, prompt: str, compared: Sequence[Contender]) -> None:
        program, session = self._program, self._chat.session
        program.report_problem.listen(self._trouble.append)
        self._terminal.remember(reversed(program.store.prompts(LONGEST_HISTORY)))
        self._terminal.say(WELCOME)
        settle_at_start(self._chat)
        program.requests.preload()
        self._chat.do(session.open(conversation or (None if prompt else program.store.unsent()) or Conversation()))
        if compared:
            self._chat.do(session.compare(compared))
        if session.parts.provider.stands_in:
            self._terminal.say(SCRIPTED)
        elif session.parts.provider.runs_small_model:
            self._terminal.say(SMALL)
        if session.conversation.messages:
            say_where(self._chat)

    def _change_chat(self) -> None:
        """Go on with a temporary conversation that was begun, or with the others once it was left."""
        here, beside, main = self._chat, self._chat.beside, self._chat.main
        if beside is not None:
            here.beside, self._chat = None, beside
        elif here.is_over and main is not None:
            here.leave(Outcome.KEEP)
            self._chat = main

    def _close(self, outcome: Outcome) -> None:
        """End all chats."""
        if self._chat.main is not None:
            self._chat.leave(outcome)
            self._chat = self._chat.main
        self._chat.close(outcome)

    def _turn(self) -> None:
        """Read one prompt or command, and do it."""
        self._tell_trouble()
        try:
            typed = compose(self._terminal, completions, self._chat.filled_line(), self._chat.keep_draft)
        except Interrupted as interrupted:
            self._interrupt(had_text=interrupted.had_text)
            return
        except Left:
            leave(self._chat)
            return
        self._is_leaving = False
        try:
            self._act_on(typed)
        except KeyboardInterrupt:
            self._terminal.say("Cancelled.")

    def _interrupt(self, *, had_text: bool) -> None:
        """Clear the line; or leave, at the second time in a row: the first may have been meant for a reply."""
        if had_text:
            self._chat.leave_edit()
            self._chat.keep_draft("")
            self._terminal.say("Cleared.")
        elif self._is_leaving:
            leave(self._chat)
        else:
            self._terminal.say("Press Ctrl+C again to quit.")
        self._is_leaving = not had_text

    def _act_on(self, typed: str) -> None:
        if typed.startswith(SLASH) and typed.strip() != SLASH:
            run_command(self._chat, typed)
        elif typed.strip():
            self._send(typed)

    def _send(self, text: str) -> None:
        self._terminal.remember([text])
        self._chat.send(text)

    def _tell_trouble(self) -> None:
        """Say what is wrong with the settings, the disk or the database, each thing once."""
        while self._trouble:
            sentence = self._trouble.pop(0)
            if sentence not in self._said:
                self._said.add(sentence)
                self._terminal.say(sentence)

    def _say_goodbye(self) -> None:
        kept = self._chat.session.conversation.messages and self._program.store.path is not None
        self._terminal.say(KEPT if kept else NOT_KEPT)


@contextmanager
def _ended_by_signals(program: Program) -> Iterator[None]:
    """Have these signals raise `EndedBySignal` wherever the main thread is."""

    def end(number: int, _frame: FrameType | None) -> None:
        program.ending = True
        raise EndedBySignal(128 + number)

    heeded = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]  # as nohup wants it
    before: dict[int, Any] = {number: signal.signal(number, end) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
