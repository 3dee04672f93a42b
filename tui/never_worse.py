"""`rollover diff --prove`: whether one plan is ever worse than another, over every history, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dsl import units
from dsl.source import printable
from engine.contrast import Side
from engine.prove.dominance import CYCLES, Compared, Dominance, compare
from engine.prove.verdict import Verdict
from engine.prove.worse import History
from engine.prove.worst import Worst
from engine.run import Run
from tui.asking import most_used
from tui.proving import trusted
from tui.running import UnusableError, checked_plans, chosen
from tui.wrap import folded

SCHEMA = "rollover.dominance/1"
MEASURE = (
    "compared is what of the use nothing covers, added up since the start, of lines on which nothing is done but use; prices "
    "are not, nor promotions"
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Two plans of two files, which may be one, service by service."""

    files: tuple[Path, Path]
    first: Side
    second: Side
    found: Sequence[Compared]

    @property
    def names(self) -> tuple[str, str]:
        """How to call the two: by their plans, and where those are called the same with their files."""
        one, other = self.first.plan.name, self.second.plan.name
        if one != other:
            return f'"{one}"', f'"{other}"'
        return f'"{one}" of {self.files[0]}', f'"{other}" of {self.files[1]}'

    @property
    def is_never_worse(self) -> bool:
        return all(one.second.verdict is Verdict.PROVED for one in self.found)

    @property
    def deciding(self) -> Run | None:
        """The first plan on a history on which the second one is worse, or else the other way round."""
        runs = [one.second.found.first for one in self.found if one.second.found]
        runs += [one.first.found.second for one in self.found if one.first.found]
        return next(iter(runs), None)


def beside(old: Path, new: Path, names: tuple[str, str], most: str, cycles: int | None, start: datetime) -> Beside:
    """Two plans, by name; of NEW the one that is called as that of OLD, or its first. `most` says what a cycle uses at the most
    in the worst case. Raises files.FileError and UnusableError."""
    checked = checked_plans(old)
    other = checked if new == old else checked_plans(new)
    first = chosen(checked, names[0])
    second = chosen(other, names[1] or (first.name if other.plan(first.name) else ""))
    if first == second:
        raise UnusableError('name two plans: --plan "A" --with "B", or a second file', misuse=True)
    bounds = most_used(checked, "--usage-at-most", most) if most else {}
    sides = Side(first, checked.plans), Side(second, other.plans)
    return Beside((old, new), *sides, compare(*sides, start, cycles=cycles or CYCLES, most=bounds))


def shown(one: Beside, layout: str, columns: int) -> str:
    """What was found, as `text` in lines of at most so many columns, or as `json`."""
    if layout == "json":
        return json.dumps(_as_json(one), indent=2, ensure_ascii=False) + "\n"
    return "".join(f"{part}\n" for line in _as_text(one) for part in folded(printable(line), columns))


# ---- text


def _as_text(one: Beside) -> Iterator[str]:
    if not one.found:
        yield "neither plan grants anything to compare"
    for compared in one.found:
        yield f"{units.called(compared.service)}: {_verdict(one.names, compared)}"
        ways = ((compared.second, one.names, compared.second_behind), (compared.first, one.names[::-1], compared.first_behind))
        for way, (against, plan), _ in ways:
            yield from (f"  {line}" for line in _way(one, way, plan, against))
        known = [(plan, behind) for _, (_, plan), behind in ways if behind]
        if known:
            most = _amount(one, compared.service, compared.most)
            yield f"  in {compared.cycles} cycles, none of which uses more than {most}:"
        for plan, behind in known:
            yield f"    {_worst(one, compared.service, plan, behind)}"
    yield MEASURE


def _verdict(names: tuple[str, str], found: Compared) -> str:
    first, second = names
    match found.second.verdict, found.first.verdict:
        case Verdict.PROVED, Verdict.PROVED:
            return f"{second} and {first} are equivalent"
        case Verdict.PROVED, _:
            return f"{second} is never worse than {first}"
        case _, Verdict.PROVED:
            return f"{second} is never better than {first}"
        case Verdict.REFUTED, Verdict.REFUTED:
            return f"neither is always better: {second} can be worse than {first}, and better"
        case Verdict.REFUTED, _:
            return f"{second} can be worse than {first}; whether it can be better is not known"
        case _, Verdict.REFUTED:
            return f"{second} can be better than {first}; whether it can be worse is not known"
        case _:
            return "it is not known whether one is worse than the other"


def _way(one: Beside, found: Dominance, plan: str, against: str) -> Iterator[str]:
    match found.verdict:
        case Verdict.PROVED:
            yield f"PROVED   {plan} never worse than {against}: after any number of cycles, by {found.how}"
        case Verdict.REFUTED:
            worse = _amount(one, found.service, found.gap)
            yield f"REFUTED  {plan} leaves {worse} more uncovered, on --use {_use(one, found.history)}"
            if not found.is_shortest:
                yield f"         whether it does on one of fewer cycles, more than {found.looked}, is not known"
        case Verdict.UNKNOWN:
            yield f"UNKNOWN  {plan} never worse than {against}: {found.why}"


def _worst(one: Beside, service: str, plan: str, behind: Worst) -> str:
    if not behind.gap and behind.is_most:
        return f"{plan} never falls behind"
    gap, unit = (_amount(one, service, amount) for amount in (behind.gap, behind.unit))
    how = "" if behind.is_most else f", by use in steps of {unit}; whether other use takes it further is not proved"
    if not behind.gap:
        return f"{plan} does not fall behind{how}"
    history = tuple({service: amount} for amount in behind.history)
    told = f"falls behind by {gap} at the most" if behind.is_most else f"falls behind by {gap}"
    return f"{plan} {told}, on --use {_use(one, history)}{how}"


def _use(one: Beside, history: History) -> str:
    """As `--use` reads it."""
    said = (
        " and ".join(units.exact(service, amount, one.first.plan.data_step) for service, amount in used.items())
        for used in map(_of_any, history)
    )
    return f'"{", ".join(said)}"'


def _of_any(used: Mapping[str, int]) -> Mapping[str, int]:
    """Without what is not used, where something else is."""
    return {service: amount for service, amount in used.items() if amount} or dict(list(used.items())[:1])


def _amount(one: Beside, service: str, amount: int) -> str:
    return units.exact(service, amount, one.first.plan.data_step)


# ---- JSON


def _as_json(one: Beside) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "first": {"plan": one.first.plan.name, "file": str(one.files[0])},
        "second": {"plan": one.second.plan.name, "file": str(one.files[1])},
        "measure": MEASURE,
        "services": [
            {
                "service": found.service,
                "unit": units.base_unit(found.service),
                "verdict": _verdict(one.names, found),
                "second_never_worse": _dominance(found.second),
                "first_never_worse": _dominance(found.first),
                "worst": {
                    "cycles": found.cycles,
                    "used_at_most": found.most,
                    "second_behind": _behind(found.second_behind),
                    "first_behind": _behind(found.first_behind),
                },
            }
            for found in one.found
        ],
        "trusted": trusted(),
    }


def _dominance(found: Dominance) -> dict[str, object]:
    return {
        "verdict": str(found.verdict),
        "how": str(found.how) if found.how else None,
        "history": [dict(used) for used in found.history],
        "is_shortest": found.is_shortest if found.history else None,
        "more_uncovered": found.gap,
        "why": found.why,
    }


def _behind(found: Worst | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {"gap": found.gap, "is_most": found.is_most, "in_steps_of": found.unit, "usage": list(found.history)}
