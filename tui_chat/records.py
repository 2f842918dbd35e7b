"""Dataclasses, as all of this package are: to a type checker those of the standard library, at run time cheaper ones.

Write `from tui_chat.records import dataclass` where you would write `from dataclasses import dataclass`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import asdict, dataclass, field, fields, replace
else:
    from tui_chat.lazy_dataclasses import asdict, dataclass, field, fields, replace

__all__ = ["asdict", "dataclass", "field", "fields", "replace"]
