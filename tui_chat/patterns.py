"""Regular expressions that are compiled when they are first used; to a type checker they are those of `re`.

Those of the modules that the app loads before its first paint would take 13 ms to compile, and most runs use a few.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:
        """A regular expression; only its methods and attributes are there, not what `re` does with a compiled one."""

        def __init__(self, *parameters: Any) -> None:
            self._parameters = parameters

        def __getattr__(self, name: str) -> Any:
            """Return a method that was not asked for before, and have it at hand from now on."""
            value = getattr(re.compile(*self._parameters), name)
            setattr(self, name, value)
            return value


__all__ = ["pattern"]
