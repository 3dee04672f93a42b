"""Whether a run came out as its scenario expects, and whether the plan's claims held in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dsl.plan import Claim, Plan
from dsl.scenario import Expectation, Figure
from engine.calendar import NEVER, Instant
from engine.causes import Part, first_end, is_named, parts
from engine.claims import allowed, beyond, shown
from engine.run import Run
from engine.statement import Figures


@dataclass(frozen=True, slots=True)
class Missed:
    """An expectation of a cycle that did not come out: `got` instead, an instant where it is about an end. Where it says why,
    `got` is what was made so, `parts` are all that the figure is made of, and `unsaid` those for which no expectation beside it
    says why, told with the last of these."""

    cycle: int
    expectation: Expectation
    got: int
    line: str = ""
    parts: tuple[Part, ...] = ()
    unsaid: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """An expectation of a cycle: what it `wanted`, and what it came to, each an instant where it is about an end. One that
    says why may be missed though the two are the same."""

    cycle: int
    expectation: Expectation
    wanted: int
    got: int
    line: str
    is_met: bool
    parts: tuple[Part, ...] = ()  # where it says why and is missed, what the figure is made of


@dataclass(frozen=True, slots=True)
class Broken:
    """A claim that did not hold: at `at` it came to `got` of `service`, in base units."""

    claim: Claim
    service: str
    at: Instant
    got: int


@dataclass(frozen=True, slots=True)
class _Look:
    """What is expected of a line at one time: in a cycle of its own, at the end or at an instant."""

    line: str
    cycle: int
    at: Instant | None
    expectations: tuple[Expectation, ...]


def missed(run: Run) -> list[Missed]:
    """Every expectation that did not come out: those of cycles in order, then those of dated steps."""
    return [miss for look in _looks(run) for miss in _missed(run.line(look.line), look)]


def judged(run: Run) -> Iterator[Judged]:
    """Every expectation with what it came to, in the order of `missed`."""
    for look in _looks(run):
        of_line = run.line(look.line)
        wrong = {miss.expectation: miss for miss in _missed(of_line, look)}
        for one in look.expectations:
            wanted = _wanted_end(of_line, one) if one.figure is Figure.ENDS else one.amount
            got = wrong[one].got if one in wrong else wanted
            made = wrong[one].parts if one in wrong else ()
            yield Judged(look.cycle, one, wanted, got, look.line, one not in wrong, made)


def _looks(run: Run) -> Iterator[_Look]:
    for cycle, steps in enumerate(run.scenario.cycles, 1):
        yield _Look("", cycle, None, steps.expectations)
        for other in steps.others:
            # The cycle of that line which the end of this one's falls in.
            in_cycle = run.line(other.line).calendar.cycle_at(run.calendar.boundary(cycle) - 1)
            yield _Look(other.line, in_cycle, None, other.expectations)
    for dated in run.scenario.dated:
        instant = run.calendar.instant(dated.at)
        yield _Look(dated.line, run.line(dated.line).calendar.cycle_at(instant), instant, dated.expectations)


def _missed(run: Run, look: _Look) -> Iterator[Missed]:
    for number, one in enumerate(look.expectations):
        if one.because:
            later = look.expectations[number + 1 :]
            is_last = not any(_is_of_same(one, other) for other in later)
            yield from _wrongly_made(run, look, one, is_last=is_last)
        elif one.figure is Figure.ENDS:
            got, _ = first_end(run, look.cycle, one, look.at)
            if got != _wanted_end(run, one):
                yield Missed(look.cycle, one, got, look.line)
        elif (got := figure(run, look.cycle, one, look.at)) != one.amount:
            yield Missed(look.cycle, one, got, look.line)


def _is_of_same(one: Expectation, other: Expectation) -> bool:
    """Whether two expectations say why of the same figure."""
    if not (one.because and other.because):
        return False
    return all(getattr(one, name) == getattr(other, name) for name in ("figure", "service", "lot_class", "scope"))


def _wrongly_made(run: Run, look: _Look, one: Expectation, *, is_last: bool) -> Iterator[Missed]:
    """An expectation that says why: so much was made so, and of all that was made otherwise another says why."""
    if one.figure is Figure.ENDS:
        got, of = first_end(run, look.cycle, one, look.at)
        is_right = got == _wanted_end(run, one)
    else:
        of = parts(run, look.cycle, one, look.at)
        got = sum(part.amount for part in of if _made(run, part, one))
        is_right = got == one.amount
    beside = [other for other in look.expectations if other is one or _is_of_same(one, other)]
    unsaid = tuple(part for part in of if not any(_made(run, part, other) for other in beside)) if is_last else ()
    if unsaid or not is_right:
        yield Missed(look.cycle, one, got, look.line, tuple(of), unsaid)


def _made(run: Run, part: Part, one: Expectation) -> bool:
    return one.because is not None and is_named(part, one.because, run)


def _wanted_end(run: Run, one: Expectation) -> Instant:
    return run.calendar.instant(one.until) if one.until else NEVER


def figure(run: Run, cycle: int, wanted: Expectation, at: Instant | None = None) -> int:
    """What an expectation's figure comes to in a cycle, in base units: at its end, or, where `at` is given, by then. Zero for
    a service the run never touched."""
    is_plain = wanted.lot_class is None and not wanted.scope and at is None
    if wanted.figure in (Figure.CHARGED, Figure.DUE) or not is_plain:
        return sum(part.amount for part in parts(run, cycle, wanted, at))
    figures = run.statement.cycle(cycle).services.get(wanted.service, Figures())
    match wanted.figure:
        case Figure.CARRIED:
            return figures.carried_out
        case Figure.CONVERTED:
            return figures.converted_in or figures.converted_out
        case _:
            amount: int = getattr(figures, wanted.figure)
            return amount


def broken(run: Run, others: Iterable[Plan] = ()) -> list[Broken]:
    """Each claim of the plan that the run breaks, where it is broken furthest, and each of a plan that the line changes to.
    `others` are the plans of its file, which it may be compared with or change to. What comes after a cycle in which more is
    used than a plan assumes is not judged of it."""
    plans = tuple(others)
    changed_to = [plan for plan in plans if plan.name != run.plan.name]
    return [*_broken(run, run.plan, plans), *(one for plan in changed_to for one in _broken(run, plan, plans))]


def _broken(run: Run, plan: Plan, plans: Sequence[Plan]) -> Iterator[Broken]:
    cycles = _judged_of(run, plan)
    first = beyond(run, plan.most_used, cycles)
    judged = {number for number in cycles if first is None or number < first}
    for claim in plan.claims if judged else ():
        over = [one for one in shown(run, claim, plans) if one.amount > allowed(claim) and one.cycle in judged]
        if over:
            worst = max(over, key=lambda one: one.amount)
            yield Broken(claim, worst.service, worst.at, worst.amount)


def _judged_of(run: Run, plan: Plan) -> list[int]:
    """The cycles that the claims of a plan are about: all, of the plan that the line begins on; of another one those that begin
    and end with it, since what a cycle comes to that has two plans is of neither."""
    is_first = plan.name == run.plan.name
    return [
        cycle.number for cycle in run.statement.cycles
        if is_first or run.begun.get(cycle.number) == cycle.plan == plan.name
    ]  # fmt: skip
