"""Renewals: early, on time, late, not at all; what becomes of the lots, the clock and the price.

Each plan below grants 10 GB for 30 days from the 1st of January 2026 unless it says otherwise: its first cycle ends on the
31st, the second on the 2nd of March.
"""

from __future__ import annotations

import pytest
from reading import come_out, sound

from dsl.check import check
from dsl.source import Source
from engine.history import HistoryError
from engine.run import run

PLAN = 'plan "A" prepaid\n  cycle: 30 days\n  price 10 EUR a cycle\n  grant 10 GB\n'


def text_of(rules: str, steps: str) -> str:
    lines = [line.strip() for line in rules.splitlines() if line.strip()]
    done = [line.strip() for line in steps.splitlines() if line.strip()]
    return PLAN + "".join(f"  {line}\n" for line in lines) + '  example "e"\n' + "".join(f"    {line}\n" for line in done)


# ---- early

EARLY = {
    "adds, until the end of the cycle that runs": (
        "",
        """
        on 2026-01-11 use 4 GB
        on 2026-01-21 renew -> left 16 GB, charged 20 EUR
        on 2026-01-30 -> left 16 GB
        on 2026-01-31 -> left 10 GB, charged 10 EUR
        """,
    ),
    "adds, said aloud, as often as asked": (
        "renewal early: adds",
        """
        on 2026-01-11 renew -> left 20 GB
        on 2026-01-11 12:00 renew -> left 30 GB, charged 30 EUR
        on 2026-01-31 -> left 10 GB
        """,
    ),
    "what was added carries as the rest does": (
        "unused data: carry 1 cycle, cap 15 GB",
        """
        on 2026-01-11 renew
        use 4 GB -> left 16 GB, carried 15 GB, expired 1 GB
        """,
    ),
    "the clock starts again, and what is left of the cycle is gone": (
        "renewal early: restart the clock",
        """
        on 2026-01-11 use 4 GB
        on 2026-01-21 renew -> left 10 GB, charged 10 EUR
        on 2026-01-31 -> left 10 GB, charged 10 EUR
        on 2026-02-19 23:59 -> left 10 GB
        on 2026-02-20 -> left 10 GB, charged 10 EUR
        """,
    ),
    "the clock starts again, and the close carries": (
        "renewal early: restart the clock\n  unused data: carry 1 cycle",
        """
        on 2026-01-11 use 4 GB
        on 2026-01-21 renew -> left 16 GB, left 6 GB carried
        on 2026-02-19 -> left 16 GB
        on 2026-02-20 -> left 20 GB, left 10 GB carried
        """,
    ),
    "what was carried keeps the end it had": (
        "renewal early: restart the clock\n  use allowance first\n  unused data: carry 1 cycle",
        """
        use 4 GB -> carried 6 GB
        on 2026-02-10 renew -> left 26 GB, left 16 GB carried
        on 2026-03-01 -> left 26 GB, left 16 GB carried
        on 2026-03-02 -> left 20 GB, left 10 GB carried
        on 2026-03-12 -> left 20 GB, left 10 GB carried
        """,
    ),
    "what was carried each time goes on": (
        "renewal early: restart the clock\n  unused data: carry 1 cycle each time, cap 12 GB",
        """
        on 2026-01-21 renew -> left 20 GB
        on 2026-02-01 renew -> left 22 GB, left 12 GB carried
        on 2026-03-02 -> left 22 GB, left 12 GB carried
        on 2026-03-03 -> left 22 GB, left 12 GB carried
        """,
    ),
    "the clock is stacked: 10 days left and 30 more": (
        "renewal early: stack the clock",
        """
        on 2026-01-11 use 4 GB
        on 2026-01-21 renew -> left 16 GB, charged 20 EUR
        on 2026-03-01 -> left 16 GB
        on 2026-03-02 -> left 10 GB, charged 10 EUR
        """,
    ),
    "stacked twice": (
        "renewal early: stack the clock",
        """
        on 2026-01-21 renew
        on 2026-01-22 renew -> left 30 GB
        on 2026-03-31 -> left 30 GB
        on 2026-04-01 -> left 10 GB
        """,
    ),
    "all of it is gone, whatever would carry": (
        "renewal early: expire\n  unused data: carry 1 cycle",
        """
        on 2026-01-11 use 4 GB
        on 2026-01-21 renew -> left 10 GB, expired 0 GB
        on 2026-02-20 -> left 20 GB, left 10 GB carried
        """,
    ),
    "a rule about it comes before the close": (
        "renewal early: restart the clock\n  unused data: carry 1 cycle\n"
        "  when renewed early, unused data: carry to the new end, cap 2 GB",
        """
        on 2026-01-21 renew -> left 12 GB, left 2 GB carried
        on 2026-02-19 -> left 12 GB
        on 2026-02-20 -> left 20 GB, left 10 GB carried
        """,
    ),
    "only a day before the end is early enough": (
        "renewal early: restart the clock\n  unused data, if renewed at least 24 hours before the end: carry 1 cycle",
        """
        on 2026-01-30 renew -> left 20 GB
        on 2026-02-28 00:01 renew -> left 20 GB, left 10 GB carried
        on 2026-03-01 -> left 10 GB
        """,
    ),
}


