"""What stands at a place means: what is wrong with it, an amount in base units, a plan at a glance, the word's meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dsl import nodes, pages, units
from dsl.assist import names
from dsl.assist.cursor import place
from dsl.assist.hints import hints
from dsl.assist.meaning import meaning
from dsl.assist.names import NameKind, Occurrence
from dsl.assist.position import Position, line_of, touches
from dsl.assist.syntax import over
from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.lexemes import Lexeme, lex
from dsl.parse import parse_line
from dsl.phrase import Phrase, listed, phrase, told
from dsl.plan import AtMost, Cap, Kind, Pack, Plan, Price, Rule
from dsl.source import MAX_LINE, Span


@dataclass(frozen=True, slots=True)
class Hover:
    """`facts` are paragraphs, the most specific first; words of the language or the file stand in back-ticks. `codes` are those
    of findings there, whose pages say more."""

    span: Span
    facts: tuple[Phrase, ...]
    codes: tuple[str, ...] = ()


def hover(checked: Checked, position: Position, findings: Iterable[Diagnostic] | None = None) -> Hover | None:
    """What is to be said of a position; None where nothing is. `findings` are what to speak of, else the file's own."""
    line = line_of(checked.source, position.line)
    if len(line) > MAX_LINE:
        return None
    here = _word_at(line, position.column)
    wrong = [one for one in (checked.diagnostics if findings is None else findings) if touches(one.span, position)]
    facts = [fact for one in wrong for fact in _finding(one)]
    if here is not None:
        facts += _amounts(checked, position, line)
        named = names.at(checked.source, position)
        facts += _name(checked, named) if named else _word(checked, position.line, line, here)
        facts += _assumed(checked, position)
    if not facts:
        return None
    span = wrong[0].span if wrong and here is None else Span(position.line, here.start, here.end) if here else wrong[0].span
    return Hover(span, tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(one.code for one in wrong)))


def _word_at(line: str, column: int) -> Lexeme | None:
    found = [one for one in lex(line) if one.start <= column <= one.end]
    return found[-1] if found else None  # between two the one that begins


# ---- findings


def _finding(one: Diagnostic) -> Iterator[Phrase]:
    if one.help:
        yield phrase("{code}: {problem}; {help}", code=one.code, problem=one.message, help=one.help)
    else:
        yield phrase("{code}: {problem}", code=one.code, problem=one.message)
    if page := pages.page(one.code):
        yield page.in_short


# ---- amounts


def _amounts(checked: Checked, position: Position, line: str) -> Iterator[Phrase]:
    statement = parse_line(line).statement
    above: object = None
    for node in over(statement, position.column):
        match node:
            case nodes.Quantity():
                yield from _quantity(checked, node, slow=isinstance(above, nodes.Slow))
            case nodes.TimesPlan() | nodes.PercentOfPlan():
                said = line[node.at[0] : node.at[1]]
                yield from _of_plan(checked, position.line, node, said)
        above = node


def _quantity(checked: Checked, quantity: nodes.Quantity, *, slow: bool) -> Iterator[Phrase]:
    written = f"{quantity.number} {quantity.unit.text}"
    if slow:
        if per_second := units.bits_per_second(quantity.unit.text):
            bits = units.whole(quantity.number, per_second)
            if bits:
                yield phrase("`{written}` is {bits} bits a second.", written=written, bits=f"{bits:,}")
            else:
                yield phrase("`{written}` is a speed.", written=written)
        return
    unit = units.unit(quantity.unit.text, checked.data_step, checked.declared.units)
    amount = units.whole(quantity.number, unit.size) if unit else None
    if unit and amount is not None and unit.service not in checked.declared.units:
        counted = units.counted(unit.service, amount)
        if unit.service == units.DATA:
            step = checked.data_step
            yield phrase("`{written}` is {amount} (1 GB is {step} MB).", written=written, amount=counted, step=step)
        else:
            yield phrase("`{written}` is {amount}.", written=written, amount=counted)


def _of_plan(checked: Checked, line: int, limit: nodes.TimesPlan | nodes.PercentOfPlan, said: str) -> Iterator[Phrase]:
    """What a limit that is so many times the plan comes to, for each plan that has it."""
    for plan in checked.plans:
        for one in (plan, *(later.plan for later in plan.later)):
            for rule in (*one.rules, *(rule for pack in one.packs for rule in pack.rules)):
                for amount, service in _limits(rule, line, limit.at):
                    if amount is None:
                        yield phrase("`{limit}` is of what the plan that follows grants.", limit=said)
                    else:
                        yield phrase(
                            "`{limit}` of `{plan}` is {amount}: {exactly}.",
                            limit=said, plan=plan.name, amount=units.show(service, amount, one.data_step),
                            exactly=units.counted(service, amount),
                        )  # fmt: skip


def _limits(rule: Rule, line: int, at: nodes.At) -> Iterator[tuple[int | None, str]]:
    for clause in rule.clauses:
        limits = [clause] if isinstance(clause, Cap) else getattr(clause, "limits", ())
        for limit in limits:
            if limit.span.line == line and limit.span.start <= at[0] and at[1] <= limit.span.end:
                match limit:
                    case Cap():
                        yield (None if limit.of_new_plan[0] else limit.amount), rule.service
                    case AtMost():
                        yield limit.amount, limit.service


