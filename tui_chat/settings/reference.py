"""The schema for readers: the reference page of the docs, and a new settings file."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from tui_chat.settings.actions import KEYS
from tui_chat.settings.literals import literal
from tui_chat.settings.rules import Kind
from tui_chat.settings.setting_index import GROUPS, SCHEMA, Setting, describe_group

_HEAD = """\
# Settings of tui-chat. What is changed in the app is saved here; comments and order stay as they are.
# A line like #name = "value" shows a default: take the # away and change the value.
"""

_INTRODUCTION = """\
# Settings

In the app, F2 shows them all, finds them by what you type, and changes them where they stand. In a shell:

```sh
tui-chat config show                          # every setting, its value, and where that comes from
tui-chat config set streaming.mode batch      # change one; `unset` goes back to the default
tui-chat config set keys.new_conversation f7  # another key for an action; several with commas between them
tui-chat config edit                          # the file itself, in your editor; `path` says where it is
```

The file is TOML. What changes in it, by whatever hand, holds at once, in an app that runs, too; comments and keys that
are not known stay. A flag wins over the environment, and that over the file. API keys are never in it: they are read
from the environment alone.
"""


def new_file() -> str:
    """Return a new settings file: every setting with its description and its default, as comments."""
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
    """Return a setting's description and the values allowed; a default of true or false shows the latter itself."""
    return setting.description + ("" if setting.kind is Kind.SWITCH else f" Allowed: {setting.allowed}.")


def reference_markdown() -> str:
    """Return the settings reference, as Markdown."""
    return "\n".join([_INTRODUCTION, *(line for group in GROUPS for line in _section(group))])


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
    """Return a setting's default as the file would write it."""
    return literal("" if setting.default is None else setting.default)


def _settings_of(group: str) -> Iterator[Setting]:
    return (setting for setting in SCHEMA.values() if setting.group == group)
