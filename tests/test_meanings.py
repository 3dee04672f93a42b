"""Readings that were wrong once: each a plan small enough to work out by hand, with what it must come to."""

from __future__ import annotations

from datetime import datetime

import pytest
from reading import GB, MINUTE, after, column, plan_of, sound

from dsl.check import check
from dsl.scenario import Buy, Dated, Use
from dsl.source import NOWHERE, Source
from engine.balance import balance
from engine.judge import broken

BANK = 'plan "A" prepaid\n  grant {}\n  use allowance, then carried\n'


def carried(text: str, *cycles: int) -> list[float]:
    return [amount / GB for amount in column(after(text, *cycles), "carried_out")]


def test_lines_of_one_hand_share_what_they_carried_whichever_condition_holds() -> None:
    first, second = "unused data, if used at least 1 GB: ", "unused data: "
    each = "carry 1 month each time, cap {} GB\n"
    text = f"{BANK.format('2 GB')}  {first}{each.format(10)}  {second}{each.format(5)}"
    assert carried(text, GB, 0, 0) == [1, 3, 5]
    assert carried(text, GB, 2 * GB, 2 * GB) == [1, 1, 1], "the first acts for both, so the second cuts nothing"


def test_what_one_line_carried_is_in_the_hand_of_the_other() -> None:
    text = "rate 1 GB = 30 minutes\n" + BANK.format("2 GB")
    text += "  unused data, if used at least 1 GB: carry 1 month, convert to minutes\n  unused data: convert to minutes\n"
    assert column(after(text, GB, 0), "converted_in", "voice") == [0, 90 * MINUTE]


def test_inflow_is_what_comes_in_not_what_is_carried_again() -> None:
    text = BANK.format("5 GB") + "  carry 1 cycle each time, cap 2 GB a cycle"
    assert carried(text + "\n", 0, 0, 0) == [2, 4, 6]
    assert carried(text + ", cap 5 GB\n", 0, 0, 0) == [2, 4, 5]


LIVES = ("grant 10 GB for 1 month\n  use carried, then allowance\n  carry 1 month", "grant 10 GB for 2 months\n  carry 1 month")


@pytest.mark.parametrize("rules", LIVES)
def test_months_from_a_boundary_go_on_along_the_boundaries(rules: str) -> None:
    """The 28th of February stands for the 31st, so a month from there ends on the 31st of March."""
    found = after(f'plan "A" prepaid\n  {rules}\n', 0, 0, 0, start=datetime(2026, 1, 31))
    assert {found.calendar.local(lot.end).day for lot in found.lots if lot.end <= found.calendar.boundary(4)} <= {28, 31, 30}
    assert all(lot.end in {found.calendar.boundary(number) for number in range(8)} for lot in found.lots)


CONVERSIONS = {
    "rate 1 GB = 30 minutes|convert to minutes in steps of 1 GB, cap 100 minutes": (3, 90),
    "rate 3 GB = 10 minutes|convert to minutes in steps of 1 GB": (5, 16),
    "rate 3 GB = 10 minutes|convert to minutes in steps of 1 GB, cap 12 minutes": (3, 10),
    "rate 1 GB = 30 minutes|convert to minutes in steps of 20 minutes, cap 70 minutes": (7 / 3, 70),
    "rate 1 GB = 30 minutes|convert to minutes, cap 20 minutes, cap 10 minutes": (1 / 3, 10),
}


@pytest.mark.parametrize("text", CONVERSIONS)
def test_whole_steps_are_taken_also_under_a_cap(text: str) -> None:
    rate, rule = text.split("|")
    found = after(f'{rate}\nplan "A" prepaid\n  grant 5 GB\n  {rule}\n', 0)
    taken, minutes = CONVERSIONS[text]
    assert column(found, "converted_out") == [pytest.approx(taken * GB, abs=1)]
    assert column(found, "converted_in", "voice") == [minutes * MINUTE]


def test_a_first_cycle_by_day_is_a_part_of_the_whole_cycle() -> None:
    text = 'plan "A" prepaid\n  cycle: every 3 months from the 15th, first one by day\n  grant 92 GB\n'
    assert column(after(text, 0, start=datetime(2026, 1, 20)), "granted") == [26 * GB]


def test_a_claim_does_not_count_what_has_just_ended() -> None:
    text = 'rate 1 GB = 30 minutes\nplan "A" prepaid\n  grant 20 GB, 300 minutes\n'
    text += "  unused data: convert to minutes, cap 200 minutes\n"
    assert broken(after(text + "  ensure minutes never above 500 minutes\n", 0, 0, 0)) == []
    (claim,) = broken(after(text + "  ensure minutes never above 499 minutes\n", 0, 0, 0))
    assert claim.got == 500 * MINUTE


