"""Amounts as they are written: money, tokens, stretches of time."""

from __future__ import annotations


def money(usd: float, *, estimated: bool = False) -> str:
    """Return an amount of US dollars; small ones keep the digits that matter."""
    amount = f"${usd:,.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}" if usd >= 0.0001 else "<$0.0001"
    return f"~{amount}" if estimated else amount


def tokens(count: int) -> str:
    """Return a number of tokens: exact while it is small, in thousands or millions when it is not."""
    if count < 10_000:
        return f"{count:,}"
    return f"{count // 1_000}k" if count < 1_000_000 else f"{count / 1_000_000:.1f}M".replace(".0M", "M")


def stretch(seconds: float) -> str:
    """Return a duration in seconds, minutes or hours."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def counted(count: int, what: str) -> str:
    """Return so many of something that has an ordinary plural."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
