"""Times as one says them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tui_chat.ui.shared.times import ago

NOW = datetime(2026, 11, 21, 15, 30).astimezone()  # a Saturday


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=15), "15 h ago"),
        (timedelta(hours=16), "yesterday"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=2), "Thursday"),
        (timedelta(days=6), "Sunday"),
        (timedelta(days=7), "14 Nov"),
        (timedelta(days=400), "17 Oct 2025"),
    ],
)
def test_a_time_is_said_in_as_few_words_as_tell_it_apart(before: timedelta, said: str) -> None:
    assert ago(NOW - before, NOW) == said


def test_shortly_after_midnight_an_hour_is_still_an_hour() -> None:
    midnight = NOW.replace(hour=0, minute=10)
    assert ago(midnight - timedelta(hours=1), midnight) == "1 h ago"
