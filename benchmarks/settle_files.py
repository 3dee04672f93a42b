"""From a file of usage to a folder of statements and lots, beside the same reading and writing with nothing in between.

`python -m benchmarks.settle_files [--subscribers N]`; a month of W1 of tests/test_batch.py, numba, warm, the least of
some rounds.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import pyarrow as arrow
import pyarrow.parquet

from engine.batch.lines import Form
from tests.test_batch import W1
from tui.settle import work
from tui.settling import Asked, Run

ROWS_AT_ONCE = 1 << 17


def make(path: Path, subscribers: int) -> None:
    draw = numpy.random.default_rng(7)
    schema = arrow.schema([("subscriber", arrow.int64()), ("cycle", arrow.int32()), ("data", arrow.int64())])
    whole = {"subscriber": "DELTA_BINARY_PACKED", "data": "DELTA_BINARY_PACKED"}
    with arrow.parquet.ParquetWriter(
        path, schema, compression="none", use_dictionary=["cycle"], column_encoding=whole
    ) as writer:  # fmt: skip
        for begin in range(0, subscribers, ROWS_AT_ONCE):
            many = min(ROWS_AT_ONCE, subscribers - begin)
            used = draw.lognormal(numpy.log(15e9), 0.6, many).astype(numpy.int64)
            columns = [numpy.arange(begin, begin + many) + 1, numpy.ones(many, numpy.int32), used]
            writer.write_table(arrow.table(columns, schema=schema))


def copied(table: arrow.Table) -> arrow.Table:
    """In memory of its own: what is settled stays only until the piece after the next."""
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return arrow.ipc.open_stream(sink.getvalue()).read_all()


def timed(do: Callable[[], None]) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - began, time.process_time() - worked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "w1.plan").write_text(W1)
        make(home / "u.parquet", options.subscribers)
        asked = Asked([home / "w1.plan"], [home / "u.parquet"], home / "out", form=Form.NUMBA)
        first = Run(asked)
        made: list[tuple[arrow.Table, arrow.Table]] = []
        for table in first.files.chunks():
            outcome = first.settler.settle(table)
            made.append((copied(outcome.statement), copied(outcome.lots)))

        def settle() -> None:
            run = Run(asked)
            run.settler = first.settler  # which has compiled
            with run.work.held():
                run.go(lambda _rows, _line: None)
                run.finish()

        def read_and_write() -> None:
            one = work.parquet_writer(home / "plain" / "statement.parquet", made[0][0].schema)
            other = work.parquet_writer(home / "plain" / "lots.parquet", made[0][1].schema)
            with one as (statements, _), other as (lots, _):
                for (statement, held), _table in zip(made, first.files.chunks(), strict=True):
                    statements.write_table(statement)
                    lots.write_table(held)

        rounds: list[tuple[tuple[float, float], tuple[float, float]]] = []
        for _ in range(options.rounds):
            shutil.rmtree(home / "out", ignore_errors=True)
            rounds.append((timed(settle), timed(read_and_write)))
    for what, place in (("by the clock", 0), ("processor time", 1)):
        ours, plain = (min(one[side][place] for one in rounds) for side in (0, 1))
        print(
            f"{what}: settled {ours:.2f} s, read and written {plain:.2f} s, {ours / plain:.2f} of it (goal by the clock 1.15)"
        )


if __name__ == "__main__":
    main()
