"""What is being written: in each conversation a prompt of its own, kept across restarts and crashes."""

from __future__ import annotations

from textual.timer import Timer

from tui_chat.chat.message import Conversation
from tui_chat.ui.widgets.composer import Composer
from tui_chat.ui.widgets.conversation_view import ConversationView

SAVE_WITHIN_S = 0.5
"""The most that a crash may take of what was typed."""


class Drafts:
    """Saves what is in the composer, and shows it again where it was left; prompts that wait are saved with it."""

    def __init__(self, view: ConversationView, composer: Composer) -> None:
        self._view = view
        self._store = view.program.store
        self._composer = composer
        self._here: Conversation | None = None
        """The conversation that the composer writes in."""
        self._unsent: Conversation | None = None
        """A new conversation that was left with something written in it."""
        self._left: dict[str, str] = {}
        """What was being written in the conversations that were looked at before."""
        self._put_aside = ""
        """What was being written when an earlier prompt took its place."""
        self._saved = ""
        self._timer: Timer | None = None

    def follow(self) -> bool:
        """Write in the conversation that is looked at now; False if that is the one it was."""
        before, here = self._here, self._view.conversation
        self._here = here
        self.save_soon()
        if before is None:
            self._saved = self._store.draft(here.id)
            if self._saved:
                self._composer.take(self._saved)
        elif before.id != here.id:
            self._leave(before)
            self._arrive(here)
        return before is None or before.id != here.id

    def fresh(self) -> Conversation:
        """A new conversation: the one that was begun and not sent, if there is one."""
        return self._unsent or Conversation()

    def put_aside(self) -> None:
        """An earlier prompt is about to take the composer."""
        self._put_aside = self._written

    def take_up(self) -> None:
        """The earlier prompt is done with: go on with what was being written."""
        text, self._put_aside = self._put_aside, ""
        self._composer.show(text)

    def save_soon(self) -> None:
        """Something may have been typed, or sent."""
        if self._timer is None:
            self._timer = self._composer.set_timer(SAVE_WITHIN_S, self.save)

    def save(self) -> None:
        """Save what is written now."""
        self._timer = None
        if self._here is not None:
            self._save(self._here.id)

    @property
    def _written(self) -> str:
        return _joined(self._put_aside, self._composer.prompt)

    def _leave(self, conversation: Conversation) -> None:
        self._save(conversation.id)
        self._left[conversation.id] = self._written
        if self._written.strip() and not conversation.messages:
            self._unsent = conversation
        self._put_aside = ""

    def _arrive(self, conversation: Conversation) -> None:
        if self._unsent is not None and self._unsent.id == conversation.id:
            self._unsent = None
        left = self._left.pop(conversation.id, None)
        self._composer.show(self._store.draft(conversation.id) if left is None else left)
        self._saved = self._whole(conversation.id)

    def _save(self, conversation_id: str) -> None:
        whole = self._whole(conversation_id)
        if whole != self._saved:
            self._store.save_draft(conversation_id, whole)
            self._saved = whole

    def _whole(self, conversation_id: str) -> str:
        return _joined(*self._view.queued(conversation_id), self._written)


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))
