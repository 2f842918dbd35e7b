"""The documentation says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from tui_chat.settings import reference_markdown

ROOT = Path(__file__).parents[2]


def test_the_settings_page_is_made_from_the_schema() -> None:
    """`python -c 'from tui_chat.settings import *; print(reference_markdown(), end="")' > docs/settings.md`."""
    assert (ROOT / "docs" / "settings.md").read_text() == reference_markdown()


def test_every_picture_of_the_readme_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_every_module_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    package = ROOT / "tui_chat"
    modules = [name for name in re.findall(r"`([\w/]+\.py)`", text) if not name.startswith("tests/")]
    assert modules
    assert [name for name in modules if not (package / name).exists() and not list(package.rglob(name))] == []
