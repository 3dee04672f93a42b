"""Whether one plan is ever worse than another, on every use: what is proved no history contradicts, what is refuted the engine
has run, and how far it can fall behind is what trying every history comes to."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("z3")

from command_line import rollover
from hypothesis import given
from hypothesis import strategies as st
from reading import sound
from strategies import examples

from engine.batch.trace import NotTracedError
from engine.contrast import Side
from engine.prove import dominance, reach, relations, worst
from engine.prove.dominance import Compared, How, compare, played
from engine.prove.pair import Pair
from engine.prove.verdict import Verdict
from tui import solver

GB = 10**9
START = datetime(2026, 1, 1)
CARRIED_FIRST, ALLOWANCE_FIRST = "use carried data first", "use allowance, then carried data"
CAPPED = "carry 1 month, cap 10 GB"


def plan(grant: int, rule: str = "", order: str = CARRIED_FIRST, *more: str) -> str:
    lines = [f"every month grant {grant} GB data", *([order, f"unused data: {rule}"] if rule else []), *more]
    return 'plan "P" postpaid\n' + "".join(f"  {line}\n" for line in lines)


A = plan(20, CAPPED)
B = plan(22)


def side(text: str) -> Side:
    checked = sound(text)
    return Side(checked.plans[0], checked.plans)


def beside(first: str, second: str, most: int = 60 * GB, cycles: int = 12) -> Compared:
    [found] = compare(side(first), side(second), START, cycles=cycles, most={"data": most})
    return found


def gap(first: str, second: str, used: Sequence[int]) -> int:
    """How much more the second one leaves uncovered, by the engine."""
    return played(side(first), side(second), "data", START, tuple({"data": one} for one in used))[0]


# ---- the figures of the prototype


def test_carried_first_never_serves_less_than_allowance_first() -> None:
    found = beside(plan(20, CAPPED, ALLOWANCE_FIRST), A)
    assert (found.second.verdict, found.second.how) == (Verdict.PROVED, How.RELATIONS)
    assert found.first.verdict is Verdict.REFUTED
    assert [used["data"] // GB for used in found.first.history] == [0, 11, 30]
    assert found.first.is_shortest


def test_neither_is_always_better_and_how_far_each_can_fall_behind_in_a_year() -> None:
    found = beside(A, B)
    assert [(one.verdict, one.history, one.gap) for one in (found.second, found.first)] == [
        (Verdict.REFUTED, ({"data": 0}, {"data": 23 * GB}), 1 * GB),
        (Verdict.REFUTED, ({"data": 21 * GB},), 1 * GB),
    ]
    behind = (found.second_behind, found.first_behind)
    assert [(one.gap, one.is_most, one.unit) for one in behind if one] == [(48 * GB, True, 2 * GB), (24 * GB, True, 2 * GB)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (A, plan(20, "carry 1 month, cap 15 GB")),
        (A, plan(22, CAPPED)),
        (A, plan(20, "carry 3 months, cap 10 GB")),
        (plan(20, "carry 3 months, cap 40 GB"), plan(20, "carry 3 months, cap 60 GB")),  # wants the bounds of the lots
        (plan(20, "carry 3 months"), plan(20, "carry 6 months")),
        (plan(20, "carry 12 months"), plan(22, "carry 12 months")),
        (B, plan(22, "", "", "when data runs out: sell 1 GB at 5 EUR")),  # what is sold is uncovered, too
    ],
)
def test_what_is_better_is_never_worse(first: str, second: str) -> None:
    [found] = dominance.never_worse(side(first), side(second), START)
    assert (found.verdict, found.how) == (Verdict.PROVED, How.RELATIONS)


@pytest.mark.parametrize("months", [2, 5, 12])
def test_where_a_cap_takes_the_newest_first_who_is_full_has_enough_of_what_ends_late(months: int) -> None:
    """Carried data first, and full, it may hold less of what ends late than the other one does: just not less than all that
    there can be beside what ends sooner."""
    rule = f"carry {months} months, cap {10 * months + 5} GB, newest goes first"
    first, second = plan(20, rule, ALLOWANCE_FIRST), plan(20, rule)
    [found] = dominance.never_worse(side(first), side(second), START)
    assert (found.verdict, found.how) == (Verdict.PROVED, How.RELATIONS)
    [back] = dominance.never_worse(side(second), side(first), START)
    assert back.gap == gap(second, first, [used["data"] for used in back.history]) > 0


def test_a_history_of_the_plans_own_amounts_saves_the_search_for_what_no_cycle_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is used once shows which of the two was left of what was carried."""
    monkeypatch.setattr(dominance, "holds_at_once", lambda *_: pytest.fail("a history refutes it"))
    first, second = (plan(20, "carry 2 months, cap 8 GB a cycle", order) for order in (ALLOWANCE_FIRST, CARRIED_FIRST))
    [found] = dominance.never_worse(side(first), side(second), START)
    assert [used["data"] // GB for used in found.history] == [0, 1, 36]


def test_what_is_owed_is_so_much_less_held() -> None:
    borrow = "when data runs out: borrow 1 GB from the next cycle"
    less, more = plan(20, "carry 1 month", ALLOWANCE_FIRST, borrow), plan(20, "carry 2 months", ALLOWANCE_FIRST, borrow)
    [found] = dominance.never_worse(side(less), side(more), START)
    assert (found.verdict, found.how) == (Verdict.PROVED, How.RELATIONS)


def test_what_no_relation_shows_an_invariant_of_spacer_does() -> None:
    half = plan(20, "carry 2 months, cap 30 GB, oldest goes first", ALLOWANCE_FIRST)
    [found] = dominance.never_worse(side(plan(10, "carry 2 months")), side(half), START)
    assert (found.verdict, found.how) == (Verdict.PROVED, How.SPACER)


def test_a_long_history_is_found_where_somebody_saves_for_long() -> None:
    """Ten GB, of which six months are kept, are more than thirty after months without use, and at no other time."""
    saved, large = plan(10, "carry 6 months, cap 50 GB"), plan(30, "carry 50% of it 2 months, cap 15 GB")
    [found] = dominance.never_worse(side(saved), side(large), START)
    assert [used["data"] // GB for used in found.history] == [0, 0, 0, 0, 46]
    assert found.gap == 46 * GB - 45 * GB == gap(saved, large, [0, 0, 0, 0, 46 * GB])
    assert (found.looked, found.is_shortest) == (4, True)


def test_minutes_are_made_of_what_is_never_used_and_that_takes_as_long_as_it_lives() -> None:
    made = "rate 1 GB = 30 minutes\n" + plan(20, "carry 4 months, convert the rest to minutes", ALLOWANCE_FIRST)
    used_up = "rate 1 GB = 30 minutes\n" + plan(20, "carry 4 months, convert the rest to minutes")
    data, voice = dominance.never_worse(side(made), side(used_up), START)
    assert data.verdict is Verdict.PROVED
    assert [(used["data"] // GB, used["voice"] // 60) for used in voice.history] == [*[(0, 0)] * 4, (1, 0), (0, 571)]


def test_a_plan_and_itself_are_equivalent() -> None:
    found = beside(A, A)
    assert (found.second.verdict, found.first.verdict) == (Verdict.PROVED, Verdict.PROVED)
    assert found.second.how is How.ONE
    assert beside(A, plan(20, "carry 1 month, cap 11 GB")).second.how is How.RELATIONS


# ---- what is not looked at


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("cycle: calendar month", "their cycles begin and end at other times"),
        ("data counts in steps of 1 MB", "a use does not count the same under both"),
        ("share with up to 4 lines", "what several lines share is not looked at"),
        ("grant 5 GB data for 10 days", "in cycle 1 it matters on which day something is used"),
        ("unused data if used at least 5 GB: carry 9 months", "it depends on an amount (line 3)"),
    ],
)
def test_what_is_not_looked_at_is_never_proved(more: str, why: str) -> None:
    found = beside(B, plan(99, "", "", more))
    assert [(one.verdict, one.why) for one in (found.second, found.first)] == [(Verdict.UNKNOWN, why)] * 2
    assert found.second_behind is found.first_behind is None


@pytest.mark.parametrize("more", ["every month grant 5 GB data only at night", "when data runs out, if abroad: block"])
def test_where_it_matters_what_use_is_for_a_history_tells_and_nothing_is_proved(more: str) -> None:
    """A history of use of which nothing is said is one of all that there may be."""
    found = beside(B, plan(99, "", "", more))
    assert (found.first.verdict, found.first.history) == (Verdict.REFUTED, ({"data": 23 * GB},))
    assert (found.second.verdict, found.second.why) == (Verdict.UNKNOWN, "what it is used for matters, and is not looked at")
    assert found.second_behind is found.first_behind is None


def test_use_that_counts_for_nothing_unless_it_is_of_a_kind_hides_what_is_worse() -> None:
    """At home nothing counts, so that no use of which nothing is said leaves anything uncovered; 10 GB abroad do."""
    more, less = (plan(grant, "", "", "at home counts 0") for grant in (10, 5))
    found = beside(more, less)
    assert {found.second.verdict, found.first.verdict} == {Verdict.UNKNOWN}


def test_how_far_one_falls_behind_is_not_told_where_more_counts_than_is_used() -> None:
    found = beside(*(plan(grant, "", "", "abroad counts 2") for grant in (10, 5)))
    assert (found.second.verdict, found.first.verdict) == (Verdict.REFUTED, Verdict.PROVED)
    assert found.second_behind is None


def test_what_is_assumed_of_use_is_not_assumed_of_what_counts_of_it() -> None:
    counts = "abroad counts 2"
    less = f'plan "Less" postpaid\n  every month grant 5 GB data\n  {counts}\n  assume data usage at most 5 GB a cycle\n'
    checked = sound(plan(10, "", "", counts) + less + '  ensure "Less" is never worse than "P"\n')
    small = checked.plans[1]
    others = {one.name: one for one in checked.plans}
    assert dominance.claimed(small, small.claims[0], START, others).verdict is Verdict.UNKNOWN  # type: ignore[arg-type]


def test_where_cycles_differ_a_history_is_found_and_nothing_is_proved() -> None:
    always, later = plan(20, "carry 1 month"), plan(20, "", "", "from 2026-03-01 unused data: carry 1 month")
    found = beside(always, later)
    assert (found.second.verdict, found.first.verdict) == (Verdict.REFUTED, Verdict.UNKNOWN)
    assert found.second.gap == gap(always, later, [0, 21 * GB])


def test_what_is_looked_at_ends_where_it_matters_on_which_day_something_is_used() -> None:
    """In the second cycle it does, of which nobody who asks for one says anything."""
    found = beside(plan(20, "carry 1 month"), plan(99, "carry 1 month", CARRIED_FIRST, "grant 5 GB data for 40 days"), cycles=1)
    assert (found.second.verdict, found.second.looked) == (Verdict.UNKNOWN, 1)


def test_what_can_not_be_traced_on_the_way_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise NotTracedError("more than 400 lots come to be held")

    monkeypatch.setattr(Pair, "first_cycles", refused)
    [found] = dominance.never_worse(side(A), side(B), START)
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, "more than 400 lots come to be held")


def test_promotions_are_left_out() -> None:
    promoted = 'promotion "More" for "P"\n  from 2026-01-01 until 2027-01-01\n  grant 50 GB bonus data for 300 days\n'
    assert beside(A, B + promoted).second.verdict is Verdict.REFUTED


def test_what_voice_becomes_matters_too() -> None:
    never = plan(5, "", "", "every month grant 100 minutes")
    made = "rate 10 minutes = 1 GB\n" + never + "  unused minutes: convert to data\n"
    data, _ = compare(side(never), side(made), START)
    assert data.second.verdict is Verdict.PROVED
    assert data.first.verdict is Verdict.REFUTED
    assert data.first_behind is None  # more than one service is used, and what is made is divided


def test_what_a_plan_assumes_bounds_the_use() -> None:
    less = 'plan "Less" postpaid\n  every month grant 20 GB data\n  {}ensure "Less" is never worse than "P"\n'
    for assumed, verdict in (("", Verdict.REFUTED), ("assume usage at most 20 GB a cycle\n  ", Verdict.PROVED)):
        checked = sound(B + less.format(assumed))
        small = checked.plans[1]
        others = {one.name: one for one in checked.plans}
        assert dominance.claimed(small, small.claims[0], START, others).verdict is verdict  # type: ignore[arg-type]


# ---- against every history

GRANTS, MOST, CYCLES = st.integers(1, 3), 4, 3
RULES = st.sampled_from([
    "", "carry 1 month", "carry 2 months", "carry 1 month, cap 1 GB", "carry 2 months, cap 2 GB, oldest goes first",
    "carry 2 months, cap 3 GB, newest goes first",
    "carry 1 month each time", "carry 1 month, cap 4 GB with allowance",
])  # fmt: skip
MORE = st.sampled_from([
    "", "when data runs out: sell 1 GB at 5 EUR up to 2 GB a cycle, then block",
    "when data runs out: borrow 1 GB from the next cycle",
])  # fmt: skip
PLANS = st.builds(plan, GRANTS, RULES, st.sampled_from([CARRIED_FIRST, ALLOWANCE_FIRST]), MORE)


@examples(15)
@given(PLANS, PLANS, st.randoms())
def test_no_history_contradicts_what_is_told(first: str, second: str, draw: random.Random) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "_EFFORT", 2_000_000)
        found = beside(first, second, MOST * GB, CYCLES)
    every = list(product(range(0, (MOST + 1) * GB, GB), repeat=CYCLES))
    tried = draw.sample(every, 20) + [tuple(draw.randint(0, MOST * GB) for _ in range(CYCLES)) for _ in range(5)]
    gaps = [gap(first, second, used) for used in tried]
    for way, behind, worse in ((found.second, found.second_behind, max(gaps)), (found.first, found.first_behind, -min(gaps))):
        assert way.verdict is not Verdict.PROVED or worse <= 0
        assert way.verdict is not Verdict.REFUTED or way.gap > 0
        if behind:
            assert behind.gap >= worse or not behind.is_most
            assert behind.gap >= max(one if way is found.second else -one for one in gaps[:20])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (plan(2, "carry 1 month, cap 1 GB"), plan(3)),
        (plan(2, "carry 2 months, cap 2 GB", ALLOWANCE_FIRST), plan(2, "carry 2 months, cap 2 GB")),
        (plan(2, "carry 1 month"), plan(1, "carry 2 months")),
    ],
)
def test_the_largest_gap_is_that_of_all_histories(first: str, second: str) -> None:
    found = beside(first, second, MOST * GB, CYCLES)
    gaps = [gap(first, second, used) for used in product(range(0, (MOST + 1) * GB, GB), repeat=CYCLES)]
    assert found.second_behind
    assert found.first_behind
    assert (found.second_behind.gap, found.first_behind.gap) == (max(0, *gaps), max(0, *(-one for one in gaps)))


