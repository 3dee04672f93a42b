"""Where the reading of a plan or a scenario could go wrong: limits, what is left unsaid, what one mistake hides."""

from __future__ import annotations

from itertools import pairwise

import pytest
from reading import MINUTE, plan_of, sound

from dsl import scenario_file, units
from dsl.check import check
from dsl.plan import Carry, Convert, Lasts, Period, Plan
from dsl.source import Source

PLAN = 'plan "A" prepaid\n  grant 10 GB\n'
RATE = "rate 1 GB = 30 minutes\n"


def codes(text: str) -> list[str]:
    return [one.code for one in check(Source("test.plan", text)).diagnostics]


def topics(text: str) -> set[str]:
    return {one.topic for one in plan_of(text).assumptions}


def carry(plan: Plan) -> Carry:
    """What the first line of a plan says first, which is that it carries."""
    clause = plan.rules[0].clauses[0]
    assert isinstance(clause, Carry)
    return clause


def conversion(plan: Plan) -> Convert:
    """What the first line of a plan says first, which is that it converts."""
    clause = plan.rules[0].clauses[0]
    assert isinstance(clause, Convert)
    return clause


# ---- amounts and lives


def test_a_part_of_the_plan_is_rounded_down() -> None:
    plan = plan_of(PLAN.replace("GB", "B") + "  carry 1 month, cap 33.3% of plan\n")
    assert plan.rules[0].clauses[1].amount == 3


@pytest.mark.parametrize(("years", "found"), [(100, []), (101, ["R114"])])
def test_nothing_is_carried_for_more_than_a_hundred_years(years: int, found: list[str]) -> None:
    assert codes(PLAN + f"  carry {years} years\n") == found


@pytest.mark.parametrize("end", ["the cycle", "the next cycle"])
def test_to_the_end_of_the_cycle_and_of_the_next_is_one_life_of_what_is_converted(end: str) -> None:
    plan = plan_of(RATE + PLAN + f"  unused data: convert to minutes to the end of {end}\n")
    assert conversion(plan).life == Lasts(1, Period.CYCLE)


@pytest.mark.parametrize(("cycle", "period"), [("", Period.CYCLE), ("  cycle: 30 days\n", Period.MONTH)])
def test_a_year_is_twelve_cycles_where_cycles_are_months(cycle: str, period: Period) -> None:
    assert carry(plan_of(PLAN + cycle + "  carry 1 year\n")).life == Lasts(12, period)


@pytest.mark.parametrize(
    ("grant", "period"), [("grant 1 GB for 10 days", Period.MONTH), ("every month grant 1 GB", Period.CYCLE)]
)
def test_a_month_in_a_pack_is_a_cycle_only_where_the_pack_grants_by_cycles(grant: str, period: Period) -> None:
    (pack,) = plan_of(PLAN + f'pack "P"\n  {grant}\n  carry 1 month\n').packs
    clause = pack.rules[0].clauses[0]
    assert isinstance(clause, Carry)
    assert clause.life == Lasts(1, period)


def test_a_cap_a_month_on_a_conversion_is_the_most_it_makes_at_a_boundary() -> None:
    plan = plan_of(RATE + PLAN + "  unused data: convert to minutes, cap 200 minutes a month\n")
    assert conversion(plan).ceiling == 200 * MINUTE


AMOUNTS = [
    ("voice", 61, "61 seconds", "1 min"),
    ("voice", 60, "1 minute", "1 min"),
    ("voice", 1, "1 second", "1 s"),
    ("voice", 59, "59 seconds", "59 s"),
    ("voice", 120, "2 minutes", "2 min"),
    ("voice", 0, "0 minutes", "0 min"),
    ("data", 0, "0 GB", "0 GB"),
    ("data", 1, "1 B", "1 B"),
    ("data", 10**12, "1 TB", "1 TB"),
    ("data", 1500 * 10**9, "1500 GB", "1500 GB"),
    ("data", 25 * 10**9 + 1, "25.000000001 GB", "25 GB"),  # and not a row of digits
    ("data", 9999, "9999 B", "10 KB"),
    ("data", 12_345 * 10**6, "12.345 GB", "12.35 GB"),
    ("JPY", 5, "5 JPY", "5 JPY"),
    ("KWD", 1, "0.001 KWD", "0.001 KWD"),
    ("EUR", -250, "-2.5 EUR", "-2.5 EUR"),
]


