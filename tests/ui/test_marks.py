"""Bookmarks, pins, the archive and tags, as one meets them on the screen."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import run_command, text_on_top
from tests.ui.test_conversations import kept, listed, titles
from tests.waiting import PATIENCE_S
from tui_chat.storage import Store
from tui_chat.ui.conversations.bookmarks import BookmarkList, BookmarksScreen
from tui_chat.ui.conversations.tags_dialog import TagsDialog, TagsField


async def bookmarks(stage: Stage) -> BookmarkList:
    """Open the list of bookmarks and wait for it."""
    await run_command(stage, "bookmarks", "in one list")
    await stage.until(lambda: isinstance(stage.app.screen, BookmarksScreen) and stage.app.screen.is_mounted)
    return stage.app.screen.query_one(BookmarkList)


def marked(stage: Stage) -> list[bool]:
    """Which of the messages on the screen have a bookmark in their first line."""
    return ["◆" in stage.text_of(widget).partition("\n")[0] for widget in stage.list.widgets]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The store that the app will open."""
    return Store.open(tmp_path / "data", on_problem=pytest.fail)


async def test_a_key_gives_a_message_a_bookmark_and_takes_it_away(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nA question")
        await stage.pilot.press("tab", "m")
        await stage.until(lambda: marked(stage) == [False, True])
        await stage.pilot.press("m")
        await stage.until(lambda: marked(stage) == [False, False])


async def test_a_bookmark_is_shown_without_colour_or_glyphs(opened: Opener) -> None:
    async with opened(ui__ascii=True) as stage:
        await stage.ask("/tokens 5\nA question")
        await stage.pilot.press("tab", "m")
        await stage.until(lambda: "Claude *" in stage.shown)


async def test_the_list_of_bookmarks_opens_a_message_in_its_branch(opened: Opener, store: Store) -> None:
    await kept(store, "Elsewhere")
    store.close()
    async with opened() as stage:
        await stage.ask("/tokens 5\nA question")
        first = stage.screen.session.conversation.messages[1]
        await stage.pilot.press("tab", "m")
        await stage.until(lambda: marked(stage) == [False, True])
        await stage.pilot.press("f5")
        await stage.until(lambda: stage.screen.session.conversation.messages[-1].id != first.id)
        await stage.ready()
        await stage.pilot.press("ctrl+n")
        rows = await bookmarks(stage)
        await stage.until(lambda: rows.chosen == 0)
        assert "Reply:" in text_on_top(stage)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.screen.session.conversation.find(first.id) is not None)


async def test_a_bookmark_is_removed_from_the_list_and_put_back(opened: Opener, store: Store) -> None:
    await kept(store, "One", "Other")
    for summary in store.conversations():
        whole = store.conversation(summary.id)
        assert whole
        store.marks.bookmark(whole.messages[0].id)
    store.close()
    async with opened() as stage:
        rows = await bookmarks(stage)
        await stage.until(lambda: len(rows.found.items) == 2)
        await stage.pilot.press(*"other")
        await stage.until(lambda: [it.title for it in rows.found.items] == ["Other"])
        await stage.pilot.press("ctrl+d")
        await stage.until(lambda: not rows.found.items)
        await stage.until(lambda: [it.title for it in stage.program.store.marks.bookmarks()] == ["One"])
        await stage.pilot.press("ctrl+z")
        await stage.until(lambda: [it.title for it in rows.found.items] == ["Other"])
        await stage.pilot.press("escape")


async def test_without_bookmarks_the_list_says_how_one_is_made(opened: Opener) -> None:
    async with opened() as stage:
        await bookmarks(stage)
        await stage.until(lambda: "No bookmarks yet" in text_on_top(stage))


