"""Finds keys of well-known forms in what is about to be sent, and writes what they were in their place.

A rule names how a key begins, and what follows. The beginnings are looked for as plain text, which is fast, and what
follows is matched only there. It has no two ways to match, and where its own characters stand before a beginning, that
is no beginning: so no text, however it is made, takes longer than its length says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from tui_chat.records import dataclass, field

SHOWN = 4
"""Characters of a secret that are shown."""
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Secret:
    """A key that was found in a text."""

    kind: str
    start: int
    end: int
    masked: str
    """Its first characters."""


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    beginnings: tuple[str, ...]
    rest: re.Pattern[str]
    """The form of the rest; a group in it is the secret itself, where that is not all."""
    never_behind: frozenset[str] = field(repr=False)
    """A beginning that stands behind one of these is a part of something else."""

    def find(self, text: str) -> Iterator[Secret]:
        """Yield the keys of this form, but for a row of x, which only holds the place of one."""
        for beginning in self.beginnings:
            at = text.find(beginning)
            while at >= 0:
                end = at + len(beginning)
                is_beginning = at == 0 or text[at - 1] not in self.never_behind
                if is_beginning and (found := self.rest.match(text, end)) is not None:
                    start, stop = (found.start(1), found.end(1)) if self.rest.groups else (at, found.end())
                    end = max(found.end(), end)
                    if set(text[max(start, at + len(beginning)) : stop]) - _PLACEHOLDER:
                        yield Secret(self.kind, start, stop, text[start : start + SHOWN] + HIDDEN)
                at = text.find(beginning, end)


_PLACEHOLDER = frozenset("xX")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_WORD = _LETTERS | {"_", "-"}


def _rule(kind: str, beginnings: str, rest: str) -> _Rule:
    """Return the rule of a key; it ends where no more of its characters, or of a word's, follow."""
    of_words = r"\w-" in rest
    end = r"(?![\w-])" if of_words else "(?![A-Za-z0-9])"
    return _Rule(kind, tuple(beginnings.split()), re.compile(rest + end, re.ASCII), _WORD if of_words else _LETTERS)


def _context_rule(kind: str, beginnings: str, rest: str) -> _Rule:
    """Return the rule of a key that is told by what stands before it, or that has lines."""
    return _Rule(kind, tuple(beginnings.split(", ")), re.compile(rest, re.ASCII), frozenset())


_BLOCK = (
    r"[A-Z0-9 ]{0,40}?PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?:[^-]|-(?!----)){1,20000}+-----END [A-Z0-9 ]{1,60}-----|(?:(?:\s|\\[nr])*+[A-Za-z0-9+/=]{24,100}+){1,1000}+)"
)
"""The rest of a private key: its lines to the end, or, if that is cut off, those that can only be of a key."""

