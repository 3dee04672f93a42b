"""Examples beyond a cycle a line: what a line holds at the start, steps at their time, looks on the way, figures of a class."""

from __future__ import annotations

import pytest
from reading import GB, column, sound

from engine.balance import balance
from engine.history import HistoryError
from engine.judge import missed
from engine.run import Run, run

CARD = """\
plan "Card" prepaid
  cycle: 30 days
  grant 5 GB
  carry 1 cycle each time, cap 10 GB
"""


def example(plan: str, *steps: str) -> Run:
    checked = sound(f'{plan}  example "e"\n' + "".join(f"    {step}\n" for step in steps))
    return run(checked.plans[0], checked.scenarios[0], checked.plans)


def looked(*steps: str) -> list[int]:
    """What the expectations that an example of CARD misses come to."""
    return [miss.got for miss in missed(example(CARD, *steps))]


def test_what_is_held_at_the_start_is_carried_in_and_lives_to_its_own_end() -> None:
    checked = sound(
        CARD + '  example "e"\n    start with carried 7 GB, bonus 1 GB until 2026-01-20\n    use 0 GB\n    use 0 GB\n'
    )
    found = run(checked.plans[0], checked.scenarios[0], checked.plans)
    assert column(found, "carried_in") == [8 * GB, 10 * GB]
    assert column(found, "available") == [13 * GB, 15 * GB]
    assert column(found, "received") == [0, 0]
    assert column(found, "expired") == [3 * GB, 5 * GB]
    assert balance(found, "data", found.calendar.boundary(0)).accumulated == 8 * GB


def test_a_dated_step_is_looked_at_right_after_all_that_happens_then() -> None:
    at_ten = ("on 2026-01-05 10:00 use 2 GB -> left 9 GB", "on 2026-01-05 10:00 top up 1 GB -> left 9 GB")
    assert looked(*at_ten) == [4 * GB, 4 * GB]
    assert looked("on 2026-01-05 use 2 GB", "on 2026-01-04 -> left 9 GB, used 9 GB") == [5 * GB, 0]


def test_figures_can_be_about_the_lots_of_one_class() -> None:
    steps = ("start with carried 7 GB", "on 2026-01-05 top up 1 GB for 60 days -> left 1 GB add-on, left 5 GB allowance")
    assert looked(*steps, "use 6 GB -> used 6 GB carried, left 1 GB carried, carried 1 GB add-on, expired 0 GB") == []
    assert looked(*steps, "use 13 GB -> overage 0 GB, left 9 GB carried, used 9 GB allowance") == [0, 5 * GB]


def test_what_is_charged_by_then() -> None:
    plan = 'plan "A" prepaid\n  grant 1 GB\n  when data runs out: sell 1 GB at 5 EUR\n'
    first, second = "on 2026-01-02 use 2 GB -> charged 5 EUR", "on 2026-01-03 use 1 GB -> charged 10 EUR"
    assert missed(example(plan, first, "use 0 GB -> charged 10 EUR", second)) == []


def test_what_has_ended_before_the_start_is_refused() -> None:
    with pytest.raises(HistoryError, match="has ended before the start"):
        example(CARD, "start 2026-02-01 with carried 7 GB until 2026-01-20", "use 0 GB")


WAITS = 'plan "A" prepaid\n  grant 5 GB\n  carry 2 months\n  use add-on first\n'


def test_when_what_is_there_ends_first() -> None:
    steps = (
        "on 2026-01-05 10:00 top up 1 GB for 36 hours from first use -> ends 2026-02-01, ends never add-on",
        "on 2026-01-07 12:00 use 1 MB -> ends 2026-01-09, ends 2026-02-01 allowance data",
        "on 2026-01-09 12:00 -> ends 2026-02-01",
        "use 0 GB -> ends 2026-04-01",
        "use 0 GB -> ends 2026-04-01 carried, ends never minutes",
    )
    assert missed(example(WAITS, *steps)) == []


def test_what_ends_otherwise_is_told() -> None:
    found = example(CARD, "use 1 GB -> ends 2026-04-01")
    (miss,) = missed(found)
    assert found.calendar.local(miss.got).date().isoformat() == "2026-03-02"
