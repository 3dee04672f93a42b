"""The whole plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dsl.phrase import Phrase
from dsl.plan.changes import Change, Renewal
from dsl.plan.claims import Claim, MostUsed
from dsl.plan.counting import Counting
from dsl.plan.lines import ByLines, Loan, Share
from dsl.plan.lots import Grant
from dsl.plan.offers import Pack, Promotion
from dsl.plan.order import Order
from dsl.plan.prices import LeavingFee, Price
from dsl.plan.remedies import RunsOut
from dsl.plan.rules import Rule
from dsl.plan.time import Cycle
from dsl.plan.uses import ANY_USE
from dsl.source import Span


class Kind(StrEnum):
    PREPAID = "prepaid"
    POSTPAID = "postpaid"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A choice the text leaves open: `topic` for sorting, `rule` as it would be written, `text` for people. `template` is that
    with names of `fields` in braces: one for all plans, so that it can be said in other languages."""

    topic: str
    rule: str
    template: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> Phrase:
        return Phrase(self.template, dict(self.fields))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a text says of one plan, with what its file adds to it; `assumptions` are the choices it leaves open.

    Where rules have dates, these are the rules before the first of them, and `later` what holds from each date on, in order.
    Only grants, orders, rules, running out, what counts, prices and packs differ there. The assumptions here are those of all
    times.
    """

    name: str
    kind: Kind
    zone: str
    data_step: int
    cycle: Cycle
    contract_months: int  # 0: none
    grants: tuple[Grant, ...]
    orders: tuple[Order, ...]
    rules: tuple[Rule, ...]
    runs_out: tuple[RunsOut, ...]
    prices: tuple[Price, ...]
    packs: tuple[Pack, ...]
    promotions: tuple[Promotion, ...]
    claims: tuple[Claim, ...]
    assumptions: tuple[Assumption, ...]
    span: Span
    renewal: Renewal = Renewal()
    changes: tuple[Change, ...] = ()
    leaving: tuple[LeavingFee, ...] = ()
    shares: tuple[Share, ...] = ()
    by_lines: tuple[ByLines, ...] = ()
    group: tuple[str, ...] = ()  # the plans of the group it is in, from small to big
    counting: Counting = Counting()
    later: tuple[Later, ...] = ()

    @property
    def services(self) -> tuple[str, ...]:
        """What it grants at some time."""
        plans = (self, *(later.plan for later in self.later))
        return tuple(dict.fromkeys(grant.service for plan in plans for grant in plan.grants))

    def on(self, day: date) -> Plan:
        """The plan by its rules of a day."""
        return next((later.plan for later in reversed(self.later) if later.start <= day), self)

    loans: tuple[Loan, ...] = ()
    most_used: tuple[MostUsed, ...] = ()  # one a service

    def allowance(self, service: str) -> int:
        """What a whole cycle grants of a service, in base units: the `plan` of `cap 2x plan`."""
        grants = [grant for grant in self.grants if grant.each_cycle and not grant.per_renewals]
        return sum(grant.amount for grant in grants if grant.service == service)

    def is_unlimited(self, service: str) -> bool:
        """Whether it grants a service without a limit, for any use."""
        return any(grant.unlimited and grant.service == service and grant.scope == ANY_USE for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Later:
    """A plan from the midnight at which `start` begins; it has no `later` of its own."""

    start: date
    plan: Plan
