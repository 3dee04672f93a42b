"""What of a use counts, in which unit it is paid, and what has no limit. The plans are the tests."""

from __future__ import annotations

import pytest
from reading import MB, after, column, come_out, plan_of, sound

from dsl import record_file
from dsl.check import check
from dsl.plan import InUnit, Plan
from dsl.scenario import Use
from dsl.source import Source
from engine.arithmetic import counted, covered, times
from engine.balance import balance
from engine.ledger import Reason, Sink
from engine.run import run

PLANS = {
    "a weight counts part of a use, or none of it, or more": """
plan "A" prepaid
  every month grant 10 GB
  "app" counts 0.5
  "video" counts 0
  abroad counts 2
  example "weighed"
    use 2 GB, 3 GB "app", 4 GB "video", 1 GB abroad -> used 5.5 GB, left 4.5 GB, overage 0 GB
  example "weights multiply"
    use 4 GB "app" abroad, 4 GB "app" abroad "video" -> used 4 GB
""",
    "what does not count is no overage and buys nothing": """
plan "A" prepaid
  every month grant 1 GB
  "video" counts 0
  when data runs out: sell 1 GB at 5 EUR
  example "free"
    use 1 GB and 5 GB "video" -> used 1 GB, overage 0 GB, charged 0 EUR
    use 1.5 GB and 5 GB "video" -> used 1.5 GB, overage 0.5 GB, charged 5 EUR
""",
    "a record counts in steps, a whole cycle's use as it is": """
plan "A" prepaid
  every month grant 10 GB, 300 minutes and 40 sms
  data counts in steps of 50 MB
  minutes count in steps of 60 s, then 6 s
  example "records"
    on 2026-01-02 use 1 B -> used 50 MB
    on 2026-01-03 use 50 MB -> used 100 MB
    on 2026-01-04 use 50.1 MB -> used 200 MB
    on 2026-01-05 use 1 s -> used 60 s
    on 2026-01-06 use 61 s -> used 126 s
    on 2026-01-07 use 72 s -> used 198 s
    on 2026-01-08 use 0 s -> used 198 s
    on 2026-01-09 use 7 sms -> used 7 sms
  example "in all"
    use 1.01 GB and 61 s -> used 1.01 GB, used 61 s
""",
    "steps come before weights, and what counts more comes last": """
plan "A" prepaid
  every month grant 300 minutes
  minutes count in steps of 6 s
  "abroad" counts 1.5
  "payphone" counts 7 minutes more
  example "a call"
    on 2026-01-02 use 61 s "abroad" -> used 99 s
    on 2026-01-03 use 61 s "abroad" "payphone" -> used 618 s
    on 2026-01-04 use 10 sms "payphone" -> overage 10 sms
  example "in all it is a sum of calls that counted more already"
    use 10 minutes "payphone" -> used 10 minutes
""",
    "one balance pays for everything": """
unit flex
plan "A" prepaid
  every month grant 100 flex and 5 minutes
  1 minute uses 2 flex
  1 sms uses 1 flex
  2 MB uses 1 flex
  example "its own lots first"
    use 10 minutes, 20 sms -> used 10 minutes, used 30 flex, left 70 flex, left 0 minutes, overage 0 minutes
  example "what no lot covers is use of the service"
    use 200 sms -> used 100 flex, used 100 sms, overage 100 sms, overage 0 flex
""",
    "a started piece is a whole one: of a record each, of a cycle once": """
unit point
plan "A" prepaid
  every month grant 100 points
  10 MB uses 1 point
  example "records"
    on 2026-01-02 use 1 MB -> used 1 point
    on 2026-01-03 use 1 MB -> used 2 points
    on 2026-01-04 use 11 MB -> used 4 points
  example "in all, and a record beside it"
    on 2026-01-02 use 0.1 MB
    use 301 MB -> used 32 points, overage 0 MB
""",
    "the rule that asks for most holds, of those of a unit": """
unit flex
unit coin
plan "A" prepaid
  every month grant 10 flex and 10 coins
  1 minute uses 2 flex
  1 minute abroad "call" uses 5 flex
  1 minute abroad or in "Spain" uses 3 flex
  1 minute uses 1 coin
  example "three"
    on 2026-01-02 use 1 minute -> used 2 flex
    on 2026-01-03 use 1 minute in "Spain" -> used 5 flex
    on 2026-01-04 use 1 minute abroad "call" -> used 10 flex, used 0 coins
    on 2026-01-05 use 1 minute abroad "call" -> used 1 coin
""",
    "a unit is carried, capped, converted and sold as any service": """
unit flex
rate 10 flex = 1 sms
plan "A" prepaid
  every month grant 100 flex
  unused flex: carry 1 month, cap 0.5x plan, convert the rest to sms, cap 3 sms
  when flex runs out: sell 10 flex at 1 EUR
  1 minute uses 3 flex
  use carried first
  ensure flex never above 150 flex
  example "a light month and a heavy one"
    use 10 minutes -> left 70 flex, carried 50 flex, converted 2 sms
    use 155 flex -> overage 5 flex, charged 1 EUR, carried 0 flex
""",
    "lots of a unit have scopes and orders of their own": """
unit flex
plan "A" prepaid
  every month grant 10 flex only at night and 10 flex bonus
  use bonus flex, then allowance
  1 minute uses 1 flex
  example "at night"
    on 2026-01-02 use 12 minutes at night -> left 8 flex allowance
    on 2026-01-03 use 1 minute -> overage 1 minute
""",
    "a unit may be money, or another service": """
plan "A" prepaid
  every month grant 10 EUR, 100 MB and 10 minutes
  1 minute uses 0.10 EUR
  1 sms uses 1 MB
  example "the card pays"
    use 30 minutes and 50 sms -> left 8 EUR, left 50 MB, overage 0 minutes
""",
    "what is used of a unit counts for conditions": """
unit flex
plan "A" prepaid
  every month grant 100 flex
  1 minute uses 2 flex
  unused flex if used at least 20 flex: carry 1 month
  example "used"
    use 9 minutes -> carried 0 flex
    use 10 minutes -> carried 80 flex
""",
    "what has no limit is covered, whatever lots there are": """
plan "A" prepaid
  every month grant unlimited minutes, 5 GB, unlimited data only "video" at night and 100 minutes bonus
  example "free"
    use 500 minutes, 6 GB "video" at night, 1 GB "video" -> used 500 minutes, received 500 minutes, left 100 minutes
    use 100 GB "video" at night and 6 GB -> used 105 GB, overage 1 GB, left 0 GB, carried 0 GB, expired 0 GB
""",
    "a pack without limit lives as long as it says": """
plan "A" prepaid
  every month grant 1 GB
  example "a day from its first use"
    on 2026-01-03 buy "Day"
    on 2026-01-05 10:00 use 9 GB -> left 1 GB, overage 0 GB
    on 2026-01-06 09:59 use 9 GB -> left 1 GB
    on 2026-01-06 10:00 use 9 GB -> left 0 GB, overage 8 GB
  example "a promotion"
    start 2026-05-03
    on 2026-05-05 use 9 GB abroad -> left 1 GB
    on 2026-05-05 use 9 GB abroad -> left 1 GB
    on 2026-05-12 use 9 GB abroad -> left 0 GB
pack "Day"
  grant unlimited data for 24 hours from first use
promotion "Week" for "A"
  from 2026-05-04 until 2026-05-05
  grant unlimited data only abroad for 7 days
""",
    "the first line that holds acts where something runs out": """
plan "A" prepaid
  every month grant 1 GB
  when data runs out if abroad and opted in: sell 1 GB at 9 EUR
  when data runs out if abroad: block
  when data runs out if not used at least 3 GB and not "video": sell 1 GB at 1 EUR up to 5 times, then block
  when data runs out: slow to 1 Mbps
  example "at home"
    use 2 GB -> charged 1 EUR
    use 9 GB -> charged 2 EUR, overage 8 GB
  example "abroad"
    on 2026-01-02 use 1 GB
    on 2026-01-03 use 0.5 GB abroad -> charged 0 EUR, overage 0.5 GB
    on 2026-01-04 opt in
    on 2026-01-05 use 0.5 GB abroad -> charged 9 EUR, overage 1 GB
    on 2026-01-06 use 0.2 GB -> charged 10 EUR, received 2 GB
    on 2026-01-07 use 0.5 GB abroad -> charged 10 EUR, left 0.8 GB
    on 2026-01-08 use 0.5 GB abroad -> charged 10 EUR, left 0.3 GB, overage 2.2 GB
  example "a video"
    on 2026-01-02 use 1.5 GB "video" -> charged 0 EUR, overage 0.5 GB
""",
    "carried in whole steps, the rest stays for the next clause; or rounded up": """
rate 1 MB = 1 sms
plan "A" prepaid
  every month grant 10 MB
  unused data: carry 1 month in steps of 3 MB, convert the rest to sms
  use allowance first
  example "down"
    use 0 MB -> carried 9 MB, converted 1 sms
    use 2.5 MB -> carried 6 MB, converted 10 sms, expired 0.5 MB
plan "B" prepaid
  every month grant 10 MB
  unused data: carry 1 month each time in steps of 3 MB rounded up, cap 12 MB
  example "up"
    use 0 MB -> carried 12 MB, received 2 MB
    use 22 MB -> carried 0 MB, received 0 MB
    use 10 MB -> carried 0 MB
    use 3.5 MB -> carried 9 MB, received 2.5 MB
""",
}


