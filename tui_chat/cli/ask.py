"""`tui-chat ask`: one reply to standard output."""

from __future__ import annotations

import argparse
import asyncio
import math
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tui_chat.chat import exchange
from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import Message, StreamingStatus, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.cli.options import UNSET, add_conversation, add_files, add_reply, settings_file
from tui_chat.cli.output import Complaint, Problems, note
from tui_chat.cli.output_thread import Sink
from tui_chat.cli.parser import Parser
from tui_chat.cli.program import conversation_of, kept_store, new_conversation, opened_program, settle_model
from tui_chat.cli.prompt import filled_template, read_files, read_prompt
from tui_chat.cli.reply import CUT_SHORT, PRINTERS, DataPrinter, Printer
from tui_chat.cli.schema import ReplySchema, read_schema
from tui_chat.cli.tools import check_offered, check_tools, tool_named
from tui_chat.program.file_checks import files_refused
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks, named
from tui_chat.program.server_tools import missing_tools
from tui_chat.program.wiring import Program
from tui_chat.settings import SettingsError
from tui_chat.settings.literals import shown
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.manager import StreamManager
from tui_chat.streaming.stop import Outcome, Stop
from tui_chat.tools import offered_name

EXAMPLES = """\
examples:
  tui-chat ask "Why is the sky blue?"
  git diff | tui-chat ask "Write a commit message for this."
  tui-chat ask --attach plan.pdf "Where are the risks?"
  tui-chat ask --template review --param language=Python < main.py
  tui-chat ask --schema invoice.schema.json --attach invoice.pdf "Read this."
  tui-chat ask --allow-tool time:get_current_time "What time is it in Oslo?"
  tui-chat ask -c "And in one sentence?"
  tui-chat ask --format json --no-save "Say hello." | jq -r .text

Ctrl+C discards the reply. Exit status: 0 done, 1 the request failed, 2 wrong
usage or settings, 130 interrupted.
"""

MOST_SECRETS_NAMED = 2
"""The number of secrets in a prompt that are named in its one sentence."""


