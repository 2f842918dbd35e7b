"""The program's parts as the command line asks for them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui_chat.chat.message import Conversation
from tui_chat.cli.history_store import found, opened_store, save
from tui_chat.cli.options import environment, flags, settings_file
from tui_chat.cli.output import Complaint, complain, note
from tui_chat.program.api_keys import KeyringUse
from tui_chat.program.parts import Parts
from tui_chat.program.served_models import NO_LIST
from tui_chat.program.wiring import Program
from tui_chat.settings import data_dir
from tui_chat.storage import Store
from tui_chat.storage.updating import update_takes_a_while

_UPDATING = "Preparing your history for this version; this takes a few seconds, once."
_HOW_TO_CHOOSE = "Choose with --model ID, or for good with `tui-chat config set provider.model ID`."


@contextmanager
def opened_program(
    args: argparse.Namespace,
    on_problem: Callable[[str], None],
    *,
    tolerant: bool = False,
    keyring: KeyringUse = KeyringUse.WAITING,
) -> Iterator[Program]:
    """Open the program with the options that were given; what is wrong with disk or settings is only reported.

    A variable that cannot be used ends the command, unless it is `tolerant`.
    """
    if "config" in args and not os.path.exists(file := settings_file(args)):  # noqa: PTH110 - where it cannot be, too
        complain(f"There is no settings file {file}; the defaults are used.")
    environ = environment(args)
    chosen = flags(args)
    if chosen.save and update_takes_a_while(chosen.data_folder or data_dir(environ)):
        note(_UPDATING)
    program = Program.open(chosen, environ, on_problem)
    program.keys.use = keyring
    try:
        for problem in program.settings.resolved.problems:
            if problem.of_environment and not tolerant:
                raise Complaint(problem.message, 2)  # whoever set it wants to ask nobody else
            on_problem(problem.message)
        yield program
    except KeyboardInterrupt:
        program.interrupted = True
        raise
    finally:
        program.close()


@contextmanager
def kept_store(program: Program, args: argparse.Namespace) -> Iterator[Store]:
    """Open what earlier runs have kept; the program's own store is empty where nothing of this one is to be kept."""
    if "no_save" not in args and program.settings.now.history.save:
        yield program.store
    else:
        with opened_store(args) as store:
            yield store


def settle_model(parts: Parts) -> None:
    """Find the model that is asked where none is chosen; a complaint names those that there are to choose from."""
    offered = None if parts.provider.model else parts.models.ask().result()
    if offered is None or parts.provider.model:
        return
    if offered.problem is not None and offered.problem.kind not in NO_LIST:
        raise Complaint(offered.problem.sentence)
    raise Complaint(f"{parts.models.choice(offered)} {_HOW_TO_CHOOSE}", 2)


def conversation_of(program: Program, args: argparse.Namespace) -> Conversation | None:
    """The conversation that is to go on, with what was chosen for it; None for a new one."""
    if "resume" not in args and "go_on" not in args:
        return None
    with kept_store(program, args) as store:
        conversation = _wanted(store, args.resume) if "resume" in args else store.latest()
        if conversation is not None:
            program.conversation_settings.begin(conversation.id, store.settings(conversation.id))
    return conversation


def message_of(args: argparse.Namespace, conversation: Conversation | None) -> str:
    """The message that `--resume ID@MESSAGE` names, which is on the conversation's branch; "" for none."""
    _, at, prefix = getattr(args, "resume", "").partition("@")
    if not at or conversation is None:
        return ""
    return next((message.id for message in conversation.messages if message.id.startswith(prefix)), "")


def _wanted(store: Store, place: str) -> Conversation:
    """Return a conversation; with `@MESSAGE` behind its id, along the branch of that message."""
    id, at, prefix = place.partition("@")
    conversation = found(store, id)
    if not at:
        return conversation
    message_id = store.message_id(conversation.id, prefix)
    if not message_id:
        raise Complaint(f"There is no one message {prefix} in conversation {id}; `tui-chat history search` prints ids.")
    if conversation.find(message_id) is None:
        save(store, store.select_branch(conversation.id, message_id))
        return found(store, conversation.id)
    return conversation


def new_conversation(program: Program) -> Conversation:
    """A conversation for which nothing was chosen."""
    conversation = Conversation()
    program.conversation_settings.begin(conversation.id)
    return conversation
