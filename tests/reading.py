"""How the tests read a text: to checked plans without a finding, and to meanings that can be compared wherever they stand."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from dsl.check import Checked, check
from dsl.diagnostics import render
from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from dsl.scenario import Act, CycleSteps, Dated, Scenario, Use
from dsl.source import NOWHERE, Source, Span
from engine.judge import missed
from engine.ledger import Sink
from engine.run import Run, run

GB, MB = 10**9, 10**6
MINUTE = 60


def sound(text: str) -> Checked:
    """The text, in which nothing is wrong."""
    source = Source("test.plan", text)
    checked = check(source)
    assert not checked.diagnostics, "\n".join(render(diagnostic, source) for diagnostic in checked.diagnostics)
    return checked


def plan_of(text: str, name: str = "") -> Plan:
    """The plan of that name, or the first."""
    checked = sound(text)
    found = checked.plan(name) if name else checked.plans[0]
    assert found is not None
    return found


def anywhere(meaning: Any) -> Any:
    """A meaning without the places where it was written."""
    if isinstance(meaning, Span):
        return NOWHERE
    if isinstance(meaning, tuple):
        return tuple(anywhere(part) for part in meaning)
    if dataclasses.is_dataclass(meaning) and not isinstance(meaning, type):
        parts = {field.name: anywhere(getattr(meaning, field.name)) for field in dataclasses.fields(meaning)}
        return type(meaning)(**parts)
    return meaning


def use(amount: int, service: str = "data") -> Use:
    return Use(service, amount)


def after(
    plan: Plan | str, *cycles: tuple[Act, ...] | int, start: datetime = DEFAULT_START, dated: tuple[Dated, ...] = ()
) -> Run:
    """A run of a plan, or of the first of a text: each cycle is what happens in it, or how many bytes are used."""
    chosen = plan_of(plan) if isinstance(plan, str) else plan
    steps = tuple(CycleSteps((use(acts),) if isinstance(acts, int) else acts, ()) for acts in cycles)
    return run(chosen, Scenario("", chosen.name, start, steps, dated, NOWHERE))


def column(found: Run, name: str, service: str = "data") -> list[int]:
    """A figure of a service, cycle by cycle."""
    return [getattr(cycle.services[service], name) for cycle in found.statement.cycles]


def example(text: str) -> Run:
    """The first example of the text, run."""
    checked = sound(text)
    plan = checked.plan(checked.scenarios[0].plan)
    assert plan is not None
    return run(plan, checked.scenarios[0], checked.plans)


def come_out(text: str) -> None:
    """Every example of the text comes out as it expects."""
    checked = sound(text)
    assert checked.scenarios, "a text without an example shows nothing"
    for scenario in checked.scenarios:
        plan = checked.plan(scenario.plan)
        assert plan is not None
        found = run(plan, scenario, checked.plans)
        wrong = [(one.expectation.figure, one.expectation.amount, one.got, one.expectation.span.line) for one in missed(found)]
        assert not wrong, f"{scenario.name}: {wrong}"


def told(text: str, *steps: str, **parts: str) -> Run:
    """A text, with `parts` where it names them and `steps` for its `{example}`, run: what they expect must have come, and the
    account be in balance."""
    written = "\n".join(['  example "told"', *(f"    {step}" for step in steps)])
    found = example(text.format(**parts, example=written))
    assert missed(found) == []
    assert_in_balance(found)
    return found


def assert_in_balance(found: Run) -> None:
    """What lines give, others receive, at the same instant; each line's own sum is asserted on every run."""
    given: dict[tuple[int, str], int] = {}
    for one in (found, *(other for _, other in found.others)):
        for posting in one.postings:
            way = (posting.target is Sink.ANOTHER_LINE) - (posting.source is Sink.ANOTHER_LINE)
            if way:
                key = posting.at, posting.service
                given[key] = given.get(key, 0) + way * posting.amount
    assert not any(given.values())
