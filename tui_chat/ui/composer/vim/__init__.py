"""The language of vim, for the composer: keys in, edits out. It knows nothing of Textual."""

from tui_chat.ui.composer.vim.buffer import Buffer, Edit, Span
from tui_chat.ui.composer.vim.engine import Mode, Result, Vim

__all__ = ["Buffer", "Edit", "Mode", "Result", "Span", "Vim"]
