"""Written conversions to clauses: at which rate, in which steps, what the made lot lives, what it costs."""

from __future__ import annotations

from dsl import nodes, units
from dsl.amounts import Amount
from dsl.context import NEXT_CYCLE, Context, misplaced, named_service
from dsl.lives import Ends, is_end, read
from dsl.nodes import Line
from dsl.phrase import phrase
from dsl.plan import ANY_USE, NO_CEILING, Convert, Endless, Lasts, Life, Occasion, Period
from dsl.scopes import scope


def target(context: Context, line: Line, item: nodes.Convert, service: str) -> str | None:
    """The service that is made; None, and reported, where none is named. `The next bill` is money that there is a rate to."""
    if isinstance(item.to, nodes.Word):
        return named_service(context.amounts, line, item.to, context.currency)
    monies = [to for source, to in context.rates if source == service and units.is_money(to)]
    if not monies and context.rates_known:
        _no_rate(context, line, item, service, "the next bill", "1 EUR")
    return next(iter(monies), None)


def conversion(context: Context, line: Line, item: nodes.Convert, service: str, to: str, occasion: Occasion) -> Convert | None:
    """The clause, or None, and reported, where it can't be read. `to` is the service that is made."""
    findings, span = context.amounts.findings, line.span(item.at)
    written = item.to.text if isinstance(item.to, nodes.Word) else ""
    if to == service:
        findings.add("R217", span, first=written)
        return None
    rate = context.rates.get((service, to))
    if rate is None:
        if context.rates_known:
            into = {units.DATA: "10 MB", units.VOICE: "30 minutes", units.SMS: "10 sms"}.get(to, f"1 {to}")
            _no_rate(context, line, item, service, written, into)
        return None
    named = context.amounts.unit(written)
    clause = Convert(
        to, rate[0], rate[1], named.size if named and not units.is_money(to) else 1, 1, NO_CEILING,
        _default_life(item, occasion), span, to_bill=not written,
    )  # fmt: skip
    return _Marks(context, line, occasion, service, clause).read(item)


def _default_life(item: nodes.Convert, occasion: Occasion) -> Life:
    if isinstance(item.to, nodes.NextBill):
        return Endless()
    # From a boundary on the next cycle is the one that begins there.
    return Lasts(2, Period.CYCLE) if occasion is Occasion.ASKED else NEXT_CYCLE


def _no_rate(context: Context, line: Line, item: nodes.Convert, service: str, written: str, into: str) -> None:
    example = {units.DATA: "1 GB", units.VOICE: "1 minute", units.SMS: "1 sms"}.get(service, f"1 {service}")
    context.amounts.findings.add(
        "R207", line.span(item.at), target=written, unit=example[2:], service=service, example=f"{example} = {into}"
    )


class _Marks:
    """Reads what is said of one conversion, of `service`."""

    def __init__(self, context: Context, line: Line, occasion: Occasion, service: str, clause: Convert) -> None:
        self.context = context
        self.line = line
        self.occasion = occasion
        self.service = service
        self.to_step, self.from_step = clause.to_step, clause.from_step
        self.ends = Ends(context, phrase("how long it lives"))
        self.fee: Amount | None = None
        self.clause = clause

    def read(self, item: nodes.Convert) -> Convert:
        for mark in item.marks:
            self._mark(mark)
        fee = (self.fee.amount, self.fee.service) if self.fee else (0, "")
        clause = self.clause
        return Convert(
            clause.to_service, clause.from_amount, clause.to_amount, self.to_step, self.from_step, clause.ceiling,
            self.ends.life(clause.life),
            clause.span, *fee, to_bill=clause.to_bill,
            scope=scope(self.context.amounts, self.line, item.marks) or ANY_USE,
        )  # fmt: skip

    def _mark(self, mark: nodes.Mark) -> None:
        match mark:
            case nodes.Steps(up=False):
                self._steps(mark)
            case nodes.Scope():
                pass  # what it is made for
            case nodes.Cost():
                cost = self.context.amounts.quantity(self.line, mark.quantity, zero_help=phrase("leave it out"))
                if cost and not units.is_money(cost.service):
                    unit = mark.quantity.unit.text
                    span = self.line.span(mark.quantity.at)
                    self.context.amounts.findings.add("R109", span, unit=unit, service=cost.service, wanted="money")
                else:
                    self.fee = cost
            case nodes.ToEnd(of="cycle") if self.occasion is Occasion.CLOSE:
                self.ends.add(self.line, mark, NEXT_CYCLE)
            case _ if is_end(mark):
                self.ends.add(self.line, mark, read(self.context, self.line, mark))
            case _:
                instead = phrase("write `convert to minutes in steps of 1 GB`, or a life")
                misplaced(self.context, self.line, mark, "convert", instead)

    def _steps(self, mark: nodes.Steps) -> None:
        step = self.context.amounts.quantity(self.line, mark.quantity, zero_help=phrase("leave the steps out"))
        if step is not None and step.service == self.service:
            self.from_step = step.amount
        elif step is not None and step.service == self.clause.to_service:
            self.to_step = step.amount
        elif step is not None:
            unit, span = mark.quantity.unit.text, self.line.span(mark.at)
            self.context.amounts.findings.add("R109", span, unit=unit, service=step.service, wanted=self.service)
