"""What is decided by what a plan says, without any history: by itself, free, as long as granted, give, not sell, in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsl.phrase import Phrase, phrase
from dsl.plan import (
    Carry,
    Condition,
    Demand,
    Endless,
    Extend,
    Give,
    IsIn,
    Lasts,
    NewEnd,
    Not,
    Occasion,
    Order,
    Period,
    Pick,
    Plan,
    Renewed,
    RenewedBefore,
    RenewedHow,
    RenewedWithin,
    Rule,
    Sell,
    State,
    packs_of,
)
from dsl.units import called
from engine.regulate.lives import is_as_long, length, less
from engine.regulate.subjects import Subject, follows, is_against, rolling, takes
from engine.regulate.verdict import Fault

NOT_KNOWN = phrase("whether it lives as long depends on the day on which it begins")
_LIMITED = phrase("it can be given within limits: whether these are too narrow is for people to say")
Found = Fault | Phrase | None  # what is broken; why that is not known; or None: it is kept

# ---- what rolls ------------------------------------------------------------------------------------------------------


def by_itself(subject: Subject, demand: Demand) -> Found:
    """Whether some rule rolls it whatever the subscriber does, where any does."""
    found = [_asks_for(rule, clause, demand) for rule, clause in rolling(subject)]
    return None if None in found else found[0]


def _asks_for(rule: Rule, clause: Carry | Extend, demand: Demand) -> Fault | None:
    """What the subscriber must do for a rule to act."""
    if rule.occasion is Occasion.ASKED:
        return Fault(phrase("it rolls only when asked for"), rule.span)
    if rule.occasion is Occasion.BOUGHT:
        return Fault(phrase("it rolls only when something is bought"), rule.span)
    if rule.occasion is Occasion.RENEWED_EARLY:
        return Fault(phrase("it rolls only when renewed early"), rule.span)
    if rule.occasion is not Occasion.CLOSE:
        return Fault(phrase("it does not roll at the end of a cycle"), rule.span)
    if isinstance(clause, Carry) and clause.saved:
        return Fault(phrase("only what the subscriber saved is carried"), clause.span)
    for condition in rule.conditions:
        if not follows(condition, demand.conditions) and (why := _must_do(condition)):
            return Fault(why, condition.span)
    return None


def _must_do(condition: Condition) -> Phrase | None:
    match condition:
        case IsIn(state=State.OPTED_IN):
            return phrase("it rolls only for who opted in")
        case Not(condition=IsIn(state=State.OPTED_IN)):
            return phrase("it does not roll for who opted in")
        case Renewed(how=RenewedHow.BY_HAND | RenewedHow.EARLY) | RenewedBefore() | RenewedWithin():
            return phrase("it rolls only for who renews so")
        case _:
            return None


def free(subject: Subject) -> Found:
    """Nothing costs what is carried, but a pack with which it lives."""
    prices = {pack.name: pack.prices for pack in subject.plan.packs}
    for _, clause in rolling(subject):
        priced = [name for name in packs_of(clause.life) if prices.get(name)]
        if priced:
            return Fault(phrase('it lives only with "{pack}", which has a price', pack=priced[0]), clause.span)
    return None


def new_end(subject: Subject) -> Found:
    """Whether the life of what is carried surely reaches the next end of a cycle."""
    for _, clause in rolling(subject):
        life = clause.life
        whole_cycle = isinstance(life, Lasts) and life.period is Period.CYCLE
        from_now = not (isinstance(clause, Carry) and clause.from_grant)
        if not (life == Endless() or isinstance(life, NewEnd) or (whole_cycle and from_now)):
            return phrase("no history that was run ends sooner")
    return None


def as_long(subject: Subject, demand: Demand) -> Found:
    """Whether each clause that rolls it, or gives it away, lets it live as long as it was granted for."""
    cycle, grant = subject.plan.cycle, length(subject.grant.life, subject.plan.cycle)
    unknown: Phrase | None = None
    for clause in _lives(subject, demand):
        if isinstance(clause, Give) and (clause.life is None or (isinstance(clause.life, NewEnd) and clause.life.or_own)):
            continue
        assert clause.life is not None
        of_clause = length(clause.life, cycle)
        if isinstance(clause, Carry) and clause.each_time and not clause.from_grant and of_clause:
            of_clause = length(Endless(), cycle)  # it is carried on at each end of a cycle
        if isinstance(clause, Carry) and clause.from_grant:
            of_clause = less(of_clause, grant)
        match is_as_long(of_clause, grant):
            case False:
                return Fault(phrase("it lives for less time than it was granted for"), clause.span)
            case None:
                unknown = NOT_KNOWN
            case True:
                pass
    return unknown


def _lives(subject: Subject, demand: Demand) -> Iterator[Carry | Extend | Give]:
    if demand.occasion is Occasion.ASKED:
        yield from (give for _, give in gives(subject))
    else:
        yield from (clause for rule, clause in rolling(subject) if rule.occasion is not Occasion.ASKED)


# ---- what is given ---------------------------------------------------------------------------------------------------


def give(subject: Subject, demand: Demand) -> Found:
    """Whether a subscriber who asks may give it to any line."""
    service = called(subject.grant.service)
    giving = gives(subject)
    if not giving:
        return Fault(phrase("no line lets {service} be given", service=called(service)), subject.grant.span)
    found = [_may_be_given(rule, clause, demand, service) for rule, clause in giving]
    if None in found:
        return None
    return _LIMITED if _LIMITED in found else found[0]


def _may_be_given(rule: Rule, clause: Give, demand: Demand, service: str) -> Found:
    """Whether one rule lets it be given to any line, and at any time."""
    if clause.to_family:
        return Fault(phrase("{service} is given only to lines that share", service=called(service)), clause.span)
    for condition in rule.conditions:
        if not follows(condition, demand.conditions):
            return Fault(phrase("{service} is given only where this holds", service=called(service)), condition.span)
    return _LIMITED if clause.limits else None


def gives(subject: Subject) -> list[tuple[Rule, Give]]:
    """The clauses by which a subscriber who asks may give such a lot, in their order."""
    rules = [*(rule for pack in subject.plan.packs for rule in pack.rules), *subject.plan.rules]
    asked = [rule for rule in rules if rule.occasion is Occasion.ASKED and takes(rule, subject)]
    return [(rule, clause) for rule in asked for clause in rule.clauses if isinstance(clause, Give)]


# ---- what runs out, and what goes first ------------------------------------------------------------------------------


def sells(plan: Plan, service: str, known: Sequence[Condition]) -> Sell | None:
    """What is sold to use that nothing covers, where it may be that all that is `known` holds."""
    for line in plan.runs_out:
        if line.service != service or any(is_against(condition, known) for condition in line.conditions):
            continue
        if sold := next((one for one in line.remedies if isinstance(one, Sell)), None):
            return sold
        if all(follows(condition, known) for condition in line.conditions):
            return None
    return None


def in_turn(plan: Plan, service: str) -> bool:
    """Whether lots are used soonest to end first, whatever they are."""
    said = order(plan, service)
    if said is None:
        return True
    first = said.keys[0]
    return (first.lot_class, first.pack, first.only, first.pick) == (None, "", frozenset(), Pick.SOONEST)


def order(plan: Plan, service: str) -> Order | None:
    """Which lots of a service are said to go first."""
    own = [one for one in plan.orders if one.service == service] or [one for one in plan.orders if not one.service]
    return own[0] if own else None
