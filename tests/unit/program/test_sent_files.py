"""Pictures that a model cannot take: said before it is asked, and sent by their names."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pictures import PNG, png
from tui_chat.attachments import file_part
from tui_chat.chat import exchange
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Conversation, Message, Role, utc_now
from tui_chat.chat.parts import FilePart, TextPart, files_of
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks, WarningKind
from tui_chat.program.sent_files import has_refused_pictures
from tui_chat.program.wiring import Flags, Program

PICTURE, NOTES, PDF = file_part("cat.png", PNG), file_part("a.md", b"Hi"), file_part("b.pdf", b"%PDF-1.7")
TEXT_ONLY = "smollm2-135m-instruct"
OWN = {"provider.name": "openai", "provider.base_url": "http://127.0.0.1:9/v1"}


def _talk(*files: FilePart) -> Conversation:
    asked = Message.user("Look", files=files, parent_id=None, created_at=utc_now())
    return Conversation(messages=(asked, Message(Role.ASSISTANT, (TextPart("Seen."),), parent_id=asked.id)))


def _program(tmp_path: Path, model: str, **settings: str) -> Program:
    chosen = {"provider.model": model, **{key.replace("__", "."): value for key, value in settings.items()}}
    flags = Flags(settings=chosen, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
    return Program.open(flags, {"ANTHROPIC_API_KEY": "sk-ant-test"}, pytest.fail)


def _pending(program: Program, conversation: Conversation) -> PendingReply:
    return exchange.send(conversation, Prompt("And now?"), program.requests.about(), utc_now())


def _sent(program: Program, pending: PendingReply) -> list[str]:
    """What the first turn says: text, and the names of files."""
    turns = program.requests.request(pending.conversation.messages[:-1], pending.reply.metadata.model).turns
    return [
        part.text.strip() if isinstance(part, TextPart) else f"<{files_of([part])[0].name}>" for part in turns[0].parts
    ]


def test_a_model_that_reads_text_only_is_sent_the_names_once_that_is_said(tmp_path: Path) -> None:
    program = _program(tmp_path, TEXT_ONLY)
    send_checks, talk = SendChecks(RequestEstimator(program)), _talk(PICTURE, NOTES, PDF)
    pending = _pending(program, talk)
    warning = send_checks.find(pending, None)
    assert warning is not None
    assert warning.about is WarningKind.FILES
    assert warning.question == f"{TEXT_ONLY} reads text only: cat.png and b.pdf are sent by name only."
    send_checks.allow(pending, warning.about)
    again = _pending(program, talk)
    assert send_checks.find(again, None) is None, "it is asked once for the same files"
    assert _sent(program, again) == [
        "[The picture cat.png went with this; it cannot be shown to you.]",
        "<a.md>",
        "[The file b.pdf went with this; it cannot be shown to you.]",
        "Look",
    ]
    assert files_of(again.conversation.messages[0].parts) == (PICTURE, NOTES, PDF), "they stay in the conversation"
    more = _pending(program, _talk(PICTURE, file_part("dog.png", png(3, 3))))
    assert send_checks.find(replace(more, conversation=replace(more.conversation, id=talk.id)), None) is not None
    program.close()


def test_other_models_are_sent_the_pictures(tmp_path: Path) -> None:
    program = _program(tmp_path, "claude-sonnet-5-5")
    pending = _pending(program, _talk(PICTURE))
    assert SendChecks(RequestEstimator(program)).find(pending, None) is None
    assert _sent(program, pending) == ["<cat.png>", "Look"]
    program.close()


@pytest.mark.parametrize(("number", "model", "named"), [(20, "claude-x", 0), (21, "claude-x", 1), (21, "other", 0)])
def test_among_many_pictures_none_may_be_large(number: int, model: str, named: int, tmp_path: Path) -> None:
    program = _program(tmp_path, model)
    small = [file_part(f"{width}.png", png(width, 2)) for width in range(1, number)]
    large = FilePart("wide.png", "image/png", base64.b64encode(png(2_001, 1)).decode())
    pending = _pending(program, _talk(*small, large))
    warning = SendChecks(RequestEstimator(program)).find(pending, None)
    assert (warning is not None) == bool(named)
    if warning is not None:
        assert warning.question == (
            "Among more than 20 pictures, none may have over 2,000 pixels a side: wide.png is sent by name only."
        )
    assert sum(part.startswith("[") for part in _sent(program, pending)) == named
    program.close()


@pytest.mark.parametrize(
    ("number", "model", "named"),
    [
        (100, "claude-haiku-4-5", 0),
        (103, "claude-haiku-4-5", 3),
        (101, "claude-newer", 1),
        (600, "claude-sonnet-5-5", 0),
        (601, "claude-sonnet-5-5", 1),
        (601, "other", 0),
    ],
)
def test_the_oldest_of_too_many_pictures_are_named(number: int, model: str, named: int, tmp_path: Path) -> None:
    program = _program(tmp_path, model)
    pending = _pending(program, _talk(*(file_part(f"{width}.png", png(width, 1)) for width in range(1, number + 1))))
    names = {0: "", 1: "1.png is", 3: "1.png, 2.png and 3.png are"}[named]
    sentence = f"{model} takes {number - named} pictures at once: {names} sent by name only." if named else ""
    assert SendChecks(RequestEstimator(program)).files_left_out(pending) == sentence
    sent = _sent(program, pending)
    assert sum(part.startswith("[") for part in sent) == named
    assert sent[0] == ("[The picture 1.png went with this; it cannot be shown to you.]" if named else "<1.png>")
    program.close()


def test_a_picture_that_was_sent_often_counts_as_often(tmp_path: Path) -> None:
    program = _program(tmp_path, "claude-haiku-4-5")
    wide = FilePart("wide.png", "image/png", base64.b64encode(png(2_001, 1)).decode())
    pending = _pending(program, _talk(wide, *[PICTURE] * 99, file_part("dog.png", png(3, 3))))
    assert SendChecks(RequestEstimator(program)).files_left_out(pending) == (
        "claude-haiku-4-5 takes 100 pictures at once: wide.png is sent by name only."
    )
    pending = _pending(program, _talk(*[PICTURE] * 100, wide))
    assert SendChecks(RequestEstimator(program)).files_left_out(pending) == (
        "claude-haiku-4-5 takes 100 pictures at once: cat.png is sent by name only."
    )
    program.close()


@pytest.mark.parametrize(
    ("kind", "said", "files", "refused"),
    [
        (ErrorKind.SERVER, "image input is not supported - hint: provide the mmproj", [PICTURE], True),
        (ErrorKind.INVALID_REQUEST, "llama is not a multimodal model", [PICTURE], True),
        (ErrorKind.INVALID_REQUEST, "Model does not support images.", [NOTES], False),
        (ErrorKind.INVALID_REQUEST, "max_tokens is too large", [PICTURE], False),
        (ErrorKind.NETWORK, "images", [PICTURE], False),
    ],
)
def test_a_server_of_ones_own_says_itself_that_it_takes_none(
    kind: ErrorKind, said: str, files: list[FilePart], refused: bool
) -> None:
    assert has_refused_pictures(_talk(*files).messages, ChatError(kind, said).to_json()) is refused


def test_such_a_server_is_asked_again_with_the_names(tmp_path: Path) -> None:
    program = _program(tmp_path, "llama", **OWN)
    send_checks, talk = SendChecks(RequestEstimator(program)), _talk(PICTURE)
    pending = _pending(program, talk)
    assert send_checks.find(pending, None) is None
    error = ChatError(ErrorKind.SERVER, "Server failed: image input is not supported").to_json()
    failed = replace(pending.reply, metadata=replace(pending.reply.metadata, error=error))
    send_checks.learn(talk, failed)
    warning = send_checks.find(_pending(program, talk), None)
    assert warning is not None
    assert warning.question == "llama reads text only: cat.png is sent by name only."
    program.close()


def _large(name: str, megabytes: int) -> FilePart:
    return FilePart(name, "image/png", "A" * (megabytes * 1_000_000), name, megabytes * 750_000)


def test_files_that_are_too_much_for_one_request_together_are_said_and_the_oldest_can_be_left_out(
    tmp_path: Path,
) -> None:
    program = _program(tmp_path, "claude-haiku-4-5")
    send_checks = SendChecks(RequestEstimator(program))
    talk = _talk(_large("a.png", 20))
    again = Message.user("And", files=[_large("b.png", 13)], parent_id=talk.messages[-1].id, created_at=utc_now())
    talk = replace(
        talk, messages=(*talk.messages, again, Message(Role.ASSISTANT, (TextPart("B"),), parent_id=again.id))
    )
    pending = _pending(program, talk)
    warning = send_checks.find(pending, None)
    assert warning is not None
    assert warning.question == (
        "With its files, this conversation has 33 MB, and claude-haiku-4-5 takes 32 MB in one request."
    )
    assert (warning.about, warning.send_from, warning.left_out) == (WarningKind.SIZE, again.id, 2)
    send_checks.leave_out(pending, warning)
    assert send_checks.find(pending, None) is None
    program.close()


@pytest.mark.parametrize(
    ("model", "megabytes", "settings"),
    [("claude-haiku-4-5", 31, {}), (TEXT_ONLY, 33, {}), ("gpt-5", 33, OWN)],
    ids=["it fits", "by name only", "elsewhere"],
)
def test_other_conversations_are_not_too_large(
    model: str, megabytes: int, settings: dict[str, str], tmp_path: Path
) -> None:
    program = _program(tmp_path, model, **settings)
    pending = _pending(program, _talk(_large("a.png", megabytes)))
    assert SendChecks(RequestEstimator(program)).too_large(pending) == ""
    program.close()
