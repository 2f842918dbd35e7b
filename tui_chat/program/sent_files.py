"""The pictures and documents of a conversation that its model cannot take: their names go in their place."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from tui_chat.attachments import picture_size
from tui_chat.chat.errors import ErrorKind
from tui_chat.chat.message import Message
from tui_chat.chat.parts import FilePart, Part, TextPart, files_of
from tui_chat.patterns import pattern
from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.providers import is_claude, known_model
from tui_chat.records import replace
from tui_chat.text import clean_line, fit
from tui_chat.text.limits import (
    LARGEST_EDGE_AMONG_MANY,
    MANY_PICTURES,
    MOST_PICTURES,
    MOST_PICTURES_OF_SMALL_CONTEXT,
    SMALL_CONTEXT,
)

LONGEST_FILE_NAME = 40
MOST_FILES_NAMED = 3
_BEGINNING = 64_000
"""Characters of base64 that nearly always tell how large a picture is; a number that four divides."""

_ABOUT_PICTURES = pattern(r"\b(images?|pictures?|vision|multi-?modal|mmproj)\b", re.IGNORECASE)


def unsendable(messages: Sequence[Message], provider: ProviderChoice, model: str) -> Sequence[FilePart]:
    """Return the files in these messages that cannot be sent to a model, each once."""
    return [file for files in _by_reason(messages, provider, model).values() for file in files]


def unsendable_sentence(messages: Sequence[Message], provider: ProviderChoice, model: str) -> str:
    """Return which files in these messages are not sent, why, and that their names are; "" if all are."""
    return " ".join(
        f"{why}: {_named(files)} {'is' if len(files) == 1 else 'are'} sent by name only."
        for why, files in _by_reason(messages, provider, model).items()
        if files
    )


def _by_reason(messages: Sequence[Message], provider: ProviderChoice, model: str) -> Mapping[str, Sequence[FilePart]]:
    files = [file for message in messages for file in files_of(message.parts) if not (file.is_text or file.lost)]
    if provider.reads_text_only(model):
        return {f"{clean_line(model)} reads text only": list(dict.fromkeys(files))}
    pictures = Counter(file for file in reversed(files) if file.is_picture)
    if pictures.total() <= MANY_PICTURES or not is_claude(provider.name, model):
        return {}
    most = _most_pictures(model)
    too_many = _oldest_over(most, pictures)
    sent = pictures - Counter({picture: pictures[picture] for picture in too_many})
    return {
        f"{clean_line(model)} takes {most} pictures at once": too_many,
        f"Among more than {MANY_PICTURES} pictures, none may have over {LARGEST_EDGE_AMONG_MANY:,} pixels a side": [
            picture
            for picture in reversed(sent)
            if sent.total() > MANY_PICTURES and _edge(picture) > LARGEST_EDGE_AMONG_MANY
        ],
    }


def _most_pictures(model: str) -> int:
    """Return the number of pictures that a Claude takes in one request; of one that is not known, the lower."""
    known = known_model(model)
    window = known.context_window if known is not None else None
    return MOST_PICTURES if window and window > SMALL_CONTEXT else MOST_PICTURES_OF_SMALL_CONTEXT


def _oldest_over(most: int, pictures: Counter[FilePart]) -> Sequence[FilePart]:
    """Return the pictures, given the latest first, without which there are no more than so many."""
    over, oldest = pictures.total() - most, list[FilePart]()
    for picture, times in reversed(pictures.items()):
        if over <= 0:
            break
        oldest.append(picture)
        over -= times
    return oldest


def has_refused_pictures(messages: Sequence[Message], error: Mapping[str, object]) -> bool:
    """True if there were any, and a server has said of these that it cannot take them, each server in its own way."""
    sent = any(not file.is_text for message in messages for file in files_of(message.parts))
    refused = error.get("kind") in (ErrorKind.INVALID_REQUEST.value, ErrorKind.SERVER.value)
    return sent and refused and _ABOUT_PICTURES.search(str(error.get("sentence"))) is not None


def with_names(messages: Sequence[Message], files: Collection[FilePart]) -> Sequence[Message]:
    """Return the messages with the names of these files in their place."""
    if not files:
        return messages
    left_out = frozenset(files)
    return [
        replace(message, parts=tuple(_name_of(part) if part in left_out else part for part in message.parts))
        if any(file in left_out for file in files_of(message.parts))
        else message
        for message in messages
    ]


def _name_of(part: Part) -> Part:
    assert isinstance(part, FilePart)
    kind = "picture" if part.is_picture else "file"
    return TextPart(f"[The {kind} {part.name} went with this; it cannot be shown to you.]\n\n")


def _named(files: Sequence[FilePart]) -> str:
    names = [fit(clean_line(file.name), LONGEST_FILE_NAME) for file in files[:MOST_FILES_NAMED]]
    more = [f"{len(files) - len(names)} more"] if len(files) > len(names) else []
    *others, last = [*names, *more]
    return f"{', '.join(others)} and {last}" if others else last


def _edge(picture: FilePart) -> int:
    """Return the longer side of a picture in pixels; 0 where it does not say."""
    beginning = base64.b64decode(picture.data[:_BEGINNING])
    size = picture_size(beginning, picture.media_type) or picture_size(picture.content, picture.media_type)
    return max(size or (0,))
