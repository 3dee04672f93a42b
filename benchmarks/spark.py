"""`rollover settle --engine spark`, a task a file, against one process on the same files, both warm.

    python benchmarks/spark.py [--subscribers 1e6] [--months 1] [--files 4] [--rounds 3]

One process settles file after file. What comes out is compared, byte by byte, before a figure is told. Of one process it is
also told what decoding, the kernel and encoding take. Nothing here is a test: machines differ, figures are reported.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pyarrow.parquet as parquet  # noqa: E402

from tui import settling, simulating  # noqa: E402
from tui.settle import several, work  # noqa: E402
from tui.settle_spark import job  # noqa: E402
from tui.settle_spark.session import session  # noqa: E402

PLAN = ROOT / "examples" / "flex.plan"
NAME = "Flex 20"


def unheard(rows: int, line: str) -> None:
    del rows, line


def made(folder: Path, subscribers: int, months: int, files: int) -> int:
    """Files of usage with about as many rows each; gives back the rows of all."""
    folder.mkdir()
    base = simulating.base(simulating.Asked(subscribers, months, 7, None, (PLAN,), (NAME,)))
    parts = [base.part(part, files) for part in range(1, files + 1)]
    return sum(
        simulating.write(base, blocks, folder / f"{number:03d}.parquet", dated=False, report=lambda _: None)
        for number, blocks in enumerate(parts)
        if blocks
    )


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def tell(what: str, figure: str, goal: str = "") -> None:
    print(f"{what:<58} {figure:>22}  {goal}".rstrip(), flush=True)


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def digests(*folders: Path) -> list[str]:
    """Of statements and lots, in the order of the files."""
    return [
        hashlib.sha256(path.read_bytes()).hexdigest()
        for kind in ("statement", "lots")
        for folder in folders
        for path in sorted((folder / kind).glob("*.parquet"))
    ]


def here(asked: settling.Asked, files: list[Path], out: Path) -> list[Path]:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    for path in files:
        settling.settle(replace(asked, usage=[path], out=out / path.stem), unheard)
    return sorted(out.iterdir())


def shares(asked: settling.Asked, files: list[Path], folder: Path) -> dict[str, float]:
    """Seconds of the processor for decoding, settling and encoding, one after the other."""
    run = settling.Run(replace(asked, usage=files[:1]))
    list(map(run.settler.settle, list(several.opened_all(files[:1], {}, run.wanted).chunks())[:1]))  # compiled
    spent = dict.fromkeys(("decode", "settle", "encode"), 0.0)
    for path in files:
        chunks = several.opened_all([path], {}, run.wanted).chunks()
        begun = time.process_time()
        with work.parquet_writer(folder / "a" / path.name, run.settler.schema(run.usage.subscriber)) as (statements, _):
            lots_writer = None
            while True:
                chunk = next(chunks, None)
                decoded = time.process_time()
                spent["decode"] += decoded - begun
                if chunk is None:
                    break
                outcome = run.settler.settle(chunk)
                settled = time.process_time()
                if lots_writer is None:
                    lots_writer = parquet.ParquetWriter(folder / "b.parquet", outcome.lots.schema, compression="none")
                statements.write_table(outcome.statement)
                lots_writer.write_table(outcome.lots)
                begun = time.process_time()
                spent["settle"] += settled - decoded
                spent["encode"] += begun - settled
            lots_writer.close()
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--subscribers", type=float, default=1e6)
    parser.add_argument("--months", type=int, default=1)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--shuffle", action="store_true", help="rows brought together by Spark, too")
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), given)


def measure(folder: Path, given: argparse.Namespace) -> None:
    rows = made(folder / "usage", int(given.subscribers), given.months, given.files)
    files = sorted((folder / "usage").iterdir())
    asked = settling.Asked([PLAN], [folder / "usage"], folder / "out", plan=NAME)
    tell("rows, files", f"{rows:,}, {len(files)}")
    wanted = here(asked, files, folder / "one")
    worked = time.process_time()
    one = statistics.median(timed(lambda: here(asked, files, folder / "one")) for _ in range(given.rounds))
    worked = (time.process_time() - worked) / given.rounds
    tell("one process, file after file", f"{one:.2f} s", f"{one / rows * 1e9:.0f} ns a row")
    tell("  processor time of it", f"{worked:.2f} s", f"{worked / rows * 1e9:.0f} ns a row")
    spent = shares(asked, files, folder / "one")
    whole = sum(spent.values())
    for what, seconds in spent.items():
        tell(f"  {what}", f"{seconds:.2f} s", f"{seconds / whole:.0%}")
    tell("bytes read, written a row", f"{bytes_in(folder / 'usage') / rows:.1f}, {sum(map(bytes_in, wanted)) / rows:.1f}")
    tell("memory of this process at the most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")
    master = f"local[{given.cores}]"
    with session(master, folder / "spark") as spark:
        ways = [("a task a file", asked)]
        if given.shuffle:
            whole_file = folder / "whole.parquet"
            parquet.write_table(parquet.read_table(folder / "usage"), whole_file)
            ways.append(("rows brought together", replace(asked, usage=[whole_file])))
        for way, question in ways:
            times = []
            for _ in range(given.rounds + 1):
                shutil.rmtree(folder / "out", ignore_errors=True)
                times.append(timed(lambda question=question: job.settle(question, master, unheard, spark=spark)))
            if way == "a task a file":
                assert digests(folder / "out") == digests(*wanted), "what came out differs"
            spent_here = statistics.median(times[1:])
            goal = f"{spent_here / one:.2f} of one process; first {times[0]:.1f} s"
            tell(f"Spark, {master}, {way}, warm", f"{spent_here:.2f} s", goal)


if __name__ == "__main__":
    main()
