"""Code in colour for a page, by Pygments."""

from __future__ import annotations

from html import escape

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

LONGEST_CODE = 50_000
"""Characters of code that is coloured; some lexers take very long over more."""


def highlighted(code: str, language: str) -> str:
    """Return code as HTML, with its parts in spans where the language is known."""
    if not language or len(code) > LONGEST_CODE:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escape(code)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True, classprefix="c-")))


def code_styles() -> str:
    """Return the stylesheet of the spans, for a light page and for a dark one."""
    return f"{_rules('friendly')}\n@media (prefers-color-scheme: dark) {{\n{_rules('native')}\n}}\n"


def _rules(style: str) -> str:
    rules = HtmlFormatter(style=style, classprefix="c-").get_style_defs("pre").splitlines()
    return "\n".join(rule for rule in rules if rule.startswith("pre .c-"))
