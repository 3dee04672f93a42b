"""Headers, settings of a file, `like`, packs, promotions, examples, comments and the case of words: what each means."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from reading import GB, MB, anywhere, plan_of, sound

from dsl.pieces import GRANTED
from dsl.plan import Extend, Grant, Kind, Lasts, LotClass, Period, Plan
from dsl.scenario import Buy, Cause, CycleSteps, Expectation, Figure, Use
from dsl.source import NOWHERE

A = 'plan "A" prepaid\n  grant 1 GB\n'


# ---- headers and settings ----


def test_a_plan_is_prepaid_or_postpaid() -> None:
    assert plan_of('plan "A" prepaid\n  grant 1 GB\n').kind is Kind.PREPAID
    assert plan_of('plan "A" postpaid\n  grant 1 GB\n').kind is Kind.POSTPAID


@pytest.mark.parametrize(("line", "months"), [("contract 24 months", 24), ("contract 1 month", 1), ("contract 2 years", 24)])
def test_contracts(line: str, months: int) -> None:
    assert plan_of(f"{A}  {line}\n").contract_months == months
    assert plan_of(A).contract_months == 0


UNITS = {
    "": 1000, "units: 1 GB = 1000 MB\n": 1000, "units: 1 GB = 1024 MB\n": 1024, "units 1 TB = 1024 GB\n": 1024,
    "units: 1 KB = 1024 B\n": 1024,
}  # fmt: skip


@pytest.mark.parametrize(("line", "step"), UNITS.items(), ids=UNITS.keys())
def test_one_step_of_units_holds_for_the_whole_ladder(line: str, step: int) -> None:
    grants = plan_of(line + 'plan "A" prepaid\n  grant 1 TB, 1 GB, 1 MB, 1 KB, 1 B\n').grants
    assert [grant.amount for grant in grants] == [step**4, step**3, step**2, step, 1]


@pytest.mark.parametrize("line", ["timezone Asia/Manila", "timezone: Asia/Manila", "TIMEZONE Asia/Manila"])
def test_timezone(line: str) -> None:
    assert plan_of(f"{line}\n{A}").zone == "Asia/Manila"
    assert plan_of(A).zone == "UTC"
    assert plan_of(f"timezone utc\n{A}").zone == "UTC"


def test_a_rate_of_the_plan_comes_before_that_of_the_file() -> None:
    plans = 'plan "A" prepaid\n  grant 1 GB\n  convert to minutes\n{}plan "B" prepaid\n  grant 1 GB\n  convert to minutes\n'
    text = "rate 1 GB = 30 minutes\n" + plans.format("  rate 1 GB = 60 minutes\n")
    made = {plan.name: anywhere(plan.rules[0].clauses[0]).to_amount for plan in sound(text).plans}
    assert made == {"A": 3600, "B": 1800}


def test_a_rate_goes_one_way() -> None:
    text = 'rate 1 GB = 30 minutes\nrate 1 minute = 10 MB\nplan "A" prepaid\n  grant 1 minute\n  convert to data\n'
    clause = anywhere(plan_of(text).rules[0].clauses[0])
    assert (clause.from_amount, clause.to_amount) == (60, 10 * MB)


# ---- layout ----


def test_indentation_comments_blank_lines_and_case_are_layout() -> None:
    plain = plan_of('plan "Flex" prepaid\n  grant 10 GB\n  use carried data first\n  unused data: carry 1 month, cap 10 GB\n')
    other = plan_of(
        '# a note\n\n\tPLAN "Flex" Prepaid # another, with "quotes" and carry\n\n'
        "grant 10gb\n\n#\n     Use CARRIED Data first\nUnused DATA :  Carry 1 MONTHS ,CAP 10 Gb   # the end"
    )
    assert anywhere(other) == anywhere(plain)


def test_names_may_hold_anything_but_a_quote() -> None:
    name = "a: b, then # c 漢字 😀"
    assert sound(f'plan "{name}" prepaid\n  grant 1 GB\n').plans[0].name == name


# ---- like ----

PARENT = """\
rate 1 GB = 30 minutes
plan "Flex 20" postpaid
  contract 24 months
  cycle: calendar month
  grant 20 GB data, 300 minutes
  use carried data first
  unused data: carry 1 month, cap 1x plan
  unused minutes: expire
  when data runs out: block
  ensure data never above 40 GB
  example "e"
    use 1 GB -> left 19 GB
