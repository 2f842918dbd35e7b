"""`tui-chat ask --prompts` against the real demo server: many prompts, resumed where it broke off."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import Command
from tests.e2e.forking import FIRST
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.demo import DemoServer, script_for

TABLE = "DONE  FAILED  FIRST TOKEN  TOKENS/S  TOKENS"


def rows(content: bytes | str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def asked(server: DemoServer) -> int:
    return len(server.log.replies)


def until_struck(server: DemoServer, times: int) -> None:
    assert server.wait_for(lambda log: sum(bool(reply.faults) for reply in log.replies) == times, PATIENCE_S)


def test_each_prompt_is_asked_of_each_contender_and_nothing_goes_into_the_history(cli: Command, prompts: Path) -> None:
    done = cli.run("ask", "--prompts", str(prompts), "--compare", "demo,demo-fast", "--format", "jsonl")
    results = rows(done.stdout)
    assert sorted((row["id"], row["contender"]) for row in results) == [
        (id, name) for id in ("1", "2", "4") for name in ("demo", "demo-fast")
    ]  # fmt: skip
    assert {row["text"] for row in results if row["prompt"] == "hello"} == {script_for("hello")}
    assert {row["error"] for row in results} == {None}
    assert list(results[0])[:5] == ["id", "contender", "prompt", "error", "text"]
    assert "conversation_id" not in results[0]
    table = done.stderr.decode().splitlines()
    assert table[0].startswith(TABLE)
    assert [line.split()[-1] for line in table[1:]] == ["demo", "demo-fast"]
    assert done.returncode == 0
    assert cli.json("history", "list", "--format", "json") == []


def test_json_lines_have_ids_and_system_prompts(cli: Command, server: DemoServer) -> None:
    given = '{"id": "x", "prompt": "hello", "system": "Be brief."}\n{"prompt": "a table"}\n'
    done = cli.run("ask", "--prompts", "-", "--system", "Be kind.", "--jobs", "1", stdin=given)
    assert [(row["id"], row.get("system")) for row in rows(done.stdout)] == [("x", "Be brief."), ("2", None)]
    told = [json.dumps(request.body["system"]) for request in server.log.replies]
    assert ["Be brief." in text for text in told] == [True, False]
    assert "Be kind." in told[1]


def test_what_has_a_result_is_not_asked_again_and_a_torn_line_is_mended(
    cli: Command, server: DemoServer, prompts: Path, output: Path
) -> None:
    ask = ("ask", "--prompts", str(prompts), "--output", str(output), "--jobs", "1")
    assert cli.run(*ask).stdout == b""
    assert asked(server) == 3
    whole = output.read_bytes()
    assert cli.run(*ask).returncode == 0
    assert (asked(server), output.read_bytes()) == (3, whole)
    output.write_bytes(whole[:-20])
    done = cli.run(*ask)
    assert asked(server) == 4
    assert [row["prompt"] for row in rows(output.read_bytes())] == ["hello", "a table", "python"]
    assert done.stderr.decode().splitlines()[1].split()[0] == "3", "the table is of all results"
    output.write_bytes(whole[:-1])
    cli.run(*ask)
    assert (asked(server), output.read_bytes()) == (4, whole), "only the end of the line was missing"


def test_another_prompt_under_the_same_number_is_asked(
    cli: Command, server: DemoServer, prompts: Path, output: Path
) -> None:
    ask = ("ask", "--prompts", str(prompts), "--output", str(output))
    cli.run(*ask)
    prompts.write_text("hello\na poem\n\npython\n")
    cli.run(*ask)
    assert [row["prompt"] for row in rows(output.read_bytes())][3:] == ["a poem"]


def test_one_that_fails_costs_only_itself_and_is_asked_again_by_the_next_run(
    cli: Command, prompts: Path, output: Path
) -> None:
    ask = ("ask", "--prompts", str(prompts), "--output", str(output), "--compare", "demo,demo+400x1", "--jobs", "1")
    done = cli.run(*ask)
    assert done.returncode == 1
    assert done.stderr.startswith(b"demo+400x1: ")
    failed = [row for row in rows(output.read_bytes()) if row["error"]]
    assert {row["contender"] for row in failed} == {"demo+400x1"}
    again = cli.run(*ask)
    assert again.returncode == 0, again.stderr
    results = rows(output.read_bytes())
    assert len([row for row in results if not row["error"]]) == 6


@pytest.mark.parametrize("fault", ["401", "404-model"])
def test_what_would_fail_for_every_prompt_ends_that_model_alone_and_the_next_run_asks_it_again(
    cli: Command, server: DemoServer, prompts: Path, output: Path, fault: str
) -> None:
    models = f"demo,demo+{fault}"
    ask = ("ask", "--prompts", str(prompts), "--output", str(output), "--compare", models, "--jobs", "1")
    done = cli.run(*ask)
    results = [(row["contender"] == "demo", bool(row["error"])) for row in rows(output.read_bytes())]
    assert sorted(results) == [(False, True), (True, False), (True, False), (True, False)]
    assert asked(server) == 4
    said = done.stderr.decode().partition(TABLE)[0].splitlines()
    assert len(said) == 1, said
    assert said[0].startswith(f"demo+{fault}: ")
    assert said[0].endswith("It is asked no more; the same command asks it again.")
    assert done.returncode == 1
    assert cli.run(*ask).returncode == 1
    assert (asked(server), server.log.replies[-1].body["model"]) == (5, f"demo+{fault}")


QUICKLY = "from tui_chat.cli import rate_limit_waits; rate_limit_waits.FIRST_WAIT_S = 0.05"


def test_a_rate_limit_is_waited_for(cli: Command, prompts: Path, environment: Mapping[str, str]) -> None:
    with (Path(environment["TUI_CHAT_CONFIG_DIR"]) / "config.toml").open("a") as settings:
        settings.write("[streaming]\nretry_attempts = 0\n")
    done = cli.run("ask", "--prompts", str(prompts), "--model", "demo+429x2", "--jobs", "1", **{FIRST: QUICKLY})
    assert (done.returncode, [row["error"] for row in rows(done.stdout)]) == (0, [None, None, None])
    assert b"Waiting 0 s." in done.stderr


def test_kill_9_and_ctrl_c_leave_what_is_whole_and_the_rest_is_asked_by_the_next_run(
    cli: Command, server: DemoServer, prompts: Path, output: Path
) -> None:
    models = ("--compare", "demo,demo+silentx2", "--jobs", "6")
    ask = ("ask", "--prompts", str(prompts), "--output", str(output), *models)
    for number, status, silent in ((signal.SIGKILL, -9, 3), (signal.SIGINT, 130, 6)):
        with cli.start(*ask) as process:
            wait_until(lambda: output.exists() and output.read_bytes().count(b"\n") == 3, "three results are there")
            until_struck(server, silent)
            process.send_signal(number)
            assert process.wait(PATIENCE_S) == status
        assert [row["contender"] for row in rows(output.read_bytes())] == ["demo"] * 3
    assert cli.run(*ask).returncode == 0
    assert asked(server) == 12
    results = rows(output.read_bytes())
    assert len({(row["id"], row["contender"]) for row in results}) == len(results) == 6


SLOW_DISK = """
import time
from tui_chat.storage import statistics

