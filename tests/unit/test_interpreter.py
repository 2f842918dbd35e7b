"""Modules loaded for good are not looked through for garbage, and everything else is."""

from __future__ import annotations

import gc

import pytest

from tui_chat.interpreter import lasting_imports


def test_garbage_is_left_alone_while_something_is_loaded_and_never_looked_for_in_it() -> None:
    before = gc.get_freeze_count()
    with lasting_imports():
        assert not gc.isenabled()
        loaded = [[number] for number in range(100)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(loaded)


def test_garbage_is_looked_for_again_when_loading_has_failed() -> None:
    with pytest.raises(ImportError), lasting_imports():
        raise ImportError
    assert gc.isenabled()
