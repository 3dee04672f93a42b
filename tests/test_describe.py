"""The terms that a plan comes to, in every language: all of it is told, as it is, and as a customer reads it."""

from __future__ import annotations

import dataclasses
import inspect
import json
import os
import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from enum import Enum
from functools import cache
from pathlib import Path

import pytest
from command_line import ROOT, process, rollover, written
from markdown_it import MarkdownIt
from reading import GB, after, anywhere, plan_of
from shipped import PLANS, checked_plan

import dsl.plan
from dsl.check import check
from dsl.plan import (
    ACTIVATION_DAY,
    Assumption,
    Cap,
    Carry,
    Change,
    Convert,
    Endless,
    FeeFor,
    Grant,
    Later,
    LeavingFee,
    MonthCycle,
    NewEnd,
    Occasion,
    PerRenewals,
    Plan,
    Price,
    Renewal,
    UntilDay,
    Weight,
)
from dsl.source import Source, Span, width
from tui.describe import Item, Terms, describe, describe_regulation
from tui.describe.layouts import as_markdown, as_text
from tui.language import CHINESE, ENGLISH, LANGUAGES, language

GOLDENS = Path(__file__).with_name("goldens") / "describe"
# What no example says: with it each word of a checked plan is in some plan.
RARE = Path(__file__).with_name("data") / "described.plan"


@cache
def plans() -> tuple[Plan, ...]:
    """Those of all examples, and those that say the rest."""
    rare = check(Source(RARE.name, RARE.read_text(encoding="utf-8")))
    assert not rare.has_errors
    return (*rare.plans, *(plan for name in PLANS for plan in checked_plan(name).plans))


def told(plan: Plan | str, code: str = ENGLISH) -> str:
    """The terms as text in lines without end."""
    return as_text(describe(plan_of(plan) if isinstance(plan, str) else plan, language(code)), 10_000)


