"""Decisions by a service's name are facts of the table: its name stands nowhere else but in its adapter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import tui_chat
from tui_chat.services import SERVICES

ROOT = Path(tui_chat.__file__).parent
TABLE = "services.py"
OTHER_MEANINGS = {
    ("chat/metadata.py", "simulated"): "a field of what is stored with a reply",
    ("cli/main.py", "local"): "a command",
    ("demo/models.py", "demo"): "a model of the demo server's",
    ("ui/settings/words.py", "local"): "a group of settings",
}
"""Words that are no service's name where they stand."""

ADAPTERS = {known.adapter.partition(":")[0] for known in SERVICES.values()}
VARIABLES = {variable for known in SERVICES.values() for variable in (known.key, known.token, known.address)} - {""}


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module but for its docstrings, each with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def _names_in(place: str) -> Iterator[tuple[str, int, str]]:
    """Yield the services, and their variables, that a module names and that are not its own."""
    own = {name for name in ADAPTERS if Path(place).stem.partition("_")[0] == name and place.startswith("providers/")}
    for line, text in _strings(ROOT / place):
        if text in SERVICES and text not in own and (place, text) not in OTHER_MEANINGS:
            yield place, line, text
        yield from ((place, line, variable) for variable in VARIABLES if variable in text)


def test_no_module_but_the_table_and_the_adapters_names_a_service() -> None:
    places = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py"))
    found = [named for place in places if place != TABLE for named in _names_in(place)]
    assert found == [], "make it a fact of the table in services.py"


def test_every_other_meaning_is_still_there() -> None:
    stale = [key for key in OTHER_MEANINGS if key[1] not in {text for _, text in _strings(ROOT / key[0])}]
    assert stale == []
