"""`tui-chat doctor`: what the program finds around it."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

from tui_chat import __version__
from tui_chat.chat.errors import ChatError
from tui_chat.chat.models import Model
from tui_chat.cli.options import add_files, add_provider, environment
from tui_chat.cli.output import GREEN, RED, YELLOW, paint, put
from tui_chat.cli.parser import Parser
from tui_chat.cli.program import opened_program
from tui_chat.local import SMOLLM2
from tui_chat.local.server import engine_problem
from tui_chat.logfile import log_path
from tui_chat.program.served_models import NO_LIST
from tui_chat.program.wiring import Program
from tui_chat.providers import ProviderConfig, create_provider, default_model, other_form, preload
from tui_chat.records import dataclass, replace
from tui_chat.redaction import redacted_address
from tui_chat.services import sdk_packages, service
from tui_chat.settings import state_dir
from tui_chat.text import clean_line
from tui_chat.typed_paths import typed_path

PACKAGES = ("textual", *sdk_packages())


class State(StrEnum):
    """The state in which something was found."""

    FINE = "ok"
    NOTE = "note"
    BROKEN = "broken"


_NO_PRICES = "not counted: nobody knows the prices of a server of your own (see provider.vendor_prices)"
MOST_NAMED = 20

STYLES = {State.FINE: GREEN, State.NOTE: YELLOW, State.BROKEN: RED}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    state: State
    about: str
    text: str


def define(parser: Parser) -> None:
    """Add the options of this command."""
    parser.add_argument("--online", action="store_true", help="try the connection to the provider, too")
    add_provider(parser)
    add_files(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was found; anything broken makes the exit status 1."""
    broken = False
    problems: list[str] = []
    with opened_program(args, problems.append, tolerant=True) as program:
        for finding in _findings(program, environment(args), problems, args.online):
            mark = paint(f"{finding.state:<6}", STYLES[finding.state])
            put(f"{mark}  {finding.about:<11}  {clean_line(finding.text)}")
            broken = broken or finding.state is State.BROKEN
    return 1 if broken else 0


def _findings(program: Program, environ: Mapping[str, str], problems: list[str], online: bool) -> Iterator[Finding]:
    yield Finding(State.FINE, "Versions", _versions())
    yield _terminal(environ)
    yield from _settings(program)
    yield Finding(State.FINE, "Provider", _provider(program))
    if program.provider.asks_own_server:
        yield Finding(State.FINE, "Costs", _NO_PRICES)
    preload(program.provider.name).exception()  # the SDK, if it can be loaded, knows which models are deprecated
    if warning := program.models.warning():
        yield Finding(State.NOTE, "Model", warning)
    yield _key(program)
    if online:
        yield from _connection(program)
    else:
        yield Finding(State.NOTE, "Connection", "not tried; --online tries it")
    yield Finding(State.FINE, "Telemetry", _telemetry(program))
    yield _local_model(program)
    yield _database(program)
    of_settings = {problem.message for problem in program.settings.resolved.problems}
    yield from (Finding(State.BROKEN, "Database", problem) for problem in problems if problem not in of_settings)
    log = log_path(state_dir(environ))
    yield Finding(State.FINE, "Log", str(log) if log.exists() else f"{log} (nothing in it yet)")


def _versions() -> str:
    found = [
        f"tui-chat {__version__}",
        f"Python {platform.python_version()}",
        f"{platform.system()} {platform.release()}",
    ]
    return ", ".join(found + [f"{package} {_version(package)}" for package in PACKAGES])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"


def _terminal(environ: Mapping[str, str]) -> Finding:
    if not sys.stdout.isatty():
        return Finding(State.NOTE, "Terminal", "standard output is not a terminal")
    size, encoding = shutil.get_terminal_size(), sys.stdout.encoding
    text = f"{environ.get('TERM', 'TERM is not set')}, {size.columns}x{size.lines}, {_colours(environ)}, {encoding}"
    if encoding.lower() != "utf-8":
        return Finding(State.NOTE, "Terminal", f"{text}: other characters than those of UTF-8 are lost; see LC_ALL")
    return Finding(State.FINE, "Terminal", text)


def _colours(environ: Mapping[str, str]) -> str:
    if environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256" in environ.get("TERM", "") else "16 colours"


def _settings(program: Program) -> Iterator[Finding]:
    path, problems = program.settings.file.path, program.settings.resolved.problems
    states = [State.NOTE if problem.unknown else State.BROKEN for problem in problems]
    worst = max(states, key=list(State).index, default=State.FINE)
    there = os.path.exists(path)  # noqa: PTH110 - False where it cannot be, too
    yield Finding(worst, "Settings", str(path) if there else f"{path} (not there: the defaults hold)")
    for state, problem in zip(states, problems, strict=True):
        yield Finding(state, "Settings", problem.message)


