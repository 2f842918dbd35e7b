"""The app: wiring only."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver

from tui_chat.chat.message import Conversation, utc_now
from tui_chat.ui.screens.chat import ChatScreen
from tui_chat.ui.terminal_input import guarded
from tui_chat.ui.themes import DARK, LIGHT
from tui_chat.wiring import Program

log = logging.getLogger(__name__)

_FAULT = (
    "tui-chat met a fault of its own and had to close. Your conversations are saved; `tui-chat --continue` reopens the "
    "last one, and `tui-chat doctor` says where the log is."
)

MOST_REPLIES = 64
"""How many replies may come at once; the event loop's own executor starts only a few threads."""


class TuiChatApp(App[None]):
    """Keyboard-driven chat with Claude."""

    TITLE = "tui-chat"
    CSS_PATH = "screens/chat.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", id="quit", priority=True),
        Binding("ctrl+p", "command_palette", "Palette", id="palette", priority=True),
    ]

    def __init__(
        self,
        program: Program,
        conversation: Conversation | None = None,
        prompt: str = "",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self.program = program
        self._conversation = conversation
        self._prompt = prompt
        self._now = now
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = self._known_theme(program.settings.ui.theme)

    def get_driver_class(self) -> type[Driver]:
        """The platform's driver, guarded against what a terminal may send."""
        return guarded(super().get_driver_class())

    def get_default_screen(self) -> ChatScreen:
        """The chat."""
        return ChatScreen(self.program, self._conversation, self._prompt, self._now)

    def on_mount(self) -> None:
        """Give every reply a thread at once, and the keys as the user wants them."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(MOST_REPLIES))
        self.set_keymap(dict(self.program.settings.keys.changed))

    def _handle_exception(self, error: Exception) -> None:
        """A fault of the program: no traceback on the screen, but a sentence after the screen is closed."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        log.error("the app ended in a fault of the program", exc_info=error)
        self.exit(return_code=1, message=_FAULT)

    def _known_theme(self, name: str) -> str:
        return name if name in self.available_themes else DARK.name
