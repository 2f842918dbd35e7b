"""The file that the results of an evaluation are written to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_chat.cli.output import Complaint
from tui_chat.cli.results_file import opened_results


def test_neither_a_pipe_nor_a_device_takes_results_that_are_read_again(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (Path(os.devnull), tmp_path / "pipe"):
        with pytest.raises(Complaint, match="is not a file"), opened_results(path, lambda _: None):
            pass
    with pytest.raises(Complaint, match="cannot be written"), opened_results(tmp_path, lambda _: None):
        pass
