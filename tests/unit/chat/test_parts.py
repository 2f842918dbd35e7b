"""The parts of a message: files, whose content may be kept elsewhere."""

from __future__ import annotations

import pytest

from tui_chat.chat.message import Conversation, Message, Role, title_of, utc_now
from tui_chat.chat.parts import FilePart, TextPart, parts_from_json, parts_to_json
from tui_chat.chat.request import turns_from

NOTES = FilePart("a.md", "text/plain", "Zürich \udcff")
PICTURE = FilePart("a.png", "image/png", "aGk=")


@pytest.mark.parametrize("file", [NOTES, PICTURE])
def test_a_file_without_its_content_is_the_same_file_and_gets_it_back(file: FilePart) -> None:
    reference = file.reference()
    (read,) = parts_from_json(parts_to_json([reference]))
    assert isinstance(read, FilePart)
    assert (read, read.size, read.lost) == (file, file.size, True)
    assert read.with_content(file.content).data == file.data


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": "abc"},
        {"data": "a" * 30_000_000},
        {"data": "ä"},
        {"data": 1},
        {"sha256": "../../etc/passwd"},
        {"sha256": "A" * 64},
        {},
    ],
    ids=lambda wrong: str(wrong)[:40],
)
def test_what_is_no_file_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a file in it"):
        parts_from_json([{"type": "file", "name": "a.png", "media_type": "image/png", **wrong}])


def test_a_file_alone_is_a_prompt_that_names_its_conversation() -> None:
    prompt = Message.user(" ", files=(NOTES, PICTURE), parent_id=None, created_at=utc_now())
    assert prompt.parts == (NOTES, PICTURE)
    assert title_of(prompt) == "a.md, a.png"
    assert turns_from(Conversation(messages=(prompt,)).messages)[0].parts == (NOTES, PICTURE)


def test_of_a_lost_file_the_model_hears_the_name() -> None:
    (turn,) = turns_from([Message(Role.USER, (PICTURE.reference(), TextPart("Look.")))])
    assert turn.parts == (TextPart("[The file a.png went with this, and is lost.]\n\n"), TextPart("Look."))
