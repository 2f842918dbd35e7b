"""Every command of the documentation is run, page by page, as its reader would in one shell.

A block that cannot run here has a title that says why, which the reader sees too. What a page takes for granted, such
as a file of the reader's, is made by a comment at its top.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.documented import ShellCommand
from tests.e2e.test_openai import Completions, chunks, completions, streamed
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.cli.main import build_parser

ROOT = Path(__file__).parents[2]
PAGES = [page for page in sorted((ROOT / "docs").glob("*.md")) if "```sh" in page.read_text()]
BLOCK = re.compile(r"^```sh(?P<about>[^\n]*)\n(?P<commands>.*?)^```$", re.DOTALL | re.MULTILINE)
BEFORE = re.compile(r"<!-- before\n(.*?)^-->$", re.DOTALL | re.MULTILINE)
OLLAMA = "http://127.0.0.1:11434/v1"
NEEDS = re.compile(r' title="Needs [a-z ]+"')

__all__ = ["completions"]


@pytest.fixture
def shell(
    environment: Mapping[str, str], completions: Completions, warm: WarmProgram, tmp_path: Path
) -> Iterator[Mapping[str, str]]:
    """A home of one's own, where `tui-chat` is this program and two servers stand for the vendors'."""
    commands = tmp_path / "bin"
    commands.mkdir()
    completions.answers = [streamed(chunks("A reply."))] * 10
    own = {
        "HOME": str(tmp_path),
        "EDITOR": "true",
        "PATH": f"{commands}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "OPENAI_API_KEY": "sk-test-0123456789abcdefghijklmnop",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{completions.server_address[1]}/v1",
    }
    command = ShellCommand(warm, commands)
    yield {**os.environ, **environment, **own}
    command.close()


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_commands_of_a_page_run(page: Path, shell: Mapping[str, str], tmp_path: Path) -> None:
    text = page.read_text()
    blocks = [block["commands"] for block in BLOCK.finditer(text) if not block["about"]]
    script = "".join([*BEFORE.findall(text), *blocks]).replace(OLLAMA, shell["OPENAI_BASE_URL"])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=shell,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_what_is_not_run_says_why(page: Path) -> None:
    titles = [block["about"] for block in BLOCK.finditer(page.read_text()) if block["about"]]
    assert [title for title in titles if not NEEDS.fullmatch(title)] == []


def test_the_commands_of_the_readme_are_commands() -> None:
    """They are only read here: each of them stands on a page, too."""
    blocks = "".join(block["commands"] for block in BLOCK.finditer((ROOT / "README.md").read_text()))
    commands = [line.partition("tui-chat ")[2] for line in blocks.splitlines() if re.search(r"(^|\| )tui-chat ", line)]
    assert commands
    for command in commands:
        build_parser().parse_args(_words(command))


def _words(command: str) -> list[str]:
    """Return the words of a command up to what the shell makes of the rest."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|<>&;")
    lexer.whitespace_split, lexer.commenters = True, "#"
    words = list(lexer)
    end = next((at for at, word in enumerate(words) if set(word) <= set("|<>&;")), len(words))
    return words[:end]
