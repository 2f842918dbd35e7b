"""`tui-chat ask --prompts --batch-api` against the real demo server, through the real SDK."""

from __future__ import annotations

import json
import re
import signal
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import Command
from tests.e2e.conftest import KEY
from tests.e2e.forking import FIRST
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, script_for
from tui_chat.demo.faults import parse_faults
from tui_chat.demo.log import Log

BATCHES = "/v1/messages/batches"
QUICKLY = """
from tui_chat.cli import evaluate_batches, rate_limit_waits
evaluate_batches.FIRST_LOOK_S = rate_limit_waits.FIRST_WAIT_S = 0.1
"""


@pytest.fixture
def environment(environment: Mapping[str, str]) -> Mapping[str, str]:
    """A program that looks at its batches soon."""
    return {**environment, FIRST: QUICKLY}


@pytest.fixture
def state(output: Path) -> Path:
    """The file that says what is under way."""
    return output.with_name("results.jsonl.batches.json")


@pytest.fixture
def ask(prompts: Path, output: Path) -> tuple[str, ...]:
    return ("ask", "--prompts", str(prompts), "--output", str(output), "--batch-api", "--model", "claude-opus-4-5")


@pytest.fixture
def slow() -> Iterator[DemoServer]:
    """A server that takes a batch and does not come to say so."""
    with DemoServer(rate=0, latency_s=3600) as server:
        yield server


def rows(output: Path) -> list[dict[str, Any]]:
    return sorted((json.loads(line) for line in output.read_bytes().splitlines()), key=lambda row: str(row["id"]))


def sent(log: Log) -> list[Any]:
    """Return the batches that were sent."""
    return [each.body["requests"] for each in log.exchanges if (each.method, each.path) == ("POST", BATCHES)]


def looked_at(log: Log) -> bool:
    return any(each.path.startswith(f"{BATCHES}/") for each in log.exchanges)


def leave_under_way(cli: Command, server: DemoServer, ask: tuple[str, ...]) -> None:
    """Kill the program while its batches are under way; they have ended when they are looked at again."""
    server.batches.held = True
    with cli.start(*ask) as process:
        assert server.wait_for(looked_at, PATIENCE_S)
        process.kill()
    server.batches.held = False


def test_the_results_are_the_same_at_half_the_price(
    cli: Command, server: DemoServer, ask: tuple[str, ...], output: Path, state: Path
) -> None:
    done = cli.run(*ask)
    assert done.returncode == 0, done.stderr.decode()
    assert [(row["id"], row["error"], row["text"]) for row in rows(output)] == [
        ("1", None, script_for("hello")),
        ("2", None, script_for("a table")),
        ("4", None, script_for("python")),
    ]
    assert not server.log.replies, "none was asked for by itself"
    (batch,) = sent(server.log)
    assert all(re.fullmatch("[a-zA-Z0-9_-]{1,64}", each["custom_id"]) for each in batch)
    assert not state.exists()
    other = output.with_name("other.jsonl")
    one_by_one = [str(other) if word == str(output) else word for word in ask if word != "--batch-api"]
    assert cli.run(*one_by_one).returncode == 0
    for half, full in zip(rows(output), rows(other), strict=True):
        assert half.keys() == full.keys()
        assert half["usage"] == full["usage"]
        assert half["cost_usd"] == pytest.approx(full["cost_usd"] / 2)
    assert b"3 prompts sent as batch msgbatch_demo_000001." in done.stderr
    assert cli.run(*ask).returncode == 0
    assert len(sent(server.log)) == 1, "what has a result is not asked again"


