"""The keys for readers: the page of the docs that is made from the actions."""

from __future__ import annotations

from collections.abc import Iterator

from tui_chat.settings.actions import KEYS, Where
from tui_chat.settings.keys import CHARACTERS

_INTRODUCTION = """\
# Keys

These are the usual keys; F1 in the app shows those that you have now. The palette (Ctrl+P) has every action by name,
for a terminal or a browser that keeps a key for itself. To give an action another key:

```sh
tui-chat config set keys.new_conversation f7,ctrl+n   # the name of the action, then its keys
tui-chat config unset keys.new_conversation           # back to the usual ones
```

The composer keeps the keys of a text area: Ctrl+Z and Ctrl+Y undo and redo, Ctrl+A and Ctrl+E go to the ends of the
line, Ctrl+K, Ctrl+U and Ctrl+W delete. `tui-chat config set ui.vim true` gives it vim's keys.
"""
_PLACES = {
    Where.ANYWHERE: ("Anywhere", ""),
    Where.COMPOSER: ("In the composer", ""),
    Where.MESSAGES: (
        "In the messages",
        "Tab goes there from the composer, and back. Other letters are typed in the composer.",
    ),
    Where.COLUMNS: (
        "Side by side",
        "Where [models are compared](comparing.md), these go with the keys of the messages.",
    ),
}
_WORDS = {"escape": "Esc", "pageup": "PageUp", "pagedown": "PageDown"}


def keys_markdown() -> str:
    """Return the page of the keys, as Markdown."""
    return "\n".join([_INTRODUCTION, *(line for where in _PLACES for line in _section(where))])


def _section(where: Where) -> Iterator[str]:
    title, sentence = _PLACES[where]
    yield from (f"## {title}", "", *([sentence, ""] if sentence else []))
    yield from ("| key | what it does | its name |", "| --- | --- | --- |")
    for action in KEYS.values():
        if action.where is where:
            keys = ", ".join(written_key(key) for key in action.keys.split(","))
            yield f"| {keys} | {action.description} | `{action.name}` |"
    yield ""


def written_key(key: str) -> str:
    """Return a key as keyboards have it, as HTML that Markdown passes on."""
    *modifiers, base = key.split("+")
    written = base.upper() if modifiers and len(base) == 1 else _base(base)
    return "+".join(f"<kbd>{part}</kbd>" for part in (*map(str.capitalize, modifiers), written))


def _base(name: str) -> str:
    character = CHARACTERS.get(name, " ")
    if character != " ":
        return f"&#{ord(character)};"  # some of them are Markdown, others HTML
    return name if len(name) == 1 else _WORDS.get(name, name.capitalize())
