"""The settings: one documented schema, and the TOML file that holds them."""

from typing import TYPE_CHECKING

from tui_chat.lazy_exports import exported_from

if TYPE_CHECKING:
    from tui_chat.settings.actions import KEYS, Action, Where
    from tui_chat.settings.errors import NotSaved, Problem, SettingsError
    from tui_chat.settings.file import SettingsFile
    from tui_chat.settings.folders import cache_dir, config_dir, data_dir, expanded, state_dir
    from tui_chat.settings.keys import check_keys
    from tui_chat.settings.keys_reference import keys_markdown
    from tui_chat.settings.literals import literal
    from tui_chat.settings.personas import PERSONAS, Persona, read_persona, system_prompt
    from tui_chat.settings.read import Loaded
    from tui_chat.settings.reference import reference_markdown
    from tui_chat.settings.resolve import OF_ONE_PROVIDER, Origin, Resolved, api_key, key_variable
    from tui_chat.settings.rules import Kind, Value
    from tui_chat.settings.schema import (
        History,
        Keys,
        Local,
        Mcp,
        McpServer,
        Provider,
        Settings,
        Streaming,
        TelemetrySettings,
        Ui,
    )
    from tui_chat.settings.setting_index import (
        GROUPS,
        SCHEMA,
        Setting,
        describe,
        describe_group,
        parse_value,
        with_values,
    )
    from tui_chat.settings.template import TEMPLATES, Field, Template, read_template
else:  # a command that asks for one setting needs a third of it
    __getattr__ = exported_from(
        __name__,
        {
            "actions": ("KEYS", "Action", "Where"),
            "errors": ("NotSaved", "Problem", "SettingsError"),
            "file": ("SettingsFile",),
            "folders": ("cache_dir", "config_dir", "data_dir", "expanded", "state_dir"),
            "keys": ("check_keys",),
            "keys_reference": ("keys_markdown",),
            "literals": ("literal",),
            "personas": ("PERSONAS", "Persona", "read_persona", "system_prompt"),
            "read": ("Loaded",),
            "reference": ("reference_markdown",),
            "resolve": ("OF_ONE_PROVIDER", "Origin", "Resolved", "api_key", "key_variable"),
            "rules": ("Kind", "Value"),
            "schema": (
                *("History", "Keys", "Local", "Mcp", "McpServer", "Provider", "Settings", "Streaming"),
                *("TelemetrySettings", "Ui"),
            ),
            "setting_index": (
                *("GROUPS", "SCHEMA", "Setting", "describe", "describe_group"),
                *("parse_value", "with_values"),
            ),
            "template": ("TEMPLATES", "Field", "Template", "read_template"),
        },
    )
