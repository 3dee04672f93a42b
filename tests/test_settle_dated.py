"""`rollover settle` of dated records: each cycle comes to what `rollover run` says of the same records, however they come."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

import pyarrow as arrow
import pyarrow.parquet as parquet
from bases import contents, figures, lots, rows, settle
from command_line import rollover, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from shipped import PLANS as SHIPPED
from shipped import checked_plan
from strategies import examples, texts

from dsl.check import Checked, check
from dsl.plan import Plan
from dsl.scenario import Dated, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.batch.lines import Form
from engine.calendar import Calendar
from engine.run import run
from engine.statement import COLUMNS
from tui import settling
from tui.settle import dates
from tui.settle.exact import run_sums
from tui.settle.rows import Given
from tui.settle.settler import Outcome, Settler
from tui.settle.totals import Totals

MB, GB = 10**6, 10**9
START = datetime(2026, 1, 31)
TEXT = """timezone Europe/Berlin
rate 1 GB = 30 minutes
plan "Sum" postpaid
  price 10 EUR a month
  every month grant 20 GB data and 100 minutes
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
plan "Steps" postpaid
  grant 5 GB, 100 minutes
  minutes count in steps of 60 s, then 30 s
plan "Short" postpaid
  grant 5 GB
  every month grant 3 GB bonus data for 10 days
  use bonus, then carried
  unused data: carry 1 month
plan "If" postpaid
  grant 5 GB
  unused data, if used at least 2 GB: carry 1 month
plan "Week" prepaid
  cycle: 7 days
  grant 3 GB
  unused data: carry 2 cycles
promotion "May" for "Week"
  from 2026-05-13 until 2026-05-20
  grant 1 GB bonus data for 30 days
