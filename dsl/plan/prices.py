"""What is charged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` minor units of `currency`: each cycle, or of `cycles` the first, or once at the start or purchase. `by_day`: of
    a first, partial cycle its part, rounded down."""

    amount: int
    currency: str
    each_cycle: bool
    by_day: bool
    span: Span
    each_line: bool = False  # for each line that shares, beside the owner's
    cycles: int = 1


class FeeFor(StrEnum):
    """What a fee for leaving early is counted by."""

    ALL = "the contract"  # what is left of it, of the whole
    MONTH_LEFT = "each month left"
    MONTH_USED = "each month used"  # what is left of the contract, of the sum


@dataclass(frozen=True, slots=True)
class LeavingFee:
    """`amount` minor units of `currency`, by `per`. What is left of the contract is counted in days where it is `by_day`, else
    in months; one that has begun is left."""

    amount: int
    currency: str
    per: FeeFor
    by_day: bool
    span: Span