def test_a_bound_too_low_is_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the lattice had missed the worst history."""
    found, wanted = worst._highest, relations.NEVER_WORSE

    def too_low(*told: Any) -> dict[Any, int]:
        return {one: most - (one == wanted and most > 0) for one, most in found(*told).items()}

    monkeypatch.setattr(worst, "_highest", too_low)
    missed = beside(A, B).second_behind
    assert missed is not None
    assert not missed.is_most


# ---- the command

TWO = f"""\
plan "A" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: {CAPPED}

plan "B" postpaid
  every month grant 22 GB data

plan "A first" like "A"
  use allowance, then carried data
"""


def test_the_command_tells_both_ways_and_the_worst_of_a_year(tmp_path: Path) -> None:
    path = tmp_path / "two.plan"
    path.write_text(TWO)
    kept = tmp_path / "worse.scenario.yaml"
    done = rollover("diff", str(path), "--plan", "A", "--with", "B", "--prove", "--usage-at-most", "60 GB", "--save", str(kept))
    assert done.exit_code == 1
    assert 'data: neither is always better: "B" can be worse than "A", and better' in done.output
    assert 'REFUTED  "B" leaves 1 GB more uncovered, on --use "0 GB, 23 GB"' in done.output
    assert '"B" falls behind by 48 GB at the most' in done.output
    assert '"A" falls behind by 24 GB at the most' in done.output
    shown = rollover("diff", str(path), "--with", "B", "--scenario", str(kept))
    assert "data overage   0 GB   1 GB   +1 GB" in shown.output


def test_the_command_passes_what_is_never_worse(tmp_path: Path) -> None:
    path = tmp_path / "two.plan"
    path.write_text(TWO)
    done = rollover("diff", str(path), "--plan", "A first", "--with", "A", "--prove", "--format", "json")
    assert done.exit_code == 0
    [data] = json.loads(done.stdout)["services"]
    assert data["verdict"] == '"A" is never worse than "A first"'
    assert [data[which]["verdict"] for which in ("second_never_worse", "first_never_worse")] == ["PROVED", "REFUTED"]
    assert data["worst"]["second_behind"]["gap"] == 0


LONG = """plan "A rather long name of a plan" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 3 months, cap 40 GB

