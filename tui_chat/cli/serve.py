"""`tui-chat serve`: the same app in a browser on this machine."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib.util import find_spec

from tui_chat.cli.options import add_conversation, add_files, add_port, add_reply
from tui_chat.cli.output import Complaint
from tui_chat.cli.parser import Parser
from tui_chat.installing import installing

PORT = 8000
OPTIONS = ("model", "system", "persona", "provider", "base_url", "config", "data_dir")
"""The options passed on to the app as they were given."""
EPILOG = """\
It is reached from this machine only, by the link that it prints: the link has a
key in it, so that neither another user nor a web page can use the app. A link
opens one tab; the next one is printed then. Each tab is an app of its own:
loading it again goes on with it, closing it keeps what came, as quitting does.
"""


def define(parser: Parser) -> None:
    """Add the options of this command."""
    parser.epilog = EPILOG
    add_port(parser, PORT)
    add_conversation(parser)
    add_reply(parser)
    add_files(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl+C."""
    if find_spec("textual_serve") is None:
        raise Complaint(f"This needs the package textual-serve: `{installing('textual-serve')}`.")
    from tui_chat.cli.web import TabCommands, WebServer

    app = [sys.executable, "-m", "tui_chat", *_options(args)]
    try:
        server = WebServer(TabCommands([*app, *_conversation(args)], [*app, "--continue"]), args.port)
    except OSError as error:
        raise Complaint(f"Port {args.port} cannot be used ({error.strerror}): --port takes another.") from None
    server.serve()
    return 0


def _options(args: argparse.Namespace) -> Iterator[str]:
    """Yield the app's own options, as they were given, but for the conversation."""
    given = vars(args)
    for name in OPTIONS:
        if name in given:
            yield f"--{name.replace('_', '-')}={given[name]}"
    if "mode" in given:
        yield f"--{given['mode']}"


def _conversation(args: argparse.Namespace) -> Iterator[str]:
    """Yield the option that says which conversation goes on, if one was given."""
    if "resume" in args:
        yield f"--resume={args.resume}"
    if "go_on" in args:
        yield "--continue"
