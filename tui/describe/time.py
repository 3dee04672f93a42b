"""How long things last: lives, ends, cycles."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, auto
from typing import assert_never

from dsl.plan import (
    ACTIVATION_DAY,
    ACTIVATION_MINUTE,
    MIDNIGHT,
    Cycle,
    DayCycle,
    Earliest,
    Endless,
    Lasts,
    Life,
    MonthCycle,
    NewEnd,
    Period,
    ShortMonth,
    ToDayEnd,
    ToMonthEnd,
    UntilDay,
    UntilWeekday,
    WithPack,
)
from dsl.source import printable
from tui.describe.teller import Teller
from tui.describe.terms import Item


class Since(Enum):
    """What a life counts from, as far as that changes how it is said."""

    COMING = auto()  # when it comes
    GRANT = auto()  # when it came, long before it is told
    EVENT = auto()  # a moment that may lie inside a cycle
    BOUNDARY = auto()  # the end of a cycle
    PURCHASE = auto()  # of a pack: `the new end` is that of what was bought
    GIFT = auto()  # `the new end` is that of the receiver's cycle


def lasting(teller: Teller, lasts: Lasts) -> str:
    """A length of time: `7 days`."""
    match lasts.period:
        case Period.CYCLE:
            return teller.say_many("{number} cycle", "{number} cycles", lasts.count)
        case Period.MONTH:
            return teller.say_many("{number} month", "{number} months", lasts.count)
        case Period.DAY:
            return teller.say_many("{number} day", "{number} days", lasts.count)
        case Period.HOUR:
            return teller.say_many("{number} hour", "{number} hours", lasts.count)
        case _:
            assert_never(lasts.period)


def until(teller: Teller, life: Life, since: Since = Since.COMING) -> str:
    """How long something can be used, as it stands behind `can be used`."""
    match life:
        case ToMonthEnd() | ToDayEnd() | UntilWeekday() if since is Since.GRANT:
            return teller.say("{until}, counted from when it came", until=until(teller, life))
        case Lasts(count=count, period=Period.CYCLE):
            if since is Since.BOUNDARY:
                return teller.say_many("for {number} more cycle", "for {number} more cycles", count)
            if since is Since.GRANT:
                return teller.say_many(
                    "for {number} cycle, that in which it came", "for {number} cycles, counting that in which it came", count
                )
            if count == 1 and since is Since.COMING:
                return teller.say("to the end of the cycle")
            if count == 1:
                return teller.say("to the end of the cycle that runs then")
            return teller.say_many(
                "for {number} cycle, counting the one that runs", "for {number} cycles, counting the one that runs", count
            )
        case Lasts() if since is Since.GRANT:
            return teller.say("for {time} from when it came", time=lasting(teller, life))
        case Lasts():
            return teller.say("for {time}", time=lasting(teller, life))
        case ToMonthEnd(after=0):
            return teller.say("to the end of the calendar month")
        case ToMonthEnd(after=1):
            return teller.say("to the end of the next calendar month")
        case ToMonthEnd(after=after):
            return teller.say_many(
                "to the end of the calendar month, and {number} month more",
                "to the end of the calendar month, and {number} months more",
                after,
            )
        case ToDayEnd(days=days, zone=zone):
            end = teller.say_many(
                "to midnight at the end of the day", "to midnight at the end of day {number}, the first one counted", days
            )
            return teller.say("{end} ({zone} time)", end=end, zone=printable(zone)) if zone else end
        case UntilDay(day=day):
            return teller.say("up to and including {date}", date=teller.language.date(day - timedelta(days=1)))
        case UntilWeekday(weekday=weekday):
            return teller.say("until the next {weekday} begins", weekday=_weekday(teller, weekday))
        case WithPack(pack=pack):
            return teller.say("as long as you have the pack {pack}", pack=teller.name(pack))
        case Endless():
            return teller.say("without end")
        case NewEnd(or_own=or_own):
            end = _new_end(teller, since)
            return teller.say("{end}, or to its own end if that is later", end=end) if or_own else end
        case Earliest(lives=lives):
            ends = teller.language.either([until(teller, one, since) for one in lives])
            return teller.say("{ends}, whichever comes first", ends=ends)
        case _:
            assert_never(life)


def _new_end(teller: Teller, since: Since) -> str:
    match since:
        case Since.PURCHASE:
            return teller.say("to the end of what you have just bought")
        case Since.GIFT:
            return teller.say("to the end of the receiver's cycle")
        case Since.BOUNDARY:
            return teller.say("to the end of the new cycle")
        case Since.COMING | Since.EVENT | Since.GRANT:
            return teller.say("to the end of the cycle that runs then")
        case _:
            assert_never(since)


def _weekday(teller: Teller, weekday: int) -> str:
    return (
        teller.say("Monday"), teller.say("Tuesday"), teller.say("Wednesday"), teller.say("Thursday"), teller.say("Friday"),
        teller.say("Saturday"), teller.say("Sunday"),
    )[weekday]  # fmt: skip


# ---- cycles


def cycles(teller: Teller, cycle: Cycle, zone: str) -> list[Item]:
    """When a cycle begins and ends, and where that is so late."""
    match cycle:
        case MonthCycle():
            length = teller.paragraph(_months(teller, cycle), _short_months(teller, cycle), _first(teller, cycle))
        case DayCycle():
            length = teller.paragraph(
                teller.say_many(
                    "A cycle is {number} day, counted from activation.", "A cycle is {number} days, counted from activation.",
                    cycle.days,
                ),
                _blocks(teller, cycle),
            )  # fmt: skip
        case _:
            assert_never(cycle)
    first_use = cycle.from_first_use and teller.say(
        "Your first use is the activation: until then the first cycle waits, and what you got with it."
    )
    return [Item(teller.paragraph(length, first_use or "")), Item(_hour(teller, cycle, zone))]


def _months(teller: Teller, cycle: MonthCycle) -> str:
    if cycle.anchor_day == ACTIVATION_DAY:
        return teller.say_many(
            "A cycle is one month, counted from the day of activation.",
            "A cycle is {number} months, counted from the day of activation.",
            cycle.months,
        )
    if cycle.anchor_day == 1 and cycle.months == 1:
        return teller.say("A cycle is a calendar month: it begins on day 1.")
    return teller.say_many(
        "A cycle is one month and begins on day {day} of the month.",
        "A cycle is {number} months and begins on day {day} of a month.",
        cycle.months,
        day=str(cycle.anchor_day),
    )


def _short_months(teller: Teller, cycle: MonthCycle) -> str:
    if cycle.anchor_day != ACTIVATION_DAY and cycle.anchor_day <= 28:
        return ""
    match cycle.short_month:
        case ShortMonth.CLAMP:
            return teller.say("In a month that lacks that day it begins on the last day of the month.")
        case ShortMonth.TO_28:
            return teller.say("Days 29 to 31 count as the 28th, in every month.")
        case ShortMonth.OVERFLOW:
            return teller.say("In a month that lacks that day it begins on day 1 of the next month.")
        case _:
            assert_never(cycle.short_month)


def _first(teller: Teller, cycle: MonthCycle) -> str:
    if cycle.anchor_day == ACTIVATION_DAY:
        return ""
    if cycle.first_by_day:
        return teller.say("If your first cycle is shorter, you get its part of everything, by days, rounded down.")
    return teller.say("If your first cycle is shorter, you get everything in full.")


def _blocks(teller: Teller, cycle: DayCycle) -> str:
    if not cycle.block:
        return ""
    return teller.say_many(
        "Cycles are counted anew after every {number} day: the last one before that may be shorter, and brings everything.",
        "Cycles are counted anew after every {number} days: the last one before that may be shorter, and brings everything.",
        cycle.block,
    )


def _hour(teller: Teller, cycle: Cycle, zone: str) -> str:
    where = printable(zone)
    match cycle.minute:
        case minute if minute == MIDNIGHT:
            return teller.say("A cycle begins and ends at midnight ({zone} time).", zone=where)
        case minute if minute == ACTIVATION_MINUTE:
            return teller.say("A cycle begins and ends at the hour of activation ({zone} time).", zone=where)
        case minute:
            at = f"{minute // 60:02}:{minute % 60:02}"
            return teller.say("A cycle begins and ends at {hour} ({zone} time).", hour=at, zone=where)
