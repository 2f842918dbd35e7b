"""Flags over environment over file, and where each value comes from."""

from __future__ import annotations

import pytest

from tui_chat.settings import Loaded, Origin, Settings, SettingsError, api_key
from tui_chat.settings.read import read
from tui_chat.settings.resolve import resolve


def file(text: str) -> Loaded:
    return read("config.toml", text.encode())


def test_nothing_said_anywhere_is_the_defaults() -> None:
    resolved = resolve(Loaded(), {}, {})
    assert resolved.settings == Settings()
    assert resolved.origin("streaming.mode") is Origin.DEFAULT
    assert not resolved.problems
    assert not resolved.no_color


def test_a_flag_goes_over_the_environment_and_the_environment_over_the_file() -> None:
    loaded = file('[provider]\nbase_url = "http://file"\nmodel = "m"\n[streaming]\nmode = "batch"\n')
    environ = {"ANTHROPIC_BASE_URL": "http://environment"}
    assert resolve(loaded, {}, {}).settings.provider.base_url == "http://file"

    resolved = resolve(loaded, environ, {"streaming.mode": "stream"})
    assert resolved.settings.provider.base_url == "http://environment"
    assert resolved.settings.streaming.mode == "stream"
    assert resolved.settings.provider.model == "m"
    keys = ("provider.base_url", "streaming.mode", "provider.model", "streaming.resume")
    assert [resolved.origin(key) for key in keys] == ["environment", "flag", "file", "default"]

    resolved = resolve(loaded, environ, {"provider.base_url": "http://flag"})
    assert resolved.settings.provider.base_url == "http://flag"
    assert resolved.origin("provider.base_url") is Origin.FLAG


@pytest.mark.parametrize(
    ("provider", "address"),
    [("anthropic", "http://a"), ("openai", "http://o"), ("demo", ""), ("local", ""), ("bedrock", "")],
)
def test_an_address_in_the_environment_is_for_its_own_provider(provider: str, address: str) -> None:
    environ = {"ANTHROPIC_BASE_URL": "http://a", "OPENAI_BASE_URL": "http://o"}
    assert resolve(Loaded(), environ, {"provider.name": provider}).settings.provider.base_url == address
    assert resolve(file(f'provider.name = "{provider}"'), environ, {}).settings.provider.base_url == address


def test_another_provider_by_flag_does_not_get_the_address_and_model_of_the_files_provider() -> None:
    loaded = file('[provider]\nbase_url = "http://file"\nmodel = "claude"\nmax_tokens = 5\n')
    resolved = resolve(loaded, {}, {"provider.name": "openai"})
    assert (resolved.settings.provider.base_url, resolved.settings.provider.model) == ("", "")
    assert resolved.settings.provider.max_tokens == 5
    assert resolved.origin("provider.model") is Origin.DEFAULT
    assert resolve(loaded, {}, {"provider.name": "anthropic"}).settings.provider.model == "claude"
    assert resolve(loaded, {}, {"provider.name": "openai", "provider.model": "x"}).settings.provider.model == "x"


def test_a_provider_that_is_not_known_takes_its_address_with_it() -> None:
    resolved = resolve(file('[provider]\nname = "opnai"\nbase_url = "http://elsewhere"\nmodel = "m"\n'), {}, {})
    assert resolved.settings.provider == Settings().provider


def test_a_bad_address_in_the_environment_is_named_and_left_out() -> None:
    resolved = resolve(file('[provider]\nbase_url = "http://file"\n'), {"ANTHROPIC_BASE_URL": "localhost"}, {})
    assert resolved.settings.provider.base_url == "http://file"
    (problem,) = resolved.problems
    assert problem.message.startswith('ANTHROPIC_BASE_URL: provider.base_url = "localhost" is not allowed (an address')


def test_the_files_problems_are_kept() -> None:
    assert len(resolve(file("[streaming]\nmode = 1\n"), {}, {}).problems) == 1


def test_a_flag_that_is_not_allowed_is_an_error() -> None:
    with pytest.raises(SettingsError, match="5 to 60"):
        resolve(Loaded(), {}, {"streaming.frames_per_second": 0})
    with pytest.raises(SettingsError, match="did you mean"):
        resolve(Loaded(), {}, {"streaming.mod": "batch"})


def test_no_color_counts_when_it_says_something() -> None:
    assert resolve(Loaded(), {"NO_COLOR": "1"}, {}).no_color
    assert not resolve(Loaded(), {"NO_COLOR": ""}, {}).no_color


def test_a_key_is_read_for_its_provider_and_is_no_setting() -> None:
    environ = {"ANTHROPIC_API_KEY": " secret-a\n", "OPENAI_API_KEY": "secret-o"}
    assert api_key(environ, "anthropic") == "secret-a"
    assert api_key(environ, "openai") == "secret-o"
    assert api_key(environ, "demo") == ""
    assert api_key({}, "anthropic") == ""
    assert "secret-" not in repr(resolve(Loaded(), environ, {}))
