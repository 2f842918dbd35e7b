"""The wait for a reply in sentences: each is said once, and none counts the seconds."""

from __future__ import annotations

import time

from tui_chat.streaming.phase import RUNNING, Phase, Step


class PhaseWords:
    """Says what is new about one reply's phases."""

    def __init__(self) -> None:
        self._waited = False

    def sentence(self, phase: Phase, speaker: str) -> str:
        """Return what there is to say of a phase; "" if nothing is."""
        if phase.step is Step.RETRYING and phase.until is not None and phase.error is not None:
            wait_s = max(round(phase.until - time.monotonic()), 1)
            why = phase.error.kind.headline
            return f"{why}. Retrying in {wait_s} s, {phase.attempt} of {phase.attempts}. Ctrl+C stops."
        if phase.notice and not phase.notice.startswith(RUNNING):  # of calls and their answers the reply itself tells
            return phase.notice if phase.notice.endswith(".") else f"{phase.notice[:1].upper()}{phase.notice[1:]}."
        if phase.step is Step.WAITING and not self._waited:
            self._waited = True
            return f"Waiting for {speaker}."
        return ""
