"""A rule that is said to be dead never acts: plans by chance, and histories by chance that use, renew, save, ask and top up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

pytest.importorskip("z3")

from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic
from dsl.examples import DEFAULT_START
from dsl.plan import Convert
from dsl.source import Source
from engine.history import HistoryError
from engine.ledger import Reason
from engine.prove.dead import dead
from engine.prove.tiers import tiers
from engine.reached import reached
from engine.run import Run, run

HISTORIES = 10
GRANTS = ("20 GB", "20 GB, 100 minutes", "20 GB, 5 GB only at night", "unlimited data only at home", "20 GB, 4 EUR")
CONDITIONS = (
    "used at least 5 GB", "used at least 10 GB", "not used at least 10 GB", "paid", "paid and active",
    "tenure at least 2 cycles", "tenure at least 3 cycles", "2 cycles in a row", "at most 10 GB data is left",
    "at most 5 GB data is left", "renewed early", "renewed on time", "renewed within 3 days",
)  # fmt: skip
CAPS = ("", "", "cap 5 GB", "cap 20 GB", "cap 40 GB", "cap 20 GB a cycle", "cap 60 GB on all carried, oldest goes first")
REST = ("", "", "convert the rest to minutes", "convert the rest to minutes, cap 600 minutes",
        "convert the rest to minutes in steps of 601 minutes")  # fmt: skip
EVENTS = ("suspended", "renewed early", "renewed late", "not renewed", "payment fails")
STEPS = (
    "renew", "renew", "do not renew", "suspend", "resume", "payment fails", "pay", "save 6 GB", "top up 10 EUR", "top up 5 GB",
    "convert 3 GB to minutes", "use 5 GB", "use 20 GB", "use 1 B", "use 9 GB at night", "use 30 GB abroad", "use 50 minutes",
)  # fmt: skip


def chosen(chance: Random) -> str:
    """A plan with all its histories as examples."""
    kind = chance.choice(("prepaid", "postpaid", "postpaid"))
    lines = [
        f'plan "A" {kind}',
        "cycle: 30 days",
        "price 9 EUR a cycle",
        f"every cycle grant {chance.choice(GRANTS)}",
        *chance.choice(
            ((), ("renewal early: restart the clock",), ("renewal early: expire",), ("renewal early: stack the clock",))
        ),
        *chance.choice(((), ("renewal late: grace 7 days",))),
        *chance.choice(((), ("use carried data first",), ("use allowance, then carried",))),
        *chance.choice(((), (), ("at home counts 0",), ("abroad counts 2",))),
        *chance.choice(
            ((), ("when data runs out: sell 1 GB at 2 EUR",), ("when data runs out: sell 1 GB at 2 EUR from credit",))
        ),
        *chance.choice(((), (), ("when asked, unused data: convert to minutes",))),
        *(f"unused data{one}" for one in hands(chance)),
    ]
    if chance.random() < 0.3:
        event = chance.choice(EVENTS)
        lines += [
            f"when {event}{one}" for one in (f" if {chance.choice(CONDITIONS)}, unused data: {clauses(chance)}" for _ in "12")
        ]
    return "rate 1 GB = 30 minutes\n" + "\n  ".join([*lines, *histories(chance, kind)]) + "\n"


def hands(chance: Random) -> list[str]:
    """One line, or lines of which all but the last have a condition: without one it would be told that it is twice in hand."""
    count = chance.choice((1, 1, 2, 3))
    asked = [chance.choice(CONDITIONS) for _ in range(count - 1)]
    return [*(f", if {one}: {clauses(chance)}" for one in asked), f": {clauses(chance)}"]


def clauses(chance: Random) -> str:
    carry = chance.choice(("carry 1 cycle", "carry 2 cycles", "carry 40% of it 1 cycle", "carry what is saved 1 cycle"))
    return ", ".join(filter(None, (carry, chance.choice(CAPS), chance.choice(REST))))


def histories(chance: Random, kind: str) -> Iterator[str]:
    """Of a postpaid line, which nobody renews by hand while its cycle runs, without that."""
    steps = STEPS if kind == "prepaid" else STEPS[2:]
    for number in range(HISTORIES):
        yield f'example "{number}"'
        day = date(2026, 1, 1)
        for _ in range(chance.randint(1, 12)):
            day += timedelta(days=chance.choice((1, 5, 10, 30)))
            yield f"  on {day} {chance.choice(steps)}"
        yield f"  on {day + timedelta(days=chance.choice((1, 30, 60)))} use 1 B"


def acts(made: Run, one: Diagnostic) -> bool:
    """Whether what is said to be dead did something in a run."""
    if one.code == "P003":
        return any(span.line == one.span.line for span in reached(made))
    ceiling = {clause.span for rule in made.plan.rules for clause in rule.clauses if isinstance(clause, Convert)}
    if one.code == "P001" and one.span in ceiling:
        return any((found.span, found.reason) == (one.span, Reason.ABOVE_CEILING) for found in made.postings)
    converted = {found.span for found in made.postings if found.reason is not Reason.NOT_CONVERTED}
    return one.span in made.cut | converted


def runs(checked: Checked) -> Iterator[Run]:
    for scenario in checked.scenarios:
        try:
            yield run(checked.plans[0], scenario, checked.plans)
        except HistoryError:
            continue


@pytest.mark.parametrize("part", range(4))
def test_what_is_said_to_be_dead_never_acts(part: int) -> None:
    told: Counter[str] = Counter()
    for seed in range(part, 200, 4):
        text = chosen(Random(seed))
        checked = check(Source("a.plan", text))
        assert not checked.has_errors, (text, checked.diagnostics)
        plan = checked.plans[0]
        found = [*dead(plan, DEFAULT_START), *(one for one in tiers(plan) if one.code == "P003")]
        told.update(one.code for one in found)
        for made in runs(checked) if found else ():
            for one in found:
                assert not acts(made, one), (seed, one.code, one.message, one.span.line, made.scenario.name, text)
    assert told
