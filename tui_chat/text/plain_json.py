"""JSON that can stand anywhere."""

from __future__ import annotations

import json


def as_json(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON in plain ASCII: exact whatever the text, and harmless wherever it is shown."""
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f")
