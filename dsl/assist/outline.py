"""The shape of a file: what it declares, its blocks and their examples, and what can be folded away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsl.assist.names import BLOCKS, NameKind, occurrences
from dsl.source import Source, Span

_DECLARED = (NameKind.GROUP, NameKind.UNIT)


@dataclass(frozen=True, slots=True)
class Symbol:
    """What stands on the lines from `first` to `last`, both counted in; `span` is its name."""

    kind: NameKind
    name: str
    span: Span
    first: int
    last: int
    children: tuple[Symbol, ...] = ()


def outline(source: Source) -> tuple[Symbol, ...]:
    """The units, groups and blocks of a file in its order, each block with its examples."""
    lines = source.lines
    heads = [one for one in occurrences(source) if one.defines and one.kind in (*BLOCKS, *_DECLARED, NameKind.EXAMPLE)]
    found: list[Symbol] = []
    examples: list[Symbol] = []
    end_of_block = end = len(lines) + 1
    for one in reversed(heads):
        first = one.span.line
        if one.kind is NameKind.EXAMPLE:
            examples.append(Symbol(one.kind, one.name, one.span, first, _last(lines, first, end)))
        elif one.kind in BLOCKS:
            last = _last(lines, first, end_of_block)
            found.append(Symbol(one.kind, one.name, one.span, first, last, tuple(reversed(examples))))
            examples, end_of_block = [], first
        else:
            found.append(Symbol(one.kind, one.name, one.span, first, first))
        end = first if one.kind not in _DECLARED else end
    return tuple(reversed(found))


def _last(lines: Sequence[str], first: int, end: int) -> int:
    """The last line before `end` that says something; comments above the next header belong to that."""
    last = end - 1
    while last > first and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    return last


def folds(source: Source) -> tuple[tuple[int, int], ...]:
    """The lines that can be folded below the first of them: blocks, examples, and comments of several lines."""
    found = [(one.first, one.last) for block in outline(source) for one in (block, *block.children)]
    start = 0
    for number, line in enumerate([*source.lines, ""], 1):
        if line.lstrip().startswith("#"):
            start = start or number
        elif start:
            found.append((start, number - 1))
            start = 0
    return tuple(sorted(pair for pair in found if pair[1] > pair[0]))
