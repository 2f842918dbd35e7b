"""The meter of the context."""

from __future__ import annotations

import pytest

from tui_chat.program.request_estimate import RequestEstimate
from tui_chat.ui.chat.context_meter import meter, meter_style


@pytest.mark.parametrize(
    ("forecast", "forms"),
    [
        (
            RequestEstimate(68_000, exact=True, window=200_000),
            ("ctx 34%", "ctx ▕██░░░▏ 34%", "context ▕██░░░▏ 34% of 200k"),
        ),
        (RequestEstimate(68_000, window=200_000), ("ctx ~34%", "ctx ▕██░░░▏ ~34%", "context ▕██░░░▏ ~34% of 200k")),
        (RequestEstimate(5, window=1_000_000), ("ctx <1%", "ctx ▕░░░░░▏ <1%", "context ▕░░░░░▏ <1% of 1M")),
        (RequestEstimate(210_000, window=200_000), ("ctx ~105%", "ctx ▕█████▏ ~105%", "context ▕█████▏ ~105% of 200k")),
        (RequestEstimate(178_000, window=200_000), ("ctx ~89%", "ctx ▕████░▏ ~89%", "context ▕████░▏ ~89% of 200k")),
        (RequestEstimate(1_234), ("ctx ~1,234",)),
    ],
)
def test_it_says_how_full_the_context_is(forecast: RequestEstimate, forms: tuple[str, ...]) -> None:
    assert meter(forecast, plain=False) == forms


def test_it_can_be_drawn_in_ascii() -> None:
    assert all(form.isascii() for form in meter(RequestEstimate(68_000, window=200_000), plain=True))
    assert "[##---]" in meter(RequestEstimate(68_000, window=200_000), plain=True)[-1]


@pytest.mark.parametrize(
    ("share", "style"), [(0.5, ""), (0.8, "$text-warning"), (0.9, "$text-error"), (1.5, "$text-error")]
)
def test_its_colour_warns(share: float, style: str) -> None:
    assert meter_style(RequestEstimate(int(share * 1000), window=1000)) == style
