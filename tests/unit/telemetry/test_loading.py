"""Telemetry costs nothing while it is off."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENCE_S

REPORT = """
import contextlib, io, json, sys
from tui_chat.__main__ import main
with contextlib.redirect_stdout(io.StringIO()):
    main(["ask", "--demo", "hello"])
print(json.dumps(sorted(sys.modules)))
"""


def test_the_sdk_is_not_imported_unless_a_collector_is_set(tmp_path: Path) -> None:
    environment = {"TUI_CHAT_DATA_DIR": str(tmp_path / "data"), "TUI_CHAT_CONFIG_DIR": str(tmp_path / "config")}
    done = subprocess.run(
        [sys.executable, "-c", REPORT], env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )
    loaded = set(json.loads(done.stdout))
    assert "tui_chat.telemetry" in loaded
    assert not loaded & {"opentelemetry.sdk", "opentelemetry.exporter", "requests", "tui_chat.telemetry.otlp"}
