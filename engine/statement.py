"""Figures per cycle and service, each a sum of postings, and their form as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dsl.plan import Assumption, LotClass, Plan
from dsl.units import DATA, SMS, VOICE, base_unit
from engine.account import Account
from engine.calendar import Calendar, Instant
from engine.ledger import DEBTS, Lot, Posting, Reason, Sink
from engine.loyalty import Followed

BEYOND = (LotClass.SOLD, LotClass.BORROWED)  # lots that come when the rest ran out
SCHEMA = "rollover.statement/1"
COLUMNS = (
    "carried_in", "granted", "received", "available", "used", "overage", "carried_out", "converted_out", "converted_in",
    "given", "expired", "remaining",
)  # fmt: skip
_FIRST_SERVICES = (DATA, VOICE, SMS)


@dataclass(slots=True)
class Figures:
    """Of one service in one cycle, in base units:

    carried_in + granted + received + converted_in = used + carried_out + converted_out + given + expired + remaining

    `available` is what the cycle starts with; `overage` is use that no lot covered but what was sold for it; `left` is what
    was usable just before the boundary, `refused` what was asked for and not done. None of them is
    part of the sum. What pays back what is owed is `repaid`, and no part of what was granted or received; what is still `owed`
    at the end stands beside.
    """

    carried_in: int = 0
    granted: int = 0
    received: int = 0
    available: int = 0
    used: int = 0
    overage: int = 0
    carried_out: int = 0
    converted_out: int = 0
    converted_in: int = 0
    given: int = 0
    expired: int = 0
    remaining: int = 0
    left: int = 0
    refused: int = 0
    repaid: int = 0
    owed: int = 0

    @property
    def imbalance(self) -> int:
        into = self.carried_in + self.granted + self.received + self.converted_in
        return into - self.used - self.carried_out - self.converted_out - self.given - self.expired - self.remaining


@dataclass(frozen=True, slots=True)
class CycleStatement:
    """`start` and `end` are instants; `end` belongs to the next cycle. `charged` is in minor units, by currency, and `due` what
    of it no credit paid."""

    number: int
    plan: str
    start: Instant
    end: Instant
    services: dict[str, Figures]
    charged: dict[str, int]
    due: dict[str, int]


@dataclass(frozen=True, slots=True)
class Statement:
    plan: Plan
    assumptions: tuple[Assumption, ...]
    cycles: tuple[CycleStatement, ...]

    def cycle(self, number: int) -> CycleStatement:
        """The cycle of that number; a line that joined others has none before it did."""
        return self.cycles[number - self.cycles[0].number]


def statement(account: Account, cycles: int) -> Statement:
    """The first `cycles` cycles, each closed. Asserts conservation for every service and cycle."""
    names = _services(account, cycles)
    opening: dict[str, int] = defaultdict(int)
    postings: list[list[Posting]] = [[] for _ in range(cycles)]
    for posting in account.ledger.postings:
        if posting.reason is Reason.OPENING:
            opening[posting.service] += posting.amount * (not isinstance(posting.target, Sink))
        elif posting.cycle <= cycles:
            postings[posting.cycle - 1].append(posting)
    owed = _owed(account, cycles)
    found = []
    for index, of_cycle in enumerate(postings):
        if account.calendar.boundary(index + 1) <= account.start:
            continue
        sums = Sums.of(of_cycle, account.ledger.lots, names)
        sums.hold(account.closings[index - 1] if index else opening, account.closings[index], account.before_close[index])
        for name, figures in sums.services.items():
            figures.owed = owed[name, index + 1]
            assert figures.imbalance == 0, f"{name} of cycle {index + 1} is out of balance by {figures.imbalance}"
        start, end = account.calendar.boundary(index), account.calendar.boundary(index + 1)
        found.append(
            CycleStatement(
                index + 1, account.plans[index].name, start, end, sums.services, dict(sums.charged), dict(sums.due)
            )
        )  # fmt: skip
    return Statement(account.plans[0], _that_mattered(account, found), tuple(found))


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the postings of a cycle: the figures by service; what is charged and due, by currency."""

    services: dict[str, Figures]
    charged: dict[str, int]
    due: dict[str, int]

    @classmethod
    def of(cls, postings: Iterable[Posting], lots: Sequence[Lot], names: Iterable[str]) -> Sums:
        """`names` are the services that have figures in any case."""
        services: dict[str, Figures] = {name: Figures() for name in names}
        charged: dict[str, int] = defaultdict(int)
        owing: dict[str, int] = defaultdict(int)
        for posting in postings:
            if money := charges(posting):
                charged[posting.service] += money
            if money := due(posting):
                owing[posting.service] += money
            else:
                count(services.setdefault(posting.service, Figures()), posting, lots)
        return cls(services, charged, owing)

    def hold(self, before: Mapping[str, int], after: Mapping[str, int], usable: Mapping[str, int]) -> None:
        """Adds what is held when the cycle begins and when it has closed, and what was usable just before that: also of a
        service of which nothing moved."""
        for name in (*before, *after):
            if name not in self.services and (before.get(name, 0) or after.get(name, 0)):
                self.services[name] = Figures()
        for name, figures in self.services.items():
            figures.carried_in = before.get(name, 0)
            figures.available = figures.carried_in + figures.granted
            figures.carried_out = after.get(name, 0)
            figures.left = usable.get(name, 0)


