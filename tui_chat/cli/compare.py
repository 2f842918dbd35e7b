"""`tui-chat ask --compare`: the replies of several models to one prompt, all asked at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.cli.asking import Asking
from tui_chat.cli.before_sending import what_lies_ahead_of_all
from tui_chat.cli.compare_printers import printing_of
from tui_chat.cli.output import Complaint, note
from tui_chat.cli.tools import check_offered
from tui_chat.program.contenders import Contender, contenders_named
from tui_chat.program.file_checks import files_refused
from tui_chat.program.parts import Parts
from tui_chat.program.wiring import Program
from tui_chat.records import replace
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
    allowed = [offered_name(*tool) for tool in args.allow_tool]
    printing = partial(printing_of(args, plain=program.settings.now.ui.ascii), names, allowed)
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