@pytest.mark.parametrize("name", EARLY)
def test_early(name: str) -> None:
    come_out(text_of(*EARLY[name]))


# ---- late, or not at all

LATE = {
    "nothing is left, and a new term starts when it is renewed": (
        "",
        """
        do not renew
        use 4 GB -> left 6 GB, expired 6 GB
        on 2026-02-05 -> left 0 GB, charged 0 EUR
        on 2026-02-10 renew -> left 10 GB, charged 10 EUR
        on 2026-03-11 23:59 -> left 10 GB
        on 2026-03-12 -> left 10 GB, charged 10 EUR
        """,
    ),
    "it stays so, term by term": (
        "",
        """
        do not renew
        use 4 GB
        use 1 GB -> granted 0 GB, overage 1 GB, charged 0 EUR
        use 1 GB -> granted 0 GB, overage 1 GB
        """,
    ),
    "in the grace it can be used on": (
        "renewal late: grace 7 days",
        """
        on 2026-01-11 do not renew
        on 2026-01-11 use 4 GB
        on 2026-02-06 23:59 use 1 GB -> left 5 GB, used 5 GB
        on 2026-02-07 -> left 0 GB
        """,
    ),
    "frozen in the grace": (
        "renewal late: grace 7 days, frozen\n  unused data: carry 1 cycle",
        """
        on 2026-01-11 do not renew
        on 2026-01-11 use 4 GB
        on 2026-01-31 use 1 GB -> left 0 GB, overage 1 GB
        on 2026-02-06 23:59 renew -> left 16 GB, left 6 GB carried
        on 2026-03-08 23:59 -> left 20 GB
        """,
    ),
    "at the very end of the grace is in time": (
        "renewal late: grace 7 days\n  unused data: carry 1 cycle",
        """
        on 2026-01-11 do not renew
        on 2026-02-07 renew -> left 20 GB
        """,
    ),
    "a second later it is not": (
        "renewal late: grace 7 days\n  unused data: carry 1 cycle",
        """
        on 2026-01-11 do not renew
        on 2026-02-07 00:01 renew -> left 10 GB, left 0 GB carried
        """,
    ),
    "what was carried once does not live through the grace and on": (
        "renewal late: grace 7 days\n  use allowance first\n  unused data: carry 1 cycle",
        """
        use 4 GB -> carried 6 GB
        do not renew
        use 0 GB -> left 16 GB, expired 6 GB
        on 2026-03-05 renew -> left 20 GB, left 10 GB carried
        """,
    ),
    "nothing carries where it was not on time": (
        "renewal late: grace 7 days\n  unused data, if renewed on time: carry 1 cycle",
        """
        on 2026-01-11 do not renew
        on 2026-02-01 renew -> left 10 GB
        on 2026-03-03 -> left 20 GB
        """,
    ),
    "within some days of the grace": (
        "renewal late: grace 7 days\n  unused data, if renewed within 3 days: carry 1 cycle",
        """
        on 2026-01-11 do not renew
        on 2026-02-03 renew -> left 20 GB
        on 2026-02-11 do not renew
        on 2026-03-09 renew -> left 10 GB
        """,
    ),
    "a rule about renewing late": (
        "renewal late: grace 7 days\n  unused data, if renewed on time: carry 1 cycle\n"
        "  when renewed late, unused data: carry to the new end, cap 2 GB",
        """
        on 2026-01-11 do not renew
        on 2026-02-03 renew -> left 12 GB
        on 2026-03-04 -> left 12 GB
        on 2026-03-05 -> left 20 GB
        """,
    ),
    "a rule about not renewing": (
        "when not renewed, unused data: carry 60 days, cap 3 GB",
        """
        on 2026-01-11 do not renew
        on 2026-01-31 -> left 3 GB carried
        on 2026-02-10 renew -> left 13 GB
        on 2026-03-31 -> left 13 GB
        on 2026-04-01 -> left 10 GB
        """,
    ),
    "it acts when the grace is over, once": (
        "renewal late: grace 7 days, frozen\n  when not renewed, unused data: carry 365 days, cap 3 GB",
        """
        on 2026-01-11 do not renew
        on 2026-02-06 -> left 0 GB
        on 2026-02-07 -> left 3 GB
        on 2026-06-07 -> left 3 GB
        """,
    ),
    "what has an end of its own outlives a lapse": (
        "",
        """
        on 2026-01-11 do not renew
        on 2026-01-12 top up 2 GB for 60 days
        on 2026-02-01 -> left 2 GB
        on 2026-02-10 renew -> left 12 GB
        on 2026-03-12 -> left 12 GB
        on 2026-03-13 -> left 10 GB
        """,
    ),
    "a day-long pack is not stretched by the grace": (
        "renewal late: grace 7 days",
        """
        on 2026-01-11 do not renew
        on 2026-01-24 top up 2 GB for 8 days
        on 2026-01-31 -> left 12 GB
        on 2026-02-01 -> left 10 GB
        """,
    ),
    "suspended and resumed in a frozen grace, it stays frozen": (
        "renewal late: grace 7 days, frozen",
        """
        on 2026-01-11 do not renew
        on 2026-02-01 suspend
        on 2026-02-02 resume -> left 0 GB
        """,
    ),
}


