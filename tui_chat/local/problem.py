"""The error of the local model."""

from __future__ import annotations


class LocalProblem(Exception):
    """The reason why the local model cannot be had or run: one plain sentence that says what to do about it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
