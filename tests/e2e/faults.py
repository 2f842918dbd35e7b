"""The rows of the table of faults that the demo server makes, and what must be true after each of them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from tests.waiting import wait_until
from tui_chat.chat.message import Message
from tui_chat.demo import script_for
from tui_chat.storage import Store

SETTINGS = """\
[streaming]
retry_attempts = 1
stall_timeout = 600.0
cursor_blink = false
"""
"""With few attempts, so that no row waits for longer than it must; a server on a busy machine has not stalled."""
STALLING = SETTINGS.replace("600.0", "2.0")
"""For a row that is about silence."""

ONE_RETRY = 2
NO_TEXT = ""


@dataclass(frozen=True)
class Row:
    """One fault, and what the user then sees."""

    fault: str
    """As the demo server takes it."""
    status: str = "complete"
    kind: str = ""
    """The kind of the failure; empty where there is none."""
    requests: int = 1
    """The number of requests to the provider."""
    says: tuple[str, ...] = ()
    """The words on the screen at the end, whatever its width."""
    meanwhile: str = ""
    """The status bar's words on the way, as a regular expression: a second of a countdown may be missed."""
    text: str | None = None
    """The stored text, where that is not the whole script."""
    batch: bool = False
    """True if the reply came in one piece, because streaming does not work."""
    stop_reason: str | None = "end_turn"
    settings: str = SETTINGS
    alike: bool = False
    """True if the app shows no more of it than it shows of another row: what becomes of the reply, `ask` tells."""
    timed: bool = False
    """True if it takes seconds: the app shows what becomes of it, and `ask` prints no more than of another row."""

    @property
    def name(self) -> str:
        """Its name in pytest."""
        return self.fault.replace(" ", "+")

    @property
    def prompt(self) -> str:
        """A prompt that orders the fault; its reply has prose, code and a table."""
        return f"/fault {self.fault}\nSome SQL about {self.name}"

    @property
    def script(self) -> str:
        """The reply if all went well. Half a character of UTF-16 is none, wherever it comes from."""
        return re.sub("[\ud800-\udfff]", "\ufffd", script_for(self.prompt))


def failed(
    fault: str,
    kind: str,
    *says: str,
    requests: int = 1,
    meanwhile: str = "",
    batch: bool = False,
    settings: str = SETTINGS,
) -> Row:
    """Return a fault that ends in a failure with nothing to keep; what is asked for after that goes well."""
    fault, says = f"{fault}x{requests}", ("failed", *says)
    return Row(fault, "failed", kind, requests, says, meanwhile, NO_TEXT, batch, stop_reason=None, settings=settings)


def retried(fault: str, meanwhile: str = "Retrying in", settings: str = SETTINGS) -> Row:
    """Return a fault that goes away at the second attempt."""
    return Row(fault, requests=ONE_RETRY, meanwhile=meanwhile, settings=settings)


def resumed(fault: str, settings: str = SETTINGS) -> Row:
    """Return a fault in the middle of a reply, after which its rest is asked for."""
    return Row(fault, requests=2, settings=settings)


def cut_short(fault: str, reason: str, *says: str) -> Row:
    """Return a reply that the model ends early, for a reason of its own."""
    return Row(fault, says=says, text="", stop_reason=reason)


def alike(row: Row) -> Row:
    """Return a row that differs from another in nothing that the app shows."""
    return replace(row, alike=True)


def timed(row: Row) -> Row:
    """Return a row that takes seconds, and differs from another in nothing that `ask` prints."""
    return replace(row, timed=True)


