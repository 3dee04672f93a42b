"""A history on which one plan is worse than another is the shortest, and uses no more than it need: of two plans, as of one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("z3")

from command_line import rollover
from hypothesis import given
from hypothesis import strategies as st
from reading import sound
from strategies import examples

from benchmarks.proofs import orders
from engine.contrast import Side
from engine.prove import dominance, sooner
from engine.prove.dominance import Dominance
from engine.prove.pair import Pair, pair_of
from engine.prove.plain_pair import plain_pairs
from engine.prove.tried import tried
from engine.prove.verdict import Verdict

GB, MINUTE = 10**9, 60
START = datetime(2026, 1, 1)
PLAN = """plan "{name}" postpaid
  every month grant {grant} GB data and 100 minutes
  use {order}
  unused data: {rule}
"""
CARRIED, ALLOWANCE = "carried data first", "allowance, then carried data"


Rules = tuple[int, str, str]  # GB that are granted, what is used first, and what becomes of the rest


def two(first: Rules, second: Rules, *more: str) -> str:
    plans = [PLAN.format(name=name, grant=one[0], order=one[1], rule=one[2]) for name, one in (("A", first), ("B", second))]
    return "rate 1 GB = 30 minutes\n" + "\n".join(plans) + "".join(f"  {line}\n" for line in more)


def pair(text: str) -> Pair:
    found = pair_of(*map(Side, sound(text).plans), START, 12, {})
    assert isinstance(found, Pair)
    return found


def worse(text: str, service: str) -> Dominance:
    return next(one for one in dominance.never_worse(*map(Side, sound(text).plans), START) if one.service == service)


def gap(asked: Pair, history: Sequence[Mapping[str, int]]) -> int:
    cycles = plain_pairs(asked, asked.steps(len(history)))
    state = cycles[0].nothing
    for cycle, used in zip(cycles, history, strict=True):
        state = cycle.after(state, tuple(used[one] for one in cycle.services))
    return state[2]


def used(found: Dominance) -> list[tuple[int, int]]:
    """GB and minutes."""
    return [(one["data"] // GB, one.get("voice", 0) // MINUTE) for one in found.history]


# ---- the shortest


@pytest.mark.parametrize("months", [2, 5, 11])
def test_what_lives_a_month_longer_is_seen_in_the_first_month_in_which_it_does(months: int) -> None:
    longer, shorter = ((20, CARRIED, f"carry {many} months") for many in (months + 1, months))
    found = worse(two(longer, shorter), "data")
    assert used(found) == [(0, 0)] * (months + 1) + [(20 * (months + 1) + 1, 0)]
    assert (found.looked, found.gap) == (months + 1, GB)


@pytest.mark.parametrize("months", [2, 7, 12])
def test_what_is_made_of_what_is_never_used_takes_as_long_as_that_lives(months: int) -> None:
    rule = f"carry {months} months, cap {10 * months + 5} GB, newest goes first, convert the rest to minutes, cap 200 minutes"
    found = worse(two((20, ALLOWANCE, rule), (20, CARRIED, rule)), "voice")
    assert (found.verdict, len(found.history), found.is_shortest) == (Verdict.REFUTED, months + 2, True)


@pytest.mark.parametrize(
    ("first", "second", "cycles"),
    [
        ((10, ALLOWANCE, "carry 6 months, cap 65 GB"), (10, CARRIED, "carry 6 months, cap 48 GB"), 6),
        ((10, CARRIED, "carry 8 months, convert the rest to minutes"), (20, CARRIED, "carry 1 month each time, cap 35 GB"), 6),
        ((20, ALLOWANCE, "carry 12 months, cap 125 GB, newest goes first"), (20, CARRIED, "carry 11 months, cap 115 GB"), 7),
    ],
)  # fmt: skip
def test_of_caps_and_what_is_carried_again_it_is_the_shortest_too(first: Rules, second: Rules, cycles: int) -> None:
    found = worse(two(first, second), "data")
    assert (found.verdict, len(found.history), found.is_shortest) == (Verdict.REFUTED, cycles, True)


def test_where_cycles_differ_it_is_too() -> None:
    text = two((20, CARRIED, "carry 1 month"), (20, CARRIED, "carry 1 month"), "from 2026-09-01 every month grant 10 GB data")
    found = worse(text, "data")
    assert used(found) == [(0, 0)] * 8 + [(31, 0)]
    assert found.is_shortest


def test_what_is_worse_only_of_uses_that_nobody_would_try_the_solver_finds() -> None:
    """Of what is left B keeps 8 GB, and A all: two months of use, with one of none between, bring B below A."""
    kept = "carry 4 months, cap 32 GB, newest goes first, convert the rest to minutes, cap 200 minutes"
    again = "carry without end, cap 8 GB a cycle, cap 80 GB, newest goes first"
    found = worse(two((10, ALLOWANCE, kept), (20, CARRIED, again)), "data")
    assert (found.verdict, len(found.history), found.is_shortest) == (Verdict.REFUTED, 7, True)


def test_a_larger_grant_can_be_worse_under_a_cap_that_takes_the_newest() -> None:
    """Who was granted more is full of old data when the cap is reached, and loses it all at once; who was granted less carries
    newer data then. It takes five months to see that, and no fewer."""
    rule = "carry 3 months, cap 35 GB, newest goes first"
    found = worse(two((20, ALLOWANCE, rule), (30, ALLOWANCE, rule)), "data")
    assert used(found) == [(0, 0), (21, 0), (0, 0), (30, 0), (36, 0)]
    assert (found.gap, found.is_shortest) == (GB, True)


def test_where_nothing_is_proved_it_is_told_of_how_many_cycles_no_history_makes_it_worse() -> None:
    text = two((20, CARRIED, "carry 1 month"), (20, CARRIED, "carry 1 month"), "from 2027-09-01 every month grant 10 GB data")
    found = worse(text, "data")
    assert (found.verdict, found.looked) == (Verdict.UNKNOWN, 13)
    assert "no history of 13 cycles makes it worse" in found.why


@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize("months", [2, 4])
def test_what_is_worse_in_so_many_cycles_is_found_in_as_many_and_in_no_fewer(
    months: int, is_at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_at_once:
        monkeypatch.setattr(sooner, "_none_in", lambda *_: False)
    for first, second in orders(range(months, months + 1)):
        compared = pair_of(Side(first), Side(second), START, 12, {})
        assert isinstance(compared, Pair)
        for service in ("data", "voice"):
            asked = compared.about(service)
            if known := tried(asked, asked.steps(8)):
                assert sooner.searched(asked, len(known) - 1) == ((), len(known) - 1)
                found, looked = sooner.searched(asked, len(known))
                assert (len(found), looked) == (len(known), len(known) - 1)


def test_where_whole_ones_are_too_much_it_is_told_to_the_byte(tmp_path: Path) -> None:
    """B covers 20.5 GB, and no line is assumed to use 21."""
    more, less = ((grant, CARRIED, "carry 1 month, cap 1 GB") for grant in (30, 20))
    text = two(more, less, "every month grant 500 MB data", "assume data usage at most 20.7 GB a cycle")
    path = tmp_path / "a.plan"
    path.write_text(text + '  ensure "B" is never worse than "A"\n')
    told = rollover("prove", str(path), "--no-cache").output
    assert "cycle 1: 20.500000001 GB" in told


# ---- where it may not be


@pytest.mark.parametrize("command", ["prove", "diff"])
def test_where_it_may_not_be_that_is_told(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the solver gave up behind three cycles."""
    monkeypatch.setattr(sooner, "searched", lambda *_: ((), 3))
    path = tmp_path / "a.plan"
    path.write_text(two((20, CARRIED, "carry 5 months"), (20, CARRIED, "carry 4 months"), 'ensure "B" is never worse than "A"'))
    asked = (
        ["prove", str(path), "--no-cache"]
        if command == "prove"
        else ["diff", str(path), "--plan", "A", "--with", "B", "--prove"]
    )
    told = " ".join(rollover(*asked, "--format", "text").output.split())
    assert "of fewer cycles, more than 3, " in told
    told_of = rollover(*asked, "--format", "json").stdout
    assert '"is_shortest": false' in told_of
    json.loads(told_of)


