"""When something holds: each condition as it stands behind `if`, and as it stands there where it does not hold."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from typing import assert_never

from dsl.plan import (
    AfterFirstCycle,
    Changes,
    Condition,
    CyclesInARow,
    Direction,
    HeldAtLeast,
    HeldWholeCycle,
    InGroup,
    IsIn,
    LeftAtMost,
    Not,
    Renewed,
    RenewedBefore,
    RenewedHow,
    RenewedWithin,
    SamePlan,
    SizeAtLeast,
    State,
    TenureAtLeast,
    UsedAtLeast,
    UseIs,
)
from dsl.plan.rules import Plain
from tui.describe.teller import Teller
from tui.describe.time import lasting
from tui.describe.uses import tag


def all_of(teller: Teller, conditions: Collection[Condition]) -> str:
    """All of them, at least one, as they stand behind `if`."""
    said = [condition(teller, one) for one in conditions]
    return reduce(lambda text, other: teller.say("{condition} and {other}", condition=text, other=other), said)


def condition(teller: Teller, condition: Condition) -> str:
    match condition:
        case Not(condition=plain):
            return _plain(teller, plain, holds=False)
        case _:
            return _plain(teller, condition, holds=True)


def _plain(teller: Teller, condition: Plain, *, holds: bool) -> str:
    say = teller.say
    match condition:
        case UsedAtLeast(service=service, amount=amount):
            what = teller.amount_of(service, amount)
            if holds:
                return say("you used at least {amount} in the cycle", amount=what)
            return say("you used less than {amount} in the cycle", amount=what)
        case AfterFirstCycle():
            return say("it is not your first cycle") if holds else say("it is your first cycle")
        case HeldWholeCycle():
            return say("you had the plan for a whole cycle") if holds else say("you had the plan for a part of a cycle only")
        case CyclesInARow(count=count):
            if holds:
                return teller.say_many(
                    "it is your first cycle in a row, or a later one",
                    "it is your cycle {number} in a row, or a later one",
                    count,
                )
            return teller.say_many(
                "you do not have {number} cycle in a row yet", "you do not have {number} cycles in a row yet", count
            )
        case HeldAtLeast(life=life):
            time = lasting(teller, life)
            if holds:
                return say("the cycle lasted at least {time}", time=time)
            return say("the cycle lasted less than {time}", time=time)
        case TenureAtLeast(life=life):
            time = lasting(teller, life)
            if holds:
                return say("you have had your line for at least {time}", time=time)
            return say("you have had your line for less than {time}", time=time)
        case LeftAtMost():
            return _left(teller, condition, holds=holds)
        case IsIn(state=state):
            return _state(teller, state, holds=holds)
        case Renewed(how=how):
            return _renewed(teller, how, holds=holds)
        case RenewedWithin(life=life):
            time = lasting(teller, life)
            if holds:
                return say("you renew no later than {time} after the end", time=time)
            return say("you do not renew within {time} after the end", time=time)
        case RenewedBefore(life=life):
            time = lasting(teller, life)
            if holds:
                return say("you renew at least {time} before the end", time=time)
            return say("you do not renew at least {time} before the end", time=time)
        case SamePlan():
            return say("you stay on the same plan") if holds else say("another plan follows")
        case Changes():
            return _changes(teller, condition, holds=holds)
        case SizeAtLeast():
            return _size(teller, condition, holds=holds)
        case InGroup(group=group):
            plans = teller.either_name(group)
            if holds:
                return say("the plan that follows is {plans}", plans=plans)
            return say("the plan that follows is not {plans}", plans=plans)
        case UseIs(tag=said):
            if holds:
                return say("it is use {tag}", tag=tag(teller, said))
            return say("it is not use {tag}", tag=tag(teller, said))
        case _:
            assert_never(condition)


def _left(teller: Teller, condition: LeftAtMost, *, holds: bool) -> str:
    service, lot_class = condition.service, condition.lot_class
    lots = teller.service(service) if lot_class is None else teller.lots(teller.service(service), lot_class)
    if not condition.amount:
        return teller.say("no {lots} is left", lots=lots) if holds else teller.say("some {lots} is left", lots=lots)
    amount = teller.amount(service, condition.amount)
    if holds:
        return teller.say("at most {amount} of {lots} is left", amount=amount, lots=lots)
    return teller.say("more than {amount} of {lots} is left", amount=amount, lots=lots)


def _state(teller: Teller, state: State, *, holds: bool) -> str:
    match state:
        case State.PAID:
            return teller.say("you have paid") if holds else teller.say("you have not paid")
        case State.ACTIVE:
            return teller.say("your line is active") if holds else teller.say("your line is suspended")
        case State.OPTED_IN:
            return teller.say("you have opted in") if holds else teller.say("you have not opted in")
        case _:
            assert_never(state)


def _renewed(teller: Teller, how: RenewedHow, *, holds: bool) -> str:
    match how:
        case RenewedHow.ON_TIME:
            if holds:
                return teller.say("you renew by the end of the cycle")
            return teller.say("you do not renew by the end of the cycle")
        case RenewedHow.EARLY:
            if holds:
                return teller.say("you renew before the end of the cycle")
            return teller.say("you do not renew before the end of the cycle")
        case RenewedHow.BY_HAND:
            if holds:
                return teller.say("you renew yourself")
            return teller.say("you do not renew yourself")
        case _:
            assert_never(how)


def _changes(teller: Teller, condition: Changes, *, holds: bool) -> str:
    say = teller.say
    match condition.direction:
        case Direction.UP:
            if holds:
                said = say("another plan follows that costs more, or as much and is bigger")
            else:
                said = say("no other plan follows that costs more, or as much and is bigger")
        case Direction.DOWN:
            if holds:
                said = say("another plan follows that costs less, or as much and is smaller")
            else:
                said = say("no other plan follows that costs less, or as much and is smaller")
        case Direction.BIGGER:
            said = say("a bigger plan follows") if holds else say("no bigger plan follows")
        case Direction.SMALLER:
            said = say("a smaller plan follows") if holds else say("no smaller plan follows")
        case _:
            assert_never(condition.direction)
    return _by_size(teller, said, condition.group)


def _size(teller: Teller, condition: SizeAtLeast, *, holds: bool) -> str:
    if not condition.steps:
        said = (
            teller.say("the plan that follows is as big or bigger") if holds else teller.say("the plan that follows is smaller")
        )
    elif holds:
        said = teller.say_many(
            "the plan that follows is at most {number} size smaller", "the plan that follows is at most {number} sizes smaller",
            condition.steps,
        )  # fmt: skip
    else:
        said = teller.say_many(
            "the plan that follows is more than {number} size smaller",
            "the plan that follows is more than {number} sizes smaller",
            condition.steps,
        )
    return _by_size(teller, said, condition.group)


def _by_size(teller: Teller, said: str, group: Collection[str]) -> str:
    """What sizes are, where a group says so."""
    if not group:
        return said
    return teller.say("{condition} (from small to big: {plans})", condition=said, plans=teller.list_of_names(group))
