"""What the documents claim is true: plans run, scenarios read, commands exist, pictures are the screen."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from dsl import scenario_file
from dsl.check import check
from dsl.diagnostics import render
from dsl.format import format_text
from dsl.source import Source
from engine.judge import broken, missed
from engine.run import run
from tui.cli import main

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


PLANS = [
    pytest.param(text, id=f"{page.name}-{number}") for page in PAGES for number, text in enumerate(blocks(page, "plan"), 1)
]


@pytest.mark.parametrize("text", PLANS)
def test_a_plan_in_a_document_checks_runs_and_is_laid_out(text: str) -> None:
    source = Source("document.plan", text)
    checked = check(source)
    assert [render(one, source) for one in checked.diagnostics] == []
    assert format_text(text) == text
    for scenario in checked.scenarios:
        plan = checked.plan(scenario.plan)
        assert plan is not None
        found = run(plan, scenario, checked.plans)
        assert missed(found) == []
        assert broken(found, checked.plans) == []


def test_the_language_page_has_an_example_for_each_chapter() -> None:
    page = ROOT / "docs" / "language.md"
    assert len(blocks(page, "plan")) >= 7
    assert all("example" in text for text in blocks(page, "plan"))


def test_the_scenario_in_the_language_page_is_one() -> None:
    page = ROOT / "docs" / "language.md"
    checked = check(Source("flex.plan", blocks(page, "plan")[0]))
    (text,) = blocks(page, "yaml")
    scenarios, diagnostics = scenario_file.read(Source("flex.scenario.yaml", text), checked)
    assert diagnostics == ()
    (scenario,) = scenarios
    plan = checked.plan(scenario.plan)
    assert plan is not None
    assert missed(run(plan, scenario, checked.plans)) == []


def test_the_scenario_in_the_readme_is_one_of_the_shipped_flex_20() -> None:
    checked = check(Source("flex.plan", (ROOT / "examples" / "flex.plan").read_text(encoding="utf-8")))
    (text,) = blocks(ROOT / "README.md", "yaml")
    (scenario,), diagnostics = scenario_file.read(Source("flex.scenario.yaml", text), checked)
    plan = checked.plan(scenario.plan)
    assert diagnostics == ()
    assert plan is not None
    assert missed(run(plan, scenario, checked.plans)) == []


def test_the_picture_in_the_readme_is_the_screen() -> None:
    (picture,) = blocks(ROOT / "README.md", "text")
    assert picture == (ROOT / "tests" / "goldens" / "ui" / "80x24.txt").read_text(encoding="utf-8")


def test_the_commands_of_the_readme_exist() -> None:
    told = set(re.findall(r"^rollover ([a-z]+) ", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert told <= set(main.list_commands(click.Context(main)))
    assert told >= {"check", "run", "test", "fmt", "new"}


def test_links_of_documents_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_files_the_documents_name_exist() -> None:
    for page in PAGES:
        for name in re.findall(
            r"`((?:dsl|engine|tui|tests|docs|examples|benchmarks)/[\w./-]+\.\w+)`", page.read_text(encoding="utf-8")
        ):
            assert (ROOT / name).exists() or "NAME" in name, f"{page.name} names {name}"
