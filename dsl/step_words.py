"""Steps and expectations as the language writes them: what `dsl/examples.py` reads, the other way round.

Whatever was read from a text can be written. What only a program can make up, such as a step at a fraction of a minute in an
example, is an `UnsayableError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import assert_never

from dsl import units
from dsl.amounts import WEEKDAYS
from dsl.context import NEXT_CYCLE
from dsl.phrase import Phrase, phrase
from dsl.plan import (
    GENERAL,
    Earliest,
    Endless,
    Grant,
    Lasts,
    Life,
    LotClass,
    NewEnd,
    Scope,
    State,
    ToDayEnd,
    ToMonthEnd,
    UntilDay,
    UntilWeekday,
    WithPack,
)
from dsl.scenario import (
    NEXT_BILL,
    Act,
    Add,
    Borrow,
    Buy,
    Cancel,
    ChangeTo,
    DoNotRenew,
    Exchange,
    Expectation,
    Figure,
    GiveAway,
    Held,
    Leave,
    Remove,
    Renew,
    Save,
    SetState,
    Start,
    TopUp,
    Use,
    Void,
)

_SAYABLE = (LotClass.ALLOWANCE, LotClass.CARRIED, LotClass.BONUS, LotClass.ADD_ON, LotClass.GIFT, LotClass.CONVERTED)
_STATES = {
    (State.PAID, True): "pay", (State.PAID, False): "payment fails", (State.ACTIVE, True): "resume",
    (State.ACTIVE, False): "suspend", (State.OPTED_IN, True): "opt in", (State.OPTED_IN, False): "opt out",
}  # fmt: skip


class UnsayableError(ValueError):
    """What the language has no words for, as a sentence for people."""

    def __init__(self, told: Phrase) -> None:
        super().__init__(told)
        self.told = told


class StepWords:
    """Writes amounts in the largest unit in which they are whole; `data_step` is that of the file."""

    def __init__(self, data_step: int) -> None:
        self.data_step = data_step

    def amount(self, service: str, amount: int) -> str:
        return units.exact(service, amount, self.data_step)

    # ---- steps

    def act(self, act: Act) -> str:
        """A step, as it stands on a line of its own: `use 6 GB`, `buy "Travel 7"`."""
        match act:
            case Use():
                return f"use {self.used(act)}"
            case Buy(pack=pack):
                return f"buy {quoted(pack)}"
            case Cancel(pack=pack):
                return f"cancel {quoted(pack)}"
            case Save(service=service, amount=amount):
                return f"save {self.amount(service, amount)}"
            case Borrow(service=service, amount=amount):
                return f"borrow {self.amount(service, amount)}"
            case Exchange(service=service, amount=amount, to=to):
                return f"convert {self.amount(service, amount)} to {NEXT_BILL if to == NEXT_BILL else service_word(to)}"
            case Add(grant=grant):
                return f"add {self.put(grant, LotClass.ALLOWANCE)}"
            case TopUp(grant=grant):
                return f"top up {self.put(grant, LotClass.ADD_ON)}"
            case Remove():
                return self._remove(act)
            case Void(pack=pack):
                return f"void {quoted(pack)}"
            case SetState(state=state, on=on):
                return _STATES[state, on]
            case Renew(plan=plan):
                return f"renew with {quoted(plan)}" if plan else "renew"
            case DoNotRenew():
                return "do not renew"
            case ChangeTo(plan=plan):
                return f"change to {quoted(plan)}"
            case Leave():
                return "leave"
            case GiveAway(service=service, amount=amount, to=to):
                return f"give {self.amount(service, amount)} to {quoted(to) if to else 'the owner'}"
            case Start(plan=plan, member=True):
                return f"joins on {quoted(plan)}" if plan else "joins"
            case Start(plan=plan):
                return f"starts on {quoted(plan)}"
            case _:
                assert_never(act)

    def used(self, use: Use) -> str:
        """`350 MB at night`: what a use is, but for what is meant where nothing is said."""
        return " ".join([self.amount(use.service, use.amount), *sorted(use.tags - GENERAL)])

    def put(self, grant: Grant, usual: LotClass) -> str:
        """`2 GB bonus for 30 days`: an amount, with what differs from the `usual` lot to the end of the cycle."""
        return " ".join(self._put(grant, usual))

    def _put(self, grant: Grant, usual: LotClass) -> Iterator[str]:
        unlimited = f"unlimited {service_word(grant.service)}"
        yield unlimited if grant.unlimited else self.amount(grant.service, grant.amount)
        if grant.lot_class is not usual:
            yield class_word(grant.lot_class)
        if grant.life != NEXT_CYCLE or grant.from_first_use:
            yield life_words(grant.life)
        if grant.from_first_use:
            yield "from first use"
        if grant.cycles != 1:
            yield f"in each of {grant.cycles} {'whole ' * grant.whole_cycles}cycles"
        if grant.scope:
            yield scope_words(grant.scope)

    def _remove(self, act: Remove) -> str:
        where = quoted(act.pack) if act.pack else class_word(act.lot_class) if act.lot_class else ""
        place = f" from {where}" if where else ""
        return f"remove {self.amount(act.service, act.amount)}{place}{' to zero' * act.to_zero}"

    def held(self, held: Held) -> str:
        """`carried 7 GB until 2026-03-01`."""
        kind = "owed" if held.owed else class_word(held.lot_class)
        words = [kind, self.amount(held.service, held.amount)]
        if held.scope:
            words.append(scope_words(held.scope))
        if held.until:
            if held.until.time() != time():
                raise UnsayableError(phrase("what is held from before ends at a midnight, not on {time}", time=str(held.until)))
            words.append(f"until {held.until:%Y-%m-%d}")
        return " ".join(words)

    # ---- what is expected

    def expected(self, one: Expectation) -> str:
        """`left 3 GB carried only at home`."""
        return f"{one.figure} {self.of_figure(one)}"

    def of_figure(self, one: Expectation) -> str:
        """`3 GB carried only at home because carry`: what stands behind the figure."""
        words = []
        if one.figure is Figure.ENDS:
            words.append(moment(one.until) if one.until else "never")
        else:
            words.append(self.amount(one.service, one.amount))
        if one.lot_class:
            words.append(class_word(one.lot_class))
        if one.figure is Figure.ENDS and one.service:
            words.append(service_word(one.service))
        if one.scope:
            words.append(scope_words(one.scope))
        if one.because:
            words.append(f"because {one.because}")
        return " ".join(words)


def quoted(name: str) -> str:
    """A name as it stands in a text."""
    if '"' in name or "\n" in name or "\r" in name:
        raise UnsayableError(phrase("a name in a step can't have a quote or a line's end in it: {name}", name=name))
    return f'"{name}"'


def service_word(service: str) -> str:
    return "minutes" if service == units.VOICE else service


def class_word(lot_class: LotClass) -> str:
    if lot_class not in _SAYABLE:
        raise UnsayableError(
            phrase("lots that are {lot_class} come by themselves, and are not put by a step", lot_class=lot_class)
        )
    return str(lot_class)


def scope_words(scope: Scope) -> str:
    return " ".join(f"only {' or '.join(sorted(tags))}" for tags in sorted(scope, key=sorted))


def moment(at: datetime) -> str:
    """A date, or a date and a time, by the minute."""
    if at.second or at.microsecond:
        raise UnsayableError(phrase("times are written by the minute, not as {time}", time=str(at)))
    return f"{at:%Y-%m-%d %H:%M}".removesuffix(" 00:00")


def life_words(life: Life) -> str:
    match life:
        case Lasts(count=count, period=period):
            return f"for {count} {period}{'s' * (count != 1)}"
        case ToMonthEnd(after=0):
            return "to the end of the month"
        case ToMonthEnd(after=1):
            return "to the end of the next month"
        case ToDayEnd(zone="", days=days):
            return f"for {days} day{'s' * (days != 1)} counting the first"
        case ToDayEnd(zone=zone, days=1):
            return f"to midnight of {zone}"
        case UntilDay(day=day):
            return f"until {day}"
        case UntilWeekday(weekday=weekday):
            return f"until {WEEKDAYS[weekday].capitalize()}"
        case WithPack(pack=pack):
            return f"with pack {quoted(pack)}"
        case Endless():
            return "without end"
        case Earliest(lives=lives):
            return " ".join(map(life_words, lives))
        case ToMonthEnd() | ToDayEnd() | NewEnd():
            raise UnsayableError(phrase("a step can't say such an end"))
        case _:
            assert_never(life)
