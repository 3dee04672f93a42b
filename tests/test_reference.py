"""The reference: every choice on which real operators differ stands in docs/language.md as a line one can paste, in an example
that shows what it does, and where a text is ambiguous the page says what the checker says.

The rows are those of the language's table of questions; what is assumed if unsaid is in `ASSUMED`.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from test_docs import ROOT, blocks

from dsl.check import check
from dsl.source import Source
from engine.judge import missed
from engine.run import HistoryError, run

PAGE = ROOT / "docs" / "language.md"
QUESTIONS = ROOT.parent / "shared" / "design" / "LANGUAGE.md"

CELLS: dict[str, tuple[str, ...]] = {
    "cycle": (
        "cycle: month from activation", "cycle: calendar month", ", first one by day", "cycle: 30 days", "cycle: week",
        "cycle: day", "cycle: every 3 months", "cycle: year", "cycle: 30 days in blocks of 365 days",
        "cycle: 30 days from first use", "cycle: from the 15th",
    ),
    "short months": (
        ", short month on its last day", ", days 29 to 31 move to the 28th", ", short month overflow",
        "cycle: month on the last day of the month",
    ),
    "instant of a boundary": (", at the hour of activation", ", at 05:00"),
    "for 7 days from 1 Oct 15:00": (" for 7 days", " for 168 hours", " for 7 days counting the first", " to midnight"),
    "any end": (
        " for 2 months", " for 2 cycles", " to the end of the next month", " to the end of the next cycle",
        "to the new end", "to the later end", " until Friday", " through Friday", ' with pack "Bono"', " without end",
        " for 7 days until 2026-10-22", " for 7 days from first use until 2026-12-31", " to the end of the month",
    ),
    "month after carry": ("carry 1 month", "carry 1 cycle"),
    "dates": ("from 2026-02-01 until 2026-03-01 grant 20 GB", "through 2026-02-01 grant 20 GB"),
    "what rolls": (
        "unused data: carry 1 cycle", "unused data and add-on data: carry 1 cycle", "bonus data: carry 1 cycle",
        "gift data: carry 1 month", "unused EUR: carry 1 cycle", "carry 1 month, cap 8 GB",
    ),
    "life of what rolls": (
        "carry 12 cycles", "carry 12 months", "carry 365 days", " from rolling", " from grant", " each time",
    ),
    "part of it": ("40% of it", "what is saved", " in steps of 1 GB", " rounded up"),
    "cap counts": (
        "carry 3 cycles, cap 15 GB", " on carried", " with allowance", " a cycle", ", cap 2x plan", ", cap 50% of plan",
        ", cap 4 GB a cycle, cap 6 GB", " on all carried",
    ),
    "cap cuts": (", newest goes first", ", oldest goes first", ", earliest to end goes first"),
    "order of use": (
        "use soonest to end first", "use allowance, then carried", 'use "Extra", then newest carried, then allowance',
        "use oldest first, then bonus", "use narrowest scope first", ', then only "video" first',
        ", own first", ", shared first",
    ),
    "conditions": (
        ", if paid", ", if active", ", if opted in", ", if held the whole cycle", ", if after the first cycle",
        ", if used at least 1 MB", ", if renewed on time", ", if renewed within 7 days",
        ", if renewed at least 24 hours before the end", ", if renewed by hand", ", if same plan", ', if same group "Family"',
        ", if same or bigger", ", if tenure at least 60 days", ", if 2 cycles in a row", ", if no carried data is left",
        ", if at most 5 GB is left", ", if not opted in and paid", ", if held at least 24 hours",
    ),
    "events": (
        "when the plan changes, unused data", "when the plan changes up, unused data",
        "when the plan changes down, unused data",
        "when the plan changes to a bigger plan, unused data", "when the plan changes to a smaller plan, unused data",
        'when the plan changes inside group "Family", unused data', 'when the plan changes outside group "Family", unused data',
        'when the plan changes to "XL", unused data',
        "when renewed early, unused data", "when renewed late, unused data", "when not renewed, unused data",
        "when payment fails, unused data", "when suspended, unused data", "when resumed, unused data",
        "when a member leaves, bonus data", "when the owner leaves, unused data", "when the line ends, unused data",
        "when bought again, unused data", 'when "Day pass" is bought, unused data', 'when "Day pass" ends, unused data',
        "when asked, unused data", "when it starts, add-on data",
    ),
    "clauses": (
        "carry 1 cycle, cap 2 GB", "extend 1 month", ", cap 2 GB", ", convert the rest to minutes", ", expire the rest",
        "when asked, unused data: give", "when suspended, unused data: freeze", "when suspended, unused data: keep, cap 2 GB",
        ", cap 1x new plan",
    ),
    "renewal": (
        "renewal early: adds", "renewal early: restart the clock", "renewal early: stack the clock", "renewal early: expire",
        "renewal late: nothing left", "renewal late: grace 7 days", ", frozen",
    ),
    "plan change": (
        "change: new plan now", "change: new plan next cycle", "change up: new plan now", "change down: new plan next cycle",
        ", allowance whole", ", allowance by day", ", allowance by the second", ", restart the clock",
    ),
    "suspension": ("when suspended, unused data: freeze",),
    "conversion": (
        "unused data: convert to minutes", " in steps of 1 GB", "rate 1 GB = 30 minutes", ", convert the rest to points",
        " to the end of the next cycle", " for 90 days", ", cap 90 minutes", " at 0.50 EUR", "convert to money",
        "convert to points without end", "convert to the next bill", "when asked, unused data: convert to minutes",
    ),
    "rounding": (
        "minutes count in steps of 60 s, then 1 s", "data counts in steps of 50 MB", "data counts to the nearest KB",
        " in steps of 1 GB rounded up",
    ),
    "runs out": (
        "when data runs out: slow to 64 kbps", "when data runs out: block",
        "sell 50 MB at 10 MYR up to 500 MB a cycle, then slow to 64 kbps", " up to 3 times", " up to 7 MYR a cycle",
        "borrow 500 MB from the next cycle", "when asked: borrow data from the next cycle", "owe the rest", " from credit",
        "when data runs out if opted in: sell 1 GB at 5 MYR",
    ),
    "prices": (
        "price 9 EUR a month", ", whole", ", by day", "price 4 EUR a month for each further line", "price 3 EUR",
        " every 3 cycles",
    ),
    "sharing": (
        "share with up to 4 lines", "share data with up to 4 lines", ", each up to 5 GB a month", ", each adds 5 GB",
        "by lines: 1 4 GB, 2 7 GB", 'share bonus data and "Extra" data with lines',
    ),
    "gifts": (
        "when asked, unused data: give", " for 7 days", "give in steps of 1 GB", ", at most 0.5x plan a cycle",
        ", at most 2 times a month", ", keeping 8 GB", " to family", "gift data: carry 1 month",
    ),
    "limits on any action": (
        "at most 2 times a cycle", "at most 1 time a day", "at most 2 times in 10 days", "at most 1 time ever",
        "at most 1.5 GB a cycle", "at most 1 held", ' in group "Extras"', "sold if tenure at least 1 month",
        ", at most 4 GB a cycle received", "at most 1 GB at a time",
    ),
    "adjustments": (
        "every cycle fill data up to 25 GB", "add 5 GB", "remove 12 GB from allowance", " to zero", 'void "Extra"',
    ),
    "promotions": (
        "from 2026-03-01 until 2026-03-08", ", at the next renewal", ", on opt-in", "multiply the allowance by 2",
        " in each of 6 cycles", " for 6 cycles", "every 2 renewals in a row grant 5 GB bonus data",
        " for every 3 renewals in all",
        "every month grant 4 GB bonus data",
    ),
    "contract": (
        "contract 24 months", "leaving early: charge 24 EUR", ", by day", " for each month left", " for each month used",
    ),
    "scope of a lot": (
        " only at home", " only at night", " only on weekends", ' only "video"', ' only in "Macau"', '"app" counts 0.5',
    ),
    "other unit": ("unit flex", "1 minute uses 2 flex", ", unlimited sms"),
    "like": ('plan "B" like "A"',),
    "groups": ('group "Rollover": "A", "B"',),
    "ensure": (
        "ensure data never above 25 GB", " with promotions", "ensure carried data never above 5 GB",
        "ensure converted minutes never above 60 minutes", "ensure what is charged is never above 29 EUR a cycle",
        "ensure due never above 68 EUR", "ensure no data expires before a full cycle has passed",
        "ensure no minutes expire before 2 cycles have passed", 'ensure "B" is never worse than "A"',
        "assume usage at most 40 GB a cycle",
    ),
    "late records": (),  # no words of a plan: `rollover run --late`
}  # fmt: skip

# What a plan that does not say it means all the same: without these words nothing is different.
ASSUMED = {
    "cycle: month from activation", ", short month on its last day", " from rolling", " on carried",
    ", newest goes first", "use soonest to end first", "renewal early: adds", "renewal late: nothing left",
    "change: new plan next cycle", "change down: new plan next cycle", ", allowance whole",
    " to the end of the next cycle", "when data runs out: block", ", whole",
    ", own first",
}  # fmt: skip

# A claim limits nothing, a group is a name, and slow is a speed: without these words the figures are the same.
WITHOUT_FIGURES = {
    *CELLS["ensure"], 'group "Rollover": "A", "B"', "when data runs out: slow to 64 kbps",
}  # fmt: skip


@cache
def plans() -> tuple[str, ...]:
    return tuple(blocks(PAGE, "plan"))


@cache
def came_out(text: str) -> str:
    """What becomes of a text: `wrong` where it can't be read or told, `other` where an example of it misses, else `same`."""
    checked = check(Source("cell.plan", text))
    if any(one.is_error for one in checked.diagnostics):
        return "wrong"
    for scenario in checked.scenarios:
        plan = checked.plan(scenario.plan)
        assert plan is not None
        try:
            if missed(run(plan, scenario, checked.plans)):
                return "other"
        except HistoryError:
            return "wrong"
    return "same"


