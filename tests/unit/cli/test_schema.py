"""The schema of `ask --schema`: read, refused, and held against replies."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest

from tui_chat.cli.output import Complaint
from tui_chat.cli.schema import read_schema

PRICES = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": {"$ref": "#/$defs/item"}}},
    "required": ["items"],
    "$defs": {"item": {"type": "object", "properties": {"price": {"type": "number"}}}},
}


def test_a_valid_document_comes_back_in_its_own_order() -> None:
    schema = read_schema(json.dumps(PRICES))
    assert json.dumps(schema.data('{"items": [{"price": 2, "a": 1}]}')) == '{"items": [{"price": 2, "a": 1}]}'


@pytest.mark.parametrize("fence", ["```json\n{}\n```", "```\n{}\n```\n", "\n```JSON\n{}\n```"])
def test_a_code_fence_is_taken_off(fence: str) -> None:
    assert read_schema("{}").data(fence) == {}


def test_a_document_that_does_not_fit_is_refused_with_its_place() -> None:
    with pytest.raises(Complaint) as refused:
        read_schema(json.dumps(PRICES)).data('{"items": [{}, {}, {"price": "x"}]}')
    assert refused.value.sentence.endswith("""$.items[2].price: 'x' is not of type 'number'.""")
    assert refused.value.status == 1


@pytest.mark.parametrize("text", ["", "Sure: {}", '{"a": ', "NaN", "1e999", "[" * 5000, '{"a": 1} {}', "9" * 5000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(Complaint, match="no JSON") as refused:
        read_schema("{}").data(text)
    assert refused.value.status == 1


@pytest.mark.parametrize(
    "schema",
    [
        '{"type": "nothing"}',
        '{"type": ',
        '{"pattern": "("}',
        '{"patternProperties": {"(": {}}}',
        '{"$ref": "#/$defs/none"}',
        '{"$ref": "https://example.com/schema.json"}',
        '{"properties": {"a": {"$ref": "file:///etc/passwd"}}}',
    ],
)
def test_a_bad_schema_is_refused_before_anything_is_sent(schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", None)
    with pytest.raises(Complaint, match="--schema") as refused:
        read_schema(schema)
    assert refused.value.status == 2


@pytest.mark.parametrize("content", [b"[]", b"\xff\xfe", b"", b'{"a": "' + b"x" * 1_000_001])
def test_a_file_that_is_no_schema_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_bytes(content)
    for path in (tmp_path / "s.json", tmp_path / "none.json", tmp_path, Path("/dev/zero"), Path("-")):
        with pytest.raises(Complaint, match="--schema") as refused:
            read_schema(str(path))
        assert refused.value.status == 2


def test_a_schema_that_never_ends_cannot_be_checked() -> None:
    with pytest.raises(Complaint, match="too deep"):
        read_schema('{"$ref": "#"}').data("1")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(Complaint, match="needs the package jsonschema"):
        read_schema("{}")
