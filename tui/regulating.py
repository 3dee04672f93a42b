"""`rollover check --against R.plan`: what plans make of regulations, as text, as data, and as findings for build servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic, Paint, finding
from dsl.examples import DEFAULT_START
from dsl.plan import Asks, NotSaid, Occasion, Plan, Regulation, State
from dsl.scenario import Act, Buy, CycleSteps, DoNotRenew, Renew, SetState, Use
from dsl.scenario_text import as_yaml
from dsl.source import Source, Span, printable
from dsl.units import DEFAULT_DATA_STEP
from engine.regulate.judging import judge
from engine.regulate.verdict import Fault, Outcome, Verdict
from tui import checking
from tui.language import message
from tui.reports import Found
from tui.saying import amount_text, say, say_many

_WORDS = {
    Verdict.KEPT: message("KEPT"), Verdict.BROKEN: message("BROKEN"), Verdict.UNKNOWN: message("UNKNOWN"),
    Verdict.NOT_CHECKED: message("NOT CHECKED"), Verdict.DOES_NOT_APPLY: message("DOES NOT APPLY"),
}  # fmt: skip
_OF_ANOTHER = (Asks.AS_LONG, Asks.BY_ITSELF, Asks.FREE, Asks.NEW_END)  # behind what they are asked of
_ROLES = {Verdict.KEPT: "ok", Verdict.BROKEN: "error", Verdict.UNKNOWN: "warning"}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A regulation and the file it stands in."""

    source: Source
    regulation: Regulation

    def written(self, outcome: Outcome) -> str:
        """What is asked, as it was written, safe to show."""
        span = outcome.demand.span
        return printable(self.source.lines[span.line - 1][span.start : span.end])

    def words(self, outcome: Outcome) -> str:
        """The same as a sentence of its own."""
        if outcome.demand.asked not in _OF_ANOTHER:
            return f"must {self.written(outcome)}"
        before = "give" if outcome.demand.occasion is Occasion.ASKED else "carry"
        return f"must {before}, {self.written(outcome)}"

    def place(self, outcome: Outcome) -> str:
        return f"{printable(self.source.name)}:{outcome.demand.span.line}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What one plan of a file makes of one regulation."""

    source: Source
    plan: Plan
    rulebook: Rulebook
    outcomes: tuple[Outcome, ...]

    @property
    def is_broken(self) -> bool:
        return any(one.verdict is Verdict.BROKEN for one in self.outcomes)


def rulebooks(found: Checked) -> tuple[Rulebook, ...]:
    return tuple(Rulebook(found.source, one) for one in found.regulations)


def checked(path: Path) -> Checked:
    """A file as it is read. Raises files.FileError."""
    checking.use_grammar_cache()
    return check(checking.read_plan(path))


def judged(found: Checked, books: Sequence[Rulebook]) -> Iterator[Judged]:
    """Each plan of a file before each regulation; one that has mistakes before none."""
    for plan in found.plans if not found.has_errors else ():
        yield from (Judged(found.source, plan, book, judge(book.regulation, plan, DEFAULT_START.date())) for book in books)


# ---- as text ---------------------------------------------------------------------------------------------------------


def as_text(one: Judged, paint: Paint) -> Iterator[str]:
    """A line about the plan, and one about each thing that is asked, with the place of the plan that decides it; of what it
    breaks or leaves open also why, and a history."""
    yield say(
        "{plan} and {regulation}: {verdicts}", plan=f'"{printable(one.plan.name)}"', verdicts=_counted(one.outcomes),
        regulation=f'"{printable(one.rulebook.regulation.name)}"',
    )  # fmt: skip
    for outcome in one.outcomes:
        if outcome.verdict is not Verdict.NOT_CHECKED:  # which is told once, of all plans
            yield from _told(one, outcome, paint)


def _told(one: Judged, outcome: Outcome, paint: Paint) -> Iterator[str]:
    verdict = paint(_ROLES.get(outcome.verdict, "quiet"), say(_WORDS[outcome.verdict]))
    asked = f"  {paint('place', one.rulebook.place(outcome))}: {verdict}  {one.rulebook.words(outcome)}"
    at = paint("place", _at(one.source, outcome.span)) if outcome.span else ""
    match outcome.verdict:
        case Verdict.KEPT:
            yield f"{asked}  {at}"
        case Verdict.DOES_NOT_APPLY:
            yield f"{asked}{say(': ')}{say(outcome.why)}"
        case _:
            yield asked
    if outcome.verdict is Verdict.UNKNOWN:
        yield f"    {at}: {say(outcome.why)}"
    for fault in outcome.faults:
        yield f"    {paint('place', _at(one.source, fault.span))}: {say(fault.why)}"
        yield from (f"      {line}" for line in _history(fault))


def _at(source: Source, span: Span) -> str:
    return f"{printable(source.name)}:{span.line}:{span.start + 1}"


def _counted(outcomes: Iterable[Outcome]) -> str:
    """`4 KEPT, 3 BROKEN`, in the order of the verdicts."""
    count = Counter(one.verdict for one in outcomes)
    return say(", ").join(f"{count[verdict]} {say(words)}" for verdict, words in _WORDS.items() if count[verdict])