ROWS = (
    failed("401", "authentication", "Key rejected", "ANTHROPIC_API_KEY"),
    failed("403", "permission", "Not allowed", "check the account"),
    failed("404-model", "model_not_found", "No such model", "choose from"),
    failed("400", "invalid_request", "Request rejected", "then retry"),
    failed("413", "too_large", "Too large", "leave out the oldest"),
    failed("429", "rate_limited", "Rate limit reached", "wait a moment", requests=ONE_RETRY, meanwhile="Retrying in"),
    timed(retried("429-seconds@2x1", meanwhile=r"Retrying in [12] s \(1/1\)")),
    timed(retried("429-date@3x1")),
    failed("500", "server", "Provider failed", "retry in a moment", requests=ONE_RETRY, meanwhile="Retrying in"),
    alike(retried("500x1")),
    alike(failed("502", "server", "Provider failed", "retry in a moment", requests=ONE_RETRY)),
    failed("529", "overloaded", "Provider overloaded", "wait a moment", requests=ONE_RETRY),
    alike(retried("529x1")),
    timed(
        failed(
            *("silent", "stalled", "Reply stalled", "sent nothing for 2 s"),
            requests=ONE_RETRY,
            meanwhile="Waiting [01] s",
            settings=STALLING,
        )
    ),
    alike(retried("silentx1", settings=STALLING)),
    failed("302", "protocol", "Not a valid reply", "may be in the way; sign in", requests=2, batch=True),
    alike(Row("302x1", requests=2, batch=True)),
    failed("html", "protocol", "Not a valid reply", "may be in the way; sign in", requests=3, batch=True),
    Row("htmlx1", requests=2, batch=True),
    alike(Row("json-not-sse", requests=2, batch=True)),
    resumed("error@60"),
    alike(resumed("error-api@61")),
    resumed("reset@100"),
    timed(Row("reset@20x2 stall@25", requests=4, settings=STALLING)),
    failed("reset@2", "network", "No connection", "continue the reply", requests=ONE_RETRY, meanwhile="Retrying in"),
    alike(resumed("eof@62")),
    alike(resumed("cut@63")),
    timed(resumed("stall@64", settings=STALLING)),
    alike(resumed("badjson@200")),
    alike(resumed("badutf8@201")),
    resumed("reset@120 seam-repeat"),
    alike(resumed("reset@45 seam-restart")),
    alike(resumed("reset@32 seam-space")),
    alike(resumed("reset@33 seam-exact no-prefill")),
    timed(Row("pings@3", meanwhile="Waiting [12] s", settings=STALLING)),
    timed(Row("slow-start@3", meanwhile="Waiting [12] s")),
    Row("trickle"),
    alike(Row("split")),
    alike(Row("unknown")),
    alike(Row("order")),
    alike(Row("duplicate")),
    Row("thinking"),
    Row("redacted"),
    Row("tools", stop_reason="tool_use"),
    Row("search"),
    Row("empty", says=("empty reply",)),
    alike(Row("meta-only", says=("empty reply",))),
    Row("huge-token"),
    Row("flood@4000"),
    Row("long-line"),
    Row("deep@200"),
    Row("hostile"),
    alike(Row("usage-weird")),
    cut_short("max_tokens", "max_tokens", "cut at the token limit", "continue"),
    cut_short("refusal", "refusal", "refused", "The demo server was asked to refuse."),
    cut_short("pause_turn", "pause_turn", "paused", "continue"),
    cut_short("context-window", "model_context_window_exceeded", "context full"),
)


def stored_after(folder: Path, prompt: str, *, status: str = "") -> Message:
    """Return the newest reply to a prompt, as soon as it has ended, in this way if one is named."""

    def newest() -> tuple[str, str] | None:
        with closing(sqlite3.connect(f"file:{folder / 'tui-chat.db'}?mode=ro", uri=True)) as connection:
            found = connection.execute(_NEWEST_REPLY, (prompt,)).fetchone()
        ended = found and (found[2] == status if status else found[2] not in ("pending", "streaming"))
        return found[:2] if ended else None

    found = wait_until(newest, f"a reply to {prompt!r} is stored")
    assert found is not None
    return _stored(folder, *found)


_NEWEST_REPLY = """
    SELECT reply.conversation_id, reply.id, reply.streaming_status
    FROM messages AS reply JOIN messages AS prompt ON prompt.id = reply.parent_id
    WHERE prompt.text = ? ORDER BY reply.created_at DESC
"""


def _stored(folder: Path, conversation_id: str, message_id: str) -> Message:
    store = Store.open(folder, on_problem=_unexpected)
    try:
        conversation = store.conversation(conversation_id)
    finally:
        store.close()
    reply = conversation.find(message_id) if conversation else None
    assert reply is not None
    return reply


def check_stored(row: Row, reply: Message) -> None:
    """Check that the stored reply is what the row says."""
    error = reply.metadata.error or {}
    assert (reply.status.value, error.get("kind", "")) == (row.status, row.kind)
    assert reply.metadata.stop_reason == row.stop_reason
    assert reply.metadata.mode.value == ("batch" if row.batch else "stream")
    assert reply.metadata.metrics.fallback == row.batch
    if row.text is None:
        assert reply.text == row.script
    else:
        assert row.script.startswith(reply.text)


def check_database(folder: Path) -> None:
    """Check that the database is sound."""
    with closing(sqlite3.connect(f"file:{folder / 'tui-chat.db'}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def check_log(folder: Path) -> None:
    """Check that a server's faults leave the log empty: they are none of the program's."""
    assert [log.read_text() for log in folder.glob("state/*.log*")] == []


def _unexpected(problem: str) -> None:
    raise AssertionError(problem)