plan "Another rather long name" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 2 months, cap 30 GB
  ensure data never above 50 GB
"""


@pytest.mark.parametrize(("columns", "most"), [("", 100), ("60", 60), ("160", 160)])
@pytest.mark.parametrize(
    "command",
    [("diff", "a.plan", "--plan", "A rather long name of a plan", "--with", "Another rather long name", "--prove"),
     ("prove", "a.plan", "--trusted")],
)  # fmt: skip
def test_lines_are_as_long_as_the_terminal_is_wide(
    command: tuple[str, ...], columns: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.plan").write_text(LONG)
    monkeypatch.setenv("COLUMNS", "1000")
    wide = rollover(*command).stdout
    monkeypatch.setenv("COLUMNS", columns)
    told = rollover(*command).stdout
    assert told.split() == wide.split()
    lengths = [len(line) for line in told.splitlines() if not line.startswith("a.plan:")]
    assert most - 20 < max(lengths) <= most


def test_two_files_are_told_apart_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    old, new = Path("old.plan"), Path("new.plan")
    old.write_text(A)
    new.write_text(plan(22, CAPPED))
    done = rollover("diff", str(old), str(new), "--prove")
    assert done.exit_code == 0
    assert f'data: "P" of {new} is never worse than "P" of {old}' in done.output
    assert rollover("diff", str(new), str(old), "--prove").exit_code == 1


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--prove",), 'name two plans: --plan "A" --with "B", or a second file'),
        (("--with", "B", "--prove", "--use", "6GB"), "--prove is about every history"),
        (("--with", "B", "--save", "b.scenario.yaml"), "say more about --prove: give that, too"),
        (("--with", "B", "--prove", "--usage-at-most", "6GB, 7GB"), "--usage-at-most is about any one cycle"),
        (("--with", "B", "--prove", "--usage-at-most", "much"), "`much` should be an amount"),
    ],
)
def test_what_can_not_be_asked_is_told(args: tuple[str, ...], told: str, tmp_path: Path) -> None:
    path = tmp_path / "two.plan"
    path.write_text(TWO)
    done = rollover("diff", str(path), *args)
    assert done.exit_code == 2
    assert told in done.output


def test_without_the_extra_the_command_says_what_is_lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "two.plan"
    path.write_text(TWO)
    monkeypatch.setattr(solver, "is_there", lambda: False)
    done = rollover("diff", str(path), "--with", "B", "--prove")
    assert done.exit_code == 2
    assert "pip install 'rollover[prove]'" in done.output


def test_a_claim_is_proved_or_refuted_with_a_history_that_breaks_it(tmp_path: Path) -> None:
    path = tmp_path / "two.plan"
    claims = '  ensure "A first" is never worse than "A"\n  ensure "A" is never worse than "A first"\n'
    path.write_text(TWO + claims)
    kept = tmp_path / "two.scenario.yaml"
    done = rollover("prove", str(path), "--save", str(kept))
    assert done.exit_code == 1
    assert ':11: REFUTED  ensure "A first" is never worse than "A"' in done.output
    assert '"A first" has left 1 GB more uncovered than "A" by 2026-04-01' in done.output
    assert ':12: PROVED  ensure "A" is never worse than "A first"' in done.output
    assert rollover("test", str(path)).exit_code == 1
