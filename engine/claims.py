"""What a run shows of what its plan claims: amounts, none of which may be above what the claim allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple, assert_never

from dsl.plan import Bounded, CarriedNeverAbove, Claim, CycleNeverAbove, MostUsed, NeverAbove, NeverExpires, NeverWorse, Plan
from dsl.scenario import Use
from engine.calendar import Calendar, Instant
from engine.history import HistoryError
from engine.ledger import Posting, Reason, Sink
from engine.run import Run, run
from engine.statement import Figures


class Shown(NamedTuple):
    """At `at`, in that cycle, there was so much of `service`; what is shown of a whole cycle is shown at its end."""

    service: str
    at: Instant
    amount: int
    cycle: int


NOT_MEANT = (Reason.LEFT, Reason.REMOVED, Reason.VOIDED)  # what expires otherwise than by the terms


def allowed(claim: Claim) -> int:
    """What nothing that is shown of a claim may be above."""
    match claim:
        case NeverAbove(amount=amount) | CarriedNeverAbove(amount=amount) | CycleNeverAbove(amount=amount):
            return amount
        case NeverExpires() | NeverWorse():
            return 0
        case _:
            assert_never(claim)


def shown(found: Run, claim: Claim, others: Iterable[Plan] = ()) -> Iterator[Shown]:
    """In the order of time. `others` are the plans it may be compared with; where it can't be, nothing is shown of it."""
    match claim:
        case NeverAbove():
            yield from _balances(found, claim)
        case CarriedNeverAbove():
            yield from _carried(found, claim)
        case CycleNeverAbove():
            yield from _of_cycles(found, claim)
        case NeverExpires():
            yield from _expired(found, claim)
        case NeverWorse():
            yield from _behind(found, claim, {plan.name: plan for plan in others})
        case _:
            assert_never(claim)


def beyond(found: Run, assumed: Sequence[MostUsed], cycles: Iterable[int]) -> int | None:
    """The first of these cycles in which more is used than a plan assumes: its claims are about those before it. None where
    there is none."""
    for number in cycles if assumed else ():
        if any(_used(found, number, most.service) > most.amount for most in assumed):
            return number
    return None


def _used(found: Run, cycle: int, service: str) -> int:
    """What was used in a cycle, whatever of it counted, and whether or not something covered it."""
    of_cycle = [
        posting for posting in found.postings
        if (posting.cycle, posting.service) == (cycle, service) and posting.reason is not Reason.PAID
    ]  # fmt: skip
    taken = sum(posting.amount for posting in of_cycle if posting.target in (Sink.USED, Sink.SLOWED, Sink.BLOCKED))
    return taken - sum(posting.amount for posting in of_cycle if posting.source is Sink.USED)


# ---- what is held


def _balances(found: Run, claim: NeverAbove) -> Iterator[Shown]:
    left_out = frozenset() if claim.with_promotions else promoted(found)
    held: dict[int, int] = {}
    ends = {cycle.number: cycle.end for cycle in found.statement.cycles}
    postings = [posting for posting in found.postings if posting.service == claim.service]
    for posting, after in zip_longest(postings, postings[1:]):
        _move(held, posting, left_out)
        # Blocks that are sold or lent when it runs out come for a use that takes of them at once: what that leaves is there.
        if after and posting.reason in (Reason.SOLD, Reason.BORROWED) and after.source == posting.target:
            continue
        # At a close what it makes stands beside what ends there or is cut there: nobody can use both.
        if after and (posting.cycle, posting.at) == (after.cycle, after.at) and posting.at == ends.get(posting.cycle):
            continue
        balance = sum(amount for number, amount in held.items() if found.lots[number].end > posting.at)
        yield Shown(claim.service, posting.at, balance, posting.cycle)


def _carried(found: Run, claim: CarriedNeverAbove) -> Iterator[Shown]:
    left_out = frozenset() if claim.with_promotions else promoted(found)
    held: dict[int, int] = {}
    postings = iter([posting for posting in found.postings if posting.service == claim.service])
    posting = next(postings, None)
    for cycle in found.statement.cycles:
        while posting and posting.cycle <= cycle.number:
            _move(held, posting, left_out)
            posting = next(postings, None)
        yield Shown(claim.service, cycle.end, sum(held.values()), cycle.number)


