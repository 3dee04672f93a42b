"""A history that somebody makes up for a plan, changed a step at a time, with every step undone and done again. No terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dsl import units
from dsl.plan import GENERAL, Plan
from dsl.scenario import Act, CycleSteps, Dated, OtherSteps, Scenario, Use
from dsl.source import NOWHERE
from engine import presets
from engine.presets import Preset
from tui.language import message
from tui.saying import say
from tui.session import sample_usage, usage_scenario

MAX_CYCLES = 36  # three years: as far as a contract and a screen go
SAMPLE = message("a sample")
_KEPT_STEPS = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario that is being made, and where it comes from, for people: "a sample", "growing", a file; "" where somebody
    changed it since."""

    scenario: Scenario
    source: str = ""

    @property
    def usage(self) -> tuple[Mapping[str, int], ...]:
        """That of the line which the history is about."""
        return self.usage_of("")

    def usage_of(self, line: str) -> tuple[Mapping[str, int], ...]:
        """What a line uses of each service in each cycle, in base units, but dated uses and those that say what they are."""
        return tuple(_plain(acts_of(cycle, line)) for cycle in self.scenario.cycles)

    @property
    def names_others(self) -> bool:
        """Whether more happens than use, so that other plans of the file may matter to it."""
        cycles = self.scenario.cycles
        acts = [dated.act for dated in self.scenario.dated] + [act for cycle in cycles for act in cycle.acts]
        return any(act is not None and not isinstance(act, Use) for act in acts) or any(cycle.others for cycle in cycles)

    def using(self, cycle: int, service: str, amount: int, line: str = "") -> Draft:
        """Another use of a service by a line in a cycle, counted from 0, where nothing but the amount is said of it."""
        cycles = self.scenario.cycles + (CycleSteps((), ()),) * (cycle + 1 - len(self.scenario.cycles))
        use = Use(service, min(max(0, amount), units.MAX_AMOUNT))
        kept = (act for act in acts_of(cycles[cycle], line) if not (isinstance(act, Use) and _is_of(act, service)))
        changed = _doing(cycles[cycle], line, (*kept, use))
        return self._with(cycles=(*cycles[:cycle], changed, *cycles[cycle + 1 :]))

    def used_as(self, usage: Sequence[Mapping[str, int]], source: str) -> Draft:
        """Another usage of the line in as many cycles, in base units by service, and the events as they are."""
        cycles = list(self.scenario.cycles[: len(usage)])
        cycles += [CycleSteps((), ())] * (len(usage) - len(cycles))
        used = tuple(
            replace(steps, acts=(*_but_uses(steps.acts), *(Use(service, amount) for service, amount in amounts.items())))
            for steps, amounts in zip(cycles, usage, strict=True)
        )
        dated = tuple(one for one in self.scenario.dated if one.line or not isinstance(one.act, Use))
        return Draft(replace(self.scenario, cycles=used, dated=dated), source)

    def longer(self) -> Draft:
        """One more cycle, used as the last one was, by each line."""
        cycles = self.scenario.cycles
        if len(cycles) >= MAX_CYCLES:
            return self
        last = cycles[-1] if cycles else CycleSteps((), ())
        others = tuple(OtherSteps(one.line, _uses(one.acts), (), NOWHERE) for one in last.others if _uses(one.acts))
        return self._with(cycles=(*cycles, CycleSteps(_uses(last.acts), (), others)))

    def shorter(self) -> Draft:
        """One cycle less, down to one."""
        return self._with(cycles=self.scenario.cycles[:-1]) if len(self.scenario.cycles) > 1 else self

    def with_dated(self, *dated: Dated) -> Draft:
        """With these instead of the dated steps there were, in the order of their times."""
        return self._with(dated=tuple(sorted(dated, key=lambda one: one.at)))

    def _with(self, **changes: object) -> Draft:
        return Draft(replace(self.scenario, **changes))  # type: ignore[arg-type]


def acts_of(steps: CycleSteps, line: str) -> tuple[Act, ...]:
    """What a line does in a cycle; "" is the one that the history is about."""
    return steps.acts if not line else tuple(act for other in steps.others if other.line == line for act in other.acts)


def _doing(steps: CycleSteps, line: str, acts: tuple[Act, ...]) -> CycleSteps:
    """A cycle in which a line does something else; what is expected of it stays."""
    if not line:
        return replace(steps, acts=acts)
    found = next((index for index, other in enumerate(steps.others) if other.line == line), None)
    if found is None:
        return replace(steps, others=(*steps.others, OtherSteps(line, acts, (), NOWHERE)))
    others = [replace(one, acts=()) if one.line == line else one for one in steps.others]  # all of them are in the first one
    others[found] = replace(others[found], acts=acts)
    return replace(steps, others=tuple(others))


def _uses(acts: Sequence[Act]) -> tuple[Act, ...]:
    return tuple(act for act in acts if isinstance(act, Use))


def _but_uses(acts: Sequence[Act]) -> Iterator[Act]:
    return (act for act in acts if not isinstance(act, Use))


def is_plain(use: Use) -> bool:
    """Whether nothing but the amount is said of a use."""
    return use.tags == GENERAL


def _is_of(use: Use, service: str) -> bool:
    return is_plain(use) and use.service == service


def _plain(acts: Sequence[Act]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for act in acts:
        if isinstance(act, Use) and is_plain(act):
            found[act.service] = found.get(act.service, 0) + act.amount
    return found


PRESETS = (
    message("sample"), message("light"), message("steady"), message("heavy"), message("holiday"), message("growing"),
    message("random"),
)  # fmt: skip  # what they are called


def preset(draft: Draft, plan: Plan, chosen: Preset, seed: int) -> Draft:
    """The events of a draft with the usage of a preset, in as many cycles as it has, or as show all that the preset does; one
    of chance by its seed."""
    by_chance = chosen is Preset.RANDOM
    cycles = max(len(draft.scenario.cycles), presets.length(chosen))
    draw = presets.seeded(seed) if by_chance else None
    used = presets.usage(plan, chosen, min(cycles, MAX_CYCLES), draft.scenario.start.date(), draw)
    return draft.used_as(used, say("{preset}, seed {seed}", preset=say(chosen), seed=str(seed)) if by_chance else say(chosen))


class Drafts:
    """The draft of each plan, by its name; a plan for which nobody made one has a sample that follows its allowance."""

    def __init__(self) -> None:
        self._done: dict[str, list[Draft]] = {}
        self._undone: dict[str, list[Draft]] = {}

    def of(self, plan: Plan) -> Draft:
        made = self._done.get(plan.name)
        return made[-1] if made and made[-1].source != SAMPLE else self.sample(plan)

    @staticmethod
    def sample(plan: Plan) -> Draft:
        return Draft(usage_scenario(plan, sample_usage(plan)), SAMPLE)

    def put(self, plan: Plan, draft: Draft) -> None:
        """The next step of a plan's draft."""
        if draft == self.of(plan):
            return
        steps = self._done.setdefault(plan.name, [])
        steps.append(draft)
        del steps[:-_KEPT_STEPS]
        self._undone.pop(plan.name, None)

    def undo(self, plan: Plan) -> bool:
        """Whether there was a step to take back."""
        return self._move(plan, self._done, self._undone)

    def redo(self, plan: Plan) -> bool:
        return self._move(plan, self._undone, self._done)

    @staticmethod
    def _move(plan: Plan, source: dict[str, list[Draft]], target: dict[str, list[Draft]]) -> bool:
        steps = source.get(plan.name)
        if not steps:
            return False
        target.setdefault(plan.name, []).append(steps.pop())
        return True
