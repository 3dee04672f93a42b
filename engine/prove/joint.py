"""Two plans on the same use, a cycle at a time, and how much more of a service the second one has left uncovered so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import z3

from engine.batch.course import Piece
from engine.batch.program import needed
from engine.batch.terms import Input, Quotient
from engine.batch.trace import Step
from engine.prove.solving import Term
from engine.prove.terms import Cycle, read

Steps = tuple[Step, Step]  # of the first plan and of the second one, in the same cycle


@dataclass(frozen=True, slots=True)
class Question:
    """About which service; `about`: those of which use or lots matter for what of it is uncovered, itself among them."""

    service: str
    about: frozenset[str]
    divides: bool  # something of that is divided, of which real numbers tell less than whole ones

    @property
    def figure(self) -> str:
        return f"{self.service}_overage"


def question(service: str, cycles: Iterable[Steps]) -> Question:
    steps = [step for pair in cycles for step in pair]
    figure, found = f"{service}_overage", {service}
    while True:
        more, divides = set(found), False
        for step in steps:
            wanted = [step.figures.get(figure, 0), *(amount for piece, amount in step.closing if piece.service in found)]
            for number in needed(step, wanted):
                atom = step.tape.atoms[number]
                divides |= isinstance(atom, Quotient)
                if isinstance(atom, Input):
                    more.add(_service_of(step, number))
        if more == found:
            return Question(service, frozenset(found), divides)
        found = more


def _service_of(step: Step, number: int) -> str:
    return step.uses[number] if number < len(step.uses) else step.opening[number - len(step.uses)].service


@dataclass(frozen=True, slots=True)
class Joint:
    """One cycle of both. `gap`: of the service, what the second plan left uncovered in all before it, less what the first one
    did; `closing_gap`: with this cycle. `bounds` say what all names are, and that both use the same."""

    first: Cycle
    second: Cycle
    gap: Term
    closing_gap: Term
    bounds: Sequence[Term]

    def within(self, bounds: Iterable[Term]) -> Joint:
        return replace(self, bounds=[*self.bounds, *bounds])

    @property
    def used(self) -> Mapping[str, Term]:
        return self.first.used


def read_both(steps: Steps, asked: Question, name: str, after: Joint | None, *, whole: bool = False) -> Joint:
    """The cycle that follows another one."""
    opening = (after.first.closing, after.second.closing) if after else ({}, {})
    nothing = z3.IntVal(0) if whole else z3.RealVal(0)
    return _read(steps, asked, name, opening, after.closing_gap if after else nothing, whole=whole)


def read_any(steps: Steps, asked: Question, *, whole: bool = False) -> Joint:
    """A cycle that opens with whatever there is."""
    gap = z3.Int("gap") if whole else z3.Real("gap")
    return _read(steps, asked, "c", (None, None), gap, whole=whole)


def _read(
    steps: Steps, asked: Question, name: str, opening: Sequence[Mapping[Piece, Term] | None], gap: Term, *, whole: bool
) -> Joint:
    """Each has names of its own: what one uses is what the other uses."""
    first, second = (
        read(step, f"{name}.{plan}", held, about=asked.about, figures=(asked.figure,), whole=whole)
        for plan, step, held in zip(("first", "second"), steps, opening, strict=True)
    )
    same = [used == second.used[service] for service, used in first.used.items()]
    more = second.figures[asked.figure] - first.figures[asked.figure]
    return Joint(first, second, gap, gap + more, [*first.bounds, *second.bounds, *same])
