"""Which lines of a plan are alike, and the program that they run as: found once for all that come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from dsl.phrase import phrase
from dsl.plan import Plan
from dsl.source import NOWHERE
from engine.batch.course import Piece
from engine.batch.even import is_even
from engine.batch.lines import Array, Lines, NotTraced, those
from engine.batch.program import Program, program, sameness
from engine.batch.steady import LONG, snug, steady
from engine.batch.terms import Memory
from engine.batch.trace import MOST, Most, NotTracedError, Step, trace
from engine.batch.unlimited import outlives

_TOO_MUCH = NotTraced("more than 17 TB in a cycle or a lot", 0)


class Alike:
    """Programs for lines of `plan`; `others` are the plans its rules may name."""

    def __init__(self, plan: Plan, others: Mapping[str, Plan] | None) -> None:
        self.plan = plan
        self.others = others
        self.even = is_even(plan)
        self.programs: dict[object, Program | NotTraced] = {}
        self._memory = Memory()
        self._steps: dict[object, int] = {}
        self._same: dict[object, Program] = {}
        self._snug: dict[object, tuple[Program, Most] | None] = {}
        self._of_records: dict[int, NotTraced | None] = {}
        self._steady: dict[tuple[str, ...], tuple[Piece, ...] | None] = {}

    def by_program(self, lines: Lines) -> Iterator[tuple[Program | NotTraced, Array]]:
        """Lines that turn out to compute the same, though they began at other times, run as one."""
        import numpy

        whose: dict[int, tuple[Program | NotTraced, list[Array]]] = {}
        for where, alike, large in self._alike(lines):
            made = _TOO_MUCH if large else self._program(alike)
            if lines.records and isinstance(made, Program):
                made = self._one_by_one(made) or made
            if isinstance(where, slice):
                yield made, where
            else:
                whose.setdefault(id(made), (made, []))[1].append(where)
        for made, places in whose.values():
            yield made, numpy.sort(numpy.concatenate(places))

    def _alike(self, lines: Lines) -> Iterator[tuple[Array, Lines, bool]]:
        """Lines that run as one, where they are among all, and whether their amounts are too large: those are apart."""
        import numpy

        large = numpy.zeros(lines.count, bool)
        for column in (*lines.uses.values(), *(amounts[None] for _, amounts in lines.opening)):
            if column.max(initial=0) > MOST:
                large |= (column > MOST).any(axis=0)
        even = self._is_even(lines)
        keys = numpy.zeros(lines.count, numpy.int64) if even else lines.start_of * (1 << 32) + lines.first
        for some, is_large in ((large, True), (~large, False)):
            if even and some.all():
                yield slice(None), lines, is_large
            elif some.any():
                for key in numpy.unique(keys[some]):
                    where = numpy.flatnonzero(some & (keys == key))
                    yield where, those(lines, where), is_large

    def _is_even(self, lines: Lines) -> bool:
        """Whether one program serves them all."""
        pieces = [piece for piece, _ in lines.opening]
        known = self._held_in_time(tuple(lines.uses), lines.starts[0]) if self.even else None
        return known is not None and all(piece.debt or (piece.by_cycles and piece.born > -LONG) for piece in pieces)

    def _held_in_time(self, uses: tuple[str, ...], start: datetime) -> tuple[Piece, ...] | None:
        """What lines of an even plan hold once they have run for long: who holds less holds none of the rest. None where it
        grows for ever, or can't be traced."""
        if uses not in self._steady:
            try:
                step = steady(self.plan, uses, start, others=self.others, memory=self._memory)
            except NotTracedError:
                step = None
            self._steady[uses] = step.opening if step else None
        return self._steady[uses]

    def _program(self, lines: Lines) -> Program | NotTraced:
        even, uses = self._is_even(lines), tuple(lines.uses)
        start, first = lines.starts[int(lines.start_of[0])], int(lines.first[0])
        pieces = tuple(piece for piece, _ in lines.opening)
        known = (self._steady[uses] or ()) if even else ()
        spans = {piece: piece.span for piece in known}
        steady = even and all(piece in spans and piece.span in (NOWHERE, spans[piece]) for piece in pieces)
        cycles = 1 if steady else lines.most_cycles
        told = () if steady else tuple((piece, piece.span) for piece in pieces)
        key = (cycles, uses, told, None if even else (start, first))
        if key not in self.programs:
            opening = known if steady else [*pieces, *(piece for piece in known if piece not in pieces)]  # in the order made
            try:
                if span := outlives(self.plan):
                    raise NotTracedError(phrase("what is unlimited outlives its cycle"), span)
                steps = trace(
                    self.plan, start, uses, cycles, first=LONG if even else first, opening=opening, others=self.others,
                    memory=self._memory,
                )  # fmt: skip
                self.programs[key] = self._once(program(steps, goes_on=steady))
                self._snug[key] = self._made_snug(steps[0], start) if steady else None
            except NotTracedError as error:
                self.programs[key] = NotTraced(error.reason, error.span.line)
        if (found := self._snug.get(key)) and _holds_at_most(lines, found[1]):
            return found[0]
        return self.programs[key]

    def _made_snug(self, step: Step, start: datetime) -> tuple[Program, Most] | None:
        found = snug(self.plan, step, start, others=self.others, memory=self._memory)
        return (self._once(program([found[0]], goes_on=True)), found[1]) if found else None

    def _one_by_one(self, made: Program) -> NotTraced | None:
        """Why it is not enough to know what the records of a cycle come to."""
        if id(made) not in self._of_records:
            self._of_records[id(made)] = self._why_one_by_one(made)
        return self._of_records[id(made)]

    def _why_one_by_one(self, made: Program) -> NotTraced | None:
        countings = [self.plan.counting, *(later.plan.counting for later in self.plan.later)]
        if span := next((span for counting in countings for service in made.uses if (span := counting.of_each(service))), None):
            return NotTraced("what a record counts depends on the record", span.line)
        return NotTraced(made.inside.reason, made.inside.span.line) if made.inside else None

    def _once(self, made: Program) -> Program:
        """The program that computes the same, if there is one already."""
        steps = tuple(self._steps.setdefault(sameness(step), len(self._steps)) for step in made.steps)
        return self._same.setdefault((steps, made.order, made.opening, made.closings, made.goes_on, made.inside), made)


def _holds_at_most(lines: Lines, most: Most) -> bool:
    """Whether no line opens with more than that."""
    if any(amounts.max(initial=0) > most.each[piece] for piece, amounts in lines.opening):
        return False
    for pieces, all_of_them in most.together:
        held = [amounts for piece, amounts in lines.opening if piece in pieces]
        if held and sum(held).max(initial=0) > all_of_them:
            return False
    return True
