"""Text that came from elsewhere: made safe to show, and measured as the terminal will measure it."""

from typing import TYPE_CHECKING

from tui_chat.lazy_exports import exported_from

if TYPE_CHECKING:
    from tui_chat.text.cells import cell_len, fit, grapheme_at, graphemes, pad, split_cells, whole_end
    from tui_chat.text.cleaning import TAB_SIZE, StreamCleaner, clean, clean_line, typed_unseen
    from tui_chat.text.placeholder import STAND_IN
    from tui_chat.text.printable import printable_lines
else:  # tables of Unicode, and Rich's: a command that prints a value needs none of them
    __getattr__ = exported_from(
        __name__,
        {
            "cells": ("cell_len", "fit", "grapheme_at", "graphemes", "pad", "split_cells", "whole_end"),
            "cleaning": ("TAB_SIZE", "StreamCleaner", "clean", "clean_line", "typed_unseen"),
            "placeholder": ("STAND_IN",),
            "printable": ("printable_lines",),
        },
    )
