"""The leave of tools to run, where it is kept: in the settings file, or with one conversation."""

from __future__ import annotations

from tui_chat.chat.leave import Answer, Leave, tool_id
from tui_chat.chat.request import Tool
from tui_chat.program.conversation_settings import ConversationSettings
from tui_chat.program.current_settings import CurrentSettings


class ToolLeave:
    """Knows what the user has allowed and forbidden, and remembers more."""

    def __init__(self, settings: CurrentSettings, conversation_settings: ConversationSettings) -> None:
        self._settings = settings
        self._conversation_settings = conversation_settings

    def of(self, conversation_id: str) -> Leave:
        """Return the leave that holds in a conversation now."""
        mcp = self._settings.now.mcp
        allowed = self._conversation_settings.allowed_tools(conversation_id)
        return Leave(mcp.always, mcp.never, allowed, mcp.allow_read_only)

    def remember(self, conversation_id: str, tool: Tool, answer: Answer) -> None:
        """Keep an answer for as long as it is meant to hold; `NotSaved` says that it holds in this run alone."""
        name, mcp = tool_id(tool), self._settings.now.mcp
        if answer is Answer.CONVERSATION:
            self._conversation_settings.allow_tool(conversation_id, name)
        elif answer is Answer.ALWAYS:
            self._settings.set("mcp.always", (*mcp.always, name))
        elif answer is Answer.NEVER:
            self._settings.set("mcp.never", (*mcp.never, name))
