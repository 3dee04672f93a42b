"""`rollover simulate`: the same seed is the same file, parts are the whole, and what docs/simulate.md promises comes out."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import ENTRY, environment, rollover, written

np = pytest.importorskip("numpy")
arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

PLANS = """
plan "Month" postpaid
  grant 10 GB, 100 minutes
plan "Week" prepaid
  cycle: 7 days
  grant 3 GB, 50 sms
plan "Talk" prepaid
  grant 600 minutes
"""


# subscriber, cycle, data, voice, sms
FIRST_OF_SEED_7 = [
    (1, 1, 5836792221, 4528, 19),
    (1, 2, 4937680322, 3445, 22),
    (2, 1, 4835193206, 9591, 26),
    (2, 2, 3099440026, 5234, 14),
    (3, 1, 17218785689, 12031, 0),
    (3, 2, 19250840916, 5845, 0),
]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def simulated(*args: str, out: str = "usage.parquet") -> Any:
    """The table that a command makes."""
    result = rollover("simulate", *args, "--out", out, "--force")
    assert result.exit_code == 0, result.output
    return parquet.read_table(out) if out.endswith(".parquet") else arrow.csv.read_csv(out)


def numbers(table: Any, name: str) -> Any:
    return table[name].to_numpy()


def digest(name: str) -> str:
    return hashlib.sha256(Path(name).read_bytes()).hexdigest()


# ---- a seed is a file ----


def test_a_seed_means_these_very_figures() -> None:
    """On every machine, with every version of numpy: whoever quotes a seed quotes the usage."""
    table = simulated("--subscribers", "3", "--months", "2", "--seed", "7")
    rows = table.to_pylist()
    assert {row.pop("start") for row in rows} == {date(2026, 1, 1)}
    assert [tuple(row.values()) for row in rows] == FIRST_OF_SEED_7


@pytest.mark.parametrize("more", [(), ("--plans", "a.plan"), ("--plans", "a.plan", "--records", "--months", "2")], ids=len)
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_the_same_seed_is_the_same_bytes_and_another_is_not(more: tuple[str, ...], ending: str) -> None:
    written("a.plan", PLANS)
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        result = rollover("simulate", "--subscribers", "500", "--seed", seed, *more, "--out", f"{name}.{ending}")
        assert result.exit_code == 0, result.output
    assert digest(f"a.{ending}") == digest(f"b.{ending}") != digest(f"c.{ending}")


@pytest.mark.parametrize("more", [(), ("--records",)], ids=["cycles", "records"])
def test_all_parts_are_the_whole(more: tuple[str, ...]) -> None:
    written("a.plan", PLANS)
    args = ("--subscribers", "18e3", "--months", "3", "--seed", "7", "--plans", "a.plan", *more)
    parts = [simulated(*args, "--part", f"{number}/3") for number in (1, 2, 3)]
    assert all(len(part) for part in parts)
    assert arrow.concat_tables(parts).combine_chunks().equals(simulated(*args).combine_chunks())


def test_fewer_subscribers_are_the_first_of_more() -> None:
    few, many = (simulated("--subscribers", number, "--seed", "7") for number in ("9000", "20000"))
    assert many.slice(0, len(few)).combine_chunks().equals(few.combine_chunks())


def test_records_add_up_to_what_is_used_in_the_cycles() -> None:
    written("a.plan", PLANS)
    args = ("--subscribers", "300", "--months", "3", "--seed", "7", "--plans", "a.plan")
    cycles, records = simulated(*args), simulated(*args, "--records")
    services = ["data", "voice", "sms"]

    def sums(table: Any) -> dict[int, list[int]]:
        found = table.group_by("subscriber").aggregate([(name, "sum") for name in services]).to_pylist()
        return {row["subscriber"]: [row[f"{name}_sum"] for name in services] for row in found if any(list(row.values())[1:])}

    found = {whose: used for whose, used in sums(cycles).items() if any(used)}
    assert found == sums(records)


# ---- the columns ----


def test_cycles_have_the_columns_that_settling_reads() -> None:
    written("a.plan", PLANS)
    assert {field.name: str(field.type) for field in simulated("--subscribers", "10", "--plans", "a.plan").schema} == {
        "subscriber": "int64",
        "plan": "dictionary<values=string, indices=int32, ordered=0>",
        "start": "date32[day]",
        "cycle": "int32",
        "data": "int64",
        "voice": "int64",
        "sms": "int64",
    }


def test_a_line_has_each_cycle_that_begins_while_it_is_there() -> None:
    """Rows of a line lie together, its cycles counted from 1; a line begins on a day of bills, also the last of a month."""
    written("a.plan", PLANS)
    table = simulated("--subscribers", "3000", "--months", "6", "--plans", "a.plan", "--seed", "2")
    lines: dict[int, list[dict[str, Any]]] = {}
    rows = table.to_pylist()
    assert [row["subscriber"] for row in rows] == sorted(row["subscriber"] for row in rows)
    for row in rows:
        lines.setdefault(row["subscriber"], []).append(row)
    assert list(lines) == list(range(1, 3_001))
    for cycles in lines.values():
        assert [row["cycle"] for row in cycles] == list(range(1, len(cycles) + 1))
        assert len({(row["plan"], row["start"]) for row in cycles}) == 1
        days = 7 if cycles[0]["plan"] == "Week" else 28
        assert cycles[0]["start"] + timedelta(days=days * (len(cycles) - 1)) < date(2026, 7, 1)
    assert {cycles[0]["plan"] for cycles in lines.values()} == {"Month", "Week", "Talk"}
    starts = {cycles[0]["start"] for cycles in lines.values()}
    assert {start.day for start in starts} == {1, 4, 8, 12, 16, 20, 24, 28, 30, 31}
    assert date(2026, 2, 28) in starts
    assert max(len(cycles) for cycles in lines.values() if cycles[0]["plan"] == "Month") == 6
    assert 24 <= max(len(cycles) for cycles in lines.values() if cycles[0]["plan"] == "Week") <= 26


def test_only_what_a_plan_grants_is_used_on_it_and_as_much_as_it_grants() -> None:
    written("a.plan", PLANS)
    table = simulated("--subscribers", "6000", "--months", "4", "--plans", "a.plan", "--plan", "Talk", "--plan", "Month")
    of = {name: table.filter(arrow.compute.equal(table["plan"], name)) for name in ("Talk", "Month")}
    assert "sms" not in table.column_names
    assert numbers(of["Talk"], "data").max() == 0
    talk, month = (np.median(numbers(of[name], "voice")) for name in ("Talk", "Month"))
    assert 5 < talk / month < 7


def test_records_fall_into_their_line_and_more_of_them_when_a_month_begins() -> None:
    written("a.plan", PLANS)
    table = simulated("--subscribers", "400", "--months", "3", "--plans", "a.plan", "--records", "--seed", "7")
    rows = table.to_pylist()
    assert all(row["at"] >= datetime.combine(row["start"], datetime.min.time()) for row in rows)
    keys = [(row["subscriber"], row["at"]) for row in rows]
    assert keys == sorted(set(keys))
    of_nothing = [row for row in rows if not (row["data"] or row["voice"] or row["sms"])]
    assert 0 < len(of_nothing) < len(rows) / 100  # of silent months
    by_day = {day: sum(row["data"] for row in rows if row["at"].date() == date(2026, 3, day)) for day in (1, 2, 3, 26, 27, 28)}
    assert sum(by_day[day] for day in (1, 2, 3)) > 1.2 * sum(by_day[day] for day in (26, 27, 28))
    hours = [row["at"].hour for row in rows]
    assert hours.count(20) > 4 * hours.count(3) > 0


# ---- what docs/simulate.md promises ----


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("simulated") / "year.parquet"
    assert rollover("simulate", "--subscribers", "20000", "--months", "12", "--seed", "7", "--out", str(out)).exit_code == 0
    return parquet.read_table(out)


def test_amounts_are_whole_and_none_is_negative(year: Any) -> None:
    assert {str(year.schema.field(name).type) for name in ("data", "voice", "sms")} == {"int64"}
    for name in ("data", "voice", "sms"):
        assert numbers(year, name).min() == 0
        assert numbers(year, name).max() < 2**54


def test_no_two_subscribers_are_alike(year: Any) -> None:
    """Blocks of them do not repeat, and amounts are not steps of a scale."""
    data = numbers(year, "data")
    assert len(np.unique(data[data > 0])) > 0.999 * (data > 0).sum()


@pytest.mark.parametrize(
    ("service", "size", "median", "mean"), [("data", 10**9, (4, 6), (8, 12)), ("voice", 60, (65, 95), (140, 210))]
)
def test_the_middle_and_the_mean(year: Any, service: str, size: int, median: tuple[int, int], mean: tuple[int, int]) -> None:
    used = numbers(year, service) / size
    assert median[0] < np.median(used) < median[1]
    assert mean[0] < used.mean() < mean[1]


def test_few_use_very_much(year: Any) -> None:
    by_line = np.sort(np.bincount(numbers(year, "subscriber"), weights=numbers(year, "data")))[::-1]
    assert 0.15 < by_line[:200].sum() / by_line.sum() < 0.35
    assert 0.40 < by_line[:2000].sum() / by_line.sum() < 0.60
    assert np.percentile(numbers(year, "data"), 99) > 10 * np.median(numbers(year, "data"))


def test_who_talks_much_uses_much_data(year: Any) -> None:
    data, voice = numbers(year, "data"), numbers(year, "voice")
    some = (data > 0) & (voice > 0)
    assert 0.65 < np.corrcoef(np.log(data[some]), np.log(voice[some]))[0, 1] < 0.90


def test_seasons_and_growth(year: Any) -> None:
    """All begin on the first of a month, so that the month of a cycle is known."""
    month = (year["start"].to_numpy().astype("datetime64[M]").astype(int) + numbers(year, "cycle") - 1) % 12 + 1
    data, sms = ({m: numbers(year, name)[month == m].mean() for m in range(1, 13)} for name in ("data", "sms"))
    assert data[8] > 1.15 * data[5]
    assert data[8] > 1.05 * data[10]
    assert sms[12] > 1.10 * sms[11]
    assert 1.1 < data[11] / data[3] < 1.4  # alike by season: this is growth


def test_gaps_never_users_joining_and_leaving(year: Any) -> None:
    whose, sms = numbers(year, "subscriber"), numbers(year, "sms")
    silent = (numbers(year, "data") == 0) & (numbers(year, "voice") == 0) & (sms == 0)
    assert 0.03 < silent.mean() < 0.06
    assert 0.27 < (np.bincount(whose, weights=sms)[1:] == 0).mean() < 0.36
    joined = year["start"].to_numpy() != np.datetime64("2026-01-01")
    assert 0.14 < len(np.unique(whose[joined])) / 20_000 < 0.22
    cycles = np.bincount(whose)[1:]
    stayed = cycles == 12
    assert 0.60 < stayed.mean() < 0.78
    assert len(np.unique(whose)) == 20_000


# ---- the command ----


def test_it_says_what_it_wrote() -> None:
    result = rollover("simulate", "--subscribers", "1_000", "--months", "1", "--out", "u.csv")
    assert result.output == "u.csv written: 1,000 cycles of 1,000 subscribers\n"
    assert Path("u.csv").read_text().count("\n") == 1_001


@pytest.mark.parametrize("number", ["1e3", "1000", "1,000", "1_000", "1.0e3", "100.0e1"])
def test_numbers_as_people_write_them(number: str) -> None:
    assert "of 1,000 subscribers" in rollover("simulate", "--subscribers", number, "--months", "1", "--out", "u.csv").output


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--subscribers", "1.5"), "1.5 is not whole"),
        (("--subscribers", "1e99"), "1e99 should be from 1 to 1,000,000,000"),
        (("--subscribers", "0"), "0 should be from 1 to 1,000,000,000"),
        (("--subscribers", "-1"), "'-1' should be a whole number"),
        (("--subscribers", "nan"), "'nan' should be a whole number, as 1000000, 1_000_000 or 1e6"),
        (("--subscribers", "9" * 400), "should be a whole number"),
        (("--months", "61"), "61 should be from 1 to 60"),
        (("--seed", "2e19"), "2e19 should be from 0 to 18,446,744,073,709,551,615"),
        (("--part", "3/2"), "3/2: parts are counted from 1"),
        (("--part", "1"), "'1' should say which part of how many, as 1/4"),
        (("--start", "2026-01-05"), "--start should be the first day of a month, as 2026-01-01"),
        (("--start", "2199-01-01", "--months", "13"), "13 months from 2199-01-01 on go beyond the year 2200"),
        (("--plan", "Week"), "--plan names a plan of a file"),
        (("--plans", "a.plan", "--plan", "Weak"), 'no plan "Weak" there'),
        (("--plans", "none.plan"), "none.plan can't be read: no such file or directory"),
        (("--plans", "bad.plan"), "bad.plan:2:"),
        (("--plans", "empty.plan"), 'empty.plan has no plan; start one with a line such as plan "Prepaid 10" prepaid'),
        (("--plans", "folder.csv"), "no plan files there; plan files end in .plan"),
        (("--plans", "."), 'a.plan and b.plan both have a plan "Talk"'),
        (("--plans", "money.plan"), "these plans grant nothing that can be used"),
        (("--plans", "start.plan"), "the unit `subscriber` is called like a column of the file"),
        (("--out", "there.csv"), "there.csv is there already; choose another name, or give --force"),
        (("--out", "u.txt"), "u.txt should end in .parquet or .csv"),
        (("--out", "no/u.csv"), "no/u.csv can't be written: no such file or directory"),
        (("--out", "folder.csv"), "folder.csv is a folder; add a name"),
    ],
)
def test_what_can_not_be_is_told(args: tuple[str, ...], told: str) -> None:
    written("a.plan", PLANS)
    written("b.plan" if args == ("--plans", ".") else "b.text", 'plan "Talk" prepaid\n  grant 1 GB\n')
    if args[-1] == "bad.plan":
        written("bad.plan", 'plan "A" prepaid\n  grunt 1 GB\n')
    if args[-1] == "money.plan":
        written("money.plan", 'plan "A" prepaid\n  grant 5 EUR\n')
    if args[-1] == "start.plan":
        written("start.plan", 'unit subscriber\nplan "A" prepaid\n  grant 5 subscriber\n')
    written("empty.text" if args[-1] != "empty.plan" else "empty.plan", "")
    written("there.csv", "mine")
    Path("folder.csv").mkdir()
    before = sorted(Path().iterdir())
    result = rollover("simulate", "--subscribers", "10", "--out", "u.csv", *args)
    assert told in result.output
    assert result.exit_code == (1 if args[-1] in ("bad.plan", "money.plan", "start.plan") else 2)
    assert sorted(Path().iterdir()) == before
    assert Path("there.csv").read_text() == "mine"


def test_who_interrupts_leaves_nothing_behind() -> None:
    args = ("simulate", "--subscribers", "1e9", "--out", "u.parquet")
    running = subprocess.Popen([*ENTRY, *args], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _wait_until(lambda: any(path.stat().st_size > 1_000_000 for path in Path().iterdir()))
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130
    assert running.communicate() == (b"", b"")
    assert list(Path().iterdir()) == []


def _wait_until(happened: Callable[[], bool]) -> None:
    for _ in range(1_200):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it never happened")


def test_a_full_disk_is_told_and_the_old_file_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.simulate import writing

    Path("u.parquet").write_text("mine")

    def full(*_: object, **__: object) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_table", full)
    result = rollover("simulate", "--subscribers", "10", "--out", "u.parquet", "--force")
    assert (result.exit_code, result.output) == (2, "u.parquet can't be written: no space left on device\n")
    assert [(path.name, path.read_text()) for path in Path().iterdir()] == [("u.parquet", "mine")]


def test_without_the_extra_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['numpy'] = None; from tui.cli import main; main(prog_name='rollover')"
    args = [ENTRY[0], "-c", code, "simulate", "--subscribers", "10", "--out", "u.csv"]
    done = subprocess.run(args, capture_output=True, text=True, env=environment(), check=False)
    assert (done.returncode, done.stderr) == (2, "simulating needs more packages: pip install 'rollover[batch]'\n")
