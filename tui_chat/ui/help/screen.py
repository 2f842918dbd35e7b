"""The help: how to begin, and every key as it is now."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui_chat import __version__
from tui_chat.program.current_settings import CurrentSettings
from tui_chat.settings import KEYS, Where
from tui_chat.ui.look.keys import KeyNames
from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.shared.title_bar import TitleBar
from tui_chat.ui.textual_internals.layout import FreshLayout

KEY_COLUMN = 20
_HOW_TO = (
    "Write your prompt at the bottom; {send} sends it, {newline} breaks the line.",
    "While a reply comes, {stop} stops it and keeps what came; {cancel} discards it and gives you the prompt back. "
    "A prompt that you send meanwhile waits for its turn.",
    "Type @ to find a file that goes with the prompt, drop one on the terminal, or paste a picture with ^v. "
    "A click takes it out again, and so does Backspace at the beginning.",
    "{focus_messages} goes into the messages: copy one, edit it, ask again, fork. {focus_composer} comes back.",
    "{palette} finds everything by name; {settings} opens the settings, where every key can be changed.",
    "{conversations} searches: words, “a phrase”, begin*, from:me, model:, before:2026-05, after:, has:file, "
    "is:pinned, tag:.",
    "“Import conversations” in the palette brings what you said elsewhere: claude.ai, ChatGPT, llm, elia, oterm.",
    "“Export this conversation” there, or ^s in the list of conversations, writes a page or a file to keep.",
    "For a calm screen, turn motion off there and choose batch mode; --screen-reader is for screen readers.",
)
_OF_SERVERS = (
    "Tools of MCP servers are asked about before they run: {answer_call} answers. Type @SERVER: to attach what a "
    "server has; “MCP servers” in the palette, or ^s in the settings, switches them on and off."
)
_PLACES = {
    Where.COMPOSER: "In the composer",
    Where.MESSAGES: "In the messages",
    Where.COLUMNS: "Side by side",
    Where.ANYWHERE: "Anywhere",
}


class KeyTable(Widget):
    """The keys of one place, each with what it does."""

    keys: reactive[KeyNames | None] = reactive[KeyNames | None](None, layout=True)
    """The keys as they are now."""

    def __init__(self, where: Where) -> None:
        super().__init__(classes=f"-{where.value}")
        self._where = where

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of rows: one for each action, and more where its description needs them."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Return the name of the place, then its actions."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines = [Content.styled(_PLACES[self._where], "bold")]
        for action in KEYS.values():
            if action.where is self._where and self.keys is not None:
                written = Content.styled(self.keys.all(action.name), "bold")
                about = Content.styled(action.description, "$foreground 70%").wrap(max(width - KEY_COLUMN, 10))
                lines += _beside(written, about)
        return lines


def _beside(left: Content, right: list[Content]) -> list[Content]:
    """Return lines to the right of a word; below it, if it is too long for its column."""
    indent = Content(" " * KEY_COLUMN)
    if left.cell_length < KEY_COLUMN:
        first = left + " " * (KEY_COLUMN - left.cell_length) + right[0]
        return [first, *(indent + line for line in right[1:])]
    return [left, *(indent + line for line in right)]


class HelpScreen(FreshLayout, Screen[None]):
    """Opened by a key, closed by Esc."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "#page"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close")]

    def __init__(self, settings: CurrentSettings) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
        self._settings = settings

    def compose(self) -> ComposeResult:
        """Yield how to begin, and the keys below it."""
        yield TitleBar()
        with VerticalScroll(id="page"):
            yield Static(id="how-to")
            with Horizontal(id="tables"):
                with Vertical():
                    yield KeyTable(Where.COMPOSER)
                    yield KeyTable(Where.MESSAGES)
                with Vertical():
                    yield KeyTable(Where.ANYWHERE)
                    yield KeyTable(Where.COLUMNS)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say which version this is, and which keys it has."""
        self.query_one(TitleBar).title = f"Help · version {__version__}"
        self.apply_settings()

    def apply_settings(self) -> None:
        """Show the keys as they are now."""
        keys = KeyNames.of(self.app, self._settings.now.keys)
        self.query_one("#how-to", Static).update(_how_to(keys, servers=bool(self._settings.now.mcp.servers)))
        for table in self.query(KeyTable):
            table.keys = keys

    def action_close(self) -> None:
        """Go back to where one was."""
        self.dismiss()


def _how_to(keys: KeyNames, *, servers: bool) -> Content:
    """Return the sentences, with the keys as they are now; of MCP servers only where there are any."""
    sentences = (*_HOW_TO, _OF_SERVERS) if servers else _HOW_TO
    names = {action: Content.styled(keys(action), "bold") for action in KEYS}
    return Content("\n\n").join(_filled(sentence, names) for sentence in sentences)


def _filled(sentence: str, names: dict[str, Content]) -> Content:
    """Return the sentence with the names of keys in it."""
    text, *rest = sentence.split("{")
    parts: list[Content | str] = [text]
    for piece in rest:
        action, _, text = piece.partition("}")
        parts += [names[action], text]
    return Content.assemble(*parts)
