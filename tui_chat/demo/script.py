"""The text that the demo server sends: the same for the same prompt and seed, every time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain, islice
from pathlib import Path
from zlib import crc32

from tui_chat.demo.faults import FAULTS, Fault
from tui_chat.demo.prompts import parse_prompt
from tui_chat.demo.stress_texts import EXTREMES
from tui_chat.demo.tokens import tokenise
from tui_chat.records import dataclass

NOTE = "> *A scripted reply of the demo server: no model wrote it.*\n\n"
"""Precedes the first reply of a conversation, unless that reply says so itself."""

_BREAK = "\n\n---\n\n"
_LONG_REPLIES = 10
_TOPIC = "{{topic}}"
"""The placeholder in a reply for the prompt's own words."""
_SMALL_WORD = re.compile(
    "about|also|could|describe|does|explain|from|give|have|help|into|like|make|more|much|please|should|show|some|tell|"
    "than|that|their|them|then|there|these|they|this|those|want|what|when|where|which|will|with|would|write|your",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of prompt: how it is recognised, and the replies to it."""

    name: str
    asked: str
    """A regular expression that is searched in the prompt."""
    adds: str = ""
    """The content fault that belongs to it, such as a thinking block."""


_TOPICS = (
    Topic("faults", r"\bfaults?\b|\bdemo server\b"),
    Topic(
        "hello",
        r"^\W*(hi|hello|hey|hallo|hola|bonjour|good (morning|day|evening)|help)(\W+(there|claude|again|world|all))?\W*$"
        r"|\b(who|what) are you\b|\bwhat can you\b",
    ),
    Topic("long", r"\b(something|very|really) long\b|\blong (reply|answer|text|essay|story)\b|^\W*long\W*$"),
    Topic("thinking", r"\bthinking\b|\bthink (hard|first)\b|\bpuzzle\b|\briddle\b", adds="thinking"),
    Topic("tools", r"\btools?\b|\bweather\b", adds="tools"),
    Topic("run", r"\brun (some )?code\b", adds="code"),
    Topic("documents", r"\bcite\b", adds="documents"),
    Topic("search", r"\bsearch\b|\bnews\b|\bcitations?\b", adds="search"),
    Topic("table", r"\btables?\b|\bcompar(e|ison)\b"),
    Topic("picnic", r"\bpicnics?\b"),
    Topic("plan", r"\blists?\b|\bplan(ning)?\b|\btasks?\b|\btodo\b|\bsteps\b"),
    Topic("poem", r"\bpoems?\b|\bhaikus?\b|\bpoetry\b|\bsong\b"),
    Topic("maths", r"\bmath(s|ematics)?\b|\bproof\b|\bequations?\b|\blatex\b"),
    Topic("python", r"\bpython\b|\bpytest\b"),
    Topic("rust", r"\brust\b|\bcargo\b"),
    Topic("typescript", r"\b(type|java)script\b|\bnode\b"),
    Topic("bash", r"\bbash\b|\bshell\b"),
    Topic("sql", r"\bsql(ite)?\b|\bquery\b"),
    Topic("json", r"\bjson\b|\byaml\b|\btoml\b"),
    Topic("go", r"\bgolang\b|\bgo (code|program|function)\b"),
    Topic("code", r"\bcode\b|\bprogram\b|\bfunction\b|\bscript\b"),
)
_ABOUT_THEMSELVES = ("faults", "hello", "long", "tools", "run", "documents", "search")
"""The topics of replies that make no sense as a part of a longer one."""
_ESSAY = Topic("essay", "")
_READ = 50_000
"""The characters of a prompt that are looked through for what it is about."""


def script_for(
    prompt: str, seed: int = 0, tokens: int | None = None, *, first: bool = True, faults: Iterable[Fault] = ()
) -> str:
    """Return the whole text of the reply to a prompt.

    `first` says that no reply came before it in the conversation. Directives in the prompt count, and so do faults
    that change what a reply consists of.
    """
    asked = parse_prompt(prompt)
    for fault in (*asked.faults, *faults):
        if fault.name in EXTREMES:
            return EXTREMES[fault.name](fault.at)
    flood = next((fault.at for fault in (*asked.faults, *faults) if fault.name == "flood"), None)
    length = flood if flood is not None else asked.tokens if asked.tokens is not None else tokens
    return _script(asked.text, seed + asked.seed, length, first)


def topic_of(prompt: str) -> Topic:
    """Return the kind of prompt that it is; an essay answers all others."""
    return next((topic for topic in _TOPICS if re.search(topic.asked, prompt[:_READ], re.IGNORECASE)), _ESSAY)


def thought_for(prompt: str) -> str:
    """Return the thinking of the demo server before a reply, where it is asked to think."""
    library = _library()
    return library.get(f"{topic_of(prompt).name}.thought", library["any.thought"])[0].replace(_TOPIC, _subject(prompt))


@lru_cache(maxsize=8)
def _script(prompt: str, seed: int, tokens: int | None, first: bool) -> str:
    topic, turn = topic_of(prompt), crc32(prompt.encode("utf-8", "surrogatepass")) + seed
    note = NOTE if first and topic.name != "hello" else ""
    text = note + _reply(topic.name, turn).replace(_TOPIC, _subject(prompt))
    if tokens is not None:
        return "".join(islice(chain.from_iterable(map(tokenise, _endless(text, turn))), tokens))
    return "".join(islice(_endless(text, turn), _LONG_REPLIES)) + "\n" if topic.name == "long" else text


def _endless(text: str, turn: int) -> Iterator[str]:
    """Yield a text, and then one reply after the other."""
    names = [topic.name for topic in _TOPICS if topic.name not in _ABOUT_THEMSELVES]
    yield text.rstrip()
    while True:
        yield _BREAK + _reply(names[turn % len(names)], turn // len(names)).rstrip()
        turn += 1


def _reply(topic: str, turn: int) -> str:
    """Return one of the replies to a topic."""
    if topic == "faults":
        return _library()[topic][0].replace("{{faults}}", _fault_table())
    replies = _library()[topic]
    return replies[turn % len(replies)]


@cache
def _library() -> dict[str, list[str]]:
    """Return the replies by topic; `code-2.md` is another reply to what `code.md` answers."""
    library: dict[str, list[str]] = {}
    for path in sorted((Path(__file__).parent / "replies").glob("*.md")):
        library.setdefault(path.stem.partition("-")[0], []).append(path.read_text("utf-8").strip() + "\n")
    return library


def _subject(prompt: str) -> str:
    """Return the prompt's most telling words, in their order."""
    words = [word for word in re.findall(r"[^\W\d_]{4,24}", prompt[:_READ]) if not _SMALL_WORD.fullmatch(word)]
    chosen = set(sorted(dict.fromkeys(words), key=len, reverse=True)[:2])
    return " ".join(word for word in dict.fromkeys(words) if word in chosen) or "your question"


def _fault_table() -> str:
    rows = (f"| `{kind.name}` | {kind.at if kind.at is not None else ''} | {kind.does} |" for kind in FAULTS.values())
    return "\n".join(("| fault | @ | what happens |", "| --- | ---: | --- |", *rows))