"""


def like(lines: str) -> Plan:
    return plan_of(f'{PARENT}plan "Child" like "Flex 20"\n{lines}', "Child")


def test_a_plan_like_another_is_the_other_but_for_examples_and_claims() -> None:
    checked = sound(PARENT + 'plan "Child" like "Flex 20"\n')
    parent, child = checked.plans
    assert (child.kind, child.cycle, child.contract_months) == (parent.kind, parent.cycle, parent.contract_months)
    assert (child.grants, child.orders, child.rules, child.runs_out) == (
        parent.grants, parent.orders, parent.rules, parent.runs_out,
    )  # fmt: skip
    assert child.claims == ()
    assert [scenario.plan for scenario in checked.scenarios] == ["Flex 20"]


def test_a_grant_replaces_the_grant_of_its_service_only() -> None:
    child = like("  grant 40 GB data\n")
    assert [(grant.service, grant.amount) for grant in child.grants] == [("data", 40 * GB), ("voice", 18_000)]


def test_what_counts_in_plans_counts_in_the_new_plan() -> None:
    child = like("  grant 40 GB data\n")
    assert anywhere(child.rules[0].clauses[1]).amount == 40 * GB


def test_a_line_replaces_the_line_of_its_hand_and_keeps_its_place() -> None:
    child = like("  unused data: expire\n")
    assert [(line.service, len(line.clauses)) for line in child.rules] == [("data", 1), ("voice", 1)]


@pytest.mark.parametrize(
    "line", ["cycle: 30 days", "contract 12 months", "when data runs out: slow to 64 kbps", "use allowance data first"]
)
def test_a_statement_replaces_the_one_of_its_kind(line: str) -> None:
    parent, child = sound(
        PARENT.replace("1x plan", "20 GB").replace("1 month", "1 cycle") + f'plan "C" like "Flex 20"\n  {line}\n'
    ).plans
    changed = [
        name for name in ("kind", "cycle", "contract_months", "grants", "orders", "rules", "runs_out")
        if getattr(parent, name) != getattr(child, name)
    ]  # fmt: skip
    assert len(changed) == 1


def test_like_may_be_chained_and_may_say_prepaid() -> None:
    text = PARENT + 'plan "B" like "Flex 20" prepaid\n  grant 5 GB\nplan "C" like "B"\n  contract 1 month\n'
    child = plan_of(text, "C")
    assert (child.kind, child.contract_months, child.grants[0].amount) == (Kind.PREPAID, 1, 5 * GB)


# ---- packs and promotions ----


def test_a_pack_is_sold_by_every_plan_of_the_file() -> None:
    checked = sound(PARENT + 'plan "B" prepaid\n  grant 1 GB\npack "Travel 7"\n  grant 3 GB data for 7 days from first use\n')
    for plan in checked.plans:
        (pack,) = plan.packs
        lasts = Lasts(7, Period.DAY)
        assert anywhere(pack.grants) == (Grant("data", 3 * GB, LotClass.ADD_ON, lasts, True, False, NOWHERE),)


def test_a_pack_may_come_every_month_and_have_lines_of_its_own() -> None:
    (pack,) = plan_of(A + 'pack "More"\n  every month grant 3 GB\n  unused data: carry 1 month, cap 2x plan\n').packs
    assert pack.grants[0].each_cycle
    assert (pack.rules[0].pack, pack.rules[0].classes) == ("More", GRANTED), "whatever class it grants them with"
    assert anywhere(pack.rules[0].clauses[1]).amount == 6 * GB, "of what the pack grants"


PROMOTION = """\
plan "A" prepaid
  grant 1 GB
