"""Whether the second of two plans, whose cycles are alike, or all but the first ones, is never worse than the first one: by
relations between what both hold, which no cycle breaks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dsl.plan import Cap, Cut
from engine.prove.bounds import always, holds, most_unused
from engine.prove.joint import Joint, read_any, read_both
from engine.prove.pair import Pair
from engine.prove.relations import NEVER_WORSE, Bounded, more_held, more_held_anywhere, more_held_or_enough
from engine.prove.solving import Term
from engine.prove.unbroken import AnyCycle, holds_always


def holds_at_once(pair: Pair, joint: Joint) -> bool:
    """By few relations, which most often are enough, or by those of a cap that takes the newest first, first where there is
    one. `joint` is any cycle, or any but the first, where first ones differ."""
    return holds_always(joint, (_behind_the_first(pair, family) for family in _few(pair)), NEVER_WORSE)


def _behind_the_first(pair: Pair, family: Bounded) -> Bounded:
    """Those of these relations that hold behind each first cycle that there may be, which leaves no other lots than later ones
    know."""
    known = [set(step.opening) for step in pair.any_later]
    for steps in pair.begun():
        joint = pair.within(read_both(steps, pair.asked, "c", None))
        left = (set(cycle.closing) for cycle in (joint.first, joint.second))
        broken = AnyCycle(joint).breaks({}, family)
        if broken is None or not all(step.by_sum for step in steps) or any(map(set.difference, left, known)):
            return {}
        family = {one: most for one, most in family.items() if one not in broken}
    return family


def _few(pair: Pair) -> Iterator[Bounded]:
    plan, service = pair.second.plan, pair.asked.service
    caps = [one for rule in plan.rules if rule.service == service for one in rule.clauses if isinstance(one, Cap)]
    families = (more_held, partial(more_held_or_enough, most=most_unused(plan, pair.any_later[1], service)))
    for more in reversed(families) if any(cap.cut is Cut.NEWEST for cap in caps) else families:
        yield more(*pair.lots)


def holds_within_bounds(pair: Pair) -> bool:
    """By more of them, of lots that are within what each plan's lots never are above."""
    for whole in (False, True) if pair.asked.divides else (False,):
        joint = pair.within(read_any(pair.cycles[0], pair.asked, whole=whole))
        within = joint.within(_bounds_of_lots(pair, joint))
        if holds_always(within, (more(*pair.lots) for more in (more_held, more_held_anywhere)), NEVER_WORSE):
            return True
    return False


def _bounds_of_lots(pair: Pair, joint: Joint) -> Iterator[Term]:
    for side, step, cycle in zip((pair.first, pair.second), pair.cycles[0], (joint.first, joint.second), strict=True):
        for kept in always(side.plan, step, pair.asked.about):
            yield from (holds(bound, cycle.opening) for bound in kept.bounds)
