"""The look of the screen: a pinned size, theme and clock, no blinking, no figures that vary."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from tests.pictures import PNG
from tests.ui.app_driver import Stage, drawn_when_looked_at, keys_settle
from tests.ui.pages import notices, open_settings, text_on_top
from tests.ui.tool_runner import runs_tools
from tests.waiting import PATIENCE_S
from tui_chat.attachments import file_part
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import Mode, ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import TextPart, ToolCallPart, ToolResultPart
from tui_chat.chat.usage import Usage
from tui_chat.demo import DemoServer
from tui_chat.demo.tokens import tokenise
from tui_chat.local import Weights
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.storage.journal import store_whole
from tui_chat.storage.statistics import record_reply
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.composer.offer_list import Offer
from tui_chat.ui.conversations.export_screen import ExportScreen
from tui_chat.ui.help.screen import HelpScreen
from tui_chat.ui.messages.summary_message import SummaryMessage
from tui_chat.ui.settings.screen import SettingsScreen

CLOCK = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
LOOKS = [((80, 24), "tui-chat-dark"), ((120, 40), "tui-chat-light")]
"""The sizes and themes that all scenes are seen in which are the chat itself."""
SHOWN_LATER = ("marks", CommandPalette._GATHER_COMMANDS_GROUP)
"""Work whose outcome belongs into a picture, whenever it comes."""
_METRICS = ReplyMetrics(ttft_ms=420, duration_ms=2400, tokens_per_second=61.5)

Scene = Callable[[Stage], Awaitable[None]]
Size = tuple[int, int]
Check = Callable[[Scene, Size, str], bool]


async def empty(stage: Stage) -> None:
    """Nothing has been said."""


async def without_key(stage: Stage) -> None:
    """There is no key for the provider, and the ways to a reply are offered."""
    stage.program.settings.make_default("anthropic", "")
    await stage.until(lambda: "demo mode" in stage.shown)


async def entering_a_key(stage: Stage) -> None:
    """What is typed in the dialog for a key is masked, and what cannot be a key is refused."""
    await without_key(stage)
    await stage.pilot.press("shift+f2", *"two", "space", *"words", "enter")
    await stage.until(lambda: "That is no key" in stage.shown)


async def offering_the_local_model(stage: Stage) -> None:
    """The model for this machine is offered, with its size and licence."""
    await without_key(stage)
    await stage.pilot.press("shift+f5")
    await stage.until(lambda: "Apache-2.0" in stage.shown and stage.app.screen is not stage.screen)


async def fetching_the_local_model(stage: Stage) -> None:
    """A third of it has come."""
    await offering_the_local_model(stage)
    await stage.pilot.press("enter")
    await stage.until(lambda: "33%" in stage.shown)


async def streaming(stage: Stage) -> None:
    """A reply stands still in the middle of a code block."""
    await stage.send("/fault stall@150xall\nShow me python code")
    await stage.until(lambda: bool(stage.server.log.replies and stage.server.log.replies[-1].text))
    sent = "".join(tokenise(stage.server.log.replies[-1].text)[:150])
    await stage.streaming(len(sent))


async def cited(stage: Stage) -> None:
    """A reply that cites what a search found."""
    await stage.ask("Search the news")


async def code_run(stage: Stage) -> None:
    """A reply for which the provider ran code."""
    await stage.ask("Please run code")


async def sources(stage: Stage) -> None:
    """The sources of a reply, to open one."""
    await cited(stage)
    await stage.pilot.press("tab", "o")
    await stage.until(lambda: "Open in the browser" in stage.shown)


async def finished(stage: Stage) -> None:
    """A whole reply, with a table."""
    await stage.ask("Compare places to keep data, as a table.")


async def a_diagram(stage: Stage) -> None:
    """A reply that the user has rewritten to a diagram, drawn, and some of all that a reply may have."""
    await stage.ask("/tokens 12\nHello")
    await stage.pilot.press("tab", "E")
    await stage.type(_DIAGRAM)
    await stage.pilot.press("enter")
    await stage.until(lambda: "─►" in stage.shown)
    await stage.pilot.press("tab", "g")
    await stage.until(lambda: "A[Prompt] --> B" in stage.shown)
    await stage.pilot.press("g")
    await stage.until(lambda: "─►" in stage.shown)


_DIAGRAM = """\
## How it *goes*

