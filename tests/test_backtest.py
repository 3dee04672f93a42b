"""`rollover backtest`: a dozen lines reckoned by hand, then the sums of the reference engine's runs on any histories."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, rollover, written
from reading import GB, MB, sound

np = pytest.importorskip("numpy")
arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

from dsl.plan import Plan  # noqa: E402
from engine.run import run  # noqa: E402
from tui.backtest.findings import About, By, Figure, Findings, Verdict, verdicts  # noqa: E402
from tui.backtest.histogram import Histogram  # noqa: E402
from tui.backtest.run import Asked, Backtest, backtest  # noqa: E402
from tui.backtest.text import bars, shares  # noqa: E402
from tui.running import UnusableError  # noqa: E402
from tui.session import usage_scenario  # noqa: E402
from tui.settle.exact import exact_sum  # noqa: E402

OLD = """plan "Ten" postpaid
  price 10 EUR a month
  grant 10 GB
  unused data: carry 1 month, cap 5 GB
  when data runs out: sell 1 GB at 2 EUR
"""
NEW = """plan "Eight" postpaid
  price 8 EUR a month
  grant 8 GB
  when data runs out: sell 1 GB at 2 EUR
"""
# What each uses in MB, a number a cycle; then due in EUR, overage, expired and held in MB: with OLD, with NEW.
DOZEN: list[tuple[tuple[int, ...], tuple[int, int, int, int], tuple[int, int, int, int], str]] = [
    ((0, 0), (20, 0, 15_000, 5_000), (16, 0, 16_000, 0), "winners"),
    ((9_000, 9_000), (20, 0, 0, 2_000), (20, 2_000, 0, 0), "losers"),
    ((10_000, 10_000), (20, 0, 0, 0), (24, 4_000, 0, 0), "losers"),
    ((8_000, 8_000), (20, 0, 0, 4_000), (16, 0, 0, 0), "winners"),
    ((8_500, 5_000), (20, 0, 1_500, 5_000), (18, 500, 3_500, 0), "mixed"),
    ((15_000, 0), (30, 5_000, 5_000, 5_000), (30, 7_000, 8_000, 0), "losers"),
    ((0, 15_000), (20, 0, 5_000, 0), (30, 7_000, 8_000, 0), "losers"),
    ((12_000, 8_000), (24, 2_000, 0, 2_000), (24, 4_000, 0, 0), "losers"),
    ((0,), (10, 0, 5_000, 5_000), (8, 0, 8_000, 0), "winners"),
    ((8_500,), (10, 0, 0, 1_500), (10, 500, 500, 0), "losers"),
    ((9_500, 8_000), (20, 0, 0, 2_500), (20, 1_500, 500, 0), "losers"),
    ((8_500, 9_500), (20, 0, 0, 2_000), (22, 2_000, 1_000, 0), "losers"),
]
DUE, OVERAGE, EXPIRED, HELD = (
    About(Figure.DUE, "EUR"), About(Figure.OVERAGE, "data"), About(Figure.EXPIRED, "data"), About(Figure.HELD, "data")
)  # fmt: skip
TOLD = (DUE, OVERAGE, EXPIRED, HELD)
SIZES = (100, MB, MB, MB)


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("old.plan", OLD)
    written("new.plan", NEW)


def usage(rows: Sequence[dict[str, object]], name: str = "u.parquet") -> Path:
    if name.endswith(".parquet"):
        parquet.write_table(arrow.Table.from_pylist(list(rows)), name)
    else:
        with Path(name).open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return Path(name)


def rows_of(histories: Sequence[Sequence[int]], size: int = MB, **more: object) -> list[dict[str, object]]:
    return [
        {"subscriber": number, **more, "cycle": cycle, "data": amount * size}
        for number, used in enumerate(histories, 1)
        for cycle, amount in enumerate(used, 1)
    ]


def outcome(path: Path, **more: Any) -> Backtest:
    return backtest(Asked(Path("old.plan"), Path("new.plan"), path, **more), lambda _rows, _of: None)


def dozen(name: str = "u.parquet") -> Path:
    return usage(rows_of([used for used, *_ in DOZEN]), name)


# ---- by hand


@pytest.mark.parametrize("number", range(len(DOZEN)))
def test_what_a_line_comes_to_and_whether_it_is_better_off(number: int) -> None:
    used, old, new, verdict = DOZEN[number]
    found = outcome(usage(rows_of([used]))).findings
    assert [found.sums[about].old for about in TOLD] == [amount * size for amount, size in zip(old, SIZES, strict=True)]
    assert [found.sums[about].new for about in TOLD] == [amount * size for amount, size in zip(new, SIZES, strict=True)]
    assert {one for one in Verdict if found.counts[one]} == {verdict}


def test_a_dozen_in_all() -> None:
    found = outcome(dozen()).findings
    assert (found.lines, found.cycles) == (12, 22)
    assert {str(one): found.counts[one] for one in Verdict} == {"winners": 3, "same": 0, "mixed": 1, "losers": 8}
    assert [found.sums[DUE].old, found.sums[DUE].new] == [23_400, 23_800]
    assert found.sums[OVERAGE].more == 21_500 * MB
    assert found.changes_of[Verdict.WINNERS][DUE] == -1_000
    assert found.changes_of[Verdict.LOSERS][DUE] == 1_600
    # -4, -4, -2, -2, 0, 0, 0, 0, 0, 2, 4, 10 EUR
    assert [found.changes[DUE].quantile(percent) for percent in (25, 50, 75)] == [-200, 0, 0]
    assert (found.changes[DUE].least, found.changes[DUE].most) == (-400, 1_000)
    assert [(hit.subscriber, hit.old, hit.new) for hit in found.hit[DUE]] == [
        (7, 2000, 3000),
        (3, 2000, 2400),
        (12, 2000, 2200),
    ]
    assert [hit.subscriber for hit in found.hit[OVERAGE]] == [7, 3, 2, 6, 8]
    assert [hit.harm for hit in found.hit[HELD]] == [5 * GB, 5 * GB, 5 * GB, 5 * GB, 4 * GB]


def test_of_lines_that_pay_and_lack_the_same_whoever_holds_more_is_better_off() -> None:
    written("new.plan", OLD.replace("cap 5 GB", "cap 3 GB"))
    found = outcome(dozen()).findings
    assert {str(one): found.counts[one] for one in Verdict} == {"winners": 0, "same": 6, "mixed": 0, "losers": 6}
    assert outcome(dozen(), by=By.DUE).findings.counts[Verdict.LOSERS] == 1  # who used in the second month what was kept


def test_what_is_better_is_better_in_something_and_worse_in_nothing() -> None:
    more = {
        DUE: np.array([-1, -1, 0, 0, 0, 1, 0, 0]),
        OVERAGE: np.array([0, 1, -1, 0, 0, 0, 0, 1]),
        HELD: np.array([-9, 0, -9, 1, -1, 9, 0, 0]),
        EXPIRED: np.array([9, 9, 9, 9, 9, 9, 9, 9]),
    }
    found = verdicts(more, By.ALL)
    assert [next(str(one) for one in Verdict if found[one][line]) for line in range(8)] == [
        "winners", "mixed", "winners", "winners", "losers", "losers", "same", "losers",
    ]  # fmt: skip
    assert verdicts(more, By.EXPIRED)[Verdict.LOSERS].all()
    assert verdicts(more, By.HELD)[Verdict.LOSERS].sum() == 3
    assert verdicts(more, By.OVERAGE)[Verdict.SAME].sum() == 5


# ---- by the reference engine

RULES = """rate 1 GB = 30 minutes
plan "Ten" postpaid
  price 10 EUR a month
  grant 10 GB, 60 minutes
  use carried data first
  unused data: carry 2 months, cap 12 GB, convert the rest to minutes, cap 90 minutes
  when data runs out: sell 500 MB at 3 EUR up to 2 GB a cycle, then slow to 64 kbps
