"""A row that can't be settled is told with its file, its row and its reason, and all others are settled."""

from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

import pyarrow as arrow
import pyarrow.parquet as parquet
from bases import PLANS, START, figures, lots, rows, rows_of, settle, usage
from command_line import rollover, written

from tui import settling
from tui.settle import usage as reading

HEADER = "subscriber,plan,start,cycle,data\n"
GOOD = {name: (name % 7, name % 5) for name in range(1, 6)}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("base.plan", PLANS)


def places(out: str = "out") -> list[tuple[object, ...]]:
    return [(row["file"], row["row"], row["reason"]) for row in rows(out, "rejects")]


# ---- where it stands


@pytest.mark.parametrize("order", ["ascending", "mixed"])
@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_reject_says_in_which_row_of_which_file_it_stands(order: str, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settling.CHUNK > 3  # it is loaded before
    monkeypatch.setattr(reading, "CHUNK", 3)  # a file is read in many pieces
    told = rows_of(GOOD)
    told[5] = {**told[5], "data": -1}
    told = told if order == "ascending" else random.Random(2).sample(told, len(told))
    Path("u").mkdir()
    usage(told[:4], f"u/a{suffix}")
    usage(told[4:], f"u/b{suffix}")
    settle("u", exits=1)
    bad = next(row["subscriber"] for row in told if row["data"] == -1)
    stands = [("a" + suffix, row) for row in range(1, 5)] + [("b" + suffix, row) for row in range(1, 7)]
    wanted = {(*place, row["data"]) for place, row in zip(stands, told, strict=True) if row["subscriber"] == bad}
    assert {(row["file"], row["row"], row["data"]) for row in rows("out", "rejects")} == wanted


def test_files_of_one_name_are_told_with_their_folders() -> None:
    for name, data in ((1, -1), (2, -2)):
        Path(str(name)).mkdir()
        usage(rows_of({name: (data,)}), f"{name}/u.parquet")
    settle("1", "out", "--usage", "2", exits=1)
    assert places() == [("1/u.parquet", 1, "data is below zero"), ("2/u.parquet", 1, "data is below zero")]


def test_who_has_no_row_stands_nowhere() -> None:
    settle(usage(rows_of({1: (1,), 2: (1,)}), "jan.parquet"), "jan")
    written("other.plan", PLANS.replace('plan "W1"', 'plan "W2"'))
    settle(usage(rows_of({1: (1,)}, first=2), "feb.parquet"), "feb", "--opening", "jan", exits=1, plans="other.plan")
    assert [(file, row) for file, row, _ in places("feb")] == [("feb.parquet", 1), (None, None)]


def test_units_that_are_called_file_and_row_are_units() -> None:
    units = "unit file\nunit row\n"
    written("base.plan", f'{units}plan "W1" postpaid\n  grant 5 file\n  grant 5 row\n')
    told = [{"subscriber": 1, "plan": "W1", "start": START, "cycle": 1, "file": 3, "row": -1}]
    settle(usage(told), exits=1)
    assert [(row["file"], row["row"], row["reason"]) for row in rows("out", "rejects")] == [(3, -1, "row is below zero")]


# ---- cells of CSV


def csv_of(*cells: str) -> str:
    """A row a subscriber; a cell is of `data`, or its last columns."""
    return HEADER + "".join(
        f"{name},W1,2026-01-31,1,{cell}\n" if "," not in cell else f"{name},W1,{cell}\n" for name, cell in enumerate(cells, 1)
    )


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("12x", 'data is no whole number: "12x"'),
        ("NaN", 'data is no whole number: "NaN"'),
        ("NULL", 'data is no whole number: "NULL"'),
        ("n/a", 'data is no whole number: "n/a"'),
        ("9" * 60, f'data is no whole number: "{"9" * 40}"'),
        ("\x1b[31m", 'data is no whole number: "\\x1b[31m"'),
        ("2026-01-31,one,5", 'its cycle is no whole number: "one"'),
        ("2026-02-30,1,5", 'its start is no date: "2026-02-30"'),
        ("soon,1,-5", 'its start is no date: "soon"'),
    ],
)
@pytest.mark.parametrize("rows_before", [3, 50_000], ids=["at first", "far behind"])
def test_a_cell_that_is_none_is_a_row_that_is_rejected(cell: str, reason: str, rows_before: int) -> None:
    written("u.csv", csv_of(*["5"] * rows_before, cell, "7", ""))
    said = settle("u.csv", exits=1)
    assert places() == [("u.csv", rows_before + 1, reason)]
    told = figures("out")
    assert len(told) == rows_before + 2
    assert [told[rows_before + name, 1]["data_used"] for name in (0, 2, 3)] == [5, 7, 0]
    assert f"1 row rejected; see out/rejects\n  1: {reason.partition(': ')[0]}\n" in said


