"""What stands at a place means: what is wrong with it, an amount in base units, a plan at a glance, the word's meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dsl import grammar, nodes, pages, units
from dsl.assist import catalogue, names
from dsl.assist.names import NameKind, Occurrence
from dsl.assist.position import Position, line_of, touches
from dsl.assist.syntax import over
from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.lexemes import Lexeme, lex
from dsl.parse import parse_line
from dsl.plan import AtMost, Cap, Pack, Plan, Rule
from dsl.source import MAX_LINE, Span, printable


@dataclass(frozen=True, slots=True)
class Hover:
    """`facts` are paragraphs, the most specific first; words of the language or the file stand in back-ticks, and what comes
    from the file is printable. `codes` are those of findings there, whose pages say more."""

    span: Span
    facts: tuple[str, ...]
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
        facts += _name(checked, named) if named else _word(checked, line, here)
    if not facts:
        return None
    span = wrong[0].span if wrong and here is None else Span(position.line, here.start, here.end) if here else wrong[0].span
    return Hover(span, tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(one.code for one in wrong)))


def _word_at(line: str, column: int) -> Lexeme | None:
    found = [one for one in lex(line) if one.start <= column <= one.end]
    return found[-1] if found else None  # between two the one that begins


# ---- findings


def _finding(one: Diagnostic) -> Iterator[str]:
    yield f"{one.code}: {one.message}" + (f"; {one.help}" if one.help else "")
    title, _, rest = pages.page(one.code).partition("\n\n")
    why = rest.partition("\n\n")[0]
    if title:
        yield " ".join(f"{title.partition(': ')[2].rstrip('.')}. {why}".split())


# ---- amounts


def _amounts(checked: Checked, position: Position, line: str) -> Iterator[str]:
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


def _quantity(checked: Checked, quantity: nodes.Quantity, *, slow: bool) -> Iterator[str]:
    written = f"`{quantity.number} {printable(quantity.unit.text)}`"
    if slow:
        if per_second := units.bits_per_second(quantity.unit.text):
            bits = units.whole(quantity.number, per_second)
            yield f"{written} is {bits:,} bits a second." if bits else f"{written} is a speed."
        return
    unit = units.unit(quantity.unit.text, checked.data_step, checked.declared.units)
    amount = units.whole(quantity.number, unit.size) if unit else None
    if unit and amount is not None:
        step = f" (1 GB is {checked.data_step} MB)" if unit.service == units.DATA else ""
        yield f"{written} is {_exactly(unit.service, amount)}{step}."


def _exactly(service: str, amount: int) -> str:
    if units.is_money(service):
        return f"{amount:,} minor unit{'' if amount == 1 else 's'} of {service}"
    base = units.base_unit(service)
    return f"{amount:,} {base}{'' if amount == 1 or base == service else 's'}"


def _of_plan(checked: Checked, line: int, limit: nodes.TimesPlan | nodes.PercentOfPlan, said: str) -> Iterator[str]:
    """What a limit that is so many times the plan comes to, for each plan that has it."""
    for plan in checked.plans:
        for one in (plan, *(later.plan for later in plan.later)):
            for rule in (*one.rules, *(rule for pack in one.packs for rule in pack.rules)):
                for amount, service in _limits(rule, line, limit.at):
                    if amount is None:
                        yield f"`{said}` is of what the plan that follows grants."
                    else:
                        shown = units.show(service, amount, one.data_step)
                        yield f"`{said}` of `{printable(plan.name)}` is {shown}: {_exactly(service, amount)}."


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


# ---- names


def _name(checked: Checked, named: Occurrence) -> Iterator[str]:
    shown = f"`{printable(named.name)}`"
    match named.kind:
        case NameKind.PLAN:
            plan = checked.plan(named.name)
            if plan is None:
                yield f"{shown}: no plan of this file is called so."
                return
            yield f"{shown}: {summary(plan)}."
            if named.defines and plan.assumptions:
                yield "Assumed, since nothing says otherwise: " + "; ".join(one.text for one in plan.assumptions) + "."
        case NameKind.PACK:
            packs = (pack for plan in checked.plans for pack in plan.packs if pack.name == named.name)
            yield f"{shown}: a pack{_of_pack(next(packs, None), checked.data_step)}."
        case NameKind.PROMOTION:
            found = [one for plan in checked.plans for one in plan.promotions if one.name == named.name]
            when = f" from {found[0].start} until {found[0].end}, that day not included" if found else ""
            yield f"{shown}: a promotion{when}."
        case NameKind.UNIT:
            yield f"{shown}: a unit of this file, a service of its own counted in whole pieces."
        case NameKind.GROUP:
            yield f"{shown}: a group of plans or packs, from small to big."
        case NameKind.EXAMPLE:
            yield f"{shown}: an example; `rollover test` runs it."
        case NameKind.LINE:
            yield f"{shown}: a line of the account in this example."
        case NameKind.USE:
            yield f"{shown}: what a use is."


def _of_pack(pack: Pack | None, data_step: int) -> str:
    if pack is None:
        return ""
    granted = [_granted(one.service, one.amount, data_step, unlimited=one.unlimited) for one in pack.grants]
    prices = [units.show(one.currency, one.amount) for one in pack.prices]
    return "".join(f"; {', '.join(part)}" for part in (granted, prices) if part)


def summary(plan: Plan) -> str:
    """A plan in a line: how it is paid, what a cycle grants and costs."""
    parts: list[str] = [str(plan.kind)]
    if plan.contract_months:
        parts.append(f"contract {plan.contract_months} months")
    step = plan.data_step
    endless = [_granted(service, 0, step, unlimited=True) for service in plan.services if plan.is_unlimited(service)]
    amounts = [_granted(service, plan.allowance(service), step) for service in plan.services if plan.allowance(service)]
    if endless or amounts:
        parts.append(f"each cycle {', '.join([*amounts, *endless])}")
    for price in plan.prices:
        every = "" if not price.each_cycle else " a cycle" if price.cycles == 1 else f" every {price.cycles} cycles"
        parts.append(units.show(price.currency, price.amount) + every)
    return "; ".join(parts)


def _granted(service: str, amount: int, data_step: int, *, unlimited: bool = False) -> str:
    return f"unlimited {service}" if unlimited else units.show(service, amount, data_step)


# ---- words


def _word(checked: Checked, line: str, here: Lexeme) -> Iterator[str]:
    if here.kind == "WORD":
        yield from _noun(checked, here.text)
        return
    lexemes = lex(line)
    if phrase := _phrase(lexemes, here):
        yield f"`{phrase}`: {catalogue.phrases()[phrase]}"
        return
    spelled = grammar.spellings().get(here.kind, ("",))[0]
    if meaning := catalogue.meanings().get(spelled):
        yield f"`{spelled}`: {meaning.text}" + (f" If left out: {meaning.if_left_out}" if meaning.if_left_out else "")


def _phrase(lexemes: list[Lexeme], here: Lexeme) -> str:
    """The longest phrase of the catalogue that a word stands in; "" where it stands in none."""
    texts = [one.text.lower() for one in lexemes]
    at = lexemes.index(here)
    for phrase in sorted(catalogue.phrases(), key=len, reverse=True):
        said = phrase.split()
        if any(texts[start : start + len(said)] == said for start in range(max(0, at - len(said) + 1), at + 1)):
            return phrase
    return ""


def _noun(checked: Checked, word: str) -> Iterator[str]:
    shown = f"`{printable(word)}`"
    service = units.SERVICE_WORDS.get(word.lower())
    unit = units.unit(word, checked.data_step, checked.declared.units)
    if service:
        yield f"{shown}: the service {service}, counted in {units.base_unit(service)}s."
    elif unit:
        yield f"{shown}: a unit of {unit.service}; one is {_exactly(unit.service, unit.size)}."
    elif word.lower() == units.MONEY_WORD:
        yield f"{shown}: the currency that the plan uses."
    elif per_second := units.bits_per_second(word):
        yield f"{shown}: a speed of {per_second:,} bits a second."
