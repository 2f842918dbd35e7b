"""Dataclasses of our own do what those of the standard library do; each test runs with both."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import weakref
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from tui_chat import lazy_dataclasses
from tui_chat.records import dataclass

T = TypeVar("T")


@pytest.fixture(params=[dataclasses, lazy_dataclasses], ids=["standard", "ours"])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def _point(kind: Any, **parameters: bool) -> Any:
    @kind.dataclass(**parameters)
    class Point:
        SIDES: ClassVar[int] = 2

        x: int
        y: int = 0
        names: list[str] = kind.field(default_factory=list, compare=False)
        secret: str = kind.field(default="", repr=False)

        def __post_init__(self) -> None:
            self.names.append("made")

    return Point


@pytest.mark.parametrize("parameters", [{}, {"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}])
def test_instances_hold_compare_and_show_their_values(kind: Any, parameters: dict[str, bool]) -> None:
    point_class = _point(kind, **parameters)
    point = point_class(1, y=2, secret="s")
    assert repr(point).endswith("Point(x=1, y=2, names=['made'])")
    assert point == point_class(1, 2, ["other"], "s")
    assert point != point_class(1, 3, secret="s")
    assert point != (1, 2)
    assert point_class(1).names is not point_class(1).names
    assert (point_class.SIDES, point_class.__match_args__) == (2, ("x", "y", "names", "secret"))
    assert [item.name for item in kind.fields(point)] == ["x", "y", "names", "secret"]
    assert kind.asdict(point) == {"x": 1, "y": 2, "names": ["made"], "secret": "s"}
    assert kind.replace(point, x=5) == point_class(5, 2, secret="s")
    assert hasattr(point, "__dict__") is not parameters.get("slots", False)


def test_a_value_that_is_missing_is_told_by_its_name(kind: Any) -> None:
    point_class = _point(kind)
    for _ in range(2):
        with pytest.raises(TypeError, match=r"Point.__init__\(\) missing 1 required positional argument: 'x'"):
            point_class()


@pytest.mark.parametrize("before", [0, 100], ids=["a first instance", "a later one"])
def test_arguments_that_do_not_fit_are_refused(kind: Any, before: int) -> None:
    point_class = _point(kind)
    for _ in range(before):
        assert point_class(1, y=3) == point_class(1, 3)
    for positional, named in (((1, 2, [], "s", 5), {}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((), {"y": 1})):
        with pytest.raises(TypeError, match=r"Point.__init__\(\)"):
            point_class(*positional, **named)


@pytest.mark.parametrize("slots", [False, True])
def test_what_is_frozen_refuses_changes_and_can_be_a_key(kind: Any, slots: bool) -> None:
    point_class = _point(kind, frozen=True, slots=slots)
    point = point_class(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert hash(point) == hash(point_class(1))
    assert {point: 1}[point_class(1)] == 1


def test_only_what_is_frozen_has_a_hash_unless_it_compares_by_identity(kind: Any) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(_point(kind)(1))
    by_identity = _point(kind, eq=False)
    assert by_identity(1) != by_identity(1)
    assert hash(by_identity(1))


def test_methods_of_the_class_are_kept(kind: Any) -> None:
    @kind.dataclass(frozen=True)
    class Name:
        text: str
        hidden: int = kind.field(default=0, hash=False)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Name) and self.text.lower() == other.text.lower()

        def __hash__(self) -> int:
            return hash(self.text.lower())

        def __repr__(self) -> str:
            return self.text

    name: Any = Name
    assert {name("A"): 1}[name("a", 2)] == 1
    assert repr(name("A")) == "A"


def test_a_subclass_adds_fields_after_those_of_its_base(kind: Any) -> None:
    @kind.dataclass(frozen=True, slots=True)
    class Base(Generic[T]):
        value: T
        size: int = 1

    @kind.dataclass(frozen=True, slots=True)
    class Derived(Base[str]):
        more: tuple[int, ...] = ()

    base_class: Any = Base
    derived_class: Any = Derived
    derived = derived_class("a", more=(1,))
    assert (derived.value, derived.size, derived.more) == ("a", 1, (1,))
    assert derived != base_class("a")
    assert kind.replace(derived, value="b") == derived_class("b", 1, (1,))
    assert repr(derived).endswith("Derived(value='a', size=1, more=(1,))")


def test_a_weak_reference_is_possible_where_a_slot_is_left_for_it(kind: Any) -> None:
    @kind.dataclass(frozen=True, slots=True, weakref_slot=True)
    class File:
        name: str

    file_class: Any = File
    file = file_class("a")
    assert weakref.ref(file)() is file


@dataclass(frozen=True, slots=True)
class Pickled:
    """At the top of the module, where pickle can find it."""

    name: str
    inner: Any = None


def test_what_is_frozen_can_be_copied() -> None:
    value = Pickled("a", Pickled("b"))
    assert copy.copy(value) == copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value


def test_the_functions_of_the_standard_library_take_ours_and_ours_take_its_own() -> None:
    ours, theirs = _point(lazy_dataclasses)(1), _point(dataclasses)(1)
    assert dataclasses.replace(ours, x=2).x == lazy_dataclasses.replace(theirs, x=2).x == 2
    assert dataclasses.asdict(ours) == lazy_dataclasses.asdict(theirs)
    assert [item.name for item in dataclasses.fields(ours)] == [item.name for item in lazy_dataclasses.fields(theirs)]
    assert dataclasses.is_dataclass(ours)


def test_values_in_values_become_plain() -> None:
    value = Pickled("a", {"b": [Pickled("c"), (Pickled("d"),)]})
    assert lazy_dataclasses.asdict(value) == dataclasses.asdict(value)


def test_a_class_whose_base_is_a_dataclass_of_the_standard_library_is_refused() -> None:
    class Derived(_point(dataclasses)):  # type: ignore[misc]  # the class is made by the test
        more: int = 0

    with pytest.raises(TypeError, match="Derived derives from Point"):
        lazy_dataclasses.dataclass(Derived)
