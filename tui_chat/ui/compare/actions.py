"""Actions on branches that are side by side: choose one, go to another, see it alone, ask more models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui_chat.ui.chat.navigation import Navigation
from tui_chat.ui.compare.comparison import Comparison
from tui_chat.ui.compare.judging import TOO_FEW, answers_in_any_order, judged
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.shared.background import begin

if TYPE_CHECKING:
    from tui_chat.program.model_offer import ModelOffer
    from tui_chat.settings import Value

NOT_NOW = "A reply is coming. Try again when it is done."


class ComparesModels(Navigation):
    """The part of the chat screen that acts on columns."""

    async def act_on_columns(self, event: MessageList.ActionRequested) -> bool:
        """Act on the column that is looked at for a key; False if it is a key that acts on its message."""
        if event.what == "side_by_side":
            await self._toggle_columns(event.message_id)
            return True
        columns, comparison = self.view.columns, self.session.comparing.of(self.session.conversation.id)
        if columns is None or comparison is None:
            return False
        match event.what:
            case "choose_reply":
                await self._choose()
            case "previous_column" | "previous_branch":
                columns.go_to(comparison.at - 1)
            case "next_column" | "next_branch":
                columns.go_to(comparison.at + 1)
            case "zoom_column":
                columns.zoomed = not columns.zoomed
            case "stop_column":
                self.session.stop_one(self.session.live_here)
            case "scroll_together":
                columns.together = not columns.together
                self.notify("All columns scroll together." if columns.together else "Each column scrolls by itself.")
            case "show_differences":
                self._show_differences(comparison)
            case "add_column":
                self._add_model()
            case "judge":
                self.ask_for_judge(comparison)
            case _:
                return False
        return True

    async def _choose(self) -> None:
        """Go on with one reply alone; where names were hidden, say them."""
        comparison = self.session.comparing.of(self.session.conversation.id)
        if comparison is None:
            return
        said = comparison.choice_words
        await self.session.choose_branch()
        self.composer.focus()
        self.notify("\n".join(said), markup=False)

    async def _toggle_columns(self, message_id: str) -> None:
        """Show the versions of a reply side by side, or the branch that is looked at alone."""
        if self.session.comparing.hides_names(self.session.conversation.id):
            self.notify("Names are hidden until you choose a reply. See one alone with Zoom.", severity="warning")
        elif self.session.comparing.of(self.session.conversation.id) is not None:
            await self.session.close_columns()
            self.view.messages.focus()
        elif self.session.live is not None:
            self.notify(NOT_NOW, severity="warning")
        elif self.session.reply(message_id) is None:
            self.notify("This is a prompt: only replies stand side by side.")
        elif not await self.session.side_by_side(message_id):
            self.notify("There is only one version. Regenerate it, or ask another model.")

    def _show_differences(self, comparison: Comparison) -> None:
        """Show the reply that is looked at beside another one."""
        from tui_chat.ui.compare.differences_screen import DifferencesScreen

        if self.session.live is not None:
            self.notify(NOT_NOW, severity="warning")
        elif len(comparison.branches) > 1:
            self.app.push_screen(DifferencesScreen(comparison))

    def _add_model(self) -> None:
        """Have more models answer the prompt that the column which is looked at answers."""
        from tui_chat.ui.chat.marked_models import MoreModels

        self.app.push_screen(MoreModels(self.session, self._ask_also))

    def _ask_also(self, choices: Sequence[Mapping[str, Value]]) -> None:
        begin(self.app, partial(self.session.ask_also, choices), "comparing")

    def ask_for_judge(self, comparison: Comparison) -> None:
        """Let the user say which model is to judge the replies, and how it is asked."""
        from tui_chat.ui.compare.judge_screen import JudgeScreen

        async def ask(answer: tuple[ModelOffer, str] | None) -> None:
            if answer is not None:
                await self._judge(comparison, *answer)

        if self.session.live is not None:
            self.notify(NOT_NOW, severity="warning")
        elif len(answers_in_any_order(comparison)) < 2:
            self.notify(TOO_FEW, severity="warning")
        else:
            self.app.push_screen(JudgeScreen(self.session, self.session.comparing.instruction), ask)

    async def _judge(self, comparison: Comparison, judge: ModelOffer, instruction: str) -> None:
        """Ask a model which reply is better, in a conversation of its own."""
        self.session.comparing.instruction = instruction
        asked = judged(self.program, comparison, judge.choices, instruction)
        if isinstance(asked, str):
            self.notify(asked, severity="error", markup=False)
            return
        await self.session.open(asked[0])
        self.composer.focus()
        await self.session.submit(asked[1])
