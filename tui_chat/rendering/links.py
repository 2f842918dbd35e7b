"""The targets that may become links in a terminal."""

from __future__ import annotations

import re

# Printable ASCII only: a target goes into an escape sequence, where a control byte would end it.
_SAFE = re.compile(r"(?:https?://|mailto:)[!-~]+\Z", re.IGNORECASE)
_MAX_TARGET = 2_000
"""Terminals drop longer ones."""


def safe_target(target: str) -> str | None:
    """Return the target if a terminal may open it: an address of the web or of a mailbox, and nothing else."""
    return target if len(target) <= _MAX_TARGET and _SAFE.match(target) else None
