"""Whether a run came out as its scenario expects, and whether the plan's claims held in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dsl.plan import NeverAbove
from dsl.scenario import Expectation, Figure
from engine.calendar import NEVER, Instant
from engine.ledger import Reason, Sink
from engine.run import Run
from engine.statement import Figures, charges, count, due, owes


@dataclass(frozen=True, slots=True)
class Missed:
    """An expectation of a cycle that did not come out: `got` instead, an instant where it is about an end."""

    cycle: int
    expectation: Expectation
    got: int
    line: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """An expectation of a cycle: what it `wanted`, and what it came to, each an instant where it is about an end."""

    cycle: int
    expectation: Expectation
    wanted: int
    got: int
    line: str

    @property
    def is_met(self) -> bool:
        return self.got == self.wanted


@dataclass(frozen=True, slots=True)
class Broken:
    """A claim that did not hold: at `at` the balance was `balance`."""

    claim: NeverAbove
    at: Instant
    balance: int


def missed(run: Run) -> list[Missed]:
    """Every expectation that did not come out: those of cycles in order, then those of dated steps."""
    return [Missed(one.cycle, one.expectation, one.got, one.line) for one in judged(run) if not one.is_met]


def judged(run: Run) -> Iterator[Judged]:
    """Every expectation with what it came to: those of cycles in order, of each the first line's first, then those of dated
    steps."""
    for line, cycle, expectation, at in _expectations(run):
        of_line = run.line(line)
        if expectation.figure is Figure.ENDS:
            wanted = of_line.calendar.instant(expectation.until) if expectation.until else NEVER
            got = first_end(of_line, cycle, expectation, at)
        else:
            wanted, got = expectation.amount, figure(of_line, cycle, expectation, at)
        yield Judged(cycle, expectation, wanted, got, line)


def _expectations(run: Run) -> Iterator[tuple[str, int, Expectation, Instant | None]]:
    """Each with its line, the cycle of that line, and, where it is of a dated step, its instant."""
    for cycle, steps in enumerate(run.scenario.cycles, 1):
        yield from (("", cycle, expectation, None) for expectation in steps.expectations)
        for other in steps.others:
            # The cycle of that line which the end of this one's falls in.
            in_cycle = run.line(other.line).calendar.cycle_at(run.calendar.boundary(cycle) - 1)
            yield from ((other.line, in_cycle, expectation, None) for expectation in other.expectations)
    for dated in run.scenario.dated:
        if dated.expectations:
            instant = run.calendar.instant(dated.at)
            in_cycle = run.line(dated.line).calendar.cycle_at(instant)
            yield from ((dated.line, in_cycle, expectation, instant) for expectation in dated.expectations)


def figure(run: Run, cycle: int, wanted: Expectation, at: Instant | None = None) -> int:
    """What an expectation's figure comes to in a cycle, in base units: at its end, or, where `at` is given, by then. Zero for
    a service the run never touched."""
    if wanted.figure in (Figure.CHARGED, Figure.DUE):
        asked = charges if wanted.figure is Figure.CHARGED else due
        return sum(
            asked(posting)
            for posting in run.postings
            if (posting.service, posting.cycle) == (wanted.service, cycle) and (at is None or posting.at <= at)
        )
    figures = _figures(run, cycle, wanted, at)
    match wanted.figure:
        case Figure.CARRIED:
            return figures.carried_out
        case Figure.CONVERTED:
            return figures.converted_in or figures.converted_out
        case name:
            amount: int = getattr(figures, name)
            return amount


def first_end(run: Run, cycle: int, wanted: Expectation, at: Instant | None = None) -> Instant:
    """When what could be used at an instant ends first, or, where `at` is not given, what lives on after a cycle; NEVER where
    none of it does."""
    when = run.calendar.boundary(cycle) if at is None else at
    held: dict[int, int] = defaultdict(int)
    for posting in run.postings:
        if posting.at > when or posting.cycle > cycle:
            break
        for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
            if not isinstance(place, Sink):
                held[place] += amount
    lots = [run.lots[number] for number, amount in held.items() if amount]
    found = [lot for lot in lots if lot.is_usable and wanted.service in ("", lot.service) and _is_of(run, lot.number, wanted)]
    return min((lot.end_as_of(when) for lot in found), default=NEVER)


def _figures(run: Run, cycle: int, wanted: Expectation, at: Instant | None) -> Figures:
    """The figures of a cycle, of the lots that are asked about."""
    of_all = wanted.lot_class is None and not wanted.scope
    if of_all and at is None:
        return run.statement.cycle(cycle).services.get(wanted.service, Figures())
    boundary = run.statement.cycle(cycle).end
    found = Figures()
    for posting in run.postings:
        if posting.service != wanted.service or posting.cycle > cycle or (at is not None and posting.at > at):
            continue
        source, target = _is_of(run, posting.source, wanted), _is_of(run, posting.target, wanted)
        moved = posting.amount * (target - source)
        found.carried_out += moved
        if at is not None or posting.at < boundary:
            found.left += moved - posting.amount * (
                _is_frozen(run, posting.target, wanted) - _is_frozen(run, posting.source, wanted)
            )
        found.carried_in += moved if posting.cycle < cycle else 0
        found.owed += owes(posting)
        uncovered = of_all and isinstance(posting.source, Sink) and isinstance(posting.target, Sink)
        if posting.cycle == cycle and (source != target or uncovered):
            count(found, posting, run.lots)
    found.available = found.carried_in + found.granted
    return found


def _is_of(run: Run, place: int | Sink, wanted: Expectation) -> bool:
    """Whether a posting's place is a lot that is asked about."""
    if isinstance(place, Sink):
        return False
    lot = run.lots[place]
    return wanted.lot_class in (None, lot.lot_class) and wanted.scope <= lot.scope


def _is_frozen(run: Run, place: int | Sink, wanted: Expectation) -> bool:
    return not isinstance(place, Sink) and _is_of(run, place, wanted) and run.lots[place].frozen


def broken(run: Run) -> list[Broken]:
    """Each claim of the plan that the run breaks, where it is broken furthest."""
    promoted = _promoted(run)
    found = []
    for claim in run.plan.claims:
        held: dict[int, int] = {}
        worst, worst_at = claim.amount, None
        for posting in run.postings:
            if posting.service != claim.service:
                continue
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if not isinstance(place, Sink) and (claim.with_promotions or place not in promoted):
                    held[place] = held.get(place, 0) + amount
            # At a close what it makes stands beside what ends there: nobody can use both.
            balance = sum(amount for number, amount in held.items() if run.lots[number].end > posting.at)
            held = {number: amount for number, amount in held.items() if amount}
            if balance > worst:
                worst, worst_at = balance, posting.at
        if worst_at is not None:
            found.append(Broken(claim, worst_at, worst))
    return found


def _promoted(run: Run) -> set[int]:
    """Lots put by promotions, and what they were carried or moved to."""
    found: set[int] = set()
    for posting in run.postings:
        if not isinstance(posting.target, Sink) and (posting.reason is Reason.PROMOTED or posting.source in found):
            found.add(posting.target)
    return found
