"""What a block states, one piece a statement, and how `like` puts the pieces of two plans together.

A key names what a piece is about. A plan made `like` another keeps each of its pieces but those about which it says
something itself; grants are replaced per service, lines per hand. Keys are compared, never shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dsl import nodes, scopes
from dsl.amounts import Amounts
from dsl.clauses import Placed
from dsl.context import named_service, service_of
from dsl.document import Block
from dsl.nodes import Line
from dsl.phrase import Phrase, listed, phrase
from dsl.plan import LotClass, Occasion
from dsl.units import called, is_money

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GrantPiece:
    """What is granted of one service; `every` is "", month or cycle."""

    key: Key
    line: Line
    every: str
    item: nodes.Amount | nodes.Fill


@dataclass(frozen=True, slots=True)
class HandPiece:
    """The items of one hand of one service; `line` and `at` are where the hand is named, or its first item."""

    key: Key
    line: Line
    at: nodes.At
    service: str
    classes: frozenset[LotClass]
    pack: str
    conditions: tuple[nodes.Condition, ...]
    items: tuple[Placed, ...]
    occasion: Occasion = Occasion.CLOSE
    about: str = ""  # the pack that is bought or ends


@dataclass(frozen=True, slots=True)
class StatementPiece:
    """A statement that is neither a grant nor a hand; one with `conditions` leaves room for another about the same."""

    key: Key
    line: Line
    conditions: tuple[nodes.Condition, ...] = ()


Piece = GrantPiece | HandPiece | StatementPiece

# What a block grants where the text names no class.
OWN_CLASS = {"plan": LotClass.ALLOWANCE, "pack": LotClass.ADD_ON, "promotion": LotClass.BONUS}
# What is granted with any class: the lots of a pack, whose name says which.
GRANTED = frozenset({LotClass.ALLOWANCE, LotClass.ADD_ON, LotClass.BONUS, LotClass.GIFT})
# The block's own lots: what `unused data` means in it. A promotion has none in hand when it starts, so there it is the plan's.
_OWN = {"plan": frozenset({LotClass.ALLOWANCE}), "pack": GRANTED, "promotion": frozenset({LotClass.ALLOWANCE})}


class PieceReader:
    """Reads the pieces of blocks of one kind (`plan`, `pack` or `promotion`)."""

    def __init__(self, amounts: Amounts, kind: str) -> None:
        self.amounts = amounts
        self.findings = amounts.findings
        self.kind = kind
        self.grants_known = True

    def grants(self, block: Block) -> list[GrantPiece]:
        """Grants first: what a plan grants decides what `carry` without a hand is about."""
        found = []
        for line in block.lines:
            if isinstance(line.statement, nodes.Rules):
                granting = False
                for item in line.statement.items:
                    granting = isinstance(item, nodes.Amount) and (granting or item.granted)
                    if isinstance(item, nodes.Fill) or (granting and isinstance(item, nodes.Amount)):
                        service = self._service_of_unit(item)
                        found.append(GrantPiece(("grant", service), line, line.statement.every, item))
        return found

    def _service_of_unit(self, item: nodes.Amount | nodes.Fill | nodes.Assume) -> str:
        if isinstance(item.quantity, nodes.Unlimited):
            return service_of(self.amounts, item.quantity.service.text) or ""
        named = self.amounts.unit(item.quantity.unit.text)
        return named.service if named else ""  # reported where the amount is read

    def others(self, block: Block, services: Sequence[str], *, grants_known: bool) -> list[HandPiece | StatementPiece]:
        """Everything but grants; `services` are those the whole plan grants, in order, as far as they are known."""
        self.grants_known = grants_known
        currency = next((service for service in services if is_money(service)), "")
        found: list[HandPiece | StatementPiece] = []
        bare: list[Placed] = []
        bare_done: dict[nodes.Dates | None, Line] = {}  # where the clauses of each time ended
        for line in [*block.lines, None]:
            items = self._bare_items(line)
            if bare and not (line and items and line.dates == bare[-1][0].dates):
                bare_done[bare[-1][0].dates] = bare[-1][0]
                found += self._bare_hand(bare, services)
                bare = []
            if line is not None and items:
                if before := bare_done.get(line.dates):
                    also = ((before.span(before.statement.at), phrase("and these")),)
                    self.findings.add("R208", line.span(items[0][1].at), line=before.number, also=also)
                else:
                    bare += items
                continue
            if line is not None and not isinstance(line.statement, nodes.Rules):
                found += self._piece(line, services, currency)
        return found

    def _bare_items(self, line: Line | None) -> list[Placed]:
        """The items of a line that belong to no hand it names and to no grant."""
        if line is None or not isinstance(line.statement, nodes.Rules):
            return []
        items: list[Placed] = []
        granting = False
        for item in line.statement.items:
            granting = item.granted or granting if isinstance(item, nodes.Amount) else False
            if not granting and isinstance(item, nodes.Amount) and isinstance(item.quantity, nodes.Unlimited):
                self.findings.add("R008", line.span(item.at), missing="grant", word="unlimited", written="grant unlimited")
            elif not granting and not isinstance(item, nodes.Fill):
                items.append((line, item))
        if items and line.statement.every:
            self.findings.add(
                "R202", line.span(items[0][1].at), what=f"`every {line.statement.every}`",
                block=phrase("a line that grants nothing"),
                instead=phrase("leave it out: carry, cap and convert act at every boundary"),
            )  # fmt: skip
        return items

    def _bare_hand(self, items: list[Placed], services: Sequence[str]) -> list[HandPiece]:
        line, first = items[0]
        if self.kind == "promotion":
            what, instead = _LOTS_WITHOUT_AN_EVENT
            self.findings.add("R202", line.span(first.at), what=what, block=phrase("a promotion"), instead=instead)
            return []
        if len(services) > 1:
            self.findings.add(
                "R206", line.span(first.at), services=listed([called(service) for service in services]), first=services[0]
            )
            return []
        if not services:
            if self.grants_known:
                self.findings.add("R210", line.span(first.at), kind=Phrase(self.kind))
            # Of no service: read for its mistakes only.
            services = ("",)
        return [self._hand(line, first.at, services[0], _OWN[self.kind], "", (), tuple(items))]

    def _hand(
        self, line: Line, at: nodes.At, service: str, classes: frozenset[LotClass], pack: str,
        conditions: tuple[nodes.Condition, ...], items: tuple[Placed, ...],
    ) -> HandPiece:  # fmt: skip
        return HandPiece(hand_key(service, pack, classes), line, at, service, classes, pack, conditions, items)

    def _hands(
        self, line: Line, hand: nodes.Hand, items: Sequence[nodes.Item], services: Sequence[str], currency: str
    ) -> list[HandPiece]:
        """A hand a service: `unused data and minutes` are two hands with the same clauses."""
        classes: dict[tuple[str, str], set[LotClass]] = {}
        for pick in hand.picks:
            service = named_service(self.amounts, line, pick.service, currency)
            if service is None:
                continue
            own = pick.lot_class is None and pick.pack is None
            if own and services and service not in services and self.grants_known:
                self.findings.add("R218", line.span(pick.at), service=service)
                continue
            pack = pick.pack.text if pick.pack else ""
            named = {pick.lot_class} if pick.lot_class else GRANTED if pack else _OWN[self.kind]
            classes.setdefault((service, pack), set()).update(named)
        placed = tuple((line, item) for item in items)
        return [
            self._hand(line, hand.at, service, frozenset(found), pack, hand.conditions, placed)
            for (service, pack), found in classes.items()
        ]

    def _on_event(
        self, line: Line, statement: nodes.OnEvent, services: Sequence[str], currency: str
    ) -> list[HandPiece | StatementPiece]:
        event = statement.event
        if (event.occasion is Occasion.STARTS) != (self.kind == "promotion"):
            what, instead = _where(statement)
            self.findings.add(
                "R202", line.span(event.at), what=what, block=phrase("a {kind}", kind=Phrase(self.kind)), instead=instead
            )
            return []
        known = () if self.kind == "promotion" else services
        about = event.about.text if event.about else ""
        return [
            replace(
                piece, key=(*piece.key, event.occasion, about), occasion=event.occasion, about=about,
                conditions=event.conditions + piece.conditions,
            )
            for piece in self._hands(line, statement.hand, statement.items, known, currency)
        ]  # fmt: skip

    def _piece(self, line: Line, services: Sequence[str], currency: str) -> list[HandPiece | StatementPiece]:
        allowed = _ALLOWED[self.kind]
        statement = line.statement
        if not isinstance(statement, allowed) or (isinstance(statement, nodes.Equation) and not statement.is_rate):
            what, instead = _where(statement)
            self.findings.add(
                "R202", line.span(statement.at), what=what, block=phrase("a {kind}", kind=Phrase(self.kind)), instead=instead,
            )  # fmt: skip
            return []
        match statement:
            case nodes.HandRules():
                return list(self._hands(line, statement.hand, statement.items, services, currency))
            case nodes.OnEvent():
                return self._on_event(line, statement, services, currency)
            case nodes.Lends():
                return [StatementPiece(("borrow", self._meant(statement.service, currency)), line)]
            case nodes.RunsOut():
                return [StatementPiece(("runs out", self._meant(statement.service, currency)), line, statement.conditions)]
            case nodes.Order():
                words = [self._meant(key.service, currency) for key in statement.keys if key.service]
                return [StatementPiece(("order", *words[:1]), line)]
            case nodes.Equation():
                return [StatementPiece(("rate", self._meant(statement.left.unit), self._meant(statement.right.unit)), line)]
            case nodes.Weight() | nodes.More() | nodes.Counted() | nodes.InUnit():
                return [self.counting(line, statement, currency)]
            case nodes.Unit():
                return [StatementPiece(("unit", statement.name.text.lower()), line)]
            case nodes.Ensure():
                return [StatementPiece(("ensure", str(line.number)), line)]
            case nodes.Assume():
                return [StatementPiece(("assume", self._service_of_unit(statement)), line)]
            case nodes.Renewal():
                return [StatementPiece(("renewal", "early" if statement.is_early else "late"), line)]
            case nodes.Change():
                return [StatementPiece(("change", statement.direction.flag if statement.direction else ""), line)]
            case nodes.Price():
                each = "line" if statement.each_line else ""
                return [StatementPiece(("price", "each" if statement.every else "once", each), line)]
            case nodes.Share():
                services = sorted({self._meant(pick.service, currency) for pick in statement.picks})
                return [StatementPiece(("share", *services), line)]
            case nodes.ByLines():
                return [StatementPiece(("by lines", self._service_of_unit(statement.amounts[0][1])), line)]
            case _:
                return [StatementPiece((type(statement).__name__,), line)]

    def counting(self, line: Line, statement: nodes.Counting, currency: str = "") -> StatementPiece:
        """A line about what of a use counts, in a plan or at the top of the file."""
        match statement:
            case nodes.Counted():
                key: Key = ("counts", self._meant(statement.service, currency))
            case nodes.Weight():
                key = ("weight", statement.tag.text)
            case nodes.More():
                key = ("more", statement.tag.text, self._meant(statement.quantity.unit))
            case nodes.InUnit():
                said = [" or ".join(sorted(tag.text for tag in scope.tags)) for scope in scopes.said(statement.marks)]
                key = ("in unit", self._meant(statement.quantity.unit), self._meant(statement.unit.unit), *sorted(said))
        return StatementPiece(key, line)

    def _meant(self, word: nodes.Word, currency: str = "") -> str:
        """The service a word means, so that `minutes` and `voice` are one; the word itself where it means none."""
        return service_of(self.amounts, word.text, currency) or word.text.lower()


_ALLOWED: dict[str, tuple[type, ...]] = {
    "plan": (
        nodes.HandRules, nodes.OnEvent, nodes.Lends, nodes.RunsOut, nodes.Order, nodes.Equation, nodes.Ensure, nodes.Assume,
        nodes.Cycle, nodes.Contract, nodes.Leaving, nodes.Share, nodes.ByLines, nodes.Price, nodes.Renewal, nodes.Change,
        nodes.Rules, nodes.Unit, nodes.Weight, nodes.More, nodes.Counted, nodes.InUnit,
    ),
    "pack": (nodes.HandRules, nodes.OnEvent, nodes.Equation, nodes.Price, nodes.Rules, nodes.Sold),
    "promotion": (nodes.OnEvent, nodes.Window, nodes.Multiply, nodes.Rules),
}  # fmt: skip


def _where(statement: nodes.Statement) -> tuple[str, str]:
    """What a misplaced statement is called, and where it belongs."""
    match statement:
        case _ if isinstance(statement, nodes.Step):
            return phrase("a step of an example"), phrase('put a line such as example "a light month" above it')
        case nodes.Timezone() | nodes.Equation():
            word = "timezone" if isinstance(statement, nodes.Timezone) else "units"
            return f"`{word}`", phrase("put it at the top of the file, before the first plan")
        case nodes.Group():
            return "`group`", phrase("put it at the top of the file, before the first plan")
        case nodes.OnEvent() if statement.event.occasion is not Occasion.STARTS:
            return phrase("a line about this event"), phrase("put it in a plan or a pack")
        case nodes.Window():
            instead = phrase('write what holds then behind them, or put them below a line such as promotion "Week" for "A"')
            return phrase("dates alone"), instead
        case nodes.OnEvent() | nodes.Multiply():
            return phrase("a promotion's line"), phrase('put it below a line such as promotion "National week" for "Flex 20"')
        case (
            nodes.Cycle() | nodes.Contract() | nodes.Leaving() | nodes.Order() | nodes.RunsOut() | nodes.Ensure()
            | nodes.Assume() | nodes.Renewal() | nodes.Change() | nodes.Share() | nodes.ByLines()
        ):  # fmt: skip
            return f"`{_KEYWORDS[type(statement)]}`", phrase("put it in a plan")
        case nodes.Price():
            return "`price`", phrase("put it in a plan or a pack")
        case nodes.Lends():
            return "`borrow`", phrase("put it in a plan")
        case nodes.Sold():
            return "`sold`", phrase("put it in a pack")
        case nodes.Demands() | nodes.Excepted():
            word = "must" if isinstance(statement, nodes.Demands) else "except"
            return f"`{word}`", phrase('put it below a line such as regulation "Rollover"')
        case nodes.Unit() | nodes.Weight() | nodes.More() | nodes.Counted() | nodes.InUnit():
            return phrase("a line about what counts"), phrase("put it in a plan, or at the top of the file")
        case nodes.HandRules():
            return _LOTS_WITHOUT_AN_EVENT
        case _:
            return phrase("this"), phrase("put it in a plan")


_LOTS_WITHOUT_AN_EVENT = (phrase("a line about unused lots"), phrase("write `when it starts, carried data: ...`"))
_KEYWORDS: dict[type, str] = {
    nodes.Cycle: "cycle", nodes.Contract: "contract", nodes.Order: "use", nodes.RunsOut: "when", nodes.Ensure: "ensure",
    nodes.Assume: "assume",
    nodes.Leaving: "leaving early", nodes.Renewal: "renewal", nodes.Change: "change", nodes.Share: "share",
    nodes.ByLines: "by lines",
}  # fmt: skip


def merge(parent: Sequence[Piece], own: Sequence[Piece]) -> list[Piece]:
    """The pieces of a plan made `like` another: its own in the place of those they replace, the rest after.

    A hand of its own takes its lots out of the hands of the other: those keep what is left of them. An order for all services
    replaces those for each.
    """
    if any(piece.key == ("order",) for piece in own):
        parent = [piece for piece in parent if piece.key[0] != "order"]
    mine: dict[Key, list[Piece]] = {}
    for piece in own:
        mine.setdefault(piece.key, []).append(piece)
    merged: list[Piece] = []
    for piece in parent:
        if piece.key in mine:
            merged += mine[piece.key]
            mine[piece.key] = []
        elif isinstance(piece, HandPiece):
            taken = [one.classes for one in own if isinstance(one, HandPiece) and _of_one_kind(one, piece)]
            left = piece.classes.difference(*taken)
            if left:
                key = (*hand_key(piece.service, piece.pack, left), *_of_event(piece))
                merged.append(replace(piece, classes=left, key=key))
        else:
            merged.append(piece)
    return merged + [piece for pieces in mine.values() for piece in pieces]


def _of_one_kind(one: HandPiece, other: HandPiece) -> bool:
    """Whether two hands differ in their classes only."""
    return (one.service, one.pack, one.occasion, one.about) == (other.service, other.pack, other.occasion, other.about)


def _of_event(piece: HandPiece) -> Key:
    return () if piece.occasion is Occasion.CLOSE else (piece.occasion, piece.about)


def hand_key(service: str, pack: str, classes: frozenset[LotClass]) -> Key:
    return "hand", service, pack, *sorted(classes)
