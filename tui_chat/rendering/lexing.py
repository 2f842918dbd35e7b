"""Reads lines of code with a Pygments lexer, from any line on where its state is known."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from pygments.lexer import ExtendedRegexLexer, Lexer, RegexLexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Error, Whitespace
from pygments.util import ClassNotFound

MAX_LINE = 500
"""A longer line is taken for data and left plain."""
MAX_READ_S = 0.025
"""CPU time; some thirty times what a lexer needs for as much as it is given at once."""

State = tuple[str, ...]
"""The stack of a lexer's states."""
Token = tuple[int, object, str]
"""A token: its start, its Pygments type, its text."""
Spans = list[tuple[int, object]]
"""The parts of a line: the end and the Pygments token type of each."""

ROOT: State = ("root",)
_ALIASES = {"jsonc": "json", "json5": "json", "svelte": "html", "vue": "html", "shell": "bash", "zsh": "bash"}


_making = threading.Lock()
"""Pygments does not let two threads create the same lexer at once."""
_COMMON = ("python", "bash", "json", "javascript", "typescript", "html", "css", "sql")


def preload_lexers() -> None:
    """Make the lexers that most code needs: one alone takes the time of two frames when its first block comes."""
    for language in _COMMON:
        find_lexer(language)


def find_lexer(language: str) -> Lexer | None:
    """Return the lexer for a language's name, if there is one."""
    with _making:
        return _lexer(language.casefold())


@cache
def _lexer(name: str) -> Lexer | None:
    try:
        return get_lexer_by_name(_ALIASES.get(name, name)) if name else None
    except ClassNotFound:
        return None


class TooSlow(Exception):
    """A lexer has taken too long, as some do with text that was made for that."""


def read_lines(
    lexer: Lexer, lines: Sequence[str], state: State, suffix: str = ""
) -> tuple[list[Spans], dict[int, State]]:
    """Return the spans of some lines, and the states at the beginnings of those where reading could begin anew.

    Raises `TooSlow`.
    """
    lines = ["" if len(line) > MAX_LINE else line for line in lines]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    text = "\n".join([*lines, suffix])
    tokens, states = _tokens(lexer, text, state)
    numbers = {start: number for number, start in enumerate(starts)}
    return _by_line(tokens, starts), {numbers[place]: found for place, found in states.items() if place in numbers}


def _by_line(tokens: Spans, starts: list[int]) -> list[Spans]:
    """Return the tokens of a text, cut at the ends of its lines."""
    spans: list[Spans] = [[] for _ in starts[1:]]
    line = begun = 0
    for end, kind in tokens:
        while line < len(spans) and begun < end:
            stop = min(end, starts[line + 1] - 1)
            if stop > begun:
                spans[line].append((stop - starts[line], kind))
            if end < starts[line + 1]:
                begun = end
            else:
                line += 1
                begun = starts[line]
    return spans


def _tokens(lexer: Lexer, text: str, state: State) -> tuple[Spans, dict[int, State]]:
    """Return the tokens, each by its end, and the lexer's state at the beginning of each line where it has one."""
    states: dict[int, State] = {}
    if not isinstance(lexer, RegexLexer) or isinstance(lexer, ExtendedRegexLexer):
        found = lexer.get_tokens_unprocessed(text)
    elif _refines(lexer):
        for _ in _in_time(_walk(lexer, text, state, states)):
            pass
        found = lexer.get_tokens_unprocessed(text, state)
    else:
        found = _walk(lexer, text, state, states)
    return [(start + len(value), kind) for start, kind, value in _in_time(found)], states


def _in_time(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens; raise `TooSlow` once they take too long: a single one can take the time of a frame."""
    ends, cpu_ends = time.perf_counter() + MAX_READ_S, time.thread_time() + MAX_READ_S
    for token in tokens:
        yield token
        # Reading the CPU time takes as long as a token, so it is read only once the wall-clock time is over.
        if time.perf_counter() > ends and time.thread_time() > cpu_ends:
            raise TooSlow


@cache
def _refines(lexer: Lexer) -> bool:
    """True if a lexer changes what its rules have found, and can begin in any state."""
    method = type(lexer).get_tokens_unprocessed
    return method is not RegexLexer.get_tokens_unprocessed and "stack" in inspect.signature(method).parameters


def _walk(lexer: RegexLexer, text: str, state: State, states: dict[int, State]) -> Iterator[Token]:
    """Yield the tokens of `RegexLexer.get_tokens_unprocessed`, noting the state at the beginning of each line."""
    rules = lexer._tokens
    stack = list(state)
    position = 0
    while True:
        if position and text[position - 1] == "\n":
            states.setdefault(position, tuple(stack))
        for match_rule, action, change in rules[stack[-1]]:
            match = match_rule(text, position)
            if match:
                if callable(action):
                    yield from action(lexer, match)
                elif action is not None:
                    yield position, action, match[0]
                position = match.end()
                _change(stack, change)
                break
        else:
            if position >= len(text):
                return
            if text[position] == "\n":
                stack[:] = ROOT
            yield position, Whitespace if text[position] == "\n" else Error, text[position]
            position += 1


def _change(stack: list[str], change: object) -> None:
    """Go to the state that a rule names; the last state is never left."""
    if isinstance(change, int):
        del stack[max(len(stack) + change, 1) if change < 0 else max(change, 1) :]
    elif change == "#push":
        stack.append(stack[-1])
    elif isinstance(change, tuple):
        for name in change:
            if name == "#pop":
                del stack[max(len(stack) - 1, 1) :]
            else:
                stack.append(stack[-1] if name == "#push" else name)
