"""What could be written at a place of a scenario file: keys, the names of plans and packs, and what the language takes there.

A value is completed as the line of an example that it is read as, below the plan that the scenario is about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dsl import nodes
from dsl.assist import scenario_place
from dsl.assist.completion import COMES_TO, HEADERS, Candidate, CandidateKind, complete
from dsl.assist.names import NameKind
from dsl.assist.nouns import A_NAME
from dsl.assist.outline import outline
from dsl.assist.position import Position
from dsl.assist.scenario_place import Place, key_of
from dsl.assist.scenario_words import MEANINGS, keys_in, read_behind
from dsl.check import Checked
from dsl.diagnostics import Findings
from dsl.lexemes import lex
from dsl.parse import parse_line
from dsl.scenario import Figure
from dsl.source import Source, Span
from dsl.yaml_text import Text, documents

_INDENT = "    "
_OPEN = {"expect": "{}", "lines": "{}", "cycles": "", "records": "", "opening": "[]"}  # what stands behind a key
_NO_STEPS = (*HEADERS, "EXAMPLE", "START")  # what else a line may begin with
_PLAIN = re.compile(r"[\w(][\w .()+/-]*[\w)+]|\w")
_MEANING_ELSEWHERE = ("true", "false", "yes", "no", "on", "off", "null", "~")


def complete_scenario(source: Source, position: Position, beside: Checked) -> tuple[Candidate, ...]:
    """What could be written at a position, the likeliest first; `beside` are the plans that the file may be about. Never
    raises."""
    here = scenario_place.place(source.lines, position)
    if here is None:
        return ()
    span = Span(position.line, here.start, position.column)
    if not here.key:
        return tuple(_keys(here, span))
    if here.key in ("plan", "buy", "line"):
        return tuple(_names(source, here, span, beside))
    before = read_behind(here.key)
    return () if before is None else tuple(_read(source, here, span, beside, before))


def _keys(here: Place, span: Span) -> Iterator[Candidate]:
    for key in keys_in(here.container):
        if key not in here.others and key.startswith(here.typed.lower()):
            behind = _OPEN.get(key, "") if not here.in_braces or key in ("expect", "lines") else ""
            insert = f"{key}: {behind}".rstrip() if key in ("cycles", "records") else f"{key}: {behind}"
            at = len(insert) - 1
            stops = ((at, at),) if behind else ()
            yield Candidate(key, insert, CandidateKind.WORD, MEANINGS.get(key, COMES_TO), span, key, stops)


def _names(source: Source, here: Place, span: Span, beside: Checked) -> Iterator[Candidate]:
    match here.key:
        case "plan":
            names, detail = [plan.name for plan in beside.plans], A_NAME[NameKind.PLAN]
        case "buy":
            names, detail = [pack.name for plan in beside.plans for pack in plan.packs], A_NAME[NameKind.PACK]
        case _:
            names, detail = _lines_of(source), A_NAME[NameKind.LINE]
    typed = here.typed.lstrip("\"'").lower()
    for name in dict.fromkeys(names):
        if any(word.startswith(typed) for word in (name.lower(), *name.lower().split())):
            yield Candidate(name, _as_scalar(name), CandidateKind.NAME, detail, span, name)


def _lines_of(source: Source) -> list[str]:
    """The lines of the account that the file speaks of."""
    found = []
    for line in source.lines:
        written = key_of(line)
        if written and written["key"].strip() not in MEANINGS and not written["rest"].strip():
            found.append(written["key"].strip())
        found += re.findall(r"\bline: *([^,{}\[\]#]+?) *(?=[,}\]#]|$)", line)
    return found


def _as_scalar(name: str) -> str:
    """As YAML reads it as that name: in quotes where what it holds means something."""
    plain = _PLAIN.fullmatch(name) and not name[0].isdigit() and name.lower() not in _MEANING_ELSEWHERE
    return name if plain else json.dumps(name, ensure_ascii=False)


# ---- what the language reads


def _read(source: Source, here: Place, span: Span, beside: Checked, before: str) -> Iterator[Candidate]:
    lines, row = _with_example(source, span.line, beside)
    line = f"{_INDENT}{before}{here.typed}"
    text = "\n".join([*lines[:row], line, *lines[row:]])
    shift = here.start - len(_INDENT + before)
    for one in complete(replace(beside, source=Source("", text)), Position(row + 1, len(line))):
        moved = Span(span.line, one.span.start + shift, max(one.span.end + shift, one.span.start + shift))
        whole = source.lines[span.line - 1][here.start : moved.start] + one.insert
        if moved.start >= here.start and _is_said(here, whole.strip()):
            space = not here.typed and one.insert[:1] == " "
            insert = one.insert[space:]
            yield replace(one, insert=insert, span=moved, stops=tuple((a - space, b - space) for a, b in one.stops))


def _is_said(here: Place, text: str) -> bool:
    """Whether a value can be a text, or begin so: what YAML takes as it is, and the key says."""
    if "->" in text or not _is_scalar(text, in_braces=here.in_braces):
        return False
    if here.key != "do":
        return text[0].isdigit() or here.key in ("opening", Figure.ENDS)
    statement = parse_line(text).statement
    is_step = statement is None or isinstance(statement, nodes.UseStep | nodes.ActStep)
    return is_step and lex(text)[0].kind not in _NO_STEPS


def _is_scalar(text: str, *, in_braces: bool) -> bool:
    """Whether YAML takes a text as it is."""
    return (
        text[:1] not in "\"'-" and ": " not in text and " #" not in text and not (in_braces and re.search(r"[,{}\[\]]", text))
    )


def _with_example(source: Source, line: int, beside: Checked) -> tuple[Sequence[str], int]:
    """The text of the plans with an example begun below the plan that the scenario at a line is about, and the row in it."""
    lines = beside.source.lines
    name = _plan_at(source, line)
    plan = beside.plan(name) if name else next(iter(beside.plans), None)
    block = next((one for one in outline(beside.source) if plan and one.first == plan.span.line), None)
    if block is None:
        return ['plan "" prepaid', '  example ""'], 2
    return [*lines[: block.last], '  example ""', *lines[block.last :]], block.last + 1


def _plan_at(source: Source, line: int) -> str:
    """The plan that the scenario at a line names."""
    lines = source.lines
    first = next((row for row in range(line - 1, -1, -1) if lines[row].startswith("---")), -1) + 1
    for text in lines[first:]:
        if text.startswith("---"):
            break
        written = key_of(text)
        if written and not written["indent"] and written["key"] == "plan":
            value = next(iter(documents(Source("", written["rest"]), Findings())), None)
            return value.text if isinstance(value, Text) else ""
    return ""
