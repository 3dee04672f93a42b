"""Rule lines: what they take in hand, on which event, under which conditions."""

from __future__ import annotations

from lark import Token

from dsl import nodes
from dsl.builder.children import (
    Child,
    all_of,
    at_of,
    first_of,
    has,
    items_of,
    names_event,
    says,
    with_mark,
    word_in,
    word_of,
    words_of,
)
from dsl.nodes import Flag
from dsl.plan import Occasion


class Rules:
    # events

    def rules(self, children: list[Child]) -> nodes.Rules:
        renewals = first_of(children, nodes.Renewals)
        if renewals:
            many = f"{renewals.number} renewals"
            return nodes.Rules(many, tuple(with_mark(item, renewals) for item in items_of(children)), at_of(children))
        every = ("month" if has(children, "MONTH") else "cycle") if has(children, "EVERY") else ""
        return nodes.Rules(every, items_of(children), at_of(children))

    in_a_row = says(Flag.IN_A_ROW)
    in_all = says(Flag.IN_ALL)

    def every_renewals(self, children: list[Child]) -> nodes.Renewals:
        number, how, group = words_of(children, "NUMBER")[0], first_of(children, nodes.Said), first_of(children, nodes.InGroup)
        return nodes.Renewals(number.text, False, how, group, at_of(children))

    def for_renewals(self, children: list[Child]) -> nodes.Renewals:
        return self.every_renewals(children)._replace(grows=True)

    def hand_rules(self, children: list[Child]) -> nodes.HandRules:
        return nodes.HandRules(children[0], items_of(children), at_of(children))

    def runs_out(self, children: list[Child]) -> nodes.RunsOut:
        found = first_of(children, nodes.Conditions)
        return nodes.RunsOut(word_of(children[1]), found.all if found else (), items_of(children), at_of(children))

    def sold(self, children: list[Child]) -> nodes.Sold:
        found = first_of(children, nodes.Conditions)
        limits = tuple(child for child in children if isinstance(child, nodes.ActionLimit))
        return nodes.Sold(found.all if found else (), limits, at_of(children))

    it_starts = names_event(Occasion.STARTS)
    renewed_early = names_event(Occasion.RENEWED_EARLY)
    renewed_late = names_event(Occasion.RENEWED_LATE)
    not_renewed = names_event(Occasion.NOT_RENEWED)
    payment_fails = names_event(Occasion.PAYMENT_FAILS)
    suspended = names_event(Occasion.SUSPENDED)
    resumed = names_event(Occasion.RESUMED)
    member_leaves = names_event(Occasion.MEMBER_LEAVES)
    owner_leaves = names_event(Occasion.OWNER_LEAVES)
    line_ends = names_event(Occasion.LINE_ENDS)
    bought_again = names_event(Occasion.BOUGHT)
    is_bought = names_event(Occasion.BOUGHT)
    pack_ends = names_event(Occasion.ENDS)
    asked = names_event(Occasion.ASKED)

    def plan_changes(self, children: list[Child]) -> nodes.Event:
        conditions = tuple(child for child in children if not isinstance(child, Token))
        return nodes.Event(Occasion.PLAN_CHANGES, None, conditions, at_of(children))

    def named(self, children: list[Child]) -> nodes.InGroup:
        return nodes.InGroup(word_of(children[0]), True, at_of(children))

    def in_group(self, children: list[Child]) -> nodes.InGroup:
        return nodes.InGroup(word_of(children[-1]), False, at_of(children))

    same_group = in_group

    def out_of_group(self, children: list[Child]) -> nodes.Not:
        return nodes.Not(self.in_group(children), at_of(children))

    def on_event(self, children: list[Child]) -> nodes.OnEvent | nodes.Lends:
        event = all_of(children, nodes.Event)[0]
        more = first_of(children, nodes.Conditions)
        event = event._replace(conditions=event.conditions + (more.all if more else ()))
        if loan := first_of(children, nodes.Loan):
            limits = tuple(child for child in children if isinstance(child, nodes.ActionLimit))
            return nodes.Lends(event, loan.service, limits, at_of(children))
        return nodes.OnEvent(event, all_of(children, nodes.Hand)[0], items_of(children), at_of(children))

    def lot_pick(self, children: list[Child]) -> nodes.LotPick:
        mark = first_of(children, nodes.ClassMark)
        service = words_of(children, "WORD")[-1]
        return nodes.LotPick(mark.lot_class if mark else None, word_in(children, "NAME"), service, at_of(children))

    # conditions

    after_first = says(Flag.AFTER_FIRST)
    held_whole = says(Flag.HELD_WHOLE)
    paid = says(Flag.PAID)
    active = says(Flag.ACTIVE)
    opted_in = says(Flag.OPTED_IN)

    same_plan = says(Flag.SAME_PLAN)
    same_or_bigger = says(Flag.SAME_OR_BIGGER)
    up = says(Flag.UP)
    down = says(Flag.DOWN)
    bigger = says(Flag.BIGGER)
    smaller = says(Flag.SMALLER)

    def renewed_how(self, children: list[Child]) -> nodes.Said:
        how = {"ON": Flag.ON_TIME, "EARLY": Flag.RENEWED_EARLY, "BY": Flag.BY_HAND}[children[1].type]
        return nodes.Said(how, at_of(children))

    def renewed_within(self, children: list[Child]) -> nodes.RenewedWithin:
        return nodes.RenewedWithin(children[-1], False, at_of(children))

    def renewed_before(self, children: list[Child]) -> nodes.RenewedWithin:
        return nodes.RenewedWithin(all_of(children, nodes.Period)[0], True, at_of(children))

    def size(self, children: list[Child]) -> nodes.SizeSmaller:
        return nodes.SizeSmaller(str(children[2]), at_of(children))

    def cycles_in_a_row(self, children: list[Child]) -> nodes.InARow:
        return nodes.InARow(str(children[0]), at_of(children))

    def used_at_least(self, children: list[Child]) -> nodes.UsedAtLeast:
        return nodes.UsedAtLeast(children[-1], at_of(children))

    def tenure(self, children: list[Child]) -> nodes.TenureAtLeast:
        return nodes.TenureAtLeast(children[-1], at_of(children))

    def held_at_least(self, children: list[Child]) -> nodes.HeldAtLeast:
        return nodes.HeldAtLeast(children[-1], at_of(children))

    def none_left(self, children: list[Child]) -> nodes.NoneLeft:
        return nodes.NoneLeft(children[1].lot_class, words_of(children, "WORD")[0], at_of(children))

    def little_left(self, children: list[Child]) -> nodes.LittleLeft:
        mark = first_of(children, nodes.ClassMark)
        return nodes.LittleLeft(
            all_of(children, nodes.Quantity)[0], mark.lot_class if mark else None, word_in(children, "WORD"), at_of(children)
        )

    def negated(self, children: list[Child]) -> nodes.Not:
        return nodes.Not(children[1], at_of(children))

    def conditions(self, children: list[Child]) -> nodes.Conditions:
        return nodes.Conditions(tuple(child for child in children if not isinstance(child, Token)), at_of(children))

    def hand(self, children: list[Child]) -> nodes.Hand:
        found = first_of(children, nodes.Conditions)
        return nodes.Hand(all_of(children, nodes.LotPick), found.all if found else (), at_of(children))