@pytest.mark.parametrize(("service", "amount", "exact", "shown"), AMOUNTS)
def test_an_amount_is_written_in_the_largest_unit_that_fits(service: str, amount: int, exact: str, shown: str) -> None:
    assert (units.exact(service, amount), units.show(service, amount)) == (exact, shown)
    number, unit = exact.removeprefix("-").split()
    size = units.unit(unit)
    assert size
    assert units.whole(number, size.size) == abs(amount), "it reads back as the same amount"


def test_an_amount_in_steps_of_1024_stays_whole() -> None:
    assert units.exact("data", 3 * 2**30 + 1, 1024) == "3221225473 B"


# ---- what is a mistake, and what is none because of another


@pytest.mark.parametrize(
    "lines",
    ["  carry 3 months from grant, carry 1 month\n", "  use allowance first\n  carry 1 month, carry 2 months each time\n"],
)
def test_a_second_carry_that_takes_what_the_first_leaves_is_no_mistake(lines: str) -> None:
    assert codes(PLAN + lines) == []


def test_an_amount_with_a_unit_of_another_service_is_not_granted() -> None:
    checked = check(Source("test.plan", 'plan "A" prepaid\n  grant 10 GB minutes\n'))
    assert [one.code for one in checked.diagnostics] == ["R109"]
    assert checked.plans[0].grants == ()


def test_every_month_stands_only_before_what_is_granted() -> None:
    assert codes(PLAN + "  every month carry 1 month\n") == ["R202"]


def test_a_service_is_not_said_to_be_missing_where_a_grant_could_not_be_read() -> None:
    assert codes('plan "A" prepaid\n  grant 10 GB, 5 gigs\n  unused minutes: expire\n') == ["R101"]


def test_a_rate_is_not_said_to_be_missing_where_one_could_not_be_read() -> None:
    assert codes("rate 1 GB = = minutes\n" + PLAN + "  convert to minutes\n") == ["R010"]


def test_a_pack_grants_every_month_only_where_cycles_are_months() -> None:
    assert codes(PLAN + '  cycle: 30 days\npack "P"\n  every month grant 1 GB\n') == ["R219"]


@pytest.mark.parametrize(("plans", "found"), [(19, []), (20, ["R234"])])
def test_no_more_than_twenty_plans_are_made_like_one_another(plans: int, found: list[str]) -> None:
    names = ["A", *(f"P{number}" for number in range(plans))]
    likes = "".join(f'plan "{name}" like "{other}"\n' for other, name in pairwise(names))
    assert codes(PLAN + likes) == found


def test_a_promotion_that_ends_as_it_starts_is_a_mistake() -> None:
    assert codes(PLAN + 'promotion "P" for "A"\n  from 2026-01-05 until 2026-01-05\n  grant 1 GB\n') == ["R216"]


@pytest.mark.parametrize(("year", "found"), [(1969, ["R111"] * 2), (1970, []), (2200, []), (2201, ["R111"] * 2)])
def test_a_date_is_of_the_years_1970_to_2200(year: int, found: list[str]) -> None:
    text = f'promotion "P" for "A"\n  from {year}-01-05 through {year}-01-05\n  grant 1 GB\n'
    assert codes(PLAN + text) == found


def test_a_line_full_of_mistakes_gets_five_messages_at_most() -> None:
    line = "  grant 1 GBx, carry x, cap y, carry z, cap x, carry y, cap z, carry x\n"
    assert codes(f'plan "A" prepaid\n{line}') == ["R010"] * 5


