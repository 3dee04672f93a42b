"""`rollover explain`: how a balance came about, and what happened to the rest; and what a code means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import rollover, written
from shipped import EXAMPLES, PLANS

from dsl.check import check
from dsl.diagnostics import ERRORS, WARNINGS
from dsl.lints import lints
from dsl.source import Source
from engine.balance import balance
from engine.ledger import Reason
from engine.origin import Origin, explanation
from engine.run import run

PLAN = """\
rate 1 GB = 30 minutes

plan "A" postpaid
  cycle: calendar month
  grant 10 GB
  use carried, then allowance
  unused data: carry 1 month, cap 4 GB, convert the rest to minutes, cap 60 minutes
  when data runs out: sell 1 GB at 5 EUR

  example "two months"
    use 1 GB
    use 2 GB
    use 0 GB
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", PLAN)


def explain(*args: str) -> list[str]:
    result = rollover("explain", "a.plan", "--example", "two months", *args)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def test_each_lot_is_told_back_to_its_grant_and_what_became_of_the_rest() -> None:
    assert explain("--at", "2026-02-10") == [
        "A, data at 2026-02-10, in cycle 2: 13.29 GB usable",
        "  3.29 GB  carried of 2026-01-01, ends 2026-03-01",
        "    + 4 GB carried (line 7: carry 1 month), 2026-02-01",
        "      of allowance of 2026-01-01",
        "        + 10 GB granted for the cycle (line 5: grant 10 GB), 2026-01-01",
        "        - 1 GB used (line 5: grant 10 GB), 2026-01-31",
        "        - 2 GB exchange: converted (line 7: convert the rest to minutes), 2026-02-01",
        "        - 3 GB expired: was above the cap of the conversion (line 7: convert the rest to minutes), 2026-02-01",
        "    - 714.29 MB used (line 7: carry 1 month), 2026-02-10",
        "  10 GB  allowance of 2026-02-01, ends 2026-03-01",
        "    + 10 GB granted for the cycle (line 5: grant 10 GB), 2026-02-01",
        "what went in cycle 2:",
        "  - 714.29 MB used (line 7: carry 1 month), 2026-02-10",
        "next: 13.29 GB end 2026-03-01",
    ]


def test_it_says_why_something_did_not_roll() -> None:
    lines = explain("--at", "2026-03-02")
    rule = "(line 7: convert the rest to minutes)"
    assert f"        - 6 GB expired: was above the cap of the conversion {rule}, 2026-03-01" in lines


def test_minutes_are_told_back_to_the_data_they_were() -> None:
    lines = explain("--at", "2026-02-10", "--service", "minutes")
    assert lines[:5] == [
        "A, voice at 2026-02-10, in cycle 2: 60 min usable",
        "  60 min  converted of 2026-02-01, ends 2026-03-01",
        "    + 60 min converted (line 7: convert the rest to minutes), 2026-02-01",
        "      of allowance data of 2026-01-01",
        "        + 10 GB granted for the cycle (line 5: grant 10 GB), 2026-01-01",
    ]


def test_json_has_the_same_tree_in_whole_units() -> None:
    told = json.loads("\n".join(explain("--at", "2026-02-10 12:00", "--format", "json")))
    carried, allowance = told["lots"]
    assert (told["at"], told["usable"]) == ("2026-02-10T12:00:00+00:00", carried["left"] + allowance["left"])
    (came,) = carried["came"]
    assert (came["amount"], came["rule"]) == (4 * 10**9, {"line": 7, "text": "carry 1 month"})
    assert came["of"][0]["went"][1]["amount"] == 4 * 10**9


def test_another_line_and_what_it_was_given() -> None:
    told = '    on 2026-01-05 "Bo" starts on "A"\n    on 2026-01-06 give 3 GB to "Bo"\n'
    text = PLAN.replace("    use 1 GB\n", told, 1)
    written("a.plan", text.replace("  when data runs out", "  when asked, unused data: give\n  when data runs out"))
    lines = explain("--at", "2026-01-07", "--line", "Bo")
    assert "    + 3 GB given (line 8: give), 2026-01-06" in lines
    assert rollover("explain", "a.plan", "--at", "2026-01-07", "--line", "Cy").exit_code == 2


@pytest.mark.parametrize("args", [(), ("--at", "2026-02-10", "--example", "none"), ("--at", "2026-02-10", "--plan", "none")])
def test_what_can_not_be_told_ends_with_2(args: tuple[str, ...]) -> None:
    assert rollover("explain", "a.plan", *args).exit_code == 2


def test_nothing_is_told_of_a_time_before_the_line_starts() -> None:
    result = rollover("explain", "a.plan", "--at", "2025-12-31")
    assert (result.exit_code, "before the start" in result.stderr) == (1, True)


def lots(origins: tuple[Origin, ...]) -> Iterator[Origin]:
    for one in origins:
        yield one
        for came in one.came:
            yield from lots(came.of)


@pytest.mark.parametrize("name", PLANS)
def test_everything_adds_up_in_every_shipped_example(name: str) -> None:
    """What came to a lot is what went from it and what is left; what is left is the balance; what went is in the figures."""
    checked = check(Source(name, (EXAMPLES / name).read_text(encoding="utf-8")))
    for scenario in checked.scenarios:
        plan = checked.plan(scenario.plan)
        assert plan is not None
        found = run(plan, scenario, checked.plans)
        instants = {posting.at for posting in found.postings}
        for at in sorted(instants)[:: max(1, len(instants) // 5)]:
            for service in plan.services:
                told = explanation(found, service, at)
                for one in lots(told.lots):
                    assert sum(came.amount for came in one.came) == sum(went.amount for went in one.went) + one.left
                if service in ("data", "voice", "sms"):
                    assert told.usable == balance(found, service, at).remaining
                    cycle_end = found.calendar.boundary(told.cycle) - 1
                    expired = sum(went.amount for went in explanation(found, service, cycle_end).gone if went.to == "expired")
                    closed = found.statement.cycle(told.cycle).services if told.cycle <= len(found.statement.cycles) else {}
                    assert service not in closed or expired <= closed[service].expired


def test_a_lot_that_was_carried_on_for_years_is_told_so_far() -> None:
    written(
        "a.plan", 'plan "A" prepaid\n  cycle: day\n  grant 1 GB\n  use allowance first\n  carry 1 cycle each time, cap 1 GB\n'
    )
    result = rollover("explain", "a.plan", "--use", ",".join(["0GB"] * 300), "--at", "2026-10-20")
    assert result.exit_code == 0
    assert len(result.stdout) < 50_000


@pytest.mark.parametrize("code", [*ERRORS, *WARNINGS, *lints()])
def test_every_code_says_what_it_means(code: str) -> None:
    result = rollover("explain", code.lower())
    assert result.exit_code == 0
    assert result.stdout.startswith(code)


def test_a_code_that_is_none_is_told() -> None:
    assert rollover("explain", "R999").exit_code == 2


def test_every_reason_reads_behind_an_amount() -> None:
    assert all(str(reason)[0].islower() for reason in Reason)
