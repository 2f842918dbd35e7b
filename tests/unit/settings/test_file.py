"""The settings file: saved at once and atomically, shared with editors and other processes, never spoilt."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.atomic_files import locked, write_atomically
from tui_chat.settings import SettingsError, SettingsFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of the settings file, which need not be there yet."""
    return tmp_path / "tui-chat" / "config.toml"


@pytest.fixture
def file(path: Path) -> SettingsFile:
    """A settings file that does not exist yet."""
    return SettingsFile(path)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Be a user whom the file system can refuse something, even where the tests run as root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def written(path: Path, text: str) -> SettingsFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return SettingsFile(path)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_a_missing_file_is_the_defaults_and_is_not_made_by_reading(file: SettingsFile) -> None:
    assert file.load().problems == ()
    assert file.get("streaming.mode") == "stream"
    assert not file.changed()
    assert not file.path.parent.exists()


def test_the_first_change_makes_a_file_that_explains_itself(file: SettingsFile) -> None:
    loaded = file.set("streaming.mode", "batch")
    assert loaded.settings.streaming.mode == "batch"
    text = file.path.read_text()
    assert '#mode = "stream"\nmode = "batch"\n' in text
    assert '# "stream" shows a reply as it is written' in text
    assert names(file.path.parent) == {"config.toml"}


def test_a_file_can_be_made_without_a_change(file: SettingsFile) -> None:
    assert not file.create().values
    made = file.path.read_bytes()
    file.create()
    assert file.path.read_bytes() == made


def test_a_change_is_saved_at_once_for_everybody(file: SettingsFile) -> None:
    file.set("streaming.frames_per_second", 60)
    file.set("provider.stop_sequences", ("a", "b"))
    file.set("provider.temperature", 0.5)
    file.set("keys.find", "F12")
    other = SettingsFile(file.path)
    assert other.get("streaming.frames_per_second") == 60
    assert other.get("provider.stop_sequences") == ("a", "b")
    assert other.get("provider.temperature") == 0.5
    assert other.get("keys.find") == "f12"


def test_unset_and_none_go_back_to_the_default(file: SettingsFile) -> None:
    file.set("provider.temperature", 0.5)
    file.set("streaming.mode", "batch")
    assert not file.set("provider.temperature", None).problems
    file.unset("streaming.mode")
    assert file.get("provider.temperature") is None
    assert file.get("streaming.mode") == "stream"
    assert not file.load().values


def test_reset_all_leaves_comments_and_unknown_keys(path: Path) -> None:
    text = "# mine\n[streaming]\nmode = 'batch' # why\nnew = 1\n[ui]\nascii = 'no'\n[other]\nx = 1\n"
    loaded = written(path, text).reset_all()
    assert not loaded.values
    assert path.read_text() == "# mine\n[streaming]\n# why\nnew = 1\n[ui]\n[other]\nx = 1\n"


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("streaming.frames_per_second", 900, "900 is not allowed (5 to 60)."),
        ("streaming.frame_per_second", 30, "did you mean streaming.frames_per_second?"),
        ("keys.find", "ctrl+t", "ctrl+t is already used for toggle_mode."),
        ("keys.find", "ctrl+z", "which needs it for typing."),
    ],
)
def test_what_is_not_allowed_is_not_saved(path: Path, key: str, value: int | str, sentence: str) -> None:
    file = written(path, "[ui]\n")
    with pytest.raises(SettingsError) as refused:
        file.set(key, value)
    assert str(refused.value).endswith(sentence)
    assert path.read_text() == "[ui]\n"


def test_a_value_that_is_wrong_in_the_file_can_be_put_right(path: Path) -> None:
    file = written(path, "[streaming]\nframes_per_second = 900 # fast\n")
    assert not file.set("streaming.frames_per_second", 60).problems
    assert path.read_text() == "[streaming]\nframes_per_second = 60 # fast\n"


