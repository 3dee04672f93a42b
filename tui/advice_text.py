"""Advice as text for people, each line in words, with the rule that is the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dsl.plan import Plan
from dsl.source import NOWHERE, Source, Span, printable, quoted, width
from dsl.step_words import StepWords
from engine.advice import Ranked, Ranking
from engine.calendar import NEVER, Instant
from engine.ledger import Sink
from engine.outlook import Loss, Outlook, RunsOut
from engine.run import Run
from engine.savings import ANOTHER, Kind, Refused, Saving
from engine.totals import Amounts, less
from tui.advising import Advised, Usage
from tui.exits import counted
from tui.language import message
from tui.saying import amount_text, say, say_many, service_name, spoken

_SERVED = {
    Sink.SLOWED: message("{service} on {moment}, then it is slowed"),
    Sink.BLOCKED: message("{service} on {moment}, then it is blocked"),
    Sink.OWED: message("{service} on {moment}, then it is owed"),
    Sink.LENT: message("{service} on {moment}, then it is borrowed"),
    Sink.OPERATOR: message("{service} on {moment}, then more is sold"),
}  # fmt: skip

_WORDS = (message("another line"), message("gift"), message("conversion"), message("pack"), message("promotion"))  # said below


def text(found: Advised) -> Iterator[str]:
    yield from _usage(found.usage)
    for ranking in found.rankings:
        yield ""
        yield ranking_title(ranking)
        yield from ranking_lines(ranking)
    if found.not_compared:
        yield ""
        yield "not compared:"
        yield from (f"  {printable(one.told)}" for one in found.not_compared)
    if found.advice:
        yield ""
        source = found.texts[found.own_file].source
        words = AdviceWords(found.advice.outlook, source)
        yield from (line for line, _ in words.told(found.advice.savings, found.advice.refused))


def _usage(usage: Usage) -> Iterator[str]:
    of = f' of line "{printable(usage.line)}"' if usage.line else ""
    later = f" ({usage.later} of them later than today, and left out)" if usage.later else ""
    yield f"{counted(usage.records, 'record')}{of}{later}, {usage.first:%Y-%m-%d} to {usage.last:%Y-%m-%d}"
    yield f"on each plan from {usage.start:%Y-%m-%d} to {usage.at:%Y-%m-%d %H:%M}; a cycle that has begun counts whole"


# ---- which plan


def ranking_title(ranking: Ranking) -> str:
    if ranking.currency:
        return say("in {currency}, cheapest first:", currency=ranking.currency)
    return say("no price is said, least unmet use and waste first:")


def ranking_lines(ranking: Ranking) -> Iterator[str]:
    """Two lines a plan: its place, and why it has it."""
    ranked = ranking.ranked
    files = [f" ({printable(one.offer.file)})" if one.offer.file else "" for one in ranked]
    names = [f"{printable(one.offer.plan.name)}{file}" for one, file in zip(ranked, files, strict=True)]
    wide = max(map(width, names))
    for place, (one, name) in enumerate(zip(ranked, names, strict=True), 1):
        cost = amount_text(ranking.currency, one.cost) + say(", ") if ranking.currency else ""
        cycles = one.offer.run.statement.cycles
        until = f"{one.offer.run.calendar.local(cycles[-1].end):%Y-%m-%d}" if cycles else ""
        count = say_many("{number} cycle to {day}", "{number} cycles to {day}", len(cycles), day=until)
        yield f"{place:>4}  {name}{' ' * (wide - width(name))}  {cost}{count}"
        yield f"      {reason(ranking, place - 1)}"


def reason(ranking: Ranking, index: int) -> str:
    """Why a plan has its place, in a sentence."""
    one = ranking.ranked[index]
    said = [_of_cost(ranking, index)]
    for text, amounts in (
        (message("wastes {amounts}"), one.totals.expired),
        (message("keeps {amounts}"), one.totals.kept),
    ):
        if amounts:
            said.append(say(text, amounts=_amounts(amounts, one.offer.plan)))
    if not one.totals.expired:
        said.append(say("wastes nothing"))
    for text, amounts in (
        (message("{amounts} would have been blocked"), one.totals.blocked),
        (message("{amounts} would have been slowed"), one.totals.slowed),
    ):
        if amounts:
            said.append(say(text, amounts=_amounts(amounts, one.offer.plan)))
    return say("; ").join(filter(None, said))


def _of_cost(ranking: Ranking, index: int) -> str:
    ranked, currency = ranking.ranked, ranking.currency
    if not currency:
        return ""
    if len(ranked) == 1:
        return say("the only plan in {currency}", currency=currency)
    first, one = ranked[0], ranked[index]
    if index == 0:
        more = ranked[1].cost - one.cost
        return say("cheapest, by {amount}", amount=amount_text(currency, more)) if more else _tie(one, ranked[1])
    if one.cost == ranked[index - 1].cost:
        return say('costs as much as "{plan}"', plan=printable(ranked[index - 1].offer.plan.name))
    text = message('{amount} more than "{plan}"')
    if one.serves_all and not any(other.serves_all for other in ranked[:index]):
        text = message('{amount} more than "{plan}", and the cheapest that serves all')
    return say(text, amount=amount_text(currency, one.cost - first.cost), plan=printable(first.offer.plan.name))


def _tie(one: Ranked, other: Ranked) -> str:
    wastes = less(other.totals.expired, one.totals.expired)
    name = printable(other.offer.plan.name)
    unmet = less(other.totals.unmet, one.totals.unmet)
    if unmet:
        return say('costs as little as "{plan}", and serves more', plan=name)
    if wastes:
        return say('costs as little as "{plan}", and wastes less', plan=name)
    return say('costs as little as "{plan}"', plan=name)


def _amounts(amounts: Mapping[str, int], plan: Plan) -> str:
    """`3 GB, 20 min and 5 sms`."""
    return spoken().every([_shown(service, amount, plan) for service, amount in amounts.items()] or [""])


def _shown(service: str, amount: int, plan: Plan) -> str:
    return amount_text(service, amount, plan.data_step)


# ---- what to do


Told = tuple[str, Span]
"""A line, and where the rule stands that it is about; NOWHERE for none."""


class AdviceWords:
    """Advice about a plan as lines, of which `source` is the text."""

    def __init__(self, found: Outlook, source: Source) -> None:
        self.found = found
        self.source = source
        self.plan = found.case.plan
        self.run: Run = found.at_pace

    def told(self, savings: tuple[Saving, ...], refused: tuple[Refused, ...]) -> Iterator[Told]:
        found = self.found
        name, at = printable(self.plan.name), f"{found.case.at:%Y-%m-%d %H:%M}"
        yield say('"{plan}", which is yours, from {moment} on:', plan=name, moment=at), NOWHERE
        pace = _amounts(found.pace, self.plan) or say("nothing")
        told = say_many(
            "the present pace is that of the last {number} day: {pace}",
            "the present pace is that of the last {number} days: {pace}",
            found.days,
            pace=pace,
        )
        yield "  " + told, NOWHERE
        losses = [(self._loss(one), one.span) for one in found.losses]
        yield from self._said(say("unless it is used, there will be lost:"), losses, say("nothing will be lost"))
        outs = [(self._runs_out(one), one.span) for one in found.runs_out]
        yield from self._said(say("at this pace it runs out:"), outs, self._lasts())
        helps = [(self._saving(one), one.span) for one in savings]
        yield from self._said(say("what would help:"), helps, say("nothing in this file would help"))
        yield from self._said(say("what would be refused today:"), [(self._refused(one), one.span) for one in refused], "")

    @staticmethod
    def _said(title: str, lines: list[Told], otherwise: str) -> Iterator[Told]:
        if lines:
            yield f"  {title}", NOWHERE
            yield from ((f"    {line}", span) for line, span in lines)
        elif otherwise:
            yield f"  {otherwise}", NOWHERE

    def _lasts(self) -> str:
        return say("at this pace nothing runs out before {day}", day=f"{self.found.until:%Y-%m-%d}")

    def _loss(self, loss: Loss) -> str:
        amount, at_pace = (self._of(loss.service, part) for part in (loss.amount, loss.at_pace))
        text = message("by {moment}: {amount}, {at_pace} of it at this pace; {reason}")
        if not loss.at_pace:
            text = message("by {moment}: {amount}, none of it at this pace; {reason}")
        told = say(text, moment=self._moment(loss.by), amount=amount, at_pace=at_pace, reason=say(loss.reason))
        return told + self._rule(loss.span)

    def _runs_out(self, out: RunsOut) -> str:
        told = say(_SERVED[out.served], service=service_name(out.service), moment=self._moment(out.at))
        return told + self._rule(out.span)

    def _saving(self, saving: Saving) -> str:
        gives = message("makes {amounts}") if saving.kind is Kind.CONVERSION else message("gives {amounts}")
        lacking = {name: -amount for name, amount in saving.served.items()}
        told = [
            (message("saves {amounts}"), saving.spared),
            (gives, saving.gives),
            (message("{amounts} more can be used"), saving.served),
            (message("{amounts} less can be used"), lacking),
        ]
        said = [say(text, amounts=shown) for text, amounts in told if (shown := self._amounts(amounts, above=True))]
        said += [self._later(*one) for one in saving.ends if one[2] > one[1]]
        said += [self._money(saving.charged, saving.due)]
        act = self._act(saving) + self._rule(saving.span)
        return say("{what}: {effects}", what=act, effects=say(", ").join(filter(None, said)))

    def _act(self, saving: Saving) -> str:
        is_later, day, name = saving.at != self.found.case.at, f"{saving.at:%Y-%m-%d}", printable(saving.name)
        if saving.act is None and is_later:
            return say('"{name}" comes by itself on {day}', name=name, day=day)
        if saving.act is None:
            return say('"{name}" comes by itself', name=name)
        words = printable(StepWords(self.plan.data_step).act(saving.act)).replace(f'"{ANOTHER}"', say(ANOTHER))
        words = say("{step} on {day}", step=words, day=day) if is_later else words
        return say('{step}, for "{name}"', step=words, name=name) if saving.kind is Kind.PROMOTION else words

    def _later(self, service: str, before: Instant, after: Instant) -> str:
        of, start = service_name(service), self._moment(before)
        if after == NEVER:
            return say("what ends first of {service} lives on from {start} without end", service=of, start=start)
        end = self._moment(after)
        return say("what ends first of {service} lives on from {start} to {end}", service=of, start=start, end=end)

    def _money(self, charged: Amounts, due: Amounts) -> str:
        """What is paid more or less: what is due, but where credit pays that, what is charged."""
        paid = due or charged
        said = [
            say("costs {amount}", amount=amount_text(currency, amount))
            if amount > 0
            else say("saves {amounts}", amounts=amount_text(currency, -amount))
            for currency, amount in paid.items()
        ]
        return spoken().every(said) if said else ""

    def _refused(self, refused: Refused) -> str:
        what = f"{say(refused.kind)} {printable(refused.name)}"
        return say("{what}: {why}", what=what, why=say(refused.reason)) + self._rule(refused.span)

    def _amounts(self, amounts: Amounts, *, above: bool) -> str:
        return _amounts({name: amount for name, amount in amounts.items() if (amount > 0) == above}, self.plan)

    def _of(self, service: str, amount: int) -> str:
        return _shown(service, amount, self.plan)

    def _moment(self, at: Instant) -> str:
        return f"{self.run.calendar.local(at):%Y-%m-%d %H:%M}".removesuffix(" 00:00")

    def _rule(self, span: Span) -> str:
        words = quoted(self.source, span)
        return say(" (line {line}: {words})", line=str(span.line), words=words) if words else ""