def never_checked(books: Sequence[Rulebook]) -> Iterator[str]:
    """Lines about what is asked and nothing that a plan says can show."""
    for book in books:
        for demand in book.regulation.demands:
            if isinstance(demand.asked, NotSaid):
                yield say(
                    "{place}: NOT CHECKED of any plan: {words}", place=f"{printable(book.source.name)}:{demand.span.line}",
                    words=f'must "{printable(demand.asked.text)}"',
                )  # fmt: skip


# ---- what is done in a history ---------------------------------------------------------------------------------------


def _history(fault: Fault) -> Iterator[str]:
    if fault.run is None:
        return
    scenario, step = fault.run.scenario, fault.run.plan.data_step
    yield say("from {day}:", day=f"{scenario.start:%Y-%m-%d}")
    number = 1
    for words, cycles in groupby(_cycle(steps, step) for steps in scenario.cycles):
        last = number + len(list(cycles)) - 1
        numbers = say("cycle {number}", number=str(number)) if last == number else _several(number, last)
        yield f"  {numbers}{say(': ')}{words}"
        number = last + 1
    yield from (f"  {dated.at:%Y-%m-%d}{say(': ')}{_act(dated.act, step)}" for dated in scenario.dated if dated.act)


def _several(first: int, last: int) -> str:
    return say("cycles {first} to {last}", first=str(first), last=str(last))


def _cycle(steps: CycleSteps, data_step: int) -> str:
    told = [_act(act, data_step) for act in steps.acts]
    if not any(isinstance(act, Use) for act in steps.acts):
        told.append(say("nothing is used"))
    return say(", ").join(told)


def _act(act: Act, data_step: int = DEFAULT_DATA_STEP) -> str:
    """What is done, of the acts that histories of `engine/regulate/histories.py` have."""
    match act:
        case Use():
            return say("{amount} are used", amount=amount_text(act.service, act.amount, data_step))
        case Buy():
            return say('"{pack}" is bought', pack=printable(act.pack))
        case SetState(state=State.OPTED_IN, on=True):
            return say("the subscriber opts in")
        case SetState(state=State.ACTIVE, on=False):
            return say("the line is suspended")
        case SetState(state=State.PAID, on=False):
            return say("the payment fails")
        case Renew():
            return say("the plan is renewed")
        case DoNotRenew():
            return say("it is not renewed")
        case _:
            return type(act).__name__


# ---- as data, and as findings ----------------------------------------------------------------------------------------


def as_data(found: Sequence[Judged]) -> list[dict[str, object]]:
    """Each regulation of each plan; lines and columns count from 1, and an end is behind the last column."""
    return [
        {
            "file": one.source.name,
            "plan": one.plan.name,
            "regulation": one.rulebook.regulation.name,
            "regulation_file": one.rulebook.source.name,
            "clauses": [_clause(one, outcome) for outcome in one.outcomes],
        }
        for one in found
    ]


def _clause(one: Judged, outcome: Outcome) -> dict[str, object]:
    demand = outcome.demand
    return {
        "line": demand.span.line,
        "asks": one.rulebook.words(outcome),
        "from": None if demand.start.year == 1 else demand.start.isoformat(),
        "until": None if demand.end.year == 9999 else demand.end.isoformat(),
        "verdict": str(outcome.verdict),
        "why": str(outcome.why),
        "at": _place(outcome.span) if outcome.span else None,
        "faults": [{**_place(fault.span), "why": str(fault.why), "history": _written(fault)} for fault in outcome.faults],
    }


def _place(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.start + 1, "end_column": span.end + 1}


def _written(fault: Fault) -> str | None:
    """A history as the text of a scenario file."""
    return as_yaml(fault.run.scenario, fault.run.plan.data_step) if fault.run else None


def as_findings(found: Sequence[Judged]) -> Iterator[tuple[str, Diagnostic]]:
    """What is broken, with the name of the file in which it is, for forms that know findings only."""
    for one in found:
        for outcome in one.outcomes:
            for fault in outcome.faults:
                yield one.source.name, finding(
                    "G001", fault.span, plan=one.plan.name, regulation=one.rulebook.regulation.name,
                    asked=one.rulebook.words(outcome), why=fault.why, place=one.rulebook.place(outcome),
                )  # fmt: skip


def with_findings(found: Sequence[Found], judged: Sequence[Judged]) -> list[Found]:
    """The findings of files, and beside them what their plans break."""
    more: dict[str, list[Diagnostic]] = {}
    for name, diagnostic in as_findings(judged):
        more.setdefault(name, []).append(diagnostic)
    return [Found(one.source, (*one.diagnostics, *more.get(one.source.name, ()))) for one in found]


def ending(found: Sequence[Judged], left_out: int) -> Iterator[str]:
    """Lines that count the plans, and the files that were left out because of their mistakes."""
    if found:
        yield _broken(found)
    elif not left_out:
        yield say("no plan was looked at: there is none")
    if left_out:
        yield say_many(
            "{number} file was left out: mend its mistakes", "{number} files were left out: mend their mistakes", left_out
        )  # fmt: skip


def _broken(found: Sequence[Judged]) -> str:
    plans = {(one.source.name, one.plan.name): False for one in found}
    for one in found:
        plans[one.source.name, one.plan.name] |= one.is_broken
    broken = sum(plans.values())
    return say_many(
        "{number} plan, {broken} of them with something broken", "{number} plans, {broken} of them with something broken",
        len(plans), broken=str(broken),
    )  # fmt: skip