"""
OTHERS = [
    RULES.replace("cap 12 GB", "cap 4 GB"),
    RULES.replace("grant 10 GB", "grant 7 GB").replace("10 EUR", "8 EUR"),
    RULES.replace("carry 2 months", "carry 1 month"),
    NEW,
]


def reference(plan: Plan, lines: Sequence[tuple[datetime, Sequence[dict[str, int]]]]) -> dict[About, int]:
    """Sums over lines, each run by the reference engine."""
    found: dict[About, int] = {}
    names = {Figure.OVERAGE: "overage", Figure.EXPIRED: "expired", Figure.CONVERTED: "converted_out", Figure.USED: "used"}

    def add(figure: Figure, of: str, amount: int) -> None:
        found[About(figure, of)] = found.get(About(figure, of), 0) + amount

    for start, used in lines:
        cycles = run(plan, usage_scenario(plan, used, start), ()).statement.cycles
        for cycle in cycles:
            for currency, amount in cycle.charged.items():
                add(Figure.CHARGED, currency, amount)
            for currency, amount in cycle.due.items():
                add(Figure.DUE, currency, amount)
            for service, figures in cycle.services.items():
                for figure, name in names.items():
                    add(figure, service, getattr(figures, name))
                add(Figure.CAME, service, figures.granted + figures.received + figures.converted_in)
        for service, figures in cycles[-1].services.items():
            add(Figure.HELD, service, figures.carried_out)
    return found


def some_lines(seed: int, count: int) -> Iterator[tuple[datetime, list[dict[str, int]]]]:
    draw = random.Random(seed)
    for _ in range(count):
        used = [
            {"data": draw.choice([0, draw.randrange(30 * GB), draw.randrange(12) * GB]), "voice": draw.randrange(9_000)}
            for _ in range(draw.randint(1, 7))
        ]
        yield datetime(2026, draw.randint(1, 6), draw.choice([1, 15, 28])), used


@pytest.mark.parametrize("number", range(len(OTHERS)))
def test_sums_are_those_of_the_runs_of_each_line(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.backtest.lines._ROWS_AT_ONCE", 37)  # lines lie across the edges of what is read at once
    written("old.plan", RULES)
    written("new.plan", OTHERS[number])
    lines = list(some_lines(number, 60))
    rows = [
        {"subscriber": f"{number:04}", "start": start.date(), "cycle": cycle, **amounts}
        for number, (start, used) in enumerate(lines)
        for cycle, amounts in enumerate(used, 1)
    ]
    found = outcome(usage(rows)).findings
    assert found.lines == 60
    for text, which in ((RULES, "old"), (OTHERS[number], "new")):
        expected = reference(sound(text).plans[0], lines)
        told = {about: getattr(sums, which) for about, sums in found.sums.items()}
        assert {about: amount for about, amount in told.items() if amount} == {
            about: amount for about, amount in expected.items() if amount
        }
    assert all(found.changes[about].count == 60 for about in found.sums)


def test_rules_that_can_not_be_computed_at_once_are_run_line_by_line_and_told() -> None:
    huge = [(20_000_000, 1), (5, 9_000)]
    one = outcome(usage(rows_of(huge)))
    assert sum(one.findings.by_rows.values()) == 2
    assert one.findings.lines == 2
    expected = reference(
        sound(OLD).plans[0], [(datetime(2026, 1, 1), [{"data": amount * MB} for amount in used]) for used in huge]
    )
    assert one.findings.sums[DUE].old == expected[DUE]


# ---- dated records


def records_of(histories: Sequence[Sequence[int]]) -> list[dict[str, object]]:
    """What is used in each month, in two records: at its first instant and at its last."""
    months = [datetime(2026, month, 1) for month in range(1, 8)]
    return [
        {"subscriber": number, "at": at, "data": part * MB}
        for number, used in enumerate(histories, 1)
        for begin, end, amount in zip(months, months[1:], used, strict=False)
        for at, part in ((begin, amount // 3), (end - timedelta(seconds=1), amount - amount // 3))
    ]


def test_records_come_to_what_their_cycles_do() -> None:
    told = records_of([used for used, *_ in DOZEN])
    cycles = findings_of(outcome(dozen()))
    assert findings_of(outcome(usage(told, "records.parquet"))) == cycles
    assert findings_of(outcome(usage(told[::-1], "mixed.csv"))) == cycles


def test_records_of_plans_whose_days_matter_run_line_by_line() -> None:
    written("new.plan", NEW.replace("  grant", "  every month grant 3 GB bonus data for 10 days\n  grant", 1))
    late = [{"subscriber": 1, "at": datetime(2026, 1, day), "data": 2_000 * MB} for day in (1, 20)]
    found = outcome(usage(late)).findings
    [(which, _, reason)] = found.by_rows
    assert (which, reason.split(": ")[1]) == ("new", "something ends inside a cycle")
    assert found.sums[About(Figure.EXPIRED, "data")].new == 8_000 * MB - 2_000 * MB + 1_000 * MB


def test_records_of_plans_in_other_zones_are_refused() -> None:
    written("new.plan", "timezone Asia/Manila\n" + NEW)
    with pytest.raises(UnusableError, match='"Ten" and "Eight" have other time zones'):
        outcome(usage(records_of([[1]])))


# ---- however the file is parted


def findings_of(one: Backtest) -> dict[str, object]:
    from tui.backtest.figures_json import as_json

    told = json.loads(as_json(one))
    del told["usage"]
    return dict(told)


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 21, 22, 23])
def test_it_does_not_matter_how_many_rows_are_read_at_once(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = findings_of(outcome(dozen()))
    monkeypatch.setattr("tui.backtest.lines._ROWS_AT_ONCE", rows)
    monkeypatch.setattr("tui.settle.usage.CHUNK", max(1, rows // 2))
    assert findings_of(outcome(dozen())) == whole


def test_csv_is_read_as_parquet_is() -> None:
    assert findings_of(outcome(dozen("u.csv"))) == findings_of(outcome(dozen()))


def test_findings_of_parts_add_up() -> None:
    draw = np.random.default_rng(7)
    old = {about: draw.integers(0, 10**12, 999) for about in TOLD}
    new = {about: draw.integers(0, 10**12, 999) for about in TOLD}
    names = arrow.array(range(999))
    whole, parts = Findings(), Findings()
    whole.add("A", names, 999, old, new)
    for part in (slice(0, 10), slice(10, 600), slice(600, 999)):
        some = Findings()
        size = part.stop - part.start
        some.add("A", names[part], size, *({about: side[about][part] for about in TOLD} for side in (old, new)))
        parts.merge(some)
    assert (whole.sums, whole.counts, whole.changes_of, whole.hit) == (parts.sums, parts.counts, parts.changes_of, parts.hit)
    for about in TOLD:
        quantiles = [[one.changes[about].quantile(percent) for percent in range(101)] for one in (whole, parts)]
        assert quantiles[0] == quantiles[1]


# ---- quantiles


def test_quantiles_are_exact_below_1024_and_within_a_512th_above() -> None:
    draw = random.Random(7)
    for most in (200, 10**4, 10**15, 2**62):
        values = [draw.randint(-most, most) for _ in range(2_000)]
        histogram = Histogram()
        histogram.add(np.array(values, np.int64))
        values.sort()
        for percent in range(1, 101):
            exact, found = values[-(-len(values) * percent // 100) - 1], histogram.quantile(percent)
            assert abs(found) <= abs(exact)
            assert abs(found - exact) <= (abs(exact) // 512 if abs(exact) >= 1024 else 0)
        assert (histogram.least, histogram.most) == (values[0], values[-1])


def test_a_quantile_is_exact_where_the_numbers_about_it_are_alike() -> None:
    histogram = Histogram()
    for part in (np.full(10, 5 * GB, np.int64), np.full(10, -5 * GB, np.int64), np.zeros(0, np.int64)):
        histogram.add(part)
    assert [histogram.quantile(percent) for percent in (0, 50, 51, 100)] == [-5 * GB, -5 * GB, 5 * GB, 5 * GB]
    assert Histogram().quantile(50) == 0


def test_sums_pass_64_bits() -> None:
    assert exact_sum(np.full(10, 2**62, np.int64)) == 10 * 2**62
    assert exact_sum(np.full(10, -(2**62) - 1, np.int64)) == 10 * (-(2**62) - 1)


# ---- lines on several plans


def test_each_line_is_on_the_plan_that_its_row_says() -> None:
    written("old.plan", OLD + OLD.replace("Ten", "Gone").replace("10 EUR", "11 EUR") + NEW)
    written("new.plan", OLD.replace("10 EUR", "9 EUR") + NEW)
    rows = [
        *rows_of([(0, 0)], plan="Ten"),
        {"subscriber": 2, "plan": "Eight", "cycle": 1, "data": 0},
        {"subscriber": 3, "plan": "Gone", "cycle": 1, "data": 0},
        {"subscriber": 4, "plan": "Else", "cycle": 2, "data": 0},
    ]
    one = outcome(usage(rows))
    assert one.pairs == (("Ten", "Ten"), ("Eight", "Eight"))
    assert (one.findings.lines, one.findings.sums[DUE].old, one.findings.sums[DUE].new) == (2, 2_800, 2_600)
    assert dict(one.findings.left_out) == {"Gone": 1, "Else": 1}
    only = outcome(usage(rows), plan="Gone", other="Eight")
    assert (only.findings.lines, only.findings.sums[DUE].more) == (1, -300)


# ---- the command


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables are as wide as the terminal."""
    monkeypatch.setenv("COLUMNS", "100")


