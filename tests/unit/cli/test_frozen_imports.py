"""What is loaded for good is not looked through for garbage, and everything else is."""

from __future__ import annotations

import gc

import pytest

from tui_chat.cli.frozen_imports import for_good


def test_garbage_is_left_alone_while_something_is_loaded_and_never_looked_for_in_it() -> None:
    before = gc.get_freeze_count()
    with for_good():
        assert not gc.isenabled()
        loaded = [[number] for number in range(100)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(loaded)


def test_garbage_is_looked_for_again_when_loading_has_failed() -> None:
    with pytest.raises(ImportError), for_good():
        raise ImportError
    assert gc.isenabled()
