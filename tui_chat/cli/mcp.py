"""`tui-chat mcp`: the MCP servers whose tools the model may call."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from tui_chat.cli.mcp_import import read_foreign
from tui_chat.cli.options import add_config, add_files, settings_file
from tui_chat.cli.output import Complaint, Problems, note, put
from tui_chat.cli.parser import Parser, nearest
from tui_chat.cli.program import opened_program
from tui_chat.cli.tables import table
from tui_chat.program.mcp_tools import way_to
from tui_chat.program.wiring import Program
from tui_chat.settings import McpServer, SettingsFile
from tui_chat.settings.literals import shown

EPILOG = """\
A server is a table in the settings file:

  [mcp.servers.time]
  command = "uvx"
  args = ["mcp-server-time"]
  env = ["SOME_KEY"]      # names of variables that it needs, never their values

or, for one that runs elsewhere, `url = "https://..."` in place of the command.

examples:
  tui-chat mcp import ~/other-client/config.json
  tui-chat mcp test time
  tui-chat ask --allow-tool time:get_current_time "What time is it in Oslo?"
"""


def define(parser: Parser) -> None:
    """Add the commands of this one."""
    parser.epilog = EPILOG
    commands = parser.add_commands()

    def add(name: str, text: str, run: Callable[[argparse.Namespace], int]) -> Parser:
        command: Parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        command.set_defaults(run=run)
        return command

    add_files(add("list", "the servers of the settings; none is started", _list))
    test = add("test", "start a server, and show its tools", _test)
    test.add_argument("name", metavar="NAME", help="the server's name in the settings")
    add_files(test)
    bring = add("import", "take over the servers of another client's settings", _import)
    bring.add_argument("file", metavar="FILE", type=Path, help="JSON with an object `mcpServers`")
    add_config(bring)


def _list(args: argparse.Namespace) -> int:
    with opened_program(args, Problems()) as program:
        servers = program.settings.now.mcp.servers
        rows = [(name, "on" if server.enabled else "off", way_to(server)) for name, server in servers.items()]
        for line in table(("NAME", "", "SERVER"), rows) if rows else ():
            put(line)
        if not rows:
            note("There are no MCP servers in the settings; `tui-chat mcp --help` shows how to describe one.")
        for name, server in servers.items():
            _name_unset_variables(program, name, server)
    return 0


def _test(args: argparse.Namespace) -> int:
    with opened_program(args, Problems()) as program:
        name, server = args.name, _server(program, args.name)
        _name_unset_variables(program, name, server)
        tools = program.tools.servers.tools([program.tools.spec(name, server)]).result()
        if problem := program.tools.servers.status(name).problem:
            raise Complaint(problem)
        rows = [(tool.own_name, "reads only" if tool.read_only else "", tool.description) for tool in tools.values()]
        for line in table(("TOOL", "", "DESCRIPTION"), rows) if rows else ():
            put(line)
        if not rows:
            note(f"The MCP server {name} has no tools.")
    return 0


def _import(args: argparse.Namespace) -> int:
    file = SettingsFile(settings_file(args))
    known = file.load().servers
    found = read_foreign(args.file)
    new = {name: server for name, server in found.servers.items() if name not in known}
    if new:
        file.add_servers(new)
    for name in found.servers:
        put(f"{name}: {'added' if name in new else 'is in the settings already, which are left as they are'}")
    for sentence in found.problems:
        note(sentence)
    if variables := sorted({variable for server in new.values() for variable in server.env}):
        note(f"Values are not taken over. Set these variables where you start tui-chat: {', '.join(variables)}.")
    for name, server in new.items():
        for header, variable in server.headers:
            note(f"Set {variable} to the value of the header {header} that goes to {name}.")
    return 0


def _server(program: Program, name: str) -> McpServer:
    servers = program.settings.now.mcp.servers
    if name not in servers:
        hint = nearest(name, servers) or "; `tui-chat mcp list` shows those that there are"
        raise Complaint(f"There is no MCP server {shown(name)}{hint}", 2)
    return servers[name]


def _name_unset_variables(program: Program, name: str, server: McpServer) -> None:
    if unset := program.tools.unset_variables(server):
        note(f"{name} is to have {', '.join(unset)}, which is not set.")
