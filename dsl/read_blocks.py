"""Blocks of a file, read, and what was read of them kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from dsl import assume, examples, lower, offers, over_time, renewals, scopes
from dsl.diagnostics import Diagnostic, Findings
from dsl.document import Block
from dsl.file_scope import Scope
from dsl.plan import Cycle, Pack, Plan, Promotion
from dsl.scenario import Scenario

# What is read is kept: at a key press all blocks of a file but one are as they were. What was kept is compared by what it is,
# since to compare all that it holds would take as long as to read it.
_MOST_KEPT = 4_096


def forget() -> None:
    """Makes the next check read everything anew."""
    for kept in (about, spoken_of, packs, promotion, with_offers, alone):
        kept.cache_clear()


@dataclass(frozen=True, slots=True)
class Job:
    """What blocks are read by: `key` says everything about the rest."""

    key: tuple[object, ...]
    blocks: tuple[Block, ...] = field(compare=False)
    scope: Scope = field(compare=False)


@lru_cache(maxsize=64)
def about(*_parts: object) -> object:
    """Stands for the parts of a scope, which would take long to be compared for each block again."""
    return object()


@dataclass(frozen=True, slots=True)
class Lines:
    """A block, wherever it stands."""

    texts: tuple[str, ...]
    block: Block = field(compare=False)


@lru_cache(maxsize=_MOST_KEPT)
def spoken_of(lines: Lines) -> tuple[str, ...]:
    """The kinds of use that are named in a block."""
    return tuple(tag.text for line in lines.block.lines for tag in scopes.tags_in(line.statement) if tag.name)


@dataclass(frozen=True, slots=True, eq=False)
class Packs:
    """Those of a file, from each of the dates of their rules on."""

    found: dict[date, tuple[Pack, ...]]
    findings: tuple[Diagnostic, ...]


@lru_cache(maxsize=_MOST_KEPT)
def packs(job: Job, cycle: Cycle) -> Packs:
    scope = replace(job.scope, findings=Findings())
    found = over_time.each(scope, job.blocks, lambda on_day: tuple(offers.pack(on_day, block, cycle) for block in job.blocks))
    return Packs(found, scope.findings.sorted())


@dataclass(frozen=True, slots=True, eq=False)
class Promoted:
    promotion: Promotion | None
    findings: tuple[Diagnostic, ...]


@lru_cache(maxsize=_MOST_KEPT)
def promotion(job: Job, cycle: Cycle) -> Promoted:
    scope = replace(job.scope, findings=Findings())
    return Promoted(offers.promotion(scope, job.blocks[0], cycle), scope.findings.sorted())


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """A plan without packs and promotions, which other blocks decide; and what it is from each of the dates of its rules on."""

    plan: Plan
    plans: dict[date, Plan]
    said: dict[date, set[str]]  # topics that the text decides
    scenarios: tuple[Scenario, ...]
    findings: tuple[Diagnostic, ...]


@lru_cache(maxsize=_MOST_KEPT)
def with_offers(alone: Alone, packs: Packs, promotions: tuple[Promoted, ...]) -> Plan:
    """A plan with what the file adds to it."""
    found = tuple(one.promotion for one in promotions if one.promotion)
    plans = {}
    for day in sorted({*alone.plans, *packs.found}):
        plan = replace(over_time.latest(alone.plans, day), packs=over_time.latest(packs.found, day), promotions=found)
        plans[day] = replace(plan, assumptions=assume.assumptions(plan, over_time.latest(alone.said, day)))
    return over_time.joined(plans)


@lru_cache(maxsize=_MOST_KEPT)
def alone(job: Job) -> Alone:
    """Reads a plan's own blocks."""
    findings = Findings()
    scope = replace(job.scope, findings=findings)
    block = job.blocks[-1]
    span = block.header.span(block.header.statement.at)
    read = over_time.each(scope, job.blocks, lambda on_day: lower.plan(on_day, job.blocks))
    plans = {
        day: Plan(
            block.name, made.kind, scope.zone, scope.data_step, made.cycle, made.contract_months, made.grants, made.orders,
            made.rules, made.runs_out, made.prices, (), (), made.claims, (), span,
            made.renewal, made.changes, made.leaving, made.shares, made.by_lines, scope.names.group_of(block.name),
            counting=made.counting, loans=made.loans, most_used=made.most_used,
        )
        for day, made in read.items()
    }  # fmt: skip
    if not any(plan.grants for plan in plans.values()) and all(made.grants_known for made in read.values()):
        findings.add("R290", span)
    for plan in plans.values():
        renewals.report(plan, len(scope.names.plans), findings)
    told = [examples.scenario(scope.amounts, example, block.name, scope.names) for example in block.examples]
    scenarios = tuple(scenario for scenario in told if scenario)
    said = {day: made.said for day, made in read.items()}
    plans = {day: replace(plan, assumptions=assume.assumptions(plan, said[day])) for day, plan in plans.items()}
    return Alone(over_time.joined(plans), plans, said, scenarios, findings.sorted())
