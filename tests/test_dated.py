"""Rules with dates: what holds when, what replaces what, and what happens at the date itself."""

from __future__ import annotations

import pickle
from datetime import date, datetime

import pytest
from reading import GB, MINUTE, after, anywhere, column, plan_of, sound, use

from dsl.check import check
from dsl.scenario import Buy, Dated
from dsl.source import NOWHERE, Source
from engine.account import Account
from engine.judge import missed
from engine.run import run

HEAD = 'plan "A" postpaid\n  cycle: calendar month\n'
BASE = HEAD + "  grant 10 GB\n  use carried, then allowance\n"


def comes_out(text: str) -> None:
    """Every example in a text does."""
    checked = sound(text)
    assert checked.scenarios
    for scenario in checked.scenarios:
        plan = checked.plan(scenario.plan)
        assert plan is not None
        assert missed(run(plan, scenario)) == []


# ---- what a text means ----


def rules_of(text: str, day: str, name: str = "") -> list[str]:
    """The lines that hold on a day, as written, without their dates."""
    lines = text.split("\n")
    on = plan_of(text, name).on(date.fromisoformat(day))
    parts = (*on.grants, *on.orders, *on.rules, *on.runs_out, *on.prices, *(part for pack in on.packs for part in pack.grants))
    spans = sorted({part.span.line: part.span.start for part in parts}.items())
    return [lines[line - 1][start:].strip() for line, start in spans]


DATES = {
    "from 2026-09-01": ("2026-08-31", "2026-09-01", ""),
    "until 2026-09-01": ("", "2026-08-31", "2026-09-01"),
    "through 2026-08-31": ("", "2026-08-31", "2026-09-01"),
    "from 2026-09-01 until 2026-10-01": ("2026-08-31", "2026-09-01", "2026-10-01"),
    "from 2026-09-01 through 2026-09-01": ("2026-08-31", "2026-09-01", "2026-09-02"),
    "FROM 2026-09-01 Through 2026-09-30": ("2026-08-31", "2026-09-30", "2026-10-01"),
}


@pytest.mark.parametrize(("dates", "days"), DATES.items(), ids=DATES.keys())
def test_from_a_date_on_and_until_one(dates: str, days: tuple[str, str, str]) -> None:
    before, held, over = days
    plan = plan_of(f"{BASE}  when data runs out: block\n  {dates} when data runs out: slow to 32 kbps\n")
    remedies = {
        day: type(plan.on(date.fromisoformat(day)).runs_out[0].remedies[0]).__name__ for day in (before, held, over) if day
    }
    assert remedies == {day: "Slow" if day == held else "Block" for day in (before, held, over) if day}


KINDS = {
    "every month grant 20 GB": "grant 10 GB",
    "grant 20 GB bonus data": "grant 10 GB",
    "use allowance first": "use carried, then allowance",
    "unused data: expire": "carry 1 month, cap 1x plan",
    "carry 2 months": "carry 1 month, cap 1x plan",
    "when data runs out: slow to 64 kbps": "when data runs out: block",
    "price 12 EUR a month": "price 9 EUR a month",
    "price 3 EUR": "price 5 EUR",
}
ALL = BASE + "  carry 1 month, cap 1x plan\n  when data runs out: block\n  price 9 EUR a month\n  price 5 EUR\n"


@pytest.mark.parametrize(("line", "replaced"), KINDS.items(), ids=KINDS.keys())
def test_a_line_with_dates_replaces_the_one_of_its_kind_while_it_holds(line: str, replaced: str) -> None:
    text = f"{ALL}  from 2026-02-01 until 2026-03-01 {line}\n"
    always = {day: rules_of(text, day) for day in ("2026-01-31", "2026-02-28", "2026-03-01")}
    assert always["2026-01-31"] == always["2026-03-01"]
    said = line.removeprefix("every month ").removeprefix("unused data: ")
    now = {rule.removeprefix("unused data: ") for rule in always["2026-02-28"]}
    then = set(always["2026-01-31"])
    assert (then - now, now - then) == ({replaced}, {said})


