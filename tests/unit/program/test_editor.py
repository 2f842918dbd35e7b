"""The choice of the editor for prompts."""

from __future__ import annotations

import pytest

from tui_chat.program.editor import EditorError, editor_command


@pytest.mark.parametrize(
    ("environ", "command"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "nano"}, ["code", "--wait"]),
        ({"VISUAL": " ", "EDITOR": "'/my tools/edit' -f"}, ["/my tools/edit", "-f"]),
        ({}, ["vi"]),
    ],
)
def test_the_editor_is_that_of_the_environment(environ: dict[str, str], command: list[str]) -> None:
    assert editor_command(environ) == command


def test_what_is_no_command_is_named() -> None:
    with pytest.raises(EditorError, match="EDITOR is no command"):
        editor_command({"EDITOR": "vi 'unclosed"})
