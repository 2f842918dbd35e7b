"""Values from outside, made such that they can be relied on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan

import pytest

from tui_chat.text import reading
from tui_chat.text.limits import DEEPEST_JSON, LONGEST_SENTENCE, MOST_COUNTED


def nested(depth: int) -> object:
    value: object = 1
    for level in range(depth):
        value = [value] if level % 2 else {"x": value}
    return value


@pytest.mark.parametrize("value", [0, 7, MOST_COUNTED])
def test_a_count_is_what_it_is(value: int) -> None:
    assert reading.count(value) == reading.figure(value) == value


@pytest.mark.parametrize("value", [-1, True, 10**400, MOST_COUNTED + 1, nan, inf, -inf, "7", None, [], {}])
def test_what_nobody_can_have_counted_or_measured_is_not_known(value: object) -> None:
    assert reading.count(value) is None
    assert reading.figure(value) is None


def test_a_name_has_an_end() -> None:
    assert reading.name("model") == "model"
    assert len(reading.name("x" * 1_000_000)) == 200
    assert reading.name(7) == reading.name(None) == ""


@pytest.mark.parametrize("value", ["", "a b", "x" * 65, "../x", "ä", 7, None, b"x"])
def test_an_id_of_ours_is_letters_and_digits(value: object) -> None:
    with pytest.raises(ValueError):
        reading.identifier(value)
    assert reading.identifier("3f2a-91_c4") == "3f2a-91_c4"


def test_a_sentence_has_at_most_three_hundred_characters() -> None:
    assert reading.sentence("Short.") == "Short."
    cut = reading.sentence("x" * 3_000_000)
    assert len(cut) == LONGEST_SENTENCE
    assert cut.endswith("…")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("no", "'no'"), (2, "2"), (None, "None"), (10**400, "a number"), ({}, "an object"), ([], "a list")],
)
def test_what_makes_no_sense_is_quoted_shortly(value: object, shown: str) -> None:
    assert reading.quoted(value) == shown
    assert len(reading.quoted("x" * 3_000_000)) <= 60


@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, "9" * 5_000, "", "{", b"\xff\xfe\xff"])
def test_json_that_no_parser_takes_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        reading.parsed(text)


def test_a_json_value_has_a_depth_and_plain_numbers() -> None:
    assert reading.bounded(nested(DEEPEST_JSON - 1)) == nested(DEEPEST_JSON - 1)
    with pytest.raises(ValueError):
        reading.bounded(nested(DEEPEST_JSON + 1))
    with pytest.raises(ValueError):
        reading.bounded(nested(100_000))
    odd = {"a": nan, "b": [inf, 10**400, -(10**400)], "c": 1.5, "d": True, "e": None}
    assert reading.bounded_object(odd) == {"a": None, "b": [None, None, None], "c": 1.5, "d": True, "e": None}


@pytest.mark.parametrize("value", [None, 7, [], "x"])
def test_an_object_is_none_but_an_object(value: object) -> None:
    with pytest.raises(TypeError):
        reading.bounded_object(value)
    assert reading.mapping(value) == {}


@pytest.mark.parametrize("hours", [-14, 0, 14])
@pytest.mark.parametrize("year", [1, 1970, 1971, 2026, 2998, 2999, 9999])
def test_a_time_that_was_kept_can_be_told_in_every_zone(year: int, hours: int) -> None:
    time = reading.stored_moment(f"{year:04}-01-01T00:00:00{hours:+03}:00")
    for zone in (-14, 14):
        assert time.astimezone(timezone(timedelta(hours=zone))).tzinfo
    time.astimezone()


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "yesterday", "", 7, None])
def test_what_is_no_time_of_ours_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"time|isoformat"):
        reading.moment(value)


def test_a_time_that_does_not_say_where_is_in_utc() -> None:
    assert reading.moment("2026-01-02T03:04") == datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
