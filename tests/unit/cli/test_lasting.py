"""What is loaded for good is not looked through for garbage, and everything else is."""

from __future__ import annotations

import gc

import pytest

from tui_chat.cli.lasting import for_good


def test_garbage_is_left_alone_while_something_is_loaded_and_never_looked_for_in_it() -> None:
    gc.unfreeze()
    try:
        with for_good():
            assert not gc.isenabled()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_garbage_is_looked_for_again_when_loading_has_failed() -> None:
    with pytest.raises(ImportError), for_good():
        raise ImportError
    assert gc.isenabled()
