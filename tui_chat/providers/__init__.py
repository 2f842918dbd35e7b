"""Adapters, each a thin and total map from a vendor's events and errors to ours; models and prices."""

from tui_chat.providers.anthropic_retirement import with_retirement
from tui_chat.providers.config import ProviderConfig, is_own_server, key_problem, needs_key, other_form, port_here
from tui_chat.providers.loading import in_daemon_thread
from tui_chat.providers.local_servers import FoundServer, find_servers, ollama_port
from tui_chat.providers.model_cache import ModelCache, ModelList
from tui_chat.providers.model_catalog import (
    PriceBook,
    abilities,
    has_web_search,
    is_claude,
    known_model,
    runs_code,
    takes_pictures,
)
from tui_chat.providers.registry import (
    create_batches,
    create_provider,
    default_model,
    preload,
    small_model,
    takes_batches,
    takes_prefill,
)

__all__ = [
    "FoundServer",
    "ModelCache",
    "ModelList",
    "PriceBook",
    "ProviderConfig",
    "abilities",
    "create_batches",
    "create_provider",
    "default_model",
    "find_servers",
    "has_web_search",
    "in_daemon_thread",
    "is_claude",
    "is_own_server",
    "key_problem",
    "known_model",
    "needs_key",
    "ollama_port",
    "other_form",
    "port_here",
    "preload",
    "runs_code",
    "small_model",
    "takes_batches",
    "takes_pictures",
    "takes_prefill",
    "with_retirement",
]
