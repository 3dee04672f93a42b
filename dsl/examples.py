"""In-file examples to scenarios; scenario files are read to the same in dsl/scenario_file.py, with the steps read here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from dsl import nodes, terms
from dsl.amounts import Amounts
from dsl.context import NEXT_CYCLE, Context, Names, is_pack, is_plan, is_service, named_service
from dsl.document import Example
from dsl.grants import grant
from dsl.nodes import Line
from dsl.phrase import phrase
from dsl.plan import Grant, LotClass, Scope
from dsl.scenario import (
    MAX_CYCLES,
    NEXT_BILL,
    Act,
    Add,
    Because,
    Borrow,
    Buy,
    Cancel,
    ChangeTo,
    CycleSteps,
    Dated,
    DoNotRenew,
    Exchange,
    Expectation,
    Figure,
    GiveAway,
    Held,
    Leave,
    OtherSteps,
    Remove,
    Renew,
    Save,
    Scenario,
    SetState,
    Start,
    TopUp,
    Use,
    Void,
)
from dsl.scopes import said_of_use, scope

# Where nothing says when a history starts: a first of a month, so that calendar months begin whole.
DEFAULT_START = datetime(2026, 1, 1)


def scenario(amounts: Amounts, example: Example, plan: str, names: Names) -> Scenario | None:
    """The scenario an example block tells: each `use` line is a cycle, what stands above it happens at its start, and dated
    steps happen at their time."""
    header = example.header.statement
    assert isinstance(header, nodes.ExampleHeader)
    findings = amounts.findings
    start: datetime | None = None
    opening: list[Held] = []
    cycles: list[CycleSteps] = []
    dated: list[Dated] = []
    above: list[Act] = []
    others_above: list[OtherSteps] = []
    last_above: Line | None = None
    for line in example.lines:
        match line.statement:
            case nodes.StartStep() as step if cycles or above or dated:
                findings.add(
                    "R202",
                    line.span(step.at),
                    what="`start`",
                    block=phrase("the middle of an example"),
                    instead=phrase("put it first"),
                )
            case nodes.StartStep() as step:
                day = amounts.day(line, step.date) if step.date else None
                start = datetime.combine(day, time()) if day else start
                opening += [lot for written in step.opening if (lot := held(amounts, line, written))]
            case nodes.UseStep() as step:
                cycles.append(
                    CycleSteps(
                        (*above, *acts(amounts, line, step, names)), expectations(amounts, line, step.expectations),
                        tuple(others_above),
                    )
                )  # fmt: skip
                above, others_above, last_above = [], [], None
            case nodes.LineStep() as step if isinstance(step.step, nodes.UseStep) or step.step is None:
                told = OtherSteps(
                    step.line.text, tuple(acts(amounts, line, step.step, names)) if step.step else (),
                    expectations(amounts, line, step.expectations), line.span(step.at),
                )  # fmt: skip
                if cycles:
                    cycles[-1] = replace(cycles[-1], others=(*cycles[-1].others, told))
                else:
                    findings.add("R238", line.span(step.at))
            case nodes.LineStep() as step:
                for expectation in step.expectations:
                    findings.add("R231", line.span(expectation.at))
                assert step.step
                others_above.append(
                    OtherSteps(step.line.text, tuple(acts(amounts, line, step.step, names)), (), line.span(step.at))
                )
                last_above = line
            case nodes.DatedStep() as step:
                dated += dated_step(amounts, line, step, names)
            case statement if isinstance(statement, nodes.ActStep):
                for expectation in statement.expectations:
                    findings.add("R231", line.span(expectation.at))
                above += acts(amounts, line, statement, names)
                last_above = line
    if last_above and example.sound:
        findings.add("R233", last_above.span(last_above.statement.at))
    span = example.header.span(header.at)
    if not example.sound:
        return None
    if not cycles and not dated:
        findings.add("R221", span)
        return None
    if len(cycles) > MAX_CYCLES:
        findings.add("R228", span, limit=MAX_CYCLES, what=phrase("cycles in an example"))
        return None
    return Scenario(header.name.text, plan, start or DEFAULT_START, tuple(cycles), tuple(dated), span, tuple(opening))


def acts(
    amounts: Amounts,
    line: Line,
    step: nodes.UseStep | nodes.ActStep | nodes.StartsStep,
    names: Names,
) -> list[Act]:
    """What a step does; nothing, and reported, where that can't be."""
    match step:
        case nodes.UseStep():
            return [use for used in step.uses if (use := _use(amounts, line, used))]
        case nodes.BuyStep():
            return [Buy(step.pack.text)] if is_pack(amounts.findings, line, step.pack, names.packs) else []
        case nodes.SaveStep():
            saved = amounts.quantity(line, step.quantity, zero_help=phrase("write how much"))
            return [Save(saved.service, saved.amount)] if saved else []
        case nodes.BorrowStep():
            loan = amounts.quantity(line, step.quantity, zero_help=phrase("write how much"))
            return [Borrow(loan.service, loan.amount)] if loan else []
        case nodes.CancelStep():
            return [Cancel(step.pack.text)] if is_pack(amounts.findings, line, step.pack, names.packs) else []
        case nodes.ConvertStep():
            found = amounts.quantity(line, step.quantity, zero_help=phrase("write how much"))
            to = named_service(amounts, line, step.to) if isinstance(step.to, nodes.Word) else NEXT_BILL
            return [Exchange(found.service, found.amount, to)] if found and to else []
        case nodes.TopUpStep():
            return [TopUp(made) for made in _put(amounts, line, step.amount, LotClass.ADD_ON, names)]
        case nodes.AddStep():
            return [Add(made) for made in _put(amounts, line, step.amount, LotClass.ALLOWANCE, names)]
        case nodes.RemoveStep():
            gone = amounts.quantity(line, step.quantity, zero_help=phrase("write how much"))
            if gone is None or not _fits(amounts, line, step.service, gone.service):
                return []
            if step.pack and not is_pack(amounts.findings, line, step.pack, names.packs):
                return []
            pack = step.pack.text if step.pack else ""
            return [Remove(gone.service, gone.amount, step.lot_class, pack, step.to_zero, line.span(step.at))]
        case nodes.VoidStep():
            known = is_pack(amounts.findings, line, step.pack, names.packs)
            return [Void(step.pack.text, line.span(step.at))] if known else []
        case nodes.StateStep():
            return [SetState(step.state, step.on)]
        case nodes.RenewStep(plan=None):
            return [Renew()]
        case nodes.RenewStep(plan=plan):
            assert plan is not None
            return [Renew(plan.text)] if is_plan(amounts.findings, line, plan, names.plans) else []
        case nodes.NoRenewalStep():
            return [DoNotRenew()]
        case nodes.ChangeStep():
            return [ChangeTo(step.plan.text)] if is_plan(amounts.findings, line, step.plan, names.plans) else []
        case nodes.LeaveStep():
            return [Leave()]
        case nodes.GiveStep():
            given = amounts.quantity(line, step.quantity, zero_help=phrase("write how much"))
            return [GiveAway(given.service, given.amount, step.to.text if step.to else "")] if given else []
        case nodes.StartsStep(plan=None):
            return [Start("", step.member)]
        case nodes.StartsStep(plan=plan):
            assert plan is not None
            return [Start(plan.text, step.member)] if is_plan(amounts.findings, line, plan, names.plans) else []


