"""The command that gives a setting a value, by what is typed behind it: `/set KEY VALUE`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from textual.screen import Screen

from tui_chat.program.current_settings import CurrentSettings
from tui_chat.settings import SCHEMA, Kind, Setting, SettingsError, Value, describe
from tui_chat.text import clean_line
from tui_chat.ui.composer.slash_offers import SlashCommand
from tui_chat.ui.settings.words import allowed_words, value_words

NAME = "set"
ABOUT = "Give a setting another value"


class SetCommand:
    """Offers the settings, then the values of the one that was typed."""

    def __init__(self, screen: Screen[Any], settings: CurrentSettings) -> None:
        self._screen = screen
        self._settings = settings

    def command(self) -> SlashCommand:
        """Return the command itself."""
        return SlashCommand(NAME, ABOUT, None, behind=self.offered)

    def offered(self, typed: str) -> Sequence[SlashCommand]:
        """Return what the text behind the command may come to be."""
        key, space, value = typed.partition(" ")
        if not space:
            return list(map(self._key, _settings_with(key)))
        try:
            setting = describe(key)
        except SettingsError as error:
            return [self._refusal(typed, str(error))]
        return list(self._values(setting, value.strip()))

    def _key(self, setting: Setting) -> SlashCommand:
        words, about = f"{NAME} {setting.key}", f"{self._now(setting)} · {setting.description}"
        if setting.kind is Kind.KEYS:  # the settings see to it that no key gets two meanings
            open_there = partial(self._screen.app.run_action, f"app.settings({setting.key!r})")
            return SlashCommand(words, about, open_there)
        return SlashCommand(words, about, None)

    def _values(self, setting: Setting, typed: str) -> Iterator[SlashCommand]:
        choices = [choice for choice in setting.choices if choice.startswith(typed)]
        for choice in choices:
            yield self._value(setting, choice, setting.parse(choice))
        if typed in choices or (choices and not typed):
            return
        if not typed:
            yield SlashCommand(f"{NAME} {setting.key}", f"{self._now(setting)} · {allowed_words(setting)}", None)
            return
        try:
            yield self._value(setting, typed, setting.parse(typed))
        except SettingsError as error:
            if not choices:
                yield self._refusal(f"{setting.key} {typed}", str(error))

    def _value(self, setting: Setting, typed: str, value: Value) -> SlashCommand:
        about = f"{self._now(setting)} now · {setting.description}"
        return SlashCommand(f"{NAME} {setting.key} {typed}", about, partial(self._set, setting, value))

    def _refusal(self, typed: str, sentence: str) -> SlashCommand:
        """Return a row that says why this cannot be, and says it again to whoever insists."""
        say = partial(self._screen.notify, clean_line(sentence), severity="warning", markup=False)
        return SlashCommand(f"{NAME} {typed}", sentence, say, keeps_text=True)

    def _set(self, setting: Setting, value: Value) -> None:
        from tui_chat.ui.settings.confirm_destination import set_value

        set_value(self._screen.app, self._settings, setting.key, value)
        if setting.value_in(self._settings.now) == value:
            self._screen.notify(clean_line(f"{setting.key}: {self._now(setting)}"), markup=False)

    def _now(self, setting: Setting) -> str:
        return value_words(setting, setting.value_in(self._settings.now), str) or "not set"


def _settings_with(typed: str) -> list[Setting]:
    """Return the settings whose keys begin with what was typed, then those that have it further on."""
    wanted = typed.casefold().replace("-", "_")
    found = [setting for setting in SCHEMA.values() if wanted in setting.key]
    return sorted(found, key=lambda setting: not setting.key.startswith(wanted))
