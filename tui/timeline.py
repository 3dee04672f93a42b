"""What happens in a history, in the order of time: what the plan does by itself, what the subscriber does, how that went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from dsl import units
from dsl.plan import Plan
from dsl.scenario import (
    Act,
    Add,
    Borrow,
    Buy,
    ChangeTo,
    Dated,
    Exchange,
    Expectation,
    Figure,
    GiveAway,
    Remove,
    Renew,
    Save,
    Scenario,
    SetState,
    TopUp,
    Use,
)
from dsl.source import NOWHERE, Source, Span, printable
from dsl.step_words import StepWords, UnsayableError, moment
from engine.calendar import NEVER, Calendar, Instant
from engine.history import HistoryError, first_use
from engine.judge import Judged, judged
from engine.ledger import Posting, Reason, Sink
from engine.requests import asked_for
from engine.run import Run, run
from tui import steps
from tui.steps import Place

MANY_USES = 60  # more dated uses than this are told by the day


class Kind(Enum):
    """What an entry is about, in the order in which those of one instant stand."""

    ENDS = auto()  # lots
    CYCLE = auto()
    PROMOTION = auto()
    STEP = auto()
    USES = auto()  # dated ones, where there are many
    EXPECTED = auto()


class State(Enum):
    """How it went."""

    PLAIN = auto()
    REFUSED = auto()
    MET = auto()
    MISSED = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """`words` and `why`, what is to be said about its state, are safe to show. `place` is where the step or the expectation
    stands in the scenario, None for what is the plan's own; `rule` where the text speaks of it, or NOWHERE."""

    at: Instant
    kind: Kind
    words: str
    place: Place | None = None
    state: State = State.PLAIN
    why: str = ""
    rule: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Window:
    """A promotion of the plan, from its start to its end."""

    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class Timeline:
    """`boundaries` are those of the cycles, from the start of the first to the end of the last. `problem` is what keeps the
    history from being run, where no entry tells it."""

    calendar: Calendar
    boundaries: tuple[Instant, ...]
    windows: tuple[Window, ...]
    entries: tuple[Entry, ...]
    problem: str = ""

    @property
    def start(self) -> Instant:
        return self.boundaries[0]

    @property
    def end(self) -> Instant:
        return self.boundaries[-1]


def timeline(
    plan: Plan, scenario: Scenario, found: Run | None, others: tuple[Plan, ...], source: Source, *, with_ends: bool
) -> Timeline:
    """The timeline of a scenario of a plan. `found` is what it came to, or, where that can't be told, an earlier run or None.
    `source` is the text of the plan. `with_ends` tells when lots end, too."""
    return _Teller(plan, scenario, found, others, source).told(with_ends=with_ends)


