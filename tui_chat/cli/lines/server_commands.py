"""Commands about MCP servers: switched on and off, started again, their resources attached."""

from __future__ import annotations

from enum import Enum, auto

from tui_chat.attachments import FileRefused
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose
from tui_chat.program.server_switches import ServerRow, ServerSwitches
from tui_chat.records import replace
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line
from tui_chat.tools import NoServer, ServerResource, beginning


class _Change(Enum):
    SWITCH = auto()
    START = auto()


def servers(chat: LineChat, words: str) -> None:
    """Read how the servers stand, and switch one on or off, or start it again."""
    switches = ServerSwitches(chat.program.settings, chat.program.tools)
    rows = [row for row in switches.rows() if words in row.name]
    if not rows:
        chat.terminal.say("No MCP servers match. `tui-chat mcp --help` says how to add one.")
        return
    row = choose(chat.terminal, "Which MCP server?", [(_about(row), row) for row in rows])
    if row is None:
        return
    ways = [("Switch it off" if row.enabled else "Switch it on", _Change.SWITCH)]
    ways += [("Start it again", _Change.START)] if row.enabled else []
    change = choose(chat.terminal, f"What about {clean_line(row.name)}?", ways)
    try:
        if change is _Change.SWITCH:
            switches.switch(row)
            chat.terminal.say("Switched off." if row.enabled else "Switched on: it starts with the next prompt.")
        elif change is _Change.START:
            switches.start(row)
            chat.terminal.say("It is starting. /servers says how it stands.")
    except SettingsError as error:
        chat.terminal.say(str(error))


def _about(row: ServerRow) -> str:
    problem = row.status.problem if row.enabled else ""
    return clean_line(f"{row.name}, {row.state.replace(' · ', ', ')}: {problem or row.way}")


def resource(chat: LineChat, words: str) -> None:
    """Attach a resource of a server to the next prompt."""
    found = _resource(chat, words)
    if found is None:
        return
    try:
        chat.attach(chat.wait(chat.program.resources.files(found)))
    except (NoServer, FileRefused) as problem:
        chat.terminal.say(str(problem))


def _resource(chat: LineChat, words: str) -> ServerResource | None:
    """Have a server chosen, then one of its resources that have the words, its address completed."""
    names = chat.program.resources.servers()
    server = names[0] if len(names) == 1 else None
    if server is None and names:
        server = choose(chat.terminal, "Which MCP server?", [(clean_line(name), name) for name in names])
    if server is None:
        chat.terminal.say("" if names else "No MCP server has resources.")
        return None
    try:
        listed = chat.wait(chat.program.resources.listed(server))
    except NoServer as problem:
        chat.terminal.say(str(problem))
        return None
    found = [one for one in listed if words.casefold() in f"{one.name} {one.uri}".casefold()]
    if not found:
        chat.terminal.say(f"{clean_line(server)} has no such resource.")
        return None
    labels = [(clean_line(", ".join(filter(None, (one.name, one.uri, one.about)))), one) for one in found]
    chosen = choose(chat.terminal, "Which resource?", labels)
    if chosen is None or not chosen.is_template:
        return chosen
    address = answer(chat.terminal, "Its address: ", filled_with=beginning(chosen.uri))
    return replace(chosen, uri=address, name=address, is_template=False) if address else None


COMMANDS = CommandGroup(
    "MCP servers",
    (
        LineCommand("servers", "Read how the servers stand; switch one on or off, or start it again", servers, "NAME"),
        LineCommand("resource", "Attach a resource of a server to the next prompt", resource, "WORDS"),
    ),
)
