"""The text area that prompts are written in."""

from __future__ import annotations

import time
from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widgets.text_area import Edit, EditResult, Selection

from tui_chat.chat.prompt import Prompt, as_quotation
from tui_chat.program.server_resources import ServerResources
from tui_chat.records import dataclass
from tui_chat.text import clean
from tui_chat.ui.composer.attaching_area import AttachingArea
from tui_chat.ui.composer.offer_list import Offer, OfferList
from tui_chat.ui.composer.pastes import WRITTEN
from tui_chat.ui.composer.slash_offers import SlashCommand, SlashOffers
from tui_chat.ui.look.keys import bound
from tui_chat.ui.textual_internals.delays import call_after
from tui_chat.ui.textual_internals.drivers import split_alt
from tui_chat.ui.textual_internals.key_queue import TAKES_COMMANDS
from tui_chat.ui.textual_internals.repaint import paint

if TYPE_CHECKING:
    from tui_chat.ui.composer.vim_keys import VimKeys

FRAME_S = 1 / 60
BLINK_REST_S = 10.0
"""Seconds without a key after which the cursor rests: a blinking cell costs power all day."""


class Composer(AttachingArea):
    """Several lines of prompt: Enter sends, Ctrl+J and Shift+Enter break the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take_offer", "Choose", id="take_offer"),
        Binding("tab", "complete_offer", "Complete", id="complete_offer"),
        Binding("up", "choose_offer(-1)", id="offer_before", show=False),
        Binding("down", "choose_offer(1)", id="offer_after", show=False),
        bound("send", "send", "Send"),
        bound("send", "save", "Save"),
        bound("newline", "newline", "Newline"),
        bound("unfold_pastes", "unfold_pastes", "Unfold"),
        bound("earlier_prompt", "earlier_prompt", "Earlier", show=False),
        Binding("up", "cursor_up", "Up", id="cursor_up", show=False),
        bound("later_prompt", "later_prompt", "Later", show=False),
        Binding("down", "cursor_down", "Down", id="cursor_down", show=False),
        Binding("home", "first_message", "First message", show=False),
        Binding("home", "cursor_line_start", "Line start", show=False),
        Binding("end", "last_message", "Last message", show=False),
        Binding("end", "cursor_line_end", "Line end", show=False),
        Binding("escape", "normal_mode", "Normal mode"),
    ]

    saves: reactive[bool] = reactive(False, bindings=True)
    """True while a reply is written anew: that is saved, and not sent."""

    @dataclass
    class Submitted(Message):
        """A prompt was sent, and has been accepted."""

        composer: Composer

        @property
        def control(self) -> Composer:
            """The composer that it was written in."""
            return self.composer

    @dataclass
    class ModeChanged(Message):
        """The keys may be taken for something else than before."""

        composer: Composer

        @property
        def control(self) -> Composer:
            """The composer whose keys they are."""
            return self.composer

    def __init__(
        self,
        accept: Callable[[Prompt], bool],
        offers: OfferList,
        commands: Callable[[], Sequence[SlashCommand]],
        resources: ServerResources,
        *,
        cursor_blink: bool = True,
        placeholder: str = "",
    ) -> None:
        """Keep `accept`, which takes a prompt over or returns False: then it stays where it was written.

        `offers` shows what may be meant by what is typed, `commands` looks up those that a slash may begin, and
        `resources` what an @ may mean beside files.
        """
        self._vim: VimKeys | None = None
        self.offers = offers
        self.slash = SlashOffers(offers, commands, self.show)
        super().__init__(offers, resources, placeholder=placeholder)
        self._accept = accept
        self._may_blink = cursor_blink
        self.cursor_blink = cursor_blink
        self._resting: TimerHandle | None = None
        self._painted_at = 0.0

    @property
    def prompt(self) -> str:
        """The text written, with every folded paste in its place."""
        return self.pastes.whole(self.text)

    @property
    def written(self) -> str:
        """The text written, to be shown again as it is now."""
        return self.pastes.kept(self.text)

    @property
    def draft(self) -> str:
        """The same, and the files that go with it."""
        return self.attached.kept(self.written, self.files)

    def on_mount(self) -> None:
        """Let the cursor rest after a while."""
        self._rest_later()

    def let_blink(self, may_blink: bool) -> None:
        """Let the cursor blink from now on, or not."""
        self._may_blink = may_blink
        self.cursor_blink = may_blink

    def use_vim(self, wanted: bool) -> None:
        """Take vim's keys from now on, or not."""
        if wanted is (self._vim is not None):
            return
        self._vim = None
        if wanted:
            from tui_chat.ui.composer.vim_keys import VimKeys

            self._vim = VimKeys(self, self._show_mode)
        self._show_mode()

    @property
    def vim_mode(self) -> str:
        """The mode of vim's keys; "" without them."""
        return self._vim.mode if self._vim is not None else ""

    @property
    def wants_escape(self) -> bool:
        """True if Esc leaves a mode here before it does anything else."""
        return self._vim is not None and self._vim.wants_escape and not self.offers.is_open

    def action_normal_mode(self) -> None:
        """Leave the mode, or the beginning of a command."""
        if self._vim is not None:
            self._vim.act("escape")

    def begin(self, draft: str) -> None:
        """Begin with a draft; nothing before it can be brought back."""
        self.awaited.give_up()
        text, self.files = self.attached.taken_up(draft)
        self.text = self.pastes.taken_up(text)
        self.slash.leave_open()
        if self._vim is not None:
            self._vim.begin()
        self.move_cursor(self.document.end)

    def take_up(self, draft: str) -> None:
        """Write a draft in the place of what is written."""
        text, self.files = self.attached.taken_up(draft)
        self.show(self.pastes.taken_up(text))
        self.slash.leave_open()

    def write(self, prompt: str) -> None:
        """Write a prompt's text in the place of what is written."""
        self.show(self._folded(prompt))
        self.slash.take_for_text()

    def take(self, prompt: Prompt) -> None:
        """Put a prompt back for editing, before what has been written since."""
        text = self._folded(prompt.text)
        self.show(f"{text}\n{self.text}" if self.text.strip() else text)
        self.slash.take_for_text()
        self.files = tuple(dict.fromkeys((*prompt.files, *self.files)))

    def paste(self, text: str) -> None:
        """Put in what was pasted; at the very beginning it is no command, though it begin with a slash."""
        at_beginning = min(self.selection) == (0, 0)
        super().paste(text)
        if at_beginning:
            self.slash.take_for_text()

    def load_text(self, text: str) -> None:
        """Begin with a text."""
        super().load_text(text)
        self._follow_slash(was_empty=False)
        self.slash.take_for_text()

    def undo(self) -> None:
        """Bring back what was there before the last change."""
        super().undo()
        self._follow_slash(was_empty=False)

    def redo(self) -> None:
        """Make the last change again that was undone."""
        super().redo()
        self._follow_slash(was_empty=False)

    def action_choose_offer(self, step: int) -> None:
        """Mark another one of the offers."""
        self.offers.move(step)

    async def action_take_offer(self) -> None:
        """Take the offer that is marked."""
        await self.take_offer(self.offers.chosen)

    async def take_offer(self, offer: Offer) -> None:
        """Do what an offer is about."""
        doing = offer.take()
        if doing is not None:
            await doing

    async def action_complete_offer(self) -> None:
        """Write the offer that is marked, without doing anything yet."""
        writing = self.offers.chosen.complete()
        if writing is not None:
            await writing

    def quote(self, text: str) -> None:
        """Put a text behind what is written, marked as a quotation, and the cursor below it."""
        parting = "\n\n" if self.text.strip() else ""
        self.show(f"{self.text.rstrip()}{parting}{self._folded(as_quotation(text))}\n\n")
        if self._vim is not None:
            self._vim.insert()

    def action_send(self) -> None:
        """Send the prompt; a backslash before Enter breaks the line instead, for terminals that have no other key."""
        if self.before_cursor.endswith("\\"):
            self.action_delete_left()
            self.action_newline()
        elif sentence := self.awaited.hold():
            self.notify(sentence, severity="warning", markup=False)
        elif self._accept(Prompt(self.prompt, files=self.files)):
            self.clear()
            self.files = ()
            if self._vim is not None:
                self._vim.insert()
            self.post_message(self.Submitted(self))

    def action_save(self) -> None:
        """Save the reply; it takes the same way."""
        self.action_send()

    def action_newline(self) -> None:
        """Break the line."""
        self.put("\n")

    async def action_earlier_prompt(self) -> None:
        """Show the prompt before; at once, so that it is there before what is typed next."""
        await self.run_action("screen.earlier_prompt")

    async def action_later_prompt(self) -> None:
        """Show the prompt after, or the draft."""
        await self.run_action("screen.later_prompt")

    async def action_first_message(self) -> None:
        """Scroll to where the conversation begins."""
        await self.run_action("screen.first_message")

    async def action_last_message(self) -> None:
        """Scroll to its end, and follow it."""
        await self.run_action("screen.last_message")

    @property
    def _row(self) -> int:
        """The row of the cursor, as the text is wrapped."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave some keys to the conversation where the composer has no use for them."""
        match action:
            case "choose_offer" | "take_offer" | "complete_offer":
                return self.offers.is_open
            case "send" | "save":
                return self.saves is (action == "save")
            case "normal_mode":
                return self.wants_escape
            case "unfold_pastes":
                return self.pastes.are_in(self.text)
            case "earlier_prompt":
                return self._row == 0
            case "first_message" | "last_message":
                return not self.text
            case "later_prompt":
                return self._row == self.wrapped_document.height - 1
        return super().check_action(action, parameters)

    def edit(self, edit: Edit) -> EditResult:
        """Change the text, and show that at once, unless it changes faster than a screen is drawn, or in height."""
        height, was_empty = self.wrapped_document.height, self.document.end == (0, 0)
        result = super().edit(edit)
        self._follow_slash(was_empty=was_empty)
        if time.monotonic() >= self._painted_at + FRAME_S and self.wrapped_document.height == height:
            paint(self)
            self._painted_at = time.monotonic()
        return result

    @property
    def selected_text(self) -> str:
        """The text selected, with every folded paste in its place."""
        selection = self._vim.selection if self._vim is not None else None
        return super().selected_text if selection is None else self.pastes.whole(self.get_text_range(*selection))

    def put(self, text: str) -> None:
        """Put a text in the place of what is selected; in vim's normal mode, after the cursor."""
        if self._vim is None or not self._vim.paste(text):
            super().put(text)

    def validate_selection(self, selection: Selection) -> Selection:
        """Keep the cursor outside what is read as one; in vim's normal mode, on a character of its line."""
        selection = super().validate_selection(selection)
        return selection if self._vim is None else self._vim.place_cursor(selection)

    async def on_key(self, event: events.Key) -> None:
        """Wake the cursor, and do what vim says of the key."""
        if self._may_blink:
            self.cursor_blink = True
            self._rest_later()
        closes_offers = event.key == "escape" and self.offers.is_open
        if self._vim is not None and not closes_offers and self._vim.press(event):
            event.prevent_default()
            event.stop()

    def _rest_later(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
        self._resting = call_after(BLINK_REST_S, self, self.rest)

    def rest(self) -> None:
        """Stop blinking until the next key."""
        self.cursor_blink = False

    def _show_mode(self) -> None:
        """Have the mode shown, characters waited for that may be commands, and Esc told from what comes behind it."""
        self.set_class(self.vim_mode not in ("", "insert"), TAKES_COMMANDS)
        split_alt(self.app, self.has_focus and self.wants_escape)
        self.post_message(self.ModeChanged(self))

    def on_focus(self) -> None:
        """Take Esc first, where there are modes."""
        split_alt(self.app, self.wants_escape)

    def on_blur(self) -> None:
        """Offer nothing, and let Alt be Alt elsewhere."""
        self.paths.want(None)
        split_alt(self.app, False)

    def _follow_slash(self, *, was_empty: bool) -> None:
        self.slash.follow(self.document.get_line(0), self.document.line_count, was_empty=was_empty)

    def _folded(self, prompt: str) -> str:
        return self.pastes.folded(clean(prompt), WRITTEN)
