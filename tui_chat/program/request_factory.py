"""Requests by the settings that hold now, and the jobs that replies are made of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.batches import TakesBatches
from tui_chat.chat.compaction import instructed
from tui_chat.chat.events import JsonObject
from tui_chat.chat.message import Message
from tui_chat.chat.metadata import Mode, ReplyMetadata
from tui_chat.chat.parts import ToolCallPart
from tui_chat.chat.protocols import Journal, PendingReply, StreamingProvider, ToolRunner
from tui_chat.chat.request import ReplyRequest, Tool, turns_from
from tui_chat.program.conversation_settings import ConversationSettings
from tui_chat.program.made_files import save_made_files
from tui_chat.program.mcp_tools import McpTools
from tui_chat.program.own_settings import SettingsInForce
from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.program.sent_files import unsendable, with_names
from tui_chat.program.server_tools import can_run_code, can_search
from tui_chat.providers import (
    ProviderConfig,
    create_batches,
    create_provider,
    in_daemon_thread,
    preload,
    takes_batches,
    takes_prefill,
)
from tui_chat.records import replace
from tui_chat.settings import SettingsError, system_prompt
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.no_journal import NoJournal
from tui_chat.streaming.recovery import StreamOptions
from tui_chat.telemetry import TelemetryClient


class RequestFactory:
    """Makes requests, and sends those that are no replies."""

    def __init__(
        self,
        settings: SettingsInForce,
        provider: ProviderChoice,
        conversation_settings: ConversationSettings,
        journal: Journal,
        telemetry: TelemetryClient,
        tools: McpTools,
    ) -> None:
        self._settings = settings
        self._provider = provider
        self._conversation_settings = conversation_settings
        self._journal = journal
        self._telemetry = telemetry
        self._tools = tools

    def preload(self) -> Future[Any]:
        """Begin in the background what the first reply will need; return what takes longest, the vendor's SDK."""
        sdk = preload(self._provider.name)
        self._telemetry.begin()
        self._provider.reach()
        return sdk

    @property
    def mode(self) -> Mode:
        """The mode in which replies are asked for."""
        return Mode(self._settings.now.streaming.mode)

    def about(self) -> ReplyMetadata:
        """Return what is known of a reply before it is asked for."""
        provider = self._provider
        return ReplyMetadata(
            mode=self.mode, provider=provider.name, model=provider.model, own_server=provider.asks_own_server
        )

    def job(
        self,
        pending: PendingReply,
        schema: JsonObject | None = None,
        only_tools: Collection[tuple[str, str]] | None = None,
    ) -> ReplyJob:
        """Begin to store a reply that is to come, and return all that it needs, by the settings that hold now.

        One with a schema that breaks off is not gone on with: the rest would come as a document of its own. With
        `only_tools`, none but these are offered, each named by its server and its name there.
        """
        about, conversation = pending.reply.metadata, pending.conversation
        sent = self._conversation_settings.sent(conversation.id, conversation.before(pending.reply.id))
        request = replace(self.request(sent, about.model), schema=schema, tools=())
        tools = self._tools.offer(self._settings.now.mcp, about.provider, only_tools)
        return self._job(pending, request, self._reach(), self._journal.begin, tools)

    def summary_job(self, pending: PendingReply, asked: Sequence[Message]) -> ReplyJob:
        """Return all that a summary of these messages needs, by the settings that hold now; nothing is stored of it.

        A summary needs no tools. Earlier calls are only taken with a definition of their tools, though.
        """
        request = replace(self.request(instructed(asked), pending.reply.metadata.model), stop_sequences=())
        if not any(isinstance(part, ToolCallPart) for turn in request.turns for part in turn.parts):
            request = replace(request, tools=(), web_search=False, code_execution=False)
        return self._job(pending, request, self._reach(), NoJournal().begin)

    def evaluation_job(self, pending: PendingReply, system: str | None) -> ReplyJob:
        """Return all that the reply to a prompt by itself needs; nothing is stored of it.

        A system prompt that is given takes the place of the settings'.
        """
        return self._job(pending, self.evaluation_request(pending, system), self._reach(), NoJournal().begin)

    def evaluation_request(self, pending: PendingReply, system: str | None) -> ReplyRequest:
        """Return the request for the reply to a prompt by itself, which offers no tools of ours."""
        sent = pending.conversation.before(pending.reply.id)
        request = replace(self.request(sent, pending.reply.metadata.model), tools=())
        return request if system is None else replace(request, system=system)

    def batches(self) -> TakesBatches | None:
        """Return what takes batches of requests; None where the provider takes none."""
        return create_batches(self._reach()) if takes_batches(self._provider.config) else None

    def _job(
        self,
        pending: PendingReply,
        request: ReplyRequest,
        config: ProviderConfig,
        begin: Callable[[PendingReply], Future[None]],
        tools: ToolRunner | None = None,
    ) -> ReplyJob:
        about, settings = pending.reply.metadata, self._settings.now
        return ReplyJob(
            pending,
            begun=begin(pending),
            request=request,
            provider=create_provider(config),
            options=StreamOptions(
                settings.streaming.retry_attempts,
                settings.streaming.resume and request.schema is None,
                settings.streaming.fallback_to_batch,
                settings.mcp.max_rounds,
            ),
            mode=about.mode,
            prefill=takes_prefill(config, about.model, settings.provider.thinking),
            tools=tools,
            address=config.address,
        )

    def request(self, messages: Sequence[Message], model: str) -> ReplyRequest:
        """Return the request for a reply to these messages, by the settings that hold now."""
        provider = self._settings.now.provider
        sent = with_names(messages, unsendable(messages, self._provider, model))
        return ReplyRequest(
            model=model,
            turns=turns_from(sent),
            system=system_prompt(provider, self._settings.folder),
            max_tokens=provider.max_tokens or None,
            temperature=provider.temperature,
            thinking=provider.thinking,
            stop_sequences=provider.stop_sequences,
            prompt_caching=provider.prompt_caching,
            web_search=provider.web_search and can_search(self._provider, model),
            code_execution=provider.code_execution and can_run_code(self._provider, model),
            tools=self.tools,
            betas=provider.betas,
        )

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools of the servers that run."""
        return self._tools.known(self._settings.now.mcp, self._provider.name)

    @property
    def servers_to_start(self) -> Sequence[str]:
        """The servers whose tools will go with the next request, too, and are not known yet."""
        return self._tools.unknown(self._settings.now.mcp, self._provider.name)

    def count_tokens(self, request: ReplyRequest) -> Future[int | None]:
        """Ask the provider, in the background, how large a request is."""
        provider = create_provider(self._reach())
        return in_daemon_thread(lambda: asyncio.run(provider.count_tokens(request)))

    def save_made_files(self, ids: Sequence[str], folder: Path) -> Future[list[Path]]:
        """Save files that the provider made for a reply, in the background."""
        provider = create_provider(self._reach())
        return in_daemon_thread(lambda: asyncio.run(save_made_files(provider, ids, folder)))

    def fetch(self, request: ReplyRequest) -> Future[ReplyAccumulator]:
        """Ask something beside the conversation, in the background: nothing of it is journalled, shown or counted."""
        provider = create_provider(self._reach())
        return in_daemon_thread(lambda: asyncio.run(_whole(provider, request)))

    def _reach(self) -> ProviderConfig:
        """Return how the provider is reached; `SettingsError` if the conversation is for a server of other settings."""
        if sentence := self._provider.refusal:
            raise SettingsError(f"{sentence} Nothing was sent. Choose another model, or that address (--base-url).")
        return self._provider.reach()


async def _whole(provider: StreamingProvider, request: ReplyRequest) -> ReplyAccumulator:
    return ReplyAccumulator().extend(await provider.create(request, _nothing))


def _nothing() -> None:
    """Do nothing: nobody has to be told that the request is sent."""
