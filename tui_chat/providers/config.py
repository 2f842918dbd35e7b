"""The facts that a provider is made from, and the check of its key."""

from __future__ import annotations

import re
from concurrent.futures import Future
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import urlsplit

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.patterns import pattern
from tui_chat.records import dataclass, field
from tui_chat.services import service, short_options

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""This machine: the proxies of the environment are not asked the way to it."""

LAST_PORT = 65535

_HERE = pattern(r"http://(?:127\.0\.0\.1|localhost|\[::1\]):([1-9][0-9]{0,4})/v1")
"""The addresses on this machine that are asked for a model though only a conversation names them."""

OWN_MODEL_PATIENCE_S = 300.0
"""Seconds that a model on a machine of one's own may take to its first token: it may have to be loaded before."""


@dataclass(frozen=True)
class ProviderConfig:
    """The way to one provider."""

    name: str
    """Its name in the settings."""
    base_url: str | None = None
    """Another address than the vendor's own."""
    api_key: str = field(default="", repr=False)
    """Never shown, logged or stored."""
    bearer: bool = False
    """True if the key is a gateway's token."""
    keyless: bool = False
    """True if nothing may be sent that says who the user is: only a conversation names this address, no setting."""
    connect_timeout_s: float = 10.0
    """Seconds that a connection may take to open."""
    read_timeout_s: float = 60.0
    """Seconds that the line may be silent before the reply counts as stalled."""
    first_token_timeout_s: float | None = None
    """The same before the first token; None: as long as such a provider may well take."""
    vendor_prices: bool = False
    """True if the service's usual model, limits and prices hold at another address, too."""
    simulate_rate: float = 400.0
    """Characters a second at which a reply is shown that the provider cannot stream."""
    starting: Future[ProviderConfig] | None = field(default=None, repr=False, compare=False)
    """The way to it once it runs, or why it cannot, where the provider's server is still starting."""

    @property
    def display_name(self) -> str:
        """Its name in sentences."""
        return service(self.name).title

    @property
    def own_server(self) -> bool:
        """True if a server of the user's own is asked, of which nothing is known but what it says itself."""
        return is_own_server(self.name, self.base_url or "", vendor_prices=self.vendor_prices)

    @property
    def on_this_machine(self) -> bool:
        """True if what is sent stays here; a proxy that leads to the vendor (`vendor_prices`) sends it on."""
        if not self.base_url:
            return service(self.name).on_this_machine
        return not self.vendor_prices and _is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def address(self) -> str:
        """Its address; "" where only the vendor's client knows."""
        return self.base_url or (f"https://{host}" if (host := service(self.name).host) else "")

    @cached_property
    def patience_s(self) -> float:
        """Seconds that the line may be silent before the first token."""
        usual = OWN_MODEL_PATIENCE_S if _is_own_model(self.name, self.base_url or "") else 0.0
        return self.first_token_timeout_s or max(self.read_timeout_s, usual)

    @property
    def key(self) -> str:
        """The key without the line end that a shell or a file may have left on it."""
        return self.api_key.strip()


def is_own_server(name: str, base_url: str, *, vendor_prices: bool) -> bool:
    """True if an address is neither a service's own, by itself or by the settings, nor this machine's model or demo."""
    if vendor_prices or not base_url or service(name).on_this_machine:
        return False
    host = urlsplit(base_url).hostname or ""
    return not any(f".{host}".endswith(f".{domain}") for domain in service(name).domains)


def port_here(name: str, base_url: str) -> int | None:
    """Return the port of a server of the user's own on this machine; None for every other address."""
    match = _HERE.fullmatch(base_url) if service(name).has_own_servers else None
    port = int(match[1]) if match else 0
    return port if 0 < port <= LAST_PORT else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost" or host.endswith(".localhost")


def needs_key(name: str) -> bool:
    """True if this provider, at the vendor's own address, cannot be asked without a key."""
    return service(name).key != ""


def key_problem(config: ProviderConfig) -> ChatError | None:
    """Return why the key cannot be used, noticed before anything is sent; None where nothing speaks against it."""
    if not needs_key(config.name):
        return None
    if not config.key:
        # A server of one's own seldom has one.
        return None if config.base_url is not None else _unusable(config, "There is no key for")
    if not all("!" <= character <= "~" for character in config.key):
        # It would go into a header, and the HTTP library's complaint would quote it.
        return _unusable(config, "A character that no key has is in the key for")
    return None


def other_form(base_url: str) -> str:
    """Return an address with the `/v1` that it lacks, or without the one that it has too many: the usual mistake."""
    plain = base_url.rstrip("/")
    return plain.removesuffix("/v1") if plain.endswith("/v1") else f"{plain}/v1"


def _unusable(config: ProviderConfig, problem: str) -> ChatError:
    keyless = " or ".join(f"--{name}" for name in short_options())
    way_out = f"set {service(config.name).key}, run `tui-chat key set`, or use {keyless}, which need none"
    return ChatError(ErrorKind.AUTHENTICATION, f"{problem} {config.display_name}: {way_out}.")


def _is_own_model(name: str, base_url: str) -> bool:
    """True if the model runs on this machine or on one nearby: it may read a long prompt slowly, and be well."""
    if not service(name).has_own_servers:
        return service(name).runs_model
    match = re.match(r"https?://(?:[^/@]*@)?(\[[^\]]+\]|[^/:]+)", base_url)
    host = match[1].strip("[]") if match else ""
    try:
        return ip_address(host).is_private
    except ValueError:  # a name
        return host == "localhost" or host.endswith(".local")