def test_a_column_of_which_no_cell_is_what_it_should_be_stops_it_before_it_starts() -> None:
    for cells, name, what in (
        (["5x", "6x"], "data", "whole numbers"),
        (["1.5", "2", "x"], "data", "whole numbers"),
        (["1e9", "2"], "data", "whole numbers"),
        (["soon,1,5"], "start", "dates"),
        (["2026-01-31,one,5"], "cycle", "whole numbers"),
    ):
        written("u.csv", csv_of(*cells))
        said = settle("u.csv", exits=2)
        assert f"the column {name} holds" in said
        assert f"it should hold {what}" in said
    assert not list(Path().glob(".out*"))


def test_rows_of_csv_are_settled_alike_whether_one_is_bad_or_none() -> None:
    good = [{**row, "start": START.date()} for row in rows_of({name: (name, name) for name in range(1, 40_000)})]
    settle(usage(good, "good.csv"), "whole")
    settle(usage([*good, {**good[0], "subscriber": 50_000, "cycle": "1st"}], "bad.csv"), exits=1)
    assert figures("out") == figures("whole")
    assert lots("out") == lots("whole")
    assert places() == [("bad.csv", len(good) + 1, 'its cycle is no whole number: "1st"')]


def test_csv_beside_parquet_and_in_any_order() -> None:
    Path("u").mkdir()
    written("u/a.csv", csv_of("5", "7", "x", "1"))
    usage([{**row, "data": 9} for row in rows_of({9: (1,), 1: (1,)})], "u/b.parquet")
    parquet.write_table(parquet.read_table("u/b.parquet"), "u/b.parquet")
    settle("u", exits=1)
    assert sorted(places(), key=str) == [
        ("a.csv", 1, "another row of this subscriber is rejected"),
        ("a.csv", 3, 'data is no whole number: "x"'),
        ("b.parquet", 2, "a second row of this cycle"),
    ]


def test_a_start_that_is_a_time_behind_many_dates_is_a_time() -> None:
    written("u.csv", csv_of(*["5"] * 50_000, "2026-01-31 00:00:00,1,5"))
    settle("u.csv")
    assert len(figures("out")) == 50_001


def test_a_backtest_counts_bad_cells_as_one_reason() -> None:
    written("u.csv", csv_of("5", "x", "y", "7"))
    result = rollover("backtest", "base.plan", "base.plan", "--usage", "u.csv", "--plan", "W1")
    assert result.exit_code == 1, result.output
    assert "2 rows are bad, and their lines left out: data is no whole number, as of subscriber 2" in result.output


# ---- what is said of them


def test_the_reasons_are_told_the_most_frequent_first() -> None:
    changes = [{"data": -1}] * 1_200 + [{"plan": "Free"}] * 3 + [{"cycle": 0}] * 2 + [{"cycle": 9}] * 4
    changes += [{"start": datetime(1800, 1, 1)}, {"data": -(1 << 63)}]
    told = [{**row, **change} for row, change in zip(rows_of(dict.fromkeys(range(1211), (1,))), changes, strict=True)]
    said = settle(usage([*told, *rows_of(dict.fromkeys(range(2000, 4000), (1,)))]), exits=1)
    assert said.splitlines()[-8:] == [
        "out written: 2,000 cycles of 2,000 subscribers",
        "1,211 rows rejected; see out/rejects",
        "  1,200: data is below zero",
        "  4: it is not in its first cycle, and nothing opens it",
        "  3: its plan is in none of the files",
        "  2: its cycle is not from 1 to 1200",
        "  1: its start is not from 1970 to 2199",
        "  1: other reasons",
    ]
    manifest = json.loads(Path("out/manifest.json").read_text())["totals"]
    assert manifest["rejected"] == sum(manifest["reasons"].values()) == 1_211
    assert settle("u.parquet", exits=1).splitlines()[-7:] == said.splitlines()[-7:]  # it was there already


def test_rejects_are_usage_again(tmp_path: Path) -> None:
    bad = [{**row, "data": -1} for row in rows_of({1: (1,)})]
    settle(usage(bad), exits=1)
    found = parquet.read_table("out/rejects/part-00000.parquet")
    assert found.schema.names[-3:] == ["file", "row", "reason"]
    right = found.set_column(found.schema.get_field_index("data"), "data", arrow.array([5]))
    parquet.write_table(right, tmp_path / "right.parquet")
    settle("right.parquet", "right")
    assert figures("right")[1, 1]["data_used"] == 5
