"""The agreement to delete what is old; what is deleted is shown in `test_conversations.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_chat.storage.retention import RetentionAgreement

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.storage.conftest import Opener


def test_an_agreement_covers_as_many_days_and_more_until_it_is_withdrawn(tmp_path: Path) -> None:
    agreement = RetentionAgreement(tmp_path)
    assert not agreement.covers(1000)
    agreement.give(100)
    assert [RetentionAgreement(tmp_path).covers(days) for days in (99, 100, 101)] == [False, True, True]
    agreement.give(7)
    assert [agreement.covers(days) for days in (6, 7)] == [False, True]
    agreement.withdraw()
    agreement.withdraw()
    assert not agreement.covers(1000)


def test_the_programs_of_a_folder_share_the_agreement(open_chat: Opener) -> None:
    open_chat().store.retention_agreement.give(30)
    assert open_chat().store.retention_agreement.covers(30)


def test_in_memory_nothing_is_agreed_to() -> None:
    agreement = RetentionAgreement(None)
    agreement.give(1)
    assert not agreement.covers(1000)
