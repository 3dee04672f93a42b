"""From a figure to the lots, to the postings, to the rule, and back; without a screen."""

from __future__ import annotations

from datetime import datetime

from shipped import source
from test_past import FLEX, GB, at, ran

from dsl.check import check
from dsl.source import Source
from engine.past import Past
from engine.run import Run, run
from tui.card import Card
from tui.chart import Chart, Part
from tui.forecast import Forecast
from tui.lots import CycleLots, Story
from tui.moved import Moved
from tui.naming import Names
from tui.ruler import Ruler, area
from tui.session import sample_usage, usage_scenario
from tui.table import table


def flex() -> tuple[Run, Names]:
    """The shipped example on the usage of its worked example; its months are in the docs, too."""
    text = source("flex.plan")
    plan = check(text).plans[0]
    usage = [{"data": int(amount * GB)} for amount in (6, 25, 20, 31.5, 0)]
    found = run(plan, usage_scenario(plan, usage))
    return found, Names(found, text)


def lots(found: Run, names: Names, service: str, number: int) -> CycleLots:
    return CycleLots(Past(found), names, service, number, found.statement.cycle(number).end - 1)


def story(lots_of: CycleLots, index: int, *, is_folded: bool = True) -> Story:
    lot = lots_of.lot(index)
    return Story(lots_of.names, lots_of.past.moves(lot.number) if lot else lots_of.beside, lot, is_folded=is_folded)


# ---- why did 3.33 GB expire?


def test_why_a_gigabyte_expired() -> None:
    """The table says that 3.33 GB of May expired: its cycle has two lots, and of one of them the conversion left that over."""
    found, names = flex()
    assert names.amount("data", found.statement.cycle(5).services["data"].expired) == "3.33 GB"
    of_may = lots(found, names, "data", 5)
    rows = [of_may.row(index) for index in range(len(of_may))]
    assert [(row.kind, row.born, row.ends, row.came, row.left) for row in rows] == [
        ("allowance", "1 May", "1 Jun", "20 GB", "20 GB"),
        ("carried", "1 May", "1 Jul", "10 GB", "-"),
    ]
    told = story(of_may, 0)
    assert [(move.when, move.amount, move.what, move.rule) for move in map(told.row, range(len(told)))] == [
        ("1 May", "+20 GB", "granted for the cycle", "line 6: grant 20 GB data"),
        ("1 Jun", "-10 GB", "carried, now carried of 1 May", "line 8: carry 1 month"),
        ("1 Jun", "-6.67 GB", "converted", "line 8: convert the rest to minutes"),
        ("1 Jun", "-3.33 GB", "expired: was above the cap of the conversion", "line 8: convert the rest to minutes"),
    ]
    assert told.went() == "10 GB carried, 6.67 GB converted, 3.33 GB expired: was above the cap of the conversion"


def test_use_that_nothing_covered_is_of_no_lot() -> None:
    found, names = flex()
    of_april = lots(found, names, "data", 4)
    assert of_april.row(len(of_april) - 1).kind == "no lot"
    (move,) = map(story(of_april, len(of_april) - 1).row, [0])
    assert (move.amount, move.what, move.rule) == (
        "6.5 GB",
        "not covered by any lot, 7 times",
        "line 9: slow to 128 kbps",
    )


def test_alike_postings_are_one_row_or_one_each() -> None:
    found, names = flex()
    of_january = lots(found, names, "data", 1)
    folded, each = story(of_january, 0), story(of_january, 0, is_folded=False)
    assert (folded.row(1).when, folded.row(1).what) == ("1 Jan – 31 Jan", "used, 31 times")
    assert len(each) == 1 + 31 + 2
    assert each.row(1).what == "used"


def test_a_posting_knows_the_lot_on_its_other_side() -> None:
    found, names = flex()
    carried = story(lots(found, names, "data", 2), 0)
    other = carried.row(0).other
    assert other is not None
    assert str(found.lots[other].lot_class) == "allowance"


# ---- what did a rule move?


