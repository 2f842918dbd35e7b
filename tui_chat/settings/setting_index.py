"""The schema as data: every setting with its default, its rule and its description, and settings by their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from tui_chat.records import dataclass, fields, replace
from tui_chat.settings import schema
from tui_chat.settings.errors import SettingsError, nearest
from tui_chat.settings.literals import shown
from tui_chat.settings.rules import Address, Choice, InvalidValue, Kind, Number, Switch, Value, ValueRule, Whole
from tui_chat.settings.schema import McpServer, Settings


class KeyRule(ValueRule):
    """Keys of an action."""

    kind = Kind.KEYS
    allowed = "a key like ctrl+t, f5 or alt+t, or several with commas between them"

    def check(self, raw: object) -> str:
        """Return keys under their normal names."""
        from tui_chat.settings.keys import normal_keys

        normal = normal_keys(raw) if isinstance(raw, str) else None
        if normal is None:
            raise InvalidValue
        return normal


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: all that is known of it."""

    group: str
    name: str
    default: Value
    rule: ValueRule

    @property
    def key(self) -> str:
        """Its key, `group.name`."""
        return f"{self.group}.{self.name}"

    @property
    def path(self) -> tuple[str, str]:
        """Its place in the file."""
        return self.group, self.name

    @property
    def kind(self) -> Kind:
        """The kind of its value."""
        return self.rule.kind

    @property
    def choices(self) -> tuple[str, ...]:
        """The words to choose from or, where others are allowed too, to offer."""
        return self.rule.choices

    @property
    def allowed(self) -> str:
        """The allowed values, in a few words."""
        return self.rule.allowed

    @property
    def meaning_of_0(self) -> str:
        """The meaning of 0, where it is no ordinary number."""
        return self.rule.meaning_of_0 if isinstance(self.rule, Whole | Number) else ""

    @property
    def description(self) -> str:
        """The effect of the setting, in a sentence."""
        if self.group == "keys":
            from tui_chat.settings.actions import KEYS

            return f"{KEYS[self.name].description}."
        return _descriptions(self.group).get(self.name, "")

    def value_in(self, settings: Settings) -> Value:
        """Return its value in these settings."""
        group = getattr(settings, self.group)
        value: Value = group[self.name] if self.group == "keys" else getattr(group, self.name)
        return value

    def check(self, raw: object) -> Value:
        """Return the value of what a TOML file holds; `SettingsError` names what is allowed."""
        try:
            return self.rule.check(raw)
        except InvalidValue:
            raise SettingsError(self._refusal(raw)) from None

    def parse(self, text: str) -> Value:
        """Return the value of what was typed; `SettingsError` names what is allowed."""
        try:
            return self.rule.parse(text)
        except InvalidValue:
            raise SettingsError(self._refusal(text)) from None

    def without_secrets(self, raw: object) -> object:
        """Return a value of it, be it allowed or not, without the secrets that an address may hold."""
        if not (isinstance(self.rule, Address) and isinstance(raw, str)):
            return raw
        from tui_chat.redaction import redacted_address

        return redacted_address(raw)

    def _refusal(self, raw: object) -> str:
        return f"{self.key} = {shown(self.without_secrets(raw))} is not allowed ({self.allowed})."


def _settings(group: str) -> Iterator[Setting]:
    """Yield the settings of a table of the file, in its order."""
    area = _area(group)
    if area is schema.Keys:
        from tui_chat.settings.actions import KEYS

        yield from (Setting("keys", action.name, action.keys, KeyRule()) for action in KEYS.values())
        return
    hints = get_type_hints(area, include_extras=True)
    defaults = area()
    for name in (item.name for item in fields(area) if get_origin(hints[item.name]) is not Mapping):
        yield Setting(group, name, getattr(defaults, name), _rule(hints[name]))


def _area(group: str) -> type[Any]:
    area: type[Any] = getattr(schema, Settings.__annotations__[group])
    return area


def _rule(hint: Any) -> ValueRule:
    if hint is bool:
        return Switch()
    if get_origin(hint) is Literal:
        return Choice(get_args(hint))
    rule: ValueRule = get_args(hint)[1]
    return rule


GROUPS: tuple[str, ...] = tuple(item.name for item in fields(Settings))
"""The tables of the file, in their order."""


class _Schema(Mapping[str, Setting]):
    """Every setting by its key; those of a table are made when one of them is asked for."""

    def __getitem__(self, key: str) -> Setting:
        return settings_of(key.partition(".")[0])[key]

    def __iter__(self) -> Iterator[str]:
        return (key for group in GROUPS for key in settings_of(group))

    def __len__(self) -> int:
        return sum(len(settings_of(group)) for group in GROUPS)


@cache
def settings_of(group: str) -> Mapping[str, Setting]:
    """Return the settings of a table of the file by their keys; of an unknown one there are none."""
    return {setting.key: setting for setting in _settings(group)} if group in GROUPS else {}


SCHEMA: Mapping[str, Setting] = _Schema()
"""Every setting by its key, in the order of the file."""


def describe(key: str) -> Setting:
    """Return the setting of this key; `SettingsError` names the nearest one if there is none."""
    if setting := SCHEMA.get(key):
        return setting
    near = next((known for known in SCHEMA if known.endswith(f".{key}")), None) or nearest(key, SCHEMA)
    hint = f"did you mean {near}?" if near else "`tui-chat config show` lists all."
    raise SettingsError(f"There is no setting {shown(key)}; {hint}")


def describe_group(group: str) -> str:
    """Return the description of a table of the file, in a sentence or two."""
    return " ".join((_area(group).__doc__ or "").split())


@cache
def _descriptions(group: str) -> Mapping[str, str]:
    """Return the docstring under each field, read from the source when one is asked for."""
    import ast
    import inspect

    try:
        (area,) = ast.parse(inspect.getsource(_area(group))).body
    except OSError:  # a program packed without its source has no descriptions
        return {}
    assert isinstance(area, ast.ClassDef)
    texts: dict[str, str] = {}
    for item, after in zip(area.body, area.body[1:], strict=False):
        match item, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                texts[name] = " ".join(text.split())
    return texts


def parse_value(key: str, text: str) -> Value:
    """Return the value that was typed for a setting."""
    return describe(key).parse(text)


def with_values(settings: Settings, values: Mapping[str, Value]) -> Settings:
    """Return the settings with some values replaced, by their keys."""
    for key, value in values.items():
        setting = describe(key)
        group = getattr(settings, setting.group)
        if setting.group == "keys":
            changed = replace(group, changed={**group.changed, setting.name: str(value)})
        else:
            changed = replace(group, **{setting.name: value})
        settings = replace(settings, **{setting.group: changed})
    return settings


def with_servers(settings: Settings, servers: Mapping[str, McpServer]) -> Settings:
    """Return the settings with these MCP servers."""
    return replace(settings, mcp=replace(settings.mcp, servers=servers)) if servers else settings
