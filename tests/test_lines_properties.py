"""What holds for every account of several lines: generated plans that share, members that come, use and go.

- Each line is in balance (asserted on every run), and so is the account: what lines give, others receive at the same instant.
- No member takes more of what is shared in a cycle of the owner's than its limit.
- An account stopped at any instant, pickled and gone on with comes to the same postings, line by line.
- A line that nobody joins is as if nothing were shared.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from histories import assert_split_is_whole
from hypothesis import event, given
from hypothesis import strategies as st
from reading import assert_in_balance
from strategies import examples
from test_properties import cases

from dsl.plan import NO_CEILING, LotClass, Plan, Share
from dsl.scenario import Dated, Leave, Scenario, Start, Use
from dsl.source import NOWHERE
from engine.ledger import Sink
from engine.run import run

KID, STUDENT = "Kid", "Student"


@st.composite
def families(draw: st.DrawFn) -> tuple[Plan, Plan, Scenario]:
    """An owner's plan, the plan of a member that has one, and what owner and members do."""
    plan, scenario = draw(cases())
    services = sorted({grant.service for grant in plan.grants}) or ["sms"]
    service = draw(st.sampled_from(("", *services)))
    classes = frozenset(draw(st.sets(st.sampled_from(LotClass), max_size=3)))
    limits = tuple((one, draw(st.integers(1, 3_000_000_000))) for one in services if draw(st.booleans()))
    share = Share(service, classes, frozenset(), NO_CEILING, limits, (), draw(st.booleans()), NOWHERE)
    own = replace(plan, name="Student plan", promotions=(), later=())
    family = replace(plan, shares=(share,), later=())
    steps = list(scenario.dated)
    for name, of in ((KID, ""), (STUDENT, own.name)):
        joins = scenario.start + timedelta(days=draw(st.integers(0, 40)))
        steps.append(Dated(joins, Start(of, True), NOWHERE, (), name))
        for _ in range(draw(st.integers(0, 4))):
            use = Use(draw(st.sampled_from(services)), draw(st.integers(1, 3_000_000_000)))
            steps.append(Dated(joins + timedelta(days=draw(st.integers(0, 60)), seconds=1), use, NOWHERE, (), name))
        if draw(st.booleans()):
            steps.append(Dated(joins + timedelta(days=draw(st.integers(1, 60))), Leave(), NOWHERE, (), name))
    return family, own, replace(scenario, dated=tuple(steps))


@examples(40)
@given(families())
def test_what_lines_give_others_receive(family: tuple[Plan, Plan, Scenario]) -> None:
    plan, own, scenario = family
    found = run(plan, scenario, (plan, own))
    event(f"shared: {any(posting.target is Sink.ANOTHER_LINE for posting in found.postings)}")
    assert_in_balance(found)
    limits = dict(plan.shares[0].each_limit)
    for _, member in found.others:
        taken: dict[tuple[int, str], int] = defaultdict(int)
        for posting in member.postings:
            if posting.source is Sink.ANOTHER_LINE:
                taken[found.calendar.cycle_at(posting.at), posting.service] += posting.amount
        assert all(amount <= limits.get(service, amount) for (_, service), amount in taken.items())


@examples(25)
@given(st.data(), families())
def test_an_account_split_at_any_instant_is_the_whole(data: st.DataObject, family: tuple[Plan, Plan, Scenario]) -> None:
    plan, own, scenario = family
    assert_split_is_whole(data, plan, scenario, (plan, own))


@examples(25)
@given(cases(), st.booleans())
def test_a_line_that_nobody_joins_shares_nothing(case: tuple[Plan, Scenario], shared_first: bool) -> None:
    plan, scenario = case
    sharing = replace(plan, shares=(Share("", frozenset(), frozenset(), NO_CEILING, (), (), shared_first, NOWHERE),))
    assert run(sharing, scenario).postings == run(plan, scenario).postings
