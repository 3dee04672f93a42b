"""Very many subscribers, a year of cycles each, in one process: the batch engine beside C and what else runs rules.

    python benchmarks/settle.py --yardstick settle.c [--subscribers 1000000] [--rounds 9] [--clock cpu]

W1 carries unused data for a month, up to a cap, and converts the rest; W2 carries lots for three months, each with its own end.
The yardstick is a C source with `w1_mmd`, `w2_mmd` (columns), `w1_sm`, `w2_sm` (rows) and `memcpy_bytes`, kept out of the
project: named by `--yardstick` or ROLLOVER_YARDSTICK, compiled by gcc into a folder that is gone afterwards.

Each round runs every way once, one after the other, on arrays that were written before. A run counts only if its six figures
equal the C ones, element by element, and if for each line what came in went somewhere. polars, duckdb and OpenFisca take part
where they are installed (extra `bench`); a Python loop and the interpreter run a few lines. Nothing here is a test: machines
differ, figures are reported.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when it is loaded

import numpy

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import settle_rules as rules  # noqa: E402
from benchmarks.speed import machine  # noqa: E402
from dsl.check import check  # noqa: E402
from dsl.plan import Plan  # noqa: E402
from dsl.source import Source  # noqa: E402
from engine.batch.batch import Batch  # noqa: E402
from engine.batch.lines import Form, Lines  # noqa: E402
from engine.batch.rows import Rows  # noqa: E402

GB, MONTHS = rules.GB, rules.MONTHS
START = datetime(2026, 1, 1)
W1 = """rate 1 GB = 30 minutes
plan "W1" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
"""
PLANS = {"W1": W1, "W2": W1.replace("carry 1 month, cap 10 GB", "carry 3 months, cap 40 GB, newest goes first")}
COLUMNS = ("data_used", "data_overage", "data_carried_out", "data_expired", "voice_converted_in", "data_left")
GOALS = {  # of the batch engine, against another way: W1, W2
    "C, columns": (1.10, 1.20),
    "memcpy": (1.0, None),
}
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
FEW = 100  # subscribers that the slow ways run


@dataclass(slots=True)
class Way:
    """Something that settles: `prepare` gives what is timed, `figures` what it came to, as arrays month by line."""

    name: str
    prepare: Callable[[], Callable[[], Any]]
    figures: Callable[[Any], Any] | None = None
    lines: int = 0  # fewer than all
    took: list[float] = field(default_factory=list)
    wrong: str = ""

    def ns(self, pick: Callable[[list[float]], float], lines: int) -> float:
        return pick(self.took) * 1e9 / ((self.lines or lines) * MONTHS)


# ---- what is settled


def usage(lines: int) -> Any:
    """Bytes used, month by line: lognormal around 15 GB, always the same."""
    drawn = numpy.random.default_rng(7).lognormal(numpy.log(15 * GB), 0.6, (MONTHS, lines))
    return drawn.astype(numpy.int64)


def balances(used: Any, figures: Any) -> bool:
    """Granted and carried in = used, carried out, expired and converted, for each line and month."""
    taken, _, carried, expired, minutes, _ = figures
    converted = (minutes * GB + 29) // 30
    for month in range(MONTHS):
        came = 20 * GB + (carried[month - 1] if month else 0)
        if not (came == taken[month] + carried[month] + expired[month] + converted[month]).all():
            return False
    return bool((taken + figures[1] == used).all())


# ---- C


def yardstick(source: Path, folder: Path) -> ctypes.CDLL:
    library = folder / "settle.so"
    subprocess.run(["gcc", "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", source, "-o", library], check=True)
    return ctypes.CDLL(str(library))


def pointer(array: Any) -> ctypes.c_void_p:
    assert array.flags.c_contiguous
    return ctypes.c_void_p(array.ctypes.data)


def c_way(library: ctypes.CDLL, which: str, used: Any, out: Any, *, rows: bool, threads: int) -> Way:
    given = numpy.ascontiguousarray(used.T) if rows else used
    settle = library[f"{which.lower()}_{'sm' if rows else 'mmd'}"]
    arguments = [pointer(given), *map(pointer, out)]
    count = ctypes.c_int64(used.shape[1])

    def figures(_: Any) -> Any:
        return out.reshape(6, used.shape[1], MONTHS).transpose(0, 2, 1) if rows else out

    def run() -> Any:
        settle(count, *arguments, threads)
        return given  # as long as this lives, its memory does

    return Way(f"C, {'rows' if rows else 'columns'}{of(threads)}", lambda: run, figures)


def memcpy_way(library: ctypes.CDLL, used: Any, out: Any, threads: int) -> Way:
    """As many bytes as the six figures and what is used."""
    many = ctypes.c_int64(out.nbytes)
    source, target = numpy.ones_like(out), numpy.zeros_like(out)
    more = numpy.zeros_like(used)

    def copy() -> None:
        library.memcpy_bytes(pointer(target), pointer(source), many, threads)
        library.memcpy_bytes(pointer(more), pointer(used), ctypes.c_int64(used.nbytes), threads)

    return Way(f"memcpy{of(threads)}", lambda: copy)


def of(threads: int) -> str:
    return "" if threads == 1 else f", {threads} threads"


# ---- the batch engine


def lines_of(used: Any) -> Lines:
    many = used.shape[1]
    return Lines(
        (START,), numpy.zeros(many, numpy.int64), numpy.ones(many, numpy.int64), numpy.full(many, MONTHS), {"data": used}
    )


def in_minutes(figures: Any) -> Any:
    """Columns of the engine hold seconds; the six figures minutes."""
    figures = list(figures)
    figures[4] = figures[4] // 60
    return figures


def batch_way(plan: Plan, used: Any, form: Form, name: str, *, moved: bool = False) -> Way:
    """All of what a call does: which lines are alike, whether amounts are too large, what they hold."""
    batch = Batch(plan, COLUMNS, form, moved=moved)
    lines = lines_of(used)
    return Way(name, lambda: lambda: batch.settle(lines), lambda found: in_minutes(found.figures))


def kernel_way(plan: Plan, used: Any, threads: int) -> Way:
    """The compiled function alone, on arrays that are there; on several threads each runs lines of its own."""
    batch = Batch(plan, COLUMNS, Form.NUMBA, moved=False)
    batch.settle(lines_of(used[:, :10]))
    [made], [settle] = batch.alike.programs.values(), batch._ready.values()
    count = used.shape[1]
    figures = numpy.zeros((len(COLUMNS), MONTHS, count), numpy.int64)
    opening, closing = (numpy.zeros((rows, count), numpy.int64) for rows in (len(made.opening), made.most_held))  # type: ignore[union-attr]
    moved = numpy.zeros(1, numpy.int64)
    batch._fill(made, figures, kept=False)  # type: ignore[arg-type]
    cuts = [count * part // threads // 64 * 64 for part in range(threads)] + [count]
    pool = ThreadPoolExecutor(threads)

    def part(first: int, end: int) -> None:
        settle(first, end, MONTHS, opening, closing, moved, used, figures)

    def run() -> None:
        list(pool.map(part, cuts[:-1], cuts[1:]))

    alone = threads == 1
    return Way(f"numba{of(threads)}", lambda: (lambda: part(0, count)) if alone else run, lambda _: in_minutes(figures))


def interpreter_way(plan: Plan, used: Any) -> Way:
    rows = Rows(plan, START)
    histories = [[{"data": int(one)} for one in line] for line in used[:, :FEW].T]

    def figures(found: Any) -> Any:
        def one(sums: Any) -> tuple[int, ...]:
            data = sums.services["data"]
            voice = sums.services.get("voice")  # a line that never converts has none
            minutes = voice.converted_in // 60 if voice else 0
            return data.used, data.overage, data.carried_out, data.expired, minutes, data.left

        return numpy.array([[one(cycle.sums) for cycle in line] for line in found]).transpose(2, 1, 0)

    return Way("the interpreter, by days", lambda: lambda: [rows.settle(history) for history in histories], figures, FEW)


def loop_way(text: str, used: Any) -> Way:
    settle = rules.python_loop(text)
    histories = used[:, :FEW].T.tolist()

    def figures(found: Any) -> Any:
        return numpy.array(found).transpose(2, 1, 0)

    return Way("Python loop", lambda: lambda: [settle(history) for history in histories], figures, FEW)


def others(text: str, used: Any, only: list[str]) -> list[Way]:
    found: list[Way] = []
    if only != [""] and not {"polars", "duckdb", "OpenFisca"} & {*only}:
        return found
    if importlib.util.find_spec("polars"):
        polars, figures = rules.polars_way(text, used)
        found.append(Way("polars, 1 thread", lambda: polars, figures))
    if importlib.util.find_spec("duckdb"):
        duckdb, out = rules.duckdb_way(text, used, 1)
        found.append(Way("duckdb, 1 thread", lambda: duckdb, out))
    if importlib.util.find_spec("openfisca_core"):
        prepare, told = rules.openfisca_way(text, used)
        found.append(Way("OpenFisca, int64", prepare, told))
    missing = {"polars", "duckdb", "OpenFisca"} - {way.name.split(",")[0] for way in found}
    if missing:
        print(f"not installed, so not measured: {', '.join(sorted(missing))}")
    return found


# ---- the run


def measure(ways: list[Way], used: Any, right: Any, rounds: int, clock: Callable[[], float]) -> None:
    for turn in range(rounds + 1):  # the first one warms up
        for way in ways:
            run = way.prepare()
            begin = clock()
            made = run()
            took = clock() - begin
            if turn:
                way.took.append(took)
            if way.figures and not way.wrong:
                way.wrong = _wrong(way, way.figures(made), used, right)
            del made, run


def _wrong(way: Way, found: Any, used: Any, right: Any) -> str:
    """Why a run does not count; empty if it does."""
    lines = way.lines or used.shape[1]
    for name, mine, its in zip(rules.FIGURES, found, right, strict=True):
        for month in range(MONTHS):
            if not numpy.array_equal(mine[month], its[month][:lines]):
                return f"{name} differs"
    return "" if balances(used[:, :lines], numpy.asarray(found)) else "does not balance"


def report(which: str, ways: list[Way], lines: int) -> None:
    base = {way.name: way for way in ways}
    ours = base["numba"]
    print(f"\n{which}: ns per subscriber-cycle")
    print(f"{'':<28}{'minimum':>10}{'median':>10}{'times C':>10}{'times numba':>13}")
    for way in ways:
        if way.wrong:
            print(f"{way.name:<28}does not count: {way.wrong}")
            continue
        least, middle = way.ns(min, lines), way.ns(statistics.median, lines)
        c, mine = base["C, columns"].ns(min, lines), ours.ns(min, lines)
        print(f"{way.name:<28}{least:>10.2f}{middle:>10.2f}{least / c:>10.2f}{least / mine:>13.2f}")
    for goal in goals(which, base, lines):
        print(goal)


def goals(which: str, base: dict[str, Way], lines: int) -> list[str]:
    index = list(PLANS).index(which)

    def ratio(one: str, other: str, pick: Callable[[list[float]], float] = min) -> float:
        return base[one].ns(pick, lines) / base[other].ns(pick, lines)

    found = [
        (f"numba against {other}", ratio("numba", other), most[index], 1)
        for other, most in GOALS.items()
        if most[index] and other in base
    ]
    if "numpy" in base:
        found.append(("numpy against C, columns", ratio("numpy", "C, columns"), 5, 1))
    if "OpenFisca, int64" in base and not base["OpenFisca, int64"].wrong:
        found.append(("OpenFisca against numba", ratio("OpenFisca, int64", "numba"), 8, -1))
    return [
        f"  {what}: {is_:.2f}, goal {'at most' if way > 0 else 'more than'} {most}: "
        + ("met" if way * is_ <= way * most else "MISSED")
        for what, is_, most, way in found
    ]


def compile_time(plan: Plan) -> str:
    used = usage(1000)

    def first() -> float:
        begin = time.perf_counter()
        Batch(plan, COLUMNS, Form.NUMBA, moved=True).settle(lines_of(used))
        return time.perf_counter() - begin

    return f"from a plan to its first figures: {first():.2f} s"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--yardstick", type=Path, default=os.environ.get("ROLLOVER_YARDSTICK"))
    options.add_argument("--subscribers", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--only", help="ways whose names begin with one of these words, by comma; C and numba in any case")
    options.add_argument(
        "--clock", choices=CLOCKS, default="wall", help="cpu: where other work shares the cores; one thread only"
    )
    chosen = options.parse_args()
    if not chosen.yardstick or not chosen.yardstick.is_file():
        sys.exit("the C yardstick is not there: name its source by --yardstick FILE or ROLLOVER_YARDSTICK")
    print(f"{machine()}, {chosen.subscribers:,} subscribers, {MONTHS} cycles, {chosen.rounds} rounds")
    print(f"load {os.getloadavg()[0]:.1f}, {chosen.clock} time")
    used = usage(chosen.subscribers)
    out = numpy.zeros((6, MONTHS, chosen.subscribers), numpy.int64)
    other = numpy.zeros_like(out)
    with tempfile.TemporaryDirectory() as folder:
        library = yardstick(chosen.yardstick, Path(folder))
        for which, text in PLANS.items():
            [plan] = check(Source(which, text)).plans
            print(f"\n{which}, {compile_time(plan)}")
            right = c_way(library, which, used, out, rows=False, threads=1)
            right.prepare()()
            want = out.copy()
            ways = [
                right,
                c_way(library, which, used, other, rows=True, threads=1),
                memcpy_way(library, used, out, 1),
                kernel_way(plan, used, 1),
                batch_way(plan, used, Form.NUMBA, "numba, the whole call"),
                batch_way(plan, used, Form.NUMBA, "numba, and what rules moved", moved=True),
                batch_way(plan, used, Form.NUMPY, "numpy"),
                c_way(library, which, used, out, rows=False, threads=2),
                memcpy_way(library, used, out, 2),
                kernel_way(plan, used, 2),
                *others(rules.WAYS[which], used, (chosen.only or "").split(",")),
                loop_way(rules.WAYS[which], used),
                interpreter_way(plan, used),
            ]
            if chosen.only:
                kept = ("C, columns", "numba", *chosen.only.split(","))
                ways = [way for way in ways if way.name.startswith(kept)]
            measure(ways, used, want, chosen.rounds, CLOCKS[chosen.clock])
            report(which, ways, chosen.subscribers)
            del ways
    print(f"\nload at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