def without(text: str, cell: str) -> list[list[str]]:
    """For each line that has those words: the text without the words, and without the line."""
    found = []
    for number, line in enumerate(lines := text.splitlines()):
        if re.search(rf"{re.escape(cell)}(?![\w%])", line):
            shorter = [line.replace(cell, "", 1)] if line.strip() != cell.strip() else []
            found.append(["\n".join([*lines[:number], *less, *lines[number + 1 :]]) + "\n" for less in (shorter, [])])
    return found


@pytest.mark.parametrize(("row", "cell"), [(row, cell) for row, cells in CELLS.items() for cell in cells])
def test_each_choice_stands_in_an_example_that_shows_what_it_does(row: str, cell: str) -> None:
    found = [{came_out(less) for less in place} for text in plans() for place in without(text, cell)]
    assert found, f"{row}: no example of the page has `{cell}`"
    if cell in ASSUMED:
        assert any("same" in place for place in found), f"{row}: `{cell}` is assumed, and without it something is different"
    elif cell not in WITHOUT_FIGURES:
        shown = any("other" in place or place == {"wrong"} for place in found)
        assert shown, f"{row}: without `{cell}` every example comes out the same"


def test_each_question_of_the_language_is_a_row() -> None:
    if not QUESTIONS.exists():
        pytest.skip("the table of questions is not beside this checkout")
    table = QUESTIONS.read_text(encoding="utf-8").split("## 4.")[1].split("**Examples**")[0]
    asked = [row.split("|")[1].replace("`", "").strip() for row in table.splitlines() if row.startswith("| ")]
    assert asked[1:] == list(CELLS)


WRONG = blocks(PAGE, "wrong")


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_the_checker_says_of_an_ambiguous_text(text: str) -> None:
    source = Source("wrong.plan", text)
    said = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    found = [words for one in check(source).diagnostics for words in (f"{one.code}: {one.message}", one.help)]
    assert said == found
