"""The simulations that worked examples of operators come with: replayed on the plan of the operator's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shipped import checked_plan

from dsl import units
from dsl.check import Checked
from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE
from engine.run import run
from engine.statement import Figures


@dataclass(frozen=True)
class Simulation:
    """A `sim` of a worked example in base units. `skipped` cycles come before its first, to leave what it starts with."""

    service: str
    base: int
    skipped: int
    usage: list[int]
    available: list[int]
    expired: list[int]

    @classmethod
    def read(cls, sim: dict[str, Any], data_step: int) -> Simulation:
        unit = units.unit(sim["unit"], data_step)
        assert unit is not None

        def amount(number: int | float) -> int:
            whole = units.whole(str(number), unit.size)
            assert whole is not None
            return whole

        base, carried_in = amount(sim["base"]), amount(sim.get("carried_in", 0))
        return cls(
            unit.service, base,
            skipped=1 if carried_in else 0,
            # `available` says the start of one cycle more than there is usage for: nothing is used in that one.
            usage=([base - carried_in] if carried_in else []) + [amount(number) for number in sim["usage"]] + [0],
            available=[amount(number) for number in sim["available"]],
            expired=[amount(number) for number in sim.get("expired_end", [])],
        )  # fmt: skip

    def plan(self, checked: Checked) -> Plan:
        """The first plan of a file that grants what this one does."""
        return next(plan for plan in checked.plans if plan.allowance(self.service) == self.base)

    def figures(self, plan: Plan) -> list[Figures]:
        cycles = tuple(CycleSteps((Use(self.service, amount),), ()) for amount in self.usage)
        outcome = run(plan, Scenario("sim", plan.name, DEFAULT_START, cycles, (), NOWHERE))
        return [cycle.services[self.service] for cycle in outcome.statement.cycles][self.skipped :]


def differences(id: str, sim: dict[str, Any]) -> list[str]:
    """Where the file of the rule set `id` comes to other figures than a simulation of its worked examples."""
    checked = checked_plan(f"operators/{id}.plan")
    simulation = Simulation.read(sim, checked.data_step)
    figures = simulation.figures(simulation.plan(checked))
    found = []
    for name, wanted in (("available", simulation.available), ("expired", simulation.expired)):
        got = [getattr(cycle, name) for cycle in figures]
        if got[: len(wanted)] != wanted:
            found.append(f"{name} {got}, not {wanted}")
    return found
