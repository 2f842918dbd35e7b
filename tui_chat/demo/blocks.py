"""The content blocks of a reply, each as its deltas and as a whole."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from tui_chat.demo.tokens import count_tokens, tokenise
from tui_chat.records import dataclass, replace

Json: TypeAlias = Mapping[str, Any]

SIGNED = "ZGVtb"
"""The beginning of every signature of this server."""


class ContentBlock(Protocol):
    """One content block."""

    @property
    def start(self) -> Json:
        """The block as `content_block_start` has it."""
        ...

    @property
    def whole(self) -> Json:
        """The block as a reply that is not streamed has it."""
        ...

    @property
    def tokens(self) -> int:
        """The number of its tokens."""
        ...

    def deltas(self) -> Iterator[tuple[Json, int]]:
        """Return its deltas, each with its tokens."""
        ...

    def cut(self, tokens: int) -> ContentBlock | None:
        """Return its first tokens; None where a part of it would make no sense."""
        ...


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Text, in the pieces in which it is sent, with its citations."""

    pieces: Sequence[str]
    citations: Sequence[Json] = ()

    @classmethod
    def of(cls, text: str, citations: Sequence[Json] = ()) -> TextBlock:
        """Return the text in token-sized pieces."""
        return cls(tokenise(text), citations)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    @property
    def start(self) -> Json:
        """An empty text block."""
        return {"type": "text", "text": ""} | ({"citations": []} if self.citations else {})

    @property
    def whole(self) -> Json:
        """The text with its citations."""
        return {"type": "text", "text": self.text, "citations": list(self.citations) or None}

    @property
    def tokens(self) -> int:
        """The number of pieces: each is a token."""
        return len(self.pieces)

    def deltas(self) -> Iterator[tuple[Json, int]]:
        """Yield the deltas; a citation comes before the text that it is for, as on the real wire."""
        for citation in self.citations:
            yield {"type": "citations_delta", "citation": citation}, 0
        for piece in self.pieces:
            yield {"type": "text_delta", "text": piece}, 1

    def cut(self, tokens: int) -> TextBlock:
        """Return the first pieces."""
        return replace(self, pieces=self.pieces[:tokens])


@dataclass(frozen=True, slots=True)
class ThinkingBlock:
    """Thinking, signed."""

    thinking: str

    @property
    def start(self) -> Json:
        """An empty thinking block."""
        return {"type": "thinking", "thinking": "", "signature": ""}

    @property
    def whole(self) -> Json:
        """The thinking with its signature."""
        return {"type": "thinking", "thinking": self.thinking, "signature": signature_of(self.thinking)}

    @property
    def tokens(self) -> int:
        """The tokens of the thinking."""
        return count_tokens(self.thinking)

    def deltas(self) -> Iterator[tuple[Json, int]]:
        """Yield the thinking, then its signature."""
        for piece in tokenise(self.thinking):
            yield {"type": "thinking_delta", "thinking": piece}, 1
        yield {"type": "signature_delta", "signature": signature_of(self.thinking)}, 0

    def cut(self, tokens: int) -> ThinkingBlock:
        """Return the beginning of the thinking."""
        return ThinkingBlock("".join(tokenise(self.thinking)[:tokens]))


@dataclass(frozen=True, slots=True)
class CallBlock:
    """A call of a tool, the client's or (`server_tool_use`) the server's own."""

    type: str
    id: str
    name: str
    input: Json

    @property
    def start(self) -> Json:
        """The call without its arguments."""
        return self._with({})

    @property
    def whole(self) -> Json:
        """The call with its arguments."""
        return self._with(self.input)

    @property
    def tokens(self) -> int:
        """The tokens of the arguments."""
        return count_tokens(self._arguments)

    def deltas(self) -> Iterator[tuple[Json, int]]:
        """Yield the arguments as pieces of JSON; the first is empty, as on the real wire."""
        yield {"type": "input_json_delta", "partial_json": ""}, 0
        for piece in tokenise(self._arguments):
            yield {"type": "input_json_delta", "partial_json": piece}, 1

    def cut(self, tokens: int) -> None:
        """Return None: half a call is no call."""

    @property
    def _arguments(self) -> str:
        return json.dumps(self.input, ensure_ascii=False)

    def _with(self, arguments: Json) -> Json:
        return {"type": self.type, "id": self.id, "name": self.name, "input": arguments}


@dataclass(frozen=True, slots=True)
class WholeBlock:
    """A block that comes at once: redacted thinking, a server tool's result, a type that nobody knows."""

    whole: Json

    @property
    def start(self) -> Json:
        """All of it."""
        return self.whole

    @property
    def tokens(self) -> int:
        """Zero: the model did not write it."""
        return 0

    def deltas(self) -> Iterator[tuple[Json, int]]:
        """Return no deltas: it comes whole with its start."""
        return iter(())

    def cut(self, tokens: int) -> WholeBlock:
        """Return all of it: it has no parts."""
        return self


def signature_of(thinking: str) -> str:
    """Return the signature of some thinking; it fits no other."""
    digest = hashlib.sha512(thinking.encode("utf-8", "surrogatepass")).digest()
    return base64.b64encode(b"demo" + digest * 2).decode()


def text_of(blocks: Sequence[ContentBlock]) -> str:
    """Return the text of the blocks, joined."""
    return "".join(block.text for block in blocks if isinstance(block, TextBlock))


def first_tokens(blocks: Sequence[ContentBlock], tokens: int) -> list[ContentBlock]:
    """Return the blocks up to that many tokens."""
    kept: list[ContentBlock] = []
    for block in blocks:
        if block.tokens <= tokens:
            kept.append(block)
            tokens -= block.tokens
            continue
        part = block.cut(tokens) if tokens else None
        return [*kept, part] if part is not None else kept
    return kept


def after_text(blocks: Sequence[ContentBlock], length: int) -> list[ContentBlock]:
    """Return the rest of the blocks after so many characters of text."""
    rest = list(blocks)
    while rest and length:
        block = rest[0]
        if isinstance(block, TextBlock):
            text = block.text
            if length < len(text):
                return [replace(block, pieces=tokenise(text[length:])), *rest[1:]]
            length -= len(text)
        rest.pop(0)
    return rest
