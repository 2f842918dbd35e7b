"""The work on a text comes in steps that stay small whatever the text is, so that keys are answered between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from cProfile import Profile
from typing import TypeVar

import pytest
from pygments.token import Text, _TokenType

from tests.hostile_texts import hostile_text
from tui_chat.rendering import Look
from tui_chat.rendering.document import Document
from tui_chat.rendering.highlighting import Highlighter, Patience
from tui_chat.rendering.lexing import MAX_READ_S, ROOT, TooSlow, read_lines

LOOK = Look.default(dark=True)
MOST_CALLS = 60_000
"""Calls of functions in a step: some fifteen milliseconds at the most."""
SIZE = 20_000
SEEDS = (2, 3, 5, 7, 10, 12, 13, 19)
"""Each kind of text, some of them twice."""
T = TypeVar("T")


def counted(work: Callable[[], T]) -> tuple[T, int]:
    """Do some work; return the calls of Python functions, too: how much was done, on any machine and under any load."""
    counter = Profile(builtins=False, subcalls=False)
    done = counter.runcall(work)
    return done, sum(entry.callcount for entry in counter.getstats())


def calls_of_steps(document: Document) -> list[int]:
    """Return the calls in each step, until nothing is left to do."""
    counts, done = list[int](), False
    while not done:
        done, calls = counted(lambda: document.advance(lambda: False))
        counts.append(calls)
    return counts


@pytest.mark.parametrize("seed", SEEDS)
def test_no_step_is_long_whatever_the_text(seed: int) -> None:
    document = Document(80, LOOK, paced=True)
    document.append(hostile_text(seed, SIZE))
    document.finish()
    steps = calls_of_steps(document)
    assert max(steps) < MOST_CALLS
    document.resize(60)
    assert max(calls_of_steps(document)) < MOST_CALLS


def test_nothing_is_done_before_it_is_asked_for_and_all_can_be_shown_while_a_resize_is_under_way() -> None:
    document = Document(40, LOOK, paced=True)
    document.append("One two three. " * 200)
    assert document.height == 0
    document.advance()
    before = document.height
    document.resize(20)
    assert (document.height, document.width) == (before, None)
    while not document.advance(lambda: False):
        assert all(document.line(y).text for y in range(document.height))
    assert document.height > before
    assert document.width == 20


def test_code_is_read_only_as_far_as_it_is_looked_at() -> None:
    document = Document(80, LOOK, paced=True)
    document.append("```python\n" + "x = [1, 2]\n" * 2_000 + "```\n")
    document.finish()
    document.advance()
    coloured, calls = counted(lambda: document.line(1).segments)
    assert calls < MOST_CALLS
    document.line(1_900)
    assert document.behind
    assert not document.advance(lambda: False)
    document.advance()
    assert document.line(1_900).segments == coloured


def test_text_that_comes_during_a_resize_is_in_both() -> None:
    text = hostile_text(3, 4_000)
    document, fresh = Document(40, LOOK, paced=True), Document(30, LOOK)
    document.append(text[:2_000])
    document.advance()
    document.resize(30)
    document.advance(lambda: False)
    document.append(text[2_000:])
    document.finish()
    document.advance()
    fresh.append(text)
    fresh.finish()
    assert [document.line(y) for y in range(document.height)] == [fresh.line(y) for y in range(fresh.height)]


def test_a_language_that_is_too_slow_is_left_plain() -> None:
    patience = Patience()
    lexer = patience.find_lexer("java")
    assert lexer is not None
    for _ in range(3):
        patience.lose(lexer)
    assert patience.find_lexer("java") is None
    assert Patience().find_lexer("java") is lexer
    assert Highlighter("java", patience).read(["class A {}"], 1, True) is None


def test_a_lexer_is_given_up_at_the_first_token_that_takes_too_long() -> None:
    class Slow:
        read = 0

        def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
            for place, character in enumerate(text):
                self.read += 1
                ends = time.thread_time() + (2 * MAX_READ_S if place else 0)
                while time.thread_time() < ends:
                    pass
                yield place, Text, character

    lexer = Slow()
    with pytest.raises(TooSlow):
        read_lines(lexer, ["(((((((("], ROOT)
    assert lexer.read == 2


def test_code_that_is_left_to_steps_is_not_read_while_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.rendering.document.READ_AT_ONCE_S", 0.0)
    document = Document(80, LOOK, paced=True)
    document.append("```python\n" + "x = [1, 2]\n" * 2_000 + "```\n")
    document.finish()
    document.advance()
    document.line(1_900)
    assert document.behind
    reads: list[int] = []
    monkeypatch.setattr(Highlighter, "read", lambda *_: reads.append(1))
    document.line(1_901)
    assert reads == []
