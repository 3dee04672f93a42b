"""`rollover settle --engine spark`: what it comes to is, row by row, what one process comes to."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_line import process, rollover

arrow = pytest.importorskip("pyarrow")
pytest.importorskip("numpy")
import pyarrow.parquet as parquet  # noqa: E402

from engine.batch.lines import Form  # noqa: E402
from tui import settling  # noqa: E402
from tui.files import FileError  # noqa: E402
from tui.running import UnusableError  # noqa: E402
from tui.settle import settler, usage, work  # noqa: E402
from tui.settle_spark import job, session, tasks  # noqa: E402
from tui.settling import Asked  # noqa: E402

has_spark = bool((shutil.which("java") or os.environ.get("JAVA_HOME")) and importlib.util.find_spec("pyspark"))
on_spark = pytest.mark.skipif(not has_spark, reason="needs Java and pyspark")
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning:py4j.*"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning:pyspark.*"),
]

PLANS = """
plan "Month" postpaid
  grant 10 GB, 100 minutes
  unused data: carry 2 months, cap 5 GB
plan "Week" prepaid
  cycle: 7 days
  grant 3 GB, 50 sms
  unused data: carry without end
"""
GB = 10**9
COLUMNS = ("subscriber", "plan", "start", "cycle", "data", "voice", "sms")
Row = tuple[Any, ...]


def base(lines: int, cycles: Sequence[int] = (1, 2), seed: int = 1) -> list[Row]:
    """Rows of `lines` subscribers, ascending, on two plans, with starts that differ."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for number in range(1, lines + 1):
        plan, day = ("Month", "Week")[number % 2], number % 28 + 1
        start = f"2026-01-{day:02d}"
        rows += [
            (number, plan, start, cycle, chance.randrange(12) * GB, chance.randrange(8000), number % 60) for cycle in cycles
        ]
    return rows


def table_of(rows: Sequence[Row], *, text: bool = False) -> Any:
    from datetime import date

    columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)) if rows else {name: [] for name in COLUMNS}
    name = [None if one is None else f"s{one:05d}" for one in columns["subscriber"]] if text else columns["subscriber"]
    kinds = {name: arrow.int64() for name in ("data", "voice", "sms")}
    return arrow.table(
        {
            "subscriber": arrow.array(name, arrow.string() if text else arrow.int64()),
            "plan": arrow.array(columns["plan"], arrow.string()).dictionary_encode(),
            "start": arrow.array([date.fromisoformat(day) for day in columns["start"]], arrow.date32()),
            "cycle": arrow.array(columns["cycle"], arrow.int32()),
            **{name: arrow.array(columns[name], kind) for name, kind in kinds.items()},
        }
    )


def write(path: Path, rows: Sequence[Row], *, text: bool = False) -> Path:
    path.parent.mkdir(exist_ok=True)
    parquet.write_table(table_of(rows, text=text), path)
    return path


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    plans = tmp_path / "two.plan"
    plans.write_text(PLANS.lstrip(), encoding="utf-8")
    return Asked([plans], [tmp_path / "usage"], tmp_path / "out", form=Form.NUMPY)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with session.session("local[2]", tmp_path_factory.mktemp("spark")) as spark:
        yield spark


def unheard(rows: int, line: str) -> None:
    del rows, line


def here(asked: Asked, out: Path, usage: Path, opening: Path | None = None) -> Path:
    settling.settle(replace(asked, usage=[usage], out=out, opening=[opening] if opening else []), unheard)
    return out


def settled(folder: Path, kind: str) -> list[str]:
    """All rows of the parts, in an order of their own, but for where they stood, which depends on the files."""
    rows = [row for path in (folder / kind).glob("*.parquet") for row in parquet.read_table(path).to_pylist()]
    return sorted(json.dumps({**row, "file": None, "row": None}, default=str) for row in rows)


def assert_same(found: Path, wanted: Path) -> None:
    assert settled(wanted, "statement")
    for kind in ("statement", "lots", "rejects"):
        assert settled(found, kind) == settled(wanted, kind), kind
    manifest, other = (json.loads((one / "manifest.json").read_text()) for one in (found, wanted))
    assert manifest["totals"] == other["totals"]
    for part in manifest["parts"]:
        for name, digest in part["files"].items():
            assert hashlib.sha256((found / name).read_bytes()).hexdigest() == digest
    there = {str(path.relative_to(found)) for path in found.rglob("*") if path.is_file()}
    assert there == {"manifest.json", *manifest["files"], *(name for part in manifest["parts"] for name in part["files"])}


