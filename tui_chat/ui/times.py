"""Times as one says them."""

from __future__ import annotations

from datetime import datetime, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was, in as few words as tell it apart; days are the user's own."""
    then, now = then.astimezone(), now.astimezone()
    minutes = int((now - then) / timedelta(minutes=1))
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    days = (now.date() - then.date()).days
    if days == 0 or minutes < 6 * 60:
        return f"{minutes // 60} h ago"
    if days == 1:
        return "yesterday"
    if days < 7:
        return _DAYS[then.weekday()]
    year = "" if then.year == now.year else f" {then.year}"
    return f"{then.day} {_MONTHS[then.month - 1]}{year}"


def time_of_day(then: datetime, now: datetime) -> str:
    """When something was, by the user's own clock; with the day, unless that is today."""
    then, now = then.astimezone(), now.astimezone()
    clock = f"{then.hour:02}:{then.minute:02}"
    if then.date() == now.date():
        return clock
    year = "" if then.year == now.year else f" {then.year}"
    return f"{then.day} {_MONTHS[then.month - 1]}{year} {clock}"
