"""The cycle that lines of an even plan come to, with all that they can hold, and how much that is at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dsl.plan import Plan
from engine.batch.course import Piece
from engine.batch.program import evaluate, needed, program
from engine.batch.terms import Memory, unknown
from engine.batch.trace import MOST, Most, Step, trace

LONG = 40  # cycles, in which what lines of an even plan hold has come round
_MOST_TRIES = 8  # what the first cycle leaves, of every age, is most; debts, and what is made of what ends, follow


def steady(
    plan: Plan, uses: Sequence[str], start: datetime, *, others: Mapping[str, Plan] | None = None,
    memory: Memory | None = None, most: int = MOST, begun: Step | None = None,
) -> Step | None:  # fmt: skip
    """The cycle of lines of an even plan that have run for long: it opens with all that they can hold, and so closes; who holds
    less holds none of the rest. `begun` is a cycle as all are, if it is known. None where what they hold grows for ever.
    Raises NotTracedError."""
    memory = memory or Memory()
    begun = begun or trace(plan, start, uses, 1, others=others, memory=memory, most=most)[0]
    known = tuple(dict.fromkeys(of_every_age(piece for piece, _ in begun.closing)))
    for _ in range(_MOST_TRIES):
        [step] = trace(plan, start, uses, 1, first=LONG, opening=known, others=others, memory=memory, most=most)
        known = tuple(piece for piece, _ in step.closing)
        if known == step.opening:
            return step
    return None


def of_every_age(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """These as they are after each cycle that they live on, the oldest first."""
    for piece in pieces:
        lives = piece.end if piece.by_cycles and piece.end <= LONG else 1
        for age in reversed(range(lives)):
            yield replace(piece, born=piece.born - age, end=piece.end - age) if age else piece


def snug(
    plan: Plan, step: Step, start: datetime, *, others: Mapping[str, Plan] | None = None, memory: Memory | None = None
) -> tuple[Step, Most] | None:  # fmt: skip
    """The steady cycle of lines that hold no more than cycles leave, and how much that is: who opens with no more closes with
    no more. None where it is no shorter. Of lots that are above a cap each may lose something, in turn; of those that cycles
    leave mostly only the newest."""
    most = _most_unused(step)
    made = trace(plan, start, step.uses, 1, first=LONG, opening=step.opening, others=others, memory=memory, held=most)[0]
    return (made, most) if _stays(made, most) and _atoms(made) < _atoms(step) else None


def _most_unused(step: Step) -> Most:
    """What a line that uses nothing comes to hold of each piece, and of all lots of a service."""
    each = dict.fromkeys(step.opening, 0)
    lots = [
        frozenset(piece for piece in step.opening if piece.service == service)
        for service in dict.fromkeys(piece.service for piece in step.opening)
    ]
    together = dict.fromkeys(lots, 0)
    for held in without_use(step, {}):
        each = {piece: max(most, held[piece]) for piece, most in each.items()}
        together = {some: max(most, sum(held[piece] for piece in some)) for some, most in together.items()}
    return Most(each, tuple((some, most) for some, most in together.items() if most < sum(each[piece] for piece in some)))


def without_use(step: Step, held: Mapping[Piece, int]) -> Iterator[Mapping[Piece, int]]:
    """What a line of an even plan holds, cycle by cycle, that goes on from there and uses nothing, as long as lots live."""
    made = program([step], in_64_bits=False, goes_on=True)
    amounts: Sequence[int] = [held.get(piece, 0) for piece in step.opening]
    for _ in step.opening:
        amounts = evaluate(made, [{}], amounts).closing
        yield dict(zip(step.opening, amounts, strict=True))


def _stays(step: Step, most: Most) -> bool:
    """Whether a cycle leaves no more than that."""
    left = dict(step.closing)
    sums = [(sum(left[piece] for piece in some), amount) for some, amount in most.together]
    return tuple(left) == step.opening and all(
        (term.range[1] if (term := unknown(amount)) else amount) <= high
        for amount, high in (*((left[piece], most.each[piece]) for piece in left), *sums)
    )


def _atoms(step: Step) -> int:
    return len(needed(step, (*step.figures.values(), *(amount for _, amount in step.closing))))
