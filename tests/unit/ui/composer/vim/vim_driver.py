"""A text area of the plainest kind, for vim to be tried in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_chat.ui.composer.vim import Buffer, Mode, Vim

_NAMED = re.compile(r"<([a-z+]+)>|(.)", re.DOTALL)
TOKEN = re.compile(r"\[\d+ lines pasted\]")


def tokens(line: str) -> Iterator[tuple[int, int]]:
    """Yield where folded pastes stand."""
    return (match.span() for match in TOKEN.finditer(line))


class TextField:
    """A text and a cursor; what is no command is typed, as a text area does."""

    def __init__(self, text: str = "", at: int = 0, *, insert: bool = False) -> None:
        self.vim = Vim()
        self.text = text
        self.cursor = at
        if not insert:
            self.vim.press("escape", self.buffer, self.buffer.after(at))
            self.cursor = self.buffer.clamp(at)

    @property
    def buffer(self) -> Buffer:
        """The text, as vim sees it."""
        return Buffer(self.text, tokens)

    @property
    def selected(self) -> str | None:
        """The text that is selected."""
        span = self.vim.selection(self.buffer, self.cursor)
        return None if span is None else self.text[span.start : span.end]

    def press(self, keys: str) -> TextField:
        """Press keys; those with names are written as <escape>."""
        for match in _NAMED.finditer(keys):
            self._press(match[1] or match[2])
        return self

    def _press(self, key: str) -> None:
        if self.vim.takes(key):
            result = self.vim.press(key, self.buffer, self.cursor)
            if result.edit is not None:
                assert 0 <= result.edit.start <= result.edit.end <= len(self.text)
                self.text = result.edit.apply(self.text)
            self.cursor = result.cursor
        else:
            self.vim.drop_command()
            self._type(key)

    def _type(self, key: str) -> None:
        if self.vim.mode is not Mode.INSERT:
            return
        if key == "backspace":
            start = self.buffer.before(self.cursor)
            self.text, self.cursor = self.text[:start] + self.text[self.cursor :], start
        elif len(key) == 1:
            self.text = self.text[: self.cursor] + key + self.text[self.cursor :]
            self.cursor += 1
