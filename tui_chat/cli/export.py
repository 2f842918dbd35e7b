"""The files that `tui-chat history export` writes, and `tui-chat history import` reads."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tui_chat.atomic_files import write_atomically
from tui_chat.chat.message import Conversation
from tui_chat.cli.output import Complaint, agreed, as_json, note, put, put_json
from tui_chat.cli.parser import Parser
from tui_chat.storage import Store
from tui_chat.text import clean, reading
from tui_chat.text.limits import LARGEST_IMPORT_BYTES

FORMATS = ("json", "markdown", "html", "text")


def add_export_options(command: Parser) -> None:
    """Add the arguments of `history export`."""
    command.add_argument("id", metavar="ID", nargs="*", help="the conversations")
    command.add_argument("--all", action="store_true", help="all conversations")
    command.add_argument(
        "--format",
        metavar="FORMAT",
        choices=FORMATS,
        default="json",
        help="json (the default), markdown, html or text",
    )
    command.add_argument(
        "-o", "--output", metavar="FILE", help="write a file; JSON to a .zip keeps the attached files beside it"
    )
    command.add_argument("--thinking", action="store_true", help="with the thinking; JSON always has it")
    command.add_argument("-y", "--yes", action="store_true", help="overwrite the file without asking")


def export_conversations(store: Store, ids: list[str], args: argparse.Namespace) -> int:
    """Print conversations, or write them to the file that the arguments name."""
    if args.output is not None:
        return _write(Path(args.output).expanduser(), store, ids, args)
    if args.format == "json":
        put_json(_json(store, ids))
    else:
        text = _text(store, ids, args)
        put(clean(text) if sys.stdout.isatty() else text)
    return 0


def exported_conversations(source: IO[bytes], name: str) -> Iterator[object]:
    """Yield the conversations of an export, as JSON or a zip; `Complaint` says what is wrong with it."""
    start = source.read(4)
    if start.startswith(b"PK"):
        yield from _from_archive(io.BytesIO(_rest(start, source, name)), name)
        return
    try:
        data = reading.parsed(_rest(start, source, name))
    except ValueError:
        raise Complaint(f"{name} is not JSON; `tui-chat history export ID` prints what can be imported.") from None
    several = reading.mapping(data).get("conversations")
    yield from several if isinstance(several, list) else [data]


def _from_archive(source: IO[bytes], name: str) -> Iterator[object]:
    from tui_chat.interchange.archive import read_archive

    try:
        yield from read_archive(source)
    except ValueError as error:
        raise Complaint(f"{name} cannot be imported. {error}") from None


def _rest(start: bytes, source: IO[bytes], name: str) -> bytes:
    content = start + source.read(LARGEST_IMPORT_BYTES + 1 - len(start))
    if len(content) > LARGEST_IMPORT_BYTES:
        raise Complaint(f"{name} is larger than {LARGEST_IMPORT_BYTES // 1_000_000} MB: no conversation is.")
    return content


def _json(store: Store, ids: list[str]) -> object:
    """Return one conversation as ever, and several in a list under `conversations`."""
    exports = [store.export(id) for id in ids]
    return exports[0] if len(exports) == 1 else {"format": "tui-chat", "version": 1, "conversations": exports}


def _text(store: Store, ids: list[str], args: argparse.Namespace) -> str:
    from tui_chat.interchange.html_page import as_html
    from tui_chat.interchange.markdown import as_markdown
    from tui_chat.interchange.plain_text import as_text

    conversations = list(_conversations(store, ids))
    if args.format == "html":
        return as_html(conversations, thinking=args.thinking)
    write = as_markdown if args.format == "markdown" else as_text
    return "\n\n".join(write(conversation, thinking=args.thinking) for conversation in conversations)


def _conversations(store: Store, ids: list[str]) -> Iterator[Conversation]:
    for id in ids:
        conversation = store.conversation(id)
        if conversation is not None:  # another process may have deleted it
            yield conversation


def _write(path: Path, store: Store, ids: list[str], args: argparse.Namespace) -> int:
    if path.exists() and not (args.yes or _may_overwrite(path)):
        note("Nothing was exported.")
        return 0
    if not path.parent.is_dir():
        raise Complaint(f"Nothing was exported: there is no folder {path.parent}.")
    content = _content(path, store, ids, args)
    try:
        write_atomically(path, content)
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror or error}.") from error
    note(f"Exported {len(ids):,} conversation{'' if len(ids) == 1 else 's'} to {path}.")
    return 0


def _content(path: Path, store: Store, ids: list[str], args: argparse.Namespace) -> bytes:
    if args.format != "json":
        return f"{_text(store, ids, args).rstrip()}\n".encode("utf-8", "replace")
    if path.suffix.lower() != ".zip":
        return f"{as_json(_json(store, ids), indent=2)}\n".encode()
    from tui_chat.interchange.archive import archived

    return archived((store.export(id) for id in ids), as_json)


def _may_overwrite(path: Path) -> bool:
    if not sys.stdin.isatty():
        raise Complaint(f"{path} is there already; --yes overwrites it.", 2)
    return agreed(f"{path} is there already. Overwrite it?")