def test_what_no_line_without_dates_says_is_said_only_then() -> None:
    text = f"{HEAD}  through 2026-02-28 grant 10 GB\n  from 2026-02-01 grant 100 sms\n"
    plan = plan_of(text + "  unused sms: carry 1 month, cap 2x plan\n")
    days = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    granted = [[(one.service, one.amount) for one in plan.on(day).grants] for day in days]
    assert granted == [[("data", 10 * GB)], [("data", 10 * GB), ("sms", 100)], [("sms", 100)]]
    assert plan.services == ("data", "sms")


def test_a_hand_with_dates_takes_its_lots_out_of_the_hands_of_others() -> None:
    text = f"{BASE}  unused data and gift data: carry 2 months\n  from 2026-02-01 unused data: expire\n"
    assert [sorted(rule.classes) for rule in plan_of(text).rules] == [["allowance", "gift"]]
    assert [sorted(rule.classes) for rule in plan_of(text).later[0].plan.rules] == [["gift"], ["allowance"]]


def test_two_lines_of_one_time_are_one_hand_and_their_order_stays() -> None:
    text = f"{BASE}  carry 1 month\n  from 2026-02-01 carry 2 months\n  from 2026-02-01 cap 5 GB\n  price 9 EUR a month\n"
    assert [len(plan.rules[0].clauses) for plan in (plan_of(text), plan_of(text).later[0].plan)] == [1, 2]
    one = f"{BASE}  carry 1 month\n  from 2026-02-01 carry 2 months, cap 5 GB\n  price 9 EUR a month\n"
    assert anywhere(plan_of(text)) == anywhere(plan_of(one))


def test_a_plan_is_one_set_of_rules_for_each_time_between_the_dates() -> None:
    text = f"{BASE}  from 2026-02-01 until 2026-04-01 grant 20 GB\n  from 2026-03-01 price 9 EUR a month\n"
    plan = plan_of(text)
    assert [later.start for later in plan.later] == [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]
    rules = [(one.plan.allowance("data"), len(one.plan.prices)) for one in plan.later]
    assert rules == [(20 * GB, 0), (20 * GB, 1), (10 * GB, 1)]
    assert all(one.plan.later == () for one in plan.later)
    assert plan.on(date(2026, 3, 31)) == plan.later[1].plan
    assert plan.on(date(2026, 1, 31)) == plan


def test_an_amount_in_plans_is_of_what_is_granted_then() -> None:
    plan = plan_of(f"{BASE}  carry 1 month, cap 2x plan\n  from 2026-02-01 grant 20 GB\n")
    assert [anywhere(one.rules[0].clauses[1]).amount for one in (plan, plan.later[0].plan)] == [20 * GB, 40 * GB]


def test_a_rate_of_a_plan_may_change() -> None:
    text = "rate 1 GB = 30 minutes\n" + BASE + "  convert to minutes\n  from 2026-02-01 rate 1 GB = 10 minutes\n"
    plan = plan_of(text)
    assert [anywhere(one.rules[0].clauses[0]).to_amount for one in (plan, plan.later[0].plan)] == [30 * MINUTE, 10 * MINUTE]


def test_what_is_assumed_at_one_time_is_told() -> None:
    text = f"{BASE}  through 2026-01-31 when data runs out: slow to 32 kbps\n"
    topics = [one.topic for one in plan_of(text).assumptions]
    assert "runs out data" in topics
    assert len(topics) == len(set(topics))
    said = text + "  from 2026-02-01 when data runs out: block\n"
    assert "runs out data" not in [one.topic for one in plan_of(said).assumptions]


# ---- like ----

PARENT = f"{BASE}  unused data: carry 1 month\n  from 2026-02-01 unused data: carry 2 months\n"


def child(lines: str, day: str) -> list[str]:
    return rules_of(f'{PARENT}plan "B" like "A"\n{lines}', day, "B")[2:]


def test_like_inherits_lines_with_dates() -> None:
    assert child("", "2026-01-31") == ["unused data: carry 1 month"]
    assert child("", "2026-02-01") == ["unused data: carry 2 months"]