@pytest.mark.parametrize("name", LATE)
def test_late(name: str) -> None:
    come_out(text_of(*LATE[name]))


# ---- at the very end, and by hand

AT_THE_END = {
    "at the end is on time and by hand, and once": (
        "unused data, if renewed on time and renewed by hand: carry 1 cycle",
        """
        on 2026-01-31 renew -> left 20 GB, charged 10 EUR
        on 2026-03-02 -> left 10 GB
        """,
    ),
    "so it is where it was not to be renewed": (
        "renewal late: grace 7 days, frozen\n  unused data, if not renewed early: carry 1 cycle",
        """
        on 2026-01-11 do not renew
        on 2026-01-31 renew -> left 20 GB
        """,
    ),
    "above a line of use it is at the end of the cycle before": (
        "unused data, if renewed by hand: carry 1 cycle",
        """
        do not renew
        use 4 GB -> carried 6 GB
        renew
        use 3 GB -> available 16 GB, left 13 GB, carried 0 GB
        use 0 GB -> available 10 GB
        """,
    ),
    "the next cycle renews itself again": (
        "",
        """
        do not renew
        use 4 GB
        renew
        use 0 GB
        use 0 GB -> granted 10 GB
        """,
    ),
}


@pytest.mark.parametrize("name", AT_THE_END)
def test_at_the_very_end(name: str) -> None:
    come_out(text_of(*AT_THE_END[name]))


def test_use_of_a_cycle_is_spread_over_the_days_it_really_has() -> None:
    """The cycle is cut on the 11th of January: its 10 days have all the use, of which 3 have passed on the 3rd at noon."""
    come_out(text_of("renewal early: restart the clock", """
        use 10 GB -> left 0 GB
        use 9 GB -> left 1 GB
        on 2026-01-03 12:00 -> used 3 GB
        on 2026-01-11 renew -> used 0.3 GB
        on 2026-01-13 12:00 -> used 0.9 GB
    """))  # fmt: skip


def test_use_of_a_cycle_that_waits_is_spread_over_its_term() -> None:
    come_out(text_of("renewal late: grace 7 days", """
        do not renew
        use 9 GB -> left 1 GB
        on 2026-01-30 12:00 -> used 9 GB
        on 2026-02-06 -> used 9 GB, left 1 GB
    """))  # fmt: skip


def test_a_cycle_that_is_renewed_where_it_begins_has_no_day_for_use() -> None:
    checked = sound(text_of("renewal early: restart the clock", "renew\nuse 4 GB"))
    with pytest.raises(HistoryError, match="ends this cycle at the instant at which it begins"):
        run(checked.plans[0], checked.scenarios[0], checked.plans)


