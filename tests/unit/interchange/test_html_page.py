import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import FilePart, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.interchange.html_page import LONGEST_PARAGRAPH, POLICY, html_page

HOSTILE = Path(__file__).parents[2] / "data" / "hostile.json"
PAGE = {"html", "head", "meta", "title", "style", "body", "main", "header", "article", "div", "details", "summary"}
MARKDOWN = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "a", "em", "strong", "s", "code", "pre", "span", "blockquote"}
MARKDOWN |= {"ul", "ol", "li", "hr", "br", "img", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"class", "href", "rel", "src", "alt", "style", "start", "charset", "http-equiv", "content", "name"}
RAW = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil.example) <javascript:x>",
    '![x](https://evil.example/p.png) !["><script>](x)',
    '```"><script>\n</code></pre><script>x</script>\n```',
    "```python onload=x\n'</style><script>'\n```",
    "</title></style></pre></body><svg/onload=x>",
]


class Strict(HTMLParser):
    """Fails for anything that a page of ours does not have."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in PAGE | MARKDOWN
        for name, value in attrs:
            assert name in ATTRIBUTES
            assert name != "href" or str(value).lower().startswith(("http://", "https://"))
            assert name != "src" or str(value).startswith("data:image/")
            assert name != "style" or str(value).startswith("text-align:")


def page_of(text: str) -> str:
    cited = {"url": text, "title": text, "cited_text": text}
    call = ToolCallPart("c", text, json.dumps({text: text}, ensure_ascii=False))
    calls = (call, ToolResultPart("c", text), ToolCallPart("d", f"{text}__{text}", text))
    parts = (ThinkingPart(text), *calls, TextPart(text, (cited, {**cited, "url": f"https://a.example/{text}"})))
    question = Message(Role.USER, (FilePart(text, "image/png", "iVBORw0KGgo="), TextPart(text)))
    messages = (question, Message(Role.ASSISTANT, parts))
    return "\n".join(html_page([Conversation(title=text, model=text, messages=messages)], text, thinking=True))


def check(text: str) -> None:
    parser = Strict()
    parser.feed(page_of(text))
    parser.close()


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("text", RAW)
def test_markup_in_a_message_stays_text(text: str) -> None:
    check(text)


def test_no_hostile_text_becomes_markup() -> None:
    texts = strings(json.loads(HOSTILE.read_text("utf-8")))
    assert len(texts) > 10
    for text in texts:
        check(text[:20_000])


@given(st.text(alphabet="<>&\"'`[]()!*_~#|-:/\\ \nabjs\u202e\x1b", max_size=80))
def test_no_text_becomes_markup(text: str) -> None:
    check(text)


def test_a_page_allows_no_script_and_fits_a_phone() -> None:
    page = page_of("hello")
    assert f'content="{POLICY}"' in page
    assert 'name="viewport"' in page
    assert "prefers-color-scheme: dark" in page


def test_a_link_does_not_tell_where_it_was_followed() -> None:
    assert '<a href="https://a.example" rel="noopener noreferrer">b</a>' in page_of("[b](https://a.example)")


def test_code_is_coloured() -> None:
    assert '<span class="c-k">def</span>' in page_of("```python\ndef f(): pass\n```")


def test_characters_that_turn_text_around_are_gone() -> None:
    assert "\u202e" not in page_of("a\u202eb")


def test_a_paragraph_that_would_take_long_is_text() -> None:
    page = page_of(f"**short**\n\n{'![[a] ' * LONGEST_PARAGRAPH}\n\n<b>\n")
    assert "<strong>short</strong>" in page
    assert "![[a] ![[a]" in page
    check("[" * 10 * LONGEST_PARAGRAPH)
    check("<b>" * LONGEST_PARAGRAPH)
