"""The facts about a model when one chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import utc_now
from tui_chat.chat.models import Model, Price
from tui_chat.providers import ModelList
from tui_chat.ui.settings.model_offers import model_offers
from tui_chat.ui.shared.model_facts import about_model, problem_with
from tui_chat.ui.shared.model_label import model_label

MODEL = Model("m-1", "M 1", 1_000_000, 128_000, Price(2.0, 10.0, 0.1, 2.5))


@pytest.mark.parametrize(
    ("model", "about"),
    [
        (MODEL, "M 1 · 1M context · 128k a reply · $2 in, $10 out"),
        (Model("m-1"), "price unknown"),
        (replace(MODEL, price=None, name="m-1", max_output=None), "1M context · price unknown"),
        (Model("m", price=Price(0, 0, 0, 0)), "free"),
        (Model("m", deprecated=True), "price unknown · deprecated"),
        (Model("m", deprecated=True, retires="2126-11-30"), "price unknown · deprecated, retires on 2126-11-30"),
    ],
)
def test_a_models_limits_price_and_end_are_told(model: Model, about: str) -> None:
    assert about_model(model) == about


@pytest.mark.parametrize(
    ("model", "label"),
    [
        ("claude-haiku-4-5", "claude-haiku-4-5"),
        ("openai/gpt-oss-20b:free", "openai/gpt-oss-20b:free"),
        ("/models/qwen/Qwen2.5-0.5B-Q4_K_M.gguf", "Qwen2.5-0.5B-Q4_K_M"),
        ("C:\\models\\tiny.GGUF", "tiny"),
        ("models/tiny.gguf", "tiny"),
        ("/srv/weights/tiny-model/", "tiny-model"),
        ("one\x1btwo", "one\ufffdtwo"),
    ],
)
def test_a_model_in_a_file_is_called_by_the_files_name(model: str, label: str) -> None:
    assert model_label(model) == label


def test_the_usual_model_comes_first_and_any_other_can_be_typed() -> None:
    offers = model_offers(ModelList((MODEL,)))
    assert [offer.value for offer in offers.values] == ["", "m-1"]
    assert offers.open


def test_a_list_that_could_not_be_made_new_says_why_and_how_old_it_is() -> None:
    problem = ChatError(ErrorKind.NETWORK, "Nothing answers.")
    assert problem_with(ModelList((MODEL,), utc_now())) == ""
    assert problem_with(ModelList((), None, problem)) == "The list is what this version knows. Nothing answers."
    yesterday = utc_now() - timedelta(days=1)
    assert problem_with(ModelList((), yesterday, problem)) == "The list was told yesterday. Nothing answers."
