"""The language people are spoken to: which one is chosen, and that its catalog says all there is to say."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import catalogs
import pytest

from tui.language import CHINESE, ENGLISH, LANGUAGES, LOCALES, chosen, language

TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]


@pytest.fixture(autouse=True, scope="module")
def _updated() -> None:
    if os.environ.get("ROLLOVER_UPDATE"):
        for code in TRANSLATED:
            catalogs.update(code)
        language.cache_clear()


# ---- catalogs ----


def test_messages_are_found_where_they_are_said() -> None:
    """What is searched for is what is written: else a catalog could be complete because nothing was found."""
    found = catalogs.messages(catalogs.said())
    assert len(found) > 400
    assert {"Pack {pack}", ("{number} day", "{number} days"), "January", "days begin at midnight UTC"} <= found
    assert {"Months", "Next pane", "Go on to the next pane.", "not saved"} <= found, "of bindings, pages and f-strings"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalog_has_every_message_and_no_other(code: str) -> None:
    catalog = catalogs.read(code)
    assert catalogs.messages(catalog) == catalogs.messages(catalogs.said())
    assert [message.id for message in catalog if message.fuzzy] == []
    assert not catalog.obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated(code: str) -> None:
    empty = [message for message, said in catalogs.translations(catalogs.read(code)).items() if not all(said)]
    assert empty == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_fields_of_its_message(code: str) -> None:
    """None is lost, so that no number is; none is new, so that none fails when it is said."""
    for message in catalogs.read(code):
        if message.id:
            many = message.id if isinstance(message.id, str) else message.id[-1]
            assert {frozenset(fields(string)) for string in catalogs.strings(message)} == {frozenset(fields(many))}, message.id


def fields(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


# Other words for a claim and a promotion, which a reader would take for other things.
@pytest.mark.parametrize(("other", "word"), [("保证", "断言"), ("促销", "优惠活动")])
def test_a_thing_has_one_chinese_word(other: str, word: str) -> None:
    said = [one for many in catalogs.translations(catalogs.read("zh_CN")).values() for one in many]
    assert [one for one in said if other in one] == []
    assert [one for one in said if word in one]


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_loaded_is_what_is_written(code: str) -> None:
    assert catalogs.translations(catalogs.compiled(code)) == catalogs.translations(catalogs.read(code))


def test_each_language_has_a_catalog_and_each_catalog_a_language() -> None:
    assert sorted(path.name for path in LOCALES.iterdir()) == sorted(TRANSLATED)


# ---- which language ----


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, ENGLISH),
        ({"LANG": "C.UTF-8"}, ENGLISH),
        ({"LANG": "de_AT.UTF-8"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh"}, CHINESE),
        ({"LANG": "zh-Hans"}, CHINESE),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, CHINESE),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, CHINESE),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en:zh_CN"}, ENGLISH),
        ({"LANGUAGE": "::"}, ENGLISH),
    ],
    ids=str,
)
def test_the_first_language_that_there_is_of_those_asked_for(environment: dict[str, str], code: str) -> None:
    assert chosen(environment) == code


# ---- what a language does ----


def test_without_a_catalog_english_is_spoken(tmp_path: Path) -> None:
    spoken = language(CHINESE, tmp_path)
    assert spoken.code == ENGLISH
    assert spoken.say("Pack {pack}", pack="A") == "Pack A"
    assert spoken.say_many("{number} day", "{number} days", 2) == "2 days"


def test_a_text_that_no_catalog_has_is_said_in_english() -> None:
    assert language(CHINESE).say("not {what}", what="translated") == "not translated"


def test_numbers_dates_and_lists() -> None:
    english, chinese = language(ENGLISH), language(CHINESE)
    assert (english.number(12_345), chinese.number(12_345)) == ("12,345", "12345")
    assert english.decimal("1234.5") == "1,234.5"
    assert (english.date(date(2026, 10, 1)), chinese.date(date(2026, 10, 1))) == ("1 October 2026", "2026 年 10 月 1 日")
    assert (english.every(["a", "b", "c"]), chinese.every(["甲", "乙", "丙"])) == ("a, b and c", "甲、乙和丙")
    assert (english.either(["a"]), english.either(["a", "b"])) == ("a", "a or b")
    assert [english.say_many("{number} day", "{number} days", days) for days in (1, 7)] == ["1 day", "7 days"]


def test_a_space_parts_a_number_from_a_chinese_character_and_names_stay_as_they_are() -> None:
    chinese = language(CHINESE)
    assert chinese.say("Pack {pack}", pack="套餐A") == "叠加包套餐A"
    assert chinese.say("Pack {pack}", pack="9A") == "叠加包 9A"
    assert chinese.say("{amount} must remain.", amount="1 GB 流量") == "须保留 1 GB 流量。"
