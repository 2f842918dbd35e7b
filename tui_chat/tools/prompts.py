"""The prompts that a server has: listed, and given with their fields filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_chat.tools.spec import PromptField, ServerPrompt

if TYPE_CHECKING:
    import mcp_types
    from mcp import Client

MOST_PAGES = 20
MOST_PROMPTS = 500


async def list_prompts(server: str, client: Client) -> list[ServerPrompt]:
    """Return the prompts that a server has."""
    found: list[ServerPrompt] = []
    if client.server_capabilities.prompts is None:
        return found
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_prompts(cursor=cursor)
        found += [_prompt(server, prompt) for prompt in page.prompts]
        if (cursor := page.next_cursor) is None:
            break
    return found[:MOST_PROMPTS]


async def text_of_prompt(client: Client, name: str, values: Mapping[str, str]) -> str:
    """Return the text of a prompt with these values; what is no text in it is named."""
    from tui_chat.tools.results import bounded_text, text_of_block

    result = await client.get_prompt(name, dict(values))
    return bounded_text("\n\n".join(text_of_block(message.content) for message in result.messages))


def _prompt(server: str, prompt: mcp_types.Prompt) -> ServerPrompt:
    fields = [PromptField(field.name, bool(field.required)) for field in prompt.arguments or ()]
    return ServerPrompt(server, prompt.name, prompt.description or prompt.title or "", tuple(fields))
