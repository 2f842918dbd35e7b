"""Files that a provider made are saved under plain names, over nothing that is there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui_chat.chat.errors import ChatError
from tui_chat.chat.protocols import MadeFile
from tui_chat.demo import DemoServer
from tui_chat.demo.made_files import CONTENT
from tui_chat.program.made_files import plain_name, save_made_files, write_new
from tui_chat.providers import ProviderConfig, create_provider


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("chart.png", "chart.png"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("C:\\Users\\x\\a.txt", "a.txt"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        ("a\x1b]0;x\x07.txt", "a\ufffd]0;x\ufffd.txt"),
        ("a\nb.txt", "a b.txt"),
        ("x" * 300 + ".tar.gz", "x" * 117 + ".gz"),
    ],
)
def test_a_name_leads_nowhere(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_nothing_is_overwritten_and_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "a (2).txt").symlink_to(tmp_path / "elsewhere")
    path = write_new(tmp_path, MadeFile("a.txt", b"theirs"))
    assert (path.name, path.read_bytes()) == ("a (3).txt", b"theirs")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "a.txt").read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


async def test_a_file_comes_from_where_it_is_kept(tmp_path: Path) -> None:
    with DemoServer(rate=0, latency_s=0) as server:
        provider = create_provider(ProviderConfig("anthropic", base_url=server.url, api_key="sk-ant-demo"))
        (path,) = await save_made_files(provider, ["file_demo_01"], tmp_path)
        assert (path.name, path.read_text()) == ("squares.csv", CONTENT)
        with pytest.raises(ChatError):
            await save_made_files(provider, ["file_gone"], tmp_path)


async def test_a_provider_that_keeps_no_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(ChatError, match="keeps no files"):
        await save_made_files(create_provider(ProviderConfig("openai", api_key="k")), ["x"], tmp_path)
