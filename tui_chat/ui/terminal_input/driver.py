"""The driver: Textual's own, but for the thread that reads the keys, and for a terminal that goes away."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterable
from functools import partial
from typing import Any, TextIO, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from tui_chat.ui.terminal_input.parser import TerminalParser
from tui_chat.ui.terminal_output import TerminalOutput

READ_BYTES = 65_536
LOOK_S = 0.1
"""How often the thread looks whether it should end; Textual's own does the same."""
TERMINAL_GONE = 128 + signal.SIGHUP


class TerminalDriver(LinuxDriver):
    """Survives bytes that are not UTF-8 and the end of its terminal; acts on a deadline of the parser when it comes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        usual = cast(TextIO, self._file)  # standard error, which may go to a file; the screen may not
        self._output = TerminalOutput(usual if usual.isatty() else cast(TextIO, sys.__stdout__))
        self._file = cast(Any, self._output)  # whoever writes to it needs no more

    def start_application_mode(self) -> None:
        """Take the terminal, and hear of its sizes in the order in which it has them.

        Textual asks for the size inside the signal's handler. When a second signal comes between the asking and the
        telling, the older size is told last, and the app keeps to it for good.
        """
        super().start_application_mode()  # type: ignore[no-untyped-call]
        asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, self._tell_size)

    def _sigcont_application(self, *_: object) -> None:
        """Go on after the program was stopped, and draw everything: Textual would leave the screen as empty as it is.

        A program that was stopped without being asked (SIGSTOP) has not let go of the terminal. Let it do so first:
        otherwise two threads would read the keys, and the terminal would never be what it was.
        """
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application()
        self._app.call_later(partial(self._app.refresh, layout=True))

    def _tell_size(self) -> None:
        self._output.forget()  # a terminal of another size may have wrapped what it shows anew
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the app ends.

        Textual's own loop ends the app at a byte that is not UTF-8 (a Latin-1 terminal's é, noise on a line), looks
        at a deadline only every 100 ms, so that Esc is late whatever ESCDELAY says, and turns in circles for ever
        once there is nothing left to read from.
        """
        parser = TerminalParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], min(LOOK_S, parser.wait_s))
            if ready:
                data = self._read()
                if not data:
                    self._app.call_later(self._app.exit, return_code=TERMINAL_GONE)
                    return
                if text := decode(data):
                    self._dispatch(parser.feed(text))
            self._dispatch(parser.tick())

    def _run_input_thread(self) -> None:
        """Without this thread no key works: a fault in it ends the app as any other does, without a traceback."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - the app's own handler is for all of them
            self._app.call_later(self._app._handle_exception, error)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, READ_BYTES)
        except OSError:  # the other side of the terminal is closed
            return b""

    def _dispatch(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
