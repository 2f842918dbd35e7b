"""A table that no screen has room for is shown as the text that it is."""

from __future__ import annotations

import pytest

from tui_chat.rendering import Look
from tui_chat.rendering.document import Document
from tui_chat.text.limits import MOST_COLUMNS


@pytest.mark.parametrize(("columns", "drawn"), [(MOST_COLUMNS, True), (MOST_COLUMNS + 1, False), (5_000, False)])
def test_a_table_has_only_so_many_columns(columns: int, drawn: bool) -> None:
    row = "|".join(["", *("x" for _ in range(columns)), ""])
    document = Document(400, Look.default(dark=True))
    document.append("\n".join([row, row.replace("x", "---"), row]))
    document.finish()
    shown = "\n".join(document.line(y).text for y in range(document.height))
    assert ("---" not in shown) == drawn
    assert shown.count("x") >= 2 * columns
