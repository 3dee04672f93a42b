"""When a line acts: what each condition asks about, and what changes it."""

from __future__ import annotations

import pytest
from reading import GB, column, sound

from dsl import scenario_file
from dsl.check import check
from dsl.source import Source
from engine.run import run

PLAN = 'plan "A" prepaid\n  cycle: {}\n  grant 2 GB\n  use allowance, then carried\n  unused data, if {}: carry 1 cycle\n'


def carried(condition: str, *steps: str, cycle: str = "month from activation") -> list[int]:
    """Whole GB carried out of each cycle of an example of PLAN."""
    lines = "".join(f"    {step}\n" for step in steps)
    checked = sound(f'{PLAN.format(cycle, condition)}  example "e"\n{lines}')
    return [amount // GB for amount in column(run(checked.plans[0], checked.scenarios[0], checked.plans), "carried_out")]


def test_after_the_first_cycle() -> None:
    assert carried("after the first cycle", "use 0 GB", "use 0 GB", "use 0 GB") == [0, 2, 2]
    assert carried("not after the first cycle", "use 0 GB", "use 0 GB") == [2, 0]


def test_a_first_cycle_that_starts_late_was_not_held_whole() -> None:
    steps = ("start 2026-01-16", "use 0 GB", "use 0 GB")
    assert carried("held the whole cycle", *steps, cycle="calendar month") == [0, 2]
    assert carried("held the whole cycle", *steps) == [2, 2], "from activation the first is whole"


def test_tenure_counts_from_the_start_of_the_line() -> None:
    assert carried("tenure at least 2 months", "use 0 GB", "use 0 GB", "use 0 GB") == [0, 2, 2]
    assert carried("tenure at least 60 days", "use 0 GB", "use 0 GB", "use 0 GB") == [0, 0, 2], "59 days to the 1st of March"


def test_what_is_left_is_judged_before_any_line_acts() -> None:
    assert carried("no carried data is left", "use 0 GB", "use 0 GB", "use 4 GB", "use 1 GB") == [2, 0, 0, 1]
    assert carried("not used at least 3 GB and no carried data is left", "use 0 GB", "use 4 GB", "use 0 GB") == [2, 0, 2]


STATES = {
    "paid": ([2, 2, 2], "payment fails", "pay", [2, 0, 2]),
    "active": ([2, 2, 2], "suspend", "resume", [2, 0, 2]),
    "not opted in": ([2, 2, 2], "opt in", "opt out", [2, 0, 2]),
}


@pytest.mark.parametrize("condition", STATES)
def test_states_last_from_one_step_to_the_next(condition: str) -> None:
    never, first, second, between = STATES[condition]
    assert carried(condition, *["use 0 GB"] * 3) == never
    assert carried(condition, "use 0 GB", first, "use 0 GB", second, "use 0 GB") == between
    assert carried(condition, f"on 2026-02-10 18:30 {first}", f"on 2026-03-01 {second}", *["use 0 GB"] * 3) == between


def test_states_change_in_scenario_files_too() -> None:
    checked = check(Source("a.plan", PLAN.format("month", "opted in")))
    text = "cycles:\n  - {use: 0 GB}\n  - {do: opt in, use: 0 GB}\nrecords:\n  - {at: 2026-03-05, do: opt out}\n"
    (scenario,), problems = scenario_file.read(Source("a.scenario.yaml", text), checked)
    assert problems == ()
    assert column(run(checked.plans[0], scenario), "carried_out") == [0, 2 * GB, 0]


def test_of_two_lines_with_one_hand_the_first_that_holds_acts() -> None:
    longer = PLAN.format("month", "opted in").replace("carry 1 cycle", "carry 2 cycles")
    steps = "    use 0 GB\n    {}use 0 GB\n    use 0 GB\n"
    for step, expected in (("", [2, 2, 2]), ("opt in\n    ", [2, 2, 4])):
        checked = sound(f'{longer}  unused data: carry 1 cycle\n  example "e"\n{steps.format(step)}')
        found = run(checked.plans[0], checked.scenarios[0], checked.plans)
        assert [amount // GB for amount in column(found, "carried_out")] == expected
