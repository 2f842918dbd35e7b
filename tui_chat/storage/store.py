"""The store: everything that is kept on disk, through one interface."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from tui_chat.chat.imported import ImportedConversation, ImportOutcome
from tui_chat.chat.message import BranchPlace, Conversation, ConversationSummary, Message, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import FilePart
from tui_chat.chat.protocols import Journal
from tui_chat.chat.search_query import SearchQuery
from tui_chat.storage import (
    conversations,
    interchange,
    problems,
    recovery,
    removal,
    removed_messages,
    search,
    statistics,
)
from tui_chat.storage.choices import Choices
from tui_chat.storage.database import Database
from tui_chat.storage.exchanged_marks import with_marks
from tui_chat.storage.files import FileStore, references_in
from tui_chat.storage.journal import SqliteJournal, store_whole
from tui_chat.storage.marks import Marks
from tui_chat.storage.merging import merge
from tui_chat.storage.open_edits import PromptEdit, begin_edit, edits_left
from tui_chat.storage.opening_mark import OpeningMark
from tui_chat.storage.owners import Owner
from tui_chat.storage.problems import Report
from tui_chat.storage.recovery import Prices
from tui_chat.storage.retention import Retention, RetentionAgreement
from tui_chat.storage.search import SearchHit
from tui_chat.storage.statistics import Aside, Grouping, Statistics
from tui_chat.storage.summaries import keep_summary
from tui_chat.storage.unwritten import Unwritten
from tui_chat.storage.writer import Job, Writer, wait_until_written

T = TypeVar("T")

OWN_WRITES_S = 2.0
"""Seconds that a read waits for what this process has queued before it; else it would read what is no longer true.

