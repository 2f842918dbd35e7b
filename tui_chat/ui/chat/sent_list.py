"""The list of what goes with the next request, with the size of each: read by the screen, and in lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from tui_chat.chat.compaction import is_summary
from tui_chat.chat.estimate import file_tokens, tokens_in, tools_tokens, utf8_size
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import FilePart, TextPart, files_of
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.request import tool_names
from tui_chat.chat.sending import Sending
from tui_chat.chat.what_is_sent import Fate, Outlook, outlooks, saved
from tui_chat.program.sent_files import unsendable
from tui_chat.records import dataclass
from tui_chat.settings import SettingsError
from tui_chat.text.amounts import counted, tokens
from tui_chat.ui.chat.session import ConversationSession

REASONS = {
    Fate.SENT: "",
    Fate.LEFT_OUT: "left out",
    Fate.EARLIER: "left out with the oldest",
    Fate.SUMMARIZED: "the summary stands for it",
    Fate.EMPTY: "nothing to send",
    Fate.COMING: "still coming",
}


@dataclass(frozen=True)
class SentRow:
    """One row: what goes with the request, or does not."""

    who: str
    text: str
    """Raw, and as long as it is."""
    tokens: int
    remarks: tuple[str, ...] = ()
    goes: bool = True
    """False if it is not sent."""
    message_id: str = ""


class SentList:
    """All that the next request has."""

    def __init__(self, session: ConversationSession, draft: Prompt) -> None:
        self._session = session
        self._draft = draft
        self._known: tuple[Conversation, Sending, Sequence[Outlook]] | None = None
        """The outlooks of a conversation, and what they depend on: those of a long one take their time."""

    def rows(self, query: str = "") -> Sequence[SentRow]:
        """Return the rows that have the query's words."""
        words = query.casefold().split()
        row_of = partial(self._row, self._by_name())
        rows = [*self._before(), *map(row_of, self._outlooks()), *self._written()]
        return [row for row in rows if all(word in _searched(row) for word in words)]

    @property
    def total(self) -> str:
        """The size of all together."""
        forecast = self._session.estimator.forecast(self._session.conversation, self._draft)
        about = "" if forecast.exact else "~"
        share = f" of {tokens(forecast.window)}" if forecast.window else ""
        less = saved(self._outlooks())
        return f"{about}{forecast.tokens:,}{share} tokens" + (f" · saves ~{less:,}" if less else "")

    def _outlooks(self) -> Sequence[Outlook]:
        conversation, known = self._session.conversation, self._known
        sending = self._session.program.conversation_settings.sending(conversation.id)
        if known is None or known[0] is not conversation or known[1] != sending:
            known = self._known = (conversation, sending, outlooks(conversation.messages, sending))
        return known[2]

    def _before(self) -> Iterator[SentRow]:
        """Yield what goes before the messages."""
        parts = self._session.parts
        try:
            request = parts.requests.request((), parts.provider.model)
        except SettingsError as error:  # there is no such persona
            yield SentRow("System prompt", str(error), 0, goes=False)
            return
        if request.system:
            persona = parts.settings.now.provider.persona
            remarks = (f"persona {persona}",) if persona else ()
            yield SentRow("System prompt", request.system, tokens_in(utf8_size(request.system)), remarks)
        names = tool_names(request)
        yet_to_start = [f"{server}: known once it has started" for server in parts.requests.servers_to_start]
        if names or yet_to_start:
            number = [counted(len(names), "tool")] if names else []
            yield SentRow("Tools", ", ".join(names), tools_tokens(request), (*number, *yet_to_start))

    def _by_name(self) -> Collection[FilePart]:
        """Return the files that the model cannot take."""
        provider = self._session.parts.provider
        return unsendable(self._session.estimator.sent(self._session.conversation), provider, provider.model)

    def _written(self) -> Iterator[SentRow]:
        """Yield what is being written."""
        if not self._draft.is_empty:
            message = Message(Role.USER, (*self._draft.files, TextPart(self._draft.text)))
            size = self._session.estimator.estimate((message,))
            yield SentRow("You", message.text, size, ("being written", *_files(message)))

    def _row(self, by_name: Collection[FilePart], outlook: Outlook) -> SentRow:
        message = outlook.message
        who = "You" if message.role is Role.USER else message.metadata.speaker
        who = "Summary" if is_summary(message.id) else who
        reason = REASONS[outlook.fate]
        thinking = ("without its thinking",) if outlook.drops_thinking and outlook.fate is Fate.SENT else ()
        remarks = (*((reason,) if reason else ()), *_files(message, by_name), *thinking)
        return SentRow(who, message.text, outlook.tokens, remarks, outlook.fate is Fate.SENT, message.id)


def _files(message: Message, by_name: Collection[FilePart] = ()) -> tuple[str, ...]:
    """Return the files of a message with their sizes; of some, nothing but the name is sent."""
    said = [f"{file.name} {_size(file, by_name)}" for file in files_of(message.parts)]
    return (f"{counted(len(said), 'file')}: {', '.join(said)}",) if said else ()


def _size(file: FilePart, by_name: Collection[FilePart]) -> str:
    if file.lost:
        return "(lost: by name only)"
    return "(by name only)" if file in by_name else f"(~{file_tokens(file):,} tokens)"


def _searched(row: SentRow) -> str:
    return "\n".join((row.who, *row.remarks, row.text)).casefold()
