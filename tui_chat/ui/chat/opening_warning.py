"""The warning when a conversation is opened whose own choices cannot be asked, or not for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.screen import Screen

from tui_chat.text import clean_line
from tui_chat.ui.chat.own_choices import deprecation, trouble
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.background import begin

SHOWN_S = 12


class OpeningWarning:
    """Says once, each time that another conversation is looked at, what is wrong with what was chosen for it."""

    def __init__(self, screen: Screen[Any], session: ConversationSession, way_out: Callable[[], str]) -> None:
        """`way_out` returns how to choose another model, in a sentence."""
        self._screen = screen
        self._session = session
        self._way_out = way_out
        self._opened = ""
        """The conversation that was looked at last."""

    def look(self) -> None:
        """Warn, if the conversation that is looked at is another one now; once it is known whether it has a key."""
        opened = self._session.conversation.id
        if opened == self._opened or self._session.parts.provider.is_pending:
            return
        self._opened = opened
        if sentence := trouble(self._session):
            self._say(sentence)
        elif self._session.program.conversation_settings.choices(opened):
            # What the SDK knows can wait: nothing of it is loaded before the screen is drawn.
            self._screen.call_after_refresh(self._begin_to_ask_the_sdk, opened)

    def _begin_to_ask_the_sdk(self, opened: str) -> None:
        begin(self._screen, partial(self._ask_the_sdk, opened), "deprecation", exclusive=True)

    async def _ask_the_sdk(self, opened: str) -> None:
        """Say that the model is deprecated, if its provider's SDK, once it is loaded, says so."""
        sdk = await asyncio.to_thread(self._session.program.parts_of(opened).requests.preload)
        await asyncio.gather(asyncio.wrap_future(sdk), return_exceptions=True)
        if opened == self._session.conversation.id and (sentence := deprecation(self._session)):
            self._say(sentence)

    def _say(self, sentence: str) -> None:
        text = clean_line(f"{sentence} {self._way_out()}")
        self._screen.notify(text, severity="warning", timeout=SHOWN_S, markup=False)
