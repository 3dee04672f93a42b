"""What holds for every plan and every history; Hypothesis writes the plans (strategies.py) and histories (histories.py).

- An independent reading of the rules (oracle.py) comes to the same figures and charges.
- Nothing is lost or made: each cycle and service balances, and the postings alone add up to the statement.
- No lot is overdrawn, used before its birth, or alive at its end.
- A line stopped at any instant, pickled and gone on with comes to the same postings.
- The order in which simultaneous use is recorded changes no figure.

ROLLOVER_SEARCH=20 looks at twenty times as many, others each time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TypeVar

import oracle
from histories import assert_split_is_whole, histories
from hypothesis import event, given, note
from hypothesis import strategies as st
from strategies import examples, texts

from dsl.check import check
from dsl.diagnostics import render
from dsl.plan import Plan
from dsl.scenario import CycleSteps, Dated, Scenario, Use
from dsl.source import Source
from engine.ledger import DEBTS, Lot, Posting, Reason, Sink
from engine.run import Run, run
from engine.statement import BEYOND, Figures, Statement

T = TypeVar("T")
Rows = list[dict[str, dict[str, int]]]


@st.composite
def cases(draw: st.DrawFn, *, dated: bool = False) -> tuple[Plan, Scenario]:
    """A plan of a generated text, and a history of it."""
    text = draw(texts(dated=dated))
    note(text)
    plan = draw(st.sampled_from(check(Source("generated.plan", text)).plans))
    return plan, draw(histories(plan))


def some(rows: Rows) -> Rows:
    """The figures that are not zero: a service that is missing is a service of zeros."""
    return [
        {service: kept for service, row in cycle.items() if (kept := {name: value for name, value in row.items() if value})}
        for cycle in rows
    ]


def figures(found: Statement, *names: str) -> Rows:
    return [{service: {n: getattr(row, n) for n in names} for service, row in cycle.services.items()} for cycle in found.cycles]


def charges(charged: list[dict[str, int]]) -> list[dict[str, int]]:
    return [{currency: amount for currency, amount in cycle.items() if amount} for cycle in charged]


# ---- figures --------------------------------------------------------------------------------------------------------


@examples(40)
@given(texts())
def test_a_text_written_by_the_rules_has_no_mistake(text: str) -> None:
    source = Source("generated.plan", text)
    assert not [render(diagnostic, source) for diagnostic in check(source).diagnostics if diagnostic.is_error]


@examples(100)
@given(cases())
def test_engine_and_oracle_come_to_the_same_figures(case: tuple[Plan, Scenario]) -> None:
    agree(*case)


@examples(100)
@given(cases(dated=True))
def test_they_do_where_rules_change_with_the_date(case: tuple[Plan, Scenario]) -> None:
    event(f"{len(case[0].later)} changes")
    agree(*case)


def agree(plan: Plan, scenario: Scenario) -> None:
    found = run(plan, scenario)
    for reason in {posting.reason for posting in found.postings}:
        event(reason.name)
    columns = (*oracle.CAME, *oracle.WENT, "available", "overage", "refused", "repaid", "owed")
    assert some(figures(found.statement, *columns)) == some(oracle.statement(plan, scenario))
    assert charges([cycle.charged for cycle in found.statement.cycles]) == charges(oracle.charged(plan, scenario))


@examples(40)
@given(cases())
def test_nothing_is_lost_or_made(case: tuple[Plan, Scenario]) -> None:
    found = run(*case)
    names = ("granted", "received", "converted_in", "used", "overage", "expired", "converted_out", "carried_in", "carried_out")
    assert some(figures(found.statement, *names)) == some(summed(found))
    opening = Counter[str]()
    for held in case[1].opening:
        opening[held.service] += 0 if held.owed else held.amount
    before: dict[str, Figures] = {}
    for cycle in found.statement.cycles:
        for service, row in cycle.services.items():
            assert row.imbalance == 0
            assert row.available == row.carried_in + row.granted
            assert row.carried_in == (before[service].carried_out if before else opening[service])
        before = cycle.services


def summed(found: Run) -> Rows:
    """The figures, from the postings and nothing else."""
    cycles = [dict[str, Counter[str]]() for _ in found.statement.cycles]
    held: Counter[str] = Counter()
    for posting in found.postings:
        if posting.reason is Reason.OPENING:
            held[posting.service] += moved(posting)
    for number, rows in enumerate(cycles, 1):
        services = {posting.service for posting in found.postings}
        rows.update({service: Counter(carried_in=held[service]) for service in services})
        for posting in found.postings:
            if posting.cycle == number and posting.source is not Sink.SUBSCRIBER:
                held[posting.service] += moved(posting)
                rows[posting.service].update(dict.fromkeys(named(posting, found.lots), posting.amount))
                if posting.target in DEBTS:
                    rows[posting.service]["granted" if posting.reason is Reason.REPAID else "received"] -= posting.amount
        for service in services:
            rows[service]["carried_out"] = held[service]
    return [{service: dict(row) for service, row in rows.items()} for rows in cycles]


def moved(posting: Posting) -> int:
    """What a posting adds to all lots together."""
    return posting.amount * (isinstance(posting.source, Sink) - isinstance(posting.target, Sink))


def named(posting: Posting, lots: tuple[Lot, ...]) -> list[str]:
    """The figures a posting is part of."""
    source, target = posting.source, posting.target
    if Sink.COUNTING in (source, target):
        return []  # what was not used, or does not count
    if source is Sink.OWED:
        return ["received", "used", "overage"]
    if isinstance(source, Sink) and target is Sink.USED:
        return ["used", "converted_in" if source is Sink.EXCHANGE else "received"]
    if source is Sink.EXCHANGE or target is Sink.EXCHANGE:
        return ["converted_in" if source is Sink.EXCHANGE else "converted_out"]
    if target is Sink.REFUSED:
        return []
    if isinstance(source, Sink):
        return ["overage"] if isinstance(target, Sink) else ["granted" if posting.reason is Reason.GRANTED else "received"]
    if target is Sink.USED:
        return ["used", "overage"] if lots[source].lot_class in BEYOND else ["used"]
    return ["expired"] if target is Sink.EXPIRED else []


@examples(40)
@given(cases())
def test_every_lot_lives_from_its_birth_to_its_end(case: tuple[Plan, Scenario]) -> None:
    found = run(*case)
    held: Counter[int] = Counter()
    for index, posting in enumerate(found.postings):
        assert posting.amount > 0
        if not isinstance(posting.target, Sink):
            held[posting.target] += posting.amount
            assert found.lots[posting.target].service == posting.service
        if not isinstance(posting.source, Sink):
            held[posting.source] -= posting.amount
            lot = found.lots[posting.source]
            assert held[posting.source] >= 0, "more was taken than was there"
            assert lot.service == posting.service
            if posting.target is Sink.USED:
                assert lot.born <= posting.at < lot.end, "used before its birth or after its end"
        following = found.postings[index + 1].at if index + 1 < len(found.postings) else posting.at + 1
        if following > posting.at:
            assert all(found.lots[number].end > posting.at for number, amount in held.items() if amount), "outlives its end"


# ---- time and order -------------------------------------------------------------------------------------------------


@examples(40)
@given(st.data(), cases())
def test_a_run_split_at_any_instant_is_the_whole_run(data: st.DataObject, case: tuple[Plan, Scenario]) -> None:
    assert_split_is_whole(data, *case)


@examples(40)
@given(st.data(), cases())
def test_the_order_of_simultaneous_use_changes_no_figure(data: st.DataObject, case: tuple[Plan, Scenario]) -> None:
    plan, scenario = case
    # More use at the instants at which something is used already.
    again = [Dated(one.at, replace(one.act, amount=amount), one.span) for one in scenario.dated if isinstance(one.act, Use)
             for amount in (one.act.amount // 3, one.act.amount + 1)]  # fmt: skip
    scenario = replace(scenario, dated=(*scenario.dated, *again))
    dated = shuffled(data, scenario.dated, [isinstance(one.act, Use) for one in scenario.dated])
    cycles = tuple(
        CycleSteps(shuffled(data, steps.acts, [isinstance(act, Use) for act in steps.acts]), ()) for steps in scenario.cycles
    )
    names = (*oracle.CAME, *oracle.WENT, "available", "overage", "left")
    one, other = run(plan, scenario).statement, run(plan, replace(scenario, cycles=cycles, dated=dated)).statement
    assert figures(one, *names) == figures(other, *names)
    assert [cycle.charged for cycle in one.cycles] == [cycle.charged for cycle in other.cycles]


def shuffled(data: st.DataObject, items: tuple[T, ...], moves: list[bool]) -> tuple[T, ...]:
    """The items with those that may move in another order."""
    order = iter(data.draw(st.permutations([item for item, may in zip(items, moves, strict=True) if may])))
    return tuple(next(order) if may else item for item, may in zip(items, moves, strict=True))
