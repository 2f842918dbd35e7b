"""The actions that apply now, for those who would rather call them by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from textual.binding import Binding
from textual.screen import Screen

from tui_chat.settings import KEYS, Action, Where
from tui_chat.ui.chat.view import ConversationView
from tui_chat.ui.messages.message_list import MessageList

Run: TypeAlias = Callable[[], Awaitable[Any] | None]


class ActionNow(NamedTuple):
    """An action, and how it is done."""

    action: Action
    run: Run


def actions_now(screen: Screen[Any]) -> Iterator[ActionNow]:
    """Yield the actions that apply on a screen; last those that one would rather do with their keys."""
    bound = {binding.id: (node, binding.action) for node, binding, *_ in screen.active_bindings.values()}
    among = _among_messages(screen)
    for action in sorted(KEYS.values(), key=_by_hand):
        if action.where in (Where.MESSAGES, Where.COLUMNS) and action.name in among:
            yield ActionNow(action, among[action.name])
        elif action.name in bound and action.name != "palette":
            node, name = bound[action.name]
            yield ActionNow(action, partial(screen.app.run_action, name, node))


def _by_hand(action: Action) -> bool:
    """Return True if one would rather do it with its key."""
    return action.where is Where.COMPOSER or action.name == "cancel"


def _among_messages(screen: Screen[Any]) -> Mapping[str, Run]:
    """Return the actions on a message: on the one that is chosen, or on the last one."""
    view = next(iter(screen.query(ConversationView)), None)
    if view is None or not view.messages.children:
        return {}
    messages = view.messages
    listed = [*MessageList.BINDINGS, *type(messages).BINDINGS]
    bindings = [binding for binding in listed if isinstance(binding, Binding) and binding.id]
    return {binding.id or "": partial(_act_among, messages, binding.action) for binding in bindings}


async def _act_among(messages: MessageList, action: str) -> None:
    """Go into the messages, and act on the one that is chosen there, or else on the last."""
    messages.focus()
    if not messages.chosen:
        messages.choose_last()
    await messages.run_action(action)
