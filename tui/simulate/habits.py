"""How people use their phones, as figures: the only place where the model's numbers stand. Levels are in OCTAVE-ths (`draws`).

docs/simulate.md tells what comes out of them, and a test holds it to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dsl.units import DATA, SMS, VOICE
from tui.simulate.draws import OCTAVE


def octaves(hundredths: int) -> int:
    return OCTAVE * hundredths // 100


@dataclass(frozen=True, slots=True)
class Segment:
    """Some of the subscribers: how many of a hundred, how much more than a typical one they use, and how they differ.
    With a `tail` some use very much more: an octave more half as often, but for the two thirds that are taken of it."""

    share: int
    level: int
    deviation: int
    tail: bool = False


SEGMENTS = (
    Segment(50, octaves(-110), octaves(60)),  # light
    Segment(38, octaves(15), octaves(50)),  # regular
    Segment(12, octaves(90), octaves(40), tail=True),  # heavy
)


@dataclass(frozen=True, slots=True)
class Habit:
    """Of a service: what a typical line uses in a month where its plan does not say (base units); percent of subscribers who
    never use it; how far each subscriber's taste for it lies from their use of all others; how it grows in a year; and what
    each month of the year is, in percent, and each day of the week from Monday."""

    typical: int
    never: int
    deviation: int
    growth: int
    seasons: tuple[int, ...]
    weekdays: tuple[int, ...]


HABITS = {
    DATA: Habit(
        6_000_000_000, 3, octaves(40), octaves(30),
        (95, 92, 96, 97, 98, 102, 110, 113, 99, 97, 96, 105), (96, 95, 96, 97, 101, 109, 106),
    ),
    VOICE: Habit(
        7_200, 7, octaves(70), octaves(-8),
        (102, 97, 100, 100, 100, 98, 92, 90, 101, 102, 103, 115), (107, 106, 106, 106, 108, 88, 79),
    ),
    SMS: Habit(
        25, 30, octaves(90), octaves(-20),
        (112, 97, 99, 99, 99, 97, 94, 93, 98, 99, 101, 124), (102, 101, 101, 101, 104, 97, 94),
    ),
}  # fmt: skip
OTHER = Habit(100, 20, octaves(70), 0, (100,) * 12, (100,) * 7)  # of a unit that a file declares

OF_ALLOWANCE = 80  # percent of what a plan grants that a typical line of it uses

GROWTH_DEVIATION = octaves(25)  # of how a subscriber's use grows in a year
BUSY_DEVIATION = octaves(25)  # of a cycle, for all services alike
CYCLE_DEVIATION = octaves(30)  # of a cycle, for each service

# Of 1,000 lines in each month.
JOINING, LEAVING = 20, 15
FALLING_SILENT, STAYING_SILENT = 25, 400  # no use at all for a month: abroad, ill, another card in the phone

START_DAYS = (1, 4, 8, 12, 16, 20, 24, 31)  # of a month, on which lines with a plan begin, the 31st where there is one
START_SHARES = (30, 10, 10, 10, 10, 10, 10, 10)

# Dated records.
QUIET_DAY = 25  # percent of days without a record of a service
HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 8, 8, 8, 9, 10, 9, 8, 8, 9, 10, 11, 12, 12, 10, 7, 4)  # how busy each hour is


def of_day(service: str, day: date) -> int:
    """How busy a day is for a service, in ten-thousandths of the typical: season, day of the week, start of the month."""
    habit = HABITS.get(service, OTHER)
    return habit.seasons[day.month - 1] * habit.weekdays[day.weekday()] * _start_of_month(day.day) // 100


def _start_of_month(day: int) -> int:
    """Percent: when the month begins, people have what they did without at the end of the last."""
    return 140 if day <= 3 else 115 if day <= 7 else 95 if day <= 24 else 86