RULES = (
    _context_rule("private key", "-----BEGIN ", _BLOCK),
    _rule("AWS access key", "AKIA ASIA ABIA ACCA", r"[A-Z0-9]{16}"),
    _context_rule(
        "AWS secret key",
        "aws_secret_access_key, AWS_SECRET_ACCESS_KEY, aws_secret_key, SecretAccessKey, secretAccessKey",
        r"[\"']?[ \t]{0,8}[=:][ \t]{0,8}[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _rule("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"[A-Za-z0-9]{36,255}"),
    _rule("GitHub token", "github_pat_", r"[\w-]{40,255}"),
    _rule(
        "GitLab token", "glpat- gldt- glrt- glcbt- glptt- glft- gloas- glsoat-", r"[\w-]{20,300}(?:\.[\w-]{2,64}){0,2}"
    ),
    _rule("Slack token", "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xapp-", r"[\w-]{10,300}"),
    _rule("Slack webhook", "https://hooks.slack.com/", r"(?:services|workflows)/[A-Za-z0-9/]{20,100}"),
    _rule("Stripe key", "sk_live_ sk_test_ rk_live_ rk_test_", r"[A-Za-z0-9]{16,255}"),
    _rule("Stripe webhook secret", "whsec_", r"[A-Za-z0-9+/=]{32,100}"),
    _rule("Google API key", "AIza", r"[\w-]{35}"),
    _rule("Google client secret", "GOCSPX-", r"[\w-]{28}"),
    _rule("Google access token", "ya29.", r"[\w-]{30,2000}"),
    _rule("Anthropic key", "sk-ant-", r"[\w-]{20,300}"),
    _rule("OpenRouter key", "sk-or-", r"[\w-]{32,300}"),
    _rule("OpenAI key", "sk-proj- sk-svcacct- sk-admin- sk-None-", r"[\w-]{20,300}"),
    _rule("OpenAI key", "sk-", r"[A-Za-z0-9]{32,100}"),
    _rule("Groq key", "gsk_", r"[A-Za-z0-9]{40,100}"),
    _rule("xAI key", "xai-", r"[A-Za-z0-9]{60,120}"),
    _rule("Perplexity key", "pplx-", r"[A-Za-z0-9]{40,80}"),
    _rule("Replicate token", "r8_", r"[A-Za-z0-9]{37}"),
    _rule("Hugging Face token", "hf_ api_org_", r"[A-Za-z0-9]{30,60}"),
    _rule("npm token", "npm_", r"[A-Za-z0-9]{36}"),
    _rule("PyPI token", "pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZw", r"[\w-]{50,2000}"),
    _rule("RubyGems key", "rubygems_", r"[a-f0-9]{48}"),
    _rule("Docker token", "dckr_pat_ dckr_oat_", r"[\w-]{27,100}"),
    _rule("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", r"[a-f0-9]{64}"),
    _rule("SendGrid key", "SG.", r"[\w-]{22}\.[\w-]{43}"),
    _rule("Mailgun key", "key-", r"[a-f0-9]{32}"),
    _rule("Twilio key", "SK", r"[a-f0-9]{32}"),
    _rule("Shopify token", "shpat_ shpca_ shppa_ shpss_", r"[A-Fa-f0-9]{32}"),
    _rule("Square token", "sq0atp- sq0csp-", r"[\w-]{22,60}"),
    _rule("Databricks token", "dapi", r"[a-f0-9]{32}(?:-\d)?"),
    _rule("Vault token", "hvs. hvb.", r"[\w-]{24,300}"),
    _rule("Grafana token", "glsa_", r"[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
    _rule("New Relic key", "NRAK-", r"[A-Z0-9]{27}"),
    _rule("Notion token", "ntn_", r"[A-Za-z0-9]{40,60}"),
    _rule("Linear key", "lin_api_", r"[A-Za-z0-9]{40}"),
    _rule("Figma token", "figd_", r"[\w-]{40,60}"),
    _rule("Supabase token", "sbp_", r"[a-f0-9]{40}"),
    _rule("age key", "AGE-SECRET-KEY-1", r"[A-Z0-9]{58}"),
    _context_rule("Azure storage key", "AccountKey=", r"([A-Za-z0-9+/]{86}==)"),
    _rule("JSON web token", "eyJ", r"[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{10,2000}"),
)
"""The forms of keys, of those that their makers document or that secret scanners know."""


def find_secrets(text: str) -> list[Secret]:
    """Return the secrets of a text in their order; of two that overlap, one that has both."""
    found = sorted(chain.from_iterable(rule.find(text) for rule in RULES), key=lambda secret: secret.start)
    secrets: list[Secret] = []
    for secret in found:
        if secrets and secret.start < secrets[-1].end:
            last = secrets[-1]
            secrets[-1] = Secret(last.kind, last.start, max(last.end, secret.end), last.masked)
        else:
            secrets.append(secret)
    return secrets


def redact(text: str) -> str:
    """Return a text with its secrets named, and not told."""
    while secrets := find_secrets(text):  # what stood against one that is gone may be one itself
        pieces, end = [], 0
        for secret in secrets:
            pieces += [text[end : secret.start], f"[redacted {secret.kind}]"]
            end = secret.end
        text = "".join([*pieces, text[end:]])
    return text


def described(secrets: Iterable[Secret]) -> list[str]:
    """Return what was found, masked, each kind and beginning once."""
    return list(dict.fromkeys(f"{secret.kind} {secret.masked}" for secret in secrets))