Nobody waits for this in the thread of the UI, and a disk in trouble is not waited for."""
_ENDED = "ended"
"""No process has this name: what is written under it may be taken up."""
_LONG_WRITE_S = 1.0
"""Seconds that a large write is waited for at once; it is done all the same if it takes longer."""
_IMPORT_S = 60.0
"""Seconds for a whole conversation, which whoever imports it wants to see stored."""


class Store:
    """The conversations of one data folder. Any method may be called from any thread.

    Reads see what this process wrote before; writes are queued and return a Future that need not be waited for.
    Trouble with the disk or the database is reported in a sentence, never raised.
    """

    def __init__(self, folder: Path | None, report: Report, prices: Prices | None = None) -> None:
        """`prices` tell what replies have cost that were cut off by a crash; without them that is not known."""
        self._report = report
        self._prices = prices
        self._database = Database(folder, report)
        self._writer = Writer(self._database, report)
        self._owner = Owner(self._database.folder if self._database.path else None)
        self._unwritten = Unwritten(self._writer)
        self.opening_mark = OpeningMark(self._database.folder if self._database.path else None)
        self._files = FileStore(self._database)
        self.marks = Marks(self._read, self._write)
        self.choices = Choices(self._read, self._write)
        self.retention = Retention(self._read, self._write, self._sweep_files)
        self.retention_agreement = RetentionAgreement(self._database.folder if self._database.path else None)
        self.journal: Journal = SqliteJournal(self._writer, self._owner, self._unwritten, self._files)
        if not self._database.prepared:
            self._write(_nothing)  # the first write creates the schema

    @classmethod
    def open(cls, folder: Path | None, *, on_problem: Callable[[str], None], prices: Prices | None = None) -> Store:
        """Return the store in `folder`, or in memory if that is unusable or None; recover what a crash cut off."""
        store = cls(folder, problems.reported_once(on_problem), prices)
        store.recover()
        return store

    def prepared(self, within_s: float = 0.0) -> bool:
        """True if the database has the schema of this version, or gets it soon; until then reads find nothing."""
        return self._database.prepared or (self.flush(within_s) and self._database.prepared)

    @property
    def path(self) -> Path | None:
        """The database file; None while nothing can be saved."""
        return self._database.path

    @property
    def file_state(self) -> object:
        """A value that changes when anything is written to the database; it is known without reading any of that."""
        return self._database.file_state

    def close(self, timeout_s: float = 2.0) -> bool:
        """Write what is queued, remove for good what was deleted; False if not everything could be written."""
        if self._owner.claimed:
            self.purge_deleted()
        written = self._writer.close(timeout_s)
        self._database.close()
        self._owner.release()
        return written

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that is queued now is on disk; False if that took too long."""
        return self._writer.flush(timeout_s)

    def recover(self) -> None:
        """Recover what processes that have died left behind.

        Their replies are interrupted, with the text as far as it was journalled; what they deleted is removed for good.
        """
        is_alive = self._owner.is_alive
        if self._read(lambda connection: recovery.has_orphans(connection, is_alive), otherwise=False):
            self._write(lambda connection: recovery.interrupt_orphans(connection, is_alive, self._prices))
            self.flush(_LONG_WRITE_S)
        if self._read(lambda connection: removal.has_leftovers(connection, is_alive), otherwise=False):
            self._purge(is_alive)

    def conversations(
        self, limit: int | None = None, query: str = "", *, archived: bool | None = False, tag: str | None = None
    ) -> list[ConversationSummary]:
        """Return the conversations, newest first; with a query, those whose title or text has its words.

        Those that are archived are left out, or else wanted alone; None takes all. With a tag, only those that have it.
        """
        none: list[ConversationSummary] = []
        if query.strip():
            return [summary for summary, _ in self.found(query, limit, archived=archived)]
        found = self._read(lambda connection: conversations.summaries(connection, limit, archived, tag), otherwise=none)
        return found if archived or tag else self._unwritten.added_to(found)[:limit]

    def found(
        self, query: str, limit: int | None = None, *, archived: bool | None = False
    ) -> list[tuple[ConversationSummary, SearchHit | None]]:
        """Return the conversations that a query finds, newest first, each with its newest message that it finds."""
        none: list[tuple[ConversationSummary, SearchHit | None]] = []
        wanted = SearchQuery.parsed(query)
        archived = True if "archived" in wanted.marks else archived
        return self._read(lambda connection: conversations.found(connection, limit, wanted, archived), otherwise=none)

    def message_id(self, conversation_id: str, prefix: str) -> str:
        """Return the id of the conversation's one message whose id begins so; "" if there is no such one."""
        return self._read(
            lambda connection: conversations.message_id(connection, conversation_id, prefix), otherwise=""
        )

    def conversation(self, id_or_prefix: str) -> Conversation | None:
        """Return a conversation by its id or the beginning of it; LookupError if several begin so."""
        waiting = self._unwritten.find_conversation(id_or_prefix)
        return waiting or self._conversation(lambda connection: conversations.by_id(connection, id_or_prefix))

    def grown(self, conversation: Conversation) -> Conversation | None:
        """Return a conversation as others have left it, longer or shorter; None if it is as it was."""
        if self._writer.blocked or self._unwritten.find_conversation(conversation.id) is not None:
            return None  # the difference may be our own, and be undone by the writes that wait
        return self._conversation(lambda connection: conversations.grown(connection, conversation))

    def along(self, conversation: Conversation, message_id: str) -> Conversation | None:
        """Return a conversation along the branch that a message is on; which one is looked at stays as it is."""
        return self._conversation(lambda connection: conversations.along(connection, conversation, message_id))

    def latest(self) -> Conversation | None:
        """Return the conversation that was last changed."""
        return self._conversation(conversations.latest)

    def branches(self, message_id: str) -> list[str]:
        """Return the ids of a message and of its siblings on other branches, the earliest first."""
        return self._read(lambda connection: conversations.siblings(connection, message_id), otherwise=[message_id])

    def branch_places(self, conversation_id: str) -> dict[str, BranchPlace]:
        """Return the branch places of a conversation's messages that have siblings on other branches."""
        return self._read(lambda connection: conversations.branch_places(connection, conversation_id), otherwise={})

    def select_branch(self, conversation_id: str, message_id: str) -> Future[None]:
        """Show the branch that this message is on."""
        return self._write(lambda connection: conversations.select_branch(connection, conversation_id, message_id))

    def rename(self, conversation_id: str, title: str) -> Future[None]:
        """Give a conversation another title."""
        self._unwritten.rename(conversation_id, title)
        return self._write(lambda connection: conversations.rename(connection, conversation_id, title))

    def retitle(self, conversation_id: str, before: str, title: str) -> Future[None]:
        """Give a conversation another title than the one that it began with; one that the user gave stays."""
        return self._write(lambda connection: conversations.retitle(connection, conversation_id, before, title))

    def count_aside(self, conversation_id: str, what: Aside, about: ReplyMetadata) -> Future[None]:
        """Count what a request has cost that is none for a reply; trouble with the disk holds nobody up."""
        now = utc_now()
        return self._writer.submit(
            lambda connection: statistics.record_aside(connection, conversation_id, what, about, now), held=False
        )

    def summarize(self, conversation: Conversation, anchor: Message) -> Future[None]:
        """Keep the summary that a message of a conversation has now, or none."""
        written = self._write(lambda connection: keep_summary(connection, anchor))
        self._unwritten.keep(conversation)
        return written

    def delete(self, conversation_id: str) -> Future[None]:
        """Take a conversation out of sight; until this process ends it can be brought back."""
        self._unwritten.forget(conversation_id)
        return self._write(
            lambda connection: removal.delete(connection, conversation_id, self._owner.claim(), utc_now())
        )

    def replies_elsewhere(self, conversation_id: str) -> bool:
        """True if another process fetches a reply of this conversation: it would bring back what is deleted here."""

        def is_elsewhere(owner: str) -> bool:
            return owner != self._owner.name and self._owner.is_alive(owner)

        return self._read(
            lambda connection: removal.replies_elsewhere(connection, conversation_id, is_elsewhere), otherwise=False
        )

    def undelete(self, conversation_id: str) -> Future[None]:
        """Bring a deleted conversation back."""
        return self._write(lambda connection: removal.undelete(connection, conversation_id))

    def delete_message(self, message_id: str) -> Future[bool]:
        """Take a message out of its conversation until this process ends; not while a reply is coming there."""
        now = utc_now()
        return self._write(
            lambda connection: removed_messages.remove_message(connection, message_id, self._owner.claim(), now)
        )

    def undelete_message(self, message_id: str) -> Future[bool]:
        """Bring a deleted message back to its place."""
        return self._write(lambda connection: removed_messages.put_back(connection, message_id))

    def purge_deleted(self) -> Future[None]:
        """Remove for good what was deleted here, or by processes that have ended."""

        def may_undo(owner: object) -> bool:
            return owner != self._owner.name and self._owner.is_alive(owner)

        return self._purge(may_undo)

    def _purge(self, may_undo: Callable[[object], bool]) -> Future[None]:
        def job(connection: sqlite3.Connection) -> None:
            if removal.purge(connection, may_undo):
                self._write(self._files.sweep)  # once this is on the disk

        return self._write(job)

    def _sweep_files(self) -> None:
        self._write(self._files.sweep)

    def save_draft(self, conversation_id: str, text: str, files: Sequence[FilePart] = ()) -> Future[None]:
        """Keep the text in the composer of a conversation, stored or not, and the files that it refers to."""
        now = utc_now()

        def job(connection: sqlite3.Connection) -> None:
            for file in files:
                self._files.keep(file)
            before = conversations.save_draft(connection, conversation_id, text, self._owner.claim(), now)
            if references_in([before]) - references_in([text]):
                self._write(self._files.sweep)

        return self._write(job)

    def draft(self, conversation_id: str) -> str:
        """Return the text that was in the composer of a conversation."""
        return self._read(lambda connection: conversations.draft(connection, conversation_id), otherwise="")

    def file(self, reference: FilePart) -> FilePart:
        """Return the file that a draft refers to, or what is left of it if it is lost."""
        return self._files.load(reference)

    def begin_edit(self, conversation_id: str, draft: str, prompt: str) -> PromptEdit:
        """Put a prompt into a file for an editor; if the program ends before that, it comes back as a draft."""
        return begin_edit(self.path.parent if self.path else None, conversation_id, draft, prompt)

    def take_back_edits(self) -> None:
        """Make drafts of the prompts that were in an editor when another process ended."""
        for edit in edits_left(self.path.parent) if self.path else ():
            self._take_back(edit)

    def _take_back(self, edit: PromptEdit) -> None:
        whole, now = edit.in_draft(self.draft(edit.conversation_id)), utc_now()
        saved = self._write(
            lambda connection: conversations.save_draft(connection, edit.conversation_id, whole, _ENDED, now)
        )
        if self.flush(_LONG_WRITE_S) and saved.exception() is None:
            edit.remove()

    def unsent(self) -> Conversation | None:
        """Return a conversation of a process that has ended: begun, but never sent. Its draft can be taken up."""
        return self._read(lambda connection: conversations.unsent(connection, self._owner.is_alive), otherwise=None)

    def save_settings(self, conversation_id: str, changes: Mapping[str, str | None]) -> Future[None]:
        """Keep settings of one conversation only beside those that it has; None takes one out."""
        kept, now = dict(changes), utc_now()
        return self._write(lambda connection: conversations.save_settings(connection, conversation_id, kept, now))

    def settings(self, conversation_id: str) -> dict[str, str]:
        """Return the settings of one conversation only."""
        return self._read(lambda connection: conversations.settings(connection, conversation_id), otherwise={})

    def prompts(self, limit: int, query: str = "") -> list[str]:
        """Return earlier prompts of all conversations, newest first."""
        return self._read(lambda connection: conversations.prompts(connection, limit, query), otherwise=[])

    def search(self, query: str, limit: int) -> list[SearchHit]:
        """Return the newest messages that have every word of the query."""
        return self._read(lambda connection: search.search(connection, SearchQuery.parsed(query), limit), otherwise=[])

    def export(self, conversation_id: str) -> dict[str, object]:
        """Return a conversation as `history export --format json` prints it; LookupError if there is none."""
        conversation = self.conversation(conversation_id)
        if conversation is None:
            raise LookupError(f"There is no conversation {conversation_id}.")
        none: list[Message] = []
        others = self._read(lambda connection: conversations.off_branch(connection, conversation), otherwise=none)
        whole = map(self._files.fetched, others)
        data = interchange.exported(conversation, whole, self.settings(conversation_id))
        return with_marks(data, self.marks.of(conversation.id))

    def import_(self, data: object) -> Conversation:
        """Store a conversation that was exported, or what is missing of it here, and return it as it can be read again.

        ValueError says what is wrong with the data; OSError that it is not, or not yet, stored.
        """
        imported = interchange.imported(data)
        self.add_imported(imported)
        stored = self.conversation(imported.conversation.id)
        if stored is None:
            raise OSError("what was stored cannot be read again")
        return stored

    def add_imported(self, imported: ImportedConversation) -> ImportOutcome:
        """Store a conversation from outside, or what is missing of it here; OSError if that is not done yet."""
        now = utc_now()
        written = self._write(lambda connection: merge(connection, self._files, imported, now))
        return wait_until_written(written, _IMPORT_S)

    def add_version(self, conversation: Conversation) -> Future[None]:
        """Store the last message of a conversation, a version of one that was there; it is looked at from now on."""
        written = self._write(lambda connection: store_whole(connection, self._files, conversation))
        self._unwritten.keep(conversation)
        return written

    def fork(self, conversation: Conversation, message_id: str) -> Conversation:
        """Store a new conversation that begins as this one did, up to and with one of its messages."""
        fork = conversations.forked(conversation, message_id, utc_now())
        self._write(lambda connection: store_whole(connection, self._files, fork))
        return fork

    def statistics(self, since: datetime | None = None, conversation_id: str = "") -> Statistics:
        """Return the statistics of all replies since then, of one conversation or of all."""
        return self._read(
            lambda connection: statistics.statistics(connection, since, conversation_id), otherwise=Statistics()
        )

    def statistics_by(self, grouping: Grouping, since: datetime | None = None) -> list[tuple[str, Statistics]]:
        """Return the statistics of the replies since then, by day, model or conversation."""
        return self._read(lambda connection: statistics.statistics_by(connection, grouping, since), otherwise=[])

    def _conversation(self, find: Job[Conversation | None]) -> Conversation | None:
        """Read a conversation; if a reply seems to be under way, recover first: its process may have died meanwhile."""
        found = self._read(find, otherwise=None)
        if found is not None and any(message.status.live for message in found.messages):
            self.recover()
            found = self._read(find, otherwise=None)
        return self._files.fetched_all(found) if found is not None else None

    def _write(self, job: Job[T]) -> Future[T]:
        return self._writer.submit(job)

    def _read(self, read: Job[T], *, otherwise: T) -> T:
        """Return the result of `read`; `otherwise` if the database cannot be read, which is reported."""
        self._writer.catch_up(OWN_WRITES_S)
        for _ in range(2):
            generation = self._database.generation()
            if not self._database.prepared:
                break
            try:
                with self._database.reading() as connection:
                    return read(connection)
            except sqlite3.Error as error:
                if not problems.is_damage(error):
                    self._report(problems.unreadable(self._database.path, error, self._database.machine_elsewhere()))
                    break
                self._database.replace_damaged(generation)
        return otherwise


def _nothing(connection: sqlite3.Connection) -> None:
    """Write nothing."""
