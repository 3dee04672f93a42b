"""`rollover prove`: what plans claim, proved, refuted by a history that the engine has run, or left open."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from dsl import units
from dsl.check import Checked
from dsl.phrase import every, phrase
from dsl.plan import CarriedNeverAbove, Claim, NeverAbove, Plan
from dsl.scenario import CycleSteps, Dated, Scenario, Use
from dsl.source import Source, printable
from engine.calendar import Calendar
from engine.judge import Broken, broken
from engine.prove.left_out import left_out
from engine.prove.verdict import Held, History, Outcome, Verdict
from engine.run import Run, run
from tui import claims, folders, solver, verdicts
from tui.running import UnusableError, checked_plans, no_plan
from tui.saying import say
from tui.usage_beside import usage_beside
from tui.wrap import folded

SCHEMA = "rollover.proofs/2"
TRUSTED = (
    "Trusted: that a cycle computes what the engine computes on unknown amounts (engine/batch/trace.py runs it), its calendar, "
    "and Z3 {version}; where all is carried again and again, that the oldest lots act alike. No use and no lot is above 10^30 "
    "base units. Nothing is looked at but lines that begin with nothing, use, and renew themselves when a cycle ends."
)
_HOUR = timedelta(hours=1)

Prove = Callable[[Plan, Claim, datetime, Mapping[str, Plan], Sequence[History]], Outcome]


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim of a plan of a file. `run` is the history that breaks it, as the engine ran it, and `worst` how far it does;
    where it is proved, `left_out` is what the proof is not about."""

    path: Path
    source: Source
    plan: Plan
    outcome: Outcome
    run: Run | None = None
    worst: Broken | None = None
    left_out: tuple[str, ...] = ()


def proofs(paths: Sequence[Path], names: Sequence[str], start: datetime, *, cached: bool = True) -> Iterator[Proof]:
    """The claims of these plans, in the order of files and lines; what was proved before is not proved again, where it may be
    `cached`. Raises files.FileError and UnusableError."""
    found = [(path, checked_plans(path)) for path in folders.found(paths, folders.PLAN)]
    if not any(checked.plans for _, checked in found):
        raise UnusableError(no_plan([checked for _, checked in found]), misuse=True)
    _refuse_unknown(names, [plan.name for _, checked in found for plan in checked.plans])
    for path, checked in found:
        for plan in checked.plans:
            if not names or plan.name in names:
                for claim in plan.claims:
                    yield proof(path, checked, plan, claim, start, cached=cached)


def _refuse_unknown(names: Sequence[str], known: Sequence[str]) -> None:
    """Raises UnusableError where a name is of no plan."""
    for name in names:
        if name not in known:
            told = ", ".join(f'"{one}"' for one in dict.fromkeys(known))
            raise UnusableError(f'there is no plan "{name}" there, but {told or "none"}', misuse=True)


def proof(
    path: Path, checked: Checked, plan: Plan, claim: Claim, start: datetime, *, cached: bool = True, prove: Prove | None = None,
) -> Proof:  # fmt: skip
    """One claim of a plan of a file. What was `cached` counts where its history still breaks the claim; else `prove` is asked,
    or the solver here. What is used in its examples, and in scenarios beside it, is tried."""
    others = {one.name: one for one in checked.plans}
    tried = usage_beside(path, checked, plan)
    name = verdicts.name_of(plan, claim, start, others, tried)
    if cached and (known := verdicts.load(name, claim)):
        shown = _shown(path, checked, plan, known, start)
        if shown.outcome.verdict is known.verdict:
            return shown
    found = (prove or _prove)(plan, claim, start, others, tried)
    if cached:
        verdicts.store(name, found)
    return _shown(path, checked, plan, found, start)


def _prove(plan: Plan, claim: Claim, start: datetime, others: Mapping[str, Plan], tried: Sequence[History]) -> Outcome:
    from engine.prove.claims import prove  # the solver is loaded where there is something to prove

    return prove(plan, claim, start, others, tried)


def _shown(path: Path, checked: Checked, plan: Plan, found: Outcome, start: datetime) -> Proof:
    """A history is told only where the engine, run on it, sees the claim broken."""
    claim = found.claim
    if found.verdict is Verdict.PROVED:
        return Proof(path, checked.source, plan, found, left_out=left_out(plan, claim, checked.plans))
    if found.verdict is Verdict.UNKNOWN:
        return Proof(path, checked.source, plan, found)
    name = say("breaks: {claim}", claim=claims.said(claim, plan.data_step))
    nothing = Scenario(name, plan.name, found.start or start, (), (), claim.span)
    for history in (_in_all(nothing, found), _later(nothing, found, plan)):
        made = run(plan, history, checked.plans)
        for worst in broken(made, checked.plans):
            if worst.claim == claim:
                return Proof(path, checked.source, plan, found, made, worst)
    why = phrase("the solver found a history, and the engine does not break the claim on it: please report this")
    if plan.promotions:
        why = phrase("a history breaks it where no promotion comes, and the engine does not break it on that with promotions")
    return Proof(path, checked.source, plan, replace(found, verdict=Verdict.UNKNOWN, history=(), why=why))