# ---- a task a file


@on_spark
def test_files_of_whole_subscribers_are_a_task_each(asked: Asked, tmp_path: Path, spark: Any) -> None:
    rows = base(400)
    rows[5] = (*rows[5][:4], -1, 0, 0)  # a row that is rejected, with all of its subscriber
    for number, (begin, end) in enumerate([(0, 100), (100, 640), (640, 800)]):
        write(asked.usage[0] / f"{number}.parquet", rows[begin:end])
    write(asked.usage[0] / "3.parquet", [])
    wanted = here(asked, tmp_path / "one", write(tmp_path / "all.parquet", rows))

    lines: list[str] = []
    done = job.settle(asked, "local[2]", lambda _, line: lines.append(line), spark=spark)

    assert_same(asked.out, wanted)
    assert done.totals.rejected.total() == 2
    assert sorted(lines)[0] == "task 00000: 49 subscribers, 98 cycles, 2 rejected"
    told = [row for path in (asked.out / "rejects").glob("*") for row in parquet.read_table(path).to_pylist()]
    assert [(row["file"], row["row"]) for row in told] == [("0.parquet", 5), ("0.parquet", 6)]
    assert len(lines) == done.parts == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.parquet", "one", "out", "two.plan", "usage"]

    # A second month opens with the lots of the first, those of the subscribers who used nothing, too.
    more = [row for row in base(400, cycles=(3,), seed=2) if row[0] % 10 and row[0] != 3]
    write(tmp_path / "second" / "a.parquet", more[:200])
    write(tmp_path / "second" / "b.parquet", more[200:])
    opened = replace(asked, usage=[tmp_path / "second"], opening=[asked.out], out=tmp_path / "out2")
    job.settle(opened, "local[2]", unheard, spark=spark)
    assert_same(opened.out, here(asked, tmp_path / "one2", write(tmp_path / "all2.parquet", more), wanted))
    assert job.settle(opened, "local[2]", unheard, spark=spark).as_before


@on_spark
def test_a_run_that_was_killed_goes_on(asked: Asked, tmp_path: Path, spark: Any) -> None:
    """Killed before all tasks are done, while their parts are gathered, and while what they left is taken away."""
    rows = base(100)
    wanted = here(asked, tmp_path / "one", write(tmp_path / "all.parquet", rows))
    in_two_files(asked, rows)
    folder = asked.out.parent / f".{asked.out.name}.settling"

    killed(asked, spark, job, "_move", after=0)
    shutil.rmtree(folder / work.TASKS / "00001")
    killed(asked, spark, job, "_move", after=3)
    assert len(list(folder.glob("*/part-*"))) == 3  # of four
    killed(asked, spark, os, "rename", after=1)  # all parts have moved; the folder has not got its name
    shutil.rmtree(folder / work.TASKS / "00000", ignore_errors=True)
    job.settle(asked, "local[1]", unheard, spark=spark)
    assert_same(asked.out, wanted)


