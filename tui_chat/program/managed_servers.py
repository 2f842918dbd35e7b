"""The servers that the program starts itself, each when it is first needed."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.local import SMOLLM2, LocalProblem
from tui_chat.providers import ProviderConfig, in_daemon_thread
from tui_chat.records import replace
from tui_chat.services import service
from tui_chat.settings import SettingsError, expanded

if TYPE_CHECKING:
    from tui_chat.demo import DemoServer
    from tui_chat.local.server import LocalServer


class ManagedServers:
    """The demo server, and the one that runs the local model."""

    def __init__(self, models_folder: Path) -> None:
        self._models_folder = models_folder
        self._demo: DemoServer | None = None
        self._local: LocalServer | None = None
        self._starting = Lock()
        """Held while one begins to start: threads may ask for it at the same time."""

    def reached(self, config: ProviderConfig, model_path: str) -> ProviderConfig:
        """Return how a provider is reached; if its server is one of these, it begins to start, if it has not."""
        if config.base_url is not None or not service(config.name).on_this_machine:
            return config
        if service(config.name).scripted:
            return replace(config, base_url=self._demo_address())
        return replace(config, starting=self._start_local(config, model_path))

    def weights(self, model_path: str) -> Path:
        """Return the file of the local model: the one of the settings, or the one that is fetched."""
        return expanded(Path(model_path), "local.model_path") if model_path else SMOLLM2.path(self._models_folder)

    def close(self) -> None:
        """End them."""
        if self._demo is not None:
            self._demo.stop()
        if self._local is not None:
            self._local.stop()

    def _start_local(self, config: ProviderConfig, model_path: str) -> Future[ProviderConfig]:
        """Return the way to the local model, as soon as it is loaded. A ChatError says why it cannot be."""
        from tui_chat.local.server import LocalServer

        with self._starting:
            server = self._local = self._local or LocalServer()

        def start() -> ProviderConfig:
            try:
                running = server.start(self.weights(model_path), local_model(model_path))
            except (LocalProblem, SettingsError) as problem:
                raise ChatError(ErrorKind.INVALID_REQUEST, str(problem)) from problem
            return replace(config, base_url=running.url, api_key=running.key)

        return in_daemon_thread(start)

    def _demo_address(self) -> str:
        from tui_chat.demo import DemoServer

        with self._starting:
            self._demo = self._demo or DemoServer()
            return self._demo.start()


def local_model(model_path: str) -> str:
    """Return the name of the local model: a file of the user's by its name."""
    return Path(model_path).stem if model_path else SMOLLM2.model
