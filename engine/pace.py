"""When what is there runs out, if it is used on as it was used so far. Whole numbers: rates are fractions, never floats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.calendar import Instant
from engine.past import Past

DAY_SECONDS = 86_400
PACE_DAYS = 28  # the present pace is that of so many days: whole weeks, so that weekends count as often as they come


@dataclass(frozen=True, slots=True)
class Pace:
    """`runs_out` is the first instant with nothing left, None where something is there to the end; `left` is what is there
    then, and `lost` what reached an end of its own before, in base units."""

    runs_out: Instant | None
    left: int
    lost: int


def pace(used: int, seconds: int, held: Iterable[tuple[Instant, int]], at: Instant, until: Instant) -> Pace | None:
    """From `at` to `until`, with `used` base units every `seconds`; `held` are the ends and amounts of what may be used, in the
    order in which it is. None where nothing says how fast it is used: there is no pace in nothing."""
    if used <= 0 or seconds <= 0:
        return None
    now = at * used  # instants times `used`, so that all is whole
    lost = left = 0
    for end, amount in held:
        over = min(end, until) * used
        if now + amount * seconds <= over:
            now += amount * seconds
            continue
        rest = amount - max(0, over - now) // seconds
        now = max(now, over)
        if end < until:
            lost += rest
        else:
            left += rest
    return Pace(None if left or now >= until * used else -(-now // used), left, lost)


def pace_at(past: Past, service: str, at: Instant) -> Pace | None:
    """To the end of the cycle that runs, at the pace of the last four weeks, or of the history where that is shorter. None
    where nothing was used in them, or something covers use without limit."""
    calendar = past.run.calendar
    start, end = calendar.boundary(0), calendar.boundary(calendar.cycle_at(at))
    days = max(1, min(PACE_DAYS, (calendar.local(at) - calendar.local(start)).days + 1))
    if past.is_unlimited(service, at):
        return None
    held = [(one.end, one.left) for one in past.held(service, at) if one.lot.is_usable]
    seconds = days * DAY_SECONDS
    return pace(past.used_between(service, at - seconds, at), seconds, held, at, end)
