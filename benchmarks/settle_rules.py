"""W1 and W2 written once more, as formulas of a month, and what else can run them: polars, duckdb, OpenFisca, a Python loop.

Each way takes used bytes, month by line, and gives the six figures of `FIGURES`, month by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

GB = 10**9
MONTHS = 12
FIGURES = ("used", "overage", "carried_out", "expired", "minutes", "before")
_DROPPED = """
minutes = least(dropped * 30 // GB, 200)
expired = dropped - (minutes * GB + 29) // 30
"""
# `lot0..` are held when a month begins; `next0..` when it is over.
W1 = f"""
from_carried = least(use, lot0)
from_grant = least(use - from_carried, 20 * GB)
used = from_carried + from_grant
overage = use - used
before = lot0 + 20 * GB - used
carried_out = least(20 * GB - from_grant, 10 * GB)
dropped = before - carried_out
{_DROPPED}
next0 = carried_out
"""
W2 = f"""
take0 = least(use, lot0)
rest0 = use - take0
take1 = least(rest0, lot1)
rest1 = rest0 - take1
take2 = least(rest1, lot2)
rest2 = rest1 - take2
from_grant = least(rest2, 20 * GB)
overage = rest2 - from_grant
used = use - overage
next0 = lot1 - take1
next1 = lot2 - take2
kept = 20 * GB - from_grant
next2 = least(kept, 40 * GB - next0 - next1)
before = lot0 - take0 + next0 + next1 + kept
carried_out = next0 + next1 + next2
dropped = lot0 - take0 + kept - next2
{_DROPPED}
"""
WORDS = re.compile(r"[a-z_]+\d?")
Run = Callable[[], Any]  # of which `_outputs` makes arrays


def formulas(rules: str) -> list[tuple[str, str]]:
    rules = re.sub(r"(\d+) \* GB", lambda found: str(int(found[1]) * GB), rules).replace("GB", str(GB))
    found = [line.split(" = ", 1) for line in rules.splitlines() if line]
    return [(name, text) for name, text in found]


def lots(rules: str) -> int:
    return rules.count("\nnext")


def by_month(text: str, month: int) -> str:
    """A formula with the names of that month: what is held when it begins is what was held when the one before was over."""

    def named(found: re.Match[str]) -> str:
        word = found.group()
        if word == "least":
            return word
        if word.startswith("lot"):
            return f"next{word[3:]}_{month - 1}" if month else "0"
        return f"{word}_{month}"

    return WORDS.sub(named, text)


def python_loop(rules: str) -> Callable[[list[int]], list[list[int]]]:
    """Of one line: the figures of each month, in order."""
    body = "".join(f"        {name} = {text.replace('least', 'min')}\n" for name, text in formulas(rules))
    held = range(lots(rules))
    text = (
        "def settle(uses):\n    out = []\n" + "".join(f"    lot{lot} = 0\n" for lot in held)
        + f"    for use in uses:\n{body}        out.append(({', '.join(FIGURES)}))\n"
        + "".join(f"        lot{lot} = next{lot}\n" for lot in held) + "    return out\n"
    )  # fmt: skip
    space: dict[str, Any] = {}
    exec(text, space)
    made: Callable[[list[int]], list[list[int]]] = space["settle"]
    return made


def polars_way(rules: str, used: Any) -> tuple[Run, Callable[[Any], list[Any]]]:
    import polars

    def least(one: Any, other: Any) -> Any:
        return polars.min_horizontal(one, other)

    frame = polars.DataFrame({f"use_{month}": used[month] for month in range(MONTHS)})

    def run() -> Any:
        query, names = frame.lazy(), set(frame.columns)
        for month in range(MONTHS):
            for name, text in formulas(rules):
                words = {word: polars.col(word) for word in names} | {"least": least}
                made = eval(by_month(text, month), words)
                query = query.with_columns(made.alias(f"{name}_{month}"))
                names.add(f"{name}_{month}")
        return query.select(f"{name}_{month}" for name in FIGURES for month in range(MONTHS)).collect()

    return run, lambda table: [[table[f"{name}_{month}"].to_numpy() for month in range(MONTHS)] for name in FIGURES]


def duckdb_way(rules: str, used: Any, threads: int) -> tuple[Run, Callable[[Any], list[Any]]]:
    import duckdb
    import pyarrow

    base = duckdb.connect(config={"threads": threads, "preserve_insertion_order": True})
    table = pyarrow.table({f"use_{month}": used[month] for month in range(MONTHS)})
    base.register("arrow_uses", table)
    base.execute("create table uses as select * from arrow_uses")
    query = "uses"
    for month in range(MONTHS):
        told = ", ".join(f"({by_month(text, month)})::bigint as {name}_{month}" for name, text in formulas(rules))
        query = f"(select *, {told} from {query})"
    wanted = ", ".join(f"{name}_{month}" for name in FIGURES for month in range(MONTHS))

    def run() -> Any:
        base.execute(f"create or replace table settled as select {wanted} from {query}")
        return base

    def outputs(_: Any) -> list[Any]:
        found = base.execute("select * from settled").fetchnumpy()
        return [[found[f"{name}_{month}"] for month in range(MONTHS)] for name in FIGURES]

    return run, outputs


def openfisca_way(rules: str, used: Any) -> tuple[Callable[[], Run], Callable[[Any], list[Any]]]:
    """Variables a month of one person. Whole numbers are int32 there, which holds no bytes of a month: each variable is told to
    keep int64. What is used is laid in before; a simulation keeps what it has computed, so that each run needs its own."""
    import numpy
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit, period
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="", is_person=True)
    system = TaxBenefitSystem([person])
    months = [period(f"2026-{month + 1:02}") for month in range(MONTHS)]

    def variable(name: str, text: str = "") -> None:
        words = sorted({*WORDS.findall(text)} - {"least"})
        code = compile(text or "0", name, "eval")

        def formula(who: Any, when: Any) -> Any:
            named = {
                word: who(f"next{word[3:]}", when.last_month) if word.startswith("lot") else who(word, when) for word in words
            }  # fmt: skip
            return eval(code, {"least": numpy.minimum, **named})

        told = {"value_type": int, "entity": person, "definition_period": DateUnit.MONTH, "label": name}
        system.add_variable(type(name, (Variable,), told | ({"formula": formula} if text else {})))
        system.get_variable(name).dtype = numpy.int64

    variable("use")
    for name, text in formulas(rules):
        variable(name, text)

    def prepare() -> Run:
        simulation = SimulationBuilder().build_default_simulation(system, used.shape[1])
        for month, when in enumerate(months):
            simulation.set_input("use", when, used[month])
        for lot in range(lots(rules)):
            simulation.set_input(f"next{lot}", "2025-12", numpy.zeros(used.shape[1], numpy.int64))
        return lambda: [[simulation.calculate(name, when) for when in months] for name in FIGURES]

    return prepare, lambda found: found


WAYS: Mapping[str, str] = {"W1": W1, "W2": W2}
