"""The commands that list by marks and delete by id or age, run as users run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.storage import Store


@pytest.fixture
def ids(tmp_path: Path) -> dict[str, str]:
    """Three old conversations, one of them pinned, one archived and tagged; and a new one."""
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    made = {}
    for title, year in (("Pinned", 2019), ("Archived", 2020), ("Old", 2021), ("New", 0)):
        changed = {"updated_at": f"{year}-01-01T00:00:00+00:00"} if year else {}
        made[title] = store.import_({"title": title, "messages": [{"role": "user", "text": "x"}]} | changed).id
    store.marks.pin(made["Pinned"])
    store.marks.archive(made["Archived"])
    store.marks.tag(made["Archived"], ["home", "work"])
    assert store.flush(PATIENCE_S)
    store.close()
    return made


def titles(cli: Command, *options: str) -> list[str]:
    """The conversations that are listed."""
    return [listed["title"] for listed in cli.json("history", "list", "--format", "json", *options)]


def all_titles(cli: Command) -> set[str]:
    """The conversations that there are, in the archive or not."""
    return {*titles(cli), *titles(cli, "--archived")}


def test_the_list_has_marks_and_is_chosen_by_them(cli: Command, ids: dict[str, str]) -> None:
    assert titles(cli) == ["New", "Old", "Pinned"]
    assert titles(cli, "--archived") == ["Archived"]
    assert titles(cli, "--archived", "--tag", "Work") == ["Archived"]
    assert titles(cli, "--tag", "work") == []
    (archived,) = cli.json("history", "list", "--archived", "--format", "json")
    assert (archived["archived"], archived["tags"], "pinned" in archived) == (True, ["home", "work"], False)
    assert b"[pinned] Pinned" in cli.run("history").stdout
    assert b"[archived] Archived #home #work" in cli.run("history", "list", "--archived").stdout
    refused = cli.run("history", "list", "--tag", "two words")
    assert (refused.returncode, refused.stderr) == (2, b"tui-chat: --tag takes one word.\n")


def test_tags_complete(cli: Command, ids: dict[str, str]) -> None:
    assert cli.run("completion", "--words", "tags").stdout.split() == [b"home", b"work"]
    assert set(cli.run("completion", "--words", "ids").stdout.decode().split()) == set(ids.values())


def test_several_are_deleted_or_none(cli: Command, ids: dict[str, str]) -> None:
    missing = cli.run("history", "delete", "--yes", ids["Old"], "nowhere")
    assert (missing.returncode, b"There is no conversation nowhere" in missing.stderr) == (1, True)
    assert all_titles(cli) == set(ids)
    assert cli.run("history", "delete", "--yes", ids["Old"], ids["New"][:8], ids["Old"]).returncode == 0
    assert all_titles(cli) == {"Pinned", "Archived"}


def test_a_dry_run_lists_what_prune_would_delete(cli: Command, ids: dict[str, str]) -> None:
    done = cli.run("history", "prune", "--older-than", "90d", "--dry-run")
    assert (done.returncode, done.stderr) == (0, b"2 conversations would be deleted.\n")
    assert b"Old" in done.stdout
    assert b"Archived" in done.stdout
    assert b"New" not in done.stdout
    assert b"Pinned" not in done.stdout
    assert all_titles(cli) == set(ids)


def test_prune_spares_what_is_pinned(cli: Command, ids: dict[str, str]) -> None:
    done = cli.run("history", "prune", "--older-than", "12w", "--yes")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"2 conversations deleted.\n")
    assert all_titles(cli) == {"New", "Pinned"}
    assert cli.run("history", "prune", "--older-than", "12w", "--yes").stderr == b"No conversation is that old.\n"
    assert cli.run("history", "prune", "--older-than", "12w", "--yes", "--pinned").returncode == 0
    assert all_titles(cli) == {"New"}


@pytest.mark.parametrize("age", ["90", "0d", "-1d", "1.5d", "d", "99999w", "90days"])
def test_an_age_that_is_none_is_refused(cli: Command, ids: dict[str, str], age: str) -> None:
    done = cli.run("history", "prune", f"--older-than={age}", "--yes")
    assert (done.returncode, b"is not an age" in done.stderr) == (2, True)
    assert all_titles(cli) == set(ids)


def test_prune_without_a_terminal_deletes_nothing_that_was_not_agreed_to(cli: Command, ids: dict[str, str]) -> None:
    done = cli.run("history", "prune", "--older-than", "90d")
    assert (done.returncode, b"--yes" in done.stderr) == (2, True)
    assert all_titles(cli) == set(ids)


@pytest.mark.parametrize(("answer", "left"), [("y", {"New", "Pinned"}), ("", {"New", "Pinned", "Old", "Archived"})])
def test_prune_asks(
    environment: dict[str, str], cli: Command, warm: WarmProgram, ids: dict[str, str], answer: str, left: set[str]
) -> None:
    with Terminal(["history", "prune", "--older-than", "90d"], environment, warm) as terminal:
        terminal.wait_for("Delete 2 conversations for good? [y/N]")
        terminal.send(f"{answer}\r")
        assert terminal.exit_code() == 0
    assert all_titles(cli) == left