def test_what_a_plan_says_itself_replaces_what_the_other_says_of_it_at_any_time() -> None:
    lines = "  unused data: expire\n"
    assert child(lines, "2026-01-31") == child(lines, "2026-02-01") == ["unused data: expire"]
    assert plan_of(f'{PARENT}plan "B" like "A"\n{lines}', "B").later == ()


def test_what_a_plan_says_itself_of_a_time_replaces_what_the_other_says_of_that_time() -> None:
    lines = "  from 2026-03-01 unused data: expire\n"
    days = ("2026-01-31", "2026-02-01", "2026-03-01")
    assert [child(lines, day) for day in days] == [
        ["unused data: carry 1 month"], ["unused data: carry 2 months"], ["unused data: expire"],
    ]  # fmt: skip


# ---- a run across a date ----


def test_each_rule_acts_in_its_time() -> None:
    comes_out(f"""{BASE}
  carry 1 month, cap 1x plan
  from 2026-02-01 grant 20 GB
  from 2026-02-15 until 2026-03-01 use allowance, then carried
  when data runs out: block
  through 2026-02-28 when data runs out: sell 1 GB at 3 EUR
  price 9 EUR a month
  from 2026-03-01 price 12 EUR a month

  example "sold until the end of February, and dearer from March on"
    use 4 GB -> available 10 GB, carried 6 GB, charged 9 EUR
    on 2026-02-14 use 1 GB -> left 5 GB carried
    on 2026-02-15 use 1 GB -> left 5 GB carried, left 24 GB
    on 2026-02-28 23:59 use 25 GB -> overage 1 GB, charged 12 EUR
    on 2026-03-01 use 25 GB -> overage 5 GB, charged 12 EUR
""")


def test_what_closes_at_a_date_closes_by_the_rules_before_it() -> None:
    """`through 31 January` is about the data of January, and `from 1 February` about that of February."""
    comes_out(f"""{BASE}
  through 2026-01-31 unused data: carry 1 month
  from 2026-03-01 unused data: carry 1 month, cap 5 GB

  example "what is left of January carries, what is left of February does not, and of March 5 GB do"
    use 2 GB -> carried 8 GB
    use 10 GB -> carried 0 GB, expired 8 GB
    use 0 GB -> available 10 GB, carried 5 GB
""")


def test_what_begins_at_a_date_begins_by_the_rules_of_it() -> None:
    then = "  from 2026-02-01 grant 20 GB\n  from 2026-02-01 price 1 EUR a month\n"
    found = after(f"{BASE}  carry 1 month, cap 1x plan\n{then}", 0, 0)
    assert column(found, "available") == [10 * GB, 30 * GB]
    assert column(found, "carried_out") == [10 * GB, 20 * GB], "the cap of January is that of January's plan"
    assert [cycle.charged for cycle in found.statement.cycles] == [{}, {"EUR": 100}]


def test_use_at_the_date_is_by_the_rules_of_it_and_a_second_before_by_those_before_it() -> None:
    text = f"timezone Asia/Manila\n{HEAD}  grant 1 GB\n  from 2026-01-10 when data runs out: sell 1 GB at 1 EUR\n"
    for at, charged in ((datetime(2026, 1, 9, 23, 59, 59), {}), (datetime(2026, 1, 10), {"EUR": 100})):
        found = after(text, dated=(Dated(at, use(2 * GB), NOWHERE),))
        assert found.statement.cycles[0].charged == charged, at


def test_lots_that_are_there_stay_as_they_are() -> None:
    text = f"{HEAD}  grant 10 GB\n  carry 3 months\n"
    changed = text + "  from 2026-02-10 grant 1 GB\n  from 2026-02-10 unused data: expire\n"
    found = after(changed, 0, 0, 0, 0)
    assert column(found, "carried_out") == [10 * GB, 10 * GB, 10 * GB, 0], "January's, to its end on 1 May"
    assert column(found, "expired") == [0, 10 * GB, GB, 11 * GB]


