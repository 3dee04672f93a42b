"""What a plan claims with `ensure`, and the use it assumes for that. Neither limits anything.

Claims are about the plan's own lots: where they can be `with_promotions`, what these bring is left out unless they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.source import Span


@dataclass(frozen=True, slots=True)
class NeverAbove:
    """The usable balance of `service` is at no time above `amount`."""

    service: str
    amount: int
    with_promotions: bool
    span: Span


@dataclass(frozen=True, slots=True)
class CarriedNeverAbove:
    """What is held of `service` when a cycle has closed is never above `amount`."""

    service: str
    amount: int
    with_promotions: bool
    span: Span


class Bounded(StrEnum):
    """What of a cycle is bounded; the words are those of an example."""

    CONVERTED = "converted"  # what came of a conversion to the service, and what of the service went into others
    CHARGED = "charged"  # whoever pays it
    DUE = "due"  # what of the charges no credit paid


@dataclass(frozen=True, slots=True)
class CycleNeverAbove:
    """In no cycle is that figure of `service`, a currency where it is about charges, above `amount`. What promotions bring is
    converted, and saves charges, like all else."""

    figure: Bounded
    service: str
    amount: int
    span: Span


@dataclass(frozen=True, slots=True)
class NeverExpires:
    """Of `service` nothing expires before `cycles` full cycles have passed since it came: 0, nothing ever does.

    A full cycle begins and ends after it came, and is no part of one: neither a first cycle that begins late nor what is left
    of a block of days. What was carried came when it was granted. What the operator takes away, and what ends with the line,
    is not meant."""

    service: str
    cycles: int
    with_promotions: bool
    span: Span


@dataclass(frozen=True, slots=True)
class NeverWorse:
    """Whatever is used, after any number of cycles the plan `plan` has left no more use of any service uncovered, summed from
    the start, than the plan `than` has; both without promotions. The claim stands in one of the two."""

    plan: str
    than: str
    span: Span


OfOnePlan = NeverAbove | CarriedNeverAbove | CycleNeverAbove | NeverExpires
Claim = OfOnePlan | NeverWorse


@dataclass(frozen=True, slots=True)
class MostUsed:
    """`assume`: the plan's claims are about lines that in no cycle use more than `amount` of `service`, as it counts. In a
    history that goes beyond, they are about the cycles before."""

    service: str
    amount: int
    span: Span
