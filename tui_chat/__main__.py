"""`python -m tui_chat`, and the console script."""

from __future__ import annotations

import os
import sys

from tui_chat import __version__


def main(argv: list[str] | None = None) -> int:
    """Run the program and end with its exit status; with arguments of the caller's, return it."""
    status = _run(sys.argv[1:] if argv is None else argv)
    if argv is None:
        # At once: all is written and closed, and Python would take far longer to tear the SDK down than Stop may take.
        os._exit(status)
    return status


def _run(arguments: list[str]) -> int:
    """Answer --version before anything is loaded; all else is the command line's."""
    try:
        if arguments == ["--version"] and sys.stdout is not None:
            sys.stdout.write(f"tui-chat {__version__}\n")
            sys.stdout.flush()
            return 0
        from tui_chat.cli.main import run

        return run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    main()