def test_each_contender_has_a_batch_of_its_own_with_its_system_prompts(
    cli: Command, server: DemoServer, output: Path
) -> None:
    given = '{"id": "x", "prompt": "hello", "system": "Be brief."}\n{"id": "y", "prompt": "a table"}\n'
    compared = ("--compare", "demo,demo-fast", "--system", "Be kind.", "--batch-api")
    done = cli.run("ask", "--prompts", "-", "--output", str(output), *compared, stdin=given)
    assert done.returncode == 0, done.stderr.decode()
    batches = sent(server.log)
    assert [[each["params"]["model"] for each in batch] for batch in batches] == [["demo"] * 2, ["demo-fast"] * 2]
    assert ["Be brief." in json.dumps(each["params"]["system"]) for each in batches[0]] == [True, False]
    assert sorted((row["id"], row["contender"]) for row in rows(output)) == [
        (id, name) for id in ("x", "y") for name in ("demo", "demo-fast")
    ]


def test_what_errors_or_expires_is_a_failed_row_and_is_asked_again_by_the_next_run(
    cli: Command, server: DemoServer, ask: tuple[str, ...], prompts: Path, output: Path
) -> None:
    failing = ["hello", "/fault 400x1\\na table", "/fault silentx1\\npython"]
    prompts.write_text("".join(f'{{"prompt": "{prompt}"}}\n' for prompt in failing))
    done = cli.run(*ask)
    assert done.returncode == 1
    failed = {row["id"]: row["error"] for row in rows(output) if row["error"]}
    assert failed.keys() == {"2", "3"}
    assert "rejected, as the demo server was asked to do" in failed["2"]
    assert failed["3"] == "The batch expired before this was answered: run the same command again."
    assert cli.run(*ask).returncode == 0
    assert [len(batch) for batch in sent(server.log)] == [3, 2]
    assert sorted(row["id"] for row in rows(output) if not row["error"]) == ["1", "2", "3"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_batch_is_taken_up_again_and_not_sent_twice(
    cli: Command, server: DemoServer, ask: tuple[str, ...], output: Path, state: Path, number: int, status: int
) -> None:
    server.batches.held = True
    with cli.start(*ask) as process:
        assert server.wait_for(looked_at, PATIENCE_S)
        process.send_signal(number)
        _, told = process.communicate(PATIENCE_S)
        assert process.returncode == status
    sentence = b"The batches go on without you; the same command picks them up."
    assert (sentence in told) is (number == signal.SIGINT)
    assert output.read_bytes() == b""
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert json.loads(state.read_bytes())["batches"][0]["id"] == "msgbatch_demo_000001"
    by_itself = cli.run(*(word for word in ask if word != "--batch-api"))
    refusal = f"tui-chat: Batches are under way: add --batch-api, or remove {state} to ask again.\n"
    assert (by_itself.returncode, by_itself.stderr.decode()) == (2, refusal)
    server.batches.held = False
    assert cli.run(*ask).returncode == 0
    assert len(sent(server.log)) == 1
    assert [row["error"] for row in rows(output)] == [None] * 3
    assert not state.exists()


def test_a_prompt_that_is_added_meanwhile_goes_into_a_batch_of_its_own(
    cli: Command, server: DemoServer, ask: tuple[str, ...], prompts: Path, output: Path
) -> None:
    leave_under_way(cli, server, ask)
    prompts.write_text(prompts.read_text() + "a poem\n")
    assert cli.run(*ask).returncode == 0
    assert [len(batch) for batch in sent(server.log)] == [3, 1]
    assert [row["id"] for row in rows(output)] == ["1", "2", "4", "5"]


def test_a_batch_whose_id_never_came_is_found_by_the_names_of_its_requests(
    cli: Command, slow: DemoServer, ask: tuple[str, ...], output: Path, state: Path
) -> None:
    there = {"ANTHROPIC_BASE_URL": slow.url}
    with cli.start(*ask, **there) as process:
        assert slow.wait_for(lambda log: bool(sent(log)), PATIENCE_S)
        process.kill()
        assert process.wait(PATIENCE_S) == -9
    assert json.loads(state.read_bytes())["batches"][0]["id"] == ""
    stranger = {"type": "expired"}
    slow.batches.begin({f"another-{number}": stranger for number in range(3)}, slow.url)
    done = cli.run(*ask, **there)
    assert done.returncode == 0, done.stderr.decode()
    assert b"looking for a batch that was being sent when the last run ended" in done.stderr
    assert len(sent(slow.log)) == 1
    assert [row["error"] for row in rows(output)] == [None] * 3


def test_a_connection_lost_while_a_batch_is_sent_leaves_it_to_the_next_run(
    cli: Command, slow: DemoServer, ask: tuple[str, ...], state: Path
) -> None:
    with cli.start(*ask, ANTHROPIC_BASE_URL=slow.url) as process:
        assert slow.wait_for(lambda log: bool(sent(log)), PATIENCE_S)
        slow.stop()
        _, told = process.communicate(PATIENCE_S)
        assert process.returncode == 1
    assert b"The same command goes on from here." in told
    assert json.loads(state.read_bytes())["batches"][0]["id"] == ""


def test_a_batch_that_never_arrived_is_sent_again(
    cli: Command, server: DemoServer, slow: DemoServer, ask: tuple[str, ...], output: Path, state: Path
) -> None:
    with cli.start(*ask, ANTHROPIC_BASE_URL=slow.url) as process:
        assert slow.wait_for(lambda log: bool(sent(log)), PATIENCE_S)
        process.kill()
    kept = json.loads(state.read_bytes())
    kept["batches"][0]["began_at"] -= 3600  # so long ago that it would be there
    state.write_text(json.dumps(kept))
    done = cli.run(*ask)
    assert done.returncode == 0, done.stderr.decode()
    assert len(sent(server.log)) == 1
    assert [row["error"] for row in rows(output)] == [None] * 3


def test_a_kill_among_the_results_asks_for_none_twice(
    cli: Command, server: DemoServer, ask: tuple[str, ...], output: Path, state: Path
) -> None:
    leave_under_way(cli, server, ask)
    kept = state.read_bytes()
    cli.run(*ask)
    whole = output.read_bytes()
    state.write_bytes(kept)
    output.write_bytes(whole[:-20])  # what a kill leaves
    assert cli.run(*ask).returncode == 0
    assert len(sent(server.log)) == 1
    assert [row["id"] for row in rows(output)] == ["1", "2", "4"]


def test_the_budget_of_the_day_holds(
    cli: Command, server: DemoServer, ask: tuple[str, ...], output: Path, environment: Mapping[str, str]
) -> None:
    settings = Path(environment["TUI_CHAT_CONFIG_DIR"]) / "config.toml"
    settings.write_text("[provider]\nvendor_prices = true\nbudget_usd_per_day = 0.0000001\n")
    done = cli.run(*ask)
    assert (done.returncode, sent(server.log)) == (1, [])
    assert b"the budget is" in done.stderr


def test_a_prompt_with_a_secret_stays_here(
    cli: Command,
    server: DemoServer,
    ask: tuple[str, ...],
    prompts: Path,
    output: Path,
    environment: Mapping[str, str],
) -> None:
    settings = Path(environment["TUI_CHAT_CONFIG_DIR"]) / "config.toml"
    settings.write_text("[provider]\nvendor_prices = true\nsecret_check = true\n")
    prompts.write_text(f"hello\nIs {KEY} a key?\n")
    cli.run(*ask)
    assert [len(batch) for batch in sent(server.log)] == [1]
    assert [bool(row["error"]) for row in rows(output)] == [False, True]


def test_a_rate_limit_is_waited_for(cli: Command, ask: tuple[str, ...], output: Path) -> None:
    with DemoServer(rate=0, latency_s=0, faults=parse_faults("429x1")) as server:
        done = cli.run(*ask, ANTHROPIC_BASE_URL=server.url)
        statuses = [each.status for each in server.log.exchanges if (each.method, each.path) == ("POST", BATCHES)]
    assert statuses == [429, 200]
    assert b"Waiting 0 s." in done.stderr
    assert len(rows(output)) == 3


def test_what_is_not_taken_at_all_is_said_and_leaves_nothing_behind(
    cli: Command, ask: tuple[str, ...], state: Path
) -> None:
    with DemoServer(faults=parse_faults("401")) as server:
        done = cli.run(*ask, ANTHROPIC_BASE_URL=server.url)
    assert done.returncode == 1
    assert b"rejected the key" in done.stderr
    assert not state.exists()


def test_a_key_that_is_not_accepted_ends_that_model_alone(
    cli: Command, prompts: Path, output: Path, state: Path
) -> None:
    ask = ("ask", "--prompts", str(prompts), "--output", str(output), "--batch-api", "--compare", "demo,demo-fast")
    with DemoServer(rate=0, latency_s=0, faults=parse_faults("401x1")) as server:
        done = cli.run(*ask, ANTHROPIC_BASE_URL=server.url)
        assert done.returncode == 1
        said = [line for line in done.stderr.decode().splitlines() if "The same command goes on from here." in line]
        assert [line.partition(":")[0] for line in said] == ["demo", "demo-fast"]
        assert not rows(output)
        assert not state.exists()
    assert cli.run(*ask).returncode == 0
    assert len(rows(output)) == 6


def test_a_batch_that_is_refused_ends_that_model_alone(
    cli: Command, server: DemoServer, prompts: Path, output: Path, state: Path
) -> None:
    ask = ("ask", "--prompts", str(prompts), "--output", str(output), "--batch-api", "--compare", "demo,demo-fast")
    leave_under_way(cli, server, ask)
    refused = server.batches._batches.pop("msgbatch_demo_000001")
    done = cli.run(*ask)
    assert done.returncode == 1
    said = [line for line in done.stderr.decode().splitlines() if "The same command goes on from here." in line]
    assert [line.partition(":")[0] for line in said] == ["demo"]
    assert [row["contender"] for row in rows(output)] == ["demo-fast"] * 3
    assert [batch["contender"] for batch in json.loads(state.read_bytes())["batches"]] == ["demo"]
    server.batches._batches[refused.id] = refused
    assert cli.run(*ask).returncode == 0
    assert len(rows(output)) == 6
    assert len(sent(server.log)) == 2


def test_a_server_that_is_away_is_said_at_once(cli: Command, ask: tuple[str, ...], state: Path) -> None:
    done = cli.run(*ask, ANTHROPIC_BASE_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert b"connection refused" in done.stderr
    assert not state.exists()


def test_a_file_of_another_kind_is_left_alone(
    cli: Command, server: DemoServer, ask: tuple[str, ...], state: Path
) -> None:
    state.write_text('{"batches": [1]}')
    done = cli.run(*ask)
    assert done.returncode == 1
    assert f"{state} does not say which batches are under way" in done.stderr.decode()
    assert state.read_text() == '{"batches": [1]}'
    assert not sent(server.log)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--prompts", "{file}", "--batch-api"], "--batch-api needs --output FILE: beside it stands which batches"),
        (["--batch-api", "hello"], "--batch-api is for the prompts of --prompts."),
        (
            ["--prompts", "{file}", "--output", "{out}", "--batch-api", "--timeout", "5"],
            "--timeout does not go with --batch-api",
        ),
        (
            [
                "--prompts",
                "{file}",
                "--output",
                "{out}",
                "--batch-api",
                "--compare",
                "demo,local:smollm2-135m-instruct",
            ],
            "smollm2-135m-instruct is asked where no batches are taken: leave out --batch-api.",
        ),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    cli: Command, server: DemoServer, prompts: Path, output: Path, options: list[str], sentence: str
) -> None:
    done = cli.run("ask", *(option.format(file=prompts, out=output) for option in options))
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"tui-chat: {sentence}"), done.stderr
    assert not server.log.exchanges
    assert not output.exists()
