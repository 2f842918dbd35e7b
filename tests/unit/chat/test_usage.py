"""Usage, as it is counted up, stored and printed."""

from __future__ import annotations

from tui_chat.chat.usage import TOKEN_COUNTS, Usage


def test_what_is_newer_replaces_what_it_knows_and_keeps_the_rest() -> None:
    assert Usage(1, 2, 3, web_search_requests=1).updated(Usage(5, web_search_requests=2)) == Usage(5, 2, 3, None, 2)


def test_two_requests_add_up_and_what_neither_knows_stays_unknown() -> None:
    assert Usage(1, 2, web_search_requests=1).plus(Usage(3, None, 4)) == Usage(4, 2, 4, None, 1)


def test_searches_are_told_only_where_there_are_any() -> None:
    assert tuple(Usage(1, 2, 3, 4, 0).to_json()) == TOKEN_COUNTS
    assert tuple(Usage(web_search_requests=1).to_json()) == (*TOKEN_COUNTS, "web_search_requests")


def test_what_is_printed_can_be_read_again() -> None:
    assert Usage.from_json(Usage(1, 2, 3, 4, 5).to_json()) == Usage(1, 2, 3, 4, 5)
    assert Usage.from_json({"input_tokens": True, "output_tokens": -1, "web_search_requests": "2"}) == Usage()
