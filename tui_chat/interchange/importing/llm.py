"""The conversations of llm, as its `logs.db` has them: a row for each prompt with its reply."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tui_chat.chat.message import Role
from tui_chat.chat.parts import FilePart, Part, ThinkingPart
from tui_chat.interchange.importing.grouping import Room, Row, in_groups
from tui_chat.interchange.importing.source import (
    ImportProblem,
    SourceConversation,
    SourceMessage,
    lost_file,
    system_files,
    text_file,
    time_of,
)
from tui_chat.storage.foreign import ForeignDatabase
from tui_chat.text.limits import MOST_FILES
from tui_chat.text.reading import name

_RESPONSES = """
SELECT responses.id, prompt, system, response, responses.model, datetime_utc, conversations.name AS title,
    coalesce(responses.conversation_id, responses.id) AS of_conversation
FROM responses LEFT JOIN conversations ON conversations.id = responses.conversation_id
ORDER BY of_conversation, responses.datetime_utc, responses.id
"""
_ATTACHMENTS = f"""
SELECT path, url, content FROM attachments JOIN prompt_attachments ON attachment_id = attachments.id
WHERE response_id = ? ORDER BY "order" LIMIT {MOST_FILES}
"""
_FRAGMENTS = f"""
SELECT content, source, hash FROM fragments JOIN prompt_fragments ON fragment_id = fragments.id
WHERE response_id = ? ORDER BY "order" LIMIT {MOST_FILES}
"""
_THINKING = """
SELECT content FROM parts WHERE response_id = ? AND part_type = 'reasoning' AND direction = 'output' ORDER BY "order"
"""


def is_llm(database: ForeignDatabase) -> bool:
    """True if this is a `logs.db` of llm."""
    columns = {"id", "prompt", "system", "response", "model", "conversation_id", "datetime_utc"}
    return columns <= set(database.columns("responses")) and "name" in database.columns("conversations")


def llm_conversations(database: ForeignDatabase) -> Iterator[SourceConversation | ImportProblem]:
    """Yield the conversations."""
    return in_groups(database.rows(_RESPONSES), "of_conversation", partial(_conversation, _Extras(database)))


def _conversation(extras: _Extras, rows: Iterator[Row], room: Room) -> SourceConversation:
    messages: list[SourceMessage] = []
    id, title, system = "", "", ""
    for row in rows:
        id, title = str(row["of_conversation"]), name(row["title"])
        said = row["system"] if isinstance(row["system"], str) else ""
        before = messages[-1].id if messages else None
        messages += _exchange(row, extras, room, before, said if said != system else "")
        system = said
    return SourceConversation(("llm", id), messages, title)


def _exchange(
    row: Row, extras: _Extras, room: Room, before: str | None, system: str
) -> tuple[SourceMessage, SourceMessage]:
    id, time = str(row["id"]), time_of(row["datetime_utc"])
    asked = (*system_files(system), *extras.files(id, room), *room.text(row["prompt"]))
    thinking: tuple[Part, ...] = tuple(map(ThinkingPart, extras.thinking(id)))
    prompt = SourceMessage(f"{id} prompt", before, Role.USER, asked, time)
    said = (*thinking, *room.text(row["response"]))
    return prompt, SourceMessage(f"{id} response", prompt.id, Role.ASSISTANT, said, time, name(row["model"]))


class _Extras:
    """The tables beside the prompts and replies, which earlier versions of llm have not all."""

    def __init__(self, database: ForeignDatabase) -> None:
        self._database = database
        self._has_attachments = bool(database.columns("attachments") and database.columns("prompt_attachments"))
        self._has_fragments = bool(database.columns("fragments") and database.columns("prompt_fragments"))
        self._has_parts = "part_type" in database.columns("parts")

    def files(self, id: str, room: Room) -> Iterator[FilePart]:
        """Yield what went with a prompt."""
        for row in self._database.rows(_FRAGMENTS, id) if self._has_fragments else ():
            content = row["content"]
            yield text_file(row["source"] or name(row["hash"])[:8], content if isinstance(content, str) else "")
        for row in self._database.rows(_ATTACHMENTS, id) if self._has_attachments else ():
            yield _attached(row, room)

    def thinking(self, id: str) -> Iterator[str]:
        """Yield what was thought before a reply."""
        for row in self._database.rows(_THINKING, id) if self._has_parts else ():
            if isinstance(row["content"], str) and row["content"]:
                yield row["content"]


def _attached(row: Row, room: Room) -> FilePart:
    """Return a file that went with a prompt; of one that is elsewhere, its name."""
    where, content = row["path"] or row["url"], row["content"]
    file_name = name(where).rpartition("/")[2] or "attachment"
    return room.file(file_name, content) if isinstance(content, bytes) else lost_file(file_name, str(where))
