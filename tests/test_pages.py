"""A page for each code: what to avoid is found, what to prefer is sound, and the message reads well in a terminal."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from command_line import rollover

from dsl import scenario_file
from dsl.check import check
from dsl.diagnostics import ERRORS, PROVED, WARNINGS, Diagnostic, render
from dsl.lints import lint
from dsl.pages import pages
from dsl.source import Source
from tui import regulating

GOLDENS = Path(__file__).with_name("goldens") / "codes"
CODES = [*ERRORS, *WARNINGS, *PROVED]
# Of these the page has words alone: thousands of lines, or none.
WITHOUT_A_TEXT = {"R001", "R228", "R234", "R291", "S006"}
WITH_A_TEXT = [code for code in CODES if code not in WITHOUT_A_TEXT and (code not in PROVED or find_spec("z3"))]


def told(code: str, part: str) -> str:
    block = re.search(rf"^{part}:\n\n```(?:plan|yaml)\n(.*?)^```", pages()[code], re.MULTILINE | re.DOTALL)
    assert block, f"the page of {code} has nothing to {part.lower()}"
    return block[1]


def found_in(code: str, text: str) -> tuple[Source, list[Diagnostic]]:
    if code.startswith("S"):
        source = Source("a.scenario.yaml", text)
        plan = check(Source("a.plan", 'plan "A" prepaid\n  grant 10 GB\n'))
        return source, list(scenario_file.read(source, plan)[1])
    source = Source("a.plan", text)
    checked = check(source)
    judged = list(regulating.judged(checked, regulating.rulebooks(checked)))
    found = [*checked.diagnostics, *lint(checked), *(one for _, one in regulating.as_findings(judged))]
    if code in PROVED:
        from tui.dead_rules import with_proofs

        found = [*with_proofs(checked, found)]
    return source, found


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert sorted(pages()) == sorted(CODES)


@pytest.mark.parametrize("code", WITH_A_TEXT)
def test_what_a_page_says_to_avoid_is_found(code: str) -> None:
    assert {one.code for one in found_in(code, told(code, "Avoid"))[1]} == {code}


@pytest.mark.parametrize("code", [*WITH_A_TEXT, "R001", "R291"])
def test_what_a_page_says_to_prefer_is_sound(code: str) -> None:
    assert [(one.code, one.message) for one in found_in(code, told(code, "Prefer"))[1]] == []


@pytest.mark.parametrize("code", WITH_A_TEXT)
def test_the_message_as_it_is_printed(code: str) -> None:
    source, found = found_in(code, told(code, "Avoid"))
    printed = "\n\n".join(render(one, source) for one in found) + "\n"
    golden = GOLDENS / f"{code}.txt"
    if os.environ.get("ROLLOVER_UPDATE"):
        GOLDENS.mkdir(exist_ok=True)
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_a_page_fits_a_terminal(code: str) -> None:
    result = rollover("explain", code.lower())
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{code}: ")
    assert max(map(len, result.stdout.splitlines())) <= 90


def test_alone_it_lists_all_codes() -> None:
    listed = [line[:4] for line in rollover("explain").stdout.splitlines()]
    assert set(CODES) <= set(listed)
    assert "L001" in listed
