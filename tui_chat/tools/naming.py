"""The names under which tools of servers are offered to a model."""

from __future__ import annotations

import re

from tui_chat.chat.request import SERVER_END

LONGEST_NAME = 64
"""Characters of a tool's name that every provider takes."""
_MARK = 8
"""Characters of the hash that keeps names apart which had to be changed."""


def offered_name(server: str, tool: str) -> str:
    """Return a valid name for a server's tool: always the same one, and another one for every other tool.

    The name of a server has no `__` in it and none at its end, so what stands before the first is the server's.
    """
    plain = re.sub("[^A-Za-z0-9_-]", "_", tool)
    name = f"{server}{SERVER_END}{plain}"
    if plain == tool and len(name) <= LONGEST_NAME:
        return name
    from hashlib import sha256  # most names are taken as they are

    mark = sha256(f"{server}:{tool}".encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
    return f"{name[: LONGEST_NAME - _MARK - 1]}_{mark}"
