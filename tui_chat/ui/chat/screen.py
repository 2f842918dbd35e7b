"""The chat screen: a conversation, the composer, and the keys that act on them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message as UiMessage
from textual.widgets import TextArea

from tui_chat.chat.message import Conversation
from tui_chat.chat.metadata import Mode
from tui_chat.chat.prompt import Prompt
from tui_chat.program.contenders import Contender
from tui_chat.program.wiring import Program
from tui_chat.settings import SettingsError
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.desk import Desk
from tui_chat.ui.chat.first_provider import is_unsettled, settle_provider
from tui_chat.ui.chat.model_choice import CHOICE_SHOWN_S, learn_models
from tui_chat.ui.chat.other_windows import OtherWindows
from tui_chat.ui.chat.preload import preload_rest
from tui_chat.ui.chat.state_display import ShowsState
from tui_chat.ui.chat.status_bar import StatusBar
from tui_chat.ui.chat.usage_figures import UsageFigures
from tui_chat.ui.chat.view import ConversationView
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.composer.editor import edit_prompt
from tui_chat.ui.composer.queued_prompts import QueuedPrompts
from tui_chat.ui.conversations.retention import apply_retention
from tui_chat.ui.look.appearance import may_blink
from tui_chat.ui.look.keys import LEAVE, KeyNames, bound
from tui_chat.ui.messages.reply_style import ReplyStyle
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.clipboard import copy
from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.shared.providers import providers_in
from tui_chat.ui.shared.title_bar import TitleBar
from tui_chat.ui.textual_internals.latest_notice import LatestNotice
from tui_chat.ui.textual_internals.repaint import paint

STATUS_INTERVAL_S = 0.5
QUIT_WINDOW_S = 2.0


class ChatScreen(ShowsState):
    """The screen where one chats."""

    AUTO_FOCUS = "Composer"
    COMMANDS: ClassVar = providers_in(
        "tui_chat.ui",
        {
            "conversations.undo_commands": "UndoCommands",
            "chat.undelete_commands": "UndeleteCommands",
            "chat.context_commands": "ContextCommands",
            "chat.summary_commands": "SummaryCommands",
            "conversations.export_commands": "ExportCommands",
            "conversations.mark_commands": "MarkCommands",
            "chat.made_files_commands": "MadeFilesCommands",
        },
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("stop", "stop", "Stop", priority=True),
        Binding("escape", "leave", "To the composer", id=LEAVE, show=False, priority=True),
        bound("cancel", "cancel", "Cancel", show=False, priority=True),
        bound("cancel", "copy_clear_or_quit", show=False, priority=True),
        bound("continue_reply", "continue_reply", "Continue"),
        bound("retry", "retry", "Again"),
        bound("compact", "compact", "Summarize", show=False),
        Binding("n", "find_step(1)", "Next match"),
        Binding("N", "find_step(-1)", "Previous match"),
        bound("new_conversation", "new_conversation", "New"),
        bound("conversations", "conversations", "Open"),
        bound("temporary_conversation", "temporary_conversation", "Temporary", show=False),
        bound("find", "find", "Find"),
        bound("toggle_mode", "toggle_mode", "Mode"),
        bound("focus_messages", "focus_messages", "Messages"),
        bound("copy_reply", "copy_reply", "Copy"),
        bound("choose_model", "choose_model", "Model"),
        bound("enter_key", "enter_key", "API key", show=False),
        bound("use_local_model", "use_local_model", "Local model", show=False),
        bound("quote", "quote", "Quote"),
        bound("search_prompts", "search_prompts", "Prompts"),
        bound("edit_in_editor", "edit_in_editor", "Editor"),
        bound("next_conversation", "turn(1)", "Next"),
        bound("previous_conversation", "turn(-1)", "Before", show=False),
        bound("statistics", "statistics", "Statistics"),
        bound("answer_call", "answer_call", "Answer", show=False),
        bound("what_is_sent", "what_is_sent", "Sent", show=False),
        bound("scroll_up", "scroll_messages(-1)", "Up", show=False, priority=True),
        bound("scroll_down", "scroll_messages(1)", "Down", show=False, priority=True),
        bound("scroll_home", "first_message", "First", show=False, priority=True),
        bound("scroll_end", "last_message", "Last", show=False, priority=True),
    ]

    class ProviderLoaded(UiMessage):
        """The provider's SDK is loaded, or cannot be."""

    def __init__(
        self,
        program: Program,
        conversation: Conversation | None,
        prompt: str,
        now: Callable[[], datetime],
        *,
        at: str = "",
        compared: Sequence[Contender] = (),
    ) -> None:
        """Begin with a conversation, `at` one of its messages, or at its end; with a prompt, which is sent at once."""
        super().__init__(program, now)
        self._first_conversation = conversation
        self._first_prompt = prompt
        self._first_message = at
        self._first_compared = compared
        self._quit_until = 0.0
        self._mode_notice = LatestNotice(self.app)

    def compose(self) -> ComposeResult:
        """Yield the conversation, the composer below it, and what there is to know around them."""
        yield TitleBar()
        yield ConversationView(self.session, self._style)
        yield Desk(self.session, self.named_prompts, self.edits)
        yield StatusBar()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Open the conversation, and begin in the background what a reply will need."""
        self._ticking = self.set_interval(STATUS_INTERVAL_S, self._show_status, pause=True)
        self._usage_figures = UsageFigures(self.session, self.composer, self._show_status)
        self._other_windows = OtherWindows(self.view)
        self.watch(self.app, "app_focus", self._look_again, init=False)
        await self.session.open(await asyncio.to_thread(self._take_up))
        if self._first_compared:
            await self.session.compare(self._first_compared)
        if self._first_message:
            await self.view.look_at(self._first_message)
        self.call_after_refresh(self._after_first_paint)

    def _take_up(self) -> Conversation:
        """Return the conversation to begin with: the one that was asked for, or one that was begun and not sent."""
        store = self.program.store
        store.take_back_edits()
        return self._first_conversation or (None if self._first_prompt else store.unsent()) or Conversation()

    def _look_again(self, focus: bool) -> None:
        """Catch up with the conversation when the window has the focus again: another may have added to it."""
        if focus:
            self._other_windows.look()

    async def _after_first_paint(self) -> None:
        begin(self, self._preload, "preload")
        if self.program.store.path is not None:
            begin(self, partial(apply_retention, self.app, self.program), "retention")
        if is_unsettled(self.session):
            begin(self, self._settle_provider, "first prompt")
        elif self._first_prompt:
            await self.session.submit(Prompt(self._first_prompt))

    async def _settle_provider(self) -> None:
        """Find out who is asked, and send the first prompt there; if that is nobody, it goes to the composer."""
        prompt, conversation = Prompt(self._first_prompt), self.session.conversation
        self.session.accept(prompt)  # it waits here, though another conversation be looked at before it can be sent
        settled = await settle_provider(self, self.program)
        if not self.is_attached:
            return
        if not settled:
            keys = (self._key_of(action) for action in ("use_local_model", "enter_key"))
            self.notify("There is no model yet. {} fetches it, {} takes an API key.".format(*keys), severity="warning")
            if self.session.take_back(prompt):
                self.composer.take(prompt)
        elif not prompt.is_empty:
            await self.session.send_waiting(conversation)

    async def _preload(self) -> None:
        await preload_rest(self.session.parts, [*self.COMMANDS, *self.app.COMMANDS])
        self.post_message(self.ProviderLoaded())
        provider = self.session.parts.provider
        if provider.asks_own_server or not provider.model:
            news = await learn_models(self.session.parts)
            if self.is_attached:  # else the app was closed meanwhile
                self.desk.invite()
                self._show_status()
                if news:
                    self.notify(news, timeout=CHOICE_SHOWN_S, markup=False)

    def on_screen_suspend(self) -> None:
        """Hide the key bar while another screen or a dialog is shown: keys act there, and notices are shown there."""
        self._show_around(shown=False)

    def on_screen_resume(self) -> None:
        """Show the key bar: the keys act on this screen again."""
        self._show_around(shown=True)

    def _show_around(self, *, shown: bool) -> None:
        """Show or hide what belongs to the uppermost screen; a class of the whole screen would style every message."""
        self.query_one(KeyBar).visible = shown
        self.query_children("ToastRack").set_class(not shown, "-suspended")

    def apply_settings(self) -> None:
        """Take up settings that have changed."""
        self.view.apply_settings(self._style)
        self.desk.apply_settings()
        self._show_choices()
        self._show_status()

    @property
    def _style(self) -> ReplyStyle:
        settings = self.program.settings.now
        return ReplyStyle(
            KeyNames.of(self.app, settings.keys),
            settings.streaming.cursor,
            may_blink(settings),
            settings.streaming.show_thinking,
            settings.ui.show_timestamps,
            self._now,
            settings.ui.motion,
            1 / settings.streaming.frames_per_second,
            self.program.diagrams,
        )

    # -- what is written

    @on(Composer.ModeChanged)
    def _show_mode(self) -> None:
        if self.query_one(StatusBar).status.keys != self.composer.vim_mode.upper():
            self._show_status()

    @on(TextArea.Changed)
    @on(Composer.FilesChanged)
    def _size_up_draft(self) -> None:
        self.view.typed_at = time.monotonic() if self.composer.text else 0.0
        self._usage_figures.draft_changed()

    async def action_earlier_prompt(self) -> None:
        """Take back the last queued prompt, for it can still be changed; then show earlier ones."""
        await self.desk.show_earlier()

    def action_later_prompt(self) -> None:
        """Show the prompt that was sent after the one that is shown, in the end what was being written."""
        self.desk.drafts.later()

    @on(QueuedPrompts.PromptPicked)
    def _take_back(self, event: QueuedPrompts.PromptPicked) -> None:
        """Give back a waiting prompt that was clicked."""
        self.desk.give_back(event.prompt)
        self.composer.focus()

    # -- what the keys do

    def action_stop(self) -> None:
        """Stop the reply; what came is kept, unless the settings say otherwise."""
        self._end_reply(Outcome(self.program.settings.now.streaming.on_stop))

    def action_leave(self) -> None:
        """Close offers; end finding; or leave the messages, or the editing of one, for the composer."""
        if self.selecting.is_open:
            self.selecting.close()
            return
        if self.composer.offers.is_open:
            self.composer.offers.dismiss()
        elif self.finding.is_open:
            self.finding.close()
        elif self.desk.drafts.editing and self.composer.has_focus:
            self.desk.drafts.go_on()
        self.composer.focus()

    def action_cancel(self) -> None:
        """Discard the reply that is coming, and its prompt with it."""
        self._end_reply(Outcome.DISCARD)

    def _end_reply(self, outcome: Outcome) -> None:
        self.session.stop(outcome)
        self._show_status()
        paint(self.query_one(StatusBar))

    async def action_copy_clear_or_quit(self) -> None:
        """Copy the selection; or clear the composer; or, at the second press in a row, quit."""
        due, self._quit_until = self._quit_until, 0.0
        if self._selected:
            copy(self.app, self._selected, "the selection")
            self.clear_selection()
        elif self.composer.text or self.composer.files:
            self.composer.discard()
        elif time.monotonic() < due:
            await self.app.action_quit()
        else:
            self._quit_until = time.monotonic() + QUIT_WINDOW_S
            self.notify(f"Press {self._key_of('cancel')} again to quit.", timeout=QUIT_WINDOW_S)

    @property
    def _selected(self) -> str:
        """The text selected in the messages or in the composer."""
        return self.get_selected_text() or self.composer.selected_text

    def action_toggle_mode(self) -> None:
        """Switch between stream and batch; it holds from the next reply on."""
        mode = self.program.requests.mode.other
        try:
            self.program.settings.set("streaming.mode", mode.value)
        except SettingsError as error:
            self.notify(str(error), severity="error", markup=False)
        now = "Streaming on" if mode is Mode.STREAM else "Batch mode"
        self._mode_notice.show(f"{now}, from the next reply." if self.session.live_here else f"{now}.", 3)
        self._show_status()

    def action_edit_in_editor(self) -> None:
        """Write the prompt in $VISUAL or $EDITOR; replies that come go on meanwhile."""
        self.desk.drafts.save()
        edit_prompt(self.app, self.program, self.session.conversation.id, self.composer)
        self.composer.focus()

    async def action_new_conversation(self) -> None:
        """Begin another conversation."""
        if self.session.conversation.messages:
            await self.session.open(self.desk.drafts.fresh())
        self.composer.focus()

    async def action_temporary_conversation(self) -> None:
        """Begin a conversation of which nothing is kept."""
        await self.begin_temporary("")

    async def begin_temporary(self, prompt: str, compared: Sequence[Contender] = ()) -> None:
        """Begin a conversation of which nothing is kept, and send this there, if it is anything."""
        from tui_chat.ui.chat.temporary import TemporaryChat

        program = await asyncio.to_thread(self.program.temporary)
        self.app.push_screen(TemporaryChat(self, program, prompt, self._now, compared))

    @property
    def _in_a_bar(self) -> bool:
        return self.finding.has_focus_within or self.selecting.has_focus

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell the footer what applies now."""
        if action in ("stop", "leave") and self.composer.has_focus and self.composer.offers.is_open:
            return action == "leave"
        if action in ("stop", "leave") and isinstance(self.focused, Composer) and self.focused.wants_escape:
            return False
        if action == "stop":
            # Whoever writes or selects there means that, and offers are closed first.
            return self.busy and not self._in_a_bar and not self.composer.offers.is_open
        if action == "cancel":
            return self.busy and not self._selected
        return super().check_action(action, parameters)
