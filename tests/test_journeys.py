"""What people come to do, from the first key to the last, at a real terminal: what they see, and what is left on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from command_line import ENTRY, ROOT, rollover

from benchmarks.terminal import Terminal

F4, F6, F7, F8 = "\x1bOS", "\x1b[17~", "\x1b[18~", "\x1b[19~"
ESCAPE, ENTER, DOWN, END = "\x1b", "\r", "\x1b[B", "\x1b[F"
CTRL_R, CTRL_S, CTRL_T, CTRL_Q = "\x12", "\x13", "\x14", "\x11"
PATIENCE_SECONDS = 60

CAPPED = """\
plan "Small" prepaid
  grant 10 GB
  use carried first
  unused data: carry 1 month, cap 2 GB
"""
TWO = """\
plan "Keeps" prepaid
  grant 10 GB
  use carried first
  unused data: carry 1 month
plan "Drops" prepaid
  grant 11 GB
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@contextmanager
def at_terminal(*args: str, columns: int = 120, rows: int = 40) -> Iterator[Terminal]:
    with Terminal([*ENTRY, *args], ROOT, columns, rows) as terminal:
        yield terminal


def does(terminal: Terminal, *steps: tuple[str, str]) -> None:
    """Keys, each with what is then on the screen."""
    for keys, seen in steps:
        terminal.keys(keys)
        terminal.wait_for(seen, PATIENCE_SECONDS)


def test_from_the_first_start_to_the_first_plan_of_ones_own() -> None:
    with at_terminal() as terminal:
        terminal.wait_for("1/8", PATIENCE_SECONDS)
        terminal.wait_for("Usage of data (a sample)", PATIENCE_SECONDS)
        does(terminal, (ESCAPE, "f1 Help"), (CTRL_S, "Save as"), (f"mine{ENTER}", "Saved mine.plan"))
        terminal.keys(CTRL_Q)
        assert terminal.ended(PATIENCE_SECONDS) == 0
    assert rollover("check", "mine.plan").exit_code == 0
    with at_terminal() as terminal:
        terminal.wait_for("Usage of data (a sample)", PATIENCE_SECONDS)
        assert "1/8" not in terminal.text(), "the tour was there once"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_broken_file_is_mended_by_its_quick_fix(size: tuple[int, int]) -> None:
    Path("broken.plan").write_text(CAPPED.replace("carry 1", "carrry 1"))
    with at_terminal("broken.plan", columns=size[0], rows=size[1]) as terminal:
        terminal.wait_for("● 1 problem", PATIENCE_SECONDS)
        does(
            terminal,
            (F8, "did you mean `carry`?"),
            (CTRL_R, "no problems"),
            (CTRL_S, "Saved broken.plan"),
        )
    assert Path("broken.plan").read_text() == CAPPED


def test_why_nine_tenths_of_a_gigabyte_expired() -> None:
    Path("small.plan").write_text(CAPPED)
    with at_terminal("small.plan") as terminal:
        terminal.wait_for("Usage of data (a sample)", PATIENCE_SECONDS)
        does(
            terminal,
            (F7, "[ 3 GB]"),
            (f"7.1GB{ENTER}", "900 MB"),
            (F6, "Next pane"),
            (F6, "▸1 Jan"),
            (ENTER, "Lots of cycle 1"),
            (ENTER, "was above the cap"),
            (f"{END}{ENTER}", "• line 4: "),
        )


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_from_a_cycle_to_its_lots_to_what_moved_them_to_the_rule_and_back(size: tuple[int, int]) -> None:
    Path("small.plan").write_text(CAPPED)
    with at_terminal("small.plan", columns=size[0], rows=size[1]) as terminal:
        terminal.wait_for("Usage of data (a sample)", PATIENCE_SECONDS)
        does(
            terminal,
            (F6, "▸1 Jan"),
            (ENTER, "Lots of cycle 1"),
            (ENTER, "was above the cap"),
            (f"{END}{ENTER}", "• line 4: "),
            (F6, "was above the cap"),
            (ESCAPE, "Lots of cycle 1"),
            (ESCAPE, "•5 GB"),  # of a month: what the rule at the cursor moved
        )


def test_records_in_parquet_become_a_scenario_beside_the_plan() -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    days = [datetime(2026, 1, day, 18) for day in range(1, 31)]
    parquet.write_table(arrow.table({"at": days, "use": ["200 MB"] * len(days)}), "january.parquet")
    Path("small.plan").write_text(CAPPED)
    with at_terminal("small.plan") as terminal:
        terminal.wait_for("Usage of data (a sample)", PATIENCE_SECONDS)
        does(
            terminal,
            (F6, "▸1 Jan"),
            ("4", "[Events]"),
            ("o", "Look at a history"),
            (f"january.parquet{ENTER}", "Usage of data (january.parquet)"),
            (F7, "+6 GB"),
            ("e", "use 200 MB"),
            ("w", "small.scenario.yaml"),
            (ENTER, "Wrote small.scenario.yaml"),
        )
    result = rollover("run", "small.plan", "--scenario", "small.scenario.yaml")
    assert (result.exit_code, "6 GB" in result.output) == (0, True), result.output


def test_two_plans_are_compared_and_the_history_that_decides_becomes_a_test() -> None:
    Path("two.plan").write_text(TWO)
    with at_terminal("two.plan") as terminal:
        terminal.wait_for("Usage of data (a sample)", PATIENCE_SECONDS)
        does(
            terminal,
            (F6, "▸1 Jan"),
            ("5", "B Drops"),
            ("w", "Differ most in"),
            (f"expired{ENTER}", "not a proof"),
            (CTRL_T, "as an example"),
            (CTRL_S, "Saved two.plan"),
        )
    assert "example" in Path("two.plan").read_text()
    result = rollover("test", "two.plan")
    assert (result.exit_code, "1 passed, 0 failed" in result.output) == (0, True), result.output


def test_names_that_a_terminal_would_obey_move_no_column() -> None:
    shown = []
    for name in ("plain", "[red]x[/] \x1b[31m \u202e e\u0301 \u5bbd"):
        Path("evil.plan").write_text(CAPPED.replace('"Small"', f'"{name}"'))
        with at_terminal("evil.plan") as terminal:
            terminal.wait_for("Usage of data (a sample)", PATIENCE_SECONDS)
            pages = []
            for tab in ("Card", "Lots", "Events", "Compare", "Advice", "Months"):
                does(terminal, (F4, f"[{tab}]"))
                pages.append(terminal.text())
            shown.append(pages)
    plain, evil = shown
    assert all("[red]x[/] \\x1b[31m" in page for page in evil)
    for page, other in zip(plain, evil, strict=True):
        rows = [(row, beside) for row, beside in zip(page.split("\n"), other.split("\n"), strict=True) if "GB" in row[60:]]
        assert [row[60:] for row, _ in rows] == [beside[60:] for _, beside in rows]
