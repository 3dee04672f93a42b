"""What is said of a use, and which uses something is for."""

from __future__ import annotations

from dsl.plan import ABROAD, AT_HOME, AT_NIGHT, BY_DAY, ON_WEEKDAYS, ON_WEEKENDS, Scope, Tags
from tui.describe.teller import Teller


def tag(teller: Teller, tag: str) -> str:
    """One thing said of a use, as it stands behind `use`."""
    match tag:
        case _ if tag == AT_HOME:
            return teller.say("at home")
        case _ if tag == ABROAD:
            return teller.say("abroad")
        case _ if tag == BY_DAY:
            return teller.say("by day")
        case _ if tag == AT_NIGHT:
            return teller.say("at night")
        case _ if tag == ON_WEEKDAYS:
            return teller.say("on weekdays")
        case _ if tag == ON_WEEKENDS:
            return teller.say("on weekends")
        case _ if tag.startswith("in "):
            return teller.say("in {place}", place=_named(teller, tag.removeprefix("in ")))
        case _:
            return teller.say("of the kind {kind}", kind=_named(teller, tag))


def _named(teller: Teller, quoted: str) -> str:
    """A name as it is kept, in its quotes."""
    return teller.name(quoted.removeprefix('"').removesuffix('"'))


def any_of(teller: Teller, tags: Tags) -> str:
    return teller.language.either([tag(teller, one) for one in sorted(tags)])


def scope(teller: Teller, scope: Scope) -> str:
    """What all of a scope asks for, as it stands behind `use`; there is something in it."""
    return teller.language.every([any_of(teller, tags) for tags in sorted(scope, key=sorted)])


def only(teller: Teller, of: Scope) -> str:
    """The sentence about a scope; "" where it is any use."""
    return teller.say("This is only for use {scope}.", scope=scope(teller, of)) if of else ""
