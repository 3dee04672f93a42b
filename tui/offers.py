"""What may happen to a line of a plan, as steps of the language: what the plan's rules speak of first, then all else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.check import Checked
from dsl.plan import Carry, Condition, Convert, Give, IsIn, Joins, Kind, Not, Occasion, Pack, Plan, State
from dsl.scenario import NEXT_BILL, Buy, Scenario
from dsl.source import Span, printable
from dsl.step_words import StepWords, UnsayableError, quoted, service_word
from tui import steps
from tui.language import message
from tui.saying import say
from tui.usage import step

_KINDS = {Kind.PREPAID: message("prepaid"), Kind.POSTPAID: message("postpaid")}
OTHER_LINE = "Kid"  # a name for a line that there is none of yet


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as the language writes it, why it is offered, and whether the plan's rules speak of it. Safe to show."""

    text: str
    about: str
    is_of_plan: bool = True


def offers(checked: Checked, plan: Plan, scenario: Scenario) -> tuple[Offer, ...]:
    """What can be put into a history of a plan, in the order in which it is offered; none twice."""
    found: dict[str, Offer] = {}
    for offer in _Offering(checked, plan, scenario).all():
        found.setdefault(offer.text, offer)
    return tuple(sorted(found.values(), key=lambda one: not one.is_of_plan))


