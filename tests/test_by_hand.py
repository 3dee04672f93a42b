"""What an operator adds, removes and voids: whole or not at all, and counted as what it is."""

from __future__ import annotations

from reading import GB, sound
from test_scenarios import good

from dsl.scenario import Add, Buy, Remove, Void
from engine.judge import missed
from engine.run import run

PLAN = 'plan "A" postpaid\n  cycle: calendar month\n  grant 20 GB\n  carry 1 month\n{}pack "T"\n  grant 3 GB for 7 days\n'
PLAN += "  carry 1 month\n"


def wrong(*steps: str) -> list[tuple[str, float]]:
    checked = sound(PLAN.format('  example "e"\n' + "".join(f"    {step}\n" for step in steps)))
    found = run(checked.plans[0], checked.scenarios[0], checked.plans)
    return [(miss.expectation.figure, miss.got / GB) for miss in missed(found)]


def test_what_is_removed_is_taken_whole_or_not_at_all() -> None:
    steps = (
        "on 2026-01-02 add 5 GB -> left 25 GB allowance, received 5 GB",
        "on 2026-01-03 remove 12 GB from allowance -> left 13 GB, expired 12 GB",
        "on 2026-01-04 remove 14 GB from allowance -> left 13 GB, refused 14 GB",
        "on 2026-01-05 remove 14 GB from allowance to zero -> left 0 GB, expired 25 GB, refused 14 GB",
        "on 2026-01-06 add 2 GB bonus data for 60 days -> left 2 GB bonus",
        "on 2026-02-10 remove 1 GB from bonus -> left 1 GB bonus, left 21 GB",
    )
    assert wrong(*steps) == []


def test_what_ends_soonest_is_removed_first() -> None:
    steps = ("start with bonus 3 GB until 2026-01-10", "on 2026-01-02 remove 4 GB -> left 0 GB bonus, left 19 GB allowance")
    assert wrong(*steps) == []


def test_a_pack_that_is_voided_is_gone_with_all_that_came_of_it() -> None:
    kept = ('on 2026-01-02 buy "T"', "on 2026-01-20 -> left 3 GB carried, left 23 GB")
    assert wrong(*kept) == []
    assert wrong(*kept, 'on 2026-01-21 void "T" -> left 20 GB, expired 3 GB', 'on 2026-01-22 void "T" -> left 20 GB') == []


def test_a_yaml_scenario_says_the_same() -> None:
    text = "plan: Flex 20\ncycles:\n  - do: [add 5 GB, remove 12 GB from allowance to zero]\n    buy: Travel 7\n"
    (scenario,) = good(text + 'records:\n  - {at: 2026-01-20, do: void "Travel 7"}\n')
    assert [type(act) for act in scenario.cycles[0].acts] == [Add, Remove, Buy]
    assert isinstance(scenario.dated[0].act, Void)