def _in_all(nothing: Scenario, found: Outcome) -> Scenario:
    """The history that was found, each cycle with all that it uses."""
    uses = [[Use(service, amount, in_all=True) for service, amount in used.items() if amount] for used in found.history]
    return replace(nothing, cycles=tuple(CycleSteps(tuple(use), ()) for use in uses))


def _later(nothing: Scenario, found: Outcome, plan: Plan) -> Scenario:
    """The same, used an hour after the beginning of each cycle: what is sold then was not there for all of it."""
    calendar = Calendar(plan.cycle, plan.zone, nothing.start)
    dated: list[Dated] = []
    for number, used in enumerate(found.history):
        at = calendar.local(calendar.boundary(number)) + _HOUR
        uses: list[Use | None] = [Use(service, amount) for service, amount in used.items() if amount]
        dated += [Dated(at, use, nothing.span) for use in uses or [None]]
    return replace(nothing, dated=tuple(dated))


def said(proof: Proof) -> str:
    """The claim as its line says it; not yet safe to show."""
    return proof.source.lines[proof.outcome.claim.span.line - 1].split("#")[0].strip()


def as_text(proof: Proof, columns: int) -> str:
    """Lines about a proof, safe to show: the first is as long as what is claimed, the rest of at most so many columns."""
    found, claim = proof.outcome, proof.outcome.claim
    lines = [f'{proof.path}:{claim.span.line}: {found.verdict}  {said(proof)}  ("{proof.plan.name}")']
    match found.verdict:
        case Verdict.PROVED:
            because = f", {found.why}" if found.why else _because(proof.plan, claim, found.bounds)
            lines.append(f"    after any number of cycles, {_whatever(proof.plan)}{because}")
            lines.append(f"    not looked at: {every(proof.left_out)}")
        case Verdict.REFUTED:
            assert proof.run
            assert proof.worst
            line = f"a line that begins on {found.start:%Y-%m-%d}" if found.start else "it"
            lines.append(f"    {claims.came_to(proof.run, proof.worst)}, where {line} uses")
            lines += [f"      {line}" for line in _cycle_by_cycle(proof.plan, found.history)]
            if not found.is_shortest:
                lines.append(f"    whether one of fewer cycles, more than {found.looked}, breaks it is not known")
        case Verdict.UNKNOWN:
            lines.append(f"    {found.why}")
    first, *rest = map(printable, lines)
    return "\n".join([first, *(part for line in rest for part in folded(line, columns))])


def _whatever(plan: Plan) -> str:
    """Of which use a proof is."""
    most = [units.exact(one.service, one.amount, plan.data_step) for one in plan.most_used]
    return f"where no more than {' and '.join(most)} is used in any" if most else "whatever is used"


def _because(plan: Plan, claim: Claim, bounds: Sequence[Held]) -> str:
    """The bounds that matter to a reader: what is held in all, of each service."""
    whole: dict[str, Held] = {}
    for bound in bounds:
        if bound.service not in whole or len(bound.pieces) > len(whole[bound.service].pieces):
            whole[bound.service] = bound
    if not any(bound.amount for bound in whole.values()):
        return ": nothing is held when a cycle ends" if isinstance(claim, NeverAbove | CarriedNeverAbove) else ""
    told = [units.exact(one.service, one.amount, plan.data_step) for one in whole.values()]
    return f": at most {' and '.join(told)} is held when a cycle ends"


def _cycle_by_cycle(plan: Plan, history: History) -> Iterator[str]:
    """What each uses; those behind each other that use the same in one line."""
    last = 0
    for used, same in groupby(history):
        first, last = last + 1, last + len(list(same))
        which = f"cycle {first}" if first == last else f"cycles {first} to {last}"
        yield f"{which}: {_used(plan, used)}"


def _used(plan: Plan, used: dict[str, int]) -> str:
    told = [units.exact(service, amount, plan.data_step) for service, amount in used.items() if amount]
    return ", ".join(told) or "nothing"


def as_json(found: Sequence[Proof]) -> str:
    told = [
        {
            "file": str(proof.path),
            "line": proof.outcome.claim.span.line,
            "plan": proof.plan.name,
            "claim": claims.as_data(proof.outcome.claim),
            "verdict": str(proof.outcome.verdict),
            "held": [
                {"service": bound.service, "lots": len(bound.pieces), "at_most": bound.amount} for bound in proof.outcome.bounds
            ],
            "start": proof.run.calendar.iso(proof.run.calendar.boundary(0)) if proof.run else None,
            "history": [dict(used) for used in proof.outcome.history],
            "is_shortest": proof.outcome.is_shortest if proof.outcome.history else None,
            "why": proof.outcome.why,
            "left_out": list(proof.left_out),
        }
        for proof in found
    ]
    return json.dumps({"schema": SCHEMA, "proofs": told, "trusted": trusted()}, indent=2, ensure_ascii=False) + "\n"


def trusted() -> str:
    return TRUSTED.format(version=solver.version())
