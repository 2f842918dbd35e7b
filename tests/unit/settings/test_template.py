"""Templates: their fields, what they are filled with, and what is wrong with them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.settings import TEMPLATES, Field, SettingsError, read_template
from tui_chat.settings.template import Template, parse_template

LABEL = "templates/t.md"


def parsed(text: str) -> Template:
    return parse_template(text, LABEL)


def escaped(text: str) -> str:
    """Return a template that is this text and nothing else."""
    return re.sub(r"(\\*)(\{\{+)", lambda braces: braces[1] * 2 + "\\" + braces[2], text)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Hello", ()),
        ("Hello {{name}}", (Field("name"),)),
        ("{{ b }} and {{a}} and {{b}}", (Field("b"), Field("a"))),
        ("{{name=you}}", (Field("name", "you"),)),
        ("{{name=}}", (Field("name", ""),)),
        ("{{at = 10:30|a=b}}", (Field("at", "10:30|a=b"),)),
        ("{{tone:kind|harsh}}", (Field("tone", None, ("kind", "harsh")),)),
        ("{{ tone : kind | very harsh = kind }}", (Field("tone", "kind", ("kind", "very harsh")),)),
        ("{{name}} {{name=you}} {{name}}", (Field("name", "you"),)),
        ("{{name=you}} {{name=you}}", (Field("name", "you"),)),
        ("{{größe_2-x}}", (Field("größe_2-x"),)),
        (r"\{{name}} {x} { {y} }}", ()),
    ],
)
def test_the_fields_of_a_template(text: str, fields: tuple[Field, ...]) -> None:
    assert parsed(text).fields == fields


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hi {{name}}.", "Hi Ann."),
        ("{{name}}{{name}}", "AnnAnn"),
        ("{{{name}}}", "{Ann}"),
        (r"\{{name}}", "{{name}}"),
        (r"\\{{name}}", r"\Ann"),
        (r"\\\{{name}}", r"\{{name}}"),
        (r"\{{{{name}}", "{{{{name}}"),
        (r"a\b \{ }} {{other=x}}", r"a\b \{ }} x"),
    ],
)
def test_a_value_takes_the_place_of_its_field(text: str, filled: str) -> None:
    assert parsed(text).filled({"name": "Ann"}) == filled


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a\nb {{name", 2, "is not closed"),
        ("{{name\n}}", 1, "is not closed"),
        ("\n\n{{#if x}}", 3, '"#if x" is no field; a field is {{name}}'),
        ("{{}}", 1, '"" is no field'),
        ("{{2nd}}", 1, "is no field"),
        ("{{a:x||y}}", 1, "choices of a must be words"),
        ("{{a:x|x}}", 1, "each once"),
        ("{{a:}}", 1, "choices of a must be words"),
        ("{{a:x|y=z}}", 1, "the default of a is none of its choices"),
        ("{{a=1}}\n{{a=2}}", 2, "a has other choices or another default than before"),
    ],
)
def test_what_is_wrong_is_named_with_the_file_and_the_line(text: str, line: int, says: str) -> None:
    with pytest.raises(SettingsError, match=f"^{re.escape(f'{LABEL} line {line}: ')}.*{re.escape(says)}"):
        parsed(text)


@given(st.text(alphabet="a{}\\\n =|:"))
def test_any_text_can_be_written_literally(text: str) -> None:
    assert parsed(escaped(text)) == Template((), (text,))


@given(st.text(alphabet="a{}\\\n =|:"), st.text())
def test_a_value_is_never_read_as_a_template(around: str, value: str) -> None:
    template = parsed(escaped(around) + " {{name}} " + escaped(around))
    assert template.filled({"name": value}) == f"{around} {value} {around}"


@given(st.text(alphabet="ab{}\\\n =|:#"))
def test_every_text_is_a_template_or_refused_with_a_sentence(text: str) -> None:
    try:
        template = parsed(text)
    except SettingsError as error:
        sentence = str(error)
    else:
        names = [field.name for field in template.fields]
        sentence = "" if list(dict.fromkeys(template.pieces[1::2])) == names else "other fields"
    assert not sentence or sentence.startswith(LABEL)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "The template needs language, tone."),
        ({"tone": "kind"}, "The template needs language."),
        ({"langage": "x"}, 'no field "langage"; did you mean language?'),
        ({"xyz": "x"}, 'no field "xyz"; its fields: language, tone, size.'),
        ({"language": "C", "tone": "odd"}, 'tone = "odd" is not allowed (kind, harsh).'),
    ],
)
def test_values_that_do_not_fit_are_refused(values: dict[str, str], says: str) -> None:
    template = parsed("{{language}} {{tone:kind|harsh}} {{size=long}}")
    with pytest.raises(SettingsError, match=re.escape(says)):
        template.checked(values)
    assert template.filled(template.checked({"language": "", "tone": "harsh"})) == " harsh long"


def test_templates_are_files_in_a_folder(tmp_path: Path) -> None:
    assert TEMPLATES.names(tmp_path) == ()
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "code review.md").write_bytes("\ufeff\r\nReview {{language}}.\r\n".encode())
    for other in ("notes.txt", ".hidden.md", "-odd.md"):
        (folder / other).write_text("x")
    (folder / "folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    assert TEMPLATES.names(tmp_path) == ("code review",)
    assert read_template(tmp_path, "code review").filled({"language": "C"}) == "Review C."
    for name in ("pipe", "folder", "nothing"):
        with pytest.raises(SettingsError, match=f"There is no template {name}"):
            read_template(tmp_path, name)


@pytest.mark.parametrize("name", ["", "..", "../config", "a/b", "/etc/passwd", ".hidden", "a\nb"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="cannot be the name of a template"):
        read_template(tmp_path, name)
