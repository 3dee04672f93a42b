"""The timeline of a history: what the plan does by itself, what is done, and what is expected, in the order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dsl.plan import Plan
from dsl.scenario import Scenario, Use
from dsl.source import Source, Span, printable
from engine.calendar import Calendar, Instant
from engine.history import first_use
from engine.ledger import Reason, Sink
from engine.run import Run
from tui.saying import amount_text, say, service_name
from tui.timeline.culprit import problem_of
from tui.timeline.done import done
from tui.timeline.entries import Entry, Kind, Timeline, Window
from tui.timeline.expected import expected
from tui.timeline.subject import Subject


def timeline(
    plan: Plan, scenario: Scenario, found: Run | None, others: tuple[Plan, ...], source: Source, *, with_ends: bool
) -> Timeline:
    """The timeline of a scenario of a plan. `found` is what it came to, or, where that can't be told, an earlier run or None.
    `source` is the text of the plan. `with_ends` tells when lots end, too."""
    known = found if found and found.plan.name == plan.name else None
    calendar = known.calendar if known else Calendar(plan.cycle, plan.zone, scenario.start, first_use(scenario))
    run = known if known and known.scenario == scenario else None
    of = Subject(plan, scenario, run, others, source, calendar)
    boundaries = tuple(calendar.boundary(number) for number in range(_cycles(of) + 1))
    problem, culprit = ("", None) if run else problem_of(of)
    entries = [*_of_plan(of, boundaries), *done(of, problem, culprit), *expected(of, boundaries)]
    if with_ends and run:
        entries += _ends(of, run)
    windows = tuple(_windows(of, boundaries[0], boundaries[-1]))
    return Timeline(calendar, boundaries, windows, tuple(sorted(entries, key=_turn)), "" if culprit else problem)


def _cycles(of: Subject) -> int:
    if of.run:
        return len(of.run.statement.cycles)
    dated = (of.calendar.cycle_at(max(of.calendar.boundary(0), of.instant(one))) for one in of.scenario.dated)
    return max([1, len(of.scenario.cycles), *dated])


def _of_plan(of: Subject, boundaries: tuple[Instant, ...]) -> Iterator[Entry]:
    plans = [cycle.plan for cycle in of.run.statement.cycles] if of.run else []
    for number, start in enumerate(boundaries[:-1], 1):
        uses = _used_in(of, number)
        words = say("cycle {number} begins", number=str(number))
        if 1 < number <= len(plans) and plans[number - 1] != plans[number - 2]:
            words = say('cycle {number} begins on "{plan}"', number=str(number), plan=printable(plans[number - 1]))
        elif uses:
            words = say("cycle {number} begins, uses {uses}", number=str(number), uses=uses)
        yield Entry(start, Kind.CYCLE, words, rule=of.plan.span)
    for promotion in of.plan.promotions:
        for day, words in (
            (promotion.start, say('promotion "{promotion}" starts', promotion=printable(promotion.name))),
            (promotion.end, say('promotion "{promotion}" ends', promotion=printable(promotion.name))),
        ):
            at = of.calendar.midnight(day)
            if boundaries[0] <= at <= boundaries[-1]:
                yield Entry(at, Kind.PROMOTION, words, rule=promotion.span)


def _used_in(of: Subject, number: int) -> str:
    """What the scenario says is used in a cycle, in all."""
    told = of.scenario.cycles[number - 1].acts if number <= len(of.scenario.cycles) else ()
    used: dict[str, int] = defaultdict(int)
    for act in told:
        if isinstance(act, Use):
            used[act.service] += act.amount
    return say(", ").join(amount_text(service, amount, of.plan.data_step) for service, amount in used.items() if amount)


def _windows(of: Subject, start: Instant, end: Instant) -> Iterator[Window]:
    for promotion in of.plan.promotions:
        first, last = (of.calendar.midnight(day) for day in (promotion.start, promotion.end))
        if first < end and last > start:
            yield Window(max(first, start), min(last, end))


def _ends(of: Subject, found: Run) -> Iterator[Entry]:
    gone: dict[tuple[Instant, str, Reason, Span], int] = defaultdict(int)
    for posting in found.postings:
        if posting.target is Sink.EXPIRED:
            gone[posting.at, posting.service, posting.reason, posting.span] += posting.amount
    for (at, service, reason, span), amount in gone.items():
        said = amount_text(service, amount, of.plan.data_step)
        words = say("{amount} of {service} go: {reason}", amount=said, service=service_name(service), reason=say(reason))
        yield Entry(at, Kind.ENDS, words, rule=of.in_text(span))


def _turn(entry: Entry) -> tuple[Instant, int]:
    return entry.at, entry.kind.value