def command(*args: str) -> Any:
    return rollover("backtest", "old.plan", "new.plan", "--usage", "u.parquet", *args)


def test_the_table() -> None:
    dozen()
    result = command("--worst", "1", "--fail-if", "winners < 3", "--fail-if", "losers > 50%")
    assert result.exit_code == 1
    assert result.output == TABLE


TABLE = """\
Eight in place of Ten, on u.parquet: 12 lines, 22 cycles

winners 3  25.0 %  ████████▌                           better in something, worse in nothing
same    0   0.0 %                                      the same
mixed   1   8.3 %  ██▉                                 better in one thing, worse in another
losers  8  66.7 %  ██████████████████████▋             worse in something, better in nothing

more for each, on average    winners    mixed    losers
due, EUR                   -3.33 EUR   -2 EUR    +2 EUR
data overage                    0 GB  +500 MB  +2.63 GB
data expired                +1.33 GB    +2 GB     +1 GB
data held at the end        -4.67 GB    -5 GB  -1.88 GB

in all                     Ten    Eight    change
due, EUR               234 EUR  238 EUR    +4 EUR     1.7 %
data overage              7 GB  28.5 GB  +21.5 GB   307.1 %
data expired           31.5 GB  45.5 GB    +14 GB    44.4 %
of all data that came   13.9 %   22.0 %
data held at the end     34 GB     0 GB    -34 GB  -100.0 %

change of a line       least     5 %    25 %     50 %   75 %     95 %     most
due, EUR              -4 EUR  -4 EUR  -2 EUR    0 EUR  0 EUR  +10 EUR  +10 EUR
data overage            0 GB    0 GB    0 GB  +1.5 GB  +2 GB    +7 GB    +7 GB
data expired            0 GB    0 GB    0 GB  +500 MB  +2 GB    +3 GB    +3 GB
data held at the end   -5 GB   -5 GB   -5 GB  -2.5 GB  -2 GB     0 GB     0 GB

hit hardest           subscriber     Ten   Eight   change
due, EUR                       7  20 EUR  30 EUR  +10 EUR
data overage                   7    0 GB    7 GB    +7 GB
data expired                   6    5 GB    8 GB    +3 GB
data held at the end           1    5 GB    0 GB    -5 GB

judged by what is due and by overage; where these are equal, by what is held at the end
passes: winners < 3 (3)
FAILS: losers > 50% (8, 66.7 %)
"""


