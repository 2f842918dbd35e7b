"""The resources that a server has: listed, and read."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import TYPE_CHECKING

from tui_chat.text import reading
from tui_chat.tools.spec import ResourceContent, ServerResource
from tui_chat.tools.uri_templates import without_arguments

if TYPE_CHECKING:
    import mcp_types
    from mcp import Client

MOST_PAGES = 20
MOST_RESOURCES = 2_000
LONGEST_URI = 2_000
"""Characters of an address that is offered."""


async def list_resources(server: str, client: Client) -> list[ServerResource]:
    """Return the resources that a server has, and below them its templates."""
    if client.server_capabilities.resources is None:
        return []
    found: list[ServerResource] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_resources(cursor=cursor)
        found += [_resource(server, resource, resource.uri) for resource in page.resources]
        if (cursor := page.next_cursor) is None or len(found) > MOST_RESOURCES:
            break
    found += await _templates(server, client)
    return [resource for resource in found if 0 < len(resource.uri) <= LONGEST_URI][:MOST_RESOURCES]


async def read_resource(uri: str, client: Client) -> list[ResourceContent]:
    """Return what a server gives for a resource; of a folder that may be several files."""
    result = await client.read_resource(uri)
    return [ResourceContent(part.uri, _content(part)) for part in result.contents]


async def _templates(server: str, client: Client) -> list[ServerResource]:
    """Return the first page of its templates; many servers have none, and do not know the question."""
    from mcp import MCPError

    with suppress(MCPError):
        page = await client.list_resource_templates()
        return [_template(server, template) for template in page.resource_templates]
    return []


def _template(server: str, template: mcp_types.ResourceTemplate) -> ServerResource:
    whole = without_arguments(template.uri_template)
    return _resource(server, template, template.uri_template if whole is None else whole, is_template=whole is None)


def _resource(
    server: str, known: mcp_types.Resource | mcp_types.ResourceTemplate, uri: str, *, is_template: bool = False
) -> ServerResource:
    name = reading.name(known.title or known.name) or uri
    return ServerResource(server, uri, name, known.description or "", is_template)


def _content(part: mcp_types.TextResourceContents | mcp_types.BlobResourceContents) -> bytes:
    from mcp_types import TextResourceContents

    if isinstance(part, TextResourceContents):
        return part.text.encode("utf-8", "replace")
    return base64.b64decode(part.blob, validate=True)
