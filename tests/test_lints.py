"""Lints: each finds what its page says to avoid, none what it says to prefer, and all are quiet on plans that are sold."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import textwrap

import pytest
from command_line import ROOT, rollover, written
from shipped import EXAMPLES, PLANS

from dsl.check import check
from dsl.diagnostics import Diagnostic, render
from dsl.fixes import applied
from dsl.lints import lint, lints
from dsl.source import Source

PAGE = ROOT / "docs" / "lints.md"
GOLDENS = ROOT / "tests" / "goldens" / "codes"
CODES = sorted(lints())


def page(code: str) -> str:
    return inspect.getdoc(importlib.import_module(lints()[code])) or ""


def told(code: str, part: str) -> str:
    """The plan of a page that stands below `Avoid:` or `Prefer:`."""
    block = re.search(rf"^{part}:\n\n((?:(?:    .*)?\n?)+)", page(code), re.MULTILINE)
    assert block
    return textwrap.dedent(block[1]).strip("\n") + "\n"


def found_in(text: str) -> list[Diagnostic]:
    checked = check(Source("x.plan", text))
    return [*checked.diagnostics, *lint(checked)]


def test_there_are_enough_and_their_codes_have_no_gap() -> None:
    assert [f"L{number:03}" for number in range(1, len(CODES) + 1)] == CODES
    assert len(CODES) >= 25


@pytest.mark.parametrize("code", CODES)
def test_what_a_page_says_to_avoid_is_found(code: str) -> None:
    assert {one.code for one in found_in(told(code, "Avoid"))} == {code}


@pytest.mark.parametrize("code", CODES)
def test_the_message_as_it_is_printed(code: str) -> None:
    source = Source("a.plan", told(code, "Avoid"))
    printed = "\n\n".join(render(one, source) for one in found_in(source.text)) + "\n"
    golden = GOLDENS / f"{code}.txt"
    if os.environ.get("ROLLOVER_UPDATE"):
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


def test_messages_fit_a_terminal_of_eighty_columns() -> None:
    """But for lines of the plan itself."""
    said = {line for code in CODES for line in (GOLDENS / f"{code}.txt").read_text().splitlines() if " | " not in line}
    assert [line for line in said if len(line) > 80 + len("a.plan:10:10: warning L000: ")] == []


@pytest.mark.parametrize("code", CODES)
def test_what_a_page_says_to_prefer_is_sound(code: str) -> None:
    assert [(one.code, one.message) for one in found_in(told(code, "Prefer"))] == []


@pytest.mark.parametrize("code", CODES)
def test_a_fix_makes_the_finding_go_away(code: str) -> None:
    text = told(code, "Avoid")
    fixes = [one.fix for one in found_in(text) if one.fix]
    if fixes:
        assert found_in(applied(text, fixes)) == []


@pytest.mark.parametrize("code", CODES)
def test_a_page_reads_well_in_a_terminal(code: str) -> None:
    lines = page(code).splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].endswith(".")
    assert [part for part in ("Avoid:", "Prefer:") if part in lines] == ["Avoid:", "Prefer:"]


@pytest.mark.parametrize("name", PLANS)
def test_plans_that_are_sold_are_quiet(name: str) -> None:
    assert [(one.code, one.span.line) for one in found_in((EXAMPLES / name).read_text(encoding="utf-8"))] == []


def test_a_comment_allows_what_is_meant() -> None:
    text = told("L001", "Avoid")
    assert found_in(text.replace("cap 25 GB", "cap 25 GB  # allow L001: the terms say so")) == []
    assert found_in(text.replace("  carry", "  # allow L002, L001: the terms say so\n  carry")) == []
    assert [one.code for one in found_in(text.replace("cap 25 GB", "cap 25 GB  # allow L002: another"))] == ["L001"]


def test_nothing_is_said_of_a_file_with_errors() -> None:
    assert lint(check(Source("x.plan", told("L001", "Avoid") + "grnt\n"))) == ()


def test_the_command_tells_them(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    written("a.plan", told("L001", "Avoid"))
    result = rollover("check", "a.plan")
    assert result.stdout.startswith("a.plan:4:18: warning L001: this cap never binds")
    assert result.exit_code == 1


def test_the_list_of_them_is_current() -> None:
    rows = [f"| {code} | {page(code).splitlines()[0]} |" for code in CODES]
    text = "\n".join([
        "# Lints", "",
        "What `rollover check` says of plans that are sound and hardly meant, made from the lints by",
        "`ROLLOVER_UPDATE=1 pytest tests/test_lints.py`. A comment `# allow L001: why` in a line, or above it, allows one.",
        "", "| code | finds |", "|---|---|", *rows, "",
    ])  # fmt: skip
    if os.environ.get("ROLLOVER_UPDATE"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text
