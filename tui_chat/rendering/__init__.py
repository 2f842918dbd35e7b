"""Growing Markdown as lines of Rich segments, at a constant cost for each piece of text that comes."""

from typing import TYPE_CHECKING

from tui_chat.lazy_exports import exported_from
from tui_chat.rendering.line import Line
from tui_chat.rendering.look import Look
from tui_chat.rendering.text_search import EITHER, Hit, search_pattern
from tui_chat.rendering.wrapping import wrap

if TYPE_CHECKING:
    from tui_chat.rendering.code import StreamingCodeBlock
    from tui_chat.rendering.document import CodeBlock, Document
    from tui_chat.rendering.lexing import preload_lexers
else:  # the parser of Markdown and the lexers, which the first paint does without
    __getattr__ = exported_from(
        __name__,
        {"code": ("StreamingCodeBlock",), "document": ("CodeBlock", "Document"), "lexing": ("preload_lexers",)},
    )

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
