"""The files that go with what is written, and how a draft refers to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress

from tui_chat.chat.parts import FilePart, files_of, parts_to_json, readable_parts
from tui_chat.patterns import pattern
from tui_chat.text.limits import MOST_FILES
from tui_chat.text.reading import parsed

# No text in the composer has such characters: in a draft that is kept they stand around the references.
_BEGIN, _END = "\x04", "\x05"
_REFERENCES = pattern(f"{_BEGIN}(.*?){_END}\n?")


class AttachedFiles:
    """Every file that was seen here with its content: a draft has no more than references."""

    def __init__(self) -> None:
        self._seen: dict[FilePart, FilePart] = {}

    def learn(self, files: Iterable[FilePart]) -> None:
        """Remember files that drafts refer to."""
        for file in files:
            if not file.lost or file not in self._seen:
                self._seen[file] = file

    def kept(self, text: str, files: Sequence[FilePart]) -> str:
        """Return a text and its files as a draft is kept."""
        self.learn(files)
        if not files:
            return text
        references = parts_to_json(file.reference() for file in files)
        return f"{_BEGIN}{json.dumps(references, separators=(',', ':'))}{_END}{text}"

    def taken_up(self, draft: str) -> tuple[str, tuple[FilePart, ...]]:
        """Return the text and the files of a draft that was kept, or of several that were joined."""
        return _REFERENCES.sub("", draft), tuple(self.referred(draft))

    def referred(self, draft: str) -> Sequence[FilePart]:
        """Return the files that a draft refers to, each once."""
        return [self._seen.get(reference, reference) for reference in references_of(draft)][:MOST_FILES]


def references_of(draft: str) -> Sequence[FilePart]:
    """Return the references of a draft, each once."""
    found: list[FilePart] = []
    for references in _REFERENCES.findall(draft):
        with suppress(ValueError):
            items = parsed(references)
            found += files_of(readable_parts(items)) if isinstance(items, list) else ()
    return list(dict.fromkeys(found))