def test_an_item_that_lacks_a_comma_is_told_without_the_item_before_it() -> None:
    assert codes('plan "A" prepaid\n  grant 1 GB\n  unused data: carry 1 month, cap 5 GB oldest goes first\n') == ["R008"]


# ---- what is assumed


@pytest.mark.parametrize(("life", "told"), [("", True), (" for 7 days", False)])
def test_how_long_what_is_converted_lasts_is_assumed_where_any_conversion_leaves_it_unsaid(life: str, told: bool) -> None:
    line = f"  unused data: convert to minutes for 7 days, cap 10 minutes, convert to sms{life}\n"
    assert ("converted" in topics(RATE + "rate 1 GB = 10 sms\n" + PLAN + line)) is told


@pytest.mark.parametrize(("said", "told"), [("", True), (", newest goes first", False)])
def test_whom_a_cap_cuts_is_assumed_where_it_is_unsaid(said: str, told: bool) -> None:
    assert ("cap cuts" in topics(PLAN + f"  carry 3 months, cap 5 GB{said}\n")) is told


def test_what_a_gigabyte_is_is_assumed_where_the_file_leaves_it_unsaid() -> None:
    assert "units" in topics("# \n" + PLAN)
    assert "units" not in topics("units: 1 GB = 1000 MB\n" + PLAN), "the same plan, in the same place, and yet read again"


def test_nothing_is_assumed_about_gigabytes_or_cuts_where_there_are_none() -> None:
    assert not {"units", "cap cuts"} & topics('plan "A" prepaid\n  grant 10 minutes\n  carry 1 month, cap 5 minutes\n')


# ---- one plan among others in a file


def test_a_plan_is_read_again_where_the_rates_of_its_file_are_others() -> None:
    text = "rate 1 GB = {} minutes\n" + PLAN + "  convert to minutes\n"
    assert [conversion(plan_of(text.format(minutes))).to_amount for minutes in (30, 60)] == [30 * MINUTE, 60 * MINUTE]


def test_a_plan_is_read_again_where_the_packs_of_its_file_are_others() -> None:
    text = PLAN + '  use "P" first\nplan "B" prepaid\n  grant 1 GB\n'
    assert codes(text) == ["R107"]
    assert codes(text + 'pack "P"\n  grant 1 GB\n') == []


def test_the_plan_at_a_line_is_the_last_that_started_by_then() -> None:
    checked = sound(PLAN + 'plan "B" prepaid\n  grant 1 GB\n')
    found = [checked.plan_at(line) for line in (1, 2, 3, 4, 9)]
    assert [plan and plan.name for plan in found] == ["A", "A", "B", "B", "B"]


# ---- scenarios in YAML


def yaml_mistakes(text: str) -> list[tuple[str, str]]:
    _, diagnostics = scenario_file.read(Source("test.scenario.yaml", text), sound(PLAN))
    return [(one.code, one.message) for one in diagnostics]


def test_what_is_repeated_in_yaml_is_of_the_same_document() -> None:
    text = "cycles:\n  - &a {use: 1 GB}\n---\ncycles:\n  - *a\n"
    assert yaml_mistakes(text) == [("S001", "this is not YAML: `*a` repeats nothing")]


def test_yaml_is_read_only_to_a_depth_of_twenty() -> None:
    assert [code for code, _ in yaml_mistakes(f"cycles: {'[' * 19}{']' * 19}")] == ["S004"]
    assert yaml_mistakes(f"cycles: {'[' * 20}{']' * 20}") == [("S001", "this is not YAML: nested more than 20 deep")]


def test_of_a_text_with_too_many_lines_nothing_is_read() -> None:
    """Reading as many lines as it may have took half a minute, and every command refuses the file anyway."""
    found = check(Source("x.plan", 'plan "A" prepaid\n  grnt 1 GB\n' + "\n" * 50_000))
    assert [one.code for one in found.diagnostics] == ["R228"]
    assert found.plans == ()
