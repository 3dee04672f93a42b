"""How fast commands, language and engine are, against named yardsticks in the same run: bare Python, json.loads.

    python benchmarks/speed.py [--rounds 15]

The app is timed by `workbench.py`.

Prints one line a figure with its goal, and the machine. Nothing here is a test: machines differ, figures are reported.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dsl.check import check  # noqa: E402
from dsl.parse import parse_line  # noqa: E402
from dsl.read_blocks import forget  # noqa: E402
from dsl.scenario import CycleSteps, Scenario, Use  # noqa: E402
from dsl.source import NOWHERE, Source  # noqa: E402
from engine.run import run  # noqa: E402
from tui import arrow_sums, bulk_records  # noqa: E402

EXAMPLE = ROOT / "examples" / "flex.plan"
TO_PROVE = ROOT / "examples" / "operators" / "no-talkmore-2017.plan"  # its cap cuts nothing, so that the solver is asked
ROLLOVER = [sys.executable, "-c", "from tui.cli import main; main(prog_name='rollover')"]


def median_ms(samples: list[float]) -> float:
    return statistics.median(samples) * 1e3


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def as_installed() -> None:
    """What is loaded was compiled before, as for whoever installed Rollover, or starts it for the second time."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run([*ROLLOVER, "check", str(EXAMPLE)], capture_output=True, check=False, cwd=ROOT)


def machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def tell(what: str, figure: str, goal: str = "") -> None:
    print(f"{what:<58} {figure:>22}  {goal}".rstrip())


# ---- processes


def start_of_process(rounds: int) -> None:
    """`rollover check` of an example beside bare Python, in turn."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "ROLLOVER_CACHE": cache, "PYTHONPATH": str(ROOT)}

        def command(arguments: list[str]) -> float:
            return timed(lambda: subprocess.run(arguments, env=environment, capture_output=True, check=False, cwd=ROOT))

        check_example, check_proving = ([*ROLLOVER, "check", str(path)] for path in (EXAMPLE, TO_PROVE))
        first = command(check_example)
        bare, libraries, changed, unchanged, proving = [], [], [], [], []
        for _ in range(rounds):
            bare.append(command([sys.executable, "-c", "pass"]))
            libraries.append(command([sys.executable, "-c", "import click, lark"]))
            unchanged.append(command(check_example))
            for result in Path(cache).glob("*-*.json"):
                result.unlink()
            changed.append(command(check_example))
            proving.append(command(check_proving))
    base = median_ms(bare)
    tell("bare Python", f"{base:.0f} ms")
    tell("import of click and lark, of which each check needs both", f"+{median_ms(libraries) - base:.0f} ms")
    tell("check, first ever (no grammar cached)", f"+{first * 1e3 - base:.0f} ms")
    tell("check, file not seen before", f"+{median_ms(changed) - base:.0f} ms", "goal +130 ms")
    if importlib.util.find_spec("z3"):
        tell("check, file not seen before, with a rule to prove", f"+{median_ms(proving) - base:.0f} ms", "goal +130 ms")
    tell("check, unchanged file", f"+{median_ms(unchanged) - base:.0f} ms", "goal +70 ms")


# ---- in one process


def thirty_lines() -> str:
    return "\n".join(EXAMPLE.read_text(encoding="utf-8").split("\n")[:30]) + "\n"


def many_lines(count: int) -> str:
    """The example over and over, each time with names of its own."""
    head, *body = EXAMPLE.read_text(encoding="utf-8").split("\nplan ", 1)
    text, number = head, 0
    while text.count("\n") < count:
        part = "plan " + body[0]
        for name in ("Flex", "Travel", "Prepaid", "National"):
            part = part.replace(f'"{name}', f'"{name} {number}')
        text += "\n" + part
        number += 1
    return text


def _with_names(node: object) -> object:
    """A node as the JSON that would say the same: an object with a name for each part."""
    if isinstance(node, tuple) and hasattr(node, "_asdict"):
        return {name: _with_names(part) for name, part in node._asdict().items()}
    return [_with_names(part) for part in node] if isinstance(node, tuple) else node


def parse_beside_json(rounds: int) -> None:
    """A 30-line plan read from nothing, beside json.loads of the same tree."""
    text = thirty_lines()
    lines = text.split("\n")
    tree = json.dumps([_with_names(parse_line(line).statement) for line in lines])

    def read() -> None:
        parse_line.cache_clear()
        for line in lines:
            parse_line(line)

    def read_and_check() -> None:
        parse_line.cache_clear()
        forget()
        check(Source("plan", text))

    loads = median_ms([timed(lambda: json.loads(tree)) for _ in range(rounds * 4)])
    parsed = median_ms([timed(read) for _ in range(rounds)])
    checked = median_ms([timed(read_and_check) for _ in range(rounds)])
    again = median_ms([timed(lambda: check(Source("plan", text))) for _ in range(rounds)])
    tell("json.loads of the tree of 30 lines", f"{loads:.3f} ms")
    tell("parse of 30 lines", f"{parsed:.2f} ms = {parsed / loads:.0f}x", "goal 40x")
    tell("parse and check of 30 lines", f"{checked:.2f} ms = {checked / loads:.0f}x")
    tell("check again, nothing changed", f"{again:.2f} ms")
    long = many_lines(2000)
    check(Source("plan", long))
    tell("check of 2,000 lines after a key press", f"{median_ms([timed(lambda: check(Source('p', long)))]):.0f} ms")


def engine_cycle(rounds: int) -> None:
    """One subscriber-cycle of Flex 20: use of the whole cycle at once, and spread over its days."""
    plan = check(Source("plan", EXAMPLE.read_text(encoding="utf-8"))).plans[0]
    cycles = 120
    steps = tuple(CycleSteps((Use("data", amount * 10**9),), ()) for amount in (6, 25, 20, 31, 0, 12) * (cycles // 6))
    spread = Scenario("", plan.name, datetime(2026, 1, 1), steps, (), NOWHERE)
    took = median_ms([timed(lambda: run(plan, spread)) for _ in range(rounds)])
    tell("engine, a subscriber-cycle of 30 daily records", f"{took * 1e3 / cycles:.0f} us")


def write_records(path: Path) -> None:
    """A million records of a day."""
    chance = random.Random(1)
    start = datetime(2026, 3, 17)
    rows = (
        f"{start + timedelta(seconds=number * 86_400 // 1_000_000):%Y-%m-%d %H:%M:%S},{chance.randint(1, 9_999)} KB\n"
        for number in range(1_000_000)
    )
    path.write_text("at,use\n" + "".join(rows), encoding="utf-8")


def many_records() -> None:
    """A million records, read and added up for a plan: by columns, and row by row as without pyarrow."""
    checked = check(Source("plan", EXAMPLE.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.csv"
        write_records(path)

        def read() -> None:
            bulk_records.read(path, checked, checked.plans[0], lambda *_: None).of("")

        if importlib.util.find_spec("pyarrow"):
            tell("1,000,000 records added up, with pyarrow", f"{timed(read):.2f} s", "goal 2 s")
        by_columns, arrow_sums.add = arrow_sums.add, lambda *_: False
        tell("1,000,000 records added up, row by row", f"{timed(read):.2f} s", "goal 2 s")
        arrow_sums.add = by_columns


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--rounds", type=int, default=15)
    chosen = options.parse_args()
    print(machine())
    gc.set_threshold(50_000)  # as the command does
    as_installed()
    start_of_process(chosen.rounds)
    parse_beside_json(chosen.rounds)
    engine_cycle(chosen.rounds)
    many_records()


if __name__ == "__main__":
    main()
