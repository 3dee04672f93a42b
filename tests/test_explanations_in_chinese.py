"""What completion, hover and the pages of codes say, in Chinese: all of it is, and what somebody typed stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import test_findings_in_chinese
from chinese import english, run_of_words
from command_line import rollover
from marked import marked
from shipped import PLANS, checked_plan, source

from dsl import pages
from dsl.assist import catalogue
from dsl.assist.completion import complete
from dsl.assist.hints import hints
from dsl.assist.hover import hover
from dsl.assist.position import Position
from dsl.assist.scenario_completion import complete_scenario
from dsl.assist.scenario_words import MEANINGS
from dsl.check import check
from dsl.phrase import Phrase
from dsl.source import Source
from tui.language import CHINESE, language
from tui.largest import largest_hints

SAY = language(CHINESE).say
# A place for each kind of what is offered: lines, words, names of each kind, amounts, units, services, lives, zones, figures.
OFFERED = """\
rate 1 GB = 30 minutes
timezone Europe/Vienna
unit flex
group "Family": "Flex 20", "Flex 40"

plan "Flex 20" postpaid
  grant 20 GB, 300 minutes, 5 flex
  grant 1 GB only "video"
  price 10 EUR a month
  use carried, then "Trip"
  unused data: carry 1 month, cap 50% of plan, convert the rest to minutes
  when asked, unused data: give, at most 1 GB a cycle
  when data runs out: slow to 128 kbps

  example "rolls"
    buy "Trip"
    use 6 GB -> left 14 GB, carried 10 GB because carry
    on 2026-01-03 "Kid" starts on "Flex 40"

plan "Flex 40" like "Flex 20"

pack "Trip"
  grant 1 GB for 7 days
  sold at most 1 time a cycle

promotion "Week" for "Flex 20"
  from 2026-02-10 until 2026-02-20
  multiply the allowance by 2
"""
SCENARIO = """\
plan: Flex 20
cycles:
  - use: 6 GB
    buy: Trip
    lines: {Kid: {use: 1 GB}}
    expect: {left: 1 GB, ends: never}
