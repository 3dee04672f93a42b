"""The lines of one account: the one a history is about, and others that share with it or are given to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dsl.phrase import Phrase, phrase
from dsl.plan import NO_CEILING, Occasion, Plan, Renewal
from dsl.scenario import Act, GiveAway, Leave, Start
from dsl.source import NOWHERE
from engine.account import Account
from engine.calendar import Instant
from engine.history import comes_first
from engine.ledger import Reason, Sink
from engine.pool import Pool

FIRST = ""  # the name of the line a history is about


class LineError(ValueError):
    """What a line can't do in this account, and what could be done."""

    def __init__(self, problem: Phrase, instead: Phrase) -> None:
        super().__init__(problem)
        self.problem = problem
        self.instead = instead


class Lines:
    """Accounts by name, `FIRST` the one that owns what is shared. All stand at one instant when something happens to one."""

    def __init__(self, first: Account, plans: Mapping[str, Plan]) -> None:
        self.plans = plans
        self.accounts = {FIRST: first}
        self.members: list[str] = []  # that share, in the order they joined

    @property
    def owner(self) -> Account:
        return self.accounts[FIRST]

    def advance(self, to: Instant) -> None:
        for account in self.accounts.values():
            account.advance(to)

    def apply(self, at: Instant, line: str, act: Act) -> None:
        """One event of a line. Events come in the order of time. Raises LineError."""
        self.advance(at - 1 if comes_first(act) else at)
        match act:
            case Start():
                self._come_to(at)
                self._start(at, line, act)
            case GiveAway() if line in self.accounts:
                self._come_to(at)
                self._give(line, act)
            case _ if line not in self.accounts:
                raise LineError(
                    phrase('no line "{line}" has started yet', line=line), phrase('put `"{line}" joins` before it', line=line)
                )
            case Leave() if line in self.members:
                self._leave(at, line)
            case _:
                self.accounts[line].apply(at, act)
                if isinstance(act, Leave) and line == FIRST:
                    self._come_to(at)
                    for member in self.members:
                        self.accounts[member].occur(Occasion.OWNER_LEAVES)

    def _come_to(self, at: Instant) -> None:
        """What happens to one line is seen by the others at the same instant."""
        self.advance(at)
        for account in self.accounts.values():
            account.ledger.at = at

    def _start(self, at: Instant, line: str, start: Start) -> None:
        owner = self.owner
        if line in self.accounts:
            raise LineError(phrase('there is a line "{line}" already', line=line), phrase("give it another name"))
        if not start.member:
            plan = self.plans[start.plan]
            self.accounts[line] = Account(plan, owner.calendar.local(at), (), self.plans)
            return
        if owner.ended:
            raise LineError(phrase("the line that shares has left"), phrase("let it join before"))
        shares = owner.plan.shares
        if not shares:
            raise LineError(
                phrase('plan "{plan}" shares nothing', plan=owner.plan.name),
                phrase("add a line such as `share with up to 4 lines`"),
            )
        most = max(share.most_lines for share in shares)
        if NO_CEILING != most <= len(self.members):
            raise LineError(
                phrase("no more than {most} lines share here", most=most), phrase("leave one out, or raise the limit")
            )
        plan = self.plans[start.plan] if start.plan else _without_own(owner.plan)
        # A member takes the owner's cycles, unless its own plan has cycles of another kind.
        alike = plan.cycle == owner.plan.cycle
        account = (
            Account(plan, owner.calendar.local(at), (), self.plans, joins=owner)
            if alike
            else Account(plan, owner.calendar.local(at), (), self.plans)
        )
        if start.plan:
            account.part_from_others()  # what its plan grants ends with its own cycles, whatever the owner does to those of his
        account.usage.pool = Pool(owner)
        self.accounts[line] = account
        self.members.append(line)
        owner.grants.lines = 1 + len(self.members)
        owner.grants.one_more_line()

    def _give(self, line: str, act: GiveAway) -> None:
        giver, family = self.accounts[line], [FIRST, *self.members]
        receiver = self.accounts.get(act.to)
        if receiver is None or receiver is giver:
            raise LineError(*_no_line(act.to))
        if receiver.ended:
            giver.ledger.refuse({act.service: act.amount}, Reason.LEFT, NOWHERE)
            return
        found = giver.ask(act, receiver, in_family=line in family and act.to in family)
        if found:
            clause, parcels = found
            for lot, amount in parcels:
                giver.ledger.take(lot, amount, Sink.ANOTHER_LINE, Reason.GIVEN, clause.span)
                receiver.receive(lot, amount, clause)

    def _leave(self, at: Instant, line: str) -> None:
        self.accounts[line].apply(at, Leave())
        self.accounts[line].usage.pool = None
        self.members.remove(line)
        self.owner.grants.lines = 1 + len(self.members)
        self._come_to(at)
        self.owner.occur(Occasion.MEMBER_LEAVES)


def _no_line(name: str) -> tuple[Phrase, Phrase]:
    if name == FIRST:
        return phrase("a line can't give to itself"), phrase('name another: `give 1 GB to "Kid"`')
    where = phrase('put `"{name}" starts on ...` or `joins` before it', name=name)
    return phrase('there is no other line "{name}"', name=name), where


def _without_own(plan: Plan) -> Plan:
    """The plan of a member that has none: what it does when it runs out is said by the owner's, all else is the owner's."""
    return replace(
        plan, grants=(), rules=(), prices=(), promotions=(), contract_months=0, leaving=(), shares=(), by_lines=(),
        renewal=Renewal(), changes=(), claims=(), later=tuple(replace(one, plan=_without_own(one.plan)) for one in plan.later),
    )  # fmt: skip
