"""A schema on both wires: the vendor's own mechanism where there is one, plain words elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tui_chat.chat.message import Role
from tui_chat.chat.parts import TextPart
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.providers.anthropic_request import message_params
from tui_chat.providers.openai_request import completion_params

CLOSED: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "number"}},
    "required": ["a"],
    "additionalProperties": False,
}
OPEN: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "number", "minimum": 3}}}


def request(model: str, schema: dict[str, Any], thinking: str = "off") -> ReplyRequest:
    turns = (Turn(Role.USER, (TextPart("Hello"),)),)
    return ReplyRequest(model, turns, system="Be brief.", schema=schema, thinking=thinking)


def test_claude_is_held_to_a_schema_beside_its_effort() -> None:
    params = message_params(request("claude-opus-5-5", CLOSED, thinking="low"))
    assert params["output_config"] == {"effort": "low", "format": {"type": "json_schema", "schema": CLOSED}}
    assert params["system"][0]["text"] == "Be brief."


@pytest.mark.parametrize(("model", "schema"), [("claude-opus-5-5", OPEN), ("a-model-of-mine", CLOSED)])
def test_what_cannot_be_guaranteed_is_said_in_words(model: str, schema: dict[str, Any]) -> None:
    params = message_params(request(model, schema))
    assert "output_config" not in params
    assert params["system"][0]["text"].startswith("Be brief.\n\nAnswer with nothing but one JSON document")


@pytest.mark.parametrize(("schema", "strict"), [(CLOSED, True), (OPEN, False), ({**CLOSED, "required": []}, False)])
def test_openai_gets_a_schema_strict_where_it_can_be(schema: dict[str, Any], strict: bool) -> None:
    params = completion_params(request("gpt-6-sol", schema), vendor=True)
    shape = {"name": "reply", "schema": schema, "strict": strict}
    assert params["response_format"] == {"type": "json_schema", "json_schema": shape}
    assert params["messages"][0]["content"] == "Be brief."


@pytest.mark.parametrize(("vendor", "schema"), [(False, CLOSED), (True, {"type": "array"})])
def test_other_servers_and_other_shapes_are_told_in_words(vendor: bool, schema: dict[str, Any]) -> None:
    params = completion_params(request("gpt-6-sol", schema), vendor=vendor)
    assert "response_format" not in params
    assert "Answer with nothing but one JSON document" in params["messages"][0]["content"]


def test_a_lone_surrogate_in_a_schema_does_not_stop_the_request() -> None:
    params = message_params(request("claude-opus-5-5", {**CLOSED, "title": "\ud800"}))
    params["output_config"]["format"]["schema"]["title"].encode()
