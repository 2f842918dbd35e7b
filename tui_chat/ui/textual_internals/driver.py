"""Textual 8.2's driver for Linux and macOS, with an input thread that lasts and a terminal that may go away.

`LinuxDriver` ends at a byte that is not UTF-8 (Textualize/textual#6456), draws nothing after SIGSTOP and SIGCONT
(Textualize/textual#6298), may keep the older of two sizes, and writes the screen to standard error, wherever that goes.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from tui_chat.ui.terminal.pictures import TerminalNamed, TerminalPictures, may_draw_pictures
from tui_chat.ui.terminal.terminal_output import TerminalOutput
from tui_chat.ui.textual_internals.input_parser import TerminalParser
from tui_chat.ui.textual_internals.key_reader import TERMINAL_GONE, messages_from


class TerminalDriver(LinuxDriver):
    """Survives bytes that are not UTF-8 and the end of its terminal; acts on a deadline of the parser when it comes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parser = TerminalParser(self._debug)
        usual = cast(TextIO, self._file)  # standard error, which may go to a file; the screen may not
        self._output = TerminalOutput(usual if usual.isatty() else cast(TextIO, sys.__stdout__))
        self._file = cast(Any, self._output)  # whoever writes to it needs no more
        self.pictures = TerminalPictures(self.write, may_draw=may_draw_pictures(os.environ))

    def start_application_mode(self) -> None:
        """Take the terminal, and hear of its sizes in the order in which it has them.

        Textual asks for the size inside the signal's handler. When a second signal comes between the asking and the
        telling, the older size is told last, and the app keeps to it for good.
        """
        super().start_application_mode()  # type: ignore[no-untyped-call]
        asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, self._tell_size)
        if self._writer_thread is not None and self._writer_thread.is_alive():  # not if it is stopped once more
            self.pictures.enter()

    def stop_application_mode(self) -> None:
        """Give the terminal back, without our pictures; once the app has ended, no signal takes it again."""
        if not self._app.is_running:
            self._auto_restart = False
        self.pictures.leave()
        super().stop_application_mode()

    def process_message(self, message: Message) -> None:
        """Pass on what came from the terminal, once it is known what that can do."""
        if isinstance(message, TerminalNamed):
            self.pictures.drawn = message.draws_pictures
        super().process_message(message)

    def _sigtstp_application(self, *_: object) -> None:
        """Let go of the terminal, and stop."""
        self._between_steps(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        """Go on after the program was stopped."""
        self._between_steps(self._go_on)

    def _between_steps(self, act: Callable[[], None]) -> None:
        """Do this when the app has done what it is doing: its thread may be writing, with a lock in its hand.

        While the terminal is an editor's, and once the app has ended, it does nothing: this is done at once.
        """
        if self._auto_restart:
            asyncio.get_running_loop().call_soon_threadsafe(act)
        else:
            act()

    def _go_on(self) -> None:
        """Take the terminal again, and draw everything: Textual would leave the screen as empty as it is.

        A program that was stopped without being asked (SIGSTOP) has not let go of the terminal. Let it do so first:
        otherwise two threads would read the keys, and the terminal would never be what it was.
        """
        if not self._auto_restart:
            return
        if not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application()
        self._app.call_later(partial(self._app.refresh, layout=True))

    def _tell_size(self) -> None:
        self._output.forget()  # a terminal of another size may have wrapped what it shows anew
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the app ends."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        try:
            for message in messages_from(
                self.fileno, self.exit_event, self.parser, lambda data: self.parser.feed(decode(data))
            ):
                self.process_message(message)
        except EOFError:
            self._app.call_later(self._app.exit, return_code=TERMINAL_GONE)

    def _run_input_thread(self) -> None:
        """Read until the app ends; a fault ends it as any other does, since without this thread no key works."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - the app's own handler is for all of them
            self._app.call_later(self._app._handle_exception, error)