def _move(held: dict[int, int], posting: Posting, left_out: frozenset[int]) -> None:
    """What lots hold after a posting; those that hold nothing are dropped."""
    for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
        if not isinstance(place, Sink) and place not in left_out:
            held[place] = held.get(place, 0) + amount
            if not held[place]:
                del held[place]


def promoted(found: Run) -> frozenset[int]:
    """Lots put by promotions, and what they were carried or moved to."""
    lots: set[int] = set()
    for posting in found.postings:
        if not isinstance(posting.target, Sink) and (posting.reason is Reason.PROMOTED or posting.source in lots):
            lots.add(posting.target)
    return frozenset(lots)


# ---- figures of a cycle


def _of_cycles(found: Run, claim: CycleNeverAbove) -> Iterator[Shown]:
    for cycle in found.statement.cycles:
        figures = cycle.services.get(claim.service, Figures())
        match claim.figure:
            case Bounded.CONVERTED:
                amount = max(figures.converted_in, figures.converted_out)
            case Bounded.CHARGED:
                amount = cycle.charged.get(claim.service, 0)
            case Bounded.DUE:
                amount = cycle.due.get(claim.service, 0)
        yield Shown(claim.service, cycle.end, amount, cycle.number)


# ---- what expires


def _expired(found: Run, claim: NeverExpires) -> Iterator[Shown]:
    left_out = frozenset() if claim.with_promotions else promoted(found)
    early: dict[tuple[Instant, int], int] = {}
    for posting in found.postings:
        if posting.service == claim.service and posting.source not in left_out and expires(posting):
            assert not isinstance(posting.source, Sink)
            born = found.lots[posting.source].born
            if not claim.cycles or full_cycles(found.calendar, born, posting.at, claim.cycles) < claim.cycles:
                key = posting.at, posting.cycle
                early[key] = early.get(key, 0) + posting.amount
    yield from (Shown(claim.service, at, amount, cycle) for (at, cycle), amount in early.items())


def expires(posting: Posting) -> bool:
    """Whether a posting ends something as the terms say."""
    return posting.target is Sink.EXPIRED and not isinstance(posting.source, Sink) and posting.reason not in NOT_MEANT


def full_cycles(calendar: Calendar, since: Instant, until: Instant, most: int) -> int:
    """How many cycles begin not before one and end not after the other instant, but for those that are a part of one; no more
    than `most` are counted."""
    number = 1 if since <= calendar.boundary(0) else calendar.cycle_at(since - 1) + 1
    count = 0
    while count < most and calendar.boundary(number) <= until:
        part, whole = calendar.part(number)
        count += part >= whole
        number += 1
    return count


# ---- two plans on one history


def _behind(found: Run, claim: NeverWorse, plans: Mapping[str, Plan]) -> Iterator[Shown]:
    """How much more use the one plan has left uncovered by the end of each cycle, where nothing happens but use, and both
    plans have the same cycles."""
    other = plans.get(claim.than if found.plan.name == claim.plan else claim.plan)
    if other is None or not _only_uses(found):
        return
    sides = [replace(plan, promotions=()) for plan in (found.plan, other)]
    if claim.plan != found.plan.name:
        sides.reverse()
    try:
        one, than = (run(side, replace(found.scenario, plan=side.name)) for side in sides)
    except HistoryError:
        return
    more: dict[str, int] = {}
    for cycle, beside in zip(one.statement.cycles, than.statement.cycles, strict=False):
        if cycle.end != beside.end:
            return
        for service in (*cycle.services, *beside.services):
            more.setdefault(service, 0)
        for service in more:
            apart = [of.services.get(service, Figures()).overage for of in (cycle, beside)]
            more[service] += apart[0] - apart[1]
            yield Shown(service, cycle.end, more[service], cycle.number)


def _only_uses(found: Run) -> bool:
    scenario = found.scenario
    acts = [act for steps in scenario.cycles for act in steps.acts] + [one.act for one in scenario.dated if one.act]
    alone = not (scenario.opening or found.others or found.plan.shares)
    return alone and all(isinstance(act, Use) for act in acts)
