"""What is used first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import assert_never

from dsl.plan import Order, OrderKey, Pick
from tui.describe.teller import Teller
from tui.describe.terms import Item
from tui.describe.uses import any_of


def orders(teller: Teller, orders: Collection[Order], services: Collection[str], unlimited: Collection[str]) -> list[Item]:
    """The order of each service a plan has; what is said of a service goes before what is said of all."""
    items = [Item(_order(teller, order)) for order in orders]
    said = {order.service for order in orders}
    silent = [] if "" in said else [service for service in services if service not in said]
    if silent:
        items.append(
            Item(
                teller.say(
                    "For {services}: first what ends soonest; where that is equal, the oldest.",
                    services=teller.services(silent),
                )
            )
        )
    if unlimited:
        items.append(
            Item(
                teller.say(
                    "What is unlimited ({services}) comes before all else, so that nothing is taken from the rest.",
                    services=teller.services(unlimited),
                )
            )
        )
    return items


def _order(teller: Teller, order: Order) -> str:
    keys = _keys(teller, order.keys, order.service)
    if order.service:
        said = teller.say("For {service}: first {order}.", service=teller.service(order.service), order=keys)
    else:
        said = teller.say("For everything: first {order}.", order=keys)
    if any(key.pick is Pick.SOONEST and (key.lot_class or key.pack) for key in order.keys):
        return teller.paragraph(said, teller.say("Of one kind, what ends soonest goes first."))
    return said


def _keys(teller: Teller, keys: Sequence[OrderKey], service: str) -> str:
    """`first A, then B, then all else`: a key that names no lots sorts all that follow, and leaves what it finds equal to the
    next."""
    first, *others = keys
    if first.lot_class is None and not first.pack:
        named = _sorted(teller, first)
        if not others:
            return named
        return teller.say("{first}; where that is equal, {next}", first=named, next=_keys(teller, others, service))
    named = _lots(teller, first, service)
    if not others:
        return teller.say("{first}, then all else, what ends soonest first", first=named)
    return teller.say("{first}, then {next}", first=named, next=_keys(teller, others, service))


def _lots(teller: Teller, key: OrderKey, service: str) -> str:
    """The lots that a key names, and which of them goes first where that is not the soonest to end."""
    if key.pack:
        lots = teller.say("what is of the pack {pack}", pack=teller.name(key.pack))
    else:
        assert key.lot_class is not None
        lots = teller.lots(teller.service(service), key.lot_class) if service else teller.any_lots(key.lot_class)
    match key.pick:
        case Pick.SOONEST:
            return lots
        case Pick.OLDEST:
            return teller.say("{lots} (the oldest first)", lots=lots)
        case Pick.NEWEST:
            return teller.say("{lots} (the newest first)", lots=lots)
        case Pick.NARROWEST:
            return teller.say("{lots} (what is for fewest uses first)", lots=lots)
        case _:
            assert_never(key.pick)


def _sorted(teller: Teller, key: OrderKey) -> str:
    picked = _picked(teller, key.pick)
    if not key.only:
        return picked
    only = teller.say("what is only for use {scope}", scope=any_of(teller, key.only))
    return only if key.pick is Pick.SOONEST else teller.say("{first}; where that is equal, {next}", first=only, next=picked)


def _picked(teller: Teller, pick: Pick) -> str:
    match pick:
        case Pick.SOONEST:
            return teller.say("what ends soonest")
        case Pick.OLDEST:
            return teller.say("the oldest")
        case Pick.NEWEST:
            return teller.say("the newest")
        case Pick.NARROWEST:
            return teller.say("what is for fewest uses")
        case _:
            assert_never(pick)
