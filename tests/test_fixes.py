"""Fixes: what a mistake is mended to where that is certain, and that mending does no harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.check import check
from dsl.diagnostics import Diagnostic, Fix
from dsl.fixes import MAX_PASSES, applied, mended
from dsl.source import Source, Span

HEADER = 'plan "A" prepaid\n  grant 10 GB, 100 minutes\n'

MENDED = {
    "grnt 5 GB": "grant 5 GB",
    "grant 1,000 MB": "grant 1000 MB",
    "grant 2,5 GB": "grant 2.5 GB",
    "grant 5 GB a month": "every month grant 5 GB",
    "unused data: carry 1 month, 5 GB": "unused data: carry 1 month, cap 5 GB",
    "unused data: carry one month": "unused data: carry 1 month",
    "unused data: rollover 1 month": "unused data: carry 1 month",
    "unused data carry 1 month": "unused data: carry 1 month",
    "unused dta: carry 1 month": "unused data: carry 1 month",
    "unused data: carry 1 month cap 5 GB": "unused data: carry 1 month, cap 5 GB",
    "unused data: cap10GB": "unused data: cap 10 GB",
    "grant 5 GB at night": "grant 5 GB only at night",
    "grant 5 GBs": "grant 5 GB",
    "cycle: from the 15": "cycle: from the 15th",
    "when data runs out: throttle to 64 kbps": "when data runs out: slow to 64 kbps",
    "use ‘Booster’, then allowance": 'use "Booster", then allowance',
    "example foo": 'example "foo"',
    'example "foo': 'example "foo"',
}  # fmt: skip

# Of these nobody knows what is meant: no fix, only help.
NOT_CERTAIN = (
    "carry 1 month", "unused data: carry", "unused data: cap 5 GB", "unused minutes: convert to data", "frobnicate 5 GB",
    "unused data: carry 1 month, frobnicate", "from 2026-13-40 grant 5 GB", "at most 3 times",
)  # fmt: skip


def findings(text: str) -> tuple[Diagnostic, ...]:
    return check(Source("x.plan", text)).diagnostics


@pytest.mark.parametrize("wrong", MENDED)
def test_what_is_certain_is_mended(wrong: str) -> None:
    assert any(one.fix for one in findings(f"{HEADER}  {wrong}\n"))
    assert mended(f"{HEADER}  {wrong}\n", findings) == f"{HEADER}  {MENDED[wrong]}\n"


@pytest.mark.parametrize("wrong", NOT_CERTAIN)
def test_what_is_not_certain_is_left_alone(wrong: str) -> None:
    text = f"{HEADER}  {wrong}\n"
    assert findings(text)
    assert mended(text, findings) == text


def test_names_are_mended_to_those_of_the_file() -> None:
    text = 'plan "Flex 20" prepaid\n  grant 1 GB\n  example "e"\n    buy "Travle"\n    use 1 GB\n'
    text += 'plan "B" like "Flx 20"\n\npack "Travel"\n  grant 1 GB\n'
    assert findings(mended(text, findings)) == ()
    assert 'like "Flex 20"' in mended(text, findings)
    assert 'buy "Travel"' in mended(text, findings)


def test_comments_and_line_ends_stay() -> None:
    text = 'plan "A" prepaid  # ours\r\n  grnt 1,000 MB  # a lot\r\n'
    assert mended(text, findings) == 'plan "A" prepaid  # ours\r\n  grant 1000 MB  # a lot\r\n'


def test_of_two_fixes_of_one_place_only_the_first_is_made() -> None:
    first, second = Fix(((Span(1, 0, 3), "abc"),)), Fix(((Span(1, 2, 4), "x"),))
    assert applied("----\n", (first, second)) == "abc-\n"
    assert applied("one\ntwo\n", (Fix(((Span(1, 0, 3), None),)),)) == "two\n"


def test_fixes_that_never_end_are_given_up() -> None:
    endless = Diagnostic("R000", findings("grnt")[0].severity, "", Span(1, 0, 0), fix=Fix(((Span(1, 0, 0), "x"),)))
    assert mended("", lambda _: [endless]) == "x" * MAX_PASSES


GOLDENS = [path for path in (Path(__file__).parent / "goldens" / "mistakes").glob("*.plan") if path.stat().st_size < 20_000]


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.name)
def test_mending_a_file_leaves_fewer_mistakes_and_nothing_to_mend(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    after = mended(text, findings)
    assert len(findings(after)) <= len(findings(text))
    assert mended(after, findings) == after
    assert [line.partition("#")[2] for line in after.splitlines()] == [line.partition("#")[2] for line in text.splitlines()]


WORDS = st.sampled_from(sorted({word for line in (*MENDED, *MENDED.values(), *NOT_CERTAIN) for word in line.split()}))


@given(st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), max_size=4))
def test_mending_any_words_ends_and_does_not_bring_up_more_than_there_was(lines: list[str]) -> None:
    text = HEADER + "".join(f"  {line}\n" for line in lines)
    after = mended(text, findings)
    unreadable = [one for one in findings(after) if one.code < "R1"]
    assert len(unreadable) <= len([one for one in findings(text) if one.code < "R1"])
