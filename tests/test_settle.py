"""`rollover settle`: each cycle of each subscriber comes to what `rollover run` says of it, however the rows come."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

from bases import PLANS, START, contents, figures, lots, rows, rows_of, settle, table, usage
from command_line import rollover, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dsl.check import check
from dsl.source import Source
from engine.batch.lines import Form
from engine.batch.rows import Rows
from engine.statement import COLUMNS
from tui import settling

BASE = {1: (6000, 25000, 0), 2: (0, 0, 0), 3: (40000, 20000, 1), 7: (100,)}
CHECKED = {plan.name: plan for plan in check(Source("base.plan", PLANS)).plans}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("base.plan", PLANS)


def by_the_engine(base: Mapping[Any, Sequence[int]], plan: Mapping[Any, str]) -> dict[tuple[Any, int], dict[str, int]]:
    """What one line after the other comes to, in MB used; of services the plan has to do with."""
    found = {}
    for name, history in base.items():
        for number, closed in enumerate(Rows(CHECKED[plan[name]], START).settle([{"data": one * 10**6} for one in history]), 1):
            told = {f"{service}_{it}": getattr(sums, it) for service, sums in closed.sums.services.items() for it in COLUMNS}
            told |= {f"{currency}_due": amount for currency, amount in closed.sums.due.items()}
            found[name, number] = told
    return found


def assert_says(out: str, expected: Mapping[tuple[Any, int], Mapping[str, int]]) -> None:
    told = figures(out)
    assert told.keys() == expected.keys()
    for key, row in expected.items():
        assert {name: told[key].get(name, 0) for name in row} == row, key


# ---- by hand


def test_a_cycle_is_what_run_says_of_it() -> None:
    settle(usage(rows_of(BASE)))
    told = figures("out")
    for name, history in BASE.items():
        used = ",".join(f"{amount}MB" for amount in history)
        run = rollover("run", "base.plan", "--start", "2026-01-31", "--use", used, "--format", "json")
        for cycle in json.loads(run.stdout)["cycles"]:
            for service, row in cycle["services"].items():
                for figure in COLUMNS:
                    assert told[name, cycle["cycle"]][f"{service}_{figure}"] == row[figure], (name, cycle["cycle"], figure)


SHARED = """unit flex
plan "Flex" prepaid
  cycle: 28 days
  grant 325 flex
  1 MB uses 1 flex
  1 sms uses 1 flex
  1 minute uses 2 flex
"""


@pytest.mark.parametrize("order", [("data", "sms", "voice"), ("voice", "sms", "data"), ("sms", "voice", "data")], ids=str)
def test_where_services_share_a_unit_the_order_of_columns_makes_no_difference(order: Sequence[str]) -> None:
    written("shared.plan", SHARED)
    used = {"data": 280 * 10**6, "sms": 140, "voice": 28 * 600}
    rows = [{"subscriber": 1, "plan": "Flex", "start": START, "cycle": 1, **{name: used[name] for name in order}}]
    settle(usage(rows), plans="shared.plan")
    run = rollover(
        "run", "shared.plan", "--start", "2026-01-31", "--use", "280MB and 140 sms and 280 minutes", "--format", "json"
    )
    (cycle,) = json.loads(run.stdout)["cycles"]
    assert cycle["services"]["data"]["overage"] > 0
    told = figures("out")[1, 1]
    for service, row in cycle["services"].items():
        assert {name: told[f"{service}_{name}"] for name in COLUMNS} == {name: row[name] for name in COLUMNS}, service


def test_begin_and_end_of_cycles_from_the_last_day_of_a_month() -> None:
    settle(usage(rows_of({1: (0, 0)})))
    told = [(row["begins"].strftime("%m-%d"), row["ends"].strftime("%m-%d")) for row in rows("out")]
    assert told == [("01-31", "02-28"), ("02-28", "03-31")]


def test_several_plans_and_which_rule_makes_lines_run_alone() -> None:
    plan = {1: "W1", 2: "Three", 3: "If", 7: "Three"}
    said = settle(usage(rows_of(BASE, plan)))
    assert_says("out", by_the_engine(BASE, plan))
    assert '1 subscriber of "If" ran one at a time, line 13: it depends on an amount' in said


@pytest.mark.parametrize("plan", CHECKED)
def test_month_by_month_is_all_at_once(plan: str) -> None:
    base = {1: (6000, 25000, 0, 3000), 2: (0, 0, 0, 0), 3: (40000, 1500, 1, 900)}
    settle(usage(rows_of(base, plan), "all.parquet"), "all")
    opening: tuple[str, ...] = ()
    for month in range(4):
        one = {name: history[month : month + 1] for name, history in base.items()}
        settle(usage(rows_of(one, plan, month + 1), f"{month}.parquet"), str(month), *opening)
        opening = ("--opening", f"{month}/lots")
    assert {key: row for month in range(4) for key, row in figures(str(month)).items()} == figures("all")
    assert lots("3") == lots("all")
    assert sum(map(by_rules, map(str, range(4))), Counter()) == by_rules("all")


def by_rules(out: str) -> Counter[tuple[str, ...]]:
    """What rules did in all, by the line of the plan, its words, the service and what it was."""
    with Path(out, "rules.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return Counter({(row["line"], row["rule"], row["service"], row["what"]): int(row["amount"]) for row in rows})


def test_what_came_over_is_told_of_its_rule_though_the_plan_was_edited_since() -> None:
    settle(usage(rows_of({1: (3000,)}, "If"), "jan.parquet"), "jan")
    feb = usage(rows_of({1: (6000,)}, "If", 2), "feb.parquet")
    settle(feb, "same", "--opening", "jan")
    rule = "carry 1 month", "data", "used"
    assert by_rules("same")["13", *rule] == 2 * 10**9
    written("base.plan", "# Prices of next year\n" + PLANS)
    settle(feb, "moved", "--opening", "jan")
    assert by_rules("moved")["14", *rule] == 2 * 10**9
    written("base.plan", PLANS.replace("at least 2 GB: carry 1", "at least 3 GB: carry 1"))
    settle(feb, "gone", "--opening", "jan")
    assert by_rules("gone")["", "", *rule[1:]] == 2 * 10**9  # no line of this plan made it


def test_what_others_hold_does_not_decide_which_lot_is_used_first() -> None:
    """Lots that begin and end together are used as they were made, though somebody before holds the later one alone."""
    written(
        "tie.plan",
        """plan "Tie" prepaid
  cycle: calendar month
  every month grant 5 GB data
  every month grant 3 GB bonus data
  use allowance, then bonus, then carried
  unused data: carry 1 month each time, cap 20 GB
  bonus data: carry 1 month
