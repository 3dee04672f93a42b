"""The names of plans, packs and uses that a scenario file speaks of, so that a rename reaches the file beside a plan, too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from dsl.assist.names import NameKind, Occurrence, of_line
from dsl.diagnostics import Findings, Fix
from dsl.source import Source, Span
from dsl.yaml_text import Items, Mapping, Text, Value, documents

_SAID = {"plan": NameKind.PLAN, "buy": NameKind.PACK}
_READ = {"do": "", "use": "use "}  # what stands before it where it is read as a line of an example


def occurrences(source: Source) -> tuple[Occurrence, ...]:
    """Every name of a plan, pack or kind of use in a scenario file, in the order of the text."""
    found = [one for value in documents(source, Findings()) for one in _of(value)]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.span))


def _of(value: Value) -> Iterator[Occurrence]:
    match value:
        case Items(items=items):
            for item in items:
                yield from _of(item)
        case Mapping(entries=entries):
            for key, (_, entry) in entries.items():
                for one in entry.items if isinstance(entry, Items) else (entry,):
                    if isinstance(one, Text) and key in _SAID:
                        yield Occurrence(_SAID[key], one.text, one.span, False)
                    elif isinstance(one, Text) and key in _READ:
                        yield from _in_step(_READ[key], one)
                    else:
                        yield from _of(one)
        case Text():
            pass


def _in_step(before: str, text: Text) -> Iterator[Occurrence]:
    shift = text.span.start - len(before)
    for one in of_line(text.span.line, before + text.text):
        span = Span(one.span.line, one.span.start + shift, one.span.end + shift)
        if one.kind is not NameKind.LINE and span.end <= text.span.end:
            yield replace(one, span=span)


def renaming(source: Source, named: Occurrence, new: str) -> Fix:
    """The edits that write a new name there. A text without quotes gets them: what a name holds may mean something in YAML."""
    lines = source.lines
    edits = []
    for one in occurrences(source):
        line = lines[one.span.line - 1]
        as_written = line[one.span.start : one.span.end] == one.name  # else it stands there with escapes, or over two lines
        if (one.kind, one.name) == (named.kind, named.name) and as_written:
            edits.append((one.span, _quoted(new, line[: one.span.start][-1:])))
    return Fix(tuple(edits))


def _quoted(name: str, before: str) -> str:
    match before:
        case "'":
            return name.replace("'", "''")
        case '"':
            return json.dumps(name, ensure_ascii=False)[1:-1]
        case _:
            return json.dumps(name, ensure_ascii=False)