record = statistics.record_aside

def slowly(*counted):
    time.sleep(1)  # the disk
    record(*counted)

statistics.record_aside = slowly
"""
"""Run first, it makes the next prompt ready to be asked long before the cost of the last one is written."""


def test_their_cost_counts_towards_the_budget_of_the_day(
    cli: Command, server: DemoServer, prompts: Path, environment: Mapping[str, str]
) -> None:
    settings = Path(environment["TUI_CHAT_CONFIG_DIR"]) / "config.toml"
    settings.write_text("[provider]\nvendor_prices = true\nbudget_usd_per_day = 0.0001\n")
    ask = ("ask", "--prompts", str(prompts), "--model", "claude-opus-4-5", "--jobs", "1")
    done = cli.run(*ask, **{FIRST: SLOW_DISK})
    assert (done.returncode, len(server.log.replies)) == (1, 1)
    assert b"You've spent" in done.stderr
    assert cli.json("stats", "--format", "json")["replies"] == 0


def test_only_one_program_writes_a_file(cli: Command, server: DemoServer, prompts: Path, output: Path) -> None:
    ask = ("ask", "--prompts", str(prompts), "--output", str(output), "--model", "demo+silent")
    with cli.start(*ask) as process:
        assert server.wait_for(lambda log: len(log.replies) > 0, PATIENCE_S)
        done = cli.run(*ask)
        assert (done.returncode, done.stderr.decode()) == (2, f"tui-chat: Another program is writing {output}.\n")
        process.kill()


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", [], "There are no prompts in {file}."),
        ('{"prompt": "a"}\nb\n', [], 'Line 2 of {file} is no {{"id": ..., "prompt": "...", "system": "..."}}.'),
        ('{"id": 1, "prompt": "a"}\n{"id": "1", "prompt": "b"}\n', [], "The id 1 is in {file} twice."),
        ("a\n", ["--format", "json"], "The results of --prompts are JSON lines: use --format jsonl with it."),
        ("a\n", ["b"], "A PROMPT does not go with --prompts."),
        ("a\n", ["--no-save"], "--no-save does not go with --prompts."),
        ("a\n", ["--output", "{file}"], "Line 1 of {file} is no result of an evaluation; choose another --output."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    cli: Command, server: DemoServer, prompts: Path, content: str, options: list[str], sentence: str
) -> None:
    prompts.write_text(content)
    done = cli.run("ask", "--prompts", str(prompts), *(option.format(file=prompts) for option in options))
    assert (done.returncode, done.stderr.decode()) == (2, f"tui-chat: {sentence.format(file=prompts)}\n")
    assert prompts.read_text() == content
    assert not server.log.replies
