"""Adapters, each a thin and total map from a vendor's events and errors to ours; models and prices."""

from tui_chat.providers.config import ProviderConfig, key_problem, needs_key
from tui_chat.providers.registry import create_provider, default_model, preload

__all__ = ["ProviderConfig", "create_provider", "default_model", "key_problem", "needs_key", "preload"]
