"""Whether one plan is ever worse than another one on the same use: whether it ever leaves more of it uncovered, added up since
the start.

Where all cycles of both are alike, or all but the first ones, that is proved for every number of them: by relations between
what the two hold that no cycle breaks (`by_relations.py`), or by an invariant that the solver finds (`reach.py`). What is
refuted has a history, the shortest and the least that is found, which the engine has run on both plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from dsl import units
from dsl.phrase import phrase
from dsl.plan import NeverWorse, Plan
from engine.batch.trace import NotTracedError
from engine.contrast import Contrast, Side
from engine.prove import sooner
from engine.prove.by_relations import holds_at_once, holds_within_bounds
from engine.prove.cycles import HORIZON
from engine.prove.joint import Joint, read_any
from engine.prove.lattice import Walk, walk
from engine.prove.modelled import counts_otherwise
from engine.prove.pair import Pair, pair_of, services
from engine.prove.reach import is_never_behind
from engine.prove.tried import long, tried
from engine.prove.verdict import Outcome, Verdict
from engine.prove.worse import History, least, played, searched_few
from engine.prove.worst import NEVER_BEHIND, Worst, worst

CYCLES = 12  # in which it is looked for the largest gap: a year of months
FEW = 3  # cycles, in which a history is searched for before anything that takes long
TIMES = 3  # the larger allowance, that a cycle uses at the most where nobody said how much


class How(StrEnum):
    """What a proof is made of."""

    ONE = "what a cycle computes, which is the same under both"
    RELATIONS = "relations between what both hold, which no cycle breaks"
    SPACER = "an invariant that Spacer found"


@dataclass(frozen=True, slots=True)
class Dominance:
    """Whether the second plan is never worse than the first one in a service. `history` is the use of each cycle on which it
    is, by `gap`, as the engine ran it; `why` tells what was looked at where it is open. On no history of up to `looked` cycles
    it is worse, whatever is used."""

    service: str
    verdict: Verdict
    how: How | None = None
    history: History = ()
    gap: int = 0
    found: Contrast | None = None
    why: str = ""
    looked: int = 0

    @property
    def is_shortest(self) -> bool:
        """Whether it is worse on no history of fewer cycles."""
        return self.looked >= len(self.history) - 1


@dataclass(frozen=True, slots=True)
class Compared:
    """The second plan beside the first one in a service, and the first one beside the second one. `behind` says how far each of
    these can fall behind the other in so many `cycles`, of which none uses more than `most`, where that is known."""

    service: str
    second: Dominance
    first: Dominance
    cycles: int
    most: int
    second_behind: Worst | None
    first_behind: Worst | None


def compare(
    first: Side, second: Side, start: datetime, *, cycles: int = CYCLES, most: Mapping[str, int] | None = None
) -> list[Compared]:  # fmt: skip
    """Service by service, both ways. `most` is what a cycle uses at the most, of a service, where a gap is looked for."""
    pair = pair_of(first, second, start, cycles, {})
    found = []
    for service in services(first.plan, second.plan):
        bound = (most or {}).get(service) or usual_most(first.plan, second.plan, service)
        if isinstance(pair, str):
            unknown = Dominance(service, Verdict.UNKNOWN, why=pair)
            found.append(Compared(service, unknown, unknown, cycles, bound, None, None))
        else:
            ways = [_Way(way.about(service), bound) for way in (pair, pair.swapped)]
            there, back = (way.judged() for way in ways)
            behind = (way.behind(judged) for way, judged in zip(ways, (there, back), strict=True))
            found.append(Compared(service, there, back, cycles, bound, *behind))
    return found


def never_worse(
    first: Side, second: Side, start: datetime, assumed: Mapping[str, int] | None = None
) -> Iterator[Dominance]:  # fmt: skip
    """Whether the second plan is never worse than the first one, service by service, where no cycle uses more than is
    `assumed`."""
    pair = pair_of(first, second, start, CYCLES, assumed or {})
    for service in services(first.plan, second.plan):
        most = (assumed or {}).get(service) or usual_most(first.plan, second.plan, service)
        if isinstance(pair, str):
            yield Dominance(service, Verdict.UNKNOWN, why=pair)
        else:
            yield _Way(pair.about(service), most).judged()


def claimed(plan: Plan, claim: NeverWorse, start: datetime, others: Mapping[str, Plan]) -> Outcome:
    """What a plan claims of itself and another one, in any service, of lines that use no more than it assumes."""
    plans = {**others, plan.name: plan}
    missing = next((name for name in (claim.than, claim.plan) if name not in plans), None)
    if missing:
        return Outcome(claim, Verdict.UNKNOWN, why=phrase('there is no plan "{name}" beside it', name=missing))
    first, second = (Side(plans[name], tuple(plans.values())) for name in (claim.than, claim.plan))
    found = list(never_worse(first, second, start, {most.service: most.amount for most in plan.most_used}))
    open_ones = [one for one in found if one.verdict is not Verdict.PROVED]
    looked = min((one.looked for one in open_ones), default=0)
    if refuted := [one for one in found if one.verdict is Verdict.REFUTED]:
        shortest = min(refuted, key=lambda one: len(one.history))
        return Outcome(claim, Verdict.REFUTED, history=tuple(map(dict, shortest.history)), looked=looked)
    if open_ones:
        first_open = open_ones[0]
        why = phrase("{service}: {why}", service=units.called(first_open.service), why=first_open.why)
        return Outcome(claim, Verdict.UNKNOWN, why=why, looked=looked)
    return Outcome(claim, Verdict.PROVED, why=f"by {' and '.join(dict.fromkeys(str(one.how) for one in found))}")


def usual_most(first: Plan, second: Plan, service: str) -> int:
    """What they assume, or a few times the larger allowance."""
    assumed = [most.amount for plan in (first, second) for most in plan.most_used if most.service == service]
    return max(assumed, default=0) or TIMES * max(plan.allowance(service) for plan in (first, second))


# ---- one way


@dataclass(frozen=True)
class _Way:
    """One plan beside another one, of which it is asked whether it is worse; no cycle that is tried uses more than `most`."""

    pair: Pair
    most: int

    @cached_property
    def joint(self) -> Joint:
        """Any cycle, or any but the first, where these are alike."""
        return self.pair.within(read_any(self.pair.any_later, self.pair.asked))

    @cached_property
    def walked(self) -> Walk | None:
        return walk(self.pair.cycles, self.pair.asked, self.most) if self.most else None

    def behind(self, judged: Dominance) -> Worst | None:
        """How far it can fall behind, after that verdict; None where what counts of a use may be more than it, and where the
        engine, run on it, comes to another gap, which it never should."""
        pair = self.pair
        if judged.verdict is Verdict.PROVED:
            return NEVER_BEHIND
        if pair.is_open or counts_otherwise(pair.first.plan, pair.asked.service) or not self.walked:
            return None
        found = worst(pair.cycles, pair.asked, self.walked, self.most)
        gap, _ = played(pair.first, pair.second, pair.asked.service, pair.start, _history(pair, found.history))
        return found if gap == found.gap else None

    def judged(self) -> Dominance:
        try:
            return self._judged()
        except NotTracedError as error:
            return Dominance(self.pair.asked.service, Verdict.UNKNOWN, why=error.told)

    def _judged(self) -> Dominance:
        """What a history that is tried refutes in few cycles, or relations prove at once, or the solver refutes in few cycles;
        else what a longer history refutes, or relations prove with bounds on the lots of each plan, or a history on the lattice
        refutes; else what Spacer proves, or the solver refutes in a year. Where amounts are divided few relations hold, and a
        history is looked for first. A shorter history than a known one is always looked for."""
        pair = self.pair
        may_hold = pair.goes_on_alike and not pair.is_open
        if may_hold and pair.is_one:
            return self._proved(How.ONE)
        known = tried(pair, pair.first_cycles(FEW))
        if may_hold and not known and not pair.asked.divides and holds_at_once(pair, self.joint):
            return self._proved(How.RELATIONS)
        found, looked = searched_few(pair, len(known) - 1 if known else FEW)
        if found or known:
            return _refuted(pair, found or known, looked)
        if found := tried(pair, long(pair)):
            return self._by_the_shortest(found)
        if may_hold and pair.asked.divides and holds_at_once(pair, self.joint):
            return self._proved(How.RELATIONS)
        may_hold &= pair.alike
        if may_hold and holds_within_bounds(pair):
            return self._proved(How.RELATIONS)
        if found := self._of_the_year():
            return self._by_the_shortest(found)
        if may_hold and is_never_behind(self.joint):
            return self._proved(How.SPACER)
        found, looked = sooner.searched(pair, HORIZON)
        if found:
            return _refuted(pair, found, looked)
        why = pair.is_open or self._looked_at(looked)
        return Dominance(pair.asked.service, Verdict.UNKNOWN, why=why, looked=looked)

    def _proved(self, how: How) -> Dominance:
        return Dominance(self.pair.asked.service, Verdict.PROVED, how)

    def _by_the_shortest(self, known: History) -> Dominance:
        """A shorter one than this, if there is one."""
        found, looked = sooner.searched(self.pair, len(known) - 1)
        return _refuted(self.pair, found or known, looked)

    def _of_the_year(self) -> History:
        """The shortest on the lattice."""
        walked = self.walked
        worse = (number for number, _ in enumerate(self.pair.cycles, 1) if walked and walked.gap(number) > 0)
        first = next(worse, 0)
        return _history(self.pair, walked.history(first)) if walked and first else ()

    def _looked_at(self, looked: int) -> str:
        if not self.walked:
            return phrase("no history of {looked} cycles makes it worse; of others nothing is known", looked=looked)
        pair, walked = self.pair, self.walked
        step, top = (units.exact(pair.asked.service, amount, pair.first.plan.data_step) for amount in (walked.unit, self.most))
        return phrase(
            "no history of {looked} cycles makes it worse, nor one of {cycles} cycles that each use up to {most}, in steps of"
            " {step}; of others nothing is known",
            looked=looked, cycles=len(pair.cycles), most=top, step=step,
        )  # fmt: skip


def _history(pair: Pair, used: Iterable[int]) -> History:
    return tuple({pair.asked.service: amount} for amount in used)


def _refuted(pair: Pair, history: History, looked: int) -> Dominance:
    """Told only where the engine, run on it, sees the second plan worse."""
    history = least(pair, history)
    gap, found = played(pair.first, pair.second, pair.asked.service, pair.start, history)
    if gap > 0:
        return Dominance(pair.asked.service, Verdict.REFUTED, history=history, gap=gap, found=found, looked=looked)
    why = phrase("the solver found a history, and the engine does not leave more uncovered on it: please report this")
    return Dominance(pair.asked.service, Verdict.UNKNOWN, why=why)
