"""A real small model on this machine, no key: its weights, and the server that runs it in a process of its own."""

from tui_chat.local.problem import LocalProblem
from tui_chat.local.weights import SMOLLM2, Weights

__all__ = ["SMOLLM2", "LocalProblem", "Weights"]
