"""A document that nobody shows any more goes at once: garbage collections are too rare to wait for."""

from __future__ import annotations

import gc

from tests.unit.rendering.test_kept_lines import TEXT
from tui_chat.rendering import Look
from tui_chat.rendering.document import Document


def _show_and_leave() -> None:
    document = Document(80, Look.default(dark=True))
    document.append(
        f"{TEXT}\n[a link] and a note[^1], named before they are there\n\n[a link]: https://a.b\n[^1]: it\n"
    )
    document.finish()
    document.resize(40)
    assert [document.line(y) for y in range(document.height)]


def test_nothing_of_a_document_waits_for_a_garbage_collection() -> None:
    _show_and_leave()  # what is made once is made now
    gc.collect()
    gc.disable()
    try:
        _show_and_leave()
        assert gc.collect() == 0
    finally:
        gc.enable()
