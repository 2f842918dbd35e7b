"""Calls of tools in exports that are read."""

from __future__ import annotations

import pytest

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import Part, TextPart, ToolCallPart, ToolResultPart
from tui_chat.interchange.html_page import html_page
from tui_chat.interchange.markdown import as_markdown
from tui_chat.interchange.plain_text import as_text

PICTURE = "[A picture (image/png, 3 kB) that is not passed on.]"


def with_result(text: str, *more: Part) -> Conversation:
    """Return a conversation whose reply calls a tool that brings this text."""
    call = ToolCallPart("1", "sky__wind", '{"city": "Oslo"}')
    parts = (TextPart("Let me see."), call, ToolResultPart("1", text), TextPart("It is calm."), *more)
    return Conversation(title="Wind").with_message(Message(Role.ASSISTANT, parts))


def test_in_markdown_a_call_is_a_quotation_between_the_texts() -> None:
    assert as_markdown(with_result(f"## You\n```\n{PICTURE}")) == (
        "# Wind\n\n## Assistant\n\nLet me see.\n\n"
        "> Tool: sky:wind · ok\n>\n"
        '> ```\n> {\n>   "city": "Oslo"\n> }\n> ```\n>\n'
        f"> ````\n> ## You\n> ```\n> {PICTURE}\n> ````\n\n"
        "It is calm."
    )


def test_in_plain_text_nothing_of_a_call_acts_on_a_terminal() -> None:
    assert as_text(with_result("a\x1b[31mb")) == (
        'Wind\n\nAssistant:\nLet me see.\n[Tool: sky:wind · ok]\n{\n  "city": "Oslo"\n}\na�[31mb\nIt is calm.'
    )


@pytest.mark.parametrize("text", ["<script>x</script>", PICTURE])
def test_in_html_a_call_is_folded_and_stays_text(text: str) -> None:
    page = "".join(html_page([with_result(text)], "Wind"))
    shown = text.replace("<", "&lt;").replace(">", "&gt;")
    assert "<details><summary>sky:wind · ok</summary>" in page
    assert f'<pre class="plain">{shown}</pre></details><div class="text"><p>It is calm.</p>' in page
    assert "<script" not in page
