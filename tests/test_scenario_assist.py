"""A scenario file while it is written: its colours, and what could be written where the cursor stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screens import LARGE, opened, pressed, put_cursor, screen, shown
from shipped import PLANS, checked_plan

from dsl import scenario_file
from dsl.assist.position import Position
from dsl.assist.scenario_completion import complete_scenario
from dsl.assist.scenario_tokens import scenario_tokens
from dsl.check import check
from dsl.source import MAX_LINE, Source

PLAN = """\
plan "Flex 20" postpaid
  grant 20 GB, 300 minutes
  carry 1 month, cap 10 GB

plan "Large: all" postpaid
  grant 50 GB

pack "Travel 7"
  grant 3 GB for 7 days
"""
CHECKED = check(Source("flex.plan", PLAN))


def offered(marked: str) -> list[str]:
    """What is offered where a text has a bar."""
    before, behind = marked.split("|", 1)
    rows = before.split("\n")
    source = Source("", before + behind)
    return [one.insert for one in complete_scenario(source, Position(len(rows), len(rows[-1])), CHECKED)]


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("|", ["scenario: ", "plan: ", "start: "]),
        ("plan: Flex 20\nst|", ["start: "]),
        ("cycles:\n  - |", ["use: ", "buy: ", "top up: ", "do: ", "expect: {}", "lines: {}"]),
        ("cycles:\n- use: 6 GB\n  e|", ["expect: {}"]),
        ("cycles:\n  - use: 6 GB\n    |\n  - buy: x", ["buy: ", "top up: ", "do: ", "expect: {}", "lines: {}"]),
        ("records:\n  - {at: 2026-01-03, |}", ["line: ", "use: ", "buy: ", "top up: ", "do: ", "expect: {}"]),
        ("records:\n  - at: 2026-01-03\n    li|", ["line: "]),
        ("cycles:\n  - expect: {left: 4 GB, le|}", []),
        ("cycles:\n  - expect: {car|}", ["carried: "]),
        ("cycles:\n  - expect:\n      avail|", ["available: "]),
        ("cycles:\n  - lines: {Kid: {us|}}", ["use: "]),
        ("cycles:\n  - lines:\n      Kid:\n        bu|", ["buy: "]),
    ],
)
def test_keys_are_offered_where_they_stand(marked: str, first: list[str]) -> None:
    assert offered(marked)[: max(1, len(first))] == first


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("plan: |", ["Flex 20", '"Large: all"']),
        ("plan: lar|", ['"Large: all"']),
        ("cycles:\n  - buy: |", ["Travel 7"]),
        ("cycles:\n  - buy:\n      - tr|", ["Travel 7"]),
        ("cycles:\n  - {buy: [|]}", ["Travel 7"]),
        ("cycles:\n  - lines: {Kid: {use: 1 GB}}\nrecords:\n  - {at: 2026-01-02, line: Mum, use: 1 GB}\n  - line: |", ["Mum"]),
        ("cycles:\n  - use: 6 |", ["GB", "MB"]),
        ("cycles:\n  - use: [6 GB, 3 mi|]", ["minutes"]),
        ("plan: Flex 20\ncycles:\n  - do: rene|", ["renew"]),
        ("cycles:\n  - top up: 2 GB fo|", ["for 30 days"]),
        ("opening: carr|", ["carried 7 GB"]),
        ("cycles:\n  - expect: {carried: 10 GB bec|}", ["because carry"]),
        ("start: |", []),
        ("cycles:\n  - use: 6 GB # |", []),
    ],
)
def test_values_are_completed_by_what_reads_them(marked: str, first: list[str]) -> None:
    assert offered(marked)[: max(1, len(first))] == first


def test_steps_are_those_that_a_key_says() -> None:
    steps = offered("plan: Flex 20\ncycles:\n  - do: |")
    assert {'buy "Travel 7"', "renew", 'change to "Flex 20"'} <= set(steps)
    assert not any(step.split()[0] in ("start", "plan", "pack", "example", "promotion") for step in steps)


def test_what_is_offered_is_read_without_a_problem() -> None:
    for key in ("use", "top up", "buy", "do"):
        for value in offered(f"plan: Flex 20\ncycles:\n  - {key}: |")[:6]:
            text = f"plan: Flex 20\ncycles:\n  - {key}: {value}\n"
            _, problems = scenario_file.read(Source("", text), CHECKED)
            unknown = [one for one in problems if "Kid" not in text and one.is_error and one.code[0] == "S"]
            assert not unknown, (text, unknown)


KINDS = [
    ("# 1: a", [("# 1: a", "comment")]),
    ("plan: Flex 20 # mine", [("plan", "head"), ("Flex 20", "name"), ("# mine", "comment")]),
    ("  - use: 12 GB at night", [("use", "head"), ("12", "number"), ("GB", "word"), ("at", "keyword"), ("night", "keyword")]),
    ("  - {at: 2026-10-20, buy: T#7}", [("at", "head"), ("2026-10-20", "number"), ("buy", "keyword"), ("T#7", "name")]),
    (
        "    lines: {Kid: {use: '3 GB'}}",
        [("lines", "head"), ("Kid", "name"), ("use", "keyword"), ("3", "number"), ("GB", "word")],
    ),
    ("---", [("---", "head")]),
]


@pytest.mark.parametrize(("line", "kinds"), KINDS)
def test_words_have_colours_by_what_they_are(line: str, kinds: list[tuple[str, str]]) -> None:
    assert [(line[one.start : one.end], str(one.kind)) for one in scenario_tokens(line)] == kinds


MARKS = st.text(alphabet="ab -:{}[],#'\"\n019GBuse", max_size=120)


@given(MARKS, st.data())
def test_nothing_is_raised_on_any_text(text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    row = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[row])))
    for one in complete_scenario(Source("", text), Position(row + 1, column), CHECKED):
        assert one.span.line == row + 1
        assert 0 <= one.span.start <= column
    for line in lines:
        ends = [0, *(edge for one in scenario_tokens(line) for edge in (one.start, one.end)), len(line)]
        assert ends == sorted(ends)


def test_a_line_that_nobody_reads_has_no_colours() -> None:
    assert [str(one.kind) for one in scenario_tokens("a" * (MAX_LINE + 1))] == ["junk"]


def test_every_shipped_plan_has_a_scenario_begun_for_it() -> None:
    for name in PLANS[:12]:
        checked = checked_plan(name)
        found = complete_scenario(Source("", "plan: "), Position(1, 6), checked)
        assert [one.label for one in found] == [plan.name for plan in checked.plans]


# ---- in the editor


async def test_a_scenario_is_coloured_and_completed_in_the_editor(tmp_path: Path) -> None:
    (tmp_path / "flex.plan").write_text(PLAN)
    path = tmp_path / "flex.scenario.yaml"
    text = "plan: Flex 20\ncycles:\n  - use: 6 GB\n    \n"
    path.write_text(text)
    async with opened(text, LARGE, path) as (app, pilot):
        styles = [str(span.style) for span in app.editor.get_line(0).spans]
        assert len(set(styles)) == 2, "a key and a name"
        put_cursor(app, 4, 4)
        await pressed(pilot, "b")
        await shown(pilot, "buy a pack")
        await pressed(pilot, "tab", "t", "r")
        await shown(pilot, "Travel 7 a pack")
        await pressed(pilot, "tab")
        assert app.text == text.replace("    \n", "    buy: Travel 7\n")
        assert "no problems" in screen(app)
