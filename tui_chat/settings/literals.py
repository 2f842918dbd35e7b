"""Values as TOML writes them, and as a sentence can show them."""

from __future__ import annotations

from tui_chat.patterns import pattern

CONTROL = pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that a line of text never needs, and that could act on a terminal."""


def literal(value: object) -> str:
    """Return a value as TOML writes it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{_escaped(value)}"'
        case list() | tuple():
            return f"[{', '.join(literal(item) for item in value)}]"
    return str(value)


def block(value: object) -> str:
    """Return a value as TOML, but text of several lines on several lines, as a person would write it."""
    if not isinstance(value, str) or "\n" not in value:
        return literal(value)
    lines = "\n".join(_escaped(line, quote='"""', instead='""\\"') for line in value.split("\n"))
    return f'"""\n{lines}"""'


def _escaped(text: str, quote: str = '"', instead: str = '\\"') -> str:
    slashed = text.replace("\\", "\\\\").replace(quote, instead).replace("\n", "\\n").replace("\t", "\\t")
    return CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", slashed)


def shown(value: object) -> str:
    """Return a value for a sentence: on one line, short, harmless, and never a secret."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, int) and abs(value) >= 1 << 64:
        return "a number too large"
    from tui_chat.redaction import redacted

    text = redacted(CONTROL.sub("\ufffd", literal(value)))
    return text if len(text) <= 60 else f"{text[:59]}…"