def test_nobody_need_be_told_who_was_hit() -> None:
    dozen()
    result = command("--worst", "0")
    assert result.exit_code == 0
    assert "hit hardest" not in result.output


def test_the_page_shows_the_table() -> None:
    assert TABLE in (ROOT / "docs" / "backtest.md").read_text(encoding="utf-8")


def test_code_that_is_compiled_comes_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    dozen()
    monkeypatch.setattr("tui.backtest.run._FEW_ROWS", 0)
    assert command("--worst", "1", "--fail-if", "winners < 3", "--fail-if", "losers > 50%").output == TABLE


def test_json_has_whole_numbers_of_base_units() -> None:
    dozen()
    found = json.loads(command("--format", "json", "--fail-if", "worst due >= 10 EUR").output)
    assert found["schema"] == "rollover.backtest/1"
    assert (found["lines"], found["cycles"], found["by"]) == (12, 22, "all")
    assert found["verdicts"]["losers"]["lines"] == 8
    due = next(one for one in found["figures"] if one["figure"] == "due")
    assert (due["of"], due["unit"], due["old"], due["new"], due["change"]) == ("EUR", "EUR minor unit", 23_400, 23_800, 400)
    assert due["change_of_a_line"]["p50"] == 0
    assert due["hit_hardest"][0] == {"subscriber": 7, "plan": "Ten", "old": 2_000, "new": 3_000}
    assert found["fail_if"] == [{"condition": "worst due >= 10 EUR", "fails": True}]


