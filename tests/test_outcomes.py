"""`rollover diff`: what a change of a plan changes for people, and which rule did it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import rollover, written

OLD = """\
plan "A" prepaid
  cycle: calendar month
  price 9 EUR a month
  grant 10 GB
  use carried, then allowance
  unused data: carry 1 month, cap 8 GB

  example "a light month"
    use 1 GB -> carried 8 GB, expired 1 GB

  example "nothing is left"
    use 10 GB -> carried 0 GB

pack "Extra"
  grant 1 GB
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("old.plan", OLD)


def diff(new: str, *args: str) -> tuple[int, str]:
    written("new.plan", new)
    result = rollover("diff", "old.plan", "new.plan", *args)
    return result.exit_code, result.stdout


def test_it_says_which_figures_change_and_which_rule_did_it() -> None:
    code, text = diff("# Terms of May\n" + OLD.replace("cap 8 GB", "cap 5 GB"))
    assert code == 1
    assert (
        text
        == """\
A: a light month
  cycle 1, from 2026-01-01
    data carried out: 8 GB -> 5 GB
    data expired: 1 GB -> 4 GB

  gone:
    2026-02-01 00:00  8 GB data, allowance of 2026-01-01 -> carried of 2026-01-01, carried (line 6)
    2026-02-01 00:00  1 GB data, allowance of 2026-01-01 -> expired, was above the cap (line 6)

  new:
    2026-02-01 00:00  5 GB data, allowance of 2026-01-01 -> carried of 2026-01-01, carried (line 7)
    2026-02-01 00:00  4 GB data, allowance of 2026-01-01 -> expired, was above the cap (line 7)

  what did it:
    - line 6: unused data: carry 1 month, cap 8 GB
    + line 7: unused data: carry 1 month, cap 5 GB

1 of 2 histories come out otherwise
"""
    )


def test_a_cap_did_it_though_another_clause_moves_what_it_leaves() -> None:
    """What is above the cap becomes minutes: no posting is the cap's own. Spaces and comments did nothing."""
    old = OLD.replace("unused data: carry 1 month, cap 8 GB", "carry 1 month\n  cap 8 GB\n  convert to minutes")
    written("old.plan", f"rate 1 GB = 30 minutes\n{old}")
    new = (
        Path("old.plan").read_text().replace("cap 8 GB", "cap 5 GB").replace("price 9", "price  9").replace("10 GB", "10 GB  #")
    )
    told = diff(new)[1].split("what did it:\n")[1].splitlines()
    assert told[:3] == ["    - line 8: cap 8 GB", "    + line 8: cap 5 GB", ""]


def test_only_changes_that_matter_to_a_history_are_named() -> None:
    new = OLD.replace("price 9 EUR", "price 8 EUR").replace("cap 8 GB", "cap 5 GB").replace("  grant 1 GB", "  grant 2 GB")
    _, told = diff(new)
    light, _, nothing_left = told.partition("A: nothing is left")
    assert [line.strip() for line in light.splitlines() if line.strip().startswith(("-", "+"))] == [
        "- line 3: price 9 EUR a month", "+ line 3: price 8 EUR a month",
        "- line 6: unused data: carry 1 month, cap 8 GB", "+ line 6: unused data: carry 1 month, cap 5 GB",
    ]  # fmt: skip
    assert "cap" not in nothing_left.split("what did it:")[1]


def test_another_text_of_the_same_outcome_is_no_difference() -> None:
    assert diff("# Terms of May\n" + OLD.replace("carry 1 month", "carry 1 cycle")) == (
        0, "no outcome changes in 2 histories, though the texts differ\n",
    )  # fmt: skip
    assert diff(OLD) == (0, "the texts are the same\n")


def test_a_use_may_be_given_and_a_scenario_or_a_folder_of_them() -> None:
    new = OLD.replace("price 9 EUR", "price 8 EUR")
    assert "charged: 9 EUR -> 8 EUR" in diff(new, "--use", "3GB,4GB")[1]
    Path("told").mkdir()
    written("told/a.scenario.yaml", "plan: A\ncycles: [{use: 1 GB}]\n")
    written("told/b.scenario.yaml", "scenario: b\nplan: A\ncycles: [{use: 2 GB}]\n")
    assert diff(new, "--scenario", "told")[1].endswith("2 of 2 histories come out otherwise\n")
    assert diff(new, "--scenario", "told/b.scenario.yaml")[1].startswith("A: b\n")
    assert diff(new, "--scenario", "nothing")[0] == 2


def test_without_examples_a_sample_of_use_is_compared() -> None:
    bare = "\n".join(OLD.splitlines()[:6]) + "\n"
    written("old.plan", bare)
    assert diff(bare.replace("grant 10 GB", "grant 9 GB"))[1].endswith("1 of 1 histories come out otherwise\n")


def test_what_the_new_file_lacks_is_told() -> None:
    written("old.plan", OLD.replace("    use 1 GB ->", '    buy "Extra"\n    use 1 GB ->'))
    code, text = diff(OLD.partition("pack ")[0])
    assert (code, '  new.plan has no pack "Extra"' in text) == (1, True)
    code, text = diff(OLD.replace('plan "A"', 'plan "B"'))
    assert (code, text.count('new.plan has no plan "A"')) == (1, 2)


def test_json_has_each_history_in_whole_units() -> None:
    _, text = diff(OLD.replace("cap 8 GB", "cap 5 GB"), "--format", "json")
    first, second = json.loads(text)["histories"]
    assert [(one["figure"], one["before"], one["after"]) for one in first["figures"]] == [
        ("carried_out", 8 * 10**9, 5 * 10**9), ("expired", 10**9, 4 * 10**9),
    ]  # fmt: skip
    assert second["figures"] == []


def test_a_file_that_can_not_be_read_ends_with_2() -> None:
    assert diff("grnt 10 GB\n")[0] == 2
    assert rollover("diff", "old.plan", "missing.plan").exit_code == 2
