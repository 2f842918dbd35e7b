"""`tui-chat serve`, before it serves."""

from __future__ import annotations

import pytest

from tests.unit.cli.conftest import Runner
from tui_chat.cli.main import build_parser
from tui_chat.cli.serve import _conversation, _options


def test_without_the_package_it_says_what_to_install(command: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.cli.serve.find_spec", lambda _: None)
    done = command("serve")
    assert (done.status, done.out) == (1, "")
    assert "pip install textual-serve" in done.err


def test_the_app_gets_the_options_that_were_given() -> None:
    given = ["--demo", "--model", "a b", "--system", "Be brief.", "--batch", "--data-dir", "/there", "-c"]
    args = build_parser().parse_args(["serve", *given])
    assert list(_options(args)) == [
        "--model=a b",
        "--system=Be brief.",
        "--provider=demo",
        "--data-dir=/there",
        "--batch",
    ]
    assert list(_conversation(args)) == ["--continue"]
