"""`tui-chat demo-server`: a scripted server for trying things, that fails on request."""

from __future__ import annotations

import argparse
import math
import sys

from tui_chat.cli.options import add_port
from tui_chat.cli.output import Complaint, flush, put
from tui_chat.cli.parser import Parser
from tui_chat.cli.tables import columns
from tui_chat.demo import FAULTS, DemoServer, Fault, parse_fault

EPILOG = """\
A fault is written NAME[@N][xCOUNT]: reset@20 breaks the connection after 20
tokens, 529x2 refuses two requests and then answers. A prompt may order one, too:
its first line is then /fault reset@20.

faults, with the number that they have if none is given:
{faults}

examples:
  tui-chat demo-server --port 8765 --rate 100
  tui-chat demo-server --fault 529x2 --fault reset@30
  tui-chat --demo --base-url http://127.0.0.1:8765
"""


def define(parser: Parser) -> None:
    """Add the options of this command."""
    rows = ((kind.name if kind.at is None else f"{kind.name}@{kind.at}", kind.does) for kind in FAULTS.values())
    parser.epilog = EPILOG.format(faults="\n".join(f"  {line}" for line in columns(rows)))
    add = parser.add_argument
    add_port(parser, 0)
    add("--rate", metavar="TOKENS_PER_S", type=_amount, default=60.0, help="tokens a second (default: 60; 0: no limit)")
    add("--latency", metavar="S", type=_amount, default=0.15, help="seconds before the first token (default: 0.15)")
    fault = "a fault, as below; may be given several times"
    add("--fault", metavar="NAME[@TOKEN]", dest="faults", action="append", type=_fault, default=[], help=fault)
    add("--seed", metavar="N", type=int, default=0, help="another number gives other replies (default: 0)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    server = DemoServer(args.port, rate=args.rate, faults=args.faults, seed=args.seed, latency_s=args.latency)
    try:
        server.serve(ready=_announce)
    except OSError as error:
        raise Complaint(f"{str(error).rstrip('.')}.") from error
    return 0


def _announce(url: str) -> None:
    """Print the address alone on the first line, for whoever waits for it."""
    put(url)
    if sys.stdout.isatty():
        put(f"Try it in another terminal: tui-chat --demo --base-url {url}\nCtrl+C ends it.")
    flush()


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not (math.isfinite(amount) and amount >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return amount


def _fault(text: str) -> Fault:
    try:
        return parse_fault(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
