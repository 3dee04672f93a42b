"""That messages and layout are as good as docs/quality.md says: a small part of the counted runs in `benchmarks`."""

from __future__ import annotations

import pytest

from benchmarks import layouts, mutants

pytestmark = pytest.mark.filterwarnings("default")


def test_one_changed_word_is_shown_where_it_is_or_mended() -> None:
    tally = mutants.measured(400, seed=7)
    assert tally.faults > 300
    assert tally.percent_found >= mutants.GOAL_SHOWN, tally.missed[:3]
    assert tally.findings_a_fault <= mutants.GOAL_FINDINGS


def test_the_harness_can_tell_a_mistake_that_is_not_shown() -> None:
    """In `unit poitns` the word is nowhere wrong but where it is used: that is a miss, and is counted as one."""
    text = 'unit poitns\nplan "A" prepaid\n  grant 5 points\n'
    tally = mutants.Tally()
    mutants.judge(mutants.Mutant("misspell", text, 1, text.replace("poitns", "points")), tally)
    assert (tally.faults, len(tally.missed), tally.percent_found) == (1, 1, 0.0)


def test_a_plan_that_is_sound_is_no_fault() -> None:
    text = 'plan "A" prepaid\n  grant 5 GB\n'
    tally = mutants.Tally()
    mutants.judge(mutants.Mutant("delete", text, 2, text.replace("5 GB", "5 GB data")), tally)
    assert (tally.faults, tally.sound["delete"]) == (0, 1)


def test_laying_out_harms_no_text() -> None:
    assert [text for text in layouts.mangled(250, seed=7) if layouts.harm(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        'plan "A" prepaid\n  cycle:  week   in  blocks  of  1  year\n',
        'plan "A" prepaid\n  grant 1 GB for every 3 renewals in\u00a0all\n',
    ],
)
def test_words_of_several_words_may_be_spaced_out(text: str) -> None:
    assert layouts.harm(text) == ""


def test_the_harness_can_tell_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'plan "A" prepaid\n  grant 5 GB  # ours\n'
    for wrong, what in (
        (text.replace("# ours", ""), "a word or a comment is lost"),
        (text.replace("5", "6"), "a word or a comment is lost"),
    ):
        monkeypatch.setattr(layouts, "format_text", lambda _, wrong=wrong: wrong)
        assert layouts.harm(text) == what
    monkeypatch.setattr(layouts, "format_text", lambda given: given + "\n")
    assert layouts.harm(text) == "a second pass changes it"
