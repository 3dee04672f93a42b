"""Whether very many lines at once come to what the interpreter says: random plans, random histories, every figure.

    python benchmarks/batch_equal.py [--first 0] [--minutes 10] [--cycles 10000000] [--told FOLDER]

Each number from `--first` on is a case: a plan (an example, an example with numbers or lines changed, or one written from every
rule of the grammar), when its lines begin, what each uses in each cycle, and where the run is cut into months that open with
what the ones before closed with. The numpy form is compared with the reference engine, a line at a time: figures, what is held
at the end, and what each rule moved. One case in twenty uses day by day, as a history says it; the others in as few parts as
there are times between which nothing happens, which takes a fifth of the time.

What no step computes runs through the interpreter either way: such cycles are told apart and do not count. A case that differs
is written to the folder, as a plan and why. The last line says where to go on.
"""

from __future__ import annotations

import random
import re
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import numpy

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.counted import Counted, counted  # noqa: E402
from dsl.check import check  # noqa: E402
from dsl.plan import Plan  # noqa: E402
from dsl.source import Source  # noqa: E402
from engine.batch.batch import Batch  # noqa: E402
from engine.batch.course import Piece  # noqa: E402
from engine.batch.lines import Form, Lines, Settled, columns_of  # noqa: E402
from tests.by_parts import RowsByParts  # noqa: E402
from tests.strategies import texts  # noqa: E402

EXAMPLES = sorted((ROOT / "examples").rglob("*.plan"))
BY_DAYS = 20  # one case in so many
WRITTEN = 50  # texts from the grammar, made together
NUMBER = re.compile(r"(?<![\w.-])\d+(?![\w.:-])")


# ---- plans


