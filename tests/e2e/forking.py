"""The process that has loaded the program and forks for each run of it; `warm` starts it and says what to run."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import json
import os
import select
import socket
import sys
import tempfile
import termios
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

LOOK_S = 0.01
STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
FIRST = "TESTS_RUN_FIRST"
"""The variable with what a test has run in the process before the program, as Python would run a `sitecustomize`."""
LOADED = (
    *("cli.main", "cli.ask", "cli.app", "ui.app", "ui.textual_internals.driver"),
    *("telemetry.otlp", "tools.connection", "tools.stdio", "tools.http"),
)


def _serve(listener: socket.socket, lock: Path) -> None:
    """Fork for every order, until the last who could give one has let go."""
    overseers: dict[socket.socket, list[int]] = {}
    while True:
        leaving = []
        for ready in select.select([listener, *overseers], [], [])[0]:
            if ready is listener:
                overseers[listener.accept()[0]] = []
            elif files := socket.recv_fds(ready, 1, len(STREAMS) + 2)[1]:
                running = [pid for pid in overseers[ready] if os.waitpid(pid, os.WNOHANG) == (0, 0)]
                overseers[ready] = [*running, _fork(files, [listener, *overseers])]
            else:
                for pid in overseers.pop(ready):
                    os.waitpid(pid, 0)
                leaving.append(ready)
        if not overseers and _ended(listener, lock):
            return
        for line in leaving:
            line.close()


def _ended(listener: socket.socket, lock: Path) -> bool:
    """Be found by nobody any more, unless somebody has just come."""
    with lock.open("w") as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        if select.select([listener], [], [], 0)[0]:
            return False
        Path(listener.getsockname()).unlink()
        listener.close()
    return True


def _fork(files: Sequence[int], sockets: Sequence[socket.socket]) -> int:
    """Fork for one order, and return the process that oversees it; the sockets are none of its business."""
    overseer = os.fork()
    if overseer == 0:
        for other in sockets:
            other.close()
        _oversee(files)
    for file in files:
        os.close(file)
    return overseer


def _oversee(files: Sequence[int]) -> None:
    """Fork once more, to be the program, and report how that ends."""
    child = os.fork()
    if child == 0:
        _become(files)
    *others, report = files
    for file in others:
        os.close(file)
    _, status = os.waitpid(child, 0)
    os.write(report, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(files: Sequence[int]) -> None:
    """Be the program, as a shell would start it."""
    *streams, ordered, report = files
    for number, (file, (name, mode)) in enumerate(zip(streams, STREAMS, strict=True)):
        os.dup2(file, number)
        os.close(file)
        stream = os.fdopen(number, mode, encoding="utf-8", closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    with os.fdopen(ordered) as order:
        arguments, environment, terminal = json.load(order)
    if terminal:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.environ.clear()
    os.environ.update(environment)
    exec(os.environ.pop(FIRST, ""), {})
    sys.argv = ["tui-chat", *arguments]
    os.write(report, b"%d\n" % os.getpid())
    os.close(report)
    from tui_chat.__main__ import main

    main()


async def _rehearse() -> None:
    """Have a reply in the app, without a terminal, so that what is made at its first use is there for every run."""
    from tui_chat.demo import DemoServer
    from tui_chat.program.wiring import Flags, Program
    from tui_chat.ui.app import TuiChatApp

    with tempfile.TemporaryDirectory() as name, DemoServer(rate=0, latency_s=0) as server:
        flags = Flags(
            {"provider.name": "demo", "provider.base_url": server.url, "local.server_ports": ()},
            config_file=Path(name) / "config.toml",
            data_folder=Path(name),
        )
        program = Program.open(flags, {}, print)
        async with TuiChatApp(program, prompt="python").run_test() as pilot:
            while not any(reply.finished for reply in server.log.replies):
                await pilot.pause(LOOK_S)
        program.close()


def _load() -> None:
    """Load what the app and a reply need, from whatever vendor, and what speaks to tools and to a collector."""
    for name in LOADED:
        import_module(f"tui_chat.{name}")
    with suppress(ImportError):  # what a keyring would be asked through; which it is, each run finds out
        import_module("secretstorage")
    from tui_chat.providers import anthropic, openai
    from tui_chat.providers.stainless import begin_tls
    from tui_chat.rendering.lexing import preload_lexers
    from tui_chat.ui.chat.preload import preload_screens

    for provider in (anthropic, openai):
        provider.begin_loading().result()
    begin_tls().result()
    import_module("anthropic.resources.messages").DEPRECATED_MODELS.clear()  # nor do the tests depend on its news
    preload_lexers()
    preload_screens()
    tuned = gc.get_threshold(), sys.getswitchinterval()
    asyncio.run(_rehearse())
    gc.set_threshold(*tuned[0])  # as it is for a command
    sys.setswitchinterval(tuned[1])
    for thread in threading.enumerate():
        if thread is not threading.main_thread():  # a fork has none of the others
            thread.join()
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
