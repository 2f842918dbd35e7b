"""`tui-chat ask --prompts FILE`: many prompts, each by itself, to one model or several; results as JSON lines."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tui_chat.chat import exchange
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Conversation, Message, StreamingStatus, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.chat.usage import Usage
from tui_chat.cli.batch_file import batch_file_beside
from tui_chat.cli.compare import about, contenders_of
from tui_chat.cli.evaluation_progress import Progress, Sums
from tui_chat.cli.output import Complaint
from tui_chat.cli.output_thread import Sink
from tui_chat.cli.program import settle_model
from tui_chat.cli.prompts_file import PromptRow, asked_of_each, read_prompts
from tui_chat.cli.reply import Printer
from tui_chat.cli.results_file import key_of, opened_results, result_row
from tui_chat.program.contenders import Contender
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks
from tui_chat.program.wiring import Program
from tui_chat.providers import takes_batches
from tui_chat.settings import expanded
from tui_chat.storage import Aside
from tui_chat.streaming.stop import Outcome, Stop
from tui_chat.text.amounts import stretch
from tui_chat.text.plain_json import as_json

JOBS = 4
"""Requests at a time where nothing else is said."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0
"""Seconds for which all wait when the retries of one are used up, first and at most."""
_WAITED_FOR = (ErrorKind.RATE_LIMITED.value, ErrorKind.OVERLOADED.value)
_REFUSED = {
    "words": "A PROMPT",
    "attach": "--attach",
    "template": "--template",
    "schema": "--schema",
    "allow_tool": "--allow-tool",
    "go_on": "--continue",
    "resume": "--resume",
    "no_save": "--no-save",
}
"""The options that are for one prompt."""


def evaluate(program: Program, args: argparse.Namespace, way: type[Evaluation]) -> int:
    """Ask every prompt that has no result yet, in this way; return the exit status."""
    check_options(args)
    contenders = contenders_of(program, args) if args.compare is not None else [_only(program)]
    if args.batch_api:
        _check_batches(program, contenders)
    rows = read_prompts(args.prompts)
    sums: dict[str, Sums] = {contender.name: Sums() for contender in contenders}
    wanted = {row.key(name) for row, name in asked_of_each(rows, list(sums))}
    done: set[bytes] = set()

    def take(data: Mapping[str, object]) -> None:
        key = key_of(data)
        if key in wanted and key not in done:
            done.add(key)
            sums[str(data["contender"])].add(data, failed=False)

    with _output(args, take) as descriptor:
        alone, steady = not os.isatty(descriptor), not args.batch_api
        progress = Progress(len(wanted), len(done), alone=alone, steady=steady)
        status = way(program, contenders, descriptor, progress, sums, args).run(asked_of_each(rows, list(sums)), done)
        progress.end(sums)
    return status


def check_options(args: argparse.Namespace) -> None:
    """Complain of options that are for one prompt only."""
    for name, option in _REFUSED.items():
        if getattr(args, name, None):
            raise Complaint(f"{option} does not go with --prompts.", 2)
    if args.format == "json":
        raise Complaint("The results of --prompts are JSON lines: use --format jsonl with it.", 2)
    if args.batch_api and args.output is None:
        raise Complaint("--batch-api needs --output FILE: beside it stands which batches are under way.", 2)
    if args.batch_api and args.timeout is not None:
        raise Complaint("--timeout does not go with --batch-api: a batch takes up to a day.", 2)
    if args.output is not None and not args.batch_api:
        _check_nothing_under_way(batch_file_beside(expanded(args.output, "--output")))


def _check_nothing_under_way(batches: Path) -> None:
    if batches.exists():
        raise Complaint(f"Batches are under way: add --batch-api, or remove {batches} to ask again.", 2)


def _check_batches(program: Program, contenders: Sequence[Contender]) -> None:
    for contender in contenders:
        if not takes_batches(program.parts_of_contender("", contender.choices).provider.config):
            raise Complaint(f"{contender.name} is asked where no batches are taken: leave out --batch-api.", 2)