"""
Record = tuple[datetime, str, int]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("base.plan", TEXT)


OURS = check(Source("base.plan", TEXT))


def by_run(checked: Checked, plan: Plan, start: datetime, records: Iterable[Record]) -> dict[int, dict[str, int]]:
    """What `rollover run` comes to, cycle by cycle."""
    dated = tuple(Dated(at, Use(service, amount), NOWHERE) for at, service, amount in records)
    found = run(plan, Scenario("", plan.name, start, (), dated, NOWHERE), checked.plans)
    told = {}
    for cycle in found.statement.cycles:
        figures = {f"{of}_{name}": getattr(sums, name) for of, sums in cycle.services.items() for name in COLUMNS}
        told[cycle.number] = figures | {f"{currency}_due": amount for currency, amount in cycle.due.items()}
    return told


def some_records(plan: Plan, start: datetime, draw: random.Random, cycles: int) -> list[Record]:
    """Records in the first cycles of a line, in any order: many at a boundary, a second before, twice the same, or of 0."""
    calendar = Calendar(plan.cycle, plan.zone, start)
    boundaries = [calendar.local(calendar.boundary(number)) for number in range(cycles + 1)]
    end = boundaries[-1]
    services = sorted({grant.service for grant in plan.grants if grant.service.islower()} | {"data"})
    near = [at + timedelta(seconds=more) for at in boundaries for more in (-1, 0, 0, 1)]
    times = [at for at in near if start <= at < end]
    times += [start + timedelta(seconds=draw.randrange(int((end - start).total_seconds()))) for _ in range(6 * cycles)]
    found = [(at, draw.choice(services), 0) for at in times]
    for index, (at, service, _) in enumerate(found):
        whole = max((grant.amount for grant in plan.grants if grant.service == service and not grant.unlimited), default=GB)
        found[index] = at, service, draw.choice((0, 1, whole // 7, whole // 3, whole, draw.randrange(whole + 1)))
    found += found[3:5]
    draw.shuffle(found)
    return [(start, "data", 0), *found]


def table_of(lines: Mapping[Any, tuple[Plan, datetime, Sequence[Record]]], **more: Any) -> Any:
    told = [(name, plan.name, start, *one) for name, (plan, start, records) in lines.items() for one in records]
    services = sorted({service for *_, service, _ in told})
    columns = {
        "subscriber": [one[0] for one in told], "plan": [one[1] for one in told],
        "start": arrow.array([one[2] for one in told], arrow.timestamp("s")),
        "at": arrow.array([one[3] for one in told], arrow.timestamp("s")),
        **{service: arrow.array([one[5] if one[4] == service else 0 for one in told], arrow.int64()) for service in services},
    }  # fmt: skip
    return arrow.table(columns | more)


def assert_is_run(told: Mapping[tuple[Any, int], Mapping[str, int | None]], name: Any, wanted: Mapping[int, Any]) -> None:
    assert sorted(cycle for whose, cycle in told if whose == name) == sorted(wanted)
    for cycle, row in wanted.items():
        mine = told[name, cycle]
        assert {column: mine.get(column) or 0 for column in row} == row, (name, cycle)


def moved(totals: Totals) -> Counter[tuple[str, str]]:
    """What rules did in all."""
    found: Counter[tuple[str, str]] = Counter()
    for of_plan in totals.moved.values():
        for key, amount in of_plan.items():
            found[key.service, key.reason] += amount
    return +found


# ---- the shipped plans


def test_every_shipped_plan_comes_to_what_run_says_of_the_records() -> None:
    draw = random.Random(11)
    by_columns = one_by_one = 0
    for file in SHIPPED:
        checked = checked_plan(file)
        plans = [plan for plan in checked.plans if not plan.cycle.from_first_use and plan.grants]
        lines = {}
        for plan in plans[:3]:
            start = draw.choice((START, datetime(2026, 3, 15, 18, 30), datetime(2026, 9, 20)))
            for _ in range(2):
                lines[len(lines)] = plan, start, some_records(plan, start, draw, draw.choice((1, 3)))
        if not lines:
            continue
        table = table_of(lines)
        services = table.column_names[4:]
        made = Settler(checked.plans, services, Given([plan.name for plan in checked.plans], "", None), Form.NUMPY)
        outcome = made.settle(table)
        assert not len(outcome.rejects), outcome.rejects.to_pylist()[:1]
        told = {(row["subscriber"], row["cycle"]): row for row in outcome.statement.to_pylist()}
        for name, (plan, start, records) in lines.items():
            assert_is_run(told, name, by_run(checked, plan, start, records))
        alone = Settler(checked.plans, services, made.given, Form.ROWS).settle(table)  # each record at its own time
        assert sorted(map(str, outcome.lots.to_pylist())) == sorted(map(str, alone.lots.to_pylist())), file
        assert moved(outcome.totals) == moved(alone.totals), file
        one_by_one += sum(outcome.totals.by_rows.values())
        by_columns += len(lines) - sum(outcome.totals.by_rows.values())
    assert by_columns > 100
    assert one_by_one > 15


@examples(25)
@given(text=texts() | texts(dated=True), seed=some.integers(0, 1 << 32))
def test_any_plan_comes_to_what_run_says_of_the_records(text: str, seed: int) -> None:
    draw = random.Random(seed)
    checked = check(Source("any.plan", text))
    plans = [plan for plan in checked.plans if not plan.cycle.from_first_use]
    lines = {}
    for number, plan in enumerate(plans[:2]):
        start = datetime(2026, 1, 1) + timedelta(days=draw.randrange(400), minutes=draw.choice((0, 0, 150, 1439)))
        lines[number] = plan, start, some_records(plan, start, draw, draw.choice((1, 3)))
    if lines:
        table = table_of(lines)
        unsaid = Given([plan.name for plan in checked.plans], "", None)
        outcome = Settler(checked.plans, table.column_names[4:], unsaid, Form.NUMPY).settle(table)
        assert not len(outcome.rejects)
        told = {(row["subscriber"], row["cycle"]): row for row in outcome.statement.to_pylist()}
        for name, (plan, start, records) in lines.items():
            assert_is_run(told, name, by_run(checked, plan, start, records))


# ---- files, in any order, in pieces of any size, where clocks change


def usage(lines: Mapping[Any, tuple[str, datetime, Sequence[Record]]], name: str = "u.parquet", **more: Any) -> Path:
    plans = {plan.name: plan for plan in OURS.plans}
    parquet.write_table(table_of({who: (plans[of], start, told) for who, (of, start, told) in lines.items()}, **more), name)
    return Path(name)


def assert_settled(out: str | Path, lines: Mapping[Any, tuple[str, datetime, Sequence[Record]]]) -> None:
    told = figures(out)
    assert {name for name, _ in told} == set(lines)
    plans = {plan.name: plan for plan in OURS.plans}
    for name, (plan, start, records) in lines.items():
        assert_is_run(told, name, by_run(OURS, plans[plan], start, records))


_STARTS = (START, datetime(2026, 3, 22), datetime(2026, 3, 29, 2, 30), datetime(2026, 5, 9, 18, 30), datetime(2026, 10, 11))
_BASES = some.dictionaries(
    some.integers(1, 60),
    some.tuples(some.sampled_from([plan.name for plan in OURS.plans]), some.sampled_from(_STARTS), some.integers(1, 4)),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=_BASES, seed=some.integers(0, 1 << 32), chunk_rows=some.integers(1, 20))
def test_any_base_comes_to_what_run_says_of_the_records(
    drawn: dict[int, tuple[str, datetime, int]], seed: int, chunk_rows: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    draw = random.Random(seed)
    plans = {plan.name: plan for plan in OURS.plans}
    base = {
        name: (plan, start, some_records(plans[plan], start, draw, cycles))
        for name, (plan, start, cycles) in sorted(drawn.items())
    }
    folder = tmp_path_factory.mktemp("any")
    path = usage(base, str(folder / "u.parquet"))
    mixed = parquet.read_table(path)
    parquet.write_table(mixed.take(draw.sample(range(len(mixed)), len(mixed))), folder / "mixed.parquet")
    for out, of in (("one", path), ("again", path), ("mixed", folder / "mixed.parquet")):
        asked = settling.Asked(
            [Path("base.plan")], [of], folder / out, form=Form.NUMPY, chunk_rows=chunk_rows, part_rows=chunk_rows * 5
        )  # fmt: skip
        settling.settle(asked, lambda _rows, _line: None)
        assert_settled(folder / out, base)
    assert contents(folder / "one") == contents(folder / "again")
    assert lots(folder / "one") == lots(folder / "mixed")


def test_month_by_month_is_all_at_once() -> None:
    """What opens says when a line began: the second month need not."""
    draw = random.Random(5)
    plans = {plan.name: plan for plan in OURS.plans}
    base = {
        number: (plan, START, some_records(plans[plan], START, draw, 3))
        for number, plan in enumerate((*plans, "Sum", "Short", "If"))
        if plan != "Week"
    }
    settle(usage(base, "all.parquet"), "all")
    opening: tuple[str, ...] = ()
    ends = [datetime(2026, 2, 28), datetime(2026, 3, 31), datetime(2026, 4, 30)]
    for month, (begin, end) in enumerate(zip([START, *ends], ends, strict=False)):
        told = {
            name: (plan, start, [one for one in records if begin <= one[0] < end])
            for name, (plan, start, records) in base.items()
        }
        table = parquet.read_table(usage(told, "some.parquet"))
        parquet.write_table(table.drop_columns(["start"]) if month else table, f"{month}.parquet")
        settle(f"{month}.parquet", str(month), *opening)
        opening = ("--opening", f"{month}/lots")
    assert {key: row for month in range(3) for key, row in figures(str(month)).items()} == figures("all")
    assert lots("2") == lots("all")


@pytest.mark.parametrize("used", [(), (1,), (2,), (1, 2)], ids=str)
def test_who_opens_and_has_no_record_used_nothing(used: tuple[int, ...]) -> None:
    """Also behind the last one who has: then no record is left."""
    begin, second = datetime(2026, 1, 1), datetime(2026, 2, 3)
    whole = {
        name: ("Sum", begin, [(begin, "data", 5 * GB), *([(second, "data", GB)] if name in used else [])]) for name in (1, 2)
    }
    settle(usage({name: (plan, start, told[:1]) for name, (plan, start, told) in whole.items()}, "jan.parquet"), "jan")
    lines = ["subscriber,plan,start,at,data", *(f"{name},Sum,2026-01-01,{second},{GB}" for name in used)]
    settle(written("feb.csv", "\n".join(lines) + "\n"), "feb", "--opening", "jan")
    told = figures("feb")
    assert sorted(told) == [(1, 2), (2, 2)]
    for name in (1, 2):
        assert told[name, 2]["data_used"] == GB * (name in used)
        assert told[name, 2]["data_carried_in"] == 10 * GB


def test_a_run_over_records_that_ends_early_goes_on_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(7)
    plans = {plan.name: plan for plan in OURS.plans}
    names = [("Sum", "Short")[number % 2] for number in range(40)]
    base = {number: (plan, START, some_records(plans[plan], START, draw, 2)) for number, plan in enumerate(names)}
    asked = settling.Asked([Path("base.plan")], [usage(base)], Path("out"), form=Form.NUMPY, chunk_rows=20, part_rows=10)

    def unheard(rows: int, line: str) -> None:
        del rows, line

    settling.settle(replace(asked, out=Path("whole")), unheard)
    settled = Settler.settle
    calls = iter(range(99))

    def interrupted(self: Settler, *tables: object) -> Outcome:
        if next(calls) == 6:
            raise KeyboardInterrupt
        return settled(self, *tables)

    with monkeypatch.context() as patched:
        patched.setattr(Settler, "settle", interrupted)
        with pytest.raises(KeyboardInterrupt):
            settling.settle(asked, unheard)
    assert settling.settle(asked, unheard).taken_up > 1
    assert contents("out") == contents("whole")
    assert_settled("out", base)


def test_a_record_on_a_boundary_is_of_the_new_cycle_also_where_clocks_change() -> None:
    """On 29 March in Berlin there is no 02:30; on 25 October 02:30 comes twice, and is taken for the first."""
    seen = {}
    for start, times in {
        datetime(2026, 3, 22): ("2026-03-28 23:59:59", "2026-03-29 00:00:00", "2026-03-29 02:30:00"),
        datetime(2026, 3, 29, 2, 30): ("2026-03-29 02:00:00", "2026-04-04 23:59:59", "2026-04-05 00:00:00"),
        datetime(2026, 10, 18): ("2026-10-24 23:59:59", "2026-10-25 00:00:00", "2026-10-25 02:30:00"),
    }.items():
        records = [(datetime.fromisoformat(at), "data", MB) for at in times]
        seen[start] = "Week", start, [(start, "data", 0), *records]
    settle(usage(dict(enumerate(seen.values()))))
    assert_settled("out", dict(enumerate(seen.values())))
    used = [figures("out")[number, 1]["data_used"] for number in range(3)]
    assert used == [MB, 2 * MB, MB]


def test_a_plan_whose_days_matter_runs_one_at_a_time_and_says_why() -> None:
    day = [(START + timedelta(days=days, hours=9), "data", GB) for days in (0, 12, 20)]
    base = {number: (plan.name, START, day) for number, plan in enumerate(OURS.plans)}
    base[9] = "Week", datetime(2026, 5, 9), [(datetime(2026, 5, 9), "data", 1)]
    calls = [(START, "voice", seconds) for seconds in (1, 61, 61)]
    base[8] = "Steps", START, calls
    said = settle(usage(base))
    assert '2 subscribers of "Steps" ran one at a time, line 10: what a record counts depends on the record' in said
    assert '1 subscriber of "Short" ran one at a time, line 13: something ends inside a cycle' in said
    assert '1 subscriber of "Week" ran one at a time, line 23: a promotion begins inside a cycle' in said
    assert '1 subscriber of "If" ran one at a time, line 18: it depends on an amount' in said
    assert '"Sum" ran' not in said
    assert_settled("out", base)
    assert figures("out")[8, 1]["voice_used"] == 60 + 90 + 90
    assert figures("out")[2, 1]["data_used"] == 3 * GB  # of the bonus nothing is left on the 12th day


def test_records_are_told_apart_from_cycles_by_what_they_come_to() -> None:
    """The same amounts, as cycles and as records: the same where days do not matter."""
    made = "simulate", "base.plan", "--subscribers", "60", "--months", "3", "--seed", "4", "--plan", "Sum", "--out"
    assert rollover(*made, "c.parquet").exit_code == 0
    assert rollover(*made, "r.csv", "--records").exit_code == 0
    settle("c.parquet", "cycles")
    settle("r.csv", "records")
    assert figures("records") == figures("cycles")
    assert lots("records") == lots("cycles")


# ---- when a line begins, and what the columns are called


def test_without_a_start_a_line_begins_on_the_day_of_its_first_record() -> None:
    told = "+491,2026-02-10 18:30,5", "+491,2026-03-09 23:59:59,6", "+491,2026-03-10,7", "+492,2026-01-05,0"
    written("u.csv", "\n".join(["msisdn,event_time,bytes", *told]))
    more = "--column", "subscriber=msisdn", "--column", "at=event_time", "--column", "data=bytes", "--plan", "Sum"
    settle("u.csv", "out", *more)
    settled = [(row["subscriber"], row["start"], row["cycle"], row["data_used"]) for row in rows("out")]
    assert settled == [
        ("+491", datetime(2026, 2, 10), 1, 11), ("+492", datetime(2026, 1, 5), 1, 0), ("+491", datetime(2026, 2, 10), 2, 7),
    ]  # fmt: skip
    settle("u.csv", "said", *more, "--start", "2026-01-01", exits=1)
    assert {row["reason"] for row in rows("said", "rejects")} == {
        "it is not in its first cycle, and nothing opens it; a record of 0 says that nothing was used"
    }


def test_records_of_one_cycle_may_be_alike_and_pass_64_bits() -> None:
    big = (1 << 63) - 1
    twice = [(START, "data", MB)] * 2
    halves, wholes = [(START, "data", big // 2)] * 2, [(START, "data", big)] * 2
    base = {1: ("Sum", START, twice), 2: ("Sum", START, halves), 3: ("Sum", START, wholes)}
    said = settle(usage(base), exits=1)
    assert figures("out")[1, 1]["data_used"] == 2 * MB
    assert figures("out")[2, 1]["data_overage"] == big // 2 * 2 - 20 * GB
    assert [row["reason"] for row in rows("out", "rejects")] == ["its amounts pass 64 bits"] * 2
    assert "more than 17 TB" in said


@pytest.mark.parametrize("values", [[1, 2, 3, 4], [1 << 62] * 3 + [5], [(1 << 63) - 1, 1, 0, 7]])
def test_sums_of_runs_are_exact(values: list[int]) -> None:
    import numpy

    told = run_sums(numpy.array(values), numpy.array([0, 3])).tolist()
    assert told == [min(sum(values[:3]), (1 << 63) - 1), values[3]]


# ---- what can't be


def _csv(rows: Sequence[Mapping[str, object]]) -> Path:
    with Path("u.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return Path("u.csv")


GOOD = [
    {"subscriber": name, "plan": "Sum", "start": "2026-01-31", "at": at, "data": MB}
    for name in (1, 2, 3)
    for at in ("2026-01-31 10:00", "2026-02-03 11:30:20", "2026-02-28", "2026-03-01T00:00")
]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"at": "2026-02-30"}, "its `at` is no time"),
        ({"at": "yesterday"}, "its `at` is no time"),
        ({"at": ""}, "its `at` is no time"),
        ({"at": "2026-02-03T10:00+01:00"}, "its `at` is no time"),
        ({"at": "2500-01-01"}, "its `at` is no time"),
        ({"at": "2026-01-30 23:59:59"}, "before its line began"),
        ({"at": "2190-01-01"}, "more than 1200 cycles after its line began"),
        ({"start": "2026-02-01"}, "starts otherwise than in its first row"),
        ({"plan": "Sums"}, "its plan is in none of the files"),
        ({"data": -1}, "data is below zero"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_record_is_rejected_with_its_reason(change: dict[str, object], reason: str) -> None:
    told: list[dict[str, object]] = [*GOOD]
    told[5] = {**told[5], **change}
    said = settle(_csv(told), exits=1)
    bad = rows("out", "rejects")
    assert any(row["reason"].startswith(reason) for row in bad), bad
    assert {row["subscriber"] for row in bad} == {2}
    assert len(bad) == 4
    assert "4 rows rejected" in said
    assert {name for name, _ in figures("out")} == {1, 3}
    if "at" in change:
        assert str(change["at"] or None) in {str(row["at"]) for row in bad}  # as it came


def test_rejects_put_right_are_settled_afterwards() -> None:
    settle(_csv(GOOD), "whole")
    settle(_csv([*GOOD[:6], {**GOOD[6], "at": "2026-02-31"}, *GOOD[7:]]), exits=1)
    bad = parquet.read_table("out/rejects/part-00000.parquet").to_pylist()
    right = [
        {**{name: row[name] for name in GOOD[0]}, "at": row["at"].replace("02-31", "02-28")} for row in bad
    ]  # fmt: skip
    parquet.write_table(arrow.Table.from_pylist(right), "right.parquet")
    settle("right.parquet", "right")
    assert figures("out") | figures("right") == figures("whole")
    assert lots("out") | lots("right") == lots("whole")


def test_a_cycle_that_has_closed_or_is_missing_is_told() -> None:
    settle(_csv(GOOD[:2]), "jan")
    for at, reason in {
        "2026-02-27": "its cycle has closed in what opens it",
        "2026-04-01": "its cycle does not follow the one that opens it; a record of 0 says that nothing was used",
    }.items():
        settle(_csv([{**GOOD[0], "at": at}]), at, "--opening", "jan", exits=1)
        assert [row["reason"] for row in rows(at, "rejects")] == [reason]
        assert len(rows(at, "rejected_lots")) == len(lots("jan"))
    settle(_csv([{**GOOD[0], "at": "2026-03-05", "data": 0}, {**GOOD[0], "at": "2026-04-01"}]), "two", "--opening", "jan")
    assert [row["cycle"] for row in rows("two")] == [2, 3]


def test_records_and_cycles_in_one_file_are_refused_until_one_is_chosen() -> None:
    _csv([{**row, "cycle": 1} for row in GOOD])
    said = settle("u.csv", exits=2)
    assert "has both `at` and `cycle`" in said
    assert "--column at=at, each row a record, or --column cycle=cycle, each row a cycle" in said
    settle("u.csv", "records", "--column", "at=at")
    assert {row["cycle"] for row in rows("records")} == {1, 2}
    settle("u.csv", "cycles", "--column", "cycle=cycle", exits=1)
    assert {row["reason"] for row in rows("cycles", "rejects")} == {
        "a second row of this cycle", "another row of this subscriber is rejected",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [arrow.timestamp("us", "UTC"), arrow.int64(), arrow.time32("s")], ids=str)
def test_what_is_no_local_time_stops_it_before_it_starts(kind: Any) -> None:
    parquet.write_table(arrow.table({"subscriber": [1], "at": arrow.array([1], kind), "data": [1]}), "u.parquet")
    said = settle("u.parquet", "out", "--plan", "Sum", exits=2)
    assert "it should hold times without a zone, or texts as 2026-01-31 18:30" in said


@pytest.mark.parametrize("kind", ["date32[day]", "timestamp[s]", "timestamp[ms]", "timestamp[us]", "timestamp[ns]", "string"])
def test_times_of_any_kind(kind: str) -> None:
    """Whole days, and the last moments of one: fractions of a second are cut off."""
    at = arrow.array(["2026-02-27 23:59:59.999", "2026-02-28 00:00:00"])
    if kind != "string":
        at = at.cast(arrow.timestamp("ms")).cast(arrow.type_for_alias(kind), safe=False)
    start = arrow.array([START] * 2, arrow.timestamp("s"))
    first = arrow.table({"subscriber": [1, 1], "start": start, "at": at, "data": [3, 4]})
    began = arrow.array([START], arrow.timestamp("s")).cast(at.type)
    zero = arrow.table({"subscriber": [1], "start": start[:1], "at": began, "data": [0]})
    parquet.write_table(arrow.concat_tables([zero, first]), "u.parquet")
    settle("u.parquet", "out", "--plan", "Sum")
    assert [row["data_used"] for row in rows("out")] == [3, 4]


def test_what_a_text_says_does_not_depend_on_the_others() -> None:
    times = "2026-01-31", "2026-01-31 18:30", "2026-01-31T18:30:05", "2026-01-31 18:30:05.5", "20260131", " 2026-01-31"
    texts = [*times, None, "x"]
    alone = [dates.moments(arrow.array([text], arrow.string()))[0] for text in texts]
    assert dates.moments(arrow.array(texts)).tolist() == alone
    assert alone[6] == alone[7] == dates.NO_TIME


def test_cycles_from_the_first_use_are_not_guessed() -> None:
    written("first.plan", 'plan "First" prepaid\n  cycle: 30 days from first use\n  grant 1 GB\n')
    settle(_csv([{**GOOD[0], "plan": "First"}]), exits=1, plans="first.plan")
    [row] = rows("out", "rejects")
    assert row["reason"] == "the cycles of its plan begin with the first use: say in a column `cycle` in which it was used"


def test_no_records() -> None:
    parquet.write_table(parquet.read_table(usage({1: ("Sum", START, [(START, "data", 1)])})).slice(0, 0), "none.parquet")
    settle("none.parquet")
    assert figures("out") == {}
