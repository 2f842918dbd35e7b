"""Growing Markdown as lines of Rich segments, at a constant cost for each piece of text that comes."""

from tui_chat.rendering.document import CodeBlock, Document, Hit
from tui_chat.rendering.line import Line
from tui_chat.rendering.look import Look

__all__ = ["CodeBlock", "Document", "Hit", "Line", "Look"]
