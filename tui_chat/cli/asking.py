"""Replies on their way to standard output, one or several at once, and what may end them early."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence

from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.cli.output import Complaint, complain, note
from tui_chat.cli.output_thread import Sink
from tui_chat.cli.reply import CUT_SHORT, Printer
from tui_chat.program.wiring import Program
from tui_chat.records import dataclass
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.stop import Outcome, Stop


def _nothing() -> None:
    """Print nothing more."""


@dataclass(frozen=True, slots=True)
class Printing:
    """The printers of the replies, one for each, and what is printed when all have ended."""

    printers: Sequence[Printer]
    names: Sequence[str] = ("",)
    """The names in sentences about each; "" where there is only one."""
    end: Callable[[], None] = _nothing


class Asking:
    """Fetches and prints replies."""

    def __init__(
        self,
        program: Program,
        begin: Callable[[], Sequence[ReplyJob]],
        printing: Callable[[Sink], Printing],
        timeout_s: float | None,
    ) -> None:
        self._program = program
        self._begin = begin
        """Stores the prompt: from then on a signal has to be heeded."""
        self._timeout_s = timeout_s
        self._sink = Sink(sys.stdout.fileno(), sys.stderr.fileno(), sys.stdout.encoding)
        self._printing = printing(self._sink)
        self._stops = [Stop() for _ in self._printing.printers]
        self._signal: signal.Signals | None = None
        self.messages: Sequence[Message] = ()
        """The replies, once they have ended."""
        self._timed_out = False
        self._over = False
        """True if the replies have ended and only their output is still on its way."""

    def run(self) -> int:
        """Fetch and print the replies; return the exit status."""
        # A reader who has gone away wants no more of it, but what came was read.
        self._sink.ended.add_done_callback(lambda _: self._stop_all(Outcome.KEEP))
        try:
            messages = asyncio.run(self._fetch())
        except asyncio.CancelledError:
            return self._interrupted()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Complaint(f"The reply cannot be written: {error.strerror}.") from error
        return self._interrupted() if self._signal else self._ended(messages)

    async def _fetch(self) -> Sequence[Message]:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                loop.add_signal_handler(number, self._end_by, number, task)
        if self._timeout_s is not None:
            loop.call_later(self._timeout_s, self._time_out)
        coming = zip(self._begin(), self._printing.printers, self._stops, strict=True)
        self.messages = messages = await asyncio.gather(*(self._fetch_one(*each) for each in coming))
        self._over = True
        if self._signal is None:
            self._printing.end()
            await asyncio.wrap_future(self._sink.close())
        return messages

    async def _fetch_one(self, job: ReplyJob, printer: Printer, stop: Stop) -> Message:
        message = await self._program.manager.run(job, printer, stop)
        if self._signal is None:
            try:
                printer.finish(job.pending.conversation.id, message)
            except Complaint:
                self._sink.abandon()
                raise
        return message

    def _stop_all(self, outcome: Outcome) -> None:
        for stop in self._stops:
            stop.request(outcome)

    def _end_by(self, number: signal.Signals, task: asyncio.Task[object]) -> None:
        """Discard what comes at SIGINT, the user's Cancel; any other signal interrupts it and keeps what came."""
        self._signal = number
        self._program.interrupted = True
        self._sink.abandon()
        if number is signal.SIGINT and not self._over:
            self._stop_all(Outcome.DISCARD)
        else:
            task.cancel()

    def _time_out(self) -> None:
        self._timed_out = True
        self._stop_all(Outcome.KEEP)

    def _interrupted(self) -> int:
        assert self._signal is not None
        self._sink.restore()
        if any(stop.outcome is Outcome.DISCARD for stop in self._stops):
            if sys.stderr.isatty():
                sys.stderr.write("\n")  # the terminal has written ^C where the text ended
            note("Response cancelled")
        return 128 + self._signal

    def _ended(self, messages: Sequence[Message]) -> int:
        """Say how each reply ended, if not in the ordinary way; return the exit status."""
        status = 0
        for name, printer, message in zip(self._printing.names, self._printing.printers, messages, strict=True):
            try:
                if told := self._remark(message, printer):
                    note(f"{name}: {told}" if name else told)
            except Complaint as complaint:
                if not name:
                    raise
                complain(f"{name}: {complaint.sentence}")
                status = 1
        return status

    def _remark(self, message: Message, printer: Printer) -> str:
        """Return what there is to say of the end of a reply; a complaint where it failed."""
        if message.status is StreamingStatus.FAILED:
            error = ChatError.from_json(message.metadata.error or {})
            raise Complaint(error.sentence + (f" (request {error.request_id})" if error.request_id else ""))
        if message.status is StreamingStatus.STOPPED and self._timed_out:
            raise Complaint(f"The reply was not complete after {self._timeout_s:g} s (--timeout).")
        if printer.whole_only and message.status is not StreamingStatus.COMPLETE:
            raise Complaint("The reply is not complete.")
        if message.metadata.stop_reason in CUT_SHORT:
            sentence = f"{CUT_SHORT[message.metadata.stop_reason]} {message.metadata.explanation}".rstrip()
            if printer.whole_only:
                raise Complaint(sentence)
            return sentence
        return "" if message.text else "The reply has no text."
