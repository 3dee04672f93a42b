"""What a history by chance comes up to is never proved to be out of reach: plans by chance, used at any time and for anything,
by lines that begin on any day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

pytest.importorskip("z3")

from dsl.check import check
from dsl.examples import DEFAULT_START
from dsl.plan import (
    GENERAL,
    Bounded,
    CarriedNeverAbove,
    Claim,
    CycleNeverAbove,
    MostUsed,
    NeverAbove,
    NeverExpires,
    Plan,
)
from dsl.plan.uses import ABROAD
from dsl.scenario import CycleSteps, Dated, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.claims import beyond, shown
from engine.prove.claims import prove
from engine.prove.cycles import cycles, used
from engine.prove.modelled import never_judged, never_proved
from engine.prove.verdict import Verdict
from engine.run import Run, run

Kind = Callable[[Random], Plan]
GB = 10**9
SERVICES = {"data": 10 * GB, "voice": 6_000}
CYCLES = ("30 days", "month", "calendar month", "from the 15th", "from the 31st", "week, at 05:00", "every 3 months")
GRANTS = (
    "10 GB",
    "10 GB, 100 minutes",
    "10 GB, 5 GB bonus data",
    "10 GB, 5 GB only at home",
    "10 GB, 3 GB bonus data for 2 cycles",
)
ORDERS = ("carried first", "allowance, then carried", "oldest first", "newest first", "bonus, then allowance")
CARRIED = ("carry 1 cycle", "carry 2 cycles", "carry 2 cycles from grant", "carry 40% of it 2 cycles",
           "carry 1 cycle in steps of 3 GB rounded up", "carry 3 cycles each time")  # fmt: skip
BY_DAY = ("calendar month, first one by day", "from the 15th, first one by day")
LATER = (", if after the first cycle", ", if held the whole cycle", ", if not after the first cycle")
MONTHS = ("carry 1 month", "carry 3 calendar months", "carry 40% of it 2 calendar months", "carry 2 cycles",
          "carry 3 calendar months from grant", "carry 1 calendar month each time")  # fmt: skip
AGAIN = ("carry 1 cycle each time", "carry without end", "carry without end each time", "carry 2 cycles each time")
MET = ("", "", ", if paid", ", if active and same plan", ", if not opted in", ", if renewed on time")
CAPS = ("", "", "cap 5 GB", "cap 12 GB", "cap 7 GB a cycle", "cap 15 GB with allowance, oldest goes first")
RESTS = ("", "", "convert the rest to minutes", "convert the rest to minutes at 1 EUR, cap 60 minutes")
OUT = (
    "block",
    "sell 1 GB at 1 EUR",
    "sell 1 GB at 1 EUR",
    "sell 1 GB at 2 EUR up to 3 times",
    "owe the rest",
    "borrow 1 GB from the next cycle",
)
COUNTED = ("", "", "data counts in steps of 50 MB", "abroad counts 2", "at home counts 0.5")


def chosen(
    chance: Random, carried: Sequence[str] = CARRIED, met: Sequence[str] = ("",), cycles: Sequence[str] = CYCLES
) -> Plan:
    one = chance.choice
    clauses = ", ".join(filter(None, (one(carried), one(CAPS), one(RESTS))))
    lines = [
        'plan "A" postpaid',
        f"cycle: {one(cycles)}",
        "price 9 EUR a cycle",
        f"every cycle grant {one(GRANTS)}",
        f"use {one(ORDERS)}",
        f"{one(('unused data', 'unused data and bonus data'))}{one(met)}: {clauses}",
        f"when data runs out: {one(OUT)}",
        one(COUNTED),
    ]
    found = check(Source("a.plan", "rate 1 GB = 30 minutes\n" + "\n  ".join(filter(None, lines)) + "\n"))
    assert not found.has_errors, (lines, found.diagnostics)
    assumed = [MostUsed(service, 2 * amount, NOWHERE) for service, amount in SERVICES.items()]
    return replace(found.plans[0], most_used=tuple(assumed) if chance.random() < 0.5 else ())


def again(chance: Random) -> Plan:
    """Of which a line holds lots of every age, some under conditions about what happens to it."""
    return chosen(chance, AGAIN, MET)


def begun(chance: Random) -> Plan:
    """Of which the first cycle differs from all others."""
    if chance.random() < 0.5:
        found = chosen(chance, MONTHS, cycles=BY_DAY)
        return replace(found, prices=tuple(replace(price, by_day=chance.random() < 0.5) for price in found.prices))
    return chosen(chance, MONTHS if chance.random() < 0.5 else CARRIED, LATER, ("calendar month", "from the 15th"))


def histories(plan: Plan, chance: Random) -> Iterator[Run]:
    for _ in range(8):
        start = DEFAULT_START + timedelta(days=chance.choice((0, 14, chance.randrange(1500))), minutes=chance.choice((0, 721)))
        many, few = chance.choice(((6, 0), (13, 0), (3, 2), (0, 2), (0, 12)))
        cycles = tuple(CycleSteps(tuple(uses(chance, in_all=True)), ()) for _ in range(many))
        days = sorted(chance.randrange(120) for _ in range(few))
        dated = [Dated(start + timedelta(days=day), use, NOWHERE) for day in days for use in uses(chance, in_all=False)]
        if cycles or dated:
            yield run(plan, Scenario("", plan.name, start, cycles, tuple(dated), NOWHERE))
    yield run(plan, Scenario("", plan.name, datetime(2026, 1, 1), (CycleSteps((), ()),) * 8, (), NOWHERE))


def uses(chance: Random, *, in_all: bool) -> list[Use]:
    found = {
        service: chance.choice((0, 1, amount, 2 * amount, chance.randrange(3 * amount))) for service, amount in SERVICES.items()
    }
    tags = GENERAL if in_all else chance.choice((GENERAL, frozenset({ABROAD})))
    return [Use(service, amount, tags, in_all=in_all) for service, amount in found.items() if amount]


def reached(made: list[Run], claim: Claim) -> int:
    return max(
        (
            one.amount
            for run in made
            for one in shown(run, claim)
            if one.cycle < (beyond(run, run.plan.most_used, range(1, len(run.statement.cycles) + 1)) or one.cycle + 1)
        ),
        default=0,
    )


def claims() -> Iterator[Claim]:
    for service in SERVICES:
        yield NeverAbove(service, 0, False, NOWHERE)
        yield CarriedNeverAbove(service, 0, False, NOWHERE)
        yield CycleNeverAbove(Bounded.CONVERTED, service, 0, NOWHERE)
        yield from (NeverExpires(service, cycles, False, NOWHERE) for cycles in (0, 1, 2))
    yield CycleNeverAbove(Bounded.CHARGED, "EUR", 0, NOWHERE)
    yield CycleNeverAbove(Bounded.DUE, "EUR", 0, NOWHERE)


@pytest.mark.parametrize(("kind", "seeds"), [(chosen, 40), (again, 12), (begun, 12)])
@pytest.mark.parametrize("part", range(4))
def test_what_some_history_reaches_is_never_proved_to_be_out_of_reach(part: int, kind: Kind, seeds: int) -> None:
    verdicts: Counter[Verdict] = Counter()
    for seed in range(part, seeds, 4):
        chance = Random(seed)
        plan = kind(chance)
        made = list(histories(plan, chance))
        for claim in claims():
            most = reached(made, claim)
            if not most:
                continue
            less = claim if isinstance(claim, NeverExpires) else replace(claim, amount=most - 1)  # type: ignore[type-var]
            found = prove(plan, less, DEFAULT_START)
            assert found.verdict is not Verdict.PROVED, (seed, less, most)
            verdicts[found.verdict] += 1
    assert verdicts[Verdict.REFUTED] > verdicts[Verdict.UNKNOWN] / 2, verdicts


@pytest.mark.parametrize("kind", [chosen, again])
def test_where_all_cycles_are_alike_no_bound_is_left_open(kind: Kind) -> None:
    """Whatever the amount, it is proved or refuted; but of what no cycle tells, nothing is said."""
    verdicts: Counter[Verdict] = Counter()
    for seed in (*range(40), 102, 189):
        chance = Random(seed)
        plan = kind(chance)
        each = cycles(plan, DEFAULT_START, used(plan)).each
        if each is None or not each.by_sum:
            continue
        for service, granted in SERVICES.items():
            amounts = sorted(chance.randrange(4 * granted) for _ in range(4))
            for claim in (
                said(service, amount, False, NOWHERE) for said in (NeverAbove, CarriedNeverAbove) for amount in amounts
            ):
                if never_judged(plan, claim) or never_proved(plan, claim, ()):
                    continue
                found = prove(plan, claim, DEFAULT_START)
                assert found.verdict is not Verdict.UNKNOWN, (seed, claim, found.why)
                verdicts[found.verdict] += 1
    assert min(verdicts[Verdict.PROVED], verdicts[Verdict.REFUTED]) > 50, verdicts
