"""Growing Markdown as lines of Rich segments, at a constant cost for each piece of text that comes.

Its `document` and `lexing`, with the parser of Markdown and the lexers, are imported by those who use them: the first
paint does without.
"""

from tui_chat.rendering.line import Line
from tui_chat.rendering.look import Look
from tui_chat.rendering.text_search import EITHER, Hit, search_pattern
from tui_chat.rendering.wrapping import wrap

__all__ = ["EITHER", "Hit", "Line", "Look", "search_pattern", "wrap"]
