"""`python -m tui_chat`, and the console script."""

from __future__ import annotations

import sys

from tui_chat import __version__


def main(argv: list[str] | None = None) -> int:
    """Run the program; answer --version before anything is loaded."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments == ["--version"]:
        sys.stdout.write(f"tui-chat {__version__}\n")
        return 0
    from tui_chat.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
