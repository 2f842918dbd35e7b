"""Packages that import names when they are asked for have all that a type checker sees, and none is a module's."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

LAZY = ("tui_chat.settings", "tui_chat.text")


@pytest.mark.parametrize("package", LAZY)
def test_every_name_is_there_and_is_no_module(package: str) -> None:
    module = import_module(package)
    source = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
    imports = [node for node in ast.walk(source) if isinstance(node, ast.ImportFrom)]
    checked = [node for node in imports if node.module and node.module.startswith(f"{package}.")]
    assert checked
    for node in checked:
        for name in (alias.name for alias in node.names):
            assert find_spec(f"{package}.{name}") is None  # once imported, the module would stand in its place
            assert getattr(module, name) is getattr(import_module(node.module or ""), name)


@pytest.mark.parametrize("package", LAZY)
def test_another_name_is_told(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'nothing'"):
        _ = import_module(package).nothing
