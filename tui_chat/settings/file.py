"""The settings file: read without ever failing, changed one value at a time, saved at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from tui_chat.atomic_files import locked, write_atomically
from tui_chat.settings.edit import edited, set_value, unset_value
from tui_chat.settings.errors import NotSaved, SettingsError
from tui_chat.settings.keys import check_keys
from tui_chat.settings.mcp_servers import values_of
from tui_chat.settings.read import BOM, Loaded, NotToml, decoded, parsed, read, read_file
from tui_chat.settings.reference import new_file
from tui_chat.settings.rules import Value
from tui_chat.settings.schema import SERVERS, McpServer
from tui_chat.settings.setting_index import Setting, describe

Edits: TypeAlias = Sequence[Callable[[str], str]]


class SettingsFile:
    """The settings file at `path`, which need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._stamp()

    def load(self) -> Loaded:
        """Read the file. What is wrong with it is in the problems; the defaults are used in its place."""
        self._seen = self._stamp()
        return read_file(self.path)

    def changed(self) -> bool:
        """True if the file is another one than at the last `load` or change; costs one system call."""
        return self._stamp() != self._seen

    def get(self, key: str) -> Value:
        """Return the value that holds by this file, be it the default."""
        return describe(key).value_in(self.load().settings)

    def set(self, key: str, value: Value) -> Loaded:
        """Save one value, and return the file's new content; None goes back to the default."""
        return self.set_all({key: value})

    def set_all(self, values: Mapping[str, Value]) -> Loaded:
        """Save several values at once, all or none, and return the file's new content."""
        changes = [
            (setting := describe(key), None if value is None else setting.check(value)) for key, value in values.items()
        ]

        def edits(now: Loaded) -> Edits:
            for setting, value in changes:
                _refuse_clash(now, setting, value)
            return [_edit(setting, value) for setting, value in changes]

        return self._change(edits)

    def unset(self, key: str) -> Loaded:
        """Go back to a setting's default."""
        return self.set_all({key: None})

    def add_servers(self, servers: Mapping[str, McpServer]) -> Loaded:
        """Save MCP servers that the file does not describe yet."""

        def edits(now: Loaded) -> Edits:
            new = [(name, server) for name, server in servers.items() if name not in now.servers]
            return [
                partial(set_value, path=(*SERVERS, name, *place), value=value)
                for name, server in new
                for place, value in values_of(server).items()
            ]

        return self._change(edits)

    def switch_server(self, name: str, *, enabled: bool) -> Loaded:
        """Save whether the tools of an MCP server are offered."""
        return self._change(lambda _: [partial(set_value, path=(*SERVERS, name, "enabled"), value=enabled)])

    def reset_all(self) -> Loaded:
        """Go back to every setting's default; what the program does not know stays in the file."""
        return self._change(lambda now: [partial(unset_value, path=path) for path in now.paths])

    def create(self) -> Loaded:
        """Make the file if there is none, with every setting in it as a comment."""
        return self._change(lambda _: [])

    def _change(self, edits: Callable[[Loaded], Edits]) -> Loaded:
        """Read, edit and write, while all other writers wait."""
        try:
            with locked(self.path):
                self._rewrite(edits)
                return self.load()
        except NotToml as error:
            where = f"{self.path} line {error.line}" if error.line else str(self.path)
            raise NotSaved(f"{where} is not TOML ({error.reason}); correct it first, nothing was saved.") from None
        except RecursionError:
            raise NotSaved(f"{self.path} cannot be changed (a value in it is too deep).") from None
        except OSError as error:
            raise NotSaved(f"{self.path} cannot be written ({error.strerror or error}).") from error

    def _rewrite(self, edits: Callable[[Loaded], Edits]) -> None:
        old = self._content()
        text = new_file() if old is None else decoded(old)
        mark = BOM if text.startswith(BOM) else ""
        body = text.removeprefix(mark)
        parsed(body)
        new, from_scratch = edited(body, edits(read(self.path.name, text.encode())))
        if from_scratch and old is not None:
            write_atomically(self.path.with_name(f"{self.path.name}.bak"), old)
        if old is None or new != body:
            write_atomically(self.path, (mark + new).encode())

    def _content(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _edit(setting: Setting, value: Value) -> Callable[[str], str]:
    if value is None:
        return partial(unset_value, path=setting.path)
    return partial(set_value, path=setting.path, value=value)


def _refuse_clash(now: Loaded, setting: Setting, value: Value) -> None:
    """Raise `SettingsError` if a key clashes with the others that hold."""
    if setting.group == "keys" and value is not None:
        for problem in check_keys({**now.settings.keys.changed, setting.name: str(value)}):
            raise SettingsError(problem.message)