def test_what_a_pack_carries_inside_a_cycle_stays_accumulated() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\npack "P"\n  grant 4 GB for 30 days\n  unused data: carry 30 days\n'
    found = after(text, 0, 0, dated=(Dated(datetime(2026, 1, 5), Buy("P"), NOWHERE),))
    assert [balance(found, "data", found.calendar.instant(datetime(2026, 2, day))).accumulated for day in (3, 4, 5)] == [
        4 * GB
    ] * 3


@pytest.mark.parametrize("line", ["unused data: carry 1 month", "carry 1 month", '"P" data: carry 1 month'])
def test_a_pack_takes_its_own_lots_whatever_class_it_grants_them_with(line: str) -> None:
    plan, pack = 'plan "A" prepaid\n  grant 1 GB\n', 'pack "P"\n  grant 4 GB bonus data\n'
    text = f"{plan}  {line}\n{pack}" if line.startswith('"') else f"{plan}{pack}  {line}\n"
    assert column(after(text, (Buy("P"),)), "carried_out") == [4 * GB]


def test_unused_data_of_a_promotion_is_the_allowance() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\npromotion "W" for "A"\n  from 2026-01-10 until 2026-01-20\n'
    found = after(text + "  when it starts, unused data: extend 1 cycle\n", 0, 0)
    assert column(found, "carried_out") == [1 * GB, 0]


# ---- plans made like others

LIKE = 'plan "A" prepaid\n  grant 10 GB\n{}\nplan "B" like "A"\n{}\n'


def test_a_hand_of_its_own_takes_its_lots_out_of_the_hands_of_the_other() -> None:
    text = LIKE.format(
        "  use allowance, then carried\n  unused data and add-on data: carry 1 month", "  unused data: carry 3 months, cap 2 GB"
    )
    plan = plan_of(text, "B")
    assert column(after(plan, 0, 0), "carried_out") == [2 * GB, 2 * GB]
    assert [sorted(line.classes) for line in plan.rules] == [["add-on"], ["allowance"]]


def test_services_are_the_same_by_any_word() -> None:
    text = LIKE.format("  when minutes runs out: block", "  when voice runs out: sell 1 minute at 1 EUR")
    found = after(plan_of(text, "B"), (Use("voice", 90),))
    assert found.statement.cycles[0].charged == {"EUR": 200}
    twice = 'plan "A" prepaid\n  grant 1 minute\n  when minutes runs out: block\n  when voice runs out: block\n'
    assert [one.code for one in check(Source("x", twice)).diagnostics] == ["R213"]


def test_clauses_without_a_hand_keep_their_meaning_where_more_is_granted() -> None:
    plan = plan_of(LIKE.format("  carry 1 month", "  grant 20 minutes"), "B")
    assert [line.service for line in plan.rules] == ["data"]


# ---- what is assumed


def assumed(text: str, *cycles: int, start: datetime = datetime(2026, 1, 1)) -> set[str]:
    return {one.topic for one in after(text, *cycles, start=start).statement.assumptions}


def test_the_words_offered_for_an_assumption_change_nothing() -> None:
    text = 'plan "A" prepaid\n  cycle: month from the 31st\n  grant 10 GB\n  carry 3 months, cap 30 GB\n'
    said = text.replace("from the 31st", "from the 31st, short month on its last day, first one whole")
    said = said.replace("carry 3 months, cap 30 GB", "carry 3 months from rolling, cap 30 GB on carried, newest goes first")
    said = f"units: 1 GB = 1000 MB\ntimezone UTC\n{said}  use soonest to end first\n  when data runs out: block\n"
    cycles = (0, 12 * GB, 0, 0, 31 * GB)
    plain, aloud = after(text, *cycles), after(said, *cycles)
    assert aloud.statement.assumptions == ()
    assert {one.topic for one in plain.statement.assumptions} == {
        "units", "timezone", "order", "short months", "the first cycle", "carried", "cap counts", "cap cuts", "runs out data",
    }  # fmt: skip
    assert column(plain, "carried_out") == column(aloud, "carried_out")


def test_only_what_mattered_is_told() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n'
    assert "order" not in assumed(text, GB, GB)
    assert "short months" not in assumed(text, GB)
    assert "short months" in assumed(text, GB, start=datetime(2026, 1, 29))
    assert "order" in assumed(text + "  carry 1 month\n", 0, GB)
    assert "the first cycle" not in assumed(text.replace("  grant", "  cycle: calendar month\n  grant"), GB)


