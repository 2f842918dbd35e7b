"""The start: old conversations deleted, a key looked up in the keyring, a model fetched that is not here yet."""

from __future__ import annotations

from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.model_commands import use_local_model
from tui_chat.cli.lines.questions import confirm
from tui_chat.program.retention import RetentionPolicy
from tui_chat.program.small_model import is_lacking


def settle_at_start(chat: LineChat) -> None:
    """Take back what an editor had, delete what is to be deleted for its age, and find out who replies."""
    chat.program.store.take_back_edits()
    if chat.program.store.path is not None:
        _apply_retention(chat)
    _find_key(chat)
    if is_lacking(chat.program):
        use_local_model(chat, "")


def _apply_retention(chat: LineChat) -> None:
    policy = RetentionPolicy(chat.program)
    if (question := policy.question()) and confirm(chat.terminal, question):
        policy.agree()
    if said := policy.apply():
        chat.terminal.say(said)


def _find_key(chat: LineChat) -> None:
    """Read the keyring, and wait for it, if the key that is needed may be there."""
    provider = chat.session.parts.provider
    if provider.is_pending:
        chat.program.keys.wait(provider.chosen.name)
        chat.program.settings.reload()
