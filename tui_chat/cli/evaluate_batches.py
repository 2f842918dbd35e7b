"""`tui-chat ask --prompts FILE --batch-api`: the prompts go out in batches, which are answered later at half the price.

A batch is written down beside the results before it is sent, with its id once that is known, and struck out when its
results are on disk. So whatever ends the program, the next run knows what is under way. Where it ended between the
sending and the id, the provider's newest batches are looked through for the mark that the names of its requests have.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from functools import partial
from typing import TypeVar

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.batches import Batch, BatchState, TakesBatches
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.estimate import utf8_size
from tui_chat.chat.events import StreamEvent
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.chat.metadata import Mode
from tui_chat.chat.parts import text_of
from tui_chat.chat.protocols import PendingReply
from tui_chat.chat.request import ReplyRequest
from tui_chat.chat.usage import Usage
from tui_chat.cli.batch_file import BatchFile, SentBatch, batch_file_beside
from tui_chat.cli.evaluation import Evaluation
from tui_chat.cli.prompts_file import PromptRow
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.records import replace
from tui_chat.settings import expanded
from tui_chat.storage import Aside
from tui_chat.text.amounts import counted, stretch

T = TypeVar("T")

MOST_REQUESTS, MOST_BYTES = 10_000, 25_000_000
"""Requests and bytes of text of one batch. The vendor takes ten times as much; this fits into memory several times."""
FIRST_LOOK_S, LONGEST_S, SLOWER = 1.0, 60.0, 1.5
"""Seconds between two looks at what is under way, first and at most, and how they grow."""
SETTLED_S = 60.0
"""Seconds after which a batch that was sent, and whose id never came, is in the provider's list if it arrived."""
_GONE = "The provider has not kept the results of the batch; run the same command again."
_MISSING = "The batch came back without a result for this; run the same command again."
_KEY_LETTERS = 32


