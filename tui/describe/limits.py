"""The limits of what may be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from dsl.plan import AtLeast, AtMost, InSteps, Keeping, Lasts, Limit, Over
from tui.describe.teller import Teller
from tui.describe.time import lasting


def limits(teller: Teller, limits: Iterable[Limit]) -> list[str]:
    """A sentence a limit."""
    return [_limit(teller, limit) for limit in limits]


def _limit(teller: Teller, limit: Limit) -> str:
    match limit:
        case AtMost():
            return teller.paragraph(_at_most(teller, limit), *_counted(teller, limit))
        case AtLeast(amount=amount, service=service):
            return teller.say("At least {amount} at a time.", amount=teller.amount(service, amount))
        case Keeping(amount=amount, service=service):
            return teller.say("{amount} must remain.", amount=teller.amount_of(service, amount))
        case InSteps(amount=amount, service=service):
            return teller.say("In whole steps of {amount}.", amount=teller.amount(service, amount))
        case _:
            assert_never(limit)


def _at_most(teller: Teller, limit: AtMost) -> str:
    often = not limit.service
    if often:
        what = teller.say_many("{number} time", "{number} times", limit.amount)
    else:
        what = teller.amount(limit.service, limit.amount)
    match limit.over:
        case Over.ACTION:
            return teller.say("At most {what} at a time.", what=what)
        case Over.DAY:
            return teller.say("At most {what} a calendar day.", what=what)
        case Over.WEEK:
            return teller.say("At most {what} a week, from Monday on.", what=what)
        case Over.MONTH:
            return teller.say("At most {what} a calendar month.", what=what)
        case Over.YEAR:
            return teller.say("At most {what} a calendar year.", what=what)
        case Over.CYCLE:
            return teller.say("At most {what} a cycle.", what=what)
        case Over.EVER:
            return teller.say("At most {what} in all, ever.", what=what)
        case Over.HELD if often:
            return teller.say_many(
                "You may have at most {number} of them that is not used up.",
                "You may have at most {number} of them that are not used up.",
                limit.amount,
            )
        case Over.HELD:
            return teller.say("You may have at most {what} of it that is not used up.", what=what)
        case Lasts() as time:
            return teller.say("At most {what} in any {time}.", what=what, time=lasting(teller, time))
        case _:
            assert_never(limit.over)


def _counted(teller: Teller, limit: AtMost) -> Iterable[str]:
    if limit.received:
        yield teller.say("What counts is all that the other line receives, in its own cycles.")
    if limit.packs:
        yield teller.say("Purchases of {packs} count together.", packs=teller.names(limit.packs))
