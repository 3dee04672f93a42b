"""Whether what a plan says alone makes lots live on: then no history needs to be run. What is not sure here is in doubt: not
kept, and not broken either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from dsl.phrase import Phrase, phrase
from dsl.plan import (
    NO_CEILING,
    Cap,
    CapCounts,
    Carry,
    Demand,
    Early,
    Endless,
    Extend,
    Lasts,
    LotClass,
    MonthCycle,
    Occasion,
    Period,
    Plan,
    Rolls,
    Rule,
)
from engine.regulate.happens import all_rules, renews_early, taken_meanwhile
from engine.regulate.subjects import Subject, follows, rolling, rules_of
from engine.regulate.verdict import Doubt

ONE_CYCLE = Lasts(1, Period.CYCLE)
MOST_TIMES = 10**6  # more than can be asked
OWN = (CapCounts.CARRIED, CapCounts.INFLOW)  # what a line itself has carried

_NOTHING_CARRIES = phrase("no rule carries it whatever happens")
RENEWED_EARLY = phrase("it ends where it is renewed early")
MEANWHILE = phrase("this may end it")
_OTHER_HAND = phrase("what is carried is in this hand, too")
_OTHER_RULE = phrase("what this or another line carried may be in a hand that does not carry it again")
_NOT_ALL = phrase("this may not carry all of it")
_NARROWED = phrase("what is carried is for some uses only: whether that is enough is for people to say")
CAPPED = phrase("the cap may cut it")
_TOO_SHORT = phrase("what is carried may not live so long")


def rolls(subject: Subject, demand: Demand, asked: Rolls) -> Doubt | None:
    """Whether all of such a lot, or as much as is asked, always lives on so often."""
    if subject.grant.life == Endless():
        return _taken(subject, demand, subject.grant.lot_class)
    return _always(subject, demand, asked, for_good=False)


def never_expires(subject: Subject, demand: Demand) -> Doubt | None:
    """Whether such a lot always lives on."""
    if subject.grant.life == Endless():
        return _taken(subject, demand, subject.grant.lot_class)
    if demand.occasion is Occasion.NOT_RENEWED:
        return Doubt(_NOTHING_CARRIES, subject.grant.span)  # rules act where a cycle is renewed
    return _always(subject, demand, Rolls(1, NO_CEILING), for_good=True)


def _taken(subject: Subject, demand: Demand, *classes: LotClass) -> Doubt | None:
    rule = taken_meanwhile(subject, demand, *classes)
    return Doubt(MEANWHILE, rule.span) if rule else None


def changes_hands(plans: Sequence[Plan]) -> Doubt | None:
    """Whether what a rule carried may be in the hand of one that does not carry it again: by a condition that holds another
    time, or by the rules of a later day."""
    by_name: dict[str, list[tuple[Rule, Carry]]] = defaultdict(list)
    for rule in (rule for plan in plans for rule in all_rules(plan) if rule.occasion is Occasion.CLOSE):
        by_name[rule.name] += [(rule, clause) for clause in rule.clauses[:1] if isinstance(clause, Carry)]
    for found in by_name.values():
        again = [rule for rule, carry in found if carry.each_time]
        if again and len(again) < len(found):
            return Doubt(_OTHER_RULE, next(rule.span for rule, carry in found if not carry.each_time))
    names = [{rule.name for rule in all_rules(plan)} for plan in plans]
    for earlier, later in pairwise(names):
        if gone := [rule for name in earlier - later for rule, _ in by_name[name]]:
            return Doubt(_OTHER_RULE, gone[0].span)
    return None


def _always(subject: Subject, demand: Demand, asked: Rolls, *, for_good: bool) -> Doubt | None:
    """Whether whichever rule takes such a lot at its end carries it on as is asked."""
    if subject.plan.renewal.early is Early.EXPIRE:
        return Doubt(RENEWED_EARLY, subject.grant.span)
    rolled = (LotClass.CARRIED,) if for_good or asked.times > 1 else ()  # and what was carried must live on, too
    if taken := _taken(subject, demand, subject.grant.lot_class, *rolled):
        return taken
    at_close = [rule for rule in subject.plan.rules if rule.occasion is Occasion.CLOSE]
    if again := [rule for rule in at_close if rule.classes & frozenset(rolled)]:
        return Doubt(_OTHER_HAND, again[0].span)
    own = {rule.name for rule in subject.pack.rules} if subject.pack else set()
    for rule in rules_of(subject):
        if not _ends_with_cycle(subject) and rule.name not in own:
            continue  # which acts only where a cycle ends
        if doubt := _carries(rule, subject, asked, for_good=for_good):
            return doubt
        if all(follows(condition, demand.conditions, subject.plan) for condition in rule.conditions):
            return None  # no other gets to it
    return Doubt(_NOTHING_CARRIES, subject.grant.span)


def _ends_with_cycle(subject: Subject) -> bool:
    """Whether such a lot surely ends where a cycle does. A renewal that moves the clock moves only what ends with the cycle
    that runs, and not the end that a first use brought."""
    life = subject.grant.life
    if not isinstance(life, Lasts) or life.period is not Period.CYCLE:
        return False
    return subject.plan.renewal.early is Early.ADDS or (life.count == 1 and not subject.grant.from_first_use)


def _carries(rule: Rule, subject: Subject, asked: Rolls, *, for_good: bool) -> Doubt | None:
    """Why a rule may not carry on as is asked all that it has in hand."""
    first, *others = rule.clauses
    if isinstance(first, Extend) and asked.times == 1 and not for_good and not any(isinstance(one, Cap) for one in others):
        return None  # its end is later
    if not isinstance(first, Carry):
        return Doubt(_NOT_ALL, first.span)
    caps = [one for one in others if isinstance(one, Cap) and not _never_cuts(one, first, rule, subject)]
    below = [one for one in caps if for_good or asked.most == NO_CEILING or _is_below(one, asked.most)]
    if why := short_of_all(first, subject):
        return Doubt(why, first.span)
    if below:
        return Doubt(CAPPED, below[0].span)
    again = not caps and carries_again(first, subject)
    outlived = _outlived(first, subject)
    lives = first.life == Endless() or (again and outlived > 0) if for_good else outlived >= (1 if again else asked.times)
    return None if lives else Doubt(_TOO_SHORT, first.span)


def short_of_all(carry: Carry, subject: Subject) -> Phrase | None:
    """Why what a clause carries may be less than it has in hand."""
    if carry.saved or carry.part != (1, 1) or (carry.step > 1 and not carry.rounded_up):
        return _NOT_ALL
    return None if carry.scope <= subject.grant.scope else _NARROWED


def _is_below(cap: Cap, most: int) -> bool:
    """Whether a cap may leave less than that of what is carried."""
    return bool(cap.of_new_plan[0]) or cap.counts not in OWN or cap.amount < most


def _never_cuts(cap: Cap, carry: Carry, rule: Rule, subject: Subject) -> bool:
    """Whether a cap is no less than all that can be carried at once: what one cycle grants, to be gone with the next."""
    plan, service = subject.plan, subject.grant.service
    grants = [grant for grant in plan.grants if grant.service == service]
    plain = all(grant.life == ONE_CYCLE and not grant.per_renewals and not grant.from_first_use for grant in grants)
    once = carry.life == ONE_CYCLE and not carry.each_time and rule.classes == {LotClass.ALLOWANCE} and not subject.pack
    alone = not (renews_early(plan) or plan.shares or plan.by_lines or plan.later or cap.of_new_plan[0])
    counts = cap.counts in OWN and not _has_allowance_in_packs(subject)
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
    if not isinstance(life, Lasts) or (carry.from_grant and subject.grant.from_first_use):
        return 0  # from a grant that waits for its first use as long as it likes
    if not _is_in_cycles(carry, subject):
        return 0 if carry.from_grant else 1
    left = life.count // cycle.months if life.period is Period.MONTH and isinstance(cycle, MonthCycle) else life.count
    if carry.from_grant:  # as much of it is over as the lot lived till then
        left = left - own.count if isinstance(own, Lasts) and own.period is Period.CYCLE else 0
    # A cycle that is stacked on takes the place of the one after it, to whose end something was carried.
    return min(left, 1) if subject.plan.renewal.early is Early.STACK else left


def _is_in_cycles(carry: Carry, subject: Subject) -> bool:
    """Whether a life is so many cycles, so that it ends where one does."""
    period = carry.life.period if isinstance(carry.life, Lasts) else None
    return period is Period.CYCLE or (period is Period.MONTH and isinstance(subject.plan.cycle, MonthCycle))


def carries_again(carry: Carry, subject: Subject) -> bool:
    """Whether what is carried is in hand again at the next end of a cycle, whenever that comes, and so on."""
    if not carry.each_time or carry.from_grant or not _is_in_cycles(carry, subject):
        return False
    in_months = isinstance(carry.life, Lasts) and carry.life.period is Period.MONTH
    return not in_months or subject.plan.renewal.early is Early.ADDS  # else cycles may begin at other times of the day


def ends_alike(subjects: Sequence[Subject]) -> bool:
    """Whether all of such lots, and what is carried of them, always end with the cycle that runs."""
    for one in subjects:
        if one.pack or one.grant.life != ONE_CYCLE or one.grant.from_first_use or one.plan.renewal.early is not Early.ADDS:
            return False
        lives = [(clause.life, isinstance(clause, Carry) and not clause.each_time) for _, clause in rolling(one)]
        if any(life != ONE_CYCLE or not is_carried_once for life, is_carried_once in lives):
            return False
    return True
