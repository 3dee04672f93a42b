"""`because`: an expectation that says why. So much of the figure was made by that, and others beside it say why of the rest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import rollover, written
from hypothesis import given
from reading import anywhere, example, sound
from strategies import examples
from test_properties import cases

from dsl import scenario_file
from dsl.check import check
from dsl.example_text import with_example
from dsl.plan import Plan
from dsl.scenario import Cause, Expectation, Figure, Scenario
from dsl.scenario_text import as_yaml
from dsl.source import NOWHERE, Source
from engine.causes import CAUSES, parts
from engine.judge import figure, missed
from engine.ledger import Reason
from engine.run import run

PLAN = """\
rate 1 GB = 30 minutes
plan "A" prepaid
  cycle: calendar month
  price 9 EUR a month
  grant 10 GB, 100 minutes
  use allowance, then carried
  unused data: carry 1 month, cap 4 GB, convert to minutes, cap 60 minutes
  when data runs out: sell 1 GB at 5 EUR up to 2 GB, then slow to 64 kbps

{example}

pack "Travel"
  grant 3 GB for 7 days
  carry 1 month
promotion "Spring" for "A"
  from 2026-03-01 until 2026-04-01
  grant 1 GB bonus data
"""


def told(*steps: str) -> list[str]:
    """What the expectations of an example of PLAN miss, each with all that the figure is made of."""
    text = PLAN.format(example="\n".join(['  example "why"', *(f"    {step}" for step in steps)]))
    found = []
    for miss in missed(example(text)):
        made = ", ".join(f"{part.amount} {part.cause}" for part in miss.parts)
        found.append(f"{miss.expectation.figure} {miss.got}: {made}")
    return found


HOLD = {
    "what rolls": "carried 4 GB because carry",
    "what is converted, of what it was": "converted 60 minutes because convert",
    "what the cap of a conversion leaves": "expired 4 GB because cap",
    "what was granted": "granted 10 GB because grant, granted 100 minutes because grant",
    "what is left, by what put it": "left 10 GB because grant",
    "what was used, by what put it": "used 0 GB because grant",
    "what ends": "expired 100 minutes because the end",
    "when it ends": "ends 2026-03-01 data because carry",
    "prices": "charged 9 EUR because price, due 9 EUR because price",
    "words of a rule": 'carried 4 GB because "carry 1 month", expired 4 GB because "to minutes"',
    "in any case, with any spaces": 'carried 4 GB because "CARRY   1 month"',
    "words of several clauses": 'carried 4 GB because "unused data: carry 1 month, cap 4 GB, convert to minutes"',
}


@pytest.mark.parametrize("expected", HOLD.values(), ids=HOLD)
def test_it_holds_where_that_made_it(expected: str) -> None:
    assert told(f"use 0 GB -> {expected}") == []


def test_a_figure_of_several_causes_has_an_amount_for_each() -> None:
    first = "use 6 GB -> carried 4 GB because carry"
    assert told(first, "use 0 GB -> available 10 GB because grant, available 4 GB because carry, available 14 GB") == []
    assert told(first, "use 0 GB -> available 10 GB because grant") == [
        f"available {10 * 10**9}: {4 * 10**9} carry, {10 * 10**9} grant"
    ]
    sold = "overage 2 GB because sell, overage 1 GB because slow, charged 10 EUR because sell, charged 9 EUR because price"
    assert told(f"use 13 GB -> {sold}, used 10 GB because grant, used 2 GB because sell") == []


def test_packs_and_promotions_are_named() -> None:
    steps = 'buy "Travel"', 'use 0 GB -> received 3 GB because pack "Travel", received 3 GB'
    assert told(*steps) == []
    assert told('buy "Travel"', 'use 0 GB -> received 3 GB because promotion "Spring"') == [f"received 0: {3 * 10**9} grant"]
    spring = 'on 2026-03-02 -> received 1 GB because promotion "Spring", left 1 GB bonus because promotion "Spring"'
    assert told("use 10 GB", "use 10 GB", "use 10 GB", spring) == []


def test_at_a_time_it_is_about_what_came_by_then() -> None:
    assert told(
        "on 2026-01-05 use 3 GB -> left 7 GB because grant, used 3 GB because grant",
        "on 2026-01-06 top up 1 GB for 30 days -> left 7 GB because grant, left 1 GB because top up",
        "on 2026-01-07 remove 2 GB -> expired 2 GB because remove",
    ) == []  # fmt: skip


def test_a_wrong_reason_tells_the_right_one() -> None:
    assert told("use 8 GB -> carried 2 GB because grant") == [f"carried 0: {2 * 10**9} carry"]
    assert told("use 8 GB -> carried 3 GB because carry") == [f"carried {2 * 10**9}: {2 * 10**9} carry"]
    assert told('use 8 GB -> carried 2 GB because "cap 4 GB"') == [f"carried 0: {2 * 10**9} carry"]
    assert told("use 8 GB -> ends 2026-03-01 data because cap") == [f"ends 1772323200: {2 * 10**9} carry"]


def test_kept_lots_are_there_because_of_the_clause_that_kept_them() -> None:
    text = """\
