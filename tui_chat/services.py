"""The services that replies can come from: a line here, and a file in `providers`, is all that a new one needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Service:
    """One service, under its name in the settings."""

    title: str
    """Its name in sentences."""
    adapter: str = ""
    """Its class, as "module:Class", in `providers`."""
    options: Mapping[str, object] = field(default_factory=dict)
    """The arguments of the class besides the configuration."""
    key: str = ""
    """The environment variable of its key; "" for one that needs none of ours."""
    token: str = ""
    """The environment variable of a gateway's token, which may stand for the key."""
    address: str = ""
    """The environment variable of its address."""
    host: str = ""
    """Its usual host; "" where that depends on the account."""
    domains: tuple[str, ...] = ()
    """Every address in these is the service itself."""
    prices: str = ""
    """The table of `models.toml` whose models and prices hold for it, where that is another's."""
    package: str = ""
    """The package that has to be installed for it."""
    telemetry: str = ""
    """Its name in the conventions of OpenTelemetry, where it is not the one in the settings."""
    has_gateways: bool = False
    """True if its models are also asked for at other addresses, under the same names."""
    on_this_machine: bool = False
    """True if replies come from this machine, and cost nothing."""
    needs: str = ""
    """The variables and credentials that the vendor's own client looks for in the environment, in words."""


_CLAUDE = "anthropic:AnthropicProvider"
_AWS = "AWS_REGION and the AWS credentials"
_AWS_DOMAINS = ("amazonaws.com", "api.aws")
_GOOGLE_DOMAINS = ("googleapis.com",)

_ANTHROPIC = Service(
    "Anthropic",
    _CLAUDE,
    key="ANTHROPIC_API_KEY",
    token="ANTHROPIC_AUTH_TOKEN",
    address="ANTHROPIC_BASE_URL",
    host="api.anthropic.com",
    domains=("anthropic.com",),
    has_gateways=True,
)
SERVICES: Mapping[str, Service] = {
    "anthropic": _ANTHROPIC,
    "openai": Service(
        "OpenAI",
        "openai:OpenAIProvider",
        key="OPENAI_API_KEY",
        address="OPENAI_BASE_URL",
        host="api.openai.com",
        domains=("openai.com",),
        package="openai",
    ),
    "bedrock": Service(
        "Amazon Bedrock",
        _CLAUDE,
        {"client": "AsyncAnthropicBedrock", "counts": False},
        domains=_AWS_DOMAINS,
        package="anthropic[bedrock]",
        needs=_AWS,
        telemetry="aws.bedrock",
    ),
    "bedrock-mantle": Service(
        "Amazon Bedrock",
        _CLAUDE,
        {"client": "AsyncAnthropicBedrockMantle"},
        domains=_AWS_DOMAINS,
        package="anthropic[aws]",
        needs=_AWS,
        telemetry="aws.bedrock",
    ),
    "aws": Service(
        "Claude on AWS",
        _CLAUDE,
        {"client": "AsyncAnthropicAWS"},
        domains=_AWS_DOMAINS,
        prices="anthropic",
        package="anthropic[aws]",
        needs=f"ANTHROPIC_AWS_WORKSPACE_ID, {_AWS}",
        telemetry="anthropic",
    ),
    "vertex": Service(
        "Google Vertex AI",
        _CLAUDE,
        {"client": "AsyncAnthropicVertex"},
        domains=_GOOGLE_DOMAINS,
        package="anthropic[vertex]",
        needs="CLOUD_ML_REGION, ANTHROPIC_VERTEX_PROJECT_ID and Google's credentials",
        telemetry="gcp.vertex_ai",
    ),
    "google-cloud": Service(
        "Claude on Google Cloud",
        _CLAUDE,
        {"client": "AsyncAnthropicGoogleCloud"},
        domains=_GOOGLE_DOMAINS,
        prices="anthropic",
        package="anthropic[google-cloud]",
        needs="ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID and Google's credentials",
        telemetry="anthropic",
    ),
    "foundry": Service(
        "Microsoft Foundry",
        _CLAUDE,
        {"client": "AsyncAnthropicFoundry"},
        domains=("azure.com",),
        prices="anthropic",
        needs="ANTHROPIC_FOUNDRY_RESOURCE and ANTHROPIC_FOUNDRY_API_KEY",
        telemetry="azure.ai.inference",
    ),
    "simulated": replace(_ANTHROPIC, options={"streams": False}, prices="anthropic", telemetry="anthropic"),
    "local": Service("the local model", _CLAUDE, on_this_machine=True),
    "demo": Service("the demo server", _CLAUDE, on_this_machine=True),
}
"""All of them; those that set prices of their own which are not known here have no table."""


def service(name: str) -> Service:
    """Return the service of a name; of an unknown one, only the name is known."""
    return SERVICES.get(name) or Service(name)


def price_list(name: str) -> str:
    """Return the table of `models.toml` that holds for a service, if there is one."""
    return service(name).prices or name