def define(parser: Parser) -> None:
    """Add the options of this command."""
    parser.usage = "tui-chat ask [PROMPT] [options]"
    parser.epilog = EXAMPLES
    prompt = "what to ask; more may come on standard input"
    parser.add_argument("words", metavar="PROMPT", nargs="*", help=prompt)
    formats = "text, json (one object at the end) or jsonl (events as they come)"
    parser.add_argument("--format", metavar="FORMAT", choices=tuple(PRINTERS), default="text", help=formats)
    attach = "a file that goes with the prompt: text, an image or a PDF; may be given several times"
    parser.add_argument("--attach", metavar="FILE", action="append", type=Path, default=[], help=attach)
    template = "begin with the prompt in templates/NAME.md, beside the settings"
    parser.add_argument("--template", metavar="NAME", help=template)
    schema = "print only JSON that is valid against this JSON Schema: a file, or the schema itself"
    parser.add_argument("--schema", metavar="FILE|JSON", help=schema)
    param = "the value of a field of the template; may be given several times"
    parser.add_argument("--param", metavar="K=V", action="append", type=_param, default=[], help=param)
    allow = "a tool that the model may call, of an MCP server of the settings; may be given several times"
    parser.add_argument("--allow-tool", metavar="SERVER:TOOL", action="append", type=tool_named, default=[], help=allow)
    parser.add_argument("--no-save", action="store_true", default=UNSET, help="keep nothing of this on disk")
    parser.add_argument("--timeout", metavar="S", type=_seconds, help="give up after so many seconds")
    secrets = "send the prompt though it seems to contain a key or a token"
    parser.add_argument("--send-secrets", action="store_true", help=secrets)
    add_conversation(parser)
    add_reply(parser)
    add_files(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask, print the reply as it comes, and say how it ended."""
    schema = _schema(args)
    tools: Sequence[tuple[str, str]] = args.allow_tool
    with opened_program(args, Problems()) as program:
        check_tools(program, tools)
        conversation = conversation_of(program, args) or new_conversation(program)
        parts = program.parts_of(conversation.id)
        problem = parts.provider.key_problem()
        if problem is None:
            parts.requests.preload()
        prompt = Prompt(files=read_files(args.attach), text=read_prompt(args.words, _from_template(args)))
        if problem is not None:
            raise Complaint(problem.sentence)
        settle_model(parts)
        if sentence := files_refused(prompt.files, parts.provider.model):
            raise Complaint(sentence, 2)
        check_offered(program, parts, tools)
        pending = exchange.send(conversation, prompt, parts.requests.about(), utc_now())
        _say_what_lies_ahead(program, pending, args)
        begin = partial(parts.requests.job, pending, schema.schema if schema else None, tools)
        printer = partial(_printer, args.format, schema, [offered_name(*tool) for tool in tools])
        asking = Asking(program.manager, begin, printer, args.timeout)
        try:
            return asking.run()
        except SettingsError as error:
            raise Complaint(str(error), 2) from None
        finally:
            program.interrupted = asking.interrupted


def _schema(args: argparse.Namespace) -> ReplySchema | None:
    """Return the schema that the reply must fit, if one is given."""
    if args.schema is None:
        return None
    if args.format == "jsonl":
        raise Complaint("--schema prints the reply once it is whole: use --format text or json with it.", 2)
    return read_schema(args.schema)


def _printer(format: str, schema: ReplySchema | None, allowed: Sequence[str], sink: Sink) -> Printer:
    """Return what prints the reply."""
    if schema is None:
        return PRINTERS[format](sink, allowed)
    return DataPrinter(sink, allowed, schema, alone=format == "text")


def _from_template(args: argparse.Namespace) -> str:
    """Return the filled template, if one is given."""
    if args.template is not None:
        return filled_template(settings_file(args).parent, args.template, args.param)
    if args.param:
        raise Complaint("--param fills a field of a template: name that with --template.", 2)
    return ""


def _say_what_lies_ahead(program: Program, pending: PendingReply, args: argparse.Namespace) -> None:
    """Refuse secrets and what would go over the day's budget; say when that is nearly spent, or the talk too long."""
    estimator = RequestEstimator(program)
    if secrets := SendChecks(estimator).secrets(pending):
        _warn_of_secrets(secrets, sent=args.send_secrets)
    if program.settings.now.provider.budget_usd_per_day:
        with kept_store(program, args) as store:
            send_checks = SendChecks(estimator, store)
            if sentence := send_checks.over_budget(pending, send_checks.budget()):
                raise Complaint(sentence)
            if sentence := send_checks.budget_warning():
                note(sentence)
    if sentence := SendChecks(estimator).files_left_out(pending):
        note(sentence)
    parts = program.parts_of(pending.conversation.id)
    if sentence := missing_tools(parts.provider, pending.reply.metadata.model, parts.settings.now.provider):
        note(sentence)
    if sentence := SendChecks(estimator).too_long(pending):
        note(sentence)


def _warn_of_secrets(secrets: Sequence[str], *, sent: bool) -> None:
    """Say what the prompt has that should not leave this machine; refuse it, unless it is to be sent all the same."""
    sentence = f"The prompt seems to contain a secret: {', '.join(named(secrets, MOST_SECRETS_NAMED))}."
    if not sent:
        raise Complaint(f"{sentence} Nothing was sent; --send-secrets sends it anyway.")
    note(sentence)


class Asking:
    """One reply on its way to standard output, and what may end it early."""

    def __init__(
        self,
        manager: StreamManager,
        begin: Callable[[], ReplyJob],
        printer: Callable[[Sink], Printer],
        timeout_s: float | None,
    ) -> None:
        self._manager = manager
        self._begin = begin
        """Stores the prompt: from then on a signal has to be heeded."""
        self._timeout_s = timeout_s
        self._stop = Stop()
        self._sink = Sink(sys.stdout.fileno(), sys.stderr.fileno(), sys.stdout.encoding)
        self._printer = printer(self._sink)
        self._signal: signal.Signals | None = None
        self._timed_out = False
        self._over = False
        """True if the reply has ended and only its output is still on its way."""

    def run(self) -> int:
        """Fetch and print the reply; return the exit status."""
        # A reader who has gone away wants no more of it, but what came was read.
        self._sink.ended.add_done_callback(lambda _: self._stop.request(Outcome.KEEP))
        try:
            message = asyncio.run(self._fetch())
        except asyncio.CancelledError:
            return self._interrupted()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Complaint(f"The reply cannot be written: {error.strerror}.") from error
        return self._interrupted() if self._signal else self._ended(message)

    async def _fetch(self) -> Message:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                loop.add_signal_handler(number, self._end_by, number, task)
        if self._timeout_s is not None:
            loop.call_later(self._timeout_s, self._time_out)
        job = self._begin()
        message = await self._manager.run(job, self._printer, self._stop)
        self._over = True
        if self._signal is None:
            try:
                self._printer.finish(job.pending.conversation.id, message)
            except Complaint:
                self._sink.abandon()
                raise
            await asyncio.wrap_future(self._sink.close())
        return message

    def _end_by(self, number: signal.Signals, task: asyncio.Task[Message]) -> None:
        """Discard the reply at SIGINT, the user's Cancel; any other signal interrupts it and keeps what came."""
        self._signal = number
        self._sink.abandon()
        if number is signal.SIGINT and not self._over:
            self._stop.request(Outcome.DISCARD)
        else:
            task.cancel()

    @property
    def interrupted(self) -> bool:
        """True if a signal has ended it."""
        return self._signal is not None

    def _time_out(self) -> None:
        self._timed_out = True
        self._stop.request(Outcome.KEEP)

    def _interrupted(self) -> int:
        assert self._signal is not None
        if self._stop.outcome is Outcome.DISCARD:
            if sys.stderr.isatty():
                sys.stderr.write("\n")  # the terminal has written ^C where the text ended
            note("Response cancelled")
        return 128 + self._signal

    def _ended(self, message: Message) -> int:
        """Say how the reply ended, if not in the ordinary way; return the exit status."""
        if message.status is StreamingStatus.FAILED:
            error = ChatError.from_json(message.metadata.error or {})
            raise Complaint(error.sentence + (f" (request {error.request_id})" if error.request_id else ""))
        if message.status is StreamingStatus.STOPPED and self._timed_out:
            raise Complaint(f"The reply was not complete after {self._timeout_s:g} s (--timeout).")
        if self._printer.whole_only and message.status is not StreamingStatus.COMPLETE:
            raise Complaint("The reply is not complete.")
        if message.metadata.stop_reason in CUT_SHORT:
            sentence = f"{CUT_SHORT[message.metadata.stop_reason]} {message.metadata.explanation}".rstrip()
            if self._printer.whole_only:
                raise Complaint(sentence)
            note(sentence)
        elif not message.text:
            note("The reply has no text.")
        return 0


def _param(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{shown(text)} is no NAME=VALUE")
    return name.strip(), value


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not (math.isfinite(seconds) and seconds > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds
