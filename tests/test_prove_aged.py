"""Plans under which what was carried is carried again: proofs take all that is old as one lot, and come to what the engine
does, which keeps each."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("z3")

from reading import sound

from dsl.check import check
from dsl.plan import Claim, NeverAbove, NeverExpires, Plan
from dsl.source import NOWHERE, Source
from engine.batch.batch import figures_of
from engine.batch.even import is_even
from engine.batch.program import evaluate, program
from engine.batch.steady import steady
from engine.batch.terms import Memory
from engine.batch.trace import NotTracedError, Step, trace
from engine.contrast import Side
from engine.prove import aged
from engine.prove.claims import prove
from engine.prove.cycles import MOST, OLD, cycles, used
from engine.prove.dead import dead
from engine.prove.dominance import How, never_worse
from engine.prove.verdict import Verdict
from tests.by_parts import RowsByParts

GB = 10**9
START = datetime(2026, 1, 1)
RULES = (
    "carry 1 month each time, cap 60 GB",
    "carry 1 month each time, cap 60 GB, oldest goes first",
    "carry 1 month each time, cap 60 GB, newest goes first",
    "carry without end, cap 60 GB",
    "carry 1 month each time, cap 8 GB a cycle, cap 60 GB",
    "carry 1 month each time, cap 60 GB, convert the rest to minutes",
    "carry 1 month each time, cap 80 GB with allowance",
)


def made(rule: str, *more: str) -> Plan:
    text = (
        'rate 1 GB = 30 minutes\nplan "A" postpaid\n  every month grant 20 GB data and 100 minutes\n  use carried data first\n'
    )
    return check(Source("a.plan", f"{text}  unused data: {rule}\n" + "".join(f"  {line}\n" for line in more))).plans[0]


def grown(plan: Plan) -> Step | None:
    """The cycle of a plan whose lines hold lots of every age."""
    uses, memory = used(plan), Memory(most_terms=0)
    if not is_even(plan, undisturbed=True) or steady(plan, uses, START, memory=memory, most=MOST):
        return None
    second = trace(plan, START, uses, 2, memory=memory, most=MOST)[-1]
    return aged.aged(plan, START, second, old=OLD, memory=memory, most=MOST)


def above(service: str, amount: int) -> Claim:
    return NeverAbove(service, amount, False, NOWHERE)


# ---- what one lot stands for


def comes_to_the_same(plan: Plan, step: Step, cycles: int, seed: int) -> None:
    chance, granted = random.Random(seed), {service: plan.allowance(service) or 600 for service in step.uses}
    uses = [
        {service: int(chance.choice([0, 0, 0.3, 1, 1.7]) * granted[service]) for service in step.uses} for _ in range(cycles)
    ]
    told = evaluate(program([step], in_64_bits=False, goes_on=True), uses, [0] * len(step.opening))
    rows = RowsByParts(plan, START).settle(uses, opening=())
    for cycle, one in enumerate(rows):
        figures = figures_of(one.sums)
        assert all(figures.get(name, 0) == amount for name, amount in told.figures[cycle].items()), (seed, cycle)
    assert sum(told.closing) == sum(amount for _, amount in rows[-1].held)


@pytest.mark.parametrize("rule", RULES)
def test_one_lot_comes_to_what_many_do(rule: str) -> None:
    plan = made(rule)
    step = grown(plan)
    assert step
    for seed in range(6):
        comes_to_the_same(plan, step, 30, seed)


def test_of_the_shipped_plans_it_does_too() -> None:
    seen = 0
    for path in sorted(Path("examples").rglob("*.plan")):
        for plan in check(Source(path.name, path.read_text())).plans[:1]:
            try:
                step = grown(replace(plan, promotions=()))
            except NotTracedError:
                continue
            if step:
                seen += 1
                comes_to_the_same(replace(plan, promotions=()), step, 30, seen)
    assert seen > 12


@pytest.mark.parametrize("rule", ["carry 90% of it 1 month each time", "carry 1 month each time in steps of 3 GB"])
def test_where_each_lot_is_rounded_one_is_not_as_many(rule: str) -> None:
    assert grown(made(rule)) is None


def test_a_wrong_one_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too old is lost and not put with the oldest."""
    plan = made(RULES[0])
    closing_as_it_opens = aged._closing_as_it_opens

    def wrong(*told: object) -> Step | None:
        step = closing_as_it_opens(*told)  # type: ignore[arg-type]
        assert step
        return replace(step, closing=tuple((piece, 0 if piece.born == -OLD else one) for piece, one in step.closing))

    assert grown(plan)
    monkeypatch.setattr(aged, "_closing_as_it_opens", wrong)
    assert grown(plan) is None


# ---- what is proved of them


@pytest.mark.parametrize("rule", RULES[:4])
def test_the_largest_balance_is_proved_and_one_byte_less_refuted(rule: str) -> None:
    plan = made(rule)
    assert prove(plan, above("data", 80 * GB), START).verdict is Verdict.PROVED
    found = prove(plan, above("data", 80 * GB - 1), START)
    assert (found.verdict, len(found.history), found.is_shortest) == (Verdict.REFUTED, 4, True)


def test_a_bound_that_takes_longer_than_is_told_apart_is_proved_too() -> None:
    plan = made("carry 1 month each time, cap 290 GB")
    assert prove(plan, above("data", 310 * GB), START).verdict is Verdict.PROVED
    found = prove(plan, above("data", 310 * GB - 1), START)
    assert (found.verdict, len(found.history), found.is_shortest) == (Verdict.REFUTED, 16, True)


def test_what_grows_for_ever_is_above_any_bound_some_day() -> None:
    found = prove(made("carry 1 month each time"), above("data", 199 * GB), START)
    assert (found.verdict, len(found.history), found.is_shortest) == (Verdict.REFUTED, 10, True)


@pytest.mark.parametrize("months", [1, 3, 12])
def test_how_old_what_expires_is_is_told_as_far_as_is_claimed(months: int) -> None:
    """A cap that takes the oldest first takes what is there for three months; without one nothing expires."""
    claim = NeverExpires("data", months, False, NOWHERE)
    assert prove(made("carry 1 month each time"), claim, START).verdict is Verdict.PROVED
    capped = made("carry 1 month each time, cap 60 GB, oldest goes first")
    assert prove(capped, claim, START).verdict is (Verdict.PROVED if months <= 3 else Verdict.REFUTED)


def test_two_plans_are_compared_and_dead_caps_found() -> None:
    less, more = (made(f"carry 1 month each time, cap {cap} GB") for cap in (40, 60))
    [found, _] = never_worse(Side(less), Side(more), START)
    assert (found.verdict, found.how) == (Verdict.PROVED, How.RELATIONS)
    twice = made("carry 1 month each time, cap 60 GB, cap 70 GB")
    assert [(one.code, one.span.line) for one in dead(twice, START)] == [("P001", 5)]
    assert not list(dead(more, START))


def test_conditions_about_what_happens_to_a_line_are_settled_where_nothing_does() -> None:
    """`paid` and `same plan` hold of a line that uses and stays, and it does not renew by hand."""
    for condition, most in (("paid", 80), ("same plan", 80), ("renewed by hand", 20), ("not active", 20)):
        steered = sound(
            'plan "A" prepaid\n  cycle: 30 days\n  grant 20 GB data\n  use carried data first\n'
            f"  unused data, if {condition}: carry 1 cycle each time, cap 60 GB\n"
        ).plans[0]
        assert prove(steered, above("data", most * GB), START).verdict is Verdict.PROVED
        assert prove(steered, above("data", most * GB - 1), START).verdict is Verdict.REFUTED
    assert cycles(steered, START, used(steered)).each
    assert not is_even(steered)


def test_what_lives_for_some_cycles_beside_it_keeps_its_age() -> None:
    """Minutes are carried for a year: each lot of them ends at its own time, and the oldest is what a cap takes first."""
    minutes = "unused minutes: carry 12 months, cap 900 minutes, oldest goes first"
    plan = made("carry 1 month each time, cap 60 GB", minutes)
    step = grown(plan)
    assert step
    ages = {service: {-piece.born for piece in step.opening if piece.service == service} for service in ("data", "voice")}
    assert ages == {"data": set(range(1, OLD + 1)), "voice": set(range(1, 13))}
    for seed in range(4):
        comes_to_the_same(plan, step, 30, seed)
    assert prove(plan, above("voice", 1000 * 60), START).verdict is Verdict.PROVED
    assert prove(plan, above("data", 80 * GB), START).verdict is Verdict.PROVED
