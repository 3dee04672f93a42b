"""What a run came to in all, as JSON for a manifest, and as a table of what each rule did for people."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

from dsl.source import Source, Span, printable
from engine.batch.lines import NotTraced
from engine.batch.trace import Moved
from tui.settle.totals import Totals

RULES = ("plan", "line", "rule", "service", "what", "amount")


def as_json(totals: Totals) -> dict[str, Any]:
    return {
        "subscribers": totals.lines,
        "cycles": totals.cycles,
        "rejected": totals.rejected.total(),
        "reasons": dict(totals.rejected),
        "figures": totals.figures,
        "rules": [
            {
                "plan": plan, "service": key.service, "what": key.reason, "line": key.span.line, "start": key.span.start,
                "end": key.span.end, "amount": amount,
            }
            for plan, moved in totals.moved.items()
            for key, amount in sorted(moved.items(), key=lambda one: (one[0].span, one[0].service, one[0].reason))
        ],
        "one_at_a_time": [
            {"plan": plan, "line": why.line, "reason": why.reason, "subscribers": lines}
            for (plan, why), lines in totals.by_rows.items()
        ],
    }  # fmt: skip


def from_json(told: Mapping[str, Any]) -> Totals:
    found = Totals(told["subscribers"], told["cycles"], Counter(told["reasons"]), told["figures"])
    for rule in told["rules"]:
        key = Moved(rule["service"], rule["what"], Span(rule["line"], rule["start"], rule["end"]))
        found.moved.setdefault(rule["plan"], Counter())[key] = rule["amount"]
    for one in told["one_at_a_time"]:
        found.by_rows[one["plan"], NotTraced(one["reason"], one["line"])] = one["subscribers"]
    return found


def rules_csv(totals: Totals, sources: Mapping[str, Source]) -> str:
    """A line of text each: what a rule of a plan did in all, in base units. `sources` is where each plan is written. What no
    rule says, as a use, has no line."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(RULES)
    for plan in sorted(totals.moved):
        moved = totals.moved[plan]
        for key in sorted(moved, key=lambda key: (key.span, key.service, key.reason)):
            span = key.span
            said = sources[plan].lines[span.line - 1][span.start : span.end] if span.line else ""
            rows.writerow((plan, span.line or "", printable(said), key.service, key.reason, moved[key]))
    return text.getvalue()
