"""The language people are spoken to: the one place that chooses it, loads its catalog, and writes numbers and dates in it.

A text is a whole English sentence with named fields, which is also its key in the catalog
(`tui/locale/CODE/LC_MESSAGES/rollover.mo`). Without a catalog, or without that sentence in it, English is spoken. Nothing is
loaded before a language is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from gettext import NullTranslations

ENGLISH, CHINESE = "en", "zh_CN"
LANGUAGES = (ENGLISH, CHINESE)
DOMAIN = "rollover"
LOCALES = Path(__file__).with_name("locale")
# In the order in which gettext asks them; the first that is set decides.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_THOUSANDS = {ENGLISH: ","}
_FIRST_CHINESE = "\u4e00"  # those before it are signs


def message(text: str) -> str:
    """Marks a text that is said elsewhere, so that it comes into the catalogs."""
    return text


_MONTHS = (
    message("January"), message("February"), message("March"), message("April"), message("May"), message("June"),
    message("July"), message("August"), message("September"), message("October"), message("November"), message("December"),
)  # fmt: skip
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def _parts(text: str) -> list[tuple[str, str | None]]:
    """Each field of a text, behind what stands before it."""
    from string import Formatter

    return [(literal, name) for literal, name, _, _ in Formatter().parse(text)]


def meet(before: str, after: str) -> bool:
    """Whether one is a Chinese character and the other a digit or Latin letter."""
    if before < _FIRST_CHINESE <= after:
        return before.isascii() and before.isalnum() and after.isalpha()
    return after < _FIRST_CHINESE <= before and after.isascii() and after.isalnum() and before.isalpha()


def _joined(before: str, after: str) -> str:
    """Two parts of a Chinese text, one of which is a field."""
    if not before or not after:
        return before + after
    if meet(before[-1], after[0]):
        return f"{before} {after}"
    if before[-1] == " " and _are_chinese(before[-2:-1], after[0]):
        return before[:-1] + after
    return before + (after[1:] if after[0] == " " and _are_chinese(before[-1], after[1:2]) else after)


def _are_chinese(*characters: str) -> bool:
    return all(one >= _FIRST_CHINESE and one.isalpha() for one in characters)


class Language:
    """Says texts in one language. Fields are put in as they are: what comes of a file is made `printable` by who says it."""

    def __init__(self, code: str, catalog: NullTranslations | None) -> None:
        from dsl.phrase import Phrase  # the options of a command are read without it

        self.code = code
        self._catalog = catalog
        self._phrase = Phrase

    def say(self, text: str, /, **fields: str) -> str:
        """A text with its fields; a phrase has its own. Fields that are phrases are said in their turn."""
        if isinstance(text, self._phrase):
            return self._filled(self._translated(text.template), text.fields)
        return self._filled(self._translated(text), fields)

    def _translated(self, text: str) -> str:
        return self._catalog.gettext(text) if self._catalog and text else text

    def say_many(self, one: str, many: str, number: int, /, **fields: str) -> str:
        """The text for so many; its field `number` is how many."""
        singular = one if number == 1 else many
        text = self._catalog.ngettext(one, many, number) if self._catalog else singular
        return self._filled(text, {"number": self.number(number), **fields})

    def _filled(self, text: str, fields: Mapping[str, str]) -> str:
        """A text with its fields. In Chinese a space parts a digit or Latin letter from a Chinese character beside it, and no
        two Chinese ones: `6 GB 到期`, `6 分钟到期`; within a field, which may be a name, nothing is changed."""
        if not fields:
            return text
        said = {name: self.say(one) if isinstance(one, self._phrase) else one for name, one in fields.items()}
        if self.code != CHINESE:
            return text.format_map(said)
        found = ""
        for literal, name in _parts(text):
            for part in (literal, said[name] if name else ""):
                found = _joined(found, part)
        return found

    def sentence(self, text: str) -> str:
        """A text that may begin with a small letter, as the beginning of a sentence."""
        return text if self.code == CHINESE else text[:1].upper() + text[1:]

    # ---- numbers, dates, lists

    def number(self, whole: int) -> str:
        return f"{whole:,}".replace(",", _THOUSANDS.get(self.code, ""))

    def decimal(self, text: str) -> str:
        """Decimal text such as `1234.5` as people write it."""
        whole, point, fraction = text.partition(".")
        return self.number(int(whole)) + point + fraction

    def month(self, day: date) -> str:
        """`Oct`, for a column."""
        return f"{day.month}月" if self.code == CHINESE else _SHORT_MONTHS[day.month - 1]

    def short_date(self, day: date, *, with_year: bool) -> str:
        """`1 Oct`, or `1 Oct 26`, for a column."""
        if self.code == CHINESE:
            return (f"{day.year % 100:02}年" if with_year else "") + f"{day.month}月{day.day}日"
        return f"{day.day} {self.month(day)}" + (f" {day.year % 100:02}" if with_year else "")

    def date(self, day: date) -> str:
        month = self.say(_MONTHS[day.month - 1])
        return self.say("{day} {month} {year}", day=str(day.day), month=month, year=str(day.year))

    def every(self, parts: Sequence[str]) -> str:
        """All of them: `a, b and c`."""
        return self._listed(parts, "{first} and {last}")

    def either(self, parts: Sequence[str]) -> str:
        """One of them: `a, b or c`."""
        return self._listed(parts, "{first} or {last}")

    def _listed(self, parts: Sequence[str], last_two: str) -> str:
        *others, last = parts
        if not others:
            return last
        return self.say(last_two, first=self.say(", ").join(others), last=last)


_LISTS = (message("{first} and {last}"), message("{first} or {last}"), message(", "))


@cache
def language(code: str, locales: Path = LOCALES) -> Language:
    """The language of a code of `LANGUAGES`; English where there is no catalog of it."""
    if code == ENGLISH:
        return Language(ENGLISH, None)
    import gettext  # English is spoken without it

    try:
        catalog = gettext.translation(DOMAIN, locales, [code])
    except OSError:
        return Language(ENGLISH, None)
    return Language(code, catalog)


def version(code: str, locales: Path = LOCALES) -> str:
    """Changes with the catalog of a language; "" where there is none."""
    try:
        found = (locales / code / "LC_MESSAGES" / f"{DOMAIN}.mo").stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns} {found.st_size}"


def named(name: str) -> str:
    """The code of the language that a name such as `zh`, `zh-Hans` or `en_US.UTF-8` stands for; "" for none of them."""
    match name.replace("-", "_").partition("_")[0].partition(".")[0].lower():
        case "zh":
            return CHINESE
        case "en" | "c" | "posix":
            return ENGLISH
        case _:
            return ""


def chosen(environment: Mapping[str, str]) -> str:
    """The code of the language that an environment asks for: Chinese where that is what it names first of those there are,
    else English."""
    said = next((value for name in VARIABLES if (value := environment.get(name))), "")
    return next((code for name in said.split(":") if (code := named(name))), ENGLISH)
