"""The details of the setting that is looked at."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui_chat.settings import Setting
from tui_chat.ui.settings.lines import SettingState
from tui_chat.ui.settings.words import KeyName, allowed_words, source_words, value_words


class SettingDetail(Static):
    """Two rows below the settings: the key and the source; what is allowed, and the default."""

    def show(self, setting: Setting, state: SettingState, key_name: KeyName) -> None:
        """Tell of this setting."""
        where = source_words(state.origin, saved=state.saved)
        default = value_words(setting, setting.default, key_name) or "not set"
        rows = [
            Content.assemble((setting.key, "bold"), (f"   {where}", "$foreground 70%")),
            Content.assemble(f"Allowed: {allowed_words(setting)}.   Default: {default}."),
        ]
        self.update(Content("\n").join(rows))
