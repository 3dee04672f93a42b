"""The cycles of a plan on plain numbers, as far as a question is about them: what is held and used, and the figures that are in
question. Each is made a function: to compute a step atom by atom takes ten times as long."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.batch.course import Piece
from engine.batch.program import needed
from engine.batch.source_text import amount_as_text, atoms_as_text
from engine.batch.terms import Input, unknown
from engine.batch.trace import Step

Amounts = tuple[int, ...]  # of what is held, piece by piece, or used, service by service


@dataclass(frozen=True, slots=True)
class PlainCycle:
    """`compute` makes of what it opens with, and of the use of each of `services`, what it closes with, and the largest of the
    figures in question. `wanted`: what it closes with and the figures, as amounts of the step."""

    step: Step
    services: tuple[str, ...]
    opening: tuple[Piece, ...]
    closing: tuple[Piece, ...]
    wanted: tuple[int, ...]
    compute: Callable[[Amounts, Amounts], tuple[Amounts, int]]

    @property
    def nothing(self) -> Amounts:
        return (0,) * len(self.opening)

    def constants(self) -> Iterator[int]:
        for number in needed(self.step, self.wanted):
            atom = self.step.tape.atoms[number]
            if not isinstance(atom, Input):
                yield atom.const
        for amount in self.wanted:
            term = unknown(amount)
            yield term.const if term else amount


def plain_cycles(
    steps: Sequence[Step], lots: Collection[str], uses: Collection[str], figures: Sequence[str]
) -> list[PlainCycle]:
    """One behind the other: each opens with what the one before it closed with. `lots` and `uses` are the services of which
    these matter."""
    made: list[PlainCycle] = []
    alike: dict[tuple[int, tuple[Piece, ...]], PlainCycle] = {}
    for number, step in enumerate(steps):
        opening = made[-1].closing if made else _of(step.opening, lots)
        following = steps[number + 1].opening if number + 1 < len(steps) else [piece for piece, _ in step.closing]
        closing = _of(following, lots)
        if (id(step), closing) not in alike:
            services = tuple(service for service in step.uses if service in uses)
            alike[id(step), closing] = _plain(step, services, opening, closing, figures)
        made.append(alike[id(step), closing])
    return made


def _plain(
    step: Step, services: tuple[str, ...], opening: tuple[Piece, ...], closing: tuple[Piece, ...], figures: Sequence[str]
) -> PlainCycle:  # fmt: skip
    held = dict(step.closing)
    wanted = *(held.get(piece, 0) for piece in closing), *(step.figures.get(figure, 0) for figure in figures)
    places = {piece: index for index, piece in enumerate(opening)}

    def inputs(number: int) -> str:
        if number < len(step.uses):
            return f"used[{services.index(step.uses[number])}]"
        place = places.get(step.opening[number - len(step.uses)])
        return "0" if place is None else f"held[{place}]"

    texts = [amount_as_text(amount) for amount in wanted]
    after, shown = texts[: len(closing)], texts[len(closing) :]
    largest = f"max({', '.join(shown)})" if len(shown) > 1 else shown[0]
    lines = [*atoms_as_text(step, wanted, inputs), f"return ({''.join(f'{one}, ' for one in after)}), {largest}"]
    names: dict[str, Any] = {"int64": int, "float64": float}  # where a quotient of doubles is exact
    exec(compile("def cycle(held, used):\n" + "".join(f"    {line}\n" for line in lines), "<plan>", "exec"), names)
    return PlainCycle(step, services, opening, closing, wanted, names["cycle"])


def _of(pieces: Iterable[Piece], services: Collection[str]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.service in services)
