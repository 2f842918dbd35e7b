"""Conversations as one HTML file: no script, nothing fetched, and nothing in a message becomes markup.

Markdown's own HTML is off, so that tags come from the fixed set which the parser's renderer knows. A link goes to the
web or nowhere. The policy in the page holds even if all of this were wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import FilePart, files_of, references_of, thinking_of
from tui_chat.interchange.code_colors import code_styles, highlighted
from tui_chat.interchange.headings import heading, title
from tui_chat.text import clean, clean_line

LONGEST_RENDERED = 200_000
"""Characters of a message that is drawn as Markdown; a longer one stands as it was written."""
LONGEST_PARAGRAPH = 10_000
"""Characters of a paragraph in which emphasis and links are looked for: the time for that grows with their square."""
LARGEST_PICTURES = 20_000_000
"""Characters of all pictures of a page together, in base64; those beyond are named only."""
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark; --page: #fbfaf8; --ink: #22211f; --soft: #6d6a64; --line: #e3e0da;
  --mine: #f1eee8; --code: #f4f2ed; --accent: #a8502d; }
@media (prefers-color-scheme: dark) { :root { --page: #1b1a19; --ink: #e6e3de; --soft: #9c978f; --line: #383632;
  --mine: #262422; --code: #242220; --accent: #e08a64; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0 0.25rem; }
header p, .who, .sources { color: var(--soft); font-size: 0.875rem; }
header p { margin: 0 0 2rem; }
main + main { border-top: 2px solid var(--line); margin-top: 3rem; padding-top: 1rem; }
article { margin: 1.5rem 0; }
.who { font-weight: 600; font-size: 0.875rem; margin: 0 0 0.25rem; }
.you { background: var(--mine); border-radius: 0.75rem; padding: 0.75rem 1rem; }
.text > :first-child { margin-top: 0; } .text > :last-child { margin-bottom: 0; }
.text h1, .text h2, .text h3 { font-size: 1.15rem; margin: 1.5rem 0 0.5rem; }
a { color: var(--accent); }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem;
  overflow-x: auto; overflow-wrap: normal; font-size: 0.875rem; line-height: 1.5; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
:not(pre) > code { background: var(--code); border-radius: 0.25rem; padding: 0.1rem 0.3rem; font-size: 0.9em; }
pre.plain { white-space: pre-wrap; font-family: inherit; overflow-wrap: anywhere; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: 0.35rem 0.6rem; }
img { max-width: 100%; height: auto; border-radius: 0.5rem; }
details { color: var(--soft); border-left: 3px solid var(--line); padding-left: 1rem; margin: 0.5rem 0; }
summary { cursor: pointer; font-size: 0.875rem; }
"""


def html_page(conversations: Iterable[Conversation], name: str, *, thinking: bool = False) -> Iterator[str]:
    """Yield a page of this name piece by piece, with the shown branch of each conversation."""
    yield (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="no-referrer"><title>{_line(name)}</title>'
        f"<style>{STYLE}{code_styles()}</style></head>\n<body>"
    )
    pictures = _Pictures()
    for conversation in conversations:
        yield _conversation(conversation, thinking, pictures)
    yield "</body></html>"


class _Pictures:
    """The room that is left for pictures."""

    def __init__(self) -> None:
        self._room = LARGEST_PICTURES

    def drawn(self, file: FilePart) -> str:
        """Return a picture in the page, or nothing where it is none, is lost, or has no room."""
        if file.media_type not in PICTURES or file.lost or len(file.data) > self._room:
            return ""
        self._room -= len(file.data)
        return f'<p><img src="data:{file.media_type};base64,{escape(file.data)}" alt="{_line(file.name)}"></p>'


def _conversation(conversation: Conversation, thinking: bool, pictures: _Pictures) -> str:
    day = f"{conversation.created_at:%Y-%m-%d}"
    about = _line(" · ".join(filter(None, [day, conversation.model])))
    messages = "".join(_message(message, thinking, pictures) for message in conversation.messages)
    return f"<main><header><h1>{_line(title(conversation))}</h1><p>{about}</p></header>{messages}</main>"


def _message(message: Message, thinking: bool, pictures: _Pictures) -> str:
    kind = "you" if message.role is Role.USER else "reply"
    thought = thinking_of(message.parts) if thinking else ""
    folded = f"<details><summary>Thinking</summary>{_plain(thought)}</details>" if thought else ""
    drawn = "".join(map(pictures.drawn, files_of(message.parts)))
    text = _plain(message.text) if message.role is Role.USER else _markdown_or_plain(message.text)
    body = f'{folded}{drawn}<div class="text">{text}</div>{_sources(references_of(message.parts))}'
    return f'<article class="{kind}"><p class="who">{_line(heading(message))}</p>{body}</article>\n'


def _sources(cited: Iterable[str]) -> str:
    items = "".join(f"<li>{_line(text)}</li>" for text in cited)
    return f'<div class="sources"><p>Sources</p><ol>{items}</ol></div>' if items else ""


def _line(text: str) -> str:
    return escape(clean_line(text))


def _plain(text: str) -> str:
    return f'<pre class="plain">{escape(clean(text).strip())}</pre>'


def _markdown_or_plain(text: str) -> str:
    shown = clean(text, keep_tabs=True)
    return _plain(text) if len(shown) > LONGEST_RENDERED else str(_parser().render(shown))


class _PageRenderer(RendererHTML):
    """Draws links, pictures and code in ways of its own; markdown-it-py calls a method by the name of its token."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Return the beginning of a link that tells nobody where it was, or of one that leads nowhere."""
        target = str(tokens[idx].attrs.get("href", ""))
        if not target.lower().startswith(("http://", "https://")):
            return "<a>"
        return f'<a href="{escape(target)}" rel="noopener noreferrer">'

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Return the description of a picture that is elsewhere: showing it would fetch it."""
        return escape(tokens[idx].content)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Return code in the colours of its language."""
        words = tokens[idx].info.split()
        return f"<pre><code>{highlighted(tokens[idx].content, words[0] if words else '')}</code></pre>\n"


def _inline(state: StateCore) -> None:
    """Find what is in each paragraph, as markdown-it-py does; one that is too long is text."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = token.children or []
            if len(token.content) > LONGEST_PARAGRAPH:
                token.children.append(Token("text", "", 0, content=token.content))
            else:
                state.md.inline.parse(token.content, state.md, state.env, token.children)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 50}, renderer_cls=_PageRenderer)
    parser.core.ruler.at("inline", _inline)
    return parser.enable(["table", "strikethrough"])
