"""A conversation in Markdown: headings say who speaks, as in our own export and those of many other programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tui_chat.chat.message import Role
from tui_chat.interchange.importing.source import SourceConversation, SourceMessage, text_parts

_USER = "you|user|human|me|prompt|question"
_ASSISTANT = "assistant|claude|chatgpt|gpt|ai|bot|model|response|reply|answer"
_SPEAKER = re.compile(
    rf"(?P<style>#{{1,6}}[ \t]+|\*\*|__)(?:(?P<user>{_USER})|{_ASSISTANT})"
    r"(?:, with [^\n]*| \([^()\n]*\))?:?(?:\*\*|__)?:?[ \t]*",
    re.IGNORECASE,
)
"""A line that says who speaks from here on: a heading, or bold."""
_TITLE = re.compile(r"#[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
"""The begin of a code block, in which no heading is one."""


def markdown_conversation(text: str, name: str) -> SourceConversation:
    """Return the conversation that a text is; `name` is its file's. ValueError if nobody speaks in it."""
    title, turns = "", list[tuple[Role, list[str]]]()
    style: str | None = None
    for line, in_code in _lines(text):
        speaker = None if in_code else _SPEAKER.fullmatch(line)
        if speaker and style in (None, speaker["style"].strip()):
            style = speaker["style"].strip()
            turns.append((Role.USER if speaker["user"] else Role.ASSISTANT, []))
        elif turns:
            turns[-1][1].append(line)
        elif not title and (heading := _TITLE.fullmatch(line)):
            title = heading[1]
    if not turns:
        raise ValueError("Nobody speaks in it: there is no heading such as “## You” or “## Assistant”.")
    messages = list(_messages(turns))
    begin = [text for role, lines in turns[:2] for text in (role.value, "\n".join(lines).strip())]
    return SourceConversation(("markdown", title, *begin), messages, title or name)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines, each with True if it is in a block of code."""
    fence = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        mark = _FENCE.match(line)
        if fence:
            yield line, True
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        else:
            fence = mark[1] if mark else ""
            yield line, bool(mark)


def _messages(turns: Iterable[tuple[Role, list[str]]]) -> Iterator[SourceMessage]:
    """Yield the messages, known again by what was said up to each."""
    before: str | None = None
    for number, (role, lines) in enumerate(turns):
        text = "\n".join(lines).strip("\n")
        id = f"{number} {role.value} {text}"
        yield SourceMessage(id, before, role, text_parts(text))
        before = id
