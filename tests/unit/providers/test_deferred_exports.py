"""A package whose exports wait is what it was: it has the same names, and they are the same objects."""

from __future__ import annotations

import importlib
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tui_chat.providers.deferred_exports import defer_exports

COMPARE = """
import gc, importlib, importlib.util, sys, warnings
from importlib.machinery import SourceFileLoader
from tui_chat.providers.deferred_exports import defer_exports

def deferring():
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == sdk]
    ours = defer_exports.__module__
    return [module for module in modules if getattr(vars(module).get("__getattr__"), "__module__", "") == ours]

def as_it_stands(package):
    loader, search = SourceFileLoader(package.__name__, package.__file__), list(package.__path__)
    spec = importlib.util.spec_from_file_location(package.__name__, loader=loader, submodule_search_locations=search)
    copy = importlib.util.module_from_spec(spec)
    loader.exec_module(copy)
    return vars(copy)

def compare(package):
    for name, value in as_it_stands(package).items():
        if name.isidentifier() and not name.startswith("__"):
            submodule = sys.modules.get(f"{package.__name__}.{name}")
            assert getattr(package, name) is (submodule or value) and name in dir(package), (package, name)
    assert getattr(package, "__all__", None) == vars(package).get("__all__"), package

gc.disable()
warnings.simplefilter("ignore")
sdk, compared = sys.argv[1], set()
defer_exports(sdk)
importlib.import_module(sdk)
at_first = len(sys.modules)
while packages := set(deferring()) - compared:
    for package in packages:
        compare(package)
    compared |= packages
print(len(compared), at_first, len(sys.modules))
"""


@pytest.mark.parametrize("sdk", ["anthropic", "openai"])
def test_what_an_sdk_exports_is_the_same(sdk: str) -> None:
    done = subprocess.run([sys.executable, "-c", COMPARE, sdk], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    compared, at_first, whole = map(int, done.stdout.split())
    assert compared > 10
    assert at_first < 0.6 * whole


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a package `toy` with two modules, whose `__init__` is yet to be written."""
    (tmp_path / "toy").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    (tmp_path / "toy/one.py").write_text("class One: pass\nclass Other: pass\nclass two: pass\n")
    (tmp_path / "toy/two.py").write_text("from .one import One as One\n")
    defer_exports("toy")
    yield tmp_path / "toy"
    for name in [name for name in sys.modules if name.partition(".")[0] == "toy"]:
        del sys.modules[name]


def import_toy(folder: Path, init: str) -> ModuleType:
    """Import the package, with this `__init__`."""
    (folder / "__init__.py").write_text(init)
    return importlib.import_module("toy")


def loaded() -> set[str]:
    """Return the modules of the package that are loaded."""
    return {name for name in sys.modules if name.startswith("toy.")}


def test_an_export_is_loaded_when_it_is_asked_for(folder: Path) -> None:
    init = '"""Toys."""\nfrom .one import One as One, Other as Another\n__all__ = ["One", "Another"]\n'
    toy = import_toy(folder, init)
    assert toy.__doc__ == "Toys."
    assert {"One", "Another", "__all__"} <= set(dir(toy))
    assert not loaded()
    assert toy.Another.__name__ == "Other"
    assert loaded() == {"toy.one"}
    assert isinstance(pickle.loads(pickle.dumps(toy.One())), toy.one.One)
    with pytest.raises(AttributeError, match="module 'toy' has no attribute 'Third'"):
        print(toy.Third)


def test_all_exports_can_be_asked_for_at_once(folder: Path) -> None:
    import_toy(folder, "from .one import Other as Another\nfrom .two import *\n")
    assert not loaded()
    names: dict[str, object] = {}
    exec("from toy import *", names)
    assert {"Another", "One"} <= names.keys()


def test_a_submodule_is_found_as_if_all_were_loaded(folder: Path) -> None:
    toy = import_toy(folder, "from .one import One as One\n")
    assert toy.two is sys.modules["toy.two"]


@pytest.mark.parametrize(
    "init",
    [
        "from .one import One\nclass Sub(One): pass",
        "from .one import One\ndef make() -> 'One': ...",
        "from .one import One\nOne = One",
        "from .one import One\n__all__ = ['One']\nfor name in __all__: globals()[name].__module__ = 'toy'",
        "from .one import One\ndef __getattr__(name: str): ...",
        "from .one import two",
        "from .one import *",
        "from .one import *\nfrom .two import One",
        "import toy.one",
        "try:\n    from .one import One\nexcept ImportError: ...",
    ],
)
def test_an_import_of_another_form_runs_as_it_stands(folder: Path, init: str) -> None:
    import_toy(folder, init)
    assert "toy.one" in loaded()


def test_threads_that_ask_at_once_get_one_object(folder: Path) -> None:
    toy = import_toy(folder, "from .slow import Slow as Slow\n")
    (folder / "slow.py").write_text("import threading\nthreading.Event().wait(0.05)\nclass Slow: pass\n")
    at_once, found = threading.Barrier(4), list[object]()

    def ask() -> None:
        at_once.wait()
        found.append(toy.Slow)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