# ---- what is assumed


def _assumed(checked: Checked, position: Position) -> Iterator[Phrase]:
    """Of the words there; of the whole plan its name tells."""
    for hint in hints(checked, position.line, position.line):
        if hint.insert and hint.start <= position.column <= hint.column:
            yield from hint.details


# ---- names


def _name(checked: Checked, named: Occurrence) -> Iterator[Phrase]:
    name = named.name
    match named.kind:
        case NameKind.PLAN:
            plan = checked.plan(name)
            if plan is None:
                yield phrase("`{name}`: no plan of this file is called so.", name=name)
                return
            yield phrase("`{name}`: {facts}.", name=name, facts=summary(plan))
            if named.defines and plan.assumptions:
                assumed = told([one.text for one in plan.assumptions])
                yield phrase("Assumed, since nothing says otherwise: {assumptions}.", assumptions=assumed)
        case NameKind.PACK:
            packs = (pack for plan in checked.plans for pack in plan.packs if pack.name == name)
            yield phrase("`{name}`: {facts}.", name=name, facts=_of_pack(next(packs, None), checked.data_step))
        case NameKind.PROMOTION:
            found = next((one for plan in checked.plans for one in plan.promotions if one.name == name), None)
            if found:
                yield phrase(
                    "`{name}`: a promotion from {start} until {end}, that day not included.",
                    name=name, start=str(found.start), end=str(found.end),
                )  # fmt: skip
            else:
                yield phrase("`{name}`: a promotion.", name=name)
        case NameKind.REGULATION:
            yield phrase("`{name}`: a regulation; `rollover check --against` says what plans make of it.", name=name)
        case NameKind.UNIT:
            yield phrase("`{name}`: a unit of this file, a service of its own counted in whole pieces.", name=name)
        case NameKind.GROUP:
            yield phrase("`{name}`: a group of plans or packs, from small to big.", name=name)
        case NameKind.EXAMPLE:
            yield phrase("`{name}`: an example; `rollover test` runs it.", name=name)
        case NameKind.LINE:
            yield phrase("`{name}`: a line of the account in this example.", name=name)
        case NameKind.USE:
            yield phrase("`{name}`: what a use is.", name=name)


def _of_pack(pack: Pack | None, data_step: int) -> str:
    a_pack = phrase("a pack")
    if pack is None:
        return a_pack
    granted = [_granted(one.service, one.amount, data_step, unlimited=one.unlimited) for one in pack.grants]
    prices = [units.show(one.currency, one.amount) for one in pack.prices]
    return told([a_pack, *(listed(part) for part in (granted, prices) if part)])


def summary(plan: Plan) -> str:
    """A plan in a line: how it is paid, what a cycle grants and costs."""
    parts: list[str] = [phrase("prepaid") if plan.kind is Kind.PREPAID else phrase("postpaid")]
    if plan.contract_months:
        parts.append(phrase("contract {months} months", months=plan.contract_months))
    step = plan.data_step
    endless = [_granted(service, 0, step, unlimited=True) for service in plan.services if plan.is_unlimited(service)]
    amounts = [_granted(service, plan.allowance(service), step) for service in plan.services if plan.allowance(service)]
    if endless or amounts:
        parts.append(phrase("each cycle {amounts}", amounts=listed([*amounts, *endless])))
    return told([*parts, *map(_price, plan.prices)])


def _price(price: Price) -> str:
    shown = units.show(price.currency, price.amount)
    if not price.each_cycle:
        return shown
    if price.cycles == 1:
        return phrase("{price} a cycle", price=shown)
    return phrase("{price} every {number} cycles", price=shown, number=price.cycles)


def _granted(service: str, amount: int, data_step: int, *, unlimited: bool = False) -> str:
    if unlimited:
        return phrase("unlimited {service}", service=units.called(service))
    return units.show(service, amount, data_step)


# ---- words


def _word(checked: Checked, number: int, line: str, here: Lexeme) -> Iterator[Phrase]:
    if here.kind == "WORD":
        yield from _noun(checked, here.text)
        return
    lexemes = lex(line)
    found = meaning(lexemes, lexemes.index(here), place(checked.source, number).blocks)
    if not found:
        return
    word, means = found
    if means.if_left_out:
        otherwise = means.if_left_out
        yield phrase("`{word}`: {meaning} If left out: {otherwise}", word=word, meaning=means.text, otherwise=otherwise)
    else:
        yield phrase("`{word}`: {meaning}", word=word, meaning=means.text)


def _noun(checked: Checked, word: str) -> Iterator[Phrase]:
    service = units.SERVICE_WORDS.get(word.lower())
    unit = units.unit(word, checked.data_step, checked.declared.units)
    if service:
        called, base = units.called(service), units.base_unit(service)
        yield phrase("`{word}`: the service {service}, counted in {base}s.", word=word, service=called, base=base)
    elif unit:
        called, one = units.called(unit.service), units.counted(unit.service, unit.size)
        yield phrase("`{word}`: a unit of {service}; one is {amount}.", word=word, service=called, amount=one)
    elif word.lower() == units.MONEY_WORD:
        yield phrase("`{word}`: the currency that the plan uses.", word=word)
    elif per_second := units.bits_per_second(word):
        yield phrase("`{word}`: a speed of {bits} bits a second.", word=word, bits=f"{per_second:,}")
