"""A prompt that is in an editor when the program is ended comes back as the draft that the editor has saved."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import wait_until

SAVES_AND_STAYS = """
printf ' and more' >> "$1"
echo $$ > "$0.pid.new"
mv "$0.pid.new" "$0.pid"
exec sleep 300
"""


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Path]:
    """A script that saves what it adds, and stays open."""
    script = tmp_path / "editor"
    script.write_text(SAVES_AND_STAYS)
    yield script
    with suppress(ProcessLookupError):
        os.kill(int(Path(f"{script}.pid").read_text()), signal.SIGKILL)


@pytest.fixture
def surroundings(environment: Mapping[str, str], editor: Path, tmp_path: Path) -> Mapping[str, str]:
    (tmp_path / "tmp").mkdir()
    return {**environment, "VISUAL": f"sh '{editor}'", "TMPDIR": str(tmp_path / "tmp")}


@pytest.mark.parametrize(
    ("how", "typed"),
    [("SIGTERM", "a draft"), ("SIGHUP", ""), ("SIGKILL", "a draft"), ("SIGKILL", ""), ("terminal", "a draft")],
)
def test_it_comes_back(
    how: str, typed: str, surroundings: Mapping[str, str], editor: Path, warm: WarmProgram, tmp_path: Path
) -> None:
    with Terminal(["--model", "demo"], surroundings, warm) as terminal:
        terminal.wait_for("Ready")
        if typed:
            terminal.send(typed)
            terminal.wait_for(typed)
        terminal.send("\x07")
        wait_until(Path(f"{editor}.pid").exists, "the editor has saved")
        if how == "terminal":
            terminal.hang_up()
        else:
            os.kill(terminal.process.pid, signal.Signals[how])
        terminal.exit_code()
    with Terminal(["--model", "demo"], surroundings, warm) as terminal:
        terminal.wait_for(f"{typed} and more".strip())
        assert "a draft\n" not in terminal.text
    assert list((tmp_path / "data" / "editing").iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []
