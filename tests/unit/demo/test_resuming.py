"""The rest of a reply that broke off: joined they are the script, unless the seam is made to misbehave."""

from typing import Any

import pytest

from tui_chat.demo import script_for

PROMPT = "/seed 1\nTell me about rivers"
SCRIPT = script_for(PROMPT)


def question(partial: str) -> str:
    """Return the form in which the rest is asked for."""
    return (
        f"Your previous response was interrupted by a network error. It ended with:\n<tail>{partial[-300:]}</tail>\n"
        "Continue from exactly there. Do not repeat that text, do not restart, do not comment on the interruption."
    )


@pytest.mark.parametrize("place", [1, 17, 120, SCRIPT.index("\n\n") + 2, SCRIPT.index("\n\n"), len(SCRIPT) - 1])
async def test_a_reply_goes_on_exactly_where_it_broke_off(place: int, serve: Any, ask: Any) -> None:
    partial = SCRIPT[:place]
    heard = await ask(serve(), PROMPT, partial.rstrip(), question(partial))
    assert partial + heard.text == SCRIPT
    assert heard.whole


@pytest.mark.parametrize(("fault", "begun"), [("", True), ("seam-exact", False)])
async def test_a_reply_goes_on_with_the_words_that_it_is_asked_to_begin_with(
    fault: str, begun: bool, serve: Any, ask: Any
) -> None:
    prompt = f"/fault {fault}\nTell me about rivers" if fault else "Tell me about rivers"
    script = script_for(prompt)
    partial = script[: script.index("\n\n") + 2]
    again = partial.rstrip()[-9:]
    asked = f"{question(partial)} Begin with <again>{again}</again>"
    heard = await ask(serve(), prompt, partial.rstrip(), asked)
    assert heard.text == (f"{again}\n\n" if begun else "") + script[len(partial) :]


async def test_a_prefilled_answer_goes_on_too(serve: Any, ask: Any) -> None:
    partial = SCRIPT[:50].rstrip()
    assert partial + (await ask(serve(), PROMPT, partial)).text == SCRIPT


async def test_a_reply_that_is_cut_several_times_comes_whole_in_the_end(serve: Any, ask: Any) -> None:
    server, partial, requests = serve("reset@20x3"), "", 0
    heard = await ask(server, PROMPT)
    while not heard.whole:
        partial, requests = partial + heard.text, requests + 1
        heard = await ask(server, PROMPT, partial.rstrip(), question(partial))
    assert partial + heard.text == SCRIPT
    assert requests == 3


async def test_a_whole_reply_has_nothing_left(serve: Any, ask: Any) -> None:
    heard = await ask(serve(), PROMPT, SCRIPT.rstrip(), question(SCRIPT))
    assert (heard.text, heard.whole, heard.blocks) == ("", True, [])


async def test_thinking_is_not_thought_again(serve: Any, ask: Any) -> None:
    script = script_for("A riddle, please")
    heard = await ask(serve(), "A riddle, please", script[:40].rstrip(), question(script[:40]))
    assert heard.blocks == ["text"]
    assert script[:40] + heard.text == script


async def test_a_reply_cut_at_its_limit_can_be_continued(serve: Any, ask: Any) -> None:
    server = serve("max_tokens@30")
    first = await ask(server, PROMPT)
    assert (first.stop_reason, first.output_tokens) == ("max_tokens", 30)
    rest = await ask(server, PROMPT, first.text.rstrip(), question(first.text))
    assert first.text + rest.text == SCRIPT
    assert rest.stop_reason == "end_turn"


async def test_a_paused_turn_goes_on_when_it_is_sent_back(serve: Any, ask: Any) -> None:
    server = serve("pause_turn@30")
    first = await ask(server, PROMPT)
    assert first.stop_reason == "pause_turn"
    assert first.text.rstrip() + (await ask(server, PROMPT, first.text.rstrip())).text == SCRIPT


@pytest.mark.parametrize(
    ("fault", "begins"),
    [
        ("seam-repeat", " from far away, and from"),
        ("seam-restart", "There are three ways to look at it: from close up, from far away, and from"),
        ("seam-space", " "),
    ],
)
async def test_a_seam_can_be_made_to_misbehave(fault: str, begins: str, serve: Any, ask: Any) -> None:
    seed = next(seed for seed in range(9) if "three ways" in script_for("Tell me about rivers", seed))
    script = script_for("Tell me about rivers", seed)
    partial = script[: script.index(" the side.")]
    heard = await ask(serve(fault, seed=seed), "Tell me about rivers", partial, question(partial))
    assert heard.text == begins + script[len(partial) :]
