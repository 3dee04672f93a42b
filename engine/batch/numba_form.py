"""A program compiled for numba: blocks of lines small enough that what they hold stays in the cache, one loop a cycle.

Columns are arrays of int64, cycle by line, contiguous in lines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from pickle import UnpicklingError
from types import ModuleType
from typing import Any

from engine.batch.program import Program
from engine.batch.source_text import HALF, LOW, amount_as_text, atoms_as_text, fits, halves
from engine.batch.terms import unknown
from engine.batch.trace import Step

CACHED = 1 << 14  # amounts of 8 bytes, half of the smallest second cache of a core that is still made
FEWEST, MOST = 512, 8192  # lines of a block: each is begun anew in each cycle, and its columns are looked at, too


def block(program: Program) -> int:
    """How many lines go through all cycles at once: as many as have what they hold in the cache."""
    return max(FEWEST, min(MOST, CACHED // max(1, program.most_held) // 64 * 64))


def as_text(program: Program, columns: Sequence[str], *, moved: bool) -> str:
    """`settle(first, end, cycles, opening, closing, moved, used.., figures)` as Python: so many cycles of the lines `first` to
    `end`. `opening` and `closing` are piece by line, `figures` one array, column by cycle by line: an argument for each would
    take long to compile. `moved` is the low half of what was moved, then the high one. Figures that are the same for all lines
    are not written: who has the memory fills them once."""
    used = [f"u{index}" for index in range(len(program.uses))]
    many = block(program)
    lines = [
        f"def settle({', '.join(['first', 'end', 'cycles', 'opening', 'closing', 'moved', *used, 'figures'])}):",
        f"    held = zeros(({max(1, program.most_held)}, {many}), int64)",
        f"    for lo in range(first, end, {many}):",
        f"        hi = min(lo + {many}, end)",
        "        many = hi - lo",
    ]
    lines += [f"        held[{index}, :many] = opening[{index}, lo:hi]" for index in range(len(program.opening))]
    for begin, end, step in program.runs:
        lines += [f"        for cycle in range({begin}, min({end}, cycles)):"]
        lines += [" " * 12 + line for line in _step(program, step, columns, moved=moved)]
    lines += [f"        closing[{index}, lo:hi] = held[{index}, :many]" for index in range(program.most_held)]
    return "\n".join(lines) + "\n"


def _step(program: Program, step: Step, columns: Sequence[str], *, moved: bool) -> list[str]:
    told = [step.figures.get(column, 0) for column in columns]
    figures = {index: amount for index, amount in enumerate(told) if unknown(amount)}
    closing = [amount for _, amount in step.closing]
    sums = {index: step.moved[key] for index, key in enumerate(program.moved) if moved and key in step.moved}
    lines = [f"u{index}_ = u{index}[cycle, lo:hi]" for index in range(len(program.uses))]
    lines += [f"f{index} = figures[{index}, cycle, lo:hi]" for index in figures]
    lines += [f"m{index} = k{index} = 0" for index, amount in sums.items() if unknown(amount)]

    def inputs(number: int) -> str:
        many = len(program.uses)
        return f"u{number}_[j]" if number < many else f"held[{number - many}, j]"

    lines += ["for j in range(many):"]
    inner = atoms_as_text(step, [*figures.values(), *closing, *sums.values()], inputs)
    inner += [f"f{index}[j] = {amount_as_text(amount)}" for index, amount in figures.items()]
    inner += [f"held[{index}, j] = {amount_as_text(amount)}" for index, amount in enumerate(closing)]
    for index, amount in sums.items():
        if unknown(amount) and fits(step, amount, block(program)):
            inner.append(f"m{index} += {amount_as_text(amount)}")
        elif unknown(amount):
            inner += [
                f"s{index} = {amount_as_text(amount)}",
                f"m{index} += s{index} & {LOW}",
                f"k{index} += s{index} >> {HALF}",
            ]
    lines += ["    " + line for line in inner or ["pass"]]
    for index, amount in sums.items():
        low, high = (f"m{index} & {LOW}", f"k{index} + (m{index} >> {HALF})") if unknown(amount) else halves(amount)
        lines += [f"moved[0, {index}] += {low}", f"moved[1, {index}] += {high}"]
    return lines


def compiled(text: str, file: str = "") -> Callable[..., None]:
    """The function of a text. Where a `file` holds this very text, what is made of it is kept beside it for the next time."""
    import llvmlite.binding
    import numba
    import numpy

    # Each column is its own memory, which the compiler checks at run time: by default for a few columns only.
    llvmlite.binding.set_option("rollover", "-runtime-memory-check-threshold=4096")
    name = f"rollover_compiled_{sha256(text.encode()).hexdigest()}"
    module = sys.modules[name] = ModuleType(name)  # by which numba finds again what is kept
    vars(module).update(min=min, range=range, zeros=numpy.zeros, int64=numpy.int64, float64=numpy.float64)
    exec(compile(text, file or "<plan>", "exec"), vars(module))
    made: Any = vars(module)["settle"]
    anew: Callable[..., None] = numba.njit(nogil=True, error_model="numpy")(made)
    return _kept(numba.njit(nogil=True, error_model="numpy", cache=True)(made), anew) if file else anew


def _kept(kept: Callable[..., None], anew: Callable[..., None]) -> Callable[..., None]:
    """What is kept where it can be read, which is found out before it computes anything; else it is compiled anew."""

    def settle(*arguments: Any) -> None:
        try:
            kept(*arguments)
        except (OSError, EOFError, ImportError, AttributeError, LookupError, ValueError, UnpicklingError):
            anew(*arguments)

    return settle
