"""The check of a key before it is kept: what it may look like, and one free request."""

from __future__ import annotations

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.program.wiring import Program
from tui_chat.providers import ProviderConfig, create_provider, key_problem
from tui_chat.records import replace
from tui_chat.services import service

ANSWER_S = 10.0
"""Seconds that the provider may take to say whether it takes a key."""
LONGEST_KEY = 1000
_REJECTIONS = (ErrorKind.AUTHENTICATION, ErrorKind.PERMISSION)


class KeyRefused(Exception):
    """The reason why a key is not kept, in one plain sentence."""


def cleaned_key(provider: str, text: str) -> str:
    """Return a key without the blanks and line ends around it; what cannot be one raises `KeyRefused`."""
    key, title = text.strip(), service(provider).title
    if not key:
        raise KeyRefused("That is empty: nothing is changed.")
    if len(key) > LONGEST_KEY or key_problem(ProviderConfig(provider, api_key=key)) is not None:
        raise KeyRefused(f"That is no key for {title}: a key is one word of plain letters, digits and signs.")
    return key


async def check_key(program: Program, provider: str, key: str) -> str:
    """Ask the provider for its models, which is free; return why that could not be asked, "" if it takes the key.

    A key that it does not take raises `KeyRefused`.
    """
    way = replace(
        program.parts_choosing(provider).provider.chosen,
        api_key=key,
        bearer=False,
        read_timeout_s=ANSWER_S,
        first_token_timeout_s=ANSWER_S,
    )
    try:
        await create_provider(way).list_models()
    except ChatError as error:
        if error.kind in _REJECTIONS:
            raise KeyRefused(f"{service(provider).title} rejected the key. Check that all of it was copied.") from None
        return error.sentence
    return ""
