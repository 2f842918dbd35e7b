"""Drafts: in each conversation a prompt of its own, kept across restarts and crashes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui_chat.chat.message import Conversation
from tui_chat.chat.prompt import Prompt
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.composer.prompt_history import PromptHistory
from tui_chat.ui.composer.saved_draft import joined_draft, kept_prompt, parted_draft, prompt_of, read_draft
from tui_chat.ui.textual_internals.delays import call_after

MOST_PROMPTS = 500
SAVE_WITHIN_S = 0.25
"""The most that a crash may take of what was typed."""


class Drafts:
    """Saves what is in the composer, and shows it again where it was left; prompts that wait are saved with it."""

    def __init__(self, session: ConversationSession, composer: Composer, editing_label: Callable[[], str]) -> None:
        """Keep `editing_label`, which says over the composer that an earlier message is written anew."""
        self._session = session
        self._store = session.program.store
        self._composer = composer
        self._editing_label = editing_label
        self._editing = ""
        self._here: Conversation | None = None
        """The conversation that the composer writes in."""
        self._unsent: Conversation | None = None
        """A new conversation that was left with something written in it."""
        self._left: dict[str, str] = {}
        """The drafts in the conversations that were looked at before."""
        self._saved_before: dict[str, str] = {}
        """The saved drafts, queue and all, of conversations about to be looked at for the first time."""
        self._put_aside: list[str] = []
        """The draft whose place an earlier prompt took; then that prompt, if another took its place."""
        self._lent: str | None = None
        """The earlier prompt that was put into the composer, as it was then; None if it is kept nowhere else."""
        self._history: PromptHistory | None = None
        """The user's place among the prompts that were sent before."""
        self._saved = ""
        self._timer: asyncio.TimerHandle | None = None

    @property
    def editing(self) -> str:
        """The message whose prompt is being written anew; "" if none is."""
        return self._editing

    def edit(self, prompt: Prompt, *, sent: bool, saves: bool = False) -> None:
        """Write a prompt anew that stands, or was to stand, in the place of a message, or a reply that it `saves`."""
        self.put_aside(prompt, sent=sent)
        self._editing = prompt.in_place_of
        self._composer.saves = saves
        self._composer.border_title = self._editing_label()

    def end_editing(self) -> str:
        """Write anew no longer, and return the message that was to be replaced; "" if there is none."""
        edited, self._editing = self._editing, ""
        self._composer.saves = False
        self._composer.border_title = ""
        return edited

    async def fetch(self, conversation: Conversation) -> None:
        """Fetch what was saved of a conversation that is to be looked at."""
        if conversation.id not in self._left:
            draft, files = await asyncio.to_thread(read_draft, self._store, conversation.id)
            self._composer.attached.learn(files)
            self._saved_before[conversation.id] = draft

    def follow(self) -> None:
        """Write in the conversation that is looked at now."""
        before, here = self._here, self._session.conversation
        self._here = here
        self.save_soon()
        if before is not None and before.id == here.id:
            return
        typed = ""
        if before is None:
            typed = self._composer.draft  # before the program was ready
        else:
            self._leave(before)
        self.end_editing()
        self._arrive(here, typed)

    def fresh(self) -> Conversation:
        """Return a new conversation: the one that was begun and not sent, if there is one."""
        return self._unsent or Conversation()

    def put_aside(self, prompt: Prompt, *, sent: bool = True) -> None:
        """Let a prompt take the place of what is being written; one that was not sent has no other place."""
        self._put_aside.append(self._composer.draft)
        self._lend(prompt)
        if not sent:
            self._lent = None

    @property
    def looking_back(self) -> bool:
        """True if the composer shows one of the prompts that were sent before."""
        return self._history is not None

    async def earlier(self) -> None:
        """Show the prompt that was sent before the one that is shown."""
        history = self._history or PromptHistory(await asyncio.to_thread(self._store.prompts, MOST_PROMPTS))
        prompt = history.earlier(self._composer.prompt)
        if prompt is not None:
            (self._lend if self.looking_back else self.put_aside)(Prompt(prompt))
            self._history = history

    def later(self) -> None:
        """Show the prompt that was sent after the one that is shown, in the end what was being written."""
        if self._history is None:
            return
        prompt = self._history.later(self._composer.prompt)
        if prompt is not None:
            self._lend(Prompt(prompt))
        else:
            self._history = None
            self._composer.take_up(self._put_aside.pop())

    def go_on(self, since: str = "") -> None:
        """Go on with what was being written, and what has been typed since; every earlier prompt is done with."""
        self.end_editing()
        if self._put_aside:
            self._composer.take_up(_joined(self._put_aside[0], since))
        self._put_aside.clear()
        self._history = None

    def save_soon(self) -> None:
        """Save before long: something may have been typed, or sent."""
        if self._timer is None:
            self._timer = call_after(SAVE_WITHIN_S, self._composer, self.save)

    def save(self) -> None:
        """Save what is written now."""
        self._timer = None
        if self._here is not None:
            self._save(self._here.id)

    @property
    def _written(self) -> str:
        """The text put aside, and that in the composer unless it is just what was lent to it."""
        draft = self._composer.draft
        return _joined(*self._put_aside, "" if self._put_aside and draft == self._lent else draft)

    def _lend(self, prompt: Prompt) -> None:
        """Put an earlier prompt into the composer."""
        self._composer.write(prompt.text)
        self._composer.files = prompt.files
        self._lent = self._composer.draft

    def _leave(self, conversation: Conversation) -> None:
        self._save(conversation.id)
        self._left[conversation.id] = self._written
        if self._written.strip() and not conversation.messages:
            self._unsent = conversation
        self._put_aside.clear()
        self._history = None

    def _arrive(self, conversation: Conversation, typed: str) -> None:
        if self._unsent is not None and self._unsent.id == conversation.id:
            self._unsent = None
        left = self._left.pop(conversation.id, None)
        if left is None:
            queued, left = parted_draft(self._saved_before.pop(conversation.id, ""))
            self._session.hold([prompt_of(self._composer.attached, kept) for kept in queued])
        self._composer.begin(_joined(left, typed))
        self._saved = self._whole(conversation.id)

    def _save(self, conversation_id: str) -> None:
        whole = self._whole(conversation_id)
        if whole != self._saved:
            self._store.save_draft(conversation_id, whole, self._composer.attached.referred(whole))
            self._saved = whole

    def _whole(self, conversation_id: str) -> str:
        attached, waiting = self._composer.attached, self._session.queued(conversation_id)
        return joined_draft([kept_prompt(attached, prompt) for prompt in waiting], self._written)


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))
