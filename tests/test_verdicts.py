"""What was proved before is told again, until something that it depends on changes; what is broken in the cache counts for
nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("z3")

from command_line import rollover

import engine.prove.claims
from tui import places

PLAN = """plan "A" prepaid
  grant 20 GB
  use carried data first
  carry 1 month, cap 10 GB
  ensure data never above 30 GB
  ensure data never above 29 GB
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """The amounts of the claims that were proved, in a cache of its own."""
    monkeypatch.setenv("ROLLOVER_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    found: list[int] = []
    prove = engine.prove.claims.prove

    def noted(plan: object, claim: object, *rest: object) -> object:
        found.append(claim.amount // 10**9)  # type: ignore[attr-defined]
        return prove(plan, claim, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine.prove.claims, "prove", noted)
    return found


def said(*more: str, text: str = PLAN) -> str:
    Path("a.plan").write_text(text)
    return rollover("prove", "a.plan", *more).output


def entries() -> list[Path]:
    home = places.cache()
    assert home
    return sorted(home.glob("proof-*.json"))


def test_what_was_proved_is_told_again_in_the_same_words(asked: list[int]) -> None:
    first = said()
    assert "PROVED" in first
    assert "REFUTED" in first
    assert said() == first
    assert json.loads(said("--format", "json")) == json.loads(said("--format", "json", "--no-cache"))
    assert asked == [30, 29, 30, 29]


def test_a_verdict_depends_on_what_the_plan_means_and_not_on_where_it_stands(asked: list[int]) -> None:
    said()
    assert "a.plan:6: PROVED" in said(text="# moved\n" + PLAN.replace("ensure data never above 29 GB", ""))
    assert asked == [30, 29]
    assert "a.plan:5: REFUTED" in said(text=PLAN.replace("cap 10 GB", "cap 11 GB"))
    assert asked == [30, 29, 30, 29]


def test_without_a_cache_nothing_is_kept(asked: list[int]) -> None:
    said("--no-cache")
    said("--no-cache")
    assert asked == [30, 29, 30, 29]
    assert entries() == []


@pytest.mark.parametrize(
    "broken",
    [
        lambda _: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("REFUTED", "PROVED"),
        lambda _: '["", "{}"]',
        lambda _: "[1, 2]",
        lambda _: '{"verdict": "PROVED"}',
        lambda text: text.replace('\\"data\\": 0', '\\"data\\": 1'),
    ],
)
def test_a_broken_entry_counts_for_nothing(asked: list[int], broken: Callable[[str], str]) -> None:
    first = said()
    for path in entries():
        path.write_text(broken(path.read_text()))
    assert said() == first
    assert len(asked) in (3, 4)  # what is broken was proved again


def test_a_history_that_is_kept_is_run_again_and_proved_again_where_it_breaks_nothing(
    asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = said()
    monkeypatch.setattr("tui.verdicts._seal", lambda *_: "sealed")
    for path in entries():
        text = json.loads(path.read_text())[1].replace('{"data": 0}', '{"data": 20000000000}')
        path.write_text(json.dumps(["sealed", text]))
    assert said() == first
    assert asked == [30, 29, 29]


def test_one_verdict_does_not_stand_for_another(asked: list[int]) -> None:
    first = said()
    one, other = entries()
    texts = one.read_text(), other.read_text()
    one.write_text(texts[1])
    other.write_text(texts[0])
    assert said() == first
    assert asked == [30, 29, 30, 29]


def test_the_name_of_a_verdict_is_the_same_in_every_process() -> None:
    text = PLAN.replace("  carry 1 month", "  unused data, add-on data and bonus data: carry 1 month")
    code = (
        "import sys; from datetime import datetime; from dsl.check import check; from dsl.source import Source; "
        "from tui.verdicts import name_of; plan = check(Source('', sys.argv[1])).plans[0]; "
        "assert len(plan.rules[0].classes) == 3; print(name_of(plan, plan.claims[0], datetime(2026, 1, 1), {}))"
    )
    names = {
        subprocess.run(
            [sys.executable, "-c", code, text], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3", "4")
    }
    assert len(names) == 1
