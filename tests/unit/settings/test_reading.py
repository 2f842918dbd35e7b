"""A file is read without ever failing, and all that is not right in it is named with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.settings import Loaded, Settings
from tui_chat.settings.read import read


def load(text: str) -> Loaded:
    return read("config.toml", text.encode())


def sentences(text: str) -> list[str]:
    return [problem.message for problem in load(text).problems]


PROBLEMS = [
    (
        "out of range",
        "# hello\n\n[streaming]\nmode = 'batch'\n\n\nframes_per_second = 900\n",
        "config.toml line 7: streaming.frames_per_second = 900 is not allowed (5 to 60); 30 is used.",
    ),
    (
        "a wrong type",
        "[streaming]\nmode = true",
        'config.toml line 2: streaming.mode = true is not allowed (stream or batch); "stream" is used.',
    ),
    (
        "a look-alike above it",
        "[provider]\nsystem = '''\n[streaming]\nresume = 1\n'''\n[streaming]\nresume = 1\n",
        "config.toml line 7: streaming.resume = 1 is not allowed (true or false); true is used.",
    ),
    (
        "inside an inline table",
        "# one\nstreaming = { mode = 'batch', resume = 'x' }",
        'config.toml line 2: streaming.resume = "x" is not allowed (true or false); true is used.',
    ),
    ("an unknown table far from any", "[x]", "config.toml line 1: x is not a setting; it is ignored."),
    (
        "no value where none is allowed",
        "provider.temperature = 3",
        "config.toml line 1: provider.temperature = 3 is not allowed"
        ' (0 to 2; "" leaves it to the model); none is used.',
    ),
    (
        "an unknown key",
        "[streaming]\nframe_per_second = 1",
        "config.toml line 2: streaming.frame_per_second is not a setting; did you mean streaming.frames_per_second?",
    ),
    (
        "an unknown table",
        "[steaming]\nmode = 'x'",
        "config.toml line 1: steaming is not a setting; did you mean streaming?",
    ),
    (
        "a key in the file",
        "[provider]\nanthropic_api_key = 'sk-ant-secret'",
        "config.toml line 2: provider.anthropic_api_key is not a setting;"
        " a key is read from the environment only, never from this file.",
    ),
    ("not a table", "\nui = 3", "config.toml line 2: ui is not a table, [ui]; it is left out."),
    ("an array of tables", "[[ui]]\nascii = true", "config.toml line 1: ui is not a table, [ui]; it is left out."),
    (
        "clashing keys",
        "[keys]\nfind = 'f12'\n# again\nretry = 'F12'",
        'config.toml line 4: keys.retry: f12 is already used for find; "f5" is used.',
    ),
    (
        "no key",
        "[keys]\nfind = 'crtl+f'",
        'config.toml line 2: keys.find = "crtl+f" is not allowed'
        ' (a key like ctrl+t, f5 or alt+t, or several with commas between them); "ctrl+f" is used.',
    ),
]


@pytest.mark.parametrize(("text", "sentence"), [row[1:] for row in PROBLEMS], ids=[row[0] for row in PROBLEMS])
def test_what_is_not_right_is_named_with_its_line(text: str, sentence: str) -> None:
    assert sentences(text)[0] == sentence


def test_problems_come_in_the_order_of_the_file() -> None:
    lines = [problem.line for problem in load("[keys]\nfind='ctrl+t'\n[ui]\nascii=1\n[nope]\n").problems]
    assert lines == [2, 4, 5]


def test_only_what_is_wrong_is_left_out() -> None:
    loaded = load("[streaming]\nmode = 'batch'\nframes_per_second = 900\nretry_attempts = 0\n[keys]\nfind='f12'\n")
    assert loaded.settings.streaming.mode == "batch"
    assert loaded.settings.streaming.frames_per_second == 30
    assert loaded.settings.streaming.retry_attempts == 0
    assert loaded.values == {"streaming.mode": "batch", "streaming.retry_attempts": 0, "keys.find": "f12"}


def test_exchanged_keys_are_no_clash() -> None:
    loaded = load("[keys]\nfind='f5'\nretry='ctrl+f'\n")
    assert not loaded.problems
    assert (loaded.settings.keys["find"], loaded.settings.keys["retry"]) == ("f5", "ctrl+f")


def test_keys_that_depend_on_a_refused_one_go_with_it() -> None:
    loaded = load("[keys]\nretry='ctrl+z'\nfind='f5'\n")
    assert {problem.key for problem in loaded.problems} == {"keys.retry", "keys.find"}
    assert not loaded.values


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault() -> None:
    loaded = load("\ufeff[streaming]\r\nmode = 'batch'\r\nresume = 3\r\n")
    assert loaded.settings.streaming.mode == "batch"
    assert [problem.line for problem in loaded.problems] == [3]


NOT_TOML = [
    ("not quoted", "[streaming]\nmode = batch\n", 2),
    ("cut off", "[streaming]\nmode = 'batch\n\n", 2),
    ("twice", "[ui]\nascii = true\nascii = false\n", 3),
    ("without an end", "[streaming]\nmode = '''\n\nbatch\n", 4),
]


@pytest.mark.parametrize(("text", "line"), [row[1:] for row in NOT_TOML], ids=[row[0] for row in NOT_TOML])
def test_a_file_that_is_not_toml_is_named_with_its_line_and_the_reason(text: str, line: int) -> None:
    (sentence,) = sentences(text)
    assert sentence.startswith(f"config.toml line {line} is not TOML (")
    assert sentence.endswith("); the defaults are used, and the file is left as it is.")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"[ui]\nascii = true\n# \xe9\n", 3),
        ("[ui]\n".encode("utf-16"), 1),
        (b"\x00", 1),
        (b"x = " + b"[" * 100_000, None),
        (b"x = " + b"9" * 100_000, None),
    ],
)
def test_what_is_not_toml_at_all_is_one_problem_with_its_line(content: bytes, line: int | None) -> None:
    loaded = read("config.toml", content)
    assert loaded.settings == Settings()
    (problem,) = loaded.problems
    assert problem.line == line
    assert problem.key == ""


@pytest.mark.parametrize("depth", [50, 150, 250, 300, 350, 400, 450, 490])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a=", "}")])
def test_no_depth_makes_reading_fail(opening: str, closing: str, depth: int) -> None:
    text = f"[ui]\ntheme = {opening * depth}1{closing * depth}\n"
    assert len(load(text).problems) == 1


def test_foreign_names_and_values_cannot_reach_the_terminal() -> None:
    loaded = load('["a\\u001b]0;x\\u0007"]\n[ui]\ntheme = "\\u001b[5m"\n"\\u009b5m" = 1\n')
    assert len(loaded.problems) == 3
    assert all(problem.message.isprintable() for problem in loaded.problems)


def test_thousands_of_unknown_keys_are_read_at_once() -> None:
    text = "[streaming]\n" + "".join(f"unknown_{number} = 1\n" for number in range(3000))
    assert [problem.line for problem in load(text).problems[:2]] == [2, 3]


@given(st.binary(max_size=60))
def test_no_content_makes_reading_fail(content: bytes) -> None:
    read("config.toml", content)


PIECES = ["[ui]", "[keys]", "ascii", "send", " = ", "1", "'", '"', "\n", "{", "}", "[", "]", ",", "."]


@given(st.lists(st.sampled_from(PIECES)))
def test_no_arrangement_of_toml_makes_reading_fail(pieces: list[str]) -> None:
    load("".join(pieces))
