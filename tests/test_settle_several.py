"""`rollover settle` of several files: however rows are divided among them, nothing is lost, doubled or different."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

import pyarrow.parquet as parquet
from bases import PLANS, Row, contents, figures, lots, rows, rows_of, settle, table, usage
from command_line import rollover, written

from engine.batch.lines import Form
from tui import settling
from tui.settle import settler

BASE = {1: (6000, 25000, 0), 2: (0, 0, 0), 3: (40000, 20000, 1), 7: (100,), 9: (5, 6)}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("base.plan", PLANS)


def divided(rows: Sequence[Row], folder: str, parts: Sequence[Sequence[int]], suffix: str = ".parquet") -> str:
    """Files of a folder, each with the rows of these numbers."""
    Path(folder).mkdir()
    for number, part in enumerate(parts):
        usage([rows[one] for one in part], f"{folder}/{number}{suffix}")
    return folder


@pytest.fixture
def whole() -> list[Row]:
    told = rows_of(BASE)
    settle(usage(told), "one")
    return told


def assert_as_one(out: str) -> None:
    assert figures(out) == figures("one")
    assert lots(out) == lots("one")
    told, one = (json.loads(Path(folder, "manifest.json").read_text()) for folder in (out, "one"))
    assert told["totals"] == one["totals"]


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_files_of_whole_subscribers_come_in_their_order(whole: list[Row], suffix: str) -> None:
    places = range(len(whole))
    said = settle(divided(whole, "u", [places[6:], places[:6]] if suffix == ".parquet" else [places[:6], places[6:]], suffix))
    assert "put in order" not in said
    assert_as_one("out")
    assert [row["subscriber"] for row in rows("out", "lots")] == sorted(row["subscriber"] for row in rows("out", "lots"))


def test_a_subscriber_in_several_files_is_told_and_comes_to_the_same(whole: list[Row]) -> None:
    said = settle(divided(whole, "u", [range(0, len(whole), 2), range(1, len(whole), 2)]))
    assert "the rows of a subscriber do not lie together" in said
    assert_as_one("out")


def test_a_subscriber_whose_rows_go_on_in_the_next_file(whole: list[Row]) -> None:
    places = range(len(whole))
    assert "put in order" not in settle(divided(whole, "u", [places[:4], places[4:]]))
    assert_as_one("out")


def test_files_and_folders_by_their_names(whole: list[Row]) -> None:
    places = range(len(whole))
    folder = divided(whole, "u", [places[:3], places[3:5]])
    more = usage([whole[one] for one in places[5:]], "more.parquet")
    settle(folder, "out", "--usage", str(more))
    assert_as_one("out")
    names = [one["name"] for one in json.loads(Path("out/manifest.json").read_text())["input"]["usage"]]
    assert names == ["0.parquet", "1.parquet", "more.parquet"]


def test_records_a_file_a_day() -> None:
    made = "simulate", "base.plan", "--subscribers", "40", "--months", "2", "--seed", "4", "--plan", "W1", "--out"
    assert rollover(*made, "c.parquet").exit_code == 0
    assert rollover(*made, "r.parquet", "--records").exit_code == 0
    settle("c.parquet", "one")
    told = parquet.read_table("r.parquet")
    days = [str(at.date()) for at in told.column("at").to_pylist()]
    Path("u").mkdir()
    for day in sorted(set(days)):
        parquet.write_table(told.filter([one == day for one in days]), f"u/{day}.parquet")
    settle("u")
    assert_as_one("out")


def test_a_row_that_is_in_two_files_is_rejected(whole: list[Row]) -> None:
    places = range(len(whole))
    settle(divided(whole, "u", [places, places[4:5]]), exits=1)
    assert [row["reason"] for row in rows("out", "rejects")].count("a second row of this cycle") == 1
    assert {row["subscriber"] for row in rows("out", "rejects")} == {2}


def test_a_file_twice_or_a_copy_of_one_is_refused(whole: list[Row]) -> None:
    folder = divided(whole, "u", [range(3), range(3, len(whole))])
    said = settle(folder, "out", "--usage", "u/0.parquet", exits=2)
    assert "0.parquet is given twice: what it says would count twice" in said
    shutil.copy("u/0.parquet", "u/2.parquet")
    assert "u/2.parquet holds the same as u/0.parquet: what it says would count twice" in settle(folder, exits=2)
    for number in "23":
        parquet.write_table(parquet.read_table("u/0.parquet").slice(0, 0), f"u/{number}.parquet")
    settle(folder)  # nothing twice is nothing
    assert_as_one("out")


def test_other_columns_are_refused(whole: list[Row]) -> None:
    folder = divided(whole, "u", [range(3)])
    written("u/1.csv", "subscriber,plan,start,cycle,voice\nx,W1,2026-01-31,1,1\n")
    assert "u/1.csv differs from 0.parquet: only one of them has" in settle(folder, exits=2)
    Path("empty").mkdir()
    assert "empty has no usage: no Parquet or CSV files are in it" in settle("empty", exits=2)


def test_007_in_one_csv_is_not_7_in_another() -> None:
    Path("u").mkdir()
    usage(rows_of({"7": (1,)}), "u/a.csv")
    usage(rows_of({"007": (2,)}), "u/b.csv")
    settle("u")
    assert {name for name, _ in figures("out")} == {"7", "007"}


def test_what_was_put_right_opens_the_next_month_beside_the_rest() -> None:
    jan, feb = ({name: history[month : month + 1] for name, history in BASE.items() if history[1:]} for month in (0, 1))
    settle(usage(rows_of(jan), "jan.parquet"), "all")
    bad = [{**row, "data": -1} if row["subscriber"] in (2, 9) else row for row in rows_of(jan)]
    settle(usage(bad, "bad.parquet"), "jan", exits=1)
    settle(usage([row for row in rows_of(jan) if row["subscriber"] in (2, 9)], "right.parquet"), "right")
    of_feb = usage([row for row in rows_of(feb, first=2) if row["subscriber"] != 9], "feb.parquet")
    settle(of_feb, "one", "--opening", "all")
    settle(of_feb, "out", "--opening", "jan", "--opening", "right")
    assert_as_one("out")
    mixed = usage([row for row in rows_of(feb, first=2) if row["subscriber"] != 9][::-1], "mixed.parquet")
    settle(mixed, "mixed", "--opening", "right", "--opening", "jan")
    assert_as_one("mixed")


@pytest.mark.parametrize("order", [1, -1])
def test_a_line_in_two_openings_is_rejected_with_all_it_holds(order: int) -> None:
    jan = {name: history[:1] for name, history in BASE.items()}
    settle(usage(rows_of(jan), "jan.parquet"), "jan")
    settle(usage(rows_of({2: (5,), 9: (5,)}), "again.parquet"), "again")
    feb = usage(rows_of({1: (1,), 2: (1,)}, first=2)[::order], "feb.parquet")
    settle(feb, "out", "--opening", "jan", "--opening", "again", exits=1)
    told = {row["subscriber"]: row["reason"] for row in rows("out", "rejects")}
    assert told == dict.fromkeys((2, 9), "it is in two of what opens")
    assert {name for name, _ in figures("out")} == {1, 3, 7}
    held = [one for folder in ("jan", "again") for one in lots(folder) if one[0] in (2, 9)]
    assert len(rows("out", "rejected_lots")) == len(held)
    assert "jan is given twice as --opening" in settle(feb, "twice", "--opening", "jan", "--opening", "jan", exits=2)


def test_a_run_over_files_that_ends_early_goes_on_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)
    told = rows_of({name: (draw.randrange(40000), draw.randrange(40000)) for name in range(300)})
    divided(told, "u", [range(150), range(150, 420), range(420, 600)])

    def run(out: str) -> settling.Done:
        asked = settling.Asked([Path("base.plan")], [Path("u")], Path(out), form=Form.NUMPY, chunk_rows=20, part_rows=40)
        return settling.settle(asked, lambda _rows, _line: None)

    run("whole")
    settled = settler.Settler.settle
    calls = iter(range(99))

    def interrupted(self: settler.Settler, *tables: object) -> settler.Outcome:
        if next(calls) == 12:
            raise KeyboardInterrupt
        return settled(self, *tables)

    with monkeypatch.context() as patched:
        patched.setattr(settler.Settler, "settle", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run("out")
    assert run("out").taken_up > 2
    assert contents("out") == contents("whole")
    assert len(table("out")) == 600
