"""The tables of docs/proofs.md: every `ensure` of the examples, and how long proofs take on plans that carry for up to a year.

    python -m benchmarks.proofs [--write]

Milliseconds are of the processor, with nothing kept from before; loading the solver is not among them. A test compares all but
the milliseconds with what is proved now.
"""

from __future__ import annotations

import argparse
import gc
import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from dsl.check import check
from dsl.plan import NeverAbove, Plan
from dsl.source import NOWHERE, Source
from dsl.units import DATA, VOICE
from engine.batch.program import evaluate, program
from engine.contrast import Side
from engine.prove.breach import every
from engine.prove.claims import prove
from engine.prove.cycles import LONG, Cycles, cycles, used
from engine.prove.dominance import never_worse
from engine.prove.verdict import Outcome, Verdict
from tui import folders, proving
from tui.running import checked_plans

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "proofs.md"
BEGIN, END = "<!-- made by python -m benchmarks.proofs --write -->\n", "<!-- to here -->\n"
START = datetime(2026, 1, 1)
GOAL = 150  # ms, for 95 of 100
Found = TypeVar("Found")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    gc.set_threshold(50_000)  # as the command does
    text = f"{examples()}\n{yearly()}"
    print(text)
    if given.write:
        above, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(f"{above}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def taken(what: Callable[[], Found]) -> tuple[Found, float]:
    """What it gives, and the milliseconds of the processor that it took."""
    cycles.cache_clear()
    begun = time.process_time()
    return what(), 1000 * (time.process_time() - begun)


# ---- the examples


def examples() -> str:
    rows = [f"| {row} | {ms:.0f} |" for row, ms in claimed()]
    return "\n".join(["| claim of an example | verdict | how | ms |", "|---|---|---|--:|", *rows, ""])


def claimed() -> Iterator[tuple[str, float]]:
    """A row for each `ensure` of the examples, but for how long it took, and that."""
    for path in folders.found([ROOT / "examples"], folders.PLAN):
        checked = checked_plans(path)
        for plan in checked.plans:
            for claim in plan.claims:
                one, ms = taken(partial(proving.proof, path, checked, plan, claim, START, cached=False))
                place = f"`{path.relative_to(ROOT / 'examples').as_posix()}`, {plan.name}"
                yield f"{place}: `{proving.said(one)}` | {one.outcome.verdict} | {_how(one.outcome)}", ms


def _how(found: Outcome) -> str:
    match found.verdict:
        case Verdict.PROVED:
            return found.why or f"induction over a cycle; bounds that no cycle breaks: {len(found.bounds)}"
        case Verdict.REFUTED:
            return f"a history of {len(found.history)} cycles"
        case Verdict.UNKNOWN:
            return found.why


# ---- plans that carry for up to a year

RULES = (
    "carry {months} months",
    "carry {months} months, cap {cap} GB, newest goes first",
    "carry {months} months, cap {cap} GB, oldest goes first",
    "carry {months} months, cap {cap} GB, newest goes first, convert the rest to minutes, cap 200 minutes",
    "carry {months} months, convert the rest to minutes",
    "carry 50% of it {months} months",
    "carry 40% of it {months} months, cap {cap} GB, newest goes first",
    "carry {months} months in steps of 1 GB",
    "carry {months} months, cap 8 GB a cycle",
)
AGAIN = (
    "carry 1 month each time, cap {cap} GB",
    "carry 1 month each time, cap {cap} GB, oldest goes first, convert the rest to minutes",
    "carry without end, cap 8 GB a cycle, cap {cap} GB, newest goes first",
)
ORDERS = ("carried data first", "allowance, then carried")
MONTHS = range(1, 13)


@dataclass(slots=True)
class Timed:
    """How long each took; `found` of them had the verdict that they should have."""

    what: str
    ms: list[float] = field(default_factory=list)
    found: int = 0

    def add(self, ms: float, is_found: bool) -> None:
        self.ms.append(ms)
        self.found += is_found

    def row(self) -> str:
        last = sorted(self.ms)[math.ceil(0.95 * len(self.ms)) - 1]
        told = [statistics.median(self.ms), last, max(self.ms)]
        return f"| {self.what} | {self.found} of {len(self.ms)} | {' | '.join(f'{ms:.0f}' for ms in told)} |"


def plans(months: range = MONTHS, rules: Sequence[str] = RULES) -> Iterator[Plan]:
    for rule in rules:
        for order in ORDERS:
            for many in months:
                text = (
                    'rate 1 GB = 30 minutes\nplan "A" postpaid\n  every month grant 20 GB data and 100 minutes\n'
                    f"  use {order}\n  unused data: {rule.format(months=many, cap=10 * many + 5)}\n"
                )
                yield check(Source("a.plan", text)).plans[0]


def most_held(plan: Plan, service: str) -> int:
    """The largest balance of a line that uses nothing, which is the bound to be proved."""
    each = every(cycles(plan, START, used(plan)), NeverAbove(service, 0, False, NOWHERE), plan).each
    assert each
    told = evaluate(program([each], in_64_bits=False, goes_on=True), [{}] * LONG, [0] * len(each.opening))
    return max(amount for row in told.figures for amount in row.values())


def conserved(plan: Plan) -> Cycles:
    """Nothing is lost or made: no cycle is traced of which the figures do not balance for all amounts."""
    return cycles(plan, START, used(plan))


def orders(months: range = MONTHS) -> Iterator[tuple[Plan, Plan]]:
    """The same plan twice: the first uses its allowance first, the second what was carried."""
    made, many = list(plans(months)), len(months)
    for begin in range(0, len(made), 2 * many):
        yield from zip(made[begin + many : begin + 2 * many], made[begin : begin + many], strict=True)


def timed(months: range = MONTHS) -> list[Timed]:
    balanced = Timed("conservation, proved")
    for plan in plans(months):
        found, ms = taken(partial(conserved, plan))
        balanced.add(ms, found.each is not None)
    again = bounded(plans(months, AGAIN), "again and again: ")
    return [*bounded(plans(months)), balanced, *again]


def bounded(every_plan: Iterable[Plan], kind: str = "") -> list[Timed]:
    """The largest balance there is, and one byte less, which the shortest history breaks."""
    kept, broken = Timed(f"{kind}bounds, proved"), Timed(f"{kind}bounds, one byte less, refuted by the shortest history")
    for plan in every_plan:
        most = most_held(plan, "data")
        for told, amount, verdict in ((kept, most, Verdict.PROVED), (broken, most - 1, Verdict.REFUTED)):
            outcome, ms = taken(partial(prove, plan, NeverAbove("data", amount, False, NOWHERE), START))
            told.add(ms, outcome.verdict is verdict and outcome.is_shortest)
    return [kept, broken]


def compared(months: range = MONTHS) -> list[Timed]:
    """Whether carried data first is never worse than the allowance first: an answer is what should be found."""
    told = "proved, or refuted by the shortest history"
    data, minutes = Timed(f"dominance, of data, {told}"), Timed(f"dominance, of data and of minutes, {told}")
    for first, second in orders(months):
        for row, last in ((data, DATA), (minutes, VOICE)):
            found, ms = taken(partial(is_decided, first, second, last))
            row.add(ms, found)
    return [data, minutes]


def is_decided(first: Plan, second: Plan, last: str) -> bool:
    """Of all services up to the last one."""
    decided = True
    for one in never_worse(Side(first), Side(second), START):
        decided &= one.verdict is not Verdict.UNKNOWN and one.is_shortest
        if one.service == last:
            break
    return decided


def yearly() -> str:
    rows = [one.row() for one in [*timed(), *compared()]]
    head = [
        "| plans that carry 1 to 12 cycles, any number of cycles | so found | p50 ms | p95 ms | longest ms |",
        "|---|--:|--:|--:|--:|",
    ]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    main()
