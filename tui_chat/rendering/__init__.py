"""Growing Markdown as lines of Rich segments, at a constant cost for each piece of text that comes."""

from tui_chat.rendering.code import StreamingCodeBlock
from tui_chat.rendering.document import CodeBlock, Document
from tui_chat.rendering.lexing import preload_lexers
from tui_chat.rendering.line import Line
from tui_chat.rendering.look import Look
from tui_chat.rendering.text_search import EITHER, Hit, search_pattern
from tui_chat.rendering.wrapping import wrap

__all__ = [
    "EITHER",
    "CodeBlock",
    "Document",
    "Hit",
    "Line",
    "Look",
    "StreamingCodeBlock",
    "preload_lexers",
    "search_pattern",
    "wrap",
]
