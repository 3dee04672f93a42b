"""Records in base units, of several lines, and in Parquet: the same records, whatever file they stand in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import rollover, written
from reading import GB, MB, sound

from dsl import record_file
from dsl.scenario import Dated, Use
from dsl.source import Source
from tui import parquet

PLAN = 'unit flex\nplan "A" prepaid\n  cycle: calendar month\n  grant 10 GB, 100 minutes, 5 flex\n  when data runs out: block\n'


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", PLAN)


def read(text: str, plan: str = PLAN) -> tuple[tuple[Dated, ...], list[tuple[str, int, str]]]:
    found, findings = record_file.read(Source("r.csv", text), sound(plan))
    return found, [(one.code, one.span.line, one.message) for one in findings]


# ---- base units, and whose they are ----


def test_whole_base_units_mean_the_same_under_every_plan() -> None:
    text = "at,service,amount\n2026-01-01,data,350000000\n2026-01-02,voice,90\n2026-01-03,Minutes,60\n2026-01-04,sms,3\n"
    text += "2026-01-05,flex,2\n2026-01-06,eur,150\n2026-01-07,,\n"
    found, findings = read(text)
    assert not findings
    uses = [("data", 350 * MB), ("voice", 90), ("voice", 60), ("sms", 3), ("flex", 2), ("EUR", 150)]
    assert [one.act for one in found] == [Use(*use) for use in uses]
    binary, _ = read(text, "units: 1 GB = 1024 MB\n" + PLAN)
    assert [one.act for one in binary] == [one.act for one in found]


def test_a_record_may_say_whose_it_is() -> None:
    found, findings = read("at,line,use\n2026-01-01,Ann,1 GB\n2026-01-02,,2 GB\n")
    assert not findings
    assert [(one.line, one.act) for one in found] == [("Ann", Use("data", GB)), ("", Use("data", 2 * GB))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("at,service\n2026-01-01,data\n", ("S005", 1, "`service` and `amount` say together what is used")),
        ("at,service,amount\n2026-01-01,dta,1\n", ("S003", 2, "`dta` is not a service")),
        ("at,service,amount\n2026-01-01,data,1.5\n", ("S004", 2, "`1.5` should be an amount in base units")),
        ("at,service,amount\n2026-01-01,data,-1\n", ("S004", 2, "`-1` should be an amount in base units")),
        ("at,service,amount\n2026-01-01,data,²\n", ("S004", 2, "`²` should be an amount in base units")),
        (
            f"at,service,amount\n2026-01-01,data,{10**18 + 1}\n",
            ("S004", 2, f"`{10**18 + 1}` should be an amount in base units"),
        ),
        ("service,amount\ndata,1\n", ("S005", 1, "no column says when")),
    ],
    ids=range(7),
)
def test_a_record_that_is_none_is_told(text: str, told: tuple[str, int, str]) -> None:
    found, findings = read(text)
    assert (found, findings) == ((), [told])


def test_a_number_of_thousands_of_digits_is_no_trap() -> None:
    assert [code for code, *_ in read(f"at,service,amount\n2026-01-01,data,{'9' * 5000}\n")[1]] == ["S004"]


def test_run_takes_one_line_of_several() -> None:
    written("r.csv", "at,line,use\n2026-01-01,Ann,1 GB\n2026-01-02,Bo,2 GB\n")
    assert "2 GB" in rollover("run", "a.plan", "--usage", "r.csv", "--line", "Bo").stdout
    result = rollover("run", "a.plan", "--usage", "r.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == 'r.csv has no records of a line without a name; choose one with --line: "Ann", "Bo"\n'
    result = rollover("run", "a.plan", "--line", "Bo")
    assert (result.exit_code, result.stderr) == (2, "--line says whose of the records are meant: give --usage, too\n")


# ---- Parquet ----


def parquet_file(name: str, **columns: list[Any]) -> None:
    arrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(arrow.table(columns), name)


def of_run(path: str, *args: str) -> str:
    result = rollover("run", "a.plan", "--usage", path, "--format", "csv", *args)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_parquet_is_read_as_csv_is() -> None:
    written("r.csv", "at,use\n2026-01-20 18:30,350 MB\n2026-01-21,2 GB and 30 minutes\n")
    wanted = of_run("r.csv")
    parquet_file("text.parquet", at=["2026-01-20 18:30", "2026-01-21"], use=["350 MB", "2 GB and 30 minutes"])
    parquet_file("times.parquet", at=[datetime(2026, 1, 20, 18, 30), datetime(2026, 1, 21)], use=["350 MB", "2 GB, 30 minutes"])
    parquet_file(
        "base.parquet", at=[datetime(2026, 1, 20, 18, 30), *[datetime(2026, 1, 21)] * 2], service=["data", "data", "voice"],
        amount=[350 * MB, 2 * GB, 1800], cell=["a", "b", "c"],
    )  # fmt: skip
    assert of_run("text.parquet") == of_run("times.parquet") == of_run("base.parquet") == wanted
    parquet_file("days.parquet", at=[date(2026, 1, 20)], use=["1 GB"], line=["Ann"])
    assert "1000000000" in of_run("days.parquet", "--line", "Ann")


def test_what_is_wrong_in_parquet_is_told_by_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    zoned = datetime(2026, 1, 20, tzinfo=UTC)
    parquet_file("zoned.parquet", at=[zoned], use=["1 GB"])
    parquet_file("unit.parquet", at=["2026-01-20", "2026-01-20"], use=["1 GB", "1 GBB"])
    parquet_file("floats.parquet", at=["2026-01-20"], service=["data"], amount=[1.5])
    parquet_file("none.parquet", when=["2026-01-20"])
    for name, told in {
        "zoned": "zoned.parquet:2:1: error S004: `2026-01-20 00:00:00+00:00` should be a date, or a date and a time",
        "unit": "unit.parquet:3:3: error R101: `GBB` is not a unit",
        "floats": "floats.parquet:2:1: error S004: `1.5` should be an amount in base units",
        "none": "none.parquet:1:1: error S005: the first line names no columns",
    }.items():
        result = rollover("run", "a.plan", "--usage", f"{name}.parquet")
        assert (result.exit_code, result.stdout) == (1, "")
        assert told in result.stderr
    monkeypatch.setattr(parquet, "MAX_RECORDS", 1)
    result = rollover("run", "a.plan", "--usage", "unit.parquet")
    assert (result.exit_code, result.stderr) == (2, "unit.parquet has 2 records; it may have 1\n")
    monkeypatch.setattr(parquet, "MAX_FILE_BYTES", 10)
    assert "is larger than" in rollover("run", "a.plan", "--usage", "unit.parquet").stderr


@pytest.mark.parametrize("content", [b"", b"at,use\n", b"PAR1" + b"\0" * 100 + b"PAR1"], ids=["empty", "csv", "damaged"])
def test_what_is_no_parquet_is_told(content: bytes) -> None:
    pytest.importorskip("pyarrow")
    Path("r.parquet").write_bytes(content)
    result = rollover("run", "a.plan", "--usage", "r.parquet")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "r.parquet can't be read: it is not Parquet, or damaged\n"
    assert "no such file" in rollover("run", "a.plan", "--usage", "no.parquet").stderr


def test_without_the_extra_it_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    written("r.parquet", "")
    result = rollover("advise", "--usage", "r.parquet", "a.plan")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'rollover[parquet]'; or save it as CSV\n" in result.stderr
