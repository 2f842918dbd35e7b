"""Keys of well-known forms: found, masked, and taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.program.secret_scan import HIDDEN, RULES, SHOWN, described, find_secrets, redact

LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zC" * 4
CAPITALS = "AB3DE5GH7JK2MN4PQ6RS"
HEX = "0123456789abcdef" * 6
PEM = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n"
SECRETS = {
    "AWS access key": [f"AKIA{CAPITALS[:16]}", f"ASIA{CAPITALS[:16]}", "AKIAIOSFODNN7EXAMPLE"],
    "GitHub token": [f"ghp_{LETTERS[:36]}", f"gho_{LETTERS[:36]}", f"github_pat_{LETTERS[:22]}_{LETTERS[:59]}"],
    "GitLab token": [f"glpat-{LETTERS[:20]}", f"glrt-{LETTERS[:10]}-{LETTERS[:9]}"],
    "Slack token": [f"xoxb-123456789012-123456789012-{LETTERS[:24]}", f"xapp-1-A012345-678-{HEX[:64]}"],
    "Slack webhook": [f"https://hooks.slack.com/services/T00000000/B00000000/{LETTERS[:24]}"],
    "Stripe key": [f"sk_live_{LETTERS[:24]}", f"rk_test_{LETTERS[:99]}"],
    "Google API key": [f"AIza{LETTERS[:35]}"],
    "Google client secret": [f"GOCSPX-{LETTERS[:28]}"],
    "Anthropic key": [f"sk-ant-api03-{LETTERS[:93]}-{LETTERS[:6]}AA", f"sk-ant-admin01-{LETTERS[:40]}"],
    "OpenAI key": [f"sk-proj-{LETTERS[:40]}_{LETTERS[:30]}", f"sk-{LETTERS[:48]}"],
    "OpenRouter key": [f"sk-or-v1-{HEX[:64]}"],
    "Groq key": [f"gsk_{LETTERS[:52]}"],
    "Hugging Face token": [f"hf_{LETTERS[:34]}"],
    "npm token": [f"npm_{LETTERS[:36]}"],
    "PyPI token": [f"pypi-AgEIcHlwaS5vcmc{LETTERS}"],
    "Docker token": [f"dckr_pat_{LETTERS[:27]}"],
    "DigitalOcean token": [f"dop_v1_{HEX[:64]}"],
    "SendGrid key": [f"SG.{LETTERS[:22]}.{LETTERS[:43]}"],
    "Twilio key": [f"SK{HEX[:32]}"],
    "JSON web token": [f"eyJ{LETTERS[:30]}.eyJ{LETTERS[:60]}.{LETTERS[:43]}"],
    "age key": [f"AGE-SECRET-KEY-1{(CAPITALS * 3)[:58]}"],
    "private key": [
        f"-----BEGIN PRIVATE KEY-----\n{PEM * 3}abc=\n-----END PRIVATE KEY-----",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{PEM * 3}-----END OPENSSH PRIVATE KEY-----",
        f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{PEM * 3}=abcd\n-----END PGP PRIVATE KEY BLOCK-----",
        f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{PEM}-----END RSA PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\\n" + PEM.replace("\n", "\\n") + "-----END EC PRIVATE KEY-----",
    ],
}
EACH = [(kind, secret) for kind, secrets in SECRETS.items() for secret in secrets]
BEFORE = st.sampled_from(["", "\n", "key=", '"', "'", "`", "(", ": ", ",", "/", "日本", "Bearer ", "<", "\t"])
AFTER = st.sampled_from(["", "\n", '"', "'", "`", ")", ": ", ",", ".", "日本", "\\n", "&more=1", ">"])


@pytest.mark.parametrize(("kind", "secret"), EACH, ids=[f"{kind}-{at}" for at, (kind, _) in enumerate(EACH)])
def test_a_key_is_found_wherever_it_stands_alone(kind: str, secret: str) -> None:
    for text in (secret, f"My key is {secret}.", f'{{"key": "{secret}"}}', f"KEY={secret}\nOTHER=1"):
        assert [(found.kind, text[found.start : found.end]) for found in find_secrets(text)] == [(kind, secret)]
        assert redact(text) == text.replace(secret, f"[redacted {kind}]")


def test_a_private_key_that_is_cut_off_is_found_too() -> None:
    assert redact(f"-----BEGIN RSA PRIVATE KEY-----\n{PEM * 2}") == "[redacted private key]\n"


def test_a_key_that_only_its_name_tells_is_found() -> None:
    text = f"aws_secret_access_key = {LETTERS[:38]}/+\nregion = eu-west-1"
    assert redact(text) == "aws_secret_access_key = [redacted AWS secret key]\nregion = eu-west-1"


@pytest.mark.parametrize(
    "text",
    [
        "Set ANTHROPIC_API_KEY=sk-ant-... and run it.",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-ant-api03-your-key",
        "The header -----BEGIN PRIVATE KEY----- begins a private key.",
        "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
        "d41d8cd98f00b204e9800998ecf8427e 550e8400-e29b-41d4-a716-446655440000",
        "task-force risk-assessment desk-" + "a1" * 20,
        "AKIAIOSFODNN7EXAMPLEWITHMORE xAKIAIOSFODNN7EXAMPLE",
        "https://example.com/eyJhbGciOiJIUzI1NiJ9",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert find_secrets(text) == []
    assert redact(text) == text


def test_each_is_named_once_and_masked() -> None:
    key = f"ghp_{LETTERS[:36]}"
    assert described(find_secrets(f"{key} {key} AKIA{CAPITALS[:16]}")) == ["GitHub token ghp_…", "AWS access key AKIA…"]


@given(st.lists(st.tuples(BEFORE, st.sampled_from(EACH), AFTER), max_size=6))
def test_redaction_removes_every_secret(pieces: list[tuple[str, tuple[str, str], str]]) -> None:
    text = " ".join(f"{before}{secret}{after}" for before, (_, secret), after in pieces)
    found = find_secrets(text)
    assert len(found) == len(pieces)
    redacted = redact(text)
    assert find_secrets(redacted) == []
    assert all(text[secret.start : secret.end] not in redacted for secret in found)


@given(st.lists(st.one_of(st.sampled_from([secret for _, secret in EACH]), st.text(max_size=8)), max_size=8))
def test_nothing_is_found_in_what_was_redacted(pieces: list[str]) -> None:
    assert find_secrets(redact("".join(pieces))) == []


@given(st.lists(st.one_of(st.sampled_from([secret for _, secret in EACH]), BEFORE), max_size=8).map("".join))
def test_no_more_than_the_first_characters_are_shown(text: str) -> None:
    for secret in find_secrets(text):
        assert secret.masked == text[secret.start : secret.start + SHOWN] + HIDDEN


def test_a_long_prompt_of_beginnings_is_looked_through() -> None:
    for beginning in sorted({beginning for rule in RULES for beginning in rule.beginnings}):
        for text in (beginning * 2_000, f" {beginning}" * 2_000, beginning + "A1" * 20_000):
            assert find_secrets(redact(text)) == [], beginning
