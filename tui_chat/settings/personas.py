"""Personas: system prompts that have a name, each a Markdown file in the folder `personas` beside the settings."""

from __future__ import annotations

from pathlib import Path

from tui_chat.settings.errors import SettingsError, nearest
from tui_chat.settings.schema import Provider

FOLDER = "personas"


def personas(config_folder: Path) -> tuple[str, ...]:
    """Return the names that `provider.persona` can have now."""
    return tuple(sorted(path.stem for path in (config_folder / FOLDER).glob("*.md")))


def system_prompt(provider: Provider, config_folder: Path) -> str:
    """Return the system prompt: the persona's text if one is chosen, or else `system`."""
    if not provider.persona:
        return provider.system
    path = config_folder / FOLDER / f"{provider.persona}.md"
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        near = nearest(provider.persona, personas(config_folder))
        hint = f"did you mean {near}?" if near else f"its text belongs in {path}."
        raise SettingsError(f"There is no persona {provider.persona}; {hint}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The persona in {path} cannot be read ({_reason(error)}).") from None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return str(error.strerror or error) if isinstance(error, OSError) else "it is not UTF-8 text"
