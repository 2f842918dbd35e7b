"""What a reply cites, as the commands print it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.command import Command

LIST = """\
[1] The Textual framework
    https://textual.textualize.io/
    “Textual is a framework for building terminal applications.”
[2] Server-sent events
    https://html.spec.whatwg.org/multipage/server-sent-events.html
    “Event streams in this format must always be encoded as UTF-8.”
"""


def test_ask_prints_one_text_with_its_sources_below(cli: Command) -> None:
    done = cli.run("ask", "Search the news")
    printed = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "do not look it[1]. It draws widgets, layout and styles in cells instead of pixels[2]." in printed
    assert "HTTP answer[1][2]. Nearly" in printed
    assert printed.endswith(f"scripted, too.\n\n{LIST}")


def test_the_json_has_the_sources_and_the_text_as_it_came(cli: Command) -> None:
    reply = cli.json("ask", "--format", "json", "Search the news")
    first, second = reply["sources"]
    assert (first["number"], first["title"]) == (1, "The Textual framework")
    assert second["quotes"] == [
        {"words": "Event streams in this format must always be encoded as UTF-8.", "place": None}
    ]
    assert "[1]" not in reply["text"]
    begin, end = first["spans"][0]
    assert reply["text"][begin:end].startswith("Textual is a framework")
    assert "sources" not in cli.json("ask", "--format", "json", "hello")


def test_history_and_exports_have_the_sources(cli: Command) -> None:
    id = cli.json("ask", "--format", "json", "Search the news")["conversation_id"]
    shown = cli.run("history", "show", id).stdout.decode()
    assert "do not look it[1]." in shown
    assert LIST in shown
    assert LIST.rstrip() in cli.run("history", "export", id, "--format", "text").stdout.decode()
    markdown = cli.run("history", "export", id, "--format", "markdown").stdout.decode()
    assert "1. The Textual framework https://textual.textualize.io/  \n   “Textual is" in markdown
    page = cli.run("history", "export", id, "--format", "html").stdout.decode()
    assert '<li><a href="https://textual.textualize.io/" rel="noopener noreferrer">The Textual framework</a>' in page
    hits = json.loads(cli.run("history", "search", '"do not look it. It draws"', "--format", "json").stdout)
    assert [hit["conversation_id"] for hit in hits] == [id], "a phrase goes on behind a cited span"


def test_an_attached_text_is_cited_with_its_place(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("The plan is simple. It has two parts.")
    printed = cli.run("ask", "--attach", str(tmp_path / "plan.md"), "Cite it").stdout.decode()
    assert "\n[1] plan.md\n    characters 1–19: “The plan is simple.”\n" in printed
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    printed = cli.run("ask", "--attach", str(tmp_path / "plan.pdf"), "Cite it").stdout.decode()
    assert "\n[1] plan.pdf\n    page 1: “" in printed
