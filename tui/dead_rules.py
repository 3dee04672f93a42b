"""What a proof adds to what is found in a plan: rules that can never act. Wants the extra `prove`."""

from __future__ import annotations

from collections.abc import Sequence

from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.examples import DEFAULT_START
from dsl.lints import allowed
from dsl.source import Span
from engine.prove.dead import dead
from engine.prove.tiers import tiers

# What says the same and needs no proof.
_SAME = {"P001": {"L001", "L002", "R293"}, "P002": {"L002", "R293"}, "P003": {"L010", "L025"}, "P004": set[str]()}


def with_proofs(checked: Checked, known: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What is known of a file, and, where it has no errors, what is proved of its plans; nothing is told twice."""
    if any(one.is_error for one in checked.diagnostics):
        return tuple(known)
    proved: dict[Diagnostic, None] = {}
    for plan in checked.plans:
        for one in (*dead(plan, DEFAULT_START), *tiers(plan)):
            told = any(other.code in _SAME[one.code] and _overlap(one.span, other.span) for other in known)
            if not told and one.code not in allowed(checked.source.lines, one.span.line):
                proved[one] = None
    return tuple(sorted((*known, *proved), key=lambda one: (one.span, one.code)))


def _overlap(one: Span, other: Span) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end
