"""The files in a .zip that went with prompts: found by the id that their names begin with, ours by their SHA-256."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from tui_chat.text.limits import LARGEST_FILE_BYTES

ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError)
"""The errors of `zipfile` for a damaged or encrypted file, and for one that is packed in an unknown way."""
_ID = re.compile(r"file[-_][0-9A-Za-z]+|[0-9a-f]{64}\Z")


class ArchivedFiles:
    """The files of an archive; of none there are none."""

    def __init__(self, archive: zipfile.ZipFile | None = None) -> None:
        self._archive = archive
        names = archive.namelist() if archive else []
        found = ((_ID.match(PurePosixPath(name).name), name) for name in names)
        self._names = {match[0]: name for match, name in found if match}

    def find(self, id: str) -> bytes | None:
        """Return the content of a file; None if it is not there, damaged, or larger than any may be."""
        name = self._names.get(id)
        if name is None or self._archive is None:
            return None
        try:
            with self._archive.open(name) as file:
                content = file.read(LARGEST_FILE_BYTES + 1)
        except ZIP_ERRORS:
            return None
        return content if len(content) <= LARGEST_FILE_BYTES else None
