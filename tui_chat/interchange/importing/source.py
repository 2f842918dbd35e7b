"""Another program's conversation, message by message, made one of ours: its branches, its order, what can be kept."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from tui_chat.chat.imported import ImportedConversation, stable_id
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, title_of, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import FilePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.records import dataclass, replace
from tui_chat.text.limits import LARGEST_TEXT_BYTES, LONGEST_REPLY, MOST_BLOCKS
from tui_chat.text.reading import figure, moment, name, sentence

_SYSTEM_PROMPT = "System prompt"


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A conversation, or a file, that cannot be imported."""

    what: str
    """Its title, or what else names it."""
    why: str
    """The reason, in a sentence."""

    @property
    def sentence(self) -> str:
        """Both, in one sentence."""
        return sentence(f"“{self.what}” could not be imported: {self.why[:1].lower()}{self.why[1:]}")


class EmptyConversationError(ValueError):
    """A conversation in which nothing was ever said: services keep many."""


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """A message as another program has it."""

    id: str
    parent: str | None
    """The message that it follows, which may be one that is not kept."""
    role: Role
    parts: tuple[Part, ...] = ()
    """The parts that can be kept; a message without any is left out, and what follows it follows the one before."""
    created_at: datetime | None = None
    model: str = ""
    status: StreamingStatus = StreamingStatus.COMPLETE


@dataclass(frozen=True, slots=True)
class SourceConversation:
    """A conversation as another program has it."""

    origin: tuple[str, ...]
    """Names that it always has, and no other conversation."""
    messages: Sequence[SourceMessage]
    title: str = ""
    model: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    leaf: str | None = None
    """The message at the end of the branch that is looked at; the last one if it is unknown."""

    def imported(self) -> ImportedConversation:
        """Return it as one of ours; ValueError says why it cannot be one."""
        kept = list(_merged(_kept(self.messages)))
        if not kept:
            raise EmptyConversationError("There is no message in it.")
        return _Building(self, kept).imported()


def time_of(value: object) -> datetime | None:
    """Return a time that is written as text, or as seconds since 1970; None for any other value."""
    with suppress(ValueError, OverflowError, OSError):
        seconds = figure(value)
        return moment(datetime.fromtimestamp(seconds, UTC).isoformat() if seconds is not None else value)
    return None


def text_parts(text: object) -> tuple[Part, ...]:
    """Return the part that a text is; none for blanks, or for what is no text."""
    return (TextPart(text),) if isinstance(text, str) and text.strip() else ()


def lost_file(file_name: object, key: str) -> FilePart:
    """Return what is left of a file that is not in the export: its name. `key` is its own."""
    return FilePart(name(file_name) or "file", "application/octet-stream", "", hashlib.sha256(key.encode()).hexdigest())


def text_file(file_name: object, text: str) -> FilePart:
    """Return a text as a file; only its name if no prompt can have a text as long as that."""
    if not text or len(text.encode("utf-8", "surrogatepass")) > LARGEST_TEXT_BYTES:
        return lost_file(file_name, text)
    return FilePart(name(file_name) or "file", "text/plain", text)


def system_files(text: object) -> tuple[Part, ...]:
    """Return a system prompt as a file that goes with the first prompt: so it is seen, and still sent."""
    return (text_file(_SYSTEM_PROMPT, text),) if isinstance(text, str) and text.strip() else ()


@dataclass(slots=True)
class _Entry:
    """A message that is kept."""

    message: SourceMessage
    parent: str | None
    """The kept message that it follows."""
    ids: list[str]
    """Those of all messages that have become this one, and of what was left out behind them."""


def _kept(messages: Sequence[SourceMessage]) -> Sequence[_Entry]:
    """Return the messages that are kept, each after the one that it follows; what goes in circles is cut open."""
    by_id: dict[str, SourceMessage] = {}
    for message in messages:
        by_id.setdefault(message.id, message)
    following: defaultdict[str, list[SourceMessage]] = defaultdict(list)
    firsts: list[SourceMessage] = []
    for message in by_id.values():
        (following[message.parent] if message.parent in by_id else firsts).append(message)
    entries: dict[str, _Entry] = {}
    seen: set[str] = set()
    for first in (*firsts, *by_id.values()):  # the latter: those that only follow each other
        waiting: list[tuple[SourceMessage, str | None]] = [(first, None)]
        while waiting:
            message, above = waiting.pop()
            if message.id in seen:
                continue
            seen.add(message.id)
            if message.parts:
                entries[message.id] = _Entry(message, above, [message.id])
                above = message.id
            elif above is not None:
                entries[above].ids.append(message.id)
            waiting += ((next_one, above) for next_one in reversed(following[message.id]))
    return list(entries.values())


