"""The options that several commands share, and what they say about the program."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.cli.output import Complaint
from tui_chat.services import SERVICES, short_options

if TYPE_CHECKING:
    from tui_chat.program.wiring import Flags
    from tui_chat.settings import Value

# Options that were not given leave no attribute, so that those before a command and those after it add up.
UNSET = argparse.SUPPRESS

LARGEST_PORT = 65_535

SETTINGS = {
    "model": "provider.model",
    "system": "provider.system",
    "persona": "provider.persona",
    "provider": "provider.name",
    "base_url": "provider.base_url",
    "mode": "streaming.mode",
    "screen_reader": "ui.screen_reader",
}
"""The settings that options stand for."""


def add_config(parser: argparse._ActionsContainer) -> None:
    """Add the option for the settings file."""
    parser.add_argument("--config", metavar="FILE", default=UNSET, type=Path, help="the settings file")


def add_data_dir(parser: argparse._ActionsContainer) -> None:
    """Add the option for the folder of the conversations."""
    parser.add_argument("--data-dir", metavar="DIR", default=UNSET, type=Path, help="the folder of the conversations")


def add_files(parser: argparse.ArgumentParser) -> None:
    """Add the options for settings and conversations."""
    files = parser.add_argument_group("files")
    add_config(files)
    add_data_dir(files)


def add_provider(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the options for who is asked."""
    asked = parser.add_argument_group("provider and model")
    who = asked.add_mutually_exclusive_group()
    who.add_argument("--provider", metavar="NAME", default=UNSET, help=", ".join(SERVICES))
    for name, what in short_options().items():
        who.add_argument(f"--{name}", dest="provider", action="store_const", const=name, default=UNSET, help=what)
    asked.add_argument("--base-url", metavar="URL", default=UNSET, help="the provider's address")
    return asked


def add_reply(parser: argparse.ArgumentParser) -> None:
    """Add the options for who is asked, and how."""
    asked = add_provider(parser)
    asked.add_argument("--model", metavar="ID", default=UNSET, help="the model, as `tui-chat models` lists it")
    asked.add_argument("--system", metavar="TEXT", default=UNSET, help="the system prompt")
    asked.add_argument("--persona", metavar="NAME", default=UNSET, help="the system prompt of personas/NAME.md")
    mode = asked.add_mutually_exclusive_group()
    for name, what in (("batch", "each reply at once, when it is whole"), ("stream", "the reply as it is written")):
        mode.add_argument(f"--{name}", dest="mode", action="store_const", const=name, default=UNSET, help=what)


def add_conversation(parser: argparse.ArgumentParser) -> None:
    """Add the options for which conversation goes on."""
    which = parser.add_argument_group("conversation").add_mutually_exclusive_group()
    go_on = "continue the last conversation"
    which.add_argument("-c", "--continue", dest="go_on", action="store_true", default=UNSET, help=go_on)
    resume = "continue another one, from @MESSAGE if given; unique prefixes are enough"
    which.add_argument("--resume", metavar="ID", default=UNSET, help=resume)


def add_port(parser: argparse.ArgumentParser, default: int) -> None:
    """Add the option for a server's port; 0 is any that is free."""
    usual = default or "any that is free"
    what = f"the port to listen on (default: {usual})"
    parser.add_argument("--port", metavar="N", type=_port, default=default, help=what)


def _port(text: str) -> int:
    if not text.isdecimal() or len(text) > len(str(LARGEST_PORT)) or int(text) > LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a port (0 to {LARGEST_PORT})")
    return int(text)


def environment(args: argparse.Namespace) -> Mapping[str, str]:
    """Return the environment, with what options put over it."""
    folder: Path | None = getattr(args, "data_dir", None)
    if folder is None:
        return os.environ
    from tui_chat.settings.folders import expanded

    return {**os.environ, "TUI_CHAT_DATA_DIR": str(expanded(folder, "--data-dir"))}


def settings_file(args: argparse.Namespace) -> Path:
    """Return the path of the settings file."""
    from tui_chat.settings.folders import config_dir, expanded

    chosen: Path | None = getattr(args, "config", None)
    return expanded(chosen, "--config") if chosen is not None else config_dir(os.environ) / "config.toml"


def setting_flags(args: argparse.Namespace) -> dict[str, Value]:
    """Return the settings that were given as options, by their keys."""
    given = vars(args)
    chosen = {name: given[name] for name in SETTINGS if name in given}
    if "system" in chosen:
        chosen.setdefault("persona", "")  # one of the settings file would take the place of this system prompt
    return {SETTINGS[name]: _checked(name, text) for name, text in chosen.items()}


def _checked(name: str, text: str) -> Value:
    from tui_chat.settings import SettingsError, describe
    from tui_chat.settings.literals import shown

    setting = describe(SETTINGS[name])
    try:
        return setting.check(text)
    except SettingsError:
        given = f"--{name.replace('_', '-')} {shown(setting.without_secrets(text))}"
        raise Complaint(f"{given} is not allowed ({setting.allowed}).", 2) from None


def flags(args: argparse.Namespace) -> Flags:
    """Return what the options say to the composition root."""
    from tui_chat.program.wiring import Flags

    return Flags(setting_flags(args), config_file=settings_file(args), save="no_save" not in args)
