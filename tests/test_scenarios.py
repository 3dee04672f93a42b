"""Scenario files are read safely: text stays text, a key stands once, aliases and depth are bounded, mistakes have a place.

What is printed for wrong files is in `goldens/mistakes/*.yaml` and `*.csv`.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from reading import GB, MB, anywhere, sound

from dsl import record_file, scenario_file, yaml_text
from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.plan import Grant, Lasts, LotClass, Period
from dsl.scenario import Buy, CycleSteps, Dated, Expectation, Figure, Scenario, TopUp, Use
from dsl.source import NOWHERE, Source
from engine.run import run

ONE = 'plan "Flex 20" prepaid\n  grant 20 GB, 100 minutes\npack "Travel 7"\n  grant 1 GB for 7 days\n'
TWO = ONE + 'plan "no" prepaid\n  grant 1 GB\nplan "2026-01-31" prepaid\n  grant 1 GB\n'


def read(text: str, plans: str = ONE) -> tuple[tuple[Scenario, ...], tuple[Diagnostic, ...]]:
    return scenario_file.read(Source("s.yaml", text), sound(plans))


def good(text: str, plans: str = ONE) -> tuple[Scenario, ...]:
    scenarios, diagnostics = read(text, plans)
    assert not diagnostics, diagnostics
    return scenarios


def places(text: str, plans: str = ONE) -> list[tuple[str, int, str]]:
    """Code, line and marked text of each finding."""
    lines = text.split("\n")
    return [
        (
            one.code,
            one.span.line,
            lines[one.span.line - 1][one.span.start : one.span.end] if one.span.line <= len(lines) else "",
        )
        for one in read(text, plans)[1]
    ]


# ---- what a file says ----

GOOD = """\
# a comment
scenario: a trip
plan: Flex 20
start: 2026-01-15
cycles:
  - use: 6 GB
    expect: {left: 14 GB, used: 6000 MB}
  - buy: Travel 7
    top up: [2 GB for 30 days, 1 GB bonus]
    use: [25 GB, 30 minutes]
records:
  - {at: 2026-04-20 18:30, use: 350 MB}
  - {at: 2026-04-21, buy: Travel 7}
