"""The end of a server that is a process of ours."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.tools.spec import ServerSpec
from tui_chat.tools.stdio import _started, end_process

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(1000)"


async def test_a_server_that_takes_no_notice_is_ended_though_nobody_waits_for_that_any_more() -> None:
    process, pipes = await _started(ServerSpec("deaf", sys.executable, ("-c", DEAF)))
    assert process.stdout is not None
    assert await process.stdout.readline() == b"up\n"
    ending = asyncio.create_task(end_process(process, pipes, PATIENCE_S))
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert process.returncode == -signal.SIGKILL
    assert pipes.is_closing()