@pytest.mark.parametrize(
    ("condition", "fails"),
    [
        ("losers > 66%", True),
        ("losers > 67%", False),
        ("losers >= 8", True),
        ("losers > 8", False),
        ("winners<=3", True),
        ("same != 0", False),
        ("mixed == 1", True),
        ("due > 3.99 EUR", True),
        ("due > 4 EUR", False),
        ("due EUR > 1.7%", True),
        ("due > 1.71%", False),
        ("overage > 21 GB", True),
        ("overage data > 21,500 MB", False),
        ("overage data > 21_500.5 MB", False),
        ("overage data > 21,499.5 MB", True),
        ("expired data > 10%", True),
        ("held < -100%", False),
        ("held <= -100%", True),
        ("worst held < -5 GB", False),
        ("worst held <= -5 GB", True),
        ("worst due >= 10 EUR", True),
        ("median due > 0 EUR", False),
        ("p95 due > 9 EUR", True),
        ("p25 due == -2 EUR", True),
    ],
)
def test_conditions(condition: str, fails: bool) -> None:
    dozen()
    result = command("--fail-if", condition)
    assert result.exit_code == fails, result.output
    assert f"{'FAILS' if fails else 'passes'}: {condition} (" in result.output


MAY_STAND = "there may stand `winners`, `same`, `mixed`, `losers`; or, alone or behind `worst`, `median` or `p95`, `due`"


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("loosers > 2%", f"'loosers' in 'loosers > 2%' is no figure; {MAY_STAND}"),
        ("losers", f"'losers' should be a figure, a comparison and a number, as `losers > 2%`; {MAY_STAND}"),
        ("losers > 2 EUR", "'EUR' in 'losers > 2 EUR': losers are counted; write a number alone, or with %"),
        ("losers > 2.2.2", "'2.2.2' in 'losers > 2.2.2' should be a number, as 2 or 0.5"),
        ("losers > 1,5%", "'1,5' in 'losers > 1,5%' should be a number, as 2 or 0.5"),
        ("losers > 1_5", "'1_5' in 'losers > 1_5' should be a number"),
        ("losers > 10,00", "'10,00' in 'losers > 10,00' should be a number"),
        ("due > 5", "'due > 5': say how much EUR, as 3 EUR; or a percentage, as 5%"),
        ("due > 5 GB", f"'due > 5 GB': neither plan has that; {MAY_STAND}"),
        ("overage sms > 5 sms", "'overage sms > 5 sms': neither plan has that"),
        ("overage data > 5 minutes", "'overage data > 5 minutes': say how much data, as 5 GB; or a percentage, as 5%"),
        ("worst due > 5%", "'worst due > 5%': a percentage is of all lines together"),
        ("", "'' should be a figure, a comparison and a number"),
        ("losers > 2% or more", "should be a figure, a comparison and a number"),
    ],
)
def test_a_condition_that_can_not_be_is_told_with_what_may_stand_there(condition: str, told: str) -> None:
    dozen()
    result = command("--fail-if", condition)
    assert result.exit_code == 2
    assert result.output.startswith("--fail-if: ")
    assert told in result.output


