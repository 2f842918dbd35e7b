"""What the schema looks like to a reader: the reference page of the docs, and the head of a new settings file."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from tui_chat.settings.catalogue import GROUPS, SCHEMA, Setting, describe_group
from tui_chat.settings.keys import KEYS
from tui_chat.settings.rules import literal


def file_header() -> str:
    """The comments at the head of a new settings file: every setting with its default."""
    lines = ["Settings of tui-chat. What you change in the app is saved here; your own comments stay.", ""]
    for group in GROUPS:
        lines += [f"[{group}]  {describe_group(group)}", *_group_lines(group), ""]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _group_lines(group: str) -> Iterator[str]:
    for setting in _settings_of(group):
        yield f"  {setting.name} = {default_text(setting)}"
        if group != "keys":
            yield from (f"      {line}" for line in wrap(f"{setting.description} ({setting.allowed})", 100))


def reference_markdown() -> str:
    """The settings reference, as Markdown."""
    return "\n".join(part for group in GROUPS for part in _section(group)) + "\n"


def _section(group: str) -> Iterator[str]:
    yield from (f"## [{group}]", "", describe_group(group), "")
    if group == "keys":
        yield from ("| action | usual keys | where | what it does |", "| --- | --- | --- | --- |")
        for action in KEYS.values():
            keys = ", ".join(f"`{key}`" for key in action.keys.split(","))
            yield f"| `{action.name}` | {keys} | {action.where} | {action.description} |"
    else:
        yield from ("| setting | default | allowed | what it does |", "| --- | --- | --- | --- |")
        for setting in _settings_of(group):
            yield f"| `{setting.name}` | `{default_text(setting)}` | {setting.allowed} | {setting.description} |"
    yield ""


def default_text(setting: Setting) -> str:
    """A setting's default as the file would write it."""
    return literal("" if setting.default is None else setting.default)


def _settings_of(group: str) -> Iterator[Setting]:
    return (setting for setting in SCHEMA.values() if setting.group == group)
