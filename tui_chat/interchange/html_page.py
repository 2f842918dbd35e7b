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

from tui_chat.chat.citations import Source
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import FilePart, files_of, thinking_of
from tui_chat.chat.passages import Passage, ToldCall, passages
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
:root { color-scheme: light dark; --page: #fcfbf9; --ink: #24221f; --soft: #6b675f; --line: #e5e1da;
  --mine: #f3efe8; --code: #f6f3ee; --accent: #a3492a; }
@media (prefers-color-scheme: dark) { :root { --page: #1a1918; --ink: #e4e0da; --soft: #a09a91; --line: #36332f;
  --mine: #262422; --code: #232120; --accent: #e39470; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 44rem; padding: 2rem 1.125rem 5rem; background: var(--page); color: var(--ink);
  font: 1.0625rem/1.65 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
header { border-bottom: 1px solid var(--line); margin-bottom: 2rem; padding-bottom: 1.25rem; }
header h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0; text-wrap: balance; }
header p { color: var(--soft); font-size: 0.875rem; margin: 0.5rem 0 0; }
main + main { border-top: 3px double var(--line); margin-top: 4rem; padding-top: 3rem; }
article { margin: 2rem 0; }
.who { color: var(--accent); font-size: 0.8125rem; font-weight: 650; letter-spacing: 0.02em; margin: 0 0 0.5rem; }
.you { background: var(--mine); border-radius: 0.875rem; padding: 0.875rem 1.125rem 1rem; }
.you .who { color: var(--soft); }
.text > :first-child { margin-top: 0; }
.text > :last-child { margin-bottom: 0; }
p, ul, ol, table, pre, blockquote { margin: 0 0 1rem; }
ul, ol { padding-left: 1.5rem; }
li { margin: 0.25rem 0; }
li > ul, li > ol { margin: 0; }
.text h1, .text h2, .text h3, .text h4, .text h5, .text h6 { line-height: 1.3; margin: 1.75rem 0 0.625rem;
  font-size: 1.0625rem; }
.text h1 { font-size: 1.4375rem; }
.text h2 { font-size: 1.25rem; }
.text h3 { font-size: 1.125rem; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.15em; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 0.625rem; padding: 0.875rem 1rem;
  overflow-x: auto; overflow-wrap: normal; font-size: 0.875rem; line-height: 1.55; tab-size: 4; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
:not(pre) > code { background: var(--code); border: 1px solid var(--line); border-radius: 0.3rem;
  padding: 0.05rem 0.3rem; font-size: 0.875em; }
pre.plain { background: none; border: 0; border-radius: 0; padding: 0; margin: 0; font: inherit;
  white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
blockquote > :last-child { margin-bottom: 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
table { border-collapse: collapse; display: block; max-width: 100%; overflow-x: auto; font-size: 0.9375rem;
  overflow-wrap: break-word; }
th, td { border-bottom: 1px solid var(--line); padding: 0.4rem 1.25rem 0.4rem 0; text-align: left;
  vertical-align: top; }
th { border-bottom-width: 2px; font-weight: 650; }
img { display: block; max-width: 100%; max-height: 32rem; height: auto; border-radius: 0.5rem; }
details { color: var(--soft); border-left: 3px solid var(--line); font-size: 0.9375rem; margin: 0 0 1rem;
  padding-left: 1rem; }
summary { cursor: pointer; font-size: 0.875rem; }
details[open] summary { margin-bottom: 0.5rem; }
.sources { border-top: 1px solid var(--line); color: var(--soft); font-size: 0.875rem; margin-top: 1.25rem;
  padding-top: 0.75rem; }
.sources p { font-weight: 650; margin: 0 0 0.25rem; }
.sources ol { margin: 0; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } pre { white-space: pre-wrap; }
  .you, pre, table, img { break-inside: avoid; } }
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
    found, sources = passages(message.parts)
    said = "".join(_passage(passage, message.role) for passage in found)
    body = f"{folded}{drawn}{said}{_sources(sources)}"
    return f'<article class="{kind}"><p class="who">{_line(heading(message))}</p>{body}</article>\n'


def _passage(passage: Passage, role: Role) -> str:
    if isinstance(passage, ToldCall):
        return _call(passage)
    return f'<div class="text">{_plain(passage) if role is Role.USER else _markdown_or_plain(passage)}</div>'


def _call(call: ToldCall) -> str:
    """Return a call, folded into the line that says how it went."""
    result = call.result.text if call.result is not None else ""
    below = "".join(_plain(text) for text in (call.arguments, result) if text.strip())
    return f"<details><summary>{_line(call.heading)}</summary>{below}</details>"


def _sources(sources: Iterable[Source]) -> str:
    items = "".join(f"<li>{_source(source)}</li>" for source in sources)
    return f'<div class="sources"><p>Sources</p><ol>{items}</ol></div>' if items else ""


def _source(source: Source) -> str:
    title = _line(source.title)
    if source.address:
        where = "" if source.address == source.title else f" <span>{_line(source.address)}</span>"
        title = f'<a href="{escape(source.address)}" rel="noopener noreferrer">{title}</a>{where}'
    return title + "".join(f"<br>{_line(quoted)}" for quoted in source.quoted)


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
