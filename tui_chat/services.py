"""The services that replies can come from: a line here, and a file in `providers`, is all that a new one needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_chat.records import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Service:
    """One service, under its name in the settings."""

    title: str
    """Its name in sentences."""
    adapter: str = ""
    """Its class, as "module:Class", in `providers`."""
    options: Mapping[str, object] = field(default_factory=dict)
    """The arguments of the class besides the configuration."""
    batches: str = ""
    """Its class for batches, as "module:Class", in `providers`; "" for one that takes none."""
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
    usual_model: str = ""
    """The model to begin with; "" for that of the service whose prices hold for it, where its names are the same."""
    small_model: str = ""
    """The model that is asked for a title; "" where none is known that is cheaper than the one that is talked to."""
    package: str = ""
    """The package of its SDK, with the extra that it needs; "" for one without an SDK."""
    searching_models: str = ""
    """A regular expression that finds something in the names of its models that search the web; "" where none does."""
    runs_code: bool = False
    """True if it runs code for the models that are Claude's, or its script's."""
    telemetry: str = ""
    """Its name in the conventions of OpenTelemetry, where it is not the one in the settings."""
    has_gateways: bool = False
    """True if its models are also asked for at other addresses, under the same names."""
    has_own_servers: bool = False
    """True if servers that run a model of the user's own speak its wire: nearby, one may have to be loaded first."""
    on_this_machine: bool = False
    """True if the program starts its server on this machine, and its replies cost nothing."""
    runs_model: bool = False
    """True if that server runs a model, which takes its time to load and to read."""
    scripted: bool = False
    """True if its replies come from a script: no model reads what is sent."""
    takes_tools: bool = True
    """True if its models may call tools of ours."""
    option: str = ""
    """The help of the option that has its name; "" where `--provider` is the only way to choose it."""
    needs: str = ""
    """The variables and credentials that the vendor's own client looks for in the environment, in words."""


DEFAULT = "anthropic"
"""The service that is asked where none is chosen."""
STAND_IN = "demo"
"""The service that is asked where the key of the usual one is missing."""

_CLAUDE = "anthropic:AnthropicProvider"
_BATCHES = "anthropic_batches:AnthropicBatches"
_SDK = "anthropic"
_ANY_CLAUDE = "claude-"
_AWS = "AWS_REGION and the AWS credentials"
_AWS_DOMAINS = ("amazonaws.com", "api.aws")
_GOOGLE_DOMAINS = ("googleapis.com",)

