"""Textual 8.2's driver for a browser, with keys from the start and a page that can be loaded anew.

`WebDriver` says after the start that nobody looks (the first key is lost unless a click comes before it), takes the
signals over from whoever saves what came, shows a second page only what has changed, and its input thread ends at a
byte that is not UTF-8 (Textualize/textual#6456).
"""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, cast

from textual import events
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size
from textual.message import Message

from tui_chat.ui.textual_internals.input_parser import TerminalParser
from tui_chat.ui.textual_internals.key_reader import TERMINAL_GONE, messages_from

STDIN = 0
HELLO = b"__GANGLION__\n"
"""The greeting that the server waits for before all else."""


class BrowserDriver(WebDriver):
    """Has the keys from the start, shows everything to a page that comes later, and ends when the server has."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parser = TerminalParser(self._debug)
        self._write = cast(Any, self._write_while_there_is_somebody)

    def start_application_mode(self) -> None:
        """Begin to show the app.

        Textual's own says after this that nobody looks, so that the first key, if no click comes before it, is lost;
        and it takes the signals that end the program away from those who have to save what came.
        """
        self._write(HELLO)
        self._prepare_page()
        self._tell_size(Size(*(self._size or (80, 24))))
        self._key_thread.start()

    def run_input_thread(self) -> None:
        """Read what the server passes on until the app ends; without the server, nobody can reach it any more."""
        take = partial(self._take, ByteStream(), self.parser, getincrementaldecoder("utf-8")("replace").decode)
        try:
            for message in messages_from(STDIN, self.exit_event, self.parser, take):
                self.process_message(message)
        except EOFError:
            self._app.call_later(self._app.exit, return_code=TERMINAL_GONE)
        except Exception as error:  # noqa: BLE001 - the app's own handler is for all of them
            self._app.call_later(self._app._handle_exception, error)

    def on_meta(self, packet_type: str, payload: dict[str, Any]) -> None:
        """Act on what the server says itself."""
        if packet_type == "attach":
            self._app.call_later(self._show_all, Size(payload["width"], payload["height"]))
        else:
            super().on_meta(packet_type, payload)

    def _take(self, packets: ByteStream, parser: TerminalParser, decode: Any, data: bytes) -> Iterator[Message]:
        for kind, payload in packets.feed(data):
            if kind == "D":
                yield from parser.feed(decode(payload))
            else:
                self._on_meta(kind, payload)

    def _prepare_page(self) -> None:
        self.write("\x1b[?1049h\x1b[?25l")
        self._enable_mouse_support()
        self._request_terminal_sync_mode_support()
        self._enable_bracketed_paste()

    def _show_all(self, size: Size) -> None:
        """Show everything to another page, which knows nothing of it yet."""
        self._prepare_page()
        self._tell_size(size)
        self._app.refresh(layout=True)

    def _tell_size(self, size: Size) -> None:
        self._size = size.width, size.height
        self._app.post_message(events.Resize(size, size))

    def _write_while_there_is_somebody(self, data: bytes) -> None:
        with suppress(OSError):  # the server is gone: the end of the input says so, too
            os.write(self.fileno, data)
