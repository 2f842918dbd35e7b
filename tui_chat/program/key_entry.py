"""A key that was entered: used at once, and kept in the system's keyring where there is one."""

from __future__ import annotations

from tui_chat.program.api_keys import account
from tui_chat.program.system_keyring import KeyringProblem
from tui_chat.program.wiring import Program
from tui_chat.records import dataclass, field
from tui_chat.services import service


@dataclass(frozen=True)
class EnteredKey:
    """A key that may be used: its provider takes it, or could not be asked."""

    provider: str
    key: str = field(repr=False)
    unchecked: str = ""
    """The reason why it could not be checked, in a sentence; "" where it was."""


def use_key(program: Program, entered: EnteredKey) -> None:
    """Ask its provider from now on; SettingsError if the settings do not allow that."""
    program.keys.hold(entered.provider, entered.key)
    if account(program.settings.now.provider.name) == entered.provider:
        program.settings.reload()
    else:
        program.settings.make_default(entered.provider, "", key_may_go=True)


def keep_key(program: Program, entered: EnteredKey) -> tuple[str, bool]:
    """Keep it in the system's keyring; return what has become of it, and whether that is all that was wanted."""
    title = service(entered.provider).title
    known = f"The key could not be checked: {entered.unchecked}" if entered.unchecked else f"{title} accepted the key."
    try:
        program.keys.keep(entered.provider, entered.key)
    except KeyringProblem as problem:
        variable = service(entered.provider).key
        return f"{known} The key holds until you quit. {problem} To keep it, set {variable} in the environment.", False
    return f"{known} The key is kept in the system's keyring.", not entered.unchecked
