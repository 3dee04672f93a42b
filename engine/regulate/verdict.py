"""What is told of one thing that a regulation asks of one plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.phrase import NOTHING, Phrase
from dsl.plan import Demand, Plan
from dsl.source import Span
from engine.calendar import Instant
from engine.run import Run


class Verdict(StrEnum):
    KEPT = "KEPT"  # by all that the plan says
    BROKEN = "BROKEN"
    UNKNOWN = "UNKNOWN"  # no history that was run breaks it, and what the plan says does not decide it
    NOT_CHECKED = "NOT CHECKED"  # nothing that a plan says could
    DOES_NOT_APPLY = "DOES NOT APPLY"  # nothing of the plan is what it is about


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something is broken, and the rule of the plan that does it; `run` is a history in which it is, at `at`."""

    why: Phrase
    span: Span
    run: Run | None = None
    at: Instant = 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why what a plan says does not decide something, and the place of it that leaves it open."""

    why: Phrase
    span: Span


@dataclass(frozen=True, slots=True)
class Outcome:
    """`faults` are not empty where it is BROKEN: one for each service. `why` is empty where it is KEPT or BROKEN. `span` is the
    place of the plan by which it is KEPT, or that leaves it UNKNOWN."""

    demand: Demand
    plan: Plan
    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    why: Phrase = NOTHING
    span: Span | None = None