def test_of_several_services_it_is_to_be_said_which() -> None:
    written("old.plan", RULES)
    written("new.plan", OTHERS[0])
    dozen()
    assert "say of what: `overage data` or `overage voice`" in command("--fail-if", "overage > 5%").output
    assert "passes: overage > 100 GB (" in command("--fail-if", "overage > 100 GB").output


def test_a_figure_of_a_plan_that_no_line_is_on_is_nothing() -> None:
    both = OLD + 'plan "Dollars" postpaid\n  price 10 USD a month\n  grant 1 GB\n'
    written("old.plan", both)
    written("new.plan", both)
    usage([{**row, "plan": "Ten"} for row in rows_of([used for used, *_ in DOZEN])])
    assert "passes: due USD > 5% (0 USD, -)" in command("--fail-if", "due USD > 5%").output


ROW: dict[str, object] = {"subscriber": 1, "cycle": 1, "data": 5}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{**ROW, "data": 1.5}], "u.parquet: the column data holds double; it should hold whole numbers of base units"),
        ([{**ROW, "start": "x"}], "u.parquet: the column start holds string; it should hold dates"),
        ([{"who": 1, "data": 5}], "u.parquet has no column `subscriber`; it has who, data. Say which it is"),
        ([{"subscriber": 1, "bytes": 5}], "u.parquet has no column of a service, as `data`"),
        ([{**ROW, "at": datetime(2026, 1, 1)}], "u.parquet has both `at` and `cycle`"),
        ([{**ROW, "plan": "Else"}], 'u.parquet has no line on "Ten" that can be run; its lines are on "Else"'),
        ([ROW, ROW], 'no line on "Ten" that can be run; of subscriber 1 because a second row of this cycle'),
        ([{**ROW, "cycle": 0}], "of subscriber 1 because its cycle is not from 1 to "),
    ],
)
def test_usage_that_can_not_be_is_told(rows: list[dict[str, object]], told: str) -> None:
    usage(rows)
    result = command()
    assert told in result.output
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"data": -1}, "1 row is bad, and its line left out: data is below zero, as of subscriber 13"),
        ({"cycle": None}, "1 row is bad, and its line left out: its cycle is not from 1"),
        ({"subscriber": None}, "1 row is bad, and its line left out: no subscriber, as of subscriber None"),
    ],
)
def test_a_bad_row_is_counted_and_told_and_its_line_in_no_figure(bad: dict[str, object], told: str) -> None:
    usage([*rows_of([used for used, *_ in DOZEN]), {"subscriber": 13, "cycle": 1, "data": 0, **bad}])
    result = command()
    assert told in result.output
    assert result.exit_code == 1
    assert "on u.parquet: 12 lines" in result.output


