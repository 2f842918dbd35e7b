"""Code that the server ran, by its script, and the file that this made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_chat.demo.blocks import CallBlock, ContentBlock, TextBlock, WholeBlock
from tui_chat.demo.search import after_first_paragraph

_CALL = "srvtoolu_demo_02"
_COMMAND = "python -c 'print(sum(range(1, 11)))'"
_FILE_ID = "file_demo_01"
CONTENT = "number,square\n" + "".join(f"{number},{number * number}\n" for number in range(1, 11))
"""The file's own."""


def with_code_run(text: str) -> list[ContentBlock]:
    """Return code that runs after the first paragraph of a text."""
    head, rest = after_first_paragraph(text)
    outputs = [{"type": "bash_code_execution_output", "file_id": _FILE_ID}]
    result = {"type": "bash_code_execution_result", "stdout": "55\n", "stderr": "", "return_code": 0}
    return [
        TextBlock.of(head),
        CallBlock("server_tool_use", _CALL, "bash_code_execution", {"command": _COMMAND}),
        WholeBlock(
            {
                "type": "bash_code_execution_tool_result",
                "tool_use_id": _CALL,
                "content": {**result, "content": outputs},
            }
        ),
        *([TextBlock.of(rest)] if rest else []),
    ]


def file_about(id: str) -> Mapping[str, Any] | None:
    """Return what the API says of a file; None if there is no such file."""
    if id != _FILE_ID:
        return None
    return {
        "id": id,
        "type": "file",
        "filename": "squares.csv",
        "mime_type": "text/csv",
        "size_bytes": len(CONTENT),
        "created_at": "2026-01-01T00:00:00Z",
        "downloadable": True,
    }
