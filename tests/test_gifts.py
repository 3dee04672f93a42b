"""Gifts: what may be given, of which lots, to whom, within which limits, and how long it lives with the receiver."""

from __future__ import annotations

import pytest
import reading

from engine.ledger import Reason
from engine.run import Run

GIVER = """\
units: 1 GB = 1000 MB
plan "Giver" postpaid
  cycle: calendar month
  every month grant 20 GB data, 100 minutes
  {rule}
  unused data: carry 1 month
{more}
{example}
plan "Receiver" prepaid
  cycle: 30 days
  grant 2 GB
"""
HERE = 'on 2026-01-05 "Bo" starts on "Receiver"'


def told(rule: str, *steps: str, more: str = "") -> Run:
    """Who gives by that rule, after what its example tells."""
    return reading.told(GIVER, *steps, rule=rule, more=more)


def refusals(found: Run) -> list[Reason]:
    return [posting.reason for posting in found.postings if posting.target == "refused"]


def test_a_gift_leaves_the_one_and_comes_to_the_other_with_its_own_end() -> None:
    told(
        "when asked, unused data: give",
        HERE, 'on 2026-01-10 give 3 GB to "Bo" -> left 17 GB, given 3 GB',
        'on 2026-01-31 "Bo" -> left 3 GB gift, received 3 GB', 'on 2026-02-01 "Bo" -> left 0 GB gift, left 2 GB',
    )  # fmt: skip


@pytest.mark.parametrize(
    ("life", "last", "gone"),
    [
        ("for 7 days", "on 2026-01-16", "on 2026-01-17"),
        ("to the end of the next month", "on 2026-02-28", "on 2026-03-01"),
        ("to the new end", "on 2026-02-03", "on 2026-02-04"),  # the receiver's cycle
        ("to the later end", "on 2026-02-03", "on 2026-02-04"),
    ],
)
def test_or_with_another_end(life: str, last: str, gone: str) -> None:
    told(
        f"when asked, unused data: give {life}",
        HERE, 'on 2026-01-10 give 3 GB to "Bo"', f'{last} "Bo" -> left 3 GB gift', f'{gone} "Bo" -> left 0 GB gift',
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "asked", "reason"),
    [
        ("give in steps of 1 GB", "1500 MB", Reason.PAST_LIMIT),
        ("give, at least 1 GB", "500 MB", Reason.PAST_LIMIT),
        ("give, at most 10 GB at a time", "11 GB", Reason.PAST_LIMIT),
        ("give, at most 50% of plan a cycle", "11 GB", Reason.PAST_LIMIT),
        ("give, keeping 128 MB", "19.9 GB", Reason.PAST_LIMIT),
        ("give to family", "1 GB", Reason.NOT_FAMILY),
        ("give", "21 GB", Reason.TOO_LITTLE_THERE),
    ],
)
def test_past_a_limit_it_is_refused_whole_and_the_posting_says_why(rule: str, asked: str, reason: Reason) -> None:
    found = told(f"when asked, unused data: {rule}", HERE, f'on 2026-01-10 give {asked} to "Bo" -> left 20 GB, refused {asked}')
    assert refusals(found) == [reason]


def test_limits_count_what_was_given_before() -> None:
    told(
        "when asked, unused data: give, at most 2 times a month, at most 5 GB a cycle",
        HERE, 'on 2026-01-10 give 4 GB to "Bo"', 'on 2026-01-11 give 2 GB to "Bo" -> refused 2 GB',
        'on 2026-01-12 give 1 GB to "Bo" -> left 15 GB', 'on 2026-01-13 give 1 MB to "Bo" -> refused 2001 MB',
        'on 2026-02-01 give 5 GB to "Bo" -> given 5 GB',
    )  # fmt: skip


def test_or_what_the_other_line_received_from_whomever_in_its_own_cycles() -> None:
    found = told(
        "when asked, unused data: give, at most 3 GB a cycle received, at most 2 times in 10 days",
        HERE, 'on 2026-01-05 "Cy" starts on "Giver"', 'on 2026-01-10 give 2 GB to "Bo" -> given 2 GB',
        'on 2026-01-11 "Cy" give 2 GB to "Bo" -> refused 2 GB', 'on 2026-01-12 "Cy" give 1 GB to "Bo" -> given 1 GB',
        'on 2026-02-03 give 1 GB to "Bo" -> refused 1 GB', 'on 2026-02-04 give 3 GB to "Bo" -> given 3 GB',
    )  # fmt: skip
    assert refusals(found) == refusals(found.line("Cy")) == [Reason.PAST_LIMIT]


def test_only_the_lots_in_hand_are_given_so_no_gift_is_given_on() -> None:
    found = told(
        "when asked, unused data: give",
        HERE, 'on 2026-01-06 "Cy" starts on "Giver"', 'on 2026-01-06 "Cy" use 20 GB',
        'on 2026-01-10 give 3 GB to "Cy"', 'on 2026-01-11 "Cy" give 1 GB to "Bo" -> left 3 GB, refused 1 GB',
    )  # fmt: skip
    assert refusals(found.line("Cy")) == [Reason.TOO_LITTLE_THERE]


def test_in_a_family_one_gives_to_the_other() -> None:
    told(
        "when asked, unused data: give to family",
        'on 2026-01-05 "Kid" joins on "Receiver"', 'on 2026-01-10 give 3 GB to "Kid" -> given 3 GB',
        more="  share with 4 lines\n",
    )  # fmt: skip


def test_nothing_is_given_to_a_line_that_has_left() -> None:
    found = told(
        "when asked, unused data: give",
        HERE, 'on 2026-01-09 "Bo" leave', 'on 2026-01-10 give 3 GB to "Bo" -> left 20 GB, refused 3 GB',
    )  # fmt: skip
    assert refusals(found) == [Reason.LEFT]


def test_a_condition_must_hold() -> None:
    told(
        "when asked if opted in, unused data: give",
        HERE, 'on 2026-01-10 give 3 GB to "Bo" -> refused 3 GB', "on 2026-01-11 opt in",
        'on 2026-01-12 give 3 GB to "Bo" -> given 3 GB',
    )  # fmt: skip


@pytest.mark.parametrize("clock", ["on 2026-01-20 renew", "on 2026-01-20 do not renew", 'on 2026-01-20 change to "Receiver"'])
def test_who_renews_or_changes_may_give_before(clock: str) -> None:
    told("when asked, unused data: give", HERE, 'on 2026-01-10 give 3 GB to "Bo" -> given 3 GB', clock)


def test_without_a_rule_nothing_is_given() -> None:
    found = told("use soonest to end first", HERE, 'on 2026-01-10 give 3 GB to "Bo" -> refused 3 GB')
    assert refusals(found) == [Reason.NO_RULE]
