"""The language of vim: what keys make of a text."""

from __future__ import annotations

import pytest

from tests.unit.ui.composer.vim.vim_driver import TextField
from tui_chat.ui.composer.vim import Mode


def _field(marked: str) -> TextField:
    """A field in normal mode; "|" stands before the cursor."""
    at = marked.index("|")
    return TextField(marked.replace("|", "", 1), at)


def _marked(field: TextField) -> str:
    return f"{field.text[: field.cursor]}|{field.text[field.cursor :]}"


def _cases(table: str) -> list[tuple[str, str, str]]:
    """Rows of before, keys and after; "¶" is a line end, "·" a space at an edge."""
    rows = [row.split() for row in table.strip().splitlines()]
    return [(_text(before), keys.replace("·", " "), _text(after)) for before, keys, after in rows]


def _pressed(table: str) -> list[tuple[str, str, str]]:
    """The same rows with what the keys have made of the text."""
    return [(before, keys, _marked(_field(before).press(keys))) for before, keys, _ in _cases(table)]


def _text(written: str) -> str:
    return written.replace("¶", "\n").replace("·", " ")


MOTIONS = """
|one·two        l       o|ne·two
|one·two        9l      one·tw|o
one·tw|o        l       one·tw|o
one·t|wo        h       one·|two
one·t|wo        <backspace> one·|two
|one·two        ·       o|ne·two
one·t|wo        0       |one·two
··one·t|wo      ^       ··|one·two
|one·two        $       one·tw|o
|one·two·six    w       one·|two·six
|one·two·six    2w      one·two·|six
|one·two        5w      one·tw|o
|one.two        w       one|.two
|one.two·six    W       one.two·|six
|one¶··two      w       one¶··|two
|one¶¶two       w       one¶|¶two
|one¶¶two       2w      one¶¶|two
one·two·|six    b       one·|two·six
one·two·|six    2b      |one·two·six
one·a.b|c       B       one·|a.bc
one¶|two        b       |one¶two
one¶¶|two       b       one¶|¶two
|one·two        e       on|e·two
on|e·two        e       one·tw|o
|one·two        2e      one·tw|o
|a.b·c          E       a.|b·c
one·t|wo        ge      on|e·two
a.b·|c          gE      a.|b·c
a¶¶|b           ge      a¶|¶b
|one¶two        j       one¶|two
on|e¶t¶six      j       one¶|t¶six
on|e¶t¶six      jj      one¶t¶si|x
on|e¶t¶six      2j      one¶t¶si|x
|one¶t¶six      $jj     one¶t¶si|x
one¶t¶si|x      k       one¶|t¶six
one¶t¶si|x      kk      on|e¶t¶six
日|本¶abcd       j       日本¶ab|cd
|日本かな·x     w       日本|かな·x
one¶two¶s|ix    gg      |one¶two¶six
|one¶two¶··six  G       one¶two¶··|six
|one¶two¶six    2G      one¶|two¶six
|one·two·ro     fo      one·tw|o·ro
|one·two·ro     2fo     one·two·r|o
|one·two·ro     to      one·t|wo·ro
|one·two·ro     fo;     one·two·r|o
|one·two·ro     to;     one·two·|ro
|one·two·ro     fo;,    one·tw|o·ro
one·two·r|o     Fo      one·tw|o·ro
one·two·r|o     To      one·two|·ro
one·two·r|o     Fo;     |one·two·ro
|one            fx      |one
|one¶two        ft      |one¶two
on|e¶two        yggj    one¶|two
|a¶b¶¶c¶d       }       a¶b¶|¶c¶d
|a¶b¶¶c¶d       }}      a¶b¶¶c¶|d
a¶b¶¶c¶|d       {       a¶b¶|¶c¶d
a¶b¶¶c¶|d       {{      |a¶b¶¶c¶d
a|·(b·[c]·d)·e  %       a·(b·[c]·d|)·e
a·(b·[c]·d|)·e  %       a·|(b·[c]·d)·e
(|(a)           %       ((a|)
|👍🏽é·x          l       👍🏽|é·x
|👍🏽é·x          w       👍🏽|é·x
"""


def test_a_motion_leads() -> None:
    assert _pressed(MOTIONS) == _cases(MOTIONS)


