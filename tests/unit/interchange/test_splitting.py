"""JSON cut into its conversations: exactly, wherever the chunks of a file end, and in little memory."""

from __future__ import annotations

import json
from io import BytesIO
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.interchange.importing.splitting import JsonSplitter, TooLarge, split_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(VALUES, max_size=6), st.integers(1, 40), st.booleans())
def test_a_list_is_cut_into_the_objects_and_lists_in_it(values: list[object], step: int, ascii: bool) -> None:
    text = json.dumps(values, ensure_ascii=ascii, indent=step % 3 or None).encode("utf-8", "surrogatepass")
    splitter = JsonSplitter()
    found = [piece for at in range(0, len(text), step) for piece in splitter.feed(text[at : at + step])]
    pieces = [json.loads(piece) for piece in found if isinstance(piece, bytes)]
    assert pieces == [value for value in values if isinstance(value, list | dict)]
    assert splitter.ended


@given(st.binary(max_size=200), st.integers(1, 40))
def test_no_garbage_is_a_fault(content: bytes, step: int) -> None:
    splitter = JsonSplitter(largest=50)
    for at in range(0, len(content), step):
        for piece in splitter.feed(content[at : at + step]):
            assert isinstance(piece, TooLarge) or len(piece) <= 50


def test_objects_one_after_the_other_are_read_too() -> None:
    assert list(split_json(BytesIO(b'\xef\xbb\xbf{"a": "]}\\\\"}\n{"b": 1}\n[{"c": 2}]'))) == [
        b'{"a": "]}\\\\"}',
        b'{"b": 1}',
        b'{"c": 2}',
    ]


def test_what_is_too_large_costs_only_itself() -> None:
    found = list(split_json(BytesIO(json.dumps([{"a": "x" * 1_000}, {"b": 1}]).encode()), largest=100))
    assert isinstance(found[0], TooLarge)
    assert found[1:] == [b'{"b": 1}']


def test_no_more_than_the_limit_is_held() -> None:
    splitter = JsonSplitter(largest=1_000)
    for chunk in (b'[{"a": "', *repeat(b"x" * 999, 100)):
        assert not list(splitter.feed(chunk))
        assert len(splitter._held) <= 1_000
    assert [type(piece) for piece in splitter.feed(b'"}]')] == [TooLarge]


@pytest.mark.parametrize("text", [b"[", b'[{"a": 1}', b'{"a": "', b'["\\'])
def test_a_file_that_is_cut_off_is_told_of(text: bytes) -> None:
    with pytest.raises(ValueError, match="not whole"):
        list(split_json(BytesIO(text)))
