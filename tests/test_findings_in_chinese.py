"""Findings in Chinese: the value is the same, and all it says is said, whatever stands in its fields."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator

import pytest
import test_lints
import test_mistakes
import test_pages
from chinese import english, run_of_words
from command_line import rollover

from dsl.check import check
from dsl.diagnostics import ERRORS, WARNINGS, Diagnostic, render
from dsl.phrase import Phrase, either, listed, phrase
from dsl.source import Source
from tui.language import CHINESE, language

SAY = language(CHINESE).say


def every() -> Iterator[tuple[str, Diagnostic]]:
    """What the pages of the codes and lints say to avoid, and what the wrong files of the goldens hold."""
    for code in test_pages.WITH_A_TEXT:
        yield from ((code, one) for one in test_pages.found_in(code, test_pages.told(code, "Avoid"))[1])
    for code in test_lints.CODES:
        yield from ((code, one) for one in test_lints.found_in(test_lints.told(code, "Avoid")))
    for path in test_mistakes.WRONG:
        yield from ((path.name, one) for one in test_mistakes.wrong(path)[1])
    for code, source in test_mistakes.TOO_LARGE.items():
        yield from ((code, one) for one in test_mistakes.found_in(source))


FOUND = list(every())


def texts(one: Diagnostic) -> list[str]:
    return [one.message, one.help, *(words for _, words in one.also)]


def test_all_codes_are_among_them() -> None:
    found = {one.code for _, one in FOUND}
    assert found >= {*ERRORS, *WARNINGS, *test_lints.CODES} - {"R001", "R291"}, "of these the goldens have no text"


def test_every_text_is_a_phrase_and_none_is_left_in_english() -> None:
    said = {text: SAY(text) for _, one in FOUND for text in texts(one)}
    assert [text for text in said if not isinstance(text, Phrase)] == []
    assert {one: words for one in said.values() if (words := english(one))} == {}
    assert {words for one in said.values() for words in run_of_words(one)} <= {"top up"}, "a column of records"


@pytest.mark.parametrize("one", FOUND, ids=lambda found: f"{found[1].code} in {found[0]}")
def test_what_somebody_typed_stays_as_it_is(one: tuple[str, Diagnostic]) -> None:
    """Fields that are no phrases: words of a file, and numbers."""
    for text in texts(one[1]):
        assert isinstance(text, Phrase)
        assert [field for field in _typed(text) if field not in SAY(text)] == []


def _typed(text: Phrase) -> Iterator[str]:
    for name, field in text.fields.items():
        if isinstance(field, Phrase):
            yield from _typed(field)
        elif name != "s":  # of the plural in English, or a word that is quoted
            yield field


def test_a_phrase_is_its_english() -> None:
    one = phrase("no plan is called `{name}`", name="A\x1b[2J")
    assert one == "no plan is called `A\\x1b[2J`"
    assert {one: 1}["no plan is called `A\\x1b[2J`"] == 1
    assert SAY(one) == "没有名为`A\\x1b[2J`的套餐"
    for again in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert (again, again.template, again.fields) == (one, one.template, one.fields)


def test_names_that_are_words_of_ours_stay_names() -> None:
    """Only what is marked as a phrase is translated: a plan may be called `data`, or `this`."""
    text = 'plan "this" prepaid\n  grant 1 GB\nplan "this" prepaid\n  grant 1 GB\n'
    (found,) = (one for one in check(Source("a.plan", text)).diagnostics if one.code == "R106")
    assert SAY(found.message) == "有两个套餐同名为`this`"


def test_lists_are_said_as_lists() -> None:
    assert (listed(["`a`", "`b`"]), either(["`a`", "`b`", "`c`"])) == ("`a`, `b`", "`a`, `b` or `c`")
    assert SAY(either(["`a`", phrase("a number"), "`c`"])) == "`a`、数字或`c`"
    assert listed([str(number) for number in range(1_000)]).endswith("28, 29, ...")
    assert (listed([]), either([])) == ("", "")


def test_a_finding_as_it_is_printed() -> None:
    source = Source("a.plan", 'plan "A" prepaid\n  grnt 10 GB\n')
    (found,) = (one for one in check(source).diagnostics if one.is_error)
    assert render(found, source, say=SAY).splitlines() == [
        "a.plan:2:3: 错误 R002：`grnt`不能出现在此处",
        " 2 |   grnt 10 GB",
        "   |   ^^^^",
        "  帮助：是否想写`grant`？",
    ]


def test_check_speaks_the_language_it_is_asked_for_and_else_english(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.chdir(str(tmp_path))
    with open("a.plan", "w") as file:
        file.write('plan "A" prepaid\n  grnt 10 GB\n')
    chinese = rollover("check", "--language", "zh_CN", "a.plan")
    plain = rollover("check", "a.plan")
    again = rollover("check", "--language", "zh_CN", "a.plan")
    assert "错误 R002：`grnt`不能出现在此处" in chinese.stdout
    assert "1 个文件：" in chinese.stderr
    assert "error R002: `grnt` is not a word that can stand here" in plain.stdout
    assert (chinese.stdout, chinese.stderr, chinese.exit_code) == (again.stdout, again.stderr, plain.exit_code)
    json = [rollover("check", "--language", code, "--format", "json", "a.plan").stdout for code in ("en", "zh_CN")]
    assert json[0] == json[1], "what programs read is the same in every language"
