"""What is looked for in a text, and one text made another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import search
from tui.changes import change, same_character
from tui.search import Pattern, PatternError, nearest

LINES = ["carry 1 month", "carry 12 Months", "", "uncarried"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (Pattern("month"), [(0, 8), (1, 9)]),
        (Pattern("Month", match_case=True), [(1, 9)]),
        (Pattern("month", whole_word=True), [(0, 8)]),
        (Pattern("carr", whole_word=True), []),
        (Pattern("1."), []),
        (Pattern("1.", is_regex=True), [(0, 6), (1, 6)]),
        (Pattern("x*", is_regex=True), []),
        (Pattern("^carry|ed$", is_regex=True), [(0, 0), (1, 0), (3, 7)]),
    ],
)
def test_what_matches(pattern: Pattern, found: list[tuple[int, int]]) -> None:
    assert [start for start, _ in pattern.matches(LINES)] == found
    assert [(row, start) for row, line in enumerate(LINES) for start, _ in pattern.spans(line)] == found


@pytest.mark.parametrize("text", ["(", "[", "*", "(?P<a>", "a{99999999999}", "\\"])
def test_what_is_no_expression_is_a_sentence(text: str) -> None:
    with pytest.raises(PatternError, match="no regular expression"):
        Pattern(text, is_regex=True)
    assert Pattern(text).matches([text]) == [((0, 0), (0, len(text)))]


def test_an_expression_that_takes_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_SECONDS", 0.05)
    with pytest.raises(PatternError, match="too long"):
        Pattern("(a+)+$", is_regex=True).matches(["a" * 60 + "b"])


def test_a_text_has_only_so_many_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_MATCHES", 5)
    assert len(Pattern("a").matches(["aaaa", "aaaa", "aaaa"])) == 5


def test_what_replaces_a_match_knows_its_groups_only_of_an_expression() -> None:
    assert Pattern("1").replaced("1 or 11", r"\1") == (r"\1 or \1\1", 3)
    assert Pattern(r"(\d+) (\w)", is_regex=True).replaced("1 a, 22 b", r"\2\1") == ("a1, b22", 2)
    assert Pattern(r"(\d+)", is_regex=True).replacement("1 or 22", (5, 7), r"<\1>") == "<22>"
    assert Pattern("1").replacement("1 or 22", (5, 7), "x") is None
    with pytest.raises(PatternError, match="can't replace"):
        Pattern("a", is_regex=True).replaced("a", r"\4")


def test_the_nearest_match_is_found_round_the_end() -> None:
    matches = Pattern("c").matches(LINES)
    assert nearest(matches, (0, 1), 1) == 1
    assert nearest(matches, (9, 0), 1) == 0
    assert nearest(matches, (0, 0), -1) == len(matches) - 1
    assert nearest(matches, (1, 0), -1) == 0
    assert nearest([], (0, 0), 1) is None


texts = st.lists(st.sampled_from(["a", "b", "c d", ""]), min_size=1, max_size=8)


@given(texts, texts)
def test_a_change_makes_one_text_of_the_other_and_moves_what_is_behind_it(old: list[str], new: list[str]) -> None:
    found = change(old, new)
    if found is None:
        assert old == new
        return
    assert [*old[: found.first], *found.lines, *old[found.last :]] == new
    for row in range(len(old)):
        moved, column = found.moved((row, 0))
        if row < found.first or row >= found.last:
            assert (new[moved], column) == (old[row], 0)


@pytest.mark.parametrize(
    ("old", "new", "place", "found"),
    [
        (["a   b"], ["  a b"], (0, 4), (0, 4)),
        (["a b"], ["  a b"], (0, 0), (0, 2)),
        (["a b"], ["  a b"], (0, 3), (0, 5)),
        (["a", "", "", "b"], ["a", "", "b"], (3, 0), (2, 0)),
        (["a", "", "", "b"], ["a", "", "b"], (3, 1), (2, 1)),
        (["", "", "a"], ["a"], (1, 0), (0, 0)),
        (["a", "", ""], ["a", ""], (2, 0), (1, 0)),
    ],
)
def test_a_place_stays_before_its_character(
    old: list[str], new: list[str], place: tuple[int, int], found: tuple[int, int]
) -> None:
    assert same_character(old, new, place) == found
