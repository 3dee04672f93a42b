"""Advice as text for people, each line in words, with the rule that is the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dsl import units
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

_SERVED = {
    Sink.SLOWED: "then it is slowed", Sink.BLOCKED: "then it is blocked", Sink.OWED: "then it is owed",
    Sink.LENT: "then it is borrowed", Sink.OPERATOR: "then more is sold",
}  # fmt: skip


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
        return f"in {ranking.currency}, cheapest first:"
    return "no price is said, least unmet use and waste first:"


def ranking_lines(ranking: Ranking) -> Iterator[str]:
    """Two lines a plan: its place, and why it has it."""
    ranked = ranking.ranked
    files = [f" ({printable(one.offer.file)})" if one.offer.file else "" for one in ranked]
    names = [f"{printable(one.offer.plan.name)}{file}" for one, file in zip(ranked, files, strict=True)]
    wide = max(map(width, names))
    for place, (one, name) in enumerate(zip(ranked, names, strict=True), 1):
        cost = f"{units.show(ranking.currency, one.cost)}, " if ranking.currency else ""
        cycles = one.offer.run.statement.cycles
        until = f"{one.offer.run.calendar.local(cycles[-1].end):%Y-%m-%d}" if cycles else ""
        yield f"{place:>4}  {name}{' ' * (wide - width(name))}  {cost}{counted(len(cycles), 'cycle')} to {until}"
        yield f"      {reason(ranking, place - 1)}"


def reason(ranking: Ranking, index: int) -> str:
    """Why a plan has its place, in a sentence."""
    one = ranking.ranked[index]
    said = [_of_cost(ranking, index)]
    left = [("wastes", one.totals.expired), ("keeps", one.totals.kept)]
    said += [f"{verb} {told}" for verb, amounts in left if (told := _amounts(amounts, one.offer.plan))]
    if not one.totals.expired:
        said.append("wastes nothing")
    for how, amounts in (("blocked", one.totals.blocked), ("slowed", one.totals.slowed)):
        if amounts:
            said.append(f"{_amounts(amounts, one.offer.plan)} would have been {how}")
    return "; ".join(filter(None, said))


def _of_cost(ranking: Ranking, index: int) -> str:
    ranked, currency = ranking.ranked, ranking.currency
    if not currency:
        return ""
    if len(ranked) == 1:
        return f"the only plan in {currency}"
    first, one = ranked[0], ranked[index]
    if index == 0:
        more = ranked[1].cost - one.cost
        return f"cheapest, by {units.show(currency, more)}" if more else _tie(one, ranked[1])
    if one.cost == ranked[index - 1].cost:
        return f'costs as much as "{printable(ranked[index - 1].offer.plan.name)}"'
    text = f'{units.show(currency, one.cost - first.cost)} more than "{printable(first.offer.plan.name)}"'
    if one.serves_all and not any(other.serves_all for other in ranked[:index]):
        text += ", and the cheapest that serves all"
    return text


def _tie(one: Ranked, other: Ranked) -> str:
    wastes = less(other.totals.expired, one.totals.expired)
    name = printable(other.offer.plan.name)
    unmet = less(other.totals.unmet, one.totals.unmet)
    why = ", and serves more" if unmet else ", and wastes less" if wastes else ""
    return f'costs as little as "{name}"{why}'


def _amounts(amounts: Mapping[str, int], plan: Plan) -> str:
    """`3 GB, 20 min and 5 sms`."""
    *some, last = [_shown(service, amount, plan) for service, amount in amounts.items()] or [""]
    return f"{', '.join(some)} and {last}" if some else last


def _shown(service: str, amount: int, plan: Plan) -> str:
    return units.show(service, amount, plan.data_step)


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
        yield f'"{printable(self.plan.name)}", which is yours, from {found.case.at:%Y-%m-%d %H:%M} on:', NOWHERE
        pace = _amounts(found.pace, self.plan) or "nothing"
        days = counted(found.days, "day")
        yield f"  the present pace is that of the last {days}: {pace}", NOWHERE
        losses = [(self._loss(one), one.span) for one in found.losses]
        yield from self._said("unless it is used, there will be lost:", losses, "nothing will be lost")
        outs = [(self._runs_out(one), one.span) for one in found.runs_out]
        yield from self._said("at this pace it runs out:", outs, self._lasts())
        helps = [(self._saving(one), one.span) for one in savings]
        yield from self._said("what would help:", helps, "nothing in this file would help")
        yield from self._said("what would be refused today:", [(self._refused(one), one.span) for one in refused], "")

    @staticmethod
    def _said(title: str, lines: list[Told], otherwise: str) -> Iterator[Told]:
        if lines:
            yield f"  {title}", NOWHERE
            yield from ((f"    {line}", span) for line, span in lines)
        elif otherwise:
            yield f"  {otherwise}", NOWHERE

    def _lasts(self) -> str:
        return f"at this pace nothing runs out before {self.found.until:%Y-%m-%d}"

    def _loss(self, loss: Loss) -> str:
        amount, at_pace = (self._of(loss.service, part) for part in (loss.amount, loss.at_pace))
        pace = f"{at_pace} of it at this pace" if loss.at_pace else "none of it at this pace"
        return f"by {self._moment(loss.by)}: {amount}, {pace}; {loss.reason}{self._rule(loss.span)}"

    def _runs_out(self, out: RunsOut) -> str:
        return f"{out.service} on {self._moment(out.at)}, {_SERVED[out.served]}{self._rule(out.span)}"

    def _saving(self, saving: Saving) -> str:
        said = [f"saves {self._amounts(saving.spared, above=True)}"] * any(one > 0 for one in saving.spared.values())
        gives = self._amounts(saving.gives, above=True)
        said += [f"{'makes' if saving.kind is Kind.CONVERSION else 'gives'} {gives}"] * bool(gives)
        served = self._amounts(saving.served, above=True)
        said += [f"{served} more can be used"] * bool(served)
        lacking = self._amounts({name: -amount for name, amount in saving.served.items()}, above=True)
        said += [f"{lacking} less can be used"] * bool(lacking)
        said += [self._later(*one) for one in saving.ends if one[2] > one[1]]
        said += [self._money(saving.charged, saving.due)]
        return f"{self._act(saving)}{self._rule(saving.span)}: {', '.join(filter(None, said))}"

    def _act(self, saving: Saving) -> str:
        when = "" if saving.at == self.found.case.at else f" on {saving.at:%Y-%m-%d}"
        if saving.act is None:
            return f'"{printable(saving.name)}" comes by itself{when}'
        words = printable(StepWords(self.plan.data_step).act(saving.act)).replace(f'"{ANOTHER}"', ANOTHER)
        return f'{words}{when}, for "{printable(saving.name)}"' if saving.kind is Kind.PROMOTION else f"{words}{when}"

    def _later(self, service: str, before: Instant, after: Instant) -> str:
        until = "without end" if after == NEVER else f"to {self._moment(after)}"
        return f"what ends first of {service} lives on from {self._moment(before)} {until}"

    def _money(self, charged: Amounts, due: Amounts) -> str:
        """What is paid more or less: what is due, but where credit pays that, what is charged."""
        paid = due or charged
        said = [
            f"costs {units.show(currency, amount)}" if amount > 0 else f"saves {units.show(currency, -amount)}"
            for currency, amount in paid.items()
        ]
        return " and ".join(said)

    def _refused(self, refused: Refused) -> str:
        return f"{refused.kind} {printable(refused.name)}: {refused.reason}{self._rule(refused.span)}"

    def _amounts(self, amounts: Amounts, *, above: bool) -> str:
        return _amounts({name: amount for name, amount in amounts.items() if (amount > 0) == above}, self.plan)

    def _of(self, service: str, amount: int) -> str:
        return _shown(service, amount, self.plan)

    def _moment(self, at: Instant) -> str:
        return f"{self.run.calendar.local(at):%Y-%m-%d %H:%M}".removesuffix(" 00:00")

    def _rule(self, span: Span) -> str:
        words = quoted(self.source, span)
        return f" (line {span.line}: {words})" if words else ""
