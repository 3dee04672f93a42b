"""A step as lines of Python, one an atom, for the forms that compile it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import assert_never

from engine.batch.program import EXACT_DOUBLE, needed, size
from engine.batch.terms import BelowZero, Input, Parts, Quotient, unknown
from engine.batch.trace import Step

HALF = 32  # bits: what is moved in all is summed in two halves, since it may pass 64 bits
LOW = (1 << HALF) - 1


def atoms_as_text(step: Step, amounts: Iterable[int], inputs: Callable[[int], str]) -> list[str]:
    """`a7 = min(a0 - a3, 0)` for each atom that the amounts need. `inputs` says where the number-th input is read.

    A quotient of what is not below zero and below 2**53 is that of doubles, cut: the two differ by less than the next whole
    number is away, and a machine divides eight of them at once.
    """
    lines = []
    for number in needed(step, amounts):
        atom = step.tape.atoms[number]
        match atom:
            case Input():
                text = inputs(number)
            case BelowZero():
                text = f"min({sum_as_text(atom.parts, atom.const)}, 0)"
            case Quotient():
                text = _quotient(step, atom)
            case _:
                assert_never(atom)
        lines.append(f"a{number} = {text}")
    return lines


def _quotient(step: Step, atom: Quotient) -> str:
    text = sum_as_text(atom.parts, atom.const)
    low = step.tape.bounds(atom.parts)[0] + atom.const
    if low >= 0 and size(step, atom.parts, atom.const) < EXACT_DOUBLE:
        return f"int64(float64({text}) / {float(atom.by)!r})"
    return f"({text}) // {atom.by}"


def sum_as_text(parts: Parts, const: int) -> str:
    text = ""
    for atom, count in parts:
        sign = "-" if count < 0 else "+" if text else ""
        text += f" {sign} " if text else sign
        text += f"a{atom}" if abs(count) == 1 else f"{abs(count)} * a{atom}"
    return text if not const else f"{text} {'-' if const < 0 else '+'} {abs(const)}"


def amount_as_text(amount: int) -> str:
    term = unknown(amount)
    return sum_as_text(term.parts, term.const) if term else str(amount)


def fits(step: Step, amount: int, lines: int) -> bool:
    """Whether the sum of an amount over so many lines is within 64 bits."""
    term = unknown(amount)
    return not term or size(step, term.parts, term.const) * lines < 1 << 63


def halves(amount: int) -> tuple[str, str]:
    """What is added for `many` lines that each move the same."""
    return f"many * {amount & LOW}", f"many * {amount >> HALF}"
