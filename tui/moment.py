"""Where the cursor over time goes from an instant: a day on, to another cycle, to the next event. No terminal."""

from __future__ import annotations

from datetime import timedelta

from engine.calendar import Instant
from engine.past import Past


def cycle_of(past: Past, at: Instant) -> int:
    """The number of the cycle that holds an instant; the last one for the instant at which it ends."""
    cycles = past.run.statement.cycles
    return max(cycles[0].number, min(cycles[-1].number, past.run.calendar.cycle_at(at))) if cycles else 0


def days_on(past: Past, at: Instant, days: int) -> Instant:
    """The same time of another day, whatever the clock was set to in between."""
    calendar = past.run.calendar
    return calendar.instant(calendar.local(at) + timedelta(days=days))


def cycles_on(past: Past, at: Instant, cycles: int) -> Instant:
    return end_of_cycle(past, at, cycle_of(past, at) + cycles)


def end_of_cycle(past: Past, at: Instant, number: int) -> Instant:
    """The last second of a cycle, or of the first or last there is: what is there before it closes."""
    cycles = past.run.statement.cycles
    return past.run.statement.cycle(max(cycles[0].number, min(cycles[-1].number, number))).end - 1 if cycles else at


def event_on(past: Past, at: Instant, by: int) -> Instant:
    """The next event (1) or the one before (-1); the same instant where there is none."""
    found = past.next_event(at) if by > 0 else past.event_before(at)
    return at if found is None else found


def far_end(past: Past, at: Instant, end: int) -> Instant:
    """The start (-1) or the end (1) of the history."""
    cycles = past.run.statement.cycles
    return (cycles[0].start if end < 0 else cycles[-1].end) if cycles else at