class _Teller:
    def __init__(self, plan: Plan, scenario: Scenario, found: Run | None, others: tuple[Plan, ...], source: Source) -> None:
        self.plan, self.scenario, self.others, self.source = plan, scenario, others, source
        self.words = StepWords(plan.data_step)
        self.run = found if found and found.plan.name == plan.name and found.scenario == scenario else None
        known = found if found and found.plan.name == plan.name else None
        self.calendar = known.calendar if known else Calendar(plan.cycle, plan.zone, scenario.start, first_use(scenario))

    def told(self, *, with_ends: bool) -> Timeline:
        cycles = self._cycles()
        boundaries = tuple(self.calendar.boundary(number) for number in range(cycles + 1))
        problem, culprit = ("", None) if self.run else self._problem()
        entries = [*self._of_plan(boundaries), *self._steps(problem, culprit), *self._expected(boundaries)]
        if with_ends and self.run:
            entries += self._ends(self.run)
        windows = tuple(self._windows(boundaries[0], boundaries[-1]))
        return Timeline(self.calendar, boundaries, windows, tuple(sorted(entries, key=_turn)), "" if culprit else problem)

    def _cycles(self) -> int:
        if self.run:
            return len(self.run.statement.cycles)
        dated = (self.calendar.cycle_at(max(self.calendar.boundary(0), self._instant(one))) for one in self.scenario.dated)
        return max([1, len(self.scenario.cycles), *dated])

    def _instant(self, dated: Dated) -> Instant:
        return self.calendar.instant(dated.at)

    # ---- the plan's own

    def _of_plan(self, boundaries: tuple[Instant, ...]) -> Iterator[Entry]:
        plans = [cycle.plan for cycle in self.run.statement.cycles] if self.run else []
        for number, start in enumerate(boundaries[:-1], 1):
            uses = self._used_in(number)
            words = f"cycle {number} begins, uses {uses}" if uses else f"cycle {number} begins"
            if 1 < number <= len(plans) and plans[number - 1] != plans[number - 2]:
                words = f'cycle {number} begins on "{printable(plans[number - 1])}"'
            yield Entry(start, Kind.CYCLE, words, rule=self.plan.span)
        for promotion in self.plan.promotions:
            for day, words in (
                (promotion.start, f'promotion "{printable(promotion.name)}" starts'),
                (promotion.end, f'promotion "{printable(promotion.name)}" ends'),
            ):
                at = self.calendar.midnight(day)
                if boundaries[0] <= at <= boundaries[-1]:
                    yield Entry(at, Kind.PROMOTION, words, rule=promotion.span)

    def _used_in(self, number: int) -> str:
        """What the scenario says is used in a cycle, in all."""
        told = self.scenario.cycles[number - 1].acts if number <= len(self.scenario.cycles) else ()
        used: dict[str, int] = defaultdict(int)
        for act in told:
            if isinstance(act, Use):
                used[act.service] += act.amount
        return ", ".join(units.show(service, amount, self.plan.data_step) for service, amount in used.items() if amount)

    def _windows(self, start: Instant, end: Instant) -> Iterator[Window]:
        for promotion in self.plan.promotions:
            first, last = (self.calendar.midnight(day) for day in (promotion.start, promotion.end))
            if first < end and last > start:
                yield Window(max(first, start), min(last, end))

    def _ends(self, found: Run) -> Iterator[Entry]:
        gone: dict[tuple[Instant, str, Reason, Span], int] = defaultdict(int)
        for posting in found.postings:
            if posting.target is Sink.EXPIRED:
                gone[posting.at, posting.service, posting.reason, posting.span] += posting.amount
        for (at, service, reason, span), amount in gone.items():
            said = units.show(service, amount, self.plan.data_step)
            yield Entry(at, Kind.ENDS, f"{said} of {service} go: {reason}", rule=self._in_text(span))

    # ---- what is done

    def _steps(self, problem: str, culprit: Place | None) -> Iterator[Entry]:
        done = list(steps.acts(self.scenario))
        if sum(isinstance(act, Use) for _, _, act in done) > MANY_USES:
            yield from self._uses_by_day([place for place, _, act in done if isinstance(act, Use)])
            done = [one for one in done if not isinstance(one[2], Use)]
        refusals = self._refusals([(self._at(place), line, act) for place, line, act in done])
        for number, (place, line, act) in enumerate(done):
            at = self._at(place)
            who = f'"{printable(line)}" ' if line else ""
            entry = Entry(at, Kind.STEP, who + printable(self._act(act)), place, rule=self._rule(at, line, act))
            if place == culprit:
                entry = replace(entry, state=State.REFUSED, why=printable(problem))
            elif number in refusals:
                entry = self._refused(entry, refusals[number])
            yield entry

    def _at(self, place: Place) -> Instant:
        if place.dated >= 0:
            return self._instant(self.scenario.dated[place.dated])
        return self.calendar.days(place.cycle + 1)[0]

    def _act(self, act: Act) -> str:
        try:
            return self.words.act(act)
        except UnsayableError as error:
            return str(error)

    def _uses_by_day(self, places: Iterable[Place]) -> Iterator[Entry]:
        used: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
        for place in places:
            dated = self.scenario.dated[place.dated]
            assert isinstance(dated.act, Use)
            used[dated.at.date(), dated.line][dated.act.service] += dated.act.amount
        for (day, line), amounts in used.items():
            said = ", ".join(units.show(service, amount, self.plan.data_step) for service, amount in amounts.items())
            who = f'"{printable(line)}" ' if line else ""
            yield Entry(self.calendar.midnight(day), Kind.USES, f"{who}uses {said}")

    # ---- how it went

    def _refusals(self, done: list[tuple[Instant, str, Act]]) -> dict[int, Posting]:
        """The posting that refused a step, by the number of the step. Of several that asked for the same at one instant the
        last ones were refused, since it is what came before that left nothing to them."""
        if self.run is None:
            return {}
        open_ones: dict[tuple[str, Instant, str, int], list[Posting]] = defaultdict(list)
        for line in ("", *(name for name, _ in self.run.others)):
            for posting in self.run.line(line).postings:
                if posting.target is Sink.REFUSED:
                    open_ones[line, posting.at, posting.service, posting.amount].append(posting)
        found: dict[int, Posting] = {}
        for number, (at, line, act) in reversed(list(enumerate(done)) if open_ones else []):
            keys = [(line, at, service, amount) for service, amount in self._asked(at, act).items() if amount]
            if keys and all(open_ones.get(key) for key in keys):
                found[number] = [open_ones[key].pop() for key in keys][-1]
        return found

    def _asked(self, at: Instant, act: Act) -> dict[str, int]:
        match act:
            case Buy(pack=name):
                plan = self.plan.on(self.calendar.local(at).date())
                return asked_for(act, plan) if any(pack.name == name for pack in plan.packs) else {}
            case TopUp() | Add():
                return asked_for(act, self.plan)
            case Save() | Borrow() | Exchange() | GiveAway() | Remove():
                return {act.service: act.amount}
            case _:
                return {}

    def _refused(self, entry: Entry, posting: Posting) -> Entry:
        rule = self._in_text(posting.span)
        written = self._quoted(rule)
        why = f"refused: {posting.reason}"
        if written:
            why = f"refused: {posting.reason} (line {rule.line}: {written})"
        return replace(entry, state=State.REFUSED, why=why, rule=rule if written else entry.rule)

    def _rule(self, at: Instant, line: str, act: Act) -> Span:
        """Where the text speaks of what a step does."""
        match act:
            case Buy(pack=name):
                return next((pack.span for pack in self.plan.packs if pack.name == name), NOWHERE)
            case ChangeTo(plan=name) | Renew(plan=name) if name:
                return next((other.span for other in self.others if other.name == name), NOWHERE)
            case _:
                reason = _DONE.get(type(act))
        if self.run is None or reason is None:
            return NOWHERE
        found = (one.span for one in self.run.line(line).postings if one.at == at and one.reason is reason)
        return self._in_text(next(found, NOWHERE))

    def _in_text(self, span: Span) -> Span:
        """The span, where it is one of the plan's text: steps that were typed or loaded have no place there."""
        return span if 1 <= span.line <= len(self.source.lines) else NOWHERE

    def _quoted(self, span: Span) -> str:
        return printable(self.source.lines[span.line - 1][span.start : span.end]) if span != NOWHERE else ""

    # ---- what is expected

    def _expected(self, boundaries: tuple[Instant, ...]) -> Iterator[Entry]:
        came = judged(self.run) if self.run else None
        for place, at, line, expectation in self._expectations(boundaries):
            who = f'"{printable(line)}" ' if line else ""
            entry = Entry(at, Kind.EXPECTED, f"{who}expected: {printable(self._said(expectation))}", place)
            one = next(came) if came else None
            if one and one.is_met:
                entry = replace(entry, state=State.MET)
            elif one:
                entry = replace(entry, state=State.MISSED, why=f"came to {self._got(one)}")
            yield entry

    def _expectations(self, boundaries: tuple[Instant, ...]) -> Iterator[tuple[Place, Instant, str, Expectation]]:
        """In the order in which they are judged."""
        for cycle, told in enumerate(self.scenario.cycles):
            at = boundaries[cycle + 1] - 1
            for index, one in enumerate(told.expectations):
                yield Place(cycle=cycle, expectation=index), at, "", one
            for number, other in enumerate(told.others):
                for index, one in enumerate(other.expectations):
                    yield Place(cycle=cycle, other=number, expectation=index), at, other.line, one
        for number, dated in enumerate(self.scenario.dated):
            for index, one in enumerate(dated.expectations):
                yield Place(dated=number, expectation=index), self._instant(dated), dated.line, one

    def _said(self, expectation: Expectation) -> str:
        try:
            return self.words.expected(expectation)
        except UnsayableError as error:
            return str(error)

    def _got(self, one: Judged) -> str:
        is_end = one.expectation.figure is Figure.ENDS
        if one.parts and not is_end:
            return " and ".join(f"{self._amount(one, part.amount)} because {part.cause}" for part in one.parts)
        if not is_end:
            return self._amount(one, one.got)
        end = "never" if one.got == NEVER else moment(self.calendar.local(one.got))
        causes = dict.fromkeys(str(part.cause) for part in one.parts)
        return f"{end} because {' and '.join(causes)}" if causes else end

    def _amount(self, one: Judged, amount: int) -> str:
        """As people say it, but where that would be what was expected."""
        service, step = one.expectation.service, self.plan.data_step
        shown = units.show(service, amount, step)
        is_told = amount == one.wanted or shown != units.show(service, one.wanted, step)
        return shown if is_told else units.exact(service, amount, step)

    # ---- what can't be run

    def _problem(self) -> tuple[str, Place | None]:
        """Why the history can't be run, and the step that keeps it from that, where it is one."""
        dated = tuple(replace(one, span=Span(0, index, index + 1)) for index, one in enumerate(self.scenario.dated))
        error = self._error(replace(self.scenario, dated=dated))
        if error is None:
            return "", None
        problem = f"{error.problem}: {error.instead}"
        if error.span.end:
            return problem, Place(dated=error.span.start)
        for place, _, _ in steps.acts(self.scenario):
            if place.dated < 0 and self._error(steps.without(self.scenario, place)) is None:
                return problem, place
        return problem, None

    def _error(self, scenario: Scenario) -> HistoryError | None:
        try:
            run(self.plan, scenario, self.others)
        except HistoryError as error:
            return error
        return None


_DONE: dict[type[Act], Reason] = {
    TopUp: Reason.TOPPED_UP, Add: Reason.ADDED, Remove: Reason.REMOVED, Exchange: Reason.CONVERTED, Borrow: Reason.BORROWED,
    GiveAway: Reason.GIVEN, SetState: Reason.PROMOTED, Renew: Reason.GRANTED,
}  # fmt: skip


def _turn(entry: Entry) -> tuple[Instant, int]:
    return entry.at, entry.kind.value
