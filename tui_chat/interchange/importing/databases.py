"""The databases of other programs for a terminal: which program's one is, and the conversations in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from tui_chat.interchange.importing.elia import elia_conversations, is_elia
from tui_chat.interchange.importing.llm import is_llm, llm_conversations
from tui_chat.interchange.importing.oterm import is_oterm, oterm_conversations
from tui_chat.interchange.importing.source import ImportProblem, SourceConversation
from tui_chat.storage.foreign import ForeignDatabase, ForeignDatabaseError, foreign_database

Reader: TypeAlias = Callable[[ForeignDatabase], Iterator[SourceConversation | ImportProblem]]
DATABASES: Mapping[str, tuple[Callable[[ForeignDatabase], bool], Reader]] = {
    "llm": (is_llm, llm_conversations),
    "elia": (is_elia, elia_conversations),
    "oterm": (is_oterm, oterm_conversations),
}
"""The programs, how their databases are known, and how these are read."""
_UNKNOWN = "It is a database, but not one of llm, elia or oterm."
_OURS = "It is a backup; `tui-chat history restore` puts it in the place of the whole history."


def database_conversations(
    path: Path, format: str, stopped: Callable[[], bool]
) -> Iterator[SourceConversation | ImportProblem]:
    """Yield the conversations in a database; "" finds out whose it is."""
    try:
        with foreign_database(path, stopped) as database:
            known = [name for name, (is_its, _) in DATABASES.items() if is_its(database)]
            if format in known or (known and not format):
                yield from DATABASES[format or known[0]][1](database)
            else:
                yield ImportProblem(path.name, _OURS if database.columns("backup_files") else _UNKNOWN)
    except ForeignDatabaseError as error:
        yield ImportProblem(path.name, str(error))
