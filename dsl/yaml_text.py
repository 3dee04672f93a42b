"""YAML as text: lists and mappings of strings, each with its place. Nothing is guessed: `no` and `2026-01-31` stay text.

Files are untrusted: depth, size and what aliases may repeat are bounded; a key that stands twice is a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from dsl.diagnostics import Findings
from dsl.phrase import Phrase, phrase
from dsl.source import Source, Span

MAX_DEPTH = 20
MAX_NODES = 1_000_000  # ten for each record that a scenario may hold
MAX_ALIASES = 100

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    span: Span
    size: int = 1


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Value, ...]
    span: Span
    size: int  # values in it, itself included; what aliases repeat counts each time


@dataclass(frozen=True, slots=True)
class Mapping:
    """`entries` in the order written; each key once."""

    entries: dict[str, tuple[Span, Value]]
    span: Span
    size: int


Value = Text | Items | Mapping


# What the parser says most often, so that it can be said in other languages, too.
_PROBLEMS = (
    phrase("could not find expected ':'"), phrase("did not find expected key"), phrase("did not find expected '-' indicator"),
    phrase("did not find expected ',' or '}'"), phrase("did not find expected ',' or ']'"),
    phrase("did not find expected node content"), phrase("did not find expected <document start>"),
    phrase("found unexpected end of stream"), phrase("found unexpected document indicator"),
    phrase("found character that cannot start any token"), phrase("found unknown escape character"),
    phrase("found undefined alias"), phrase("mapping values are not allowed in this context"),
    phrase("block sequence entries are not allowed in this context"),
)  # fmt: skip


class _StopError(Exception):
    def __init__(self, problem: str, span: Span, instead: str = phrase("write a smaller file")) -> None:
        super().__init__(problem)
        self.problem = problem
        self.span = span
        self.instead = instead


def documents(source: Source, findings: Findings) -> list[Value]:
    """The documents of a text, as far as it can be read; what is wrong is reported."""
    reader = _Reader(source, findings)
    try:
        for event in yaml.parse(source.text, Loader=_Loader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(mark.line + 1, mark.column, mark.column + 1) if mark else Span(1, 0, 1)
        problem, instead = (
            Phrase(error.problem) if error.problem else phrase("it can't be read"),
            phrase("check indentation, colons and quotes"),
        )
        if "\t" in source.lines[span.line - 1][: span.end + 1] if span.line <= len(source.lines) else False:
            problem, instead = phrase("a tab where it is indented"), phrase("indent with spaces")
        findings.add("S001", span, problem=problem, instead=instead)
    except yaml.reader.ReaderError as error:
        line = source.text.count("\n", 0, error.position) + 1
        findings.add(
            "S001", Span(line, 0, 1), problem=phrase("a character that YAML does not allow"), instead=phrase("take it out")
        )
    except _StopError as error:
        findings.add("S001", error.span, problem=error.problem, instead=error.instead)
    return reader.documents


class _Reader:
    """Builds values from events without recursion, so that depth is a number and not a crash."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self.lines = source.lines
        self.findings = findings
        self.documents: list[Value] = []
        self.anchors: dict[str, Value] = {}
        self.open: list[_Open] = []
        self.aliases = 0

    def take(self, event: yaml.Event) -> None:
        if getattr(event, "tag", None):
            self.findings.add(
                "S005", self._span(event), problem=phrase("tags are not read"), instead=phrase("take out what starts with `!`")
            )
        match event:
            case yaml.DocumentStartEvent():
                self.anchors = {}
            case yaml.ScalarEvent():
                self._add(Text(event.value, self._text_span(event)), event.anchor)
            case yaml.AliasEvent():
                self._add(self._meant(event), None)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                if len(self.open) >= MAX_DEPTH:
                    raise _StopError(phrase("nested more than {most} deep", most=MAX_DEPTH), self._span(event))
                self.open.append(_Open(isinstance(event, yaml.MappingStartEvent), self._span(event), event.anchor, []))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self.open.pop()
                size = 1 + sum(value.size for value in done.values)
                if size > MAX_NODES:
                    raise _StopError(phrase("more values than a scenario needs"), done.span)
                self._add(
                    self._mapping(done, size) if done.is_mapping else Items(tuple(done.values), done.span, size), done.anchor
                )

    def _meant(self, alias: yaml.AliasEvent) -> Value:
        """What an alias stands for."""
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise _StopError(phrase("more than {most} aliases", most=MAX_ALIASES), self._span(alias))
        if any(one.anchor == alias.anchor for one in self.open):
            problem = phrase("`*{anchor}` stands inside `&{anchor}`, which it repeats", anchor=str(alias.anchor))
            raise _StopError(problem, self._span(alias), phrase("write out what it should say"))
        if alias.anchor not in self.anchors:
            problem, instead = (
                phrase("`*{anchor}` repeats nothing", anchor=str(alias.anchor)),
                phrase("put `&{anchor}` before what it should repeat", anchor=str(alias.anchor)),
            )
            raise _StopError(problem, self._span(alias), instead)
        return self.anchors[alias.anchor]

    def _add(self, value: Value, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = value
        if self.open:
            self.open[-1].values.append(value)
        else:
            self.documents.append(value)

    def _mapping(self, done: _Open, size: int) -> Mapping:
        entries: dict[str, tuple[Span, Value]] = {}
        for key, value in zip(done.values[::2], done.values[1::2], strict=True):
            if not isinstance(key, Text):
                self.findings.add(
                    "S004", key.span, what=phrase("a key"), wanted=phrase("plain text"), instead=phrase("write `key: value`")
                )
            elif key.text in entries:
                also = ((entries[key.text][0], phrase("the first stands here")),)
                self.findings.add("S002", key.span, also=also, key=key.text)
            else:
                entries[key.text] = (key.span, value)
        return Mapping(entries, done.span, size)

    def _text_span(self, event: yaml.ScalarEvent) -> Span:
        span = self._span(event)
        quoted = event.style in ("'", '"') and span.end - span.start >= 2
        return Span(span.line, span.start + 1, span.end - 1) if quoted else span

    def _span(self, event: yaml.Event) -> Span:
        """Where an event stands; one that goes on over several lines is marked to the end of its first."""
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        same_line = end.line == start.line and end.column > start.column
        line_length = len(self.lines[start.line]) if start.line < len(self.lines) else start.column
        return Span(start.line + 1, start.column, end.column if same_line else max(line_length, start.column + 1))


@dataclass(slots=True)
class _Open:
    is_mapping: bool
    span: Span
    anchor: str | None
    values: list[Value]
