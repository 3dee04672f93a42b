"""Ways of using a plan: whole numbers of what it grants, the same for the same seed, told where they are used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from command_line import rollover, written
from hypothesis import given
from hypothesis import strategies as st
from reading import GB, plan_of
from strategies import examples

from engine.presets import MOST, RANDOM_MOST, Preset, length, seeded, usage
from tui.commands.histories import PRESETS
from tui.session import sample_usage

DAY = date(2026, 1, 1)
PLAN = 'plan "A" prepaid\n  grant 20 GB, 100 sms\n  when data runs out: block\n'


def percents(preset: Preset, cycles: int, seed: int | None = None) -> list[int]:
    used = usage(plan_of(PLAN), preset, cycles, DAY, None if seed is None else seeded(seed))
    assert all(cycle["data"] == cycle["sms"] * GB // 5 for cycle in used) or seed is not None
    return [cycle["sms"] for cycle in used]


@pytest.mark.parametrize(
    ("preset", "shares"),
    [
        ("sample", [30, 125, 100, 150, 0, 60, 30]),
        ("light", [20, 35, 15, 30, 20, 35, 15]),
        ("steady", [80] * 7),
        ("heavy", [110, 140, 120, 160, 110, 140, 120]),
        ("holiday", [60, 60, 180, 10, 60, 60, 60]),
        ("growing", [10, 20, 30, 40, 50, 60, 70]),
    ],
)
def test_a_preset_is_percent_of_the_allowance_cycle_by_cycle(preset: str, shares: list[int]) -> None:
    assert percents(Preset(preset), 7) == shares


def test_what_grows_does_not_grow_for_ever() -> None:
    assert max(percents(Preset.GROWING, 200)) == MOST


def test_a_seed_is_the_same_usage_on_any_machine() -> None:
    """The numbers are part of what is promised: a seed may stand in somebody's notes."""
    assert percents(Preset.RANDOM, 6, 7) == [18, 186, 117, 93, 86, 61]
    draw = seeded(0)
    assert [draw(0, (1 << 64) - 1) for _ in range(2)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]


@examples(100)
@given(st.sampled_from(Preset), st.integers(0, 40), st.integers(-(2**70), 2**70))
def test_a_seeded_preset_stays_near_what_it_is(preset: Preset, cycles: int, seed: int) -> None:
    found = percents(preset, cycles, seed)
    assert found == percents(preset, cycles, seed)
    assert len(found) == cycles
    if preset is Preset.RANDOM:
        assert all(0 <= percent <= RANDOM_MOST for percent in found)
    else:
        assert all(
            percent >= 0 and abs(percent - usual) <= 15 for percent, usual in zip(found, percents(preset, cycles), strict=True)
        )


def test_seeds_differ() -> None:
    assert len({tuple(percents(Preset.RANDOM, 6, seed)) for seed in range(50)}) == 50


def test_what_is_random_needs_a_generator() -> None:
    with pytest.raises(ValueError, match="generator"):
        percents(Preset.RANDOM, 1)


def test_the_sample_is_the_preset_of_that_name() -> None:
    plan = plan_of(PLAN)
    assert sample_usage(plan) == usage(plan, Preset.SAMPLE, length(Preset.SAMPLE), DAY)


def test_the_command_line_knows_every_preset() -> None:
    assert tuple(Preset) == PRESETS


# ---- rollover run --preset ----


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", PLAN)


def test_a_run_tells_what_a_preset_is() -> None:
    result = rollover("run", "a.plan", "--preset", "heavy", "--cycles", "12")
    assert result.exit_code == 0
    assert "\n   12  2026-12-01" in result.stdout
    assert (
        "assumed: heavy: each cycle uses 110, 140, 120 and 160 percent of the allowance, over and over (`--preset heavy`)"
        in (result.stdout)
    )


def test_a_seed_makes_each_cycle_a_little_otherwise() -> None:
    first, again, other = (rollover("run", "a.plan", "--preset", "heavy", "--seed", seed).stdout for seed in ("7", "7", "8"))
    assert first == again != other
    assert "15 percent more or less by the seed (`--preset heavy --seed 7`)" in first
    assert "(`--preset random --seed 0`)" in rollover("run", "a.plan", "--preset", "random").stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--preset", "wild"), "'wild' is not one of 'sample', 'light'"),
        (("--preset", "heavy", "--cycles", "0"), "0 is not in the range 1<=x<=1200"),
        (("--preset", "heavy", "--use", "1GB"), "give one of --use, --scenario, --usage and --preset"),
        (("--cycles", "3"), "--cycles and --seed say more about a --preset: give that, too"),
        (("--seed", "3", "--use", "1 GB"), "--cycles and --seed say more about a --preset: give that, too"),
    ],
)
def test_what_cannot_be_asked_is_told(args: tuple[str, ...], told: str) -> None:
    result = rollover("run", "a.plan", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
