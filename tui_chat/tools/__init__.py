"""Tools of MCP servers. Nothing else knows the `mcp` package, which is imported when the first server starts."""

from tui_chat.tools.naming import offered_name
from tui_chat.tools.offer import ToolOffer
from tui_chat.tools.problems import NoServer
from tui_chat.tools.servers import ToolServers
from tui_chat.tools.spec import (
    Patience,
    PromptField,
    ResourceContent,
    ServerPrompt,
    ServerResource,
    ServerSpec,
    ServerState,
    ServerStatus,
)
from tui_chat.tools.uri_templates import beginning, fits

__all__ = [
    "NoServer",
    "Patience",
    "PromptField",
    "ResourceContent",
    "ServerPrompt",
    "ServerResource",
    "ServerSpec",
    "ServerState",
    "ServerStatus",
    "ToolOffer",
    "ToolServers",
    "beginning",
    "fits",
    "offered_name",
]
