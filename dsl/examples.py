"""In-file examples to scenarios; scenario files are read to the same in dsl/scenario_file.py, with the steps read here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from dsl import nodes, terms
from dsl.amounts import Amounts
from dsl.clauses import named_service
from dsl.diagnostics import Findings, suggestion
from dsl.document import Example
from dsl.nodes import Line
from dsl.plan import Act, Buy, CycleSteps, Expectation, Scenario, Use

# Where nothing says when a history starts: a first of a month, so that calendar months begin whole.
DEFAULT_START = datetime(2026, 1, 1)
MAX_CYCLES = 1_200


def scenario(amounts: Amounts, example: Example, plan: str, packs: Collection[str]) -> Scenario | None:
    """The scenario an example block tells: each `use` line is a cycle, and what is bought above it happens at its start."""
    header = example.header.statement
    assert isinstance(header, nodes.ExampleHeader)
    findings = amounts.findings
    start = DEFAULT_START
    cycles: list[CycleSteps] = []
    acts: list[Act] = []
    for line in example.lines:
        match line.statement:
            case nodes.StartStep() as step:
                if cycles or acts:
                    findings.add(
                        "R202", line.span(step.at), what="`start`", block="the middle of an example", instead="put it first"
                    )
                elif day := terms.day(amounts, line, step.date):
                    start = datetime.combine(day, time())
            case nodes.BuyStep() as step:
                if bought := buy(findings, line, step.pack, packs):
                    acts.append(bought)
            case nodes.UseStep() as step:
                cycles.append(use_step(amounts, line, step, acts))
                acts = []
    span = example.header.span(header.at)
    if not example.sound:
        return None
    if not cycles:
        findings.add("R221", span)
        return None
    if len(cycles) > MAX_CYCLES:
        findings.add("R228", span, limit=MAX_CYCLES, what="cycles in an example")
        return None
    return Scenario(header.name.text, plan, start, tuple(cycles), (), span)


def buy(findings: Findings, line: Line, pack: nodes.Word, packs: Collection[str]) -> Buy | None:
    if pack.text in packs:
        return Buy(pack.text)
    help_ = suggestion(pack.text, packs, f'add a block such as pack "{pack.text}"')
    findings.add("R107", line.span(pack.at), name=pack.text, meant=help_)
    return None


def use_step(amounts: Amounts, line: Line, step: nodes.UseStep, before: list[Act]) -> CycleSteps:
    acts = list(before)
    for used in step.uses:
        found = amounts.quantity(line, used.quantity)
        if found and _service_fits(amounts, line, used.service, found.service):
            acts.append(Use(found.service, found.amount))
    return CycleSteps(tuple(acts), expectations(amounts, line, step))


def expectations(amounts: Amounts, line: Line, step: nodes.UseStep) -> tuple[Expectation, ...]:
    expected = []
    for expectation in step.expectations:
        found = amounts.quantity(line, expectation.quantity)
        if found and _service_fits(amounts, line, expectation.service, found.service):
            expected.append(Expectation(expectation.figure, found.service, found.amount, line.span(expectation.at)))
    return tuple(expected)


def _service_fits(amounts: Amounts, line: Line, word: nodes.Word | None, service: str) -> bool:
    if word is None:
        return True
    named = named_service(amounts.findings, line, word, service)
    if named not in (service, None):
        amounts.findings.add("R109", line.span(word.at), unit=word.text, service=named, wanted=service)
    return named == service
