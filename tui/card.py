"""What a subscriber sees at a moment: used, remaining and accumulated of each service, and what becomes of it. No terminal."""

from __future__ import annotations

from dataclasses import dataclass

from engine.calendar import Instant
from engine.pace import DAY_SECONDS, pace_at
from engine.past import Balance, Kind, Past
from tui.language import message
from tui.naming import Names
from tui.saying import say, say_many, service_name

_HAPPENS = {
    Kind.CAME: message("comes: {services}"),
    Kind.EXPIRED: message("expires: {services}"),
    Kind.RAN_OUT: message("runs out: {services}"),
}
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
            else say("{day} {year} {time}", day=self.names.day(self.at), year=f"{local:%Y}", time=f"{local:%H:%M}")
        )
        number = self.calendar.cycle_at(self.at)
        last = self.cycles[-1].number
        happens = self._happens()
        if number > last:
            return [day, say("after the last cycle"), *happens]
        days = self.calendar.days_between(self.at, self.calendar.boundary(number))
        return [
            day,
            say("cycle {number} of {last}", number=str(number), last=str(last)),
            *happens,
            say_many("{number} day to go", "{number} days to go", days, number=str(days)),
        ]

    def _happens(self) -> list[str]:
        now = self.past.at(self.at)
        return [
            say(text, services=say(", ").join(service_name(service) for service, one in now if one is kind))
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
            return (
                ""
                if self.past.balance(service, self.at).remaining
                else say("No {service} is left.", service=service_name(service))
            )
        amount, name, day = self.names.amount(service, ends.amount), service_name(service), self.names.moment(ends.at)
        fates = self.past.at_end(service, self.at, ends.at)
        parts = [
            say("{amount} {what}", amount=self.names.amount(service, part), what=say(fate))
            for fate, part in fates.items()
            if part
        ]
        if not parts:
            return say("Next: {amount} of {service} end on {day}.", amount=amount, service=name, day=day)
        text = message("Next: {amount} of {service} end on {day}; in this history: {fates}.")
        return say(text, amount=amount, service=name, day=day, fates=say(", ").join(parts))

    def _next_lost(self, service: str) -> str:
        lost = self.past.next_lost(service, self.at)
        ends = self.past.next_end(service, self.at)
        if lost is None or (ends and ends.at == lost.at):  # that is told with the end
            return ""
        amount, day = self.names.amount(service, lost.amount), self.names.moment(lost.at)
        return say("In this history {amount} expire on {day}.", amount=amount, day=day)

    def _pace(self, service: str) -> str:
        if self.past.is_unlimited(service, self.at):
            return say("{service} is without limit.", service=service_name(service).capitalize())
        found = pace_at(self.past, service, self.at)
        end = self.calendar.boundary(self.calendar.cycle_at(self.at))
        if found is None:
            return say("No {service} was used in the last four weeks.", service=service_name(service))
        if found.runs_out is not None and found.runs_out > self.at:
            days = (end - found.runs_out) // DAY_SECONDS
            when = self.names.day(found.runs_out)
            if days:
                return say_many(
                    "At this pace {service} runs out on {day}, {number} day before the cycle ends.",
                    "At this pace {service} runs out on {day}, {number} days before the cycle ends.",
                    days, service=service_name(service), day=when,
                )  # fmt: skip
            text = message("At this pace {service} runs out on {day}, just before the cycle ends.")
            return say(text, service=service_name(service), day=when)
        if found.left:
            left = self.names.amount(service, found.left)
            text = message("At this pace {amount} of {service} are left when the cycle ends on {day}.")
            return say(text, amount=left, service=service_name(service), day=self.names.day(end))
        return ""
