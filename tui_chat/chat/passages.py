"""A message as it is read: its text, parted where tools were called, and these calls with what came of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from tui_chat.chat.citations import CitationJoiner, Source, listed
from tui_chat.chat.parts import OpaquePart, Part, TextPart, ToolCallPart, ToolResultPart
from tui_chat.chat.request import tool_key
from tui_chat.chat.server_results import server_result
from tui_chat.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class ToldCall:
    """A call of a tool, and its result as far as there is one."""

    name: str
    arguments: str = ""
    """With a line for each, where they are whole."""
    server: bool = False
    """True if the provider ran it: then its result may have nothing to show."""
    result: ToolResultPart | None = None

    @property
    def heading(self) -> str:
        """The name of what was called, and how that went; there may be anything in it."""
        how = self.result.outcome if self.result is not None else "" if self.server else "no result"
        return f"{self.name} · {how}" if how else self.name


Passage: TypeAlias = str | ToldCall


class _Reader:
    """Takes the parts in their order."""

    def __init__(self) -> None:
        self.joiner = CitationJoiner()
        self.passages: list[Passage] = []
        self._places: dict[str, int] = {}
        """The place of each call among the passages, by its id."""
        self._text: list[str] = []

    def take(self, part: Part) -> None:
        """Take a part."""
        self._text.append(self.joiner.end_block())
        match part:
            case TextPart():
                self._text.append(self.joiner.append_part(part))
            case ToolCallPart(id=id):
                self._add(id, ToldCall(tool_key(part.name), _pretty(part), part.server))
            case ToolResultPart():
                self._answer(part)
            case OpaquePart(kind, block) if (found := server_result(kind, block)) is not None:
                self._answer(ToolResultPart(found.call_id, found.text, found.failed))

    def end(self) -> None:
        """End the text."""
        text = "".join([*self._text, self.joiner.end_block()])
        self._text = []
        if text.strip():
            self.passages.append(text)

    def _add(self, id: str, call: ToldCall) -> None:
        self.end()
        self._places[id] = len(self.passages)
        self.passages.append(call)

    def _answer(self, result: ToolResultPart) -> None:
        if result.call_id not in self._places:
            self._add(result.call_id, ToldCall("tool"))
        place = self._places[result.call_id]
        call = self.passages[place]
        if isinstance(call, ToldCall):
            self.passages[place] = replace(call, result=result)


def passages(parts: Iterable[Part]) -> tuple[Sequence[Passage], Sequence[Source]]:
    """Return the passages of a message in their order, and the sources of its text."""
    reader = _Reader()
    for part in parts:
        reader.take(part)
    reader.end()
    return reader.passages, reader.joiner.sources


def text_with_sources(parts: Iterable[Part]) -> str:
    """Return the text of a message, without calls, with the list of its sources below, if it has any."""
    found, sources = passages(parts)
    texts = [passage for passage in found if isinstance(passage, str)]
    text = texts[0] if len(texts) == 1 else "\n\n".join(text.strip("\n") for text in texts)
    return f"{text.rstrip()}\n\n{listed(sources)}" if sources else text


def _pretty(call: ToolCallPart) -> str:
    value = call.input
    return call.arguments if value is None else json.dumps(value, ensure_ascii=False, indent=2)
