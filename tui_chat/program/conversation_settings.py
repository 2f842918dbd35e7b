"""The settings of one conversation only: whom it asks, and which of its messages are sent."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from tui_chat.chat.imported import settings_with_ids
from tui_chat.chat.leave import KEPT
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.sending import Sending
from tui_chat.program.side_by_side import SideBySide, is_of_comparing, side_by_side
from tui_chat.settings import SCHEMA, SettingsError, Value
from tui_chat.storage import Store
from tui_chat.text.plain_json import as_json

SENT_FROM = "sent_from"
"""The key, in a conversation's own settings, of the message that its requests begin with."""
LEFT_OUT = "left_out."
"""The beginning of the keys of messages that are left out; a value is the message's id, as the rest of its key is."""
COMPARED = "compared."
"""The beginning of the keys of those who were compared; a name follows, and the value is JSON of what chooses it."""
ANSWER = "answer."
"""The beginning of the keys of answers that a judge has been asked about; a letter follows, and the value is a name."""
ADDRESS = "provider.base_url"
"""The address at which its model was chosen. No key goes there unless it is the one of the settings, too."""
WHOM = ("provider.name", "provider.model", ADDRESS)
"""A model, the provider that offers it, and where."""
CHOICES = (*WHOM, "provider.persona", "provider.thinking", "provider.temperature")
"""The settings that a conversation can have of its own."""


