"""Packages of an SDK that import what they export when it is first asked for.

The `__init__` of such a package is a list of hundreds of `from .message import Message as Message`, and who asks for
one of these names has them all loaded: the types, resources and clients of everything that the vendor offers. Python's
answer is a module's `__getattr__` (PEP 562), and from 3.15 on any import can wait (PEP 810). `defer_exports` gives one
to the packages of an SDK, made from the source of their `__init__`: the same names for the same objects, loaded when
they are used.

Nothing is known of any version of an SDK: an import waits only where nothing else in its `__init__` may mean what it
brings, and all else runs as it stands.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec, resolve_name
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

_ALL = "__all__"


def defer_exports(sdk: str) -> None:
    """Have the packages of an SDK load what they export when it is asked for, unless the SDK is loaded by now."""
    if not any(isinstance(finder, _Finder) and finder.sdk == sdk for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(sdk))


class _Finder:
    """Finds the modules of an SDK where they always are, and has its packages loaded as this module does."""

    def __init__(self, sdk: str) -> None:
        self.sdk = sdk

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a module of the SDK is loaded, None for any other."""
        if name.partition(".")[0] != self.sdk:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.submodule_search_locations is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _PackageLoader(spec.loader.name, spec.loader.path)
        return spec


class _PackageLoader(SourceFileLoader):
    """Loads a package, but for what it only exports."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the `__init__` without the imports that can wait."""
        submodules = {path.name.partition(".")[0] for path in Path(self.path).parent.iterdir()}
        waiting, rest = _divided(_statements(self), module.__name__, submodules)
        if not waiting:
            super().exec_module(module)  # from its compiled file
            return
        vars(module).update(__getattr__=_getattr(module, waiting), __dir__=lambda: sorted({*vars(module), *waiting}))
        exec(compile(ast.Module(rest, []), self.path, "exec"), vars(module))


class _Export(NamedTuple):
    """A name that a package has from a module, which is found `level` packages up, as in `from .module import name`."""

    level: int
    module: str
    name: str

    def load(self, package: ModuleType) -> object:
        """Return what the import would bring."""
        found = __import__(self.module, vars(package), None, [self.name], self.level)
        value: object = getattr(found, self.name)
        return value


def _getattr(package: ModuleType, exports: Mapping[str, _Export]) -> Callable[[str], object]:
    """Return the `__getattr__` of a package.

    Two threads that ask for a name at once get one object: a module is loaded once, under a lock of its own.
    """

    def load(name: str) -> object:
        if name in exports:
            value = exports[name].load(package)
            setattr(package, name, value)
            return value
        if name == _ALL:  # `from package import *` asks for it, and then takes what is there
            for each in exports:
                getattr(package, each)
        elif not name.startswith("__") and find_spec(f"{package.__name__}.{name}"):
            return import_module(f"{package.__name__}.{name}")  # it would be there, had all been loaded
        raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}")

    return load


def _divided(body: Sequence[ast.stmt], package: str, submodules: set[str]) -> tuple[dict[str, _Export], list[ast.stmt]]:
    """Return what an `__init__` imports only to export it, and the other statements."""
    offers = [_exports(statement, package) for statement in body]
    others = [statement for statement, exports in zip(body, offers, strict=True) if not exports]
    named = _named(statement for statement in others if not _lists_exports(statement))
    if named & {"*", "__getattr__", "__dir__"}:  # it exports what cannot be told, or has its own way
        return {}, list(body)
    if _ALL in named:
        named |= _named(others)
    named |= submodules  # a submodule is put under its name whenever it is loaded
    waiting: dict[str, _Export] = {}
    rest = []
    for statement, exports in zip(body, offers, strict=True):
        if exports and named.isdisjoint(exports):
            waiting |= exports
        else:
            rest.append(statement)
    return waiting, rest


def _exports(statement: ast.stmt, package: str) -> dict[str, _Export]:
    """Return what a statement imports from the package's own modules; nothing where that cannot be told."""
    match statement:
        case ast.ImportFrom(module=str(module), names=[ast.alias("*")], level=1 as level):
            names = _starred(resolve_name(f".{module}", package))
            return {name: _Export(level, module, name) for name in names}
        case ast.ImportFrom(module=str(module), names=names, level=level) if level:
            return {alias.asname or alias.name: _Export(level, module, alias.name) for alias in names}
    return {}


def _starred(module: str) -> Sequence[str]:
    """Return what `from module import *` brings; nothing where that cannot be told without loading it."""
    spec = find_spec(module)
    if spec is None or not isinstance(spec.loader, SourceFileLoader):
        return []
    bound = []
    for statement in _statements(spec.loader):
        match statement:
            case ast.Assign([ast.Name("__all__")], ast.List() as listed):
                return [str(name) for name in ast.literal_eval(listed)]
            case ast.ImportFrom(names=names) if names[0].name != "*":
                bound += [alias.asname or alias.name for alias in names]
            case ast.AnnAssign(ast.Name(name)):
                bound.append(name)
            case ast.Expr(ast.Constant()):
                pass
            case _:
                return []
    return [name for name in bound if not name.startswith("_")]


def _statements(loader: SourceFileLoader) -> Sequence[ast.stmt]:
    return ast.parse(loader.get_data(loader.path)).body


def _lists_exports(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign([ast.Name("__all__")]) | ast.AugAssign(ast.Name("__all__")):
            return True
    return False


def _named(statements: Iterable[ast.stmt]) -> set[str]:
    """Return each name in some statements, and each string, which may mean one."""
    return {_names(node) for statement in statements for node in ast.walk(statement)} - {""}


def _names(node: ast.AST) -> str:
    match node:
        case ast.Name(name) | ast.Constant(str(name)) | ast.alias(_, str(name)) | ast.alias(name):
            return name
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return name
    return ""
