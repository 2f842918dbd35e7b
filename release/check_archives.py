"""Checks what is in the archives: `python -m release.check_archives dist`."""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tui_chat"
SHARE = ROOT / "share"
IN_SDIST = (
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "SECURITY.md",
    "pyproject.toml",
    "hatch_build.py",
    "constraints.txt",
)
UNWANTED = re.compile(r"__pycache__|\.py[co]$|\.venv|\.git/|\.coverage|snapshot_report")
RELATIVE = re.compile(r"\]\((?!https?:|#|mailto:)[^)]*\)")


def problems(dist: Path) -> Iterator[str]:
    """Yield what is wrong with the archives in a folder."""
    wheels, sdists = list(dist.glob("*.whl")), list(dist.glob("*.tar.gz"))
    if len(wheels) != 1 or len(sdists) != 1:
        yield f"{dist} has {len(wheels)} wheels and {len(sdists)} source archives, not one of each"
        return
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = wheel.namelist()
        metadata = wheel.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
    yield from (f"the wheel lacks {name}" for name in _missing(names, _program_files(), _shared_files()))
    yield from (f"the wheel has {name}" for name in names if UNWANTED.search(name) or _is_foreign(name))
    yield from (
        f"a link of the README leads nowhere on the package page: {link}" for link in RELATIVE.findall(metadata)
    )
    with tarfile.open(sdists[0]) as sdist:
        inner = [name.partition("/")[2] for name in sdist.getnames()]
    yield from (f"the source archive lacks {name}" for name in _missing(inner, _program_files(), IN_SDIST))
    yield from (f"the source archive has {name}" for name in inner if UNWANTED.search(name))


def _program_files() -> Iterator[str]:
    """Yield every file of the program as it is in the repository."""
    files = (file for file in PACKAGE.rglob("*") if file.is_file() and not UNWANTED.search(str(file)))
    return (str(PurePosixPath(file.relative_to(ROOT))) for file in files)


def _shared_files() -> Iterator[str]:
    """Yield the files beside the program, such as the man page, by the ends of their names in a wheel."""
    return (f".data/data/share/{file.relative_to(SHARE)}" for file in SHARE.rglob("*") if file.is_file())


def _missing(names: Iterable[str], *wanted: Iterable[str]) -> list[str]:
    there = set(names)
    ends = {name[name.index(".data/") :] for name in there if ".data/" in name}
    return [name for group in wanted for name in group if name not in there | ends]


def _is_foreign(name: str) -> bool:
    return not re.match(r"tui_chat/|tui_chat-[^/]*\.(dist-info|data)/", name)


if __name__ == "__main__":
    found = list(problems(Path(sys.argv[1])))
    print(*found or ["The archives have what they should have."], sep="\n")
    sys.exit(bool(found))
