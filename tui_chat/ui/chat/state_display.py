"""The part of the chat screen that says where things stand, here and elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from textual import on
from textual.timer import Timer

from tui_chat.program.wiring import Program
from tui_chat.text import clean_line
from tui_chat.ui.chat.first_provider import find_key
from tui_chat.ui.chat.message_actions import MessageActions
from tui_chat.ui.chat.notification import end_sentence
from tui_chat.ui.chat.opening_warning import OpeningWarning
from tui_chat.ui.chat.own_choices import difference
from tui_chat.ui.chat.status_bar import StatusBar, status_now
from tui_chat.ui.chat.usage_figures import UsageFigures
from tui_chat.ui.chat.view import ConversationView
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.title_bar import TitleBar
from tui_chat.ui.textual_internals.delays import call_after

CANCELLED_SHOWN_S = 1.5


class ShowsState(MessageActions):
    """A chat that says what its conversation uses, how its reply comes, and what has happened elsewhere."""

    MARK = ""
    """Something to know of all conversations here."""

    def __init__(self, program: Program, now: Callable[[], datetime]) -> None:
        super().__init__(program, now)
        self._ticking: Timer | None = None
        self._usage_figures: UsageFigures
        self._cancelled_until = 0.0
        self._offered: tuple[bool | None, ...] = ()
        """The actions that come and go, as they applied when the footer was made."""
        self._opening_warning = OpeningWarning(
            self, self.session, lambda: f"{self._key_of('choose_model')} chooses another model."
        )

    @property
    def busy(self) -> bool:
        """True if a reply of this conversation is coming."""
        return self.session.live is not None

    @on(ConversationView.Changed)
    def _show_state(self) -> None:
        self.query_one(TitleBar).title = self.session.conversation.title
        self._show_choices()
        self.desk.drafts.save_soon()
        self.desk.show_questions()
        self._usage_figures.conversation_changed()
        self._show_status()

    def _show_choices(self) -> None:
        """Show what this conversation uses, and say once, when it is opened, what is wrong with that."""
        self.query_one(TitleBar).uses = (*([self.MARK] if self.MARK else ()), *difference(self.session))
        self.desk.invite()
        self._opening_warning.look()
        if self.session.parts.provider.is_pending:
            self.call_after_refresh(self._find_key)

    def _find_key(self) -> None:
        begin(self, partial(find_key, self.app, self.session), "key", exclusive=True)

    def _show_status(self) -> None:
        if not self.query_children(StatusBar):
            return  # the app is being closed, and what was looked up comes too late
        if self._ticking is not None:
            (self._ticking.resume if self.busy else self._ticking.pause)()
        cancelled = time.monotonic() < self._cancelled_until
        self.query_one(StatusBar).status = status_now(
            self.session,
            self._usage_figures,
            cancelled=cancelled,
            keys=self.composer.vim_mode.upper(),
        )
        self.query_one(TitleBar).elsewhere = self._elsewhere
        self._show_keys()

    @property
    def _elsewhere(self) -> str:
        """The number of replies in other conversations, and the key that leads there."""
        asking = len(self.session.tool_questions.asking_beside(self.session.conversation.id))
        counts = {"asking": asking, "replying": self.session.others_coming, "new": len(self.session.unread)}
        said = [f"{count} {what}" for what, count in counts.items() if count]
        return " · ".join([*said, self._key_of("next_conversation")]) if said else ""

    @on(ConversationView.ReplyEnded)
    def _tell_of_end_elsewhere(self, event: ConversationView.ReplyEnded) -> None:
        """Say that a reply is there which is not looked at; not where the next prompt has been sent already."""
        live = event.live
        if (
            not live.discarded
            and not (self._is_uppermost and self.library.is_open(live.conversation_id))
            and not self.library.is_coming(live.conversation_id)
        ):
            sentence = end_sentence(live.conversation.title, event.message)
            if sentence:
                self.notify(sentence, markup=False)

    @property
    def _is_uppermost(self) -> bool:
        """True if no other chat, a temporary one, lies over this one."""
        return next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, ShowsState)) is self

    def _show_keys(self) -> None:
        """Make the footer anew, but only if other keys apply: that costs as much as drawing text for a second."""
        offered = tuple(self.check_action(action, ()) for action in ("stop", "find", "retry", "continue_reply"))
        offered += tuple(self.composer.check_action(action, ()) for action in ("unfold_pastes", "normal_mode"))
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    @on(ConversationView.TextBelow)
    def _show_text_below(self, event: ConversationView.TextBelow) -> None:
        self.desk.show_text_below(event.below)

    @on(ConversationView.Cancelled)
    def _show_cancelled(self, event: ConversationView.Cancelled) -> None:
        self._cancelled_until = time.monotonic() + CANCELLED_SHOWN_S
        call_after(CANCELLED_SHOWN_S, self, self._show_status)
        self.notify("Response cancelled", severity="warning", timeout=3)
        if event.prompt is not None:
            self.desk.write_again(event.prompt)

    @on(ConversationView.SendQuestioned)
    def _ask_first(self, event: ConversationView.SendQuestioned) -> None:
        from tui_chat.ui.chat.confirm_send import ask_first

        compactor, give_back = self.compactor, self.desk.give_back
        asking = partial(ask_first, self.app, self.session, compactor, event.pending, event.prompt, give_back)
        begin(self, asking, "confirming")

    @on(ConversationView.Refused)
    def _show_refused(self, event: ConversationView.Refused) -> None:
        self.notify(clean_line(event.sentence), severity="error", markup=False)
        if event.prompt is not None:
            self.desk.give_back(event.prompt)
