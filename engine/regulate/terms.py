"""What is decided of what rolls, or is given, by what a plan says, without any history: by itself, free, as long as granted,
to the new end, give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dsl.phrase import Phrase, phrase
from dsl.plan import (
    Cap,
    Carry,
    Condition,
    Cut,
    Demand,
    Early,
    Endless,
    Extend,
    Give,
    IsIn,
    Lasts,
    LeftAtMost,
    LotClass,
    NewEnd,
    Not,
    Occasion,
    Period,
    Renewed,
    RenewedBefore,
    RenewedWithin,
    Rule,
    State,
    UsedAtLeast,
    packs_of,
)
from dsl.units import called
from engine.regulate.happens import taken_meanwhile
from engine.regulate.kept import CAPPED, MEANWHILE, ONE_CYCLE, OWN, RENEWED_EARLY, carries_again, short_of_all
from engine.regulate.lives import Length, is_as_long, length, less
from engine.regulate.subjects import Subject, follows, is_priced, rolling, takes
from engine.regulate.verdict import Doubt, Fault

NOT_KNOWN = phrase("whether it lives as long depends on the day on which it begins")
_LIMITED = phrase("it can be given within limits: whether these are too narrow is for people to say")
_MAY_END_SOONER = phrase("what is carried may end before the cycle that follows does")
Found = Fault | Doubt | None  # what is broken; why that is not known; or None: it is kept

# ---- what rolls ------------------------------------------------------------------------------------------------------


def by_itself(subject: Subject, demand: Demand) -> Found:
    """Whether some rule rolls it whatever the subscriber does, where any does."""
    found = [_asks_for(rule, clause, subject, demand) for rule, clause in rolling(subject)]
    return None if None in found else found[0]


def _asks_for(rule: Rule, clause: Carry | Extend, subject: Subject, demand: Demand) -> Fault | None:
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
    if packs := sorted(packs_of(clause.life) - {subject.pack.name if subject.pack else ""}):
        return Fault(phrase('it lives only with "{pack}", which must be bought', pack=packs[0]), clause.span)
    for condition in rule.conditions:
        if not follows(condition, demand.conditions, subject.plan) and (why := _must_do(condition)):
            return Fault(why, condition.span)
    return None


def _must_do(condition: Condition) -> Phrase | None:
    """What a subscriber must do, or leave, for a condition to hold; None where time alone, or who pays, brings it about."""
    match condition:
        case IsIn(state=State.OPTED_IN):
            return phrase("it rolls only for who opted in")
        case Not(condition=IsIn(state=State.OPTED_IN)):
            return phrase("it does not roll for who opted in")
        case Renewed() | RenewedBefore() | RenewedWithin():
            return phrase("it rolls only for who renews so")
        case Not(condition=Renewed() | RenewedBefore() | RenewedWithin()):
            return phrase("it does not roll for who renews so")
        case UsedAtLeast():
            return phrase("it rolls only for who uses so much")
        case Not(condition=UsedAtLeast()):
            return phrase("it does not roll for who uses so much")
        case LeftAtMost():
            return phrase("it rolls only where so little is left")
        case Not(condition=LeftAtMost()):
            return phrase("it does not roll where so little is left")
        case _:
            return None


def free(subject: Subject) -> Found:
    """Nothing costs what is carried: no pack with which it lives, or which must be bought for it."""
    priced = frozenset(pack.name for pack in subject.plan.packs if is_priced(pack))
    found = rolling(subject)
    for _, clause in found:
        if costs := sorted(packs_of(clause.life) & priced):
            return Fault(phrase('it lives only with "{pack}", which has a price', pack=costs[0]), clause.span)
    for rule, _ in found:
        if rule.occasion is not Occasion.BOUGHT or (rule.about or rule.pack) not in priced:
            return None
    rule = found[0][0]
    why = phrase('it rolls only when "{pack}" is bought, which has a price', pack=rule.about or rule.pack)
    return Fault(why, rule.span)


def new_end(subject: Subject, demand: Demand) -> Found:
    """Whether the life of what is carried surely reaches the next end of a cycle."""
    for rule, clause in rolling(subject):
        life = clause.life
        whole_cycle = isinstance(life, Lasts) and life.period is Period.CYCLE
        from_now = not (isinstance(clause, Carry) and clause.from_grant)
        to_it = isinstance(life, NewEnd) and rule.occasion is Occasion.CLOSE
        if not (life == Endless() or to_it or (whole_cycle and from_now)):
            return Doubt(_MAY_END_SOONER, clause.span)
        if subject.pack and (cap := _cuts_older(rule)):
            return Doubt(CAPPED, cap.span)
    return _ended_meanwhile(subject, demand)


def as_long(subject: Subject, demand: Demand) -> Found:
    """Whether each clause that rolls it, or gives it away, lets it live as long as it was granted for."""
    if demand.occasion is Occasion.ASKED:
        return _worst(_gift_lives(clause, subject) for _, clause in gives(subject))
    return _worst([*(_lives_on(rule, clause, subject) for rule, clause in _lives(subject)), _ended_meanwhile(subject, demand)])


def _worst(found: Iterable[Found]) -> Found:
    """What is broken before what is not known."""
    told = [one for one in found if one]
    return next((one for one in told if isinstance(one, Fault)), told[0] if told else None)


def _lives(subject: Subject) -> Iterator[tuple[Rule, Carry | Extend]]:
    """What rolls it; to extend what is carried anyway takes nothing away."""
    found = [(rule, clause) for rule, clause in rolling(subject) if rule.occasion is not Occasion.ASKED]
    carried = any(rule.occasion is Occasion.CLOSE and isinstance(clause, Carry) for rule, clause in found)
    yield from ((rule, clause) for rule, clause in found if not (carried and isinstance(clause, Extend)))


def _lives_on(rule: Rule, clause: Carry | Extend, subject: Subject) -> Found:
    granted = length(subject.grant.life, subject.plan.cycle)
    match is_as_long(_length_of(rule, clause, subject), granted):
        case False:
            return Fault(phrase("it lives for less time than it was granted for"), clause.span)
        case None:
            return Doubt(NOT_KNOWN, clause.span)
        case True:
            # A cap cuts at an end of a cycle; by the next one it has lived as long as what is granted for one.
            one_cycle = subject.grant.life == ONE_CYCLE and not subject.pack
            keeps_time = subject.plan.renewal.early in (Early.ADDS, Early.STACK)
            cap = None if one_cycle and keeps_time else _cuts_older(rule)
            return Doubt(CAPPED, cap.span) if cap else None


def _length_of(rule: Rule, clause: Carry | Extend, subject: Subject) -> Length | None:
    """How long what such a clause rolls lives from then on; None where that is not known."""
    plan, life = subject.plan, clause.life
    if isinstance(life, NewEnd):
        begins = rule.occasion is Occasion.RENEWED_EARLY and plan.renewal.early is Early.RESTART
        return length(ONE_CYCLE, plan.cycle) if begins or rule.occasion is Occasion.CLOSE else None
    if isinstance(clause, Extend):
        return length(life, plan.cycle)
    if clause.from_grant:
        if subject.grant.from_first_use or plan.renewal.early is Early.STACK:
            return None  # it lived for another time than it was granted for
        return less(length(life, plan.cycle), length(subject.grant.life, plan.cycle))
    in_hand = [one for one in plan.rules if one.occasion is Occasion.CLOSE and LotClass.CARRIED in one.classes]
    goes_on = carries_again(clause, subject) and not short_of_all(clause, subject) and not in_hand
    return length(Endless() if goes_on else life, plan.cycle)


def again(subject: Subject) -> bool:
    """Whether what rolls is carried again, at some time."""
    return any(isinstance(clause, Carry) and clause.each_time for _, clause in rolling(subject))


def _cuts_older(rule: Rule) -> Cap | None:
    """A cap that may cut what was carried before. One that cuts the newest leaves that, unless others fill its room."""
    caps = (clause for clause in rule.clauses if isinstance(clause, Cap))
    return next((cap for cap in caps if cap.cut is not Cut.NEWEST or cap.counts not in OWN), None)


def _ended_meanwhile(subject: Subject, demand: Demand) -> Doubt | None:
    if subject.plan.renewal.early is Early.EXPIRE:
        return Doubt(RENEWED_EARLY, subject.grant.span)
    rule = taken_meanwhile(subject, demand, LotClass.CARRIED)
    return Doubt(MEANWHILE, rule.span) if rule else None


# ---- what is given ---------------------------------------------------------------------------------------------------


def give(subject: Subject, demand: Demand) -> Found:
    """Whether a subscriber who asks may give it to any line."""
    giving = gives(subject)
    if not giving:
        service = called(subject.grant.service)
        return Fault(phrase("no line lets {service} be given", service=service), subject.grant.span)
    found = [_may_be_given(rule, clause, subject, demand) for rule, clause in giving]
    if None in found:
        return None
    return next((one for one in found if isinstance(one, Doubt)), found[0])


def _may_be_given(rule: Rule, clause: Give, subject: Subject, demand: Demand) -> Found:
    """Whether one rule lets it be given to any line, and at any time."""
    service = called(subject.grant.service)
    if clause.to_family:
        return Fault(phrase("{service} is given only to lines that share", service=service), clause.span)
    for condition in rule.conditions:
        if not follows(condition, demand.conditions, subject.plan):
            return Fault(phrase("{service} is given only where this holds", service=service), condition.span)
    return Doubt(_LIMITED, clause.limits[0].span) if clause.limits else None


def _gift_lives(clause: Give, subject: Subject) -> Found:
    """Whether what is given lives as long, for who receives it."""
    life = clause.life
    if life is None or (isinstance(life, NewEnd) and life.or_own):
        return None
    if isinstance(life, NewEnd):
        return Fault(phrase("it ends with the cycle of who receives it, which may be sooner"), clause.span)
    match is_as_long(length(life, subject.plan.cycle), length(subject.grant.life, subject.plan.cycle)):
        case False:
            return Fault(phrase("it lives for less time than it was granted for"), clause.span)
        case None:
            return Doubt(NOT_KNOWN, clause.span)
        case True:
            return None


def gives(subject: Subject) -> list[tuple[Rule, Give]]:
    """The clauses by which a subscriber who asks may give such a lot, in their order."""
    rules = [*(rule for pack in subject.plan.packs for rule in pack.rules), *subject.plan.rules]
    asked = [rule for rule in rules if rule.occasion is Occasion.ASKED and takes(rule, subject)]
    return [(rule, clause) for rule in asked for clause in rule.clauses if isinstance(clause, Give)]
