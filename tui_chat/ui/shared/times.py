"""Times as one says them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def ago(then: datetime, now: datetime) -> str:
    """Return the time since something, in as few words as tell it apart; days are the user's own."""
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
    return _DAYS[then.weekday()] if days < 7 else day_name(then, now)


def time_of_day(then: datetime, now: datetime) -> str:
    """Return a time by the user's own clock; with the day, unless that is today."""
    then, now = then.astimezone(), now.astimezone()
    clock = f"{then.hour:02}:{then.minute:02}"
    return clock if then.date() == now.date() else f"{day_name(then, now)} {clock}"


def day_name(day: date, today: date) -> str:
    """Return a day, with its year if that is another."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def month_name(day: date) -> str:
    """Return the month of a day."""
    return f"{_MONTHS[day.month - 1]} {day.year}"
