"""What the schema looks like to a reader: the reference page of the docs, and a new settings file."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from tui_chat.settings.actions import KEYS
from tui_chat.settings.catalogue import GROUPS, SCHEMA, Setting, describe_group
from tui_chat.settings.literals import literal
from tui_chat.settings.rules import Kind

_HEAD = """\
# Settings of tui-chat. What is changed in the app is saved here; comments and order stay as they are.
# A line like #name = "value" shows a default: take the # away and change the value.
"""


def new_file() -> str:
    """A new settings file: every setting with its description and its default, as comments."""
    return _HEAD + "".join(_table(group) for group in GROUPS)


def _table(group: str) -> str:
    about = "".join(f"# {line}\n" for line in wrap(describe_group(group), 110))
    return f"\n{about}[{group}]\n" + "".join(f"{line}\n" for line in _defaults(group))


def _defaults(group: str) -> Iterator[str]:
    for setting in _settings_of(group):
        line = f"#{setting.name} = {default_text(setting)}"
        if group == "keys":
            yield f"{line:<48}# {setting.description}"
        else:
            yield from ("", *(f"# {text}" for text in wrap(_about(setting), 110)), line)


def _about(setting: Setting) -> str:
    """What a setting does and what it may be; a default of true or false says the latter itself."""
    return setting.description + ("" if setting.kind is Kind.SWITCH else f" Allowed: {setting.allowed}.")


def reference_markdown() -> str:
    """The settings reference, as Markdown."""
    return "\n".join(line for group in GROUPS for line in _section(group))


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
