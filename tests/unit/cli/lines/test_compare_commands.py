"""Several models that answer the same prompts."""

from __future__ import annotations

import pytest

from tests.unit.cli.lines.conftest import Chat


def test_replies_are_read_one_after_another_and_one_is_chosen(chat: Chat) -> None:
    assert chat.type("/choose_reply demo") == ["No models are compared here. /compare A,B compares models."]
    chat.type("/compare demo,demo-fast")
    lines = chat.type("Hello")
    assert [line for line in lines if line in ("demo:", "demo-fast:")] == ["demo:", "demo-fast:"]
    assert "This is the reply of demo-fast." in chat.type("/next_branch")
    assert chat.type("/differences") == ["Both replies are the same."]
    assert chat.type("/judge demo")[0] == "The judge is asked in a new conversation: /previous leads back."
    assert chat.said()[0].startswith("Below is a question")
    assert chat.type("/previous")[1] == "The next prompt goes to demo, demo-fast."
    chat.type("/ask_more demo-slow")
    assert chat.type("/choose_reply demo-fast") == ["You chose demo-fast. The others stay as versions."]
    assert chat.type("/choose_reply") == ["No models are compared here. /compare A,B compares models."]


def test_versions_of_a_reply_are_compared(chat: Chat) -> None:
    chat.type("Hello")
    assert chat.type("/side_by_side") == ["There is only one version. /retry asks for another."]
    chat.type("/edit_reply")
    chat.type("One sentence that both of the replies have got.\nThis is old.")
    chat.type("/edit_reply")
    chat.type("One sentence that both of the replies have got.\nThis is new.")
    assert chat.type("/side_by_side")[0].startswith("Compared: demo, demo (2), demo (3).")
    assert chat.type("/show_differences demo (2),demo (3)") == [
        "1 difference.",
        "Only in demo (2): This is old.",
        "Only in demo (3): This is new.",
    ]
    assert chat.type("/show_differences demo (2)", "1")[-1] == "They have no sentence in common."
    assert chat.type("/side_by_side")[0].startswith("The replies are not compared any more.")


def test_ctrl_c_stops_the_reply_that_is_read_and_then_the_next(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    say, still_coming = chat.terminal.say, list[int]()

    def stop_what_begins(sentence: str) -> None:
        say(sentence)
        if sentence in ("demo+stall@60:", "demo+stall@61:"):
            coming = chat.lines.session.all_live_of(chat.lines.session.conversation.id)
            still_coming.append(sum(not live.stopping for live in coming))
            chat.lines.stop()

    monkeypatch.setattr(chat.terminal, "say", stop_what_begins)
    chat.type("/compare demo+stall@60,demo+stall@61")
    lines = chat.type("Hello")
    assert still_coming == [2, 1]
    assert len([line for line in lines if line.startswith("Stopped")]) == 2


def test_hidden_names_are_said_once_one_is_chosen(chat: Chat) -> None:
    chat.type("/compare_hidden demo,demo-fast")
    lines = chat.type("Hello")
    assert sorted(line for line in lines if line.endswith(":") and len(line) < 12) == ["Model A:", "Model B:"]
    assert not [line for line in lines if "demo-fast" in line]
    assert len([line for line in chat.type("/choose_reply Model A") if line.startswith("Model ")]) == 2
