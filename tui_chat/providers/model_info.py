"""The facts that servers list about a model: no wire has a place for its context, so each has its own."""

from __future__ import annotations

from typing import Any

from tui_chat.text import reading

CONTEXT_FIELDS = ("max_model_len", "context_length", "context_window", "max_input_tokens")
"""The fields for a model's context size of vLLM, OpenRouter, others, and LiteLLM and Anthropic."""


def context_told(info: Any) -> int | None:
    """Return how large the context is that an entry of a list tells of; None where it does not."""
    meta = reading.mapping(getattr(info, "meta", None))  # llama.cpp's
    told = (*(getattr(info, field, None) for field in CONTEXT_FIELDS), meta.get("n_ctx"))
    return next(filter(None, map(reading.count, told)), None)


def limit_told(info: Any, field: str) -> int | None:
    """Return a limit of an entry; None where there is none, or none that makes sense."""
    return reading.count(getattr(info, field, None)) or None