OPERATORS = """
o|ne·two        gUU     |ONE·TWO
··o|ne          gUgU    ··|ONE
o|ne·two        gUiw    |ONE·two
o|ne·two·six    2gUw    o|NE·TWO·six
ONE·T|WO        guu     |one·two
One·tW|o        g~b     One·|Two
o|ne¶two        gUj     O|NE¶TWO
o|ne¶two¶six    2g~~    |ONE¶TWO¶six
|one·two        gUww.   ONE·|TWO
o|ne·two        gUiwu   |one·two
|one·two·six    dw      |two·six
|one·two·six    2dw     |six
|one·two·six    d2w     |six
|a·b·c·d·e·f·g  2d3w    |g
one·|two        dw      one|·
one·|two¶six    dw      one|·¶six
one¶|¶two       dw      one¶|two
|one·two        de      |·two
one·two·|six    db      one·|six
one·t|wo        d0      |wo
one·t|wo·six    D       one·|t
|one·two·six    dfo     |·six
|one·two·six    dto     |o·six
one·two·si|x    dFo     one·tw|x
one·two·|six    d^      |six
|one¶two¶six    dj      |six
one¶two¶s|ix    dk      |one
|one¶two        dk      |one¶two
one|            dj      on|e
one¶t|wo¶six    dd      one¶|six
one¶two¶s|ix    dd      one¶|two
|one            dd      |
|one¶two¶six    2dd     |six
|one¶two¶six    d2d     |six
one¶t|wo¶six    dG      |one
one¶t|wo¶six    dgg     |six
a·|(b·[c])·e    d%      a·|·e
x|a¶b¶¶c        d}      |x¶¶c
|a¶b¶¶c         d}      |¶c
|one            x       |ne
on|e            x       o|n
|one·two        3x      |·two
on|e            X       o|e
|one            X       |one
|one·two        xp      n|oe·two
|👍🏽é·x          x       |é·x
é|👍🏽            x       |é
|one·two        ywP     one|·one·two
|one·two        yep     oon|ene·two
|one¶two        yyp     one¶|one¶two
|one¶two        Yp      one¶|one¶two
one¶|two        yyP     one¶|two¶two
|one¶two        ddp     two¶|one
|one¶two        yy2p    one¶|one¶one¶two
|ab·c           yl3p    aaa|ab·c
|one¶two·six    Jx      one|two·six
|one¶¶··two     3J      one|·two
|one¶)          J       one|)
|one            J       |one
|aBc            ~       A|Bc
|aBc            3~      Ab|C
|abc            rx      |xbc
|abc            2rx     x|xc
|abc            4rx     |abc
|one¶two        >>      ····|one¶two
|one¶¶two       >G      ····|one¶¶····two
······|one      <<      ··|one
|one¶two        2>>     ····|one¶····two
a¶b|            >k      ····|a¶····b
"""


def test_an_operator_changes() -> None:
    assert _pressed(OPERATORS) == _cases(OPERATORS)


INSERTIONS = """
|one·two        cwx<escape>     |x·two
|one·two·six    c2wx<escape>    |x·six
one|·two        cwx<escape>     one|xtwo
|a·b            cwx<escape>     |x·b
one·|two        Cx<escape>      one·|x
··o|ne¶two      ccx<escape>     |x¶two
one¶|two        Sx<escape>      one¶|x
|one            sx<escape>      |xne
|               sx<escape>      |x
|one            ix<escape>      |xone
|one            ax<escape>      o|xne
··o|ne          Ix<escape>      ··|xone
o|ne            Ax<escape>      one|x
o|ne¶two        ox<escape>      one¶|x¶two
one¶t|wo        Ox<escape>      one¶|x¶two
|one            3ix<escape>     xx|xone
|one            2oxy<escape>    one¶xy¶x|y
|one·two        cwx<escape>w.   x·|x
|one·two·six·x  dw.             |six·x
|a·b·c·d        dw2.            |d
|one            3ax<escape>.    oxxxxx|xne
|one            ox<escape>.     one¶x¶|x
|a¶b¶c          >>j.            ····a¶····|b¶c
|abc            rxl.            x|xc
|abcdef         vlxl.           c|f
|a¶b¶c¶d¶e      Vjd.            |e
|one·two        cwx<escape>wu   |one·two
|one·two·six    dwdwuu          |one·two·six
|one·two·six    dwdwuu<ctrl+r>  |two·six
|one·two·six    dwdw2u2<ctrl+r> |six
|one            ixyz<backspace><escape>u    |one
|one            2d<escape>x     |ne
|one            dzx             |ne
"""


