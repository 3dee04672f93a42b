"""Packs and promotions: what comes beside the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dsl.plan.limits import Limit
from dsl.plan.lots import Grant
from dsl.plan.prices import Price
from dsl.plan.rules import Condition, Rule
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Pack:
    """Bought by the subscriber. Grants and prices `each_cycle` come again at every boundary of the plan's cycle. It is sold
    where all `conditions` hold and within all `limits`, else refused."""

    name: str
    grants: tuple[Grant, ...]
    rules: tuple[Rule, ...]
    prices: tuple[Price, ...]
    span: Span
    conditions: tuple[Condition, ...] = ()
    limits: tuple[Limit, ...] = ()


class Joins(StrEnum):
    """When a promotion applies to a line, in its window."""

    START = "at its start"  # or at that of the line
    RENEWAL = "at the next renewal"
    OPT_IN = "on opt-in"


@dataclass(frozen=True, slots=True)
class Promotion:
    """Applies once to a line of its plans, from `start` on and before `end` (local midnights), when it `joins`. Grants
    `each_cycle`, and what is multiplied, come with each cycle that begins in that time, of lines to which it applies."""

    name: str
    plans: tuple[str, ...]
    start: date
    end: date
    grants: tuple[Grant, ...]
    rules: tuple[Rule, ...]
    times: tuple[int, int]  # what the plan grants in a cycle is multiplied by this fraction
    span: Span
    joins: Joins = Joins.START
