"""`tui-chat ask --schema` against the real demo server: a whole valid document on standard output, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tui_chat.demo import DemoServer

RIVERS = {
    "type": "object",
    "properties": {"rivers": {"type": "array", "items": {"type": "string"}}, "longest": {"type": "number"}},
    "required": ["rivers", "longest"],
    "additionalProperties": False,
}
FITTING = {"rivers": ["a word"], "longest": 1.5}


@pytest.mark.parametrize("mode", ["--stream", "--batch"])
def test_only_the_document_is_printed(cli: Command, mode: str, tmp_path: Path) -> None:
    (tmp_path / "rivers.json").write_text(json.dumps(RIVERS))
    done = cli.run("ask", mode, "--schema", str(tmp_path / "rivers.json"), "Name rivers.")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == FITTING


def test_the_object_of_the_reply_has_the_document_as_data(cli: Command) -> None:
    reply = cli.json("ask", "--format", "json", "--schema", json.dumps(RIVERS), "Name rivers.")
    assert reply["data"] == FITTING
    assert json.loads(reply["text"]) == FITTING


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("schema-break", "does not fit the schema: $: "),
        ("max_tokens@3", "cut at its token limit"),
        ("refusal@2", "refused to go on"),
    ],
)
def test_nothing_but_a_whole_document_is_printed(cli: Command, format: str, fault: str, said: str) -> None:
    model = f"demo+{fault}"
    done = cli.run("ask", "--format", format, "--model", model, "--schema", json.dumps(RIVERS), "Name rivers.")
    assert (done.returncode, done.stdout) == (1, b"")
    assert said in done.stderr.decode()


def test_a_model_that_was_only_told_in_words_and_does_not_comply_fails(cli: Command) -> None:
    done = cli.run("ask", "--schema", '{"type": "object", "minProperties": 1}', "Name rivers.")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "The reply is no JSON: line 1, column 1" in done.stderr.decode()


def test_of_a_document_that_broke_off_nothing_is_printed(cli: Command) -> None:
    done = cli.run("ask", "--model", "demo+reset@3", "--schema", json.dumps(RIVERS), "Name rivers.")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr


def test_a_bad_schema_sends_nothing(cli: Command, server: DemoServer) -> None:
    done = cli.run("ask", "--schema", '{"type": "nothing"}', "Name rivers.")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "--schema is no valid JSON Schema: $.type" in done.stderr.decode()
    assert not server.log.replies
