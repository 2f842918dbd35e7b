"""Files that go with prompts: above the composer, and on every road that a prompt takes."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from textual.selection import Selection

from tests.kitty_terminal import KittyTerminal, all_cells
from tests.pictures import PNG, png
from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import text_on_top
from tui_chat.attachments import file_part
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.parts import FilePart, TextPart, files_of
from tui_chat.text.limits import MOST_FILES
from tui_chat.ui.chat.send_warning import SendWarningScreen
from tui_chat.ui.composer.file_chips import FileChips
from tui_chat.ui.messages.text_selection import selected_source
from tui_chat.ui.messages.user_message import UserMessage
from tui_chat.ui.terminal.picture_cells import PLACE
from tui_chat.ui.terminal.pictures import TerminalNamed, TerminalPictures

NOTES, PICTURE = file_part("notes.md", b"Remember."), file_part("a picture.png", PNG)
BOTH = (NOTES, PICTURE)


def attached(stage: Stage, *files: FilePart) -> None:
    """Have files go with what is written."""
    assert stage.composer.attach(files) == ""


def wire(stage: Stage) -> list[list[tuple[str, str]]]:
    """What the server has got with the prompts of the last request, kind and content of each block but texts."""
    return [
        [_block(block) for block in message["content"] if block["type"] != "text"]
        for message in stage.server.log.replies[-1].body["messages"]
        if message["role"] == "user"
    ]


def _block(block: dict[str, Any]) -> tuple[str, str]:
    return block["type"], block["source"]["data"]


def written(stage: Stage) -> tuple[str, tuple[FilePart, ...]]:
    """What is in the composer, and above it."""
    return stage.composer.text, stage.composer.files


SENT = [("document", "Remember."), ("image", base64.b64encode(PNG).decode())]


def files(stage: Stage, at: int = 0) -> tuple[FilePart, ...]:
    return files_of(stage.messages[at].parts)


async def test_they_are_shown_above_the_composer_and_go_with_the_prompt(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.until(lambda: "a picture.png" in stage.shown)
        rows = [line.split("  ") for line in stage.shown.splitlines() if "tokens" in line and "×" in line]
        assert [[cell.strip() for cell in row if cell.strip()] for row in rows] == [
            ["notes.md", "text · 9 bytes · ~3 tokens", "×"],
            ["a picture.png", "PNG · 71 bytes · ~1,600 tokens", "×"],
        ]
        await stage.ask("/tokens 3\nLook.")
        assert wire(stage) == [SENT]
        assert (stage.composer.files, stage.screen.query_one(FileChips).display) == ((), False)
        assert "a picture.png" in stage.shown
        await stage.ask("/tokens 3\nAnd now?")
        assert wire(stage) == [SENT, []]


async def test_backspace_takes_them_out_with_vims_keys_too(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        attached(stage, *BOTH)
        await stage.pilot.press("backspace")
        assert written(stage) == ("", (NOTES,))
        await stage.pilot.press("a", "enter")
        await stage.ready()
        assert wire(stage) == [SENT[:1]]


async def test_backspace_at_the_beginning_and_a_click_take_them_out_and_undo_brings_them_back(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.type("ab")
        await stage.pilot.press("home", "right", "backspace")
        assert written(stage) == ("b", BOTH)
        await stage.pilot.press("backspace")
        assert written(stage) == ("b", (NOTES,))
        await stage.pilot.press("ctrl+z")
        assert written(stage) == ("b", BOTH)
        await stage.pilot.click(FileChips, offset=(10, 0))
        assert stage.composer.files == (PICTURE,)
        await stage.pilot.press("ctrl+c")
        assert written(stage) == ("", ())
        await stage.pilot.press("ctrl+z")
        assert written(stage) == ("b", (PICTURE,))
        await stage.pilot.press("x", "ctrl+z")
        assert stage.composer.files == (PICTURE,)


async def test_a_file_alone_is_a_prompt(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, PICTURE)
        await stage.pilot.press("enter")
        await stage.ready()
        assert wire(stage) == [SENT[1:]]
        assert stage.screen.session.conversation.title == "a picture.png"


async def test_many_files_leave_room_for_the_conversation_and_too_many_are_refused(opened: Opener) -> None:
    async with opened() as stage:
        many = [file_part(f"{number}.md", b"x%d" % number) for number in range(MOST_FILES)]
        attached(stage, *many)
        await stage.until(lambda: f"and {MOST_FILES - 3} more" in stage.shown)
        assert f"{MOST_FILES - 1}.md" in stage.shown
        assert stage.composer.attach([NOTES]).startswith(f"At most {MOST_FILES} files")
        assert stage.composer.attach(many) == "", "they are there already"


async def test_a_model_that_takes_no_pictures_is_named_and_the_prompt_stays(opened: Opener) -> None:
    async with opened(notices=True, provider__model="smollm2-135m-instruct") as stage:
        attached(stage, *BOTH)
        await stage.send("Look.")
        await stage.until(lambda: "a picture.png is a picture, and" in " ".join(stage.shown.split()))
        assert (stage.messages, *written(stage)) == ((), "Look.", BOTH)


async def seen_by_a_model_that_reads(stage: Stage) -> None:
    """Send a picture, go on with a model that reads text only, and wait for the question."""
    attached(stage, PICTURE)
    await stage.ask("/tokens 5\nLook.")
    stage.screen.session.choose({"provider.name": "demo", "provider.model": "smollm2-135m-instruct"})
    await stage.send("/tokens 5\nAnd now?")
    await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
    assert "smollm2-135m-instruct reads text only: a picture.png is sent" in stage.shown


async def test_who_goes_back_from_a_model_that_reads_text_only_has_sent_nothing(opened: Opener) -> None:
    async with opened() as stage:
        await seen_by_a_model_that_reads(stage)
        for keys in (("escape",), ("enter",), ("up", "down", "enter")):
            await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
            await stage.pilot.press(*keys)
            await stage.until(lambda: stage.composer.text == "/tokens 5\nAnd now?")
            assert (len(stage.messages), len(stage.server.log.replies)) == (2, 1), keys
            await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
        await stage.pilot.press("escape")
        await stage.until(lambda: bool(stage.composer.text))
        stage.screen.session.choose({"provider.model": "demo", "provider.name": "demo"})
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 4)
        await stage.ready()
        assert wire(stage) == [[("image", base64.b64encode(PNG).decode())], []]


async def test_who_sends_to_a_model_that_reads_text_only_sends_the_names_and_is_asked_once(opened: Opener) -> None:
    async with opened() as stage:
        await seen_by_a_model_that_reads(stage)
        await stage.pilot.press("up", "enter")
        await stage.until(lambda: len(stage.messages) == 4)
        await stage.ready()
        assert wire(stage) == [[], []]
        asked = stage.server.log.replies[-1].body
        assert "The picture a picture.png went with this" in str(asked["messages"][0])
        await stage.ask("/tokens 5\nAnd then?")
        assert (len(stage.messages), wire(stage), files(stage)) == (6, [[], [], []], (PICTURE,))


async def test_they_are_there_after_a_restart(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.type("A draft")
    async with opened() as stage:
        await stage.until(lambda: written(stage) == ("A draft", BOTH))
        await stage.pilot.press("enter")
        await stage.ready()
        assert wire(stage) == [SENT]
    async with opened(resume=True) as stage:
        assert (stage.composer.files, files(stage)) == ((), BOTH)
        await stage.ask("/tokens 3\nAgain.")
        assert wire(stage) == [SENT, []]


async def test_a_file_that_is_lost_meanwhile_is_named_before_anything_is_sent(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.type("A draft")
        path = stage.program.store.path
    assert path is not None
    (path.with_suffix(".files") / NOTES.sha256).unlink()
    async with opened(notices=True) as stage:
        await stage.until(lambda: "9 bytes · lost · ~3 tokens  ×" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: "notes.md is lost" in stage.shown)
        assert (stage.messages, stage.composer.text) == ((), "A draft")


async def test_each_conversation_keeps_its_own(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 3\nOne")
        attached(stage, PICTURE)
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: stage.composer.files == ())
        attached(stage, NOTES)
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.composer.files == (PICTURE,))


async def test_they_wait_with_their_prompt_and_come_back_with_it(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@20xall\nOne")
        await stage.streaming()  # a prompt whose reply is empty is sent again with the next one, its fault, too
        attached(stage, *BOTH)
        await stage.send("Two")
        await stage.until(lambda: "queued  notes.md · a picture.png · Two" in stage.shown)
        assert stage.composer.files == ()
        await stage.pilot.press("up")
        assert written(stage) == ("Two", BOTH)
        await stage.pilot.press("enter")
        await stage.until(lambda: "queued  notes.md" in stage.shown)
    async with opened(resume=True) as stage:
        await stage.until(lambda: "held    notes.md · a picture.png · Two" in stage.shown)
        await stage.pilot.press("enter")
        await stage.ready()
        assert files(stage, -2) == BOTH
        assert wire(stage)[-1] == SENT


async def test_a_discarded_prompt_is_given_back_whole(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.send("/fault stall@1xall\nLook.")
        await stage.until(lambda: stage.screen.busy and bool(stage.server.log.replies))
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: bool(stage.composer.text))
        assert (stage.messages, written(stage)[1]) == ((), BOTH)
    async with opened() as stage:
        await stage.until(lambda: stage.composer.files == BOTH)


async def test_another_reply_and_one_more_try_have_them(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.ask("/tokens 3\nLook.")
        for asked in (2, 3):
            await stage.pilot.press("f5")
            await stage.until(lambda asked: len(stage.server.log.replies) == asked, asked)
            await stage.ready()
            assert wire(stage) == [SENT]


async def test_an_earlier_prompt_is_edited_with_its_files_and_can_lose_them(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.ask("/tokens 3\nLook.")
        attached(stage, NOTES)
        await stage.type("A draft")
        await stage.pilot.press("tab", "k", "e")
        await stage.until(lambda: "Editing" in stage.shown)
        assert stage.composer.files == BOTH
        await stage.pilot.press("up", "home", "backspace")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.server.log.replies) == 2)
        await stage.ready()
        assert (files(stage), wire(stage)) == ((NOTES,), [SENT[:1]])
        assert written(stage) == ("A draft", (NOTES,))
        await stage.pilot.press("tab", "k", "left")
        await stage.until(lambda: files(stage) == BOTH)


async def test_going_back_to_earlier_prompts_leaves_them_to_the_draft(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 3\nOne")
        attached(stage, NOTES)
        await stage.type("A draft")
        await stage.pilot.press("up")
        assert written(stage) == ("/tokens 3\nOne", ())
        await stage.pilot.press("down")
        await stage.pilot.press("down")
        assert written(stage) == ("A draft", (NOTES,))


async def test_a_fork_has_them(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.ask("/tokens 3\nLook.")
        before = stage.screen.session.conversation.id
        await stage.pilot.press("tab", "f")
        await stage.until(lambda: stage.screen.session.conversation.id != before)
        await stage.pilot.press("tab")
        await stage.ask("/tokens 3\nAnd?")
        assert wire(stage) == [SENT, []]


async def test_a_stopped_reply_goes_on_with_them(opened: Opener) -> None:
    async with opened() as stage:
        attached(stage, *BOTH)
        await stage.send("/fault stall@5xall\nLook.")
        await stage.streaming()
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.last.status is StreamingStatus.STOPPED)
        before = len(stage.server.log.replies)
        await stage.pilot.press("f8")
        await stage.until(lambda: len(stage.server.log.replies) > before)
        assert wire(stage)[0] == SENT
        await stage.pilot.press("escape")
        await stage.until(lambda: not stage.screen.busy)


async def test_the_estimate_counts_them(opened: Opener) -> None:
    async with opened() as stage:
        figures = stage.screen._usage_figures
        before = figures.estimate.tokens
        attached(stage, PICTURE)
        for text in ("", "\nA line"):
            await stage.type(text)
            await stage.until(lambda: figures.estimate.tokens >= before + 1_600)


def blocks(stage: Stage) -> list[str]:
    """Return the lines of pictures on the screen."""
    return [line.strip(" ▌") for line in stage.shown.splitlines() if "▀" in line]


LARGE = file_part("large.png", png(640, 480))


async def test_a_sent_picture_is_drawn_small_below_its_name(opened: Opener) -> None:
    async with opened(size=(80, 40)) as stage:
        attached(stage, LARGE, NOTES, LARGE)
        await stage.ask("/tokens 3\nLook.")
        height = stage.list.virtual_size.height
        await stage.until(lambda: blocks(stage) == ["▀" * 21] * 8)
        assert stage.list.virtual_size.height == height, "its rows were there before it was decoded"
        prompt = stage.screen.query_one(UserMessage)
        whole = Selection(None, None)
        assert "▀" not in selected_source(prompt.stack, whole)
        assert "large.png" in selected_source(prompt.stack, whole)
    async with opened(resume=True, size=(30, 40)) as stage:
        await stage.until(lambda: len(blocks(stage)) == 8)
        await stage.pilot.resize_terminal(20, 40)
        await stage.until(lambda: all(len(line) <= 14 for line in blocks(stage)))


def name(stage: Stage, terminal: KittyTerminal) -> None:
    """Let the terminal tell that it draws pictures itself, as the driver does."""
    pictures = TerminalPictures(lambda text: [terminal.feed(text)].clear(), may_draw=True)
    pictures.enter()
    pictures.drawn = True
    stage.app._driver.pictures = pictures  # type: ignore[union-attr]  # the driver of a test has none
    stage.app.post_message(TerminalNamed(draws_pictures=True))


def cells(stage: Stage) -> list[str]:
    """Return the lines of pictures that the terminal draws, as they are written to it."""
    return [strip.render(stage.app.console) for strip in stage.strips if PLACE in strip.text]


async def test_a_terminal_that_can_draws_the_picture_in_the_same_rows(opened: Opener) -> None:
    terminal = KittyTerminal()
    async with opened(size=(80, 40)) as stage:
        attached(stage, LARGE, NOTES)
        await stage.ask("/tokens 3\nLook.")
        await stage.until(lambda: len(blocks(stage)) == 8)
        height = stage.list.virtual_size.height
        name(stage, terminal)
        await stage.until(lambda: len(cells(stage)) == 8)
        assert blocks(stage) == []
        assert stage.list.virtual_size.height == height
        assert [(made.columns, made.rows) for made in terminal.pictures.values()] == [(21, 8)]
        for line in cells(stage):
            assert PLACE not in terminal.feed(line)
        assert list(terminal.shown.items()) == [(*terminal.pictures, all_cells(21, 8))]
        prompt = stage.screen.query_one(UserMessage)
        assert selected_source(prompt.stack, Selection(None, None)).count(PLACE) == 0
        await stage.pilot.resize_terminal(20, 40)
        await stage.until(lambda: [made.columns for made in terminal.pictures.values()] == [13])
        await stage.until(lambda: {line.count(PLACE) for line in cells(stage)} == {13})
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: terminal.pictures == {})
        assert cells(stage) == []
        await stage.pilot.press("f6")
        await stage.until(lambda: bool(cells(stage)))
        assert len(terminal.pictures) == 1
    assert terminal.pictures == {}


async def test_a_picture_that_the_terminal_does_not_take_is_drawn_with_half_blocks(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_chat.ui.terminal.pictures.MOST_PICTURES", 1)
    terminal = KittyTerminal()
    async with opened(size=(80, 50)) as stage:
        name(stage, terminal)
        attached(stage, LARGE, PICTURE)
        await stage.ask("/tokens 3\nLook.")
        await stage.until(lambda: (len(cells(stage)), len(blocks(stage))) == (8, 1))
        assert len(terminal.pictures) == 1


async def test_where_there_are_plain_glyphs_or_no_colours_a_picture_is_a_name(opened: Opener) -> None:
    async with opened(ui__ascii=True) as stage:
        attached(stage, LARGE)
        await stage.ask("/tokens 3\nLook.")
        assert "large.png  PNG" in stage.shown
        stage.program.settings.set("ui.ascii", False)
        await stage.pilot.pause()
        assert blocks(stage) == []
        height = stage.list.virtual_size.height
    async with opened(resume=True) as stage:
        await stage.until(lambda: bool(blocks(stage)))
        stage.program.settings.set("ui.theme", "ansi-dark")
        await stage.until(lambda: blocks(stage) == [] and stage.list.virtual_size.height == height)


async def test_without_pillow_a_picture_is_a_name(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.ui.messages.files_section.can_draw", lambda: False)
    async with opened() as stage:
        attached(stage, LARGE)
        await stage.ask("/tokens 3\nLook.")
        assert "large.png  PNG" in stage.shown
        assert blocks(stage) == []


async def test_a_conversation_with_too_many_files_for_one_request_sends_nothing_and_gives_the_prompt_back(
    opened: Opener,
) -> None:
    async with opened(provider__model="claude-haiku-4-5", size=(120, 30)) as stage:
        huge = FilePart("a.pdf", "application/pdf", "A" * 33_000_000, "0" * 64, 24_000_000)
        asked = Message(Role.USER, (huge, TextPart("Read")))
        await stage.screen.session.open(Conversation(messages=(asked, Message(Role.ASSISTANT, (TextPart("Yes."),)))))
        await stage.send("And now?")
        await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
        for words in ("this conversation has 33 MB", "takes 32 MB in one request", "new conversation."):
            assert words in text_on_top(stage)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.composer.text == "And now?")
        assert not stage.server.log.replies
        await stage.send("And now?")
        await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.server.log.replies) == 1)
        assert "Read" not in str(stage.server.log.replies[0].body)
