"""The services that replies can come from: a line here, and a file in `providers`, is all that a new one needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Service:
    """One service, under its name in the settings."""

    title: str
    """Its name in sentences."""
    adapter: str = ""
    """Its class, as "module:Class", in `providers`."""
    options: Mapping[str, object] = field(default_factory=dict)
    """What the class is made with besides the configuration."""
    key: str = ""
    """The environment variable of its key; "" for one that needs none of ours."""
    token: str = ""
    """The environment variable of a gateway's token, which may stand for the key."""
    address: str = ""
    """The environment variable of its address."""
    prices: str = ""
    """The table of `models.toml` whose models and prices hold for it, where that is another's."""
    package: str = ""
    """What has to be installed for it."""
    needs: str = ""
    """What the vendor's own client looks for in the environment, in words."""


_CLAUDE = "anthropic:AnthropicProvider"
_AWS = "AWS_REGION and the AWS credentials"

SERVICES: Mapping[str, Service] = {
    "anthropic": Service(
        "Anthropic", _CLAUDE, key="ANTHROPIC_API_KEY", token="ANTHROPIC_AUTH_TOKEN", address="ANTHROPIC_BASE_URL"
    ),
    "openai": Service(
        "OpenAI",
        "openai:OpenAIProvider",
        key="OPENAI_API_KEY",
        address="OPENAI_BASE_URL",
        package="openai",
    ),
    "bedrock": Service(
        "Amazon Bedrock",
        _CLAUDE,
        {"client": "AsyncAnthropicBedrock", "counts": False},
        package="anthropic[bedrock]",
        needs=_AWS,
    ),
    "bedrock-mantle": Service(
        "Amazon Bedrock", _CLAUDE, {"client": "AsyncAnthropicBedrockMantle"}, package="anthropic[aws]", needs=_AWS
    ),
    "aws": Service(
        "Claude on AWS",
        _CLAUDE,
        {"client": "AsyncAnthropicAWS"},
        prices="anthropic",
        package="anthropic[aws]",
        needs=f"ANTHROPIC_AWS_WORKSPACE_ID, {_AWS}",
    ),
    "vertex": Service(
        "Google Vertex AI",
        _CLAUDE,
        {"client": "AsyncAnthropicVertex"},
        package="anthropic[vertex]",
        needs="CLOUD_ML_REGION, ANTHROPIC_VERTEX_PROJECT_ID and Google's credentials",
    ),
    "google-cloud": Service(
        "Claude on Google Cloud",
        _CLAUDE,
        {"client": "AsyncAnthropicGoogleCloud"},
        prices="anthropic",
        package="anthropic[google-cloud]",
        needs="ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID and Google's credentials",
    ),
    "foundry": Service(
        "Microsoft Foundry",
        _CLAUDE,
        {"client": "AsyncAnthropicFoundry"},
        prices="anthropic",
        needs="ANTHROPIC_FOUNDRY_RESOURCE and ANTHROPIC_FOUNDRY_API_KEY",
    ),
    "simulated": Service(
        "Anthropic",
        _CLAUDE,
        {"streams": False},
        key="ANTHROPIC_API_KEY",
        token="ANTHROPIC_AUTH_TOKEN",
        address="ANTHROPIC_BASE_URL",
        prices="anthropic",
    ),
    "local": Service("the local model", _CLAUDE),
    "demo": Service("the demo server", _CLAUDE),
}
"""All of them; those that set prices of their own which are not known here have no table."""


def service(name: str) -> Service:
    """The service of a name; of one that there is not, nothing but the name is known."""
    return SERVICES.get(name) or Service(name)


def price_list(name: str) -> str:
    """The table of `models.toml` that holds for a service, if there is one."""
    return service(name).prices or name
