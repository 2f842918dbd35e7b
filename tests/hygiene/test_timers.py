"""A wait that is over before anybody looks ends all the same."""

from __future__ import annotations

from pathlib import Path

import tui_chat


def test_nothing_waits_with_a_timer_of_textuals_that_may_never_end() -> None:
    package = Path(tui_chat.__file__).parent
    using = [str(path) for path in package.rglob("*.py") if ".set_timer(" in path.read_text(encoding="utf-8")]
    assert not using, "`call_after` of `ui.textual_internals.delays` calls for certain"
