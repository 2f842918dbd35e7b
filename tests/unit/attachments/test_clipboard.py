"""Pictures and texts on the clipboard, by tools that are there or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pictures import PNG
from tui_chat.attachments import FileRefused, clipboard
from tui_chat.attachments.clipboard import clipboard_picture, clipboard_text, picture_tool, text_tool

Tool = Callable[[str, str], None]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    """Puts a tool of this name, a script, where tools are looked for; others are not there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "picture").write_bytes(PNG)

    def make(name: str, script: str) -> None:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\ncd {tmp_path}\n{script}\n")
        path.chmod(0o700)

    return make


WAYLAND, X11 = {"WAYLAND_DISPLAY": "wayland-0"}, {"DISPLAY": ":0"}


@pytest.mark.parametrize(
    ("platform", "environ", "name"),
    [
        ("linux", WAYLAND, "wl-paste"),
        ("linux", X11, "xclip"),
        ("linux", WAYLAND | X11, "wl-paste"),
        ("darwin", {}, "pngpaste"),
        ("linux", {}, ""),
        ("linux", X11 | {"SSH_CONNECTION": "1"}, ""),
    ],
)
def test_the_tool_is_that_of_the_display(
    tool: Tool, monkeypatch: pytest.MonkeyPatch, platform: str, environ: dict[str, str], name: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    assert picture_tool(environ) == ()
    for other in ("wl-paste", "xclip", "pngpaste"):
        tool(other, "cat picture")
    found = picture_tool(environ)
    assert (found[0] if found else "") == name
    if found:
        picture = clipboard_picture(found)
        assert picture is not None
        assert (picture.name, picture.content) == ("clipboard.png", PNG)


@pytest.mark.parametrize("script", ["exit 1", "true", "exec sleep 60", "echo a text"])
def test_where_there_is_no_picture_there_is_none(tool: Tool, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(clipboard, "_TIMEOUT_S", 0.2)
    tool("xclip", script)
    assert clipboard_picture(picture_tool(X11)) is None


def test_a_tool_that_goes_away_is_none(tool: Tool) -> None:
    assert clipboard_picture(("none-such",)) is None


def test_a_damaged_picture_is_said_to_be(tool: Tool) -> None:
    tool("xclip", "head -c 20 picture")
    with pytest.raises(FileRefused, match=r"^clipboard\.png is damaged"):
        clipboard_picture(picture_tool(X11))


@pytest.mark.parametrize(
    ("platform", "environ", "names", "name"),
    [
        ("linux", WAYLAND, ("wl-paste",), "wl-paste"),
        ("linux", X11, ("xclip", "xsel"), "xclip"),
        ("linux", X11, ("xsel",), "xsel"),
        ("darwin", {}, ("pbpaste",), "pbpaste"),
        ("linux", X11 | {"SSH_CONNECTION": "1"}, ("xclip",), ""),
    ],
)
def test_a_text_is_read_as_it_is(
    tool: Tool,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    environ: dict[str, str],
    names: tuple[str, ...],
    name: str,
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    for other in names:
        tool(other, "printf 'zw\\303\\266lf\\nB\\344ume'")
    found = text_tool(environ)
    assert (found[0] if found else "") == name
    assert clipboard_text(found) == ("zw\N{LATIN SMALL LETTER O WITH DIAERESIS}lf\nB\ufffdume" if name else "")
