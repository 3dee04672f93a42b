"""What a plan leaves open and is assumed, beside the words that leave it open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dsl import document, nodes
from dsl.assist.outline import outline
from dsl.check import Checked
from dsl.diagnostics import Findings
from dsl.explicit import written_out
from dsl.phrase import Phrase, phrase, told
from dsl.plan import Assumption, Plan
from dsl.source import Source, Span

_SHOWN = 2  # rules that stand behind a header; its detail has them all


@dataclass(frozen=True, slots=True)
class Hint:
    """Words to be shown, not written, before `column` of a line, behind those from `start` that they are about; where they are
    also what could be written there, `insert` is true, and they stand as they would. `details` say more, a sentence each."""

    line: int
    column: int
    text: str
    details: tuple[Phrase, ...]
    insert: bool = False
    start: int = 0


def hints(checked: Checked, first: int, last: int) -> tuple[Hint, ...]:
    """What is assumed on the lines from `first` to `last`, in their order; nothing in a file with errors."""
    if checked.has_errors:
        return ()
    found: dict[Hint, None] = {}
    blocks = {block.first: block for block in outline(checked.source)}
    for plan in checked.plans:
        block = blocks.get(plan.span.line)
        if block and block.first <= last and block.last >= first:
            found.update(dict.fromkeys(_of(checked.source, plan, block.last)))
    return tuple(sorted((hint for hint in found if first <= hint.line <= last), key=lambda hint: (hint.line, hint.column)))


def _of(source: Source, plan: Plan, last: int) -> Iterator[Hint]:
    header = plan.span.line
    # The lines above as empty ones: only this block is read, and its lines have their numbers.
    lines = [*[""] * (header - 1), *source.lines[header - 1 : last]]
    read = document.read(Source("", "\n".join(lines)), Findings())
    block = next((one for one in read.blocks if isinstance(one.header.statement, nodes.PlanHeader)), None)
    if block is None:
        return
    unsaid: dict[Assumption, None] = dict.fromkeys(plan.assumptions)
    beside: dict[Span, list[tuple[Assumption, str]]] = {}
    for one, about, (_, words) in written_out(source, plan, block):
        if words and "\n" not in words:
            unsaid.pop(one, None)
            beside.setdefault(about, []).append((one, words))
    for span, said in beside.items():
        words = "".join(words for _, words in said)
        yield Hint(span.line, span.end, words, sentences(one for one, _ in said), insert=True, start=span.start)
    if unsaid:
        rules = sorted((one.rule for one in unsaid), key=lambda rule: "..." in rule)
        shown, count = told(rules[:_SHOWN]), len(rules) - _SHOWN
        if count > 0:
            text = phrase("assumed: {rules}; {count} more", rules=shown, count=count)
        else:
            text = phrase("assumed: {rules}", rules=shown)
        yield Hint(header, len(lines[header - 1]), text, sentences(unsaid))


def sentences(said: Iterable[Assumption]) -> tuple[Phrase, ...]:
    return tuple(phrase("Assumed: {assumption} (`{rule}`).", assumption=one.text, rule=one.rule) for one in said)
