"""Textual 8.2's parser of terminal input, given one whole thing at a time, and nothing that it would stumble over.

`XTermParser` ends a paste at an escape character in it, raises at a sequence that it does not expect, and types one
that it does not know.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.message import Message

from tui_chat.ui.terminal.burst import Burst
from tui_chat.ui.terminal.ground import ground_in
from tui_chat.ui.terminal.key_sequences import TOKEN, canonical
from tui_chat.ui.terminal.paste import END, START, BracketedPaste, pasted
from tui_chat.ui.terminal.pictures import name_in

ESC = "\x1b"
SEQUENCE_S = 0.2
"""The time that the rest of a sequence may take on a slow line. A lone Esc is another matter: ESCDELAY."""


class TerminalParser(XTermParser):
    """Makes messages of what the terminal sends, however it is cut up.

    Textual's parser takes characters one by one and cannot be told what is a paste: an escape character in one ends
    it, and the rest arrives as keys. It also dies of a sequence that it does not expect, and types one that it does
    not know. So the text is taken apart here: Textual sees only text that was typed and whole sequences.
    """

    def __init__(self, debug: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.splits_alt = False
        """True if Esc and a character right behind it are two keys, as vim has it, and not one with Alt."""
        self._clock = clock
        self._burst = Burst()
        self._paste: BracketedPaste | None = None
        self._beginning = ""
        """A sequence whose rest has not come yet."""
        self._beginning_until = math.inf
        super().__init__(debug)

    @property
    def wait_s(self) -> float:
        """Seconds until `tick` has something to do, if nothing comes before."""
        paste_until = self._paste.until if self._paste else math.inf
        return max(0.0, min(self._burst.due_at, self._beginning_until, paste_until) - self._clock())

    def feed(self, data: str) -> list[Message]:
        """Return the messages that the text completes."""
        messages: list[Message] = []
        now = self._clock()
        data = self._take_beginning() + data
        position = 0
        while position < len(data):
            if self._paste is None:
                position = self._feed_token(data, position, now, messages)
            elif (following := self._paste.take(data[position:], now)) is not None:
                messages.append(self._end_paste(self._paste))
                position = len(data) - len(following)
            else:
                break
        return messages

    def tick(self) -> list[Message]:
        """Return the messages of what has waited long enough."""
        messages: list[Message] = []
        now = self._clock()
        if now >= self._burst.due_at:
            messages += self._release()
        if now >= self._beginning_until:
            messages += [*self._release(), *self._keys(self._take_beginning())]
        if self._paste is not None and now >= self._paste.until:
            messages.append(self._end_paste(self._paste))
        return messages

    def _feed_token(self, data: str, position: int, now: float, messages: list[Message]) -> int:
        """Take the text or sequence that starts here; return where the next one starts."""
        token = TOKEN.match(data, position)
        assert token is not None  # an escape character alone is the beginning of a sequence, all else is text
        match token.lastgroup:
            case "text":
                messages += self._typed(self._burst.take(token[0], now))
            case "sequence" if token[0] == START:
                messages += self._release()
                self._burst = Burst()
                self._paste = BracketedPaste(now)
            case "sequence" if token[0] == END:
                self._burst.end_paste()
            case "sequence":
                meant = self._meaning(token[0])
                if any(isinstance(message, events.Key) for message in meant):  # a colour, the mouse: end no burst
                    messages += self._release()
                messages += meant
            case _ if token.end() < len(data):
                messages += [*self._release(), *self._keys(token[0])]
            case _:
                self._beginning = token[0]
                self._beginning_until = now + (constants.ESCAPE_DELAY if token[0] == ESC else SEQUENCE_S)
        return token.end()

    def _take_beginning(self) -> str:
        beginning, self._beginning = self._beginning, ""
        self._beginning_until = math.inf
        return beginning

    def _end_paste(self, paste: BracketedPaste) -> Message:
        self._paste = None
        return events.Paste(paste.text)

    def _release(self) -> list[Message]:
        """Return what has waited for the end of a burst."""
        waiting = self._burst.release()
        return [events.Paste(pasted(waiting))] if waiting and self._burst.is_paste else self._typed(waiting)

    def _typed(self, text: str) -> list[Message]:
        return list(super().feed(text)) if text else []  # to Textual's parser, an empty text is the end of input

    def _meaning(self, sequence: str) -> list[Message]:
        """Return the messages of a whole sequence; none if nobody knows it."""
        if (ground := ground_in(sequence)) is not None:
            return [ground]
        if (named := name_in(sequence)) is not None:
            return [named]
        if self.splits_alt and _is_alt(sequence):
            return self._split(sequence)
        try:
            messages = self._typed(canonical(sequence))
        except (ValueError, ArithmeticError):  # a number in it is malformed, or no character's, or a size of 0
            self._restart()
            return []
        if len(sequence) == len("\x1ba"):  # a key with Alt: for all that Textual knows, more could follow
            messages += self._time_out()
        elif self._is_waiting():
            self._restart()
        return messages

    def _keys(self, beginning: str) -> list[Message]:
        """Return the keys of a sequence's beginning that nothing follows: Esc, or Alt and a bracket."""
        if self.splits_alt and _is_alt(beginning):
            return self._split(beginning)
        return [*self._typed(beginning), *self._time_out()]

    def _split(self, sequence: str) -> list[Message]:
        """Return Esc, and the key behind it."""
        return [*self._keys(ESC), *self._typed(sequence[len(ESC) :])]

    def _time_out(self) -> list[Message]:
        if not self._is_waiting():
            return []
        self._timeout_time = 0.0
        return list(super().tick())

    def _is_waiting(self) -> bool:
        """True if Textual's parser is in the middle of a sequence."""
        return self._awaiting.timeout is not None

    def _restart(self) -> None:
        """Let Textual's parser begin anew, knowing what it knows of the terminal."""
        self._tokens.clear()
        self._gen = self.parse(self._tokens.append)
        self._awaiting = next(self._gen)


def _is_alt(sequence: str) -> bool:
    """True if it is a character with Alt, or Esc and a character that was typed at once."""
    return len(sequence) == len("\x1ba") and sequence[1].isprintable()
