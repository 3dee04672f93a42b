"""What a use is and which lots serve it. The plans are the tests: each says in its examples what must come out."""

from __future__ import annotations

import pytest
from reading import GB, anywhere, come_out, sound

from dsl import record_file, scenario_file
from dsl.check import check
from dsl.plan import GENERAL, Plan
from dsl.scenario import Use
from dsl.source import Source
from engine.explain import movements
from engine.run import Run, run

PLANS = {
    "a lot serves a use of which all of its scope is said": """
plan "A" prepaid
  every month grant 4 GB data only at night "video"
  example "night and video"
    on 2026-01-02 use 1 GB -> overage 1 GB
    on 2026-01-03 use 1 GB at night -> overage 2 GB
    on 2026-01-04 use 1 GB "video" -> overage 3 GB
    on 2026-01-05 use 1 GB at night "video" -> overage 3 GB, left 3 GB
    on 2026-01-06 use 1 GB at night on weekends "video" abroad -> left 2 GB
""",
    "several `only` are the same": """
plan "A" prepaid
  every month grant 4 GB data only at night only "video"
  example "night and video"
    on 2026-01-02 use 1 GB at night -> overage 1 GB
    on 2026-01-03 use 1 GB "video" at night -> left 3 GB
""",
    "`or` leaves a choice": """
plan "A" prepaid
  every month grant 300 minutes only at night or on weekends
  example "nights and weekends"
    on 2026-01-02 use 10 minutes -> overage 10 minutes
    on 2026-01-03 use 10 minutes at night -> left 290 minutes
    on 2026-01-04 use 10 minutes on weekends -> left 280 minutes
    on 2026-01-05 use 10 minutes at night on weekends -> left 270 minutes, overage 10 minutes
""",
    "home is neither abroad nor in a named place, a day no night, a weekday no weekend": """
plan "A" prepaid
  "video" counts 1
  in "Macau" counts 1
  every month grant 4 GB data only at home, 40 sms only by day, 40 minutes only on weekdays
  example "where"
    on 2026-01-02 use 1 GB abroad -> overage 1 GB
    on 2026-01-03 use 1 GB in "Macau" -> overage 2 GB
    on 2026-01-04 use 1 GB at home -> overage 2 GB
    on 2026-01-05 use 1 GB -> overage 2 GB, left 2 GB
    on 2026-01-06 use 1 GB "video" at night -> left 1 GB
  example "when"
    on 2026-01-02 use 1 sms at night -> left 40 sms
    on 2026-01-03 use 1 sms abroad -> left 39 sms
    on 2026-01-04 use 1 minute on weekends -> left 40 minutes
    on 2026-01-05 use 1 minute on weekdays -> left 39 minutes
""",
    "a place is a place, wherever it is: abroad is said beside it": """
plan "A" prepaid
  every month grant 1 GB only in "Macau", 2 GB only abroad, 4 GB only abroad or in "Macau"
  use oldest first
  example "in turn"
    on 2026-01-02 use 2 GB in "Macau" -> left 5 GB, left 2 GB only abroad
    on 2026-01-03 use 2 GB abroad -> left 0 GB only abroad, left 3 GB only abroad or in "Macau"
  example "both"
    on 2026-01-02 use 3 GB abroad in "Macau" -> left 4 GB
""",
    "what a whole cycle uses is of one kind, too": """
plan "A" prepaid
  every month grant 2 GB, 1 GB only at night
  use narrowest scope first
  example "in all"
    use 2 GB and 1 GB at night -> left 0 GB, overage 0 GB
    use 3 GB -> left 1 GB, overage 1 GB
""",
    "a carried lot keeps its scope, and a carry may narrow it": """
plan "A" prepaid
  every month grant 2 GB only at night
  carry 1 month only at home
  use carried, then allowance
  example "from month to month"
    use 0 GB -> carried 2 GB
    on 2026-02-02 use 0.5 GB at night -> left 1.5 GB carried only at night only at home, left 2 GB allowance
    on 2026-02-03 use 1 GB at night abroad -> left 1.5 GB carried, left 1 GB allowance
    on 2026-02-04 use 1 GB -> overage 1 GB
""",
    "an extended lot keeps its scope": """
plan "A" prepaid
  every month grant 2 GB only at night
  example "extended"
    on 2026-02-03 use 1 GB -> overage 1 GB, left 4 GB only at night
promotion "Longer" for "A"
  from 2026-01-20 until 2026-01-21
  when it starts, allowance data: extend 1 month
""",
    "what is converted serves any use, or what is said": """
rate 1 GB = 10 minutes
rate 1 GB = 5 sms
plan "A" prepaid
  every month grant 2 GB only at night
  unused data: convert to minutes, cap 10 minutes, convert to sms only abroad
  example "converted"
    use 0 GB -> converted 10 minutes, converted 5 sms
    on 2026-02-02 use 5 minutes -> left 5 minutes
    on 2026-02-03 use 5 sms -> overage 5 sms
    on 2026-02-04 use 5 sms abroad -> left 0 sms
""",
    "packs, top-ups, promotions and what is there at the start": """
plan "A" prepaid
  every month grant 1 GB
  example "each"
    start 2026-01-01 with carried 1 GB only at night until 2026-03-01, 1 GB only abroad "video"
    on 2026-01-02 buy "Away" -> left 2 GB add-on
    on 2026-01-03 top up 3 GB for 7 days only "video" -> left 5 GB add-on, left 4 GB only "video"
    on 2026-01-04 use 3 GB abroad -> left 0 GB add-on only abroad, left 0 GB allowance only at home
    on 2026-01-05 use 2 GB "video" abroad -> left 3 GB, left 1 GB only at night
    on 2026-01-20 -> left 9 GB, left 7 GB only on weekends
pack "Away"
  grant 2 GB only abroad
promotion "Weekends" for "A"
  from 2026-01-10 until 2026-01-11
  grant 7 GB only on weekends to the end of the cycle
""",
    "`fill` grants what lots of its own scope miss": """
plan "A" prepaid
  every month fill data up to 2 GB only at night
  every month grant 5 GB for 2 months
  example "filled"
    use 1 GB at night -> available 7 GB
    use 0 GB -> available 12 GB
""",
    "a pack's rules are about its lots, whatever their scope": """
plan "A" prepaid
  every month grant 1 GB
  example "carried"
    buy "Night"
    use 0 GB -> carried 2 GB
    on 2026-02-01 -> left 2 GB carried only at night
pack "Night"
  grant 2 GB only at night
  carry 1 month
""",
}