_ANTHROPIC = Service(
    "Anthropic",
    _CLAUDE,
    batches=_BATCHES,
    key="ANTHROPIC_API_KEY",
    token="ANTHROPIC_AUTH_TOKEN",
    address="ANTHROPIC_BASE_URL",
    host="api.anthropic.com",
    domains=("anthropic.com",),
    usual_model="claude-sonnet-5-5",
    small_model="claude-haiku-5-5",
    package=_SDK,
    searching_models=_ANY_CLAUDE,
    runs_code=True,
    has_gateways=True,
)
SERVICES: Mapping[str, Service] = {
    DEFAULT: _ANTHROPIC,
    "openai": Service(
        "OpenAI",
        "openai:OpenAIProvider",
        key="OPENAI_API_KEY",
        address="OPENAI_BASE_URL",
        host="api.openai.com",
        domains=("openai.com",),
        usual_model="gpt-6.1-sol",
        package="openai",
        searching_models="-search-",
        has_own_servers=True,
    ),
    "bedrock": Service(
        "Amazon Bedrock",
        _CLAUDE,
        {"client": "AsyncAnthropicBedrock", "counts": False},
        domains=_AWS_DOMAINS,
        usual_model="anthropic.claude-sonnet-5-5",
        package=f"{_SDK}[bedrock]",
        needs=_AWS,
        telemetry="aws.bedrock",
    ),
    "bedrock-mantle": Service(
        "Amazon Bedrock",
        _CLAUDE,
        {"client": "AsyncAnthropicBedrockMantle"},
        domains=_AWS_DOMAINS,
        usual_model="anthropic.claude-sonnet-5-5",
        package=f"{_SDK}[aws]",
        needs=_AWS,
        telemetry="aws.bedrock",
    ),
    "aws": Service(
        "Claude on AWS",
        _CLAUDE,
        {"client": "AsyncAnthropicAWS"},
        domains=_AWS_DOMAINS,
        prices="anthropic",
        package=f"{_SDK}[aws]",
        searching_models=_ANY_CLAUDE,
        runs_code=True,
        needs=f"ANTHROPIC_AWS_WORKSPACE_ID, {_AWS}",
        telemetry="anthropic",
    ),
    "vertex": Service(
        "Google Vertex AI",
        _CLAUDE,
        {"client": "AsyncAnthropicVertex"},
        domains=_GOOGLE_DOMAINS,
        usual_model="claude-sonnet-5-5",
        package=f"{_SDK}[vertex]",
        searching_models=_ANY_CLAUDE,
        needs="CLOUD_ML_REGION, ANTHROPIC_VERTEX_PROJECT_ID and Google's credentials",
        telemetry="gcp.vertex_ai",
    ),
    "google-cloud": Service(
        "Claude on Google Cloud",
        _CLAUDE,
        {"client": "AsyncAnthropicGoogleCloud"},
        domains=_GOOGLE_DOMAINS,
        prices="anthropic",
        package=f"{_SDK}[google-cloud]",
        searching_models=_ANY_CLAUDE,
        runs_code=True,
        needs="ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID and Google's credentials",
        telemetry="anthropic",
    ),
    "foundry": Service(
        "Microsoft Foundry",
        _CLAUDE,
        {"client": "AsyncAnthropicFoundry"},
        domains=("azure.com",),
        prices="anthropic",
        package=_SDK,
        searching_models=_ANY_CLAUDE,
        runs_code=True,
        needs="ANTHROPIC_FOUNDRY_RESOURCE and ANTHROPIC_FOUNDRY_API_KEY",
        telemetry="azure.ai.inference",
    ),
    "simulated": replace(_ANTHROPIC, options={"streams": False}, prices="anthropic", telemetry="anthropic"),
    "local": Service(
        "the local model",
        _CLAUDE,
        usual_model="smollm2-135m-instruct",
        package=_SDK,
        on_this_machine=True,
        runs_model=True,
        takes_tools=False,
        option="a small model on this machine, no key needed",
    ),
    STAND_IN: Service(
        "the demo server",
        _CLAUDE,
        batches=_BATCHES,
        usual_model="demo",
        package=_SDK,
        on_this_machine=True,
        searching_models=".",
        runs_code=True,
        scripted=True,
        option="scripted replies, no key needed",
    ),
}
"""All of them; those that set prices of their own which are not known here have no table."""


def service(name: str) -> Service:
    """Return the service of a name; of an unknown one, only the name is known."""
    return SERVICES.get(name) or Service(name)


def own_servers() -> str:
    """Return the service whose wire the servers of one's own speak."""
    return next(name for name, known in SERVICES.items() if known.has_own_servers)


def short_options() -> Mapping[str, str]:
    """Return the services that an option of the command line is short for, each with what the help says of it."""
    return {name: known.option for name, known in SERVICES.items() if known.option}


def key_variables() -> Sequence[str]:
    """Return the variables that a key is read from."""
    return tuple(dict.fromkeys(known.key for known in SERVICES.values() if known.key))


def sdk_packages() -> Sequence[str]:
    """Return the packages of all SDKs."""
    packages = (known.package.partition("[")[0] for known in SERVICES.values())
    return tuple(dict.fromkeys(filter(None, packages)))


def price_list(name: str) -> str:
    """Return the table of `models.toml` that holds for a service, if there is one."""
    return service(name).prices or name