def _provider(program: Program) -> str:
    chosen = program.settings.now.provider
    usual = "" if program.provider.asks_own_server else default_model(chosen.name)
    model, address = chosen.model or usual or "no model chosen", redacted_address(chosen.base_url)
    return ", ".join(filter(None, (chosen.name, model, address)))


def _key(program: Program) -> Finding:
    chosen = program.settings.now.provider.name
    if problem := program.provider.key_problem():
        return Finding(State.NOTE, "Key", problem.sentence)
    if variable := program.provider.key_variable:
        return Finding(State.FINE, "Key", f"{variable} is set")
    if program.keys.of(chosen):
        return Finding(State.FINE, "Key", "in the system's keyring")
    if service(chosen).key:
        return Finding(State.NOTE, "Key", "none is set; a server of your own may need none")
    return Finding(State.FINE, "Key", f"the provider {chosen!r} needs none of its own")


def _connection(program: Program) -> Iterator[Finding]:
    if program.provider.key_problem() is not None:
        yield Finding(State.NOTE, "Connection", "not tried: without its key the provider answers nothing")
        return
    config = program.provider.reach()
    began = time.monotonic()
    try:
        models = _models(config)
    except ChatError as error:
        yield _not_listed(config, error)
        return
    if models is None:
        sentence = (
            f"not tried: {config.display_name} does not list its models, so only a reply shows whether it answers"
        )
        yield Finding(State.NOTE, "Connection", sentence)
        return
    took_s = time.monotonic() - began
    where = redacted_address(config.base_url or "") or config.display_name
    count = f"{len(models)} model{'' if len(models) == 1 else 's'}"
    yield Finding(State.FINE, "Connection", f"{where} answers after {took_s:.1f} s and offers {count}")
    yield from _model(program, models)


def _model(program: Program, offered: Sequence[Model]) -> Iterator[Finding]:
    """Yield the model in use as a finding where it is not among those offered, or none is chosen."""
    if not (program.settings.now.provider.model or program.provider.usual_model):
        if len(offered) == 1:
            yield Finding(State.FINE, "Model", f"{offered[0].id}, the only one that it offers")
        else:
            names = ", ".join(model.id for model in offered[:MOST_NAMED]) or "none that it tells of"
            sentence = f"none is chosen of {names}: `tui-chat config set provider.model ID` chooses one"
            yield Finding(State.NOTE, "Model", sentence)
    elif offered and not any(model.id.startswith(program.provider.model) for model in offered):
        sentence = f"{program.provider.model} is not among the models that are offered; `tui-chat models` lists them"
        yield Finding(State.NOTE, "Model", sentence)


def _models(config: ProviderConfig) -> Sequence[Model] | None:
    return asyncio.run(create_provider(config).list_models())


def _not_listed(config: ProviderConfig, error: ChatError) -> Finding:
    """Return why there is no list of models; a server of one's own may well have none, and be at the right address."""
    hint = _hint(config)
    if config.own_server and error.kind in NO_LIST and not hint:
        sentence = f"{redacted_address(config.base_url or '')} answers, but does not list its models"
        return Finding(State.NOTE, "Connection", f"{sentence}; if replies fail, too, the address is wrong")
    return Finding(State.BROKEN, "Connection", f"{error.sentence}{hint}")


def _hint(config: ProviderConfig) -> str:
    """Say so where the address answers in its other form, with or without /v1."""
    if not config.base_url:
        return ""
    other = other_form(config.base_url)
    try:
        _models(replace(config, base_url=other))
    except ChatError:
        return ""
    return f" {redacted_address(other)} answers: make that the base URL."


def _telemetry(program: Program) -> str:
    telemetry = program.settings.now.telemetry
    if not telemetry.otlp_endpoint:
        return "off: nothing is sent to anyone but the provider"
    return f"to {redacted_address(telemetry.otlp_endpoint)}, {'with' if telemetry.content else 'without'} what is said"


def _local_model(program: Program) -> Finding:
    if problem := engine_problem():
        return Finding(State.NOTE, "Local model", problem.sentence)
    if chosen := program.settings.now.local.model_path:
        found = os.path.isfile(typed_path(chosen))  # noqa: PTH113 - False where it leads nowhere
        return Finding(State.FINE if found else State.BROKEN, "Local model", chosen)
    if not SMOLLM2.installed(program.models_folder):
        return Finding(State.NOTE, "Local model", "not here: `tui-chat local install` fetches it")
    return Finding(State.FINE, "Local model", str(SMOLLM2.path(program.models_folder)))


def _database(program: Program) -> Finding:
    path = program.store.path
    if path is None:
        return Finding(State.BROKEN, "Database", "conversations are kept in memory only")
    count, size = len(program.store.conversations(archived=None)), path.stat().st_size
    return Finding(State.FINE, "Database", f"{path}, {count} conversations, {size / 1_000_000:.1f} MB")
