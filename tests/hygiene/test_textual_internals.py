"""Private names of Textual's: all that the program uses are still there, and all of the use is in one room."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from textual.app import App
from textual.command import CommandPalette
from textual.css.styles import Styles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

import tui_chat
import tui_chat.ui

XTermParser = import_module("textual._xterm_parser").XTermParser

USED: dict[type, str] = {
    App: "_handle_exception _prune _driver _unnotify _batch_count _display _background_screens _check_bindings"
    " _start_widget _begin_batch _end_batch",
    Screen: "_compositor _dirty_widgets _on_timer_update",
    Widget: "_size_updated _size _container_size _repaint_regions _exchange_repaint_regions _anchored _anchor_released"
    " _styles_cache _set_dirty _dirty_regions _vertical_scrollbar _clear_arrangement_cache _layout_required"
    " _layout_updates _repaint_required _scroll_required _pruning",
    Message: "_stop_propagation",
    Worker: "_task",
    CommandPalette: "_GATHER_COMMANDS_GROUP _select_or_command",
    Stylesheet: "_variables _parse_cache _process_component_classes _EXCLUDE_PSEUDO_CLASSES_FROM_CACHE",
    DOMNode: "_PSEUDO_CLASSES _id _selector_names _has_hover_style _has_focus_within _has_order_style _has_odd_or_even"
    " _component_styles _get_component_classes _is_mounted",
    Styles: "_rules",
    LinuxDriver: "_app _auto_restart _debug _file _get_terminal_size _in_band_window_resize _must_signal_resume"
    " _run_input_thread _sigcont_application _sigtstp_application",
    WebDriver: "_app _debug _enable_bracketed_paste _enable_mouse_support _key_thread _on_meta"
    " _request_terminal_sync_mode_support _size _write",
    XTermParser: "_awaiting _gen _timeout_time _tokens",
}
"""The private names of Textual's that `ui/textual_internals` uses, and no other part of the program does."""
NAMES = {name for names in USED.values() for name in names.split()}
OWN = ("self", "cls")
"""The names that the other test looks at."""
INTERNALS = "tui_chat.ui.textual_internals"


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(tui_chat.ui.__path__, "tui_chat.ui."):
        yield import_module(found.name)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _is_stored(node: ast.Name | ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store)


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(import_module(module)))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


@cache
def _own_names(kind: type) -> frozenset[str]:
    """Return the private names that a class itself defines, in its body or on `self`."""
    tree = _classes(kind.__module__)[kind.__name__]
    assigned = [statement for statement in tree.body if isinstance(statement, ast.Assign | ast.AnnAssign)]
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    names |= {node.id for one in assigned for node in ast.walk(one) if isinstance(node, ast.Name) and _is_stored(node)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_stored(node)}
    return frozenset(name for name in names if _is_private(name))


def _names_of_textual(kind: type) -> set[str]:
    bases = [base for base in kind.__mro__ if base.__module__.split(".")[0] == "textual"]
    return set().union(*(_own_names(base) for base in bases if base.__name__ in _classes(base.__module__)))


def test_the_private_names_that_are_used_are_still_there() -> None:
    used = {owner: set(names.split()) for owner, names in USED.items()}
    assert {owner.__name__: names - _names_of_textual(owner) for owner, names in used.items()} == {
        owner.__name__: set() for owner in used
    }


def test_no_class_elsewhere_takes_a_private_name_of_its_textual_base() -> None:
    taken = [
        f"{module.__name__}: {kind.__name__}.{name}"
        for module in _modules()
        if not module.__name__.startswith(INTERNALS)
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__
        for name in _own_names(kind) & _names_of_textual(kind)
    ]
    assert taken == []


def test_no_other_module_reaches_for_a_private_name_of_textual() -> None:
    reached = []
    for path in Path(tui_chat.ui.__path__[0]).rglob("*.py"):
        if path.parent.name == INTERNALS.rpartition(".")[2]:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.ImportFrom(module=str(module)) if module.startswith("textual") and "._" in module:
                    reached.append(f"{path}:{node.lineno} {module}")
                case ast.Attribute(attr=name, value=value) if name in NAMES and ast.unparse(value) not in OWN:
                    reached.append(f"{path}:{node.lineno} {ast.unparse(node)}")
    assert reached == []


def test_no_watcher_is_a_coroutine() -> None:
    """Textual awaits none that is set off as its widget closes, and Python complains of it later, anywhere."""
    watchers = {
        f"{kind.__module__}.{kind.__name__}.{name}"
        for module in _modules()
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__
        for name in dir(kind)
        if name.startswith(("watch_", "_watch_")) and inspect.iscoroutinefunction(getattr(kind, name))
    }
    # A screen that closes sets no selection.
    assert {name for name in watchers if not name.endswith("._watch_selections")} == set()
