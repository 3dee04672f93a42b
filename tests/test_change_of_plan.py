"""Changes of plan: when, what of the allowance and the price, and what becomes of the lots. And leaving.

S grants 10 GB for 10 EUR and M 20 GB for 20 EUR, each for 30 days from the 1st of January 2026: on the 11th, 20 days are left.
"""

from __future__ import annotations

import pytest
from reading import GB, column, come_out, sound

from engine.run import Run, run

FILE = """group "Sizes": "S", "M", "L"
plan "S" prepaid
  cycle: 30 days
  price 10 EUR a cycle
  grant 10 GB
{rules}
{example}
plan "M" like "S"
  price 20 EUR a cycle
  grant 20 GB
plan "L" like "S"
  price 40 EUR a cycle
  grant 40 GB
plan "Short" prepaid
  cycle: 7 days
  price 4 EUR a cycle
  grant 3 GB
"""


def text_of(rules: str, steps: str) -> str:
    lines = "\n".join(f"  {line.strip()}" for line in rules.splitlines() if line.strip())
    done = "\n".join(f"    {line.strip()}" for line in steps.splitlines() if line.strip())
    return FILE.format(rules=lines, example=f'  example "e"\n{done}')


def ran(text: str) -> Run:
    checked = sound(text)
    return run(checked.plans[0], checked.scenarios[0], checked.plans)