class _Offering:
    def __init__(self, checked: Checked, plan: Plan, scenario: Scenario) -> None:
        self.checked, self.plan, self.scenario = checked, plan, scenario
        self.words = StepWords(plan.data_step)
        self.services = plan.services
        self.lines = steps.line_names(scenario)

    def all(self) -> Iterator[Offer]:
        yield from self._packs()
        yield from self._renewals()
        yield from self._moved_by_hand()
        yield from self._lines()
        yield from self._states()
        yield from self._plans()
        yield from self._operator()

    # ---- what is bought

    def _packs(self) -> Iterator[Offer]:
        bought = {act.pack for _, _, act in steps.acts(self.scenario) if isinstance(act, Buy)}
        for pack in self.plan.packs:
            name = _named(pack.name)
            if name:
                yield Offer(f"buy {name}", self._of_pack(pack))
        for pack in self.plan.packs:
            name = _named(pack.name)
            if name and pack.name in bought:
                yield Offer(f"cancel {name}", say("the pack ends now, and comes no more"))
                yield Offer(f"void {name}", say("it should not have been sold"), is_of_plan=False)
        for service in self.services:
            yield Offer(
                f"top up {self._some(service, 5)}", say("a lot is bought that is no pack"), self.plan.kind is Kind.PREPAID
            )

    def _of_pack(self, pack: Pack) -> str:
        """What it grants and costs, in the words of the text."""
        spans = [grant.span for grant in pack.grants] + [price.span for price in pack.prices]
        return say(", ").join(filter(None, dict.fromkeys(map(self._quoted, spans))))

    def _quoted(self, span: Span) -> str:
        lines = self.checked.source.lines
        return printable(lines[span.line - 1][span.start : span.end]) if 1 <= span.line <= len(lines) else ""

    def _some(self, service: str, times: int = 1) -> str:
        return self.words.amount(service, times * step(self.plan, service))

    # ---- renewal and change of plan

    def _renewals(self) -> Iterator[Offer]:
        by_hand = self.plan.kind is Kind.PREPAID
        yield Offer("renew", say("the next cycle begins early, or late after `do not renew`"), by_hand)
        yield Offer("do not renew", say("no cycle is renewed by itself from now on"), by_hand)

    def _plans(self) -> Iterator[Offer]:
        for other in self.checked.plans:
            name = _named(other.name)
            if name and other.name != self.plan.name:
                yield Offer(f"change to {name}", self._change(other))
                yield Offer(f"renew with {name}", say("this plan is renewed as that one"), is_of_plan=False)

    def _change(self, other: Plan) -> str:
        grants = self._quoted(other.grants[0].span) if other.grants else ""
        kind = say(_KINDS[other.kind])
        return say(", ").join([kind, grants] if grants else [kind])

    # ---- by hand

    def _moved_by_hand(self) -> Iterator[Offer]:
        for rule in self.plan.rules:
            for clause in rule.clauses:
                if isinstance(clause, Convert) and rule.occasion is Occasion.ASKED:
                    to = NEXT_BILL if clause.to_bill else service_word(clause.to_service)
                    yield Offer(f"convert {self._some(rule.service)} to {to}", self._quoted(rule.span))
                if isinstance(clause, Carry) and clause.saved:
                    yield Offer(f"save {self._some(rule.service)}", self._quoted(rule.span))
        for loan in self.plan.loans:
            yield Offer(f"borrow {self._some(loan.service)}", self._quoted(loan.span))
        for service in self.services:
            yield Offer(f"use {self._some(service)}", say("used at this moment, beside what the cycle uses"), is_of_plan=False)

    # ---- other lines

    def _lines(self) -> Iterator[Offer]:
        shares = bool(self.plan.shares)
        gives = [(rule, clause) for rule in self.plan.rules for clause in rule.clauses if isinstance(clause, Give)]
        if not self.lines:
            about = say("a line that shares what this one has")
            yield Offer(f'"{OTHER_LINE}" joins', about, shares)
            start = _named(self.plan.name)
            if start:
                yield Offer(f'"{OTHER_LINE}" starts on {start}', say("another line, to give to"), bool(gives))
        for line in self.lines or (OTHER_LINE,):
            name = _named(line)
            for rule, clause in gives if name else ():
                yield Offer(f"give {self._some(rule.service)} to {name}", self._quoted(clause.span))
            if name and self.lines:
                yield Offer(f"{name} leave", say("that line ends"), shares)
                yield from (
                    Offer(f"{name} use {self._some(service)}", say("that line uses it"), shares) for service in self.services
                )

    # ---- states

    def _states(self) -> Iterator[Offer]:
        opts = any(promotion.joins is Joins.OPT_IN for promotion in self.plan.promotions) or self._asks(State.OPTED_IN)
        promoted = say(", ").join(
            say('promotion "{promotion}"', promotion=one.name) for one in self.plan.promotions if one.joins is Joins.OPT_IN
        )
        yield Offer("opt in", printable(promoted) or say("what asks for `if opted in`"), opts)
        yield Offer("opt out", say("back as it was"), is_of_plan=False)
        pays = self._asks(State.PAID) or self._acts_when(Occasion.PAYMENT_FAILS)
        yield Offer("payment fails", say("what asks for `if paid` stops"), pays)
        yield Offer("pay", say("paid again"), pays)
        suspends = self._asks(State.ACTIVE) or self._acts_when(Occasion.SUSPENDED) or self._acts_when(Occasion.RESUMED)
        yield Offer("suspend", say("the line is not active"), suspends)
        yield Offer("resume", say("active again"), suspends)
        yield Offer("leave", say("the line ends"), bool(self.plan.contract_months) or self._acts_when(Occasion.LINE_ENDS))

    def _asks(self, state: State) -> bool:
        """Whether a condition anywhere in the plan asks for a state."""
        packs = self.plan.packs
        asked = [one.conditions for one in (*self.plan.rules, *(rule for pack in packs for rule in pack.rules))]
        asked += [one.conditions for one in packs] + [one.conditions for one in self.plan.loans]
        return any(_asks(condition, state) for conditions in asked for condition in conditions)

    def _acts_when(self, occasion: Occasion) -> bool:
        return any(rule.occasion is occasion for rule in self.plan.rules)

    # ---- by the operator

    def _operator(self) -> Iterator[Offer]:
        for service in self.services:
            yield Offer(f"add {self._some(service)}", say("put by the operator"), is_of_plan=False)
            yield Offer(f"remove {self._some(service)}", say("taken by the operator"), is_of_plan=False)


def _asks(condition: Condition, state: State) -> bool:
    plain = condition.condition if isinstance(condition, Not) else condition
    return isinstance(plain, IsIn) and plain.state is state


def _named(name: str) -> str:
    """A name in quotes as a step can say it; "" where it can't."""
    try:
        return quoted(name) if printable(name) == name else ""
    except UnsayableError:
        return ""
