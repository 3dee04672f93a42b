"""Renewal, and a change of plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import assert_never

from dsl.plan import NEXT_CYCLE_CHANGE, Change, Early, Part, Renewal
from tui.describe.teller import Teller
from tui.describe.terms import Item
from tui.describe.time import lasting


def renewal(teller: Teller, renewal: Renewal) -> list[Item]:
    return [Item(_early(teller, renewal.early)), Item(_late(teller, renewal))]


def _early(teller: Teller, early: Early) -> str:
    match early:
        case Early.ADDS:
            return teller.say(
                "If you renew before the end of a cycle, what comes each cycle comes and is paid once more at once, and ends"
                " with the cycle that runs."
            )
        case Early.RESTART:
            return teller.say("If you renew before the end of a cycle, that cycle ends at once and the next one begins.")
        case Early.STACK:
            return teller.say(
                "If you renew before the end of a cycle, what comes each cycle comes and is paid once more at once; the cycle,"
                " and all that ends with it, goes on for as long as the next one would have."
            )
        case Early.EXPIRE:
            return teller.say(
                "If you renew before the end of a cycle, that cycle ends at once and the next one begins; what is left of the"
                " old one is gone, whatever is said above."
            )
        case _:
            assert_never(early)


def _late(teller: Teller, renewal: Renewal) -> str:
    if renewal.grace is None:
        return teller.say(
            "A cycle that is not renewed at its end leaves nothing: what ends with it is gone, and the next cycle begins when"
            " you renew."
        )
    time = lasting(teller, renewal.grace)
    if renewal.frozen:
        return teller.say(
            "A cycle can be renewed up to {time} after its end. Until then what would have ended waits and can't be used; after"
            " that it is gone.",
            time=time,
        )
    return teller.say(
        "A cycle can be renewed up to {time} after its end. Until then what would have ended can still be used; after that it"
        " is gone.",
        time=time,
    )


def changes(teller: Teller, changes: Collection[Change], group: Collection[str]) -> Iterator[Item]:
    """How a change of plan goes, up and down, where that differs."""
    said = {change.up for change in changes}
    both = None in said
    for change in changes:
        yield Item(teller.paragraph(_direction(teller, change.up, rest=False), _change(teller, change)))
    if not both and len(said) < 2:
        up = None if not said else True not in said
        yield Item(teller.paragraph(_direction(teller, up, rest=bool(said)), _change(teller, NEXT_CYCLE_CHANGE)))
    if group:
        yield Item(teller.say("Plans by size, the smallest first: {plans}.", plans=teller.list_of_names(group)))


def _direction(teller: Teller, up: bool | None, *, rest: bool) -> str:
    if up is None:
        return teller.say("If you change to another plan:")
    if up:
        return teller.say("If you change to a plan that costs more, or as much and is bigger:")
    return (
        teller.say("If you change to any other plan:")
        if rest
        else teller.say("If you change to a plan that costs less, or as much and is not bigger:")
    )


def _change(teller: Teller, change: Change) -> str:
    if not change.now:
        return teller.say("it begins with the next cycle.")
    if change.restarts:
        return teller.say("it begins at once, with a new cycle.")
    return teller.paragraph(
        teller.say(
            "it begins at once, in the cycle that runs; what you have keeps its end. If its cycles differ, a new one begins."
        ),
        _allowance(teller, change.allowance),
    )


def _allowance(teller: Teller, part: Part) -> str:
    match part:
        case Part.WHOLE:
            return teller.say("What the new plan brings in a cycle comes in full.")
        case Part.BY_DAY:
            return teller.say("What the new plan brings in a cycle comes for the days that are left of it, rounded down.")
        case Part.BY_SECOND:
            return teller.say(
                "What the new plan brings in a cycle comes for the seconds that are left of it, rounded, a half up."
            )
        case _:
            assert_never(part)
