"""A cycle as terms of a solver computes what the engine does, and what it says of any numbers holds for whole ones."""

from __future__ import annotations

import gc
from datetime import datetime

import pytest

pytest.importorskip("z3")

import z3
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from dsl.check import check
from dsl.source import Source
from engine.batch.program import evaluate, program
from engine.batch.terms import Tape
from engine.batch.trace import Step
from engine.prove.cycles import cycles
from engine.prove.solving import solver
from engine.prove.terms import Cycle, divides, read

GB = 10**9
TEXT = """rate 1 GB = 30 minutes
plan "A" postpaid
  every month grant 20 GB data and 100 minutes
  use carried data first
  unused data: {rule}
"""
RULES = [
    "carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes",
    "carry 3 months, cap 35 GB, oldest goes first",
    "carry 40% of it 3 months, cap 25 GB, newest goes first, convert the rest to minutes",
    "carry 2 months in steps of 3 GB, convert the rest to minutes in steps of 7 minutes",
]
SERVICES = ("data", "voice")
FIGURES = ("data_carried_in", "data_expired", "voice_converted_in", "voice_overage")


def each(rule: str) -> Step:
    step = cycles(check(Source("a.plan", TEXT.format(rule=rule))).plans[0], datetime(2026, 1, 1), SERVICES).each
    assert step
    return step


def given_values(cycle: Cycle, uses: dict[str, int], held: list[int]) -> list[z3.BoolRef]:
    used = [cycle.used[service] == amount for service, amount in uses.items()]
    return [*cycle.bounds, *used, *(one == amount for one, amount in zip(cycle.opening.values(), held, strict=True))]


amounts = st.integers(0, 30 * GB) | st.sampled_from([0, 1, GB, 10 * GB, 20 * GB, 20 * GB + 1])


@pytest.mark.parametrize("rule", RULES)
@examples(40)
@given(data=st.data())
def test_a_cycle_of_whole_numbers_is_what_the_engine_computes(rule: str, data: st.DataObject) -> None:
    step = each(rule)
    uses = {"data": data.draw(amounts), "voice": data.draw(st.integers(0, 30_000))}
    held = [data.draw(amounts if piece.service == "data" else st.integers(0, 30_000)) for piece in step.opening]
    done = evaluate(program([step], in_64_bits=False), [uses], held)
    told = [*done.closing, *(done.figures[0][name] for name in FIGURES)]
    for whole in (True, False):
        cycle = read(step, "c", about=SERVICES, figures=FIGURES, whole=whole)
        asked = solver()
        asked.add(*given_values(cycle, uses, held))
        shown = [*cycle.closing.values(), *cycle.figures.values()]
        asked.push()
        asked.add(*(one == amount for one, amount in zip(shown, told, strict=True)))
        assert asked.check() == z3.sat
        asked.pop()
        if whole or not divides(step, SERVICES):
            asked.add(z3.Or([one != amount for one, amount in zip(shown, told, strict=True)]))
            assert asked.check() == z3.unsat


def test_a_trace_leaves_nothing_to_the_collector_of_garbage() -> None:
    """Which takes as long as a proof, now and then, where there is much to look through."""
    cycles.cache_clear()
    gc.collect()
    gc.disable()
    try:
        before = sum(type(one) is Tape for one in gc.get_objects())
        for rule in RULES:
            each(rule)
        cycles.cache_clear()
        assert sum(type(one) is Tape for one in gc.get_objects()) <= before
    finally:
        gc.enable()
