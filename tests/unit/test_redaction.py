"""No secret of an address, and no key, is in what is shown."""

from __future__ import annotations

import pytest

from tui_chat.redaction import redacted, redacted_address

ADDRESSES = [
    ("https://api.example/v1", "https://api.example/v1"),
    ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ("https://me:hunter2@api.example:8443/v1", "https://***@api.example:8443/v1"),
    ("https://hunter2@api.example", "https://***@api.example"),
    ("https://api.example/v1?api_key=hunter2&x=1", "https://api.example/v1?api_key=***&x=***"),
    ("https://api.example/?hunter2", "https://api.example/?***"),
    ("https://api.example/#hunter2", "https://api.example/#***"),
    ("https://api.example/?sig=hunter2#hunter2", "https://api.example/?sig=***#***"),
    ("https://api.example/sk-hunter2hunter2/v1", "https://api.example/[key]/v1"),
    ("http://me:hun/ter2@api.example", "http://***@api.example"),
    ("http://me:hun#ter2@api.example", "http://***@api.example"),
    ("http://me:hun?ter2@api.example/?key=x", "http://***@api.example/?key=***"),
    ("http://me:hun@ter2@api.example", "http://***@api.example"),
    ("http://me: hunter2 @api.example", "http://***@api.example"),
    ("me:hunter2@api.example/v1", "***@api.example/v1"),
    ("ftp:/api.example?key=hunter2", "ftp:/api.example?key=***"),
    ("//me:hunter2@api.example", "//***@api.example"),
    ("http://[x", "http://[x"),
    ("", ""),
]


@pytest.mark.parametrize(("address", "shown"), ADDRESSES)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert redacted_address(address) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://me:hunter2@a.example/x, twice", "see https://***@a.example/x, twice"),
        ("(http://a.example/?token=hunter2)", "(http://a.example/?token=***)"),
        ("no proxy at me:hunter2@a.example", "no proxy at ***@a.example"),
        ("GET /v1/models?api_key=hunter2&key=hunter2 failed", "GET /v1/models?api_key=***&key=*** failed"),
        ("the key sk-other-0123456789 is not known", "the key [key] is not known"),
        ("at 12:30 for me@example.com: nothing", "at 12:30 for me@example.com: nothing"),
        ("monkey=business", "monkey=business"),
    ],
)
def test_text_is_shown_without_the_secrets_in_it(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize("piece", ["a", "a:", "a:'", "api_key", "key-", "a.", "(a:"])
def test_a_long_word_is_looked_through_once(piece: str) -> None:
    text = piece * 300_000
    assert redacted(text).startswith(("a", "(a", "[key]"))
