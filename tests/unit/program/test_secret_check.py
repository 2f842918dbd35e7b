"""Which prompts are asked about because of what is in them, and how they are sent without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, utc_now
from tui_chat.chat.parts import FilePart, files_of
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks, WarningKind
from tui_chat.program.wiring import Flags, Program
from tui_chat.providers import ProviderConfig
from tui_chat.settings import Value

KEY = "ghp_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zCaB3d"
FILE = FilePart(".env", "text/plain", f"GITHUB_TOKEN={KEY}\n")
PICTURE = FilePart("a.png", "image/png", "iVBORw0KGgo=")


def _checked(tmp_path: Path, prompt: Prompt, **settings: Value) -> tuple[SendChecks, PendingReply]:
    chosen: dict[str, Value] = {"provider.model": "claude-sonnet-5-5", "provider.secret_check": True}
    chosen |= {key.replace("__", "."): value for key, value in settings.items()}
    flags = Flags(settings=chosen, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
    program = Program.open(flags, {"ANTHROPIC_API_KEY": "sk-ant-test"}, lambda _: None)
    pending = exchange.send(Conversation(), prompt, program.requests.about(), utc_now())
    send_checks = SendChecks(RequestEstimator(program))
    program.close()
    return send_checks, pending


def test_a_file_is_looked_through_too_and_redacted(tmp_path: Path) -> None:
    send_checks, pending = _checked(tmp_path, Prompt("Look", files=(FILE, PICTURE)))
    assert send_checks.secrets(pending) == ["GitHub token ghp_… in .env"]
    redacted = send_checks.redact(pending)
    assert send_checks.secrets(redacted) == []
    assert redacted.prompt is not None
    assert redacted.conversation.messages[0] is redacted.prompt
    env, picture = files_of(redacted.prompt.parts)
    assert (env.name, env.data, picture) == (".env", "GITHUB_TOKEN=[redacted GitHub token]\n", PICTURE)


def test_the_title_tells_no_secret_either(tmp_path: Path) -> None:
    send_checks, pending = _checked(tmp_path, Prompt(f"Use {KEY}"))
    assert KEY in pending.conversation.title
    assert send_checks.redact(pending).conversation.title == "Use [redacted GitHub token]"


def test_it_is_asked_once_for_each_prompt(tmp_path: Path) -> None:
    send_checks, pending = _checked(tmp_path, Prompt(KEY))
    warning = send_checks.find(pending, None)
    assert warning is not None
    assert warning.about is WarningKind.SECRETS
    send_checks.allow(pending, warning.about)
    assert send_checks.find(pending, None) is None


def test_many_are_named_up_to_a_number(tmp_path: Path) -> None:
    keys = (f"glpat-{KEY[4:]} AKIAAB3DE5GH7JK2MN4P npm_{KEY[4:]} hf_{KEY[4:]} xoxb-{KEY[4:]} sk_live_{KEY[4:]}", KEY)
    send_checks, pending = _checked(tmp_path, Prompt(" ".join(keys)))
    warning = send_checks.find(pending, None)
    assert warning is not None
    assert warning.question.endswith("Stripe key sk_l…\n  and 1 more")


@pytest.mark.parametrize(
    "settings", [{"provider__secret_check": False}, {"provider__name": "demo"}, {"provider__name": "local"}]
)
def test_nothing_is_asked_without_the_setting_or_of_what_stays_here(tmp_path: Path, settings: dict[str, Value]) -> None:
    send_checks, pending = _checked(tmp_path, Prompt(KEY), **settings)
    assert send_checks.secrets(pending) == []


@pytest.mark.parametrize(
    ("name", "address", "vendor_prices", "stays"),
    [
        ("anthropic", "", False, False),
        ("local", "", False, True),
        ("openai", "http://127.0.0.1:11434/v1", False, True),
        ("openai", "http://localhost:8000/v1", False, True),
        ("openai", "http://[::1]:8000/v1", False, True),
        ("openai", "http://192.168.1.4:8000/v1", False, False),
        ("anthropic", "http://127.0.0.1:4000", True, False),
        ("local", "https://example.com", False, False),
    ],
)
def test_what_stays_on_this_machine_is_told_by_the_address(
    name: str, address: str, vendor_prices: bool, stays: bool
) -> None:
    config = ProviderConfig(name, base_url=address or None, vendor_prices=vendor_prices)
    assert config.on_this_machine is stays


def test_it_goes_by_whom_the_conversation_asks(tmp_path: Path) -> None:
    flags = Flags({"provider.name": "demo", "provider.secret_check": True}, data_folder=tmp_path / "data")
    program = Program.open(
        flags, {"ANTHROPIC_API_KEY": "sk-ant-test", "TUI_CHAT_CONFIG_DIR": str(tmp_path)}, pytest.fail
    )
    pending = exchange.send(Conversation(), Prompt(KEY), program.requests.about(), utc_now())
    send_checks = SendChecks(RequestEstimator(program))
    assert send_checks.secrets(pending) == []
    choice = {"provider.name": "anthropic", "provider.model": "claude-sonnet-5-5"}
    program.conversation_settings.choose(pending.conversation.id, choice)
    assert send_checks.secrets(pending) != []
    program.close()