def test_months_are_counted_from_the_renewal_and_a_fixed_day_stays() -> None:
    for cycle, boundary in (("month from activation", "2026-02-21"), ("from the 5th", "2026-02-05")):
        text = PLAN.replace("30 days", cycle) + "  renewal early: restart the clock\n"
        text += f'  example "e"\n    on 2026-01-21 renew\n    on {boundary} -> used 0 GB\n'
        checked = sound(text)
        found = run(checked.plans[0], checked.scenarios[0], checked.plans)
        ends = [f"{found.calendar.local(cycle.end):%Y-%m-%d}" for cycle in found.statement.cycles]
        assert boundary in ends


def test_packs_that_come_again_come_with_a_renewal_that_restarts() -> None:
    come_out(text_of("renewal early: restart the clock", """
        buy "Again"
        use 0 GB -> received 2 GB
        on 2026-02-10 renew -> left 12 GB, charged 11 EUR
        on 2026-03-12 -> left 12 GB, charged 11 EUR
    """) + 'pack "Again"\n  every cycle grant 2 GB\n  price 1 EUR a cycle\n')  # fmt: skip


def test_a_pack_bought_for_days_keeps_them_whatever_is_renewed() -> None:
    for early in ("adds", "restart the clock", "stack the clock", "expire"):
        come_out(text_of(f"renewal early: {early}", """
            on 2026-01-24 buy "Week"
            on 2026-01-25 renew
            on 2026-01-30 -> left 2 GB add-on
            on 2026-01-31 -> left 0 GB add-on
        """) + 'pack "Week"\n  grant 2 GB for 7 days\n')  # fmt: skip


def test_a_lot_that_waits_for_its_first_use_waits_through_renewal_and_lapse() -> None:
    come_out(text_of("renewal late: grace 7 days, frozen\n  use add-on data first", """
        buy "Trip"
        use 0 GB
        do not renew
        use 0 GB
        on 2026-03-05 use 1 GB -> left 1 GB add-on
        on 2026-03-20 renew -> left 11 GB
    """) + 'pack "Trip"\n  grant 2 GB for 30 days from first use\n')  # fmt: skip


def test_an_opening_lot_without_a_date_ends_with_the_first_cycle_whenever_that_is() -> None:
    come_out(text_of("renewal early: restart the clock", """
        start 2026-01-01 with allowance 3 GB, bonus 1 GB until 2026-01-31
        on 2026-01-10 -> left 14 GB
        on 2026-01-21 renew -> left 14 GB
        on 2026-01-31 -> left 10 GB
    """))  # fmt: skip


DEAD = {
    "renewed late with nothing left": ("when renewed late, unused data: carry 1 cycle", "nothing of it is left"),
    "a plan alone changes never": ("when the plan changes, unused data: expire", "no other plan"),
    "early without a close": ("unused data, if renewed early: carry 1 cycle", "closes no cycle"),
}


@pytest.mark.parametrize("name", DEAD)
def test_a_rule_that_can_never_act_is_told(name: str) -> None:
    rule, why = DEAD[name]
    found = check(Source("a.plan", PLAN + f"  {rule}\n")).diagnostics
    assert [one.code for one in found] == ["R293"]
    assert why in found[0].message


def test_a_rule_that_can_act_is_not() -> None:
    for rules in (
        "renewal late: grace 7 days\n  when renewed late, unused data: carry 1 cycle",
        "when renewed late, bonus data: expire",
        "renewal early: restart the clock\n  unused data, if renewed early: carry 1 cycle",
    ):
        assert not check(Source("a.plan", PLAN + f"  {rules}\n")).diagnostics


@pytest.mark.parametrize(
    ("rules", "steps", "topics"),
    [
        ("", "use 0 GB", set()),
        ("", "on 2026-01-11 renew", {"renewed early"}),
        ("renewal early: adds", "on 2026-01-11 renew", set()),
        ("", "do not renew\nuse 0 GB", {"renewed late"}),
        ("renewal late: nothing left", "do not renew\nuse 0 GB", set()),
        ("", "leave\nuse 0 GB", set()),
        ("", 'on 2026-01-11 change to "B"', {"change"}),
        ("change: new plan next cycle", 'on 2026-01-11 change to "B"', set()),
        ("", 'on 2026-01-11 change to "A"', set()),
    ],
)
def test_what_is_assumed_is_told_where_it_mattered(rules: str, steps: str, topics: set[str]) -> None:
    checked = sound(text_of(rules, steps) + 'plan "B" like "A"\n  grant 20 GB\n')
    found = run(checked.plans[0], checked.scenarios[0], checked.plans)
    asked = {"renewed early", "renewed late", "change"}
    assert {one.topic for one in found.statement.assumptions} & asked == topics