async def test_a_pinned_conversation_stands_first_with_a_mark(opened: Opener, store: Store) -> None:
    await kept(store, "Old", "New")
    store.close()
    async with opened() as stage:
        rows = await listed(stage)
        assert titles(rows) == ["New", "Old"]
        assert "★" not in text_on_top(stage)
        await stage.pilot.press("down", "ctrl+t")
        await stage.until(lambda: titles(rows) == ["Old", "New"])
        assert "★ Old" in text_on_top(stage)
        assert rows.chosen == 0
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: titles(rows) == ["New", "Old"])
        assert rows.chosen == 1


async def test_an_archived_conversation_is_only_in_the_archive(opened: Opener, store: Store) -> None:
    await kept(store, "Old", "New")
    store.close()
    async with opened() as stage:
        rows = await listed(stage)
        await stage.pilot.press("ctrl+b")
        await stage.until(lambda: titles(rows) == ["Old"])
        await stage.pilot.press("ctrl+l")
        await stage.until(lambda: titles(rows) == ["New"])
        assert "Archived conversations" in text_on_top(stage)
        await stage.pilot.press("ctrl+b")
        await stage.until(lambda: "The archive is empty." in text_on_top(stage))
        await stage.until(lambda: "^l Leave archive" in text_on_top(stage))
        await stage.pilot.press("ctrl+l")
        await stage.until(lambda: titles(rows) == ["New", "Old"])


async def test_tags_are_written_with_completion_and_shown(opened: Opener, store: Store) -> None:
    await kept(store, "Old", "New")
    store.marks.tag(store.conversations()[1].id, ["home", "work"])
    store.close()
    async with opened() as stage:
        rows = await listed(stage)
        await stage.pilot.press("ctrl+g")
        await stage.until(lambda: isinstance(stage.app.screen, TagsDialog) and "home  work" in text_on_top(stage))
        await stage.pilot.press(*"idea wo")
        await stage.pilot.press("tab")
        assert stage.app.screen.query_one(TagsField).value == "idea work "
        await stage.pilot.press("enter")
        await stage.until(lambda: rows.found.items[0].conversation.tags == ("idea", "work"))
        await stage.until(lambda: "#idea #work" in text_on_top(stage))


async def test_a_mark_that_a_slow_disk_keeps_late_is_shown_then(
    opened: Opener, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept(store, "Old", "New")
    store.close()
    async with opened() as stage:
        rows = await listed(stage)
        slow = threading.Event()
        monkeypatch.setattr("tui_chat.storage.store.OWN_WRITES_S", 0.1)  # the reads wait in vain
        stage.program.store._write(lambda connection: slow.wait(PATIENCE_S))
        await stage.pilot.press("down", "ctrl+t")
        read = asyncio.to_thread(stage.program.store.conversations)  # gives up waiting for what is being written
        assert not any(conversation.pinned for conversation in await read)
        slow.set()
        await stage.until(lambda: titles(rows) == ["Old", "New"])


async def test_keys_of_the_list_leave_what_is_typed(opened: Opener, store: Store) -> None:
    await kept(store, "Old")
    store.close()
    async with opened() as stage:
        rows = await listed(stage)
        await stage.pilot.press(*"old")
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: bool(rows.found.items) and rows.found.items[0].conversation.pinned)
        assert rows.found.query == "old"


async def test_the_palette_marks_the_open_conversation(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.ask("/tokens 5\nA question")
        for query, said, archived in (("pin this", "Pinned.", False), ("archive this", "Archived.", True)):
            await run_command(stage, query, f"{query.capitalize()} conversation")
            await stage.until(lambda said: said in stage.shown, said)
            marks = stage.program.store.marks.of(stage.screen.session.conversation.id)
            assert (marks.pinned, marks.archived) == (True, archived)


async def test_what_another_window_pins_is_seen_when_the_list_is_opened(opened: Opener, store: Store) -> None:
    await kept(store, "Old", "New")
    async with opened() as stage:
        rows = await listed(stage)
        assert titles(rows) == ["New", "Old"]
        await stage.pilot.press("escape")
        store.marks.pin(store.conversations()[1].id).result(PATIENCE_S)
        assert titles(await listed(stage)) == ["Old", "New"]
        store.close()
