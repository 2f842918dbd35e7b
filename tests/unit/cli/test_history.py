"""`history` in text: aligned, cleaned, and with ids that can be typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Runner
from tui_chat.chat.message import new_id
from tui_chat.cli import history_import


def test_the_list_is_a_table_with_the_latest_first(command: Runner, talks: list[str]) -> None:
    done = command("history", "list")
    head, first, second = done.out.splitlines()
    assert head.split() == ["ID", "CHANGED", "MESSAGES", "TITLE"]
    assert first.startswith(talks[0][:8])
    assert first.endswith("Trains\ufffd[31m")
    assert second.endswith("Zürich 東京")
    assert first.index("Trains") == second.index("Zürich") == head.index("TITLE")


def test_the_list_can_be_short(command: Runner, talks: list[str]) -> None:
    assert [item["id"] for item in json.loads(command("history", "list", "--limit", "1", "--format", "json").out)] == (
        talks[:1]
    )
    assert command("history", "list", "--limit", "0").status == 2


def test_an_empty_history_says_so_where_it_disturbs_no_program(command: Runner) -> None:
    assert command("history", "list") == (0, "", "No conversations.\n")
    assert command("history", "list", "--format", "json").out == "[]\n"


def test_show_says_who_speaks_and_what_was_cut(command: Runner, talks: list[str]) -> None:
    lines = command("history", "show", talks[0][:8]).out.splitlines()
    assert lines[0] == "Trains\ufffd[31m"
    assert talks[0] in lines[1]
    assert lines[2:] == ["", "You", "About Trains\ufffd[31m", "", "Assistant (stopped)", "They run"]


@pytest.mark.parametrize("words", [["show"], ["export"], ["delete", "--yes"], ["rename"]])
def test_an_unknown_id_is_a_sentence(command: Runner, talks: list[str], words: list[str]) -> None:
    title = ["New"] if words == ["rename"] else []
    done = command("history", *words, "nothing", *title)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("tui-chat: There is no conversation nothing")


def test_an_id_that_fits_several_is_a_sentence(command: Runner, talks: list[str], tmp_path: Path) -> None:
    while len({id[0] for id in talks}) == len(talks):  # sixteen conversations are enough for two of a letter
        talks.append(_copied(command, talks[0], tmp_path))
    first = next(id[0] for id in talks if sum(other[0] == id[0] for other in talks) > 1)
    done = command("history", "show", first)
    assert done.status == 1
    assert "Several conversations" in done.err


def test_search_prints_hits_with_their_ids(command: Runner, talks: list[str]) -> None:
    done = command("history", "search", "lake")
    heading, snippet = done.out.splitlines()
    assert heading.startswith(talks[1][:8])
    assert heading.endswith("  Zürich 東京")
    (hit,) = json.loads(command("history", "search", "LAKE", "--format", "json").out)
    assert snippet == f"    {hit['message_id'][:8]} reply: The lake."
    assert (hit["conversation_id"], hit["role"]) == (talks[1], "assistant")
    assert command("history", "search", "ocean") == (0, "", "Nothing was found.\n")


def test_export_as_markdown(command: Runner, talks: list[str]) -> None:
    done = command("history", "export", talks[1], "--format", "markdown")
    assert done.out == "# Zürich 東京\n\n## You\n\nAbout Zürich 東京\n\n## Assistant\n\nThe lake.\n"


def test_export_as_markdown_says_what_was_cut_and_what_is_cited(command: Runner, tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "The sky", "citations": [{"title": "Skies", "url": "https://s.example"}]}]
    reply = {"role": "assistant", "text": "The sky", "parts": parts, "stream_metadata": {"stop_reason": "max_tokens"}}
    file = tmp_path / "talk.json"
    file.write_text(json.dumps({"title": "Sky", "messages": [{"role": "user", "text": "Why?"}, reply]}))
    command("history", "import", str(file))
    [shown] = json.loads(command("history", "list", "--format", "json").out)
    text = command("history", "export", shown["id"], "--format", "markdown").out
    assert "## Assistant (cut at the token limit)\n\nThe sky[1]\n\nSources:\n\n1. Skies https://s.example\n" in text


def test_rename_takes_one_line(command: Runner, talks: list[str]) -> None:
    assert command("history", "rename", talks[0], " Two\nlines ").status == 0
    assert "Two lines" in command("history", "list").out
    assert command("history", "rename", talks[0], "\n").status == 2


def test_import_says_what_has_come_of_each_file(command: Runner, talks: list[str], tmp_path: Path) -> None:
    file = _exported(command, talks[1], tmp_path)
    assert command("history", "import", str(file)) == (0, "1 conversation was there already.\n", "")
    command("history", "delete", talks[1], "--yes")
    talk = tmp_path / "talk.json"
    talk.write_text('[{"messages": [{"role": "user", "text": "x"}]}, {"title": "Bad\\u001b", "messages": [1]}]')
    done = command("history", "import", str(file), str(talk), str(file))
    assert (done.status, done.out) == (
        0,
        "2 conversations added, 1 was there already, 1 could not be imported.\n",
    )
    assert done.err.startswith("“Bad")
    assert "message 1 cannot be read: it is not an object." in done.err
    shown = json.loads(command("history", "show", talks[1], "--format", "json").out)
    assert shown["messages"][1]["text"] == "The lake.\n"


def test_a_long_import_says_how_far_it_is(command: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_import, "PROGRESS_S", 0.0)
    file = tmp_path / "talk.json"
    file.write_text(json.dumps([{"messages": [{"role": "user", "text": text}]} for text in ("x", "y")]))
    done = command("history", "import", str(file))
    assert done.err.splitlines() == [
        "1 so far (100% of the file). Ctrl+C stops, and keeps them.",
        "2 so far (100% of the file). Ctrl+C stops, and keeps them.",
    ]


def test_import_of_nothing_fails(command: Runner, tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    file.write_text("[]")
    done = command("history", "import", str(file))
    assert (done.status, done.out) == (1, "1 conversation could not be imported.\n")
    assert "there is no conversation in it." in done.err


def test_a_file_that_is_not_there_is_a_sentence(command: Runner) -> None:
    done = command("history", "import", "nowhere.json")
    assert (done.status, done.err) == (1, "“nowhere.json” could not be imported: no such file or directory.\n")


def test_a_change_that_cannot_be_saved_is_not_called_done(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    file = tmp_path / "talk.json"
    file.write_text('{"messages": [{"role": "user", "text": "x"}]}')
    done = command("history", "import", str(file))
    assert (done.status, done.out) == (1, "")
    assert "could not be saved" in done.err


@pytest.mark.parametrize(
    ("command_line", "fault"),
    [
        (["rename", "ID", "Other"], "tui_chat.storage.conversations.rename"),
        (["delete", "ID", "--yes"], "tui_chat.storage.removal.delete"),
    ],
)
def test_a_write_that_fails_fails_the_command_and_is_logged(
    command: Runner,
    talks: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command_line: list[str],
    fault: str,
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("sec" + "ret")  # the log shows this line, but not what it says

    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.json").write_text('{"messages": [{"role": "user", "text": "x"}]}')
    monkeypatch.setattr(fault, fails)
    done = command("history", *(talks[0] if word == "ID" else word for word in command_line))
    assert (done.status, done.out) == (1, "")
    assert "it could not be saved.\n" in done.err
    logged = (tmp_path / "data" / "state" / "tui-chat.log").read_text()
    assert "RuntimeError" in logged
    assert "secret" not in logged


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, "9" * 5_000, '{"format": "' + "x" * 3_000_000 + '", "messages": []}'],
    ids=["deep", "digits", "long"],
)
def test_no_file_makes_a_long_sentence(command: Runner, tmp_path: Path, content: str) -> None:
    (tmp_path / "x").write_text(content)
    done = command("history", "import", str(tmp_path / "x"))
    assert done.status == 1
    assert len(done.err) <= 300 + 1


def _exported(command: Runner, id: str, folder: Path) -> Path:
    file = folder / "exported.json"
    file.write_text(command("history", "export", id).out)
    return file


def _copied(command: Runner, id: str, folder: Path) -> str:
    """Return the id of a copy of a conversation."""
    copy = {**json.loads(command("history", "export", id).out), "id": new_id()}
    file = folder / "copy.json"
    file.write_text(json.dumps(copy))
    command("history", "import", str(file))
    return str(copy["id"])
