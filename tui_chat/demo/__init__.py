"""A scriptable, fault-injecting server that speaks the Messages wire on loopback."""

from tui_chat.demo.faults import FAULT_NAMES, FAULTS, Fault, FaultKind, parse_fault
from tui_chat.demo.log import Log, LoggedRequest
from tui_chat.demo.script import script_for
from tui_chat.demo.server import DemoServer

__all__ = [
    "FAULTS",
    "FAULT_NAMES",
    "DemoServer",
    "Fault",
    "FaultKind",
    "Log",
    "LoggedRequest",
    "parse_fault",
    "script_for",
]
