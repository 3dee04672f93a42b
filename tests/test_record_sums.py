"""Very many records: added up they come to what they come to one by one, and what is wrong with them is told with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsl import record_file
from dsl.check import Checked, check
from dsl.record_sums import RecordSums, Summed
from dsl.scenario import Scenario, Use
from dsl.source import NOWHERE, Source
from engine.run import run
from tui import arrow_sums, bulk_records
from tui.bulk_records import MOST, SMALL_BYTES, CancelledError
from tui.files import FileError

PLAN = """\
plan "Flex" postpaid
  grant 20 GB, 300 minutes
  unused data: carry 1 month, cap 10 GB
  when data runs out: sell 1 GB at 5 EUR
"""
COUNTED = PLAN + "  data counts in steps of 1 MB\n"


def checked(text: str = PLAN) -> Checked:
    found = check(Source("", text))
    assert not found.has_errors, found.diagnostics
    return found


def summed(text: str, plan: str = PLAN) -> RecordSums:
    of = checked(plan)
    sums = RecordSums(of, of.plans[0])
    rows = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)
    sums.read(rows, lambda: rows.line_num, lambda _: None)
    return sums


def said(found: Summed) -> list[tuple[str, object]]:
    return [(f"{one.at:%m-%d %H:%M}", one.act.amount if isinstance(one.act, Use) else one.act) for one in found.dated]


def test_uses_of_one_minute_are_one() -> None:
    sums = summed(
        "at,use\n2026-01-02 10:00:05,1 MB\n2026-01-02 10:00:59,2.5 MB\n2026-01-02 10:01,3 MB\n2026-01-02,60 seconds\n"
    )
    assert not sums.diagnostics
    assert said(sums.of_line("", 100)) == [("01-02 00:00", 60), ("01-02 10:00", 3_500_000), ("01-02 10:01", 3_000_000)]
    assert sums.of_line("", 100).per == "minute"


@pytest.mark.parametrize(("most", "per", "count"), [(180, "minute", 180), (179, "hour", 3), (2, "day", 1), (0, "day", 1)])
def test_so_much_is_added_up_that_there_are_no_more_than_wanted(most: int, per: str, count: int) -> None:
    rows = "".join(f"2026-01-02 {minute // 60:02}:{minute % 60:02},1 MB\n" for minute in range(180))
    found = summed("at,use\n" + rows).of_line("", most)
    assert (found.per, len(found.dated)) == (per, count)


def test_base_units_lines_and_other_deeds_are_read_too() -> None:
    sums = summed("at,service,amount,line\n2026-01-02,data,5,Kid\n2026-01-02,voice,7,\n2026-01-03,data,6,Kid\n")
    assert sums.lines() == ["Kid", ""]
    assert said(sums.of_line("Kid", 9)) == [("01-02 00:00", 5), ("01-03 00:00", 6)]
    bought = summed("at,use,top up\n2026-01-02,1 MB,\n2026-01-03,,1 GB\n").of_line("", 9)
    assert [type(one.act).__name__ for one in bought.dated] == ["Use", "TopUp"]


def test_records_that_count_in_steps_of_their_own_stay_as_they_are() -> None:
    text = "at,use\n2026-01-02 10:00:05,1.2 MB\n2026-01-02 10:00:05,1.2 MB\n"
    assert len(summed(text).of_line("", 9).dated) == 1
    found = summed(text, COUNTED).of_line("", 9)
    assert (len(found.dated), found.per) == (2, "")


def test_what_a_use_is_keeps_it_apart() -> None:
    found = summed("at,use\n2026-01-02,1 MB at night\n2026-01-02,1 MB\n").of_line("", 9)
    assert len(found.dated) == 2


@pytest.mark.parametrize(
    ("row", "line"),
    [("2026-13-02,1 MB", 3), ("2026-01-02,1 MBB", 3), ("2026-01-02 10:00:60,1 MB", 3), ("2026-01-02", 3), ("2026-01-02,", 0),
     ("2026-01-02T10:00+02:00,1 MB", 3), ("2026-01-02,-1 MB", 3), ("1900-01-01,1 MB", 3), ('2026-01-02,"1 MB', 3)],
)  # fmt: skip
def test_what_can_not_be_read_is_told_with_its_line(row: str, line: int) -> None:
    text = f"at,use\n2026-01-02,1 MB\n{row}\n"
    found = summed(text).diagnostics
    assert [one.span.line for one in found] == ([line] if line else [])
    one_by_one = record_file.read(Source("", text), checked())[1]
    assert [(one.code, one.span.line) for one in one_by_one] == [(one.code, one.span.line) for one in found]


def test_a_file_full_of_mistakes_is_not_read_to_its_end() -> None:
    sums = summed("at,use\n" + "2026-01-02,1 MBB\n" * 100_000)
    assert 50 < len(sums.diagnostics) < 200


# ---- the same as one by one

_times = st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 30)).map(lambda at: at.replace(microsecond=0))
_records = st.lists(
    st.tuples(_times, st.sampled_from(["1 MB", "350 MB", "2.5 GB", "3 minutes", "59 seconds", "7 GB"])), min_size=1, max_size=40
)


@settings(max_examples=60, deadline=None)
@given(_records, st.sampled_from([1, 5, 1_000]))
def test_every_cycle_comes_to_the_same(records: list[tuple[datetime, str]], most: int) -> None:
    text = "at,use\n" + "".join(f"{at:%Y-%m-%d %H:%M:%S},{use}\n" for at, use in sorted(records))
    of = checked()
    start = min(at for at, _ in records).replace(hour=0, minute=0, second=0)
    dated, diagnostics = record_file.read(Source("", text), of)
    assert not diagnostics
    found = summed(text).of_line("", most).dated
    one_by_one, together = (run(of.plans[0], Scenario("", "Flex", start, (), told, NOWHERE)) for told in (dated, found))
    assert one_by_one.statement.cycles == together.statement.cycles


@settings(max_examples=30, deadline=None)
@given(_records, st.sampled_from([",", "\n", "x"]))
def test_columns_come_to_the_same_as_rows_or_are_left_to_them(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[datetime, str]], odd: str
) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path_factory.mktemp("records") / "r.csv"
    text = "at,use\n" + "".join(f"{at:%Y-%m-%d %H:%M:%S},{use}\n" for at, use in records)
    for written in (text, f"{text}{odd}"):
        path.write_text(written)
        of = checked()
        sums = RecordSums(of, of.plans[0])
        if arrow_sums.add(path, sums, lambda *_: None):
            assert sums.of_line("", 9) == summed(written).of_line("", 9)
        else:
            assert written != text


# ---- files


def many(path: Path, rows: int = 4_000, use: Callable[[int], str] = lambda number: f"{number} KB") -> Path:
    start = datetime(2026, 1, 1)
    lines = (f"{start + timedelta(seconds=30 * number):%Y-%m-%d %H:%M:%S},{use(number + 1)}\n" for number in range(rows))
    path.write_text("at,use\n" + "".join(lines))
    assert path.stat().st_size > SMALL_BYTES
    return path


@pytest.mark.parametrize("has_arrow", [True, False])
def test_a_large_file_is_told_as_it_is_read_and_added_up(
    tmp_path: Path, has_arrow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_arrow:
        monkeypatch.setattr(arrow_sums, "add", lambda *_: False)
    of = checked()
    reported: list[str] = []
    path = many(tmp_path / "r.csv", 40_000)
    found = bulk_records.read(path, of, of.plans[0], lambda text, _: reported.append(text))
    kept = found.of("")
    assert found.lines == [""]
    assert kept.source == "r.csv, added up by the hour"
    assert len(kept.scenario.dated) <= MOST
    assert sum(one.act.amount for one in kept.scenario.dated if isinstance(one.act, Use)) == 1000 * sum(range(1, 40_001))
    assert reported[-1] == "40,000 records"


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    def stop(_text: str, _percent: int) -> None:
        raise CancelledError

    of = checked()
    with pytest.raises(CancelledError):
        bulk_records.read(many(tmp_path / "r.csv", 40_000), of, of.plans[0], stop)


def test_few_records_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("at,use\n2026-01-02 10:00:05,1 MB\n2026-01-02 10:00:06,1 MB\n")
    of = checked()
    kept = bulk_records.read(path, of, of.plans[0], lambda *_: None).of("")
    assert (len(kept.scenario.dated), kept.source, kept.scenario.start) == (2, "r.csv", datetime(2026, 1, 2))


@pytest.mark.parametrize("text", ["", "at,use\n", "nothing\n", "at,use\n2026-01-02,1 MBB\n", "at,use\n\xff", "\0"])
def test_a_file_without_records_says_why(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.csv"
    of = checked()
    for content in (text, text + "\n" * SMALL_BYTES):
        path.write_bytes(content.encode("latin-1"))
        with pytest.raises(FileError, match=r"r\.csv"):
            bulk_records.read(path, of, of.plans[0], lambda *_: None)
    with pytest.raises(FileError):
        bulk_records.read(tmp_path, of, of.plans[0], lambda *_: None)
    with pytest.raises(FileError):
        bulk_records.read(tmp_path / "none.csv", of, of.plans[0], lambda *_: None)


def test_parquet_comes_to_the_same_as_csv(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    of = checked()
    path = many(tmp_path / "r.csv")
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    times = [datetime.fromisoformat(at) for at, _ in rows]
    amounts = [int(use.removesuffix(" KB")) * 1000 for _, use in rows]
    table = arrow.table({"at": times, "service": ["data"] * len(rows), "amount": amounts})
    parquet.write_table(table, tmp_path / "r.parquet", compression="NONE")
    assert (tmp_path / "r.parquet").stat().st_size > SMALL_BYTES
    of_csv, of_parquet = (
        bulk_records.read(tmp_path / name, of, of.plans[0], lambda *_: None).of("") for name in ("r.csv", "r.parquet")
    )
    assert of_csv.scenario == of_parquet.scenario