def _put(amounts: Amounts, line: Line, amount: nodes.Amount, lot_class: LotClass, names: Names) -> list[Grant]:
    context = Context(amounts, {}, {}, "", dated=True, names=names)
    made = grant(context, line, amount, lot_class, each_cycle=False, default_life=NEXT_CYCLE)
    return [made] if made else []


def _use(amounts: Amounts, line: Line, used: nodes.Used) -> Use | None:
    amount, tags = amounts.quantity(line, used.quantity), said_of_use(amounts, line, used.tags)
    if amount is None or tags is None or not _fits(amounts, line, used.service, amount.service):
        return None
    return Use(amount.service, amount.amount, tags)


def dated_step(amounts: Amounts, line: Line, step: nodes.DatedStep, names: Names) -> list[Dated]:
    """A step at its time: an act each, of which the last has the expectations."""
    at = terms.moment(amounts, line, step.date, step.clock)
    who, what = (step.step.line.text, step.step.step) if isinstance(step.step, nodes.LineStep) else ("", step.step)
    done: list[Act | None] = [*acts(amounts, line, what, names)] if what else []
    expected = expectations(amounts, line, step.expectations, at_an_instant=True)
    if at is None:
        return []
    span = line.span(step.at)
    *first, last = done or [None]
    return [*(Dated(at, act, span, (), who) for act in first), Dated(at, last, span, expected, who)]


def held(amounts: Amounts, line: Line, written: nodes.OpeningLot) -> Held | None:
    """A lot that is there when a history starts."""
    found = amounts.quantity(line, written.quantity)
    day = amounts.end_of(line, written.until) if written.until else None
    until = datetime.combine(day, time()) if day else None
    only = scope(amounts, line, written.scope)
    if found is None or only is None or not _fits(amounts, line, written.service, found.service):
        return None
    if (written.until or only) and written.owed:
        instead = phrase("leave it out: the next grant pays it")
        at = written.until.at if written.until else written.scope[0].at
        amounts.findings.add("R212", line.span(at), item=phrase("what is owed"), instead=instead)
    lot_class = written.lot_class or LotClass.ALLOWANCE
    return Held(found.service, found.amount, lot_class, until, line.span(written.at), only, written.owed)


# What is known only when a cycle has ended.
_OF_A_CLOSE = {Figure.CARRIED}


def expectations(
    amounts: Amounts, line: Line, written: Sequence[nodes.Expectation], *, at_an_instant: bool = False
) -> tuple[Expectation, ...]:
    expected = []
    for one in written:
        if at_an_instant and one.figure in _OF_A_CLOSE:
            amounts.findings.add("R232", line.span(one.at), figure=one.figure)
            continue
        only = scope(amounts, line, one.scope)
        if only is None:
            continue
        if not isinstance(one.quantity, nodes.Quantity):
            expected += _ends(amounts, line, one, one.quantity, only)
            continue
        found = amounts.quantity(line, one.quantity)
        if found and _fits(amounts, line, one.service, found.service):
            span, why = line.span(one.at), _because(line, one.why)
            expected.append(Expectation(one.figure, found.service, found.amount, span, one.lot_class, only, None, why))
    return tuple(expected)


def _ends(
    amounts: Amounts, line: Line, one: nodes.Expectation, said: tuple[nodes.Word, nodes.Word | None] | None, only: Scope
) -> list[Expectation]:
    """That what is there ends first at a time, or never."""
    until = terms.moment(amounts, line, *said) if said else None
    service = named_service(amounts, line, one.service) if one.service else ""
    if service is None or (said and until is None):
        return []
    return [Expectation(one.figure, service, 0, line.span(one.at), one.lot_class, only, until, _because(line, one.why))]


def _because(line: Line, why: nodes.Why | None) -> Because | None:
    """Why, as far as a line can tell: where the rules stand that it names is looked for in dsl/because.py."""
    return Because(line.span(why.at), why.cause, why.kind, why.name.text if why.name else "") if why else None


def _fits(amounts: Amounts, line: Line, word: nodes.Word | None, service: str) -> bool:
    return word is None or is_service(amounts, line, word, service)
