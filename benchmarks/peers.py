"""Other chat clients by the same measurements, as far as they are installed.

    python -m benchmarks.peers [--quick] [NAME ...]

Each is looked for on the PATH, started in a folder of its own with no settings of the user's, and pointed at a demo
server by ANTHROPIC_BASE_URL.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from benchmarks.scenarios import TUI_CHAT, Client, measure

KEY_END = "test-key"


def _claude_files(folder: Path, _url: str) -> None:
    """Answer what Claude Code asks at its first start: its looks, the key, and whether the folder is trusted."""
    about = {"hasCompletedOnboarding": True, "customApiKeyResponses": {"approved": [KEY_END], "rejected": []}}
    trusted = {"projects": {str(Path.cwd()): {"hasTrustDialogAccepted": True}}}
    (folder / ".claude.json").write_text(json.dumps(about | trusted))


PEERS = (
    Client(
        "claude",
        ("claude", "--model", "claude-sonnet-4-5"),
        "shortcuts",
        before="Please\n",
        environment=lambda folder: {"HOME": folder, "DISABLE_AUTOUPDATER": "1"},
        files=_claude_files,
    ),
)
UNKNOWN = ("codex", "pi", "vibe", "oterm", "elia", "parllama", "llm", "aichat", "toad", "opencode")
"""Clients that nobody has yet described here."""


def main() -> None:
    """Measure the program and its peers, and say which are left out."""
    sys.setswitchinterval(0.0005)
    wanted = [argument for argument in sys.argv[1:] if argument != "--quick"]
    for client in (TUI_CHAT, *PEERS):
        if wanted and client.name not in wanted:
            continue
        if shutil.which(client.command[0]) is None:
            print(f"{client.name}: not installed")
            continue
        measure(client, "--quick" in sys.argv[1:])
    for name in UNKNOWN:
        print(f"{name}: {'installed, but not described here' if shutil.which(name) else 'not installed'}")


if __name__ == "__main__":
    main()
