"""Text that can go over a wire and into a database: half a surrogate pair cannot."""

from __future__ import annotations


def sendable(text: str) -> str:
    """Return the text with pairs joined and lone halves replaced; nearly always the very same object."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