plan "A" prepaid
  cycle: calendar month
  grant 10 GB
  use carried first
  carry 2 months
  change: new plan now
  when the plan changes, carried data: keep, cap 4 GB

  example "why"
    use 4 GB
    use 0 GB
    on 2026-02-10 change to "B" -> left 4 GB carried because keep, expired 2 GB because cap
plan "B" prepaid
  cycle: calendar month
  grant 1 GB
"""
    found = example(text)
    assert [(miss.expectation.figure, miss.parts) for miss in missed(found)] == []


def test_every_reason_has_a_cause_and_every_cause_is_written_as_it_is_called() -> None:
    assert set(CAUSES) == set(Reason)
    for cause in Cause:
        checked = check(
            Source("a.plan", PLAN.format(example=f'  example "why"\n    use 0 GB -> expired 0 GB because {cause}\n'))
        )
        assert [one.code for one in checked.diagnostics] == []
        (expectation,) = checked.scenarios[0].expectations
        assert expectation.because
        assert (expectation.because.cause, str(expectation.because)) == (cause, str(cause))
    assert {cause for cause in CAUSES.values() if cause} | {Cause.KEEP, Cause.SLOW} == set(Cause)


@examples(60)
@given(cases())
def test_the_parts_of_a_figure_are_the_figure(case: tuple[Plan, Scenario]) -> None:
    """What the statement counts, posting by posting, and what the causes add up to."""
    plan, scenario = case
    found = run(plan, scenario)
    for cycle in found.statement.cycles:
        for service in cycle.services:
            for name in set(Figure) - {Figure.ENDS, Figure.CHARGED, Figure.DUE}:
                wanted = Expectation(name, service, 0, NOWHERE)
                made = parts(found, cycle.number, wanted)
                assert sum(part.amount for part in made) == figure(found, cycle.number, wanted), (name, made)
        for currency, amount in cycle.charged.items():
            made = parts(found, cycle.number, Expectation(Figure.CHARGED, currency, 0, NOWHERE))
            assert sum(part.amount for part in made) == amount


# ---- as it is written and told ----


@pytest.fixture
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def wrote(*steps: str) -> Path:
    return written("a.plan", PLAN.format(example="\n".join(['  example "why"', *(f"    {step}" for step in steps)])))


@pytest.mark.usefixtures("in_a_folder")
def test_a_failure_says_what_the_cause_was_with_its_line_and_text() -> None:
    wrote("use 4 GB -> carried 4 GB because cap, converted 60 minutes because convert")
    result = rollover("test", "a.plan")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[2:4] == [
        "    a.plan:11:17: cycle 1: expected carried 4 GB because cap, got 4 GB because carry",
        "      4 GB because carry (line 7: carry 1 month)",
    ]
    rollover("test", "--junit", "out.xml", "a.plan")
    assert "got 4 GB because carry" in Path("out.xml").read_text()


@pytest.mark.usefixtures("in_a_folder")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("carried 4 GB because cap", "carried 4 GB because carry"),
        ("carried 3 GB", "carried 4 GB"),
        ("carried 3 GB because carry", "carried 4 GB because carry"),
        ("ends 2026-02-01 data because cap", "ends 2026-03-01 data because carry"),
        ('carried 3 GB because "cap 4 GB"', 'carried 4 GB because "carry 1 month"'),
        ("expired 2 GB data because cap", "expired 4 GB data because cap"),
        ("available 10 GB because carry", "available 10 GB because grant"),
    ],
)
def test_update_writes_reasons_where_reasons_stood(before: str, after: str) -> None:
    path = wrote(f"use 0 GB -> {before}  # by the terms")
    rollover("test", "--update", "a.plan")
    assert f"use 0 GB -> {after}  # by the terms" in path.read_text()
    assert rollover("test", "a.plan").exit_code == 0


@pytest.mark.usefixtures("in_a_folder")
def test_update_adds_a_reason_that_none_said() -> None:
    path = wrote("use 6 GB", "use 0 GB -> available 9 GB because carry, left 14 GB")
    rollover("test", "--update", "a.plan")
    assert "-> available 4 GB because carry, available 10 GB because grant, left 14 GB\n" in path.read_text()
    assert rollover("test", "a.plan").exit_code == 0


@pytest.mark.usefixtures("in_a_folder")
def test_scenarios_say_why_too() -> None:
    wrote("use 0 GB")
    beside = """\
