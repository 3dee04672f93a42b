"""Commands that write files, and `rollover test`: nothing is overwritten unasked, nothing is ever half written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from command_line import rollover, written

MESSY = 'PLAN   "Prepaid 10"    prepaid # a note\n\n\n grant 10gb\n   carry   1 month,cap 10GB\n'
NEAT = 'plan "Prepaid 10" prepaid  # a note\n\n  grant 10 GB\n  carry 1 month, cap 10 GB\n'
UNREADABLE = 'plan   "A" prepaid\n  grnt 10 GB\n'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# ---- fmt ----


def test_fmt_writes_the_canonical_layout_and_a_second_time_nothing() -> None:
    path = written("a.plan", MESSY)
    first = rollover("fmt", "a.plan")
    assert (first.exit_code, first.stdout) == (0, "a.plan written\n")
    assert path.read_text() == NEAT
    second = rollover("fmt", "a.plan")
    assert (second.exit_code, second.output) == (0, "")


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=repr)
def test_fmt_keeps_line_ends(end: str) -> None:
    path = written("a.plan", MESSY.replace("\n", end))
    rollover("fmt", "a.plan")
    assert path.read_bytes().decode() == NEAT.replace("\n", end)


def test_fmt_keeps_the_mode_of_a_file_and_follows_links() -> None:
    path = written("a.plan", MESSY)
    path.chmod(0o640)
    Path("link.plan").symlink_to("a.plan")
    assert rollover("fmt", "link.plan").exit_code == 0
    assert Path("link.plan").is_symlink()
    assert path.read_text() == NEAT
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("failing", ["replace", "fsync", "chmod"])
def test_fmt_that_fails_leaves_the_old_file_and_nothing_else(failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written("a.plan", MESSY)

    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fails)
    result = rollover("fmt", "a.plan")
    assert result.exit_code == 2
    assert "a.plan can't be written: no space left on device" in result.stderr
    assert path.read_text() == MESSY
    assert os.listdir(".") == ["a.plan"]


def test_fmt_check_and_diff_write_nothing() -> None:
    path = written("a.plan", MESSY)
    check, diff = rollover("fmt", "--check", "a.plan"), rollover("fmt", "--diff", "a.plan")
    assert (check.exit_code, check.stdout) == (1, "a.plan would be changed\n")
    assert diff.exit_code == 1
    assert '-PLAN   "Prepaid 10"    prepaid # a note\n+plan "Prepaid 10" prepaid  # a note\n' in diff.stdout
    assert path.read_text() == MESSY
    written("a.plan", NEAT)
    assert rollover("fmt", "--check", "--diff", "a.plan").exit_code == 0


def test_fmt_leaves_a_file_alone_in_which_a_line_can_not_be_read() -> None:
    path, other = written("a.plan", UNREADABLE), written("b.plan", MESSY)
    result = rollover("fmt", "a.plan", "b.plan")
    assert result.exit_code == 2
    assert "a.plan:2:3: error R002" in result.stderr
    assert path.read_text() == UNREADABLE
    assert other.read_text() == NEAT, "one file that can't be read does not keep others from being written"


def test_fmt_looks_into_folders_but_not_into_hidden_ones() -> None:
    for folder in ("sub", ".hidden"):
        Path(folder).mkdir()
        written(f"{folder}/a.plan", MESSY)
    assert rollover("fmt", ".").stdout == "sub/a.plan written\n"
    assert Path(".hidden/a.plan").read_text() == MESSY


# ---- new, examples ----


def test_new_writes_a_plan_and_a_scenario_that_pass() -> None:
    result = rollover("new", "family-plan")
    assert result.exit_code == 0
    assert result.stdout.split("\n")[:2] == ["family-plan.plan written", "family-plan.scenario.yaml written"]
    assert rollover("check", ".").exit_code == 0
    assert rollover("fmt", "--check", ".").exit_code == 0
    assert rollover("test", ".").stdout.endswith("2 passed, 0 failed\n")


@pytest.mark.parametrize("there", ["mine.plan", "mine.scenario.yaml"])
def test_new_never_overwrites(there: str) -> None:
    path = written(there, "something of mine\n")
    result = rollover("new", "mine.plan")
    assert result.exit_code == 2
    assert f"{there} is there already" in result.stderr
    assert path.read_text() == "something of mine\n"
    assert os.listdir(".") == [there]


@pytest.mark.parametrize("name", [".", "", "/", "..", "folder", "folder/"])
def test_new_takes_no_folder(name: str) -> None:
    Path("folder").mkdir()
    result = rollover("new", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is a folder; add a name" in result.stderr
    assert os.listdir(".") == ["folder"]


@pytest.mark.parametrize(
    "name", ["sub/mine.plan", 'a"b.plan', "{name}.plan", "#.plan", "-.plan", "flex 20 +.plan", "a\nb.plan", "a  -  b.plan"]
)
def test_new_takes_any_name_or_says_why_not(name: str) -> None:
    result = rollover("new", "--", name)
    if result.exit_code:
        assert (result.exit_code, result.stdout) == (2, "")
        assert "can't be written" in result.stderr
    else:
        assert rollover("test", "--", name).exit_code == 0


def test_examples_are_listed_and_copied_and_pass() -> None:
    listing = rollover("examples")
    assert listing.exit_code == 0
    assert listing.stdout.startswith("flex")
    result = rollover("examples", "flex")
    assert result.exit_code == 0
    assert result.stdout.startswith("flex.plan written\n")
    assert rollover("check", "flex.plan").exit_code == 0
    assert rollover("test", "flex.plan").exit_code == 0


def test_examples_are_not_copied_over_something() -> None:
    path = written("flex.plan", "mine\n")
    result = rollover("examples", "flex")
    assert result.exit_code == 2
    assert "flex.plan is there already" in result.stderr
    assert path.read_text() == "mine\n"


@pytest.mark.parametrize(("name", "meant"), [("flexx", "flex"), ("es-digi", "operators/es-digi")])
def test_an_example_nobody_knows(name: str, meant: str) -> None:
    result = rollover("examples", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"no example is called {name}; did you mean {meant}?" in result.stderr


# ---- test ----

PLAN = """\
plan "Prepaid 10" prepaid
  grant 10 GB
  use carried data first
  carry 1 month, cap 5 GB
  ensure data never above 12 GB

  example "half a month"
    use 4 GB -> left 6 GB, carried 6 GB
