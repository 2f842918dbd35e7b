"""`tui-chat ask --prompts FILE`: many prompts, each by itself, to one model or several; results as JSON lines."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.chat.protocols import PendingReply
from tui_chat.chat.usage import Usage
from tui_chat.cli.batch_file import batch_file_beside
from tui_chat.cli.compare import contenders_of
from tui_chat.cli.evaluation import Evaluation, Way
from tui_chat.cli.evaluation_progress import Progress, Sums
from tui_chat.cli.output import Complaint
from tui_chat.cli.program import settle_model
from tui_chat.cli.prompts_file import PromptRow, asked_of_each, read_prompts
from tui_chat.cli.reply import Printer
from tui_chat.cli.results_file import key_of, opened_results
from tui_chat.program.contenders import Contender
from tui_chat.program.wiring import Program
from tui_chat.providers import takes_batches
from tui_chat.settings import expanded
from tui_chat.storage import Aside
from tui_chat.streaming.stop import Outcome, Stop

JOBS = 4
"""Requests at a time where nothing else is said."""
_WAITED_FOR = (ErrorKind.RATE_LIMITED, ErrorKind.OVERLOADED)
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


def evaluate(program: Program, args: argparse.Namespace, way: Callable[[Evaluation], Way]) -> int:
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
        evaluation = Evaluation(program, contenders, descriptor, progress, sums, args)
        status = evaluation.run(way(evaluation), asked_of_each(rows, list(sums)), done)
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


class OneByOne:
    """Asks, so many at a time."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._stops: set[Stop] = set()

    async def ask_all(self, asked: Iterable[tuple[PromptRow, str]], done: Collection[bytes]) -> None:
        """Ask all of these but those that are done, by their keys."""
        loop, evaluation = asyncio.get_running_loop(), self._evaluation
        evaluation.sink.ended.add_done_callback(lambda _: loop.call_soon_threadsafe(self.end))
        left = ((row, name) for row, name in asked if row.key(name) not in done)
        await asyncio.gather(*(self._work(left) for _ in range(evaluation.args.jobs)))

    def end(self) -> None:
        """Begin no more, and discard what comes: it is asked again by the next run."""
        self._evaluation.ending.set()
        for stop in list(self._stops):
            stop.request(Outcome.DISCARD)

    async def _work(self, left: Iterator[tuple[PromptRow, str]]) -> None:
        for row, name in left:
            while not self._evaluation.ending.is_set() and not await self._settle(row, name):
                pass
            if self._evaluation.ending.is_set():
                return

    async def _settle(self, row: PromptRow, name: str) -> bool:
        """Ask once, and write the result; False if it has to be asked again after a wait."""
        evaluation = self._evaluation
        if name in evaluation.given_up:
            evaluation.progress.leave_out()
            return True
        pending = evaluation.pending(row, name)
        if sentence := evaluation.secret(pending, name):
            evaluation.write(row, name, pending.reply, sentence)
            return True
        if self._is_over_budget(pending, name):
            return True
        message = await self._fetch(pending, row, name)
        if message.metadata.usage != Usage():
            # Whoever asks next looks at the budget of the day, which has to know of this.
            await asyncio.wrap_future(evaluation.program.store.count_aside("", Aside.EVALUATION, message.metadata))
        if message.status is StreamingStatus.CANCELLED:
            return True
        return await self._take(row, name, message)

    async def _take(self, row: PromptRow, name: str, message: Message) -> bool:
        """Write the result; False if there is none because the provider takes no requests just now."""
        if message.metadata.error:
            error = ChatError.from_json(message.metadata.error)
            if error.kind in _WAITED_FOR:
                await self._evaluation.waits.wait(name, error.sentence)
                return False
            self._evaluation.give_up_if_all_fail(name, error)
        self._evaluation.waits.note_taken(name)
        self._evaluation.write(row, name, message, self._evaluation.why_not(message))
        return True

    async def _fetch(self, pending: PendingReply, row: PromptRow, name: str) -> Message:
        evaluation, stop, loop = self._evaluation, Stop(), asyncio.get_running_loop()
        job = evaluation.programs[name].parts_of("").requests.evaluation_job(pending, row.system)
        timeout_s = evaluation.args.timeout
        self._stops.add(stop)
        timer = loop.call_later(timeout_s, stop.request, Outcome.KEEP) if timeout_s else None
        try:
            return await evaluation.program.summarizer.run(job, Printer(_Silent()), stop)
        finally:
            self._stops.discard(stop)
            if timer is not None:
                timer.cancel()

    def _is_over_budget(self, pending: PendingReply, name: str) -> bool:
        """True, and the end begins, if the day's budget does not allow one more."""
        checks = self._evaluation.checks(name)
        sentence = checks.over_budget(pending, budget) if (budget := checks.budget()) is not None else ""
        if sentence:
            self._evaluation.end_for_budget(sentence)
            self._evaluation.ending.set()
        return bool(sentence)


class _Silent:
    """Takes what is said about one of many replies."""

    def write(self, text: str) -> None:
        """Write nothing."""

    def note(self, text: str) -> None:
        """Say nothing: the progress says enough."""


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
