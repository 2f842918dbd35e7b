"""`tui-chat models`: the models that the provider offers now."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tui_chat.cli.options import add_files, add_provider
from tui_chat.cli.output import Problems, complain, local_time, note, put, put_json
from tui_chat.cli.parser import Parser
from tui_chat.cli.program import opened_program
from tui_chat.cli.tables import table
from tui_chat.program.wiring import Program
from tui_chat.providers import ModelList, preload
from tui_chat.records import replace

UNKNOWN = "unknown"
HEAD = ("MODEL", "CONTEXT", "OUTPUT", "$ IN", "$ OUT", "")


def define(parser: Parser) -> None:
    """Add the options of this command."""
    parser.epilog = "CONTEXT and OUTPUT are in tokens, prices in US dollars per million tokens."
    parser.add_argument(
        "--format", metavar="FORMAT", choices=("text", "json"), default="text", help="text (the default) or json"
    )
    add_provider(parser)
    add_files(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the models; where the provider cannot be asked, those that are known, and why they may not be all."""
    with opened_program(args, Problems()) as program:
        found = _found(program)
        if args.format == "json":
            put_json([model.to_json() for model in found.models])
        elif found.models:
            for line in table(HEAD, _rows(found, program), right=range(1, 5)):
                put(line)
            if any(model.price and model.price.output for model in found.models):
                note(f"Prices were looked up on {program.prices.looked_up(program.provider.chosen.name)}.")
    if found.problem is not None:
        complain(found.problem.sentence)
        if found.models:
            note("The list is " + (f"of {local_time(found.as_of)}." if found.as_of else "what this version knows."))
    return 0 if found.models else 1


def _found(program: Program) -> ModelList:
    problem = program.provider.key_problem()
    if problem is None:
        return program.models.ask().result()
    preload(program.provider.chosen.name).exception()  # the SDK, if it can be loaded, knows which models are deprecated
    return replace(program.models.known_of_chosen(), problem=problem)


def _rows(found: ModelList, program: Program) -> Iterator[tuple[str, ...]]:
    for model in found.models:
        in_use = "in use" if model.id == program.provider.model else ""
        yield (
            model.id,
            _tokens(model.context_window),
            _tokens(model.max_output),
            f"{model.price.input:.2f}" if model.price else UNKNOWN,
            f"{model.price.output:.2f}" if model.price else UNKNOWN,
            "; ".join(filter(None, (in_use, model.remark))),
        )


def _tokens(count: int | None) -> str:
    return UNKNOWN if count is None else f"{count:,}"