def test_what_is_carried_belongs_to_the_hand_whatever_its_rules_are_at_the_time() -> None:
    text = f"{BASE}  carry 1 month each time\n  from 2026-02-10 carry 1 month each time, cap 15 GB\n"
    assert column(after(text, 0, 0, 0), "carried_out") == [10 * GB, 15 * GB, 15 * GB]
    gone = f"{BASE}  through 2026-01-31 unused data: carry 1 month\n"
    assert column(after(gone, 0, 0), "carried_out") == [10 * GB, 0]


def test_a_start_behind_the_date_goes_by_its_rules_from_the_first_grant_on() -> None:
    text = f"{BASE}  from 2025-06-01 grant 20 GB\n  from 2026-01-01 price 3 EUR\n"
    found = after(text, 0)
    assert column(found, "available") == [20 * GB]
    assert found.statement.cycles[0].charged == {"EUR": 300}


def test_blocks_sold_are_counted_on_where_the_rule_stays_and_anew_where_it_changes() -> None:
    rule = "when data runs out: sell 1 GB at 1 EUR up to 2 GB"
    steps = (Dated(datetime(2026, 1, 5), use(3 * GB), NOWHERE), Dated(datetime(2026, 1, 20), use(2 * GB), NOWHERE))
    head = f"{HEAD}  grant 1 GB\n"
    same = after(f"{head}  {rule}\n  from 2026-01-10 price 1 EUR a month\n", dated=steps)
    changed = after(f"{head}  {rule}\n  from 2026-01-10 {rule}\n", dated=steps)
    assert [found.statement.cycles[0].charged["EUR"] for found in (same, changed)] == [200, 400]


PACK = """
pack "P"
  every month grant 5 GB
  price 3 EUR a month
  unused data: carry 1 month
  from 2026-02-15 every month grant 8 GB
  from 2026-02-15 price 4 EUR a month
  from 2026-02-15 until 2026-03-15 unused data: expire
"""


def test_a_pack_may_change_and_who_has_it_gets_what_it_is_then() -> None:
    found = after(BASE + PACK, (Buy("P"), use(10 * GB)), 10 * GB, 10 * GB, 10 * GB)
    assert column(found, "received") == [5 * GB, 0, 0, 0]
    assert column(found, "granted") == [10 * GB, 15 * GB, 18 * GB, 18 * GB]
    assert [cycle.charged["EUR"] for cycle in found.statement.cycles] == [300, 300, 400, 400]
    # Left of January's pack: carried; of February's, which closes on 1 March: gone; of March's, on 1 April: carried.
    carried = column(found, "carried_out")
    assert carried[0] == 5 * GB
    assert carried[1] == 0
    assert carried[2] == 8 * GB


def test_a_pack_that_is_bought_is_the_one_that_is_sold_then() -> None:
    text = BASE + '\npack "Q"\n  grant 1 GB for 10 days\n  from 2026-01-15 grant 2 GB for 10 days\n'
    days = (datetime(2026, 1, 14, 23, 59, 59), datetime(2026, 1, 15))
    assert [column(after(text, dated=(Dated(day, Buy("Q"), NOWHERE),)), "received")[0] for day in days] == [GB, 2 * GB]


def test_the_dates_of_a_pack_are_no_dates_of_a_plan_of_another_file() -> None:
    assert len(plan_of(BASE + PACK).later) == 2
    assert plan_of(BASE).later == ()


@pytest.mark.parametrize(("zone", "day"), [("America/Santiago", "2026-09-06"), ("Pacific/Apia", "2011-12-30")])
def test_a_date_whose_midnight_the_clock_leaves_out(zone: str, day: str) -> None:
    start = datetime.fromisoformat(day).replace(day=1)
    text = f"timezone {zone}\n{HEAD}  grant 1 GB\n  from {day} grant 2 GB\n  from {day} when data runs out: slow to 1 Mbps\n"
    found = after(text, 0, 0, start=start)
    assert column(found, "granted") == [GB, 2 * GB]


