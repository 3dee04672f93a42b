"""Findings as JSON: whole numbers of base units."""

from __future__ import annotations

import json

from dsl import units
from tui.backtest.findings import Verdict
from tui.backtest.run import Backtest

SCHEMA = "rollover.backtest/1"
QUANTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)


def as_json(one: Backtest) -> str:
    return json.dumps(_told(one), indent=2, ensure_ascii=False) + "\n"


def _told(one: Backtest) -> dict[str, object]:
    found = one.findings
    return {
        "schema": SCHEMA,
        "old": {"file": str(one.asked.old), "plans": [old for old, _ in one.pairs]},
        "new": {"file": str(one.asked.new), "plans": [new for _, new in one.pairs]},
        "usage": {"file": str(one.asked.usage), "services": list(one.services), "columns_not_read": list(one.left_out)},
        "lines": found.lines,
        "cycles": found.cycles,
        "by": str(found.by),
        "verdicts": {
            str(verdict): {
                "lines": found.counts[verdict],
                "change": [
                    {"figure": str(about.figure), "of": about.of, "change": more}
                    for about, more in found.changes_of.get(verdict, {}).items()
                    if more
                ],
            }
            for verdict in Verdict
        },
        "figures": [
            {
                "figure": str(about.figure), "of": about.of, "unit": units.base_unit(about.of),
                "old": sums.old, "new": sums.new, "change": sums.more,
                "change_of_a_line": {
                    "least": found.changes[about].least,
                    **{f"p{percent}": found.changes[about].quantile(percent) for percent in QUANTILES},
                    "most": found.changes[about].most,
                },
                "hit_hardest": [
                    {"subscriber": _plain(hit.subscriber), "plan": hit.plan, "old": hit.old, "new": hit.new}
                    for hit in found.hit.get(about, ())
                ],
            }
            for about, sums in found.sums.items()
        ],
        "one_at_a_time": [
            {"which": which, "plan": plan, "reason": reason, "lines": lines}
            for (which, plan, reason), lines in sorted(found.by_rows.items())
        ],
        "rejected": [
            {"reason": reason, "rows": rows, "subscriber": _plain(subscriber)}
            for reason, (rows, subscriber) in found.rejected.items()
        ],
        "left_out": {"too_large": found.refused, "plans": dict(found.left_out.most_common())},
        "fail_if": [{"condition": one_of.text, "fails": one_of.holds(found)} for one_of in one.conditions],
    }  # fmt: skip


def _plain(subscriber: object) -> int | str:
    return subscriber if isinstance(subscriber, int) else str(subscriber)
