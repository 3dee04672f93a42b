"""What is done in a history, a step an entry, and how it went: what the plan refused, and by which rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from dsl.scenario import Act, Add, Borrow, Buy, ChangeTo, Exchange, GiveAway, Remove, Renew, Save, SetState, TopUp, Use
from dsl.source import NOWHERE, Span, printable
from dsl.step_words import UnsayableError
from engine.calendar import Instant
from engine.ledger import Posting, Reason, Sink
from engine.requests import asked_for
from tui import steps
from tui.saying import amount_text, say
from tui.steps import Place
from tui.timeline.entries import Entry, Kind, State
from tui.timeline.subject import Subject, said_of

MANY_USES = 60  # more dated uses than this are told by the day
_DONE: dict[type[Act], Reason] = {
    TopUp: Reason.TOPPED_UP, Add: Reason.ADDED, Remove: Reason.REMOVED, Exchange: Reason.CONVERTED, Borrow: Reason.BORROWED,
    GiveAway: Reason.GIVEN, SetState: Reason.PROMOTED, Renew: Reason.GRANTED,
}  # fmt: skip


def done(of: Subject, problem: str, culprit: Place | None) -> Iterator[Entry]:
    """What is done in a history. `culprit` is the step that keeps it from being run, and `problem` why."""
    acts = list(steps.acts(of.scenario))
    if sum(isinstance(act, Use) for _, _, act in acts) > MANY_USES:
        yield from _uses_by_day(of, [place for place, _, act in acts if isinstance(act, Use)])
        acts = [one for one in acts if not isinstance(one[2], Use)]
    refusals = _refusals(of, [(of.at(place), line, act) for place, line, act in acts])
    for number, (place, line, act) in enumerate(acts):
        at = of.at(place)
        entry = Entry(at, Kind.STEP, said_of(line) + printable(_act(of, act)), place, rule=_rule(of, at, line, act))
        if place == culprit:
            entry = replace(entry, state=State.REFUSED, why=printable(problem))
        elif number in refusals:
            entry = _refused(of, entry, refusals[number])
        yield entry


def _act(of: Subject, act: Act) -> str:
    try:
        return of.words.act(act)
    except UnsayableError as error:
        return say(error.told)


def _uses_by_day(of: Subject, places: Iterable[Place]) -> Iterator[Entry]:
    used: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    for place in places:
        dated = of.scenario.dated[place.dated]
        assert isinstance(dated.act, Use)
        used[dated.at.date(), dated.line][dated.act.service] += dated.act.amount
    for (day, line), amounts in used.items():
        said = say(", ").join(amount_text(service, amount, of.plan.data_step) for service, amount in amounts.items())
        yield Entry(of.calendar.midnight(day), Kind.USES, said_of(line) + say("uses {amounts}", amounts=said))


def _refusals(of: Subject, done: list[tuple[Instant, str, Act]]) -> dict[int, Posting]:
    """The posting that refused a step, by the number of the step. Of several that asked for the same at one instant the
    last ones were refused, since it is what came before that left nothing to them."""
    if of.run is None:
        return {}
    open_ones: dict[tuple[str, Instant, str, int], list[Posting]] = defaultdict(list)
    for line in ("", *(name for name, _ in of.run.others)):
        for posting in of.run.line(line).postings:
            if posting.target is Sink.REFUSED:
                open_ones[line, posting.at, posting.service, posting.amount].append(posting)
    found: dict[int, Posting] = {}
    for number, (at, line, act) in reversed(list(enumerate(done)) if open_ones else []):
        keys = [(line, at, service, amount) for service, amount in _asked(of, at, act).items() if amount]
        if keys and all(open_ones.get(key) for key in keys):
            found[number] = [open_ones[key].pop() for key in keys][-1]
    return found


def _asked(of: Subject, at: Instant, act: Act) -> dict[str, int]:
    match act:
        case Buy(pack=name):
            plan = of.plan.on(of.calendar.local(at).date())
            return asked_for(act, plan) if any(pack.name == name for pack in plan.packs) else {}
        case TopUp() | Add():
            return asked_for(act, of.plan)
        case Save() | Borrow() | Exchange() | GiveAway() | Remove():
            return {act.service: act.amount}
        case _:
            return {}


def _refused(of: Subject, entry: Entry, posting: Posting) -> Entry:
    rule = of.in_text(posting.span)
    written = of.quoted(rule)
    why = say("refused: {why}", why=say(posting.reason))
    if written:
        why += say(" (line {line}: {words})", line=str(rule.line), words=written)
    return replace(entry, state=State.REFUSED, why=why, rule=rule if written else entry.rule)


def _rule(of: Subject, at: Instant, line: str, act: Act) -> Span:
    """Where the text speaks of what a step does."""
    match act:
        case Buy(pack=name):
            return next((pack.span for pack in of.plan.packs if pack.name == name), NOWHERE)
        case ChangeTo(plan=name) | Renew(plan=name) if name:
            return next((other.span for other in of.others if other.name == name), NOWHERE)
        case _:
            reason = _DONE.get(type(act))
    if of.run is None or reason is None:
        return NOWHERE
    found = (one.span for one in of.run.line(line).postings if one.at == at and one.reason is reason)
    return of.in_text(next(found, NOWHERE))
