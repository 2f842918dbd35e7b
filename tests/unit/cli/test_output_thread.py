"""A reply's way out: in order, at once, and never in the way of its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import Event

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.cli.output_thread import Sink


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe: where it is read, and where it is written."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_texts_and_notes_come_out_in_their_order(pipe: tuple[int, int]) -> None:
    source, output = pipe
    sink = Sink(output, output)
    sink.write("Zürich ")
    sink.note("(a note) ")
    sink.write("東京 \udc80")
    sink.close().result(PATIENCE_S)
    assert os.read(source, 100).decode() == "Zürich (a note) 東京 ?"


def test_nothing_is_written_once_it_was_abandoned(pipe: tuple[int, int]) -> None:
    source, output = pipe
    sink = Sink(output, output)
    sink.write("x" * 1_000_000)  # more than a pipe takes
    assert os.read(source, 1) == b"x"
    sink.write("never seen")
    sink.abandon()
    ended = sink.close()
    assert not ended.done()  # the write under way waits for a reader, and nobody has to wait for it
    left = 999_999
    while left:
        left -= len(os.read(source, left))
    ended.result(PATIENCE_S)
    os.write(output, b".")
    assert os.read(source, 100) == b"."


def test_a_reader_who_has_gone_ends_it(pipe: tuple[int, int]) -> None:
    source, output = pipe
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, source)
    os.close(nowhere)
    sink = Sink(output, output)
    sink.write("nobody reads this")
    assert isinstance(sink.ended.exception(PATIENCE_S), BrokenPipeError)
    sink.write("nor this")
    assert sink.close() is sink.ended


def test_a_drawing_is_made_in_its_turn_beside_whoever_asked_for_it(pipe: tuple[int, int]) -> None:
    source, output = pipe
    sink, may_end = Sink(output, output), Event()

    def make() -> str:
        assert may_end.wait(PATIENCE_S)
        return "drawn "

    sink.draw(make)
    sink.write("after it")
    may_end.set()
    sink.close().result(PATIENCE_S)
    assert os.read(source, 100) == b"drawn after it"


def test_a_drawing_that_fails_is_a_failure_of_the_writing(pipe: tuple[int, int]) -> None:
    sink = Sink(pipe[1], pipe[1])
    sink.draw(lambda: str(1 // 0))
    assert isinstance(sink.close().exception(PATIENCE_S), ZeroDivisionError)