@pytest.mark.parametrize("text", PLANS.values(), ids=PLANS.keys())
def test_it_comes_out_as_the_plan_says(text: str) -> None:
    come_out(text)


# ---- postings ------------------------------------------------------------------------------------------------------

PHONE = """
unit flex
plan "A" prepaid
  grant 100 flex, 10 minutes, 1 GB and unlimited sms
  minutes count in steps of 60 s
  "app" counts 0.25
  1 minute uses 2 flex
  example "e"
    on 2026-01-02 use 61 s
    on 2026-01-03 use 10 minutes
    on 2026-01-04 use 10 MB "app"
    on 2026-01-05 use 7 sms
"""


def test_each_difference_is_a_posting_and_used_less_counting_is_what_was_used() -> None:
    checked = sound(PHONE)
    found = run(checked.plans[0], checked.scenarios[0])
    told = [(one.service, one.amount, one.source, one.target, one.reason) for one in found.postings if one.source != "operator"]
    assert ("voice", 59, Sink.USED, Sink.COUNTING, Reason.COUNTED) in told
    assert ("data", 7_500_000, Sink.COUNTING, Sink.USED, Reason.COUNTED) in told
    assert ("voice", 120, Sink.EXCHANGE, Sink.USED, Reason.IN_UNIT) in told
    truly = {
        service: sum(
            one.amount * ((one.target is Sink.USED) - (one.source is Sink.USED))
            for one in found.postings
            if one.service == service
        )
        for service in ("voice", "data", "sms")
    }
    assert truly == {"voice": 661, "data": 10 * MB, "sms": 7}
    cycle = found.statement.cycles[0].services
    assert [cycle[name].used for name in ("voice", "data", "sms", "flex")] == [720, 2_500_000, 7, 4]
    assert [balance(found, name, found.calendar.boundary(1) - 1).used for name in ("voice", "data", "flex")] == [
        720,
        2_500_000,
        4,
    ]


