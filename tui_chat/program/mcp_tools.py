"""The tools of MCP servers, by the settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from tui_chat.chat.request import Tool
from tui_chat.redaction import redacted_address
from tui_chat.services import service
from tui_chat.settings import Mcp, McpServer, expanded
from tui_chat.text.limits import MOST_TOOLS
from tui_chat.tools import ServerPrompt, ServerSpec, ServerState, ToolOffer, ToolServers

USUAL_VARIABLES = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "SHELL", "TMPDIR", "TZ", "USER")
"""The variables that every server has; a key is not among them."""


class McpTools:
    """Offers what the enabled servers have; none is started before the first request."""

    def __init__(self, environ: Mapping[str, str], report_problem: Callable[[str], None]) -> None:
        self._environ = environ
        self._report = report_problem
        self._told: set[str] = set()
        self.servers = ToolServers(report_problem)

    def offer(self, settings: Mcp, provider: str, only: Collection[tuple[str, str]] | None = None) -> ToolOffer | None:
        """Return what offers a reply its tools; None where no server is enabled, or the provider takes no tools.

        With `only`, none but these are offered, each named by its server and its name there.
        """
        wanted = None if only is None else {server for server, _ in only}
        specs = [spec for spec in self.enabled(settings) if wanted is None or spec.name in wanted]
        if not specs:
            return None
        if not service(provider).takes_tools:
            self._say_once(f"Tools of MCP servers are not offered: {service(provider).title} takes none.")
            return None
        for spec in specs:
            if unset := self.unset_variables(settings.servers[spec.name]):
                self._say_once(f"The MCP server {spec.name} is to have {', '.join(unset)}, which is not set.")
        return ToolOffer(self.servers, specs, only)

    def known(self, settings: Mcp, provider: str) -> tuple[Tool, ...]:
        """Return the tools of the servers that run, as they are offered, to tell how large a request is."""
        if not service(provider).takes_tools:
            return ()
        return tuple(tool for _, tool in sorted(self.servers.known(self.enabled(settings)).items())[:MOST_TOOLS])

    def unknown(self, settings: Mcp, provider: str) -> Sequence[str]:
        """Return the servers whose tools are offered once they have started, and are not known yet."""
        if not service(provider).takes_tools:
            return ()
        yet_to_start = (ServerState.IDLE, ServerState.STARTING)
        return [spec.name for spec in self.enabled(settings) if self.servers.status(spec.name).state in yet_to_start]

    def spec(self, name: str, server: McpServer) -> ServerSpec:
        """Return the way to a server, with the variables that it is to have."""
        names = (*USUAL_VARIABLES, *server.env)
        environment = {name: self._environ[name] for name in names if name in self._environ}
        command = server.command
        if command.startswith("~"):
            command = str(expanded(Path(command), f"mcp.servers.{name}.command"))
        headers = {
            header: self._environ[variable].strip()
            for header, variable in server.headers
            if self._can_be_header(variable)
        }
        return ServerSpec(name, command, server.args, environment, server.url, headers)

    def prompts(self, settings: Mcp) -> Future[Sequence[ServerPrompt]]:
        """Return the prompts of the servers that run."""
        specs = self.enabled(settings)
        if not specs:
            nothing: Future[Sequence[ServerPrompt]] = Future()
            nothing.set_result(())
            return nothing
        return self.servers.prompts(specs)

    def prompt_text(self, settings: Mcp, prompt: ServerPrompt, values: Mapping[str, str]) -> Future[str]:
        """Return the text of a prompt with these values; `NoServer` says why there is none."""
        spec = self.spec(prompt.server, settings.servers[prompt.server])
        return self.servers.prompt_text(spec, prompt.name, values)

    def start_again(self, name: str, server: McpServer) -> None:
        """Have a server start anew, whether it runs or has failed; how it stands tells the rest."""
        self.servers.forget(name)
        self.servers.tools([self.spec(name, server)])

    def unset_variables(self, server: McpServer) -> Sequence[str]:
        """Return the variables that a server needs and that are not set, or to nothing that it can be sent."""
        unset = [name for name in server.env if name not in self._environ]
        return unset + [variable for _, variable in server.headers if not self._can_be_header(variable)]

    def _can_be_header(self, variable: str) -> bool:
        """True if a variable has a value that a header can have: the error about another one would quote it."""
        value = self._environ.get(variable, "").strip()
        return bool(value) and value.isascii() and value.isprintable()

    def close(self, *, hurry: bool = False) -> None:
        """End all servers; in a hurry those by force that do not end at once."""
        if hurry:
            self.servers.hurry()
        self.servers.close()

    def enabled(self, settings: Mcp) -> list[ServerSpec]:
        """Return the ways to the servers that are enabled."""
        if not settings.max_rounds:
            return []
        return [self.spec(name, server) for name, server in settings.servers.items() if server.enabled]

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._report(sentence)


def way_to(server: McpServer) -> str:
    """Return the command or the address; arguments may hold secrets, and are only counted."""
    if server.url:
        return redacted_address(server.url)
    more = len(server.args)
    return f"{server.command}{f' with {more} argument' if more else ''}{'s' if more > 1 else ''}"
