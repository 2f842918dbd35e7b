"""The state of comparing in a conversation: what is kept of it, and what is made of what others have written."""

from __future__ import annotations

import pytest

from tui_chat.chat.imported import settings_with_ids
from tui_chat.program.side_by_side import SideBySide, is_of_comparing, side_by_side

STANDS = SideBySide(("demo", "Opus 5.5 · terse"), True, "asked", tuple(f"reply{n}" for n in range(12)))


@pytest.mark.parametrize("stands", [SideBySide(), SideBySide(("demo", "demo (2)")), STANDS])
def test_it_is_read_as_it_was_kept(stands: SideBySide) -> None:
    settings = stands.to_settings()
    assert side_by_side({"provider.model": "demo", **settings}) == stands
    assert all(is_of_comparing(key) for key in settings)


def test_messages_that_get_other_ids_stand_side_by_side_under_these() -> None:
    ids = {"asked": "P", **{f"reply{n}": f"R{n}" for n in range(12)}}
    found = side_by_side(settings_with_ids(STANDS.to_settings(), ids))
    assert (found.prompt_id, found.reply_ids) == ("P", tuple(f"R{n}" for n in range(12)))


@pytest.mark.parametrize("models", ["", "no JSON", '{"a": 1}', "[" * 100_000, "[1, null]"])
def test_what_is_no_list_of_names_names_nobody(models: str) -> None:
    assert side_by_side({"comparing.models": models}) == SideBySide()
