"""The palette's commands about what of a conversation is sent."""

from __future__ import annotations

from functools import partial
from typing import Protocol, runtime_checkable

from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

ABOUT = "Nothing is deleted; only what is sent to the model changes"


@runtime_checkable
class ShowsSession(Protocol):
    """A screen on which one chats."""

    session: ConversationSession


class ContextCommands(NamedCommands):
    """Leaves out the oldest messages, or lets the whole conversation be sent again."""

    async def commands(self) -> list[NamedCommand]:
        """Return the commands that change anything now."""
        if not isinstance(self.screen, ShowsSession) or self.screen.session.live is not None:
            return []
        session, commands = self.screen.session, list[NamedCommand]()
        warning = session.send_checks.shortened(session.conversation)
        if warning is not None:
            shorten = partial(session.send_from, warning.send_from)
            commands.append(NamedCommand(f"Leave out the oldest {warning.left_out} messages", ABOUT, shorten))
        if session.estimator.forecast(session.conversation).left_out:
            commands.append(NamedCommand("Send the whole conversation again", ABOUT, partial(session.send_from, "")))
        return commands
