"""Which history somebody asks for on the command line: use by cycles, a scenario, records, a preset, or nothing, a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dsl import scenario_file, units
from dsl.check import Checked
from dsl.diagnostics import Findings
from dsl.examples import DEFAULT_START
from dsl.plan import Assumption, Plan
from dsl.scenario import MAX_CYCLES, CycleSteps, Dated, Scenario, Use
from dsl.scenario_file import Reader
from dsl.source import NOWHERE, Source, Span
from dsl.yaml_text import Text
from engine import presets
from engine.presets import Preset
from engine.run import Run
from tui import files
from tui.records import Records, lines, of_line
from tui.running import History, UnusableError, checked_plans, chosen, played, refuse
from tui.session import sample_usage, usage_scenario


@dataclass(frozen=True, slots=True)
class Asked:
    """At most one of `use`, `scenario`, `usage` and `preset`; the others say more about one of them. `line`: whose records,
    where they are of several; `cycles` 0: as many as show all that a preset does."""

    use: str | None = None
    scenario: Path | None = None
    usage: Path | None = None
    preset: str | None = None
    line: str = ""
    cycles: int = 0
    seed: int | None = None

    def __post_init__(self) -> None:
        """Raises UnusableError where that can't be."""
        named = self._named
        if sum(value is not None for value in named.values()) > 1:
            *some, last = named
            raise UnusableError(f"give one of {', '.join(some)} and {last}", misuse=True)
        if self.preset is None and (self.cycles or self.seed is not None):
            raise UnusableError("--cycles and --seed say more about a --preset: give that, too", misuse=True)
        if self.line and self.usage is None:
            raise UnusableError("--line says whose of the records are meant: give --usage, too", misuse=True)

    @property
    def _named(self) -> dict[str, object]:
        return {"--use": self.use, "--scenario": self.scenario, "--usage": self.usage, "--preset": self.preset}

    @property
    def said(self) -> str:
        """As it was said, for people; "" where nothing was."""
        parts = [f"{option} {value}" for option, value in self._named.items() if value is not None]
        parts += [f"--line {self.line}"] * bool(self.line) + [f"--cycles {self.cycles}"] * bool(self.cycles)
        return " ".join([*parts, *([f"--seed {self.seed}"] if self.seed is not None else [])])

    @property
    def is_of_one_line(self) -> bool:
        """Whether it is use, records or a preset, and not a scenario or nothing."""
        return any(value is not None for value in (self.use, self.usage, self.preset))


def outcome(path: Path, plan_name: str, start: datetime | None, asked: Asked) -> Run:
    """Runs a plan of a file on the history asked for. Raises files.FileError and UnusableError."""
    return played(told(path, plan_name, asked)[1], start)


def told(path: Path, plan_name: str, asked: Asked) -> tuple[Checked, History]:
    """The plans of a file, and the history asked for. Raises files.FileError and UnusableError."""
    checked = checked_plans(path)
    if asked.scenario is not None:
        return checked, _from_scenario(checked, asked.scenario, plan_name)
    return checked, history_of(checked, chosen(checked, plan_name), asked)


def history_of(checked: Checked, plan: Plan, asked: Asked) -> History:
    """What is told without a scenario. Raises files.FileError and UnusableError."""
    if asked.usage is not None:
        return from_records(checked, plan, Records(asked.usage), asked.line)
    source = Source("--use", asked.use or "")
    if asked.use is not None:
        cycles = _cycles(checked, source)
        return History(plan, Scenario("", plan.name, DEFAULT_START, cycles, (), NOWHERE, start_is_assumed=True), source)
    if asked.preset is not None:
        return _from_preset(plan, Preset(asked.preset), asked)
    sample = sample_usage(plan)
    assumed = Assumption("usage", f'--use "{written(plan, sample)}"', "a sample of light and heavy months is used")
    return History(plan, replace(usage_scenario(plan, sample), start_is_assumed=True), source, (assumed,))


