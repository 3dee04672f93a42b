"""`fmt --explicit`: all that plans assume, written out where it would stand, and nothing else changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from command_line import rollover, written
from reading import anywhere
from shipped import EXAMPLES, PLANS

from dsl.check import Checked, check
from dsl.diagnostics import render
from dsl.explicit import explicit
from dsl.format import format_text
from dsl.source import Source


def read(text: str) -> Checked:
    source = Source("x.plan", text)
    checked = check(source)
    assert not checked.diagnostics, "\n".join(render(one, source) for one in checked.diagnostics)
    return checked


def but_for_what_is_assumed(checked: Checked) -> object:
    """The plans in so far as their figures depend on them: saying aloud that what runs out is blocked is a rule more."""
    plain = [replace(plan, assumptions=(), runs_out=(), orders=(), changes=(), later=()) for plan in checked.plans]
    return anywhere((tuple(plain), checked.scenarios))


@pytest.mark.parametrize("name", PLANS)
def test_no_shipped_plan_leaves_anything_open_then_and_means_what_it_meant(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    before, after = read(text), read(explicit(text))
    assert [one.rule for plan in after.plans for one in plan.assumptions] == []
    assert but_for_what_is_assumed(after) == but_for_what_is_assumed(before)


def test_each_word_stands_where_it_would() -> None:
    text = """\
# Ours
rate 1 GB = 30 minutes

plan "A" postpaid
  price 9 EUR a month
  grant 10 GB
  unused data: carry 2 months, cap 12 GB, convert to minutes, cap 60 minutes  # terms
"""
    assert format_text(explicit(text)).splitlines() == [
        "# Ours",
        "units: 1 GB = 1000 MB",
        "timezone UTC",
        "rate 1 GB = 30 minutes",
        "",
        'plan "A" postpaid',
        "  cycle: month from activation, short month on its last day, at 00:00",
        "  renewal early: adds",
        "  renewal late: nothing left",
        "  change: new plan next cycle",
        "  use soonest to end first",
        "  when data runs out: block",
        "  price 9 EUR a month, whole",
        "  grant 10 GB",
        "  unused data: carry 2 months from rolling, cap 12 GB on carried, newest goes first,"
        " convert to minutes to the end of the next cycle, cap 60 minutes  # terms",
    ]


def test_a_text_with_a_mistake_is_left_alone() -> None:
    assert explicit('plan "A" prepaid\n  grnt 10 GB\n') == 'plan "A" prepaid\n  grnt 10 GB\n'


def test_the_command_writes_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = written("a.plan", 'plan "A" prepaid\r\n  grant 10 GB\r\n')
    assert rollover("fmt", "--explicit", "a.plan").exit_code == 0
    once = path.read_bytes()
    assert b"cycle: month from activation, short month on its last day, at 00:00\r\n" in once
    assert rollover("fmt", "--explicit", "--check", "a.plan").exit_code == 0
    assert path.read_bytes() == once


def test_it_writes_nothing_where_a_word_would_be_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = written("a.plan", 'plan "A" prepaid  # ours\n  grant 10 GB\n')
    monkeypatch.setattr("dsl.explicit.explicit", lambda text: text.replace("# ours", "# theirs"))
    result = rollover("fmt", "--explicit", "a.plan")
    assert (result.exit_code, path.read_text()) == (2, 'plan "A" prepaid  # ours\n  grant 10 GB\n')
    assert "is left as it is" in result.stderr
