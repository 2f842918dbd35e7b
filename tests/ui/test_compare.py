"""Several models side by side: what is asked, what is shown, and what becomes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.comparisons import WIDE, columns, coming, compare, comparison, over
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tests.ui.pages import run_command
from tui_chat.chat import exchange
from tui_chat.chat.message import StreamingStatus, utc_now
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.program.contenders import contenders_named
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.status_bar import StatusBar
from tui_chat.ui.compare.columns import ColumnMessages, Columns
from tui_chat.ui.compare.compared_prompt import ROWS, ComparedPrompt
from tui_chat.ui.compare.comparison import Branch

STALLED = "/fault stall@30xall\nTell me"


async def two_replies(stage: Stage, prompt: str = "/tokens 30\nHello") -> None:
    """Put two replies side by side."""
    await compare(stage, "demo,demo-fast")
    await stage.send(prompt)
    await over(stage, 2)


async def siblings(stage: Stage) -> list[str]:
    """Return the ids of the last reply and its other versions."""
    return await asyncio.to_thread(stage.program.store.branches, stage.last.id)


async def test_each_model_answers_in_a_column_of_its_own_and_goes_on_there(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.until(lambda: "Compare: demo, demo-fast, demo-thinking" in stage.shown)
        await stage.send("/tokens 30\nHello")
        await over(stage)
        replies = [branch.reply for branch in comparison(stage).branches]
        assert {reply.status for reply in replies} == {StreamingStatus.COMPLETE}
        assert [reply.metadata.model for reply in replies] == ["demo", "demo-fast", "demo-thinking"]
        assert len({reply.parent_id for reply in replies}) == 1
        for column, reply in zip(columns(stage), replies, strict=True):
            widget = column.messages.reply(reply.id)
            assert widget is not None
            assert widget.text.strip() == reply.text.strip()
        assert stage.shown.count("Complete") == 3
        await stage.send("/tokens 9\nAnd further")
        await stage.until(lambda: all(len(branch.conversation.messages) == 4 for branch in comparison(stage).branches))
        await over(stage)
        for branch, before in zip(comparison(stage).branches, replies, strict=True):
            assert branch.conversation.messages[1] == before
            assert branch.reply.metadata.model == before.metadata.model
            assert branch.conversation.messages[2].parent_id == before.id
        assert stage.shown.count("And further") == 3


async def test_a_narrow_terminal_shows_as_many_as_have_room_and_the_keys_lead_to_the_others(opened: Opener) -> None:
    async with opened(size=(80, 24)) as stage:
        await compare(stage)
        await stage.send("/tokens 30\nHello")
        await over(stage)
        assert [column.display for column in columns(stage)] == [True, True, False]
        await stage.pilot.press("tab", "right", "right")
        await stage.until(lambda: comparison(stage).at == 2)
        assert [column.display for column in columns(stage)] == [False, True, True]
        assert "3/3" in stage.shown
        await stage.pilot.press("z")
        await stage.until(lambda: [column.display for column in columns(stage)] == [False, False, True])
        await stage.pilot.press("left")
        await stage.until(lambda: [column.display for column in columns(stage)] == [False, True, False])
        await stage.pilot.press("z")
        await stage.until(lambda: [column.display for column in columns(stage)] == [False, True, True])
        await stage.pilot.resize_terminal(60, 24)
        await stage.until(lambda: [column.display for column in columns(stage)] == [False, True, False])
        await stage.until(lambda: "← Column" in stage.shown and "z Zoom" not in stage.shown)


async def test_esc_stops_all_and_a_key_one_alone(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.send(STALLED)
        await stage.until(lambda: coming(stage) == 3 and stage.shown.count("Streaming") >= 3)
        await stage.pilot.press("tab", "right", "s")
        await stage.until(lambda: coming(stage) == 2)
        assert comparison(stage).branches[1].reply.status is StreamingStatus.STOPPED
        assert stage.word == "Streaming"
        await stage.pilot.press("s")
        assert stage.composer.text == "", "a key that comes too late is not typed"
        await stage.until(lambda: "in another column" in stage.shown)
        status = stage.screen.query_one(StatusBar).status
        assert status.tokens_per_second is None, "it would be taken for that of the column which is looked at"
        await stage.pilot.press("escape")
        await stage.until(lambda: coming(stage) == 0)
        assert {branch.reply.status for branch in comparison(stage).branches} == {StreamingStatus.STOPPED}
        assert all(branch.reply.text for branch in comparison(stage).branches[:2])
        assert "stopped" in stage.shown


async def test_the_chosen_reply_goes_on_alone_and_the_others_stay_as_versions(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.send("/tokens 30\nHello")
        await over(stage)
        chosen = comparison(stage).branches[1].reply
        await stage.pilot.press("tab", "right", "enter")
        await stage.until(lambda: not stage.screen.query_one(Columns).display and stage.composer.has_focus)
        assert stage.last == chosen
        wins = await asyncio.to_thread(stage.program.store.choices.standings)
        assert {standing.model: standing.wins for standing in wins} == {"demo-fast": 1, "demo": 0, "demo-thinking": 0}
        await stage.until(lambda: "2/3" in stage.shown)
        reply = await stage.ask("/tokens 5\nAgain")
        assert reply.metadata.model == "demo-fast"
        assert stage.messages[1] == chosen


@pytest.mark.parametrize("models", ["demo,demo+400", "demo+400,demo"])
async def test_a_failure_in_one_column_holds_what_waits(opened: Opener, held: Held, models: str) -> None:
    held.tokens = 20
    async with opened(size=WIDE) as stage:
        await compare(stage, models)
        await stage.send("/tokens 120\nTell me")
        await stage.until(lambda: coming(stage) == 1)
        await stage.send("And further")
        held.go_on()
        await over(stage, 2)
        assert len(stage.screen.session.queued(stage.screen.session.conversation.id)) == 1
        assert len(stage.messages) == 2


async def test_what_is_discarded_leaves_nothing_and_gives_the_prompt_back_once(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.send(STALLED)
        await stage.until(lambda: coming(stage) == 3 and stage.shown.count("Streaming") >= 3)
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: coming(stage) == 0 and stage.composer.text == STALLED)
        assert stage.messages == ()
        assert stage.screen.session.comparing.of(stage.screen.session.conversation.id) is None
        await stage.pilot.press("enter")
        await stage.until(lambda: coming(stage) == 3)
        await stage.pilot.press("escape")
        await over(stage)


async def test_one_of_them_is_asked_again_while_the_others_come(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo")
        await stage.send(STALLED)
        await stage.until(lambda: coming(stage) == 2 and stage.shown.count("Streaming") >= 2)
        await stage.pilot.press("tab", "s")
        await stage.until(lambda: coming(stage) == 1)
        before = comparison(stage).current.reply
        await stage.pilot.press("r")
        await stage.until(lambda: coming(stage) == 2)
        assert comparison(stage).current.reply.id != before.id
        assert comparison(stage).current.reply.parent_id == before.parent_id
        await stage.pilot.press("escape")
        await over(stage, 2)


async def test_what_another_window_adds_is_in_every_column(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await two_replies(stage)
        journal, branches = stage.program.store.journal, comparison(stage).branches
        added = [
            exchange.send(one.conversation, Prompt("From elsewhere"), one.reply.metadata, utc_now()) for one in branches
        ]
        for pending in added:
            await asyncio.wrap_future(journal.begin(pending))
        await stage.until(lambda: all(len(one.conversation.messages) == 4 for one in branches))
        await stage.until(lambda: stage.shown.count("From elsewhere") == 2)
        for pending in added:
            whole = replace(pending.reply, parts=(TextPart("All of it"),), status=StreamingStatus.COMPLETE)
            await asyncio.wrap_future(journal.finish(whole))
        await stage.until(lambda: stage.shown.count("All of it") == 2 and stage.shown.count("Complete") == 2)


async def test_a_column_that_was_left_at_once_is_not_gone_back_to(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await two_replies(stage)
        first, second = columns(stage)
        shown = stage.screen.query_one(Columns)
        await stage.pilot.press("tab")
        await stage.until(lambda: first.messages.has_focus)
        shown.go_to(1)  # by a key that came before it was told that the first had the focus
        shown._take_focus(ColumnMessages.Entered(first.messages))
        assert comparison(stage).at == 1
        await stage.until(lambda: second.messages.has_focus)


async def test_a_short_reply_stays_at_the_top_when_the_column_gets_higher(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await two_replies(stage, "/tokens 5\nHello")
        column = columns(stage)[1].messages
        height, line = column.size.height, column.scroll_y
        await stage.pilot.press("ctrl+f", "x")
        await stage.until(lambda: column.size.height < height)
        await stage.pilot.press("escape")
        await stage.until(lambda: column.size.height == height)
        await stage.pilot.pause()
        assert column.scroll_y == line == 0


async def test_the_prompt_above_the_columns_is_searched_to_its_end(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await two_replies(stage, f"/tokens 5\n{'many words and ' * 40}a needle")
        prompt = stage.screen.query_one(ComparedPrompt)
        assert prompt.size.height == ROWS
        await stage.pilot.press("ctrl+f", *"needle")
        await stage.until(lambda: "1 of 1" in stage.shown and "a needle" in stage.shown)
        await stage.pilot.press("escape")
        await stage.until(lambda: prompt.size.height == ROWS)


async def test_one_that_is_asked_again_leaves_the_others_where_they_are_read(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await two_replies(stage, "/tokens 400\nHello")
        first, second = (column.messages for column in columns(stage))
        await stage.pilot.press("tab", "home")
        await stage.until(lambda: not first.following and first.scroll_y == 0)
        before = comparison(stage).branches[1].reply.id
        await stage.pilot.press("right", "r")
        await stage.until(lambda: comparison(stage).branches[1].reply.id != before)
        await over(stage, 2)
        assert first.scroll_y == 0
        assert second.following


async def test_columns_are_there_again_when_one_comes_back_from_another_conversation(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.send(STALLED)
        await stage.until(lambda: coming(stage) == 3 and stage.shown.count("Streaming") >= 3)
        there = stage.screen.session.conversation.id
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: "What shall we talk about?" in stage.shown)
        assert "3 replying" in stage.shown
        await stage.ask("/tokens 5\nMeanwhile")
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.screen.session.conversation.id == there and len(columns(stage)) == 3)
        assert stage.shown.count("Streaming") >= 3
        await stage.pilot.press("escape")
        await over(stage)


async def test_versions_are_shown_side_by_side_after_a_restart(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.send("/tokens 30\nHello")
        await over(stage)
        await stage.pilot.press("tab", "right")
        await stage.until(lambda: comparison(stage).at == 1)
        looked_at = comparison(stage).current.reply.id
        await stage.pilot.press("S")
        await stage.until(lambda: not stage.screen.query_one(Columns).display)
        replies = await siblings(stage)
    async with opened(size=WIDE, resume=True) as stage:
        await stage.until(lambda: bool(stage.messages))
        assert stage.last.id == looked_at
        assert not columns(stage)
        await stage.until(lambda: "Compare: demo, demo-fast, demo-thinking" in stage.shown)
        await stage.pilot.press("tab", "S")
        await over(stage)
        assert [branch.reply.id for branch in comparison(stage).branches] == replies
        assert comparison(stage).names == ["demo", "demo-fast", "demo-thinking"]
        assert comparison(stage).at == 1
        await stage.pilot.press("S")
        await stage.until(lambda: not stage.screen.query_one(Columns).display)
        assert stage.last.id == looked_at


async def test_a_persona_is_asked_again_after_a_restart(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "terse.md").write_text("Be terse.")
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo@terse")
        await stage.send("/tokens 5\nHello")
        await over(stage, 2)
        first = comparison(stage).current.reply.id
    async with opened(size=WIDE, resume=True) as stage:
        await stage.until(lambda: bool(stage.messages))
        assert stage.last.id == first
        await over(stage, 2)
        assert comparison(stage).names == ["demo", "demo · terse"]
        await stage.send("/tokens 5\nAnd further")
        await stage.until(lambda: len(stage.messages) == 4)
        await over(stage, 2)
        asked = [str(sent.body.get("system", "")) for sent in stage.server.log.replies[-2:]]
        assert sorted("Be terse." in system for system in asked) == [False, True]


async def test_names_are_hidden_until_one_is_chosen(opened: Opener) -> None:
    async with opened(size=WIDE, notices=True) as stage:
        await compare(stage, "demo-fast,demo-thinking", blind=True)
        await stage.send("/tokens 30\nHello")
        await over(stage, 2)
        heads = [column.head.render().plain for column in columns(stage)]
        assert [head.split("  ")[0] for head in heads] == ["Model A", "Model B"]
        status = stage.screen.query_one(StatusBar).status
        assert (status.usage, status.cost_usd, status.forecast) == (None, None, None), "they tell whose it is"
        await stage.pilot.press("tab")
        body = stage.shown.replace("Compare, names hidden: demo-fast, demo-thinking", "")
        assert "demo-" not in body
        await stage.pilot.press("S")
        await stage.until(lambda: "Names are hidden until you choose" in stage.shown)
        chosen = comparison(stage).current.contender.name
        await stage.pilot.press("enter")
        await stage.until(lambda: f"You chose {chosen}" in stage.shown)


async def test_the_picker_marks_those_that_are_compared(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await stage.pilot.press("ctrl+l")
        await stage.until(lambda: "Model for this conversation" in stage.shown and "demo-fast" in stage.shown)
        await stage.pilot.press("tab", "tab")
        await stage.until(lambda: "Compare 2 · Enter" in stage.shown)
        assert stage.shown.count("●") >= 2
        await stage.pilot.press("enter")
        await stage.until(lambda: "Compare: " in stage.shown)
        await stage.send("/tokens 5\nHello")
        await over(stage, 2)


async def test_one_more_model_answers_the_same_prompt(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo-fast")
        await stage.send("/tokens 30\nHello")
        await over(stage, 2)
        await stage.pilot.press("tab", "a")
        await stage.until(lambda: "More models for this prompt" in stage.shown and "demo-thinking" in stage.shown)
        await stage.pilot.press(*"thinking", "enter")
        await over(stage)
        assert comparison(stage).current.reply.metadata.model == "demo-thinking"
        assert len({branch.reply.parent_id for branch in comparison(stage).branches}) == 1


async def test_what_the_keys_of_a_column_do_is_in_the_palette(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo-fast")
        await stage.send("/tokens 30\nHello")
        await over(stage, 2)
        await run_command(stage, "choose this", "Column: choose this reply")
        await stage.until(lambda: not stage.screen.query_one(Columns).display)


async def test_two_replies_are_shown_with_what_differs_marked(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.send("/tokens 30\nHello")
        await over(stage)
        await stage.pilot.press("tab", "D")
        await stage.until(lambda: "demo and demo-fast: no differences" in stage.shown)
        assert stage.shown.count("scripted demo") == 2
        await stage.pilot.press("right")
        await stage.until(lambda: "demo and demo-thinking: no differences" in stage.shown)
        await stage.pilot.press("right")
        await stage.until(lambda: "demo and demo-fast" in stage.shown)
        await stage.pilot.press("escape")
        await stage.until(lambda: "Complete" in stage.shown)


async def test_one_more_model_that_is_discarded_takes_its_column_with_it(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await two_replies(stage, "/slow 30\n/tokens 5\nHello")
        before = [branch.reply for branch in comparison(stage).branches]
        more = contenders_named("demo-thinking", stage.program)[0]
        await stage.screen.session.ask_also([more.choices])
        stage.screen.session.stop(Outcome.DISCARD)
        await stage.until(lambda: not coming(stage) and len(columns(stage)) == 2)
        assert [branch.reply for branch in comparison(stage).branches] == before


async def test_one_that_is_left_when_the_others_are_discarded_stands_alone(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo-fast")
        await stage.send(STALLED)
        await stage.until(lambda: coming(stage) == 2 and stage.shown.count("Streaming") >= 2)
        await stage.pilot.press("tab", "s")
        await stage.until(lambda: coming(stage) == 1)
        kept = comparison(stage).branches[0].reply
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: coming(stage) == 0 and not stage.screen.query_one(Columns).display)
        assert stage.last == kept
        assert "Message 2 models" in stage.shown


async def test_a_message_that_is_deleted_leaves_its_column(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await two_replies(stage)
        await stage.send("/tokens 9\nAnd further")
        await stage.until(lambda: all(len(branch.conversation.messages) == 4 for branch in comparison(stage).branches))
        await over(stage, 2)
        gone = stage.messages[2].id
        assert await stage.screen.edits.delete(gone)
        assert stage.screen.session.conversation.find(gone) is None
        assert len(comparison(stage).branches) == 2
        await stage.until(lambda: stage.shown.count("And further") == 1)


async def test_a_column_goes_with_its_only_reply(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.send("/tokens 30\nHello")
        await over(stage)
        first, *others = [branch.reply for branch in comparison(stage).branches]
        assert await stage.screen.edits.delete(first.id)
        await stage.until(lambda: len(columns(stage)) == 2)
        assert [branch.reply for branch in comparison(stage).branches] == others


async def test_a_reply_that_is_rewritten_is_shown_so_in_its_column(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await two_replies(stage)
        await stage.screen.edits.rewrite(stage.last.id, "Words of my own")
        await stage.until(lambda: "Words of my own" in stage.shown and len(columns(stage)) == 2)
        assert comparison(stage).branches[0].reply.text == "Words of my own"
        await stage.pilot.press("tab", "D")
        await stage.until(lambda: " difference" in stage.shown and " marked" in stage.shown)


async def test_a_place_on_a_branch_from_before_is_gone_to(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        earlier = await stage.ask("/tokens 5\nFirst")
        await stage.screen.session.regenerate(earlier.id)
        await stage.ready()
        await two_replies(stage)
        here = stage.screen.session.conversation.id
        assert await stage.screen.library.open_at(here, comparison(stage).branches[1].reply.id)
        assert comparison(stage).at == 1
        assert await stage.screen.library.open_at(here, earlier.id)
        assert stage.last == earlier
        await stage.until(lambda: not stage.screen.query_one(Columns).display)


async def test_versions_of_a_reply_that_has_no_prompt_are_not_put_side_by_side(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        greeting = stage.program.store.import_({"messages": [{"role": "assistant", "text": "Hi there"}]})
        await stage.screen.session.open(greeting)
        await stage.screen.edits.rewrite(stage.last.id, "Good day")
        await stage.until(lambda: "2/2" in stage.shown)
        await stage.pilot.press("tab", "S")
        await stage.ask("/tokens 5\nHello")


async def test_there_are_messages_to_act_on_while_columns_are_laid_out(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_columns = Columns._lay_columns

    async def laying(columns: Columns, branches: list[Branch]) -> None:
        assert stage.screen.view.messages.is_attached
        await lay_columns(columns, branches)
        assert stage.screen.view.messages.is_attached

    monkeypatch.setattr(Columns, "_lay_columns", laying)
    async with opened(size=WIDE) as stage:
        await two_replies(stage)
        more = contenders_named("demo-thinking", stage.program)[0]
        await stage.screen.session.ask_also([more.choices])
        await over(stage)
