"""What of a use counts, in which order lots serve it, renewals, prices and dates."""

from __future__ import annotations

from lark import Token

from dsl import nodes
from dsl.builder.children import PLAIN, Child, Picked, all_of, at_of, first_of, has, says, word_in, word_of
from dsl.nodes import Flag
from dsl.plan import Pick


class Uses:
    # renewal

    adds = says(Flag.ADDS)
    restart = says(Flag.RESTART)
    stack = says(Flag.STACK)
    expires = says(Flag.EXPIRES)
    nothing_left = says(Flag.NOTHING_LEFT)
    frozen = says(Flag.FROZEN)

    def early(self, children: list[Child]) -> nodes.Renewal:
        return nodes.Renewal(True, first_of(children, nodes.Said), None, False, at_of(children))

    def late(self, children: list[Child]) -> nodes.Renewal:
        said = first_of(children, nodes.Said)
        frozen = said is not None and said.flag is Flag.FROZEN
        return nodes.Renewal(False, None if frozen else said, first_of(children, nodes.Period), frozen, at_of(children))

    def renewal(self, children: list[Child]) -> nodes.Renewal:
        found: nodes.Renewal = children[-1]
        return found._replace(at=at_of(children))

    now = says(Flag.NOW)
    next_cycle = says(Flag.NEXT_CYCLE)
    allowance_whole = says(Flag.ALLOWANCE_WHOLE)
    allowance_by_day = says(Flag.ALLOWANCE_BY_DAY)
    allowance_by_second = says(Flag.ALLOWANCE_BY_SECOND)

    def change(self, children: list[Child]) -> nodes.Change:
        said = all_of(children, nodes.Said)
        direction = said[0] if said[0].flag in (Flag.UP, Flag.DOWN) else None
        return nodes.Change(direction, said[1:] if direction else said, at_of(children))

    whole = says(Flag.WHOLE)
    by_day = says(Flag.BY_DAY)

    def price(self, children: list[Child]) -> nodes.Price:
        every = "month" if has(children, "MONTH") else "cycle" if has(children, "CYCLE") else ""
        said = {one.flag: one for one in all_of(children, nodes.Said)}
        each_line = said.pop(Flag.FURTHER_LINE, None) is not None
        part = next(iter(said.values()), None)
        return nodes.Price(
            all_of(children, nodes.Quantity)[0], every, word_in(children, "NUMBER"), each_line, part, at_of(children)
        )

    # dated

    def multiply(self, children: list[Child]) -> nodes.Multiply:
        return nodes.Multiply(word_of(children[-1]), at_of(children))

    def until(self, children: list[Child]) -> nodes.LastDay:
        return nodes.LastDay(word_of(children[1]), False, at_of(children))

    def through(self, children: list[Child]) -> nodes.LastDay:
        return nodes.LastDay(word_of(children[1]), True, at_of(children))

    def until_weekday(self, children: list[Child]) -> nodes.Weekday:
        return nodes.Weekday(word_of(children[1]), False, at_of(children))

    def through_weekday(self, children: list[Child]) -> nodes.Weekday:
        return nodes.Weekday(word_of(children[1]), True, at_of(children))

    def with_pack(self, children: list[Child]) -> nodes.WithPack:
        return nodes.WithPack(word_of(children[2]), at_of(children))

    def window(self, children: list[Child]) -> nodes.Window:
        return nodes.Window(word_of(children[1]), children[2], first_of(children, nodes.Said), at_of(children))

    at_next_renewal = says(Flag.AT_NEXT_RENEWAL)
    on_opt_in = says(Flag.ON_OPT_IN)

    def dated(self, children: list[Child]) -> nodes.Dated:
        *dates, statement = children
        return nodes.Dated(word_in(dates, "DATE"), first_of(dates, nodes.LastDay), statement, at_of(dates))

    # order of use

    def pick(self, children: list[Child]) -> Picked:
        return Picked(Pick[children[0].type], at_of(children))

    def order_key(self, children: list[Child]) -> nodes.OrderKey:
        mark = first_of(children, nodes.ClassMark)
        picked = first_of(children, Picked)
        return nodes.OrderKey(
            mark.lot_class if mark else None,
            word_in(children, "NAME"),
            picked.pick if picked else Pick.SOONEST,
            word_in(children, "WORD"),
            at_of(children),
            first_of(children, nodes.Scope),
        )

    def order(self, children: list[Child]) -> nodes.Order:
        return nodes.Order(all_of(children, nodes.OrderKey), at_of(children))

    # what of a use counts

    def weight(self, children: list[Child]) -> nodes.Weight:
        return nodes.Weight(children[0], word_of(children[-1]), at_of(children))

    def more(self, children: list[Child]) -> nodes.More:
        return nodes.More(children[0], all_of(children, nodes.Quantity)[0], at_of(children))

    def nearest(self, children: list[Child]) -> nodes.Quantity:
        last = children[-1]
        return nodes.Quantity("1", word_of(last), at_of(children)) if isinstance(last, Token) else last

    def counted(self, children: list[Child]) -> nodes.Counted:
        steps, quantities = first_of(children, nodes.Steps), all_of(children, nodes.Quantity)
        if not steps:
            return nodes.Counted(word_of(children[0]), quantities[0], None, True, at_of(children))
        then = quantities[0] if quantities else None
        return nodes.Counted(word_of(children[0]), steps.quantity, then, False, at_of(children))

    def in_unit(self, children: list[Child]) -> nodes.InUnit:
        taken, *marks, unit = (child for child in children if not isinstance(child, Token))
        return nodes.InUnit(taken, tuple(marks), unit, at_of(children))

    def tag(self, children: list[Child]) -> nodes.Tag:
        words = (
            f'"{word_of(child).text}"' if child.type == "NAME" else PLAIN.get(child.type, child.lower()) for child in children
        )
        return nodes.Tag(" ".join(words), word_in(children, "NAME"), at_of(children))

    def scope(self, children: list[Child]) -> nodes.Scope:
        return nodes.Scope(has(children, "ONLY"), all_of(children, nodes.Tag), at_of(children))
