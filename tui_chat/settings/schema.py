"""The settings: one small class an area. The docs, a new file's comments and the settings screen are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from tui_chat.records import dataclass, field
from tui_chat.services import DEFAULT, SERVICES
from tui_chat.settings.rules import Address, Choice, LineRule, Name, Number, Ports, Text, Thinking, Whole, Words
from tui_chat.settings.themes import THEMES

PROVIDERS = tuple(SERVICES)
"""The names that `provider.name` may have."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where replies come from, and what is asked of the model."""

    name: Annotated[str, Choice(PROVIDERS)] = DEFAULT
    """The service that is asked; "local" is a small model on this machine, "demo" gives scripted replies."""
    model: Annotated[str, LineRule(200)] = ""
    """The model's id, as `tui-chat models` lists it; "" is the usual one, or the only one of a server of your own."""
    base_url: Annotated[str, Address()] = ""
    """The service's address, for a proxy or a server of your own; "" is the provider's usual one."""
    vendor_prices: bool = False
    """Let the service's usual model, limits and prices hold at `base_url` too: for a proxy that leads to it."""
    max_tokens: Annotated[int, Whole(0, 10_000_000, "is the model's own limit")] = 0
    """Maximum output tokens per reply."""
    temperature: Annotated[float | None, Number(0, 2, meaning_of_none="leaves it to the model")] = None
    """Sampling temperature, if the model supports it."""
    system: Annotated[str, Text()] = ""
    """The system prompt: instructions that every conversation starts with."""
    persona: Annotated[str, Name()] = ""
    """A system prompt of its own in place of `system`: the text of personas/NAME.md beside the settings file."""
    thinking: Annotated[str, Thinking()] = "off"
    """How much the model thinks before it answers, where it can: an effort, or a budget in tokens."""
    stop_sequences: Annotated[tuple[str, ...], Words()] = ()
    """Text that makes the model end its reply."""
    prompt_caching: bool = True
    """Let the provider cache the start of a long conversation, which makes later replies cheaper."""
    web_search: bool = False
    """Let the model search the web; its sources are shown as numbered references."""
    code_execution: bool = False
    """Let the provider run code for a reply, on a machine of its own; files that it makes can be saved."""
    betas: Annotated[tuple[str, ...], Words()] = ()
    """Beta features to ask for, by the names that the provider gives them."""
    secret_check: bool = False
    """Ask before a prompt with a key or a token in it is sent to a service that is not on this machine."""
    budget_usd_per_day: Annotated[float, Number(0, 1_000_000, "is no limit")] = 0.0
    """US dollars per day: warns at 80%, and asks before going over."""


@dataclass(frozen=True, slots=True)
class Streaming:
    """How replies arrive, and what happens when they do not."""

    mode: Literal["stream", "batch"] = "stream"
    """"stream" shows a reply as it is written, "batch" when it is whole."""
    frames_per_second: Annotated[int, Whole(5, 60)] = 30
    """Maximum screen updates per second while a reply comes."""
    cursor: Annotated[str, LineRule(4)] = "▌"
    """The cursor at the end of a reply that is coming; "" for none."""
    cursor_blink: bool = True
    """Blink that cursor, and the one in the composer."""
    on_stop: Literal["keep", "discard"] = "keep"
    """What Esc does to a reply: "keep" what came, or "discard" it as Ctrl+C does."""
    auto_scroll: bool = True
    """Follow the reply as it grows, while you are at the end."""
    show_thinking: bool = True
    """Show the model's thinking, folded, above its reply."""
    retry_attempts: Annotated[int, Whole(0, 10)] = 4
    """Retries for a reply that failed or broke off; a try that brings much of it does not count."""
    resume: bool = True
    """Ask for the rest when the connection breaks during a reply."""
    fallback_to_batch: bool = True
    """Ask again without streaming if streaming fails or brings nothing twice."""
    stall_timeout: Annotated[float, Number(1, 600)] = 30.0
    """Seconds without data before a reply counts as stalled."""
    simulate_rate: Annotated[int, Whole(10, 100_000)] = 400
    """Characters per second when a reply that cannot stream is shown as if it did."""


