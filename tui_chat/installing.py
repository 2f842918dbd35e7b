"""The command that installs a package where this program is installed, which need not be where `pip` installs."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path


def installing(*packages: str) -> str:
    """Return the command that installs packages beside the program, with the tool that made its environment."""
    import shlex

    prefix = Path(sys.prefix)
    wanted = " ".join(map(shlex.quote, packages))
    if (prefix / "pipx_metadata.json").exists():
        return f"pipx inject {shlex.quote(prefix.name)} {wanted}"
    if (prefix / "uv-receipt.toml").exists():
        extras = " ".join(f"--with {shlex.quote(package)}" for package in packages)
        return f"uv tool install {extras} {shlex.quote(_source())}"
    python = shlex.quote(sys.executable)
    if find_spec("pip") is None:
        return f"uv pip install --python {python} {wanted}"
    activated = os.environ.get("VIRTUAL_ENV") == sys.prefix
    return f"{'' if activated else f'{python} -m '}pip install {wanted}"


def _source() -> str:
    """Return where the program was installed from; by its name alone a package index may have another one."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        origin = json.loads(distribution("tui-chat").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url") or "tui-chat")
    vcs = (origin.get("vcs_info") or {}).get("vcs")
    return f"{vcs}+{url}" if vcs else url
