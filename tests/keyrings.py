"""Keyrings of the tests' own, for `PYTHON_KEYRING_BACKEND`."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend

FILE = "TEST_KEYRING_FILE"
"""The variable that has the path of the keyring's file."""


class FileKeyring(KeyringBackend):
    """Keeps keys in a file, as no real one does."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's own has no annotation

    def get_password(self, service: str, username: str) -> str | None:
        found = self._all().get(f"{service}/{username}")
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps({**self._all(), f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        kept = self._all()
        del kept[f"{service}/{username}"]
        self._path.write_text(json.dumps(kept))

    @property
    def _path(self) -> Path:
        return Path(os.environ[FILE])

    def _all(self) -> dict[str, str]:
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}


class HangingKeyring(FileKeyring):
    """Never answers, as D-Bus may not."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait()
        return None


class LeakyKeyring(FileKeyring):
    """Fails, and quotes what it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError(f"cannot keep {password}")


def backend(kind: type[KeyringBackend]) -> str:
    """Return the value of the variable that chooses a keyring."""
    return f"{kind.__module__}.{kind.__qualname__}"
