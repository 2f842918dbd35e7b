"""The deletion of conversations that have not been touched for long, if that is wanted and was agreed to."""

from __future__ import annotations

from concurrent.futures import wait
from datetime import timedelta

from tui_chat.chat.message import utc_now
from tui_chat.program.wiring import Program
from tui_chat.text.amounts import counted


class RetentionPolicy:
    """Applies history.retention_days; all of it takes a disk's time."""

    def __init__(self, program: Program) -> None:
        self._store = program.store
        self._days = program.settings.now.history.retention_days

    def question(self) -> str:
        """Return what is asked before anything is deleted the first time; "" if there is nothing to ask."""
        if not self._days:
            self._store.retention_agreement.withdraw()
        if not self._days or self._is_agreed:
            return ""
        old = self._store.retention.old(utc_now() - timedelta(self._days))
        if not old:
            return ""
        return (
            f"{counted(len(old), 'conversation')} did not change for {counted(self._days, 'day')}. "
            f"history.retention_days deletes {'it' if len(old) == 1 else 'them'} for good now, "
            "and others without asking when they get as old. "
            "Pinned ones are spared."
        )

    def agree(self) -> None:
        """Keep that the question was answered with yes: now and from now on."""
        self._store.retention_agreement.give(self._days)

    def apply(self) -> str:
        """Delete what has been kept for long enough, if that was agreed to; return how much that was, or ""."""
        if not self._days or not self._is_agreed:
            return ""
        removing = self._store.retention.remove(utc_now() - timedelta(self._days))
        wait([removing])
        count = 0 if removing.exception() else removing.result()  # the store has told what went wrong
        if not count:
            return ""
        gone, verb = counted(count, "conversation"), "was" if count == 1 else "were"
        return f"{gone} older than {counted(self._days, 'day')} {verb} deleted (history.retention_days)."

    @property
    def _is_agreed(self) -> bool:
        return self._store.retention_agreement.covers(self._days)
