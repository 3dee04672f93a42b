"""Items of a rule line: amounts, clauses, limits and their marks."""

from __future__ import annotations

from lark import Token

from dsl import nodes
from dsl.builder.children import Child, all_of, at_of, first_of, has, place_of, says, target_of, word_in, word_of
from dsl.nodes import Flag, Word
from dsl.plan import Cut, LotClass


class Items:
    # items

    def grant(self, children: list[Child]) -> nodes.Amount:
        return nodes.Amount(True, children[1], tuple(children[2:]), at_of(children))

    def unlimited(self, children: list[Child]) -> nodes.Unlimited:
        return nodes.Unlimited(word_of(children[1]), at_of(children))

    def amount(self, children: list[Child]) -> nodes.Amount:
        return nodes.Amount(False, children[0], tuple(children[1:]), at_of(children))

    def fill(self, children: list[Child]) -> nodes.Fill:
        _, service, _, _, quantity, *marks = children
        return nodes.Fill(word_of(service), quantity, tuple(marks), at_of(children))

    def part(self, children: list[Child]) -> Word:
        return Word(str(children[0]), at_of(children))

    def carry(self, children: list[Child]) -> nodes.Carry:
        has_part = has(children, "OF")
        part, marks = (children[1].text, children[4:]) if has_part else ("", children[1:])
        saved = has(children, "SAVED")
        return nodes.Carry(part, saved, tuple(marks[3:] if saved else marks), at_of(children))

    def cap(self, children: list[Child]) -> nodes.Cap:
        return nodes.Cap(children[1], tuple(children[2:]), at_of(children))

    def times_plan(self, children: list[Child]) -> nodes.TimesPlan:
        return nodes.TimesPlan(str(children[0]), has(children, "NEW"), at_of(children))

    def percent_of_plan(self, children: list[Child]) -> nodes.PercentOfPlan:
        return nodes.PercentOfPlan(str(children[0]), at_of(children))

    def cut(self, children: list[Child]) -> nodes.CutFirst:
        cut = Cut.OLDEST if has(children, "OLDEST") else Cut.NEWEST if has(children, "NEWEST") else Cut.EARLIEST_END
        return nodes.CutFirst(cut, at_of(children))

    def convert(self, children: list[Child]) -> nodes.Convert:
        to, *marks = [child for child in children if not isinstance(child, Token) or child.type == "WORD"]
        return nodes.Convert(target_of(to), tuple(marks), at_of(children))

    def next_bill(self, children: list[Child]) -> nodes.NextBill:
        return nodes.NextBill(at_of(children))

    def extend(self, children: list[Child]) -> nodes.Extend:
        return nodes.Extend(children[-1], at_of(children))

    def expire(self, children: list[Child]) -> nodes.Expire:
        return nodes.Expire(at_of(children))

    def keep(self, children: list[Child]) -> nodes.Keep:
        return nodes.Keep(at_of(children))

    def freeze(self, children: list[Child]) -> nodes.Freeze:
        return nodes.Freeze(at_of(children))

    def give(self, children: list[Child]) -> nodes.Give:
        marks = tuple(child for child in children if not isinstance(child, Token))
        return nodes.Give(has(children, "FAMILY"), marks, at_of(children))

    def sell(self, children: list[Child]) -> nodes.Sell:
        block, price, *up_to = all_of(children, nodes.Quantity)
        most = up_to[0] if up_to else first_of(children, nodes.Times)
        return nodes.Sell(block, price, has(children, "CREDIT"), first_of(children, nodes.For), most, at_of(children))

    def borrow(self, children: list[Child]) -> nodes.Borrow:
        block, *up_to = all_of(children, nodes.Quantity)
        return nodes.Borrow(block, up_to[0] if up_to else first_of(children, nodes.Times), at_of(children))

    def owe(self, children: list[Child]) -> nodes.Owe:
        return nodes.Owe(at_of(children))

    def loan(self, children: list[Child]) -> nodes.Loan:
        return nodes.Loan(word_of(children[1]), at_of(children))

    def times(self, children: list[Child]) -> nodes.Times:
        return nodes.Times(str(children[0]), at_of(children))

    def slow(self, children: list[Child]) -> nodes.Slow:
        return nodes.Slow(children[-1], at_of(children))

    def block(self, children: list[Child]) -> nodes.Block:
        return nodes.Block(at_of(children))

    # limits of an action

    def at_most(self, children: list[Child]) -> nodes.AtMost:
        group = first_of(children, nodes.InGroup)
        if has(children, "HELD"):
            held = nodes.Over("held", place_of(children[3]))
            return nodes.AtMost(self.times(children[2:4]), held, False, group, at_of(children))
        over = first_of(children[3:], nodes.Over) or first_of(children[3:], nodes.Period)
        return nodes.AtMost(children[2], over, has(children, "RECEIVED"), group, at_of(children))

    def over(self, children: list[Child]) -> nodes.Over | nodes.Period:
        if period := first_of(children, nodes.Period):
            return period
        words = [child.type.lower() for child in children if child.type not in ("A", "AT")]
        unit = {"time": "at a time"}.get(words[-1], " ".join(words))
        return nodes.Over(unit, at_of(children))

    def at_least(self, children: list[Child]) -> nodes.AtLeast:
        return nodes.AtLeast(children[-1], at_of(children))

    def keeping(self, children: list[Child]) -> nodes.Keeping:
        return nodes.Keeping(children[-1], at_of(children))

    # marks

    with_allowance = says(Flag.WITH_ALLOWANCE)
    on_carried = says(Flag.ON_CARRIED)
    on_all_carried = says(Flag.ON_ALL_CARRIED)
    inflow = says(Flag.INFLOW)
    to_new_end = says(Flag.TO_NEW_END)
    to_later_end = says(Flag.TO_LATER_END)
    endless = says(Flag.WITHOUT_END)
    from_first_use = says(Flag.FROM_FIRST_USE)
    from_grant = says(Flag.FROM_GRANT)
    from_rolling = says(Flag.FROM_ROLLING)
    each_time = says(Flag.EACH_TIME)

    def word(self, children: list[Child]) -> Word:
        return word_of(children[0])

    def cost(self, children: list[Child]) -> nodes.Cost:
        return nodes.Cost(children[-1], at_of(children))

    def for_life(self, children: list[Child]) -> nodes.For:
        return nodes.For(children[1], len(children) > 2, at_of(children))

    def counting_first(self, children: list[Child]) -> Word:
        return Word("", at_of(children))

    def to_midnight(self, children: list[Child]) -> nodes.ToMidnight:
        return nodes.ToMidnight(word_in(children, "ZONE", "WORD"), at_of(children))

    def to_end(self, children: list[Child]) -> nodes.ToEnd:
        return nodes.ToEnd(has(children, "NEXT"), "month" if has(children, "MONTH") else "cycle", at_of(children))

    def in_cycles(self, children: list[Child]) -> nodes.InCycles:
        return nodes.InCycles(str(children[3]), has(children, "WHOLE"), at_of(children))

    def steps(self, children: list[Child]) -> nodes.Steps:
        return nodes.Steps(all_of(children, nodes.Quantity)[0], has(children, "ROUNDED"), at_of(children))

    def period(self, children: list[Child]) -> nodes.Period:
        unit = "calendar month" if has(children, "CALENDAR") else children[1].type.lower()
        return nodes.Period(str(children[0]), unit, at_of(children))

    def lot_class(self, children: list[Child]) -> nodes.ClassMark:
        return nodes.ClassMark(LotClass(children[0].type.lower().replace("_", "-")), at_of(children))

    def quantity(self, children: list[Child]) -> nodes.Quantity:
        return nodes.Quantity(str(children[0]), word_of(children[1]), at_of(children))