@dataclass(frozen=True, slots=True)
class Ui:
    """How the screen looks."""

    theme: Annotated[str, LineRule(100, shortest=1, choices=THEMES)] = "tui-chat-dark"
    """The theme. In a terminal with 16 colours its own colours are used until you choose one."""
    show_timestamps: bool = False
    """Show when each message was written."""
    show_usage: bool = True
    """Show tokens, cost, speed and context in the status bar; where a reply does not tell, its provider counts."""
    code_line_numbers: bool = False
    """Show line numbers in code blocks."""
    wrap_code: bool = True
    """Wrap long lines of code; if not, `<` and `>` among the messages scroll them sideways, and `w` wraps them."""
    notify_when_done: bool = False
    """Have the terminal notify you when a reply ends while you look elsewhere."""
    ascii: bool = False
    """Use ASCII characters only, for terminals and fonts that lack others."""
    screen_reader: bool = False
    """Use plain lines in place of a full screen, for screen readers; takes effect at the next start."""
    vim: bool = False
    """Vim keys in the composer: normal, insert and visual mode. Esc leaves insert mode first, Enter always sends."""
    favourite_models: Annotated[tuple[str, ...], Words()] = ()
    """Models listed first in the model picker, as "provider/model"; a key there adds and removes them."""
    motion: bool = True
    """Let things blink and move. Off, and in batch mode, the screen is calm."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the actions: a key, or several with commas between them, in place of an action's usual ones."""

    changed: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Actions that have other keys than usual, in the order of the file."""

    def __getitem__(self, action: str) -> str:
        """The keys of an action, with commas between them."""
        from tui_chat.settings.actions import KEYS

        return self.changed.get(action) or KEYS[action].keys


@dataclass(frozen=True, slots=True)
class History:
    """What is kept of your conversations."""

    save: bool = True
    """Keep conversations on this machine; takes effect at the next start."""
    retention_days: Annotated[int, Whole(0, 36_500, "keeps them forever")] = 0
    """Days until an unchanged, unpinned conversation is deleted at start; it asks the first time."""
    model_titles: bool = False
    """Let a cheap model write each conversation's title after the first reply."""


@dataclass(frozen=True, slots=True)
class Local:
    """Models that run on this machine."""

    model_path: Annotated[str, LineRule(4096)] = ""
    """A GGUF file to run; "" is the one that `tui-chat local install` fetches."""
    server_ports: Annotated[tuple[str, ...], Ports()] = ("11434", "8080", "8000", "1234")
    """Ports where servers on this machine, such as Ollama, are looked for when you choose a model; [] turns it off."""


@dataclass(frozen=True, slots=True)
class McpServer:
    """A server whose tools the model may call, as [mcp.servers.NAME] describes it."""

    command: str = ""
    """The program that is started, and spoken to over its standard streams."""
    args: tuple[str, ...] = ()
    """Its arguments."""
    env: tuple[str, ...] = ()
    """The names of the environment variables that it is to have besides the usual ones; never their values."""
    url: str = ""
    """The address of a server that runs elsewhere, over HTTP, in place of a command."""
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that are sent there, each with the name of the environment variable that has its value."""
    enabled: bool = True
    """Offer its tools."""


SERVERS = ("mcp", "servers")
"""The table that holds them."""


@dataclass(frozen=True, slots=True)
class Mcp:
    """Tools of MCP servers, with the extra "mcp". Each server is a table [mcp.servers.NAME] with `command` and `args`,
    or with `url`; `env` names the environment variables that it needs, `headers` those that hold the values of headers,
    and `enabled = false` leaves it out.
    """

    max_rounds: Annotated[int, Whole(0, 100, "runs none")] = 8
    """Maximum rounds of tool calls in one reply."""
    allow_read_only: bool = False
    """Run tools unasked that their server says change nothing; whether that is true only the server knows."""
    always: Annotated[tuple[str, ...], Words()] = ()
    """Tools that run unasked, as "server:tool"; answering a question with Always adds one."""
    never: Annotated[tuple[str, ...], Words()] = ()
    """Tools that are never run, as "server:tool"; answering a question with Never adds one."""
    servers: Mapping[str, McpServer] = field(default_factory=dict, hash=False)
    """The servers by their names, in the order of the file."""


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """OpenTelemetry, with the extra "otel". Nothing is sent unless an address is set; its OTEL_ variables hold."""

    otlp_endpoint: Annotated[str, Address()] = ""
    """The collector's OTLP address over HTTP; "" sends nothing."""
    content: bool = False
    """Send the texts of prompts and replies too."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, as they hold now."""

    provider: Provider = field(default_factory=Provider)
    streaming: Streaming = field(default_factory=Streaming)
    ui: Ui = field(default_factory=Ui)
    keys: Keys = field(default_factory=Keys)
    history: History = field(default_factory=History)
    local: Local = field(default_factory=Local)
    mcp: Mcp = field(default_factory=Mcp)
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)
