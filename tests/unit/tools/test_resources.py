"""Resources of servers: listed, read, and what becomes of those that cannot be."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from tests import mcp_stub
from tests.unit.tools.conftest import SHORT
from tui_chat.tools import NoServer, ServerSpec, ToolServers, beginning, fits
from tui_chat.tools.uri_templates import without_arguments

STUB = ServerSpec("stub", sys.executable, (mcp_stub.__file__, "echo"))


def test_resources_are_listed_and_templates_that_need_nothing_are_like_them(servers: ToolServers) -> None:
    assert servers.may_have_resources("stub")
    found = servers.resources(STUB).result()
    assert [(resource.uri, resource.name, resource.is_template) for resource in found] == [
        ("note://one", "First note", False),
        ("pic://two", "A picture", False),
        ("note://{id}/text", "A note by its number", True),
        ("find://notes", "All notes", False),
    ]
    assert servers.may_have_resources("stub")


def test_a_resource_may_be_a_text_or_several_or_anything(servers: ToolServers) -> None:
    (text,) = servers.resource(STUB, "note://one").result()
    assert text.content == b"What note://one says."
    assert [part.uri for part in servers.resource(STUB, "note://folder").result()] == [
        "note://folder/a.md",
        "note://folder/b.md",
    ]
    (blob,) = servers.resource(STUB, "note://blob").result()
    assert blob.content == bytes(range(256))
    assert servers.resource(STUB, "note://nothing").result() == []


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("note://die", "ended. Its last words: out of cheese"),
        ("note://odd", "answered with what cannot be read"),
        ("note://not-base64", "answered with what cannot be read"),
        ("note://missing", "refused it: Method not found"),
        ("note://monstrous", "sent more than 16 MB at once"),
    ],
)
def test_a_server_that_gives_no_resource_says_why_and_the_next_one_comes(
    servers: ToolServers, uri: str, why: str
) -> None:
    with pytest.raises(NoServer) as caught:
        servers.resource(STUB, uri).result()
    assert str(caught.value).startswith("The MCP server stub ")
    assert why in str(caught.value)
    assert len(servers.resource(STUB, "note://one").result()) == 1


def test_a_resource_that_never_comes_is_not_waited_for() -> None:
    servers = ToolServers(print, replace(SHORT, read_s=0.2))
    try:
        with pytest.raises(NoServer, match="The MCP server stub did not answer in time"):
            servers.resource(STUB, "note://hang").result()
        servers._patience = SHORT  # one that comes may take longer
        assert len(servers.resource(STUB, "note://one").result()) == 1
    finally:
        servers.close()


@pytest.mark.parametrize(
    ("template", "whole", "begins"),
    [
        ("note://all", "note://all", "note://all"),
        ("find://notes{?q,n}", "find://notes", "find://notes"),
        ("find://notes?a=1{&q}{#part}", "find://notes?a=1", "find://notes?a=1"),
        ("note://{id}", None, "note://"),
        ("file:///{+path}", None, "file:///"),
    ],
)
def test_a_template_that_needs_no_arguments_is_an_address(template: str, whole: str | None, begins: str) -> None:
    assert without_arguments(template) == whole
    assert beginning(template) == begins


@pytest.mark.parametrize(
    ("template", "uri", "is_one"),
    [
        ("note://{id}", "note://1", True),
        ("note://{id}", "note://", False),
        ("note://{id}", "other://1", False),
        ("note://{id}/text", "note://1/text", True),
        ("note://{id}/text", "note:///text", False),
        ("note://{id}/text", "note://1/tex", False),
        ("a://{x}/b/{y}", "a://1/b/2", True),
        ("a://{x}/b/{y}", "a://1/c/2", False),
        ("a://plain", "a://plain", False),
        ("note://{id}", "note://{id}", False),
    ],
)
def test_an_address_is_one_of_a_template(template: str, uri: str, is_one: bool) -> None:
    assert fits(template, uri) is is_one
