"""What happens when something runs out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import assert_never

from dsl.plan import NO_CEILING, Advance, Block, Owe, Remedy, RunsOut, Sell, Slow
from tui.describe.conditions import all_of
from tui.describe.teller import Teller
from tui.describe.terms import Item
from tui.describe.time import until


def runs_out(teller: Teller, rules: Collection[RunsOut], services: Collection[str]) -> Iterator[Item]:
    """An item a rule; of several about a service the first acts whose conditions hold. `services` are all that may run out."""
    said: dict[str, bool] = {}
    for rule in rules:
        yield _rule(teller, rule, is_other=rule.service in said)
        said[rule.service] = bool(rule.conditions)
    blocked = [service for service in services if service not in said]
    if blocked:
        yield Item(
            teller.say(
                "When you have no {services} left, further use is blocked.",
                services=teller.language.either([teller.service(service) for service in blocked]),
            )
        )
    for service in [service for service, open_ in said.items() if open_]:
        yield Item(
            teller.say("Otherwise, when you have no {service} left, further use is blocked.", service=teller.service(service))
        )


def _rule(teller: Teller, rule: RunsOut, *, is_other: bool) -> Item:
    remedies = [Item(_remedy(teller, rule.service, remedy)) for remedy in rule.remedies]
    if not rule.remedies or not _serves_all(rule.remedies[-1]):
        remedies.append(Item(teller.say("All use beyond that is blocked.")))
    lead = _lead(teller, rule, is_other=is_other)
    if len(remedies) == 1:
        return Item(teller.inline(lead, remedies[0].text))
    return Item(lead, tuple(remedies), in_order=True)


def _lead(teller: Teller, rule: RunsOut, *, is_other: bool) -> str:
    service = teller.service(rule.service)
    if not rule.conditions:
        if is_other:
            return teller.say("When you have no {service} left, otherwise:", service=service)
        return teller.say("When you have no {service} left:", service=service)
    conditions = all_of(teller, rule.conditions)
    if is_other:
        return teller.say(
            "When you have no {service} left, otherwise, if {conditions}:", service=service, conditions=conditions
        )
    return teller.say("When you have no {service} left, if {conditions}:", service=service, conditions=conditions)


def _serves_all(remedy: Remedy) -> bool:
    match remedy:
        case Sell(most=most, from_credit=from_credit):
            return most == NO_CEILING and not from_credit
        case Advance(most=most):
            return most == NO_CEILING
        case Owe() | Slow() | Block():
            return True
        case _:
            assert_never(remedy)


def _remedy(teller: Teller, service: str, remedy: Remedy) -> str:
    match remedy:
        case Sell():
            return _sell(teller, service, remedy)
        case Advance():
            block = teller.amount_of(service, remedy.block)
            lent = teller.say("You are lent {block} at a time, as often as you need it.", block=block)
            if remedy.most != NO_CEILING:
                lent = teller.say_many(
                    "You are lent {block} at a time, at most {number} time a cycle ({total}).",
                    "You are lent {block} at a time, at most {number} times a cycle ({total}).",
                    remedy.most,
                    block=block,
                    total=teller.amount(service, remedy.most * remedy.block),
                )
            back = teller.say("What is left of it ends with the cycle, and what your plan brings next pays it back first.")
            return teller.paragraph(lent, back)
        case Owe():
            return teller.say(
                "You can go on, and owe it: whatever you get next of {service} pays it first.", service=teller.service(service)
            )
        case Slow(bits_per_second=speed):
            return teller.say("You can go on at {speed}.", speed=teller.speed(speed))
        case Block():
            return teller.say("Further use is blocked.")
        case _:
            assert_never(remedy)


def _sell(teller: Teller, service: str, sell: Sell) -> str:
    block, price = teller.amount_of(service, sell.block), teller.amount(sell.currency, sell.price)
    if sell.most == NO_CEILING:
        sold = teller.say("{block} costs {price}, and so does each further one that you begin.", block=block, price=price)
    else:
        sold = teller.say_many(
            "{block} costs {price}, and so does each further one that you begin: at most {number} a cycle ({total} for {sum}).",
            "{block} costs {price}, and so does each further one that you begin: at most {number} a cycle ({total} for {sum}).",
            sell.most,
            block=block, price=price,
            total=teller.amount(service, sell.most * sell.block), sum=teller.amount(sell.currency, sell.most * sell.price),
        )  # fmt: skip
    credit = teller.say("It is sold only as far as your credit pays it in full.") if sell.from_credit else ""
    rest = teller.say("What is left of one can be used {until}.", until=until(teller, sell.life))
    return teller.paragraph(sold, credit, rest)
