"""An evaluation under way: whom it asks, what is asked of them, and what becomes of the results."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from tui_chat.chat import exchange
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Conversation, Message, StreamingStatus, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.cli.compare import about
from tui_chat.cli.evaluation_progress import Progress, Sums
from tui_chat.cli.output import Complaint
from tui_chat.cli.output_thread import Sink
from tui_chat.cli.prompts_file import PromptRow
from tui_chat.cli.rate_limit_waits import RateLimitWaits
from tui_chat.cli.results_file import result_row
from tui_chat.program.contenders import Contender
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks
from tui_chat.program.wiring import Program
from tui_chat.text.plain_json import as_json

_THE_SAME_FOR_ALL = (ErrorKind.AUTHENTICATION, ErrorKind.MODEL_NOT_FOUND)
"""The failures that every other prompt would end in, too."""


class Way(Protocol):
    """A way of asking."""

    async def ask_all(self, asked: Iterable[tuple[PromptRow, str]], done: Collection[bytes]) -> None:
        """Ask all of these but those that are done, by their keys."""

    def end(self) -> None:
        """Begin no more."""


class Evaluation:
    """All that every way of asking needs. A result is written when it is there: none is kept in memory."""

    def __init__(
        self,
        program: Program,
        contenders: Sequence[Contender],
        descriptor: int,
        progress: Progress,
        sums: Mapping[str, Sums],
        args: argparse.Namespace,
    ) -> None:
        self.program, self.args, self.progress = program, args, progress
        self.programs = {each.name: program.asking("", each.choices) for each in contenders}
        self.over_budget = False
        """True if the day's budget does not allow all."""
        self.given_up: set[str] = set()
        """Those of whom nothing more is asked."""
        self.signal: signal.Signals | None = None
        """The signal that has ended it, if one has."""
        self.ending = asyncio.Event()
        """Set when no more is to be begun."""
        self.waits = RateLimitWaits(self.ending, progress.say)
        self._contenders = {each.name: each for each in contenders}
        self._descriptor, self._sums = descriptor, sums
        self.sink = self._opened_sink()

    def run(self, way: Way, asked: Iterable[tuple[PromptRow, str]], done: Collection[bytes]) -> int:
        """Ask all of these but those that are done, by their keys; return the exit status."""
        try:
            asyncio.run(self._run(way, asked, done))
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Complaint(f"The results cannot be written: {error.strerror}.") from error
        if self.signal is not None:
            return 128 + self.signal
        failed = any(each.failed for each in self._sums.values())
        return 1 if self.over_budget or self.given_up or failed else 0

    async def _run(self, way: Way, asked: Iterable[tuple[PromptRow, str]], done: Collection[bytes]) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                loop.add_signal_handler(number, self._end_by, number, way)
        for program in self.programs.values():
            program.parts_of("").requests.preload()
        await way.ask_all(asked, done)
        await asyncio.wrap_future(self.sink.close())

    def _end_by(self, number: signal.Signals, way: Way) -> None:
        self.signal = number
        way.end()

    # -- what is asked

    def pending(self, row: PromptRow, name: str) -> PendingReply:
        """Return a prompt, and the reply that a contender is to give."""
        told = about(self.programs[name].parts_of(""), self._contenders[name])
        return exchange.send(Conversation(id=""), Prompt(row.prompt), told, utc_now())

    def checks(self, name: str) -> SendChecks:
        """Return what checks the requests to a contender."""
        return SendChecks(RequestEstimator(self.programs[name]))

    def secret(self, pending: PendingReply, name: str) -> str:
        """Return why a prompt is not sent that seems to have a secret in it; "" if it is."""
        found = () if self.args.send_secrets else self.checks(name).secrets(pending)
        return "The prompt seems to contain a secret; --send-secrets sends it anyway." if found else ""

    def end_for_budget(self, sentence: str) -> None:
        """Say that the day's budget does not allow all."""
        self.over_budget = True
        self.progress.say(sentence)

    def give_up_if_all_fail(self, name: str, error: ChatError) -> None:
        """Ask nothing more of a contender if all would fail as this did."""
        if error.kind in _THE_SAME_FOR_ALL:
            self.give_up(name, f"{error.sentence} It is asked no more; the same command asks it again.")

    def give_up(self, name: str, sentence: str) -> None:
        """Say why nothing more is asked of a contender in this run."""
        self.given_up.add(name)
        self.progress.say(f"{name}: {sentence}")

    # -- what becomes of it

    def write(self, row: PromptRow, name: str, message: Message, error: str) -> None:
        """Write a result, or why there is none."""
        data = result_row(row, name, message, error)
        self.sink.write(as_json(data) + "\n")
        self._sums[name].add(data, failed=bool(error))
        self.progress.add(failed=bool(error))
        if error and name not in self.given_up:
            self.progress.say(f"{name}: {error}")

    def why_not(self, message: Message) -> str:
        """Return why there is no result, in a sentence; "" if there is."""
        if message.status is StreamingStatus.COMPLETE:
            return ""
        if message.metadata.error:
            return ChatError.from_json(message.metadata.error).sentence
        return f"Not complete after {self.args.timeout:g} s (--timeout)."

    async def sync(self) -> None:
        """Have all results on disk."""
        await asyncio.wrap_future(self.sink.close())
        os.fsync(self._descriptor)
        self.sink = self._opened_sink()

    def _opened_sink(self) -> Sink:
        return Sink(self._descriptor, sys.stderr.fileno())
