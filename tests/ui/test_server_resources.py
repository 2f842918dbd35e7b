"""Resources of MCP servers behind @SERVER: offered, chosen, and read into a file that goes with the prompt."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import notices
from tests.ui.test_mcp_servers import with_stub
from tui_chat.chat.parts import FilePart
from tui_chat.program.server_resources import ServerResources
from tui_chat.tools import ServerResource, ServerState


def offered(stage: Stage) -> list[str]:
    return [offer.text for offer in stage.composer.offers.offers]


def names(stage: Stage) -> list[str]:
    return [file.name for file in stage.composer.files]


async def choose(stage: Stage, uri: str) -> None:
    """Type the address of a resource, and choose it."""
    await stage.type(f"See @stub:{uri}")
    await stage.until(lambda: offered(stage)[:1] == [f"stub:{uri}"])
    await stage.pilot.press("enter")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and the settings beside it."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return tmp_path


async def test_a_resource_is_offered_chosen_and_sent(opened: Opener, here: Path) -> None:
    with_stub(here, "echo")
    async with opened() as stage:
        await stage.type("See @st")
        await stage.until(lambda: offered(stage) == ["stub:"])
        assert stage.program.tools.servers.status("stub").state is ServerState.IDLE
        await stage.pilot.press("enter")
        assert stage.composer.text == "See @stub:"
        await stage.until(lambda: len(offered(stage)) == 4)
        await stage.until(lambda: "First note" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: names(stage) == ["First note"])
        assert stage.composer.text == "See First note "
        await stage.until(lambda: "text · 21 bytes · ~7 tokens" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: bool(stage.server.log.replies))
        assert "What note://one says." in str(stage.server.log.replies[-1].body)


async def test_a_picture_and_a_folder_come_as_files(opened: Opener, here: Path) -> None:
    with_stub(here, "echo")
    async with opened() as stage:
        await choose(stage, "pic://two")
        await stage.until(lambda: names(stage) == ["A picture"])
        assert stage.composer.files[0].media_type == "image/png"
        await choose(stage, "note://{id}/text")
        assert stage.composer.text == "See @stub:note://"
        await stage.pilot.press(*"7", "slash", *"text")
        await stage.until(lambda: offered(stage)[:1] == ["stub:note://7/text"])
        await stage.pilot.press("enter")
        await stage.until(lambda: names(stage) == ["A picture", "note://7/text"])


UNREADABLE = (
    ("note://odd/text", "The MCP server stub answered with what cannot be read."),
    ("note://huge/text", "note://huge/text is too large: a text may have 4 MB."),
    ("note://blob/text", "note://blob/text is neither text nor"),
    ("note://nothing/text", "note://nothing/text is empty."),
    ("note://die/text", "The MCP server stub ended. Its last words: out of cheese."),
)


async def test_what_cannot_be_read_is_one_sentence_and_the_prompt_stays(opened: Opener, here: Path) -> None:
    with_stub(here, "echo")
    async with opened(notices=True, size=(120, 30)) as stage:
        for uri, sentence in UNREADABLE:
            await choose(stage, uri)
            await stage.until(lambda sentence: sentence in notices(stage), sentence)
            assert (stage.composer.text, names(stage)) == (f"See {uri} ", []), uri


async def test_a_prompt_waits_for_a_resource_and_goes_without_it_if_it_is_sent_again(
    opened: Opener, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_stub(here, "echo")
    comes = asyncio.Event()

    async def files(self: ServerResources, resource: ServerResource) -> list[FilePart]:
        await comes.wait()
        return [FilePart(resource.name, "text/plain", "Late.")]

    monkeypatch.setattr(ServerResources, "files", files)
    async with opened(notices=True, size=(120, 30)) as stage:
        await choose(stage, "note://one")
        await stage.until(lambda: stage.composer.text == "See First note ")
        await stage.pilot.press("enter")
        await stage.until(lambda: "First note is still being read from stub." in notices(stage))
        assert stage.composer.text == "See First note "
        await stage.pilot.press("enter")
        await stage.until(lambda: not stage.composer.text)
        comes.set()
        await stage.app.workers.wait_for_complete([worker for worker in stage.app.workers if worker.group == "files"])
        assert names(stage) == []


async def test_a_server_that_cannot_start_says_so_once(opened: Opener, here: Path) -> None:
    with_stub(here, "echo", "die-at-start")
    async with opened(notices=True, size=(120, 30)) as stage:
        await stage.type("@stub:no")
        await stage.until(lambda: "no licence found" in notices(stage))
        assert notices(stage).count("no licence found") == 1
        assert stage.composer.text == "@stub:no"


async def test_without_a_server_an_at_offers_files_alone(opened: Opener, here: Path) -> None:
    (here / "work" / "stub:notes.md").write_text("A file.")
    async with opened() as stage:
        await stage.type("@stub:")
        await stage.until(lambda: offered(stage) == ["stub:notes.md"])
