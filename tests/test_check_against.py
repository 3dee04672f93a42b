"""`rollover check --against`: what is printed, in each form, and the exit code. `ROLLOVER_UPDATE=1` writes the goldens."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from command_line import ROOT, rollover, written

GOLDENS = Path(__file__).with_name("goldens") / "against"
RULES = 'regulation "Rollover"\n  unused data: must carry\n  must "tell at 80%"\n'
KEEPS = 'plan "Keeps" prepaid\n  grant 10 GB\n  carry 1 month\n'
BREAKS = 'plan "Breaks" prepaid\n  grant 10 GB\n'
DEMOS = {
    "icasa-8a": (
        "flex.plan",
        "packs.plan",
        "prepaid.plan",
        "operators/za-cellc-transfer.plan",
        "operators/za-vodacom-onceoff.plan",
    ),
    "btrc": ("holiday.plan", "operators/au-telstra-continuous-rollover.plan", "operators/hk-smartone.plan"),
    "ghana-2019": ("holiday.plan", "operators/ug-smile.plan", "operators/ng-mtn-ncc.plan"),
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("r.plan", RULES)


@pytest.mark.parametrize("name", DEMOS)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_some_of_the_examples_make_of_it(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    paths = [f"examples/{path}" for path in DEMOS[name]]
    result = rollover("check", "--language", language, "--against", f"examples/regulations/{name}.plan", *paths)
    assert result.exit_code == 1
    golden = GOLDENS / f"{name}.{language}.txt"
    if os.environ.get("ROLLOVER_UPDATE"):
        golden.write_text(result.stdout, encoding="utf-8", newline="\n")
    assert result.stdout == golden.read_text(encoding="utf-8")


def test_exit_0_where_nothing_is_broken_and_1_where_something_is() -> None:
    written("keeps.plan", KEEPS)
    kept = rollover("check", "--against", "r.plan", "keeps.plan")
    assert (kept.exit_code, kept.stdout) == (
        0, '"Keeps" and "Rollover": 1 KEPT, 1 NOT CHECKED\n  r.plan:2: KEPT  must carry  keeps.plan:3:3\n'
        'r.plan:3: NOT CHECKED of any plan: must "tell at 80%"\n',
    )  # fmt: skip
    assert kept.stderr == "1 plan, 0 of them with something broken\n1 file: no problems\n"
    written("breaks.plan", BREAKS)
    broken = rollover("check", ".", "--against", "r.plan")
    assert broken.exit_code == 1
    assert "  r.plan:2: BROKEN  must carry\n    breaks.plan:2:3: 10 GB reach their end on 2026-02-01\n" in broken.stdout
    assert broken.stderr == "2 plans, 1 of them with something broken\n3 files: no problems\n"


def test_each_thing_that_is_asked_is_told_in_a_line_with_the_place_that_decides_it() -> None:
    written("r.plan", f"{RULES}  unused minutes: must carry\n  unused data: must carry, free\n")
    written("a.plan", 'plan "A" prepaid\n  grant 10 GB\n  carry 1 month only at night\n')
    told = rollover("check", "--against", "r.plan", "a.plan")
    assert told.exit_code == 0
    why = "what is carried is for some uses only: whether that is enough is for people to say"
    assert told.stdout.splitlines()[1:-1] == [
        "  r.plan:2: UNKNOWN  must carry",
        f"    a.plan:3:3: {why}; none of 5 histories that were run breaks it",
        "  r.plan:4: DOES NOT APPLY  must carry: the plan grants nothing of that",
        "  r.plan:5: UNKNOWN  must carry",
        f"    a.plan:3:3: {why}; none of 5 histories that were run breaks it",
        "  r.plan:5: KEPT  must carry, free  a.plan:3:3",
    ]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_form_tells_of_the_same(language: str) -> None:
    """What is broken, at which line, and the exit code; places and words of the language stay as they are."""
    written("r.plan", 'regulation "R"\n  unused data: must carry, by itself\n  when data runs out: must not sell\n')
    written("a.plan", f"{BREAKS}  unused data if opted in: carry 1 month\n  when data runs out: sell 1 GB at 5 EUR\n\n{KEEPS}")
    forms = {}
    for form in ("text", "json", "sarif", "github", "junit"):
        told = rollover("check", "--against", "r.plan", "a.plan", "--format", form, "--language", language)
        assert told.exit_code == 1
        forms[form] = told.stdout
    clauses = [one for plan in json.loads(forms["json"])["against"] for one in plan["clauses"]]
    lines = sorted(fault["line"] for one in clauses for fault in one["faults"])
    assert (lines, [one["verdict"] for one in clauses]) == ([2, 3, 4], ["BROKEN"] * 3 + ["KEPT"] * 3)
    assert [one["at"]["line"] for one in clauses[3:]] == [8, 8, 7]
    assert sorted(int(line) for line in re.findall(r"^    a\.plan:(\d+):\d+: ", forms["text"], re.MULTILINE)) == lines
    results = json.loads(forms["sarif"])["runs"][0]["results"]
    assert sorted(one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in results) == lines
    assert sorted(int(line) for line in re.findall(r"file=a\.plan,line=(\d+)", forms["github"])) == lines
    assert sorted(int(line) for line in re.findall(r">a\.plan:(\d+):", forms["junit"])) == lines


def test_findings_are_told_as_always_and_a_plan_with_mistakes_is_not_judged() -> None:
    written("a.plan", 'plan "A" prepaid\n  grnt 10 GB\n')
    result = rollover("check", "--against", "r.plan", "a.plan")
    assert result.exit_code == 1
    assert "a.plan:2:3: error R002" in result.stdout
    assert '"A" and "Rollover"' not in result.stdout
    assert result.stderr == "1 file was left out: mend its mistakes\n1 file: 1 problem\n"
    assert "NOT CHECKED" not in result.stdout
    written("b.plan", BREAKS)
    result = rollover("check", "--against", "r.plan", "a.plan", "b.plan")
    assert (
        result.stderr == "1 plan, 1 of them with something broken\n1 file was left out: mend its mistakes\n2 files: 1 problem\n"
    )


@pytest.mark.parametrize(("text", "end"), [("", "1 problem"), ("# later\n", "1 problem"), (RULES, "no problems")])
def test_where_there_is_no_plan_nothing_is_said_of_any(text: str, end: str) -> None:
    written("a.plan", text)
    result = rollover("check", "--against", "r.plan", "a.plan")
    assert result.stderr == f"no plan was looked at: there is none\n1 file: {end}\n"
    assert "NOT CHECKED" not in result.stdout


def test_where_no_file_is_found_or_read_that_is_all_there_is_to_say() -> None:
    Path("empty").mkdir()
    nothing = rollover("check", "--against", "r.plan", "empty")
    assert (nothing.exit_code, nothing.output) == (2, "no plan files there; plan files end in .plan\n")
    unread = rollover("check", "--against", "r.plan", "a.plan")
    assert (unread.exit_code, unread.output) == (2, "a.plan can't be read: no such file or directory\n1 file: 1 unreadable\n")


def test_several_regulations_and_one_beside_its_plan() -> None:
    written("both.plan", f"{RULES}\n{BREAKS}")
    result = rollover("check", "--against", "both.plan", "--against", "r.plan", "both.plan")
    assert result.stdout.count('"Breaks" and "Rollover"') == 2
    assert "1 plan, 1 of them with something broken" in result.stderr


def test_as_json() -> None:
    written("a.plan", BREAKS)
    result = rollover("check", "--against", "r.plan", "a.plan", "--format", "json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert [file["file"] for file in told["files"]] == ["a.plan"]
    (judged,) = told["against"]
    assert (judged["file"], judged["plan"], judged["regulation"]) == ("a.plan", "Breaks", "Rollover")
    carry, in_words = judged["clauses"]
    assert (carry["line"], carry["asks"], carry["verdict"], carry["from"]) == (2, "must carry", "BROKEN", None)
    assert (in_words["verdict"], in_words["why"]) == ("NOT CHECKED", "nothing that a plan says can show it")
    (fault,) = carry["faults"]
    assert (fault["line"], fault["column"], fault["why"]) == (2, 3, "10 GB reach their end on 2026-02-01")
    assert fault["history"].startswith("scenario:")


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_for_programs_that_know_findings_it_is_one(form: str) -> None:
    written("a.plan", BREAKS)
    result = rollover("check", "--against", "r.plan", "a.plan", "--format", form)
    assert result.exit_code == 1
    assert "G001" in result.stdout
    assert "10 GB reach their end on 2026-02-01" in result.stdout
    if form == "sarif":
        (run,) = json.loads(result.stdout)["runs"]
        assert [one["ruleId"] for one in run["results"]] == ["G001"]


def test_without_it_json_is_as_before() -> None:
    written("a.plan", BREAKS)
    assert sorted(json.loads(rollover("check", "a.plan", "--format", "json").stdout)) == ["files", "schema"]


def test_the_first_history_is_kept_and_shows_it() -> None:
    written("a.plan", BREAKS)
    result = rollover("check", "--against", "r.plan", "a.plan", "--save", "a.scenario.yaml")
    assert "a.scenario.yaml written" in result.stderr
    ran = rollover("run", "a.plan", "--scenario", "a.scenario.yaml", "--format", "json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["cycles"][0]["services"]["data"]["expired"] == 10_000_000_000
    kept = written("keeps.plan", KEEPS)
    nothing = rollover("check", "--against", "r.plan", str(kept), "--save", "b.scenario.yaml")
    assert (nothing.exit_code, Path("b.scenario.yaml").exists()) == (0, False)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--against", "nosuch.plan", "a.plan"), "nosuch.plan can't be read"),
        (("--against", "a.plan", "a.plan"), "a.plan has no regulation"),
        (("--against", "wrong.plan", "a.plan"), "wrong.plan can't be gone by: mend it first"),
        (("--against", "r.plan", "a.plan", "--fix"), "it goes with neither --fix nor --stdin-filename"),
        (("--against", "r.plan"), "name files to check"),
        (("a.plan", "--save", "x.scenario.yaml"), "give --against, too"),
        (("--against", "r.plan", "a.plan", "--save", "x.txt"), "is no name of a scenario file"),
        (("--against", "r.plan", "empty"), "no plan files there"),
    ],
)
def test_misuse_is_exit_2(args: tuple[str, ...], told: str) -> None:
    written("a.plan", BREAKS)
    written("wrong.plan", 'regulation "W"\n  unused data: must fly\n')
    Path("empty").mkdir()
    result = rollover("check", *args)
    assert result.exit_code == 2
    assert told in result.stderr


def test_no_escape_sequence_of_a_file_reaches_the_terminal() -> None:
    written("r.plan", 'regulation "R\x1b[31m"\n  must "t\x1b[31mell"\n  unused data: must carry\n')
    written("a.plan", 'plan "A\x1b[31m" prepaid\n  grant 10 GB\n')
    for form in ("text", "json", "junit", "github", "sarif"):
        assert "\x1b[31m" not in rollover("check", "--against", "r.plan", "a.plan", "--format", form).stdout.replace(
            "\x1b[31m\x1b[1m", ""
        )


def test_a_file_of_regulations_alone_has_no_plan_to_run_and_says_what_it_is_for() -> None:
    result = rollover("run", "r.plan")
    assert result.exit_code == 2
    assert "r.plan has no plan, but what plans must do: rollover check PLANS --against r.plan" in result.stderr
    assert rollover("check", "r.plan").exit_code == 0
    assert rollover("fmt", "--check", "r.plan").exit_code == 0


def test_a_regulation_is_none_of_the_plans() -> None:
    written("both.plan", f"{RULES}\n{BREAKS}")
    assert '"Rollover"' not in rollover("run", "both.plan", "--plan", "nosuch").stderr
    assert rollover("run", "both.plan", "--use", "1 GB").exit_code == 0