def test_the_figures_that_a_rule_moved() -> None:
    found, _ = flex()
    moved = Moved(found, 8)
    assert moved.said(["data"])[-1] == ("line 8: carried 30 GB, converted 10.67 GB, expired 3.33 GB, used 20 GB, in 5 cycles")
    may, january = moved.figures("data", 5), moved.figures("data", 1)
    assert may
    assert january
    assert may.expired == found.statement.cycle(5).services["data"].expired
    assert january.granted == 0
    assert moved.figures("sms", 1) is None
    assert moved.parts("data", 4) == [Part.CARRIED_USED]
    assert Moved(found, 6).parts("data", 4) == [Part.ALLOWANCE_USED]


def test_a_line_without_a_rule_moves_nothing_and_says_nothing() -> None:
    found, _ = flex()
    assert Moved(found, 4).said(["data"]) == []
    assert Moved(found, 4).parts("data", 1) == []


def test_a_rule_that_moved_nothing_says_so() -> None:
    assert Moved(ran(FLEX, 20), 6).said(["data", "voice"]) == ["line 6 moved nothing here"]


# ---- bars


def test_a_bar_tells_what_of_the_use_was_carried_and_where_the_cap_stands() -> None:
    found = ran(FLEX, 6, 25)
    chart = Chart(found, "data")
    january, february = ("".join(one.text for one in chart.bar(index, 36)) for index in (0, 1))
    assert january == "██████▓▓▓▓▓▓▓▓▓▓│▒▒▒▒"
    assert february == "███████████████■■■■■■■■■■▓▓▓▓▓     │"
    assert [text for _, text in chart.legend()] == [
        "█ allowance used",
        "■ carried used",
        "▓ carried",
        "▒ converted",
        "│ cap 10 GB",
    ]


def test_what_is_lit_is_marked_whatever_the_colours() -> None:
    chart = Chart(ran(FLEX, 6), "data")
    assert "".join(one.text for one in chart.bar(0, 21, [Part.CARRIED])) == "██████▓▓▓▓▓•▓▓▓▓│▒▒▒▒"


def test_of_several_caps_each_says_its_line() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB, 2 GB bonus data\n  unused data: carry 1 month, cap 4 GB\n' + (
        "  bonus data: carry 1 month, cap 1 GB\n  use bonus, then carried, then allowance\n"
    )
    legend = [text for _, text in Chart(ran(text, 3), "data").legend()]
    assert legend[-1] == "│ cap 4 GB (line 3), 1 GB (line 4)"
    assert "▆ bonus used" in legend


def test_a_cap_far_beyond_every_bar_does_not_shrink_them() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  use allowance first\n  carry 1 month, cap 400 GB\n'
    assert "".join(one.text for one in Chart(ran(text, 4), "data").bar(0, 11)) == "████▓▓▓▓▓▓"


def test_a_line_that_joins_later_has_bars_of_its_own() -> None:
    text = (
        FLEX
        + "  share with up to 2 lines\n"
        + '\n  example "two"\n    use 6 GB\n    use 5 GB\n'
        + (
            '    on 2026-02-10 "Kid" joins on "Kid"\n    on 2026-02-12 "Kid" use 1 GB\n    use 1 GB\n\n'
            'plan "Kid" prepaid\n  grant 2 GB\n'
        )
    )
    checked = check(Source("a.plan", text))
    assert checked.diagnostics == ()
    found = run(checked.plans[0], checked.scenarios[0], checked.plans)
    kid = found.line("Kid")
    assert kid.statement.cycles[0].number == 2
    assert sum(Chart(kid, "data").parts[0].values()) == 2 * GB
    assert '"Kid" on Kid' in table(found, 100)


# ---- the card


def test_the_card_says_what_ends_and_how_long_it_lasts() -> None:
    found, names = flex()
    card = Card(Past(found), names, at(found, "2026-01-20"))
    assert card.title() == ["20 Jan 2026 00:00", "cycle 1 of 5", "12 days to go"]
    meter = card.meter("data")
    assert meter.texts == ("3.87 GB", "16.13 GB", "0 GB")
    assert card.ahead("data") == [
        "Next: 16.13 GB of data end on 1 Feb; in this history: 10 GB carried, 4 GB converted.",
        "At this pace 13.81 GB of data are left when the cycle ends on 1 Feb.",
        "In this history 3.33 GB expire on 1 Jun.",
    ]