# ---- said so that it is found

NOT_SAID_TWICE = {
    "use oldest first": [],
    "unused data: carry 1 month, cap 5 GB, oldest goes first, newest goes first": ["R213"],
    "cycle: calendar month, first one whole, first one by day": ["R213"],
    "units: 1 GB = 1024 MB": ["R202"],
    "grant 99999999999999999999 GB bonus": ["R104"],
    "grant 1.12345678901234567890 GB bonus": ["R103"],
    "convert to minuts, cap 200 minutes": ["R102"],
    "when data runs out: sell 1 GB at 5 GB up to 10 minutes": ["R109"],
    "unused data: convert to minutes for 7 days for 8 days": ["R213"],
    "grant 1 GB bonus carried data": ["R213"],
}


@pytest.mark.parametrize("line", NOT_SAID_TWICE)
def test_one_mistake_is_one_message_in_words_that_were_written(line: str) -> None:
    text = f'rate 1 GB = 30 minutes\nplan "A" prepaid\n  grant 10 GB\n  {line}\n'
    assert [one.code for one in check(Source("x", text)).diagnostics] == NOT_SAID_TWICE[line]


def test_a_line_that_cant_be_read_hides_no_other_mistake() -> None:
    text = 'plan "A" prepaid\n  grant ten GB\n  carry 1.5 months, cap 5 GX\n  unused data: cap 5 GB, carry 1 month\n'
    assert [one.code for one in check(Source("x", text)).diagnostics if one.span.line > 2] == ["R115", "R101", "R205"]


def test_a_cycle_may_be_said_by_its_day_alone() -> None:
    assert sound('plan "A" prepaid\n  cycle: from the 15th\n  grant 1 GB\n').plans[0].cycle == (
        sound('plan "A" prepaid\n  cycle: month from the 15th\n  grant 1 GB\n').plans[0].cycle
    )


# ---- packs and promotions


def test_a_pack_counts_its_own_allowance_with_its_cap() -> None:
    text = 'plan "A" prepaid\n  grant {} GB\npack "P"\n  every month grant 2 GB\n'
    text += "  unused data: carry 1 month, cap 3 GB with allowance\n"
    for granted in (1, 10):
        assert column(after(text.format(granted), (Buy("P"),), 0), "carried_out") == [1 * GB, 1 * GB]


def test_a_promotion_about_a_pack_leaves_other_packs_alone() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\npack "P"\n  grant 2 GB\npack "Q"\n  grant 4 GB\n'
    text += 'promotion "W" for "A"\n  from 2026-01-10 until 2026-01-20\n  when it starts, "P" data: extend 30 days\n'
    assert column(after(text, (Buy("P"), Buy("Q"))), "carried_out") == [2 * GB]


def test_what_is_multiplied_by_day_is_multiplied_by_day() -> None:
    text = 'plan "A" prepaid\n  cycle: calendar month, first one by day\n  grant 30 GB\n'
    text += 'promotion "D" for "A"\n  from 2026-06-01 until 2026-07-01\n  multiply the allowance by 2\n'
    assert column(after(text, 0, start=datetime(2026, 6, 16)), "received") == [15 * GB]


def test_a_missing_comma_does_not_say_the_item_before_it_twice() -> None:
    checked = check(Source("x", 'plan "A" prepaid\n  grant 1 GB, 2 minutes 3 sms\n'))
    assert [one.code for one in checked.diagnostics] == ["R008"]
    assert [(grant.service, grant.amount) for grant in checked.plans[0].grants] == [("data", GB), ("voice", 120), ("sms", 3)]


def test_a_cap_after_expire_still_cuts() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  carry 1 month, expire, cap 5 GB\n'
    assert sound(text).plans
    assert column(after(text, 0), "carried_out") == [5 * GB]


def test_a_free_block_has_no_limit_in_money() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\n  when data runs out: sell 1 GB at 0 EUR up to 5 EUR\n'
    assert [one.code for one in check(Source("x", text)).diagnostics] == ["R220"]


@pytest.mark.parametrize(("life", "end"), [("cycle", (2026, 3, 1)), ("month", (2026, 3, 1))])
def test_what_is_converted_to_the_end_of_the_next_month_ends_with_it(life: str, end: tuple[int, int, int]) -> None:
    text = f'rate 1 GB = 30 minutes\nplan "A" prepaid\n  grant 1 GB\n  convert to minutes to the end of the next {life}\n'
    found = after(text, 0)
    (made,) = [lot for lot in found.lots if lot.service == "voice"]
    assert found.calendar.local(made.end) == datetime(*end)
