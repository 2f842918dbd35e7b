"""A chat in lines: a session, the terminal, and a loop that runs only while there is something to wait for."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from tui_chat.chat.message import Message
from tui_chat.chat.parts import FilePart, files_of
from tui_chat.chat.prompt import Prompt, as_quotation, too_long
from tui_chat.cli.lines.ask_first import ask_about_call, ask_before_sending
from tui_chat.cli.lines.composing import SLASH
from tui_chat.cli.lines.line_drafts import LineDrafts
from tui_chat.cli.lines.line_terminal import LineTerminal
from tui_chat.cli.lines.line_view import LineView, SendQuestion
from tui_chat.cli.lines.questions import confirm
from tui_chat.cli.lines.spoken_summaries import SpokenSummaries
from tui_chat.program.destinations import KeyWouldGoElsewhere
from tui_chat.program.file_checks import files_refused
from tui_chat.program.temporary import SAVING_S
from tui_chat.program.wiring import Program
from tui_chat.settings import SettingsError
from tui_chat.streaming.stop import Outcome
from tui_chat.text import clean_line
from tui_chat.ui.chat.compactor import Compactor
from tui_chat.ui.chat.message_edits import MessageEdits
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.conversations.conversation_library import ConversationLibrary

T = TypeVar("T")

NOT_SENT = "You typed this before, and did not send it."
MOST_REPLIES = 64
"""Threads for what waits for disks and answers."""


class LineChat:
    """Holds all that commands act on."""

    def __init__(
        self, program: Program, terminal: LineTerminal, now: Callable[[], datetime], main: LineChat | None = None
    ) -> None:
        """Keep `main`, the chat that is gone back to from a temporary conversation."""
        self.program = program
        self.terminal = terminal
        self.now = now
        self.session = ConversationSession(program, now)
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(MOST_REPLIES))
        self.view = LineView(self.session, terminal, self._loop)
        self.main = main
        self.beside: LineChat | None = None
        """A temporary conversation that is to be gone on with before this one."""
        self.is_over = False
        """True once the user has asked to leave."""
        self.files: list[FilePart] = []
        """Those that go with the next prompt."""
        self.quotation = ""
        """The beginning of the next prompt: earlier messages, marked as quotations."""
        self.library = ConversationLibrary(self.session)
        """The other conversations."""
        self.compactor = Compactor(SpokenSummaries(terminal), self.session, now)
        """Makes and changes summaries."""
        self.edits = MessageEdits(self.session, self.compactor, now)
        """Changes single messages."""
        self._drafts = LineDrafts(program.store)
        self.view.prompt_is_sent = partial(self._drafts.save, "", ())
        self._edited = ""
        """The message whose place the next prompt takes; "" if it goes to the end."""
        self._rewritten = ""
        """The reply, or the summary, whose text the next line is."""

    # -- the line that is typed next

    def filled_line(self) -> str:
        """Return what the next line begins with: what was put there, or else was left in this conversation."""
        left = self._drafts.arrive(self.session.conversation.id)
        filled, self.view.given_back = self.view.given_back, ""
        if not filled and left is not None and not left.is_empty:
            self.terminal.say(NOT_SENT)
            filled = left.text
            self.attach(left.files)
        return filled

    def fill(self, text: str) -> None:
        """Put a text into the line that is typed next."""
        self.view.given_back = text

    def keep_draft(self, typed: str) -> None:
        """Keep what has been typed so far, unless it is no prompt."""
        if not (typed.startswith(SLASH) or self._rewritten):
            self._drafts.save(self._quoting(typed), self.files)

    def quote(self, text: str) -> None:
        """Have the next prompt begin with a quotation, after those that it begins with already."""
        self.quotation = self._quoting(as_quotation(text))

    def _quoting(self, text: str) -> str:
        """Return a text behind what is quoted."""
        return f"{self.quotation}\n\n{text}" if self.quotation else text

    def attach(self, files: Sequence[FilePart]) -> None:
        """Let files go with the next prompt."""
        for file in files:
            self.files.append(file)
            self.terminal.say(f"{clean_line(file.name)} goes with the next prompt. /detach takes it away again.")

    def send(self, text: str) -> None:
        """Send a prompt with its files, and read out its reply; or put what was rewritten in its place."""
        if self._rewritten:
            rewritten, self._rewritten = self._rewritten, ""
            self.do(self.edits.rewrite(rewritten, text))
            self.terminal.say("Rewritten.")
            return
        prompt = Prompt(self._quoting(text), self._edited, tuple(self.files))
        if sentence := too_long(prompt.text) or files_refused(prompt.files, self.session.parts.provider.model):
            self.terminal.say(sentence)
            self.fill(text)
            return
        self.files.clear()
        self._edited = self.quotation = ""
        self.do(self.session.submit(prompt))

    def edit(self, message: Message) -> None:
        """Put a prompt into the line that is typed next: it takes its place, on a branch of its own."""
        self.leave_edit()
        self._edited = message.id
        self.fill(message.text)
        self.files[:] = files_of(message.parts)

    def rewrite(self, reply: Message) -> None:
        """Put a reply, or a summary, into the line that is typed next, which is not sent then."""
        self.leave_edit()
        self._rewritten = reply.id
        self.fill(reply.text)

    def leave_edit(self) -> None:
        """Let the next prompt go to the end again."""
        if self._edited:
            self.files.clear()
        self._edited = self._rewritten = ""

    # -- what is done

    def change_settings(self, change: Callable[..., None]) -> None:
        """Change settings; ask first if a key would go elsewhere for it, and say what is not allowed."""
        try:
            change()
        except KeyWouldGoElsewhere as asked:
            if confirm(self.terminal, clean_line(str(asked))):
                change(key_may_go=True)
        except SettingsError as error:
            self.terminal.say(str(error))

    def wait(self, work: Coroutine[Any, Any, T] | Future[T], stop: Callable[[], object] | None = None) -> T:
        """Return what comes of something that takes its time; Ctrl+C gives it up, or calls `stop`."""
        begun = _outcome(work) if isinstance(work, Future) else work
        task = self._loop.create_task(begun)
        with self.terminal.unechoed():
            self._loop.add_signal_handler(signal.SIGINT, stop or task.cancel)
            try:
                return self._loop.run_until_complete(task)
            except asyncio.CancelledError:
                raise KeyboardInterrupt from None
            finally:
                self._loop.remove_signal_handler(signal.SIGINT)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end, and read out the replies that it brings; Ctrl+C stops these."""
        with self.terminal.unechoed():
            done = self._loop.run_until_complete(self._heeding_stop(work))
        while self.view.questions:
            question = self.view.questions.popleft()
            if isinstance(question, SendQuestion):
                ask_before_sending(self, question)
            else:
                ask_about_call(self, question)
            with self.terminal.unechoed():
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
        """Stop the reply that is coming, as the settings say; of several, the one that is read out."""
        if (one := self.view.one_of_several) is not None:
            self.session.stop_one(one)
        else:
            self.session.stop(Outcome(self.program.settings.now.streaming.on_stop))

    def leave(self, outcome: Outcome) -> None:
        """End a temporary conversation; nothing of it is left that was not kept."""
        self.close(outcome)
        self.program.store.close(SAVING_S)

    def close(self, outcome: Outcome) -> None:
        """End every reply that still comes, and the loop."""
        self._loop.run_until_complete(self.session.end_all(outcome))
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()


async def _outcome(of_thread: Future[T]) -> T:
    return await asyncio.wrap_future(of_thread)
