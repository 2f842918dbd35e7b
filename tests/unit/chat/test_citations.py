"""The text of a reply with the numbers of its sources."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.citations import (
    MOST_QUOTES,
    CitationJoiner,
    Quote,
    Source,
    cited,
    is_web_address,
    listed,
    sources_of,
)
from tui_chat.chat.events import BlockStart, BlockStop, CitationsDelta, StreamEvent, TextDelta
from tui_chat.chat.parts import Part, TextPart, ToolCallPart, text_of

WEB: dict[str, Any] = {
    "type": "web_search_result_location",
    "url": "https://a.example/",
    "title": "A",
    "cited_text": "aa",
}
OTHER: dict[str, Any] = {**WEB, "url": "https://b.example/", "title": None, "cited_text": "bb"}
PAGE: dict[str, Any] = {
    "type": "page_location",
    "document_index": 0,
    "document_title": "plan.pdf",
    "start_page_number": 3,
    "end_page_number": 4,
    "cited_text": "the plan",
}


def text(*blocks: str | tuple[str, dict[str, Any]] | tuple[str, dict[str, Any], dict[str, Any]]) -> str:
    parts = [TextPart(block) if isinstance(block, str) else TextPart(block[0], block[1:]) for block in blocks]
    return cited(parts).text


@pytest.mark.parametrize(
    ("blocks", "joined"),
    [
        (("- ", ("It is fast", WEB), ".\n- ", ("It is safe", OTHER), ".\n"), "- It is fast[1].\n- It is safe[2].\n"),
        ((("One", WEB), " and ", ("two", WEB), "."), "One[1] and two[1]."),
        ((("Both", WEB, OTHER), "."), "Both[1][2]."),
        ((("Both", OTHER, WEB, OTHER), "."), "Both[1][2]."),
        ((("A paragraph.\n\n", WEB), "More."), "A paragraph.[1]\n\nMore."),
        (("**", ("bold", WEB), "** word"), "**bold[1]** word"),
        ((("| a | b |\n", WEB), "| c | d |"), "| a | b[1] |\n| c | d |"),
        (((" \n", WEB), "Nothing is cited."), " \nNothing is cited."),
        ((("```sh\nls", WEB), "\n```\n", ("Then", OTHER)), "```sh\nls\n```\nThen[2]"),
        ((("- ```sh\n  ls\n  ```\n", WEB), "Then", (" so", WEB)), "- ```sh\n  ls\n  ```\nThen so[1]"),
        ((("~~~\n```\n~~~\nOut", WEB),), "~~~\n```\n~~~\nOut[1]"),
        ((("~~~ a`b\nls", WEB),), "~~~ a`b\nls"),
        ((("| --- |", WEB), "\n| a |"), "| --- |\n| a |"),
        ((("Nobody knows", {"type": "novel"}), "."), "Nobody knows."),
    ],
)
def test_a_number_stands_after_what_it_is_for(blocks: Any, joined: str) -> None:
    assert text(*blocks) == joined


def test_a_source_has_its_title_address_words_and_places() -> None:
    again = {**PAGE, "start_page_number": 7, "end_page_number": 10, "cited_text": " a \n b "}
    parts = [TextPart("See"), TextPart(" one", (WEB, PAGE)), TextPart(", two", (again, again, OTHER))]
    assert cited(parts).sources == (
        Source(1, "A", "https://a.example/", (Quote("aa"),), ((4, 7),)),
        Source(2, "plan.pdf", "", (Quote("the plan", "page 3"), Quote("a b", "pages 7–9")), ((4, 7), (7, 12))),
        Source(3, "https://b.example/", "https://b.example/", (Quote("bb"),), ((7, 12),)),
    )
    assert cited(parts).sources[1].lines == ("[2] plan.pdf", "page 3: “the plan”", "pages 7–9: “a b”")


def test_sources_are_told_in_json_and_in_lines() -> None:
    sources = sources_of([TextPart("See"), TextPart(" one", (WEB, PAGE))])
    assert [source.to_json() for source in sources] == [
        {
            "number": 1,
            "title": "A",
            "address": "https://a.example/",
            "quotes": [{"words": "aa", "place": None}],
            "spans": [[4, 7]],
        },
        {
            "number": 2,
            "title": "plan.pdf",
            "address": None,
            "quotes": [{"words": "the plan", "place": "page 3"}],
            "spans": [[4, 7]],
        },
    ]
    lines = ["[1] A", "    https://a.example/", "    “aa”", "[2] plan.pdf", "    page 3: “the plan”"]
    assert listed(sources) == "\n".join(lines)
    assert sources_of([TextPart("None")]) == ()


def test_a_place_is_known_with_and_without_the_numbers() -> None:
    joiner = CitationJoiner()
    events: list[StreamEvent] = [
        BlockStart(0, "text", {"citations": []}), TextDelta(0, "One"), CitationsDelta(0, WEB), BlockStop(0),
        BlockStart(1, "text", {}), TextDelta(1, " and "), BlockStop(1),
        BlockStart(2, "text", {"citations": []}), TextDelta(2, "two "), CitationsDelta(2, OTHER), BlockStop(2),
    ]  # fmt: skip
    shown = "".join(joiner.feed(event) for event in events)
    assert shown == "One[1] and two[2] "
    numbers = [None] * 3 + [1] * 3 + [None] * 8 + [2] * 3 + [None]
    assert [joiner.number_at(place) for place in range(len(shown))] == numbers
    assert [joiner.shown_place(place) for place in (0, 2, 3, 8, 10, 11)] == [0, 2, 6, 11, 13, 17]


@pytest.mark.parametrize(
    ("citation", "title", "place"),
    [
        ({"document_index": 1, "start_char_index": 0, "end_char_index": 1_200}, "Document 2", "characters 1–1,200"),
        ({"document_index": 0, "document_title": "a", "start_block_index": 2, "end_block_index": 3}, "a", "part 3"),
        ({"document_title": "x\ny", "start_page_number": 2}, "x y", "page 2"),
        ({"document_title": "x", "start_page_number": "2", "end_page_number": -1}, "x", ""),
        (
            {"source": "https://c.example", "title": "C", "start_block_index": 0, "search_result_index": 0},
            "C",
            "part 1",
        ),
        ({"source": "our wiki", "search_result_index": 0}, "our wiki", ""),
        ({"file_id": "f"}, "Document", ""),
        ({"url": "https://c.example", "start_char_index": 0}, "https://c.example", ""),
    ],
)
def test_a_place_in_a_document_is_in_words(citation: dict[str, Any], title: str, place: str) -> None:
    (source,) = cited([TextPart("x", (citation,))]).sources
    assert (source.title, [quote.place for quote in source.quotes]) == (title, [place] if place else [])


@pytest.mark.parametrize(
    ("first", "second", "numbers"),
    [
        ({"document_index": 0, "document_title": "a"}, {"document_index": 0, "document_title": "b"}, "[1][2]"),
        ({"document_index": 0, "document_title": "a"}, {"document_index": 0, "document_title": "a"}, "[1]"),
        ({"file_id": "f", "document_index": 0, "document_title": "a"}, {"file_id": "f", "document_index": 1}, "[1]"),
    ],
)
def test_a_document_is_one_source_by_its_file_or_by_its_place_and_title(
    first: dict[str, Any], second: dict[str, Any], numbers: str
) -> None:
    assert text(("x", first, second)) == f"x{numbers}"


def test_numbers_go_on_after_a_call() -> None:
    parts: list[Part] = [
        TextPart("One", (WEB,)),
        ToolCallPart("t", "x", "{}"),
        TextPart("two", (OTHER,)),
        TextPart("!"),
    ]
    assert cited(parts).text == "One[1]two[2]!"


def test_words_without_a_place_stand_alone_and_are_whole_up_to_their_limit() -> None:
    (source,) = cited([TextPart("x", ({"document_title": "x", "cited_text": "w" * 200},))]).sources
    assert source.lines == ("[1] x", f"“{'w' * 200}”")


def test_long_and_many_quotations_are_cut() -> None:
    many = tuple({**WEB, "cited_text": f"{number} {'long ' * 1000}"} for number in range(50))
    (source,) = cited([TextPart("x", many)]).sources
    assert len(source.quotes) == MOST_QUOTES
    assert all(len(quote.words) <= 200 and quote.words.endswith("…") for quote in source.quotes)


def placed(begin: int, end: int, url: str = "https://a.example/") -> dict[str, Any]:
    return {"type": "url_citation", "url": url, "title": "A", "start_index": begin, "end_index": end}


@pytest.mark.parametrize(
    ("whole", "citations", "joined"),
    [
        ("It is fast. It is safe.", [placed(0, 10), placed(12, 22, "https://b/")], "It is fast[1]. It is safe[2]."),
        ("It is fast.", [placed(6, 10, "https://b/"), placed(0, 10)], "It is fast[2][1]."),
        ("It is fast.", [placed(0, 10), placed(3, 10)], "It is fast[1]."),
        ("One two three", [placed(0, 7), placed(4, 13, "https://b/")], "One two[1] three[2]"),
        ("A line. \nMore", [placed(0, 9)], "A line.[1] \nMore"),
        ("So ([a](https://a)).", [placed(3, 19)], "So ([a](https://a))[1]."),
        ("See [a] and b", [placed(4, 7)], "See [a][1] and b"),
        ("So [a](https://a).", [placed(3, 6)], "So [a](https://a)."),
        ("```\nls\n```", [placed(4, 6)], "```\nls\n```"),
        ("It is fast.", [placed(0, 99), placed(3, 3), placed(5, 2), placed(-1, 3)], "It is fast."),
        ("😀 is fast.", [placed(0, 9)], "😀 is fast[1]."),
    ],
)
def test_a_number_stands_after_the_part_of_a_text_that_a_citation_names(
    whole: str, citations: list[dict[str, Any]], joined: str
) -> None:
    found = cited([TextPart(whole, tuple(citations))])
    assert found.text == joined
    assert all(whole[begin:end].strip() for source in found.sources for begin, end in source.spans)


def test_a_place_that_comes_after_its_text_is_known_to_be_missing() -> None:
    joiner = CitationJoiner()
    assert joiner.append("It is fast.") == "It is fast."
    assert not joiner.is_behind
    joiner.cite(placed(0, 10))
    assert (joiner.end_block(), joiner.is_behind) == ("", True)
    joiner.cite(placed(0, 2))
    assert joiner.append("So") + joiner.append(" on") + joiner.end_block() == "So[1] on"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://", "http://a\x1b]8;;", "//a.example"]
)
def test_only_the_web_is_an_address(url: str) -> None:
    assert not is_web_address(url)
    (source,) = cited([TextPart("x", ({"url": url, "title": "T"},))]).sources
    assert source.address == ""


PIECES = st.text("ab .\n|`~-*", max_size=12)
FOREIGN = [WEB, OTHER, PAGE, {}, {"url": 1, "cited_text": []}]
PLACED = st.builds(placed, st.integers(0, 12), st.integers(0, 12), st.sampled_from(["https://a/", "https://b/"]))
CITATIONS = st.lists(st.one_of(st.sampled_from(FOREIGN), PLACED), max_size=3)
PARTS = st.lists(
    st.one_of(
        st.builds(lambda text, cites: TextPart(text, tuple(cites)), PIECES, CITATIONS),
        st.just(ToolCallPart("", "", "")),
    ),
    max_size=8,
)


@given(PARTS)
def test_without_the_numbers_it_is_the_text(parts: list[Part]) -> None:
    joiner, shown = CitationJoiner(), ""
    for part in parts:
        if isinstance(part, TextPart):
            shown += joiner.append_part(part)
        shown += joiner.end_block()
    assert shown == cited(parts).text
    plain, at = shown, 0
    for mark in joiner.marks:
        at = mark.at
        assert plain[at : at + len(mark.text)] == mark.text
        plain = plain[:at] + plain[at + len(mark.text) :]
    assert plain == text_of(parts)
    for source in cited(parts).sources:
        assert all(plain[begin:end].strip() for begin, end in source.spans)


@given(PARTS, st.data())
def test_it_is_the_same_however_the_text_comes(parts: list[Part], data: st.DataObject) -> None:
    joiner, shown = CitationJoiner(), ""
    for part in parts:
        if not isinstance(part, TextPart):
            shown += joiner.end_block()
            continue
        cut = data.draw(st.integers(0, len(part.text)))
        late = data.draw(st.booleans()) and not any("end_index" in citation for citation in part.citations)
        joiner.expect({"citations": []} if part.citations else {})
        for citation in () if late else part.citations:
            joiner.cite(citation)
        shown += joiner.append(part.text[:cut]) + joiner.append(part.text[cut:])
        for citation in part.citations if late else ():
            joiner.cite(citation)
        shown += joiner.end_block()
    assert shown + joiner.end_block() == cited(parts).text


def test_a_number_follows_the_last_word_that_it_is_for_though_the_blank_behind_comes_late() -> None:
    joiner = CitationJoiner()
    joiner.cite({"type": "url_citation", "url": "https://a/", "title": "A", "start_index": 4, "end_index": 9})
    pieces = [joiner.append(text) for text in ("One word", " ", "more")]
    assert pieces == ["One word", "[1] ", "more"]
    assert joiner.sources[0].spans == ((4, 8),)


def test_a_citation_that_nothing_announced_puts_no_number_after_a_blank() -> None:
    joiner = CitationJoiner()
    shown = joiner.append("One. \n\n")
    joiner.cite(WEB)
    assert shown + joiner.end_block() + joiner.append("Two") == "One. \n\nTwo"
    joiner.cite(WEB)
    assert joiner.end_block() == "[1]"
    assert len(joiner.sources) == 1
