"""Actions on messages of the chat: ask again, go on, turn to another branch, copy, quote, edit, fork."""

from __future__ import annotations

from functools import cached_property, partial

from textual import on

from tui_chat.chat import exchange
from tui_chat.chat.compaction import is_summary
from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import files_of
from tui_chat.chat.prompt import Prompt
from tui_chat.ui.chat import leaving_out
from tui_chat.ui.chat.made_files import SavesMadeFiles
from tui_chat.ui.chat.message_edits import MessageEdits
from tui_chat.ui.chat.open_source import OpensSources
from tui_chat.ui.chat.summary_actions import SummaryActions
from tui_chat.ui.compare.actions import ComparesModels
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.sideways_code import STEP
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.clipboard import copy
from tui_chat.ui.textual_internals.latest_notice import LatestNotice


class MessageActions(OpensSources, SavesMadeFiles, ComparesModels, SummaryActions):
    """The part of the chat screen that acts on messages."""

    @cached_property
    def edits(self) -> MessageEdits:
        """The messages that are written anew, or were deleted."""
        return MessageEdits(self.session, self.compactor, self._now)

    @cached_property
    def _deletion(self) -> LatestNotice:
        """The notice that a message was deleted, as long as that holds."""
        return LatestNotice(self.app)

    async def action_retry(self, message_id: str = "") -> None:
        """Ask for another reply in the place of one that has ended, or to a prompt that has none."""
        await self.session.regenerate(message_id)

    async def action_continue_reply(self, message_id: str = "") -> None:
        """Ask for the rest of a reply that was cut off."""
        await self.session.go_on(message_id)

    async def action_turn_branch(self, message_id: str, step: int) -> None:
        """Show the message that stands in the place of this one on the branch before or after."""
        await self.session.turn_branch(message_id, step)

    def action_focus_messages(self) -> None:
        """Go into the messages, if there are any."""
        if self.session.conversation.messages:
            self.view.messages.focus()

    def action_scroll_messages(self, pages: int) -> None:
        """Scroll the messages while the composer keeps the focus."""
        self.view.messages.scroll_by_pages(pages)

    async def action_last_message(self) -> None:
        """Go to the end of the conversation, and follow it."""
        await self.view.go_to_last()

    def action_first_message(self) -> None:
        """Go to the beginning of the conversation."""
        begin(self, self.view.messages.go_to_first, "first message")

    def action_copy_reply(self) -> None:
        """Copy the last reply, as it was written."""
        reply = self.session.reply()
        if reply is not None:
            self._copy(reply, "the reply")

    def _copy(self, message: Message, what: str) -> None:
        """Copy a message, and the sources that it cites."""
        from tui_chat.chat.passages import text_with_sources

        copy(self.app, text_with_sources(message.parts), what)

    def action_quote(self, message_id: str = "") -> None:
        """Quote in the composer what is selected in the messages, or else a message, or the last reply."""
        message = self.session.conversation.find(message_id) if message_id else self.session.reply()
        coming = self.view.messages.reply(message.id) if message is not None and message.status.live else None
        whole = coming.text if coming is not None else message.text if message is not None else ""
        text = self.get_selected_text() or whole
        if text.strip():
            self.composer.quote(text)
            self.clear_selection()
        self.composer.focus()

    def action_what_is_sent(self) -> None:
        """Show what goes with the next request; the message that is chosen there is looked at."""
        from tui_chat.ui.chat.sent_screen import SentScreen

        draft = Prompt(self.composer.prompt, files=self.composer.files)
        self.app.push_screen(SentScreen(self.session, draft), self._look_at_sent)

    async def _look_at_sent(self, message_id: str | None) -> None:
        if message_id:
            await self.view.look_at(message_id)
            self.view.messages.focus_on(message_id)

    @on(MessageList.ActionRequested)
    async def _act_on_message(self, event: MessageList.ActionRequested) -> None:
        """Act on the chosen message for a key pressed among the messages."""
        if is_summary(event.message_id) and await self.act_on_summary(event):
            return
        if await self.act_on_columns(event):
            return
        session, message = self.session, self.session.conversation.find(event.message_id)
        match event.what:
            case "leave":
                await self.run_action("leave")
            case "write":
                self.composer.focus()
            case "regenerate":
                await session.regenerate(event.message_id)
            case "continue":
                await session.go_on(event.message_id)
            case "previous_branch":
                await session.turn_branch(event.message_id, -1)
            case "next_branch":
                await session.turn_branch(event.message_id, 1)
            case "copy" if message is not None:
                self._copy(message, "the message")
            case "quote":
                self.action_quote(event.message_id)
            case "fork" if message is not None:
                await session.fork(message.id)
                self.notify("Forked into a new conversation.", timeout=3)
            case "bookmark" if message is not None:
                await self.library.toggle_bookmark(message.id)
            case "source":
                self.action_open_source(event.message_id)
            case "leave_out" if message is not None:
                if sentence := leaving_out.toggle(session, message.id):
                    self.notify(sentence, severity="warning")
            case "rewrite" if message is not None:
                self._rewrite(message)
            case "delete":
                begin(self, partial(self._delete, event.message_id), "deleting messages")
            case "undelete":
                begin(self, self.action_undelete_message, "deleting messages")
            case "edit" if message is not None:
                self._edit(event.message_id)
            case _ if (widget := self.view.messages.chosen_widget) is not None:
                self._act_on_widget(event.what, widget)

    def _act_on_widget(self, what: str, widget: MessageWidget) -> None:
        """Act on how the chosen message is shown."""
        match what:
            case "select":
                self.desk.put(self.selecting)
                self.selecting.open(self.view.messages, widget)
            case "wrap_code":
                widget.toggle_wrap()
            case "diagrams":
                widget.toggle_diagrams()
            case "code_left" | "code_right":
                widget.scroll_code(STEP if what == "code_right" else -STEP)

    def _rewrite(self, reply: Message) -> None:
        """Put a reply into the composer, for another version of it."""
        if reply.role is Role.USER:
            self.notify(f"This is a prompt: {self._key_of('edit_message')} edits it.", timeout=4)
        elif self.edits.can_rewrite(reply.id):
            self.desk.rewrite(reply)
        else:
            self.notify("A reply is coming. Edit when it is done.", severity="warning")

    async def _delete(self, message_id: str) -> None:
        """Delete a message, and offer to bring it back."""
        if await self.edits.delete(message_id):
            self._deletion.offer_undo("Deleted the message.", "undelete_message")
        else:
            self.notify("Nothing was deleted: a reply is coming. Delete when it is done.", severity="warning")

    async def action_undelete_message(self) -> None:
        """Bring back the message that was deleted last."""
        if self.compactor.can_bring_back:
            await self.action_restore_summary()
        elif await self.edits.bring_back() is None:
            self.notify("No deleted message to restore.", timeout=3)
        else:
            self._deletion.take_back()

    def _edit(self, message_id: str) -> None:
        """Put an earlier prompt, or that of a reply, into the composer."""
        conversation = self.session.conversation
        reply = self.session.reply(message_id)
        prompt = conversation.find(reply.parent_id or "") if reply else conversation.find(message_id)
        if prompt is not None:
            self.desk.edit(Prompt(prompt.text, prompt.id, files_of(prompt.parts)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the last reply, or with the messages that there are."""
        reply = self.session.reply()
        match action:
            case "retry":
                return self.session.live_here is None and exchange.up_to_prompt(self.session.conversation) is not None
            case "continue_reply":
                return self.session.live_here is None and reply is not None and exchange.can_go_on(reply)
            case "copy_reply":
                return reply is not None and bool(reply.text)
            case "focus_messages":
                return bool(self.session.conversation.messages) and self.composer.has_focus
            case "quote":
                return bool(self.session.conversation.messages)
        return super().check_action(action, parameters)
