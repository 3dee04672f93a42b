"""Which rules a `because` names by their place: those of a pack or promotion, or those that hold some words.

Numbers of lines are read and refused, with the words to write instead: a line above would make them mean another rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dsl import nodes
from dsl.diagnostics import Findings, naming, replacing, suggestion
from dsl.document import Document
from dsl.parse import parse_line
from dsl.phrase import Phrase, phrase
from dsl.scenario import Because, Expectation, Scenario
from dsl.source import MAX_LINE, Source, Span

_BLOCKS = {"pack": (nodes.PackHeader, "R107"), "promotion": (nodes.PromotionHeader, "R121")}


def names_places(scenario: Scenario) -> bool:
    return any(one.because and one.because.cause is None for one in scenario.expectations)


def placed(scenario: Scenario, source: Source, text: Document, findings: Findings, *, in_plan: bool = True) -> Scenario:
    """The scenario with the places of the rules that it names, of the text of its plan; rules that are not there are reported.
    `in_plan`: it stands in that text itself."""
    rules = _Rules(source, text, findings, in_plan)

    def with_places(one: Expectation) -> Expectation:
        because = one.because
        return replace(one, because=rules.placed(because)) if because and because.cause is None else one

    return scenario.expecting(with_places)


class _Rules:
    """Where the rules of a text stand."""

    def __init__(self, source: Source, text: Document, findings: Findings, in_plan: bool) -> None:
        self.source = source
        self.text = text
        self.findings = findings
        self.in_plan = in_plan

    def placed(self, because: Because) -> Because:
        match because.kind:
            case "line":
                self._refuse(because)
                return because
            case "":
                found = tuple(self._holding(because.name))
                if not found and self.text.sound:
                    self._unknown(
                        "R271", because, self._texts().values(), phrase("quote some words of a rule of this plan file")
                    )
            case kind:
                header, code = _BLOCKS[kind]
                blocks = {one.name: one for one in self.text.blocks if isinstance(one.header.statement, header)}
                if because.name not in blocks:
                    if self.text.sound:
                        self._unknown(
                            code, because, blocks, phrase("write the name of a {kind} of this plan file", kind=Phrase(kind))
                        )
                    return because
                block = blocks[because.name]
                first = block.header.number
                found = tuple(Span(number, 0, MAX_LINE) for number in range(first, first + len(block.texts)))
        return replace(because, places=found)

    def _unknown(self, code: str, because: Because, known: Iterable[str], otherwise: Phrase) -> None:
        names = [*known]
        end = because.span.end
        span = Span(because.span.line, end - len(because.name) - 2, end)
        fix = naming(span, because.name, names) if self.in_plan else None
        self.findings.add(code, span, fix=fix, name=because.name, meant=suggestion(because.name, names, otherwise))

    def _refuse(self, because: Because) -> None:
        """A line by its number: what stands there now is what to write."""
        number = int(because.name) if because.name.isdigit() else 0
        words = self._texts().get(number, "")
        instead = (
            phrase('write `because "{words}"`', words=words)
            if words
            else phrase('write words of the rule: `because "carry 1 month"`')
        )
        if '"' in words:
            instead = phrase("write, in quotes, some words of `{words}`", words=words)
        fix = replacing(because.span, f'"{words}"') if words and '"' not in words and self.in_plan else None
        self.findings.add("R270", because.span, fix=fix, number=because.name, instead=instead)

    def _texts(self) -> dict[int, str]:
        """What the lines that hold rules say, without comments."""
        lines = [*self.text.settings, *(line for block in self.text.blocks for line in block.lines)]
        written = {line.number: self.source.lines[line.number - 1] for line in lines}
        return {number: text.removesuffix(parse_line(text).comment).strip() for number, text in written.items()}

    def _holding(self, words: str) -> Iterator[Span]:
        """Where the words stand, whatever spaces are between them and in whatever case."""
        if not words.split():
            return
        pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)", re.IGNORECASE)
        lines = self.source.lines
        for number, text in self._texts().items():
            written = lines[number - 1]
            start = written.find(text)
            yield from (Span(number, hit.start(), hit.end()) for hit in pattern.finditer(written, start, start + len(text)))
