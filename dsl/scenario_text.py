"""A scenario as YAML that reads back equal: what `dsl/scenario_file.py` reads, the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import yaml

from dsl.examples import DEFAULT_START
from dsl.scenario import Act, Buy, CycleSteps, Dated, Expectation, OtherSteps, Scenario, TopUp, Use
from dsl.step_words import StepWords

_KEYS = ("do", "buy", "top up", "use")  # as they are read, one after the other


def as_yaml(scenario: Scenario, data_step: int) -> str:
    """One document, which says when the line starts unless nobody did. Amounts are of plans with this `data_step`. Raises
    UnsayableError for what could not have been read."""
    return _dumped(_Writer(data_step).scenario(scenario))


class _Writer:
    def __init__(self, data_step: int) -> None:
        self.words = StepWords(data_step)

    def scenario(self, scenario: Scenario) -> dict[str, object]:
        found: dict[str, object] = {}
        if scenario.name:
            found["scenario"] = scenario.name
        found["plan"] = scenario.plan
        if not scenario.start_is_assumed or scenario.start != DEFAULT_START:
            found["start"] = _time(scenario.start)
        if scenario.opening:
            found["opening"] = _Row(map(self.words.held, scenario.opening))
        if scenario.cycles:
            found["cycles"] = [self._cycle(steps) for steps in scenario.cycles]
        if scenario.dated:
            found["records"] = [self._record(dated) for dated in scenario.dated]
        return found

    def _cycle(self, steps: CycleSteps) -> dict[str, object]:
        found = self._steps(steps.acts, steps.expectations)
        if steps.others:
            found["lines"] = self._lines(steps.others)
        return found or _Line({"use": _Row()})

    def _lines(self, others: Sequence[OtherSteps]) -> object:
        told = [(other.line, _Line(self._steps(other.acts, other.expectations))) for other in others]
        names = [name for name, _ in told]
        return dict(told) if len(set(names)) == len(names) else [{name: steps} for name, steps in told]

    def _record(self, dated: Dated) -> dict[str, object]:
        line = {"line": dated.line} if dated.line else {}
        acts = (dated.act,) if dated.act else ()
        return _Line({"at": _time(dated.at), **line, **self._steps(acts, dated.expectations)})

    def _steps(self, acts: Sequence[Act], expectations: Sequence[Expectation]) -> dict[str, object]:
        keys = [_key(act) for act in acts]
        if keys != sorted(keys, key=_KEYS.index):
            keys = ["do"] * len(acts)  # which takes any step, so that they stay in their order
        found: dict[str, object] = {}
        for key in dict.fromkeys(keys):
            found[key] = _one_or_row([self._act(act, key) for act, of in zip(acts, keys, strict=True) if of == key])
        if expectations:
            found["expect"] = _Line({figure: _one_or_row(texts) for figure, texts in self._expected(expectations)})
        return found

    def _act(self, act: Act, key: str) -> str:
        """A step behind its key. A pack stands there as it is called."""
        if key == "buy":
            assert isinstance(act, Buy)
            return act.pack
        words = self.words.act(act)
        return words if key == "do" else words.removeprefix(f"{key} ")

    def _expected(self, expectations: Sequence[Expectation]) -> Iterator[tuple[str, list[str]]]:
        """Texts by figure. A figure can be a key once: where its turn comes again, it goes on in the text before it."""
        found: dict[str, list[str]] = {}
        last = ""
        for one in expectations:
            figure = str(one.figure)
            if figure == last or figure not in found:
                found.setdefault(figure, []).append(self.words.of_figure(one))
                last = figure
            else:
                found[last][-1] += f", {self.words.expected(one)}"
        yield from found.items()


def _key(act: Act) -> str:
    match act:
        case Use():
            return "use"
        case Buy():
            return "buy"
        case TopUp(grant=grant) if not grant.unlimited:
            return "top up"
        case _:
            return "do"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}".removesuffix(":00").removesuffix(" 00:00")


def _one_or_row(texts: list[str]) -> str | _Row:
    return texts[0] if len(texts) == 1 else _Row(texts)


# ---- layout


class _Line(dict[str, object]):
    """A mapping that stands on one line."""


class _Row(list[str]):
    """A list that stands on one line."""


_WRITTEN_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?")
_UNBROKEN = 1_000_000  # columns: a line is not broken


_STR = "tag:yaml.org,2002:str"


def _style(text: str) -> str | None:
    """Line ends that only Unicode knows are lost in any quotes but double ones."""
    return '"' if any(end in text for end in "\x85\u2028\u2029") else None


class _Dumper(yaml.SafeDumper):
    """Quotes what other readers would take for no text, but for dates: they are read as text here, and look like it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002  (pyyaml calls it so)
        return super().increase_indent(flow, False)

    def analyze_scalar(self, scalar: str) -> Any:
        """A colon inside a time is no reason for quotes on a line of records."""
        found = super().analyze_scalar(scalar)
        found.allow_flow_plain |= _WRITTEN_TIME.fullmatch(scalar) is not None
        return found


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
_Dumper.add_representer(
    _Line, lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)
)
_Dumper.add_representer(str, lambda dumper, value: dumper.represent_scalar(_STR, value, style=_style(value)))
_Dumper.add_representer(_Row, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True))


def _dumped(value: object) -> str:
    return yaml.dump(
        value, Dumper=_Dumper, default_flow_style=False, allow_unicode=True, sort_keys=False, width=_UNBROKEN
    )  # fmt: skip