def test_writing_is_a_part_of_its_command() -> None:
    assert _pressed(INSERTIONS) == _cases(INSERTIONS)
    for before, keys, _ in _cases(INSERTIONS):
        assert _field(before).press(keys).vim.mode == Mode.NORMAL, keys


OBJECTS = """
one·t|wo·six    diw     one·|·six
one|·two        diw     one|two
one·t|wo·six    daw     one·|six
one·t|wo        daw     on|e
one|···two·six  daw     one|·six
|one·two·six    d2aw    |six
|one·two·six    d2iw    |two·six
x·a.|b·y        diW     x·|·y
x·a.|b·y        daW     x·|y
say·"a·|b"·now  di"     say·"|"·now
say·"a·|b"·now  da"     say·|now
|say·"a"·now    ci"x    say·"x|"·now
'a\\'|b'        di'     '|'
(a·(b|)·c)      di(     (a·(|)·c)
(a·(b|)·c)      da(     (a·|·c)
(a·(b|)·c)      d2i(    (|)
|(a)            dib     (|)
[a|]            di]     [|]
{¶··a|¶··b¶}    di{     {¶|}
{¶··a|¶··b}     di{     {¶|}
{··a|¶}         di{     |{¶}
··|one          daw     ·|·
{a|}            daB     |
a|              di(     |a
|a·(b)·c        di(     a·(|)·c
<a|>            di<     <|>
a¶b|¶¶c         dip     |¶c
a¶b|¶¶c         dap     |c
x¶¶a¶b|         dap     |x
a|¶¶¶b          d2ap    |
(|)             ci(x    (x|)
[3·lines·pasted|] di[   |[3·lines·pasted]
a·[3·lin|es·pasted]·b diw a·|·b
a·[3·lin|es·pasted]x  x a·|x
a·[3·lin|es·pasted]x  ~ a·[3·lines·pasted]|x
"""


def test_a_text_object_is_taken() -> None:
    assert _pressed(OBJECTS) == _cases(OBJECTS)


VISUAL = """
|one·two        vegU    |ONE·two
o|ne·two        Vg~     |ONE·TWO
ON|E·TWO        viwgu   |one·TWO
|one·two        vd      |ne·two
|one·two        vlld    |·two
one·tw|o        vbd     one|·
|one·two        v$d     |
|one¶two        vjd     |wo
|one¶two¶six    Vd      |two¶six
|one¶two¶six    Vjd     |six
o|ne¶two        vD      |two
|one·two        vey$p   one·twoon|e
|one·two·six    yewviwp one·on|e·six
|one¶two        yyjvp   one¶¶|one¶wo
|one¶two        yejVp   one¶|one
|one·two        vec·x<escape> ·|x·two
|one¶two        Vcx<escape>   |x¶two
|one·two        veU     |ONE·two
|ONE·two        veu     |one·two
|One            ve~     |oNE
|one            verx    |xxx
|one¶two        vjrx    |xxx¶xwo
|one¶two¶six    VjJ     one|·two¶six
|one¶two        Vj>     ····|one¶····two
|one            V2>     ········|one
|one·two        vawd    |two
(one·t|wo)      vi(d    (|)
a¶|b¶¶c         vipd    |¶c
|one·two        wvod    one·|wo
|abcd           lvlohd  |d
|one·two        vVd     |
|one¶two        Vvd     |ne¶two
|one·two        v<right><right>d |·two
|one            v<escape>x |ne
|one            vvx     |ne
"""


def test_an_operator_takes_what_is_selected() -> None:
    assert _pressed(VISUAL) == _cases(VISUAL)


def test_it_begins_in_insert_mode_and_escape_leaves_it() -> None:
    field = TextField(insert=True).press("dw")
    assert (field.text, field.vim.mode) == ("dw", Mode.INSERT)
    assert field.press("<escape>").vim.mode is Mode.NORMAL
    assert not field.vim.wants_escape


def test_escape_ends_the_beginning_of_a_command_before_anything_else() -> None:
    field = _field("|one").press("2d")
    assert field.vim.wants_escape
    assert not field.press("<escape>").vim.wants_escape
    assert field.press("v").vim.wants_escape


@pytest.mark.parametrize("key", ["enter", "ctrl+n", "pageup", "tab", "f5"])
def test_other_keys_are_the_apps(key: str) -> None:
    field = _field("|one").press("d")
    assert not field.vim.takes(key)
    field.vim.drop_command()
    assert not field.vim.wants_escape


