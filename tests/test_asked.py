"""What a customer asks for: conversions in parts come to the same as at once, credit pays prices, refusals say why."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from reading import GB, MINUTE, after, column, plan_of
from strategies import examples

from dsl.plan import Plan
from dsl.scenario import NEXT_BILL, Exchange
from engine.ledger import Reason, Sink
from engine.run import Run

RATES = ("1 GB = 30 minutes", "3 GB = 10 minutes", "7 B = 3 seconds", "1 B = 9 seconds")
STEPS = ("", " in steps of 1 GB", " in steps of 20 minutes", " in steps of 7 seconds")


def swap(rate: str, marks: str = "") -> Plan:
    return plan_of(f'rate {rate}\nplan "A" prepaid\n  grant 10 GB\n  when asked, unused data: convert to minutes{marks}\n')


def asked(plan: Plan, *amounts: int) -> Run:
    return after(plan, tuple(Exchange("data", amount, "voice") for amount in amounts))


@examples(150)
@given(st.sampled_from(RATES), st.sampled_from(STEPS), st.lists(st.integers(1, 3 * GB), min_size=1, max_size=3))
def test_asking_in_parts_comes_to_the_same_as_at_once(rate: str, steps: str, amounts: list[int]) -> None:
    """Trap: a conversion that loses a little each time it is split."""
    plan = swap(rate, steps)
    parts = asked(plan, *amounts)
    (taken,) = column(parts, "converted_out")
    if taken:
        whole = asked(plan, taken)
        assert column(whole, "converted_out") == [taken]
        assert column(whole, "converted_in", "voice") == column(parts, "converted_in", "voice")


def test_ten_parts_of_ten_lose_nothing() -> None:
    """At 3 : 1 each part of 10 makes 3 of 9; the tenth message stays, and is asked for again."""
    plan = plan_of('rate 3 sms = 1 minute\nplan "A" prepaid\n  grant 100 sms\n  when asked, unused sms: convert to minutes\n')
    once = after(plan, (Exchange("sms", 100, "voice"),))
    ten = after(plan, (*(Exchange("sms", 10, "voice") for _ in range(10)), Exchange("sms", 10, "voice")))
    for found in (once, ten):
        assert column(found, "converted_in", "voice") == [33 * MINUTE]
        assert column(found, "converted_out", "sms") == [99]
        assert column(found, "expired", "sms") == [1]


def why(found: Run) -> list[Reason]:
    return [posting.reason for posting in found.postings if posting.target is Sink.REFUSED]


def test_why_a_conversion_is_refused() -> None:
    plan = swap("1 GB = 30 minutes", ", at most 3 GB a cycle")
    assert why(asked(plan, 11 * GB)) == [Reason.TOO_LITTLE_THERE]
    assert why(asked(plan, 1)) == [Reason.TOO_LITTLE]
    assert why(asked(plan, 2 * GB, 2 * GB)) == [Reason.PAST_LIMIT]
    assert why(after(plan, (Exchange("data", GB, "sms"),))) == [Reason.NO_RULE]
    assert why(after(plan, (Exchange("data", GB, NEXT_BILL),))) == [Reason.NO_RULE]
