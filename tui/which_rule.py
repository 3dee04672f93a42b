"""Which change of a plan file did it: each change of a line is made alone, and the history run again.

Postings name the rules that moved something; a cap that leaves more to the clause behind it moves nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from dsl.check import Checked, check
from dsl.parse import parse_line
from dsl.source import Source, split_lines
from engine.difference import difference
from engine.run import Run

MOST_CHANGES = 40  # a file of which more is another plan: each costs a run of the history


@dataclass(frozen=True, slots=True)
class Change:
    """Lines of the old text from number `old_line` on, and what stands in their place in the new one, from `new_line` on."""

    old_line: int
    old: tuple[str, ...]
    new_line: int
    new: tuple[str, ...]


def changes(old: str, new: str) -> list[Change]:
    """What differs between two texts but layout and comments, line by line where as many lines stand in the place of others."""
    before, after = split_lines(old), split_lines(new)
    found: list[Change] = []
    matcher = SequenceMatcher(None, [*map(_said, before)], [*map(_said, after)], autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        one_each = end - start == other_end - other_start
        cuts = range(end - start) if one_each else [0]
        size = 1 if one_each else end - start + other_end - other_start
        for cut in cuts:
            old_lines = before[start + cut : min(end, start + cut + size)]
            new_lines = after[other_start + cut : min(other_end, other_start + cut + size)]
            found.append(Change(start + cut + 1, tuple(old_lines), other_start + cut + 1, tuple(new_lines)))
    return [one for one in found if [*map(_said, one.old)] != [*map(_said, one.new)]]


def _said(line: str) -> str:
    """A line without layout and comment."""
    return " ".join(line.removesuffix(parse_line(line).comment).split())


def that_did_it(old: Source, new: Source, before: Run, ran: Callable[[Checked], Run | None]) -> list[Change]:
    """The changes each of which alone makes a history come out otherwise than `before`; where none does, all of them. `ran`
    runs the history under another text, and gives None where it can't be."""
    every = changes(old.text, new.text)
    return [one for one in every[:MOST_CHANGES] if _matters(old, one, before, ran)] or every


def _matters(old: Source, change: Change, before: Run, ran: Callable[[Checked], Run | None]) -> bool:
    lines = split_lines(old.text)
    lines[change.old_line - 1 : change.old_line - 1 + len(change.old)] = change.new
    changed = check(Source(old.name, "\n".join(lines)))
    after = None if changed.has_errors else ran(changed)
    return after is not None and difference(before, after, same_text=False).is_any


def told(change: Change) -> Iterator[str]:
    """A change as two texts differ, with numbers of lines."""
    for sign, first, lines in (("-", change.old_line, change.old), ("+", change.new_line, change.new)):
        for number, line in enumerate(lines, first):
            if _said(line):
                yield f"{sign} line {number}: {_said(line)}"