class InBatches:
    """Sends what is left in batches, and writes the results when they are there."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation, self._progress = evaluation, evaluation.progress
        self._file = BatchFile(batch_file_beside(expanded(evaluation.args.output, "--output")))
        self._takers: dict[str, TakesBatches] = {}
        self._rows: dict[str, tuple[PromptRow, str]] = {}
        """The prompts that have no result yet, by their short keys."""
        self._known: Collection[str] = ()
        """The short keys of all prompts."""
        self._budget = evaluation.checks(next(iter(evaluation.programs))).budget()
        self._task: asyncio.Task[None] | None = None

    async def ask_all(self, asked: Iterable[tuple[PromptRow, str]], done: Collection[bytes]) -> None:
        """Ask all of these but those that are done, by their keys."""
        keyed = [(row.key(name), row, name) for row, name in asked]
        self._known = {_short(key) for key, _, _ in keyed}
        self._rows = {_short(key): (row, name) for key, row, name in keyed if key not in done}
        for name, program in self._evaluation.programs.items():
            taker = program.parts_of("").requests.batches()
            assert taker is not None, "this was checked"
            self._takers[name] = taker
        self._task = asyncio.ensure_future(self._go())
        try:
            await self._task
        except asyncio.CancelledError:
            if self._evaluation.signal is None:
                raise
            if self._under_way():
                self._progress.say("The batches go on without you; the same command picks them up.")

    def end(self) -> None:
        """Leave what is under way to the next run."""
        if self._task is not None:
            self._task.cancel()

    async def _go(self) -> None:
        for batch in self._under_way():
            if not batch.id:
                with self._giving_up(batch.contender):
                    await self._find(batch)
        await self._send_left()
        await self._collect()

    def _under_way(self) -> list[SentBatch]:
        """Return the batches of those who are asked, but for those whom this run asks nothing more."""
        asked = self._evaluation.programs.keys() - self._evaluation.given_up
        return [batch for batch in self._file.batches if batch.contender in asked]

    @contextmanager
    def _giving_up(self, contender: str) -> Iterator[None]:
        """Leave a contender to the next run if its provider refuses: the others go on."""
        try:
            yield
        except ChatError as error:
            self._evaluation.give_up(contender, f"{error.sentence} The same command goes on from here.")

    # Sending

    async def _send_left(self) -> None:
        sent = {row for batch in self._file.batches for row in batch.rows}
        left = {key: found for key, found in self._rows.items() if key not in sent}
        for contender in self._evaluation.programs:
            with self._giving_up(contender):
                for requests in in_chunks(self._requests(left, contender)):
                    await self._send(contender, requests)

    def _requests(
        self, left: Mapping[str, tuple[PromptRow, str]], contender: str
    ) -> Iterator[tuple[str, ReplyRequest]]:
        """Yield what is sent, up to where the day's budget ends."""
        factory = self._evaluation.programs[contender].parts_of("").requests
        for key, (row, name) in left.items():
            if name != contender or name in self._evaluation.given_up:
                continue
            pending = self._evaluation.pending(row, name)
            if sentence := self._evaluation.secret(pending, name):
                self._evaluation.write(row, name, pending.reply, sentence)
            elif self._is_over_budget(pending, name):
                return
            else:
                yield key, factory.evaluation_request(pending, row.system)

    def _is_over_budget(self, pending: PendingReply, name: str) -> bool:
        """True if the day's budget does not allow one more beside those that were sent, as far as their cost is known.

        They are counted at the usual price.
        """
        if self._evaluation.over_budget or self._budget is None:
            return self._evaluation.over_budget
        if sentence := self._evaluation.checks(name).over_budget(pending, self._budget):
            self._evaluation.end_for_budget(sentence)
            return True
        asked = replace(pending.conversation, messages=pending.conversation.before(pending.reply.id))
        request_usd = RequestEstimator(self._evaluation.programs[name]).forecast(asked).cost_usd or 0.0
        spent_usd = self._budget.spent_usd + self._budget.expected_usd(request_usd)
        self._budget = replace(self._budget, spent_usd=spent_usd, replies=self._budget.replies + 1)
        return False

    async def _send(self, contender: str, requests: Mapping[str, ReplyRequest]) -> None:
        """Send one batch; it is written down before, and its id after.

        Where it is not clear whether it has arrived, the next run finds out.
        """
        taker, batch = self._takers[contender], None
        try:
            newest = await self._allowed(contender, taker.newest_batch)
            batch = SentBatch(contender, os.urandom(4).hex(), newest, time.time(), tuple(requests))
            self._file.put(batch)
            named = {batch.name(row): request for row, request in requests.items()}
            id = await self._allowed(contender, partial(taker.send_batch, named))
        except ChatError as error:
            if batch is not None and not error.retryable:
                self._file.drop(batch)
            raise
        self._file.put(replace(batch, id=id))
        self._progress.say(f"{contender}: {counted(len(requests), 'prompt')} sent as batch {id}.")

    async def _allowed(self, contender: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Return what the provider says, once it takes requests again."""
        while True:
            try:
                answer = await ask()
            except ChatError as error:
                if error.kind not in (ErrorKind.RATE_LIMITED, ErrorKind.OVERLOADED):
                    raise
                sentence = error.sentence
            else:
                self._evaluation.waits.note_taken(contender)
                return answer
            await self._evaluation.waits.wait(contender, sentence)

    # Finding what was sent

    async def _find(self, batch: SentBatch) -> None:
        """Find the id of a batch that was perhaps sent; one that never arrived is struck out."""
        self._progress.say(f"{batch.contender}: looking for a batch that was being sent when the last run ended.")
        ours, taker = {each.id for each in self._file.batches}, self._takers[batch.contender]
        loop = asyncio.get_running_loop()
        until = loop.time() + min(max(SETTLED_S - (time.time() - batch.began_at), 0.0), SETTLED_S)
        while True:
            for each in await self._patiently(batch.contender, partial(taker.batches_after, batch.after)):
                like = each.id not in ours and each.requests == len(batch.rows)
                if like and await self._is_marked(each, batch):
                    self._file.put(replace(batch, id=each.id))
                    return
            if loop.time() >= until:
                self._file.drop(batch)
                return
            await asyncio.sleep(FIRST_LOOK_S)

    async def _is_marked(self, each: Batch, batch: SentBatch) -> bool:
        """True if this is that batch; one that is under way does not tell, and is waited for."""
        wait_s, taker = FIRST_LOOK_S, self._takers[batch.contender]
        while each.state is BatchState.UNDER_WAY:
            await asyncio.sleep(wait_s)
            wait_s = min(SLOWER * wait_s, LONGEST_S)
            each = await self._patiently(batch.contender, partial(taker.batch, each.id))
        if each.state is BatchState.GONE:
            return False
        return await self._patiently(batch.contender, partial(self._first_name, taker, each.id)) in {
            batch.name(row) for row in batch.rows
        }

    async def _first_name(self, taker: TakesBatches, id: str) -> str:
        async with aclosing(taker.batch_results(id)) as results:
            async for name, _ in results:
                return name
        return ""

    # Results

    async def _collect(self) -> None:
        """Look at what is under way, ever more seldom, and write the results of what has ended."""
        wait_s = FIRST_LOOK_S
        while True:
            for batch in self._under_way():
                if batch.contender not in self._evaluation.given_up:
                    with self._giving_up(batch.contender):
                        await self._look_at(batch)
            if not (waiting := self._under_way()):
                return
            prompts = counted(sum(len(batch.rows) for batch in waiting), "prompt")
            batches = "1 batch" if len(waiting) == 1 else f"{len(waiting)} batches"
            age = stretch(max(time.time() - min(batch.began_at for batch in waiting), 0.0))
            self._progress.show(f"{prompts} under way in {batches}, for {age}")
            await asyncio.sleep(wait_s)
            wait_s = min(SLOWER * wait_s, LONGEST_S)

    async def _look_at(self, batch: SentBatch) -> None:
        """Write the results of a batch, if it has ended."""
        found = await self._patiently(batch.contender, partial(self._takers[batch.contender].batch, batch.id))
        if found.state is not BatchState.UNDER_WAY:
            await self._take(batch, found.state)

    async def _take(self, batch: SentBatch, state: BatchState) -> None:
        """Write all results of a batch, and strike it out once they are on disk."""
        missing = {row for row in batch.rows if row in self._rows}
        if state is BatchState.ENDED:
            await self._patiently(batch.contender, partial(self._write_results, batch, missing))
        for key in sorted(missing):
            error = ChatError(ErrorKind.SERVER, _GONE if state is BatchState.GONE else _MISSING)
            self._write_outcome(*self._rows[key], error)
        if strange := sum(row not in self._known for row in batch.rows):
            self._progress.say(f"{counted(strange, 'result')} left out: their prompts are not in the file any more.")
        await self._evaluation.sync()
        self._file.drop(batch)

    async def _write_results(self, batch: SentBatch, missing: set[str]) -> None:
        """Write those results that are missing."""
        keys = {batch.name(row): row for row in missing}
        async with aclosing(self._takers[batch.contender].batch_results(batch.id)) as results:
            async for name, outcome in results:
                if (key := keys.get(name)) in missing:
                    missing.discard(key)
                    self._write_outcome(*self._rows[key], outcome)

    def _write_outcome(self, row: PromptRow, name: str, outcome: Sequence[StreamEvent] | ChatError) -> None:
        message = self._message(self._evaluation.pending(row, name), outcome)
        if message.metadata.usage != Usage():
            self._evaluation.program.store.count_aside("", Aside.EVALUATION, message.metadata)
        self._evaluation.write(row, name, message, self._evaluation.why_not(message))

    def _message(self, pending: PendingReply, outcome: Sequence[StreamEvent] | ChatError) -> Message:
        """Return the reply that came, or that did not."""
        about = replace(pending.reply.metadata, mode=Mode.BATCH, in_batch=True)
        if isinstance(outcome, ChatError):
            failed = replace(about, error=outcome.to_json())
            return replace(pending.reply, status=StreamingStatus.FAILED, metadata=failed)
        came = ReplyAccumulator().extend(outcome)
        about = replace(
            about, model=came.model or about.model, stop_reason=came.stop_reason, stop_details=came.stop_details
        )
        about = about.with_usage(
            came.usage, self._evaluation.program.prices.cost_usd(about, came.usage), estimated=False
        )
        return replace(pending.reply, parts=came.parts, status=StreamingStatus.COMPLETE, metadata=about)

    async def _patiently(self, contender: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Return what the provider says, asked again for as long as the failure may pass."""
        wait_s = FIRST_LOOK_S
        while True:
            try:
                return await ask()
            except ChatError as error:
                if not error.retryable:
                    raise
                self._progress.say(f"{contender}: {error.sentence} Trying again.")
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_S)


def in_chunks(requests: Iterable[tuple[str, ReplyRequest]]) -> Iterator[dict[str, ReplyRequest]]:
    """Yield the requests in batches that are not too large."""
    chunk: dict[str, ReplyRequest] = {}
    size = 0
    for key, request in requests:
        more = utf8_size(request.system) + sum(utf8_size(text_of(turn.parts)) for turn in request.turns)
        if chunk and (len(chunk) == MOST_REQUESTS or size + more > MOST_BYTES):
            yield chunk
            chunk, size = {}, 0
        chunk[key] = request
        size += more
    if chunk:
        yield chunk


def _short(key: bytes) -> str:
    return key.hex()[:_KEY_LETTERS]
