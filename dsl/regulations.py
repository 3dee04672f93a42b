"""The lines of a regulation to what it asks: services, conditions and dates are settled here, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dsl import nodes
from dsl.amounts import Amounts
from dsl.conditions import condition
from dsl.context import MOST_CYCLES, Context, named_service
from dsl.document import Block
from dsl.nodes import Flag, Line
from dsl.phrase import Phrase, phrase
from dsl.plan import (
    NO_CEILING,
    About,
    Asks,
    Condition,
    Demand,
    Exceptions,
    IsIn,
    LotClass,
    Not,
    NotSaid,
    Occasion,
    Regulation,
    Renewed,
    RenewedHow,
    Rolls,
    SamePlan,
)

_ASKS = {
    Flag.AS_LONG_AS_GRANTED: Asks.AS_LONG, Flag.BY_ITSELF: Asks.BY_ITSELF, Flag.FREE: Asks.FREE,
    Flag.TO_NEW_END: Asks.NEW_END, Flag.NEVER_EXPIRE: Asks.NEVER_EXPIRE, Flag.GIVE: Asks.GIVE, Flag.NOT_SELL: Asks.NOT_SELL,
    Flag.SOONEST_FIRST: Asks.SOONEST_FIRST,
}  # fmt: skip
_ROLLING = phrase("write `unused data: must carry`")
_NOT_GRANTED = (LotClass.CARRIED, LotClass.GIFT, LotClass.CONVERTED)
_EVENTS = (Occasion.ASKED, Occasion.NOT_RENEWED)


def regulation(amounts: Amounts, block: Block) -> Regulation:
    """What a block asks; what of it makes no sense is reported and left out."""
    reader = _Reader(amounts)
    demands: list[Demand] = []
    exceptions = Exceptions()
    said: list[Line] = []
    for line in block.lines:
        match line.statement:
            case nodes.Demands():
                demands += reader.demands(line, line.statement)
            case nodes.Excepted():
                if said:
                    also = ((said[0].span(said[0].statement.at), phrase("it is said here first")),)
                    amounts.findings.add("R213", line.span(line.statement.at), what=phrase("this"), also=also)
                said.append(line)
                exceptions = reader.exceptions(line, line.statement)
            case _:
                amounts.findings.add(
                    "R202", line.span(line.statement.at), what=phrase("a line of a plan"), block=phrase("a regulation"),
                    instead=phrase("say what plans must do: `unused data: must carry`"),
                )  # fmt: skip
    span = block.header.span(block.header.statement.at)
    if block.sound and not any(isinstance(line.statement, nodes.Demands) for line in block.lines):
        amounts.findings.add("R303", span)
    return Regulation(block.name, tuple(demands), exceptions, span)


class _Reader:
    def __init__(self, amounts: Amounts) -> None:
        self.amounts = amounts
        self.findings = amounts.findings

    def exceptions(self, line: Line, statement: nodes.Excepted) -> Exceptions:
        flags = {one.flag for one in statement.exceptions if isinstance(one, nodes.Said)}
        lives = [self.amounts.lasts(line, one.period) for one in statement.exceptions if isinstance(one, nodes.ForOrLess)]
        return Exceptions(
            next(iter(lives), None), Flag.UNLIMITED in flags, Flag.BONUS in flags, Flag.FREE_PACKS in flags
        )  # fmt: skip

    def demands(self, line: Line, statement: nodes.Demands) -> Iterator[Demand]:
        if statement.occasion is not Occasion.CLOSE and statement.occasion not in _EVENTS:
            self.findings.add("R301", line.span(statement.at))
            return
        about = self._about(line, statement)
        conditions = tuple(met for said in statement.conditions if (met := self._condition(line, said)))
        if about is None or len(conditions) < len(statement.conditions):
            return
        start, end = line.dates or (date.min, date.max)
        before: list[Rolls | Asks] = []
        for one in statement.demands:
            span = line.span(one.at)
            asked = self._asked(line, one, statement, before)
            if asked is None:
                continue
            if not isinstance(asked, NotSaid):
                before.append(asked)
            yield Demand(asked, about, statement.occasion, conditions, start, end, span)

    def _about(self, line: Line, statement: nodes.Demands) -> tuple[About, ...] | None:
        """The lots a line names; None, and reported, where it names some that a regulation can't."""
        if statement.runs_out:
            service = named_service(self.amounts, line, statement.runs_out)
            return (About(service, None),) if service else None
        found = []
        for pick in statement.hand.picks if statement.hand else ():
            if pick.pack:
                what, instead = phrase("the lots of one pack"), phrase("write `unused`, or a class such as `add-on`")
                self.findings.add("R202", line.span(pick.at), what=what, block=phrase("a regulation"), instead=instead)
                return None
            if pick.lot_class in _NOT_GRANTED:
                what = phrase("a line about lots that no plan grants")
                instead = phrase("write `unused`, or a class such as `add-on`")
                self.findings.add("R202", line.span(pick.at), what=what, block=phrase("a regulation"), instead=instead)
                return None
            service = named_service(self.amounts, line, pick.service)
            if service is None:
                return None
            found.append(About(service, pick.lot_class))
        return tuple(found)

    def _condition(self, line: Line, said: nodes.Condition) -> Condition | None:
        """A condition that whoever judges plans can bring about; another is reported."""
        match said:
            case nodes.Said() | nodes.Not(condition=nodes.Said()):
                found = condition(Context(self.amounts, {}, {}, ""), line, said)
            case _:
                found = None
        match found:
            case IsIn() | SamePlan() | Renewed(how=RenewedHow.ON_TIME) | Not(condition=IsIn()):
                return found
            case _:
                self.findings.add("R302", line.span(said.at))
                return None

    def _asked(
        self, line: Line, said: nodes.Demand, statement: nodes.Demands, before: list[Rolls | Asks]
    ) -> Rolls | Asks | NotSaid | None:
        """What is asked; None, and reported, where it can't be asked on such a line."""
        match said:
            case nodes.Told():
                if said.text.text.strip():
                    return NotSaid(said.text.text)
                in_words = phrase('write what plans must do: must "tell the subscriber when 80% is used"')
                self.findings.add("R300", line.span(said.at), words=said.text.text, instead=in_words)
                return None
            case nodes.MustCarry():
                rolls = self._rolls(line, said, statement)
                if rolls is None:
                    return None
                asked: Rolls | Asks = rolls
            case nodes.Said():
                asked = _ASKS[said.flag]
        if instead := _misplaced(asked, statement, before):
            words = "carry" if isinstance(asked, Rolls) else str(asked)
            self.findings.add("R300", line.span(said.at), words=words, instead=instead)
            return None
        return asked

    def _rolls(self, line: Line, said: nodes.MustCarry, statement: nodes.Demands) -> Rolls | None:
        times = self.amounts.count(line, said.times.text, said.times.at, MOST_CYCLES) if said.times else 1
        if said.amount is None:
            return Rolls(times, NO_CEILING) if times else None
        services = [pick.service for pick in statement.hand.picks] if statement.hand else []
        found = self.amounts.quantity(line, said.amount, zero_help=phrase("write how much must be carried"))
        for word in services if found else ():
            service = named_service(self.amounts, line, word)
            if found and service and service != found.service:
                unit = said.amount.unit.text
                self.findings.add("R109", line.span(said.amount.at), unit=unit, service=found.service, wanted=service)
                return None
        return Rolls(times, found.amount) if times and found else None


