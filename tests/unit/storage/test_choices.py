"""Choices among replies that were asked for at once, summed by model."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.storage import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.storage.conftest import Chat, Opener


def asked(chat: Chat, *models: str, cost_usd: float | None = 0.5) -> Sequence[str]:
    """Return the ids of the replies of a round that is over."""
    abouts = [ReplyMetadata(provider="anthropic", model=model) for model in models]
    pending = exchange.round(Conversation(), Prompt("Why?"), abouts, utc_now())
    for number, each in enumerate(pending, start=1):
        chat.begin(each)
        metrics = ReplyMetrics(duration_ms=1000.0 * number)
        about = replace(each.reply.metadata, cost_usd=cost_usd, metrics=metrics)
        done = replace(each.reply, parts=(TextPart("So."),), status=StreamingStatus.COMPLETE, metadata=about)
        chat.store.journal.finish(done).result(PATIENCE_S)
    return [each.reply.id for each in pending]


def choose(chat: Chat, ids: Sequence[str], winner: int) -> None:
    losers = [id for number, id in enumerate(ids) if number != winner]
    chat.store.choices.record_choice(ids[winner], losers).result(PATIENCE_S)


def test_wins_are_counted_by_model_with_what_its_replies_cost_and_took(chat: Chat) -> None:
    choose(chat, asked(chat, "a", "b", "c"), 1)
    choose(chat, asked(chat, "b", "a", cost_usd=1.5), 0)
    choose(chat, asked(chat, "a", "c", cost_usd=None), 0)
    assert chat.store.choices.standings() == [
        Standing("b", 2, 2, 1.0, 1500.0), Standing("a", 3, 1, 1.0, 4000 / 3), Standing("c", 2, 0, 0.5, 2500.0),
    ]  # fmt: skip
    assert chat.store.choices.standings(utc_now() + timedelta(hours=1)) == []


def test_another_choice_in_the_same_round_takes_the_place_of_the_first(chat: Chat) -> None:
    ids = asked(chat, "a", "b")
    choose(chat, ids, 0)
    choose(chat, ids, 1)
    assert [(it.model, it.wins, it.rounds) for it in chat.store.choices.standings()] == [("b", 1, 1), ("a", 0, 1)]


def test_two_of_the_same_model_are_two_that_took_part(chat: Chat) -> None:
    choose(chat, asked(chat, "a", "a"), 1)
    assert [(it.wins, it.rounds) for it in chat.store.choices.standings()] == [(1, 2)]


def test_a_reply_that_is_chosen_while_it_comes_counts_with_what_it_has_cost_in_the_end(chat: Chat) -> None:
    abouts = [ReplyMetadata(provider="anthropic", model=model) for model in ("a", "b")]
    pending = exchange.round(Conversation(), Prompt("Why?"), abouts, utc_now())
    for each in pending:
        chat.begin(each)
    choose(chat, [each.reply.id for each in pending], 0)
    assert [(it.cost_usd, it.duration_ms) for it in chat.store.choices.standings()] == [(None, None)] * 2
    for cost_usd, each in enumerate(pending, start=1):
        about = replace(each.reply.metadata, cost_usd=float(cost_usd), metrics=ReplyMetrics(duration_ms=9.0 * cost_usd))
        ended = replace(each.reply, parts=(TextPart("So."),), status=StreamingStatus.COMPLETE, metadata=about)
        chat.store.journal.finish(ended).result(PATIENCE_S)
    assert chat.store.choices.standings() == [Standing("a", 1, 1, 1.0, 9.0), Standing("b", 1, 0, 2.0, 18.0)]


def test_it_outlives_the_conversation_and_the_program(chat: Chat, open_chat: Opener) -> None:
    ids = asked(chat, "a", "b")
    choose(chat, ids, 0)
    for summary in chat.store.conversations():
        chat.store.delete(summary.id).result(PATIENCE_S)
    chat.store.purge_deleted().result(PATIENCE_S)
    assert [it.model for it in open_chat().store.choices.standings()] == ["a", "b"]


def test_of_replies_that_are_not_stored_nothing_is_counted(chat: Chat) -> None:
    ids = asked(chat, "a", "b")
    chat.store.choices.record_choice("gone", ids).result(PATIENCE_S)
    chat.store.choices.record_choice(ids[0], ["gone", ids[0]]).result(PATIENCE_S)
    assert chat.store.choices.standings() == []
