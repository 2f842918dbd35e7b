"""Cutting a reply's blocks."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo.blocks import (
    CallBlock,
    ContentBlock,
    TextBlock,
    ThinkingBlock,
    WholeBlock,
    after_text,
    first_tokens,
    text_of,
)

BLOCKS = st.lists(
    st.text("abc de\n").map(TextBlock.of)
    | st.text("abc de").map(ThinkingBlock)
    | st.just(CallBlock("tool_use", "t1", "look", {"where": "here", "n": 3}))
    | st.just(WholeBlock({"type": "redacted_thinking", "data": "x"})),
    max_size=5,
)


@given(BLOCKS, st.integers(0, 200))
def test_what_is_before_and_after_a_place_is_the_whole_text(blocks: list[ContentBlock], place: int) -> None:
    text = text_of(blocks)
    assert text[:place] + text_of(after_text(blocks, place)) == text


@given(BLOCKS, st.integers(0, 200))
def test_the_first_tokens_are_no_more_than_asked_for(blocks: list[ContentBlock], tokens: int) -> None:
    kept = first_tokens(blocks, tokens)
    assert sum(block.tokens for block in kept) <= tokens
    assert text_of(blocks).startswith(text_of(kept))


@given(BLOCKS)
def test_a_blocks_deltas_add_up_to_the_whole(blocks: list[ContentBlock]) -> None:
    for block in blocks:
        assert sum(tokens for _, tokens in block.deltas()) == block.tokens
        added: dict[str, Any] = {}
        for delta, _ in block.deltas():
            for name in delta.keys() - {"type"}:
                added[name] = added.get(name, "") + delta[name]
        if "partial_json" in added:
            added = {"input": json.loads(added["partial_json"])}
        assert {**block.whole, **added} == block.whole