def _merged(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """Yield the messages, where a reply that came in several pieces without a branch between them is one."""
    followers = Counter(entry.parent for entry in entries)
    into: dict[str | None, _Entry] = {}
    whole: list[_Entry] = []
    for entry in entries:
        above = into.get(entry.parent)
        of_one = followers[entry.parent] == 1 and entry.message.role is Role.ASSISTANT
        if above is not None and of_one and above.message.role is Role.ASSISTANT:
            above.message = _joined(above.message, entry.message)
            above.ids += entry.ids
            into[entry.message.id] = above
        else:
            into[entry.message.id] = entry
            entry.parent = above.message.id if above is not None else None
            whole.append(entry)
    yield from whole


def _joined(first: SourceMessage, then: SourceMessage) -> SourceMessage:
    """Return two pieces of a reply as one; a blank line keeps their texts apart."""
    parts = list(then.parts)
    if any(isinstance(part, TextPart) for part in first.parts):
        for place, part in enumerate(parts):
            if isinstance(part, TextPart):
                parts[place] = replace(part, text=f"\n\n{part.text}")
                break
    return replace(first, parts=(*first.parts, *parts), model=then.model or first.model, status=then.status)


class _Building:
    """Makes our messages of those that are kept."""

    def __init__(self, source: SourceConversation, entries: Sequence[_Entry]) -> None:
        self._source = source
        self._entries = {entry.message.id: entry for entry in entries}
        self._id = stable_id(*source.origin)

    def imported(self) -> ImportedConversation:
        """Return the conversation; ValueError says which limit it breaks."""
        messages = self._messages()
        branch = [messages[id] for id in self._branch()]
        shown = {message.id for message in branch}
        source, models = self._source, [message.metadata.model for message in branch if message.metadata.model]
        conversation = Conversation(
            self._id,
            name(" ".join(source.title.split())) or title_of(branch[0]),
            name(source.model) or (models[-1] if models else ""),
            source.created_at or branch[0].created_at,
            source.updated_at or max(message.created_at for message in branch),
            tuple(branch),
        )
        others = tuple(message for message in messages.values() if message.id not in shown)
        return ImportedConversation(conversation, others)

    def _branch(self) -> Sequence[str]:
        """Return the ids, in the source, of the messages on the branch that is looked at."""
        stands_for = {id: entry.message.id for entry in self._entries.values() for id in entry.ids}
        at: str | None = stands_for.get(self._source.leaf or "") or self._last()
        branch: list[str] = []
        while at is not None:
            branch.append(at)
            at = self._entries[at].parent
        return branch[::-1]

    def _last(self) -> str:
        """Return the message that the source has last."""
        places = {message.id: place for place, message in enumerate(self._source.messages)}
        return max(self._entries, key=lambda id: max(places[one] for one in self._entries[id].ids))

    def _messages(self) -> Mapping[str, Message]:
        """Return our messages, by their ids in the source."""
        messages: dict[str, Message] = {}
        time = self._source.created_at or utc_now()
        for id, entry in self._entries.items():
            parent = messages[entry.parent] if entry.parent is not None else None
            usual = parent.created_at if parent else time
            messages[id] = self._message(entry.message, parent.id if parent else None, usual)
        return messages

    def _message(self, message: SourceMessage, parent_id: str | None, usual_time: datetime) -> Message:
        _check(message.parts)
        model = name(message.model) if message.role is Role.ASSISTANT else ""
        return Message(
            message.role,
            message.parts,
            message.status if message.role is Role.ASSISTANT else StreamingStatus.COMPLETE,
            ReplyMetadata(model=model),
            stable_id(self._id, message.id),
            parent_id,
            message.created_at or usual_time,
        )


def _check(parts: Sequence[Part]) -> None:
    if len(parts) > MOST_BLOCKS:
        raise ValueError(f"A message of it has more than {MOST_BLOCKS:,} parts.")
    if sum(map(_length, parts)) > LONGEST_REPLY:
        raise ValueError(f"A message of it has more than {LONGEST_REPLY:,} characters.")


def _length(part: Part) -> int:
    match part:
        case TextPart(text=text) | ThinkingPart(text=text) | ToolResultPart(text=text) | ToolCallPart(arguments=text):
            return len(text)
    return 0
