"""`rollover advise`: files of plans and of records to a ranking, and advice about the plan somebody has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path

from dsl.check import Checked
from dsl.plan import Plan
from dsl.scenario import Dated, Scenario
from dsl.source import NOWHERE
from engine.advice import Advice, Offer, Ranking, advice, rankings
from engine.history import HistoryError
from engine.outlook import Case
from engine.run import run
from tui import files, folders
from tui.asking import records_of
from tui.records import Records
from tui.running import UnusableError, checked_plans, refuse_year

_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A file, or a plan of it, that is in no ranking, and why."""

    file: str
    plan: str
    why: str

    @property
    def told(self) -> str:
        """In a sentence; a finding begins with its file."""
        plan = f'"{self.plan}" of ' if self.plan else ""
        return self.why if self.why.startswith(self.file) else f"{plan}{self.file}: {self.why}"


@dataclass(frozen=True, slots=True)
class Usage:
    """The records that were compared on: of which file, how many, from when to when, and up to when the histories go."""

    file: str
    line: str
    records: int
    later: int  # records after `at`, which are not known yet
    first: datetime
    last: datetime
    start: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Advised:
    """`texts` are the plans' files as read, by name; `advice` is None where nobody said which plan one has."""

    usage: Usage
    rankings: tuple[Ranking, ...]
    not_compared: tuple[NotCompared, ...]
    advice: Advice | None
    texts: dict[str, Checked]
    own_file: str = ""


def advised(paths: Sequence[Path], records: Path, line: str, start: datetime | None, at: datetime | None, plan: str) -> Advised:
    """Every plan of the paths on the records, and advice about `plan`, "" for none. Raises files.FileError and
    UnusableError."""
    refuse_year("--start", start)
    refuse_year("--at", at)
    found = _Comparison(Records(records), line, start, at)
    plans = folders.found(paths, folders.PLAN)
    if not plans:
        raise UnusableError("no plan files there; plan files end in .plan", misuse=True)
    for path in plans:
        found.add(path)
    return found.advised(plan)


class _Comparison:
    """Plans on one file of records, which is read with the units and packs of each file of plans."""

    def __init__(self, records: Records, line: str, start: datetime | None, at: datetime | None) -> None:
        self.records = records
        self.line = line
        self.start = start
        self.at = at
        self.usage: Usage | None = None
        self.texts: dict[str, Checked] = {}
        self.offers: list[Offer] = []
        self.not_compared: list[NotCompared] = []
        self.unread: UnusableError | None = None  # what is wrong with the records, whatever plans they are read with

    def add(self, path: Path) -> None:
        try:
            checked = checked_plans(path)
        except (files.FileError, UnusableError) as error:
            self._leave_out(path, error)
            return
        try:
            dated = records_of(checked, self.records, self.line)
        except UnusableError as error:
            self.unread = error
            self._leave_out(path, error)
            return
        if not checked.plans:
            self.not_compared.append(NotCompared(str(path), "", "it has no plan"))
        self.texts[str(path)] = checked
        self._know(dated)
        for plan in checked.plans:
            self._offer(str(path), checked, plan, dated)

    def _leave_out(self, path: Path, why: Exception) -> None:
        self.not_compared.append(NotCompared(str(path), "", str(why).partition("\n")[0]))

    def _know(self, dated: Sequence[Dated]) -> None:
        """When the records begin and end, which is the same whatever plans they are read with."""
        times = [record.at for record in dated]
        first, last = min(times), max(times)
        start = self.start or datetime.combine(first.date(), time())
        at = self.at or max(last, datetime.combine(last.date(), _LAST_MINUTE))
        later = sum(one > at for one in times)
        self.usage = Usage(str(self.records.path), self.line, len(dated), later, first, last, start, at)

    def _offer(self, file: str, checked: Checked, plan: Plan, dated: Sequence[Dated]) -> None:
        assert self.usage is not None
        known = tuple(record for record in dated if record.at <= self.usage.at)
        # A look at the end, so that every plan is charged for the same time.
        history = (*known, Dated(self.usage.at, None, NOWHERE))
        scenario = Scenario("", plan.name, self.usage.start, (), history, NOWHERE)
        try:
            self.offers.append(Offer(file, run(plan, scenario, checked.plans)))
        except HistoryError as error:
            self.not_compared.append(NotCompared(file, plan.name, f"{error.problem}; {error.instead}"))

    def advised(self, plan: str) -> Advised:
        if not self.offers or self.usage is None:
            if self.unread:
                raise self.unread
            *_, last = self.not_compared
            raise UnusableError(f"none of these plans can be compared; {last.told}")
        found, several = rankings(self.offers)
        for offer, currencies in several:
            why = f"it charges in {' and '.join(currencies)}, and money is never converted"
            self.not_compared.append(NotCompared(offer.file, offer.plan.name, why))
        own = self._own(plan) if plan else None
        about = self._advice(own) if own else None
        return Advised(self.usage, found, tuple(self.not_compared), about, self.texts, own.file if own else "")

    def _own(self, name: str) -> Offer:
        """The offer somebody has."""
        named = [offer for offer in self.offers if offer.plan.name == name]
        if len(named) == 1:
            return named[0]
        if named:
            told = ", ".join(offer.file for offer in named)
            raise UnusableError(f'there is a plan "{name}" in several files: {told}; name only one of them', misuse=True)
        why = next((f"; {one.told}" for one in self.not_compared if one.plan in (name, "")), "")
        names = ", ".join(f'"{offer.plan.name}"' for offer in self.offers[:8])
        raise UnusableError(f'no plan "{name}" could be compared{why or f"; there are {names}"}', misuse=True)

    def _advice(self, own: Offer) -> Advice:
        assert self.usage is not None
        scenario = replace(own.run.scenario, dated=own.run.scenario.dated[:-1])  # but the look at the end
        try:
            return advice(Case(own.plan, scenario, self.texts[own.file].plans, self.usage.at))
        except HistoryError as error:
            raise UnusableError(f"{error.problem}; {error.instead}", misuse=True) from None
