"""How much of what you have a use takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dsl.plan import CountedInSteps, Counting, InUnit, More, Weight
from tui.describe.teller import Teller
from tui.describe.terms import Item
from tui.describe.uses import scope, tag


def sizes(teller: Teller) -> Item:
    step = teller.language.number(teller.data_step)
    return Item(teller.say("1 GB is {step} MB, 1 MB is {step} KB, and 1 KB is {step} bytes.", step=step))


def counting(teller: Teller, counting: Counting, services: Collection[str]) -> Iterator[Item]:
    """`services` are those that a plan grants itself."""
    yield from (Item(_steps(teller, one)) for one in counting.steps)
    yield from (Item(_weight(teller, one)) for one in counting.weights)
    yield from (Item(_more(teller, one)) for one in counting.more)
    yield from (Item(_in_unit(teller, one)) for one in counting.units)
    if any(one.service in services for one in counting.units):
        yield Item(teller.say("What there is of a service itself is used up before that."))
    several = {one.unit for one in counting.units if [other.unit for other in counting.units].count(one.unit) > 1}
    if several:
        yield Item(teller.say("Where several of these fit, the one for the narrowest use counts."))


def _steps(teller: Teller, rule: CountedInSteps) -> str:
    service, step = teller.service(rule.service), teller.amount(rule.service, rule.step)
    if rule.nearest:
        counted = teller.say(
            "Each use of {service} counts in whole steps of {step}, to the nearest, a half up.", service=service, step=step
        )
    else:
        counted = teller.say(
            "Each use of {service} counts in steps of {step}; one that has begun counts in full.", service=service, step=step
        )
    if rule.first in (0, rule.step):
        return counted
    least = teller.say("It counts at least {amount}, and in steps beyond that.", amount=teller.amount(rule.service, rule.first))
    return teller.paragraph(counted, least)


def _weight(teller: Teller, rule: Weight) -> str:
    use = tag(teller, rule.tag)
    if not rule.factor[0]:
        return teller.say("Use {tag} does not count.", tag=use)
    return teller.say("Use {tag} counts {times} times, rounded up.", tag=use, times=teller.times(rule.factor))


def _more(teller: Teller, rule: More) -> str:
    amount = teller.amount_of(rule.service, rule.amount)
    return teller.say("Each use {tag} counts {amount} more.", tag=tag(teller, rule.tag), amount=amount)


def _in_unit(teller: Teller, rule: InUnit) -> str:
    amount, taken = teller.amount_of(rule.service, rule.amount), teller.amount_of(rule.unit, rule.unit_amount)
    if not rule.scope:
        return teller.say("{amount} takes {taken}, rounded up.", amount=amount, taken=taken)
    return teller.say(
        "{amount} of use {scope} takes {taken}, rounded up.", amount=amount, scope=scope(teller, rule.scope), taken=taken
    )
