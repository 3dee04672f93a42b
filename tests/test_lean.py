"""Commands that run through very many rows load no more than they need, and compile in a process of their own."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

from bases import PLANS, rows_of, usage
from command_line import ENTRY, environment, written

from tui.lean import lean

ASKED = {
    "settle": ("base.plan", "--usage", "u.parquet", "--out", "out", "--form", "numpy"),
    "backtest": ("base.plan", "base.plan", "--usage", "u.parquet", "--plan", "W1"),
    "simulate": ("base.plan", "--subscribers", "9", "--months", "1", "--out", "made.parquet"),
}
TOLD = """import atexit, sys
def told():
    print("pandas" in sys.modules, sys.modules["pyarrow"].default_memory_pool().backend_name, file=sys.stderr)
atexit.register(told)
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("base.plan", PLANS)


@pytest.mark.parametrize("command", ASKED)
def test_pandas_is_not_loaded_and_memory_is_of_the_system(command: str) -> None:
    pytest.importorskip("pandas")
    usage(rows_of({1: (6000, 25000), 2: (0, 0)}))
    code = f"{TOLD}{ENTRY[2]}"
    run = subprocess.run([ENTRY[0], "-c", code, command, *ASKED[command]], env=environment(), capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stderr.split()[-2:] == [b"False", b"system"]


def test_afterwards_pandas_is_found_again() -> None:
    pandas = pytest.importorskip("pandas")
    with lean():
        import pandas as found

        assert found is pandas  # what is loaded stays
        sys.modules.pop("pandas")
        with pytest.raises(ModuleNotFoundError):
            import pandas as found
        sys.modules["pandas"] = pandas
    assert not [one for one in sys.meta_path if type(one).__module__ == "tui.lean"]


def test_what_is_kept_is_compiled_by_another_process_for_the_arrays_it_is_called_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    import numpy

    from dsl.check import check
    from dsl.source import Source
    from engine.batch.batch import Batch
    from engine.batch.lines import Form, Lines, columns_of
    from tui.settle.kept import file_of

    monkeypatch.setenv("ROLLOVER_CACHE", str(tmp_path))
    plan = next(plan for plan in check(Source("base.plan", PLANS)).plans if plan.name == "W1")
    made = []

    def kept(text: str) -> str:
        file = file_of(text)
        made.extend(path.name for path in tmp_path.rglob("*.nbc"))
        return file

    one = numpy.ones(1, numpy.int64)
    uses = {service: numpy.full((1, 1), 6 * 10**9) for service in ("data", "voice")}
    lines = Lines((datetime(2026, 1, 1),), 0 * one, one, one, uses)
    Batch(plan, columns_of(plan, list(uses)), Form.NUMBA, kept=kept).settle(lines)
    assert len(made) == 1
    assert [path.name for path in tmp_path.rglob("*.nbc")] == made  # another kind of arrays would be compiled into one more
