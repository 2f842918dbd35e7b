"""The name of a model on the screen."""

from __future__ import annotations

from tui_chat.text import clean_line


def model_label(model: str) -> str:
    """Return a model's id as it is shown: of a file on a server's disk, its name alone."""
    path = model.replace("\\", "/")
    is_file = path.startswith("/") or path[1:3] == ":/" or path.lower().endswith(".gguf")
    name = path.rstrip("/").rpartition("/")[2] if is_file else model
    return clean_line(name[: -len(".gguf")] if name.lower().endswith(".gguf") else name)
