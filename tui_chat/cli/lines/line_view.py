"""Shows a session as lines: replies are read out one after another, and what there is to ask waits until then."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.cli.lines.line_terminal import LineTerminal
from tui_chat.cli.lines.phase_words import PhaseWords
from tui_chat.cli.lines.reply_end import sentences_at_end
from tui_chat.cli.lines.spoken_reply import HeldLines, SpokenReply
from tui_chat.records import dataclass, field
from tui_chat.streaming.phase import Phase, Step
from tui_chat.ui.chat import reply_loop
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.tool_questions import ToolQuestion
from tui_chat.ui.messages.message_marks import MessageMarks

log = logging.getLogger(__name__)

_ENDS = "ends"
FAULT = "tui-chat made a mistake of its own. Something may be missing; `tui-chat doctor` says where the log is."


@dataclass(eq=False)
class _Turn:
    """A reply that is read out when its turn comes."""

    live: LiveReply
    spoken: SpokenReply
    phases: PhaseWords = field(default_factory=PhaseWords)
    message: Message | None = None
    """The reply, once it has ended."""


@dataclass
class SendQuestion:
    """A request that there is something to ask about, and the prompt that waits for the answer."""

    pending: PendingReply
    prompt: Prompt | None


class LineView:
    """The view of a session whose loop runs only while a reply comes, or something is done."""

    def __init__(self, session: ConversationSession, terminal: LineTerminal, loop: asyncio.AbstractEventLoop) -> None:
        session.view = self
        self.questions: deque[SendQuestion | ToolQuestion] = deque()
        """All that is to be asked before anything goes on."""
        self.given_back = ""
        """The text of a prompt that goes back to the composer."""
        self.prompt_is_sent: Callable[[], None] = _nothing
        """Called once a reply is under way: its prompt is stored, and is no draft any more."""
        self.marks = MessageMarks()
        self._session = session
        self._terminal = terminal
        self._loop = loop
        self._turns: list[_Turn] = []
        self._changed = asyncio.Event()
        self._advised: set[str] = set()
        self._tasks: dict[asyncio.Future[None], str] = {}

    @property
    def one_of_several(self) -> LiveReply | None:
        """The reply that is read out, or comes next, while others come, too."""
        coming = [turn.live for turn in self._turns if turn.message is None and not turn.live.stopping]
        return coming[0] if len(coming) > 1 else None

    async def until_quiet(self) -> None:
        """Wait until all replies have been read out, or there is something to ask."""
        while (self._turns or _ENDS in self._tasks.values()) and not self.questions:
            self._changed.clear()
            await self._changed.wait()

    # -- what the session wants shown

    async def show(self, conversation: Conversation) -> None:
        """Show nothing: what is said of a conversation, those say who open it."""

    async def look_at(self, message_id: str) -> None:
        """Show nothing more."""

    def finish(self, message: Message) -> None:
        """Show nothing more: it has been read out."""

    def update(self) -> None:
        """Show nothing: where things stand was said when it changed."""

    def mark(self, marks: MessageMarks) -> None:
        """Keep what is said of messages when they are read."""
        self.marks = marks

    def ask_before_sending(self, pending: PendingReply, prompt: Prompt | None) -> None:
        """Have the user asked about a request."""
        self.questions.append(SendQuestion(pending, prompt))
        self._changed.set()

    def advise(self, sentence: str) -> None:
        """Say once what may not be expected; nothing if the sentence is empty."""
        if sentence and sentence not in self._advised:
            self._advised.add(sentence)
            self._terminal.say(sentence)

    def refuse(self, prompt: Prompt | None, sentence: str) -> None:
        """Say why a request cannot be made; its prompt goes back."""
        self._terminal.say(sentence)
        if prompt is not None:
            self.give_back(prompt)

    def cancelled(self, prompt: Prompt | None) -> None:
        """Say that a reply was discarded."""
        self._terminal.say("Discarded.")
        if prompt is not None:
            self.give_back(prompt)

    def give_back(self, prompt: Prompt) -> None:
        """Put a prompt into the line that is typed next."""
        self._session.take_back(prompt)
        self.given_back = prompt.text

    def run_in_background(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = False) -> None:
        """Do something beside what is shown, whenever the loop runs."""
        for task in [task for task, its_group in self._tasks.items() if exclusive and its_group == group]:
            task.cancel()
        task = asyncio.ensure_future(work(), loop=self._loop)
        self._tasks[task] = group
        task.add_done_callback(self._note_done)

    def _note_done(self, task: asyncio.Future[None]) -> None:
        del self._tasks[task]
        self._changed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("work in the background ended in a fault of the program", exc_info=error)
            self._terminal.say(FAULT)

    def when_drawn(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do something now: lines are there as soon as they are written."""
        self.run_in_background(act, "drawn")

    # -- a reply, from its thread to the terminal

    def run_reply(self, live: LiveReply) -> None:
        """Fetch a reply in a thread of its own; it is read out after those that come already."""
        lines = HeldLines() if self._turns else self._terminal
        self._turns.append(_Turn(live, SpokenReply(self._name(live), lines)))
        threading.Thread(target=self._fetch, args=(live,), name="tui-chat reply", daemon=True).start()

    def _fetch(self, live: LiveReply) -> None:
        self._post(self._end, live, reply_loop.fetch(self._session.program, live))

    def is_looked_at(self, live: LiveReply) -> bool:
        """True: every reply is read out."""
        return True

    def tokens_arrived(self, live: LiveReply) -> None:
        """Have the text read out; called in the reply's thread."""
        self._post(self._drain, live)

    def phase_changed(self, live: LiveReply) -> None:
        """Have it said what the wait is for; called in the reply's thread."""
        self._post(self._say_phase, live, live.phase)

    def call_asked(self, live: LiveReply, question: ToolQuestion) -> None:
        """Have the user asked if a call may run; called in the reply's thread."""
        self._post(self._ask_of_call, live, question)

    def _post(self, act: Callable[..., None], *about: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: the program has ended
            self._loop.call_soon_threadsafe(act, *about)

    def _turn(self, live: LiveReply) -> _Turn | None:
        return next((turn for turn in self._turns if turn.live is live), None)

    def _name(self, live: LiveReply) -> str:
        """Return the name of who replies; of several who are compared, each has another, and none may be hidden."""
        comparison = self._session.comparing.of(live.conversation_id)
        at = comparison.place_of(live.reply_id) if comparison is not None else None
        if comparison is not None and at is not None:
            return comparison.names[at]
        about = live.job.pending.reply.metadata
        return about.contender or about.speaker

    def _drain(self, live: LiveReply) -> None:
        turn, events = self._turn(live), live.drain(time.monotonic())
        if turn is not None and not live.discarded and not live.is_summary:
            turn.spoken.feed(events)

    def _say_phase(self, live: LiveReply, phase: Phase) -> None:
        self._drain(live)
        turn = self._turn(live)
        self._note_sent(live)
        if turn is None or live.stopping or (_only_waits(phase) and turn is not self._turns[0]):
            return  # that one waits, too, is said when its turn comes
        if sentence := turn.phases.sentence(phase, self._name(live)):
            turn.spoken.remark(sentence)

    def _note_sent(self, live: LiveReply) -> None:
        if not live.is_summary:  # a prompt may wait for that
            self.prompt_is_sent()

    def _ask_of_call(self, live: LiveReply, question: ToolQuestion) -> None:
        self._drain(live)
        if self._session.is_live(live) and not live.stopping and self._session.tool_questions.ask(question):
            self.questions.append(question)
            self._changed.set()

    def _end(self, live: LiveReply, message: Message) -> None:
        self._drain(live)
        self._note_sent(live)
        if (turn := self._turn(live)) is not None:
            turn.message = message
        self._read_on()
        self.run_in_background(partial(self._session.end, live, message), _ENDS)

    def _read_on(self) -> None:
        """Read out the ends of the replies that have ended, up to the next that comes, and what has come of that."""
        while self._turns:
            turn = self._turns[0]
            if isinstance(turn.spoken.lines, HeldLines):
                turn.spoken.lines.give_to(self._terminal)
                turn.spoken.lines = self._terminal
            if turn.message is None:
                if _only_waits(turn.live.phase):
                    self._say_phase(turn.live, turn.live.phase)
                return
            self._turns.pop(0)
            self._read_end(turn.live, turn.spoken, turn.message)

    def _read_end(self, live: LiveReply, spoken: SpokenReply, message: Message) -> None:
        if live.discarded or live.is_summary:
            return
        spoken.end()
        for sentence in sentences_at_end(message, show_usage=self._session.program.settings.now.ui.show_usage):
            self._terminal.say(sentence)


def _only_waits(phase: Phase) -> bool:
    return phase.step is Step.WAITING and not phase.notice


def _nothing() -> None:
    """Tell nobody."""
