"""The ways from the chat: to other conversations, to hits in this one, to earlier prompts, to the statistics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from tui_chat.chat.prompt import Prompt
from tui_chat.program.wiring import Program
from tui_chat.rendering import EITHER
from tui_chat.ui.chat.desk import Desk
from tui_chat.ui.chat.named_prompts import NamedPrompts
from tui_chat.ui.chat.selection_bar import SelectionBar
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.view import ConversationView
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.conversations.conversation_library import ConversationLibrary
from tui_chat.ui.look.keys import KeyNames
from tui_chat.ui.messages.find_bar import FindBar
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.textual_internals.compositor import SparingScreen

if TYPE_CHECKING:
    from tui_chat.ui.conversations.screen import ConversationsScreen


class Navigation(SparingScreen):
    """The part of the chat screen that goes somewhere; it has a view and a desk."""

    def __init__(self, program: Program, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.program = program
        self.session = ConversationSession(program, now)
        self._now = now

    @cached_property
    def library(self) -> ConversationLibrary:
        """The other conversations."""
        return ConversationLibrary(self.session)

    @cached_property
    def named_prompts(self) -> NamedPrompts:
        """The personas and templates."""
        return NamedPrompts(self, self.session)

    @property
    def view(self) -> ConversationView:
        """The conversation on the screen."""
        return self.query_one(ConversationView)

    @property
    def desk(self) -> Desk:
        """The place where prompts are written."""
        return self.query_one(Desk)

    @property
    def composer(self) -> Composer:
        """The field where prompts are written."""
        return self.query_one(Composer)

    @property
    def finding(self) -> FindBar:
        """The bar that finds a text in the messages."""
        return self.desk.finding

    @property
    def selecting(self) -> SelectionBar:
        """The bar from which text is selected with keys."""
        return self.desk.selecting

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to find where there are messages; the letters find while these have the focus."""
        if action == "find":
            return bool(self.session.conversation.messages)
        if action == "find_step":
            return self.finding.is_open and isinstance(self.focused, MessageList)
        return True

    def action_conversations(self) -> None:
        """Show all conversations; the one that is chosen there is opened."""
        from tui_chat.ui.conversations.screen import ConversationsScreen

        screen = ConversationsScreen(self.library, self._now)
        self.app.push_screen(screen, partial(self._open_found, screen))

    async def _open_found(self, screen: ConversationsScreen, conversation_id: str | None) -> None:
        """Look at what was found in a conversation, with the words marked; or at the conversation."""
        hit, words = screen.hit, screen.rows.found.words
        if conversation_id is None or hit is None:
            await self.open_conversation(conversation_id)
        elif await self._open_at(f"{hit.conversation_id}@{hit.message_id}") and words:
            self.view.messages.focus_on(hit.message_id)
            self.desk.put(self.finding)
            await self.finding.look_for(EITHER.join(words), self.view.messages, hit.message_id)

    async def open_conversation(self, conversation_id: str | None) -> None:
        """Look at a conversation, if one was chosen."""
        if conversation_id and not await self.library.open(conversation_id):
            self.notify("That conversation no longer exists.", severity="warning")
        self.composer.focus()

    def action_bookmarks(self) -> None:
        """Show the bookmarks of all conversations; the message that is chosen there is looked at."""
        from tui_chat.ui.conversations.bookmarks import BookmarksScreen

        self.app.push_screen(BookmarksScreen(self.library, self._now), self._open_place)

    async def _open_place(self, place: str | None) -> None:
        await self._open_at(place)

    async def _open_at(self, place: str | None) -> bool:
        conversation_id, _, message_id = (place or "").partition("@")
        there = bool(message_id) and await self.library.open_at(conversation_id, message_id)
        if message_id and not there:
            self.notify("That message cannot be shown now: it is gone, or a reply is coming.", severity="warning")
        self.composer.focus()
        return there

    def action_answer_call(self) -> None:
        """Go to the question whether a tool may run, if there is one."""
        self.desk.questions.enter()

    async def action_turn(self, step: int) -> None:
        """Next conversation, or to the one before."""
        if not await self.library.turn(step):
            self.notify("No other conversation.", timeout=3)

    async def action_bring_back(self, conversation_id: str = "") -> None:
        """Bring a deleted conversation back, and open it."""
        conversation = self.library.bring_back(conversation_id)
        if conversation is not None:
            await self.open_conversation(conversation.id)

    def action_find(self) -> None:
        """Look for a text in this conversation, all of it."""
        self.desk.put(self.finding)
        self.finding.open(self.view.messages)

    async def action_find_step(self, step: int) -> None:
        """Go to the next hit, or the one before."""
        await self.finding.action_step(step)

    def action_choose_model(self) -> None:
        """Show the models of all providers; the one that is chosen there answers in this conversation."""
        from tui_chat.ui.chat.marked_models import ModelChoice

        self.app.push_screen(ModelChoice(self.session))

    def action_enter_key(self) -> None:
        """Ask for a provider's key, and use it at once."""
        from tui_chat.ui.chat.first_steps import enter_key

        enter_key(self, self.program)

    def action_use_local_model(self) -> None:
        """Have the small model on this machine reply from now on."""
        from tui_chat.ui.chat.first_steps import use_local_model

        use_local_model(self, self.program)

    def action_search_prompts(self) -> None:
        """Search the earlier prompts of all conversations; the chosen one comes before what is written."""
        from tui_chat.ui.composer.prompt_search import PromptSearchScreen

        self.app.push_screen(PromptSearchScreen(self.program.store), self._take_prompt)

    def _take_prompt(self, prompt: str | None) -> None:
        if prompt is not None:
            self.composer.take(Prompt(prompt))
        self.composer.focus()

    def action_statistics(self) -> None:
        """Show what replies add up to."""
        from tui_chat.ui.statistics.screen import StatisticsScreen

        self.app.push_screen(StatisticsScreen(self.program.store, self.session.conversation.id, self._now))

    def _key_of(self, action: str) -> str:
        """Return the key of an action, as it is written on the screen."""
        return KeyNames.of(self.app, self.program.settings.now.keys)(action)
