"""`rollover test` beyond pass and fail: what examples reach, what they come to now, and results for build servers."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from command_line import rollover, written

PLAN = """\
plan "A" prepaid
  cycle: calendar month
  price 9 EUR a month
  grant 10 GB
  use allowance, then carried
  unused data: carry 2 months, cap 12 GB
  when data runs out: sell 1 GB at 5 EUR up to 2 GB, then block

  example "half of it"
    use 4 GB -> carried 6 GB, ends 2026-04-01 carried  # in April
    use 0 GB -> carried 12 GB
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", PLAN)


def test_coverage_names_each_part_that_no_example_reaches() -> None:
    result = rollover("test", "--coverage", "a.plan")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-4:] == [
        "a.plan: 4 of 6 parts reached",
        "  a.plan:7:23: not reached: sell 1 GB at 5 EUR up to 2 GB",
        "  a.plan:7:59: not reached: block",
        "4 of 6 parts reached: 66 %",
    ]


@pytest.mark.parametrize(("threshold", "code"), [("66", 0), ("67", 1)])
def test_below_the_threshold_it_fails(threshold: str, code: int) -> None:
    assert rollover("test", "--coverage", "--threshold", threshold, "a.plan").exit_code == code
    assert rollover("test", "--threshold", threshold, "a.plan").exit_code == 2


def test_a_scenario_beside_the_plan_reaches_its_parts_too() -> None:
    written("a.scenario.yaml", "plan: A\ncycles:\n  - use: 20 GB\n")
    assert rollover("test", "--coverage", "a.plan").stdout.endswith("6 of 6 parts reached: 100 %\n")


def test_update_writes_what_examples_come_to_and_shows_it() -> None:
    written("a.plan", PLAN.replace("grant 10 GB", "grant 8.5 GB").replace("carry 2 months", "carry 3 months"))
    result = rollover("test", "--update", "a.plan")
    assert "+    use 4 GB -> carried 4500 MB, ends 2026-05-01 carried  # in April" in result.stdout
    assert (result.exit_code, rollover("test", "a.plan").exit_code) == (1, 0)
    assert rollover("test", "--update", "a.plan").stdout.endswith("1 passed, 0 failed\n")


def test_update_leaves_a_scenario_file_as_it_is() -> None:
    beside = written("a.scenario.yaml", "plan: A\ncycles:\n  - {use: 20 GB, expect: {left: 3 GB}}\n")
    before = beside.read_text()
    assert rollover("test", "--update", "a.plan").exit_code == 1
    assert (beside.read_text(), Path("a.plan").read_text()) == (before, PLAN)


def test_junit_has_a_case_an_example_and_why_it_failed() -> None:
    written("a.plan", PLAN.replace("carried 12 GB", "carried 11 GB").replace("half of it", "half < of it"))
    assert rollover("test", "--junit", "out.xml", "a.plan").exit_code == 1
    suites = ElementTree.parse("out.xml").getroot()
    assert (suites.attrib["tests"], suites.attrib["failures"]) == ("1", "1")
    (case,) = suites.iter("testcase")
    assert case.attrib["name"] == "A: half < of it"
    assert "expected carried 11 GB, got 12 GB" in case[0].attrib["message"]
    assert "carry 2 months" in (case[0].text or "")
