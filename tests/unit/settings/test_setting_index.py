"""The schema: complete, described, and the same for the file, the docs and the settings screen."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import tomllib

import pytest

from tui_chat.services import SERVICES
from tui_chat.settings import (
    GROUPS,
    KEYS,
    SCHEMA,
    Kind,
    Settings,
    describe,
    describe_group,
    parse_value,
    reference_markdown,
    with_values,
)
from tui_chat.settings.literals import literal
from tui_chat.settings.read import read
from tui_chat.settings.reference import new_file

DESIGNED = {
    "provider": "name model base_url max_tokens temperature system persona thinking prompt_caching web_search"
    " budget_usd_per_day",
    "streaming": "mode frames_per_second cursor cursor_blink on_stop auto_scroll show_thinking retry_attempts resume"
    " fallback_to_batch stall_timeout simulate_rate",
    "ui": "theme show_timestamps show_usage notify_when_done ascii motion",
    "keys": "send newline stop cancel toggle_mode retry continue_reply edit_in_editor settings statistics"
    " new_conversation conversations next_conversation previous_conversation find search_prompts copy_reply help"
    " palette quit",
    "history": "save retention_days model_titles",
    "local": "model_path",
    "mcp": "max_rounds allow_read_only always never",
    "telemetry": "otlp_endpoint content",
}


def test_every_setting_of_the_design_is_there() -> None:
    for group, names in DESIGNED.items():
        for key in (f"{group}.{name}" for name in names.split()):
            assert describe(key).key == key


def test_every_setting_is_described_in_a_sentence() -> None:
    for key in SCHEMA:
        setting = describe(key)
        assert setting.description.endswith("."), key
        assert setting.description[0] not in " ", key
        assert "\n" not in setting.description, key
        assert setting.allowed, key


def test_every_default_is_allowed_and_can_be_typed() -> None:
    for key in SCHEMA:
        setting = describe(key)
        assert setting.value_in(Settings()) == setting.default, key
        typed = "" if setting.default is None else setting.default
        assert setting.check(typed) == setting.default, key
        text = typed if isinstance(typed, str) else literal(typed)
        assert parse_value(key, text) == setting.default, key


def test_every_word_that_is_offered_is_allowed() -> None:
    for key in (setting.key for setting in SCHEMA.values() if setting.choices):
        chosen = [parse_value(key, word) for word in describe(key).choices]
        assert len(set(chosen)) == len(chosen) > 1, key


def test_every_provider_that_there_is_can_be_chosen_and_no_other() -> None:
    assert set(describe("provider.name").choices) == set(SERVICES)


def test_the_groups_are_described() -> None:
    assert list(GROUPS) == list(DESIGNED)
    assert all(describe_group(group).endswith(".") for group in GROUPS)


def test_settings_are_values_that_cannot_be_changed() -> None:
    settings = Settings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.streaming.mode = "batch"  # type: ignore[misc]  # which mypy says as well
    assert hash(settings) == hash(Settings())
    assert settings == Settings()


def test_values_are_replaced_by_their_keys() -> None:
    changed = with_values(Settings(), {"streaming.mode": "batch", "keys.find": "f12", "provider.temperature": 0.5})
    assert (changed.streaming.mode, changed.keys["find"], changed.provider.temperature) == ("batch", "f12", 0.5)
    assert changed.streaming.resume
    assert Settings().streaming.mode == "stream"


def test_a_new_file_sets_nothing_and_has_every_table() -> None:
    assert tomllib.loads(new_file()) == {group: {} for group in GROUPS}


def test_a_new_file_without_its_comment_signs_is_the_defaults() -> None:
    names = {setting.name for setting in SCHEMA.values()}
    lines = [line.removeprefix("#") if line[1:].split(" =")[0] in names else line for line in new_file().split("\n")]
    loaded = read("config.toml", "\n".join(lines).encode())
    assert not loaded.problems
    assert set(loaded.values) == set(SCHEMA)
    assert all(setting.value_in(loaded.settings) == setting.default for setting in SCHEMA.values())


def test_the_reference_has_a_row_for_every_setting_and_every_action() -> None:
    rows = [line for line in reference_markdown().split("\n") if line.startswith("| `")]
    assert len(rows) == len(SCHEMA)
    assert len([row for row in rows if row.count("|") == 5]) == len(rows)
    assert len({setting for setting in SCHEMA.values() if setting.kind is Kind.KEYS}) == len(KEYS)


def test_importing_the_settings_loads_neither_the_screen_nor_a_vendor() -> None:
    heavy = ("textual", "anthropic", "openai", "rich", "sqlite3", "platformdirs", "tomli_w", "asyncio")
    code = f"import sys, tui_chat.settings; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
