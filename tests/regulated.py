"""Plans made at random that look as if they kept what a regulation asks about balances, and histories of them.

`strategies.texts` has the whole language, and of its plans few keep anything. The writer here knows the ways in which a plan
can almost keep it: a cap that is almost large enough, a life almost long enough, an event, a date, a pack, a promotion.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from dsl.plan import Demand, IsIn, Occasion, Plan, State
from dsl.scenario import Act, Buy, CycleSteps, Dated, DoNotRenew, Renew, Scenario, SetState, Use
from dsl.source import NOWHERE
from engine.regulate.happens import renews_early

GB = 10**9
CYCLES = (
    "", "cycle: 30 days", "cycle: calendar month", "cycle: month from the 31st", "cycle: 7 days in blocks of 30 days",
    "cycle: month from the 31st, short month overflow", "cycle: 2 months", "cycle: 30 days from first use",
    "cycle: month from the 15th, first one by day", "cycle: month from activation, at the hour of activation",
)  # fmt: skip
RENEWALS = (
    "", "renewal early: restart the clock", "renewal early: stack the clock", "renewal early: expire",
    "renewal late: grace 5 days", "renewal late: nothing left",
)  # fmt: skip
LIVES = (
    "", "without end", "for 2 cycles", "for 1 cycle from first use", "for 40 days", "to the end of the month", "for 10 days",
)  # fmt: skip
ORDERS = ("", "use carried", "use allowance, then carried", "use oldest first", "use soonest to end, then carried")
HANDS = ("unused data", "unused data and bonus data", "unused data and add-on data", "unused data and carried data")
CONDITIONS = (
    "", " if active", " if paid", " if renewed on time", " if same plan", " if used at least 1 GB", " if not opted in",
    " if after the first cycle", " if held the whole cycle", " if 2 cycles in a row",
)  # fmt: skip
CARRIED = ("1 cycle", "2 cycles", "12 cycles", "1 calendar month", "30 days", "7 days", "without end")
MARKS = ("", " each time", " from grant", " only at night", " in steps of 1 GB rounded up")
CAPS = ("", ", cap 10 GB", ", cap 20 GB", ", cap 5 GB", ", cap 1x plan", ", cap 10 GB a cycle", ", cap 5 GB on all carried")
CUTS = ("", ", oldest goes first", ", earliest to end goes first")
EVENTS = ("when suspended", "when payment fails", "when resumed", "when renewed early", "when renewed late", "when not renewed")
ACTS = (
    "keep", "keep, cap 2 GB", "extend 1 month", "extend 1 month, cap 2 GB", "expire", "freeze", "carry 1 cycle",
    "extend to the new end", "carry to the new end",
)  # fmt: skip
PACKS = (
    "grant 2 GB", "grant 2 GB for 10 days", "every cycle grant 2 GB", "grant 2 GB without end", "grant 2 GB for 1 cycle",
    "grant 2 GB for 30 days from first use", "grant 2 GB in each of 3 cycles",
)  # fmt: skip
PROMOTIONS = (
    "grant 5 GB data for 3 days", "grant 5 GB data without end", "multiply allowance by 2", "every month grant 1 GB data",
    "when it starts, carried data: extend 1 month", "when it starts, unused data: keep, cap 1 GB",
    "when it starts, unused data: expire",
)  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> str:
    """A file with a plan of data, which may have a mistake where what was drawn does not go together."""

    def one(options: tuple[str, ...]) -> str:
        return draw(st.sampled_from(options))

    def some(of: int) -> bool:
        return draw(st.integers(1, of)) == of

    def carry() -> str:
        if some(12):
            return "extend 1 calendar month" + one(CAPS)
        part = "50% of it " * some(12)
        cap = one(CAPS) if some(3) else ""
        return f"carry {part}{one(CARRIED)}{one(MARKS)}{cap}{one(CUTS) if cap else ''}"

    hand = one(HANDS)
    lines = [
        one(CYCLES) if some(2) else "",
        one(RENEWALS) if some(2) else "",
        f"grant 10 GB data {one(LIVES) if some(2) else ''}",
    ]
    lines += [one(ORDERS)]
    lines += [one(("carried data: expire", "carried data: carry 1 cycle", "bonus data: carry 1 cycle"))] * some(6)
    until = "until 2026-06-01 " * some(5)
    if some(3):
        lines.append(f"{until}{hand}{one(CONDITIONS)}: {carry()}")
    lines.append(f"{until}{hand}: {carry()}")
    if until:
        lines.append(f"from 2026-06-01 {one((hand, 'unused data', 'unused data and gift data'))}: {carry()}")
    if some(3):
        hurt = one(("unused data", "carried data", "unused data and carried data"))
        lines.append(f"{'from 2026-06-01 ' * some(5)}{one(EVENTS)}, {hurt}: {one(ACTS)}")
    text = f'plan "A" {one(("prepaid", "postpaid"))}\n' + "".join(f"  {line}\n" for line in lines if line)
    if some(3):
        text += f'pack "Q"\n  price 1 EUR\n  {one(PACKS)}\n' + f"  unused data: {carry()}\n" * some(2)
        text += f"  when bought again, unused data: {one(('extend to the new end', 'expire', 'keep'))}\n" * some(4)
    if some(5):
        text += f'promotion "P" for "A"\n  from 2026-02-01 until 2026-09-01\n  {one(PROMOTIONS)}\n'
    return text


@st.composite
def histories(draw: st.DrawFn, plan: Plan, demand: Demand) -> Scenario:
    """What a line may do of which the demand is asked: it stays on its plan, and renews it in time unless the demand is of
    others."""

    def act() -> list[Act]:
        acts: list[Act] = [Buy(plan.packs[0].name)] if plan.packs and draw(st.booleans()) else []
        used = draw(st.sampled_from((0, 0, 1, 3 * GB, 9 * GB, 12 * GB)))
        return [*acts, Use("data", used, in_all=True)] if used else acts

    count = draw(st.integers(2, 8))
    cycles = [act() for _ in range(count)]
    if demand.occasion is Occasion.NOT_RENEWED:
        cycles[draw(st.integers(0, count - 1))].append(DoNotRenew())
    asked = {one.state for one in demand.conditions if isinstance(one, IsIn)}
    states = [state for state in (State.ACTIVE, State.PAID) if state not in asked]
    start = datetime(
        2026, draw(st.sampled_from((1, 3, 5, 8))), draw(st.sampled_from((1, 15, 31))), draw(st.sampled_from((0, 13)))
    )
    kinds = ["opt in"] + ["renew"] * renews_early(plan) + ["off"] * bool(states)
    dated: list[Dated] = []
    for _ in range(draw(st.integers(0, 3))):
        at = start + timedelta(days=draw(st.integers(1, 31 * count)), hours=draw(st.sampled_from((0, 5, 23))))
        match draw(st.sampled_from(kinds)):
            case "renew":
                dated.append(Dated(at, Renew(), NOWHERE))
            case "off":
                state = draw(st.sampled_from(states))
                dated.append(Dated(at, SetState(state, on=False), NOWHERE))
                if draw(st.booleans()):
                    dated.append(Dated(at + timedelta(days=draw(st.sampled_from((1, 20)))), SetState(state, on=True), NOWHERE))
            case _:
                dated.append(Dated(at, SetState(State.OPTED_IN, on=True), NOWHERE))
    steps = tuple(CycleSteps(tuple(acts), ()) for acts in cycles)
    return Scenario("h", plan.name, start, steps, tuple(sorted(dated, key=lambda one: one.at)), NOWHERE)
