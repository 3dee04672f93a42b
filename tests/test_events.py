"""Rules about events: what is in hand, what the clauses do to it, and what every clause leaves."""

from __future__ import annotations

import pytest
from reading import come_out, sound

PLAN = 'plan "A" prepaid\n  cycle: 30 days\n  grant 10 GB\n'


def text_of(rules: str, steps: str, *others: str) -> str:
    lines = "".join(f"  {line.strip()}\n" for line in rules.splitlines() if line.strip())
    done = "".join(f"    {line.strip()}\n" for line in steps.splitlines() if line.strip())
    return "".join([PLAN, lines, '  example "e"\n', done, *others])


WEEK = 'pack "Week"\n  grant 2 GB for 7 days\n'

EVENTS = {
    "payment fails: what is unused is gone": (
        "when payment fails, unused data: expire",
        """
        on 2026-01-11 payment fails -> left 0 GB, expired 10 GB
        on 2026-01-12 pay -> left 0 GB
        on 2026-01-31 -> left 10 GB
        """,
    ),
    "what no clause claims is gone, and other lots stay": (
        "when payment fails, unused data: keep, cap 4 GB",
        """
        on 2026-01-02 top up 1 GB for 60 days
        on 2026-01-11 payment fails -> left 5 GB, left 4 GB allowance
        """,
    ),
    "frozen until it is paid": (
        "when payment fails, unused data: freeze",
        """
        on 2026-01-11 payment fails -> left 0 GB
        on 2026-01-12 use 1 GB -> overage 1 GB
        on 2026-01-13 pay -> left 10 GB
        """,
    ),
    "frozen until it is resumed; its time runs": (
        "when suspended, unused data: freeze",
        """
        on 2026-01-11 suspend -> left 0 GB
        on 2026-01-30 resume -> left 10 GB
        on 2026-02-01 suspend -> left 0 GB
        on 2026-03-02 resume -> left 10 GB, expired 0 GB
        """,
    ),
    "of two lines with one hand the first acts, and the cap of the other one cuts nothing": (
        """
        renewal late: grace 5 days
        when not renewed if tenure at least 1 cycle, unused data: carry 2 cycles, cap 5 GB
        when not renewed if tenure at least 2 cycles, unused data: carry 2 cycles, cap 1 GB
        """,
        """
        on 2026-03-11 do not renew
        on 2026-05-05 -> left 5 GB
        """,
    ),
    "suspended twice is suspended once": (
        "when suspended, unused data: keep, cap 4 GB",
        """
        on 2026-01-11 suspend -> left 4 GB
        on 2026-01-12 use 2 GB
        on 2026-01-13 suspend -> left 2 GB
        on 2026-01-14 resume -> left 2 GB
        """,
    ),
    "not paid and suspended: both have to end": (
        "when suspended, unused data: freeze",
        """
        on 2026-01-11 suspend
        on 2026-01-12 payment fails
        on 2026-01-13 resume -> left 0 GB
        on 2026-01-14 pay -> left 10 GB
        """,
    ),
    "without a rule a suspended line keeps what it has": (
        "",
        """
        on 2026-01-11 suspend -> left 10 GB
        on 2026-01-31 resume -> left 10 GB
        """,
    ),
    "resumed: the rest of the cycle is extended": (
        "unused data: carry 1 cycle\n when resumed, carried data: extend 10 days",
        """
        use 4 GB
        on 2026-02-10 suspend
        on 2026-02-20 resume
        on 2026-03-11 -> left 26 GB, left 16 GB carried
        on 2026-03-12 -> left 20 GB, left 10 GB carried
        """,
    ),
    "bought again: what is left lives to the new end": (
        "",
        """
        on 2026-01-02 buy "Again"
        on 2026-01-05 use 1 GB
        on 2026-01-07 buy "Again" -> left 13 GB
        on 2026-01-13 23:59 -> left 3 GB add-on
        on 2026-01-14 -> left 0 GB add-on
        """,
    ),
    "a pack is bought: what is carried lives to its end, never less": (
        'unused data: carry 1 cycle\n when "Week" is bought, carried data: extend to the new end',
        """
        use 4 GB
        on 2026-02-10 buy "Week"
        on 2026-03-01 -> left 16 GB
        on 2026-03-01 12:00 buy "Week"
        on 2026-03-08 11:00 -> left 16 GB carried
        on 2026-03-08 12:00 -> left 10 GB carried
        """,
    ),
    "a pack ends: the bonus ends with it": (
        'when "Week" ends, bonus data: expire',
        """
        start 2026-01-01 with bonus 3 GB until 2026-06-01
        on 2026-01-02 buy "Week"
        on 2026-01-08 -> left 3 GB bonus
        on 2026-01-08 buy "Week"
        on 2026-01-09 -> left 3 GB bonus
        on 2026-01-14 -> left 3 GB bonus
        on 2026-01-15 -> left 0 GB bonus
        """,
    ),
    "a pack used up has not ended": (
        'use add-on first\n when "Week" ends, bonus data: expire',
        """
        start 2026-01-01 with bonus 3 GB until 2026-06-01
        on 2026-01-02 buy "Week"
        on 2026-01-03 use 2 GB -> left 3 GB bonus
        on 2026-01-08 -> left 3 GB bonus
        on 2026-01-09 -> left 0 GB bonus
        """,
    ),
    "the line ends, and what is unused becomes money": (
        "rate 1 GB = 2 EUR\n when the line ends, unused data: convert to EUR for 60 days",
        """
        on 2026-01-11 use 4 GB
        on 2026-01-12 leave -> left 0 GB, converted 12 EUR
        on 2026-03-12 -> left 12 EUR
        on 2026-03-13 -> left 0 EUR
        """,
    ),
    "only where a condition holds": (
        "when payment fails if used at least 5 GB, unused data: expire",
        """
        on 2026-01-11 payment fails -> left 10 GB
        on 2026-01-12 pay
        on 2026-01-13 use 5 GB
        on 2026-01-14 payment fails -> left 0 GB
        """,
    ),
    "the first whose condition holds takes the lots": (
        "when payment fails if used at least 5 GB, unused data: keep\n when payment fails, unused data: keep, cap 1 GB",
        """
        on 2026-01-11 use 5 GB
        on 2026-01-12 payment fails -> left 5 GB
        on 2026-02-12 pay
        on 2026-02-13 payment fails -> left 1 GB
        """,
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_events(name: str) -> None:
    again = WEEK.replace("Week", "Again") + "  when bought again, unused data: extend to the new end\n"
    come_out(text_of(*EVENTS[name], WEEK, again))


def test_a_rule_about_an_event_acts_before_the_close_and_what_it_keeps_is_in_no_hand_of_it() -> None:
    come_out(text_of(
        "renewal early: restart the clock\n unused data: carry 1 cycle\n when renewed early, unused data: keep",
        """
        on 2026-01-11 renew -> left 20 GB, left 20 GB allowance
        on 2026-01-30 -> left 20 GB
        on 2026-01-31 -> left 10 GB
        """))  # fmt: skip


def test_part_of_the_rest_lives_on_with_what_is_bought() -> None:
    """Flexiroam's card: "5 GB old balance, buys 3 GB: 3 GB new + 3 of the 5 GB extended; 2 GB keep the old expiry"."""
    come_out("""
plan "No allowance" prepaid
  cycle: 30 days
  grant 1 MB
  when "3 GB" is bought, add-on data: extend to the new end, cap 3 GB, keep
  example "5 GB, then 3 GB"
    on 2026-01-01 buy "5 GB"
    on 2026-01-20 buy "3 GB" -> left 8 GB add-on
    on 2026-03-01 -> left 8 GB add-on
    on 2026-03-02 -> left 6 GB add-on
    on 2026-03-21 -> left 0 GB add-on
pack "5 GB"
  grant 5 GB for 60 days
pack "3 GB"
  grant 3 GB for 60 days
""")


def test_what_is_carried_to_the_new_or_the_later_end() -> None:
    """A lot for 60 days, carried at an early renewal to the end of the new cycle, or to its own where that is later."""
    for words, end in (("to the new end", "2026-02-20"), ("to the later end", "2026-03-02")):
        come_out(text_of(
            f"renewal early: restart the clock\n when renewed early, bonus data: carry {words}",
            f"""
            start 2026-01-01 with bonus 2 GB until 2026-03-02
            on 2026-01-21 renew
            on {end} -> left 10 GB
            """))  # fmt: skip


def test_where_rules_about_events_may_stand() -> None:
    text = 'pack "P"\n  grant 1 GB for 7 days\n  when it starts, unused data: keep\nplan "A" prepaid\n  grant 1 GB\n'
    with pytest.raises(AssertionError, match="R202"):
        sound(text)
    with pytest.raises(AssertionError, match="R235"):
        sound('plan "A" prepaid\n  grant 1 GB\n  unused data: keep\n')
