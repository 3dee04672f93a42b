"""Written amounts, limits and lives to whole numbers: where decimal text and unit words end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dsl import nodes, units
from dsl.diagnostics import Findings, closest, replacing
from dsl.nodes import Line
from dsl.phrase import phrase
from dsl.plan import Endless, Lasts, Life, NewEnd, Period, ToDayEnd, ToMonthEnd, UntilDay, UntilWeekday

# A century: longer lives are a slip of the keyboard, and dates end at the year 9999.
_MOST = {Period.CYCLE: 1_200, Period.MONTH: 1_200, Period.DAY: 36_600, Period.HOUR: 900_000}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = ("KB", "MB", "GB", "TB", "minutes", "seconds", "hours", "sms", "messages", "EUR", "USD", "GBP")
_KNOWN = phrase("units are B, KB, MB, GB, TB, minutes, sms, codes such as EUR, and what a line such as `unit flex` declares")


@dataclass(frozen=True, slots=True)
class Amount:
    """In base units of its service."""

    service: str
    amount: int


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file names itself: units, and what a use can be (the names in quotes that its rules speak of)."""

    units: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


NOTHING_DECLARED = Declared()


class Amounts:
    """Reads amounts under the `units:` of a file; what can't be read is reported and None."""

    def __init__(self, findings: Findings, data_step: int, declared: Declared = NOTHING_DECLARED) -> None:
        self.findings = findings
        self.data_step = data_step
        self.declared = declared
        self.spoken_of: set[str] = set()  # names of uses beside those of the file: of lots, or told already

    def unit(self, word: str) -> units.Unit | None:
        return units.unit(word, self.data_step, self.declared.units)

    def quantity(self, line: Line, quantity: nodes.Quantity, *, zero_help: str = "") -> Amount | None:
        """`zero_help`, where given, makes zero a mistake and says what to write instead."""
        unit = self.unit(quantity.unit.text)
        if unit is None:
            known, span = (*_UNITS, *self.declared.units), line.span(quantity.unit.at)
            meant = units.MEANT.get(quantity.unit.text.lower()) or closest(quantity.unit.text, known)
            help_, fix = phrase("did you mean `{meant}`?", meant=meant) if meant else _KNOWN, replacing(span, meant)
            self.findings.add("R101", span, fix=fix, unit=quantity.unit.text, meant=help_)
            return None
        amount = units.whole(quantity.number, unit.size)
        span = line.span(quantity.at)
        if amount is None:
            self.findings.add("R103", span, base=units.base_unit(unit.service))
        elif amount > units.MAX_AMOUNT:
            self.findings.add("R104", span)
        elif amount == 0 and zero_help:
            self.findings.add("R220", span, what=phrase("this amount"), instead=zero_help)
        else:
            return Amount(unit.service, amount)
        return None

    def of_service(self, line: Line, quantity: nodes.Quantity, service: str, *, zero_help: str = "") -> int | None:
        """The amount, which must be of `service`."""
        found = self.quantity(line, quantity, zero_help=zero_help)
        if found is None or found.service == service:
            return found.amount if found else None
        self.findings.add("R109", line.span(quantity.at), unit=quantity.unit.text, service=found.service, wanted=service)
        return None

    def part_of_plan(
        self, line: Line, limit: nodes.TimesPlan | nodes.PercentOfPlan, service: str, allowance: int | None
    ) -> int | None:
        """`2x plan` or `50% of plan` of what the plan grants, rounded down to the base unit. `allowance` is None where it never
        grants any."""
        percent = isinstance(limit, nodes.PercentOfPlan)
        if allowance is None:
            said = f"{limit.number}% of plan" if percent else f"{limit.number}x plan"
            self.findings.add("R211", line.span(limit.at), service=service, limit=said)
            return None
        many, over = units.ratio(limit.number)
        amount = many * allowance // (over * (100 if percent else 1))
        if amount > units.MAX_AMOUNT:
            self.findings.add("R104", line.span(limit.at))
            return None
        return amount

    def count(self, line: Line, number: str, at: nodes.At, most: int) -> int | None:
        """A whole number above zero."""
        if not number.isdigit() or int(number) == 0:
            self.findings.add("R115", line.span(at), number=number)
        elif int(number) > most:
            self.findings.add("R114", line.span(at), number=number, limit=most)
        else:
            return int(number)
        return None

    def lasts(self, line: Line, period: nodes.Period) -> Lasts | None:
        """A period by dates: months are calendar months, a year is twelve, a week seven days."""
        kind, times = {
            "cycle": (Period.CYCLE, 1), "month": (Period.MONTH, 1), "calendar month": (Period.MONTH, 1),
            "year": (Period.MONTH, 12), "week": (Period.DAY, 7), "day": (Period.DAY, 1), "hour": (Period.HOUR, 1),
        }[period.unit]  # fmt: skip
        number_at = (period.at[0], period.at[0] + len(period.number))
        count = self.count(line, period.number, number_at, _MOST[kind] // times)
        return None if count is None else Lasts(count * times, kind)

    def day(self, line: Line, word: nodes.Word) -> date | None:
        try:
            found = date.fromisoformat(word.text)
        except ValueError:
            found = None
        # Lives and cycles are counted on from a date; the calendar needs room before and after.
        if found is None or not 1970 <= found.year <= 2200:
            self.findings.add("R111", line.span(word.at), date=word.text)
            return None
        return found

    def end_of(self, line: Line, last: nodes.LastDay) -> date | None:
        """The day at whose start `until D` or `through D` is over."""
        found = self.day(line, last.date)
        return found + timedelta(days=1) if found and last.included else found

    def zone(self, line: Line, name: nodes.Word) -> str | None:
        import zoneinfo  # most files name no zone

        if name.text.upper() == "UTC":
            return "UTC"
        try:
            zoneinfo.ZoneInfo(name.text)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            self.findings.add("R108", line.span(name.at), zone=name.text)
            return None
        return name.text

    def life(self, line: Line, mark: nodes.Mark) -> Life | None:
        """The life a mark of a grant or conversion says, or None where the mark is about something else or is wrong."""
        match mark:
            case nodes.For(counting_first=True):
                lasts = self.lasts(line, mark.period)
                if lasts and lasts.period is not Period.DAY:
                    instead = phrase("write `for 30 days counting the first`, or leave it out")
                    self.findings.add(
                        "R212", line.span(mark.at), item=phrase("a life of {unit}s", unit=mark.period.unit), instead=instead
                    )
                    return None
                return ToDayEnd(lasts.count) if lasts else None
            case nodes.For():
                return self.lasts(line, mark.period)
            case nodes.ToMidnight():
                zone = self.zone(line, mark.zone) if mark.zone else ""
                return None if zone is None else ToDayEnd(1, zone)
            case nodes.LastDay():
                day = self.end_of(line, mark)
                return UntilDay(day) if day else None
            case nodes.Weekday():
                weekday = WEEKDAYS.index(mark.name.text.lower())
                return UntilWeekday((weekday + mark.included) % len(WEEKDAYS))
            case nodes.ToEnd(next=later, of="month"):
                return ToMonthEnd(1 if later else 0)
            case nodes.ToEnd(next=later):
                return Lasts(2 if later else 1, Period.CYCLE)
            case nodes.Said(flag=nodes.Flag.WITHOUT_END):
                return Endless()
            case nodes.Said(flag=nodes.Flag.TO_NEW_END):
                return NewEnd(or_own=False)
            case nodes.Said(flag=nodes.Flag.TO_LATER_END):
                return NewEnd(or_own=True)
        return None
