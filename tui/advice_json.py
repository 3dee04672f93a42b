"""Advice as JSON: whole base units and minor units, instants as ISO 8601 local times with their offset."""

from __future__ import annotations

import json
from datetime import datetime

from dsl import units
from dsl.source import Source, Span, quoted
from dsl.step_words import StepWords
from engine.advice import Ranked
from engine.calendar import NEVER, Instant
from engine.outlook import Outlook
from engine.run import Run
from engine.savings import Saving
from engine.totals import Amounts
from tui.advice_text import reason
from tui.advising import Advised

SCHEMA = "rollover.advice/1"


def as_json(found: Advised) -> str:
    usage = found.usage
    told = {
        "schema": SCHEMA,
        "usage": {
            "file": usage.file, "line": usage.line, "records": usage.records, "records_after_today": usage.later,
            "first": _local(usage.first), "last": _local(usage.last), "start": _local(usage.start), "today": _local(usage.at),
        },
        "rankings": [
            {
                "currency": ranking.currency,
                "plans": [
                    {"place": place, **_ranked(one), "reason": reason(ranking, place - 1)}
                    for place, one in enumerate(ranking.ranked, 1)
                ],
            }
            for ranking in found.rankings
        ],
        "not_compared": [{"file": one.file, "plan": one.plan, "why": one.why} for one in found.not_compared],
        "advice": _advice(found) if found.advice else None,
    }  # fmt: skip
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _local(at: datetime) -> str:
    """A time of no zone: that of each plan."""
    return at.isoformat(timespec="minutes")


def _ranked(one: Ranked) -> dict[str, object]:
    totals, run = one.totals, one.offer.run
    cycles = run.statement.cycles
    return {
        "plan": one.offer.plan.name,
        "file": one.offer.file,
        "cycles": len(cycles),
        "until": run.calendar.iso(cycles[-1].end) if cycles else None,
        "charged": dict(totals.charged),
        "due": dict(totals.due),
        **{
            name: _amounts(getattr(totals, figure))
            for name, figure in (
                ("used", "used"), ("wasted", "expired"), ("blocked", "blocked"), ("slowed", "slowed"), ("kept", "kept"),
            )
        },
    }  # fmt: skip


def _amounts(amounts: Amounts) -> dict[str, dict[str, object]]:
    return {service: {"unit": units.base_unit(service), "amount": amount} for service, amount in amounts.items()}


def _advice(found: Advised) -> dict[str, object]:
    assert found.advice
    outlook, source = found.advice.outlook, found.texts[found.own_file].source
    run = outlook.at_pace
    return {
        "plan": outlook.case.plan.name,
        "file": found.own_file,
        "at": run.calendar.iso(outlook.at),
        "until": run.calendar.iso(run.calendar.instant(outlook.until)),
        "pace": {"days": outlook.days, "used": _amounts(outlook.pace)},
        "losses": [
            {
                "service": one.service, "unit": units.base_unit(one.service), "by": run.calendar.iso(one.by),
                "amount": one.amount, "at_pace": one.at_pace, "reason": str(one.reason), "rule": _rule(source, one.span),
            }
            for one in outlook.losses
        ],
        "runs_out": [
            {"service": one.service, "at": run.calendar.iso(one.at), "then": str(one.served), "rule": _rule(source, one.span)}
            for one in outlook.runs_out
        ],
        "savings": [_saving(outlook, source, one) for one in found.advice.savings],
        "refused": [
            {"kind": str(one.kind), "name": one.name, "reason": str(one.reason), "rule": _rule(source, one.span)}
            for one in found.advice.refused
        ],
    }  # fmt: skip


def _saving(outlook: Outlook, source: Source, one: Saving) -> dict[str, object]:
    run = one.with_it
    return {
        "kind": str(one.kind),
        "name": one.name,
        "act": StepWords(outlook.case.plan.data_step).act(one.act) if one.act else None,
        "at": run.calendar.iso(run.calendar.instant(one.at)),
        "saved": _amounts(one.spared),
        "served": _amounts(one.served),
        "gives": _amounts(one.gives),
        "charged": dict(one.charged),
        "due": dict(one.due),
        "ends": [
            {"service": service, "before": _end(run, before), "after": _end(run, after)} for service, before, after in one.ends
        ],
        "rule": _rule(source, one.span),
    }


def _end(run: Run, at: Instant) -> str | None:
    return None if at == NEVER else run.calendar.iso(at)


def _rule(source: Source, span: Span) -> dict[str, object] | None:
    words = quoted(source, span)
    return {"line": span.line, "text": words} if words else None