def test_a_rule_is_named_by_each_posting() -> None:
    checked = sound(PHONE)
    found = run(checked.plans[0], checked.scenarios[0])
    lines = {one.span.line for one in found.postings if one.reason in (Reason.COUNTED, Reason.IN_UNIT, Reason.UNLIMITED)}
    assert lines == {4, 5, 6, 7}


def test_counting_at_the_top_of_a_file_is_for_every_plan_that_says_nothing_else() -> None:
    text = (
        'unit flex\n"app" counts 0.5\n1 sms uses 1 flex\n{}plan "A" prepaid\n  grant 1 GB\n'
        'plan "B" prepaid\n  "app" counts 0\n  grant 1 GB\n'
    )
    checked = sound(text.format("") + 'plan "C" like "B"\n  1 sms uses 3 flex\n')
    weights = [[weight.factor for weight in plan.counting.weights] for plan in checked.plans]
    assert weights == [[(5, 10)], [(0, 1)], [(0, 1)]]
    assert [plan.counting.units[0].unit_amount for plan in checked.plans] == [1, 1, 3]
    assert [one.code for one in check(Source("a.plan", text.format('"app" counts 2\n'))).diagnostics] == ["R213"]


def test_a_unit_is_known_wherever_it_is_declared_in_any_case_and_number() -> None:
    text = (
        'plan "A" prepaid\n  unit Point\n  grant 10 points\n  unused point: carry 1 month, cap 20 POINTS\n'
        'pack "P"\n  grant 1 POINT\n'
    )
    plan = plan_of(text)
    assert [grant.service for grant in (*plan.grants, *plan.packs[0].grants)] == ["point", "point"]
    records, problems = record_file.read(Source("a.csv", "at,use\n2026-01-20,2 points\n"), sound(text))
    assert (records[0].act, problems) == (Use("point", 2), ())


def test_a_declared_unit_is_told_as_it_is() -> None:
    found = after('unit flex\nplan "A" prepaid\n  grant 10 flex\n', (Use("flex", 3),))
    assert column(found, "used", "flex") == [3]


def test_units_of_plans_made_alike_are_replaced_one_by_one() -> None:
    checked = sound(
        'unit flex\nplan "A" prepaid\n  grant 9 flex\n  1 sms uses 1 flex\n  1 sms abroad uses 2 flex\n'
        'plan "B" like "A"\n  1 sms abroad uses 5 flex\n'
    )

    def said(plan: Plan) -> list[tuple[int, int]]:
        return [(len(rule.scope), rule.unit_amount) for rule in plan.counting.units if isinstance(rule, InUnit)]

    assert [said(plan) for plan in checked.plans] == [[(0, 1), (1, 2)], [(0, 1), (1, 5)]]


# ---- arithmetic ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "counts"), [(0, 0), (1, 60), (60, 60), (61, 66), (66, 66), (67, 72)])
def test_a_call_counts_a_minute_and_then_steps_of_six_seconds(amount: int, counts: int) -> None:
    assert counted(amount, 60, 6, nearest=False) == counts


@pytest.mark.parametrize(("amount", "counts"), [(0, 0), (499, 0), (500, 1000), (1499, 1000), (1500, 2000)])
def test_a_half_counts_up_to_the_nearest(amount: int, counts: int) -> None:
    assert counted(amount, 0, 1000, nearest=True) == counts


def test_parts_of_a_whole_add_up_to_it_rounded_up_once() -> None:
    for parts in ([1, 1, 1], [3], [2, 1]):
        assert sum(times(sum(parts[:index]), part, 1, 2) for index, part in enumerate(parts)) == 2


def test_what_is_paid_covers_what_it_is_worth_and_what_rounding_left_over() -> None:
    assert covered(0, 2, 1, 30) == 60, "two flex at thirty seconds each"
    assert covered(10, 0, 1, 30) == 20, "a flex was paid for ten seconds"
    assert covered(0, 1, 2, 60) == 30