# ---- as a customer reads it ----


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    [
        "flex", "packs", "postpaid", "operators/au-aldi-mobile", "operators/br-vivo-pre400", "operators/kr-lguplus-gift",
        "operators/uk-sky-roll", "operators/us-tmobile-data-stash", "regulations/icasa-8a", "regulations/btrc",
        "regulations/ghana-2019", "described",
    ],
)  # fmt: skip
def test_the_terms_as_they_are_printed(name: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = RARE if name == "described" else ROOT / "examples" / f"{name}.plan"
    result = rollover("describe", str(path), "--language", code)
    assert result.exit_code == 0
    golden = GOLDENS / f"{Path(name).name}.{code}.txt"
    if os.environ.get("ROLLOVER_UPDATE"):
        GOLDENS.mkdir(exist_ok=True)
        golden.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == golden.read_text(encoding="utf-8")


FLEX = """\
rate 1 GB = 30 minutes
plan "Flex" postpaid
  cycle: calendar month
  grant 20 GB
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
"""


def test_each_clause_is_a_step_and_the_last_says_what_becomes_of_the_rest() -> None:
    terms = describe(plan_of(FLEX), language(ENGLISH))
    steps = next(section for section in terms.sections if section.key == "left").items[1]
    assert steps.text == "At the end of a cycle, what is left of your plan's data:"
    assert steps.in_order
    assert [item.text.partition(".")[0] for item in steps.below] == [
        "This is carried over: you can use it for 1 more cycle",
        "What is carried over in this way, earlier cycles included, is at most 10 GB",
        "What is left over is converted: you get 30 minutes for 1 GB of data",
        "What is left over then is gone",
    ]


def test_the_worked_amount_is_what_the_engine_makes_of_it() -> None:
    """Both come of one function; a run says the same."""
    for plan in plans():
        for rule in plan.rules:
            converts = [clause for clause in rule.clauses if isinstance(clause, Convert)]
            if (
                rule.occasion is not Occasion.CLOSE
                or not converts
                or plan.allowance(rule.service) < 4 * converts[0].from_amount
            ):
                continue
            example = re.search(r"For example, (.*?) for (.*?)\.(?= |$)", told(plan), re.MULTILINE)
            assert example, plan.name
    found = after(FLEX.replace("carry 1 month, cap 10 GB, ", ""), 16 * GB)
    assert found.statement.cycles[0].services["data"].converted_out == 4 * GB
    assert sum(posting.amount for posting in found.postings if posting.service == "voice") == 120 * 60
    assert "For example, 120 minutes for 4 GB of data." in told(FLEX)


def test_the_worked_amount_is_one_that_may_be_asked_for() -> None:
    text = 'rate 1 GB = 30 minutes\nplan "A" prepaid\n  grant 10 GB\n  when asked, unused data: convert to minutes, {}\n'
    assert "For example, 120 minutes for 4 GB of data." in told(text.format("at most 4 GB a cycle"))
    assert "For example, 60 minutes for 2 GB of data." in told(text.format("at most 3 GB at a time"))
    assert "For example, 90 minutes for 3 GB of data." in told(text.format("in steps of 3 GB"))
    assert "For example" not in told(text.format("at most 1 GB at a time"))


def test_what_a_rule_of_the_plan_takes_of_a_pack_is_not_said_to_be_gone() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  unused data{}: carry 1 month\npack "B"\n  grant 1 GB\n'
    gone, above = "What you have not used of it by its end is gone.", "is treated as is said above."
    assert gone in told(text.format(""))
    assert gone not in told(text.format(" and add-on data"))
    assert above in told(text.format(" and add-on data"))


def test_of_rules_with_dates_only_what_differs_is_said_again() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  price 9 EUR a month\n  from 2027-01-23 price 10 EUR a month\n'
    later = next(section for section in describe(plan_of(text), language(ENGLISH)).sections if section.key == "later")
    assert [item.text for item in later.items] == ["From 23 January 2027 this takes the place of what is said above:"]
    assert [item.text for item in later.items[0].below] == ["Price"]
    assert "It costs 10 EUR at the beginning of each cycle." in later.items[0].below[0].below[0].text


def test_a_rule_that_ends_at_a_date_is_said_to_be_gone() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  until 2027-01-23 price 9 EUR a month\n'
    later = next(section for section in describe(plan_of(text), language(ENGLISH)).sections if section.key == "later")
    assert later.items[0].below == (Item("Price", (Item("Nothing of this is left."),)),)


def test_every_assumption_is_spelled_out() -> None:
    for plan in plans():
        for code in LANGUAGES:
            terms = describe(plan, language(code))
            silent = terms.sections[-1]
            assert silent.key == "silent"
            assert [item.text for item in silent.items[0].below] == [text for _, text in terms.silent]
            assert [one for one, _ in terms.silent] == list(plan.assumptions)


def test_a_plan_that_leaves_nothing_open_says_so() -> None:
    from dsl.explicit import explicit

    text = explicit('plan "A" prepaid\n  grant 10 GB\n')
    assert "Nothing is left open" not in told('plan "A" prepaid\n  grant 10 GB\n')
    assert "Nothing is left open" in told(text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_thing_that_a_regulation_asks_is_told_and_its_figures_and_dates(code: str) -> None:
    line = "from 2027-01-23 until 2028-01-23 unused data if active: must carry at least 2 times up to 50 GB"
    others = [
        ("at least 2", "at least 3"), ("50 GB", "40 GB"), (" up to 50 GB", ""), ("2027-01", "2026-01"), ("2028", "2029"),
        ("active", "paid"), (" if active", ""), ("unused", "bonus"), ("until 2028-01-23 ", ""),
        ("from 2027-01-23 ", ""),
    ]  # fmt: skip
    behind = ("as long as granted", "by itself", "free", "to the new end")
    asks = ["unused data: must never expire", "when not renewed, unused data: must never expire", 'must "so"', 'must "not so"']
    asks += ["when asked, unused data: must give", "when asked, unused data: must give, as long as granted"]
    asks += ["when data runs out: must not sell", "must use soonest to end first"]
    left_out = ["for 7 days or less", "for 8 days or less", "unlimited", "bonus", "free packs"]
    texts = [line, *(line.replace(*other) for other in others)]
    texts += [f"unused data: must carry, {one}" for one in behind] + asks
    texts += [f"except {one}\n  unused data: must carry" for one in left_out]
    told = set()
    for text in texts:
        checked = check(Source("r.plan", f'regulation "R"\n  {text}\n'))
        assert not checked.has_errors, text
        told.add(as_text(describe_regulation(checked.regulations[0], language(code), checked.data_step), 10_000))
    assert len(told) == len(texts)


# ---- all of it is told ----

WORDS = {
    name: value for name, value in vars(dsl.plan).items() if inspect.isclass(value) and value.__module__.startswith("dsl.plan.")
}


def test_every_class_and_every_member_of_a_checked_plan_is_in_some_plan_that_is_told() -> None:
    """With `assert_never` behind each `match`, none of them is told in silence; here none is left untried."""
    regulations = [one for name in PLANS for one in checked_plan(name).regulations]
    said = {one for told in (*plans(), *regulations) for one in _words(told)}
    all_words = {one for value in WORDS.values() for one in (list(value) if issubclass(value, Enum) else [value])}
    assert len(all_words) > 130
    assert all_words - said == set()


def _words(value: object) -> Iterator[object]:
    if isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple | frozenset):
        for one in value:
            yield from _words(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield type(value)
        for field in dataclasses.fields(value):
            yield from _words(getattr(value, field.name))


Place = tuple[object, str]  # an object of a plan, and a field of it


def others(value: object) -> Iterator[tuple[Place | None, object]]:
    """A value otherwise, each time in one place."""
    match value:
        case bool():
            yield None, not value
        case Enum():
            members = list(type(value))
            yield None, members[(members.index(value) + 1) % len(members)]
        case int():
            yield None, value + 1
        case date():
            yield None, value + timedelta(days=1)
        case tuple():
            for index, one in enumerate(value):
                for place, other in others(one):
                    yield place, (*value[:index], other, *value[index + 1 :])
        case Span() | Assumption() | str() | frozenset() | None:
            return
        case Later():
            for _, start in others(value.start):
                yield (value, "start"), dataclasses.replace(value, start=start)
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            for field in dataclasses.fields(value):
                for place, other in others(getattr(value, field.name)):
                    yield place or (value, field.name), dataclasses.replace(value, **{field.name: other})


def once_each(plan: Plan, seen: set[object], parts: Collection[str] = ()) -> Iterator[tuple[Plan, str, Place]]:
    """A plan otherwise in one place, in one of its `parts` or any, with that part and the place. What was `seen` before, in the
    same words, is left out."""
    for part in parts or [field.name for field in dataclasses.fields(plan)]:
        whole = getattr(plan, part)
        pieces = whole if isinstance(whole, tuple) else (whole,)
        for index, piece in enumerate(pieces):
            for place, other in _of_piece(piece, part, seen):
                after = (*pieces[:index], other, *pieces[index + 1 :]) if isinstance(whole, tuple) else other
                yield dataclasses.replace(plan, **{part: after}), part, place or (plan, part)


def _of_piece(piece: object, part: str, seen: set[object]) -> Iterator[tuple[Place | None, object]]:
    key = part, anywhere(piece)
    if key in seen and dataclasses.is_dataclass(piece):
        return
    seen.add(key)
    yield from others(piece)
    if isinstance(piece, Later):
        for plan, _, place in once_each(piece.plan, seen, DATED):
            yield place, dataclasses.replace(piece, plan=plan)


# All else is the same at all times.
DATED = ("grants", "orders", "rules", "runs_out", "counting", "prices", "packs")


def decides_nothing(plan: Plan, part: str, place: Place) -> bool:
    """Whether the engine does the same, whatever stands there."""
    match place:
        case Renewal(grace=None), "frozen":
            return True  # nothing waits
        case MonthCycle(anchor_day=day), "short_month":
            return day != ACTIVATION_DAY and day <= 28
        case MonthCycle(anchor_day=day), "first_by_day":
            return day == ACTIVATION_DAY  # no first cycle is shorter
        case Cap(of_new_plan=(many, _)), "of_new_plan" | "amount" as field:
            return bool(many) == (field == "amount")
        case Change(now=now, restarts=restarts), "allowance" | "restarts" as field:
            return not now or (field == "allowance" and restarts)
        case Carry(life=Endless() | UntilDay() | NewEnd()), "from_grant":
            return True
        case LeavingFee(per=FeeFor.MONTH_LEFT), "by_day":
            return True
        case Grant(unlimited=True), "amount":
            return True
        case Grant(per_renewals=PerRenewals()), "each_cycle":
            return True  # it comes with renewals, which are of cycles
        case Grant(), "each_cycle" | "cycles" | "whole_cycles" | "fills":
            return part in ("shares", "by_lines")  # they come each cycle, as they are
        case Weight(factor=(0, _)), "factor":
            return True
        case Price(), "by_day" | "cycles" | "each_line":
            return part == "packs" or (not place[0].each_cycle and place[1] != "each_line")
        case Plan(), "data_step":
            return "1 GB is" not in told(plan)  # it has no data
    return False


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_number_date_and_choice_of_a_plan_changes_what_is_told(code: str) -> None:
    """So whoever reads the terms knows it: a plan that differs in anything that decides a figure has other terms."""
    same, tried, seen = [], 0, set[object]()
    for plan in plans():
        told_of = _rules_told(plan, code)
        for other, part, place in once_each(plan, seen):
            if decides_nothing(plan, part, place):
                continue
            tried += 1
            if _rules_told(other, code) == told_of:
                same.append((plan.name, type(place[0]).__name__, place[1], part))
    assert same == []
    assert tried > 1_500


def _rules_told(plan: Plan, code: str) -> object:
    """What the terms say; what is assumed is left out, since it would not be assumed of another plan."""
    return [section for section in describe(plan, language(code)).sections if section.key != "silent"]


def test_the_terms_speak_of_each_service_pack_promotion_and_plan_that_a_plan_names() -> None:
    for plan in plans():
        for code in LANGUAGES:
            text = told(plan, code)
            named = [*(pack.name for pack in plan.packs), *(one.name for one in plan.promotions), *plan.group]
            assert [name for name in named if name not in text] == []


# ---- in Chinese ----

# Units, and what a file, ISO 4217 and the tz database call things.
_KEPT = re.compile(r"“[^”]*”|\b(?:[GMKT]B|[GMk]?bps|[A-Z]{3}|flex|points)\b|\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+|UTC")


def test_nothing_is_left_in_english() -> None:
    for plan in plans():
        left = re.findall(r"[A-Za-z]+", _KEPT.sub("", told(plan, CHINESE)))
        assert left == [], plan.name


def test_numbers_stand_apart_from_chinese_characters() -> None:
    for plan in plans():
        text = re.sub(r"“[^”]*”", "", told(plan, CHINESE))
        assert re.findall(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]|  \S*[\u4e00-\u9fff]  ", text) == []


# ---- layouts ----


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("columns", [30, 44, 80])
def test_lines_fit_the_terminal_where_no_word_is_longer(code: str, columns: int) -> None:
    for plan in plans():
        for line in as_text(describe(plan, language(code)), columns).splitlines():
            assert width(line) <= columns or " " not in line.strip().removeprefix("- "), line
            assert line == line.rstrip()


@pytest.mark.parametrize("code", LANGUAGES)
def test_wrapping_loses_nothing(code: str) -> None:
    for plan in plans()[:20]:
        terms = describe(plan, language(code))
        narrow, wide = as_text(terms, 40), as_text(terms, 10_000)
        assert re.sub(r"[\s=-]", "", narrow) == re.sub(r"[\s=-]", "", wide)


def test_a_chinese_line_begins_with_no_closing_mark() -> None:
    for plan in plans():
        for line in as_text(describe(plan, language(CHINESE)), 40).splitlines():
            assert line.strip()[:1] not in set("，。、；：）”"), line


NASTY = "*b* _i_ `c` <script>x</script> [x](http://a.example) ![y](z) | # 1. \\ &amp; www.a.example http://a.example ~~s~~ @x"


def test_markdown_shows_a_name_as_it_is() -> None:
    terms = describe(plan_of(f'plan "{NASTY}" prepaid\n  grant 1 GB\npack "{NASTY}"\n  grant 1 GB\n'), language(ENGLISH))
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(as_markdown(terms))
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "text_special", "softbreak"}
    assert {token.type for token in tokens} & {"html_block", "fence", "code_block", "table_open", "blockquote_open"} == set()
    shown = ["".join(child.content for child in token.children or ()) for token in tokens]
    assert f'Pack "{NASTY}"' in shown


def test_markdown_has_the_same_items_as_text() -> None:
    for plan in plans()[:20]:
        terms = describe(plan, language(ENGLISH))
        tokens = MarkdownIt().parse(as_markdown(terms))
        shown = ["".join(child.content for child in token.children or ()) for token in tokens if token.type == "inline"]
        assert shown == list(_texts(terms))


def _texts(terms: Terms) -> Iterator[str]:
    yield terms.title
    for section in terms.sections:
        yield section.title
        yield from _below(section.items)


def _below(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        yield item.text
        yield from _below(item.below)


# ---- the command ----


@pytest.fixture
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_in_a_folder")
class TestCommand:
    def test_the_first_plan_is_told_and_the_others_named(self) -> None:
        written("a.plan", 'plan "A" prepaid\n  grant 1 GB\nplan "B" like "A"\nplan "C\x1b[31m" like "A"\n')
        result = rollover("describe", "a.plan")
        assert result.exit_code == 0
        assert result.stdout.startswith('Terms of "A"\n============\n\nIn short\n--------\n- This is a prepaid plan.\n')
        assert result.stderr == 'other plans of this file, with --plan NAME: "B", "C\\x1b[31m"\n'
        result = rollover("describe", "a.plan", "--plan", "B")
        assert (result.stdout.splitlines()[0], result.stderr) == ('Terms of "B"', "")

    def test_no_escape_sequence_reaches_the_terminal(self) -> None:
        written("a.plan", 'plan "A\x1b[31m\u202e" prepaid\n  grant 1 GB\npack "\x9b1m"\n  grant 1 GB\n')
        for layout in ("text", "markdown", "json"):
            text = rollover("describe", "a.plan", "--format", layout).stdout
            assert not set("\x1b\x9b\u202e") & set(text)
        assert json.loads(text)["plan"] == "A\x1b[31m\u202e"

    def test_the_language_is_that_of_the_environment_or_as_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        written("a.plan", 'plan "A" prepaid\n  grant 1 GB\n')
        monkeypatch.setenv("LANG", "zh_CN.UTF-8")
        assert "本套餐为预付费套餐。" in rollover("describe", "a.plan").stdout
        assert "This is a prepaid plan." in rollover("describe", "a.plan", "--language", "en").stdout
        monkeypatch.setenv("LANG", "fr_FR.UTF-8")
        assert "This is a prepaid plan." in rollover("describe", "a.plan").stdout
        assert "本套餐为预付费套餐。" in rollover("describe", "a.plan", "--language", "zh_CN").stdout
        assert rollover("describe", "a.plan", "--language", "fr").exit_code == 2

    def test_json_has_sections_by_key_and_what_is_assumed_with_the_rule_that_would_say_it(self) -> None:
        written("a.plan", 'plan "A" prepaid\n  grant 1 GB\n')
        found = json.loads(rollover("describe", "a.plan", "--format", "json", "--language", "zh_CN").stdout)
        assert (found["schema"], found["plan"], found["language"]) == ("rollover.terms/1", "A", "zh_CN")
        assert [section["key"] for section in found["sections"]] == [
            "summary", "cycle", "granted", "order", "left", "out", "renewal", "change", "counting", "silent",
        ]  # fmt: skip
        assert {"topic": "units", "rule": "units: 1 GB = 1000 MB", "text": "1 GB 等于 1000 MB。"} in found["assumptions"]

    def test_a_plan_with_a_mistake_has_no_terms(self) -> None:
        written("a.plan", 'plan "A" prepaid\n  grant 1 GBB\n')
        result = rollover("describe", "a.plan")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "a.plan:2" in result.stderr

    def test_what_is_not_there_is_told(self) -> None:
        written("a.plan", 'plan "A" prepaid\n  grant 1 GB\n')
        written("empty.plan", "")
        assert rollover("describe", "none.plan").exit_code == 2
        result = rollover("describe", "a.plan", "--plan", "B")
        assert (result.exit_code, result.stderr) == (2, 'a.plan has no plan "B"; it has "A"\n')
        result = rollover("describe", "empty.plan")
        assert (result.exit_code, "has no plan" in result.stderr) == (1, True)

    def test_in_a_pipe_of_ascii_what_can_not_be_written_is_a_question_mark(self) -> None:
        written("a.plan", 'plan "A" prepaid\n  grant 1 GB\n')
        done = process("describe", "a.plan", "--language", "zh_CN", PYTHONIOENCODING="ascii")
        assert done.returncode == 0
        assert b"10" in done.stdout or b"1 GB" in done.stdout
