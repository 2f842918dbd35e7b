"""`tui-chat ask --compare`: the replies of several models to one prompt, all asked at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from tui_chat.chat import exchange
from tui_chat.chat.events import ReplyRestarted, StreamEvent, event_to_json
from tui_chat.chat.message import Conversation, Message, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.cli.asking import Asking, Printing
from tui_chat.cli.before_sending import what_lies_ahead_of_all
from tui_chat.cli.output import Complaint, note
from tui_chat.cli.output_thread import Output, Sink
from tui_chat.cli.reply import Printer, TextPrinter, reply_to_json
from tui_chat.cli.tools import check_offered
from tui_chat.program.contenders import Contender, contenders_named
from tui_chat.program.file_checks import files_refused
from tui_chat.program.parts import Parts
from tui_chat.program.wiring import Program
from tui_chat.records import replace
from tui_chat.text import clean_line
from tui_chat.text.amounts import money
from tui_chat.text.plain_json import as_json
from tui_chat.tools import offered_name


def contenders_of(program: Program, args: argparse.Namespace) -> Sequence[Contender]:
    """Return those who are named; a complaint where other options contradict, or the key of one is missing."""
    if "model" in args:
        raise Complaint("--model does not go with --compare: name all models there.", 2)
    named = contenders_named(args.compare, program)
    for contender in named:
        if problem := program.parts_of_contender("", contender.choices).provider.key_problem():
            raise Complaint(f"{contender.name}: {problem.sentence}")
    return named


def compare(
    program: Program, conversation: Conversation, read_prompt: Callable[[], Prompt], args: argparse.Namespace
) -> int:
    """Ask all, print the replies, and say how they ended; the first of them that is whole is looked at from then on.

    The prompt is read while what they are asked with is loaded: it may come slowly.
    """
    contenders = contenders_of(program, args)
    if len(contenders) < 2:
        raise Complaint("--compare takes two models or more, with commas between them.", 2)
    asked = [program.parts_of_contender(conversation.id, contender.choices) for contender in contenders]
    for parts in asked:
        parts.requests.preload()
    prompt = read_prompt()
    for contender, parts in zip(contenders, asked, strict=True):
        if sentence := files_refused(prompt.files, parts.provider.model):
            raise Complaint(f"{contender.name}: {sentence}", 2)
        check_offered(program, parts, args.allow_tool)
    abouts = [about(parts, contender) for parts, contender in zip(asked, contenders, strict=True)]
    pending = exchange.round(conversation, prompt, abouts, utc_now())
    requests = [
        (contender.name, program.asking(conversation.id, contender.choices), each)
        for contender, each in zip(contenders, pending, strict=True)
    ]
    for sentence in what_lies_ahead_of_all(requests, args):
        note(sentence)
    jobs = zip(asked, pending, strict=True)
    names = [contender.name for contender in contenders]
    printing = partial(PRINTINGS[args.format], names, [offered_name(*tool) for tool in args.allow_tool])
    status = Asking(
        program,
        lambda: [parts.requests.job(each, None, args.allow_tool) for parts, each in jobs],
        printing,
        args.timeout,
    ).run()
    if _look_at_first(program, conversation.id, [each.reply.id for each in pending]):
        for contender in contenders:
            program.conversation_settings.keep_compared(conversation.id, contender.name, contender.choices)
    return status


def about(parts: Parts, contender: Contender) -> ReplyMetadata:
    """Return what is known of a contender's reply before it is asked for."""
    return replace(parts.requests.about(), contender=contender.name)


def _look_at_first(program: Program, conversation_id: str, reply_ids: Sequence[str]) -> bool:
    """Have a conversation go on from the first reply that is still there, not the one begun last; False if none is."""
    kept = [id for id in reply_ids if id in program.store.branches(id)]
    if kept:
        program.store.select_branch(conversation_id, kept[0])
    return bool(kept)


class _Named:
    """The output of one of several replies: what is said of it begins with its name."""

    def __init__(self, sink: Sink, name: str) -> None:
        self._sink = sink
        self._name = name

    def write(self, text: str) -> None:
        """Write more of the reply."""
        self._sink.write(text)

    def note(self, text: str) -> None:
        """Write more about it."""
        self._sink.note(f"{clean_line(self._name)}: {text}")


