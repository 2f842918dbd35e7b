"""Our themes can be read: in full colour, and where there are only sixteen."""

from __future__ import annotations

from typing import Literal, TypeAlias, cast

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tests.ui.contrast import contrast
from tui_chat.settings import Keys, Loaded, Value, themes
from tui_chat.settings.resolve import resolve
from tui_chat.text import cell_len
from tui_chat.ui.look.ascii_filter import NoColours, PlainGlyphs, plain_key
from tui_chat.ui.look.keys import keymap
from tui_chat.ui.look.text_styles import LIGHT_GROUND
from tui_chat.ui.look.themes import ANSI_DARK, ANSI_LIGHT, CONTRAST, DARK, LIGHT, OURS, THEMES, theme_for

Colours: TypeAlias = Literal["standard", "256", "truecolor"]

COLOURED = pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
INKS = ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
MUTED = 0.66
"""The share of the text's colour in what stands back."""


def _inks(theme: Theme) -> tuple[Color, dict[str, Color]]:
    """Return the ground, and all that is written on it."""
    variables = theme.to_color_system().generate()
    ground = Color.parse(variables["background"])
    inks = {name: Color.parse(variables[name]) for name in INKS}
    return ground, inks | {"muted": ground.blend(inks["foreground"], MUTED)}


def test_themes_that_are_offered_where_there_is_no_textual_are_there() -> None:
    ours = [theme.name for theme in OURS]
    assert list(themes.OURS) == ours
    assert set(themes.THEMES) <= {*ours, *BUILTIN_THEMES}


@COLOURED
def test_all_that_is_written_stands_out_from_its_ground(theme: Theme) -> None:
    ground, inks = _inks(theme)
    for name, ink in inks.items():
        least = 7 if name == "foreground" or theme is CONTRAST else 4.5
        assert contrast(ink, ground) >= least, name


@COLOURED
@pytest.mark.parametrize("ground", ["surface", "panel"])
def test_all_that_is_written_stands_out_from_what_is_chosen_or_laid_over(theme: Theme, ground: str) -> None:
    laid = Color.parse(theme.to_color_system().generate()[ground])
    assert {
        name: round(contrast(ink, laid), 2) for name, ink in _inks(theme)[1].items() if contrast(ink, laid) < 4.5
    } == {}


@pytest.mark.parametrize("theme", BUILTIN_THEMES.values(), ids=lambda theme: theme.name)
def test_coloured_text_can_be_read_in_every_theme(theme: Theme) -> None:
    variables = theme.to_color_system().generate()
    ground = Color.parse(variables["background"])
    for name in INKS[1:]:
        assert theme.ansi or contrast(Color.parse(variables[f"text-{name}"]), ground) >= 3, name


@COLOURED
def test_all_that_is_written_stands_out_among_sixteen_colours(theme: Theme) -> None:
    def nearest(colour: Color) -> int | None:
        return RichColor.parse(colour.hex6).downgrade(ColorSystem.STANDARD).number

    ground, inks = _inks(theme)
    assert all(nearest(ink) != nearest(ground) for ink in inks.values())


@pytest.mark.parametrize(
    ("colours", "chosen", "worn"),
    [
        ("standard", {}, "ansi-dark"),
        ("standard light", {}, "ansi-light"),
        ("standard light", {"ui.theme": "nord"}, "nord"),
        ("truecolor light", {}, "tui-chat-dark"),
        ("standard", {"ui.theme": "nord"}, "nord"),
        ("256", {}, "tui-chat-dark"),
        ("truecolor", {"ui.theme": "norb"}, "tui-chat-dark"),
    ],
)
def test_the_usual_theme_is_the_terminals_own_where_there_are_only_sixteen_colours(
    colours: str, chosen: dict[str, Value], worn: str
) -> None:
    app: App[None] = App()
    system, _, ground = colours.partition(" ")
    app.console = Console(color_system=cast(Colours, system), force_terminal=True)
    app.set_class(bool(ground), LIGHT_GROUND)
    assert theme_for(app, resolve(Loaded(), {}, chosen)) == worn


@pytest.mark.parametrize("theme", [ANSI_DARK, ANSI_LIGHT], ids=lambda theme: theme.name)
def test_what_leads_can_be_read_in_the_terminals_own_colours(theme: Theme) -> None:
    ground = Color.parse("#000000" if theme.dark else "#ffffff")
    assert contrast(Color.parse(theme.primary), ground) >= 4


def test_every_theme_of_ours_has_a_name_of_its_own() -> None:
    assert len({theme.name for theme in THEMES}) == len(THEMES)
    assert {"tui-chat-dark", "tui-chat-light", "tui-chat-contrast", "tui-chat-plain"} == {theme.name for theme in OURS}


def test_drawn_glyphs_become_plain_ones_cell_for_cell() -> None:
    drawn = "".join(map(chr, range(0x2500, 0x2600))) + "•·…▸▾→←↑↓✓✗–—‘’“”×\N{REPLACEMENT CHARACTER}🔎⚠☐☑"
    (plain,) = PlainGlyphs().apply([Segment(drawn)], Color.parse("black"))
    assert plain.text.isascii()
    assert cell_len(plain.text) == cell_len(drawn)


def test_letters_of_any_script_stay_as_they_are() -> None:
    text = "naïve Grüße 漢字 🍎 שלום"
    (plain,) = PlainGlyphs().apply([Segment(text)], Color.parse("black"))
    assert plain.text == text


def test_boxes_are_drawn_with_dashes_bars_and_corners() -> None:
    (plain,) = PlainGlyphs().apply([Segment("╭─┬╮│├┼┤╰┴╯╱╲█▌▁")], Color.parse("black"))
    assert plain.text == "+-++|++++++/\\#|_"


@pytest.mark.parametrize(("drawn", "plain"), [("⏎", "enter"), ("shift+↑", "shift+up"), ("^t", "^t"), ("⌫", "bksp")])
def test_keys_are_written_out_where_glyphs_are_plain(drawn: str, plain: str) -> None:
    assert plain_key(drawn) == plain


def test_without_colours_a_ground_becomes_reverse() -> None:
    segments = [Segment("a", Style.parse("bold red on blue")), Segment("b", Style.parse("red")), Segment("c")]
    marked, plain, bare = NoColours().apply(segments, Color.parse("black"))
    assert marked.style == Style.parse("bold reverse default on default")
    assert plain.style == Style.parse("default on default")
    assert bare.style is None


def test_only_changed_keys_need_a_keymap() -> None:
    assert keymap(Keys()) == {}
    changed = keymap(Keys({"send": "ctrl+s"}))
    assert changed["send"] == "ctrl+s"
    assert changed["stop"] == changed["leave"] == "escape"
