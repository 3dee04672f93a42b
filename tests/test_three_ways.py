"""The three readings of a plan, a small part of the counted run: the same, and a wrong primitive in one of them is caught by
each of the others."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("z3")
pytest.importorskip("numpy")

import numpy
import z3
from reading import sound

from benchmarks.batch_equal import Case
from benchmarks.three_ways import BATCH, INTERPRETER, SOLVER, compared, shortened, steps_of
from engine import hand, use
from engine.batch import numpy_form
from engine.batch.lines import Lines
from engine.batch.terms import Memory
from engine.prove import terms
from tests.by_parts import RowsByParts

TEXT = """\
rate 1 GB = 30 minutes
plan "A" prepaid
  grant 20 GB and 100 minutes
  use carried data first
  unused data: carry 2 months, cap 30 GB, convert the rest to minutes, cap 200 minutes
"""
PAIRS = {(INTERPRETER, BATCH), (INTERPRETER, SOLVER), (BATCH, SOLVER)}


def case() -> Case:
    plan = sound(TEXT).plans[0]
    numbers = numpy.random.default_rng(7)
    uses = {"data": numbers.integers(0, 45 * 10**9, (8, 12)), "voice": numbers.integers(0, 20_000, (8, 12))}
    lines = Lines((datetime(2026, 1, 1),), numpy.zeros(12, numpy.int64), numpy.ones(12, numpy.int64), numpy.full(12, 8), uses)
    return Case(TEXT, plan, {}, lines, (), by_days=False)


def test_the_three_come_to_the_same() -> None:
    assert compared(case()) == {}


def test_a_part_of_a_case_is_so_many_lines_and_cycles() -> None:
    part = shortened(case(), 5, 3)
    assert (part.lines.count, part.lines.most_cycles, len(steps_of(part, Memory()))) == (5, 3, 3)
    assert compared(part) == {}


# ---- a wrong primitive


@pytest.fixture
def in_the_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken of a lot is one less where there is much of it: only while lines run, not while the plan is traced."""
    settle = RowsByParts.settle

    def wrong(*told: Any, **more: Any) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            for module in (hand, use):
                patch.setattr(module, "least", lambda one, other: min(one, other) - (min(one, other) > 10**9))
            return settle(*told, **more)

    monkeypatch.setattr(RowsByParts, "settle", wrong)


@pytest.fixture
def in_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lower of two is their sum."""
    made = numpy_form.as_text

    def wrong(*told: Any, **more: Any) -> str:
        text = made(*told, **more)
        assert "minimum(" in text
        return text.replace("minimum(", "add(", 1)

    monkeypatch.setattr(numpy_form, "as_text", wrong)


@pytest.fixture
def in_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lower of an amount and zero is the higher one."""
    solver = SimpleNamespace(**vars(z3))
    solver.parse_smt2_string = lambda text: z3.parse_smt2_string(text.replace("(and (<= ", "(and (>= "))
    monkeypatch.setattr(terms, "z3", solver)


@pytest.mark.parametrize(
    ("where", "wrong"), [("in_the_interpreter", INTERPRETER), ("in_the_batch", BATCH), ("in_the_solver", SOLVER)]
)
def test_a_wrong_primitive_is_caught_by_each_of_the_others(where: str, wrong: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(where)
    found = compared(case())
    assert found is not None
    assert found.keys() == {pair for pair in PAIRS if wrong in pair}
