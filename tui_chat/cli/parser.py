"""The parser: argparse, with commands that are defined when they are used and errors that name the nearest word."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeAlias

from tui_chat.cli.output import terminal_width

Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

WIDEST = 100
"""The widest help, however wide the terminal is."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Options in a narrow column, and examples as they were written."""

    def __init__(self, prog: str) -> None:
        width = min(terminal_width(), WIDEST) - 2
        super().__init__(prog, max_help_position=26, width=width)

    def _format_action(self, action: argparse.Action) -> str:
        """Leave out the line that argparse puts before the commands: they have a heading."""
        text = super()._format_action(action)
        return text.partition("\n")[2] if isinstance(action, argparse._SubParsersAction) else text


class Parser(argparse.ArgumentParser):
    """A parser that, given a definition, becomes one when somebody needs it: most commands of a run are never used."""

    def __init__(
        self, *, define: Callable[[Parser], None] | None = None, no_command: str = "", **settings: Any
    ) -> None:
        self._undefined, self._settings = define, settings
        self._no_command = no_command
        """The sentence for somebody who names a command that resembles none."""
        self._commands: Commands | None = None
        self._words: list[str] = []
        """The words being parsed."""
        if define is None:
            self._begin()

    def _begin(self) -> None:
        # Not by abbreviation: an option that is new in the next version must not change what a script means.
        super().__init__(allow_abbrev=False, add_help=False, formatter_class=HelpFormatter, **self._settings)
        self.add_argument("-h", "--help", action="help", help="print this help")

    def complete_definition(self) -> None:
        """Become a parser with all its arguments, if that has not been done."""
        define, self._undefined = self._undefined, None
        if define is not None:
            self._begin()
            define(self)

    def add_commands(self, *, required: bool = True) -> Commands:
        """Return a place for the commands of this one."""
        self._commands = self.add_subparsers(
            title="commands", metavar="COMMAND", prog=self.prog, parser_class=Parser, required=required
        )
        return self._commands

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parse; an unknown argument is an error of the command that it stands at."""
        self.complete_definition()
        self._words = list(sys.argv[1:] if args is None else args)
        parsed, unknown = super().parse_known_args(self._words, namespace)
        if unknown:
            self.error(self._unknown(unknown))
        taken = getattr(parsed, "takes", None)
        if taken is not None:
            self._refuse_strays(parsed, taken)
        parsed.takes = {action.dest for action in self._actions} | (taken or set())
        return parsed, unknown

    def error(self, message: str) -> NoReturn:
        """End with the usage, the message, and where there is more."""
        from tui_chat.redaction import redacted
        from tui_chat.text import clean_line, reading
        from tui_chat.text.limits import LONGEST_QUOTE

        missing = message.removeprefix("the following arguments are required: ")
        if self._commands and missing == "COMMAND":
            message = f"there is no command: say {one_of(self._commands.choices)}"
        elif missing != message:
            message = f"{missing} {'are' if ', ' in missing else 'is'} missing"
        message = redacted(message)
        if any(len(word) > LONGEST_QUOTE for word in self._words):
            message = reading.sentence(message)  # our own messages may be longer: a list of choices
        self.exit(2, f"{self.format_usage()}{self.prog}: {clean_line(message)}\nMore: {self.prog} --help\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse an unknown value, with a hint at the one that was meant; the usual message lists all choices."""
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        hint = nearest(value, choices)
        if not isinstance(action, argparse._SubParsersAction):
            raise argparse.ArgumentError(action, f"{value!r} is not {one_of(choices)}{hint}")
        before = self._words[: self._words.index(value)]
        if mistyped := [word for word in before if word.startswith("--") and self._option(word) not in self._options]:
            self.error(self._unknown(mistyped))  # what seems to be a command is its value
        self.error(f"there is no command {value!r}{hint or self._no_command}")

    def _refuse_strays(self, parsed: argparse.Namespace, taken: set[str]) -> None:
        """Refuse an option before a command that has no use for it: it would be ignored in silence."""
        for action in self._actions:
            if action.option_strings and action.dest in parsed and action.dest not in taken:
                self.error(f"{action.option_strings[-1]} does not go with this command")

    def _unknown(self, unknown: list[str]) -> str:
        word = next((word for word in unknown if word.startswith("-")), None)
        if word is None:
            return f"{' '.join(unknown)!r} is one argument too many; a text with spaces in it needs quotes"
        names = [option.strip("-") for option in self._options if option.startswith("--")]
        near = nearest(self._option(word).strip("-"), names)
        return f"there is no option {word}{near.replace('did you mean ', 'did you mean --')}"

    @property
    def _options(self) -> list[str]:
        return [option for action in self._actions for option in action.option_strings]

    @staticmethod
    def _option(word: str) -> str:
        return word.partition("=")[0]


def one_of(words: Iterable[str]) -> str:
    """Return words as a choice between them."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a question for the word that was most likely meant; empty where none comes near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""
