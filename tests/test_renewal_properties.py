"""Whatever is renewed, changed, suspended or left, and whenever: amounts are conserved (the engine asserts it), the boundaries
are those of a run without use, and a run split at any instant is the whole run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from histories import assert_split_is_whole
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from dsl.check import check
from dsl.plan import Plan, State
from dsl.scenario import Act, Buy, ChangeTo, CycleSteps, Dated, DoNotRenew, Leave, Renew, Scenario, SetState, Use
from dsl.source import NOWHERE, Source
from engine.history import HistoryError
from engine.run import run

CYCLES = ("30 days", "week", "month from activation", "calendar month, first one by day", "from the 31st")
EARLY = ("adds", "restart the clock", "stack the clock", "expire")
LATE = ("nothing left", "grace 7 days", "grace 3 days, frozen")
CHANGE = (
    "change: new plan now", "change: new plan next cycle", "change: new plan now, allowance by day",
    "change: new plan now, allowance by the second, restart the clock",
    "change up: new plan now, allowance by day\n  change down: new plan next cycle",
)  # fmt: skip
UNUSED = (
    "unused data: carry 1 cycle", "unused data, if renewed on time: carry 1 cycle each time, cap 15 GB",
    "unused data, if same or bigger: carry 40 days", "unused data and add-on data: carry 2 cycles each time, cap 20 GB",
)  # fmt: skip
EVENTS = (
    "", "when the plan changes, carried data: keep, cap 1x new plan",
    "when renewed early, unused data: carry to the new end, cap 2 GB",
    "when renewed late, unused data: freeze", "when not renewed, unused data: carry 60 days, cap 1 GB",
    "when suspended, unused data: freeze", "when payment fails, carried data: keep, cap 3 GB",
    'when "P" ends, carried data: extend 3 days', "when the line ends, unused data: keep",
)  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> tuple[Plan, ...]:
    """Two plans of a group, and one pack."""
    lines = ['group "G": "A", "B"', "timezone Europe/Vienna"]
    for name, amount in (("A", 10), ("B", 20)):
        cycle = draw(st.sampled_from(CYCLES)) if name == "A" or draw(st.booleans()) else "30 days"
        lines += [
            f'plan "{name}" prepaid',
            f"  cycle: {cycle}",
            f"  price {amount} EUR a cycle, by day",
            f"  grant {amount} GB",
        ]
        lines += [f"  renewal early: {draw(st.sampled_from(EARLY))}", f"  renewal late: {draw(st.sampled_from(LATE))}"]
        lines += [f"  {draw(st.sampled_from(part))}" for part in (CHANGE, UNUSED, EVENTS)]
    again = draw(st.sampled_from(("grant 2 GB for 7 days", "every cycle grant 2 GB", "grant 2 GB for 5 days from first use")))
    lines += ['pack "P"', f"  {again}", "  when bought again, unused data: extend to the new end"]
    source = "\n".join(line for line in lines if line.strip())
    checked = check(Source("a.plan", source))
    assert not any(one.is_error for one in checked.diagnostics), checked.diagnostics
    return checked.plans


@st.composite
def lives(draw: st.DrawFn) -> Scenario:
    start = datetime(2026, 1, draw(st.sampled_from((1, 16, 31))))
    act: st.SearchStrategy[Act] = st.sampled_from([
        Renew(), Renew(), Renew("B"), Renew("A"), DoNotRenew(), DoNotRenew(), ChangeTo("A"), ChangeTo("B"), ChangeTo("B"),
        Leave(), Buy("P"), Buy("P"), SetState(State.ACTIVE, False), SetState(State.ACTIVE, True), SetState(State.PAID, False),
        SetState(State.PAID, True), Use("data", 3 * 10**9), Use("data", 11 * 10**9 + 1),
    ])  # fmt: skip
    cycles = []
    for _ in range(draw(st.integers(0, 3))):
        acts = [draw(act)] if draw(st.booleans()) else []
        cycles.append(
            CycleSteps((*[one for one in acts if not isinstance(one, Use)], Use("data", draw(st.integers(0, 10**10)))), ())
        )
    days = st.sampled_from((0, 7, 28, 30, 31, 37, 59, 60, 61)) | st.integers(0, 100)
    hours = st.sampled_from((0, 0, 0, 12, 23))
    dated = [
        Dated(start + timedelta(days=draw(days), hours=draw(hours)), draw(act), NOWHERE) for _ in range(draw(st.integers(1, 6)))
    ]
    return Scenario("", "A", start, tuple(cycles), tuple(dated), NOWHERE)


@examples(60)
@given(st.data(), files(), lives())
def test_whatever_is_done_to_a_line(data: st.DataObject, plans: tuple[Plan, ...], scenario: Scenario) -> None:
    try:
        found = run(plans[0], scenario, plans)
    except HistoryError:
        return  # a renewal where a cycle begins leaves no day for its use
    without = tuple(CycleSteps(tuple(act for act in steps.acts if not isinstance(act, Use)), ()) for steps in scenario.cycles)
    bare = run(plans[0], replace(scenario, cycles=without), plans)
    ends = [cycle.end for cycle in found.statement.cycles]
    assert ends == [cycle.end for cycle in bare.statement.cycles][: len(ends)]
    assert all(one.amount >= 0 for one in found.postings)
    assert [cycle.end for cycle in found.statement.cycles] == sorted(ends)

    assert_split_is_whole(data, plans[0], scenario, plans)
