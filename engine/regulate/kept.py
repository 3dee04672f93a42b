"""Whether what a plan says alone makes lots live on: then no history needs to be run. What is not sure here is not kept, and
not broken either."""

from __future__ import annotations

from collections.abc import Sequence

from dsl.plan import (
    NO_CEILING,
    Cap,
    CapCounts,
    Carry,
    Condition,
    Demand,
    Early,
    Endless,
    Extend,
    Keep,
    Kind,
    Lasts,
    LotClass,
    MonthCycle,
    Occasion,
    Period,
    Rolls,
    Rule,
)
from engine.regulate.subjects import Subject, follows, rolling, rules_of

# What happens to a line that stays on its plan and renews in time, beside what it asks for.
_HAPPENS = (
    Occasion.RENEWED_EARLY, Occasion.PAYMENT_FAILS, Occasion.SUSPENDED, Occasion.RESUMED, Occasion.BOUGHT, Occasion.ENDS,
)  # fmt: skip
_ONE_CYCLE = Lasts(1, Period.CYCLE)
MOST_TIMES = 10**6  # more than can be asked
_OWN = (CapCounts.CARRIED, CapCounts.INFLOW)  # what a line itself has carried


def rolls(subject: Subject, demand: Demand, asked: Rolls) -> bool:
    """Whether all of such a lot, or as much as is asked, always lives on so often."""
    if subject.grant.life == Endless():
        return not _is_taken_meanwhile(subject)
    return _always(subject, demand.conditions, asked, for_good=False)


def never_expires(subject: Subject, demand: Demand) -> bool:
    """Whether such a lot always lives on."""
    if subject.grant.life == Endless():
        return not _is_taken_meanwhile(subject)
    in_time = demand.occasion is not Occasion.NOT_RENEWED
    return in_time and _always(subject, demand.conditions, Rolls(1, NO_CEILING), for_good=True)


def _is_taken_meanwhile(subject: Subject) -> bool:
    """Whether something else than the end of a cycle may take such a lot, or what was carried of it."""
    plan, of = subject.plan, {subject.grant.lot_class, LotClass.CARRIED}
    rules = [*plan.rules, *(rule for pack in plan.packs for rule in pack.rules)]
    given = [rule for promotion in plan.promotions for rule in promotion.rules if not _only_helps(rule)]
    events = [rule for rule in rules if rule.occasion in _HAPPENS and not _only_helps(rule)] + given
    return any(rule.service == subject.grant.service and rule.classes & of for rule in events)


def _only_helps(rule: Rule) -> bool:
    """Whether a rule claims all that it has in hand, to an end that is no sooner."""
    return isinstance(rule.clauses[0], Keep | Extend)


def _always(subject: Subject, known: Sequence[Condition], asked: Rolls, *, for_good: bool) -> bool:
    """Whether whichever rule takes such a lot at its end carries it on as is asked. `known` conditions hold."""
    if subject.plan.renewal.early is Early.EXPIRE or _is_taken_meanwhile(subject):
        return False
    at_close = [rule for rule in subject.plan.rules if rule.occasion is Occasion.CLOSE]
    if (for_good or asked.times > 1) and any(LotClass.CARRIED in rule.classes for rule in at_close):
        return False
    ends_with_cycle = isinstance(subject.grant.life, Lasts) and subject.grant.life.period is Period.CYCLE
    own = {rule.name for rule in subject.pack.rules} if subject.pack else set()
    for rule in rules_of(subject):
        if not ends_with_cycle and rule.name not in own:
            continue  # which acts only where a cycle ends
        if not _carries(rule, subject, asked, for_good=for_good):
            return False
        if all(follows(condition, known) for condition in rule.conditions):
            return True  # no other gets to it
    return False


def _carries(rule: Rule, subject: Subject, asked: Rolls, *, for_good: bool) -> bool:
    first, *others = rule.clauses
    if not isinstance(first, Carry) or first.saved or first.part != (1, 1):
        return False
    if first.step > 1 and not first.rounded_up:
        return False
    caps = [one for one in others if isinstance(one, Cap) and not _never_cuts(one, first, rule, subject)]
    again = first.each_time and not first.from_grant and not caps and _is_in_cycles(first, subject)
    outlived = _outlived(first, subject)
    if for_good:
        return not caps and (first.life == Endless() or (again and outlived > 0))
    if any(asked.most == NO_CEILING or _is_below(cap, asked.most) for cap in caps):
        return False
    return outlived >= (1 if again else asked.times)


def _is_below(cap: Cap, most: int) -> bool:
    """Whether a cap may leave less than that of what is carried."""
    return bool(cap.of_new_plan[0]) or cap.counts not in _OWN or cap.amount < most


def _never_cuts(cap: Cap, carry: Carry, rule: Rule, subject: Subject) -> bool:
    """Whether a cap is no less than all that can be carried at once: what one cycle grants, to be gone with the next."""
    plan, service = subject.plan, subject.grant.service
    grants = [grant for grant in plan.grants if grant.service == service]
    plain = all(grant.life == _ONE_CYCLE and not grant.per_renewals and not grant.from_first_use for grant in grants)
    once = carry.life == _ONE_CYCLE and not carry.each_time and rule.classes == {LotClass.ALLOWANCE} and not subject.pack
    alone = plan.kind is Kind.POSTPAID and not (plan.shares or plan.by_lines or plan.later or cap.of_new_plan[0])
    counts = cap.counts in _OWN and not _has_allowance_in_packs(subject)
    return plain and once and alone and counts and cap.amount >= sum(grant.amount for grant in grants)


def _has_allowance_in_packs(subject: Subject) -> bool:
    """Whether a pack or a promotion brings lots that the plan's own line would carry, too."""
    in_packs = [grant for pack in subject.plan.packs for grant in pack.grants]
    promoted = [grant for promotion in subject.plan.promotions for grant in promotion.grants]
    return any(grant.lot_class is LotClass.ALLOWANCE for grant in (*in_packs, *promoted))


def _outlived(carry: Carry, subject: Subject) -> int:
    """How many ends of cycles what is carried surely lives on past; the first is its own."""
    life, cycle, own = carry.life, subject.plan.cycle, subject.grant.life
    if life == Endless():
        return MOST_TIMES
    if not isinstance(life, Lasts):
        return 0
    if not _is_in_cycles(carry, subject):
        return 0 if carry.from_grant else 1
    left = life.count // cycle.months if life.period is Period.MONTH and isinstance(cycle, MonthCycle) else life.count
    if carry.from_grant:  # as much of it is over as the lot lived till then
        return left - own.count if isinstance(own, Lasts) and own.period is Period.CYCLE else 0
    return left


def _is_in_cycles(carry: Carry, subject: Subject) -> bool:
    """Whether a life is so many cycles, so that it ends where one does."""
    period = carry.life.period if isinstance(carry.life, Lasts) else None
    return period is Period.CYCLE or (period is Period.MONTH and isinstance(subject.plan.cycle, MonthCycle))


def ends_alike(subjects: Sequence[Subject]) -> bool:
    """Whether all of such lots, and what is carried of them, always end with the cycle that runs."""
    for one in subjects:
        if one.pack or one.grant.life != _ONE_CYCLE or one.grant.from_first_use or one.plan.renewal.early is not Early.ADDS:
            return False
        lives = [(clause.life, isinstance(clause, Carry) and not clause.each_time) for _, clause in rolling(one)]
        if any(life != _ONE_CYCLE or not is_carried_once for life, is_carried_once in lives):
            return False
    return True
