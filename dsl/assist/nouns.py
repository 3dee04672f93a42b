"""Names, units, services and amounts to offer at a place: what the file and its plan speak of first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dsl import units
from dsl.amounts import WEEKDAYS
from dsl.assist.cursor import Place
from dsl.assist.names import NameKind, defined, occurrences
from dsl.check import Checked
from dsl.interactive import Reading
from dsl.lexemes import Lexeme
from dsl.phrase import Phrase, phrase
from dsl.units import DATA, SMS, VOICE

_UNITS = {DATA: ("GB", "MB", "KB", "TB"), VOICE: ("minutes", "seconds", "hours"), SMS: ("sms",)}
_SERVICES = {DATA: ("data",), VOICE: ("minutes", "voice"), SMS: ("sms",)}
_SPEEDS = ("kbps", "Mbps")
A_NAME = {
    NameKind.PLAN: phrase("a plan"), NameKind.PACK: phrase("a pack"), NameKind.PROMOTION: phrase("a promotion"),
    NameKind.GROUP: phrase("a group"), NameKind.UNIT: phrase("a unit"), NameKind.EXAMPLE: phrase("an example"),
    NameKind.LINE: phrase("a line"), NameKind.USE: phrase("a kind of use"),
}  # fmt: skip
_USUAL_CURRENCIES = ("EUR", "USD", "GBP")
_PERIODS = {"MONTH": ("1", "month"), "CYCLE": ("1", "cycle"), "DAY": ("30", "days")}


# ---- names


def names(checked: Checked, kinds: Sequence[str], read: Sequence[Lexeme], where: Place) -> Iterator[tuple[str, str]]:
    """The names that could stand behind these words, each with what it is of."""
    wanted = name_kinds(kinds) if kinds or not where.example else (NameKind.LINE,)
    said = {lexeme.text.strip('"') for lexeme in read if lexeme.kind == "NAME"}
    source = checked.source
    for kind in wanted:
        if kind in (NameKind.LINE, NameKind.USE):
            all_of = [one for one in occurrences(source) if one.kind is kind]
            found = dict.fromkeys(one.name for one in all_of if kind is NameKind.USE or one.within == where.example)
        else:
            found = dict.fromkeys(defined(source, kind))
        for name in found:
            if name and name not in said:
                yield name, A_NAME[kind]


def name_kinds(kinds: Sequence[str]) -> tuple[NameKind, ...]:
    """What a name behind words of these kinds is of; nothing where it names something new."""
    first, last = (kinds[0], kinds[-1]) if kinds else ("", "")
    match first, last:
        case "", _:
            return NameKind.PACK, NameKind.LINE, NameKind.USE
        case _, "LIKE" | "ENSURE" | "THAN":
            return (NameKind.PLAN,)
        case "PLAN" | "PACK" | "PROMOTION" | "REGULATION" | "EXAMPLE" | "GROUP", _ if len(kinds) == 1:
            return ()
        case _, "MUST":  # what is asked in words
            return ()
        case _, "PROMOTION":
            return (NameKind.PROMOTION,)
        case _, "BECAUSE":
            return ()
        case "PROMOTION", _:
            return (NameKind.PLAN,) if "FOR" in kinds else ()
        case "GROUP", _:
            return NameKind.PLAN, NameKind.PACK
        case _, "GROUP":
            return (NameKind.GROUP,)
        case "SHARE", _:
            return () if "WITH" in kinds else (NameKind.PACK,)
        case _, "BUY" | "CANCEL" | "VOID" | "PACK" | "WHEN" | "FROM":
            return (NameKind.PACK,)
        case _, "TO":
            return (NameKind.LINE,) if "GIVE" in kinds else (NameKind.PLAN,)
        case _, "WITH" if "RENEW" in kinds:
            return (NameKind.PLAN,)
        case _, "ON" if kinds[-2:-1] in (["JOINS"], ["STARTS"]):
            return (NameKind.PLAN,)
        case _, "ONLY" | "OR" | "IN" | "WORD" | "NUMBER" | "HOME" | "ABROAD" | "NIGHT" | "WEEKEND" | "WORKDAY" | "NAME":
            return (NameKind.USE,)
        case "ON", "DATE" | "CLOCK":
            return (NameKind.LINE,)
        case "USE", _:
            return (NameKind.PACK,)
        case _, "COMMA" | "AND" | "THEN" | "OLDEST" | "NEWEST" | "END" | "UNTIL" | "DATE" | "THROUGH":
            return NameKind.PACK, NameKind.USE
        case _:
            return (NameKind.USE,)


# ---- units and services


def words(checked: Checked, read: Sequence[Lexeme]) -> Iterator[tuple[str, str]]:
    """The units behind a number, or else the services, that could stand behind these words."""
    last = read[-1]
    if last.kind == "NUMBER":
        yield from _units(checked, read)
    elif last.kind == "UNIT" or last.kind == "TIMEZONE":
        return
    else:
        unit_before = last.kind == "WORD" and [one.kind for one in read[-2:-1]] == ["NUMBER"]
        unit = units.unit(last.text, checked.data_step, checked.declared.units) if unit_before else None
        if unit_before and unit is None:
            return
        own = {_service(checked, one) for one in read if one.kind == "WORD"} if last.kind == "TO" else set()
        for service in _services(checked, read[0].start + 1):
            if (unit is None and service not in own) or (unit is not None and unit.service == service):
                for word in _SERVICES.get(service, (service,)):
                    yield word, _a_service(service)


def _units(checked: Checked, read: Sequence[Lexeme]) -> Iterator[tuple[str, str]]:
    kinds = [one.kind for one in read]
    if "SLOW" in kinds:
        yield from ((speed, phrase("a speed")) for speed in _SPEEDS)
        return
    money = list(_currencies(checked))
    before = kinds[-2] if len(kinds) > 1 else ""
    if before in ("AT", "PRICE", "CHARGE") or (before == "COLON" and "PRICE" in kinds) or {"CHARGED", "DUE"} & {*kinds[1:]}:
        services: Iterable[str] = money
    else:
        said = [service for one in read if one.kind == "WORD" and (service := _service(checked, one))]
        of_hand = said if {"CAP", "COLON", "ABOVE", "USAGE"} & set(kinds) and said and read[0].kind != "NUMBER" else []
        services = dict.fromkeys([*reversed(of_hand)] or [DATA, VOICE, SMS, *checked.declared.units, *money[:1]])
    for service in services:
        for word in _UNITS.get(service, (service,)):
            unit = units.unit(word, checked.data_step, checked.declared.units)
            if unit:
                yield word, _a_unit(service, unit.size)


def _a_service(service: str) -> Phrase:
    if _is_own(service):
        return phrase("a service of this file, counted in whole pieces")
    return phrase("a service, counted in {base}s", base=units.base_unit(service))


def _is_own(service: str) -> bool:
    """Whether a file declares it."""
    return service not in (DATA, VOICE, SMS) and not units.is_money(service)


def _a_unit(service: str, size: int) -> Phrase:
    if _is_own(service):
        return phrase("a unit of this file, counted in whole pieces")
    return phrase("a unit of {service}: {amount}", service=units.called(service), amount=units.counted(service, size))


def _service(checked: Checked, lexeme: Lexeme) -> str:
    named = units.SERVICE_WORDS.get(lexeme.text.lower(), "")
    unit = units.unit(lexeme.text, checked.data_step, checked.declared.units)
    return named or (unit.service if unit else "")


def _services(checked: Checked, line: int) -> tuple[str, ...]:
    plan = checked.plan_at(line)
    granted = plan.services if plan else ()
    return tuple(dict.fromkeys([*granted, DATA, VOICE, SMS, *checked.declared.units]))


def _currencies(checked: Checked) -> Iterator[str]:
    """Those that the plans of the file speak of, else the usual ones."""
    priced = dict.fromkeys(price.currency for plan in checked.plans for price in plan.prices)
    yield from priced or _USUAL_CURRENCIES


# ---- amounts


def amounts(checked: Checked, read: Sequence[Lexeme], here: Reading, number: str) -> Iterator[tuple[str, str]]:
    """Amounts, lives and limits that could stand there, with the `number` that is typed, or one to be changed."""
    trial = here.copy()
    if not trial.take("NUMBER"):
        return
    possible = trial.possible()
    if "WORD" in possible:
        counted = (*read, Lexeme("NUMBER", number or "10", 0, 0))
        usual = "128" if any(one.kind == "SLOW" for one in read) else "10"
        for count, (unit, detail) in enumerate(words(checked, counted)):
            if number or count == 0 or (unit not in ("MB", "KB", "TB", "seconds", "hours") and count < 6):
                yield f"{number or usual} {unit}", detail
    for kind, (many, word) in _PERIODS.items():
        if kind in possible:
            yield f"{number or many} {word if not number else _many(word, number)}", phrase("so long")
    if "TIMES" in possible:
        yield f"{number or '2'}x plan", phrase("so many times what the plan grants in a whole cycle")
    if "PERCENT" in possible:
        of = "of it" if read[-1].kind == "CARRY" else "of plan"
        yield f"{number or '50'}% {of}", phrase("a part, rounded down")
    if "TIME" in possible:
        yield f"{number or '3'} times", phrase("how often")


def _many(word: str, number: str) -> str:
    return word.removesuffix("s") + ("" if number == "1" else "s")


def samples(possible: set[str]) -> Iterator[str]:
    """Words of kinds that have too many to list."""
    if "ORDINAL" in possible:
        yield from ("1st", "15th", "28th")
    if "WEEKDAY" in possible:
        yield from (day.capitalize() for day in WEEKDAYS)
