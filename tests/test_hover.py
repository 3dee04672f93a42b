"""What an editor says of a place: hovers, hints, tokens, and what can be done about a finding."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import marked
from shipped import EXAMPLES, PLANS
from strategies import examples

from dsl.assist.actions import actions
from dsl.assist.hints import hints
from dsl.assist.hover import hover
from dsl.assist.position import Position
from dsl.assist.tokens import TokenKind, tokens
from dsl.check import Checked, check
from dsl.fixes import applied
from dsl.lints import lint
from dsl.source import Source, Span

FILE = """\
plan "Flex 20" postpaid
  price 9.50 EUR a month
  grant 20 GB
  rate 1 GB = 30 minutes
  unused data: carry 1 month, cap 2x plan, convert the rest to minutes
  when data runs out: slow to 128 kbps
plan "Flex 40" like "Flex 20"
  grant 40 GB
pack "Trip"
  grant 1 GB for 7 days
  price 3 EUR
"""


def facts(mark: str, text: str = FILE) -> tuple[str, ...]:
    checked, position = marked(text.replace(mark.replace("|", ""), mark, 1))
    found = hover(checked, position)
    return found.facts if found else ()


# ---- hover


def test_a_word_says_what_it_means_and_what_holds_without_it() -> None:
    assert facts("|carry 1 month") == (
        "`carry`: What is in hand lives on as carried, for so long; what was carried already stays in hand."
        " If left out: What no clause claims expires.",
    )
    assert facts("convert the |rest")[0] == "`the rest`: All that the clauses before it left in hand."


PLACES = """\
regulation "Rules"
  except unlimited
  unused data: must carry at least 1 time, by itself
plan "A" prepaid
  use carried first
  change up: new plan now
  convert to minutes
  ensure carried data never above 9 GB a cycle
  example "what comes of it"
    use 2 GB -> left 1 GB carried, carried 3 GB because carry
    change to "B"
    use 2 GB by day
pack "Trip"
  grant 4 GB for 7 days
promotion "Week" for "A"
  grant 5 GB for 8 days
