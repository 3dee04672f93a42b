"""What a regulation asks of plans, told to customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from dsl.plan import NO_CEILING, Asks, Demand, Exceptions, LotClass, NotSaid, Occasion, Regulation, Rolls
from tui.describe import conditions
from tui.describe.teller import Teller
from tui.describe.terms import Item, Section, Terms
from tui.describe.time import lasting
from tui.language import Language


def describe_regulation(regulation: Regulation, language: Language, data_step: int) -> Terms:
    """All that is asked, and what it is not about; `plan` of the terms is what the regulation is called."""
    teller = Teller(language, data_step)
    checked = [one for one in regulation.demands if not isinstance(one.asked, NotSaid)]
    in_words = [one for one in regulation.demands if isinstance(one.asked, NotSaid)]
    sections = [
        Section("asked", teller.say("What every plan must do"), tuple(_demand(teller, one) for one in checked)),
        Section("words", teller.say("What no plan can show"), tuple(_demand(teller, one) for one in in_words)),
        Section("excepted", teller.say("What this is not about"), tuple(_exceptions(teller, regulation.exceptions))),
    ]
    title = teller.say("What {regulation} asks of plans", regulation=teller.name(regulation.name))
    return Terms(regulation.name, language.code, title, tuple(one for one in sections if one.items), ())


def _demand(teller: Teller, demand: Demand) -> Item:
    """What is asked, of whom, and since when."""
    met = conditions.all_of(teller, demand.conditions) if demand.conditions else ""
    of_whom = teller.say("This is so if {conditions}.", conditions=met) if met else ""
    return Item(teller.paragraph(_asked(teller, demand), of_whom, _time(teller, demand)))


def _time(teller: Teller, demand: Demand) -> str:
    since, until = (teller.language.date(day) for day in (demand.start, demand.end))
    match demand.start == date.min, demand.end == date.max:
        case True, True:
            return ""
        case False, True:
            return teller.say("In force from {date} on.", date=since)
        case True, False:
            return teller.say("In force until {date}, that day not included.", date=until)
        case _:
            return teller.say("In force from {date} until {end}, that day not included.", date=since, end=until)


def _asked(teller: Teller, demand: Demand) -> str:
    say, what, asked = teller.say, _about(teller, demand), demand.asked
    given = demand.occasion is Occasion.ASKED
    match asked:
        case NotSaid(text=text):
            return say("{sentence}.", sentence=teller.name(text))
        case Rolls(times=times, most=most):
            much = teller.amount_of(demand.about[0].service, most) if most != NO_CEILING else ""
            return _rolls(teller, what, times, much)
        case Asks.AS_LONG if given:
            return say("What you give of your {what} can be used at least as long as it was granted for.", what=what)
        case Asks.AS_LONG:
            return say("What rolls of your {what} can be used at least as long again as it was granted for.", what=what)
        case Asks.BY_ITSELF:
            return say("It rolls by itself: you need not do anything for it.")
        case Asks.FREE:
            return say("It costs nothing that it rolls.")
        case Asks.NEW_END:
            return say("What rolls can be used at least to the end of the cycle that follows.")
        case Asks.NEVER_EXPIRE if demand.occasion is Occasion.NOT_RENEWED:
            return say("What is left of your {what} does not expire when a cycle is not renewed.", what=what)
        case Asks.NEVER_EXPIRE:
            return say("What is left of your {what} never expires.", what=what)
        case Asks.GIVE:
            return say("You may give your {what} to any other line.", what=what)
        case Asks.NOT_SELL:
            return say("If your {what} is used up, you are not charged for more.", what=what)
        case Asks.SOONEST_FIRST:
            return say("What ends soonest is used first.")
        case _:
            assert_never(asked)


def _rolls(teller: Teller, what: str, times: int, most: str) -> str:
    if most:
        return teller.say_many(
            "What is left of your {what} rolls over at least {number} time, until {amount} have rolled.",
            "What is left of your {what} rolls over at least {number} times, until {amount} have rolled.",
            times, what=what, amount=most,
        )  # fmt: skip
    return teller.say_many(
        "All that is left of your {what} rolls over at least {number} time.",
        "All that is left of your {what} rolls over at least {number} times.",
        times, what=what,
    )  # fmt: skip


def _about(teller: Teller, demand: Demand) -> str:
    """The lots that something is asked of, as they stand behind `your`."""
    said = [_lots(teller, teller.service(one.service), one.lot_class) for one in demand.about]
    return teller.language.every(list(dict.fromkeys(said))) if said else ""


def _lots(teller: Teller, service: str, lot_class: LotClass | None) -> str:
    match lot_class:
        case LotClass.BONUS | LotClass.ADD_ON:
            return teller.lots(service, lot_class)
        case _:
            return service  # the plan's own, or all that is granted


def _exceptions(teller: Teller, exceptions: Exceptions) -> Iterator[Item]:
    if exceptions.life:
        yield Item(teller.say("What is granted for {time} or less.", time=lasting(teller, exceptions.life)))
    if exceptions.unlimited:
        yield Item(teller.say("What has no limit."))
    if exceptions.bonus:
        yield Item(teller.say("Bonuses, and what else is given for nothing."))
    if exceptions.free_packs:
        yield Item(teller.say("Packs that have no price."))