def test_an_account_can_be_kept_and_gone_on_with_at_a_date() -> None:
    plan = plan_of(f"{BASE}  carry 1 month\n  from 2026-02-10 grant 20 GB\n  from 2026-02-10 unused data: expire\n")
    whole, half = (Account(plan, datetime(2026, 1, 1)) for _ in range(2))
    end, at = whole.calendar.boundary(3), whole.calendar.midnight(date(2026, 2, 10))
    whole.advance(end)
    for split in (at - 1, at):
        half.advance(split)
        half = pickle.loads(pickle.dumps(half))
    half.advance(end)
    assert half.ledger.postings == whole.ledger.postings


# ---- mistakes ----


def codes(lines: str) -> list[str]:
    return [found.code for found in check(Source("x.plan", BASE + lines)).diagnostics]


APART = {
    "one ends where the other begins": "until 2026-09-01 {0}|from 2026-09-01 {1}",
    "through the day before": "through 2026-08-31 {0}|from 2026-09-01 {1}",
    "a gap between them": "until 2026-08-01 {0}|from 2026-09-01 {1}",
}
TOGETHER = {
    "the day itself": "through 2026-09-01 {0}|from 2026-09-01 {1}",
    "for good": "from 2026-09-01 {0}|from 2026-10-01 {1}",
    "one in the other": "from 2026-09-01 until 2026-12-01 {0}|from 2026-10-01 until 2026-11-01 {1}",
}
PAIRS = {
    "grants": ("grant 20 sms", "grant 30 sms"),
    "hands": ("unused data: carry 1 month", "unused data: carry 2 months"),
    "remedies": ("when data runs out: block", "when data runs out: slow to 64 kbps"),
    "orders": ("use oldest carried data", "use newest carried data"),
    "prices": ("price 1 EUR a month", "price 2 EUR a month"),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_two_lines_about_one_thing_never_hold_at_one_time(pair: tuple[str, str]) -> None:
    for form in APART.values():
        assert codes("".join(f"  {line}\n" for line in form.format(*pair).split("|"))) == []
    for form in TOGETHER.values():
        assert codes("".join(f"  {line}\n" for line in form.format(*pair).split("|"))) == ["R242"]


def test_two_grants_of_one_time_are_both_granted() -> None:
    text = f"{BASE}  from 2026-02-01 grant 20 GB\n  from 2026-02-01 grant 5 GB bonus data\n"
    assert plan_of(text).on(date(2026, 2, 1)).allowance("data") == 25 * GB


def test_a_hint_that_a_line_never_acts_is_about_all_times() -> None:
    """Below 20 GB the allowance leaves room for what carries; from February on it does not."""
    cap = "  unused data: carry 1 month, cap 20 GB with allowance\n"
    assert codes(cap + "  from 2026-02-01 grant 30 GB\n") == []
    assert codes(cap + "  until 2026-02-01 grant 30 GB\n  from 2026-02-01 grant 40 GB\n") == ["R293", "R293"]


def test_a_line_that_lines_with_dates_always_replace_is_told() -> None:
    lines = "  until 2026-02-01 price 1 EUR a month\n  from 2026-02-01 price 2 EUR a month\n  price 3 EUR a month\n"
    assert codes(lines) == ["R293"]
    assert codes(lines.replace("from 2026-02-01", "from 2026-02-02")) == []


def test_a_mistake_of_one_time_is_told_once() -> None:
    lines = "  price 1 GB\n  from 2026-02-01 grant 20 GB\n  from 2026-03-01 until 2026-04-01 price 1 GB a month\n"
    assert codes(lines) == ["R109", "R109"]


def test_a_mistake_in_a_line_with_dates_of_a_pack_is_told() -> None:
    text = BASE + 'pack "P"\n  grant 1 GB\n  from 2026-02-01 unused data: convert to minutes\n'
    assert [found.code for found in check(Source("x.plan", text)).diagnostics] == ["R207"]


def test_lines_with_dates_do_not_part_clauses_that_are_together() -> None:
    assert codes("  carry 1 month\n  from 2026-02-01 carry 2 months\n  cap 10 GB\n") == ["R208"]
