"""The commands by name, and how every one of them ends."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module

from tui_chat import __version__
from tui_chat.cli.options import UNSET, add_conversation, add_files, add_reply, environment
from tui_chat.cli.output import Complaint, complain, end_output, flush, prepare_streams
from tui_chat.cli.parser import Parser
from tui_chat.interpreter import lasting_imports
from tui_chat.services import key_variables

COMMANDS = {
    "ask": "one reply to standard output",
    "history": "list, show, search, export and change conversations",
    "stats": "usage, cost, speed and failures of all replies",
    "config": "show and change the settings",
    "models": "the models that the provider offers now",
    "key": "keep a provider's key in the system's keyring",
    "mcp": "servers whose tools the model may call",
    "local": "a small model on this machine that needs no key",
    "demo-server": "a scripted server for trying things, that fails on request",
    "serve": "the same app in a browser on this machine",
    "doctor": "check terminal, key, database and settings",
    "completion": "a script that lets a shell complete commands and options",
}
"""Each is a module of this package, which is imported when the command is used."""

EXAMPLES = f"""\
examples:
  tui-chat                          open the app
  tui-chat -c                       open it with the last conversation
  tui-chat --local                  talk to a small model on this machine, no key
  tui-chat --demo                   try it with scripted replies, no key
  tui-chat ask "Why is the sky blue?"
  git diff | tui-chat ask "Write a commit message for this."

A key is read from the environment, {" or ".join(key_variables())},
or from the system's keyring: `tui-chat key set` puts it there.
"""

WRONG_USAGE = 2
INTERRUPTED = 130


def run(argv: list[str]) -> int:
    """Run a command to its end and return the exit status; whatever happens, there is no traceback."""
    prepare_streams()
    try:
        status = _run(argv)
        flush()
        return status
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except Complaint as complaint:
        complain(complaint.sentence)
        return complaint.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0  # the reader has seen enough
    except Exception as error:  # noqa: BLE001 - a fault of the program is a sentence too
        return _ended_by(error)
    finally:
        end_output()


def _run(argv: list[str]) -> int:
    args = _parsed(argv)
    from tui_chat.settings.folders import close_folders, state_dir

    environ = environment(args)
    close_folders(environ)
    if getattr(args, "logs", True):  # what only looks into a file meets nothing to log
        from tui_chat.logfile import open_log

        open_log(state_dir(environ))
    command: Callable[[argparse.Namespace], int] = args.run
    return command(args)


def _ended_by(error: Exception) -> int:
    """Say why the command could not go on; return the exit status."""
    from tui_chat.settings.errors import SettingsError

    if isinstance(error, SettingsError):
        complain(str(error))
        return WRONG_USAGE
    from tui_chat.cli.crash_report import report_fault

    return report_fault(error)


def _open_app(args: argparse.Namespace) -> int:
    with lasting_imports():
        from tui_chat.cli.app import run

    return run(args)


def build_parser() -> Parser:
    """Return the whole command line; what is in a command is added when it is used."""
    parser = Parser(
        prog="tui-chat",
        usage="tui-chat [options]\n       tui-chat COMMAND [options]",
        description="Keyboard-driven chat with Claude in a terminal. Without a command it opens the app.",
        epilog=EXAMPLES,
        no_command='; to ask something: tui-chat ask "PROMPT"',
    )
    parser.add_argument("--version", action="version", version=f"tui-chat {__version__}", help="print the version")
    parser.add_argument("--prompt", metavar="TEXT", default=UNSET, help="open the app and send this right away")
    temporary = "start with a temporary conversation"
    parser.add_argument("--temporary", action="store_true", default=UNSET, help=temporary)
    lines = "use plain lines in place of a full screen"
    parser.add_argument("--screen-reader", action="store_true", default=UNSET, help=lines)
    compare = "open the app with several models side by side: MODEL or PROVIDER:MODEL, each with @PERSONA if wanted"
    parser.add_argument("--compare", dest="compared", metavar="A,B,C", default=UNSET, help=compare)
    add_conversation(parser)
    add_reply(parser)
    add_files(parser)
    parser.set_defaults(run=_open_app)
    commands = parser.add_commands(required=False)
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text, description=_sentence(text), define=_definition(name))
    return parser


def _parsed(argv: list[str]) -> argparse.Namespace:
    """Return the arguments; where a command comes first, none but its own parser is made."""
    parser = _command_parser(argv[0]) if argv and argv[0] in COMMANDS else None
    return build_parser().parse_args(argv) if parser is None else parser.parse_args(argv[1:])


def _command_parser(name: str) -> Parser:
    """Return the parser of a command, as `build_parser` makes it too."""
    return Parser(prog=f"tui-chat {name}", description=_sentence(COMMANDS[name]), define=_definition(name))


def _definition(name: str) -> Callable[[Parser], None]:
    def define(parser: Parser) -> None:
        import_module(f"tui_chat.cli.{name.replace('-', '_')}").define(parser)

    return define


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
