"""From grammar rules to nodes: one method a rule, called by the parser as it reduces. Builds, and judges nothing.

Children are tokens and nodes in the order written. Lark's tokens end here: a node holds plain text and columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from lark import Token, Transformer

from dsl import nodes
from dsl.nodes import At, Flag, Word
from dsl.plan import Cut, LotClass, Occasion, Pick, State
from dsl.scenario import Figure

Child = Any  # a Token, or a node: each has its place
Node = TypeVar("Node")


def _at(children: list[Child]) -> At:
    return _place(children[0])[0], _place(children[-1])[1]


def _place(child: Child) -> At:
    at: At = (child.start_pos or 0, child.end_pos or 0) if isinstance(child, Token) else child.at
    return at


def _word(token: Token) -> Word:
    text = token[1:-1] if token.type == "NAME" else str(token)
    return Word(text, (token.start_pos or 0, token.end_pos or 0))


def _tokens(children: list[Child], *types: str) -> list[Word]:
    return [_word(child) for child in children if isinstance(child, Token) and child.type in types]


def _has(children: list[Child], *types: str) -> bool:
    return any(isinstance(child, Token) and child.type in types for child in children)


def _one(children: list[Child], *types: str) -> Word | None:
    return next(iter(_tokens(children, *types)), None)


def _all(children: Iterable[Child], kind: type[Node]) -> tuple[Node, ...]:
    return tuple(child for child in children if isinstance(child, kind))


def _first(children: Iterable[Child], kind: type[Node]) -> Node | None:
    return next((child for child in children if isinstance(child, kind)), None)


def _items(children: list[Child]) -> tuple[nodes.Item, ...]:
    return tuple(child for child in children if isinstance(child, nodes.Item))


def _choices(children: list[Child]) -> tuple[nodes.CycleChoice, ...]:
    return tuple(child for child in children if isinstance(child, nodes.CycleChoice))


# Words of a tag that are written in one of two ways.
_PLAIN = {"WEEKEND": "weekends", "WORKDAY": "weekdays", "DAY": "day"}


class _Picked(NamedTuple):
    """`oldest`, `newest`, `soonest to end`; it ends with the parser."""

    pick: Pick
    at: At


class _Numbered(NamedTuple):
    """`2 7 GB`: for so many lines; it ends with the parser."""

    number: str
    amount: nodes.Amount
    at: At


class _Expected(NamedTuple):
    """What follows `->`; it ends with the parser."""

    expectations: tuple[nodes.Expectation, ...]
    at: At


def _expected(children: list[Child]) -> tuple[nodes.Expectation, ...]:
    found = _first(children, _Expected)
    return found.expectations if found else ()


def _target(child: Child) -> Word | nodes.NextBill:
    """What something is converted to."""
    return child if isinstance(child, nodes.NextBill) else _word(child)


def _done(children: list[Child]) -> list[Child]:
    """A step without what it expects."""
    return [child for child in children if not isinstance(child, _Expected)]


def _put(children: list[Child]) -> nodes.Amount:
    """What a step puts, before what it expects."""
    amount = _done(children)
    return nodes.Amount(True, amount[0], tuple(amount[1:]), _at(amount))


def _digits(ordinal: Token) -> str:
    return ordinal.rstrip("stndrhSTNDRH")


def _flag(flag: Flag) -> Any:
    """A rule that is only words becomes the flag it says."""
    return lambda _builder, children: nodes.Said(flag, _at(children))


def _event(occasion: Occasion) -> Any:
    """Words that name an event, and the pack it is about."""
    return lambda _builder, children: nodes.Event(occasion, _one(children, "NAME"), (), _at(children))


def _marked(item: nodes.Item, mark: nodes.Renewals) -> nodes.Item:
    """The item with one mark more, where it grants."""
    return item._replace(marks=(*item.marks, mark)) if isinstance(item, nodes.Amount | nodes.Fill) else item


class Builder(Transformer[Token, Any]):
    """Called with the children of a reduced rule; returns its node."""

    def start(self, children: list[Child]) -> Any:
        return children[0]

    # headers and settings

    prepaid = _flag(Flag.PREPAID)
    postpaid = _flag(Flag.POSTPAID)

    def like(self, children: list[Child]) -> Word:
        return _word(children[1])

    def plan(self, children: list[Child]) -> nodes.PlanHeader:
        name = _word(children[1])
        return nodes.PlanHeader(name, _all(children, nodes.Said), _all(children, Word), _at(children))

    def pack(self, children: list[Child]) -> nodes.PackHeader:
        return nodes.PackHeader(_word(children[1]), _at(children))

    def promotion(self, children: list[Child]) -> nodes.PromotionHeader:
        name, *plans = _tokens(children, "NAME")
        return nodes.PromotionHeader(name, tuple(plans), _at(children))

    def example(self, children: list[Child]) -> nodes.ExampleHeader:
        return nodes.ExampleHeader(_word(children[1]), _at(children))

    def _equation(self, children: list[Child], is_rate: bool) -> nodes.Equation:
        left, right = _all(children, nodes.Quantity)
        return nodes.Equation(is_rate, left, right, _at(children))

    def units(self, children: list[Child]) -> nodes.Equation:
        return self._equation(children, is_rate=False)

    def rate(self, children: list[Child]) -> nodes.Equation:
        return self._equation(children, is_rate=True)

    def unit(self, children: list[Child]) -> nodes.Unit:
        return nodes.Unit(_word(children[1]), _at(children))

    def timezone(self, children: list[Child]) -> nodes.Timezone:
        return nodes.Timezone(_word(children[-1]), _at(children))

    # cycle

    from_activation = _flag(Flag.FROM_ACTIVATION)
    on_last_day = _flag(Flag.ON_LAST_DAY)
    first_whole = _flag(Flag.FIRST_WHOLE)
    first_by_day = _flag(Flag.FIRST_BY_DAY)
    clamp = _flag(Flag.CLAMP)
    overflow = _flag(Flag.OVERFLOW)

    at_activation = _flag(Flag.AT_ACTIVATION)

    def at_clock(self, children: list[Child]) -> nodes.AtClock:
        return nodes.AtClock(_word(children[1]), _at(children))

    def in_blocks(self, children: list[Child]) -> nodes.InBlocks:
        return nodes.InBlocks(children[1], _at(children))

    def from_day(self, children: list[Child]) -> nodes.FromDay:
        return nodes.FromDay(_digits(children[-1]), _at(children))

    def move_to_28(self, children: list[Child]) -> nodes.MoveTo:
        return nodes.MoveTo(_digits(children[-1]), _at(children))

    def _length(self, children: list[Child], unit: str) -> nodes.Cycle:
        number = _one(children, "NUMBER") or Word("1", _at(children))
        return nodes.Cycle(number, unit, _choices(children), _at(children))

    def every_months(self, children: list[Child]) -> nodes.Cycle:
        return self._length(children, "calendar month" if _has(children, "CALENDAR") else "month")

    def every_days(self, children: list[Child]) -> nodes.Cycle:
        return self._length(children, "day")

    def every_week(self, children: list[Child]) -> nodes.Cycle:
        return self._length(children, "week")

    def every_year(self, children: list[Child]) -> nodes.Cycle:
        return self._length(children, "year")

    def cycle(self, children: list[Child]) -> nodes.Cycle:
        # An anchor alone is one of months.
        length = _first(children, nodes.Cycle) or nodes.Cycle(Word("1", _at(children)), "month", (), _at(children))
        return nodes.Cycle(length.number, length.unit, length.choices + _choices(children), _at(children))

    def contract(self, children: list[Child]) -> nodes.Contract:
        return nodes.Contract(children[1], _at(children))

    by_month = _flag(Flag.BY_MONTH)
    for_month_left = _flag(Flag.FOR_MONTH_LEFT)
    for_month_used = _flag(Flag.FOR_MONTH_USED)

    def fee(self, children: list[Child]) -> nodes.Fee:
        return nodes.Fee(children[0], _first(children, nodes.Said), _at(children))

    def leaving(self, children: list[Child]) -> nodes.Leaving:
        return nodes.Leaving(_all(children, nodes.Fee), _first(children, nodes.Said), _at(children))

    def group(self, children: list[Child]) -> nodes.Group:
        name, *plans = _tokens(children, "NAME")
        return nodes.Group(name, tuple(plans), _at(children))

    # several lines

    shared_first = _flag(Flag.SHARED_FIRST)
    own_first = _flag(Flag.OWN_FIRST)
    further_line = _flag(Flag.FURTHER_LINE)

    def each_up_to(self, children: list[Child]) -> nodes.EachUpTo:
        every = "month" if _has(children, "MONTH") else "cycle" if _has(children, "CYCLE") else ""
        return nodes.EachUpTo(children[3], every, _at(children))

    def each_adds(self, children: list[Child]) -> nodes.EachAdds:
        amount = nodes.Amount(True, children[2], tuple(children[3:]), _at(children[2:]))
        return nodes.EachAdds(amount, _at(children))

    def share(self, children: list[Child]) -> nodes.Share:
        items = tuple(child for child in children if isinstance(child, nodes.EachUpTo | nodes.EachAdds | nodes.Said))
        number = _one(children, "NUMBER")
        return nodes.Share(_all(children, nodes.LotPick), number.text if number else "", items, _at(children))

    def number_of_lines(self, children: list[Child]) -> _Numbered:
        return _Numbered(
            str(children[0]), nodes.Amount(True, children[1], tuple(children[2:]), _at(children[1:])), _at(children)
        )

    def by_lines(self, children: list[Child]) -> nodes.ByLines:
        amounts = tuple((one.number, one.amount) for one in _all(children, _Numbered))
        return nodes.ByLines(amounts, _at(children))

    # renewal and change of plan

    adds = _flag(Flag.ADDS)
    restart = _flag(Flag.RESTART)
    stack = _flag(Flag.STACK)
    expires = _flag(Flag.EXPIRES)
    nothing_left = _flag(Flag.NOTHING_LEFT)
    frozen = _flag(Flag.FROZEN)

    def early(self, children: list[Child]) -> nodes.Renewal:
        return nodes.Renewal(True, _first(children, nodes.Said), None, False, _at(children))

    def late(self, children: list[Child]) -> nodes.Renewal:
        said = _first(children, nodes.Said)
        frozen = said is not None and said.flag is Flag.FROZEN
        return nodes.Renewal(False, None if frozen else said, _first(children, nodes.Period), frozen, _at(children))

    def renewal(self, children: list[Child]) -> nodes.Renewal:
        found: nodes.Renewal = children[-1]
        return found._replace(at=_at(children))

    now = _flag(Flag.NOW)
    next_cycle = _flag(Flag.NEXT_CYCLE)
    allowance_whole = _flag(Flag.ALLOWANCE_WHOLE)
    allowance_by_day = _flag(Flag.ALLOWANCE_BY_DAY)
    allowance_by_second = _flag(Flag.ALLOWANCE_BY_SECOND)

    def change(self, children: list[Child]) -> nodes.Change:
        said = _all(children, nodes.Said)
        direction = said[0] if said[0].flag in (Flag.UP, Flag.DOWN) else None
        return nodes.Change(direction, said[1:] if direction else said, _at(children))

    whole = _flag(Flag.WHOLE)
    by_day = _flag(Flag.BY_DAY)

    def price(self, children: list[Child]) -> nodes.Price:
        every = "month" if _has(children, "MONTH") else "cycle" if _has(children, "CYCLE") else ""
        said = {one.flag: one for one in _all(children, nodes.Said)}
        each_line = said.pop(Flag.FURTHER_LINE, None) is not None
        return nodes.Price(_all(children, nodes.Quantity)[0], every, each_line, next(iter(said.values()), None), _at(children))

    def multiply(self, children: list[Child]) -> nodes.Multiply:
        return nodes.Multiply(_word(children[-1]), _at(children))

    def until(self, children: list[Child]) -> nodes.LastDay:
        return nodes.LastDay(_word(children[1]), False, _at(children))

    def through(self, children: list[Child]) -> nodes.LastDay:
        return nodes.LastDay(_word(children[1]), True, _at(children))

    def until_weekday(self, children: list[Child]) -> nodes.Weekday:
        return nodes.Weekday(_word(children[1]), False, _at(children))

    def through_weekday(self, children: list[Child]) -> nodes.Weekday:
        return nodes.Weekday(_word(children[1]), True, _at(children))

    def with_pack(self, children: list[Child]) -> nodes.WithPack:
        return nodes.WithPack(_word(children[2]), _at(children))

    def window(self, children: list[Child]) -> nodes.Window:
        return nodes.Window(_word(children[1]), children[2], _first(children, nodes.Said), _at(children))

    at_next_renewal = _flag(Flag.AT_NEXT_RENEWAL)
    on_opt_in = _flag(Flag.ON_OPT_IN)

    def dated(self, children: list[Child]) -> nodes.Dated:
        *dates, statement = children
        return nodes.Dated(_one(dates, "DATE"), _first(dates, nodes.LastDay), statement, _at(dates))

    def ensure(self, children: list[Child]) -> nodes.Ensure:
        return nodes.Ensure(_word(children[1]), children[-1], _at(children))

    # order of use

    def pick(self, children: list[Child]) -> _Picked:
        return _Picked(Pick[children[0].type], _at(children))

    def order_key(self, children: list[Child]) -> nodes.OrderKey:
        mark = _first(children, nodes.ClassMark)
        picked = _first(children, _Picked)
        return nodes.OrderKey(
            mark.lot_class if mark else None,
            _one(children, "NAME"),
            picked.pick if picked else Pick.SOONEST,
            _one(children, "WORD"),
            _at(children),
            _first(children, nodes.Scope),
        )

    def order(self, children: list[Child]) -> nodes.Order:
        return nodes.Order(_all(children, nodes.OrderKey), _at(children))

    # what of a use counts

    def weight(self, children: list[Child]) -> nodes.Weight:
        return nodes.Weight(children[0], _word(children[-1]), _at(children))

    def more(self, children: list[Child]) -> nodes.More:
        return nodes.More(children[0], _all(children, nodes.Quantity)[0], _at(children))

    def nearest(self, children: list[Child]) -> nodes.Quantity:
        last = children[-1]
        return nodes.Quantity("1", _word(last), _at(children)) if isinstance(last, Token) else last

    def counted(self, children: list[Child]) -> nodes.Counted:
        steps, quantities = _first(children, nodes.Steps), _all(children, nodes.Quantity)
        if not steps:
            return nodes.Counted(_word(children[0]), quantities[0], None, True, _at(children))
        then = quantities[0] if quantities else None
        return nodes.Counted(_word(children[0]), steps.quantity, then, False, _at(children))

    def in_unit(self, children: list[Child]) -> nodes.InUnit:
        taken, *marks, unit = (child for child in children if not isinstance(child, Token))
        return nodes.InUnit(taken, tuple(marks), unit, _at(children))

    def tag(self, children: list[Child]) -> nodes.Tag:
        words = (
            f'"{_word(child).text}"' if child.type == "NAME" else _PLAIN.get(child.type, child.lower()) for child in children
        )
        return nodes.Tag(" ".join(words), _one(children, "NAME"), _at(children))

    def scope(self, children: list[Child]) -> nodes.Scope:
        return nodes.Scope(_has(children, "ONLY"), _all(children, nodes.Tag), _at(children))

    # rules

    def rules(self, children: list[Child]) -> nodes.Rules:
        renewals = _first(children, nodes.Renewals)
        if renewals:
            many = f"{renewals.number} renewals"
            return nodes.Rules(many, tuple(_marked(item, renewals) for item in _items(children)), _at(children))
        every = ("month" if _has(children, "MONTH") else "cycle") if _has(children, "EVERY") else ""
        return nodes.Rules(every, _items(children), _at(children))

    in_a_row = _flag(Flag.IN_A_ROW)
    in_all = _flag(Flag.IN_ALL)

    def every_renewals(self, children: list[Child]) -> nodes.Renewals:
        number, how, group = _tokens(children, "NUMBER")[0], _first(children, nodes.Said), _first(children, nodes.InGroup)
        return nodes.Renewals(number.text, False, how, group, _at(children))

    def for_renewals(self, children: list[Child]) -> nodes.Renewals:
        return self.every_renewals(children)._replace(grows=True)

    def hand_rules(self, children: list[Child]) -> nodes.HandRules:
        return nodes.HandRules(children[0], _items(children), _at(children))

    def runs_out(self, children: list[Child]) -> nodes.RunsOut:
        found = _first(children, nodes.Conditions)
        return nodes.RunsOut(_word(children[1]), found.all if found else (), _items(children), _at(children))

    def sold(self, children: list[Child]) -> nodes.Sold:
        found = _first(children, nodes.Conditions)
        limits = tuple(child for child in children if isinstance(child, nodes.ActionLimit))
        return nodes.Sold(found.all if found else (), limits, _at(children))

    it_starts = _event(Occasion.STARTS)
    renewed_early = _event(Occasion.RENEWED_EARLY)
    renewed_late = _event(Occasion.RENEWED_LATE)
    not_renewed = _event(Occasion.NOT_RENEWED)
    payment_fails = _event(Occasion.PAYMENT_FAILS)
    suspended = _event(Occasion.SUSPENDED)
    resumed = _event(Occasion.RESUMED)
    member_leaves = _event(Occasion.MEMBER_LEAVES)
    owner_leaves = _event(Occasion.OWNER_LEAVES)
    line_ends = _event(Occasion.LINE_ENDS)
    bought_again = _event(Occasion.BOUGHT)
    is_bought = _event(Occasion.BOUGHT)
    pack_ends = _event(Occasion.ENDS)
    asked = _event(Occasion.ASKED)

    def plan_changes(self, children: list[Child]) -> nodes.Event:
        conditions = tuple(child for child in children if not isinstance(child, Token))
        return nodes.Event(Occasion.PLAN_CHANGES, None, conditions, _at(children))

    def named(self, children: list[Child]) -> nodes.InGroup:
        return nodes.InGroup(_word(children[0]), True, _at(children))

    def in_group(self, children: list[Child]) -> nodes.InGroup:
        return nodes.InGroup(_word(children[-1]), False, _at(children))

    same_group = in_group

    def out_of_group(self, children: list[Child]) -> nodes.Not:
        return nodes.Not(self.in_group(children), _at(children))

    def on_event(self, children: list[Child]) -> nodes.OnEvent | nodes.Lends:
        event = _all(children, nodes.Event)[0]
        more = _first(children, nodes.Conditions)
        event = event._replace(conditions=event.conditions + (more.all if more else ()))
        if loan := _first(children, nodes.Loan):
            limits = tuple(child for child in children if isinstance(child, nodes.ActionLimit))
            return nodes.Lends(event, loan.service, limits, _at(children))
        return nodes.OnEvent(event, _all(children, nodes.Hand)[0], _items(children), _at(children))

    def lot_pick(self, children: list[Child]) -> nodes.LotPick:
        mark = _first(children, nodes.ClassMark)
        service = _tokens(children, "WORD")[-1]
        return nodes.LotPick(mark.lot_class if mark else None, _one(children, "NAME"), service, _at(children))

    after_first = _flag(Flag.AFTER_FIRST)
    held_whole = _flag(Flag.HELD_WHOLE)
    paid = _flag(Flag.PAID)
    active = _flag(Flag.ACTIVE)
    opted_in = _flag(Flag.OPTED_IN)

    same_plan = _flag(Flag.SAME_PLAN)
    same_or_bigger = _flag(Flag.SAME_OR_BIGGER)
    up = _flag(Flag.UP)
    down = _flag(Flag.DOWN)
    bigger = _flag(Flag.BIGGER)
    smaller = _flag(Flag.SMALLER)

    def renewed_how(self, children: list[Child]) -> nodes.Said:
        how = {"ON": Flag.ON_TIME, "EARLY": Flag.RENEWED_EARLY, "BY": Flag.BY_HAND}[children[1].type]
        return nodes.Said(how, _at(children))

    def renewed_within(self, children: list[Child]) -> nodes.RenewedWithin:
        return nodes.RenewedWithin(children[-1], False, _at(children))

    def renewed_before(self, children: list[Child]) -> nodes.RenewedWithin:
        return nodes.RenewedWithin(_all(children, nodes.Period)[0], True, _at(children))

    def size(self, children: list[Child]) -> nodes.SizeSmaller:
        return nodes.SizeSmaller(str(children[2]), _at(children))

    def cycles_in_a_row(self, children: list[Child]) -> nodes.InARow:
        return nodes.InARow(str(children[0]), _at(children))

    def used_at_least(self, children: list[Child]) -> nodes.UsedAtLeast:
        return nodes.UsedAtLeast(children[-1], _at(children))

    def tenure(self, children: list[Child]) -> nodes.TenureAtLeast:
        return nodes.TenureAtLeast(children[-1], _at(children))

    def none_left(self, children: list[Child]) -> nodes.NoneLeft:
        return nodes.NoneLeft(children[1].lot_class, _tokens(children, "WORD")[0], _at(children))

    def little_left(self, children: list[Child]) -> nodes.LittleLeft:
        mark = _first(children, nodes.ClassMark)
        return nodes.LittleLeft(
            _all(children, nodes.Quantity)[0], mark.lot_class if mark else None, _one(children, "WORD"), _at(children)
        )

    def negated(self, children: list[Child]) -> nodes.Not:
        return nodes.Not(children[1], _at(children))

    def conditions(self, children: list[Child]) -> nodes.Conditions:
        return nodes.Conditions(tuple(child for child in children if not isinstance(child, Token)), _at(children))

    def hand(self, children: list[Child]) -> nodes.Hand:
        found = _first(children, nodes.Conditions)
        return nodes.Hand(_all(children, nodes.LotPick), found.all if found else (), _at(children))

    def grant(self, children: list[Child]) -> nodes.Amount:
        return nodes.Amount(True, children[1], tuple(children[2:]), _at(children))

    def unlimited(self, children: list[Child]) -> nodes.Unlimited:
        return nodes.Unlimited(_word(children[1]), _at(children))

    def amount(self, children: list[Child]) -> nodes.Amount:
        return nodes.Amount(False, children[0], tuple(children[1:]), _at(children))

    def fill(self, children: list[Child]) -> nodes.Fill:
        _, service, _, _, quantity, *marks = children
        return nodes.Fill(_word(service), quantity, tuple(marks), _at(children))

    def part(self, children: list[Child]) -> Word:
        return Word(str(children[0]), _at(children))

    def carry(self, children: list[Child]) -> nodes.Carry:
        has_part = _has(children, "OF")
        part, marks = (children[1].text, children[4:]) if has_part else ("", children[1:])
        return nodes.Carry(part, tuple(marks), _at(children))

    def cap(self, children: list[Child]) -> nodes.Cap:
        return nodes.Cap(children[1], tuple(children[2:]), _at(children))

    def times_plan(self, children: list[Child]) -> nodes.TimesPlan:
        return nodes.TimesPlan(str(children[0]), _has(children, "NEW"), _at(children))

    def percent_of_plan(self, children: list[Child]) -> nodes.PercentOfPlan:
        return nodes.PercentOfPlan(str(children[0]), _at(children))

    def cut(self, children: list[Child]) -> nodes.CutFirst:
        cut = Cut.OLDEST if _has(children, "OLDEST") else Cut.NEWEST if _has(children, "NEWEST") else Cut.EARLIEST_END
        return nodes.CutFirst(cut, _at(children))

    def convert(self, children: list[Child]) -> nodes.Convert:
        to, *marks = [child for child in children if not isinstance(child, Token) or child.type == "WORD"]
        return nodes.Convert(_target(to), tuple(marks), _at(children))

    def next_bill(self, children: list[Child]) -> nodes.NextBill:
        return nodes.NextBill(_at(children))

    def extend(self, children: list[Child]) -> nodes.Extend:
        return nodes.Extend(children[-1], _at(children))

    def expire(self, children: list[Child]) -> nodes.Expire:
        return nodes.Expire(_at(children))

    def keep(self, children: list[Child]) -> nodes.Keep:
        return nodes.Keep(_at(children))

    def freeze(self, children: list[Child]) -> nodes.Freeze:
        return nodes.Freeze(_at(children))

    def give(self, children: list[Child]) -> nodes.Give:
        marks = tuple(child for child in children if not isinstance(child, Token))
        return nodes.Give(_has(children, "FAMILY"), marks, _at(children))

    def sell(self, children: list[Child]) -> nodes.Sell:
        block, price, *up_to = _all(children, nodes.Quantity)
        most = up_to[0] if up_to else _first(children, nodes.Times)
        return nodes.Sell(block, price, _first(children, nodes.For), most, _at(children))

    def borrow(self, children: list[Child]) -> nodes.Borrow:
        block, *up_to = _all(children, nodes.Quantity)
        return nodes.Borrow(block, up_to[0] if up_to else _first(children, nodes.Times), _at(children))

    def owe(self, children: list[Child]) -> nodes.Owe:
        return nodes.Owe(_at(children))

    def loan(self, children: list[Child]) -> nodes.Loan:
        return nodes.Loan(_word(children[1]), _at(children))

    def times(self, children: list[Child]) -> nodes.Times:
        return nodes.Times(str(children[0]), _at(children))

    def slow(self, children: list[Child]) -> nodes.Slow:
        return nodes.Slow(children[-1], _at(children))

    def block(self, children: list[Child]) -> nodes.Block:
        return nodes.Block(_at(children))

    # limits of an action

    def at_most(self, children: list[Child]) -> nodes.AtMost:
        if _has(children, "HELD"):
            return nodes.AtMost(self.times(children[2:]), nodes.Over("held", _place(children[-1])), _at(children))
        over = _first(children[3:], nodes.Over) or _first(children[3:], nodes.Period)
        return nodes.AtMost(children[2], over, _at(children))

    def over(self, children: list[Child]) -> nodes.Over | nodes.Period:
        if period := _first(children, nodes.Period):
            return period
        words = [child.type.lower() for child in children if child.type not in ("A", "AT")]
        unit = {"time": "at a time"}.get(words[-1], " ".join(words))
        return nodes.Over(unit, _at(children))

    def at_least(self, children: list[Child]) -> nodes.AtLeast:
        return nodes.AtLeast(children[-1], _at(children))

    def keeping(self, children: list[Child]) -> nodes.Keeping:
        return nodes.Keeping(children[-1], _at(children))

    # marks

    with_allowance = _flag(Flag.WITH_ALLOWANCE)
    on_carried = _flag(Flag.ON_CARRIED)
    inflow = _flag(Flag.INFLOW)
    to_new_end = _flag(Flag.TO_NEW_END)
    to_later_end = _flag(Flag.TO_LATER_END)
    endless = _flag(Flag.WITHOUT_END)
    from_first_use = _flag(Flag.FROM_FIRST_USE)
    from_grant = _flag(Flag.FROM_GRANT)
    from_rolling = _flag(Flag.FROM_ROLLING)
    each_time = _flag(Flag.EACH_TIME)

    def word(self, children: list[Child]) -> Word:
        return _word(children[0])

    def cost(self, children: list[Child]) -> nodes.Cost:
        return nodes.Cost(children[-1], _at(children))

    def for_life(self, children: list[Child]) -> nodes.For:
        return nodes.For(children[1], len(children) > 2, _at(children))

    def counting_first(self, children: list[Child]) -> Word:
        return Word("", _at(children))

    to_midnight = _flag(Flag.TO_MIDNIGHT)

    def to_end(self, children: list[Child]) -> nodes.ToEnd:
        return nodes.ToEnd(_has(children, "NEXT"), "month" if _has(children, "MONTH") else "cycle", _at(children))

    def in_cycles(self, children: list[Child]) -> nodes.InCycles:
        return nodes.InCycles(str(children[3]), _has(children, "WHOLE"), _at(children))

    def steps(self, children: list[Child]) -> nodes.Steps:
        return nodes.Steps(_all(children, nodes.Quantity)[0], _has(children, "ROUNDED"), _at(children))

    def period(self, children: list[Child]) -> nodes.Period:
        unit = "calendar month" if _has(children, "CALENDAR") else children[1].type.lower()
        return nodes.Period(str(children[0]), unit, _at(children))

    def lot_class(self, children: list[Child]) -> nodes.ClassMark:
        return nodes.ClassMark(LotClass(children[0].type.lower().replace("_", "-")), _at(children))

    def quantity(self, children: list[Child]) -> nodes.Quantity:
        return nodes.Quantity(str(children[0]), _word(children[1]), _at(children))

    # examples

    def use_step(self, children: list[Child]) -> nodes.UseStep:
        return nodes.UseStep(_all(children, nodes.Used), _expected(children), _at(children))

    def used(self, children: list[Child]) -> nodes.Used:
        return nodes.Used(children[0], _one(children, "WORD"), _all(children, nodes.Tag), _at(children))

    def figure(self, children: list[Child]) -> Word:
        return Word(children[0].type.lower(), _at(children))

    def expectation(self, children: list[Child]) -> nodes.Expectation:
        mark = _first(children, nodes.ClassMark)
        lot_class, only = mark.lot_class if mark else None, _all(children, nodes.Scope)
        service = _one(children, "WORD")
        if isinstance(children[0], Token):
            date = _one(children, "DATE")
            until = (date, _one(children, "CLOCK")) if date else None
            return nodes.Expectation(Figure.ENDS, until, lot_class, service, _at(children), only)
        figure, quantity = children[:2]
        return nodes.Expectation(Figure(figure.text), quantity, lot_class, service, _at(children), only)

    def expected(self, children: list[Child]) -> _Expected:
        return _Expected(_all(children, nodes.Expectation), _at(children))

    def buy_step(self, children: list[Child]) -> nodes.BuyStep:
        return nodes.BuyStep(_word(children[1]), _expected(children), _at(children))

    def borrow_step(self, children: list[Child]) -> nodes.BorrowStep:
        return nodes.BorrowStep(children[1], _expected(children), _at(children))

    def cancel_step(self, children: list[Child]) -> nodes.CancelStep:
        return nodes.CancelStep(_word(children[1]), _expected(children), _at(children))

    def convert_step(self, children: list[Child]) -> nodes.ConvertStep:
        return nodes.ConvertStep(children[1], _target(children[3]), _expected(children), _at(children))

    def top_up_step(self, children: list[Child]) -> nodes.TopUpStep:
        return nodes.TopUpStep(_put(children[2:]), _expected(children), _at(children))

    def add_step(self, children: list[Child]) -> nodes.AddStep:
        return nodes.AddStep(_put(children[1:]), _expected(children), _at(children))

    to_zero = _flag(Flag.TO_ZERO)

    def remove_step(self, children: list[Child]) -> nodes.RemoveStep:
        mark = _first(children, nodes.ClassMark)
        return nodes.RemoveStep(
            children[1], _one(children, "WORD"), mark.lot_class if mark else None, _one(children, "NAME"),
            _first(children, nodes.Said) is not None, _expected(children), _at(_done(children)),
        )  # fmt: skip

    def void_step(self, children: list[Child]) -> nodes.VoidStep:
        return nodes.VoidStep(_word(children[1]), _expected(children), _at(_done(children)))

    def state_step(self, children: list[Child]) -> nodes.StateStep:
        state, on = {
            "OPT": (State.OPTED_IN, _has(children, "IN")), "SUSPEND": (State.ACTIVE, False), "RESUME": (State.ACTIVE, True),
            "PAYMENT": (State.PAID, False), "PAY": (State.PAID, True),
        }[children[0].type]  # fmt: skip
        return nodes.StateStep(state, on, _expected(children), _at(children))

    def renew_step(self, children: list[Child]) -> nodes.RenewStep:
        return nodes.RenewStep(_one(children, "NAME"), _expected(children), _at(children))

    def no_renewal_step(self, children: list[Child]) -> nodes.NoRenewalStep:
        return nodes.NoRenewalStep(_expected(children), _at(children))

    def change_step(self, children: list[Child]) -> nodes.ChangeStep:
        return nodes.ChangeStep(_tokens(children, "NAME")[0], _expected(children), _at(children))

    def give_step(self, children: list[Child]) -> nodes.GiveStep:
        return nodes.GiveStep(children[1], _tokens(children, "NAME")[0], _expected(children), _at(children))

    def leave_step(self, children: list[Child]) -> nodes.LeaveStep:
        return nodes.LeaveStep(_expected(children), _at(children))

    def joins_step(self, children: list[Child]) -> nodes.StartsStep:
        return nodes.StartsStep(_one(children, "NAME"), True, _expected(children), _at(children))

    def starts_step(self, children: list[Child]) -> nodes.StartsStep:
        return nodes.StartsStep(_one(children, "NAME"), False, _expected(children), _at(children))

    def line_step(self, children: list[Child]) -> nodes.LineStep:
        step = children[1] if not isinstance(children[1], _Expected) else None
        return nodes.LineStep(_word(children[0]), step, step.expectations if step else _expected(children), _at(children))

    def dated_step(self, children: list[Child]) -> nodes.DatedStep:
        clock = _one(children, "CLOCK")
        step = children[-1] if not isinstance(children[-1], _Expected) else None
        expectations = step.expectations if step else _expected(children)
        return nodes.DatedStep(_word(children[1]), clock, step, expectations, _at(children))

    def opening_lot(self, children: list[Child]) -> nodes.OpeningLot:
        mark = _first(children, nodes.ClassMark)
        until = _first(children, nodes.LastDay)
        quantity = _all(children, nodes.Quantity)[0]
        lot_class, owed = mark.lot_class if mark else None, _has(children, "OWED")
        only = _all(children, nodes.Scope)
        return nodes.OpeningLot(quantity, lot_class, _one(children, "WORD"), until, _at(children), only, owed)

    def start_step(self, children: list[Child]) -> nodes.StartStep:
        return nodes.StartStep(_one(children, "DATE"), _all(children, nodes.OpeningLot), _at(children))
