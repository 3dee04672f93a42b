"""Many usage records, added up as they are read: millions of uses become as many as can be looked at, one a minute or more.

Only uses that add up are: where each record counts in steps of its own, or more than it is, all records stay as they are. What
cycles and their ends come to is the same, since those begin at whole minutes, and, where that is not enough and hours or days
are added up, at the hours and days of the plan.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from dsl import units
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, Findings
from dsl.phrase import phrase
from dsl.plan import Plan
from dsl.record_file import EXPECT, header_of, record, service_named
from dsl.scenario import Dated, Use
from dsl.scenario_file import MAX_RECORDS, Reader
from dsl.source import NOWHERE, Span
from dsl.yaml_text import Text

ROWS_AT_ONCE = 1_000  # more of them would keep the collector of garbage busy
REPORTED_ROWS = 20_000
MOST_KEPT = 100_000  # amounts, as they are written
MOST_MISTAKES = 50  # more of them say nothing new, and the file is refused anyway

_AMOUNT = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?) ?([A-Za-z]{1,12})\s*")
_SAFE_DIGITS = 15  # so many are below the largest amount
_SECONDS = frozenset(["", *(f":{second:02}" for second in range(60))])
_PARTS = {"minute": 16, "hour": 13, "day": 10}  # of a time as it is written, by how much of it is looked at

ALIKE = [{"at", "use"}, {"at", "use", "line"}, {"at", "service", "amount"}, {"at", "service", "amount", "line"}]

_Bucket = dict[str, int]  # amounts, in base units, by the minute, as it is written


@dataclass(frozen=True, slots=True)
class Summed:
    """The records of a line, their uses added up `per` "minute", "hour" or "day"; "" where none is."""

    dated: tuple[Dated, ...]
    per: str


class RecordSums:
    """Reads rows of records and adds up the uses among them for a plan. What is wrong with them is in `diagnostics`."""

    def __init__(self, checked: Checked, plan: Plan) -> None:
        self.findings = Findings()
        self.records = 0
        self._plan = plan
        self._reader = Reader(checked, self.findings, expect=EXPECT)
        self._header: list[Text] = []
        self._sums: dict[tuple[str, str], _Bucket] = defaultdict(dict)  # by line and service
        self._whole: list[Dated] = []  # those that are not added up
        self._minutes: set[str] = set()  # that are times
        self._amounts: dict[str, tuple[str, int] | None] = {}  # what uses say, by how they are written
        self._known_to_add_up: dict[str, bool] = {}  # by service

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.findings.sorted()

    def lines(self) -> list[str]:
        """Whose records there are, those with records of the most minutes first."""
        whose: dict[str, int] = defaultdict(int)
        for (line, _), bucket in self._sums.items():
            whose[line] += len(bucket)
        for dated in self._whole:
            whose[dated.line] += 1
        return sorted(whose, key=lambda line: -whose[line])

    # ---- read

    def read(self, rows: Iterator[list[str]], at_line: Callable[[], int], report: Callable[[int], None]) -> None:
        """`at_line` tells the line of the row that was read last; `report` is called now and then with how many there were,
        and may raise to end the reading."""
        try:
            names = next(rows, [])
            header = header_of([Text(name.strip(), Span(1, 0, 1)) for name in names], self.findings)
            while header and not self._is_hopeless(at_line()) and (batch := list(islice(rows, ROWS_AT_ONCE))):
                self._add(header, batch, at_line() - len(batch))
                self.records += len(batch)
                if self.records % REPORTED_ROWS == 0:
                    report(self.records)
        except csv.Error as error:
            problem = phrase("this line is not CSV: {error}", error=str(error))
            self.findings.add("S005", Span(at_line(), 0, 1), problem=problem, instead=phrase("check its quotes"))

    def add(self, sums: Iterable[tuple[str, str, str, int]]) -> None:
        """Puts sums to the others: of uses that add up, by line, service and minute as it is written."""
        for line, service, minute, amount in sums:
            bucket = self._sums[line.strip(), service]
            bucket[minute] = bucket.get(minute, 0) + amount

    def _is_hopeless(self, line: int) -> bool:
        if len(self._whole) > MAX_RECORDS:
            self.findings.add("S006", Span(line, 0, 1), limit=MAX_RECORDS, what=phrase("records that are counted one by one"))
        return len(self.findings.sorted()) > MOST_MISTAKES

    def _add(self, header: list[Text], rows: list[list[str]], line: int) -> None:
        """Rows that follow a line. All at once where they are alike, which they nearly always are: a column is read a hundred
        times faster than as many fields. Else one by one, so that what is wrong is told where it stands."""
        names = [name.text for name in header]
        if self._add_alike(names, rows):
            return
        for number, row in enumerate(rows, line + 1):
            if row and not (len(names) == len(row) and self._add_alike(names, [row])):
                self._whole += record(self._reader, header, [Text(field.strip(), Span(number, 0, 1)) for field in row])
            if len(self.findings.sorted()) > MOST_MISTAKES:
                return

    def _add_alike(self, names: list[str], rows: list[list[str]]) -> bool:
        """Adds rows up, all of them or, where one is not a use at a time, none."""
        if set(map(len, rows)) != {len(names)}:
            return False
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        if set(names) not in ALIKE:
            return False
        times = columns["at"]
        if not self.are_times({at[:16] for at in times}, {at[16:] for at in times}):
            return False
        lines = columns.get("line", ("",) * len(rows))
        if "use" in columns:
            return self._add_uses(times, columns["use"], lines)
        return self._add_base_units(times, columns["service"], columns["amount"], lines)

    def are_times(self, minutes: set[str], seconds: set[str]) -> bool:
        """Whether all these are times: their first 16 characters, and what follows them."""
        new = minutes - self._minutes
        if seconds <= _SECONDS and all(map(self._is_minute, new)):
            self._minutes |= new
            return True
        return False

    def _is_minute(self, text: str) -> bool:
        """Whether this is a day, or a minute, as a record may say it."""
        return len(text) in (10, 16) and self._reader.local_time_of(text) is not None

    # ---- uses as the language writes them

    def _add_uses(self, times: Sequence[str], uses: Sequence[str], lines: Sequence[str]) -> bool:
        known = self.amounts(set(uses))
        if None in known.values():
            return False
        buckets = {(line, service): self._sums[line.strip(), service]
                   for line in set(lines) for service in {found[0] for found in known.values() if found}}  # fmt: skip
        for at, use, line in zip(times, uses, lines, strict=True):
            service, amount = known[use]  # type: ignore[misc]  # none of them is None
            bucket = buckets[line, service]
            minute = at[:16]
            bucket[minute] = bucket.get(minute, 0) + amount
        return True

    def amounts(self, uses: set[str]) -> dict[str, tuple[str, int] | None]:
        """What each of these says, as `amount`. Records say the same again and again: what was read is kept."""
        new = uses - self._amounts.keys()
        if len(self._amounts) > MOST_KEPT:
            self._amounts.clear()
            new = uses
        self._amounts.update((use, self.amount(use)) for use in new)
        return {use: self._amounts[use] for use in uses}

    def amount(self, text: str) -> tuple[str, int] | None:
        """`350 MB`, which is read here, since there are so many; all else the language reads."""
        found = _AMOUNT.fullmatch(text)
        unit = self._reader.amounts.unit(found[2]) if found else None
        amount = units.whole(found[1], unit.size) if found and unit else None
        if unit is None or amount is None or amount > units.MAX_AMOUNT or not self.adds_up(unit.service):
            return None
        return unit.service, amount

    # ---- uses in base units

    def _add_base_units(
        self, times: Sequence[str], services: Sequence[str], amounts: Sequence[str], lines: Sequence[str]
    ) -> bool:
        digits = "".join(amounts)
        if not (digits.isascii() and digits.isdigit() and all(amounts) and max(map(len, amounts)) <= _SAFE_DIGITS):
            return False
        named = {word: service_named(self._reader, word.strip()) for word in set(services)}
        if not all(service and self.adds_up(service) for service in named.values()):
            return False
        buckets = {
            (line, word): self._sums[line.strip(), service or ""] for line in set(lines) for word, service in named.items()
        }
        for at, word, amount, line in zip(times, services, amounts, lines, strict=True):
            bucket = buckets[line, word]
            minute = at[:16]
            bucket[minute] = bucket.get(minute, 0) + int(amount)
        return True

    def service(self, word: str) -> str:
        """The service of uses that add up which a word names, or "" where it names none."""
        found = service_named(self._reader, word.strip())
        return found if found and self.adds_up(found) else ""

    def adds_up(self, service: str) -> bool:
        """Whether several uses of which nothing more is said count as much as one of their sum, at any time."""
        if service not in self._known_to_add_up:
            countings = [self._plan.counting, *(later.plan.counting for later in self._plan.later)]
            self._known_to_add_up[service] = all(one.of_each(service) is None for one in countings)
        return self._known_to_add_up[service]

    # ---- told

    def of_line(self, line: str, most: int) -> Summed:
        """The records of a line, as those of the line a history is about, its uses added up so that there are no more than
        `most`, or one a day. `per` is "" where no two of them are."""
        buckets = {service: bucket for (whose, service), bucket in self._sums.items() if whose == line}
        whole = [replace(one, line="") for one in self._whole if one.line == line]
        per, sums = next(found for found in _parts(buckets) if sum(map(len, found[1].values())) <= most or found[0] == "day")
        uses = [
            Dated(at, Use(service, amount), NOWHERE)
            for service, found in sorted(sums.items())
            for at, amount in _timed(found).items()
            if amount
        ]
        return Summed(tuple(sorted([*uses, *whole], key=lambda one: one.at)), per if uses else "")


def _parts(buckets: Mapping[str, _Bucket]) -> Iterator[tuple[str, dict[str, _Bucket]]]:
    """The sums a minute, an hour and a day, each by the time as it is written."""
    for per, columns in _PARTS.items():
        yield per, {service: _shortened(bucket, columns) for service, bucket in buckets.items()}


def _shortened(bucket: _Bucket, columns: int) -> _Bucket:
    if columns == _PARTS["minute"]:
        return bucket
    found: _Bucket = defaultdict(int)
    for minute, amount in bucket.items():
        found[minute[:columns]] += amount
    return found


def _timed(bucket: _Bucket) -> dict[datetime, int]:
    """By what the texts say, which may write one time in two ways."""
    found: dict[datetime, int] = defaultdict(int)
    for written, amount in bucket.items():
        found[datetime.fromisoformat(written)] += amount
    return found