def test_the_card_says_what_happens_at_its_moment() -> None:
    found, names = flex()
    past = Past(found)
    ran_out = Card(past, names, past.next_event(at(found, "2026-04-01")) or 0)
    assert ran_out.title()[:3] == ["24 Apr 2026 00:00", "cycle 4 of 5", "runs out: data"]
    assert Card(past, names, at(found, "2026-06-01")).title() == [
        "1 Jun 2026 00:00", "after the last cycle", "expires: voice, sms, data",
    ]  # fmt: skip


def test_the_card_says_when_it_runs_out() -> None:
    found, names = flex()
    april = Card(Past(found), names, at(found, "2026-04-10"))
    assert april.ahead("data")[1] == "At this pace data runs out on 28 Apr, 2 days before the cycle ends."
    at_the_end = Card(Past(found), names, at(found, "2026-04-30"))
    assert "No data is left." in at_the_end.ahead("data")
    in_may = Card(Past(found), names, at(found, "2026-05-31"))
    assert in_may.ahead("data")[1] == "No data was used in the last four weeks."


def test_the_meter_is_as_long_as_it_should_be_and_shows_what_was_kept() -> None:
    found, names = flex()
    meter = Card(Past(found), names, at(found, "2026-02-05")).meter("data")
    kept, fresh, used = meter.bar(30)
    assert (len(kept), len(fresh) + len(kept), len(kept + fresh + used)) == (5, 26, 30)
    assert Card(Past(found), names, at(found, "2025-12-31")).meter("data").bar(30) == ("", "", "")


# ---- the year


def test_a_column_of_the_axis_is_an_instant_and_back() -> None:
    found, names = flex()
    cycles = found.statement.cycles
    for wide in (20, 78, 400):
        ruler = Ruler(cycles[0].start, cycles[-1].end, wide)
        assert all(ruler.column(ruler.instant(column)) == column for column in range(wide))
    ruler = Ruler(cycles[0].start, cycles[-1].end, 61)
    boundaries = [cycles[0].start, *(cycle.end for cycle in cycles)]
    assert ruler.ruler(boundaries).count("┴") == 6
    assert ruler.labels(names, boundaries).split("  ")[0] == "1 Jan"
    assert ruler.marks(Past(found), "data").strip().replace(" ", "") == "!×"
    assert Ruler(cycles[0].start, cycles[-1].end, 25).labels(names, boundaries).split() == [
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
    ]


def test_what_is_there_over_the_year_is_an_area_with_what_was_kept_below() -> None:
    found, _ = flex()
    january = Ruler(at(found, "2026-01-01"), at(found, "2026-03-01") - 1, 12)
    assert area(january.balances(Past(found), "data"), 3) == ["      █▄    ", "██▇▆▅▄███▃  ", "██████▓████▄"]


# ---- the plan stays while one of its rules is looked at


def test_a_rule_of_a_plan_it_is_like_does_not_change_the_plan_that_is_shown() -> None:
    forecast = Forecast()
    forecast.checked = check(source("flex.plan"))
    forecast.look(45)
    assert forecast.plan
    assert forecast.plan.name == "Flex 40"
    forecast.hold(6)
    forecast.look(6)
    assert forecast.plan.name == "Flex 40"
    forecast.look(7)
    assert forecast.plan.name == "Flex 20"
    forecast.look(6)
    assert forecast.plan.name == "Flex 20", "only as long as the cursor stays"


def test_a_plan_of_days_over_years_tells_the_year_with_each_day() -> None:
    plan = check(Source("a.plan", 'plan "A" prepaid\n  cycle: year\n  grant 9 GB\n')).plans[0]
    found = run(plan, usage_scenario(plan, sample_usage(plan)))
    names = Names(found)
    assert names.day(at(found, "2027-01-01")) == "1 Jan 27"
    assert Card(Past(found), names, at(found, "2027-01-01")).title()[0] == "1 Jan 27 00:00"
    assert found.calendar.local(found.statement.cycles[0].start) == datetime(2026, 1, 1)
