"""Headers and settings of a plan: its name, units, cycle, contract and lines."""

from __future__ import annotations

from dsl import nodes
from dsl.builder.children import (
    Child,
    Numbered,
    all_of,
    at_of,
    choices_of,
    digits_of,
    first_of,
    has,
    says,
    word_in,
    word_of,
    words_of,
)
from dsl.nodes import Flag, Word


class Settings:
    # headers and settings

    prepaid = says(Flag.PREPAID)
    postpaid = says(Flag.POSTPAID)

    def like(self, children: list[Child]) -> Word:
        return word_of(children[1])

    def plan(self, children: list[Child]) -> nodes.PlanHeader:
        name = word_of(children[1])
        return nodes.PlanHeader(name, all_of(children, nodes.Said), all_of(children, Word), at_of(children))

    def pack(self, children: list[Child]) -> nodes.PackHeader:
        return nodes.PackHeader(word_of(children[1]), at_of(children))

    def promotion(self, children: list[Child]) -> nodes.PromotionHeader:
        name, *plans = words_of(children, "NAME")
        return nodes.PromotionHeader(name, tuple(plans), at_of(children))

    def example(self, children: list[Child]) -> nodes.ExampleHeader:
        return nodes.ExampleHeader(word_of(children[1]), at_of(children))

    def _equation(self, children: list[Child], is_rate: bool) -> nodes.Equation:
        left, right = all_of(children, nodes.Quantity)
        return nodes.Equation(is_rate, left, right, at_of(children))

    def units(self, children: list[Child]) -> nodes.Equation:
        return self._equation(children, is_rate=False)

    def rate(self, children: list[Child]) -> nodes.Equation:
        return self._equation(children, is_rate=True)

    def unit(self, children: list[Child]) -> nodes.Unit:
        return nodes.Unit(word_of(children[1]), at_of(children))

    def timezone(self, children: list[Child]) -> nodes.Timezone:
        return nodes.Timezone(word_of(children[-1]), at_of(children))

    # cycle

    from_activation = says(Flag.FROM_ACTIVATION)
    on_last_day = says(Flag.ON_LAST_DAY)
    first_whole = says(Flag.FIRST_WHOLE)
    first_by_day = says(Flag.FIRST_BY_DAY)
    clamp = says(Flag.CLAMP)
    overflow = says(Flag.OVERFLOW)

    at_activation = says(Flag.AT_ACTIVATION)

    def at_clock(self, children: list[Child]) -> nodes.AtClock:
        return nodes.AtClock(word_of(children[1]), at_of(children))

    def in_blocks(self, children: list[Child]) -> nodes.InBlocks:
        return nodes.InBlocks(children[1], at_of(children))

    def from_day(self, children: list[Child]) -> nodes.FromDay:
        return nodes.FromDay(digits_of(children[-1]), at_of(children))

    def move_to_28(self, children: list[Child]) -> nodes.MoveTo:
        return nodes.MoveTo(digits_of(children[-1]), at_of(children))

    def _length(self, children: list[Child], unit: str) -> nodes.Cycle:
        number = word_in(children, "NUMBER") or Word("1", at_of(children))
        return nodes.Cycle(number, unit, choices_of(children), at_of(children))

    def every_months(self, children: list[Child]) -> nodes.Cycle:
        return self._length(children, "calendar month" if has(children, "CALENDAR") else "month")

    def every_days(self, children: list[Child]) -> nodes.Cycle:
        return self._length(children, "day")

    def every_week(self, children: list[Child]) -> nodes.Cycle:
        return self._length(children, "week")

    def every_year(self, children: list[Child]) -> nodes.Cycle:
        return self._length(children, "year")

    def cycle(self, children: list[Child]) -> nodes.Cycle:
        # An anchor alone is one of months.
        length = first_of(children, nodes.Cycle) or nodes.Cycle(Word("1", at_of(children)), "month", (), at_of(children))
        return nodes.Cycle(length.number, length.unit, length.choices + choices_of(children), at_of(children))

    def contract(self, children: list[Child]) -> nodes.Contract:
        return nodes.Contract(children[1], at_of(children))

    by_month = says(Flag.BY_MONTH)
    for_month_left = says(Flag.FOR_MONTH_LEFT)
    for_month_used = says(Flag.FOR_MONTH_USED)

    def fee(self, children: list[Child]) -> nodes.Fee:
        return nodes.Fee(children[0], first_of(children, nodes.Said), at_of(children))

    def leaving(self, children: list[Child]) -> nodes.Leaving:
        return nodes.Leaving(all_of(children, nodes.Fee), first_of(children, nodes.Said), at_of(children))

    def group(self, children: list[Child]) -> nodes.Group:
        name, *plans = words_of(children, "NAME")
        return nodes.Group(name, tuple(plans), at_of(children))

    # several lines

    shared_first = says(Flag.SHARED_FIRST)
    own_first = says(Flag.OWN_FIRST)
    further_line = says(Flag.FURTHER_LINE)

    def each_up_to(self, children: list[Child]) -> nodes.EachUpTo:
        every = "month" if has(children, "MONTH") else "cycle" if has(children, "CYCLE") else ""
        return nodes.EachUpTo(children[3], every, at_of(children))

    def each_adds(self, children: list[Child]) -> nodes.EachAdds:
        amount = nodes.Amount(True, children[2], tuple(children[3:]), at_of(children[2:]))
        return nodes.EachAdds(amount, at_of(children))

    def share(self, children: list[Child]) -> nodes.Share:
        items = tuple(child for child in children if isinstance(child, nodes.EachUpTo | nodes.EachAdds | nodes.Said))
        number = word_in(children, "NUMBER")
        return nodes.Share(all_of(children, nodes.LotPick), number.text if number else "", items, at_of(children))

    def number_of_lines(self, children: list[Child]) -> Numbered:
        return Numbered(
            str(children[0]), nodes.Amount(True, children[1], tuple(children[2:]), at_of(children[1:])), at_of(children)
        )

    def by_lines(self, children: list[Child]) -> nodes.ByLines:
        amounts = tuple((one.number, one.amount) for one in all_of(children, Numbered))
        return nodes.ByLines(amounts, at_of(children))