"""


def in_english(texts: dict[str, str]) -> dict[str, list[str]]:
    """Of texts and what is said for them, those with words of English outside of quotes."""
    said = {said: [*english(said), *run_of_words(said)] for said in texts.values()}
    return {one: words for one, words in said.items() if words} | {
        text: ["as it was"] for text, one in texts.items() if one == text
    }


def phrases(texts: Iterator[str]) -> dict[str, str]:
    found = [text for text in texts if text and text != "UTC"]
    assert [text for text in found if not isinstance(text, Phrase)] == []
    return {text: SAY(text) for text in found}


def test_what_words_and_lines_mean() -> None:
    told = (*catalogue.meanings().values(), *catalogue.places().values())
    meanings = [text for meaning in told for text in meaning]
    texts = phrases(iter([*meanings, *catalogue.lines().values(), *catalogue.phrases().values(), *MEANINGS.values()]))
    assert len(texts) > 350
    assert in_english(texts) == {}


def test_pages_of_codes() -> None:
    found = [page for page in map(pages.page, pages.codes()) if page]
    texts = phrases(text for page in found for text in (page.title, *(part.words for part in page.parts)))
    assert len(texts) > 300
    assert in_english(texts) == {}


@pytest.mark.parametrize("name", PLANS)
def test_what_is_told_of_every_word_of_what_is_shipped(name: str) -> None:
    checked = checked_plan(name)
    places = [
        Position(number, one.start())
        for number, line in enumerate(source(name).lines, 1)
        for one in re.finditer(r'[\w-]+|"[^"]+"', line)
    ]
    told = [found for place in places if (found := hover(checked, place))]
    assert told
    assert in_english(phrases(fact for one in told for fact in one.facts)) == {}


def test_what_is_told_of_a_finding() -> None:
    """And of the page of each code."""
    for code in ("R002", "R206", "R204", "R101"):
        one = next(one for _, one in test_findings_in_chinese.FOUND if one.code == code)
        text = "\n" * (one.span.line - 1) + " " * one.span.start + "x"
        found = hover(check(Source("", text)), Position(one.span.line, one.span.start), [one])
        assert found
        assert in_english(phrases(iter(found.facts[:2]))) == {}


def offered(text: str, begins: str) -> Iterator[str]:
    checked, read = check(Source("", text)), Source("", text)
    for number, line in enumerate(read.lines, 1):
        for one in re.finditer(begins, line):
            for candidate in complete(checked, Position(number, one.end()), ("Asia/Shanghai",)):
                yield candidate.detail


def test_what_is_offered() -> None:
    texts = phrases(offered(OFFERED, r'"(?=\w)|(?<=\w )(?=[\w-])|^  (?=\w)'))
    assert {"a time zone", "a kind of use", "a line", "a unit of data: 1,000,000 bytes", "so long", "a speed"} <= {*texts}
    assert in_english(texts) == {}


def test_what_is_offered_in_a_scenario() -> None:
    beside = check(Source("", OFFERED))
    found = [
        candidate.detail
        for number, line in enumerate(SCENARIO.split("\n"), 1)
        for one in re.finditer(r"^ *(?=[\w-])|[:{,] ", line)
        for candidate in complete_scenario(Source("", SCENARIO), Position(number, one.end()), beside)
    ]
    texts = phrases(iter(found))
    assert len(texts) > 10
    assert in_english(texts) == {}


def test_what_stands_dim_beside_lines() -> None:
    checked = check(Source("", OFFERED.replace("  when data runs out: slow to 128 kbps\n", "")))
    assert not checked.has_errors
    found = (*hints(checked, 1, 99), *largest_hints(checked, 1, 99))
    texts = phrases(iter([text for one in found for text in (*one.details, *([] if one.insert else [one.text]))]))
    assert in_english({text: re.sub(r"cycle: [\w ]+|units: [\w =]+", "", said) for text, said in texts.items()}) == {}


def test_amounts_that_stand_dim_have_units_of_the_language() -> None:
    text = 'plan "A" prepaid\n  grant 300 minutes, 50 sms\n  unused minutes: carry 1 month\n  unused sms: carry 2 months\n'
    found = [SAY(one.text) for one in largest_hints(check(Source("", text)), 1, 9)]
    assert found == ["不用时最多 600 分钟", "不用时最多 150 条"]


def test_what_somebody_typed_stays_as_it_is() -> None:
    """Though our words may be called so."""
    checked, position = marked('plan "a |pack" prepaid\n  grant 300 minutes\n  price 5 EUR\n')
    found = hover(checked, position)
    assert found
    assert SAY(found.facts[0]) == "`a pack`：预付费；每个账期 300 分钟；5 EUR。"


def test_explain_has_the_page_in_the_language_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    chinese = rollover("explain", "--language", "zh_CN", "R206").stdout
    assert chinese.startswith("R206：是哪项业务？\n\n套餐给予多项业务，")
    assert "\n\n应避免：\n\n    plan " in chinese
    assert "R206  是哪项业务？\n" in rollover("explain", "--language", "zh_CN").stdout
    assert rollover("explain", "R206").stdout.startswith("R206: Which service?\n\nThe plan grants several")


@pytest.mark.parametrize(
    ("amount", "told"),
    [("6 GB", "6 GB 于 2026-03-01 到期"), ("6 分钟", "6 分钟于 2026-03-01 到期"), ("全部", "全部于 2026-03-01 到期")],
)
def test_a_space_parts_latin_from_chinese_and_no_two_chinese_characters(amount: str, told: str) -> None:
    """Whichever the field is: the text that it stands in was written for one of them."""
    assert SAY("{amount} 于 {day} 到期", amount=amount, day="2026-03-01") == told
