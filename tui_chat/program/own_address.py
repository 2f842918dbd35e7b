"""The address that was chosen with a conversation's model, and what may be sent there."""

from __future__ import annotations

from tui_chat.providers import is_own_server
from tui_chat.records import dataclass
from tui_chat.redaction import redacted_address
from tui_chat.services import service
from tui_chat.settings.schema import Provider
from tui_chat.text import clean_line, reading


@dataclass(frozen=True, slots=True)
class AddressUse:
    """The use that may be made of the address that holds for a conversation."""

    keyless: bool = False
    """True if only the conversation names it, not the settings: no key goes there."""
    refusal: str = ""
    """The reason why nothing may be sent, in a sentence; "" where it may."""


AS_SET = AddressUse()
"""The address of the settings, which any key is for."""


def own_address(provider: Provider) -> str:
    """Return the address of a server of the user's own, without its login; "" where the service itself is asked."""
    is_own = is_own_server(provider.name, provider.base_url, vendor_prices=provider.vendor_prices)
    return redacted_address(provider.base_url).rstrip("/") if is_own else ""


def refusal(chosen: str, provider: Provider) -> str:
    """Return that a model was chosen at another address than that of the settings, in a sentence."""
    usual = f"the address of {service(provider.name).title} itself"
    there, now = reading.sentence(clean_line(redacted_address(chosen))) or usual, own_address(provider) or usual
    return f"This conversation's model was chosen at {there}; the settings now have {now}."
