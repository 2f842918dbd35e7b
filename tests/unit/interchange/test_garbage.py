"""Whatever a file of another program has in it, it is imported, or named in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.interchange.conftest import Importer
from tests.unit.interchange.samples import CHATGPT, CLAUDE, THOUGHT, elia_database, llm_database, oterm_database
from tui_chat.chat.request import turns_from
from tui_chat.interchange.importing import FORMATS
from tui_chat.storage import Store

KEYS = st.sampled_from(
    [
        *("uuid", "name", "chat_messages", "text", "content", "sender", "created_at", "parent_message_uuid", "files"),
        *("attachments", "extracted_content", "file_name", "type", "input", "mapping", "message", "parent", "author"),
        *("role", "parts", "content_type", "thoughts", "metadata", "current_node", "messages", "id", "title"),
    ]
)
LEAVES = (
    st.sampled_from(["human", "assistant", "user", "text", "tool_use", "thoughts", "code", "a", "b", "root", ""])
    | st.none()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=30
)
SAMPLES = (CLAUDE, CHATGPT, {"messages": [{"role": "user", "text": "x", "id": "a"}]}, THOUGHT)


@st.composite
def _spoilt(draw: st.DrawFn) -> Any:
    """A sample in which some values are others."""
    data = json.loads(json.dumps(draw(st.sampled_from(SAMPLES))))
    for _ in range(draw(st.integers(0, 4))):
        at: Any = data
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(at[key], dict | list) and draw(st.booleans()):
                at = at[key]
            else:
                at[key] = draw(VALUES)
                break
    return data


def _check(run_import: Importer, store: Store, file: Path, format: str) -> None:
    report = run_import(file, format=format)
    assert all(0 < len(sentence) <= 300 for sentence in report.problems)
    assert report.summary()
    for summary in store.conversations():
        conversation = store.conversation(summary.id)
        assert conversation is not None
        turns_from(conversation.messages)
        json.dumps(store.export(summary.id))
        store.delete(summary.id)


@given(data=st.lists(_spoilt() | VALUES, max_size=3), format=st.sampled_from(["", "claude", "chatgpt", "tui-chat"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_json_of_any_kind(data: Any, format: str, run_import: Importer, store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(json.dumps(data))
    _check(run_import, store, tmp_path / "file", format)


@given(which=st.integers(0, 2), places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(which=0, places=[(163100, 32)])  # a column has another name
@example(which=0, places=[(2757, 128)])  # a name in the schema is no UTF-8
@example(which=2, places=[(281944, 128)])  # nor is that of a column
def test_damaged_databases(
    which: int, places: list[tuple[int, int]], run_import: Importer, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.unlink(missing_ok=True)
    (llm_database, elia_database, oterm_database)[which](file)
    content = bytearray(file.read_bytes())
    for place, byte in places:
        content[16 + place % (len(content) - 16)] = byte
    file.write_bytes(content)
    _check(run_import, store, file, "")


@given(content=st.binary(max_size=300), format=st.sampled_from(["", *FORMATS]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_of_any_kind(content: bytes, format: str, run_import: Importer, store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    _check(run_import, store, tmp_path / "file", format)