plan "B" prepaid
  grant 1 GB
plan "C" prepaid
  grant 1 GB
promotion "National week" for "A", "B"
  from 2026-10-01 {until}
  grant 5 GB bonus data for 30 days
  when it starts, carried data: extend 1 month
"""


@pytest.mark.parametrize("until", ["until 2026-10-09", "through 2026-10-08"])
def test_a_promotion_is_for_its_plans_in_its_window(until: str) -> None:
    plans = sound(PROMOTION.format(until=until)).plans
    assert [len(plan.promotions) for plan in plans] == [1, 1, 0]
    found = plans[0].promotions[0]
    assert (found.start, found.end) == (date(2026, 10, 1), date(2026, 10, 9))
    assert found.grants[0].lot_class is LotClass.BONUS
    assert set(found.rules[0].classes) == {LotClass.CARRIED}
    assert anywhere(found.rules[0].clauses) == (Extend(Lasts(1, Period.MONTH), NOWHERE),)


# ---- examples ----

EXAMPLE = """\
plan "A" prepaid
  grant 10 GB, 100 minutes
  example "a trip"
    start 2026-03-31
    buy "Travel 7"
    use 6 GB, 30 minutes -> left 4 GB, carried 1.5 GB data, used 30 minutes
    use 0 GB
pack "Travel 7"
  grant 3 GB
"""


def test_an_example_is_a_history_a_cycle_a_line() -> None:
    (scenario,) = sound(EXAMPLE).scenarios
    assert (scenario.name, scenario.plan, scenario.start) == ("a trip", "A", datetime(2026, 3, 31))
    first, second = anywhere(scenario.cycles)
    assert first == CycleSteps(
        (Buy("Travel 7"), Use("data", 6 * GB), Use("voice", 1800)),
        (
            Expectation(Figure.LEFT, "data", 4 * GB, NOWHERE),
            Expectation(Figure.CARRIED, "data", 1500 * MB, NOWHERE),
            Expectation(Figure.USED, "voice", 1800, NOWHERE),
        ),
    )
    assert second == CycleSteps((Use("data", 0),), ())


REASONS: dict[str, tuple[Cause | None, str, str]] = {
    "because carry": (Cause.CARRY, "", ""),
    "because the end": (Cause.END, "", ""),
    "because Top Up": (Cause.TOP_UP, "", ""),
    'because "grant  10 gb"': (None, "", "grant  10 gb"),
    'because pack "Travel 7"': (None, "pack", "Travel 7"),
    'because promotion "Week"': (None, "promotion", "Week"),
}


@pytest.mark.parametrize(("said", "meaning"), REASONS.items(), ids=REASONS)
def test_what_is_expected_may_say_why(said: str, meaning: tuple[Cause | None, str, str]) -> None:
    week = 'promotion "Week" for "A"\n  from 2026-10-01 until 2026-10-08\n  grant 1 GB\n'
    text = EXAMPLE.replace("left 4 GB, carried 1.5 GB data", f"left 4 GB {said}, carried 1.5 GB data {said}") + week
    expectations = sound(text).scenarios[0].cycles[0].expectations
    reasons = [one.because and (one.because.cause, one.because.kind, one.because.name) for one in expectations]
    assert reasons == [meaning, meaning, None]


@pytest.mark.parametrize("figure", list(Figure))
def test_every_figure_can_be_expected(figure: Figure) -> None:
    told, amount, until = (
        ("2026-03-01 15:00 EUR", 0, datetime(2026, 3, 1, 15)) if figure is Figure.ENDS else ("1 EUR", 100, None)
    )
    (scenario,) = sound(f'{A}  example "e"\n    use 0 GB -> {figure} {told}\n').scenarios
    assert anywhere(scenario.cycles[0].expectations) == (Expectation(figure, "EUR", amount, NOWHERE, until=until),)