# ---- whatever is used

RULES = (
    "carry 1 month", "carry 2 months", "carry 3 months, cap 35 GB", "carry 2 months, cap 25 GB, newest goes first",
    "carry 1 month, cap 10 GB, convert the rest to minutes", "carry 3 months, convert the rest to minutes",
    "carry 40% of it 2 months", "carry 2 months in steps of 3 GB", "carry 1 month each time, cap 25 GB",
    "carry 2 months, cap 8 GB a cycle",
)  # fmt: skip
PLANS = st.tuples(st.sampled_from([10, 15, 20]), st.sampled_from([CARRIED, ALLOWANCE]), st.sampled_from(RULES))
USES = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=6, max_size=6)


@examples(40)
@given(PLANS, PLANS, st.sampled_from(["data", "voice"]), st.booleans(), st.lists(USES, min_size=20, max_size=20))
def test_no_history_of_as_many_cycles_as_were_looked_at_is_worse(
    first: Rules, second: Rules, service: str, is_at_once: bool, histories: list[list[tuple[int, int]]]
) -> None:
    """Of those that are tried one may be; with what shows it at once, and without."""
    asked = pair(two(first, second)).about(service)
    with pytest.MonkeyPatch.context() as patch:
        if not is_at_once:
            patch.setattr(sooner, "_none_in", lambda *_: False)
        found, looked = sooner.searched(asked, 6)
    assert not found or len(found) == looked + 1
    known = tried(asked, asked.steps(6))
    assert not known or looked < len(known)
    for history in histories:
        uses = [{"data": data * 5 * GB, "voice": minutes * 60 * MINUTE} for data, minutes in history]
        for many in range(1, looked + 1):
            assert gap(asked, uses[:many]) <= 0


@examples(25)
@given(PLANS, PLANS)
def test_it_uses_no_more_than_it_need(first: Rules, second: Rules) -> None:
    text = two(first, second)
    for service in ("data", "voice"):
        found = worse(text, service)
        if found.verdict is Verdict.REFUTED:
            history = [dict(used) for used in found.history]
            asked = pair(text).about(service)
            assert gap(asked, history) == found.gap > 0
            sizes = {"data": GB, "voice": MINUTE}
            if any(amount % sizes[one] for used in history for one, amount in used.items()):
                sizes = {"data": 1, "voice": 1}
            for used in history:
                for one in [one for one, amount in used.items() if amount]:
                    used[one] -= sizes[one]
                    assert gap(asked, history) <= 0
                    used[one] += sizes[one]
