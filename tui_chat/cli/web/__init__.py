"""The web server of `tui-chat serve`."""

from tui_chat.cli.web.server import WebServer
from tui_chat.cli.web.tab import TabCommands

__all__ = ["TabCommands", "WebServer"]
