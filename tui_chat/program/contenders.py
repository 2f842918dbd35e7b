"""Those who are asked at once and compared: a model each, wherever it is asked, perhaps with a persona."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tui_chat.program.conversation_settings import WHOM
from tui_chat.program.own_address import own_address
from tui_chat.program.wiring import Program
from tui_chat.providers import known_model
from tui_chat.records import dataclass, replace
from tui_chat.services import SERVICES, service
from tui_chat.settings import SettingsError, Value, read_persona
from tui_chat.settings.literals import shown
from tui_chat.settings.personas import personas
from tui_chat.text import clean_line

NAME, MODEL, ADDRESS = WHOM


@dataclass(frozen=True, slots=True)
class Contender:
    """One of those who are asked."""

    name: str
    """The name that the user reads; no other contender has it."""
    choices: Mapping[str, Value]
    """The settings that choose it, as they would be chosen for a conversation."""


def contenders_named(words: str, program: Program) -> Sequence[Contender]:
    """Return the contenders that a list with commas names, each as MODEL, PROVIDER:MODEL or either with @PERSONA.

    `SettingsError` says what cannot be.
    """
    return contenders([_choices(word.strip(), program) for word in words.split(",")])


def contenders(choices: Iterable[Mapping[str, Value]]) -> Sequence[Contender]:
    """Return contenders of these choices, with names that tell them apart."""
    named = [Contender(_name(each), each) for each in choices]
    providers: dict[str, set[str]] = defaultdict(set)
    for contender in named:
        providers[contender.name].add(str(contender.choices[NAME]))
    return _numbered([_with_provider(each) if len(providers[each.name]) > 1 else each for each in named])


def _with_provider(contender: Contender) -> Contender:
    """Return it with its provider behind its name."""
    return replace(contender, name=f"{contender.name} · {service(str(contender.choices[NAME])).title}")


def _numbered(named: Sequence[Contender]) -> Sequence[Contender]:
    """Return them with a number behind each name that was there before."""
    seen = Counter[str]()
    numbered: list[Contender] = []
    for contender in named:
        seen[contender.name] += 1
        time = seen[contender.name]
        numbered.append(contender if time == 1 else replace(contender, name=f"{contender.name} ({time})"))
    return numbered


def own_words(choices: Mapping[str, Value]) -> Sequence[str]:
    """Return words for what is chosen beside the model: its persona, thinking and temperature."""
    persona, temperature = choices.get("provider.persona"), choices.get("provider.temperature")
    thinking = choices.get("provider.thinking")
    return [
        *([str(persona) or "no persona"] if persona is not None else []),
        *([f"thinking {thinking}"] if thinking else []),
        *([f"temperature {temperature:g}"] if isinstance(temperature, float | int) else []),
    ]


def _name(choices: Mapping[str, Value]) -> str:
    """Return the name of a model, with what else was chosen for it."""
    return clean_line(" · ".join([_model_name(str(choices[MODEL])), *own_words(choices)]))


def _model_name(id: str) -> str:
    """Return a vendor's own name for a model; of a file or a path, the end. The name of a script's describes it."""
    known = known_model(id)
    if known is not None and known.price is not None:
        return known.name.removeprefix("Claude ")
    return id.replace("\\", "/").rpartition("/")[2] or id


def _choices(word: str, program: Program) -> Mapping[str, Value]:
    """Return what one entry of the list chooses."""
    provider, rest = program.settings.now.provider.name, word
    before, colon, after = word.partition(":")
    if colon and before in SERVICES:  # a model's id may have colons, too
        provider, rest = before, after
    model, persona = _split_persona(rest, program)
    if not model:
        raise SettingsError(f"{shown(word)} names no model." if word else "There is an empty name among the models.")
    address = own_address(program.parts_choosing(provider).settings.now.provider)
    return {NAME: provider, MODEL: model, ADDRESS: address, **({"provider.persona": persona} if persona else {})}


def _split_persona(word: str, program: Program) -> tuple[str, str]:
    """Return the model and the persona that are named; a model's id may have an @ and its version behind it."""
    model, at, persona = word.rpartition("@")
    if not at or not persona:
        return word, ""
    folder = program.settings.folder
    if persona not in personas(folder) and (persona[0].isdigit() or persona in ("latest", "default")):
        return word, ""
    read_persona(folder, persona)
    return model, persona
