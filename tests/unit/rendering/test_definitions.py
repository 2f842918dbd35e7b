"""Blocks that name what is defined below them are read again, but not for each of thousands of definitions."""

from __future__ import annotations

import pytest

from tui_chat.rendering import Look
from tui_chat.rendering.definitions import Definitions
from tui_chat.rendering.document import Document
from tui_chat.rendering.flow import Flow
from tui_chat.rendering.inline import Prose
from tui_chat.rendering.leaves import Leaf
from tui_chat.rendering.placed_block import PlacedBlock

LOOK = Look.default(dark=True)


def reads(count: int, *, footnotes: bool) -> int:
    """Return how many times a text that names so many definitions is read again while they come."""
    definitions, again = Definitions(), 0
    text = PlacedBlock(Flow("text", lambda _leaf, _unfinished: Prose()), Leaf("paragraph", ()), 0)
    names = [f"note {n}" for n in range(count)]
    definitions.wait(text, ["".join(f"[^{name}]" if footnotes else f"[{name}]" for name in names)])
    for name in names:
        if footnotes:
            definitions.define_footnote(name)
        else:
            definitions.define({name.upper(): {"href": "x"}})
        again += len(definitions.take_up(more=True))
    return again + len(definitions.end())


@pytest.mark.parametrize("footnotes", [False, True])
def test_a_few_definitions_count_at_once_and_thousands_a_share_at_a_time(footnotes: bool) -> None:
    assert reads(16, footnotes=footnotes) == 16
    assert reads(3000, footnotes=footnotes) < 60


@pytest.mark.parametrize("sign", ["[^n{}]", "[x][n{}]"], ids=["footnotes", "links"])
def test_what_many_definitions_show_depends_on_the_text_alone(sign: str) -> None:
    label = "[^n{}]: note\n" if "^" in sign else "[n{}]: http://a.b\n"
    names = " ".join(sign.format(n) for n in range(60))
    text = f"{names}\n\n{''.join(label.format(n) for n in range(59))}\nAnd {sign.format(58)}.\n\n{label.format(59)}"
    document = Document(80, LOOK)
    for at in range(0, len(text), 31):
        document.append(text[at : at + 31])
        reopened = Document(80, LOOK)
        reopened.append(text[: at + 31])
        assert shown(document) == shown(reopened)
    document.finish()
    assert sign.partition("{")[0] not in shown(document)


def shown(document: Document) -> str:
    return "\n".join(document.line(y).text for y in range(document.height))
