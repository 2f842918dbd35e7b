"""Safe links, and colours that can be read."""

from __future__ import annotations

import pytest

from tui_chat.rendering import Look
from tui_chat.rendering.links import safe_target
from tui_chat.rendering.palette import Colour


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("https://a.b/c?d=e#f", True),
        ("HTTP://a.b", True),
        ("mailto:a@b.c", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://a.b/\x1b]8;;", False),
        ("https://a.b/ä", False),
        ("https://a.b/ c", False),
        ("https://" + "a" * 3000, False),
        ("/relative", False),
    ],
)
def test_only_some_targets_are_links(target: str, safe: bool) -> None:
    assert (safe_target(target) is not None) == safe


@pytest.mark.parametrize("dark", [True, False])
def test_every_ink_can_be_read(dark: bool) -> None:
    look = Look.default(dark)
    ground = Colour.parse("#16181d" if dark else "#ffffff")
    for style in (look.text, look.code, look.link, look.target, look.math, look.quote, *look.headings):
        assert style.color is not None
        on = Colour.parse(style.bgcolor.name) if style.bgcolor else ground
        assert Colour.parse(style.color.name).contrast(on) >= 4.5
    ground_of_code = look.code_block.bgcolor or Look.default(True).code_block.bgcolor
    assert ground_of_code is not None
    panel = Colour.parse(ground_of_code.name)
    inks = [style.color.name for style in look.tokens.values() if style.color]
    assert all(Colour.parse(ink).contrast(panel) >= 4.4 for ink in inks)


def test_code_in_a_line_is_marked_where_there_are_no_colours() -> None:
    look = Look.from_colours(foreground="default", background="default", primary="default", ansi=True)
    assert look.code.without_color != look.text.without_color
