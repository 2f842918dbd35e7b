"""The fill of the context, as a small bar with the figure beside it."""

from __future__ import annotations

from tui_chat.program.request_estimate import RequestEstimate
from tui_chat.program.send_checks import TOO_FULL
from tui_chat.text.amounts import tokens

CELLS = 5
NEARLY_FULL = 0.8
"""The share from which on the meter warns."""


def meter(forecast: RequestEstimate, *, plain: bool) -> tuple[str, ...]:
    """Return the forms of the meter, the shortest first; with `plain`, in ASCII."""
    about = "" if forecast.exact else "~"
    if forecast.share is None:
        return (f"ctx {about}{tokens(forecast.tokens)}",)
    percent = "<1%" if forecast.share < 0.01 else f"{about}{forecast.share * 100:.0f}%"
    drawn = f"{_bar(forecast.share, plain=plain)} {percent}"
    return f"ctx {percent}", f"ctx {drawn}", f"context {drawn} of {tokens(forecast.window or 0)}"


def meter_style(forecast: RequestEstimate) -> str:
    """Return the colour of the meter for the share in use."""
    share = forecast.share or 0.0
    return "$text-error" if share >= TOO_FULL else "$text-warning" if share >= NEARLY_FULL else ""


def _bar(share: float, *, plain: bool) -> str:
    most = CELLS if share >= TOO_FULL else CELLS - 1
    filled = min(round(share * CELLS), most)
    full, empty, left, right = ("#", "-", "[", "]") if plain else ("█", "░", "▕", "▏")
    return f"{left}{full * filled}{empty * (CELLS - filled)}{right}"
