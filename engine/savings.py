"""What a subscriber could do today, and what it would change: gifts, conversions, packs, promotions.

Each is a run of the history at the present pace with the act in it, beside the same run without; nothing is estimated. How much
to give or convert is searched for among the amounts that the plan's own words suggest: what would be lost, what limits allow,
in whole steps. Others may do as well; none that was tried does better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from math import lcm

from dsl.plan import AtLeast, AtMost, Convert, Give, InSteps, Joins, Keeping, Limit, Occasion, Plan, Promotion, Rule, State
from dsl.scenario import NEXT_BILL, Act, Buy, Dated, Exchange, GiveAway, SetState, Start
from dsl.source import NOWHERE, Span
from engine.calendar import NEVER, Instant
from engine.ledger import Reason, Sink
from engine.outlook import Outlook, held
from engine.requests import makes
from engine.run import Run, run
from engine.totals import Amounts, less, totals

ANOTHER = "another line"  # the name of the line that a gift goes to


class Kind(StrEnum):
    GIFT = "gift"
    CONVERSION = "conversion"
    PACK = "pack"
    PROMOTION = "promotion"


@dataclass(frozen=True, slots=True)
class Saving:
    """What an act at `at` changes up to the end of `without`, the run at the present pace; `with_it` is that with the act.

    By service: `spared` expires less, `served` is no longer blocked or slowed, `gives` comes more. By currency: `charged` and
    `due` more; below zero, less. `ends`: when what is there ends first, before and after, where that moves. `act` is None where
    it comes by itself, as some promotions do. `span` is where the rule stands.
    """

    kind: Kind
    name: str
    act: Act | None
    at: datetime
    span: Span
    without: Run
    with_it: Run
    spared: Amounts
    served: Amounts
    gives: Amounts
    charged: Amounts
    due: Amounts
    ends: tuple[tuple[str, Instant, Instant], ...]

    @property
    def helps(self) -> bool:
        """Whether anything gets better: less expires or is unmet, it costs less, or lots live on."""
        later = any(after > before for _, before, after in self.ends)
        less_to_pay = any(amount < 0 for amount in self.due.values())
        return later or less_to_pay or any(amount > 0 for amount in (*self.spared.values(), *self.served.values()))

    @property
    def harms(self) -> bool:
        """Whether something is lacking because of it, or more was to be bought."""
        return any(amount < 0 for amount in self.served.values()) or any(amount > 0 for amount in self.due.values())

    def score(self, service: str) -> int:
        """What it does for a service, in base units: what is spared, less what is then lacking."""
        return self.spared.get(service, 0) + self.served.get(service, 0)


@dataclass(frozen=True, slots=True)
class Refused:
    """What there is a rule for, and would be refused today; `span` is where it stands why."""

    kind: Kind
    name: str
    reason: Reason
    span: Span


def savings(found: Outlook) -> tuple[tuple[Saving, ...], tuple[Refused, ...]]:
    """What helps, and what is refused, each as the plan has it."""
    tried = [*_gifts(found), *_conversions(found), *_packs(found), *_promotions(found)]
    return (
        tuple(one for one in tried if isinstance(one, Saving) and one.helps),
        tuple(one for one in tried if isinstance(one, Refused)),
    )


# ---- gifts and conversions


def _gifts(found: Outlook) -> Iterator[Saving | Refused]:
    for service, pairs in _asked(found, Give).items():
        family = all(isinstance(clause, Give) and clause.to_family for _, clause in pairs)
        plan = _plan(found)
        if family and not plan.shares:
            continue
        # The other line is there in both runs, so that what it costs to have it is not told as the price of a gift.
        start = Start("", True) if family else Start(plan.name, False)
        line = Dated(found.case.at, start, NOWHERE, (), ANOTHER)
        without = found.with_acts(line)
        acts = [GiveAway(service, amount, ANOTHER) for amount in _amounts(found, service, pairs)]
        yield from _best(found, Kind.GIFT, service, acts, without, line)


def _conversions(found: Outlook) -> Iterator[Saving | Refused]:
    for service, pairs in _asked(found, Convert).items():
        targets = dict.fromkeys(
            NEXT_BILL if clause.to_bill else clause.to_service for _, clause in pairs if isinstance(clause, Convert)
        )
        for to in targets:
            fits = [pair for pair in pairs if makes(pair[1], to)]
            acts = [Exchange(service, amount, to) for amount in _amounts(found, service, fits)]
            yield from _best(found, Kind.CONVERSION, f"{service} to {to}", acts, found.at_pace)


_Pair = tuple[Rule, Give | Convert]


def _asked(found: Outlook, kind: type[Give | Convert]) -> dict[str, list[_Pair]]:
    """The rules about what is asked for, by service, with the clause that does it."""
    pairs: dict[str, list[_Pair]] = {}
    for rule in _plan(found).rules:
        for clause in rule.clauses if rule.occasion is Occasion.ASKED else ():
            if isinstance(clause, kind):
                pairs.setdefault(rule.service, []).append((rule, clause))
    return pairs


def _amounts(found: Outlook, service: str, pairs: list[_Pair]) -> list[int]:
    """Amounts worth a try, the largest first: what will expire at this pace, of today's lots or of those that come while they
    are used, and what limits and steps make of it."""
    lost = sum(
        posting.amount
        for posting in found.at_pace.postings
        if posting.at > found.at and posting.service == service and posting.target is Sink.EXPIRED
    )
    if not lost:
        return []
    there = sum(amount for number, amount in held(found.at_pace, found.at).items() if _is_of(found.at_pace, number, service))
    limits: list[Limit] = [limit for _, clause in pairs for limit in clause.limits]
    steps = [limit.amount for limit in limits if isinstance(limit, InSteps) and limit.service == service]
    steps += [clause.from_step for _, clause in pairs if isinstance(clause, Convert)]
    step = lcm(*steps) if steps else 1
    wanted = {lost, *(one.at_pace for one in found.losses if one.service == service)}
    for limit in limits:
        match limit:
            case AtMost(service=of, amount=amount) if of == service:
                wanted.add(min(lost, amount))
            case Keeping(service=of, amount=amount) if of == service:
                wanted.add(min(lost, there - amount))
            case AtLeast(service=of, amount=amount) if of == service:
                wanted.add(amount)
            case _:
                pass
    for _, clause in pairs:
        if isinstance(clause, Convert) and clause.ceiling >= 0:
            wanted.add(min(lost, -(-clause.ceiling * clause.from_amount // clause.to_amount)))
    whole = {amount // step * step for amount in wanted} | {-(-amount // step) * step for amount in wanted}
    return sorted((amount for amount in whole if 0 < amount <= there), reverse=True)


def _is_of(found: Run, number: int, service: str) -> bool:
    lot = found.lots[number]
    return lot.service == service and lot.is_usable


def _best(
    found: Outlook, kind: Kind, name: str, acts: list[GiveAway] | list[Exchange], without: Run, *before: Dated
) -> Iterator[Saving | Refused]:
    """The act that does most for its service, of those that make nothing worse if there are such; where all are refused, why
    the largest is."""
    tried = [_tried(found, kind, name, act, without, *before) for act in acts]
    done = [one for one in tried if isinstance(one, Saving)]
    if done:
        yield max(done, key=lambda one: (not one.harms, one.score(acts[0].service)))
    else:
        yield from tried[:1]


# ---- packs and promotions


def _packs(found: Outlook) -> Iterator[Saving | Refused]:
    for pack in _plan(found).packs:
        yield _tried(found, Kind.PACK, pack.name, Buy(pack.name), found.at_pace, span=pack.span)


def _promotions(found: Outlook) -> Iterator[Saving | Refused]:
    """Those that wait for the customer, and what those bring that come by themselves while we look."""
    for promotion in found.case.plan.promotions:
        starts, ends = (datetime.combine(day, time()) for day in (promotion.start, promotion.end))
        at = max(found.case.at, starts)
        if not at < min(ends, found.until):
            continue
        if promotion.joins is Joins.OPT_IN:
            act = SetState(State.OPTED_IN, True)
            yield _tried(found, Kind.PROMOTION, promotion.name, act, found.at_pace, at=at, span=promotion.span)
        elif not _came_already(found, promotion):
            plan = _without(found.case.plan, promotion)
            others = tuple(_without(other, promotion) for other in found.case.others)
            without = run(plan, found.at_pace.scenario, others)
            yield _told(Kind.PROMOTION, promotion.name, None, at, promotion.span, without, found.at_pace, found.at)


def _came_already(found: Outlook, promotion: Promotion) -> bool:
    spans = {grant.span for grant in promotion.grants} | {
        clause.span for rule in promotion.rules for clause in rule.clauses
    }  # fmt: skip
    return any(posting.at <= found.at and posting.span in spans for posting in found.at_pace.postings)


def _without(plan: Plan, promotion: Promotion) -> Plan:
    later = tuple(replace(one, plan=_without(one.plan, promotion)) for one in plan.later)
    return replace(plan, promotions=tuple(one for one in plan.promotions if one.name != promotion.name), later=later)


# ---- one act


def _plan(found: Outlook) -> Plan:
    """By the rules of today."""
    return found.case.plan.on(found.case.at.date())


def _tried(
    found: Outlook, kind: Kind, name: str, act: Act, without: Run, *before: Dated, at: datetime | None = None,
    span: Span = NOWHERE,
) -> Saving | Refused:  # fmt: skip
    """`before` is done in both runs; where nothing says where the rule stands, it is that which moves what is asked for."""
    when = at or found.case.at
    with_it = found.with_acts(*before, Dated(when, act, span))
    instant = with_it.calendar.instant(when)
    # What comes of the act is posted at its instant, and is not in the run without it.
    for posting in with_it.postings:
        if posting.at == instant and posting.target is Sink.REFUSED and posting not in without.postings:
            return Refused(kind, name, posting.reason, posting.span)
        if posting.at == instant and span == NOWHERE and posting.reason in (Reason.GIVEN, Reason.CONVERTED):
            span = posting.span
    return _told(kind, name, act, when, span, without, with_it, found.at)


def _told(
    kind: Kind, name: str, act: Act | None, at: datetime, span: Span, without: Run, with_it: Run, today: Instant
) -> Saving:
    before, after = totals(without), totals(with_it)
    charged, due = less(after.charged, before.charged), less(after.due, before.due)
    spared, served = less(before.expired, after.expired), less(before.unmet, after.unmet)
    asked = kind in (Kind.GIFT, Kind.CONVERSION)  # which take what is there, so that the rest ends at another time
    gives = less(after.converted, before.converted) if asked else less(after.came, before.came)
    ends = () if asked else tuple(_ends(without, with_it, today))
    return Saving(kind, name, act, at, span, without, with_it, spared, served, gives, charged, due, ends)


def _ends(without: Run, with_it: Run, today: Instant) -> Iterator[tuple[str, Instant, Instant]]:
    """Where what is there today, not what comes with the act, ends first at another time; by service."""
    there = set(held(without, today))
    kept = set(there)
    for posting in with_it.postings:
        if posting.at == today and posting.source in kept and not isinstance(posting.target, Sink):
            kept.add(posting.target)
    before, after = _first_ends(without, there, today), _first_ends(with_it, kept, today)
    yield from ((service, before[service], end) for service, end in sorted(after.items()) if before.get(service, end) != end)


def _first_ends(found: Run, ours: set[int], today: Instant) -> dict[str, Instant]:
    """When the first of these lots ends that can be used and holds anything, by service."""
    ends: dict[str, Instant] = {}
    for lot in (found.lots[number] for number in held(found, today) if number in ours):
        if lot.is_usable:
            ends[lot.service] = min(ends.get(lot.service, NEVER), lot.end_as_of(today))
    return ends
