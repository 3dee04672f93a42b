"""The shipped examples: each is sound, laid out canonically and does what it says. More about operators: test_coverage.py."""

from __future__ import annotations

import pytest
from shipped import OPERATORS, PLANS, SCENARIOS, checked_plan, failures, source

from dsl.format import format_text

NEWCOMERS = ("flex", "holiday", "packs", "postpaid", "prepaid")


@pytest.mark.parametrize("name", PLANS)
def test_is_sound_and_does_what_it_says(name: str) -> None:
    found = failures(name)
    assert found or checked_plan(name).regulations, "an example shows what it does"
    assert [failure for failed in found.values() for failure in failed] == []


@pytest.mark.parametrize("name", PLANS)
def test_layout_is_canonical(name: str) -> None:
    text = source(name).text
    assert format_text(text) == text


@pytest.mark.parametrize("name", PLANS)
def test_first_line_says_what_it_is(name: str) -> None:
    """`rollover examples` lists it."""
    assert source(name).text.startswith("# ")


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_file_has_its_plan(name: str) -> None:
    assert name.removesuffix(".scenario.yaml") + ".plan" in PLANS


def test_every_promised_example_is_there() -> None:
    assert OPERATORS
    for name in NEWCOMERS:
        assert f"{name}.plan" in PLANS
        assert f"{name}.scenario.yaml" in SCENARIOS