def from_records(checked: Checked, plan: Plan, records: Records, line: str) -> History:
    """A line that starts on the day of its first record."""
    dated = records_of(checked, records, line)
    first = min(record.at for record in dated)
    start = datetime(first.year, first.month, first.day)
    return History(plan, Scenario("", plan.name, start, (), dated, NOWHERE, start_is_assumed=True), records.source)


def records_of(checked: Checked, records: Records, line: str) -> tuple[Dated, ...]:
    """The records of a line, of which there are some. Raises UnusableError."""
    found, diagnostics = records.read(checked)
    refuse(diagnostics, records.source)
    dated = of_line(found, line)
    if not found:
        raise UnusableError(f"{records.path} holds no records")
    if not dated:
        names = ", ".join(f'"{name}"' for name in lines(found)[:8])
        instead = f"choose one with --line: {names}" if not line else f"they are of {names}"
        whose = f'line "{line}"' if line else "a line without a name"
        raise UnusableError(f"{records.path} has no records of {whose}; {instead}", misuse=True)
    return dated


def _from_scenario(checked: Checked, path: Path, plan_name: str) -> History:
    source = files.read(path)
    scenarios, diagnostics = scenario_file.read(source, checked)
    refuse(diagnostics, source)
    about = [scenario for scenario in scenarios if plan_name in ("", scenario.plan)]
    if not about:
        raise UnusableError(f'{path} has no scenario of plan "{plan_name}"')
    return History(chosen(checked, about[0].plan), about[0], source, others=checked.plans)


def _from_preset(plan: Plan, preset: Preset, asked: Asked) -> History:
    seed = 0 if asked.seed is None and preset is Preset.RANDOM else asked.seed
    draw = None if seed is None else presets.seeded(seed)
    used = presets.usage(plan, preset, asked.cycles or presets.length(preset), DEFAULT_START.date(), draw)
    words = f"--preset {preset}" + (f" --seed {seed}" if seed is not None else "")
    about = f"{preset}: each cycle uses {presets.described(preset)}"
    if seed is not None and preset is not Preset.RANDOM:
        about += f", {presets.NEARLY} percent more or less by the seed"
    scenario = replace(usage_scenario(plan, used), start_is_assumed=True)
    return History(plan, scenario, Source(words, ""), (Assumption("usage", words, about),))


def written(plan: Plan, usage: Sequence[Mapping[str, int]]) -> str:
    """Usage per cycle as `_cycles` reads it."""
    return ", ".join(
        " and ".join(units.exact(service, amount, plan.data_step) for service, amount in cycle.items()) for cycle in usage
    )


def most_used(checked: Checked, option: str, said: str) -> dict[str, int]:
    """What a cycle uses at the most, as an option says it: `60GB and 300 minutes`. Raises UnusableError."""
    cycles = _cycles(checked, Source(option, said))
    if len(cycles) != 1:
        raise UnusableError(f"{option} is about any one cycle: `60GB and 300 minutes`", misuse=True)
    return {use.service: use.amount for use in cycles[0].acts if isinstance(use, Use)}


def _cycles(checked: Checked, source: Source) -> tuple[CycleSteps, ...]:
    """`6GB,25GB and 30 minutes` as one cycle a comma."""
    findings = Findings()
    reader = Reader(checked, findings, expect="leave it out: `--use` is only what is used")
    cycles, column = [], 0
    for part in source.text.split(","):
        start = column + len(part) - len(part.lstrip())
        text = Text(part.strip(), Span(1, start, start + max(1, len(part.strip()))))
        cycles.append(CycleSteps(tuple(reader.acts("use", text)), ()))
        column += len(part) + 1
    refuse(findings.sorted(), source, misuse=True)
    if len(cycles) > MAX_CYCLES:
        raise UnusableError(f"--use has {len(cycles)} cycles; it may have {MAX_CYCLES}", misuse=True)
    return tuple(cycles)
