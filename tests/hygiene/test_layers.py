"""The layers of the program: arrows point one way."""

from __future__ import annotations

import subprocess
import sys


def test_imports_point_one_way() -> None:
    """The contracts are in pyproject.toml."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
