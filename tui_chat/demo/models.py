"""The models that the demo server offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_chat.demo.faults import Fault, parse_fault, parse_faults
from tui_chat.records import dataclass


@dataclass(frozen=True, slots=True)
class DemoModel:
    """A model: its names, and the faults and the speed that its replies always have."""

    id: str
    display_name: str
    adds: tuple[Fault, ...] = ()
    rate: float | None = None
    """Its own speed in tokens per second; None for the server's."""


MODELS = (
    DemoModel("demo", "Demo"),
    DemoModel("demo-thinking", "Demo, thinking first", adds=(parse_fault("thinking"),)),
    DemoModel("demo-tools", "Demo, calling a tool", adds=(parse_fault("tools"),)),
    DemoModel("demo-search", "Demo, searching the web", adds=(parse_fault("search"),)),
    DemoModel("demo-fast", "Demo, 500 tokens a second", rate=500.0),
)
_BY_ID = {model.id: model for model in MODELS}


def model_named(name: str) -> tuple[DemoModel, tuple[Fault, ...]]:
    """Return the model of a name such as `demo-thinking+reset@20`, and the faults in it.

    Any other name is a plain model too, so that a client can keep the name that it is set to.
    """
    id, _, faults = name.partition("+")
    return _BY_ID.get(id, MODELS[0]), parse_faults(faults)


def model_list() -> Mapping[str, Any]:
    """Return the body of `GET /v1/models`."""
    data = [_info(model) for model in MODELS]
    return {"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]}


def model_info(id: str) -> Mapping[str, Any] | None:
    """Return the body of `GET /v1/models/ID`."""
    return _info(_BY_ID[id]) if id in _BY_ID else None


def _info(model: DemoModel) -> dict[str, Any]:
    return {
        "type": "model",
        "id": model.id,
        "display_name": model.display_name,
        "created_at": "2026-01-01T00:00:00Z",
        "lifecycle": "active",
        "deprecated_at": None,
        "retires_at": None,
        "line": None,
        "max_input_tokens": 1_000_000,
        "max_tokens": 128_000,
        "capabilities": _capabilities(),
    }


def _capabilities() -> dict[str, Any]:
    yes, no = {"supported": True}, {"supported": False}
    return {
        "batch": no,
        "citations": yes,
        "code_execution": no,
        "context_management": no,
        "effort": {"supported": True, "low": yes, "medium": yes, "high": yes, "max": no},
        "image_input": yes,
        "pdf_input": yes,
        "server_tools": {"supported": True, "web_search": yes, "code_execution": no},
        "structured_outputs": no,
        "thinking": {
            "supported": True,
            "types": {"adaptive": yes, "between_tools": no, "disabled": yes, "enabled": yes},
        },
    }