def plan_of(draw: random.Random, case: int) -> tuple[str, Plan, dict[str, Plan]] | None:
    """A text, one of its plans, and all by name; None where what was changed is no plan."""
    kind = draw.choice(("as it is", "changed", "changed", "written"))
    text = _written(case // WRITTEN)[case % WRITTEN] if kind == "written" else draw.choice(EXAMPLES).read_text(encoding="utf-8")
    if kind == "changed":
        for _ in range(draw.randint(1, 4)):
            text = _changed(draw, text)
    checked = check(Source("case.plan", text))
    if not checked.plans or any(found.is_error for found in checked.diagnostics):
        return None
    return text, draw.choice(checked.plans), {plan.name: plan for plan in checked.plans}


@cache
def _written(block: int) -> list[str]:
    """Texts of the language without a mistake, from every rule of its grammar."""
    found: list[str] = []

    @hypothesis.seed(block)
    @hypothesis.settings(
        max_examples=WRITTEN, database=None, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(texts())
    def write(text: str) -> None:
        found.append(text)

    write()
    return [found[index % len(found)] for index in range(WRITTEN)]


def _changed(draw: random.Random, text: str) -> str:
    """A number made another, or a line left out or moved; most often still a plan."""
    numbers = list(NUMBER.finditer(text))
    if draw.random() < 0.75 and numbers:
        found = draw.choice(numbers)
        was = int(found.group())
        new = draw.choice((1, 2, 3, was + 1, max(1, was - 1), 2 * was, max(1, was // 2), draw.randint(1, 3 * was + 1)))
        return text[: found.start()] + str(new) + text[found.end() :]
    lines = text.splitlines()
    line = lines.pop(draw.randrange(len(lines)))
    if draw.random() < 0.3:
        lines.insert(draw.randrange(len(lines) + 1), line)
    return "\n".join(lines) + "\n"


# ---- histories


@dataclass(frozen=True, slots=True)
class Case:
    """`cuts` are the cycles, from 0, before which a month's closing becomes the next one's opening."""

    text: str
    plan: Plan
    others: Mapping[str, Plan]
    lines: Lines
    cuts: Sequence[int]
    by_days: bool


def case_of(number: int) -> Case | None:
    draw = random.Random(number)
    made = plan_of(draw, number)
    if made is None:
        return None
    text, plan, others = made
    services = [service for service in plan.services if service.islower()]
    if len(services) > 1 and draw.random() < 0.2:
        services.remove(draw.choice(services))
    draw.shuffle(services)
    start = datetime(2026, 1, 1) + timedelta(days=draw.randint(-40, 800))
    start += timedelta(minutes=draw.choice((0, 0, 0, 1, 150, 720, 1439)))
    first = draw.choice((1, 1, 1, 1, 2, 5, 13))
    cycles, count = draw.choice((1, 6, 12, 14, 25, 40)), draw.choice((400, 800, 1600))
    by_days = number % BY_DAYS == 0
    count = 10 if by_days else count
    uses = {service: _uses(draw, plan.allowance(service), cycles, count) for service in services}
    lines = Lines(
        (start,), numpy.zeros(count, numpy.int64), numpy.full(count, first, numpy.int64), numpy.full(count, cycles), uses
    )
    cuts = (
        range(1, cycles) if draw.random() < 0.1 else sorted(draw.sample(range(1, cycles), min(draw.randint(0, 2), cycles - 1)))
    )
    return Case(text, plan, others, lines, cuts, by_days)


def _uses(draw: random.Random, most: int, cycles: int, count: int) -> Any:
    """Nothing, all there is, a bit less or more, and far more."""
    numbers = numpy.random.default_rng(draw.getrandbits(64))
    tops = numpy.array([0, 1, most, most + 9, 2 * most + 9, 5 * most + 9])
    used = numbers.integers(0, tops[numbers.integers(0, len(tops), (cycles, count))], endpoint=True)
    exact = numbers.random((cycles, count)) < 0.1
    used[exact] = most
    return used


# ---- the two ways


def reference(case: Case) -> Settled:
    batch = Batch(case.plan, columns_of(case.plan, list(case.lines.uses)), Form.ROWS, others=case.others)
    if not case.by_days:
        [start] = case.lines.starts
        batch._rows[start] = RowsByParts(case.plan, start, case.others)
    return batch.settle(case.lines)


def in_columns(case: Case) -> Iterator[tuple[int, Settled]]:
    """Of each stretch between two cuts, its first cycle and what it came to."""
    lines = case.lines
    batch = Batch(case.plan, columns_of(case.plan, list(lines.uses)), Form.NUMPY, others=case.others)
    opening: Sequence[tuple[Piece, Any]] = lines.opening
    for begin, end in zip((0, *case.cuts), (*case.cuts, lines.most_cycles), strict=True):
        uses = {service: column[begin:end] for service, column in lines.uses.items()}
        cycles = numpy.full(lines.count, end - begin)
        found = batch.settle(Lines(lines.starts, lines.start_of, lines.first + begin, cycles, uses, opening))
        opening = found.held
        yield begin, found


def difference(case: Case, told: Counter[str]) -> str:
    """Empty where both ways came to the same. Adds to what is told: cycles that count, and those that ran one at a time."""
    moved: Counter[object] = Counter()
    right = closing = None
    for begin, found in in_columns(case):
        if not found.columns:
            return ""  # a plan of nothing
        cycles = next(iter(found.columns.values())).shape[0]
        one_by_one = sum(found.by_rows.values())
        told["one at a time"] += one_by_one * cycles
        for why in found.by_rows:
            told[f"  {why.reason}"] += found.by_rows[why] * cycles
        told["counted"] += (case.lines.count - one_by_one) * cycles
        if one_by_one == case.lines.count:
            return ""
        right = right or reference(case)
        if right.refused or found.refused:
            return "" if right.refused.keys() >= found.refused.keys() else f"refused {found.refused}"
        for name, column in found.columns.items():
            wrong = numpy.argwhere(column != right.columns[name][begin : begin + cycles])
            if len(wrong):
                cycle, line = (int(index) for index in wrong[0])
                is_, should = int(column[cycle, line]), int(right.columns[name][begin + cycle, line])
                uses = {service: [int(use) for use in used[:, line]] for service, used in case.lines.uses.items()}
                return (
                    f"{name} of cycle {begin + cycle + 1}, line {line}: {is_}, not {should}; {len(wrong)} differ; uses {uses}"
                )
        moved.update(found.moved)
        closing = found.closing
    assert right is not None
    assert closing is not None
    if +moved != +Counter(right.moved):
        return f"moved: {+moved} not {right.moved}"
    one, other = held_alike(closing), held_alike(right.closing)
    return "" if one == other else f"held: {one} not {other}"


def held_alike(closing: Mapping[Piece, Any]) -> dict[Piece, list[int]]:
    """Of pieces that differ in nothing but which came first, those of a line that are empty do not count."""
    alike: dict[Piece, list[tuple[int, Any]]] = {}
    for piece, amounts in closing.items():
        alike.setdefault(replace(piece, copy=0), []).append((piece.copy, amounts))
    found = {}
    for piece, copies in alike.items():
        rows = numpy.array([amounts for _, amounts in sorted(copies, key=lambda one: one[0])])
        rows = numpy.take_along_axis(rows, numpy.argsort(rows == 0, axis=0, kind="stable"), axis=0)
        found |= {replace(piece, copy=index): row.tolist() for index, row in enumerate(rows) if row.any()}
    return found


# ---- the run


@dataclass(slots=True)
class Run(Counted):
    beside: Counter[str] = field(default_factory=Counter)  # cycles that do not count, and why; cases that are no plan

    def do(self, number: int) -> None:
        case, found, told = None, "", Counter[str]()
        try:
            case = case_of(number)
            if case is None:
                self.beside["no plan"] += 1
                return
            found = difference(case, told)
        except Exception:
            found = traceback.format_exc()
        compared = told.pop("counted", 0)
        self.cycles += compared
        self.beside.update(told)
        self.beside["by days"] += compared * bool(case and case.by_days)
        if found:
            self.differs(number, case.text if case else "", f"plan {case and case.plan.name}, {found}")

    def told(self) -> str:
        beside = self.beside
        return (
            f"{self.cycles:,} cycles compared, {beside['by days']:,} of them day by day; {beside['one at a time']:,} cycles"
            f" more ran one at a time, {beside['no plan']} cases were no plan"
        )


def main() -> None:
    run = counted(Run, __doc__, 10_000_000)
    for reason, cycles in sorted(run.beside.items()):
        if reason.startswith("  "):
            print(f"{cycles:>12,} one at a time:{reason[1:]}")
    sys.exit(bool(run.differing))


if __name__ == "__main__":
    main()
