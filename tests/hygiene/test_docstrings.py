"""A docstring says what a thing returns, does or is, in the words that its reader looks for first."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "tui_chat"
TEXTS_FOR_USERS = PACKAGE / "settings" / "schema.py"
"""Its docstrings describe settings, on the screen and in the docs."""
QUESTIONS = {"What", "Whether", "How", "Where", "When", "Why", "Which", "Who"}


def _docstrings(module: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each docstring of a module, those of its attributes too."""
    for node in ast.walk(ast.parse(module.read_text())):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text


def test_no_docstring_begins_like_a_question() -> None:
    """Words such as "Return the", "Send", "True if" or "The name of" come to the point at once."""
    modules = [module for module in PACKAGE.rglob("*.py") if module != TEXTS_FOR_USERS]
    assert [
        f"{module.relative_to(PACKAGE.parent)}:{line}  {text.splitlines()[0]}"
        for module in modules
        for line, text in _docstrings(module)
        if text.partition(" ")[0].rstrip(",:") in QUESTIONS
    ] == []
