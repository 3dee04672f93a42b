"""What a subscriber sees at a moment: used, remaining and accumulated of each service, and what becomes of it. No terminal."""

from __future__ import annotations

from dataclasses import dataclass

from engine.calendar import Instant
from engine.pace import DAY_SECONDS, pace_at
from engine.past import Balance, Kind, Past
from tui.naming import Names

_HAPPENS = {Kind.CAME: "comes: {services}", Kind.EXPIRED: "expires: {services}", Kind.RAN_OUT: "runs out: {services}"}
USED, FRESH, KEPT = "░", "█", "▓"


@dataclass(frozen=True, slots=True)
class Meter:
    """A service and its three figures; `texts` are these as people say them: used, remaining, accumulated."""

    service: str
    figures: Balance
    texts: tuple[str, str, str]
    is_unlimited: bool

    def bar(self, width: int) -> tuple[str, str, str]:
        """What was kept, what else remains, what was used: stretches that fill `width` columns where there is anything."""
        total = self.figures.used + self.figures.remaining
        if not total:
            return "", "", ""
        kept = self.figures.accumulated * width // total
        remaining = -(-self.figures.remaining * width // total)
        return KEPT * kept, FRESH * (remaining - kept), USED * (width - remaining)


class Card:
    """A line's card at `at`. Sentences are whole, and name what they are about."""

    def __init__(self, past: Past, names: Names, at: Instant) -> None:
        self.past = past
        self.names = names
        self.at = at
        self.calendar = past.run.calendar
        self.cycles = past.run.statement.cycles

    def title(self) -> list[str]:
        """The moment, the cycle, and how long it still runs; the most telling first."""
        local = self.calendar.local(self.at)
        day = (
            f"{self.names.day(self.at)} {local:%H:%M}"
            if self.names.has_years
            else f"{self.names.day(self.at)} {local:%Y %H:%M}"
        )
        number = self.calendar.cycle_at(self.at)
        last = self.cycles[-1].number
        happens = self._happens()
        if number > last:
            return [day, "after the last cycle", *happens]
        days = self.calendar.days_between(self.at, self.calendar.boundary(number))
        return [day, f"cycle {number} of {last}", *happens, f"{days} day{'s' * (days != 1)} to go"]

    def _happens(self) -> list[str]:
        now = self.past.at(self.at)
        return [
            text.format(services=", ".join(service for service, one in now if one is kind))
            for kind, text in _HAPPENS.items()
            if any(one is kind for _, one in now)
        ]

    def meter(self, service: str) -> Meter:
        found = self.past.balance(service, self.at)
        used, remaining, accumulated = (
            self.names.amount(service, amount) for amount in (found.used, found.remaining, found.accumulated)
        )
        is_unlimited = self.past.is_unlimited(service, self.at)
        return Meter(service, found, (used, remaining, accumulated), is_unlimited)

    def ahead(self, service: str) -> list[str]:
        """What ends next, how long it lasts at this pace, and what is lost next in this history."""
        return [text for text in (self._next_end(service), self._pace(service), self._next_lost(service)) if text]

    def _next_end(self, service: str) -> str:
        ends = self.past.next_end(service, self.at)
        if ends is None:
            return "" if self.past.balance(service, self.at).remaining else f"No {service} is left."
        next_end = f"Next: {self.names.amount(service, ends.amount)} of {service} end on {self.names.moment(ends.at)}"
        fates = self.past.at_end(service, self.at, ends.at)
        said = ", ".join(f"{self.names.amount(service, amount)} {fate}" for fate, amount in fates.items() if amount)
        return f"{next_end}; in this history: {said}." if said else f"{next_end}."

    def _next_lost(self, service: str) -> str:
        lost = self.past.next_lost(service, self.at)
        ends = self.past.next_end(service, self.at)
        if lost is None or (ends and ends.at == lost.at):  # that is told with the end
            return ""
        return f"In this history {self.names.amount(service, lost.amount)} expire on {self.names.moment(lost.at)}."

    def _pace(self, service: str) -> str:
        if self.past.is_unlimited(service, self.at):
            return f"{service.capitalize()} is without limit."
        found = pace_at(self.past, service, self.at)
        end = self.calendar.boundary(self.calendar.cycle_at(self.at))
        if found is None:
            return f"No {service} was used in the last four weeks."
        if found.runs_out is not None and found.runs_out > self.at:
            days = (end - found.runs_out) // DAY_SECONDS
            when = self.names.day(found.runs_out)
            if days:
                return f"At this pace {service} runs out on {when}, {days} day{'s' * (days > 1)} before the cycle ends."
            return f"At this pace {service} runs out on {when}, just before the cycle ends."
        if found.left:
            left = self.names.amount(service, found.left)
            return f"At this pace {left} of {service} are left when the cycle ends on {self.names.day(end)}."
        return ""
