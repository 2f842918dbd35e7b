"""Dataclasses whose constructors are compiled once many instances are made.

The standard library compiles six functions for each frozen class, which takes half a millisecond, and loads `inspect`
for that. The app has more than 200 such classes, and most runs make few instances of a few. These compile nothing when
they are defined. What is not used here is missing: fields out of the constructor, keywords only, order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

_FIELDS = "__lazy_fields__"
_MISSING: Any = object()
_FEW_INSTANCES = 32
"""Instances that are made without a compiled constructor: to compile one takes as long as to do without for these."""


class Field:
    """A field of a class."""

    __slots__ = ("compare", "default", "default_factory", "hash", "name", "repr")

    def __init__(self, default: Any, default_factory: Any, repr: bool, compare: bool, hash: bool | None) -> None:
        self.name = ""
        self.default, self.default_factory = default, default_factory
        self.repr, self.compare = repr, compare
        self.hash = compare if hash is None else hash


def field(
    *,
    default: Any = _MISSING,
    default_factory: Any = _MISSING,
    repr: bool = True,
    compare: bool = True,
    hash: bool | None = None,
) -> Any:
    """Return a field with more to it than a default."""
    return Field(default, default_factory, repr, compare, hash)


def dataclass(cls: Any = None, /, *, eq: bool = True, frozen: bool = False, **slots: bool) -> Any:
    """Make a dataclass of a class; the parameters are those of the standard library."""

    def define(cls: Any) -> Any:
        _refuse_other_bases(cls)
        own = _own_fields(cls)
        inherited = {name: item for base in cls.__mro__[:0:-1] for name, item in vars(base).get(_FIELDS, {}).items()}
        defined = _with_slots(cls, own, **slots) if slots.get("slots") else cls
        setattr(defined, _FIELDS, {**inherited, **own})
        _add_methods(defined, eq=eq, frozen=frozen)
        return defined

    return define if cls is None else define(cls)


def _refuse_other_bases(cls: type[Any]) -> None:
    """Raise TypeError for a class that derives from a dataclass of the standard library: those fields are not ours."""
    for base in cls.__mro__[1:]:
        if "__dataclass_fields__" in vars(base) and _FIELDS not in vars(base):
            raise TypeError(f"{cls.__name__} derives from {base.__name__}, so it takes `dataclass` from dataclasses")


def fields(of: Any) -> tuple[Any, ...]:
    """Return the fields of a class or of an instance, those of its bases first; it may be the standard library's."""
    known: Mapping[str, Field] | None = getattr(of, _FIELDS, None)
    if known is not None:
        return tuple(known.values())
    import dataclasses

    return dataclasses.fields(of)


def replace(instance: T, /, **changes: Any) -> T:
    """Return another instance with the same values but for these."""
    for item in fields(instance):
        if item.name not in changes:
            changes[item.name] = getattr(instance, item.name)
    return type(instance)(**changes)


def asdict(instance: Any) -> dict[str, Any]:
    """Return the values by the names of their fields, and so on for the dataclasses among them."""
    return {item.name: _as_plain(getattr(instance, item.name)) for item in fields(instance)}


def _as_plain(value: Any) -> Any:
    if hasattr(value, _FIELDS):
        return asdict(value)
    if isinstance(value, list | tuple):
        return type(value)(map(_as_plain, value))
    return {key: _as_plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _own_fields(cls: type[Any]) -> dict[str, Field]:
    """Return the fields that a class adds to those of its bases; leave their defaults to its instances to find."""
    own: dict[str, Field] = {}
    for name, hint in cls.__annotations__.items():
        if str(hint).startswith("ClassVar"):
            continue
        default = vars(cls).get(name, _MISSING)
        own[name] = item = default if isinstance(default, Field) else Field(default, _MISSING, True, True, None)
        item.name = name
        if item is default:
            if item.default is _MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, item.default)
    return own


def _with_slots(cls: Any, own: Mapping[str, Field], slots: bool, weakref_slot: bool = False) -> Any:
    """Return the class anew, with slots for its own fields: they cannot be added to one that is there."""
    content = {name: item for name, item in vars(cls).items() if name not in ("__dict__", "__weakref__", *own)}
    content["__slots__"] = (*own, "__weakref__") if slots and weakref_slot else tuple(own)
    again = type(cls)(cls.__name__, cls.__bases__, content)
    again.__qualname__ = cls.__qualname__
    return again