def _owed(account: Account, cycles: int) -> dict[tuple[str, int], int]:
    """What is owed at the end of each cycle, by service and number of the cycle."""
    found: dict[tuple[str, int], int] = defaultdict(int)
    for posting in account.ledger.postings:
        for number in range(max(1, posting.cycle), cycles + 1) if owes(posting) else ():
            found[posting.service, number] += owes(posting)
    return found


def _that_mattered(account: Account, cycles: Sequence[CycleStatement]) -> tuple[Assumption, ...]:
    """What is assumed and decided something in this run, or may have."""
    ran_out = {f"runs out {name}" for cycle in cycles for name, figures in cycle.services.items() if figures.overage}
    calendar = account.calendar
    start = calendar.local(calendar.boundary(0))
    of_start = Calendar(account.plans[0].cycle, account.plan.zone, start)
    parts = [of_start.part(cycle.number) for cycle in cycles]
    part, whole = of_start.part(1)
    mattered = {
        "order": account.usage.chose_unsaid,
        **{topic: topic in account.assumed for topic in ("renewed early", "renewed late", "change")},
        "short months": calendar.anchor_day > 28,
        "the first cycle": part < whole,
        "renewals": any(step.how is Followed.LAPSED or step.old != step.new for step in account.grants.steps),
        "the hour": calendar.midnight(start.date()) != calendar.boundary(0),
        "price": any(some < all_of_it for some, all_of_it in parts),
    }  # fmt: skip
    return tuple(
        one
        for one in account.plans[0].assumptions
        if (one.topic in ran_out if one.topic.startswith("runs out ") else mattered.get(one.topic, True))
    )


def _services(account: Account, cycles: int) -> list[str]:
    """Every service with a lot or a use, in the order people expect."""
    seen = {service for plan in account.plans for service in plan.services}
    for posting in account.ledger.postings:
        if posting.cycle <= cycles and not due(posting):
            seen.add(posting.service)
    return in_order(seen)


def in_order(services: Iterable[str]) -> list[str]:
    """Data, minutes and messages, then others by name."""
    return sorted(services, key=lambda name: (_FIRST_SERVICES.index(name) if name in _FIRST_SERVICES else 3, name))


def charges(posting: Posting) -> int:
    """What a posting charges, whoever pays it, in minor units of its `service`; below zero where it pays back."""
    return posting.amount if posting.reason is Reason.PAID else due(posting)


def due(posting: Posting) -> int:
    """What a posting charges the subscriber, in minor units of its `service`; below zero where it pays back, and zero where it
    is about lots."""
    return posting.amount * ((posting.source is Sink.SUBSCRIBER) - (posting.target is Sink.SUBSCRIBER))


def owes(posting: Posting) -> int:
    """What a posting adds to what is owed, in base units of its service; below zero where it pays some back."""
    return posting.amount * ((posting.source in DEBTS) - (posting.target in DEBTS))


def count(figures: Figures, posting: Posting, lots: Sequence[Lot]) -> None:
    """Adds a posting to the figure it belongs to; moves from lot to lot change no figure."""
    amount, source, target = posting.amount, posting.source, posting.target
    if Sink.COUNTING in (source, target):
        return  # figures are about what counts
    if source is Sink.ANOTHER_LINE:
        figures.received += amount
    if target is Sink.ANOTHER_LINE:
        figures.given += amount
        if source is Sink.OPERATOR:
            figures.received += amount
    elif target in DEBTS:
        figures.repaid += amount
        if posting.reason is Reason.REPAID:
            figures.granted -= amount
        else:
            figures.received -= amount
    elif source is Sink.OWED:
        figures.received += amount
        figures.used += amount
        figures.overage += amount
    elif source is Sink.LENT:
        figures.received += amount
    elif target is Sink.REFUSED:
        figures.refused += amount
    elif target is Sink.USED:
        figures.used += amount
        if source is Sink.OPERATOR:
            figures.received += amount
        elif source is Sink.EXCHANGE:
            figures.converted_in += amount
        elif not isinstance(source, Sink) and lots[source].lot_class in BEYOND and posting.reason is not Reason.PAID:
            figures.overage += amount
    elif target is Sink.EXPIRED:
        figures.expired += amount
    elif target is Sink.EXCHANGE:
        figures.converted_out += amount
    elif source is Sink.EXCHANGE:
        figures.converted_in += amount
    elif source is Sink.OPERATOR:
        if isinstance(target, Sink):
            figures.overage += amount
        elif posting.reason is Reason.GRANTED:
            figures.granted += amount
        else:
            figures.received += amount


def as_json(found: Statement, calendar: Calendar) -> dict[str, object]:
    """The statement as plain data: whole numbers of base units, instants as ISO 8601 local times with their offset."""
    plan = found.plan
    return {
        "schema": SCHEMA,
        "plan": {
            "name": plan.name,
            "kind": str(plan.kind),
            "timezone": plan.zone,
            "contract_months": plan.contract_months,
        },
        "assumptions": [
            {"topic": assumption.topic, "rule": assumption.rule, "text": assumption.text} for assumption in found.assumptions
        ],
        "cycles": [
            {
                "cycle": cycle.number,
                "plan": cycle.plan,
                "start": calendar.iso(cycle.start),
                "end": calendar.iso(cycle.end),
                "services": {
                    name: {"unit": base_unit(name), **{key: getattr(figures, key) for key in COLUMNS}}
                    for name, figures in cycle.services.items()
                },
                "charged": cycle.charged,
                "due": cycle.due,
            }
            for cycle in found.cycles
        ],
    }
