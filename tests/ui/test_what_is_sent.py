"""The screen that shows what goes with the next request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import text_on_top
from tests.ui.test_mcp_servers import with_stub
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import FilePart, TextPart
from tui_chat.chat.sending import Sending
from tui_chat.chat.what_is_sent import Outlook, outlooks
from tui_chat.ui.chat import sent_list
from tui_chat.ui.chat.sent_screen import SentRows, SentScreen


async def shown(stage: Stage) -> SentRows:
    """Open the screen and wait until it is filled."""
    await stage.pilot.press("shift+f4")
    await stage.until(lambda: isinstance(stage.app.screen, SentScreen) and stage.app.screen.is_mounted)
    rows = stage.app.screen.query_one(SentRows)
    await stage.until(lambda: bool(rows.found.items))
    return rows


async def test_everything_that_goes_with_the_next_request_is_listed(opened: Opener) -> None:
    async with opened(provider__system="Be brief.") as stage:
        await stage.ask("/tokens 5\nOne")
        await stage.pilot.press(*"Next")
        rows = await shown(stage)
        assert [(row.who, row.remarks, row.goes) for row in rows.found.items] == [
            ("System prompt", (), True),
            ("You", (), True),
            ("Claude", (), True),
            ("You", ("being written",), True),
        ]
        text = text_on_top(stage)
        assert "Be brief." in text
        assert " of 1M tokens" in text
        assert rows.chosen == 3


async def test_the_tools_that_go_with_the_request_are_named_and_counted(opened: Opener, tmp_path: Path) -> None:
    with_stub(tmp_path, "echo,other")
    async with opened(provider__web_search=True) as stage:
        rows = await shown(stage)
        tools = rows.found.items[0]
        assert (tools.who, tools.text) == ("Tools", "web search")
        assert tools.remarks == ("1 tool", "stub: known once it has started")
        await stage.pilot.press("escape")
        stage.program.tools.start_again("stub", stage.program.settings.now.mcp.servers["stub"])
        await stage.until(lambda: not stage.screen.session.parts.requests.servers_to_start)
        rows = await shown(stage)
        now = rows.found.items[0]
        assert (now.text, now.remarks) == ("web search, stub:echo, stub:other", ("3 tools",))
        assert now.tokens > tools.tokens
        assert f"~{now.tokens:,} of 1M tokens" in text_on_top(stage)


async def test_an_exchange_is_left_out_and_taken_in_again(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nOne")
        await stage.ask("/tokens 5\nTwo")
        rows = await shown(stage)
        await stage.pilot.press("up", "up", "ctrl+t")
        await stage.until(lambda: [row.goes for row in rows.found.items] == [False, False, True, True])
        assert rows.chosen == 1
        assert text_on_top(stage).count("  left out") == 2
        assert "saves ~" in text_on_top(stage)
        session = stage.screen.session
        sent = session.program.conversation_settings.sent(session.conversation.id, session.conversation.messages)
        assert sent == session.conversation.messages[2:]
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: all(row.goes for row in rows.found.items))
        assert "saves ~" not in text_on_top(stage)


async def test_what_was_left_out_with_the_oldest_is_taken_in_with_all_that_follows(opened: Opener) -> None:
    async with opened() as stage:
        for prompt in ("One", "Two", "Three"):
            await stage.ask(f"/tokens 5\n{prompt}")
        stage.screen.session.send_from(stage.screen.session.conversation.messages[4].id)
        rows = await shown(stage)
        assert [row.goes for row in rows.found.items] == [False] * 4 + [True] * 2
        await stage.pilot.press("up", "up", "ctrl+t")
        await stage.until(lambda: [row.goes for row in rows.found.items] == [False] * 2 + [True] * 4)


async def test_a_reply_that_is_coming_is_not_left_out(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.send("/fault stall@3\n/tokens 9\nOne")
        await stage.streaming()
        rows = await shown(stage)
        assert [row.remarks for row in rows.found.items] == [(), ("still coming",)]
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: "The reply to this is coming." in text_on_top(stage))
        await stage.pilot.press("escape")
        await stage.until(lambda: not isinstance(stage.app.screen, SentScreen))
        await stage.pilot.press("tab", "x")
        await stage.until(lambda: "The reply to this is coming." in stage.shown)
        sending = stage.program.conversation_settings.sending(stage.screen.session.conversation.id)
        assert not sending.left_out


async def test_a_message_is_gone_to_and_esc_leaves(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nOne")
        await stage.ask("/tokens 900\nTwo")
        await shown(stage)
        await stage.pilot.press(*"/tokens 5", "enter")
        await stage.until(lambda: stage.list.has_focus)
        assert stage.list.chosen == stage.messages[0].id


async def test_nothing_yet_and_nothing_found_are_said(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("shift+f4")
        await stage.until(lambda: "the next prompt is the first" in text_on_top(stage))
        await stage.pilot.press(*"zebra")
        await stage.until(lambda: "No matches for “zebra”." in text_on_top(stage))


async def test_files_are_listed_with_their_sizes(opened: Opener) -> None:
    async with opened() as stage:
        notes = FilePart("notes.txt", "text/plain", "word " * 300)
        lost = FilePart("old.txt", "text/plain", "", "0" * 64, 9)
        prompt = Message(Role.USER, (notes, lost, TextPart("Look")))
        conversation = Conversation(messages=(prompt, Message(Role.ASSISTANT, (TextPart("Yes."),))))
        await stage.screen.session.open(conversation)
        rows = await shown(stage)
        assert rows.found.items[0].remarks == ("2 files: notes.txt (~500 tokens), old.txt (lost: by name only)",)


async def test_what_a_long_conversation_sends_is_worked_out_once(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nOne")
        asked: list[Sending] = []

        def counting(messages: Sequence[Message], sending: Sending) -> list[Outlook]:
            asked.append(sending)
            return outlooks(messages, sending)

        monkeypatch.setattr(sent_list, "outlooks", counting)
        await shown(stage)
        await stage.pilot.press(*"one")
        await stage.until(lambda: "One" in text_on_top(stage))
        assert len(asked) == 1
