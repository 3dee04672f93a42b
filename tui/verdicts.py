"""What was proved before, kept in the user's cache by content: what the plan means wherever it stands, what it claims, the code
that proves, and the solver. Losing it costs only time; an entry that is not as it was written counts for nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dsl.phrase import Phrase
from dsl.plan import Claim, Plan
from dsl.same import as_text
from engine.batch.course import Piece
from engine.prove.modelled import gives
from engine.prove.verdict import Held, History, Outcome, Verdict
from tui import cache, claims, solver

KIND = "proof"
_A_LINE = re.compile(r"\(line \d+\)")
PACKAGES = ("dsl", "engine", "tui")  # whose code a verdict, and how it is kept, depends on


def name_of(
    plan: Plan, claim: Claim, start: datetime, others: Mapping[str, Plan], tried: Sequence[History] = ()
) -> str:  # fmt: skip
    """A name for the verdict. Of `others`, the plans of its file, it counts what those mean that the claim is about, too, and
    what the rest may give; and which histories were tried."""
    about = [plan, *(others[name] for name in claims.named(claim) if name in others)]
    given = sorted(gives(other for name, other in others.items() if name != plan.name))
    asked = as_text((*(replace(one, claims=(), assumptions=()) for one in about), claim, *given))
    parts = repr(asked), json.dumps(tried), start.isoformat(), solver.version()
    return cache.key(*(part.encode() for part in parts), packages=PACKAGES)


def load(name: str, claim: Claim) -> Outcome | None:
    """What is kept under that name, about a claim where it stands now."""
    kept = cache.load(name, KIND)
    if kept is None or len(kept) != 2 or kept[0] != _seal(name, kept[1]):
        return None
    said = json.loads(kept[1])
    bounds = tuple(_held(service, lots, amount) for service, lots, amount in said["held"])
    start = datetime.fromisoformat(said["start"]) if said["start"] else None
    return Outcome(claim, Verdict(said["verdict"]), bounds, tuple(said["history"]), _said(said["why"]), start, said["looked"])


def store(name: str, found: Outcome) -> None:
    """What names a line is not kept: the line may move, and to see that a plan can't be read takes no time."""
    if _A_LINE.search(found.why):
        return
    said = {
        "verdict": found.verdict,
        "held": [(bound.service, len(bound.pieces), bound.amount) for bound in found.bounds],
        "history": found.history,
        "why": _as_data(found.why),
        "start": found.start.isoformat() if found.start else "",
        "looked": found.looked,
    }
    text = json.dumps(said)
    cache.store(name, [_seal(name, text), text], KIND)


def _as_data(text: str) -> object:
    """A text with what it was made of, so that it can still be said in another language."""
    if not isinstance(text, Phrase):
        return text
    return [text.template, {name: _as_data(field) for name, field in text.fields.items()}]


def _said(data: Any) -> str:
    return data if isinstance(data, str) else Phrase(data[0], {name: _said(field) for name, field in data[1].items()})


def _held(service: str, lots: int, amount: int) -> Held:
    """A bound of so many lots; of which is not kept."""
    return Held(service, tuple(Piece(service, copy=copy) for copy in range(lots)), amount)


def _seal(name: str, text: str) -> str:
    return hashlib.sha256(f"{name}{text}".encode()).hexdigest()