plan: A
start: 2026-01-01
cycles:
  - use: 0 GB
    expect: {carried: 4 GB because carry, converted: 60 minutes because convert, ends: 2026-03-01 data because "carry 1 month"}
  - buy: Travel
    use: 6 GB
    expect:
      available: [10 GB because grant, 4 GB because carry]
      received: 3 GB because pack "Travel"
records:
  - {at: 2026-02-15, expect: {used: 3 GB because cap}}
"""
    written("a.scenario.yaml", beside)
    result = rollover("test", "a.plan")
    assert re.findall(r"expected .*", result.stdout) == ["expected used 3 GB because cap, got 3.214285714 GB because grant"]


@pytest.mark.usefixtures("in_a_folder")
def test_what_stands_in_a_scenario_is_at_no_place_of_the_plan() -> None:
    """A top-up of line 7 of the scenario is not made by what line 7 of the plan says."""
    wrote("use 0 GB")
    text = 'plan: A\nstart: 2026-01-01\n\n\n\ncycles:\n  - top up: 1 GB\n    expect: {received: 1 GB because "carry 1 month"}\n'
    written("a.scenario.yaml", text)
    result = rollover("test", "a.plan")
    assert "got 1 GB because top up" in result.stdout
    assert "1 GB because top up (line 7: 1 GB)" in result.stdout


# ---- what can't be said ----


def test_a_line_by_its_number_is_told_what_to_write_instead() -> None:
    source = Source(
        "a.plan",
        PLAN.format(example='  example "why"\n    use 0 GB -> carried 4 GB because line 6, left 1 GB because line 99\n'),
    )
    first, second = check(source).diagnostics
    assert (first.code, first.help) == ("R270", 'write `because "use allowance, then carried"`')
    assert first.fix
    assert first.fix.edits == ((first.span, '"use allowance, then carried"'),)
    assert (second.help, second.fix) == ('write words of the rule: `because "carry 1 month"`', None)


@pytest.mark.usefixtures("in_a_folder")
def test_formatting_leaves_what_a_reason_names() -> None:
    path = wrote('use 0 GB  ->  carried 4 GB BECAUSE "carry 1 month" ,  expired 4 GB data because   Cap')
    path.write_text("\n\n\n" + path.read_text())
    assert rollover("fmt", "a.plan").exit_code == 0
    assert '    use 0 GB -> carried 4 GB because "carry 1 month", expired 4 GB data because cap\n' in path.read_text()
    assert rollover("test", "a.plan").exit_code == 0


def test_a_history_that_says_why_is_written_as_it_was() -> None:
    steps = (
        'buy "Travel"',
        'use 0 GB -> carried 7 GB because carry, received 3 GB because pack "Travel", expired 4 GB data because "to minutes"',
    )
    text = PLAN.format(example="\n".join(['  example "why"', *(f"    {step}" for step in steps)]))
    (scenario,) = sound(text).scenarios
    again = sound(with_example(text, scenario, 1000)).scenarios
    assert anywhere(replace(again[1], name="why")) == anywhere(scenario)
    yaml = Source("a.scenario.yaml", as_yaml(scenario, 1000))
    (read,), found = scenario_file.read(yaml, sound(text))
    assert found == ()
    assert [str(one.because) for one in read.expectations] == [str(one.because) for one in scenario.expectations]
    assert missed(run(sound(text).plans[0], read)) == []
