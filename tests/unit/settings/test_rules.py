"""The values that each kind of setting allows, in a file and on a command line."""

from __future__ import annotations

import math

import pytest

from tui_chat.settings import SettingsError, Value, describe, parse_value

ACCEPTED: list[tuple[str, object, Value]] = [
    ("streaming.mode", "batch", "batch"),
    ("streaming.frames_per_second", 5, 5),
    ("streaming.frames_per_second", 60, 60),
    ("streaming.stall_timeout", 1, 1.0),
    ("streaming.stall_timeout", 600.0, 600.0),
    ("streaming.cursor", "", ""),
    ("streaming.cursor", "👩‍💻", "👩‍💻"),
    ("streaming.resume", False, False),
    ("provider.temperature", "", None),
    ("provider.temperature", 1, 1.0),
    ("provider.thinking", 4096, "4096"),
    ("provider.thinking", "4096", "4096"),
    ("provider.thinking", "high", "high"),
    ("provider.base_url", "", ""),
    ("provider.base_url", "HTTPS://proxy.example:8443/v1", "HTTPS://proxy.example:8443/v1"),
    ("provider.stop_sequences", ["\n\n", "END"], ("\n\n", "END")),
    ("local.server_ports", [11434, "8080", 11434], ("11434", "8080")),
    ("local.server_ports", [], ()),
    ("provider.system", "Line one\nline two\t☃", "Line one\nline two\t☃"),
    ("provider.persona", "code review_2.0", "code review_2.0"),
    ("keys.find", "F9, Alt+T", "f9,alt+t"),
]

REFUSED: list[tuple[str, object]] = [
    ("streaming.mode", "Batch"),
    ("streaming.mode", True),
    ("streaming.frames_per_second", 4),
    ("streaming.frames_per_second", 61),
    ("streaming.frames_per_second", 30.0),
    ("streaming.frames_per_second", True),
    ("streaming.frames_per_second", "30"),
    ("streaming.stall_timeout", math.nan),
    ("streaming.stall_timeout", math.inf),
    ("streaming.stall_timeout", True),
    ("streaming.stall_timeout", ""),
    ("streaming.cursor", "a\nb"),
    ("streaming.cursor", "\x1b[5m"),
    ("streaming.cursor", "12345"),
    ("streaming.resume", 1),
    ("streaming.resume", "true"),
    ("provider.temperature", 2.1),
    ("provider.temperature", -0.1),
    ("provider.thinking", 1023),
    ("provider.thinking", "much"),
    ("provider.thinking", True),
    ("provider.base_url", "localhost:8080"),
    ("provider.base_url", "file:///etc/passwd"),
    ("provider.base_url", "http://"),
    ("provider.base_url", "http://a b"),
    ("provider.stop_sequences", "END"),
    ("local.server_ports", 8080),
    ("local.server_ports", [0]),
    ("local.server_ports", ["65536"]),
    ("local.server_ports", [True]),
    ("local.server_ports", ["http"]),
    ("local.server_ports", [8080.0]),
    ("provider.stop_sequences", ["END", 1]),
    ("provider.stop_sequences", ["END", ""]),
    ("provider.system", "a\x00b"),
    ("provider.system", "\udcff"),
    ("provider.persona", "../secrets"),
    ("provider.persona", ".hidden"),
    ("ui.theme", ""),
    ("keys.find", ""),
    ("keys.find", "crtl+t"),
]


@pytest.mark.parametrize(("key", "raw", "value"), ACCEPTED)
def test_what_is_allowed_is_taken(key: str, raw: object, value: Value) -> None:
    taken = describe(key).check(raw)
    assert (taken, type(taken)) == (value, type(value))


@pytest.mark.parametrize(("key", "raw"), REFUSED)
def test_what_is_not_allowed_is_refused_with_what_is(key: str, raw: object) -> None:
    with pytest.raises(SettingsError) as refused:
        describe(key).check(raw)
    sentence = str(refused.value)
    assert sentence.startswith(f"{key} = ")
    assert sentence.endswith(f"is not allowed ({describe(key).allowed}).")
    assert sentence.isprintable()


TYPED: list[tuple[str, str, Value]] = [
    ("streaming.mode", " Batch ", "batch"),
    ("streaming.resume", "off", False),
    ("streaming.resume", "Yes", True),
    ("streaming.resume", "1", True),
    ("streaming.simulate_rate", "1_000", 1000),
    ("streaming.stall_timeout", "2.5", 2.5),
    ("streaming.stall_timeout", "90", 90.0),
    ("streaming.cursor", " ", " "),
    ("provider.temperature", "", None),
    ("provider.temperature", "0.7", 0.7),
    ("provider.thinking", " HIGH", "high"),
    ("provider.base_url", " http://localhost:1/ ", "http://localhost:1/"),
    ("provider.betas", "", ()),
    ("provider.betas", "a, b", ("a", "b")),
    ("provider.stop_sequences", '["a,b", "\\n"]', ("a,b", "\n")),
    ("keys.retry", "Ctrl+Alt+R", "alt+ctrl+r"),
]


@pytest.mark.parametrize(("key", "text", "value"), TYPED)
def test_what_is_typed_is_understood(key: str, text: str, value: Value) -> None:
    parsed = parse_value(key, text)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("streaming.resume", "maybe"),
        ("streaming.frames_per_second", "many"),
        ("streaming.frames_per_second", "30.5"),
        ("streaming.frames_per_second", ""),
        ("streaming.frames_per_second", "9" * 5000),
        ("streaming.stall_timeout", "nan"),
        ("provider.betas", "[1]"),
        ("provider.betas", '["a"]\nx = 1 ]'),
        ("provider.betas", "[" * 5000),
        ("provider.betas", "a,,b"),
    ],
)
def test_what_is_typed_and_not_allowed_is_refused(key: str, text: str) -> None:
    with pytest.raises(SettingsError, match="is not allowed"):
        parse_value(key, text)


def test_an_unknown_setting_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"did you mean streaming\.frames_per_second\?"):
        parse_value("streaming.frame_per_second", "30")
    with pytest.raises(SettingsError, match=r"There is no setting \"qqqqqqq\"; `tui-chat config show` lists all\."):
        parse_value("qqqqqqq", "30")


@pytest.mark.parametrize(
    ("key", "secret", "raw"),
    [
        ("provider.name", "sk-ant-api03-abcdefgh", "sk-ant-api03-abcdefgh"),
        ("streaming.retry_attempts", "sk-proj-0123456789", ["sk-proj-0123456789"]),
        ("provider.base_url", "hunter2", "ftp://me:hunter2@example.com"),
    ],
)
def test_a_sentence_never_shows_a_key_or_a_password(key: str, secret: str, raw: object) -> None:
    with pytest.raises(SettingsError) as refused:
        describe(key).check(raw)
    assert secret not in str(refused.value)


def test_a_sentence_stays_short() -> None:
    for raw in ("x" * 10_000, list(range(10_000)), {"a": 1}, 16**9000):
        with pytest.raises(SettingsError) as refused:
            describe("streaming.mode").check(raw)
        assert len(str(refused.value)) < 130