"""


def test_a_scenario_says_what_an_example_says_at_length() -> None:
    (found,) = good(GOOD)
    life = Lasts(1, Period.CYCLE)
    month = TopUp(Grant("data", 2 * GB, LotClass.ADD_ON, Lasts(30, Period.DAY), False, False, NOWHERE))
    bonus = TopUp(Grant("data", 1 * GB, LotClass.BONUS, life, False, False, NOWHERE))
    assert anywhere(found) == Scenario(
        "a trip", "Flex 20", datetime(2026, 1, 15),
        (
            CycleSteps(
                (Use("data", 6 * GB),),
                (Expectation(Figure.LEFT, "data", 14 * GB, NOWHERE), Expectation(Figure.USED, "data", 6 * GB, NOWHERE)),
            ),
            CycleSteps((Buy("Travel 7"), month, bonus, Use("data", 25 * GB), Use("voice", 1800)), ()),
        ),
        (
            Dated(datetime(2026, 4, 20, 18, 30), Use("data", 350 * MB), NOWHERE),
            Dated(datetime(2026, 4, 21), Buy("Travel 7"), NOWHERE),
        ),
        NOWHERE,
    )  # fmt: skip


def test_an_example_and_a_scenario_that_say_the_same_are_the_same_history() -> None:
    text = ONE.replace("pack", '  example "e"\n    start 2026-01-15\n    use 6 GB -> left 14 GB\npack', 1)
    (example,) = sound(text).scenarios
    (scenario,) = good("scenario: e\nplan: Flex 20\nstart: 2026-01-15\ncycles:\n  - use: 6 GB\n    expect: {left: 14 GB}\n")
    assert anywhere(example) == anywhere(scenario)


def test_the_only_plan_need_not_be_named_and_the_start_neither() -> None:
    (found,) = good("cycles: [{use: 1 GB}]")
    assert (found.plan, found.start) == ("Flex 20", datetime(2026, 1, 1))


def test_several_documents_are_several_scenarios() -> None:
    found = good("---\nscenario: one\ncycles: [{use: 1 GB}]\n---\ncycles: [{use: 1 GB}]\n---\n")
    assert [scenario.name for scenario in found] == ["one", "scenario 2"]


@pytest.mark.parametrize("name", ["no", "2026-01-31"])
def test_words_that_yaml_would_guess_about_stay_text(name: str) -> None:
    (found,) = good(f"plan: {name}\nscenario: 22:30\ncycles:\n  - use: 0 GB\n", TWO)
    assert (found.plan, found.name) == (name, "22:30")


def test_aliases_are_read_as_what_they_stand_for() -> None:
    (found,) = good("cycles:\n  - &month {use: 1 GB}\n  - *month\n  - *month\n")
    assert found.cycles == (found.cycles[0],) * 3


def test_json_is_yaml() -> None:
    (found,) = good('{"plan": "Flex 20", "cycles": [{"use": "6 GB"}]}')
    assert anywhere(found.cycles[0].acts) == (Use("data", 6 * GB),)


def test_windows_line_ends_and_wide_characters_do_not_move_places() -> None:
    text = "scenario: 漢字 😀\r\ncycles:\r\n  - use: 6 GBB\r\n"
    ((code, line, marked),) = places(text)
    assert (code, line, marked) == ("R101", 3, "GBB")


# ---- mistakes have a place ----

MISTAKES = {
    "a key twice": ("plan: Flex 20\ncycles: []\nplan: Flex 20\n", ("S002", 3, "plan")),
    "an unknown key": ("cycels:\n  - use: 1 GB\n", ("S003", 1, "cycels")),
    "an unknown key of a cycle": ("cycles:\n  - {used: 1 GB}\n", ("S003", 2, "used")),
    "an unknown figure": ("cycles:\n  - expect: {lft: 1 GB}\n", ("S003", 2, "lft")),
    "an unknown unit": ("cycles:\n  - use: 1 GBB\n", ("R101", 2, "GBB")),
    "a unit of an expectation": ("cycles:\n  - expect: {left:   1 GBB}\n", ("R101", 2, "GBB")),
    "a unit in a list": ("cycles:\n  - use: [1 GB, 3 minuets]\n", ("R101", 2, "minuets")),
    "a unit in quotes": ('cycles:\n  - use: "1 GBB"\n', ("R101", 2, "GBB")),
    "an amount without a unit": ("cycles:\n  - use: 6\n", ("R003", 2, "")),
    "an unknown plan": ("plan: Flex 30\ncycles: []\n", ("R105", 1, "Flex 30")),
    "an unknown pack": ("cycles:\n  - buy: Travel 8\n", ("R107", 2, "Travel 8")),
    "a date that is none": ("start: 2026-02-30\ncycles: []\n", ("S004", 1, "2026-02-30")),
    "a time with a zone": ("start: 2026-02-20T10:00+01:00\ncycles: []\n", ("S004", 1, "2026-02-20T10:00+01:00")),
    "a list where a mapping is meant": ("- use: 1 GB\n", ("S004", 1, "- use: 1 GB")),
    "a text where a list is meant": ("cycles: 6 GB\n", ("S004", 1, "6 GB")),
    "a record without a date": ("records:\n  - use: 1 GB\n", ("S004", 2, "use: 1 GB")),
    "a merge key": ("cycles:\n  - &a {use: 1 GB}\n  - {<<: *a}\n", ("S003", 3, "<<")),
    "a key that is a list": ("? [plan]\n: Flex 20\n", ("S004", 1, "[")),
    "an alias of itself": ("cycles: &a\n  - *a\n", ("S001", 2, "*a")),
    "an alias of nothing": ("cycles: *nothing\n", ("S001", 1, "*nothing")),
    "a start that is a list": ("start: [2026-05-01]\ncycles: []\n", ("S004", 1, "[")),
    "a name that is a list": ("scenario: [a, b]\ncycles: []\n", ("S004", 1, "[")),
    "a plan that is a list": ("plan: [Flex 20]\ncycles: []\n", ("S004", 1, "[")),
    "a time that is a mapping": ("records:\n  - {at: {}, use: 1 GB}\n", ("S004", 2, "{")),
    "an expectation behind a use": ("cycles:\n  - use: 6 GB -> left 14 GB\n", ("S005", 2, "left 14 GB")),
    "an expectation behind a top-up": ("cycles:\n  - top up: 1 GB -> left 21 GB\n", ("S005", 2, "left 21 GB")),
    "a tab": ("cycles:\n\t- use: 1 GB\n", ("S001", 2, "\t")),
    "a bracket that is not closed": ("cycles: [{use: 1 GB}\n", ("S001", 2, "")),
    "a control character": ("plan: Flex\x07 20\n", ("S001", 1, "p")),
    "an empty file": ("", ("S005", 1, "")),
    "no use": ("scenario: s\nplan: Flex 20\n", ("S005", 1, "scenario: s")),
    "no cycle": ("scenario: s\nstart: 2026-01-01\ncycles: []\n", ("S005", 1, "scenario: s")),
    "cycles that are to come yet": ("scenario: s\ncycles:\n", ("S005", 1, "scenario: s")),
}


@pytest.mark.parametrize(("text", "wanted"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_once_at_its_place(text: str, wanted: tuple[str, int, str]) -> None:
    assert places(text) == [wanted]


def test_where_an_amount_is_meant_help_does_not_speak_of_names() -> None:
    (finding,) = read("cycles:\n  - use: no\n")[1]
    assert (finding.span.line, finding.span.start, finding.span.end) == (2, 9, 11)
    assert '"no"' not in finding.help


def test_two_plans_and_none_named() -> None:
    assert [place[0] for place in places("cycles: []\n", TWO)] == ["S005"]


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.system [echo]", "cycles: !!python/name:os.system", "plan: !!binary aGVsbG8="]
)
def test_tags_make_nothing(text: str) -> None:
    """A tag is not obeyed: what it stands at is text, a list or a mapping like any other."""
    scenarios, _ = read(text)
    assert not any(scenario.cycles for scenario in scenarios)


@pytest.mark.parametrize(
    ("text", "problem", "help_"),
    [
        ("cycles: *a\n", "`*a` repeats nothing", "put `&a` before what it should repeat"),
        ("cycles: &a\n  - *a\n", "`*a` stands inside `&a`, which it repeats", "write out what it should say"),
    ],
)
def test_an_alias_that_means_nothing_says_why(text: str, problem: str, help_: str) -> None:
    (finding,) = read(text)[1]
    assert problem in finding.message
    assert finding.help == help_


# ---- bounds ----


def test_a_billion_laughs_are_refused() -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    findings = read("\n".join(lines))[1]
    assert [one.code for one in findings] == ["S001"]


@pytest.mark.parametrize("aliases", [100, 101])
def test_aliases_are_bounded(aliases: int) -> None:
    codes = [one.code for one in read("cycles:\n  - &a {use: 1 GB}\n" + "  - *a\n" * aliases)[1]]
    assert codes == ([] if aliases == 100 else ["S001"])


def test_depth_is_bounded() -> None:
    assert [place[:2] for place in places("cycles: " + "[" * 100_000)] == [("S001", 1)]


@pytest.mark.parametrize("size", [1_200, 1_201])
def test_a_scenario_is_at_most_a_century_of_months(size: int) -> None:
    codes = [one.code for one in read("cycles: [" + "{}, " * (size - 1) + "{}]\n")[1]]
    assert codes == ([] if size == 1_200 else ["S006"])


@pytest.mark.parametrize("size", [100, 101])
def test_records_are_bounded_before_anything_else_is(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert yaml_text.MAX_NODES >= 10 * scenario_file.MAX_RECORDS
    for module in (scenario_file, record_file):
        monkeypatch.setattr(module, "MAX_RECORDS", 100)
    monkeypatch.setattr(yaml_text, "MAX_NODES", 10 * 100)
    record = "  - {at: 2026-01-20 18:30, use: 350 MB}\n"
    in_yaml = [one.code for one in read("records:\n" + record * size)[1]]
    in_csv = [code for code, _ in records("at,use\n" + "2026-01-20 18:30,350 MB\n" * size)[1]]
    assert in_yaml == in_csv == ([] if size == 100 else ["S006"])


# ---- records in CSV ----


def records(text: str) -> tuple[tuple[Dated, ...], list[tuple[str, int]]]:
    checked: Checked = sound(ONE)
    found, diagnostics = record_file.read(Source("r.csv", text), checked)
    return found, [(one.code, one.span.line) for one in diagnostics]


def test_records_say_when_and_what() -> None:
    found, findings = records('at, use ,Buy\n2026-01-20 18:30,350 MB,\n\n2026-01-21,"2 GB, 30 minutes",Travel 7\n')
    assert not findings
    assert [(one.at, one.act) for one in found] == [
        (datetime(2026, 1, 20, 18, 30), Use("data", 350 * MB)),
        (datetime(2026, 1, 21), Buy("Travel 7")),
        (datetime(2026, 1, 21), Use("data", 2 * GB)),
        (datetime(2026, 1, 21), Use("voice", 1800)),
    ]


WRONG_RECORDS = {
    "no header": ("2026-01-20,350 MB\n", ["S005"]),
    "a header of one column": ("at\n2026-01-20\n", ["S005"]),
    "an unknown column": ("at,used\n2026-01-20,1 GB\n", ["S003"]),
    "a column twice": ("at,use,use\n2026-01-20,1 GB,2 GB\n", ["S002"]),
    "a field too many": ("at,use\n2026-01-20,1 GB,30 minutes\n", ["S005"]),
    "a date that is none": ("at,use\n20/01/2026,1 GB\n", ["S004"]),
    "a quote that is not closed": ('at,use\n2026-01-20,"1 GB\n', ["S005"]),
    "an unknown unit": ("at,use\n2026-01-20,1 GBB\n", ["R101"]),
    "an unknown column before a wrong record": ("at,used,use\n2026-01-20,,1 GBB\n", ["S003", "R101"]),
    "no column that says when": ("use,buy\n1 GB,\n", ["S005"]),
    "an expectation": ("at,use\n2026-01-20,1 GB -> left 3 GB\n", ["S005"]),
    "nothing": ("", ["S005"]),
}


@pytest.mark.parametrize(("text", "codes"), WRONG_RECORDS.values(), ids=WRONG_RECORDS.keys())
def test_wrong_records_are_told_once_each(text: str, codes: list[str]) -> None:
    assert [code for code, _ in records(text)[1]] == codes


def test_every_wrong_record_is_told() -> None:
    assert records("at,use\nx,1 GB\n2026-01-20,1 GB\n2026-01-20,1 GBB\n")[1] == [("S004", 2), ("R101", 4)]


@pytest.mark.parametrize(
    "fields", [("2026-01-20,1 GBB", "GBB"), ('"2026-01-20","1 GBB"', "GBB"), ("2026-01-20,  1 GBB", "GBB")]
)
def test_the_place_of_a_mistake_in_a_record(fields: tuple[str, str]) -> None:
    line, marked = fields
    (finding,) = record_file.read(Source("r.csv", f"at,use\n{line}\n"), sound(ONE))[1]
    assert line[finding.span.start : finding.span.end] == marked


def test_the_place_of_a_column_nobody_knows() -> None:
    line = "at, use,  Volume"
    (finding,) = record_file.read(Source("r.csv", f"{line}\n2026-01-20,1 GB,\n"), sound(ONE))[1]
    assert line[finding.span.start : finding.span.end] == "Volume"


def test_a_scenario_with_dated_records_runs_to_its_last_record() -> None:
    (found,) = good("start: 2026-01-31\nrecords:\n  - {at: 2026-03-31, use: 1 GB}\n")
    assert len(run(sound(ONE).plans[0], found).statement.cycles) == 3