@pytest.mark.parametrize("text", PLANS.values(), ids=PLANS.keys())
def test_it_comes_out_as_the_plan_says(text: str) -> None:
    come_out(text)


# ---- the order of use ------------------------------------------------------------------------------------------------

LOTS = """
plan "A" prepaid
  {}
  example "in turn"
    start 2026-01-01 with {}
"""
GIFTS = (
    "gift 1 GB until 2026-03-01", "carried 2 GB until 2026-02-01", "bonus 4 GB only at night until 2026-03-01",
    "allowance 8 GB only at night or on weekends until 2026-02-01", 'carried 16 GB only at night "video" until 2026-03-01',
)  # fmt: skip
WORDS = {1: "gift", 2: "carried", 4: "night", 8: "night or weekend", 16: "night and video"}
ORDERS = {
    "use soonest to end first": "carried, night or weekend, gift, night, night and video",
    "use narrowest scope first": "night and video, night, night or weekend, carried, gift",
    "use narrowest scope first, then gift, then carried": "night and video, night, night or weekend, gift, carried",
    "use soonest to end first, then narrowest scope first": "night or weekend, carried, night and video, night, gift",
    "use soonest to end first, then gift": "carried, night or weekend, gift, night, night and video",
    'use only "video" first': "night and video, carried, night or weekend, gift, night",
    "use only at night first, then newest first": "night and video, night, night or weekend, carried, gift",
    "use only at night or on weekends first, then soonest to end first": (
        "night or weekend, night, night and video, carried, gift"
    ),
    "use carried, then narrowest scope first": "carried, night and video, night, night or weekend, gift",
    "use narrowest scope carried, then bonus": "night and video, carried, night, night or weekend, gift",
    "use gift, then oldest first": "gift, carried, night, night or weekend, night and video",
    "use gift, then oldest first, then carried": "gift, carried, night and video, night or weekend, night",
    "use newest carried": "night and video, carried, night or weekend, gift, night",
}


