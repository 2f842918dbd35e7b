"""The settings as they hold in one conversation: those of all, with what was chosen for this one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Protocol

from tui_chat.program.current_settings import CurrentSettings
from tui_chat.settings import Resolved, Settings, Value


class SettingsInForce(Protocol):
    """Settings, wherever they come from."""

    @property
    def resolved(self) -> Resolved:
        """The settings that hold now, with the source of each."""
        ...

    @property
    def now(self) -> Settings:
        """The settings that hold now."""
        ...

    @property
    def folder(self) -> Path:
        """The folder of the settings file."""
        ...


class OwnSettings:
    """Puts choices over the settings of all; both may change at any time."""

    def __init__(
        self,
        default: CurrentSettings,
        choices: Callable[[], Mapping[str, Value]],
        chosen_now: Callable[[], Collection[str]],
    ) -> None:
        """`chosen_now` tells which of the choices the command line gives way to."""
        self._default = default
        self._choices = choices
        self._chosen_now = chosen_now
        self._last: tuple[object, Resolved] | None = None

    @property
    def resolved(self) -> Resolved:
        """The settings that hold now; they are worked out anew only if something has changed."""
        choices, chosen = self._choices(), self._chosen_now()
        if not choices:
            return self._default.resolved
        state = (self._default.resolved, choices, chosen)
        if self._last is None or self._last[0] != state:
            self._last = (state, self._default.resolved_with(choices, chosen))
        return self._last[1]

    @property
    def now(self) -> Settings:
        """The settings that hold now."""
        return self.resolved.settings

    @property
    def folder(self) -> Path:
        """The folder of the settings file."""
        return self._default.folder