def test_rows_in_any_order_come_to_the_same() -> None:
    whole = findings_of(outcome(dozen()))
    rows = rows_of([used for used, *_ in DOZEN])
    random.Random(7).shuffle(rows)
    assert findings_of(outcome(usage(rows))) == whole


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((468, 0, 0, 533), ["46.8 %", "0.0 %", "0.0 %", "53.2 %"]),  # rounded each for itself: 100.1
        ((1, 1, 1, 0), ["33.4 %", "33.3 %", "33.3 %", "0.0 %"]),
        ((1, 0, 0, 99_999), ["<0.1 %", "0.0 %", "0.0 %", "100.0 %"]),
        ((0, 0, 0, 0), ["-"] * 4),
    ],
)
def test_shares_come_to_a_hundred(counts: Sequence[int], told: Sequence[str]) -> None:
    found = Findings(lines=sum(counts))
    found.counts.update(dict(zip(Verdict, counts, strict=True)))
    assert [*shares(found).values()] == told


def test_bars_differ_where_shares_do() -> None:
    found = Findings(lines=1_001)
    found.counts.update({Verdict.WINNERS: 468, Verdict.LOSERS: 532, Verdict.MIXED: 1})
    drawn = [line.split("%")[1].split("  ")[1] for line in bars(found, 80)]
    assert drawn == ["██████▌", "", "▏", "███████▌"]


