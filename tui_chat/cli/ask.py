"""`tui-chat ask`: one reply, or those of several models, to standard output."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tui_chat.chat import exchange
from tui_chat.chat.message import utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.cli.asking import Asking, Printing
from tui_chat.cli.before_sending import what_lies_ahead
from tui_chat.cli.compare import compare
from tui_chat.cli.evaluate import OneByOne, add_evaluation, evaluate
from tui_chat.cli.evaluate_batches import InBatches
from tui_chat.cli.options import UNSET, add_conversation, add_files, add_reply, settings_file
from tui_chat.cli.output import Complaint, Problems, note
from tui_chat.cli.output_thread import Sink
from tui_chat.cli.parser import Parser
from tui_chat.cli.program import conversation_of, new_conversation, opened_program, settle_model
from tui_chat.cli.prompt import filled_template, read_files, read_prompt
from tui_chat.cli.reply import PRINTERS, DataPrinter, is_drawn
from tui_chat.cli.save_files import folder_for_files, save_files
from tui_chat.cli.schema import ReplySchema, read_schema
from tui_chat.cli.tools import check_offered, check_tools, tool_named
from tui_chat.program.file_checks import files_refused
from tui_chat.settings.literals import shown
from tui_chat.tools import offered_name

EXAMPLES = """\
examples:
  tui-chat ask "Why is the sky blue?"
  git diff | tui-chat ask "Write a commit message for this."
  tui-chat ask --attach plan.pdf "Where are the risks?"
  tui-chat ask --template review --param language=Python < main.py
  tui-chat ask --schema invoice.schema.json --attach invoice.pdf "Read this."
  tui-chat ask --allow-tool time:get_current_time "What time is it in Oslo?"
  tui-chat ask --compare claude-opus-5-5,openai:gpt-6.1-sol "Which is it?"
  tui-chat ask --prompts questions.txt --jobs 8 --output results.jsonl
  tui-chat ask --prompts questions.txt --output results.jsonl --batch-api
  tui-chat ask -c "And in one sentence?"
  tui-chat ask --format json --no-save "Say hello." | jq -r .text

Ctrl+C discards the reply. Exit status: 0 done, 1 the request failed, 2 wrong
usage or settings, 130 interrupted.
"""


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
    compare = "ask several models at once: MODEL or PROVIDER:MODEL, each with @PERSONA if wanted, commas between them"
    parser.add_argument("--compare", metavar="A,B,C", help=compare)
    made = "save the files that code made for the reply in this folder, over none that is there"
    parser.add_argument("--save-files", metavar="FOLDER", type=Path, help=made)
    parser.add_argument("--no-save", action="store_true", default=UNSET, help="keep nothing of this on disk")
    parser.add_argument("--timeout", metavar="S", type=_seconds, help="give up after so many seconds")
    secrets = "send the prompt though it seems to contain a key or a token"
    parser.add_argument("--send-secrets", action="store_true", help=secrets)
    raw = "on a terminal too, print the reply as it comes; usually its Markdown is drawn there"
    parser.add_argument("--raw", action="store_true", help=raw)
    add_evaluation(parser)
    add_conversation(parser)
    add_reply(parser)
    add_files(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask, print the reply as it comes, and say how it ended."""
    schema, folder = _schema(args), _folder(args)
    tools: Sequence[tuple[str, str]] = args.allow_tool
    with opened_program(args, Problems()) as program:
        check_tools(program, tools)
        if args.prompts is not None:
            return evaluate(program, args, InBatches if args.batch_api else OneByOne)
        if args.batch_api:
            raise Complaint("--batch-api is for the prompts of --prompts.", 2)
        if args.output is not None:
            raise Complaint("--output is for the results of --prompts.", 2)
        conversation = conversation_of(program, args) or new_conversation(program)
        if args.compare is not None:
            return compare(program, conversation, partial(_prompt, args), args)
        parts = program.parts_of(conversation.id)
        problem = parts.provider.key_problem()
        if problem is None:
            parts.requests.preload()
        prompt = _prompt(args)
        if problem is not None:
            raise Complaint(problem.sentence)
        settle_model(parts)
        if sentence := files_refused(prompt.files, parts.provider.model):
            raise Complaint(sentence, 2)
        check_offered(program, parts, tools)
        pending = exchange.send(conversation, prompt, parts.requests.about(), utc_now())
        for sentence in what_lies_ahead(program, pending, args):
            note(sentence)
        allowed = [offered_name(*tool) for tool in tools]
        drawn = schema is None and is_drawn(args)
        plain = program.settings.now.ui.ascii
        printing = partial(_drawing, plain, allowed) if drawn else partial(_printing, args.format, schema, allowed)
        asking = Asking(
            program,
            lambda: [parts.requests.job(pending, schema.schema if schema else None, tools)],
            printing,
            args.timeout,
        )
        status = asking.run()
        if folder is not None and not program.interrupted:
            save_files(parts, asking.messages, folder)
        return status


def _prompt(args: argparse.Namespace) -> Prompt:
    """Return the prompt with its files."""
    return Prompt(files=read_files(args.attach), text=read_prompt(args.words, _from_template(args)))


def _schema(args: argparse.Namespace) -> ReplySchema | None:
    """Return the schema that the reply must fit, if one is given."""
    if args.schema is None:
        return None
    if args.compare is not None:
        raise Complaint("--schema does not go with --compare.", 2)
    if args.format == "jsonl":
        raise Complaint("--schema prints the reply once it is whole: use --format text or json with it.", 2)
    return read_schema(args.schema)


def _folder(args: argparse.Namespace) -> Path | None:
    """Return the folder for the files that are made, if one is given."""
    if args.save_files is not None and args.compare is not None:
        raise Complaint("--save-files does not go with --compare.", 2)
    return folder_for_files(args.save_files)


def _printing(format: str, schema: ReplySchema | None, allowed: Sequence[str], sink: Sink) -> Printing:
    """Return what prints the reply."""
    if schema is None:
        return Printing([PRINTERS[format](sink, allowed)])
    return Printing([DataPrinter(sink, allowed, schema, alone=format == "text")])


def _drawing(plain: bool, allowed: Sequence[str], sink: Sink) -> Printing:
    """Return what draws the reply; imported only here, as it takes its time."""
    from tui_chat.cli.rendered import RenderedPrinter

    return Printing([RenderedPrinter(sink, allowed, plain=plain)])


def _from_template(args: argparse.Namespace) -> str:
    """Return the filled template, if one is given."""
    if args.template is not None:
        return filled_template(settings_file(args).parent, args.template, args.param)
    if args.param:
        raise Complaint("--param fills a field of a template: name that with --template.", 2)
    return ""


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
