"""The lines of an example: openings, uses, steps and what is expected."""

from __future__ import annotations

from lark import Token

from dsl import nodes
from dsl.builder.children import (
    Child,
    Expected,
    all_of,
    amount_put,
    at_of,
    expected_of,
    first_of,
    has,
    says,
    target_of,
    without_expected,
    word_in,
    word_of,
    words_of,
)
from dsl.nodes import Flag, Word
from dsl.plan import State
from dsl.scenario import Cause, Figure


class Steps:
    def use_step(self, children: list[Child]) -> nodes.UseStep:
        return nodes.UseStep(all_of(children, nodes.Used), expected_of(children), at_of(children))

    def used(self, children: list[Child]) -> nodes.Used:
        return nodes.Used(children[0], word_in(children, "WORD"), all_of(children, nodes.Tag), at_of(children))

    def figure(self, children: list[Child]) -> Word:
        return Word(children[0].type.lower(), at_of(children))

    def cause(self, children: list[Child]) -> nodes.Why:
        return nodes.Why(Cause(" ".join(child.lower() for child in children)), "", None, at_of(children))

    def why(self, children: list[Child]) -> nodes.Why:
        if isinstance(children[0], nodes.Why):
            return children[0]
        *kind, name = children
        return nodes.Why(None, kind[0].type.lower() if kind else "", word_of(name), at_of(children))

    def expectation(self, children: list[Child]) -> nodes.Expectation:
        mark, why = first_of(children, nodes.ClassMark), first_of(children, nodes.Why)
        lot_class, only = mark.lot_class if mark else None, all_of(children, nodes.Scope)
        service = word_in(children, "WORD")
        if isinstance(children[0], Token):
            date = word_in(children, "DATE")
            until = (date, word_in(children, "CLOCK")) if date else None
            return nodes.Expectation(Figure.ENDS, until, lot_class, service, at_of(children), only, why)
        figure, quantity = children[:2]
        return nodes.Expectation(Figure(figure.text), quantity, lot_class, service, at_of(children), only, why)

    def expected(self, children: list[Child]) -> Expected:
        return Expected(all_of(children, nodes.Expectation), at_of(children))

    def buy_step(self, children: list[Child]) -> nodes.BuyStep:
        return nodes.BuyStep(word_of(children[1]), expected_of(children), at_of(children))

    def save_step(self, children: list[Child]) -> nodes.SaveStep:
        return nodes.SaveStep(children[1], expected_of(children), at_of(children))

    def borrow_step(self, children: list[Child]) -> nodes.BorrowStep:
        return nodes.BorrowStep(children[1], expected_of(children), at_of(children))

    def cancel_step(self, children: list[Child]) -> nodes.CancelStep:
        return nodes.CancelStep(word_of(children[1]), expected_of(children), at_of(children))

    def convert_step(self, children: list[Child]) -> nodes.ConvertStep:
        return nodes.ConvertStep(children[1], target_of(children[3]), expected_of(children), at_of(children))

    def top_up_step(self, children: list[Child]) -> nodes.TopUpStep:
        return nodes.TopUpStep(amount_put(children[2:]), expected_of(children), at_of(children))

    def add_step(self, children: list[Child]) -> nodes.AddStep:
        return nodes.AddStep(amount_put(children[1:]), expected_of(children), at_of(children))

    to_zero = says(Flag.TO_ZERO)

    def remove_step(self, children: list[Child]) -> nodes.RemoveStep:
        mark = first_of(children, nodes.ClassMark)
        return nodes.RemoveStep(
            children[1], word_in(children, "WORD"), mark.lot_class if mark else None, word_in(children, "NAME"),
            first_of(children, nodes.Said) is not None, expected_of(children), at_of(without_expected(children)),
        )  # fmt: skip

    def void_step(self, children: list[Child]) -> nodes.VoidStep:
        return nodes.VoidStep(word_of(children[1]), expected_of(children), at_of(without_expected(children)))

    def state_step(self, children: list[Child]) -> nodes.StateStep:
        state, on = {
            "OPT": (State.OPTED_IN, has(children, "IN")), "SUSPEND": (State.ACTIVE, False), "RESUME": (State.ACTIVE, True),
            "PAYMENT": (State.PAID, False), "PAY": (State.PAID, True),
        }[children[0].type]  # fmt: skip
        return nodes.StateStep(state, on, expected_of(children), at_of(children))

    def renew_step(self, children: list[Child]) -> nodes.RenewStep:
        return nodes.RenewStep(word_in(children, "NAME"), expected_of(children), at_of(children))

    def no_renewal_step(self, children: list[Child]) -> nodes.NoRenewalStep:
        return nodes.NoRenewalStep(expected_of(children), at_of(children))

    def change_step(self, children: list[Child]) -> nodes.ChangeStep:
        return nodes.ChangeStep(words_of(children, "NAME")[0], expected_of(children), at_of(children))

    def give_step(self, children: list[Child]) -> nodes.GiveStep:
        return nodes.GiveStep(children[1], word_in(children, "NAME"), expected_of(children), at_of(children))

    def leave_step(self, children: list[Child]) -> nodes.LeaveStep:
        return nodes.LeaveStep(expected_of(children), at_of(children))

    def joins_step(self, children: list[Child]) -> nodes.StartsStep:
        return nodes.StartsStep(word_in(children, "NAME"), True, expected_of(children), at_of(children))

    def starts_step(self, children: list[Child]) -> nodes.StartsStep:
        return nodes.StartsStep(word_in(children, "NAME"), False, expected_of(children), at_of(children))

    def line_step(self, children: list[Child]) -> nodes.LineStep:
        step = children[1] if not isinstance(children[1], Expected) else None
        return nodes.LineStep(word_of(children[0]), step, step.expectations if step else expected_of(children), at_of(children))

    def dated_step(self, children: list[Child]) -> nodes.DatedStep:
        clock = word_in(children, "CLOCK")
        step = children[-1] if not isinstance(children[-1], Expected) else None
        expectations = step.expectations if step else expected_of(children)
        return nodes.DatedStep(word_of(children[1]), clock, step, expectations, at_of(children))

    def opening_lot(self, children: list[Child]) -> nodes.OpeningLot:
        mark = first_of(children, nodes.ClassMark)
        until = first_of(children, nodes.LastDay)
        quantity = all_of(children, nodes.Quantity)[0]
        lot_class, owed = mark.lot_class if mark else None, has(children, "OWED")
        only = all_of(children, nodes.Scope)
        return nodes.OpeningLot(quantity, lot_class, word_in(children, "WORD"), until, at_of(children), only, owed)

    def start_step(self, children: list[Child]) -> nodes.StartStep:
        return nodes.StartStep(word_in(children, "DATE"), all_of(children, nodes.OpeningLot), at_of(children))
