"""Items of a rule line to the clauses of a hand: here bare amounts, caps and marks find what they belong to."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from dsl import nodes, units
from dsl.amounts import Amounts
from dsl.context import NEXT_CYCLE, Context, misplaced
from dsl.conversions import conversion, target
from dsl.diagnostics import Findings, Fix
from dsl.limits import Action, limit
from dsl.lives import Ends, is_end, read
from dsl.nodes import Flag, Line
from dsl.phrase import phrase
from dsl.plan import (
    NO_CEILING,
    Cap,
    CapCounts,
    Carry,
    Clause,
    Convert,
    Cut,
    Expire,
    Extend,
    Freeze,
    Give,
    Keep,
    Lasts,
    Life,
    Limit,
    Occasion,
    Period,
)
from dsl.scopes import scope
from dsl.source import Span

Placed = tuple[Line, nodes.Item]  # an item, and the line it stands on
ANY = "*"
_CAP_COUNTS = {Flag.INFLOW: CapCounts.INFLOW, Flag.ON_ALL_CARRIED: CapCounts.ALL}
OF_WORDS = {"R101", "R102", "R103", "R104", "R114", "R115"}  # mistakes that do not depend on the service


class Clauses:
    """Reads the clauses of one hand, of one service."""

    def __init__(self, context: Context, service: str, occasion: Occasion = Occasion.CLOSE) -> None:
        self.occasion = occasion
        self.context = context
        self.amounts = context.amounts
        self.findings = context.amounts.findings
        self.service = service
        self.clauses: list[Clause] = []
        self.unread_carry = False
        self.cut_said = False  # of the cap read last
        self.with_allowance: set[Span] = set()  # where caps count the allowance, too
        self.unread_target = ""  # of a conversion that could not be read: its cap is no mistake of its own

    def read(self, items: Sequence[Placed]) -> tuple[Clause, ...]:
        """The clauses in order. Of no service (""): nothing, but amounts, units and names in them are checked."""
        if not self.service:
            scratch = Findings()
            Clauses(replace(self.context, amounts=Amounts(scratch, self.amounts.data_step, self.amounts.declared)), ANY).read(
                items
            )
            self.findings.extend(found for found in scratch.sorted() if found.code in OF_WORDS)
            return ()
        for line, item in items:
            if self.occasion is Occasion.ASKED and not isinstance(item, nodes.Convert | nodes.Give | nodes.ActionLimit):
                self._not_asked(line, item)
                continue
            match item:
                case nodes.AtMost() | nodes.AtLeast() | nodes.Keeping() | nodes.Steps():
                    self._limit(line, item)
                case nodes.Convert():
                    self._convert(line, item)
                case nodes.Give() if self.occasion is Occasion.ASKED:
                    self._give(line, item)
                case nodes.Give():
                    self.findings.add("R239", line.span(item.at))
                case nodes.Carry():
                    self._carry(line, item)
                case nodes.Cap():
                    self._cap(line, item)
                case nodes.CutFirst():
                    self._cut(line, item)
                case nodes.Extend():
                    to = item.to
                    life = self.amounts.lasts(line, to) if isinstance(to, nodes.Period) else self.amounts.life(line, to)
                    if life:
                        self.clauses.append(Extend(life, line.span(item.at)))
                case nodes.Keep() | nodes.Freeze() if self.occasion is Occasion.CLOSE:
                    word = "keep" if isinstance(item, nodes.Keep) else "freeze"
                    self.findings.add("R235", line.span(item.at), word=word)
                case nodes.Keep():
                    self.clauses.append(Keep(line.span(item.at)))
                case nodes.Freeze():
                    self.clauses.append(Freeze(line.span(item.at)))
                case nodes.Expire():
                    self.clauses.append(Expire(line.span(item.at)))
                case nodes.Amount(granted=False, quantity=nodes.Quantity() as said):
                    before = type(self.clauses[-1]).__name__.lower() if self.clauses else phrase("the hand")
                    written = f"{said.number} {said.unit.text}"
                    span = line.span(item.at)
                    fix = Fix(((Span(span.line, span.start, span.start), "cap "),)) if before == "carry" else None
                    self.findings.add("R204", span, fix=fix, before=before, amount=written)
                case _:
                    self._not_a_clause(line, item)
        self._report_dead()
        return tuple(self.clauses)

    def _not_asked(self, line: Line, item: nodes.Item) -> None:
        if isinstance(item, nodes.Cap):
            self.findings.add("R262", line.span(item.at))
            return
        what = (
            f"`{type(item).__name__.lower()}`"
            if isinstance(item, nodes.Carry | nodes.Extend | nodes.Expire)
            else phrase("this")
        )
        instead = phrase("write `convert to minutes`; what is not converted stays")
        self.findings.add(
            "R202", line.span(item.at), what=what, block=phrase("a line about what is asked for"), instead=instead
        )

    def _not_a_clause(
        self, line: Line, item: nodes.Amount | nodes.Fill | nodes.Sell | nodes.Borrow | nodes.Owe | nodes.Slow | nodes.Block
    ) -> None:
        word, instead = {
            nodes.Amount: ("grant", phrase("put the grant on a line of its own")),
            nodes.Fill: ("fill", phrase("put it on a line of its own")),
            nodes.Sell: ("sell", phrase("write `when data runs out: sell 1 GB at 5 EUR`")),
            nodes.Borrow: ("borrow", phrase("write `when data runs out: borrow 500 MB from the next cycle`")),
            nodes.Owe: ("owe", phrase("write `when data runs out: owe the rest`")),
            nodes.Slow: ("slow to", phrase("write `when data runs out: slow to 128 kbps`")),
            nodes.Block: ("block", phrase("write `when data runs out: block`")),
        }[type(item)]
        self.findings.add(
            "R202", line.span(item.at), what=f"`{word}`", block=phrase("a line about unused lots"), instead=instead
        )  # fmt: skip

    def _report_dead(self) -> None:
        """A clause that can never act because those before it leave it nothing is told."""
        carry: Carry | None = None
        cap: Cap | None = None
        for before, clause in itertools.pairwise([None, *self.clauses]):
            assert clause is not None
            if isinstance(before, Expire) and not isinstance(clause, Cap):
                self._dead(
                    clause.span, phrase("`expire` leaves nothing in hand"), phrase("take it out, or put it before `expire`")
                )
                return
            if isinstance(clause, Carry):
                if clause.from_grant and clause.life == NEXT_CYCLE:
                    why = phrase("a cycle from the grant is over when it would carry")
                    self._dead(clause.span, why, phrase("write a longer life, or leave out `from grant`"))
                whole = carry is not None and carry.part[0] == carry.part[1]
                if carry and whole and not carry.from_grant and (carry.each_time or not clause.each_time):
                    self._dead(
                        clause.span,
                        phrase("all that can carry is carried already"),
                        phrase("take it out, or put it before `carry`"),
                    )
                carry, cap = clause, None
            elif isinstance(clause, Cap):
                if cap and self._alike(cap, clause) and cap.amount <= clause.amount:
                    self._dead(
                        clause.span,
                        phrase("the cap before it is as tight or tighter"),
                        phrase("take it out, or put it before `cap`"),
                    )
                carry, cap = None, clause

    def _alike(self, first: Cap, second: Cap) -> bool:
        """Whether two caps count the same, so that their amounts can be compared."""
        return first.counts is second.counts and (first.span in self.with_allowance) == (second.span in self.with_allowance)

    def _dead(self, span: Span, why: str, instead: str) -> None:
        self.findings.add("R293", span, why=why, instead=instead)

    def _carry(self, line: Line, item: nodes.Carry) -> None:
        ends = Ends(self.context, phrase("how long it carries"))
        each_time = from_grant = up = False
        step = 1
        for mark in item.marks:
            match mark:
                case nodes.Period():
                    ends.add(line, mark, self._carry_life(line, mark))
                case nodes.For(counting_first=False):
                    ends.add(line, mark, self._carry_life(line, mark.period))
                case nodes.ToEnd(of="cycle"):
                    ends.add(line, mark, NEXT_CYCLE)
                case nodes.ToEnd():
                    misplaced(
                        self.context, line, mark, "carry", phrase("write `carry 1 month`, `carry 30 days` or `each time`")
                    )
                case nodes.Said(flag=Flag.TO_NEW_END | Flag.TO_LATER_END):
                    ends.add(line, mark, self.amounts.life(line, mark))
                case _ if is_end(mark):
                    ends.add(line, mark, read(self.context, line, mark))
                case nodes.Said(flag=Flag.EACH_TIME):
                    each_time = True
                case nodes.Said(flag=Flag.FROM_GRANT):
                    from_grant = True
                case nodes.Said(flag=Flag.FROM_ROLLING) | nodes.Scope():
                    pass
                case nodes.Steps():
                    found = self.amounts.of_service(line, mark.quantity, self.service, zero_help=phrase("leave the steps out"))
                    step, up = found or step, mark.up
                case _:
                    misplaced(
                        self.context, line, mark, "carry", phrase("write `carry 1 month`, `carry 30 days` or `each time`")
                    )
        span = line.span(item.at)
        if not ends.any_said:
            self.findings.add("R209", span)
        elif ends.sound:
            part, narrower = self._part(line, item), scope(self.amounts, line, item.marks)
            if part and narrower is not None:
                self.clauses.append(
                    Carry(ends.life(NEXT_CYCLE), each_time, from_grant, span, part, narrower, step, up, item.saved)
                )
            self.unread_carry |= narrower is None
        else:
            self.unread_carry = True

    def _part(self, line: Line, item: nodes.Carry) -> tuple[int, int] | None:
        """What part of each lot is carried, as a fraction."""
        if not item.percent:
            return 1, 1
        many, over = units.ratio(item.percent)
        if not 0 < many <= 100 * over:
            self.findings.add("R118", line.span(item.at), number=item.percent)
            return None
        return many, 100 * over

    def _carry_life(self, line: Line, period: nodes.Period) -> Life | None:
        life = self.amounts.lasts(line, period)
        if life is None or period.unit not in ("month", "year") or self.context.dated:
            return life
        if not self.context.cycle_words:
            return Lasts(life.count, Period.CYCLE)
        if period.unit == "year":
            return life
        many = "" if life.count == 1 else "s"
        self.findings.add("R203", line.span(period.at), cycle=self.context.cycle_words, number=life.count, s=many)
        return None

    def _cap(self, line: Line, item: nodes.Cap) -> None:
        last = self.clauses[-1] if self.clauses else None
        span = line.span(item.at)
        limit = item.limit
        of_new_plan = (0, 1)
        if isinstance(limit, nodes.TimesPlan) and limit.new:
            amount, of_new_plan = 0, units.ratio(limit.number)
        elif isinstance(limit, nodes.Quantity):
            found = self.amounts.quantity(line, limit, zero_help=phrase("leave out the carry"))
            if found is None:
                return
            amount, service = found.amount, found.service
            if isinstance(last, Convert) and service == last.to_service:
                for mark in item.marks:
                    if mark.flag is not Flag.INFLOW:  # a conversion's cap is for each boundary anyway
                        instead = phrase("leave it out: what is converted is capped at each boundary")
                        misplaced(self.context, line, mark, phrase("a cap on what is converted"), instead)
                if NO_CEILING != last.ceiling <= amount:
                    self._dead(
                        span, phrase("the cap before it is as tight or tighter"), phrase("take it out, or put it before `cap`")
                    )
                    return
                self.clauses[-1] = replace(last, ceiling=amount)
                return
            if service != self.service:
                if self.unread_target in (service, ANY):
                    return
                self.findings.add("R227", span, service=service, wanted=self.service)
                return
        else:
            if not self.context.grants_known and not self.context.allowances.get(self.service):
                return
            part = self.amounts.part_of_plan(line, limit, self.service, self.context.allowances.get(self.service))
            if part is None:
                return
            amount = part
        if not any(isinstance(clause, Carry | Keep | Extend) for clause in self.clauses):
            bare = isinstance(line.statement, nodes.Rules)  # then the carry may be on a line that could not be read
            if not self.unread_carry and (self.context.sound or not bare):
                self.findings.add("R205", span, word="cap", put=phrase("`carry 1 month` or `carry 1 cycle`"))
            return
        counts = CapCounts.CARRIED
        if len(item.marks) > 1:
            self.findings.add("R213", line.span(item.marks[1].at), what=phrase("what the cap counts"))
        for mark in item.marks:
            if mark.flag in _CAP_COUNTS:
                counts = _CAP_COUNTS[mark.flag]
            elif mark.flag is Flag.WITH_ALLOWANCE:
                # What is carried may fill what the grant of the next cycle leaves of the limit.
                amount = max(0, amount - self.context.allowances.get(self.service, 0))
                self.with_allowance.add(span)
                if not amount:
                    self._dead(
                        span,
                        phrase("the allowance alone is as much, so nothing carries"),
                        phrase("raise it above the allowance"),
                    )
        self.cut_said = False
        self.clauses.append(Cap(amount, counts, Cut.NEWEST, span, of_new_plan))

    def _cut(self, line: Line, item: nodes.CutFirst) -> None:
        last = self.clauses[-1] if self.clauses else None
        if isinstance(last, Cap):
            if self.cut_said:
                self.findings.add("R213", line.span(item.at), what=phrase("what a cap cuts"))
            self.cut_said = True
            self.clauses[-1] = replace(last, cut=item.cut)
            return
        self.findings.add("R205", line.span(item.at), word="goes first", put="`cap 10 GB`")

    def _convert(self, line: Line, item: nodes.Convert) -> None:
        to = target(self.context, line, item, self.service)
        self.unread_target = to or ANY
        if to and (clause := conversion(self.context, line, item, self.service, to, self.occasion)):
            self.clauses.append(clause)

    def _give(self, line: Line, item: nodes.Give) -> None:
        lives: list[Life | None] = []
        limits: list[Limit] = []
        for mark in item.marks:
            if isinstance(mark, nodes.Steps):
                found = limit(self.context, line, mark, (self.service,), Action.GIVE)
                limits += [found] if found else []
            elif life := self.amounts.life(line, mark):
                lives.append(life)
            else:
                misplaced(self.context, line, mark, "give", phrase("write `give in steps of 1 GB`, or how long the gift lives"))
        span = line.span(item.at)
        if len(lives) > 1:
            self.findings.add("R213", span, what=phrase("how long it lives"))
        self.clauses.append(Give(lives[0] if lives else None, item.to_family, tuple(limits), span))

    def _limit(self, line: Line, item: nodes.ActionLimit) -> None:
        """A limit of what is asked for belongs to the conversion before it."""
        span, last = line.span(item.at), self.clauses[-1] if self.clauses else None
        if self.occasion is not Occasion.ASKED:
            self.findings.add("R261", span)
        elif isinstance(last, Give):
            found = limit(self.context, line, item, (self.service,), Action.GIVE)
            self.clauses[-1] = replace(last, limits=(*last.limits, *([found] if found else [])))
        elif isinstance(last, Convert):
            found = limit(self.context, line, item, (self.service, last.to_service), Action.EXCHANGE)
            self.clauses[-1] = replace(last, limits=(*last.limits, *([found] if found else [])))
        elif not self.unread_target:
            word = {nodes.AtMost: "at most", nodes.AtLeast: "at least", nodes.Keeping: "keeping"}.get(type(item), "in steps of")
            self.findings.add("R205", span, word=word, put=phrase("`convert to minutes`"))
