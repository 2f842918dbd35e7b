"""The place of a change in the file, and all that stays as it was."""

from __future__ import annotations

import tomllib

import pytest

from tui_chat.settings import Value
from tui_chat.settings.edit import CannotEdit, edited, set_value, unset_value
from tui_chat.settings.toml_places import Path

MODE = ("streaming", "mode")

SET: list[tuple[str, str, Path, Value, str]] = [
    ("a new file", "", MODE, "batch", '[streaming]\nmode = "batch"\n'),
    ("its own line", '[streaming]\nmode = "stream" # why\n', MODE, "batch", '[streaming]\nmode = "batch" # why\n'),
    ("odd spaces", "[streaming]\n\tmode=  'stream'\n", MODE, "batch", '[streaming]\n\tmode=  "batch"\n'),
    ("a quoted key", '["streaming"]\n"mode" = "stream"\n', MODE, "batch", '["streaming"]\n"mode" = "batch"\n'),
    ("a dotted key", "streaming . mode = 'stream'\n", MODE, "batch", 'streaming . mode = "batch"\n'),
    (
        "beside a dotted key",
        "streaming.resume = true\n\n[ui]\n",
        MODE,
        "batch",
        'streaming.resume = true\nstreaming.mode = "batch"\n\n[ui]\n',
    ),
    (
        "at the end of its table",
        "[streaming]\nresume = true # yes\n\n# about the screen\n[ui]\n",
        MODE,
        "batch",
        '[streaming]\nresume = true # yes\nmode = "batch"\n\n# about the screen\n[ui]\n',
    ),
    ("an empty table", "[streaming] # s\n[ui]\n", MODE, "batch", '[streaming] # s\nmode = "batch"\n[ui]\n'),
    (
        "below the comment that shows the default",
        '[streaming]\n# How.\n#mode = "stream"\n\n#resume = true\n[ui]\n#mode = 1\n',
        MODE,
        "batch",
        '[streaming]\n# How.\n#mode = "stream"\nmode = "batch"\n\n#resume = true\n[ui]\n#mode = 1\n',
    ),
    ("an inline table", "streaming = { mode = 'stream' }\n", MODE, "batch", 'streaming = { mode = "batch" }\n'),
    (
        "into an inline table",
        "streaming = { resume = true } # s\n",
        MODE,
        "batch",
        'streaming = { resume = true, mode = "batch" } # s\n',
    ),
    ("into an empty inline table", "streaming = {}\n", MODE, "batch", 'streaming = { mode = "batch" }\n'),
    (
        "a look-alike in a text",
        "[provider]\nsystem = '''\n[streaming]\nmode = 'stream'\n'''\n\n[streaming]\nmode = 'stream'\n",
        MODE,
        "batch",
        "[provider]\nsystem = '''\n[streaming]\nmode = 'stream'\n'''\n\n[streaming]\nmode = \"batch\"\n",
    ),
    (
        "a look-alike in a comment",
        "# [streaming]\n# mode = 'x'\n",
        MODE,
        "batch",
        "# [streaming]\n# mode = 'x'\n\n[streaming]\nmode = \"batch\"\n",
    ),
    (
        "a value of several lines",
        '[provider]\nbetas = [\n  "a", # first\n  "b",\n]\nname = "demo"\n',
        ("provider", "betas"),
        ("c",),
        '[provider]\nbetas = ["c"]\nname = "demo"\n',
    ),
    (
        "an array of tables before it",
        '[[list]]\nmode = 1\n[[list]]\nmode = 2\n[streaming]\nmode = "stream"\n',
        MODE,
        "batch",
        '[[list]]\nmode = 1\n[[list]]\nmode = 2\n[streaming]\nmode = "batch"\n',
    ),
    (
        "after an array of tables",
        "[[list]]\nmode = 1\n",
        MODE,
        "batch",
        '[[list]]\nmode = 1\n\n[streaming]\nmode = "batch"\n',
    ),
    (
        "a table that only its own tables speak of",
        "[streaming.more]\nx = 1\n",
        MODE,
        "batch",
        '[streaming.more]\nx = 1\n\n[streaming]\nmode = "batch"\n',
    ),
    ("no line end at the end", "[streaming]", MODE, "batch", '[streaming]\nmode = "batch"\n'),
    (
        "Windows' line ends",
        "[streaming]\r\nmode = 'stream'\r\n",
        ("streaming", "resume"),
        False,
        "[streaming]\r\nmode = 'stream'\r\nresume = false\r\n",
    ),
    (
        "a text of several lines",
        "",
        ("provider", "system"),
        'Be brief.\nSay "no" if need be.\\\n',
        '[provider]\nsystem = """\nBe brief.\nSay "no" if need be.\\\\\n"""\n',
    ),
    ("a number of its own kind", "[ui]\n", ("provider", "temperature"), 1.0, "[ui]\n\n[provider]\ntemperature = 1.0\n"),
]


@pytest.mark.parametrize(("before", "path", "value", "after"), [row[1:] for row in SET], ids=[row[0] for row in SET])
def test_a_value_is_set_where_a_person_would_put_it(before: str, path: Path, value: Value, after: str) -> None:
    assert set_value(before, path, value) == after


UNSET = [
    ("its own line", '[streaming]\nmode = "batch"\nresume = true\n', "[streaming]\nresume = true\n"),
    ("a comment behind it stays", "[streaming]\n  mode = 'x' # why\n", "[streaming]\n# why\n"),
    ("a comment above it stays", "[streaming]\n# why\nmode = 'x'", "[streaming]\n# why\n"),
    ("a dotted key", "streaming.mode = 'x'\nother = 1\n", "other = 1\n"),
    ("several lines", "[streaming]\nmode = '''\nx\n'''\nresume = true\n", "[streaming]\nresume = true\n"),
    ("first of an inline table", "streaming = { mode = 'x', resume = true }\n", "streaming = { resume = true }\n"),
    ("last of an inline table", "streaming = { resume = true, mode = 'x' }\n", "streaming = { resume = true }\n"),
    ("alone in an inline table", "streaming = {mode = 'x'} # s\n", "streaming = {} # s\n"),
    ("not there", "[ui]\nmode = 'x'\n", "[ui]\nmode = 'x'\n"),
    ("not a table", "streaming = 1\n", "streaming = 1\n"),
]


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in UNSET], ids=[row[0] for row in UNSET])
def test_a_value_is_taken_out_and_its_comments_stay(before: str, after: str) -> None:
    assert unset_value(before, MODE) == after


@pytest.mark.parametrize("text", ["streaming = 5\n", "[[streaming]]\nmode = 1\n", "streaming = [1]\n[ui]\nx = 1\n"])
def test_what_cannot_be_changed_by_itself_is_written_anew(text: str) -> None:
    with pytest.raises(CannotEdit):
        set_value(text, MODE, "batch")
    result, rewritten = edited(text, [lambda text: set_value(text, MODE, "batch")])
    assert rewritten
    assert tomllib.loads(result) == {**tomllib.loads(text), "streaming": {"mode": "batch"}}


def test_a_large_file_is_changed_at_linear_cost() -> None:
    lines = "".join(f"key{number} = {{ a = [1, 2], b = 'x' }} # comment\n" for number in range(3000))
    text = f"[other]\n{lines}[streaming]\nmode = 'stream'\n"
    assert set_value(text, MODE, "batch") == text.replace("'stream'", '"batch"')