def _only(program: Program) -> Contender:
    """Return the model that is asked where none are compared."""
    parts = program.parts_of_contender("", {})
    if problem := parts.provider.key_problem():
        raise Complaint(problem.sentence)
    settle_model(parts)
    return Contender(parts.provider.model, {})


@contextmanager
def _output(args: argparse.Namespace, take: Callable[[Mapping[str, object]], None]) -> Iterator[int]:
    """Give the descriptor that results are written to."""
    if args.output is None:
        yield sys.stdout.fileno()
    else:
        with opened_results(expanded(args.output, "--output"), take) as descriptor:
            yield descriptor


class Evaluation:
    """Asks, so many at a time, and writes each result when it is there: none is kept in memory."""

    def __init__(
        self,
        program: Program,
        contenders: Sequence[Contender],
        descriptor: int,
        progress: Progress,
        sums: Mapping[str, Sums],
        args: argparse.Namespace,
    ) -> None:
        self._programs = {each.name: program.asking("", each.choices) for each in contenders}
        self._contenders = {each.name: each for each in contenders}
        self._manager, self._store = program.summarizer, program.store
        self._descriptor, self._sink = descriptor, Sink(descriptor, sys.stderr.fileno())
        self._progress, self._sums = progress, sums
        self._jobs, self._timeout_s, self._send_secrets = args.jobs, args.timeout, args.send_secrets
        self._stops: set[Stop] = set()
        self._signal: signal.Signals | None = None
        self._ending = asyncio.Event()
        self._waits: dict[str, float] = defaultdict(lambda: _FIRST_WAIT_S)
        """Seconds of the next wait of each contender."""
        self._over_budget = False

    def run(self, asked: Iterable[tuple[PromptRow, str]], done: Collection[bytes]) -> int:
        """Ask all of these but those that are done, by their keys; return the exit status."""
        try:
            asyncio.run(self._run(asked, done))
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Complaint(f"The results cannot be written: {error.strerror}.") from error
        if self._signal is not None:
            return 128 + self._signal
        return 1 if self._over_budget or any(each.failed for each in self._sums.values()) else 0

    async def _run(self, asked: Iterable[tuple[PromptRow, str]], done: Collection[bytes]) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                loop.add_signal_handler(number, self._end_by, number)
        for program in self._programs.values():
            program.parts_of("").requests.preload()
        await self._ask_all(asked, done)
        await asyncio.wrap_future(self._sink.close())

    async def _ask_all(self, asked: Iterable[tuple[PromptRow, str]], done: Collection[bytes]) -> None:
        loop = asyncio.get_running_loop()
        self._sink.ended.add_done_callback(lambda _: loop.call_soon_threadsafe(self._end))
        left = ((row, name) for row, name in asked if row.key(name) not in done)
        await asyncio.gather(*(self._work(left) for _ in range(self._jobs)))

    async def _work(self, left: Iterator[tuple[PromptRow, str]]) -> None:
        for row, name in left:
            while not self._ending.is_set() and not await self._settle(row, name):
                pass
            if self._ending.is_set():
                return

    async def _settle(self, row: PromptRow, name: str) -> bool:
        """Ask once, and write the result; False if it has to be asked again after a wait."""
        pending = self._pending(row, name)
        if sentence := self._secret(pending, name):
            self._write(row, name, pending.reply, sentence)
            return True
        if self._is_over_budget(pending, name):
            return True
        message = await self._fetch(pending, row, name)
        if message.metadata.usage != Usage():
            self._store.count_aside("", Aside.EVALUATION, message.metadata)
        if message.status is StreamingStatus.CANCELLED:
            return True
        if (message.metadata.error or {}).get("kind") in _WAITED_FOR:
            await self._wait(name, _error(message))
            return False
        self._waits.pop(name, None)
        self._write(row, name, message, self._why_not(message))
        return True

    def _pending(self, row: PromptRow, name: str) -> PendingReply:
        told = about(self._programs[name].parts_of(""), self._contenders[name])
        return exchange.send(Conversation(id=""), Prompt(row.prompt), told, utc_now())

    async def _fetch(self, pending: PendingReply, row: PromptRow, name: str) -> Message:
        job = self._programs[name].parts_of("").requests.evaluation_job(pending, row.system)
        stop, loop = Stop(), asyncio.get_running_loop()
        self._stops.add(stop)
        timer = loop.call_later(self._timeout_s, stop.request, Outcome.KEEP) if self._timeout_s else None
        try:
            return await self._manager.run(job, Printer(_Silent()), stop)
        finally:
            self._stops.discard(stop)
            if timer is not None:
                timer.cancel()

    async def _wait(self, name: str, sentence: str) -> None:
        """Wait until the provider may take requests again, or the end is asked for."""
        wait_s = self._waits[name]
        self._waits[name] = min(2 * wait_s, _LONGEST_WAIT_S)
        self._progress.say(f"{name}: {sentence} Waiting {stretch(wait_s)}.")
        try:
            async with asyncio.timeout(wait_s):
                await self._ending.wait()
        except TimeoutError:
            pass

    def _secret(self, pending: PendingReply, name: str) -> str:
        """Return why a prompt is not sent that seems to have a secret in it; "" if it is."""
        found = () if self._send_secrets else self._checks(name).secrets(pending)
        return "The prompt seems to contain a secret; --send-secrets sends it anyway." if found else ""

    def _is_over_budget(self, pending: PendingReply, name: str) -> bool:
        """True, and the end begins, if the day's budget does not allow one more."""
        checks = self._checks(name)
        sentence = checks.over_budget(pending, budget) if (budget := checks.budget()) is not None else ""
        if sentence:
            self._over_budget = True
            self._progress.say(sentence)
            self._ending.set()
        return bool(sentence)

    def _checks(self, name: str) -> SendChecks:
        return SendChecks(RequestEstimator(self._programs[name]))

    def _why_not(self, message: Message) -> str:
        """Return why there is no result, in a sentence; "" if there is."""
        if message.status is StreamingStatus.COMPLETE:
            return ""
        return _error(message) if message.metadata.error else f"Not complete after {self._timeout_s:g} s (--timeout)."

    def _write(self, row: PromptRow, name: str, message: Message, error: str) -> None:
        data = result_row(row, name, message, error)
        self._sink.write(as_json(data) + "\n")
        self._sums[name].add(data, failed=bool(error))
        self._progress.add(failed=bool(error))
        if error:
            self._progress.say(f"{name}: {error}")

    def _end_by(self, number: signal.Signals) -> None:
        """Begin no more, and discard what comes: it is asked again by the next run."""
        self._signal = number
        self._end()

    def _end(self) -> None:
        self._ending.set()
        for stop in list(self._stops):
            stop.request(Outcome.DISCARD)


class _Silent:
    """Takes what is said about one of many replies."""

    def write(self, text: str) -> None:
        """Write nothing."""

    def note(self, text: str) -> None:
        """Say nothing: the progress says enough."""


def _error(message: Message) -> str:
    return ChatError.from_json(message.metadata.error or {}).sentence


def add_evaluation(parser: argparse.ArgumentParser) -> None:
    """Add the options for many prompts."""
    many = parser.add_argument_group("many prompts, each by itself")
    prompts = 'a prompt a line, or JSON lines {"id": ..., "prompt": ..., "system": ...}; - is standard input'
    many.add_argument("--prompts", metavar="FILE", help=prompts)
    many.add_argument("--jobs", metavar="N", type=_jobs, default=JOBS, help=f"requests at a time (default: {JOBS})")
    output = "append the results to this file; those that it has already are not asked again"
    many.add_argument("--output", metavar="FILE", type=Path, help=output)
    batches = "send them in batches: half the price where the provider has them, results within a day"
    many.add_argument("--batch-api", action="store_true", help=batches)


def _jobs(text: str) -> int:
    if not (text.isdecimal() and len(text) <= 3 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number of requests (1 to 999)")
    return int(text)
