"""Asking the user before a request is sent, without losing the prompt whatever the answer is."""

from __future__ import annotations

from tui_chat.chat.protocols import Opening
from tui_chat.ui.screens.doubt import Answer, DoubtScreen
from tui_chat.ui.widgets.composer import Composer
from tui_chat.ui.widgets.conversation_view import ConversationView


async def ask_first(view: ConversationView, composer: Composer, opening: Opening) -> None:
    """Ask what there is to ask, and send the request or not.

    The prompt stands in the composer meanwhile: there it is kept as a draft, should the program end.
    """
    prompt = opening.prompt.text if opening.prompt is not None else ""
    if prompt:
        composer.take(prompt)
    while (doubt := view.doubts.find(opening)) is not None:
        match await view.app.push_screen_wait(DoubtScreen(doubt)):
            case Answer.KEEP:
                view.refrain()
                return
            case Answer.LEAVE_OUT:
                view.doubts.leave_out(opening, doubt)
                view.app.notify(f"The oldest {doubt.left_out} messages are not sent any more. They stay here.")
            case Answer.SEND:
                view.doubts.allow(opening, doubt.about)
    if prompt:
        composer.give_back(prompt)
    await view.start(opening)
