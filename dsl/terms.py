"""Terms that are about time: cycle, contract, window of a promotion, time zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from dsl import nodes
from dsl.amounts import Amounts
from dsl.nodes import Flag, Line
from dsl.phrase import phrase
from dsl.plan import (
    ACTIVATION_DAY,
    ACTIVATION_MINUTE,
    MIDNIGHT,
    Change,
    Cycle,
    DayCycle,
    Early,
    FeeFor,
    LeavingFee,
    MonthCycle,
    Part,
    Period,
    Renewal,
    ShortMonth,
)
from dsl.units import is_money, ratio

DEFAULT_CYCLE = MonthCycle(1, ACTIVATION_DAY, ShortMonth.CLAMP, first_by_day=False)
# Three years: a run of many cycles has to end before dates do.
_LONGEST = {"day": 1_100, "week": 156, "month": 36, "calendar month": 36, "year": 3}
DEFAULT_ZONE = "UTC"


def cycle(amounts: Amounts, line: Line, statement: nodes.Cycle) -> Cycle | None:
    count = amounts.count(line, statement.number.text, statement.number.at, _LONGEST[statement.unit])
    if count is None:
        return None
    said: set[str] = set()
    for choice, topic in zip(statement.choices, topics(statement.choices), strict=True):
        if topic in said:
            amounts.findings.add("R213", line.span(choice.at), what=topic)
        said.add(topic)
    minute = _minute(amounts, line, statement.choices)
    from_first_use = any(isinstance(one, nodes.Said) and one.flag is Flag.FROM_FIRST_USE for one in statement.choices)
    made: Cycle | None
    if statement.unit in ("day", "week"):
        made = _days(amounts, line, statement, count * (7 if statement.unit == "week" else 1))
    else:
        made = _months(amounts, line, statement, count * (12 if statement.unit == "year" else 1))
    return None if made is None or minute is None else replace(made, minute=minute, from_first_use=from_first_use)


def _days(amounts: Amounts, line: Line, statement: nodes.Cycle, days: int) -> DayCycle | None:
    block = 0
    for choice in statement.choices:
        match choice:
            case nodes.InBlocks():
                lasts = amounts.lasts(line, choice.period)
                if lasts is None:
                    return None
                if lasts.period is not Period.DAY or lasts.count <= days:
                    amounts.findings.add("R280", line.span(choice.at))
                    return None
                block = lasts.count
            case nodes.AtClock() | nodes.Said(flag=Flag.AT_ACTIVATION | Flag.FROM_ACTIVATION | Flag.FROM_FIRST_USE):
                pass
            case _:
                amounts.findings.add(
                    "R212", line.span(choice.at), item=phrase("cycles of {unit}s", unit=statement.unit),
                    instead=phrase("leave it out: only months are short, and only they have days"),
                )  # fmt: skip
    return DayCycle(days, block)


def _months(amounts: Amounts, line: Line, statement: nodes.Cycle, months: int) -> MonthCycle | None:
    anchor_day = 1 if statement.unit == "calendar month" else ACTIVATION_DAY
    short_month, first_by_day = ShortMonth.CLAMP, False
    for choice in statement.choices:
        match choice:
            case nodes.FromDay():
                day = int(choice.day)
                if not 1 <= day <= 31:
                    amounts.findings.add("R112", line.span(choice.at), day=choice.day)
                    return None
                anchor_day = day
            case nodes.MoveTo():
                if choice.day != "28":
                    amounts.findings.add("R112", line.span(choice.at), day=choice.day)
                    return None
                short_month = ShortMonth.TO_28
            case nodes.Said(flag=Flag.ON_LAST_DAY):
                anchor_day = 31
            case nodes.Said(flag=Flag.OVERFLOW):
                short_month = ShortMonth.OVERFLOW
            case nodes.Said(flag=Flag.FIRST_BY_DAY):
                first_by_day = True
            case _:
                pass  # of the hour, or the assumed choice, said aloud
    return MonthCycle(months, anchor_day, short_month, first_by_day)


def _minute(amounts: Amounts, line: Line, choices: Sequence[nodes.CycleChoice]) -> int | None:
    """At which minute of the day boundaries fall."""
    for choice in choices:
        match choice:
            case nodes.AtClock(clock=clock):
                found = clock_time(amounts, line, clock)
                return None if found is None else found.hour * 60 + found.minute
            case nodes.Said(flag=Flag.AT_ACTIVATION):
                return ACTIVATION_MINUTE
    return MIDNIGHT


def topics(choices: Sequence[nodes.CycleChoice]) -> list[str]:
    """What each choice of a cycle is about."""
    return [_TOPICS[choice.flag] if isinstance(choice, nodes.Said) else _TOPICS[type(choice)] for choice in choices]


_DAY, _FIRST, _SHORT, _HOUR = phrase("the day"), phrase("the first cycle"), phrase("short months"), phrase("the hour")
_TOPICS: dict[object, str] = {
    Flag.FROM_ACTIVATION: _DAY, Flag.ON_LAST_DAY: _DAY, nodes.FromDay: _DAY, Flag.FROM_FIRST_USE: _DAY,
    Flag.FIRST_WHOLE: _FIRST, Flag.FIRST_BY_DAY: _FIRST,
    Flag.CLAMP: _SHORT, Flag.OVERFLOW: _SHORT, nodes.MoveTo: _SHORT,
    Flag.AT_ACTIVATION: _HOUR, nodes.AtClock: _HOUR, nodes.InBlocks: phrase("the blocks"),
}  # fmt: skip


def cycle_words(found: Cycle) -> str:
    """Empty where a cycle is a month, else what it is, in words."""
    match found:
        case MonthCycle(months=1):
            return ""
        case MonthCycle(months=12):
            return phrase("a year")
        case MonthCycle(months=months):
            return phrase("{months} months", months=months)
        case DayCycle(days=1):
            return phrase("a day")
        case DayCycle(days=days):
            return phrase("{days} days", days=days)


def contract_months(amounts: Amounts, line: Line, statement: nodes.Contract) -> int | None:
    life = amounts.lasts(line, statement.period)
    if life is None:
        return None
    if life.period is not Period.MONTH:
        amounts.findings.add(
            "R212",
            line.span(statement.period.at),
            item=phrase("a contract"),
            instead=phrase("write `contract 24 months`"),
        )
        return None
    return life.count


_FEES = {Flag.FOR_MONTH_LEFT: FeeFor.MONTH_LEFT, Flag.FOR_MONTH_USED: FeeFor.MONTH_USED}


def leaving(amounts: Amounts, line: Line, statement: nodes.Leaving) -> tuple[LeavingFee, ...]:
    found = []
    for fee in statement.fees:
        charge = amounts.quantity(line, fee.quantity, zero_help=phrase("leave the line out"))
        if charge and not is_money(charge.service):
            unit = fee.quantity.unit.text
            amounts.findings.add("R109", line.span(fee.quantity.at), unit=unit, service=charge.service, wanted="money")
        elif charge:
            per = _FEES[fee.each.flag] if fee.each else FeeFor.ALL
            by_day = statement.part is not None and statement.part.flag is Flag.BY_DAY
            found.append(LeavingFee(charge.amount, charge.service, per, by_day, line.span(fee.at)))
    return tuple(found)


_EARLY = {
    Flag.ADDS: Early.ADDS, Flag.RESTART: Early.RESTART, Flag.STACK: Early.STACK, Flag.EXPIRES: Early.EXPIRE,
}  # fmt: skip


def renewal(amounts: Amounts, line: Line, statement: nodes.Renewal, so_far: Renewal) -> Renewal:
    """What a line about renewing early or late adds to what the others said."""
    if statement.is_early:
        return replace(so_far, early=_EARLY[statement.choice.flag] if statement.choice else Early.ADDS)
    grace = amounts.lasts(line, statement.grace) if statement.grace else None
    return replace(so_far, grace=grace, frozen=statement.frozen)


_PARTS = {
    Flag.ALLOWANCE_WHOLE: Part.WHOLE, Flag.ALLOWANCE_BY_DAY: Part.BY_DAY, Flag.ALLOWANCE_BY_SECOND: Part.BY_SECOND,
}  # fmt: skip


def change(amounts: Amounts, line: Line, statement: nodes.Change) -> Change:
    """How a plan is changed for another; what is not said of one that is changed now: it grants the whole allowance."""
    flags = [choice.flag for choice in statement.choices]
    for index, choice in enumerate(statement.choices):
        if any(_change_topic(flag) == _change_topic(choice.flag) for flag in flags[:index]):
            amounts.findings.add("R213", line.span(choice.at), what=_change_topic(choice.flag))
    part = next((_PARTS[flag] for flag in flags if flag in _PARTS), Part.WHOLE)
    up = statement.direction.flag is Flag.UP if statement.direction else None
    now = Flag.NEXT_CYCLE not in flags
    for choice in statement.choices:
        if not now and choice.flag is not Flag.NEXT_CYCLE:
            instead = phrase("leave it out: with the next cycle the new plan begins whole")
            amounts.findings.add("R212", line.span(choice.at), item=phrase("a change with the next cycle"), instead=instead)
    return Change(up, now, part, Flag.RESTART in flags)


def _change_topic(flag: Flag) -> str:
    return (
        "when"
        if flag in (Flag.NOW, Flag.NEXT_CYCLE)
        else phrase("how much of the allowance")
        if flag in _PARTS
        else phrase("the clock")
    )


def times(amounts: Amounts, line: Line, statement: nodes.Multiply) -> tuple[int, int] | None:
    """How many times as much, as a fraction above one."""
    many, over = ratio(statement.number.text)
    if not over < many <= 1_000 * over:
        amounts.findings.add("R119", line.span(statement.number.at), number=statement.number.text)
        return None
    return many, over


def moment(amounts: Amounts, line: Line, date_word: nodes.Word, clock: nodes.Word | None) -> datetime | None:
    """A local time; `clock` None is midnight."""
    found = amounts.day(line, date_word)
    at = clock_time(amounts, line, clock) if clock else time()
    return datetime.combine(found, at) if found and at is not None else None


def clock_time(amounts: Amounts, line: Line, clock: nodes.Word) -> time | None:
    hour, minute = map(int, clock.text.split(":"))
    if hour > 23 or minute > 59:
        amounts.findings.add("R117", line.span(clock.at), clock=clock.text)
        return None
    return time(hour, minute)


def window(amounts: Amounts, line: Line, statement: nodes.Window) -> tuple[date, date] | None:
    """First day, and the day at whose start the window is over."""
    start, end = amounts.day(line, statement.start), amounts.end_of(line, statement.last)
    if start is None or end is None:
        return None
    if end <= start:
        amounts.findings.add("R216", line.span(statement.at))
        return None
    return start, end
