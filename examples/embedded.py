"""A Textual app of somebody else's with replies of its own: run it with `python examples/embedded.py`."""

import asyncio
from collections.abc import AsyncGenerator

from textual.app import App, ComposeResult
from textual.widgets import Input

from tui_chat.embedding import STYLES, EmbeddedChat, MessageList, ReplyRequest, TextProvider, text_of


async def echo(request: ReplyRequest) -> AsyncGenerator[str, None]:
    """Yield a reply word by word; this is where a model of your own would be asked."""
    for word in f"You said: **{text_of(request.turns[-1].parts)}**.".split(" "):
        yield word + " "
        await asyncio.sleep(0.05)


class Embedded(App[None]):
    """Messages above, a line to write below."""

    CSS_PATH = [STYLES]
    BINDINGS = [("escape", "stop", "Stop")]
    AUTO_FOCUS = "Input"

    def compose(self) -> ComposeResult:
        yield MessageList()
        yield Input(placeholder="Say something")

    def on_mount(self) -> None:
        self.chat = EmbeddedChat(self.query_one(MessageList), TextProvider(echo))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value and not self.chat.streaming:
            event.input.clear()
            self.run_worker(self.chat.send(event.value))

    def action_stop(self) -> None:
        self.chat.stop()


if __name__ == "__main__":
    Embedded().run()
