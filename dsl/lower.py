"""Pieces to plan: names, units and the order of application are settled here, once for each plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsl import nodes, sharing, terms
from dsl.amounts import Amounts
from dsl.at_once import in_force
from dsl.claims import claims, most_used
from dsl.conditions import condition
from dsl.context import NEXT_CYCLE, Context, is_pack, named_service
from dsl.counting import counting
from dsl.document import Block
from dsl.file_scope import Scope
from dsl.grants import grant
from dsl.hand_rules import rules
from dsl.limits import Action, limits
from dsl.lives import is_end
from dsl.nodes import Flag, Line
from dsl.phrase import phrase
from dsl.pieces import OWN_CLASS, GrantPiece, HandPiece, Piece, PieceReader, StatementPiece, merge
from dsl.plan import (
    ByLines,
    Change,
    Claim,
    Counting,
    Cycle,
    Grant,
    Kind,
    LeavingFee,
    Loan,
    MostUsed,
    Occasion,
    Order,
    OrderKey,
    Price,
    Renewal,
    Rule,
    RunsOut,
    Share,
)
from dsl.prices import prices
from dsl.remedies import is_lent, remedies
from dsl.units import called, is_money


@dataclass(slots=True)
class Lowered:
    """The parts of a plan before packs and promotions join it; `said` are the topics the text decides."""

    kind: Kind
    cycle: Cycle
    contract_months: int
    grants: tuple[Grant, ...]
    orders: tuple[Order, ...]
    rules: tuple[Rule, ...]
    runs_out: tuple[RunsOut, ...]
    prices: tuple[Price, ...]
    claims: tuple[Claim, ...]
    renewal: Renewal
    changes: tuple[Change, ...]
    leaving: tuple[LeavingFee, ...]
    shares: tuple[Share, ...]
    by_lines: tuple[ByLines, ...]
    counting: Counting
    loans: tuple[Loan, ...]
    most_used: tuple[MostUsed, ...]
    said: set[str]
    grants_known: bool  # false where a line that may grant could not be read


def rate(amounts: Amounts, line: Line, statement: nodes.Equation) -> tuple[tuple[str, str], tuple[int, int]] | None:
    """(from, to) services and how many base units of each are worth the same."""
    zero_help = phrase("write how much one is worth")
    left = amounts.quantity(line, statement.left, zero_help=zero_help)
    right = amounts.quantity(line, statement.right, zero_help=zero_help)
    if left is None or right is None:
        return None
    if left.service == right.service:
        amounts.findings.add("R222", line.span(statement.at))
        return None
    return (left.service, right.service), (left.amount, right.amount)


_STARTS = {Flag.FROM_ROLLING, Flag.FROM_GRANT}  # what the life of what is carried counts from

# ---- plans ----------------------------------------------------------------------------------------------------------


def plan(scope: Scope, chain: Sequence[Block]) -> Lowered:
    """The plan of the last block of `chain`, each made `like` the one before it, by its rules of `scope.day`."""
    reader = PieceReader(scope.amounts, "plan")
    first = chain[0].header.statement
    assert isinstance(first, nodes.PlanHeader)
    grants_known = all(block.sound for block in chain) and not first.like
    ever: list[Piece] = []  # what is granted at some time
    grants: list[Piece] = []
    others: list[Piece] = list(scope.counting)
    for block in chain:
        written = reader.grants(block)
        ever = merge(ever, written)
        grants = merge(grants, in_force(scope, written))
        services = tuple(dict.fromkeys(piece.key[1] for piece in ever if piece.key[1]))
        grants_known &= all(piece.key[1] for piece in ever)
        own = in_force(scope, reader.others(block, services, grants_known=grants_known))
        # Claims are about the plan they stand in, and what is shared is said at once.
        own_alone = {"ensure", "assume"} | {piece.key[0] for piece in own if piece.key[0] == "share"}
        others = merge([piece for piece in others if piece.key[0] not in own_alone], own)
    return _Plan(scope, chain, grants, others, services, grants_known).lower()


class _Plan:
    def __init__(
        self, scope: Scope, chain: Sequence[Block], grants: Sequence[Piece], others: Sequence[Piece],
        services: Sequence[str], grants_known: bool,
    ) -> None:  # fmt: skip
        self.scope = scope
        self.chain = chain
        self.grant_pieces = [piece for piece in grants if isinstance(piece, GrantPiece)]
        self.hands = [piece for piece in others if isinstance(piece, HandPiece)]
        self.lines = [piece.line for piece in others if isinstance(piece, StatementPiece)]
        self.amounts = scope.amounts
        self.services = services  # that it grants at some time
        self.grants_known = grants_known

    def lower(self) -> Lowered:
        said = set(self.scope.said)
        cycle: Cycle = terms.DEFAULT_CYCLE
        contract = 0
        renewal, changes = Renewal(), list[Change]()
        leaving: tuple[LeavingFee, ...] = ()
        rates, rates_known = dict(self.scope.rates), self.scope.rates_known
        for line in self.lines:
            match line.statement:
                case nodes.Cycle() as statement:
                    cycle = terms.cycle(self.amounts, line, statement) or cycle
                    said |= {"cycle", *terms.topics(statement.choices)}
                    if any(isinstance(choice, nodes.Said) and choice.flag is Flag.ON_LAST_DAY for choice in statement.choices):
                        said.add("short months")
                case nodes.Price(part=part, every=every) if part or not every:
                    said.add("price")
                case nodes.Contract() as statement:
                    contract = terms.contract_months(self.amounts, line, statement) or 0
                case nodes.Renewal() as statement:
                    renewal = terms.renewal(self.amounts, line, statement, renewal)
                    said.add("renewed early" if statement.is_early else "renewed late")
                case nodes.Change() as statement:
                    changes.append(terms.change(self.amounts, line, statement))
                    said.add("change")
                case nodes.Leaving() as statement:
                    leaving = terms.leaving(self.amounts, line, statement)
                    if not any(isinstance(other.statement, nodes.Contract) for other in self.lines):
                        self.scope.findings.add("R237", line.span(statement.at))
                case nodes.Equation() as statement:
                    found = rate(self.amounts, line, statement)
                    rates_known &= found is not None
                    if found:
                        rates[found[0]] = found[1]
        words = terms.cycle_words(cycle)
        context = Context(self.amounts, rates, {}, words, names=self.scope.names)
        grants = self._grants(context, words)
        allowances = allowances_of(self.services, grants)
        grants_known = len(grants) == len(self.grant_pieces) and self.grants_known
        monies = [*(grant.service for grant in grants), *(to for _, to in rates)]
        currency = next((service for service in monies if is_money(service)), "")
        context = Context(
            self.amounts, rates, allowances, words, rates_known=rates_known, grants_known=grants_known,
            sound=all(block.sound for block in self.chain), currency=currency, names=self.scope.names,
            group=self.scope.names.group_of(self.chain[-1].name),
        )  # fmt: skip
        self._report_unlimited(grants)
        items = [item for hand in self.hands for _, item in hand.items]
        if any(isinstance(item, nodes.CutFirst) for item in items):
            said.add("cap cuts")
        if all(cap.marks for cap in self._caps()):
            said.add("cap counts")
        if all(
            _STARTS & {getattr(mark, "flag", None) for mark in item.marks} for item in items if isinstance(item, nodes.Carry)
        ):
            said.add("carried")
        renewals = [mark for piece in self.grant_pieces for mark in piece.item.marks if isinstance(mark, nodes.Renewals)]
        if all(mark.how for mark in renewals):
            said.add("renewals")
        converts = [item for item in items if isinstance(item, nodes.Convert)]
        lives = [one.marks for one in converts if isinstance(one.to, nodes.Word)]
        if all(any(map(is_end, marks)) for marks in lives):
            said.add("converted")
        return Lowered(
            self._kind(), cycle, contract, grants,
            self._orders(currency, said), rules(context, self.hands, self.scope), self._runs_out(context, currency, said),
            prices(self.amounts, self.lines, words), claims(context, self.lines, self.chain[-1].name), renewal, tuple(changes),
            leaving, sharing.shares(context, self.lines), sharing.by_lines(context, self.lines), counting(context, self.lines),
            self._loans(context), most_used(context, self.lines), said, grants_known,
        )  # fmt: skip

    def _report_unlimited(self, grants: Sequence[Grant]) -> None:
        """Tells lines about what is left of a service that has no limit."""
        for hand in self.hands:
            own = [made for made in grants if made.service == hand.service and made.lot_class in hand.classes]
            if own and not hand.pack and len(hand.classes) == 1 and all(made.unlimited for made in own):
                why, instead = (
                    phrase("unlimited {service} leaves nothing over", service=called(hand.service)),
                    phrase("take it out"),
                )
                self.scope.findings.add("R293", hand.line.span(hand.at), why=why, instead=instead)

    def _kind(self) -> Kind:
        for block in reversed(self.chain):
            header = block.header.statement
            assert isinstance(header, nodes.PlanHeader)
            if len(header.kinds) > 1:
                self.scope.findings.add("R213", block.header.span(header.kinds[1].at), what=phrase("prepaid or postpaid"))
            if header.kinds:
                return Kind.PREPAID if header.kinds[0].flag is Flag.PREPAID else Kind.POSTPAID
        header = self.chain[-1].header.statement
        assert isinstance(header, nodes.PlanHeader)
        if not header.like:
            self.scope.findings.add("R223", self.chain[-1].header.span(header.name.at), name=header.name.text)
        return Kind.PREPAID

    def _grants(self, context: Context, words: str) -> tuple[Grant, ...]:
        found = []
        for piece in self.grant_pieces:
            if piece.every == "month" and words:
                self.scope.findings.add(
                    "R219", piece.line.span(piece.item.at), said="every month", cycle=words, instead="`every cycle`"
                )
            made = grant(context, piece.line, piece.item, OWN_CLASS["plan"], each_cycle=True, default_life=NEXT_CYCLE)
            if made:
                found.append(made)
        return tuple(found)

    def _caps(self) -> list[nodes.Cap]:
        """The caps, but for those on what a conversion makes, which count in one way only."""
        caps = [(hand, item) for hand in self.hands for _, item in hand.items if isinstance(item, nodes.Cap)]
        units = {cap: self.amounts.unit(cap.limit.unit.text) for _, cap in caps if isinstance(cap.limit, nodes.Quantity)}
        return [cap for hand, cap in caps if not (unit := units.get(cap)) or unit.service == hand.service]

    def _orders(self, currency: str, said: set[str]) -> tuple[Order, ...]:
        found = []
        for line in self.lines:
            if isinstance(line.statement, nodes.Order):
                if made := order(self.scope, line, line.statement, currency):
                    found.append(made)
                said.add("order")
        return tuple(found)

    def _runs_out(self, context: Context, currency: str, said: set[str]) -> tuple[RunsOut, ...]:
        found = []
        for line in self.lines:
            if isinstance(line.statement, nodes.RunsOut):
                word = line.statement.service
                service = named_service(self.amounts, line, word, currency)
                if service is None:
                    continue
                made = remedies(context, line, line.statement.items, service)
                said_of = line.statement.conditions
                conditions = tuple(met for one in said_of if (met := condition(context, line, one, of_use=True)))
                found.append(RunsOut(service, made, line.span(line.statement.at), conditions))
                if not conditions:
                    said.add(f"runs out {service}")
        return tuple(found)

    def _loans(self, context: Context) -> tuple[Loan, ...]:
        found = []
        for line in self.lines:
            if not isinstance(line.statement, nodes.Lends):
                continue
            said, findings = line.statement, self.scope.findings
            if said.event.occasion is not Occasion.ASKED:
                findings.add("R263", line.span(said.event.at))
                continue
            service = named_service(self.amounts, line, said.service, context.currency)
            if service and is_lent(context, line, said.service.at, service):
                met = tuple(met for one in said.event.conditions if (met := condition(context, line, one)))
                within = limits(context, line, said.limits, (service,), Action.BORROW)
                found.append(Loan(service, met, within, line.span(said.at)))
        return tuple(found)


def allowances_of(services: Sequence[str], grants: Sequence[Grant]) -> dict[str, int]:
    """What is granted now of each service that is granted at some time."""
    total = dict.fromkeys(services, 0)
    for made in grants:
        if not made.per_renewals:
            total[made.service] = total.get(made.service, 0) + made.amount
    return total


def order(scope: Scope, line: Line, statement: nodes.Order, currency: str) -> Order | None:
    keys, service = [], ""
    for key in statement.keys:
        if key.service is not None:
            named = named_service(scope.amounts, line, key.service, currency)
            if named is None:
                return None
            if service and named != service:
                scope.findings.add("R226", line.span(key.at), amount=key.service.text, service=named)
                return None
            service = named
        if key.pack is not None and not is_pack(scope.findings, line, key.pack, scope.names.packs):
            return None
        only = frozenset(tag.text for tag in key.scope.tags) if key.scope else frozenset()
        keys.append(OrderKey(key.lot_class, key.pack.text if key.pack else "", key.pick, only))
    return Order(service, tuple(keys), line.span(statement.at))
