"""Several models that answer the same prompts."""

from __future__ import annotations

from tests.unit.cli.lines.conftest import Chat


def test_replies_are_read_one_after_another_and_one_is_chosen(chat: Chat) -> None:
    assert chat.type("/choose_reply demo") == ["No models are compared here. /compare A,B compares models."]
    chat.type("/compare demo,demo-fast")
    lines = chat.type("Hello")
    assert [line for line in lines if line in ("demo:", "demo-fast:")] == ["demo:", "demo-fast:"]
    assert chat.type("/judge demo")[0] == "The judge is asked in a new conversation: /previous leads back."
    assert chat.said()[0].startswith("Below is a question")
    chat.type("/previous")
    chat.type("/ask_more demo-slow")
    assert chat.type("/choose_reply demo-fast") == ["You chose demo-fast. The others stay as versions."]
    assert chat.type("/choose_reply") == ["No models are compared here. /compare A,B compares models."]
