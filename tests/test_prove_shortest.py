"""A history that is told is the shortest: that none of fewer cycles breaks the claim is proved, cycle by cycle."""

from __future__ import annotations

from datetime import datetime

import pytest

pytest.importorskip("z3")

from hypothesis import given
from hypothesis import strategies as st
from reading import sound
from strategies import examples

from benchmarks.proofs import most_held, plans
from dsl.plan import Claim, NeverAbove, NeverExpires, Plan
from dsl.source import NOWHERE
from engine.claims import allowed
from engine.prove import histories
from engine.prove.breach import every, sources
from engine.prove.claims import prove
from engine.prove.cycles import cycles, used
from engine.prove.plain import plain_cycles
from engine.prove.reached import cycle_by_cycle
from engine.prove.verdict import Verdict

GB = 10**9
START = datetime(2026, 1, 1)
MADE = """rate 1 GB = 30 minutes
plan "A" postpaid
  every month grant 20 GB data and 100 minutes
  use carried data first
  unused data: {rule}
"""
TWO = """plan "A" postpaid
  every month grant 10 GB data
  use carried data first
  unused data: carry 6 months, cap 50 GB

plan "B" postpaid
  every month grant 30 GB data
  use carried data first
  unused data: carry 50% of it 2 months, cap 15 GB
  ensure "B" is never worse than "A"
"""
RULES = (
    "carry 3 months, cap 45 GB, newest goes first",
    "carry 3 months, cap 45 GB, oldest goes first",
    "carry 40% of it 2 months, convert the rest to minutes, cap 200 minutes",
    "carry 2 months in steps of 3 GB",
    "carry 1 month, cap 8 GB a cycle, convert the rest to minutes",
)


def above(service: str, amount: int) -> Claim:
    return NeverAbove(service, amount, False, NOWHERE)


def made(rule: str, *more: str) -> Plan:
    return sound(MADE.format(rule=rule) + "".join(f"  {line}\n" for line in more)).plans[0]


# ---- the shortest


@pytest.mark.parametrize("months", [1, 6, 12])
def test_of_plans_that_carry_up_to_a_year_it_is(months: int) -> None:
    for plan in plans(range(months, months + 1)):
        found = prove(plan, above("data", most_held(plan, "data") - 1), START)
        assert found.verdict is Verdict.REFUTED
        assert (found.looked, found.is_shortest) == (len(found.history) - 1, True)


def test_where_cycles_differ_it_is_too() -> None:
    """In the thirteenth month there are twelve grants of 20 GB and one of 10 GB."""
    found = prove(made("carry 12 months", "from 2027-01-01 every month grant 10 GB data"), above("data", 249 * GB), START)
    assert (len(found.history), found.is_shortest) == (13, True)


def test_what_the_solver_gives_up_on_is_not_told_to_be_the_shortest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "cycle_by_cycle", lambda *_: iter(()))
    plan = made("carry 12 months")
    found = prove(plan, above("data", 259 * GB), START)
    assert (len(found.history), found.looked, found.is_shortest) == (13, 0, False)


def test_of_several_services_it_is_the_shortest_of_all() -> None:
    """Minutes fall behind at once, and data, which comes first, in the fifth cycle."""
    text = TWO.replace("30 GB data", "30 GB data and 1 minute")
    one, other = sound(text.replace("10 GB data", "10 GB data and 2 minutes")).plans
    found = prove(other, other.claims[0], START, {one.name: one})
    assert (found.verdict, [used["voice"] for used in found.history]) == (Verdict.REFUTED, [120])


def test_where_nothing_is_proved_it_is_told_of_how_many_cycles_no_history_breaks_it() -> None:
    found = prove(made("carry 1 month, cap 10 GB", "grant 5 GB data for 40 days"), above("data", 99 * GB), START)
    assert (found.verdict, found.looked) == (Verdict.UNKNOWN, 0)  # days matter in its second cycle
    found = prove(made("carry 1 month, cap 10 GB", "grant 5 GB data for 2 months"), above("data", 99 * GB), START)
    assert (found.verdict, found.looked) == (Verdict.UNKNOWN, 13)


# ---- why: what is held, at the most, when a cycle begins


@examples(60)
@given(st.data())
def test_no_line_holds_more_than_is_told_nor_breaks_a_claim_in_a_cycle_that_may_not(data: st.DataObject) -> None:
    plan = made(data.draw(st.sampled_from(RULES)))
    claim = data.draw(
        st.sampled_from(
            [above("data", 25 * GB), above("data", 60 * GB), above("voice", 9000), NeverExpires("data", 2, False, NOWHERE)]
        )
    )
    steps = every(cycles(plan, START, used(plan)), claim, plan).at_hand[:6]
    services = sources(steps)
    told = list(cycle_by_cycle(plan, steps, claim, services))
    uses = data.draw(st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=2), min_size=6, max_size=6))
    held = ()
    for number, cycle in enumerate(plain_cycles(steps, services, steps[0].uses, ("claimed", "claimed besides"))):
        held = held or cycle.nothing
        opening, may_break = told[number]
        there = dict(zip(cycle.opening, held, strict=True))
        for bound in opening:
            assert sum(there[piece] for piece in bound.pieces if piece in there) <= bound.amount
        held, shown = cycle.compute(held, (uses[number][0] * 5 * GB, uses[number][1] * 600))
        assert may_break or shown <= allowed(claim)