def test_files_that_can_not_be_read_are_told() -> None:
    assert "u.parquet can't be read: no such file" in command().output
    written("u.parquet", "not parquet")
    assert "u.parquet can't be read: " in command().output
    whole = dozen().read_bytes()
    Path("u.parquet").write_bytes(whole[: len(whole) // 2])
    assert command().exit_code == 2
    written("u.csv", "subscriber,cycle,data\n1,1,5\n2,1\n")
    assert rollover("backtest", "old.plan", "new.plan", "--usage", "u.csv").exit_code == 2
    dozen()
    written("new.plan", 'plan "Eight" prepaid\n  cycle: 30 days\n  grant 8 GB\n')
    assert '"Ten" and "Eight" have other cycles' in command().output
    written("new.plan", "plan\n")
    assert "new.plan:1:" in command().output


def test_columns_may_be_called_otherwise_and_those_not_read_are_told() -> None:
    rows = [{"msisdn": 1, "used_bytes": 5 * GB, "region": "north", "cycle": 1}]
    usage(rows)
    result = command("--column", "subscriber=msisdn", "--column", "data=used_bytes")
    assert result.exit_code == 0, result.output
    assert "columns that were not read: region" in result.output
    assert "u.parquet: the column gone, for data, is not there" in command("--column", "data=gone").output
    assert "should say OURS=THEIRS" in command("--column", "data").output


def test_cycles_without_a_row_used_nothing() -> None:
    some = outcome(usage([ROW, {**ROW, "cycle": 3}])).findings
    every = outcome(usage([ROW, {**ROW, "cycle": 2, "data": 0}, {**ROW, "cycle": 3}])).findings
    assert some.sums == every.sums
    assert some.cycles == 3


def test_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    written("old.plan", OLD.replace("Ten", "Te$n $x^2$ 十"))
    dozen()
    assert command("--chart", "c.png").exit_code == 0
    assert Path("c.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert "c.jpg should end in .png" in command("--chart", "c.jpg").output
    assert "no/c.png can't be written: no such file or directory" in command("--chart", "no/c.png").output
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "pip install 'rollover[chart]'" in command("--chart", "c.png").output


def test_names_from_files_reach_no_terminal_as_escapes() -> None:
    usage(
        [{**ROW, "subscriber": "\x1b[31mred", "\x1b[1mcolumn": 1, "plan": "Ten"}, {**ROW, "subscriber": "a", "plan": "\x1b[2J"}]
    )
    assert "\x1b" not in command().output


def test_simulated_usage_goes_in_as_it_is() -> None:
    assert rollover("simulate", "--subscribers", "300", "--plans", "old.plan", "--out", "u.parquet").exit_code == 0
    found = json.loads(command("--format", "json").output)
    assert found["lines"] == 300
    assert found["usage"]["columns_not_read"] == []
    assert date(2026, 1, 1) in parquet.read_table("u.parquet")["start"].to_pylist()