def test_a_selection_holds_both_its_ends() -> None:
    assert _field("o|ne two").press("vl").selected == "ne"
    assert _field("one |two").press("vh").selected == " t"
    assert _field("one¶t|wo".replace("¶", "\n")).press("Vk").selected == "one\ntwo"


def test_a_paste_comes_after_the_cursor_or_in_the_place_of_what_is_selected() -> None:
    field = _field("o|ne")
    result = field.vim.paste("xy", field.buffer, field.cursor)
    assert result is not None
    assert result.edit is not None
    assert (result.edit.apply(field.text), result.cursor) == ("onxye", 3)
    result = field.press("v").vim.paste("xy", field.buffer, field.cursor)
    assert result is not None
    assert result.edit is not None
    assert (result.edit.apply(field.text), field.vim.mode) == ("oxye", Mode.NORMAL)


def test_what_others_change_can_be_undone_too() -> None:
    field = _field("|one")
    field.text = ""
    field.cursor = 0
    assert field.press("u").text == "one"


def test_nothing_of_another_text_can_be_undone() -> None:
    field = _field("|one two").press("x")
    field.vim.begin()
    field.text, field.cursor = "other", 0
    assert field.press("<escape>uuu").text == "other"


def test_no_count_puts_in_more_than_the_memory_holds() -> None:
    field = TextField("x" * 1_000).press("yy99999999p")
    assert len(field.text) < 1_100_000
    field = TextField("x").press("99999999ix<escape>")
    assert len(field.text) < 1_100_000


OVERWRITING = """
|one·two        Rxy<escape>             x|ye·two
on|e            Rxyz<escape>            onxy|z
|one¶two        Rabcde<escape>          abcd|e¶two
|one            Rxy<backspace><escape>  |xne
|one            Rx<backspace><backspace><escape>  |one
o|ne            R<backspace>x<escape>   |xne
|one            R<escape>               |one
|one·two        3Rab<escape>            ababa|bo
|one·two        Rxy<escape>w.           xye·x|yo
|one·two        Rxy<escape>u            |one·two
|one·two        Rxy<escape>u<ctrl+r>    |xye·two
"""


def test_what_is_there_is_written_over_and_comes_back() -> None:
    assert _pressed(OVERWRITING) == _cases(OVERWRITING)


def test_emoji_and_folded_pastes_are_written_over_as_one() -> None:
    assert _field("|👩‍👩‍👧[2 lines pasted]a").press("Rxy").text == "xya"


def test_the_mode_is_told_and_a_paste_in_it_is_put_in_as_ever() -> None:
    field = _field("|one").press("R")
    assert field.vim.mode is Mode.REPLACE
    assert field.vim.paste("xy", field.buffer, field.cursor) is None
    assert field.press("<escape>").vim.mode is Mode.NORMAL


WORDS = """
|one·two·one    *       one·two·|one
one·two·o|ne    *       |one·two·one
one·two·o|ne    #       |one·two·one
|one·two·one    #       one·two·|one
|a·a·a·a        2*      a·a·|a·a
|a·ab·ba·a      *       a·ab·ba·|a
|·one¶one       *       ·one¶|one
a|(b¶(·b        *       a(b¶(·|b
|=·x¶x          *       =·x¶|x
|==¶=·==        *       ==¶=·|==
|one            *       |one
on|e            *       |one
|·¶one          *       |·¶one
|¶one           *       |¶one
|one·two·one    d*      |one
|日本·か日本    *       日本·か|日本
"""


def test_the_word_under_the_cursor_is_looked_for() -> None:
    assert _pressed(WORDS) == _cases(WORDS)


@pytest.mark.parametrize(
    ("before", "keys", "selected"),
    [
        ("|one two", "vl<escape>wgv", "on"),
        ("|one\ntwo", "V<escape>jgv", "one"),
        ("|one two", "vlywgv", "on"),
        ("|one two", "vl~wgv", "ON"),
        ("|one two", "vlvwgv", "on"),
        ("|one two", "vl<escape>wvegv", "on"),
        ("|one two", "vl<escape>wvegvgv", "two"),
        ("|one two", "gv", None),
        ("one t|wo", "vl<escape>dbgv", "o"),
    ],
)
def test_what_was_selected_last_is_selected_again(before: str, keys: str, selected: str | None) -> None:
    assert _field(before).press(keys).selected == selected
