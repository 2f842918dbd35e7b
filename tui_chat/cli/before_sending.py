"""The checks that `ask` makes before it sends a prompt."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from tui_chat.chat.protocols import PendingReply
from tui_chat.cli.output import Complaint
from tui_chat.cli.program import kept_store
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks, named, over_budget
from tui_chat.program.server_tools import missing_tools
from tui_chat.program.wiring import Program

MOST_SECRETS_NAMED = 2
"""The number of secrets in a prompt that are named in its one sentence."""


def what_lies_ahead(program: Program, pending: PendingReply, args: argparse.Namespace) -> Iterator[str]:
    """Refuse secrets and what would go over the day's budget; yield when that is nearly spent, or the talk too long."""
    yield from _in_the_prompt(program, pending, args)
    yield from _of_the_budget([(program, pending)], args)
    yield from _in_the_request(program, pending)


def what_lies_ahead_of_all(
    requests: Sequence[tuple[str, Program, PendingReply]], args: argparse.Namespace
) -> Iterator[str]:
    """Do the same for requests of several models at once, each with its name; the budget is for all together."""
    secrets = (said for _, program, pending in requests for said in _in_the_prompt(program, pending, args))
    yield from dict.fromkeys(secrets)
    yield from _of_the_budget([(program, pending) for _, program, pending in requests], args)
    for name, program, pending in requests:
        try:
            yield from (f"{name}: {sentence}" for sentence in _in_the_request(program, pending))
        except Complaint as complaint:
            raise Complaint(f"{name}: {complaint}") from None


def _in_the_prompt(program: Program, pending: PendingReply, args: argparse.Namespace) -> Iterator[str]:
    if secrets := SendChecks(RequestEstimator(program)).secrets(pending):
        yield _warning_of_secrets(secrets, sent=args.send_secrets)


def _of_the_budget(requests: Sequence[tuple[Program, PendingReply]], args: argparse.Namespace) -> Iterator[str]:
    program, _ = requests[0]
    if not program.settings.now.provider.budget_usd_per_day:
        return
    with kept_store(program, args) as store:
        send_checks = SendChecks(RequestEstimator(program), store)
        costs_usd = [SendChecks(RequestEstimator(asked)).cost_usd(pending) for asked, pending in requests]
        if sentence := over_budget(send_checks.budget(), costs_usd):
            raise Complaint(sentence)
        if sentence := send_checks.budget_warning():
            yield sentence


def _in_the_request(program: Program, pending: PendingReply) -> Iterator[str]:
    estimator = RequestEstimator(program)
    if sentence := SendChecks(estimator).too_large(pending):
        raise Complaint(f"{sentence} Nothing was sent; a new conversation takes fewer files.")
    if sentence := SendChecks(estimator).files_left_out(pending):
        yield sentence
    parts = program.parts_of(pending.conversation.id)
    if sentence := missing_tools(parts.provider, pending.reply.metadata.model, parts.settings.now.provider):
        yield sentence
    if sentence := SendChecks(estimator).too_long(pending):
        yield sentence


def _warning_of_secrets(secrets: Sequence[str], *, sent: bool) -> str:
    """Return what the prompt has that should not leave this machine; refuse it, unless it is to be sent anyway."""
    sentence = f"The prompt seems to contain a secret: {', '.join(named(secrets, MOST_SECRETS_NAMED))}."
    if not sent:
        raise Complaint(f"{sentence} Nothing was sent; --send-secrets sends it anyway.")
    return sentence
