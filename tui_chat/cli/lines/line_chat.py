"""A chat in lines: a session, the terminal, and a loop that runs only while there is something to wait for."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from tui_chat.chat.message import Message
from tui_chat.chat.parts import FilePart, files_of
from tui_chat.chat.prompt import Prompt
from tui_chat.cli.lines.ask_first import ask_about_call, ask_before_sending
from tui_chat.cli.lines.line_terminal import LineTerminal, unechoed
from tui_chat.cli.lines.line_view import LineView, SendQuestion
from tui_chat.program.wiring import Program
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.session import ConversationSession

T = TypeVar("T")

MOST_REPLIES = 64
"""Threads for what waits for disks and answers."""


class LineChat:
    """Holds all that commands act on."""

    def __init__(self, program: Program, terminal: LineTerminal, now: Callable[[], datetime]) -> None:
        self.program = program
        self.terminal = terminal
        self.now = now
        self.session = ConversationSession(program, now)
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(MOST_REPLIES))
        self.view = LineView(self.session, terminal, self._loop)
        self.is_over = False
        """True once the user has asked to leave."""
        self.files: list[FilePart] = []
        """Those that go with the next prompt."""
        self.deleted: list[str] = []
        """The conversations that can be brought back, the last one at the end."""
        self._edited = ""
        """The message whose place the next prompt takes; "" if it goes to the end."""

    def send(self, text: str) -> None:
        """Send a prompt with the files that are attached, and read out its reply."""
        prompt = Prompt(text, self._edited, tuple(self.files))
        self.files.clear()
        self._edited = ""
        self.do(self.session.submit(prompt))

    def edit(self, message: Message) -> None:
        """Put a prompt into the line that is typed next: it takes its place, on a branch of its own."""
        self.view.given_back, self._edited = message.text, message.id
        self.files[:] = files_of(message.parts)

    def leave_edit(self) -> None:
        """Let the next prompt go to the end again."""
        if self._edited:
            self._edited = ""
            self.files.clear()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end, and read out the replies that it brings; Ctrl+C stops these."""
        with unechoed():
            done = self._loop.run_until_complete(self._heeding_stop(work))
        while self.view.questions:
            question = self.view.questions.popleft()
            if isinstance(question, SendQuestion):
                ask_before_sending(self, question)
            else:
                ask_about_call(self, question)
            with unechoed():
                self._loop.run_until_complete(self._heeding_stop(self.view.until_quiet()))
        return done

    async def _heeding_stop(self, work: Coroutine[Any, Any, T]) -> T:
        self._loop.add_signal_handler(signal.SIGINT, self.stop)
        try:
            done = await work
            await self.view.until_quiet()
            return done
        finally:
            self._loop.remove_signal_handler(signal.SIGINT)

    def stop(self) -> None:
        """Stop the replies that are coming, as the settings say."""
        self.session.stop(Outcome(self.program.settings.now.streaming.on_stop))

    def close(self, outcome: Outcome) -> None:
        """End every reply that still comes, and the loop."""
        self._loop.run_until_complete(self.session.end_all(outcome))
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
