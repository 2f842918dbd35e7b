"""Files of other programs, made here after their documentation and their sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.pictures import PNG

FIRST = "00000000-0000-4000-8000-000000000000"


def claude_message(id: str, sender: str, text: str, parent: str | None = FIRST, **more: Any) -> dict[str, Any]:
    """A message in claude.ai's export."""
    return {
        "uuid": id,
        "text": text,
        "content": [{"type": "text", "text": text, "citations": []}],
        "sender": sender,
        "created_at": f"2026-01-02T03:04:05.{sum(id.encode()):06}Z",
        "updated_at": "2026-01-02T03:04:05.123456Z",
        "attachments": [],
        "files": [],
        "parent_message_uuid": parent,
        **more,
    }


def claude_conversation(*messages: dict[str, Any], id: str = "c1", name: str = "The sky") -> dict[str, Any]:
    """A conversation in claude.ai's export."""
    return {
        "uuid": id,
        "name": name,
        "summary": "",
        "created_at": "2026-01-02T03:04:05.000000Z",
        "updated_at": "2026-01-03T03:04:05.000000Z",
        "account": {"uuid": "a1"},
        "chat_messages": list(messages),
    }


CLAUDE = claude_conversation(
    claude_message("m1", "human", "Why is the sky blue?"),
    claude_message("m2", "assistant", "Scattering.", "m1"),
    claude_message("m3", "assistant", "Rayleigh scattering.", "m1"),
    claude_message("m4", "human", "And red?", "m3"),
    claude_message("m5", "assistant", "A longer way.", "m4"),
)
"""A conversation of claude.ai whose first reply was asked for twice."""


def chatgpt_node(
    id: str,
    parent: str | None,
    role: str = "assistant",
    content: dict[str, Any] | str = "",
    **more: Any,
) -> dict[str, Any]:
    """A node in ChatGPT's export; text is the usual content."""
    content = {"content_type": "text", "parts": [content]} if isinstance(content, str) else content
    message = {
        "id": id,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": 1767323045.25,
        "content": content,
        "status": "finished_successfully",
        "weight": 1.0,
        "metadata": {"model_slug": "gpt-5"} if role == "assistant" else {},
        "recipient": "all",
        **more,
    }
    return {"id": id, "message": message, "parent": parent, "children": []}


def chatgpt_conversation(*nodes: dict[str, Any], leaf: str, id: str = "g1") -> dict[str, Any]:
    """A conversation in ChatGPT's export, below the node without a message that each begins with."""
    root: dict[str, Any] = {"id": "root", "message": None, "parent": None, "children": []}
    mapping = {node["id"]: node for node in (root, *nodes)}
    for node in nodes:
        mapping[node["parent"]]["children"].append(node["id"])
    return {
        "title": "The sky",
        "create_time": 1767323045.0,
        "update_time": 1767409445.0,
        "mapping": mapping,
        "current_node": leaf,
        "conversation_id": id,
        "default_model_slug": "gpt-5",
    }


THOUGHT = {"summary": "Hm", "content": "Light."}
CHATGPT = chatgpt_conversation(
    chatgpt_node("s", "root", "system", "", metadata={"is_visually_hidden_from_conversation": True}),
    chatgpt_node("m1", "s", "user", "Why is the sky blue?"),
    chatgpt_node("m2", "m1", "assistant", "Scattering."),
    chatgpt_node(
        "t1", "m1", content={"content_type": "thoughts", "thoughts": [{"summary": "Hm", "content": "Light."}]}
    ),
    chatgpt_node("t2", "t1", content={"content_type": "code", "language": "python", "text": "1+1"}, recipient="python"),
    chatgpt_node("t3", "t2", "tool", {"content_type": "execution_output", "text": "2"}),
    chatgpt_node("t4", "t3", content={"content_type": "reasoning_recap", "content": "Thought for 8s"}),
    chatgpt_node("m3", "t4", "assistant", "Rayleigh scattering."),
    leaf="m3",
)
"""A conversation of ChatGPT whose first reply was asked for twice, the second time with thinking and a tool."""

_LLM = """
CREATE TABLE [conversations] ([id] TEXT PRIMARY KEY, [name] TEXT, [model] TEXT);
CREATE TABLE [responses] (
   [id] TEXT PRIMARY KEY, [model] TEXT, [prompt] TEXT, [system] TEXT, [prompt_json] TEXT, [options_json] TEXT,
   [response] TEXT, [response_json] TEXT, [conversation_id] TEXT REFERENCES [conversations]([id]),
   [duration_ms] INTEGER, [datetime_utc] TEXT, [input_tokens] INTEGER, [output_tokens] INTEGER);
CREATE TABLE [attachments] ([id] TEXT PRIMARY KEY, [type] TEXT, [path] TEXT, [url] TEXT, [content] BLOB);
CREATE TABLE [prompt_attachments] ([response_id] TEXT, [attachment_id] TEXT, [order] INTEGER,
   PRIMARY KEY ([response_id], [attachment_id]));
CREATE TABLE [fragments] ([id] INTEGER PRIMARY KEY, [hash] TEXT, [content] TEXT, [datetime_utc] TEXT, [source] TEXT);
CREATE TABLE [prompt_fragments] ([response_id] TEXT, [fragment_id] INTEGER, [order] INTEGER,
   PRIMARY KEY ([response_id], [fragment_id], [order]));
CREATE TABLE [parts] ([id] INTEGER PRIMARY KEY, [response_id] TEXT, [direction] TEXT, [role] TEXT, [part_type] TEXT,
   [order] INTEGER, [content] TEXT, [content_json] TEXT, [tool_call_id] TEXT, [server_executed] INTEGER);
"""


