"""Modules loaded for good are not looked through for garbage, and everything else is."""

from __future__ import annotations

import gc

import pytest

from tui_chat.interpreter import give_memory_back, lasting_imports


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


def test_memory_is_given_back_where_the_system_can_and_nothing_fails_where_not(monkeypatch: pytest.MonkeyPatch) -> None:
    give_memory_back()
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())
    give_memory_back()
