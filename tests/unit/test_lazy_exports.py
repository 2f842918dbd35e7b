"""Packages whose names are imported when they are asked for have all of them, and no module has the name of one."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pytest

LAZY = ("tui_chat.local", "tui_chat.rendering", "tui_chat.settings", "tui_chat.text")


@pytest.mark.parametrize("package", LAZY)
def test_every_name_is_there_and_is_no_module(package: str) -> None:
    module = import_module(package)
    for name in module.__all__:
        assert find_spec(f"{package}.{name}") is None  # once imported, the module would stand in its place
        assert getattr(module, name) is not None


@pytest.mark.parametrize("package", LAZY)
def test_another_name_is_told(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'nothing'"):
        _ = import_module(package).nothing