CHANGES = {
    "with the next cycle": (
        "",
        """
        on 2026-01-11 change to "M" -> left 10 GB, charged 10 EUR
        on 2026-01-30 -> left 10 GB
        on 2026-01-31 -> left 20 GB, charged 20 EUR
        """,
    ),
    "asked twice, the last counts": (
        "",
        """
        on 2026-01-11 change to "L"
        on 2026-01-12 change to "M"
        on 2026-01-31 -> left 20 GB, charged 20 EUR
        """,
    ),
    "changed back before the boundary, nothing has happened": (
        "unused data, if same plan: carry 1 cycle",
        """
        on 2026-01-11 change to "M"
        on 2026-01-12 change to "S"
        on 2026-01-31 -> left 20 GB, charged 10 EUR
        """,
    ),
    "now, with the whole allowance, at the whole price": (
        "change: new plan now",
        """
        on 2026-01-06 use 4 GB
        on 2026-01-11 change to "M" -> left 26 GB, charged 30 EUR
        on 2026-01-30 -> left 26 GB
        on 2026-01-31 -> left 20 GB, charged 20 EUR
        """,
    ),
    "now, by the day, rounded down": (
        "change: new plan now, allowance by day",
        """
        on 2026-01-11 18:30 change to "M" -> left 23.333333333 GB
        on 2026-01-12 change to "S" -> left 29.666666666 GB
        """,
    ),
    "now, by the second, rounded half up": (
        "change: new plan now, allowance by the second",
        """
        on 2026-01-30 12:00 change to "M" -> left 10.333333333 GB
        on 2026-01-30 18:00 change to "L" -> left 10.666666666 GB
        """,
    ),
    "now, and the clock starts again": (
        "change: new plan now, restart the clock",
        """
        on 2026-01-11 change to "M" -> left 20 GB, charged 20 EUR
        on 2026-02-09 23:00 -> left 20 GB
        on 2026-02-10 -> left 20 GB, charged 20 EUR
        """,
    ),
    "up now, down with the next cycle": (
        "change up: new plan now\n change down: new plan next cycle",
        """
        on 2026-01-11 change to "M" -> left 30 GB
        on 2026-01-12 change to "S" -> left 30 GB
        on 2026-01-31 -> left 10 GB, charged 10 EUR
        """,
    ),
    "what is said of one direction replaces what is said of both": (
        "change: new plan next cycle\n change up: new plan now",
        """
        on 2026-01-11 change to "M" -> left 30 GB
        on 2026-01-12 change to "S" -> left 30 GB
        """,
    ),
    "to the plan it is, nothing happens": (
        "change: new plan now, restart the clock\n when the plan changes, unused data: expire",
        """
        on 2026-01-11 change to "S" -> left 10 GB, charged 10 EUR
        on 2026-01-31 -> left 10 GB
        """,
    ),
    "cycles of another length start at once": (
        "change: new plan now",
        """
        on 2026-01-11 change to "Short" -> left 3 GB, charged 4 EUR
        on 2026-01-18 -> left 3 GB, charged 4 EUR
        on 2026-01-25 -> left 3 GB
        """,
    ),
    "or with the next cycle": (
        "",
        """
        on 2026-01-11 change to "Short"
        on 2026-01-31 -> left 3 GB
        on 2026-02-06 -> left 3 GB
        on 2026-02-07 -> left 3 GB, charged 4 EUR
        """,
    ),
    "at the very end of a cycle it is a change of what follows": (
        "change: new plan now",
        """
        on 2026-01-31 change to "M" -> left 20 GB, charged 20 EUR
        on 2026-03-02 -> left 20 GB, charged 20 EUR
        """,
    ),
    "asked at the very end, the next cycle is the one after": (
        "",
        """
        on 2026-01-31 change to "M" -> left 10 GB
        on 2026-03-02 -> left 20 GB
        """,
    ),
    "above a line of use it is at the start of that cycle": (
        "change: new plan now",
        """
        use 4 GB
        change to "M"
        use 0 GB -> available 20 GB, charged 20 EUR
        """,
    ),
    "in a grace it waits for the renewal": (
        "renewal late: grace 7 days\n change: new plan now",
        """
        on 2026-01-11 do not renew
        on 2026-02-01 change to "M" -> left 10 GB
        on 2026-02-02 renew -> left 20 GB, charged 20 EUR
        """,
    ),
    "and in a lapse": (
        "change: new plan now",
        """
        on 2026-01-11 do not renew
        on 2026-02-01 change to "M" -> left 0 GB
        on 2026-02-12 renew -> left 20 GB, charged 20 EUR
        """,
    ),
    "renewed in the grace with another plan": (
        "renewal late: grace 7 days\n unused data, if same or bigger: carry 1 cycle",
        """
        on 2026-01-11 do not renew
        on 2026-02-02 renew with "M" -> left 30 GB, charged 20 EUR
        on 2026-02-11 do not renew
        on 2026-03-07 renew with "S" -> left 10 GB
        """,
    ),
    "renewed early with another plan, it starts now": (
        "unused data, if same plan: carry 1 cycle",
        """
        on 2026-01-11 renew with "M" -> left 20 GB, charged 20 EUR
        on 2026-02-10 -> left 40 GB
        """,
    ),
    "what was carried keeps the end it had": (
        "change: new plan now, restart the clock\n unused data: carry 3 cycles\n use carried first",
        """
        use 4 GB
        on 2026-02-05 change to "M" -> left 36 GB, left 16 GB carried
        on 2026-04-30 -> left 56 GB carried
        on 2026-05-01 -> left 50 GB carried
        """,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes(name: str) -> None:
    come_out(text_of(*CHANGES[name]))


RULES = {
    "a smaller plan keeps of what was carried what the plan is": (
        "use carried first\n unused data: carry 1 cycle each time\n"
        "when the plan changes to a smaller plan, carried data: keep, cap 1x new plan",
        """
        start 2026-01-01 with carried 25 GB
        use 0 GB -> carried 35 GB
        on 2026-02-11 change to "Tiny"
        use 0 GB -> available 45 GB, carried 2 GB, expired 43 GB
        use 0 GB -> available 4 GB
        """,
    ),
    "all of it is lost at any change": (
        "unused data: carry 1 cycle\n when the plan changes, unused data and carried data: expire",
        """
        on 2026-01-11 change to "M"
        on 2026-01-31 -> left 20 GB, expired 0 GB
        """,
    ),
    "unless it stays in the group": (
        'unused data: carry 1 cycle\n when the plan changes outside group "Sizes", carried data: expire',
        """
        on 2026-01-11 change to "M"
        on 2026-01-31 -> left 30 GB
        on 2026-02-01 change to "Short"
        on 2026-03-02 -> left 3 GB
        """,
    ),
    "to one plan only": (
        'unused data: carry 1 cycle\n when the plan changes to "M", carried data: expire',
        """
        on 2026-01-11 change to "L"
        on 2026-01-31 -> left 50 GB
        """,
    ),
    "at most one size smaller": (
        "unused data, if at most 1 size smaller: carry 1 cycle",
        """
        on 2026-01-01 change to "L"
        on 2026-01-31 -> left 50 GB
        on 2026-02-01 change to "M"
        on 2026-03-02 -> left 60 GB
        on 2026-03-03 change to "Tiny"
        on 2026-04-01 -> left 2 GB
        """,
    ),
    "of the same group": (
        'unused data, if same group "Sizes": carry 1 cycle',
        """
        on 2026-01-01 change to "M"
        on 2026-01-31 -> left 30 GB
        on 2026-02-01 change to "Short"
        on 2026-03-02 -> left 3 GB
        """,
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_what_becomes_of_the_lots(name: str) -> None:
    tiny = 'plan "Tiny" like "S"\n  price 3 EUR a cycle\n  grant 2 GB\n'
    text = text_of(*RULES[name]).replace('"S", "M", "L"', '"Tiny", "S", "M", "L"')
    come_out(text + tiny)


def test_a_price_by_day_is_paid_for_the_days_of_each_plan_to_the_cent() -> None:
    """Both stubs: AT&T's card says a third of 100 USD is credited, and two thirds of a month are paid already."""
    come_out("""
plan "15 GB" postpaid
  cycle: 30 days
  price 100 USD a cycle, by day
  grant 15 GB
  change: new plan now
  example "on the 21st day"
    on 2026-01-10 use 14.75 GB
    on 2026-01-21 -> left 0.25 GB, charged 100 USD
    on 2026-01-21 00:01 change to "20 GB" -> left 20.25 GB, charged 113.33 USD
    on 2026-01-31 -> charged 140 USD
plan "20 GB" like "15 GB"
  price 140 USD a cycle, by day
  grant 20 GB
""")


def test_in_a_part_of_a_month_the_days_are_those_of_the_month() -> None:
    """From the 16th of June 15 of 30 days are paid; from the 24th on 7 of 30, of either plan."""
    come_out("""
plan "A" postpaid
  cycle: calendar month, first one by day
  price 9 EUR a month, by day
  grant 30 GB
  change: new plan now, allowance by day
  example "two stubs"
    start 2026-06-16
    on 2026-06-23 -> left 15 GB, charged 4.50 EUR
    on 2026-06-24 change to "B" -> left 29 GB, charged 6.60 EUR
    on 2026-07-01 -> charged 18 EUR, left 60 GB
plan "B" like "A"
  price 18 EUR a month, by day
  grant 60 GB
""")


def test_a_price_by_day_is_paid_back_where_the_line_leaves() -> None:
    for part, charged in (("by day", "3.34 EUR"), ("whole", "10 EUR")):
        come_out(f"""
plan "A" postpaid
  cycle: 30 days
  price 10 EUR a cycle, {part}
  grant 1 GB
  example "left after 10 days"
    on 2026-01-11 leave -> charged {charged}, left 0 GB
    on 2026-01-31 -> charged 0 EUR, left 0 GB
""")


def test_promotions_and_packs_of_a_plan_changed_to() -> None:
    """A promotion for both comes once; one for the new plan when the line comes to it inside the window."""
    text = text_of("change: new plan now", """
        buy "Again"
        use 0 GB -> received 3 GB
        on 2026-02-10 change to "M" -> left 41 GB, received 8 GB
        on 2026-03-02 -> left 30 GB, received 0 GB
    """)  # fmt: skip
    come_out(
        text
        + """
pack "Again"
  every cycle grant 2 GB
promotion "Both" for "S", "M"
  from 2026-01-01 until 2026-12-01
  grant 1 GB bonus data for 1000 hours
promotion "New" for "M"
  from 2026-02-01 until 2026-12-01
  grant 8 GB bonus data for 200 days
"""
    )


def test_a_cap_says_which_plan_it_means() -> None:
    """`1x plan` is the plan that was, `1x new plan` the one that follows."""
    for words, left in (("1x plan", 30), ("1x new plan", 40)):
        come_out(text_of(
            f"use allowance first\n unused data: carry 1 cycle each time\n"
                f"when the plan changes, carried data: keep, cap {words}",
            f"""
            start 2026-01-01 with carried 50 GB
            on 2026-01-11 change to "M"
            on 2026-01-31 -> left {left} GB
            """))  # fmt: skip


def test_statements_say_which_plan_a_cycle_was_on() -> None:
    found = ran(text_of("", 'change to "M"\nuse 1 GB\nuse 1 GB'))
    assert [cycle.plan for cycle in found.statement.cycles] == ["S", "M"]
    assert column(found, "granted") == [10 * GB, 20 * GB]


# ---- leaving, and the contract


ETF = """timezone Asia/Taipei
plan "Two years" postpaid
  contract 24 months
  leaving early: charge {fee}
  price 599 TWD a month
  grant 1 GB
  example "e"
    start {start}
    on {day} leave -> charged {charged} TWD
"""


@pytest.mark.parametrize(
    ("fee", "start", "day", "charged"),
    [
        # (6000 + 100 x 12) x 12/24 after one year; at the very end of a month nothing more of it is due.
        ("6000 TWD and 100 TWD for each month used", "2018-05-01", "2019-05-01", "3600"),
        # 12000 x 723/731 = 11868.67; the rest of the charge is the price of the month.
        ("12000 TWD, by day", "2018-05-01", "2018-05-09", "12467.67"),
        ("6 TWD for each month left", "2018-05-01", "2019-05-01", "72"),
        ("6 TWD for each month left", "2018-05-01", "2019-05-02", "671"),
        ("6 TWD for each month left", "2018-05-01", "2020-05-01", "0"),
        ("6 TWD for each month left", "2018-05-01", "2020-05-02", "599"),
    ],
)
def test_leaving_early(fee: str, start: str, day: str, charged: str) -> None:
    come_out(ETF.format(fee=fee, start=start, day=day, charged=charged))


def test_leaving_at_the_end_of_a_cycle_begins_no_other() -> None:
    come_out(text_of("renewal late: grace 7 days", """
        use 4 GB -> charged 10 EUR, expired 6 GB
        leave
        use 1 GB -> charged 0 EUR, granted 0 GB, overage 1 GB
    """))  # fmt: skip


def test_use_stops_where_the_line_leaves() -> None:
    come_out(text_of("", """
        use 9 GB -> expired 1 GB, overage 0 GB
        on 2026-01-10 leave
    """))  # fmt: skip


def test_nothing_comes_to_a_line_that_has_left() -> None:
    """What a rule gave a life behind the end can be used up."""
    come_out("""
plan "A" prepaid
  grant 10 GB
  when data runs out: sell 1 GB at 5 EUR up to 2 GB, then owe the rest
  when asked: borrow data from the next cycle
  when the line ends, bonus data: keep
  example "left in the middle of January"
    on 2026-01-10 add 1 GB bonus data for 90 days
    on 2026-01-16 leave -> left 1 GB
    on 2026-01-17 buy "P" -> left 1 GB, charged 0 EUR, refused 2 GB
    on 2026-01-18 top up 1 GB -> left 1 GB, refused 3 GB
    on 2026-01-19 add 1 GB -> left 1 GB, refused 4 GB
    on 2026-01-20 borrow 1 GB -> left 1 GB, refused 5 GB
    on 2026-01-26 use 3 GB -> left 0 GB, overage 2 GB, owed 0 GB, charged 0 EUR
    use 0 GB -> received 1 GB
pack "P"
  price 3 EUR
  grant 2 GB
promotion "Week" for "A"
  from 2026-01-25 until 2026-02-01
  grant 5 GB
""")


def test_a_contract_goes_on_through_a_change_within_it() -> None:
    come_out("""
plan "A" postpaid
  contract 12 months
  leaving early: charge 10 EUR for each month left
  grant 1 GB
  example "six months of twelve"
    start 2026-01-01
    on 2026-03-11 change to "B"
    on 2026-07-01 leave -> charged 60 EUR
plan "B" like "A"
  grant 2 GB
""")
