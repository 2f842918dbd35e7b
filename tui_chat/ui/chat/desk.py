"""The desk: the composer with all that stands around it, and the way of a prompt from there and back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.markup import escape
from textual.widget import Widget
from textual.widgets import TextArea

from tui_chat.chat.compaction import is_summary
from tui_chat.chat.message import Message
from tui_chat.chat.prompt import Prompt, too_long
from tui_chat.program.file_checks import files_refused
from tui_chat.records import replace
from tui_chat.services import service
from tui_chat.text import clean_line
from tui_chat.ui.chat.message_edits import MessageEdits
from tui_chat.ui.chat.named_prompts import NamedPrompts
from tui_chat.ui.chat.selection_bar import SelectionBar
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.tool_question_bar import ToolQuestionBar
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.composer.drafts import Drafts
from tui_chat.ui.composer.file_chips import FileChips
from tui_chat.ui.composer.offer_list import OfferList
from tui_chat.ui.look.appearance import may_blink
from tui_chat.ui.look.keys import KeyNames
from tui_chat.ui.messages.find_bar import FindBar
from tui_chat.ui.shared.model_label import model_label

if TYPE_CHECKING:
    from tui_chat.ui.chat.slash_commands import SlashCommands


class Desk(Container):
    """The place where prompts are written, kept, sent from and given back to."""

    def __init__(self, session: ConversationSession, prompts: NamedPrompts, edits: MessageEdits) -> None:
        super().__init__()
        self.finding = FindBar()
        """The bar that finds a text in the messages."""
        self.selecting = SelectionBar()
        """The bar from which text is selected with keys."""
        self.questions = ToolQuestionBar(session, self._key_of, lambda: self.screen.set_focus(self.composer))
        """The bar that asks whether a tool may run."""
        self._chips = FileChips()
        self._session = session
        self._edits = edits
        self._rewrites: list[tuple[str, str]] = []
        """A reply and its new text, from when it is taken over until it is there."""
        self._prompts = prompts

    def compose(self) -> ComposeResult:
        """Yield the composer, and what it offers above it; the bars above these come with what they first show."""
        yield (offers := OfferList())
        blink = may_blink(self._session.program.settings.now)
        commands, resources = lambda: self._slash_commands(), self._session.program.resources
        yield Composer(self.accept, offers, commands, resources, cursor_blink=blink, placeholder=self._invitation)

    @cached_property
    def _slash_commands(self) -> SlashCommands:
        """The commands behind a slash, which are looked up when one is typed."""
        from tui_chat.ui.chat.slash_commands import SlashCommands

        return SlashCommands(self.screen, self._session, self._prompts)

    def on_mount(self) -> None:
        """Keep drafts of what is written."""
        self.drafts = Drafts(self._session, self.composer, self._editing_label)
        self._session.before_open = self.drafts.fetch
        self._session.conversation_changed = self.drafts.follow
        self.apply_settings()

    def on_unmount(self) -> None:
        """Keep what is being written."""
        self.drafts.save()

    @property
    def composer(self) -> Composer:
        """The field where prompts are written."""
        return self.query_one(Composer)

    def put(self, bar: Widget) -> None:
        """Put a bar into its place, unless it is there."""
        if not bar.is_attached:
            bars = (self.finding, self.selecting, self.questions, self._chips, self.query_one(OfferList))
            below = bars[bars.index(bar) + 1 :]
            self.mount(bar, before=next(other for other in below if other.is_attached))

    def apply_settings(self) -> None:
        """Take up settings that have changed."""
        settings = self._session.program.settings.now
        self.composer.let_blink(may_blink(settings))
        self.composer.use_vim(settings.ui.vim)

    def invite(self) -> None:
        """Say, where nothing is written, whom a prompt goes to; of several, always."""
        self.composer.placeholder = self._invitation
        if not self.drafts.editing:
            self.composer.border_title = escape(self._compared)

    @property
    def _invitation(self) -> str:
        if contenders := self._session.comparing.contenders(self._session.conversation.id):
            return f"Message {len(contenders)} models"
        about = self._session.parts.requests.about()
        whom = about.speaker if about.speaker == "Claude" else model_label(about.model)
        return f"Message {whom or 'the model'}"

    @property
    def _compared(self) -> str:
        """The models that a prompt goes to, if they are several."""
        comparing, here = self._session.comparing, self._session.conversation.id
        names = ", ".join(contender.name for contender in comparing.contenders(here))
        hidden = ", names hidden" if comparing.is_blind(here) else ""
        return clean_line(f"Compare{hidden}: {names}") if names else ""

    def show_text_below(self, below: bool) -> None:
        """Tell a reader who is further up that there is more; nothing on the screen moves for it."""
        label = f"[@click=screen.last_message]↓ new text · {escape(self._key_of('scroll_end'))}[/]"
        self.composer.border_subtitle = label if below else ""

    def show_questions(self) -> None:
        """Show the call that waits for leave in this conversation, or none; the focus stays where it is."""
        if self._session.tool_questions.of(self._session.conversation.id):
            self.put(self.questions)
        self.questions.show()

    # -- what is written

    @on(TextArea.Changed)
    @on(Composer.FilesChanged)
    def _keep_draft(self) -> None:
        self.drafts.save_soon()

    @on(Composer.FilesChanged)
    def _show_files(self) -> None:
        self.put(self._chips)
        self._chips.files = self.composer.files

    @on(FileChips.Dropped)
    def _take_out(self, event: FileChips.Dropped) -> None:
        self.composer.take_out(event.file)
        self.composer.focus()

    @on(OfferList.Picked)
    async def _take_offer(self, event: OfferList.Picked) -> None:
        self.composer.focus()
        await self.composer.take_offer(event.offer)

    # -- the way out

    def accept(self, prompt: Prompt) -> bool:
        """Take a prompt over from the composer; False if it stays there."""
        provider = self._session.parts.provider
        if sentence := too_long(prompt.text) or files_refused(prompt.files, provider.model):
            self.notify(sentence, severity="error", markup=False)
            return False
        if self.composer.slash.is_undecided and not self._has_orders:
            self._ask_about_slash(prompt.text)
            return False
        if self.composer.saves:
            return self._accept_rewrite(prompt.text)
        self._session.accept(replace(prompt, in_place_of=self.drafts.end_editing()))
        return True

    @property
    def _has_orders(self) -> bool:
        """True if a prompt may be an order to the demo server, which begins with a slash: no model on this machine."""
        provider = self._session.parts.provider
        asked = service(provider.name)
        return provider.config.on_this_machine and not (asked.runs_model or asked.has_own_servers)

    def _accept_rewrite(self, text: str) -> bool:
        """Take the new text of a reply over; False if it has to stay in the composer."""
        if not self._edits.can_rewrite(self.drafts.editing):
            self.notify("This reply is on another branch, or one is coming. Try again there.", severity="warning")
            return False
        if text.strip():
            self._rewrites.append((self.drafts.end_editing(), text))
        return bool(text.strip())

    def _ask_about_slash(self, text: str) -> None:
        from tui_chat.ui.chat.slash_commands import question
        from tui_chat.ui.shared.question import Question

        asked = Question(question(text), yes="Send as a prompt", no="Go back")
        self.app.push_screen(asked, self._send_text_with_slash)

    def _send_text_with_slash(self, is_prompt: bool | None) -> None:
        self.composer.focus()
        if is_prompt:
            self.composer.slash.take_for_text()
            self.composer.action_send()

    @on(Composer.Submitted)
    async def _send(self) -> None:
        if self._rewrites:
            await self._put_rewrite(*self._rewrites.pop())
            return
        self.drafts.go_on(self.composer.draft)
        self.drafts.save()
        await self._session.send_next()

    async def _put_rewrite(self, reply_id: str, text: str) -> None:
        """Put another version of a reply into the conversation; nothing is sent."""
        await self._edits.rewrite(reply_id, text)
        self.drafts.go_on(self.composer.draft)
        self.drafts.save()

    # -- the way back

    async def show_earlier(self) -> None:
        """Take back the last queued prompt, for it can still be changed; then show earlier ones."""
        if not self.drafts.looking_back and not self.drafts.editing and (queued := self._queued):
            self.give_back(queued[-1])
        else:
            await self.drafts.earlier()

    @property
    def _queued(self) -> Sequence[Prompt]:
        """The prompts that wait in this conversation."""
        return self._session.queued(self._session.conversation.id)

    def give_back(self, prompt: Prompt) -> None:
        """Take a prompt that waits back into the composer, unless another is being written anew there."""
        if not self.drafts.editing and self._session.take_back(prompt):
            self.write_again(prompt)

    def write_again(self, prompt: Prompt) -> None:
        """Put a prompt back into the composer; while another is being written anew there, it waits instead."""
        if self.drafts.editing:
            self._session.hold([prompt])
        elif prompt.in_place_of:
            self.drafts.edit(prompt, sent=False)
        else:
            self.composer.take(prompt)

    def edit(self, prompt: Prompt, *, saves: bool = False) -> None:
        """Write an earlier prompt anew; when it is sent it stands beside the one it was."""
        self.drafts.go_on()
        self.drafts.edit(prompt, sent=True, saves=saves)
        self.composer.focus()

    def rewrite(self, reply: Message) -> None:
        """Write a reply anew; what is sent then is nothing, but it stands beside the one it was."""
        self.edit(Prompt(reply.text, reply.id), saves=True)

    def _editing_label(self) -> str:
        what = "Rewriting a reply, which is not sent" if self.composer.saves else "Editing an earlier message"
        what = "Editing the summary" if is_summary(self.drafts.editing) else what
        return f"[@click=screen.leave]{what} · {escape(self._key_of('stop'))} to cancel[/]"

    def _key_of(self, action: str) -> str:
        return KeyNames.of(self.app, self._session.program.settings.now.keys)(action)