"""


def test_a_failed_example_says_what_was_expected_what_came_and_why() -> None:
    written("a.plan", PLAN)
    result = rollover("test", "a.plan")
    assert result.exit_code == 1
    lines = result.stdout.split("\n")
    assert lines[:4] == [
        "a.plan",
        "  FAIL  Prepaid 10: half a month",
        "    a.plan:8:28: cycle 1: expected carried 6 GB, got 5 GB (1 GB less)",
        "      what happened to data in cycle 1:",
    ]
    postings = [" ".join(line.split()) for line in lines[4:8]]
    assert postings == [
        "10 GB operator -> allowance of 2026-01-01: granted for the cycle (line 2: grant 10 GB)",
        "4 GB allowance of 2026-01-01 -> used: used (line 2: grant 10 GB)",
        "5 GB allowance of 2026-01-01 -> carried of 2026-01-01: carried (line 4: carry 1 month)",
        "1 GB allowance of 2026-01-01 -> expired: was above the cap (line 4: cap 5 GB)",
    ]
    assert lines[-2] == "0 passed, 1 failed"


def test_a_service_to_which_nothing_happened_is_told_so() -> None:
    written("a.plan", PLAN.replace("left 6 GB, carried 6 GB", "left 6 sms"))
    assert "what happened to sms in cycle 1: nothing\n" in rollover("test", "a.plan").stdout


def test_a_claim_that_does_not_hold_is_told_with_its_instant() -> None:
    written("a.plan", PLAN.replace("carried 6 GB", "carried 5 GB") + "    use 1 GB\n    use 0 GB\n")
    result = rollover("test", "a.plan")
    assert result.exit_code == 1
    assert "a.plan:5:3: this does not hold: data is 15 GB on 2026-02-01 00:00\n" in result.stdout
    assert "ensure data never above 12 GB\n" in result.stdout


def test_scenarios_beside_a_plan_are_run_with_it_whichever_of_the_two_is_named() -> None:
    written("a.plan", PLAN.replace("carried 6 GB", "carried 5 GB"))
    written("a.scenario.yaml", "scenario: idle\ncycles:\n  - expect: {carried: 9 GB}\n")
    written("a.scenario.yml", "scenario: as idle\ncycles:\n  - {}\n")
    for name in ("a.plan", "a.scenario.yaml", "a.scenario.yml", "."):
        result = rollover("test", name)
        assert result.exit_code == 1
        assert "a.scenario.yaml:3:23: cycle 1: expected carried 9 GB, got 5 GB (4 GB less)" in result.stdout
        assert "2 passed, 1 failed" in result.stdout


def test_files_with_errors_are_exit_2_and_others_are_tested() -> None:
    written("a.plan", UNREADABLE)
    written("b.plan", PLAN.replace("carried 6 GB", "carried 5 GB"))
    result = rollover("test", ".")
    assert result.exit_code == 2
    assert "error R002" in result.stdout
    assert result.stdout.endswith("1 passed, 0 failed, 1 file unreadable\n")


def test_a_failure_quotes_the_file_in_which_a_lot_was_put() -> None:
    written("a.plan", 'plan "A" prepaid\n  grant 10 GB\n  carry 1 month\n  ensure data never above 9 GB\n')
    text = "opening: [carried 1 GB]\ncycles:\n  - {top up: 2 GB for 60 days, use: 1 GB, expect: {left: 1 GB}}\n"
    written("a.scenario.yaml", text)
    told = rollover("test", "a.plan").stdout
    assert "1 GB  carried of 2026-01-01: there from before (line 1: carried 1 GB)" in told
    assert "2 GB  operator -> add-on of 2026-01-01: topped up (line 3: 2 GB for 60 days)" in told
    assert "10 GB  operator -> allowance of 2026-01-01: granted for the cycle (line 2: grant 10 GB)" in told
    assert told.count("what happened to data in cycle 1:") == 2, "for the figure and for the claim"