""",
    )
    base = {1: (5000, 8000, 0), 2: (1000, 9000, 0)}
    for form in ("numpy", "rows"):
        more = "--form", form, "--plan", "Tie"
        rows = [{name: row[name] for name in ("subscriber", "cycle", "data")} for row in rows_of(base)]
        settle(usage(rows, "all.parquet"), f"all-{form}", *more, plans="tie.plan")
        opening: tuple[str, ...] = ()
        for month in (1, 2, 3):
            some = usage([row for row in rows if row["cycle"] == month], f"{month}.parquet")
            settle(some, f"{month}-{form}", *more, *opening, plans="tie.plan")
            opening = "--opening", f"{month}-{form}"
        months = {key: row for month in (1, 2, 3) for key, row in figures(f"{month}-{form}").items()}
        assert months == figures(f"all-{form}")
        assert months[2, 2]["data_carried_out"] == 3 * 10**9  # of the bonus: what is carried each time was used first


def test_lots_that_are_alike_but_for_their_rule_keep_it() -> None:
    """Somebody holds the second of two that are alike, and nothing of the first."""
    written(
        "two.plan",
        """rate 1 minute = 1 MB
rate 1 sms = 1 MB
plan "Two" prepaid
  every month grant 1 GB data, 100 minutes and 100 sms
  unused minutes: convert to data
  unused sms: convert to data
""",
    )
    used = {1: (6000, 20), 2: (0, 100), 3: (60, 70)}  # seconds, messages
    start = {"plan": "Two", "start": START}
    jan = [{"subscriber": name, **start, "cycle": 1, "voice": of[0], "sms": of[1], "data": 0} for name, of in used.items()]
    feb = [{**row, "cycle": 2, "voice": 0, "sms": 0, "data": 1_150 * 10**6} for row in jan]
    settle(usage([*jan, *feb][::3] + [*jan, *feb][1::3] + [*jan, *feb][2::3], "all.parquet"), "all", plans="two.plan")
    settle(usage(jan, "jan.parquet"), "jan", plans="two.plan")
    settle(usage(feb, "feb.parquet"), "feb", "--opening", "jan", plans="two.plan")
    assert by_rules("jan") + by_rules("feb") == by_rules("all")
    assert by_rules("feb")["5", "convert to data", "data", "used"] > 0
    assert by_rules("feb")["6", "convert to data", "data", "used"] > 0


UNSAID = """plan "Gifted" prepaid
  cycle: calendar month
  every month grant 3 GB data
promotion "Gift" for "Gifted"
  from 2026-01-10 until 2026-01-20
  grant unlimited data for 60 days
plan "Later" prepaid
  cycle: calendar month
  every month grant 3 GB data for 5 days from first use
