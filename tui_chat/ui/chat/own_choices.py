"""Choices for the conversation that is looked at: making them, and saying what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from textual.app import App

from tui_chat.program.model_offer import ModelOffer
from tui_chat.program.parts import Parts
from tui_chat.program.wiring import Program
from tui_chat.settings import SettingsError, Value, system_prompt
from tui_chat.text import clean_line
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.model_label import model_label

TEMPERATURES = (0.0, 0.3, 0.5, 0.7, 1.0)
"""Those that are offered."""


def choose(app: App[None], session: ConversationSession, choices: Mapping[str, Value]) -> None:
    """Let settings hold in the conversation that is looked at; what is not allowed is said."""
    try:
        session.choose(choices)
    except SettingsError as error:
        app.notify(clean_line(str(error)), severity="error", markup=False)


def make_default(app: App[None], program: Program, offer: ModelOffer) -> None:
    """Have a model asked wherever nothing else is chosen."""
    from tui_chat.ui.settings.confirm_destination import change_settings

    try:
        change_settings(app, partial(program.settings.make_default, offer.provider, offer.model.id, offer.address))
    except SettingsError as error:
        app.notify(clean_line(str(error)), severity="error", markup=False)


def difference(session: ConversationSession) -> tuple[str, ...]:
    """Return what the conversation uses other than the default: its model, its persona and the like."""
    hidden = session.comparing.hides_names(session.conversation.id)
    return () if hidden else tuple(_differences(session.program, session.parts))


def trouble(session: ConversationSession) -> str:
    """Return why the conversation's own choice cannot be asked, in a sentence; "" where nothing speaks against it."""
    parts, own = session.parts, session.program.conversation_settings.choices(session.conversation.id)
    if not own:
        return ""
    if sentence := parts.provider.refusal:
        return sentence
    if problem := parts.provider.key_problem():
        return problem.sentence
    if parts.models.is_gone(parts.provider.model):
        return f"{parts.provider.config.display_name} no longer offers {model_label(parts.provider.model)}."
    return _trouble_with_persona(parts)


def deprecation(session: ConversationSession) -> str:
    """Return that the conversation's own model is deprecated, in a sentence; "" if it is not, or is the default."""
    is_default = session.parts.provider.whom == session.program.provider.whom
    return "" if is_default else session.parts.models.deprecation()


def _trouble_with_persona(parts: Parts) -> str:
    try:
        system_prompt(parts.settings.now.provider, parts.settings.folder)
    except SettingsError as error:
        return str(error)
    return ""


def _differences(program: Program, parts: Parts) -> Iterator[str]:
    default, own = program.settings.now.provider, parts.settings.now.provider
    if parts.provider.whom != program.provider.whom:
        yield model_label(parts.provider.model)
    if own.persona != default.persona:
        yield own.persona or "no persona"
    if own.thinking != default.thinking:
        yield f"thinking {own.thinking}"
    if own.temperature != default.temperature:
        yield "usual temperature" if own.temperature is None else f"temperature {own.temperature:g}"
