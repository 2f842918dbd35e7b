"""Providers of the palette's commands, each of which is imported when the palette opens, or a slash is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import TypeAlias

from textual.command import Provider

Source: TypeAlias = type[Provider] | Callable[[], type[Provider]]
"""A provider, or a function that imports it."""


def providers_in(package: str, names: Mapping[str, str]) -> set[Source]:
    """Return the providers of a package for the `COMMANDS` of an app or a screen; `names` has that of each module."""
    return {partial(_provider, f"{package}.{module}", name) for module, name in names.items()}


def imported(sources: Iterable[Source]) -> Iterator[type[Provider]]:
    """Yield the providers themselves."""
    for source in sources:
        yield source if isinstance(source, type) else source()


def _provider(module: str, name: str) -> type[Provider]:
    provider: type[Provider] = getattr(import_module(module), name)
    return provider
