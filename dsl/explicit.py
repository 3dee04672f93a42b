"""A text with all that its plans assume written out, so that nothing is left to be known.

What is assumed is a rule of the plan (`dsl/assume.py`); a rule with `...` is more words of a line that stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dsl import document, nodes
from dsl.check import Checked, check
from dsl.diagnostics import Findings, Fix
from dsl.document import Block
from dsl.fixes import applied
from dsl.plan import Assumption, Cap, CapCounts, Carry, Clause, Convert, Plan
from dsl.source import Source, Span

MOST_PASSES = 12  # what is written for one plan is said for those made `like` it, too
_OF_FILE = ("units", "timezone")
Edit = tuple[Span, str]


def explicit(text: str) -> str:
    """The text with what its plans assume written out; one with errors is given back as it is."""
    for _ in range(MOST_PASSES):
        checked = check(Source("", text))
        if any(one.is_error for one in checked.diagnostics):
            break
        edits = _edits(checked)
        after = applied(text, [Fix((edit,)) for edit in edits])
        if after == text:
            break
        text = after
    return text


def _edits(checked: Checked) -> list[Edit]:
    """What the first plan that assumes anything says more."""
    read = document.read(checked.source, Findings())
    blocks = {block.name: block for block in read.blocks if isinstance(block.header.statement, nodes.PlanHeader)}
    for plan in checked.plans:
        if plan.assumptions:
            return _merged([one.edit for one in written_out(checked.source, plan, blocks[plan.name])])
    return []


class Unsaid(NamedTuple):
    """What the words at a place leave open, and what would say it where; what stands on a line of its own begins or ends with a
    line feed."""

    assumption: Assumption
    about: Span
    edit: Edit


def written_out(source: Source, plan: Plan, block: Block) -> Iterator[Unsaid]:
    """What a plan, whose block that is, leaves open."""
    lines = source.lines
    for one in plan.assumptions:
        for span, words in (*_of_file(lines, one), *_of_plan(lines, plan, block, one)):
            yield Unsaid(one, span, (Span(span.line, span.end, span.end), words))


def _merged(edits: list[Edit]) -> list[Edit]:
    """Edits of one place as one, in the order in which they were said."""
    found: dict[Span, str] = {}
    for span, words in edits:
        found[span] = found.get(span, "") + words
    return list(found.items())


# ---- the words that leave it open, and what would be written behind them


def _of_file(lines: Sequence[str], one: Assumption) -> Iterator[tuple[Span, str]]:
    if one.topic in _OF_FILE:
        first = next((number for number, line in enumerate(lines, 1) if not line.lstrip().startswith("#")), 1)
        yield Span(first, 0, 0), f"{one.rule}\n"


def _of_plan(lines: Sequence[str], plan: Plan, block: Block, one: Assumption) -> Iterator[tuple[Span, str]]:
    if one.topic in _OF_FILE:
        return
    cycle = next((line for line in block.lines if isinstance(line.statement, nodes.Cycle)), None)
    below = len(block.texts[0])
    if "..." not in one.rule and one.topic != "cap cuts":
        yield Span(block.header.number, below, below), f"\n  {one.rule}"
    elif one.rule.startswith("cycle: ..."):
        if cycle is not None:  # else the line about the cycle comes first
            yield cycle.span(cycle.statement.at), one.rule.removeprefix("cycle: ...")
    else:
        yield from _more(one, plan, block, lines)


def _more(one: Assumption, plan: Plan, block: Block, lines: Sequence[str]) -> Iterator[tuple[Span, str]]:
    """The words that lines which stand there have in addition."""
    words = one.rule.partition("...")[2] or f", {one.rule}"
    match one.topic:
        case "price":
            yield from ((price.span, words) for price in plan.prices if price.each_cycle)
        case "renewals":
            for number, line in enumerate(block.texts, block.header.number):
                for hit in re.finditer(r"\bevery \d+ renewals?\b", line):
                    yield Span(number, *hit.span()), " in all"
        case _:
            for clause in _clauses(plan):
                written = lines[clause.span.line - 1][clause.span.start : clause.span.end]
                if _is_about(one.topic, clause, written):
                    yield clause.span, words


def _is_about(topic: str, clause: Clause, written: str) -> bool:
    """Whether a clause leaves open what a topic is about."""
    match clause:
        case Cap():
            said = clause.counts is not CapCounts.CARRIED or re.search(r"\b(allowance|carried)\b", written, re.IGNORECASE)
            return topic == "cap cuts" or (topic == "cap counts" and not said)
        case Carry():
            return topic == "carried" and not clause.from_grant and not re.search(r"\brolling\b", written, re.IGNORECASE)
        case Convert():
            return topic == "converted" and not re.search(r"\b(for|until|through|end|midnight)\b", written, re.IGNORECASE)
        case _:
            return False


def _clauses(plan: Plan) -> Iterator[Clause]:
    for rule in (*plan.rules, *(rule for pack in plan.packs for rule in pack.rules)):
        yield from rule.clauses