def in_turn(order: str) -> str:
    """The lots of GIFTS in the turn in which a night's use of a video takes them."""
    steps = [f'    on 2026-01-02 {hour:02}:00 use 1 GB at night on weekends "video"' for hour in range(24)]
    more = [step.replace("-02 ", "-03 ") for step in steps[:7]]
    checked = check(Source("a.plan", LOTS.format(order, ", ".join(GIFTS)) + "\n".join([*steps, *more])))
    assert not checked.has_errors
    found = run(checked.plans[0], checked.scenarios[0])
    first: dict[int, None] = dict.fromkeys(
        found.lots[posting.source].number for posting in found.postings if isinstance(posting.source, int)
    )
    size = {posting.target: posting.amount // GB for posting in found.postings if isinstance(posting.target, int)}
    return ", ".join(WORDS[size[number]] for number in first)


@pytest.mark.parametrize("order", ORDERS)
def test_order(order: str) -> None:
    assert in_turn(order) == ORDERS[order]


# ---- how a use is told ---------------------------------------------------------------------------------------------


def use_of(words: str) -> Use:
    checked = sound(f'plan "A" prepaid\n  grant 2 GB only "video" or in "Macau"\n  example "e"\n    use 1 GB {words}\n')
    (act,) = checked.scenarios[0].cycles[0].acts
    assert isinstance(act, Use)
    return act


def test_what_is_not_said_of_a_use_is_home_day_and_weekday() -> None:
    assert use_of("").tags == GENERAL
    assert use_of("at home by day on weekdays").tags == GENERAL
    assert use_of("abroad").tags == {"abroad", "by day", "on weekdays"}
    assert use_of('in "Macau"').tags == {'in "Macau"', "by day", "on weekdays"}
    assert use_of('data at night "video" on weekend').tags == {"at home", "at night", "on weekends", '"video"'}


def test_scenario_files_and_records_say_the_same() -> None:
    checked = sound('plan "A" prepaid\n  grant 2 GB only in "Macau" or "video"\n')
    text = 'cycles:\n  - use: [1 GB at night, 2 GB "video"]\nrecords:\n  - {at: 2026-01-20, use: 300 MB in "Macau"}\n'
    (scenario,), problems = scenario_file.read(Source("a.scenario.yaml", text), checked)
    assert problems == ()
    night, video = scenario.cycles[0].acts
    assert isinstance(night, Use)
    assert isinstance(video, Use)
    assert (night.tags - GENERAL, video.tags - GENERAL) == ({"at night"}, {'"video"'})
    rows = 'at,use\n2026-01-20,300 MB in "Macau"\n2026-01-20,"1 GB ""video"", 2 GB abroad"\n'
    records, problems = record_file.read(Source("a.csv", rows), checked)
    assert problems == ()
    assert records[0].act == scenario.dated[0].act
    assert [record.act.tags - GENERAL for record in records[1:] if isinstance(record.act, Use)] == [{'"video"'}, {"abroad"}]


def test_a_name_that_no_rule_speaks_of_is_told_once() -> None:
    checked = sound('plan "A" prepaid\n  grant 2 GB only "video"\n')
    rows = 'at,use\n2026-01-20,1 GB "vidoe"\n2026-01-20,1 GB "vidoe"\n2026-01-21,1 GB abroad\n'
    records, problems = record_file.read(Source("a.csv", rows), checked)
    assert len(records) == 3
    assert [(one.code, one.span.line, one.is_error) for one in problems] == [("R298", 2, False)]
    assert 'did you mean `"video"`' in problems[0].help


def test_names_of_packs_and_settings_are_known_everywhere() -> None:
    sound(
        '"app" counts 0.5\nplan "A" prepaid\n  grant 2 GB\n  example "e"\n    use 1 GB "app", 1 GB in "Spain"\n'
        'pack "S"\n  grant 2 GB only in "Spain"\n'
    )


# ---- what the checker says, and what is told ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        ("only at home in \"Macau\"", ["R293"]),
        ("only at night only by day", ["R293"]),
        ("only abroad or in \"Macau\" only at home", ["R293"]),
        ("only at home or abroad only at night or by day", []),
        ("only at night or by day at night", []),
        ("only in \"Macau\" in \"Cotai\" abroad", []),
        ("at night", ["R250"]),
        ("\"video\" only at night", ["R250"]),
    ],
)  # fmt: skip
def test_a_scope_that_no_use_has(scope: str, codes: list[str]) -> None:
    assert [one.code for one in check(Source("a.plan", f'plan "A" prepaid\n  grant 2 GB {scope}\n')).diagnostics] == codes


@pytest.mark.parametrize("words", ["at home abroad", 'at home in "Macau"', "by day at night", "on weekdays on weekends"])
def test_a_use_that_cannot_be(words: str) -> None:
    text = f'plan "A" prepaid\n  grant 2 GB only in "Macau"\n  example "e"\n    use 1 GB {words}\n'
    assert [one.code for one in check(Source("a.plan", text)).diagnostics] == ["R251"]


def test_the_scope_of_a_lot_is_told_where_it_is_explained() -> None:
    checked = sound('plan "A" prepaid\n  grant 2 GB only at night "video" or abroad\n  example "e"\n    use 0 GB\n')
    found: Run = run(checked.plans[0], checked.scenarios[0])
    assert "allowance only \"video\" or abroad only at night of 2026-01-01" in [
        movement.what.split(" -> ")[1] for movement in movements(found, 1, "data")
    ]  # fmt: skip


def test_scope_is_part_of_what_a_plan_made_like_another_keeps() -> None:
    checked = sound('plan "A" prepaid\n  grant 2 GB only at night\n  "v" counts 0\nplan "B" like "A"\n  cycle: 30 days\n')
    first, second = checked.plans

    def said(plan: Plan) -> object:
        return anywhere((plan.grants, plan.counting))

    assert said(first) == said(second)
