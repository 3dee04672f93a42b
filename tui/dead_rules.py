"""What a proof adds to what is found in a plan: rules that can never act. Wants the extra `prove`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.examples import DEFAULT_START
from dsl.lints import allowed
from dsl.plan import Plan
from dsl.same import as_text
from dsl.source import Span
from engine.prove import suspects
from tui import cache, solver
from tui.checking import PACKAGES

_KIND = "alive"

# What says the same and needs no proof.
_SAME = {"P001": {"L001", "L002", "R293"}, "P002": {"L002", "R293"}, "P003": {"L010", "L025"}, "P004": set[str]()}


def with_proofs(checked: Checked, known: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What is known of a file, and, where it has no errors, what is proved of its plans; nothing is told twice."""
    if any(one.is_error for one in checked.diagnostics):
        return tuple(known)
    proved: dict[Diagnostic, None] = {}
    for plan in checked.plans:
        for one in _proved(plan):
            told = any(other.code in _SAME[one.code] and _overlap(one.span, other.span) for other in known)
            if not told and one.code not in allowed(checked.source.lines, one.span.line):
                proved[one] = None
    return tuple(sorted((*known, *proved), key=lambda one: (one.span, one.code)))


def _proved(plan: Plan) -> list[Diagnostic]:
    """That there is nothing is kept by what a plan means, so that it is proved once, wherever and beside whatever it stands."""
    if not suspects.are_in(plan):
        return []
    meant = as_text(replace(plan, claims=(), assumptions=()))
    name = cache.key(meant.encode(), solver.stamp(), packages=PACKAGES[True])
    if cache.load(name, _KIND) is not None:
        return []
    from engine.prove.dead import dead  # the engine is loaded where there is something to prove

    found = list(dead(plan, DEFAULT_START))
    if suspects.hands(plan):
        from engine.prove.tiers import tiers  # and the solver where lines have conditions

        found += tiers(plan)
    if not found:
        cache.store(name, [], _KIND)
    return found


def _overlap(one: Span, other: Span) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end