@pytest.mark.parametrize("text", ["[streaming\n", "mode = batch", "\xff\xfe".encode("latin-1"), "a = 1\na = 2\n"])
def test_a_file_that_is_not_toml_is_never_overwritten(path: Path, text: str | bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = path.read_bytes()
    file = SettingsFile(path)
    changes = [
        lambda: file.set("streaming.mode", "batch"),
        lambda: file.unset("streaming.mode"),
        file.reset_all,
        file.create,
    ]
    for change in changes:
        with pytest.raises(
            SettingsError, match=r"config\.toml line \d+ is not TOML \(.*\); correct it first, nothing was"
        ):
            change()
    assert path.read_bytes() == before
    assert names(path.parent) == {"config.toml"}


def test_what_cannot_be_changed_by_itself_is_written_anew_beside_a_copy(path: Path) -> None:
    text = "# mine\nstreaming = 5\nother = 1\n"
    written(path, text).set("streaming.mode", "batch")
    assert tomllib.loads(path.read_text()) == {"streaming": {"mode": "batch"}, "other": 1}
    assert (path.parent / "config.toml.bak").read_text() == text


@pytest.mark.parametrize("depth", [100, 300, 400, 490])
def test_a_file_of_any_depth_is_changed_or_refused(path: Path, depth: int) -> None:
    text = f"[other]\nx = {'[' * depth}{']' * depth}\n"
    file = written(path, text)
    with contextlib.suppress(SettingsError):
        file.set("streaming.mode", "batch")
    assert path.read_text().startswith(text)


def test_byte_order_mark_and_line_ends_stay(path: Path) -> None:
    written(path, "\ufeff# hi\r\n[ui]\r\nascii = true\r\n").set("ui.motion", False)
    assert path.read_bytes().decode() == "\ufeff# hi\r\n[ui]\r\nascii = true\r\nmotion = false\r\n"


def test_a_change_made_in_an_editor_is_noticed(file: SettingsFile) -> None:
    file.set("streaming.mode", "batch")
    assert not file.changed()
    file.path.write_text("[streaming]\nmode = 'stream'\n")
    assert file.changed()
    assert file.load().settings.streaming.mode == "stream"
    assert not file.changed()
    file.path.unlink()
    assert file.changed()
    assert not file.load().values
    assert not file.changed()


def test_ones_own_change_is_not_news(file: SettingsFile) -> None:
    file.load()
    file.set("streaming.mode", "batch")
    assert not file.changed()


def test_only_the_user_may_read_a_new_file_and_a_file_keeps_its_mode(file: SettingsFile) -> None:
    file.set("streaming.mode", "batch")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    file.path.chmod(0o640)
    file.set("streaming.mode", "stream")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o640


def test_a_symlink_stays_one(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "chat.toml"
    written(real, "# mine\n")
    path.parent.mkdir()
    path.symlink_to(Path("..") / "dotfiles" / "chat.toml")
    SettingsFile(path).set("streaming.mode", "batch")
    assert path.is_symlink()
    assert real.read_text() == '# mine\n\n[streaming]\nmode = "batch"\n'
    assert names(real.parent) == {"chat.toml"}


def test_a_folder_or_a_device_in_the_files_place_is_a_sentence(path: Path) -> None:
    path.mkdir(parents=True)
    (problem,) = SettingsFile(path).load().problems
    assert "cannot be read (Is a directory); the defaults are used" in problem.message
    with pytest.raises(SettingsError, match=r"cannot be written \(Is a directory\)"):
        SettingsFile(path).set("streaming.mode", "batch")


def test_a_device_is_never_replaced(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to("/dev/null")
    assert not SettingsFile(path).load().problems
    with pytest.raises(SettingsError, match=r"cannot be written \(it is not an ordinary file\)"):
        SettingsFile(path).set("streaming.mode", "batch")
    assert Path("/dev/null").is_char_device()


def test_a_file_in_the_folders_place_is_a_sentence(path: Path) -> None:
    path.parent.write_text("")
    with pytest.raises(SettingsError, match=r"config\.toml cannot be written \(.+\)\."):
        SettingsFile(path).set("streaming.mode", "batch")


def test_a_read_only_folder_is_a_sentence_and_the_settings_are_still_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder) / "config.toml", "[streaming]\nmode = 'batch'\n")
        Path(folder).chmod(0o555)
        with as_nobody():
            assert file.get("streaming.mode") == "batch"
            with pytest.raises(SettingsError, match=r"config\.toml cannot be written \(Permission denied\)\."):
                file.set("streaming.mode", "stream")
        Path(folder).chmod(0o755)


def test_a_read_only_file_is_never_replaced() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder) / "config.toml", "[streaming]\nmode = 'batch'\n")
        file.path.chmod(0o444)
        Path(folder).chmod(0o777)
        with as_nobody(), pytest.raises(SettingsError, match=r"config\.toml cannot be written \(it is read-only\)\."):
            file.set("streaming.mode", "stream")
        assert file.get("streaming.mode") == "batch"


def test_a_full_disk_leaves_the_old_file_and_nothing_else(path: Path) -> None:
    written(path, "# mine\n")
    code = f"""
import resource
from pathlib import Path
from tui_chat.settings import SettingsError, SettingsFile
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    SettingsFile(Path({str(path)!r})).set("provider.system", "x" * 5000)
except SettingsError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{path} cannot be written (File too large).\n"
    assert path.read_text() == "# mine\n"
    assert names(path.parent) == {"config.toml"}


WRITER = """
import sys
from pathlib import Path
from tui_chat.settings import SettingsFile
file, keys = SettingsFile(Path(sys.argv[1])), sys.argv[2:]
for number in range(20):
    file.set(keys[number % len(keys)], 1000 + number)
"""


def writing(path: Path, *keys: str) -> subprocess.Popen[bytes]:
    """Return another process that changes these settings again and again."""
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path), *keys])


def test_two_processes_at_once_lose_nothing(path: Path) -> None:
    ones, others = ("streaming.simulate_rate", "provider.max_tokens"), ("history.retention_days",)
    writers = [writing(path, *ones), writing(path, *others)]
    assert [writer.wait(PATIENCE_S) for writer in writers] == [0, 0]
    loaded = SettingsFile(path).load()
    assert not loaded.problems
    assert loaded.values == dict(zip((*ones, *others), (1018, 1019, 1019), strict=True))
    assert names(path.parent) == {"config.toml"}


def test_a_reader_never_sees_half_a_file(file: SettingsFile) -> None:
    file.set("provider.max_tokens", 1000)
    with writing(file.path, "provider.max_tokens") as writer:
        while writer.poll() is None:
            loaded = file.load()
            assert not loaded.problems
            assert loaded.settings.provider.max_tokens >= 1000
    assert file.get("provider.max_tokens") == 1019


def test_two_threads_at_once_lose_nothing(path: Path) -> None:
    keys = ("streaming.simulate_rate", "provider.max_tokens", "history.retention_days")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda key: SettingsFile(path).set(key, 1234), keys))
    assert SettingsFile(path).load().values == dict.fromkeys(keys, 1234)


def test_a_writer_that_does_not_let_go_is_named(file: SettingsFile) -> None:
    with locked(file.path), pytest.raises(TimeoutError), locked(file.path, timeout_s=0.05):
        pass
    file.set("streaming.mode", "batch")


def test_what_is_written_atomically_can_be_read(tmp_path: Path) -> None:
    target = tmp_path / "new" / "file"
    write_atomically(target, b"one")
    write_atomically(target, b"two")
    assert target.read_bytes() == b"two"
    assert names(target.parent) == {"file"}
