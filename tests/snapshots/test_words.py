"""All sentences that the program can show, in one file to be read at a sitting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

import tui_chat
from tui_chat.settings import SCHEMA

PACKAGE = Path(tui_chat.__path__[0])
UNSEEN = ("demo", "storage", "telemetry", "cli/web", "cli/completion_values.py", "ui/textual_internals")
"""Folders and files whose texts are replies of the demo server, queries, or for programs."""
NO_SENTENCE = re.compile(r"\\[a-z]|\(\?|\[\^|^\W*[a-z_.-]+=|\$[a-z]|</|^[^ ]+$|^\W*$|; sys\.|screen\.\w+\(")
"""Patterns, styles, markup, actions and single words."""
NEVER = (
    r"\d %",
    r"\banybody\b",
    r"\bfor ever\b",
    r"\bWhether\b",
    r"\ball the same\b",
)
"""What LANGUAGE calls by another name, or writes in another way."""


class WordsFile(SingleFileSnapshotExtension):
    """A snapshot that is a plain text file."""

    _write_mode = WriteMode.TEXT
    _file_extension = "txt"


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in parts)
    return ""


def _unseen(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the texts that are docstrings, parts of others, or for the log."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                yield docstring
            case ast.JoinedStr(values=parts):
                yield from (inner for part in parts for inner in ast.walk(part))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "_log" | "logger"))) | ast.Raise():
                yield from ast.walk(node)


def _sentences(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    unseen = set(map(id, _unseen(tree)))
    for node in ast.walk(tree):
        text = _text(node)
        if id(node) not in unseen and any(map(str.isalpha, text)) and not NO_SENTENCE.search(text):
            yield text


def _words() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith(UNSEEN):
            continue
        found = list(dict.fromkeys(_sentences(path)))
        found += [setting.description for setting in SCHEMA.values()] if name == "settings/schema.py" else []
        if found:
            yield f"\n{name}"
            yield from ("  " + text.strip("\n").replace("\n", "\n  ") for text in found)


@pytest.fixture(scope="module")
def words() -> str:
    return "\n".join(_words()).replace("\r", "").lstrip("\n") + "\n"  # a text file is read without them


def test_every_sentence_is_in_the_file(words: str, snapshot: SnapshotAssertion) -> None:
    assert words == snapshot(extension_class=WordsFile, name="words")


@pytest.mark.parametrize("pattern", NEVER)
def test_one_word_for_one_thing(words: str, pattern: str) -> None:
    assert [line for line in words.splitlines() if re.search(pattern, line)] == []