class ConversationSettings:
    """Keeps each conversation's own settings, once they have been read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Mapping[str, str]] = {}
        self._chosen: dict[str, frozenset[str]] = {}

    def of(self, conversation_id: str) -> Mapping[str, str]:
        """Return what holds for one conversation only; it is read the first time."""
        if conversation_id not in self._known:
            self._known[conversation_id] = self._store.settings(conversation_id)
        return self._known[conversation_id]

    def begin(self, conversation_id: str, settings: Mapping[str, str] | None = None) -> None:
        """Take up what a conversation has of its own, which is nothing if it is new: it need not be read any more."""
        self._known.setdefault(conversation_id, settings or {})

    # -- whom it asks

    def choices(self, conversation_id: str) -> Mapping[str, Value]:
        """Return the settings that were chosen for one conversation; what is stored may be of another version.

        An address is returned as it is stored, for one that is none is not that of the settings either.
        """
        kept = self.of(conversation_id)
        return _choices_in(kept) if kept else {}  # mostly there is nothing, and every figure on the screen asks

    def chosen_now(self, conversation_id: str) -> Collection[str]:
        """Return which of them were chosen in this run: the command line gives way to these."""
        return self._chosen.get(conversation_id, frozenset())

    def choose(self, conversation_id: str, choices: Mapping[str, Value]) -> None:
        """Let some settings hold in one conversation from its next reply on."""
        checked = {key: _checked(key, value) for key, value in choices.items()}
        self._chosen[conversation_id] = frozenset({*self.chosen_now(conversation_id), *checked})
        self._change(conversation_id, {key: "" if value is None else str(value) for key, value in checked.items()})

    def forget(self, conversation_id: str, keys: Collection[str]) -> None:
        """Let the default hold in a conversation again."""
        self._change(conversation_id, dict.fromkeys(keys))

    def fork(self, source: Conversation, fork: Conversation) -> None:
        """Let a conversation's choices hold in its fork, too, and leave out the same messages there."""
        ids = {old.id: new.id for old, new in zip(source.messages, fork.messages, strict=False)}
        kept = {
            key: value
            for key, value in self.of(source.id).items()
            if key in CHOICES or key.startswith(ANSWER) or (value in ids and not is_of_comparing(key))
        }
        self.begin(fork.id)
        self._chosen[fork.id] = frozenset(self.chosen_now(source.id))
        if kept:
            self._change(fork.id, settings_with_ids(kept, ids))

    # -- who is compared

    def keep_compared(self, conversation_id: str, name: str, choices: Mapping[str, Value]) -> None:
        """Keep what chooses one of those who are compared, for when its reply is gone on with in another run."""
        chosen = {key: str(value) for key, value in choices.items() if value is not None}
        key, value = f"{COMPARED}{name}", as_json(chosen)
        if self.of(conversation_id).get(key) != value:
            self._change(conversation_id, {key: value})

    def compared(self, conversation_id: str) -> Mapping[str, Mapping[str, Value]]:
        """Return what chooses those who were compared, by their names; what is stored may be from elsewhere."""
        kept = self.of(conversation_id).items()
        stored = {key.removeprefix(COMPARED): _object_in(value) for key, value in kept if key.startswith(COMPARED)}
        choices = {name: _choices_in(texts) for name, texts in stored.items()}
        return {name: each for name, each in choices.items() if set(WHOM[:2]) <= set(each)}

    def keep_side_by_side(self, conversation_id: str, stands: SideBySide) -> None:
        """Keep where comparing stands, for the next time that a conversation is opened."""
        kept, now = self.of(conversation_id), stands.to_settings()
        gone = {key: None for key in kept if is_of_comparing(key) and key not in now}
        if changes := gone | {key: value for key, value in now.items() if kept.get(key) != value}:
            self._change(conversation_id, changes)

    def side_by_side(self, conversation_id: str) -> SideBySide:
        """Return where comparing stands in a conversation."""
        return side_by_side(self.of(conversation_id))

    # -- whose the answers are

    def name_answers(self, conversation_id: str, names: Mapping[str, str]) -> None:
        """Keep whose the answers are that a model is asked about here, by their letters."""
        self._change(conversation_id, {f"{ANSWER}{letter}": name for letter, name in names.items()})

    def answers(self, conversation_id: str) -> Mapping[str, str]:
        """Return whose the answers are, by their letters; none in most conversations."""
        kept = self.of(conversation_id).items()
        named = ((key.removeprefix(ANSWER), name) for key, name in kept if key.startswith(ANSWER))
        return dict(sorted(named, key=lambda each: (len(each[0]), each[0])))  # AA comes after Z

    # -- what tools may do

    def allowed_tools(self, conversation_id: str) -> frozenset[str]:
        """Return the tools that may run unasked in a conversation."""
        return frozenset(value for key, value in self.of(conversation_id).items() if key.startswith(KEPT))

    def allow_tool(self, conversation_id: str, name: str) -> None:
        """Let a tool run unasked in a conversation."""
        self._change(conversation_id, {f"{KEPT}{name}": name})

    # -- what is sent

    def sent(self, conversation_id: str, messages: Sequence[Message]) -> Sequence[Message]:
        """Return what of a conversation is sent: all but what is left out."""
        return self.sending(conversation_id).of(messages)

    def sending(self, conversation_id: str) -> Sending:
        """Return what the user has decided to send of a conversation."""
        kept = self.of(conversation_id)
        return Sending(
            kept.get(SENT_FROM, ""), frozenset(value for key, value in kept.items() if key.startswith(LEFT_OUT))
        )

    def send_from(self, conversation_id: str, first_id: str) -> None:
        """Leave out of what is sent all messages before this one; "" sends the whole conversation again."""
        taken_in = {} if first_id else {key: None for key in self.of(conversation_id) if key.startswith(LEFT_OUT)}
        self._change(conversation_id, {SENT_FROM: first_id, **taken_in})

    def leave_out(self, conversation_id: str, messages: Sequence[Message]) -> None:
        """Leave messages out of what is sent."""
        self._change(conversation_id, {f"{LEFT_OUT}{message.id}": message.id for message in messages})

    def take_in(self, conversation_id: str, messages: Sequence[Message]) -> None:
        """Send messages again that were left out."""
        # One that an earlier version imported has the id that it had elsewhere in its key.
        ids, kept = {message.id for message in messages}, self.of(conversation_id).items()
        self._change(conversation_id, {key: None for key, value in kept if key.startswith(LEFT_OUT) and value in ids})

    def _change(self, conversation_id: str, changes: Mapping[str, str | None]) -> None:
        changed = {**self.of(conversation_id), **changes}
        self._known[conversation_id] = {key: value for key, value in changed.items() if value is not None}
        self._store.save_settings(conversation_id, changes)


def _choices_in(kept: Mapping[str, str]) -> Mapping[str, Value]:
    """Return the choices among settings as they are stored."""
    choices = dict[str, Value]()
    for key in CHOICES:
        if key == ADDRESS and key in kept:
            choices[key] = kept[key]
        elif key in kept:
            with suppress(SettingsError):
                choices[key] = SCHEMA[key].parse(kept[key])
    if "provider.name" not in choices:
        for key in WHOM:
            choices.pop(key, None)  # nobody knows whose it is
    return choices


def _object_in(text: str) -> Mapping[str, str]:
    """Return the texts of a JSON object; none if it is something else."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {key: value for key, value in data.items() if isinstance(value, str)} if isinstance(data, dict) else {}


def _checked(key: str, value: Value) -> Value:
    """Return a value that may be chosen. An address without its secrets need not be one any more."""
    return value if key == ADDRESS else SCHEMA[key].check("" if value is None else value)