def in_two_files(asked: Asked, rows: Sequence[Row]) -> None:
    for number, half in enumerate((rows[: len(rows) // 2], rows[len(rows) // 2 :])):
        write(asked.usage[0] / f"{number}.parquet", half)


def killed(asked: Asked, spark: Any, owner: Any, name: str, *, after: int) -> None:
    """A run that ends where it would call that for one time more."""
    real, calls = getattr(owner, name), iter(range(99))

    def kill(*paths: Any) -> object:
        if next(calls) == after:
            raise KeyboardInterrupt
        return real(*paths)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, kill)
        with pytest.raises(KeyboardInterrupt):
            job.settle(asked, "local[1]", unheard, spark=spark)
    assert not asked.out.exists()


@on_spark
def test_a_damaged_file_is_told(asked: Asked, spark: Any) -> None:
    in_two_files(asked, base(100))
    path = asked.usage[0] / "1.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:200] + bytes(300) + whole[500:])
    with pytest.raises(FileError, match=r"1\.parquet can't be read on"):
        job.settle(asked, "local[1]", unheard, spark=spark)
    assert not asked.out.exists()


@on_spark
def test_what_a_late_attempt_left_of_another_run_is_not_taken(asked: Asked, tmp_path: Path, spark: Any) -> None:
    """An attempt that goes on when the run is over finds its folder gone, and makes it anew."""
    rows = base(40)
    in_two_files(asked, base(40, seed=7))
    folder = asked.out.parent / f".{asked.out.name}.settling"
    for number in range(2):
        mine = replace(asked, usage=[asked.usage[0] / f"{number}.parquet"])
        assert tasks.settle_file(tasks.Task(number, mine, folder / work.TASKS, retried=False)) == ""
    in_two_files(asked, rows)
    done = job.settle(asked, "local[1]", unheard, spark=spark)
    assert done.taken_up == 0
    assert_same(asked.out, here(asked, tmp_path / "one", write(tmp_path / "all.parquet", rows)))


# ---- rows in any order


@on_spark
@pytest.mark.parametrize("text", [False, True])
def test_rows_in_any_order_are_brought_together(asked: Asked, tmp_path: Path, spark: Any, text: bool) -> None:
    rows = base(300)
    rows += [rows[7], (*rows[9][:4], 1, 2, 3), (50, "Elsewhere", "2026-01-01", 3, 0, 0, 0), (None, *rows[0][1:])]
    random.Random(3).shuffle(rows)
    one = write(tmp_path / "all.parquet", rows, text=text)
    wanted = here(asked, tmp_path / "one", one)

    done = job.settle(replace(asked, usage=[one]), "local[2]", unheard, spark=spark, partition_rows=100)
    assert done.parts == 7
    assert done.totals.rejected.total() == 10
    assert_same(asked.out, wanted)

    # In two files that share subscribers, and on from there.
    write(asked.usage[0] / "a.parquet", rows[:250], text=text)
    write(asked.usage[0] / "b.parquet", rows[250:], text=text)
    halves = replace(asked, out=tmp_path / "halves")
    job.settle(halves, "local[2]", unheard, spark=spark, partition_rows=200)
    for kind in ("statement", "lots"):
        assert settled(halves.out, kind) == settled(wanted, kind)

    more = [row for row in base(300, cycles=(3,), seed=2) if row[0] % 7]
    random.Random(4).shuffle(more)
    second = write(tmp_path / "second.parquet", more, text=text)
    opened = replace(asked, usage=[second], opening=[asked.out], out=tmp_path / "out2")
    job.settle(opened, "local[2]", unheard, spark=spark, partition_rows=100)
    assert_same(opened.out, here(asked, tmp_path / "one2", second, wanted))


@on_spark
@pytest.mark.parametrize("kind", ["timestamp[ns]", "timestamp[us]", "timestamp[s]"])
def test_starts_and_amounts_of_other_types(asked: Asked, tmp_path: Path, spark: Any, kind: str) -> None:
    table = table_of(base(40))
    start = table.column("start").cast(arrow.timestamp("s")).cast(kind.removeprefix("x") and arrow.timestamp(kind[10:-1]))
    data = arrow.array([(1 << 63) + 5, *table.column("data").to_pylist()[1:]], arrow.uint64())  # too much: it is rejected
    table = table.set_column(2, "start", start).set_column(4, "used data", data).take(list(range(79, -1, -1)))
    one = tmp_path / "all.parquet"
    parquet.write_table(table, one)
    asked = replace(asked, usage=[one], mapping={"data": "used data"})
    wanted = here(asked, tmp_path / "one", one)
    assert job.settle(asked, "local[1]", unheard, spark=spark, partition_rows=50).totals.rejected.total() == 2
    assert_same(asked.out, wanted)


# ---- dated records


def records(lines: int, months: Sequence[int] = (1, 2), seed: int = 1) -> Any:
    """Records of `lines` subscribers, ascending: some at the first instant of a cycle, some twice the same, one of no time."""
    from datetime import datetime, timedelta

    chance = random.Random(seed)
    rows = []
    for number in range(1, lines + 1):
        start = datetime(2026, 1, number % 28 + 1)
        plan, length = (("Month", timedelta(days=28)), ("Week", timedelta(days=7)))[number % 2]
        for month in months:
            begin = start + (month - 1) * length if plan == "Week" else start.replace(month=month)
            times = [begin, *(begin + timedelta(seconds=chance.randrange(int(length.total_seconds()))) for _ in range(4))]
            rows += [(number, plan, start, at, chance.randrange(4) * GB, chance.randrange(3000)) for at in [*times, times[1]]]
    if 1 in months:
        rows[20] = (*rows[20][:3], None, *rows[20][4:])
    columns = dict(zip(("subscriber", "plan", "start", "at", "data", "voice"), map(list, zip(*rows, strict=True)), strict=True))
    kinds = {"start": arrow.timestamp("us"), "at": arrow.timestamp("us")}
    return arrow.table({name: arrow.array(values, kinds.get(name)) for name, values in columns.items()})


@on_spark
@pytest.mark.parametrize("kind", ["timestamp[us]", "timestamp[ns]", "string"])
def test_dated_records_come_to_what_one_process_says(asked: Asked, tmp_path: Path, spark: Any, kind: str) -> None:
    table = records(60)
    if kind == "string":
        at = arrow.compute.strftime(table.column("at").cast(arrow.timestamp("s")), format="%Y-%m-%d %H:%M:%S")
    else:
        at = table.column("at").cast(arrow.timestamp(kind[10:-1]))
    table = table.set_column(3, "event time", at)
    asked = replace(asked, mapping={"at": "event time"})
    parquet.write_table(table, tmp_path / "all.parquet")
    wanted = here(asked, tmp_path / "one", tmp_path / "all.parquet")

    asked.usage[0].mkdir()
    cut = table.column("subscriber").to_pylist().index(31)
    for number, part in enumerate((table.slice(0, cut), table.slice(cut))):
        parquet.write_table(part, asked.usage[0] / f"{number}.parquet")
    assert job.settle(asked, "local[2]", unheard, spark=spark).totals.rejected.total() == 12  # all of that subscriber
    assert_same(asked.out, wanted)

    order = list(range(len(table)))
    random.Random(2).shuffle(order)
    parquet.write_table(table.take(order), tmp_path / "mixed.parquet")
    mixed = replace(asked, usage=[tmp_path / "mixed.parquet"], out=tmp_path / "mixed")
    job.settle(mixed, "local[2]", unheard, spark=spark, partition_rows=200)
    assert_same(mixed.out, wanted)


@on_spark
def test_dated_records_of_a_month_that_opens(asked: Asked, tmp_path: Path, spark: Any) -> None:
    parquet.write_table(records(40, (1,)), tmp_path / "jan.parquet")
    jan = here(asked, tmp_path / "jan", tmp_path / "jan.parquet")
    table = records(40, (2,), seed=2).drop_columns(["start"])  # what opens says it
    parquet.write_table(table.take(list(range(len(table)))[::-1]), tmp_path / "feb.parquet")
    wanted = here(asked, tmp_path / "one", tmp_path / "feb.parquet", jan)
    feb = replace(asked, usage=[tmp_path / "feb.parquet"], opening=[jan])
    job.settle(feb, "local[2]", unheard, spark=spark, partition_rows=100)
    assert_same(feb.out, wanted)


# ---- without Spark: how files are divided, and what a second attempt leaves


def opened(*paths: Path) -> list[usage.Usage]:
    return [usage.opened(path, {}, ("data", "voice", "sms")) for path in paths]


def test_files_are_divided_where_their_subscribers_lie_apart(tmp_path: Path) -> None:
    rows = base(30)
    first, last = write(tmp_path / "b.parquet", rows[:20]), write(tmp_path / "a.parquet", rows[20:])
    empty = write(tmp_path / "c.parquet", [])
    divided = job.shares(opened(last, first, empty))
    assert [(file.path, share) for file, share in divided] == [(first, (None, 10)), (last, (10, None))]

    for shared in ([rows[19]], [rows[3], rows[59]], [(None, *rows[0][1:])]):
        assert not job.shares(opened(first, last, write(tmp_path / "d.parquet", shared)))
    parquet.write_table(table_of(rows[20:]), last, write_statistics=False)
    assert not job.shares(opened(first, last))


def test_a_second_attempt_leaves_what_the_first_made(asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = write(tmp_path / "all.parquet", base(20))
    task = tasks.Task(4, replace(asked, usage=[one]), tmp_path / "tasks", retried=False)
    slow = settling.settle

    def overtaken(asked: Asked, report: settling.Report) -> settling.Done:
        monkeypatch.setattr(settling, "settle", slow)
        assert tasks.settle_file(task) == ""  # the second attempt, done while the first one is about to begin
        (task.done / "mark").touch()
        return slow(asked, report)

    monkeypatch.setattr(settling, "settle", overtaken)
    assert tasks.settle_file(task) == ""
    assert tasks.settle_file(task) == ""
    assert [path.name for path in task.folder.iterdir()] == ["00004"]
    assert (task.done / "mark").exists()


def test_parts_of_one_process_are_not_added_to_those_of_tasks(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are the same rows: a run that one process did not finish is not gone on with by Spark, nor the reverse."""
    one = replace(asked, usage=[write(tmp_path / "all.parquet", base(40))], chunk_rows=10, part_rows=20)
    settled, calls = settler.Settler.settle, iter(range(99))

    def interrupted(self: settler.Settler, *tables: Any) -> settler.Outcome:
        if next(calls) == 4:
            raise KeyboardInterrupt
        return settled(self, *tables)

    monkeypatch.setattr(settler.Settler, "settle", interrupted)
    with pytest.raises(KeyboardInterrupt):
        settling.settle(one, unheard)
    with pytest.raises(FileError, match="holds a run that was not finished, of other input or other options"):
        job.settle(one, "local[1]", unheard, partition_rows=20)
    assert list((tmp_path / ".out.settling" / "statement").iterdir())  # what was done stays


def test_what_can_not_be_divided_is_told(asked: Asked, tmp_path: Path) -> None:
    asked.usage[0].mkdir()
    with pytest.raises(FileError, match="no Parquet files are in it"):
        job.settle(asked, "local[1]", unheard)
    write(asked.usage[0] / "a.parquet", base(3))
    parquet.write_table(table_of(base(3)).drop_columns(["sms"]), asked.usage[0] / "b.parquet")
    with pytest.raises(FileError, match=r"b\.parquet differs from a\.parquet: only one of them has sms as int64"):
        job.settle(asked, "local[1]", unheard)
    with pytest.raises(FileError, match="usage is Parquet"):
        job.settle(replace(asked, usage=[tmp_path / "u.csv"]), "local[1]", unheard)
    (asked.usage[0] / "b.parquet").unlink()
    for name in ("jan", "right"):
        here(asked, tmp_path / name, write(tmp_path / f"{name}.parquet", base(3)))
    with pytest.raises(FileError, match="--engine spark takes one --opening where"):
        job.settle(replace(asked, opening=[tmp_path / "jan", tmp_path / "right"]), "local[1]", unheard)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("name", ["a*.parquet", "a?.parquet", "b[1].parquet", "{b,c}.parquet", "_b.parquet", ".b.parquet"])
def test_names_that_spark_would_take_for_others_are_refused(asked: Asked, tmp_path: Path, name: str) -> None:
    """`a*` would be read with `a1`, whose rows then count twice, and `_b` not at all."""
    rows = base(4)
    one, other = write(tmp_path / "a1.parquet", rows), write(tmp_path / name, rows[::-1])
    with pytest.raises(FileError, match=r"can't be read by Spark: rename it"):
        job.settle(replace(asked, usage=[one, other]), "local[1]", unheard)
    assert not list(tmp_path.glob(".*settling"))


def test_without_java_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UnusableError, match="Spark needs Java, 17 or later"), session.session("local[1]", tmp_path / "s"):
        pass


# ---- the command, and what others can reach


@on_spark
def test_the_command(asked: Asked, tmp_path: Path) -> None:
    one = write(tmp_path / "all.parquet", base(20)[::-1])
    command = ["settle", str(asked.plans[0]), "--usage", str(one), "--form", "numpy", "--out"]
    ran = process(*command, str(asked.out), "--engine", "spark", "--master", "local[1]")
    assert ran.stderr.decode() == "task 00000: 20 subscribers, 40 cycles, 0 rejected\n"  # and not a word of Spark or Java
    assert (ran.returncode, ran.stdout.decode()) == (0, f"{asked.out} written: 40 cycles of 20 subscribers\n")
    assert_same(asked.out, here(asked, tmp_path / "one", one))
    refused = rollover(*command, str(tmp_path / "two"), "--master", "local[1]")
    assert (refused.exit_code, refused.output) == (2, "--master is of Spark: give --engine spark, too\n")


@on_spark
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc")
def test_nothing_listens_but_on_the_loopback(spark: Any) -> None:
    assert spark.range(3).count() == 3
    addresses = _listening(spark.sparkContext._gateway.proc.pid)
    assert addresses
    assert addresses <= {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


def _listening(process: int) -> set[str]:
    """Addresses, as /proc has them, on which this process listens."""
    its = {os.readlink(path) for path in Path(f"/proc/{process}/fd").iterdir()}
    tables = [path.read_text().splitlines()[1:] for path in Path(f"/proc/{process}/net").glob("tcp*")]
    rows = [line.split() for table in tables for line in table]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in its}
