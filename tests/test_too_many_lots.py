"""A plan that parts each lot again and again doubles them with each cycle: that is told, and takes no more than seconds."""

from __future__ import annotations

import importlib.util
from datetime import datetime
from pathlib import Path

import pytest
from command_line import rollover
from reading import sound

from dsl.plan import Plan
from dsl.scenario import CycleSteps, Scenario
from dsl.source import NOWHERE
from engine.batch.rows import Rows
from engine.batch.trace import MOST_PIECES, NotTracedError, trace
from engine.history import HistoryError
from engine.ledger import MAX_LOTS
from engine.prove.dead import dead
from engine.run import run

START = datetime(2026, 1, 1)
TEXT = """plan "A" postpaid
  every month grant 20 GB data
  unused data: carry 40% of it each time without end and carry without end each time, cap 800 GB, cap 700 GB with allowance
"""
TOLD = f"more than {MAX_LOTS} lots come to be held, by line 3 of the plan"


def doubling() -> Plan:
    return sound(TEXT).plans[0]


def test_a_run_ends_with_where_it_is_written() -> None:
    with pytest.raises(HistoryError) as told:
        run(doubling(), Scenario("", "A", START, (CycleSteps((), ()),) * 40, (), NOWHERE))
    assert str(told.value) == TOLD


def test_a_year_of_it_can_be_looked_at() -> None:
    made = run(doubling(), Scenario("", "A", START, (CycleSteps((), ()),) * 12, (), NOWHERE))
    assert made.statement.cycles[-1].services["data"].carried_out == 240 * 10**9


@pytest.mark.parametrize("command", ["run", "test"])
def test_the_command_says_so(command: str, tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    cycles = "    use 1 GB\n" * 24
    path.write_text(TEXT + ("" if command == "run" else f'\n  example "long"\n{cycles}'))
    done = rollover(command, str(path), *(["--use", ",".join(["0GB"] * 24)] if command == "run" else []))
    assert done.exit_code == 1
    assert f": {TOLD}; don't" in done.output


def test_to_trace_it_ends_sooner_and_nothing_is_told_to_be_dead() -> None:
    with pytest.raises(NotTracedError, match=f"more than {MOST_PIECES} lots"):
        trace(doubling(), START, ("data",), 26)
    assert not list(dead(doubling(), START))


def test_a_line_that_is_settled_alone_is_refused() -> None:
    with pytest.raises(HistoryError, match="more than"):
        Rows(doubling(), START).settle([{"data": 0}] * 20, opening=())


@pytest.mark.skipif(not importlib.util.find_spec("pyarrow") or not importlib.util.find_spec("numba"), reason="of the extra")
def test_the_rest_are_settled(tmp_path: Path) -> None:
    (tmp_path / "a.plan").write_text(TEXT)
    rows = [f"many,{cycle},0" for cycle in range(1, 21)] + ["few,1,0"]
    (tmp_path / "u.csv").write_text("\n".join(["subscriber,cycle,data", *rows]) + "\n")
    done = rollover("settle", str(tmp_path / "a.plan"), "--usage", str(tmp_path / "u.csv"), "--out", str(tmp_path / "out"))
    assert done.exit_code == 1
    assert TOLD in done.output
    assert "1 cycle of 1 subscriber" in done.output
