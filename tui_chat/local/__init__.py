"""A real small model on this machine, no key: its weights, and the server that runs it in a process of its own."""

from typing import TYPE_CHECKING

from tui_chat.lazy_exports import exported_from
from tui_chat.local.problem import LocalProblem
from tui_chat.local.weights import SMOLLM2, Weights

if TYPE_CHECKING:
    from tui_chat.local.server import LocalServer, OwnServer, engine_problem
else:
    __getattr__ = exported_from(__name__, {"server": ("LocalServer", "OwnServer", "engine_problem")})

__all__ = ["SMOLLM2", "LocalProblem", "LocalServer", "OwnServer", "Weights", "engine_problem"]