class _Held(_Named):
    """Holds a reply until it is whole, and all that were named before it are written."""

    def __init__(self, sink: Sink, name: str) -> None:
        super().__init__(sink, name)
        self._texts: list[str] = []

    def write(self, text: str) -> None:
        """Hold more of the reply."""
        self._texts.append(text)

    @property
    def text(self) -> str:
        """The text that was written so far."""
        return "".join(self._texts)


class _Turns:
    """Writes texts, each under its heading, in the order of the names, as soon as it is the turn of each."""

    def __init__(self, sink: Sink, count: int) -> None:
        self._sink = sink
        self._texts: list[str | None] = [None] * count
        self._written = 0

    def put(self, place: int, text: str) -> None:
        """Take one that is whole."""
        self._texts[place] = text
        while self._written < len(self._texts) and (ready := self._texts[self._written]) is not None:
            self._sink.write(f"\n{ready}" if self._written else ready)
            self._written += 1


class _TextInTurn(TextPrinter):
    """A reply as text, under a heading with its name and its figures."""

    def __init__(self, turns: _Turns, place: int, output: _Held, allowed: Collection[str], name: str) -> None:
        super().__init__(output, allowed)
        self._turns, self._place, self._held, self._name = turns, place, output, name

    def finish(self, conversation_id: str, message: Message) -> None:
        """Put the whole of it where it belongs."""
        super().finish(conversation_id, message)
        heading = f"# {clean_line(' · '.join([self._name, *figures(message)]))}"
        self._turns.put(self._place, f"{heading}\n\n{self._held.text}")


class _NamedLines(Printer):
    """Each event on a line of its own, as it comes, with the name of the one that it is from."""

    def __init__(self, sink: Output, allowed: Collection[str], name: str) -> None:
        super().__init__(sink, allowed)
        self._name = name

    def on_event(self, event: StreamEvent) -> None:
        """Print the event; that the reply begins anew, the next message_start says."""
        if not isinstance(event, ReplyRestarted):
            self._sink.write(as_json({"contender": self._name, **event_to_json(event)}) + "\n")


class _Collected(Printer):
    """Keeps the object that is printed of a reply."""

    def __init__(self, sink: Output, allowed: Collection[str], name: str) -> None:
        super().__init__(sink, allowed)
        self._name = name
        self.conversation_id = ""
        self.reply: dict[str, object] = {}

    def finish(self, conversation_id: str, message: Message) -> None:
        """Keep it."""
        self.conversation_id = conversation_id
        self.reply = {"name": self._name, **reply_to_json(conversation_id, message)}


def figures(message: Message) -> Iterator[str]:
    """Yield the figures of a reply that are known, and how it ended if not in the ordinary way."""
    about = message.metadata
    if message.status is not StreamingStatus.COMPLETE:
        yield message.status.value
    if about.metrics.ttft_ms is not None:
        yield f"first token {about.metrics.ttft_ms / 1000:.2f} s"
    if about.metrics.tokens_per_second is not None:
        yield f"{about.metrics.tokens_per_second:.0f} tokens/s"
    if about.cost_usd is not None:
        yield money(about.cost_usd, estimated=about.estimated)


def _as_text(names: Sequence[str], allowed: Collection[str], sink: Sink) -> Printing:
    turns = _Turns(sink, len(names))
    held = [_Held(sink, name) for name in names]
    printers = [_TextInTurn(turns, place, held[place], allowed, name) for place, name in enumerate(names)]
    return Printing(printers, names)


def _as_json(names: Sequence[str], allowed: Collection[str], sink: Sink) -> Printing:
    printers = [_Collected(_Named(sink, name), allowed, name) for name in names]

    def end() -> None:
        whole = {"conversation_id": printers[0].conversation_id, "replies": [printer.reply for printer in printers]}
        sink.write(as_json(whole, indent=2) + "\n")

    return Printing(printers, names, end)


def _as_lines(names: Sequence[str], allowed: Collection[str], sink: Sink) -> Printing:
    return Printing([_NamedLines(_Named(sink, name), allowed, name) for name in names], names)


PRINTINGS = {"text": _as_text, "json": _as_json, "jsonl": _as_lines}
"""The formats."""
