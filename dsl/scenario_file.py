"""Scenario files: a history in YAML with what is expected of it, read to the same `Scenario` as an example in a plan file.

    plan: Flex 20
    start: 2026-01-15
    opening: [carried 7 GB until 2026-03-01]
    cycles:
      - use: 6 GB
        expect: {left: 14 GB, carried: 10 GB because carry, converted: 120 minutes}
      - buy: Travel 7
        use: [25 GB, 30 minutes]
    records:
      - {at: 2026-04-20 18:30, use: 350 MB}
      - {at: 2026-04-21, top up: 2 GB for 30 days, expect: {left: 9 GB}}
      - {at: 2026-04-22, line: Kid, do: joins, expect: {left: 0 GB}}

Other lines of a cycle stand below `lines:`, as in `lines: {Kid: {use: 3 GB}}`.

Amounts, lives and figures are written as in the language and read by it; documents after `---` are further scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from dsl import because, document, examples, nodes
from dsl.amounts import Amounts
from dsl.check import Checked
from dsl.context import Names
from dsl.diagnostics import Diagnostic, Findings, suggestion
from dsl.parse import parse_line
from dsl.phrase import listed, phrase
from dsl.scenario import MAX_CYCLES, Act, CycleSteps, Dated, Expectation, Figure, Held, OtherSteps, Scenario
from dsl.source import Source, Span
from dsl.yaml_text import Items, Mapping, Text, Value, documents

MAX_RECORDS = 100_000
FIRST_YEAR, LAST_YEAR = 1970, 2200

KEYS = ("scenario", "plan", "start", "opening", "cycles", "records")
_ACT_KEYS = ("do", "buy", "top up", "use")
LINE_KEYS = ("use", "buy", "top up", "do", "expect")
CYCLE_KEYS = (*LINE_KEYS, "lines")
RECORD_KEYS = ("at", "line", *LINE_KEYS)


def read(source: Source, checked: Checked) -> tuple[tuple[Scenario, ...], tuple[Diagnostic, ...]]:
    """The scenarios of a file about plans of `checked`, and what is wrong with it. Never raises on any text."""
    findings = Findings()
    found = []
    values = documents(source, findings)
    for number, value in enumerate(values, 1):
        if isinstance(value, Text) and not value.text:
            continue
        scenario = Reader(checked, findings).scenario(value, f"scenario {number}" if len(values) > 1 else "")
        if scenario and because.names_places(scenario):
            rules = document.read(checked.source, Findings())
            scenario = because.placed(scenario, checked.source, rules, findings, in_plan=False)
        if scenario:
            found.append(scenario)
    if not found and not findings.sorted():
        findings.add(
            "S005",
            Span(1, 0, 0),
            problem=phrase("the file holds no scenario"),
            instead=phrase("start with `plan:` and `cycles:`"),
        )
    return tuple(found), findings.sorted()


class Reader:
    """Reads what a file says about plans of `checked`."""

    def __init__(self, checked: Checked, findings: Findings, *, expect: str = phrase("write `expect: {left: 14 GB}`")) -> None:
        """`expect` says what to do where an act says what is expected after it."""
        self.checked = checked
        self.findings = findings
        self.expect = expect
        self.amounts = Amounts(findings, checked.data_step, checked.declared)
        packs = tuple(dict.fromkeys(pack.name for plan in checked.plans for pack in plan.packs))
        self.names = Names(tuple(plan.name for plan in checked.plans), packs)

    # ---- a scenario

    def scenario(self, value: Value, default_name: str) -> Scenario | None:
        if not isinstance(value, Mapping):
            self._wrong(
                value, phrase("a scenario"), phrase("written as `key: value`"), phrase("start with `plan:` and `cycles:`")
            )
            return None
        self._known(value, KEYS, phrase("a scenario"))
        plan = self._plan(value)
        name = self._text(value, "scenario")
        start_text = self._text(value, "start")
        start = self.local_time(start_text) if start_text else None
        cycles = tuple(self._cycle(item) for item in self._items(value, "cycles"))
        opening = tuple(lot for text in self._texts(value, "opening") for lot in self._held(text))
        dated = tuple(act for item in self._items(value, "records") for act in self._record(item))
        if len(cycles) > MAX_CYCLES or len(dated) > MAX_RECORDS:
            what, limit = (phrase("cycles"), MAX_CYCLES) if len(cycles) > MAX_CYCLES else (phrase("records"), MAX_RECORDS)
            self.findings.add("S006", value.span, limit=limit, what=what)
            return None
        if not (cycles or dated or self.findings.sorted()):
            instead = phrase("write `cycles: [{use: 6 GB}]`, or `records:`")
            self.findings.add("S005", value.span, problem=phrase("nothing says what is used"), instead=instead)
            return None
        if plan is None:
            return None
        title = name.text if name and name.text else default_name
        when = start or examples.DEFAULT_START
        return Scenario(title, plan, when, cycles, dated, value.span, opening, start_is_assumed=start_text is None)

    def _plan(self, value: Mapping) -> str | None:
        names = [plan.name for plan in self.checked.plans]
        named = self._text(value, "plan")
        if named:
            if named.text not in names:
                help_ = suggestion(named.text, names, phrase("write the name of a plan of the file beside this one"))
                self.findings.add("R105", named.span, name=named.text, meant=help_)
                return None
            return named.text
        if "plan" in value.entries:
            return None
        if len(names) == 1:
            return names[0]
        if names:
            instead = phrase("write `plan: {plan}`", plan=names[0])
            self.findings.add("S005", value.span, problem=phrase("nothing says which plan this is about"), instead=instead)
        return None

    def _cycle(self, value: Value) -> CycleSteps:
        if not isinstance(value, Mapping):
            self._wrong(value, phrase("a cycle"), phrase("written as `key: value`"), phrase("write `- use: 6 GB`"))
            return CycleSteps((), ())
        self._known(value, CYCLE_KEYS, phrase("a cycle"))
        return CycleSteps(self._acts(value), tuple(self._expectations(value)), tuple(self._others(value)))

    def _acts(self, value: Mapping) -> tuple[Act, ...]:
        return tuple(act for key in _ACT_KEYS for text in self._texts(value, key) for act in self.acts(key, text))

    def _others(self, cycle: Mapping) -> Iterator[OtherSteps]:
        """What other lines do in a cycle: `lines: {Kid: {use: 3 GB}}`, or a list of such where a line's turn comes twice."""
        value = self._entry(cycle, "lines")
        for turn in value.items if isinstance(value, Items) else () if value is None else (value,):
            if isinstance(turn, Mapping):
                yield from self._turn_of_others(turn)
            else:
                self._wrong(turn, "`lines`", phrase("written as `name: ...`"), phrase("write `lines: {Kid: {use: 3 GB}}`"))

    def _turn_of_others(self, turn: Mapping) -> Iterator[OtherSteps]:
        for name, (span, steps) in turn.entries.items():
            if not isinstance(steps, Mapping):
                self._wrong(
                    steps, phrase("what a line does"), phrase("written as `key: value`"), phrase("write `Kid: {use: 3 GB}`")
                )
                continue
            self._known(steps, LINE_KEYS, phrase("what a line does"))
            yield OtherSteps(name, self._acts(steps), tuple(self._expectations(steps)), span)

    def _expectations(self, owner: Mapping, *, at_an_instant: bool = False) -> Iterator[Expectation]:
        value = self._entry(owner, "expect")
        if value is None:
            return
        if not isinstance(value, Mapping):
            self._wrong(value, "`expect`", "figures", phrase("write `expect: {left: 14 GB, carried: 10 GB}`"))
            return
        for name, (span, _) in value.entries.items():
            if name not in set(Figure):
                help_ = suggestion(name, Figure, phrase("figures are {names}", names=listed([*Figure])))
                self.findings.add("S003", span, key=name, what=phrase("a figure"), meant=help_)
                continue
            for text in self._texts(value, name):
                step, line = self._statement(f"use 0 B -> {name} ", text, starts_with_amount=name != Figure.ENDS)
                if isinstance(step, nodes.UseStep):
                    written = step.expectations
                    found = examples.expectations(self.amounts, line, written, at_an_instant=at_an_instant)
                    yield from (replace(expectation, span=text.span) for expectation in found)

    def _record(self, value: Value) -> Iterator[Dated]:
        if not isinstance(value, Mapping):
            self._wrong(
                value,
                phrase("a record"),
                phrase("written as `key: value`"),
                phrase("write `- {at: 2026-01-20 18:30, use: 350 MB}`"),
            )
            return
        self._known(value, RECORD_KEYS, phrase("a record"))
        if "at" not in value.entries:
            self._wrong(value, phrase("a record"), phrase("dated"), phrase("add `at: 2026-01-20 18:30`"))
            return
        at_text = self._text(value, "at")
        at = self.local_time(at_text) if at_text else None
        done: list[tuple[Span, Act | None]] = [
            (text.span, act) for key in _ACT_KEYS for text in self._texts(value, key) for act in self.acts(key, text)
        ]
        expected = tuple(self._expectations(value, at_an_instant=True))
        named = self._text(value, "line")
        line = named.text if named else ""
        if at and (done or expected or not set(_ACT_KEYS) & set(value.entries)):
            # An act each, of which the last has the expectations, as in an example.
            *first, (span, last) = done or [(value.span, None)]
            yield from (Dated(at, act, of, (), line) for of, act in first)
            yield Dated(at, last, span, expected, line)

    # ---- what is written in the language

    def acts(self, key: str, text: Text) -> list[Act]:
        """What `use`, `buy` or `top up` says."""
        match key:
            case "use":
                step, line = self._statement("use ", text)
            case "buy":
                return self._buy(text)
            case "do":
                starts = text.text.split(" ")[0].lower() in ("joins", "starts")
                step, line = self._statement('"" ' if starts else "", text, starts_with_amount=False)
                if starts and isinstance(step, nodes.LineStep) and isinstance(step.step, nodes.StartsStep):
                    return examples.acts(self.amounts, line, step.step, self.names)
            case _:
                step, line = self._statement("top up ", text)
        if not isinstance(step, nodes.UseStep | nodes.ActStep):
            return []
        if step.expectations:
            start, end = step.expectations[0].at[0], step.expectations[-1].at[1]
            problem = phrase("what is expected can't stand behind what is done")
            self.findings.add("S005", line.span((start, end)), problem=problem, instead=self.expect)
        return examples.acts(self.amounts, line, step, self.names)

    def _buy(self, text: Text) -> list[Act]:
        word = nodes.Word(text.text, (text.span.start, text.span.end))
        line = nodes.Line(text.span.line, nodes.BuyStep(word, (), word.at), True)
        return examples.acts(self.amounts, line, nodes.BuyStep(word, (), word.at), self.names)

    def _held(self, text: Text) -> Iterator[Held]:
        step, line = self._statement("start with ", text, starts_with_amount=False)
        if isinstance(step, nodes.StartStep):
            yield from (lot for written in step.opening if (lot := examples.held(self.amounts, line, written)))

    def _statement(
        self, prefix: str, text: Text, *, starts_with_amount: bool = True
    ) -> tuple[nodes.Statement | None, nodes.Line]:
        """`prefix` and a text, read as a line of the language; None and a line without meaning where it can't be."""
        nothing = nodes.Line(text.span.line, nodes.StartStep(None, (), (0, 0)), False)
        if starts_with_amount and not text.text[:1].isdigit():
            self._wrong(
                text,
                f"`{text.text}`" if text.text else phrase("this"),
                phrase("an amount"),
                phrase("write one such as 6 GB or 30 minutes"),
            )
            return None, nothing
        parsed = parse_line(prefix + text.text)
        shift = text.span.start - len(prefix)
        self.findings.extend(_within(finding.on_line(text.span.line, shift), text.span) for finding in parsed.findings)
        if parsed.statement is None:
            return None, nothing
        return parsed.statement, nodes.Line(text.span.line, parsed.statement, parsed.sound, shift)

    def local_time(self, text: Text) -> datetime | None:
        """A date, or a date and a time, of the plan's zone."""
        found = self.local_time_of(text.text)
        if found is None:
            instead = phrase("write 2026-01-31 or 2026-01-31 18:30; times are local times of the plan's zone")
            self.findings.add(
                "S004", text.span, what=f"`{text.text}`", wanted=phrase("a date, or a date and a time"), instead=instead
            )
        return found

    @staticmethod
    def local_time_of(text: str) -> datetime | None:
        """What a text says, by the second; None where it is no such time."""
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
        return found.replace(microsecond=0) if found.tzinfo is None and FIRST_YEAR <= found.year <= LAST_YEAR else None

    # ---- the shape of the file

    def _known(self, value: Mapping, keys: Sequence[str], what: str) -> None:
        for key, (span, _) in value.entries.items():
            if key not in keys:
                help_ = suggestion(key, keys, phrase("write {keys}", keys=listed([f"`{one}:`" for one in keys])))
                self.findings.add("S003", span, key=key, what=phrase("a key of {what}", what=what), meant=help_)

    @staticmethod
    def _entry(value: Mapping, key: str) -> Value | None:
        return value.entries[key][1] if key in value.entries else None

    def _text(self, value: Mapping, key: str) -> Text | None:
        """The text of a key; None where it has none, and reported where it has something else."""
        entry = self._entry(value, key)
        if entry is None or isinstance(entry, Text):
            return entry
        self._wrong(entry, f"`{key}`", phrase("text"), phrase("write `{key}: ...` on one line", key=key))
        return None

    def _items(self, value: Mapping, key: str) -> Sequence[Value]:
        entry = self._entry(value, key)
        if entry is None or (isinstance(entry, Text) and not entry.text):
            return ()
        if isinstance(entry, Items):
            return entry.items
        self._wrong(entry, f"`{key}`", phrase("a list"), phrase("start each entry with `- `"))
        return ()

    def _texts(self, value: Mapping, key: str) -> list[Text]:
        """The text of a key, or the texts where it is a list."""
        entry = self._entry(value, key)
        if entry is None:
            return []
        items = entry.items if isinstance(entry, Items) else (entry,)
        for item in items:
            if not isinstance(item, Text):
                self._wrong(
                    item, f"`{key}`", phrase("text, or a list of texts"), phrase("write `{key}: ...` on one line", key=key)
                )
        return [item for item in items if isinstance(item, Text)]

    def _wrong(self, value: Value, what: str, wanted: str, instead: str) -> None:
        self.findings.add("S004", value.span, what=what, wanted=wanted, instead=instead)


def _within(finding: Diagnostic, span: Span) -> Diagnostic:
    """A finding about the word put before a text is one about the text. Fixes are for plans: here words stand in YAML."""
    return replace(finding, span=finding.span if finding.span.start >= span.start else span, fix=None)
