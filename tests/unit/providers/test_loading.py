"""Slow things are begun once, in the background, and cost nothing before."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from asyncio.subprocess import PIPE
from concurrent.futures import Future
from types import ModuleType

import pytest

from tests.unit.providers.conftest import Loopback
from tui_chat.providers import anthropic as messages
from tui_chat.providers import loading, preload
from tui_chat.providers import openai as completions
from tui_chat.providers.loading import DaemonExecutor, begin_import, in_daemon_thread


def test_importing_the_providers_loads_no_sdk() -> None:
    slow = "anthropic", "openai", "httpx2", "pydantic", "rich.console", "textual", "sqlite3"
    code = f"import sys, tui_chat.providers; print([name for name in {slow!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_making_a_provider_and_asking_for_prices_loads_no_sdk() -> None:
    code = (
        "import sys; from tui_chat.providers import *\n"
        "create_provider(ProviderConfig('anthropic')); create_provider(ProviderConfig('openai'))\n"
        "PriceBook().price('anthropic', default_model('anthropic'))\n"
        "print('anthropic' in sys.modules or 'openai' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_import_is_begun_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_begun", {})
    futures: list[Future[object]] = []
    threads = [threading.Thread(target=lambda: futures.append(begin_import("json", lambda _: None))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(future) for future in futures}) == 1
    assert futures[0].result() is sys.modules["json"]


def test_an_import_that_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_begun", {})
    first = begin_import("no_such_module_anywhere", lambda _: None)
    assert isinstance(first.exception(), ModuleNotFoundError)
    assert begin_import("no_such_module_anywhere", lambda _: None) is not first


def test_preloading_never_imports_in_the_callers_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[threading.Thread] = []
    monkeypatch.setattr(loading, "_begun", {})
    monkeypatch.setattr("tui_chat.providers.loading.import_module", lambda _: seen.append(threading.current_thread()))
    preload("anthropic")
    preload("anthropic")
    loading._begun["anthropic"].result()
    assert [thread is threading.current_thread() for thread in seen] == [False]
    assert seen[0].daemon


def test_a_rehearsal_plays_a_whole_reply() -> None:
    import anthropic
    import openai

    messages.rehearse(anthropic)
    completions.rehearse(openai)


FIRST_REPLY = """
import asyncio, sys
from tui_chat.chat.message import Role
from tui_chat.chat.parts import TextPart
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.providers import ProviderConfig, create_provider, incoming, preload

name, url = sys.argv[1:]
preload(name).result()
provider = create_provider(ProviderConfig(name, base_url=url, api_key="none"))
before = set(sys.modules)

async def ask():
    request = ReplyRequest("some-model", turns=(Turn(Role.USER, (TextPart("Hi"),)),))
    return [event async for event in provider.stream(request, lambda: None)]

assert asyncio.run(ask())
print(*sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize("name", ["anthropic", "openai"])
async def test_a_first_reply_finds_all_that_it_needs_loaded(server: Loopback, name: str) -> None:
    server.will(server.sse({"anthropic": messages, "openai": completions}[name].REHEARSED))
    command = sys.executable, "-c", FIRST_REPLY, name, server.url
    asking = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    loaded, _ = await asking.communicate()
    assert asking.returncode == 0
    assert loaded.split() == []


def test_the_client_of_a_cloud_is_loaded_beforehand() -> None:
    code = "import sys; from tui_chat.providers import preload; preload('vertex').result(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "anthropic.lib.vertex._client" in done.stdout.split()
    assert "anthropic.lib.bedrock._client" not in done.stdout.split()


def test_a_rehearsal_that_fails_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_begun", {})

    def fail(_: ModuleType) -> None:
        raise ZeroDivisionError

    assert begin_import("json", fail).result() is sys.modules["json"]


def test_preloading_an_unknown_provider_tells_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'anthropic'"):
        preload("antropic")


async def test_the_lookups_of_a_loop_run_in_threads_that_nobody_waits_for() -> None:
    asyncio.get_running_loop().set_default_executor(DaemonExecutor())
    thread = await asyncio.get_running_loop().run_in_executor(None, threading.current_thread)
    assert thread.daemon


def test_what_a_job_raises_reaches_whoever_waits() -> None:
    assert isinstance(in_daemon_thread(lambda: 1 // 0).exception(), ZeroDivisionError)
