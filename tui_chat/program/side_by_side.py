"""The state of comparing, as a conversation keeps it: whom it asks, and which branches are side by side."""

from __future__ import annotations

from collections.abc import Mapping

from tui_chat.records import dataclass
from tui_chat.text.plain_json import as_json
from tui_chat.text.reading import parsed

_MODELS, _BLIND, _PROMPT = "comparing.models", "comparing.blind", "comparing.prompt"
_COLUMN = "comparing.column."
"""The beginning of the keys of the columns; a place follows, and the value is the id of the branch's last reply."""
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The state of comparing in one conversation."""

    models: tuple[str, ...] = ()
    """The names of those whom its prompts go to."""
    blind: bool = False
    """True if nobody is to know which model writes which reply."""
    prompt_id: str = ""
    """The prompt at which the branches part; "" if none are side by side."""
    reply_ids: tuple[str, ...] = ()
    """The last reply of each branch, in the order of the columns."""

    def to_settings(self) -> dict[str, str]:
        """Return it as settings; each id is a value of its own, since an import gives messages other ids."""
        models = {_MODELS: as_json(list(self.models))} if self.models else {}
        blind = {_BLIND: "true"} if self.blind else {}
        prompt = {_PROMPT: self.prompt_id} if self.prompt_id else {}
        return models | blind | prompt | {f"{_COLUMN}{at}": id for at, id in enumerate(self.reply_ids)}


def side_by_side(settings: Mapping[str, str]) -> SideBySide:
    """Return where comparing stands by a conversation's settings, which may be from elsewhere."""
    columns = (settings.get(f"{_COLUMN}{at}", "") for at in range(_MOST_COLUMNS))
    return SideBySide(
        _names(settings.get(_MODELS, "")),
        settings.get(_BLIND) == "true",
        settings.get(_PROMPT, ""),
        tuple(id for id in columns if id),
    )


def is_of_comparing(key: str) -> bool:
    """True for the key of a setting that says where comparing stands."""
    return key in (_MODELS, _BLIND, _PROMPT) or key.startswith(_COLUMN)


def _names(value: str) -> tuple[str, ...]:
    try:
        found = parsed(value) if value else []
    except ValueError:
        return ()
    return tuple(name for name in found if isinstance(name, str)) if isinstance(found, list) else ()