"""


@pytest.mark.parametrize("plan", ["Gifted", "Later"])
def test_what_lots_do_not_say_is_settled_at_once_or_told(plan: str) -> None:
    """An unlimited lot holds no amount, and one that waits for its first use has no end yet."""
    written("unsaid.plan", UNSAID)
    base = {1: (0, 8_000), 2: (1_000, 8_000)}
    told = [{**row, "start": datetime(2026, 1, 1)} for row in rows_of(base, plan)]
    said = settle(usage(told), plans="unsaid.plan")
    assert f'2 subscribers of "{plan}" ran one at a time' in said
    used = "1 GB,8 GB"
    run = rollover("run", "unsaid.plan", "--plan", plan, "--start", "2026-01-01", "--use", used, "--format", "json")
    for cycle in json.loads(run.stdout)["cycles"]:
        for figure in COLUMNS:
            assert figures("out")[2, cycle["cycle"]][f"data_{figure}"] == cycle["services"]["data"][figure], figure
    jan, feb = ([row for row in told if row["cycle"] == month] for month in (1, 2))
    settle(usage(jan, "jan.parquet"), "jan", plans="unsaid.plan")
    settle(usage(feb, "feb.parquet"), "feb", "--opening", "jan", plans="unsaid.plan", exits=1)
    reasons = {row["subscriber"]: row["reason"] for row in rows("feb", "rejects")}
    assert set(reasons) == ({1, 2} if plan == "Gifted" else {1})  # whose lot has begun knows its end
    assert all(reason.endswith("lots do not say when that ends; settle all its cycles at once") for reason in reasons.values())
    assert figures("feb").items() <= figures("out").items()


def test_a_line_that_used_nothing_is_settled_and_a_new_one_begins() -> None:
    settle(usage(rows_of({1: (6000,), 2: (0,)}), "jan.parquet"), "jan")
    settle(usage([*rows_of({2: (500,)}, first=2), *rows_of({3: (100,)})], "feb.parquet"), "feb", "--opening", "jan")
    expected = by_the_engine({1: (6000, 0), 2: (0, 500)}, {1: "W1", 2: "W1"}) | by_the_engine({3: (100,)}, {3: "W1"})
    assert_says("feb", {key: row for key, row in expected.items() if key in {(1, 2), (2, 2), (3, 1)}})


def test_who_only_opens_has_not_used_what_another_did() -> None:
    settle(usage(rows_of({1: (0,), 2: (0,)}, {1: "Three", 2: "W1"}), "jan.parquet"), "jan")
    settle(usage(rows_of({2: (500,)}, first=2), "feb.parquet"), "feb", "--opening", "jan")
    assert {key: row["data_used"] for key, row in figures("feb").items()} == {(1, 2): 0, (2, 2): 500 * 10**6}


def test_lines_of_other_lengths_and_a_cycle_without_a_row() -> None:
    base = {1: (6000, 0, 300), 2: (10,), 3: (0, 0, 0, 40000)}
    kept = [row for row in rows_of(base) if row["data"] or row["subscriber"] == 3]
    settle(usage([row for row in kept if (row["subscriber"], row["cycle"]) != (3, 2)]))
    assert_says("out", by_the_engine(base, dict.fromkeys(base, "W1")))


def test_foreign_headers() -> None:
    theirs = [{"msisdn": row["subscriber"], "cycle": row["cycle"], "used_bytes": row["data"], "x": 1} for row in rows_of(BASE)]
    more = "--column", "subscriber=msisdn", "--column", "data=used_bytes", "--plan", "W1", "--start", "2026-01-31"
    settle(usage(theirs, "u.csv"), "out", *more)
    assert_says("out", by_the_engine(BASE, dict.fromkeys(BASE, "W1")))
    assert "no plan has that" in settle("u.csv", "other", "--column", "dada=used_bytes", exits=2)


def test_subscribers_that_are_text() -> None:
    base = {f"+49 {name}": history for name, history in BASE.items()}
    settle(usage(rows_of(base)))
    assert_says("out", by_the_engine(base, dict.fromkeys(base, "W1")))


def test_007_of_a_csv_is_not_7() -> None:
    base = {"007": (6000, 1), "7": (25000,), "8": (0,)}
    settle(usage(rows_of(base), "u.csv"))
    assert_says("out", by_the_engine(base, dict.fromkeys(base, "W1")))


def test_a_csv_is_as_its_parquet() -> None:
    settle(usage(rows_of(BASE)), "parquet")
    settle(usage(rows_of(BASE), "u.csv"), "csv")
    assert figures("csv") == figures("parquet")
    assert lots("csv") == lots("parquet")


def test_rows_in_any_order() -> None:
    mixed = rows_of(BASE)
    random.Random(4).shuffle(mixed)
    said = settle(usage(mixed))
    assert "put in order first" in said
    assert_says("out", by_the_engine(BASE, dict.fromkeys(BASE, "W1")))


# ---- what is told for people


def test_what_each_rule_did_is_a_table() -> None:
    settle(usage(rows_of(BASE, "Three")))
    with Path("out/rules.csv").open(newline="") as file:
        told = {(row["rule"], row["what"]): int(row["amount"]) for row in csv.DictReader(file)}
    assert told["grant 5 GB", "granted for the cycle"] == 10 * 5 * 10**9
    sums = [row["data_carried_out"] for row in rows("out")]
    assert told["carry 3 months", "carried"] >= max(sums)


def test_only_some_columns() -> None:
    settle(usage(rows_of(BASE)), "out", "--columns", "data_used,data_overage")
    assert table("out").column_names == ["subscriber", "plan", "start", "cycle", "begins", "ends", "data_used", "data_overage"]
    assert "it has data_carried_in" in settle("u.parquet", "other", "--columns", "used", exits=2)


def test_totals_are_the_sums_of_the_rows() -> None:
    plan = {1: "W1", 2: "Three", 3: "W1", 7: "If"}
    settle(usage(rows_of(BASE, plan)))
    told = json.loads(Path("out/manifest.json").read_text())["totals"]
    for name, sums in told["figures"].items():
        mine = [row for row in rows("out") if row["plan"] == name]
        assert sums == {column: sum(row[column] for row in mine) for column in sums}
    assert (told["subscribers"], told["cycles"], told["rejected"]) == (4, 10, 0)


# ---- any base, in any order, in pieces of any size


_HISTORIES = some.lists(some.sampled_from((0, 1, 4999, 5000, 7500, 20000, 61000)), min_size=1, max_size=5)
_BASES = some.dictionaries(
    some.integers(1, 60), some.tuples(some.sampled_from(sorted(CHECKED)), _HISTORIES), min_size=1, max_size=9
)


def run(out: str, chunk_rows: int, part_rows: int, path: Path, opening: Path | None = None) -> None:
    opens = [opening] if opening else []
    asked = settling.Asked(
        [Path("base.plan")], [path], Path(out), opens, form=Form.NUMPY, chunk_rows=chunk_rows, part_rows=part_rows
    )  # fmt: skip
    settling.settle(asked, lambda _rows, _line: None)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=_BASES, chunk_rows=some.integers(1, 9), part_rows=some.integers(5, 20), order=some.randoms())
def test_any_base_comes_to_what_the_engine_says(
    drawn: dict[int, tuple[str, list[int]]], chunk_rows: int, part_rows: int, order: random.Random,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("any")
    base, plan = {name: used for name, (_, used) in drawn.items()}, {name: of for name, (of, _) in drawn.items()}
    expected = by_the_engine(base, plan)
    ascending = rows_of(dict(sorted(base.items())), plan)
    mixed = [*ascending]
    order.shuffle(mixed)
    path = usage(ascending, str(folder / "u.parquet"))
    run(str(folder / "one"), chunk_rows, part_rows, path)
    run(str(folder / "again"), chunk_rows, part_rows, path)
    run(str(folder / "mixed"), chunk_rows, part_rows, usage(mixed, str(folder / "mixed.parquet")))
    assert_says(str(folder / "one"), expected)
    assert contents(folder / "one") == contents(folder / "again")
    assert_says(str(folder / "mixed"), expected)
    assert lots(folder / "one") == lots(folder / "mixed")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=_BASES, chunk_rows=some.integers(1, 9), gone=some.sets(some.integers(1, 60)))
def test_months_in_pieces_of_any_size(
    drawn: dict[int, tuple[str, list[int]]], chunk_rows: int, gone: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The second month has rows of some lines only: the others used nothing."""
    folder = tmp_path_factory.mktemp("months")
    plan = {name: of for name, (of, _) in sorted(drawn.items())}
    base = {name: (*drawn[name][1], 0)[:2] for name in plan}
    base = {name: (used[0], 0 if name in gone else used[1]) for name, used in base.items()}
    first = rows_of({name: used[:1] for name, used in base.items()}, plan)
    second = [row for row in rows_of({name: used[1:] for name, used in base.items()}, plan, 2) if row["subscriber"] not in gone]
    run(str(folder / "1"), chunk_rows, 10, usage(first, str(folder / "1.parquet")))
    run(str(folder / "2"), chunk_rows, 10, usage(second, str(folder / "2.parquet")), folder / "1")
    expected = by_the_engine(base, plan)
    assert_says(str(folder / "2"), {key: row for key, row in expected.items() if key[1] == 2})
