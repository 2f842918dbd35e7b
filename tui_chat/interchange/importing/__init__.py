"""Import of conversations: our own, and those of other programs.

A module for each format makes one of our conversations of what it is given; `opening` finds out what a file is, and
`run` stores what is in it.
"""

FORMATS = ("claude", "chatgpt", "tui-chat", "llm", "elia", "oterm", "markdown")
"""The formats, as `--format` names them."""
