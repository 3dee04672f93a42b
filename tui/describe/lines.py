"""Several lines in one account."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dsl.plan import NO_CEILING, ByLines, LotClass, Share
from tui.describe.lots import rest, what
from tui.describe.teller import Teller
from tui.describe.terms import Item


def shares(teller: Teller, shares: Collection[Share]) -> Iterator[Item]:
    for share in shares:
        yield Item(teller.paragraph(_share(teller, share), _turn(teller, share)), tuple(_each(teller, share)))


def _share(teller: Teller, share: Share) -> str:
    lots = _shared(teller, share)
    if share.most_lines == NO_CEILING:
        return teller.say("Any number of other lines can use {lots}.", lots=lots)
    return teller.say_many(
        "Up to {number} other line can use {lots}.", "Up to {number} other lines can use {lots}.", share.most_lines, lots=lots
    )


def _shared(teller: Teller, share: Share) -> str:
    if not share.service:
        return teller.say("all that you have")
    if (not share.classes and not share.packs) or share.classes == frozenset(LotClass):
        return teller.say("your {service}", service=teller.service(share.service))
    service = teller.service(share.service)
    named = [teller.lots(service, one) for one in LotClass if one in share.classes]
    named += [
        teller.say("{service} of the pack {pack}", service=service, pack=teller.name(pack)) for pack in sorted(share.packs)
    ]
    return teller.language.every(named)


def _turn(teller: Teller, share: Share) -> str:
    if share.shared_first:
        return teller.say("They use that before what they have of their own.")
    return teller.say("What they have of their own they use first.")


def _each(teller: Teller, share: Share) -> Iterator[Item]:
    for service, amount in share.each_limit:
        limit = teller.say(
            "Each of them may use up to {amount} of it in one of your cycles.", amount=teller.amount(service, amount)
        )
        yield Item(limit)
    for grant in share.each_adds:
        added = what(teller, [grant], LotClass.ALLOWANCE)
        each = teller.say("Each of them adds {what} to it, when it joins and at the beginning of each cycle.", what=added)
        yield Item(teller.paragraph(each, rest(teller, grant)))


def by_lines(teller: Teller, rules: Collection[ByLines]) -> Iterator[Item]:
    """What comes each cycle by the number of lines."""
    for rule in rules:
        bigger = [one.lines for one in rules if one.grant.service == rule.grant.service and one.lines > rule.lines]
        what_, most = what(teller, [rule.grant], LotClass.ALLOWANCE), min(bigger, default=0) - 1
        if not bigger:
            brings = teller.say_many(
                "With {number} line or more, yours included, you get {what} at the beginning of each cycle.",
                "With {number} lines or more, yours included, you get {what} at the beginning of each cycle.",
                rule.lines,
                what=what_,
            )
        elif most == rule.lines:
            brings = teller.say_many(
                "With {number} line, yours included, you get {what} at the beginning of each cycle.",
                "With {number} lines, yours included, you get {what} at the beginning of each cycle.",
                rule.lines,
                what=what_,
            )
        else:
            brings = teller.say(
                "With {least} to {most} lines, yours included, you get {what} at the beginning of each cycle.",
                least=teller.language.number(rule.lines),
                most=teller.language.number(most),
                what=what_,
            )
        yield Item(teller.paragraph(brings, rest(teller, rule.grant)))