def llm_database(path: Path) -> Path:
    """A `logs.db` of llm: one conversation of two prompts, with a system prompt, a picture, a fragment and thinking."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_LLM)
        connection.execute("INSERT INTO conversations VALUES ('01abc', 'The sky', 'gpt-5')")
        add = (
            "INSERT INTO responses (id, model, prompt, system, response, conversation_id, datetime_utc)"
            " VALUES (?, 'gpt-5', ?, 'Be brief.', ?, '01abc', ?)"
        )
        connection.execute(add, ("r2", "And red?", "A longer way.", "2026-01-02T03:05:05.123456+00:00"))
        connection.execute(add, ("r1", "Why is the sky blue?", "Scattering.", "2026-01-02T03:04:05.123456+00:00"))
        connection.execute("INSERT INTO attachments VALUES ('a1', 'image/png', 'sky/a.png', NULL, ?)", (PNG,))
        connection.execute("INSERT INTO attachments VALUES ('a2', 'image/png', NULL, 'https://s.example/b.png', NULL)")
        connection.execute("INSERT INTO prompt_attachments VALUES ('r1', 'a1', 0), ('r1', 'a2', 1)")
        connection.execute("INSERT INTO fragments VALUES (1, 'h', 'Light.', '2026-01-02', 'light.txt')")
        connection.execute("INSERT INTO prompt_fragments VALUES ('r1', 1, 0)")
        connection.execute(
            "INSERT INTO parts (response_id, direction, part_type, [order], content)"
            " VALUES ('r1', 'output', 'reasoning', 0, 'Hm.')"
        )
    return path


_ELIA = """
CREATE TABLE chat (
    id INTEGER PRIMARY KEY, model VARCHAR NOT NULL, title VARCHAR, started_at DATETIME, archived BOOLEAN);
CREATE TABLE message (id INTEGER PRIMARY KEY, chat_id INTEGER REFERENCES chat (id), role VARCHAR NOT NULL,
    content VARCHAR NOT NULL, timestamp DATETIME, meta JSON, parent_id INTEGER REFERENCES message (id), model VARCHAR);
"""


def elia_database(path: Path) -> Path:
    """A database of elia: a conversation that begins with a system prompt, and an empty one."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_ELIA)
        connection.execute("INSERT INTO chat VALUES (1, 'gpt-5', 'The sky', '2026-01-02 03:04:05.000000', 0)")
        connection.execute("INSERT INTO chat VALUES (2, 'gpt-5', NULL, '2026-01-02 03:04:05.000000', 0)")
        said = (("system", "Be brief."), ("user", "Why is the sky blue?"), ("assistant", "Scattering."))
        for role, text in said:
            connection.execute(
                "INSERT INTO message (chat_id, role, content, timestamp, meta, model)"
                " VALUES (1, ?, ?, '2026-01-02 03:04:05.000000', '{}', 'gpt-5')",
                (role, text),
            )
    return path


_OTERM = """
CREATE TABLE chat (id INTEGER, name TEXT, model TEXT NOT NULL, system TEXT, provider TEXT DEFAULT 'ollama',
    parameters TEXT DEFAULT '{}', tools TEXT DEFAULT '[]', thinking BOOLEAN DEFAULT 0, PRIMARY KEY(id AUTOINCREMENT));
CREATE TABLE message (id INTEGER, chat_id INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
    images TEXT DEFAULT '[]', PRIMARY KEY(id AUTOINCREMENT));
"""


def oterm_database(path: Path, said: Sequence[tuple[str, str]] = (("me", "Why?"), ("ollama", "Because."))) -> Path:
    """A `store.db` of oterm: one conversation with a system prompt."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            _OTERM.replace('DEFAULT "ollama"', "DEFAULT 'ollama'").replace('"{}"', "'{}'").replace('"[]"', "'[]'")
        )
        connection.execute("INSERT INTO chat (name, model, system) VALUES ('A talk', 'llama3', 'Be brief.')")
        for author, text in said:
            connection.execute("INSERT INTO message (chat_id, author, text) VALUES (1, ?, ?)", (author, text))
    return path


MARKDOWN = """\
# The sky

## You

Why is the sky blue?

## Claude (stopped)

Scattering:

```markdown
## You
```
"""


def markdown_file(path: Path) -> Path:
    """A conversation in Markdown, with code that looks like a heading."""
    path.write_text(MARKDOWN)
    return path
