"""What a proof adds to what is found in a plan: rules that can never act. Wants the extra `prove`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    for one in _everywhere([(plan, _proved(plan)) for plan in checked.plans]):
        told = any(other.code in _SAME[one.code] and _overlap(one.span, other.span) for other in known)
        if not told and one.code not in allowed(checked.source.lines, one.span.line):
            proved[one] = None
    return tuple(sorted((*known, *proved), key=lambda one: (one.span, one.code)))


def _everywhere(found: Sequence[tuple[Plan, Sequence[Diagnostic]]]) -> Iterator[Diagnostic]:
    """What is found in each of these plans that has the line: where `like` or a date gives it to others it may act there."""
    for _, some in found:
        for one in some:
            with_it = (others for plan, others in found if one.span in suspects.places(plan))
            if all(any((one.code, one.span) == (other.code, other.span) for other in others) for others in with_it):
                yield one


def _proved(plan: Plan) -> list[Diagnostic]:
    """That there is nothing is kept by what a plan means, so that it is proved once, wherever and beside whatever it stands."""
    times = [replace(plan, later=()), *(later.plan for later in plan.later)]
    may_lack, may_clash = suspects.each_without(plan), any(map(suspects.hands, times))
    if not may_lack and not may_clash:
        return []
    meant = as_text(replace(plan, claims=(), assumptions=()))
    name = cache.key(meant.encode(), solver.stamp(), packages=PACKAGES[True])
    if cache.load(name, _KIND) is not None:
        return []
    found: list[Diagnostic] = []  # what finds them is loaded where there is something to find
    if may_lack:
        from engine.prove.dead import dead

        found += dead(plan, DEFAULT_START)
    if may_clash:
        from engine.prove.tiers import tiers

        found += _everywhere([(time, list(tiers(time))) for time in times])
    if not found:
        cache.store(name, [], _KIND)
    return found


def _overlap(one: Span, other: Span) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end
