"""An engine of the local model that needs no model."""

from __future__ import annotations

from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[1] / "data" / "engine"
WEIGHTS = "weights of a model"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is found in the engine's place, here and in the processes that are started."""
    monkeypatch.syspath_prepend(ENGINE)
    monkeypatch.setenv("PYTHONPATH", str(ENGINE))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A file that this engine takes for a model."""
    path = tmp_path / "small.gguf"
    path.write_text(WEIGHTS)
    return path
