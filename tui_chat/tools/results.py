"""The result of a call as text: bounded, and with a word for what is no text."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mcp_types import (
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from tui_chat.text.limits import LONGEST_TOOL_RESULT

_BASE64_BYTES = 3 / 4


def text_of_result(result: CallToolResult) -> str:
    """Return all of a result that can be passed on as text."""
    texts = list(map(text_of_block, result.content))
    if not texts and result.structured_content is not None:
        texts = [json.dumps(result.structured_content, ensure_ascii=False)]
    return bounded_text("\n".join(texts))


def bounded_text(text: str) -> str:
    """Return a text; one that is too long is cut, and says so."""
    if len(text) <= LONGEST_TOOL_RESULT:
        return text
    left_out = len(text) - LONGEST_TOOL_RESULT
    return (
        f"{text[:LONGEST_TOOL_RESULT]}\n\n"
        f"[The result was cut here: {left_out:,} of its {len(text):,} characters are left out.]"
    )


def text_of_block(block: ContentBlock) -> str:
    """Return a block as text."""
    match block:
        case TextContent(text=text):
            return text
        case ImageContent(mime_type=kind, data=data):
            return _named("picture", kind, data)
        case AudioContent(mime_type=kind, data=data):
            return _named("recording", kind, data)
        case ResourceLink(uri=uri, name=name):
            return f"[A link to {name}: {uri}]"
        case EmbeddedResource(resource=resource):
            return "\n".join(_of_resource(resource))


def _of_resource(resource: TextResourceContents | BlobResourceContents) -> Iterator[str]:
    if isinstance(resource, TextResourceContents):
        yield f"{resource.uri}:"
        yield resource.text
    else:
        yield _named("file", f"{resource.uri}, {resource.mime_type or 'of an unknown kind'}", resource.blob)


def _named(what: str, kind: str, data: str) -> str:
    return f"[A {what} ({kind}, {len(data) * _BASE64_BYTES / 1000:,.0f} kB) that is not passed on.]"
