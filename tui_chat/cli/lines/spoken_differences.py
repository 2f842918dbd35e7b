"""The differences between two replies in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_chat.cli.lines.sentences import SentenceBuffer
from tui_chat.text.amounts import counted
from tui_chat.ui.compare.differences import aligned

SAME = "Both replies are the same."
ALL_DIFFERS = "They have no sentence in common."


def spoken_differences(names: tuple[str, str], texts: tuple[str, str]) -> Iterator[str]:
    """Yield, line by line, what each of two replies has in the place of what the other has."""
    pieces = [_sentences(text) for text in texts]
    found = list(aligned(*pieces))
    differing = [sides for same, *sides in found if not same and any(sides)]
    if not differing:
        yield SAME
    elif not any(same for same, *_ in found):
        yield ALL_DIFFERS
    else:
        yield f"{counted(len(differing), 'difference')}."
        for sides in differing:
            for name, text in zip(names, sides, strict=True):
                first, *others = text.splitlines() or [""]
                if first and not others:
                    yield f"Only in {name}: {first}"
                elif first:
                    yield f"Only in {name}:"
                    yield from (first, *others)


def _sentences(text: str) -> Sequence[str]:
    """Return the sentences of a text, and its lines of code, each with the end of a line; blank lines left out."""
    buffer = SentenceBuffer()
    lines = f"{buffer.feed(text)}{buffer.flush()}".splitlines()
    return [f"{line.rstrip()}\n" for line in lines if line.strip()]