def _misplaced(asked: Rolls | Asks, statement: nodes.Demands, before: list[Rolls | Asks]) -> Phrase | None:
    """What to write where something can't be asked on such a line; None where it can."""
    at_close = statement.hand is not None and statement.occasion is Occasion.CLOSE
    when_asked = statement.occasion is Occasion.ASKED
    match asked:
        case Rolls():
            return None if at_close else _ROLLING
        case Asks.AS_LONG if when_asked:
            return None if Asks.GIVE in before else phrase("write `give` before it: `when asked, unused data: must give`")
        case Asks.AS_LONG | Asks.BY_ITSELF | Asks.FREE | Asks.NEW_END:
            if not at_close:
                return _ROLLING
            carries = any(isinstance(one, Rolls) for one in before)
            return None if carries else phrase("write `carry` before it: `unused data: must carry, free`")
        case Asks.NEVER_EXPIRE:
            fits = statement.hand is not None and not when_asked
            return None if fits else phrase("write `unused data: must never expire`")
        case Asks.GIVE:
            return None if when_asked else phrase("write `when asked, unused data: must give`")
        case Asks.NOT_SELL:
            return None if statement.runs_out else phrase("write `when data runs out: must not sell`")
        case Asks.SOONEST_FIRST:
            plain = statement.hand is None and statement.runs_out is None
            return None if plain else phrase("write `must use soonest to end first`, on a line of its own")