def _add_methods(cls: Any, *, eq: bool, frozen: bool) -> None:
    """Give a class the methods that it does not define itself."""
    known: Mapping[str, Field] = getattr(cls, _FIELDS)
    add = vars(cls).get
    setattr(cls, "__match_args__", tuple(known))  # noqa: B010 - a type checker knows better than to let it be assigned
    cls.__init__ = add("__init__") or _first_init(cls, frozen=frozen)
    cls.__repr__ = add("__repr__") or _repr
    if frozen:
        cls.__setattr__, cls.__delattr__ = _refused(cls, "assign to"), _refused(cls, "delete")
        cls.__setstate__ = add("__setstate__") or _restored
    if eq:
        own_hash = add("__hash__")
        cls.__eq__ = add("__eq__") or _eq([item.name for item in known.values() if item.compare])
        hashed = _hash([item.name for item in known.values() if item.hash]) if frozen else None
        cls.__hash__ = own_hash or hashed
    for name in ("__dataclass_fields__", "__dataclass_params__"):
        setattr(cls, name, _Standard(name))


def _first_init(cls: type[Any], *, frozen: bool) -> Callable[..., None]:
    """Return a constructor for a few instances, that then puts the compiled one into its place."""
    known: Mapping[str, Field] = getattr(cls, _FIELDS)
    assign = object.__setattr__ if frozen else setattr
    made = 0

    def init(self: Any, /, *args: Any, **kwargs: Any) -> None:
        nonlocal made
        made += 1
        values = _bound(known, args, kwargs) if made <= _FEW_INSTANCES else None
        if values is None:  # the compiled one says, too, what is wrong with the arguments
            cls.__init__ = compiled = _compiled_init(cls, frozen=frozen)
            compiled(self, *args, **kwargs)
            return
        for name, value in values.items():
            assign(self, name, value)
        if hasattr(cls, "__post_init__"):
            self.__post_init__()

    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _bound(known: Mapping[str, Field], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """Return the value of each field; None if the arguments are not those of the fields."""
    given = {**dict(zip(known, args, strict=False)), **kwargs}
    if len(given) < len(args) + len(kwargs) or not given.keys() <= known.keys():
        return None
    for name, item in known.items():
        if name in given:
            continue
        if item.default_factory is not _MISSING:
            given[name] = item.default_factory()
        elif item.default is not _MISSING:
            given[name] = item.default
        else:
            return None
    return given


def _compiled_init(cls: type[Any], *, frozen: bool) -> Callable[..., None]:
    known: Mapping[str, Field] = getattr(cls, _FIELDS)
    content: dict[str, Any] = {"__missing": _MISSING, "__set": object.__setattr__}
    lines: list[str] = []
    for name, item in known.items():
        content[f"__default_{name}"], content[f"__make_{name}"] = item.default, item.default_factory
        value = name if item.default_factory is _MISSING else f"__make_{name}() if {name} is __missing else {name}"
        lines.append(f"__set(__self, {name!r}, {value})" if frozen else f"__self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("__self.__post_init__()")
    parameters = ", ".join(["__self", "/", *map(_parameter, known.values())])
    # Of names that Python's own grammar has accepted, as the standard library does it.
    exec(f"def __init__({parameters}):\n " + "\n ".join(lines or ["pass"]), content)
    init: Callable[..., None] = content["__init__"]
    init.__qualname__, init.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    return init


def _parameter(item: Field) -> str:
    """Return a field as a parameter of the constructor."""
    if item.default_factory is not _MISSING:
        return f"{item.name}=__missing"
    return item.name if item.default is _MISSING else f"{item.name}=__default_{item.name}"


def _repr(self: Any) -> str:
    shown = (f"{item.name}={getattr(self, item.name)!r}" for item in fields(self) if item.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function that reads these attributes of an instance."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda instance: tuple(getattr(instance, name) for name in names)


def _eq(names: list[str]) -> Callable[[Any, object], bool]:
    values = _values(names)

    def eq(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return eq


def _hash(names: list[str]) -> Callable[[Any], int]:
    values = _values(names)
    return lambda self: hash(values(self))


def _refused(cls: type[Any], what: str) -> Callable[..., None]:
    """Return the method that refuses a change; a subclass may have attributes of its own."""

    def refuse(self: Any, name: str, *value: Any) -> None:
        if type(self) is cls or name in getattr(cls, _FIELDS):
            _refuse(f"cannot {what} field {name!r}")
        getattr(super(cls, self), "__setattr__" if value else "__delattr__")(name, *value)

    return refuse


def _refuse(sentence: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(sentence)


def _restored(self: Any, state: Any) -> None:
    """Take up what was copied or pickled; the usual way is by what is refused."""
    for part in state if isinstance(state, tuple) else (state,):
        for name, value in (part or {}).items():
            object.__setattr__(self, name, value)


class _Standard:
    """The attribute that the standard library's own functions look for in a dataclass, made when they do."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, _instance: object, cls: type[Any]) -> Any:
        import dataclasses

        def described() -> Iterator[tuple[str, Any, Any]]:
            for item in fields(cls):
                given = {"default": item.default, "default_factory": item.default_factory}
                known = {name: value for name, value in given.items() if value is not _MISSING}
                yield item.name, Any, dataclasses.field(**known, repr=item.repr, compare=item.compare, hash=item.hash)

        return getattr(dataclasses.make_dataclass(cls.__name__, described()), self._name)
