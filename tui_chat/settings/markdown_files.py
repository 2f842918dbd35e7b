"""Markdown files that have a name, in folders beside the settings: personas and templates."""

from __future__ import annotations

from pathlib import Path

from tui_chat.records import dataclass
from tui_chat.settings.errors import SettingsError, nearest
from tui_chat.settings.literals import shown
from tui_chat.settings.rules import InvalidValue, Name

SUFFIX = ".md"
NAME_RULE = 'letters, digits, spaces, "-", "_" and "."'


@dataclass(frozen=True, slots=True)
class MarkdownFiles:
    """The files of one kind, each found by its name; the folder has the kind's name."""

    kind: str

    def names(self, config_folder: Path) -> tuple[str, ...]:
        """Return the names that there are now."""
        try:
            found = [path for path in (config_folder / f"{self.kind}s").iterdir() if path.suffix == SUFFIX]
        except OSError:
            return ()
        return tuple(sorted(path.stem for path in found if _is_name(path.stem) and path.is_file()))

    def label(self, name: str) -> str:
        """Return a file as sentences name it."""
        return f"{self.kind}s/{name}{SUFFIX}"

    def path(self, config_folder: Path, name: str) -> Path:
        """Return the file of a name; `SettingsError` refuses one that could lead out of the folder."""
        if not _is_name(name):
            raise SettingsError(f"{shown(name)} cannot be the name of a {self.kind} (allowed is {NAME_RULE}).")
        return config_folder / self.label(name)

    def read(self, config_folder: Path, name: str) -> str:
        """Return the text of a file; `SettingsError` says why there is none."""
        from tui_chat.text.limits import LONGEST_PROMPT  # late: `text` takes a while, and most runs read no such file

        path = self.path(config_folder, name)
        try:
            if not path.is_file():  # a pipe would be waited for
                raise FileNotFoundError
            with path.open("rb") as file:
                content = file.read(4 * LONGEST_PROMPT + 1)
            if len(content) > 4 * LONGEST_PROMPT:
                raise SettingsError(f"The {self.kind} in {path} is too long.")
            return content.decode("utf-8-sig").replace("\r\n", "\n")
        except FileNotFoundError:
            near = nearest(name, self.names(config_folder))
            hint = f"did you mean {near}?" if near else f"its text belongs in {path}."
            raise SettingsError(f"There is no {self.kind} {name}; {hint}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"The {self.kind} in {path} cannot be read ({_reason(error)}).") from None


def _is_name(name: str) -> bool:
    try:
        return bool(Name().check(name))
    except InvalidValue:
        return False


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return str(error.strerror or error) if isinstance(error, OSError) else "it is not UTF-8 text"
