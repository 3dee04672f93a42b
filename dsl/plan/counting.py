"""How much of a lot a use takes."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan.uses import GENERAL, Scope
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class CountedInSteps:
    """A record of `service` counts at least `first`, and beyond that in whole steps of `step`, rounded up or to the
    `nearest` (a half up)."""

    service: str
    first: int
    step: int
    nearest: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Weight:
    """Use of which `tag` is said counts `factor` times (a numerator and a denominator), rounded up once."""

    tag: str
    factor: tuple[int, int]
    span: Span


@dataclass(frozen=True, slots=True)
class More:
    """A record of `service` of which `tag` is said counts `amount` more."""

    tag: str
    service: str
    amount: int
    span: Span


@dataclass(frozen=True, slots=True)
class InUnit:
    """Use of `service` in that `scope` is served by lots of `unit`, too, after its own: `amount` base units of it take
    `unit_amount`, rounded up once. Of several for a unit the one that asks for most holds."""

    service: str
    amount: int
    unit: str
    unit_amount: int
    scope: Scope
    span: Span


@dataclass(frozen=True, slots=True)
class Counting:
    """What of a use counts: a record in its steps, times its weights, and what it counts more; then in which units."""

    steps: tuple[CountedInSteps, ...] = ()
    weights: tuple[Weight, ...] = ()
    more: tuple[More, ...] = ()
    units: tuple[InUnit, ...] = ()

    def of_each(self, service: str) -> Span | None:
        """The rule by which several uses of which nothing more is said do not count as much as one of their sum; None: they
        do."""
        spans = [rule.span for rule in self.steps if rule.service == service]
        spans += [rule.span for rule in self.units if rule.service == service]
        spans += [rule.span for rule in self.weights if rule.tag in GENERAL]
        spans += [rule.span for rule in self.more if rule.tag in GENERAL]
        return spans[0] if spans else None
