"""What holds for a whole file, whichever block is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dsl import dated
from dsl.amounts import NOTHING_DECLARED, Amounts, Declared
from dsl.context import Names
from dsl.diagnostics import Findings
from dsl.pieces import StatementPiece

Rates = dict[tuple[str, str], tuple[int, int]]


@dataclass(slots=True)
class Scope:
    """What holds for the whole file."""

    findings: Findings
    data_step: int
    zone: str
    rates: Rates
    names: Names
    rates_known: bool  # false where a line that may be a rate could not be read
    said: set[str] = field(default_factory=set)  # which settings the file makes itself
    day: date = dated.ALWAYS  # whose rules are read
    in_force: set[int] = field(default_factory=set)  # the lines that hold on it
    undated: set[int] = field(default_factory=set)  # the lines that hold where no dated one takes their place
    declared: Declared = NOTHING_DECLARED
    counting: tuple[StatementPiece, ...] = ()  # what counts in every plan that does not say otherwise

    @property
    def amounts(self) -> Amounts:
        return Amounts(self.findings, self.data_step, self.declared)
