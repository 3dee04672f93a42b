"""A scenario as an `example` block, and the text of a plan with one more of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dsl import document, nodes
from dsl.diagnostics import Findings
from dsl.examples import DEFAULT_START
from dsl.phrase import phrase
from dsl.scenario import Act, CycleSteps, Dated, Expectation, OtherSteps, Scenario, Use
from dsl.source import MAX_LINE, Source, split_lines
from dsl.step_words import StepWords, UnsayableError, moment, quoted

_MIDNIGHT = datetime.min.time()
_NOTHING = "use 0 GB"  # a line of an example that uses nothing


def with_example(text: str, scenario: Scenario, data_step: int) -> str:
    """The text with the scenario as an example at the end of its plan's block, called by a name that no other example of the
    plan has. Line ends stay as they are. Raises UnsayableError, also where the text has no such plan."""
    blocks = document.read(Source("", text), Findings()).blocks
    block = next(
        (one for one in blocks if isinstance(one.header.statement, nodes.PlanHeader) and one.name == scenario.plan), None
    )
    if block is None:
        raise UnsayableError(phrase('there is no plan "{plan}" in this text', plan=scenario.plan))
    taken = {_title(example.header) for example in block.examples}
    told = as_example(scenario, data_step, _free(scenario.name, taken))
    if any(len(line) > MAX_LINE for line in told):
        raise UnsayableError(phrase("a line of this example would be too long; keep it as a scenario file"))
    last = max(
        block.header.number, *(line.number for line in block.lines), *(example.header.number for example in block.examples),
        *(line.number for example in block.examples for line in example.lines),
    )  # fmt: skip
    lines = split_lines(text)
    end = "\r\n" if "\r\n" in text else "\n"
    return end.join([*lines[:last], "", *(f"  {line}" for line in told), *(lines[last:] or [""])])


def as_example(scenario: Scenario, data_step: int, name: str = "") -> list[str]:
    """The lines of the block. What happens in a cycle stands above its `use` line, which may use nothing. Raises
    UnsayableError for what only a scenario file can say."""
    if not scenario.cycles and not scenario.dated:
        raise UnsayableError(phrase("nothing happens in it, so there is nothing to show"))
    return [f"example {quoted(_one_line(name or scenario.name) or 'example')}", *_Writer(data_step).lines(scenario)]


def _title(header: nodes.Line) -> str:
    return header.statement.name.text if isinstance(header.statement, nodes.ExampleHeader) else ""


def _free(name: str, taken: set[str]) -> str:
    wanted = _one_line(name) or "example"
    names = [wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3))]
    return next(one for one in names if one not in taken)


def _one_line(name: str) -> str:
    return " ".join(name.replace('"', "'").split())


class _Writer:
    def __init__(self, data_step: int) -> None:
        self.words = StepWords(data_step)

    def lines(self, scenario: Scenario) -> Iterator[str]:
        yield from (f"  {line}" for line in self._start(scenario))
        for steps in scenario.cycles:
            yield from (f"  {line}" for line in self._cycle(steps))
        yield from (f"  {self._dated(dated)}" for dated in scenario.dated)

    def _start(self, scenario: Scenario) -> Iterator[str]:
        if scenario.start.time() != _MIDNIGHT:
            raise UnsayableError(
                phrase(
                    "an example starts at a midnight, not at {time}; keep it as a scenario file", time=f"{scenario.start:%H:%M}"
                )
            )
        held = ", ".join(map(self.words.held, scenario.opening))
        if held or scenario.start != DEFAULT_START:
            yield f"start {scenario.start:%Y-%m-%d}" + (f" with {held}" if held else "")

    def _cycle(self, steps: CycleSteps) -> Iterator[str]:
        yield from (self.words.act(act) for act in steps.acts if not isinstance(act, Use))
        for other in steps.others:
            yield from (f"{quoted(other.line)} {self.words.act(act)}" for act in other.acts if not isinstance(act, Use))
        yield self._uses(steps.acts) + self._behind(steps.expectations)
        yield from filter(None, map(self._other, steps.others))

    def _uses(self, acts: tuple[Act, ...]) -> str:
        uses = [self.words.used(act) for act in acts if isinstance(act, Use)]
        return f"use {' and '.join(uses)}" if uses else _NOTHING

    def _other(self, other: OtherSteps) -> str:
        """What another line uses in a cycle, and what is expected of it; "" where that is nothing."""
        used = any(isinstance(act, Use) for act in other.acts)
        behind = self._behind(other.expectations)
        return f"{quoted(other.line)}{f' {self._uses(other.acts)}' if used else ''}{behind}" if used or behind else ""

    def _dated(self, dated: Dated) -> str:
        who = f" {quoted(dated.line)}" if dated.line else ""
        act = f" {self.words.act(dated.act)}" if dated.act else ""
        behind = self._behind(dated.expectations)
        return f"on {moment(dated.at)}{who}{act or ('' if behind else f' {_NOTHING}')}{behind}"

    def _behind(self, expectations: tuple[Expectation, ...]) -> str:
        return f" -> {', '.join(map(self.words.expected, expectations))}" if expectations else ""
