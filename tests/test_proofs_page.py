"""The tables of docs/proofs.md are those that `python -m benchmarks.proofs --write` makes, but for milliseconds."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("z3")

from benchmarks import proofs


def table() -> str:
    text = proofs.PAGE.read_text(encoding="utf-8")
    assert proofs.BEGIN in text
    return text.partition(proofs.BEGIN)[2].partition(proofs.END)[0]


def test_every_claim_of_the_examples_stands_there_with_its_verdict_and_how_it_came() -> None:
    told = [line.rpartition(" | ")[0] for line in table().splitlines() if line.startswith("| `")]
    assert told == [f"| {row}" for row, _ in proofs.claimed()]
    assert len(told) >= 4


def test_what_took_how_long_is_within_its_goal_and_found_everywhere() -> None:
    rows = re.findall(r"^\| (\w[^|]*) \| (\d+) of (\d+) \| (\d+) \| (\d+) \|", table(), re.MULTILINE)
    of_one_plan, of_two = proofs.timed(range(1, 2)), proofs.compared(range(1, 2))
    assert [what for what, *_ in rows] == [one.what for one in (*of_one_plan, *of_two)]
    assert all(found == every for _, found, every, *_ in rows)
    assert all(int(last) <= proofs.GOAL for *_, last in rows)
    assert all(one.found == len(one.ms) == len(proofs.RULES) for one in of_two)


def test_each_kind_of_plan_is_proved_and_refuted() -> None:
    """Those that carry for a year; the others are in the counted run."""
    of_one_plan = proofs.timed(range(12, 13))
    assert all(one.found == len(one.ms) for one in of_one_plan)
    assert {len(one.ms) for one in of_one_plan} == {len(rules) * len(proofs.ORDERS) for rules in (proofs.RULES, proofs.AGAIN)}
    assert all(one.found == len(one.ms) == len(proofs.RULES) for one in proofs.compared(range(12, 13)))
