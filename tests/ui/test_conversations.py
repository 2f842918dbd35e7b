"""The list of conversations, going from one to another, and what is being written in each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tests.ui.pages import keys_on_top, notices, run_command
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Role, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.storage import Store
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.conversations.screen import ConversationList, ConversationsScreen
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.shared.search_result import SearchResult

STALLED = "/fault stall@20xall\nTell me a story"


async def listed(stage: Stage) -> ConversationList:
    """Open the list and wait for it."""
    await stage.pilot.press("ctrl+o")
    await stage.until(lambda: isinstance(stage.app.screen, ConversationsScreen) and stage.app.screen.is_mounted)
    rows = stage.app.screen.query_one(ConversationList)
    await stage.until(lambda: rows.chosen >= 0)
    return rows


async def kept(store: Store, *prompts: str) -> None:
    """Conversations with these prompts, the first one the oldest."""
    for prompt in prompts:
        store.import_({"title": prompt, "messages": [{"role": "user", "text": prompt}]})


def titles(rows: ConversationList) -> Sequence[str]:
    return [item.conversation.title for item in rows.found.items]


async def test_what_a_tool_gave_back_is_shown_with_the_turn_that_it_went_with(opened: Opener, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    call = {"type": "tool_call", "id": "t1", "name": "look", "arguments": '{"at": "this"}'}
    result = {"type": "tool_result", "call_id": "t1", "text": "a picture", "failed": False}
    messages = [
        {"role": "user", "text": "Look."},
        {"role": "assistant", "text": "", "parts": [call]},
        {"role": "user", "text": "", "parts": [result]},
        {"role": "assistant", "text": "It is a picture."},
    ]
    store.import_({"title": "Looking", "messages": messages})
    store.close()
    async with opened(resume=True) as stage:
        await stage.until(lambda: "It is a picture." in stage.shown)
        lines = [line.strip(" ▌") for line in stage.shown.splitlines()]
        at = lines.index("Tool result")
        assert lines[at - 1 : at + 4] == ["You", "Tool result", "a picture", "", "Assistant"]


async def test_conversations_are_listed_newest_first_and_opened(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("First question")
        await stage.pilot.press("ctrl+n")
        await stage.ask("Second question")
        rows = await listed(stage)
        assert titles(rows) == ["Second question", "First question"]
        assert "open · 2 messages · demo" in stage.shown
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: stage.messages[0].text == "First question")
        assert stage.composer.has_focus


async def test_esc_closes_the_list_and_opens_nothing(opened: Opener) -> None:
    async with opened() as stage:
        await kept(stage.program.store, "Another")
        await stage.ask("First question")
        await listed(stage)
        await stage.pilot.press("down", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert stage.messages[0].text == "First question"
        assert stage.composer.has_focus


async def test_typing_searches_titles_and_texts_and_shows_where_the_words_stand(opened: Opener) -> None:
    async with opened() as stage:
        store = stage.program.store
        long = "word " * 200
        store.import_({"title": "Gardening", "messages": [{"role": "user", "text": f"{long}a Wisteria {long}"}]})
        store.import_({"title": "Wisteria in spring", "messages": [{"role": "user", "text": "When?"}]})
        store.import_({"title": "Other", "messages": [{"role": "user", "text": "Something else"}]})
        rows = await listed(stage)
        assert len(titles(rows)) == 3
        await stage.pilot.press(*"wisteria")
        await stage.until(lambda: set(titles(rows)) == {"Gardening", "Wisteria in spring"})
        assert "a Wisteria word" in stage.shown
        await stage.pilot.press(*"xx")
        await stage.until(lambda: "No matches for “wisteriaxx”." in stage.shown)
        await stage.until(lambda: "Close" in keys_on_top(stage) and "Open" not in keys_on_top(stage))
        await stage.pilot.press("enter", "ctrl+r", "ctrl+d")
        assert isinstance(stage.app.screen, ConversationsScreen)


async def test_what_is_typed_and_entered_at_once_opens_what_was_typed_for(opened: Opener) -> None:
    async with opened() as stage:
        await kept(stage.program.store, "Alpha", "Beta", "Gamma")
        await listed(stage)
        await stage.pilot.press("a", "l", "p", "enter")
        await stage.until(lambda: bool(stage.messages))
        assert stage.messages[0].text == "Alpha"


async def test_a_conversation_is_renamed_wherever_its_title_is_shown(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        rows = await listed(stage)
        await stage.pilot.press("ctrl+r")
        await stage.pilot.press(*" there")
        await stage.pilot.press("enter")
        await stage.until(lambda: titles(rows) == ["Hello there"])
        await stage.pilot.press("ctrl+r")
        await stage.pilot.press(*" never kept")
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert "Hello there" in stage.shown
        await stage.ask("And again")
        assert [item.title for item in stage.program.store.conversations()] == ["Hello there"]


async def test_a_deleted_conversation_is_brought_back_from_the_list(opened: Opener) -> None:
    async with opened() as stage:
        await kept(stage.program.store, "One", "Two", "Three")
        rows = await listed(stage)
        await stage.pilot.press("down", "ctrl+d")
        await stage.until(lambda: titles(rows) == ["Three", "One"])
        assert rows.item is not None
        assert rows.item.conversation.title == "One"
        await stage.until(lambda: "Deleted “Two”" in notices(stage))
        await stage.pilot.press("ctrl+z")
        await stage.until(lambda: titles(rows) == ["Three", "Two", "One"])
        assert rows.item.conversation.title == "Two"
        assert "Deleted “Two”" not in notices(stage)


async def test_a_deleted_conversation_is_brought_back_from_the_notice(opened: Opener) -> None:
    async with opened(size=(120, 40)) as stage:
        stage.app._disable_notifications = False  # a test has none unless it says so
        await kept(stage.program.store, "One [b]Two[/b]")
        rows = await listed(stage)
        await stage.pilot.press("delete")
        await stage.until(lambda: "Deleted “One [b]Two[/b]”" in " ".join(stage.shown.split()))
        y, x = next((y, line.index("Undo")) for y, line in enumerate(stage.shown.split("\n")) if "”. Undo" in line)
        await stage.pilot.click(offset=(x + 1, y))
        await stage.until(lambda: titles(rows) == ["One [b]Two[/b]"])


async def test_a_deleted_conversation_is_brought_back_from_the_palette(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        await listed(stage)
        await stage.pilot.press("ctrl+d", "escape")
        await stage.until(lambda: stage.app.screen is stage.screen and not stage.messages)
        await run_command(stage, "bring back", "bring back “Hello”")
        await stage.until(lambda: len(stage.messages) == 2)


async def test_what_was_deleted_is_gone_when_the_app_has_ended(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        rows = await listed(stage)
        await stage.pilot.press("ctrl+d")
        await stage.until(lambda: not rows.found.items)
        await stage.pilot.press("escape")
    async with opened(resume=True) as stage:
        assert stage.messages == ()


async def test_a_conversation_whose_reply_is_coming_says_so_and_can_be_deleted(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("ctrl+n")
        rows = await listed(stage)
        assert "● streaming" in stage.shown
        await stage.pilot.press("ctrl+d")
        await stage.until(lambda: not rows.found.items)
        await stage.pilot.press("ctrl+z")
        await stage.until(lambda: bool(rows.found.items) and "streaming" not in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.screen is stage.screen and bool(stage.messages))
        assert "stopped" in stage.shown


async def test_keys_go_through_the_conversations_and_round(opened: Opener) -> None:
    async with opened() as stage:
        await kept(stage.program.store, "One", "Two", "Three")
        for key, text in (
            ("f6", "Three"),
            ("ctrl+pagedown", "Two"),
            ("f6", "One"),
            ("ctrl+pagedown", "Three"),
            ("shift+f6", "One"),
            ("ctrl+pageup", "Two"),
        ):
            await stage.pilot.press(key)
            await stage.until(lambda text: bool(stage.messages) and stage.messages[0].text == text, text)


async def test_a_reply_goes_on_while_another_conversation_is_looked_at(opened: Opener, held: Held) -> None:
    held.tokens = 20
    async with opened() as stage:
        await kept(stage.program.store, "Another")
        await stage.send("/tokens 5000\nA story")
        await stage.streaming()
        before = stage.reply_text
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.messages[0].text == "Another" and stage.word == "Ready")
        held.go_on(60)
        await stage.pilot.press("f6")
        await stage.until(lambda: len(stage.messages) == 2 and len(stage.reply_text) > len(before))
        assert stage.reply_text.startswith(before)
        await stage.pilot.press("escape")
        await stage.ready()
        assert stage.reply_text == stage.last.text


async def test_the_top_row_tells_of_a_reply_elsewhere_and_a_notice_of_its_end(opened: Opener, held: Held) -> None:
    held.tokens = 0
    async with opened(notices=True) as stage:
        await stage.send("A story")
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: stage.shown.partition("\n")[0].endswith("1 replying · f6"))
        held.go_on()
        await stage.until(lambda: "“A story” has its reply." in stage.shown)
        await stage.until(lambda: stage.shown.partition("\n")[0].endswith("1 new · f6"))


async def test_a_reply_that_nobody_saw_is_marked_until_it_is_looked_at(opened: Opener, held: Held) -> None:
    held.tokens = 0
    async with opened() as stage:
        await kept(stage.program.store, "Another")
        await stage.send("A story")
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: not stage.messages)
        held.go_on()
        await stage.until(lambda: "1 new · f6" in stage.shown)
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: "● new reply" in stage.shown)
        await stage.pilot.press("escape", "f6")
        await stage.until(lambda: len(stage.messages) == 2)
        assert stage.messages[0].text == "A story"
        await stage.until(lambda: "new" not in stage.shown.partition("\n")[0])


async def test_what_another_window_adds_is_there_soon_and_whoever_reads_further_up_is_told(
    opened: Opener, tmp_path: Path
) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 400\nOne")
        with closing(Store.open(tmp_path / "data", on_problem=pytest.fail)) as other:
            await added(other, stage.screen.session.conversation, "Two")
            await stage.until(lambda: "To Two" in stage.shown)
            await stage.pilot.press("ctrl+home")
            await stage.until(lambda: not stage.list.following)
            await added(other, stage.screen.session.conversation, "Three")
            await stage.until(lambda: "new text" in stage.shown)
            assert "To Three" not in stage.shown
        await stage.pilot.press("ctrl+end")
        await stage.until(lambda: "To Three" in stage.shown)


async def test_no_other_reply_is_asked_for_where_another_window_has_gone_on(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 400\nOne")
        await stage.pilot.press("ctrl+home")
        await stage.until(lambda: not stage.list.following)
        with closing(Store.open(tmp_path / "data", on_problem=pytest.fail)) as other:
            await added(other, stage.screen.session.conversation, "Two")
        await stage.pilot.press("f5")
        await stage.until(lambda: "To Two" in stage.shown)
        assert len(stage.server.log.replies) == 1


async def test_a_reply_that_is_looked_at_ends_without_a_notice(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.ask("A story")
        assert "has its reply" not in stage.shown
        assert "replying" not in stage.shown


async def test_a_prompt_that_waits_is_sent_while_another_conversation_is_looked_at(opened: Opener, held: Held) -> None:
    held.tokens = 0
    async with opened() as stage:
        await kept(stage.program.store, "Another")
        await stage.send("A story")
        await stage.send("And then?")
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.messages[0].text == "Another")
        held.go_on()
        await stage.until(lambda: len(stage.server.log.replies) == 2 and stage.server.log.replies[-1].completed)
        assert len(stage.messages) == 1
        await stage.pilot.press("f6")
        await stage.until(lambda: [message.text for message in stage.messages][2:3] == ["And then?"])
        await stage.ready()


async def added(store: Store, conversation: Conversation, prompt: str) -> None:
    """Add an exchange at the end of a conversation, as another window does."""
    pending = exchange.send(conversation, Prompt(prompt), ReplyMetadata(), utc_now())
    await asyncio.wrap_future(store.journal.begin(pending))
    ended = replace(pending.reply, parts=(TextPart(f"To {prompt}"),), status=StreamingStatus.COMPLETE)
    await asyncio.wrap_future(store.journal.finish(ended))


async def test_what_another_window_has_added_is_taken_up_before_a_prompt_is_sent(
    opened: Opener, tmp_path: Path
) -> None:
    async with opened() as stage:
        await stage.ask("One")
        with closing(Store.open(tmp_path / "data", on_problem=pytest.fail)) as other:
            await added(other, stage.screen.session.conversation, "Two")
        await stage.ask("Three")
        prompts = [message.text for message in stage.messages if message.role is Role.USER]
        assert prompts == ["One", "Two", "Three"]


async def test_what_another_window_has_added_is_there_when_this_one_has_the_focus_again(
    opened: Opener, tmp_path: Path
) -> None:
    async with opened() as stage:
        await stage.ask("One")
        stage.app.post_message(AppBlur())
        with closing(Store.open(tmp_path / "data", on_problem=pytest.fail)) as other:
            await added(other, stage.screen.session.conversation, "Two")
        stage.app.post_message(AppFocus())
        await stage.until(lambda: "To Two" in stage.shown)


async def test_titles_cannot_steer_the_terminal(opened: Opener) -> None:
    async with opened() as stage:
        await kept(stage.program.store, "One\x1b]0;owned\x07two\x9b31m")
        await listed(stage)
        assert "\x1b" not in stage.shown
        assert "\x9b" not in stage.shown
        assert "One\ufffd]0;owned\ufffdtwo" in stage.shown


async def test_ten_thousand_conversations_are_no_widgets(opened: Opener) -> None:
    async with opened() as stage:
        await kept(stage.program.store, *(f"Number {number}" for number in range(60)))
        rows = await listed(stage)
        rows.show(SearchResult("", list(rows.found.items) * 200))
        await stage.pilot.press("ctrl+end", "pageup", "down")
        assert rows.chosen == 12_000 - rows.page
        assert not rows.children


async def test_a_draft_is_kept_in_each_conversation(opened: Opener) -> None:
    async with opened() as stage:
        await kept(stage.program.store, "One", "Two")
        await stage.pilot.press("f6")
        await stage.until(lambda: bool(stage.messages) and stage.messages[0].text == "Two")
        await stage.type("for Two")
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.messages[0].text == "One" and stage.composer.text == "")
        await stage.type("for One")
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.composer.text == "for Two")
    async with opened(resume=True) as stage:
        await stage.until(lambda: stage.composer.text == "for Two")
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.composer.text == "for One")


async def test_a_prompt_that_was_never_sent_is_there_at_the_next_start_and_with_a_new_conversation(
    opened: Opener,
) -> None:
    async with opened() as stage:
        await kept(stage.program.store, "One")
        await stage.type("unsent")
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.composer.text == "")
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: stage.composer.text == "unsent")
    async with opened() as stage:
        await stage.until(lambda: stage.composer.text == "unsent")
        await stage.pilot.press("enter")
        await stage.ready()
    async with opened() as stage:
        assert stage.composer.text == ""


async def test_a_draft_is_saved_while_it_is_written(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("half a pro")
        await stage.until(lambda: stage.program.store.draft(stage.screen.session.conversation.id) == "half a pro")


async def test_prompts_that_waited_when_the_app_ended_wait_again(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.send("waits")
        await stage.type("unsent")
    async with opened(resume=True) as stage:
        await stage.until(lambda: stage.composer.text == "unsent")
        assert "held    waits" in stage.shown
        assert not stage.screen.busy
        await stage.type("")
        await stage.pilot.press("enter")
        await stage.until(lambda: [message.text for message in stage.messages][2:3] == ["waits"])
        await stage.ready()


async def test_a_draft_survives_the_editing_of_an_earlier_prompt(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        await stage.type("a draft")
        await stage.pilot.press("tab")
        await stage.pilot.press("e")
        await stage.until(lambda: stage.composer.text == "Hello")
        await stage.pilot.press("escape")
        assert stage.composer.text == "a draft"
        assert isinstance(stage.app.focused, Composer)


async def test_a_hit_is_opened_in_its_branch_with_the_words_marked(opened: Opener) -> None:
    async with opened() as stage:
        first = await stage.ask("/tokens 300\nA story about lighthouses")
        await stage.pilot.press("f5")
        await stage.until(lambda: stage.last.id != first.id)
        await stage.ready()
        await stage.ask("Another lighthouse")
        await stage.pilot.press("ctrl+n", "ctrl+o")
        await stage.until(lambda: "2 messages" in stage.shown or "4 messages" in stage.shown)
        await stage.pilot.press(*"from:me", "space", *"lighthouses")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.screen.finding.is_open and "1 of" in stage.shown)
        assert isinstance(stage.app.focused, MessageList)
        assert stage.messages[0].text.endswith("lighthouses")
        assert stage.list.chosen == stage.messages[0].id
        await stage.pilot.press("n")
        await stage.until(lambda: "2 of" in stage.shown or "1 of 1" in stage.shown)