"""


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("except |unlimited", "`unlimited`: What is granted without a limit."),
        ("|unused data: must", "`unused`: All that the plan and its packs grant, of whatever class, and nobody used."),
        ("must |carry", "`carry`: What is left lives on past its end, and past so many ends of cycles."),
        ("1 |time,", "`time`: How many ends of cycles it must live past."),
        ("by |itself", "`by itself`: Whatever the subscriber does. If left out: It may depend on the subscriber."),
        ("|use carried", "`use`: Which lots go first. If left out: What ends soonest goes first, then the oldest."),
        ("use |carried first", "`carried`: What was carried over from earlier cycles."),
        ("new |plan now", "`new plan`: The plan that follows a change."),
        ("convert |to", "`to`: Which service it becomes."),
        ("ensure |carried", "`carried`: What is held when a cycle has closed, and goes on into the next."),
        ("9 GB a |cycle", "`a cycle`: In any cycle. If left out: This is assumed."),
        ("|use 2 GB -> ", "`use`: What is used in a cycle, or at that date."),
        ("1 GB |carried,", "`carried`: What was carried over from earlier cycles."),
        (", |carried 3 GB", "`carried`: What goes on into the next cycle."),
        ("because |carry", "`carry`: Such a clause or line made the figure."),
        ("|change to", "`change`: The subscriber takes another plan."),
        ("change |to", "`to`: To which plan."),
        ("2 GB |by day", "`by day`: Use by day and not at night."),
        ("|grant 4 GB", "`grant`: Puts a lot when the pack is bought."),
        ("|grant 5 GB", "`grant`: Puts a lot when the promotion begins for a line."),
        ('|for "A"', "`for`: The plans whose lines it is for."),
        ("|for 8 days", "`for`: How long something lives. If left out: A grant lives to the end of its cycle."),
    ],
)
def test_a_word_means_what_it_means_in_its_place(mark: str, told: str) -> None:
    assert [fact for fact in facts(mark, PLACES) if fact.startswith("`") and "bytes" not in fact][:1] == [told]


def test_what_is_assumed_is_told_of_the_words_that_leave_it_open() -> None:
    counts = "Assumed: a cap counts what its line has carried and is there after the boundary (`cap ... on carried`)."
    assert facts("|cap 2x plan")[-1] == facts("cap |2x plan")[-1] == counts
    assert facts("|cap 2x plan", FILE.replace("2x plan", "2x plan on carried"))[-1] != counts
    assert facts("convert the |rest")[1:] == (
        "Assumed: what is converted ends with the next cycle and does not carry (`convert ... to the end of the next cycle`).",
    )
    assert facts("|price")[-1].startswith("Assumed: a first cycle that is short costs the whole price")
    assert not [fact for fact in facts("|unused data") if fact.startswith("Assumed")], "the clauses leave it open, not the line"


def test_an_amount_is_told_in_base_units() -> None:
    assert facts("grant 2|0 GB")[0] == "`20 GB` is 20,000,000,000 bytes (1 GB is 1000 MB)."
    assert facts("9.|50 EUR")[0] == "`9.50 EUR` is 950 minor units of EUR."
    assert facts("1|28 kbps")[0] == "`128 kbps` is 128,000 bits a second."
    binary = "units: 1 GB = 1024 MB\n" + FILE
    assert facts("grant 2|0 GB", binary)[0] == "`20 GB` is 21,474,836,480 bytes (1 GB is 1024 MB)."


def test_a_limit_of_the_plan_is_told_for_each_plan_that_has_it() -> None:
    assert facts("cap |2x plan")[:2] == (
        "`2x plan` of `Flex 20` is 40 GB: 40,000,000,000 bytes.",
        "`2x plan` of `Flex 40` is 80 GB: 80,000,000,000 bytes.",
    )


def test_a_plan_is_told_at_a_glance_and_where_it_begins_with_what_is_assumed() -> None:
    assert facts('like "Flex| 20"') == ("`Flex 20`: postpaid; each cycle 20 GB; 9.5 EUR a cycle.",)
    found = facts('plan "Flex| 20"')
    assert found[1].startswith("Assumed, since nothing says otherwise: a cycle is a month from the day of activation;")
    assert facts('pack "Tr|ip"') == ("`Trip`: a pack; 1 GB; 3 EUR.",)


def test_a_finding_says_what_is_wrong_and_why_it_matters() -> None:
    checked, position = marked('plan "A" prepaid\n  grant 10 GB\n  unused data: ca|ry 1 month\n')
    found = hover(checked, position)
    assert found is not None
    assert found.codes == ("R002",)
    assert found.span == Span(3, 15, 19)
    assert found.facts[:2] == (
        "R002: `cary` is not a word that can stand here; did you mean `carry`?",
        "A word is spelled otherwise, or is no word of the language."
        " A rule that is not read is a rule that customers do not get.",
    )


def test_nothing_is_said_of_nothing() -> None:
    assert facts("grant 20 GB\n  |rate", FILE.replace("  rate", "    # a comment\n  rate")) is not None
    assert hover(*marked('plan "A" prepaid  # a com|ment\n  grant 1 GB')) is None
    assert hover(*marked("|")) is not None  # of an empty file there is a finding
    assert hover(*marked(FILE + "\n\n|")) is None


def test_what_a_file_calls_things_is_shown_without_what_a_terminal_obeys() -> None:
    assert facts('plan "|', 'plan "\x1b[31mred\u202e" prepaid\n  grant 1 GB\n')[0].startswith("`\\x1b[31mred\\u202e`: prepaid")


# ---- hints


def shown(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.text) for one in hints(check(Source("", text)), 1, 1_000)]


def test_what_is_assumed_stands_beside_the_words_that_leave_it_open() -> None:
    assert shown(FILE)[:4] == [
        (1, "assumed: cycle: month from activation; units: 1 GB = 1000 MB; 7 more"),
        (2, ", whole"),
        (5, " on carried"),
        (5, " to the end of the next cycle"),
    ]


@pytest.mark.parametrize("name", PLANS)
def test_words_that_a_hint_would_insert_change_nothing_but_that_they_are_said(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    before = check(Source(name, text))
    said = [one for one in hints(before, 1, 10_000) if one.insert]
    lines = text.split("\n")
    for one in sorted(said, key=lambda one: (one.line, one.column), reverse=True):
        line = lines[one.line - 1]
        lines[one.line - 1] = line[: one.column] + one.text + line[one.column :]
    after = check(Source(name, "\n".join(lines)))
    assert not after.diagnostics
    for old, new in zip(before.plans, after.plans, strict=True):
        left = {one.topic for one in old.assumptions} - {one.topic for one in new.assumptions}
        assert {one.topic for one in new.assumptions} <= {one.topic for one in old.assumptions}
        assert left or not said or old.name not in {detail for one in said for detail in one.details}


def test_hints_are_those_of_the_lines_that_are_asked_for() -> None:
    checked = check(Source("", FILE))
    assert {one.line for one in hints(checked, 5, 7)} == {5, 7}
    assert hints(checked, 9, 11) == ()


def test_a_file_with_errors_has_no_hints() -> None:
    assert shown(FILE + "  cary\n") == []


# ---- actions


def done(text: str, title: str) -> str:
    checked = check(Source("", text))
    found = [*checked.diagnostics, *lint(checked)]
    one = next(one for one in actions(checked.source, found, Position(1, 0), Position(99, 0)) if one.title == title)
    return applied(text, [one.fix])


def test_a_fix_is_offered_by_what_it_writes() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  unused data: cary 1 month\n'
    assert done(text, "Write `carry`") == text.replace("cary", "carry")


def test_a_lint_may_be_allowed_with_a_reason() -> None:
    text = 'plan "A" prepaid\n  cycle: month from the 31st\n  grant 10 GB\n'
    allowed = done(text, "Allow L012 on this line, and say why")
    assert allowed.split("\n")[0] == 'plan "A" prepaid  # allow L012: why'
    assert not [one for one in lint(check(Source("", allowed))) if one.code == "L012"]


def test_a_comment_that_stands_there_stays() -> None:
    text = 'plan "A" prepaid  # ours\n  cycle: month from the 31st\n  grant 10 GB\n'
    allowed = done(text, "Allow L012 on this line, and say why")
    assert allowed.split("\n")[0] == 'plan "A" prepaid  # ours, allow L012: why'
    assert not [one for one in lint(check(Source("", allowed))) if one.code == "L012"]
    again = text.replace("# ours", "# allow L099: why")
    allowed = done(again, "Allow L012 on this line, and say why")
    assert allowed.split("\n")[0] == 'plan "A" prepaid  # allow L099, L012: why'
    assert not [one for one in lint(check(Source("", allowed))) if one.code == "L012"]


def test_only_what_is_found_near_can_be_done_there() -> None:
    checked = check(Source("", 'plan "A" prepaid\n  grnt 10 GB\n  cary 1 month\n'))
    found = actions(checked.source, checked.diagnostics, Position(3, 0), Position(3, 3))
    assert [one.title for one in found] == ["Write `carry`"]


# ---- tokens


def kinds(line: str) -> list[tuple[str, TokenKind]]:
    return [(line[one.start : one.end], one.kind) for one in tokens(line)]


def test_tokens_are_those_of_the_grammar() -> None:
    assert kinds('  Grant 10GB data until Friday "video" ; # why') == [
        ("Grant", TokenKind.HEAD),
        ("10", TokenKind.NUMBER),
        ("GB", TokenKind.WORD),
        ("data", TokenKind.WORD),
        ("until", TokenKind.KEYWORD),
        ("Friday", TokenKind.KEYWORD),
        ('"video"', TokenKind.NAME),
        (";", TokenKind.JUNK),
        ("# why", TokenKind.COMMENT),
    ]


@given(st.text(max_size=80))
@examples(100)
def test_tokens_are_in_order_and_within_their_line(line: str) -> None:
    end = 0
    for one in tokens(re.sub(r"[\r\n]", " ", line)):
        assert end <= one.start < one.end <= len(line)
        end = one.end


# ---- what holds for every text


@given(st.text(alphabet='\n\t "#:,->%plangrtGB10x\u00a0😀', max_size=60), st.integers(0, 5), st.integers(0, 70))
@examples(100)
def test_no_text_and_no_place_is_too_odd(text: str, line: int, column: int) -> None:
    checked: Checked = check(Source("", text))
    hover(checked, Position(line, column))
    hints(checked, 0, 99)
    actions(checked.source, checked.diagnostics, Position(0, 0), Position(line, column))
