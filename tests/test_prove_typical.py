"""Histories of the usual kinds, and those that are handed in, break claims that no search for a history gets to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("z3")

from command_line import rollover
from reading import sound

from dsl.plan import Plan
from engine.batch.course import Piece
from engine.prove import histories, typical
from engine.prove.claims import prove
from engine.prove.cycles import MOST
from engine.prove.plain import Amounts, PlainCycle
from engine.prove.verdict import History, Outcome, Verdict

GB = 10**9
START = datetime(2026, 1, 1)
SOLD = "when data runs out: sell 1 GB at {price} EUR up to 4 GB a cycle, then block"
DEARER = """plan "A" postpaid
  every month grant 20 GB data
  price 20 EUR a month
  {cheap}
  unused data: carry 1 month, cap 10 GB
  from {day} {dear}
  ensure what is charged is never above {most} EUR a cycle
"""


def dearer(day: str, most: int = 40) -> Plan:
    text = DEARER.format(cheap=SOLD.format(price=5), dear=SOLD.format(price=6), day=day, most=most)
    return sound(text).plans[0]


def proved(plan: Plan, *given: History) -> Outcome:
    return prove(plan, plan.claims[0], START, given=given)


@pytest.mark.parametrize(("day", "cycle"), [("2026-06-01", 6), ("2026-12-01", 12), ("2027-12-01", 24)])
def test_what_is_dearer_from_a_day_on_is_refuted_by_the_first_cycle_that_is(day: str, cycle: int) -> None:
    """Nothing is used before, and of that cycle just what is more than is allowed: the fourth block is begun."""
    found = proved(dearer(day))
    assert found.verdict is Verdict.REFUTED
    assert [one["data"] for one in found.history] == [0] * (cycle - 1) + [33 * GB + 1]
    assert proved(dearer(day, 44)).verdict is Verdict.UNKNOWN


def test_a_history_that_is_known_bounds_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def searched(steps: object, *rest: object) -> Outcome:
        asked.append(len(steps))  # type: ignore[arg-type]
        return found(steps, *rest)  # type: ignore[arg-type]

    found = histories._search
    monkeypatch.setattr(histories, "_search", searched)
    for day, most, looked in (("2026-03-01", 40, 3), ("2026-12-01", 40, 11), ("2026-12-01", 19, 0)):
        asked.clear()
        assert proved(dearer(day, most)).verdict is Verdict.REFUTED
        assert asked == [looked]  # the price alone is above 19 EUR, whatever is used


@pytest.mark.parametrize(
    "pattern",
    [[0, 0, 0, 20], [10, 10, 10, 10], [20, 20, 20, 20], [40, 40, 40, 40], [20, 20, 20, MOST], [10, 10, 10, 20], [0, 20, 0, 20]],
)
def test_each_kind_of_history_is_tried(pattern: list[int]) -> None:
    """Cycles that break a claim of who uses just that, which is 20 at once in all, held or not."""
    step = SimpleNamespace(by_sum=True)

    def cycle(held: Amounts, used: Amounts) -> tuple[Amounts, int]:
        number = held[0] + 1 if used == (pattern[held[0]],) else 0
        return (number % 4,), number // 4

    made = PlainCycle(step, ("data",), (Piece("voice"),), (Piece("voice"),), (), cycle)  # type: ignore[arg-type]
    tries = typical._Tries([made] * 4, (20,), (MOST,), 0)
    assert tries.first_broken([]) == tuple((one,) for one in pattern)


THREE = f"""rate 10 SMS = 1 minute
plan "A" postpaid
  every month grant 10 GB data, 100 minutes and 100 SMS
  when data runs out: block
  from 2027-03-01 {SOLD.format(price=5).replace("4 GB", "1 GB")}
  when minutes runs out: sell 10 minutes at 1 EUR up to 10 minutes a cycle, then block
  unused SMS: convert to minutes at 2 EUR
  ensure what is charged is never above 7 EUR a cycle
"""
MUCH = {"data": 11 * GB, "voice": 111 * 60}


def test_a_history_that_is_handed_in_is_tried_too_and_what_it_need_not_use_is_left_out() -> None:
    """Two of three services run out, and the third is left: no history of the usual kinds."""
    plan = sound(THREE).plans[0]
    assert proved(plan).verdict is Verdict.UNKNOWN
    found = proved(plan, (MUCH,) * 16)
    assert found.verdict is Verdict.REFUTED
    assert len(found.history) == 15
    assert all(not any(one.values()) for one in found.history[:14])
    assert found.history[14] == {"data": 10 * GB + 1, "voice": 110 * 60 + 1, "sms": 0}  # ten were SMS


@pytest.mark.parametrize("ending", [".scenario.yaml", ".plan"])
def test_what_a_scenario_beside_a_plan_or_an_example_of_it_uses_is_tried(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "a.plan"
    path.write_text(THREE)
    asked = ["prove", str(path)]
    assert ":8: UNKNOWN" in rollover(*asked).output
    if ending == ".plan":
        path.write_text(THREE + '  example "much"\n    on 2027-03-05 use 11 GB and 111 minutes\n')
    else:
        uses = "  - use: 11 GB, 111 minutes\n" * 16
        (tmp_path / f"a{ending}").write_text(f"scenario: much\nplan: A\nstart: 2026-01-01\ncycles:\n{uses}")
    done = rollover(*asked)
    assert ":8: REFUTED" in done.output
    assert "cycle 15: 10.000000001 GB, 6601 seconds" in done.output
    (tmp_path / "a.scenario.yaml").write_text("no scenario")  # which is no matter of a proof
    assert f":8: {'REFUTED' if ending == '.plan' else 'UNKNOWN'}" in rollover(*asked).output


def test_what_grows_for_ever_is_refuted_after_years_and_told_to_grow_after_centuries() -> None:
    """Spacer would look for what bounds it for a minute, and nothing does."""
    text = 'plan "A" prepaid\n  cycle: 30 days\n  grant 28 GB\n  unused data: carry 1 cycle each time\n'
    found = proved(sound(text + "  ensure data never above 2000 GB\n").plans[0])
    assert (found.verdict, len(found.history), found.is_shortest) == (Verdict.REFUTED, 72, True)
    found = proved(sound(text + "  ensure carried data never above 100 TB\n").plans[0])
    assert (found.verdict, found.looked) == (Verdict.UNKNOWN, 13)
    assert found.why == "it grows as long as nothing is used: after 240 cycles it is 6720 GB"


def test_what_some_months_need_not_carry_does_not_grow_for_ever() -> None:
    """After a year it has come round: each month one grant ends."""
    text = 'plan "A" prepaid\n  cycle: 30 days\n  grant 28 GB\n  unused data: carry 12 cycles\n'
    found = proved(sound(text + "  ensure data never above 364 GB\n").plans[0])
    assert found.verdict is Verdict.PROVED
