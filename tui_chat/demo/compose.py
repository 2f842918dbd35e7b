"""Composes the reply to a request: its blocks, its length, and the reason for its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
from tui_chat.demo.cache import Counted
from tui_chat.demo.conversation import Asked, place_in
from tui_chat.demo.documents import cited_documents, citing
from tui_chat.demo.events import Reply
from tui_chat.demo.faults import Fault
from tui_chat.demo.made_files import with_code_run
from tui_chat.demo.prompts import DemoPrompt
from tui_chat.demo.script import script_for, thought_for, topic_of
from tui_chat.demo.search import searched
from tui_chat.demo.shaped import document_for, schema_in
from tui_chat.demo.stress_texts import EXTREMES
from tui_chat.demo.summary import is_summary_asked_for, summary_of
from tui_chat.demo.tool_orders import calls_due, text_about
from tui_chat.records import replace

STOP_REASONS: Mapping[str, str] = {
    "max_tokens": "max_tokens",
    "refusal": "refusal",
    "pause_turn": "pause_turn",
    "context-window": "model_context_window_exceeded",
}
"""The faults that stop a reply, and what the wire calls the reason."""

_EXTREME_PIECES = 600
"""A very long text comes in larger pieces than tokens: at the pace of a reply it would take many minutes."""


def compose(
    body: Mapping[str, Any],
    asked: Asked,
    prompt: DemoPrompt,
    faults: Sequence[Fault],
    counted: Counted,
    seed: int,
    number: int,
) -> Reply:
    """Return the reply to a request, with the faults that act on its content and on its end."""
    names = {fault.name for fault in faults}
    schema = schema_in(body)
    calls = calls_due(asked, prompt)
    summarizing = is_summary_asked_for(asked.prompt) and not names & EXTREMES.keys()
    if summarizing:
        text = summary_of(body["messages"])
    elif calls or (asked.rounds and schema is None):
        text = text_about(asked, calls)
    elif schema is None:
        text = script_for(asked.prompt, seed, first=asked.first, faults=faults)
    else:
        text = document_for(schema, broken="schema-break" in names)
    blocks = _blocks(text, "" if summarizing else prompt.text, names, body)
    if asked.partial is not None:
        place = place_in(text, asked.partial)
        rest = after_text(blocks, place)[asked.tools :] if place else blocks
        blocks = _with_seam(rest, text[:place], names, asked.again)
    blocks += [
        CallBlock("tool_use", f"toolu_demo_{number:06}_{place}", call.name, call.arguments)
        for place, call in enumerate(calls)
    ]
    reply = Reply(f"msg_demo_{number:06}", body["model"], blocks, counted, _natural_end(blocks))
    return _stopped(reply, body, faults)


def _blocks(text: str, prompt: str, names: set[str], body: Mapping[str, Any]) -> list[ContentBlock]:
    """Return the text in its blocks, with what goes before and after it."""
    if names & EXTREMES.keys():
        return _extreme(text, names)
    added = {topic_of(prompt).adds, *names}
    blocks: list[ContentBlock] = searched(text) if "search" in added else [TextBlock.of(text)]
    if "documents" in added and (citations := cited_documents(body)):
        blocks = citing(text, citations)
    if "code" in added:
        blocks = with_code_run(text)
    if "thinking" in added or _wants_thinking(body.get("thinking")):
        blocks.insert(0, ThinkingBlock(thought_for(prompt)))
    if "redacted" in added:
        blocks.insert(0, WholeBlock({"type": "redacted_thinking", "data": "ZGVtbyByZWRhY3RlZCB0aGlua2luZw=="}))
    if "tools" in added:
        arguments = {"city": "Reykjavík", "days": 3, "units": "metric", "include": ["wind", "rain"]}
        blocks.append(CallBlock("tool_use", "toolu_demo_01", "get_weather", arguments))
    return blocks


def _extreme(text: str, names: set[str]) -> list[ContentBlock]:
    if "meta-only" in names:
        return []
    if "hostile" in names:
        return [TextBlock.of(text)]
    size = len(text) if "huge-token" in names else len(text) // _EXTREME_PIECES + 1
    return [TextBlock([text[at : at + size] for at in range(0, len(text), size)])]


def _wants_thinking(option: object) -> bool:
    return isinstance(option, Mapping) and option.get("type") in ("enabled", "adaptive")


def _with_seam(blocks: list[ContentBlock], before: str, names: set[str], again: str) -> list[ContentBlock]:
    """Return the rest of a reply, begun as asked for, or as by a model that does not keep to the question."""
    begun = again + before[len(before.rstrip()) :] if again and before.rstrip().endswith(again) else ""
    if "seam-repeat" in names:
        begun = "".join(re.findall(r"\s*\S+", before)[-5:]) + before[len(before.rstrip()) :]
    elif "seam-restart" in names:
        begun = re.split(r"(?<=[.!?]) |\n", before.rstrip())[-1] + before[len(before.rstrip()) :]
    elif "seam-space" in names:
        begun = " "
    elif "seam-exact" in names:
        begun = ""
    if not begun or not blocks or not isinstance(blocks[0], TextBlock):
        return blocks
    return [replace(blocks[0], pieces=TextBlock.of(begun + blocks[0].text).pieces), *blocks[1:]]


def _natural_end(blocks: Sequence[ContentBlock]) -> str:
    return "tool_use" if any(block.start["type"] == "tool_use" for block in blocks) else "end_turn"


def _stopped(reply: Reply, body: Mapping[str, Any], faults: Iterable[Fault]) -> Reply:
    """Return the reply up to the first thing that stops it: a stop sequence, a fault, or the request's own limit."""
    reply = _at_stop_sequence(reply, body.get("stop_sequences") or ())
    stops = [(fault.at, STOP_REASONS[fault.name]) for fault in faults if fault.name in STOP_REASONS]
    if reply.output_tokens > body["max_tokens"]:
        stops.append((body["max_tokens"], "max_tokens"))
    if not stops:
        return reply
    tokens, reason = min(stops)
    return replace(reply, blocks=first_tokens(reply.blocks, tokens), stop_reason=reason, stop_sequence=None)


def _at_stop_sequence(reply: Reply, sequences: Iterable[str]) -> Reply:
    text = text_of(reply.blocks)
    found = [(text.find(sequence), sequence) for sequence in sequences if sequence and sequence in text]
    if not found:
        return reply
    place, sequence = min(found)
    return replace(reply, blocks=_first_text(reply.blocks, place), stop_reason="stop_sequence", stop_sequence=sequence)


def _first_text(blocks: Sequence[ContentBlock], length: int) -> list[ContentBlock]:
    """Return the blocks up to so many characters of text."""
    kept: list[ContentBlock] = []
    for block in blocks:
        if isinstance(block, TextBlock):
            text = block.text
            if len(text) >= length:
                return [*kept, TextBlock.of(text[:length], block.citations)]
            length -= len(text)
        kept.append(block)
    return kept
