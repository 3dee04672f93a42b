"""What a regulation is about in a plan: the grants that it does not leave out, and the rules by which they roll."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from dsl.plan import (
    About,
    Carry,
    Changes,
    Condition,
    Demand,
    Endless,
    Exceptions,
    Extend,
    Grant,
    InGroup,
    IsIn,
    Lasts,
    LotClass,
    Not,
    Occasion,
    Pack,
    Plan,
    Renewed,
    RenewedHow,
    Rule,
    SamePlan,
    SizeAtLeast,
)
from engine.regulate.lives import length


@dataclass(frozen=True, slots=True)
class Subject:
    """A grant of a plan by its rules of some time, or, of `pack`, of one that it sells."""

    plan: Plan
    grant: Grant
    pack: Pack | None = None


def versions(plan: Plan, demand: Demand) -> tuple[Plan, ...]:
    """The plan by each set of its rules that is in force while something is asked."""
    return (plan.on(demand.start), *(one.plan for one in plan.later if demand.start < one.start < demand.end))


def earlier(plan: Plan, demand: Demand) -> tuple[Plan, ...]:
    """The plan by rules that are over when something begins to be asked: what these carried may end while it is."""
    by_time = [(date.min, plan), *((one.start, one.plan) for one in plan.later)]
    over = [(end, rules) for (_, rules), (end, _) in pairwise(by_time) if end <= demand.start]
    return tuple(rules for end, rules in over if (demand.start - end).days < _longest_carried(rules))


def _longest_carried(plan: Plan) -> int:
    """How many days what its rules carry lives at the most, of what ends."""
    rules = [*plan.rules, *(rule for pack in plan.packs for rule in pack.rules)]
    lives = [clause.life for rule in rules for clause in rule.clauses if isinstance(clause, Carry | Extend)]
    lengths = [length(life, plan.cycle) for life in lives if life != Endless()]
    return max((one.longest // 24 if one else 31 for one in lengths), default=0)


def granted(plans: Sequence[Plan], demand: Demand) -> Iterator[Subject]:
    """All grants of the services and classes that something is asked of: of plans, their packs and promotions."""
    for plan in plans:
        of_lines = [*(rule.grant for rule in plan.by_lines), *(grant for rule in plan.shares for grant in rule.each_adds)]
        own = (*plan.grants, *of_lines, *_promoted(plan, demand))
        yield from (Subject(plan, grant) for grant in own if _is_of(demand.about, grant))
        for pack in plan.packs:
            yield from (Subject(plan, grant, pack) for grant in pack.grants if _is_of(demand.about, grant))


def _promoted(plan: Plan, demand: Demand) -> Iterator[Grant]:
    """What promotions give while something is asked: their own, and, where they multiply the allowance, what that lacks."""
    for promotion in plan.promotions:
        if promotion.start < demand.end and demand.start < promotion.end:
            yield from promotion.grants
            many, over = promotion.times
            for grant in plan.grants if many > over else ():
                if grant.each_cycle and not grant.per_renewals:
                    yield replace(grant, lot_class=LotClass.BONUS, span=promotion.span)


def _is_of(about: Sequence[About], grant: Grant) -> bool:
    return not about or any(one.service == grant.service and one.lot_class in (None, grant.lot_class) for one in about)


def is_left_out(subject: Subject, exceptions: Exceptions) -> bool:
    grant, pack = subject.grant, subject.pack
    if exceptions.unlimited and grant.unlimited:
        return True
    if exceptions.bonus and grant.lot_class is LotClass.BONUS:
        return True
    if exceptions.free_packs and pack is not None and not is_priced(pack):
        return True
    return exceptions.life is not None and _is_short(subject, exceptions.life)


def is_priced(pack: Pack) -> bool:
    return any(price.amount for price in pack.prices)


def _is_short(subject: Subject, most: Lasts) -> bool:
    here, limit = length(subject.grant.life, subject.plan.cycle), length(most, subject.plan.cycle)
    return here is not None and limit is not None and here.longest <= limit.shortest


def rules_of(subject: Subject, *, asked: Occasion | None = None) -> list[Rule]:
    """The rules that may have such lots in hand, in the order in which they act: at the close of a cycle or, of lots that end
    inside one, at their end; or those about another occasion."""
    occasion = asked or Occasion.CLOSE
    in_packs = [rule for pack in subject.plan.packs for rule in pack.rules]
    return [rule for rule in (*in_packs, *subject.plan.rules) if rule.occasion is occasion and takes(rule, subject)]


def takes(rule: Rule, subject: Subject) -> bool:
    grant, pack = subject.grant, subject.pack.name if subject.pack else ""
    return rule.service == grant.service and grant.lot_class in rule.classes and rule.pack in ("", pack)


def rolling(subject: Subject) -> list[tuple[Rule, Carry | Extend]]:
    """Each clause that makes such lots live on, on whatever occasion."""
    found = [*subject.plan.rules, *(rule for pack in subject.plan.packs for rule in pack.rules)]
    return [
        (rule, clause)
        for rule in found if takes(rule, subject)
        for clause in rule.clauses if isinstance(clause, Carry | Extend)
    ]  # fmt: skip


def follows(condition: Condition, known: Sequence[Condition], plan: Plan) -> bool:
    """Whether a condition holds wherever all that is `known` does, of a line that renews that plan in time."""
    match condition:
        case Renewed(how=RenewedHow.ON_TIME) | SamePlan() | SizeAtLeast() | Not(condition=Changes()):
            return True
        case InGroup(group=group):
            return plan.name in group
        case IsIn(state=state):
            return any(isinstance(one, IsIn) and one.state is state for one in known)
        case Not(condition=IsIn(state=state)):
            return any(
                isinstance(one, Not) and isinstance(one.condition, IsIn) and one.condition.state is state for one in known
            )
        case _:
            return False


def is_against(condition: Condition, known: Sequence[Condition], plan: Plan) -> bool:
    """Whether a condition can't hold where all that is `known` does."""
    match condition:
        case Not(condition=plain):
            return follows(plain, known, plan)
        case IsIn() | Changes():
            return follows(Not(condition, condition.span), known, plan)
        case _:
            return False
