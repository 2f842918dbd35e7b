"""The documentation says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from release.man_page import man_page
from tui_chat.settings import keys_markdown, reference_markdown

ROOT = Path(__file__).parents[2]


def test_the_settings_page_is_made_from_the_schema() -> None:
    """`python -c 'from tui_chat.settings import *; print(reference_markdown(), end="")' > docs/settings.md`."""
    assert (ROOT / "docs" / "settings.md").read_text() == reference_markdown()


def test_the_page_of_keys_is_made_from_the_actions() -> None:
    """`python -c 'from tui_chat.settings import *; print(keys_markdown(), end="")' > docs/keys.md`."""
    assert (ROOT / "docs" / "keys.md").read_text() == keys_markdown()


def test_the_man_page_is_made_from_the_arguments() -> None:
    """`python -m release.man_page > share/man/man1/tui-chat.1`."""
    assert (ROOT / "share" / "man" / "man1" / "tui-chat.1").read_text() == man_page()


def test_every_page_is_in_the_table_of_contents() -> None:
    """What the links of the pages lead to, `mkdocs build --strict` looks at."""
    pages = re.findall(r"([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    assert sorted(pages) == sorted(page.name for page in (ROOT / "docs").glob("*.md"))


def test_every_link_into_the_repository_leads_somewhere() -> None:
    files = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"] + "/blob/main/"
    links = [
        link.removeprefix(files)
        for page in (ROOT / "docs").glob("*.md")
        for link in re.findall(r"\]\((https://github\.com/tui-chat/[^)#]*)", page.read_text())
    ]
    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []


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
