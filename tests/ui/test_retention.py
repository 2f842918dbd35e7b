"""Retention: nothing is deleted that was not announced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.conftest import Opener
from tui_chat.storage import Store
from tui_chat.ui.shared.question import Question


@pytest.fixture(autouse=True)
def old(tmp_path: Path) -> None:
    """Two conversations that are old, and a third that is, too, but is pinned."""
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    old = {"updated_at": "2020-01-01T00:00:00+00:00"}
    made = [store.import_(old | {"messages": [{"role": "user", "text": text}]}) for text in "123"]
    store.marks.pin(made[-1].id)
    store.close()


async def test_what_would_be_deleted_is_said_first_and_then_done_without_a_question(opened: Opener) -> None:
    async with opened(notices=True, history__retention_days=30) as stage:
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        shown = " ".join(stage.shown.replace("│", " ").split())
        assert "2 conversations did not change for 30 days." in shown
        assert len(stage.program.store.conversations()) == 3
        await stage.pilot.press("left", "enter")
        await stage.until(lambda: "2 conversations older than 30 days were deleted" in " ".join(stage.shown.split()))
        assert len(stage.program.store.conversations()) == 1
        stage.program.store.marks.pin(stage.program.store.conversations()[0].id, pinned=False)
    async with opened(notices=True, history__retention_days=40) as stage:
        await stage.until(lambda: "1 conversation older than 40 days was deleted" in " ".join(stage.shown.split()))


async def test_a_shorter_time_is_asked_about_again(opened: Opener, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    store.retention_agreement.give(30)
    store.close()
    async with opened(history__retention_days=29) as stage:
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        assert len(stage.program.store.conversations()) == 3
        await stage.pilot.press("escape")


async def test_without_consent_nothing_is_deleted_and_the_question_comes_again(opened: Opener) -> None:
    for _ in range(2):
        async with opened(history__retention_days=30) as stage:
            await stage.until(lambda: isinstance(stage.app.screen, Question))
            await stage.pilot.press("enter")
            await stage.until(lambda: not isinstance(stage.app.screen, Question))
            assert len(stage.program.store.conversations()) == 3


async def test_who_turned_it_off_is_asked_anew(opened: Opener, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    store.retention_agreement.give(30)
    store.close()
    async with opened() as stage:
        await stage.until(lambda: not stage.program.store.retention_agreement.covers(30))
        assert len(stage.program.store.conversations()) == 3