- A [link](https://example.org) and `code`

```mermaid
graph LR
  A[Prompt] --> B{Stopped?}
  B -->|yes| C[Keep what came]
  B -->|no| D[Store it]
```
"""


async def selecting(stage: Stage) -> None:
    """Lines of a reply that the user has rewritten, selected with the keys."""
    await stage.ask("Compare places to keep data, as a table.")
    await stage.pilot.press("tab", "E")
    await stage.type("First words.\n\n```python\nvalue = '" + "0123456789" * 14 + "'\n```\n\nLast words.")
    await stage.pilot.press("enter")
    await stage.until(lambda: stage.last.metadata.edited)
    await stage.pilot.press("tab", "w", "v", "V", "j", "j", "j")
    await stage.until(lambda: "4 lines" in stage.shown and "2/2" in stage.shown)


async def side_by_side(stage: Stage) -> None:
    """Three versions of a reply in columns: whole, stopped and failed; the second has the focus."""
    failure = {"kind": "overloaded", "sentence": "The server is overloaded. Try again later."}
    answers = (
        (StreamingStatus.COMPLETE, ReplyMetadata(provider="demo", model="demo", metrics=_METRICS, cost_usd=0.0123)),
        (StreamingStatus.STOPPED, ReplyMetadata(provider="demo", model="demo-fast", metrics=_METRICS)),
        (StreamingStatus.FAILED, ReplyMetadata(provider="demo", model="demo-thinking", error=failure)),
    )
    prompt = Message.user("A list or an array?", parent_id=None, created_at=CLOCK)
    words = (
        TextPart("A **list** of `int`s will do:\n\n```python\nvalues = [1, 2, 3]\n```\n\nIt grows as you need it."),
    )
    conversation = Conversation(title="A list or an array?", created_at=CLOCK, updated_at=CLOCK)
    for status, about in answers:
        reply = Message(Role.ASSISTANT, words, status, about, parent_id=prompt.id, created_at=CLOCK)
        conversation = replace(conversation, messages=(prompt, reply))
        await asyncio.wrap_future(stage.program.store.add_version(conversation))
    await stage.screen.session.open(conversation)
    await stage.pilot.press("tab", "S")
    await stage.until(lambda: "Stopped" in stage.shown)
    await stage.pilot.press("left")
    await stage.until(lambda: stage.screen.session.conversation.messages[-1].status is StreamingStatus.STOPPED)


async def summarized(stage: Stage) -> None:
    """A summary stands, folded, for earlier messages, and is the one that is chosen."""
    for number in range(1, 4):
        await stage.ask(f"/tokens 12\nPrompt {number}")
    await stage.pilot.press("shift+f8")
    await stage.until(lambda: bool(stage.screen.query(SummaryMessage)) and stage.screen.session.live is None)
    await stage.until(lambda: "Summarized 2 messages" in notices(stage))
    stage.app.clear_notifications()  # it stands over the summary, for a while
    await stage.pilot.press("tab", "up", "up", "up", "up")
    await stage.until(lambda: "Summary of 2 earlier messages" in stage.shown)


async def stopped(stage: Stage) -> None:
    """A reply that was stopped."""
    await stage.send("/fault stall@60xall\nPlan a picnic")
    await stage.streaming(100)
    await stage.pilot.press("escape")
    await stage.ready()


async def failed(stage: Stage) -> None:
    """A request that failed."""
    await stage.send("/fault 401\nHello")
    await stage.ready()


async def files(stage: Stage) -> None:
    """Files that went with a prompt, others that are to go with the next, and paths for an @."""
    screenshot = file_part("a screenshot.png", PNG)
    assert stage.composer.attach([screenshot, file_part("notes.md", b"Remember. " * 400)]) == ""
    await stage.ask("/tokens 12\nWhat do the notes say of the screenshot?")
    long_name = "a name that goes on for as long as there is room for it, and then some more of it.md"
    plan = file_part("plan.pdf", b"%PDF-1.7" + bytes(90_000))
    assert stage.composer.attach([file_part(long_name, b"Hello"), plan, screenshot]) == ""
    await stage.type("Compare with ")
    paths = ("docs/", "src/", "README.md", ".gitignore")
    stage.composer.offers.offers = [Offer(path, _nothing, _nothing) for path in paths]
    await stage.pilot.press("down")


def _nothing() -> None:
    """Do nothing with a path that is taken."""


async def open_page(stage: Stage, key: str) -> SettingsScreen:
    """Return the settings page at a setting; how long it is in all must not show."""
    screen = await open_settings(stage, key)
    screen.query_one("#scroll").styles.scrollbar_visibility = "hidden"
    return screen


async def settings(stage: Stage) -> None:
    """The settings page, at a switch that was turned over."""
    stage.program.settings.set("streaming.resume", False)
    await open_page(stage, "streaming.resume")


async def choosing_a_theme(stage: Stage) -> None:
    """A theme is looked for; the one that is looked at is worn."""
    screen = await open_page(stage, "ui.theme")
    await stage.pilot.press("enter", *"contrast")
    await stage.until(lambda: screen.query_one("SettingEditor OptionList", OptionList).option_count == 1)


async def keys(stage: Stage) -> None:
    """The keys among the settings, with one that an action cannot have."""
    page = (await open_page(stage, "keys.find")).page
    await stage.pilot.press("enter", "ctrl+q")
    await stage.until(lambda: bool(page.state("keys.find").problem))


async def help_(stage: Stage) -> None:
    """The help, with a key that is not the usual one."""
    stage.program.settings.set("keys.send", "ctrl+s")
    await stage.pilot.press("f1")
    await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))


def _stored(stage: Stage, title: str, days: int) -> str:
    """Store a conversation that is so many days old; return its id."""
    prompt = Message(Role.USER, (TextPart(f"{title}, in a few words."),), created_at=CLOCK - timedelta(days))
    conversation = Conversation(title=title, model="demo", updated_at=CLOCK - timedelta(days), messages=(prompt,))
    stage.program.store._writer.submit(
        partial(store_whole, files=stage.program.store._files, conversation=conversation)
    ).result(PATIENCE_S)
    return conversation.id


async def conversations(stage: Stage) -> None:
    """Some conversations, found by a word."""
    for days, title in enumerate(("A picnic by the lake", "Race several hosts in Python", "What to pack for a picnic")):
        _stored(stage, title, days)
    await stage.pilot.press("ctrl+o", *"picnic")
    await stage.until(lambda: "2 found" in text_on_top(stage))


async def marked_conversations(stage: Stage) -> None:
    """Some conversations, one of them pinned, two with tags."""
    titles = ("A picnic by the lake", "Race several hosts in Python", "What to pack for a picnic")
    ids = [_stored(stage, title, days) for days, title in enumerate(titles)]
    stage.program.store.marks.pin(ids[1])
    stage.program.store.marks.tag(ids[1], ["python", "work"])
    stage.program.store.marks.tag(ids[2], ["home"])
    await stage.pilot.press("ctrl+o")
    await stage.until(lambda: "#home" in text_on_top(stage))


async def exporting(stage: Stage) -> None:
    """Two marked conversations are about to be exported."""
    await conversations(stage)
    await stage.pilot.press("ctrl+y", "ctrl+y", "ctrl+s")
    await stage.until(lambda: isinstance(stage.app.screen, ExportScreen))
    stage.app.screen.query_one(Input).value = "~/talks.html"  # its usual name has the date in it


async def bookmarks(stage: Stage) -> None:
    """Two bookmarks, in two conversations; nothing else is marked."""
    for days, title in enumerate(("A picnic by the lake", "Race several hosts in Python")):
        whole = stage.program.store.conversation(_stored(stage, title, days))
        assert whole is not None
        await asyncio.wrap_future(stage.program.store.marks.bookmark(whole.messages[0].id))
    await stage.until(lambda: "Ready" in stage.shown)
    stage.screen.action_bookmarks()
    await stage.until(lambda: "You: A picnic" in text_on_top(stage))


async def a_bookmark(stage: Stage) -> None:
    """A reply with a bookmark."""
    await stage.ask("/tokens 12\nHello")
    await stage.pilot.press("tab", "m")
    await stage.until(lambda: "◆" in stage.shown)


async def statistics(stage: Stage) -> None:
    """Replies of some days, not all of which went well."""
    statuses = (StreamingStatus.COMPLETE, StreamingStatus.COMPLETE, StreamingStatus.STOPPED, StreamingStatus.FAILED)
    for number in range(40):
        status, mode = statuses[number % 7 % 4], Mode.BATCH if number % 9 == 0 else Mode.STREAM
        error = {"kind": "overloaded"} if status is StreamingStatus.FAILED else None
        metrics = ReplyMetrics(400 + 9 * number, 3000, 300, 70 + number, retries=number % 5 // 4)
        about = ReplyMetadata(mode, "anthropic", "claude-sonnet-5-5", None, Usage(900, 400), 0.02, metrics, error=error)
        reply, ago = Message(Role.ASSISTANT, status=status, metadata=about), timedelta(number * number % 29)
        write = partial(record_reply, conversation_id="", reply=reply, ended_at=CLOCK - ago)
        stage.program.store._writer.submit(write).result(PATIENCE_S)
    await stage.pilot.press("f3")
    await stage.until(lambda: "40" in text_on_top(stage))


async def tool_question(stage: Stage) -> None:
    """A call of a tool is asked about; the question is not gone to."""
    stage.program.settings.set("ui.motion", False)  # seconds are not counted
    await stage.send("/fault tools\n/tokens 12\nCall")
    await stage.until(lambda: stage.screen.desk.questions.display and "asks about" in stage.shown)


async def tool_question_open(stage: Stage) -> None:
    """The same question with all arguments and the answers."""
    await tool_question(stage)
    await stage.pilot.press("shift+f9")
    await stage.until(lambda: '"city": "Reykjavík"' in stage.shown)


async def calls(stage: Stage) -> None:
    """Calls of tools, each a line: one that went well, one that failed, one that was not allowed."""
    asked = [ToolCallPart(f"c{number}", f"sky__{name}", '{"city": "Oslo", "days": 3}') for number, name in _CALLED]
    results = (
        ToolResultPart("c1", '{"sky": "clear", "wind": [3, 5, 4]}', duration_ms=1234),
        ToolResultPart("c2", "There is **no** radar.\n\n- Try again later.", failed=True, duration_ms=60),
        ToolResultPart("c3", "The user did not allow this call.", failed=True, refused=True),
    )
    prompt = Message(Role.USER, (TextPart("What is the weather like?"),), created_at=CLOCK)
    reply = Message(
        Role.ASSISTANT, (TextPart("Let me see."), *asked, *results, TextPart("It is clear.")), created_at=CLOCK
    )
    conversation = Conversation(title="The weather", model="demo").with_message(prompt).with_message(reply)
    store = stage.program.store
    store._writer.submit(partial(store_whole, files=store._files, conversation=conversation)).result(PATIENCE_S)
    await stage.pilot.press("ctrl+o")
    await stage.until(lambda: "The weather" in text_on_top(stage))
    await stage.pilot.press("enter")
    await stage.until(lambda: "It is clear." in stage.shown)


_CALLED = ((1, "forecast"), (2, "radar"), (3, "launch_balloon"))


async def calls_unfolded(stage: Stage) -> None:
    """The same calls with arguments and results."""
    await calls(stage)
    await stage.pilot.press("tab", "enter")
    await stage.until(lambda: '"wind"' in stage.text_of(stage.reply) and "▾" in stage.shown)


async def palette(stage: Stage) -> None:
    """What the palette finds for a word."""
    await stage.pilot.press("ctrl+p", *"stream")
    await stage.until(lambda: "streaming.auto_scroll" in text_on_top(stage))


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.fixture
def looks_the_same(
    server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snap_compare: Callable[..., bool]
) -> Iterator[Check]:
    """Plays a scene, and compares what is on the screen then with its snapshot."""
    drawn_when_looked_at(monkeypatch)
    keys_settle(monkeypatch)
    monkeypatch.setattr("tui_chat.ui.chat.status_bar.SILENCE_SHOWN_S", 1000)  # however long a busy machine takes
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()

    def check(scene: Scene, size: Size, theme: str) -> bool:
        settings: dict[str, Value] = {
            "provider.name": "demo",
            "provider.base_url": server.url,
            "streaming.cursor_blink": False,
            "ui.show_usage": False,
            "ui.theme": theme,
        }
        flags = Flags(settings, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
        program = Program.open(flags, {}, pytest.fail)
        app = TuiChatApp(program, now=lambda: CLOCK)

        async def play(pilot: Pilot[None]) -> None:
            stage = Stage(app, pilot, program, server, [])
            await stage.until(lambda: bool(stage.screen.query(Composer)))
            await scene(stage)
            await stage.until(lambda: not any(worker.group in SHOWN_LATER for worker in app.workers))
            await stage.until(stage.has_room_for_all)

        try:
            return snap_compare(app, terminal_size=size, run_before=play)
        finally:
            program.close()

    yield check
    monkeypatch.undo()
    time.tzset()


def _name_of(value: object) -> str:
    match value:
        case (width, height):
            return f"{width}x{height}"
    return str(getattr(value, "__name__", value)).rstrip("_")


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=_name_of)
@pytest.mark.parametrize("scene", [empty, streaming, finished, stopped, failed], ids=_name_of)
def test_screen(scene: Scene, size: Size, theme: str, looks_the_same: Check) -> None:
    assert looks_the_same(scene, size, theme)


@pytest.mark.parametrize(
    ("scene", "size", "theme"),
    [
        (a_diagram, (80, 24), "tui-chat-dark"),
        (selecting, (80, 24), "tui-chat-dark"),
        (side_by_side, (80, 24), "tui-chat-dark"),
        (side_by_side, (120, 40), "tui-chat-light"),
        (summarized, (80, 24), "tui-chat-dark"),
        (summarized, (120, 40), "tui-chat-light"),
        (cited, (120, 40), "tui-chat-light"),
        (sources, (80, 24), "tui-chat-dark"),
        (code_run, (80, 24), "tui-chat-light"),
        (files, (80, 24), "tui-chat-dark"),
        (files, (120, 40), "tui-chat-light"),
        (settings, (80, 24), "tui-chat-dark"),
        (settings, (120, 40), "tui-chat-light"),
        (choosing_a_theme, (80, 24), "tui-chat-contrast"),
        (keys, (80, 24), "ansi-dark"),
        (help_, (80, 24), "tui-chat-light"),
        (help_, (120, 40), "tui-chat-dark"),
        (conversations, (80, 24), "tui-chat-dark"),
        (marked_conversations, (120, 40), "tui-chat-light"),
        (exporting, (80, 24), "tui-chat-dark"),
        (bookmarks, (80, 24), "tui-chat-dark"),
        (a_bookmark, (80, 24), "tui-chat-dark"),
        (statistics, (80, 24), "tui-chat-light"),
        (statistics, (120, 40), "tui-chat-dark"),
        (calls, (80, 24), "tui-chat-dark"),
        (calls_unfolded, (120, 40), "tui-chat-light"),
        (palette, (80, 24), "tui-chat-dark"),
        (finished, (200, 60), "tui-chat-dark"),
        (settings, (200, 60), "tui-chat-light"),
        (side_by_side, (200, 60), "tui-chat-dark"),
    ],
    ids=_name_of,
)
def test_page(scene: Scene, size: Size, theme: str, looks_the_same: Check) -> None:
    assert looks_the_same(scene, size, theme)


@pytest.mark.parametrize(
    ("scene", "size", "theme"),
    [
        (without_key, (80, 24), "tui-chat-dark"),
        (without_key, (120, 40), "tui-chat-light"),
        (entering_a_key, (80, 24), "tui-chat-dark"),
        (offering_the_local_model, (80, 24), "tui-chat-light"),
        (fetching_the_local_model, (80, 24), "tui-chat-dark"),
    ],
    ids=_name_of,
)
def test_first_minute(
    scene: Scene, size: Size, theme: str, looks_the_same: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(weights: Weights, folder: Path, on_progress: Callable[[int], None], given_up: Event) -> None:
        on_progress(weights.size // 3)
        given_up.wait()

    monkeypatch.setattr(Weights, "install", install)
    monkeypatch.setattr("tui_chat.local.server.ENGINE", "json")
    assert looks_the_same(scene, size, theme)


@pytest.mark.parametrize(
    ("scene", "size", "theme"),
    [
        (tool_question, (80, 24), "tui-chat-dark"),
        (tool_question_open, (120, 40), "tui-chat-light"),
    ],
    ids=_name_of,
)
def test_question(scene: Scene, size: Size, theme: str, looks_the_same: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    runs_tools(monkeypatch)
    assert looks_the_same(scene, size, theme)
