"""What could be written at a place: whole lines, words, amounts, units, services and names, the likeliest first.

What the grammar takes there says its parser (`accepts`); what of it means anything there says the checker (`dsl/assist/fits`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from dsl import grammar, recover
from dsl.assist import catalogue, nouns
from dsl.assist.cursor import Cursor, Place, cursor, place, reading
from dsl.assist.fits import endings, fits
from dsl.assist.meaning import SMALL, said_by
from dsl.assist.position import Position
from dsl.check import Checked
from dsl.interactive import Reading
from dsl.lexemes import Lexeme, lex
from dsl.phrase import Phrase, phrase
from dsl.source import Span

MOST = 120
COMES_TO = phrase("what it comes to")
HEADERS = ("PLAN", "PACK", "PROMOTION", "REGULATION")


class CandidateKind(StrEnum):
    LINE = "line"  # the rest of a line
    WORD = "word"
    AMOUNT = "amount"
    UNIT = "unit"
    SERVICE = "service"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Candidate:
    """`insert` takes the place of `span`; its `stops` are the parts of it that are likely to be changed. `detail` is a
    phrase, or ""; `match` is what it was found by, to compare with what is typed."""

    label: str
    insert: str
    kind: CandidateKind
    detail: str
    span: Span
    match: str
    stops: tuple[tuple[int, int], ...] = ()


def complete(checked: Checked, position: Position, zones: Sequence[str] = ()) -> tuple[Candidate, ...]:
    """What could be written at a position, the likeliest first; `zones` are the time zones to offer. Never raises."""
    here = cursor(checked.source, position)
    if here is None:
        return ()
    where = place(checked.source, position.line)
    found = _names(checked, here, where) if here.in_name else _words(checked, here, where, zones)
    kept: dict[str, Candidate] = {}
    for one in found:
        if _matches(one, here.typed):
            kept.setdefault(one.label, one)
    return tuple(kept.values())[:MOST]


def _matches(one: Candidate, typed: str) -> bool:
    typed = typed.lower()
    match = one.match.lower().lstrip('"')
    words = [] if one.kind is CandidateKind.LINE else match.replace('"', " ").split()
    return match.startswith(typed) or any(word.startswith(typed) for word in words)


# ---- names in quotes


def _names(checked: Checked, here: Cursor, where: Place) -> Iterator[Candidate]:
    for name, detail in nouns.names(checked, here.kinds, here.read, where):
        insert = name if here.closed else f'{name}"'
        yield Candidate(name, insert, CandidateKind.NAME, detail, here.span, name)


# ---- words


def _words(checked: Checked, here: Cursor, where: Place, zones: Sequence[str]) -> Iterator[Candidate]:
    read = reading(here.read)
    possible = read.possible()
    made = _Made(checked, here, where, read)
    yield from made.lines()
    if "NAME" in possible:
        for name, detail in nouns.names(checked, here.kinds, here.read, where):
            yield from made.fitting(f'"{name}"', CandidateKind.NAME, detail)
    if not here.read:
        return
    if "NUMBER" in possible:
        yield from made.amounts()
    if "WORD" in possible:
        yield from made.nouns()
    if "ZONE" in possible:
        for zone in zones:
            yield made.candidate(zone, CandidateKind.NAME, phrase("a time zone"))
    for text in nouns.samples(possible):
        yield from made.fitting(text, CandidateKind.AMOUNT, "")
    yield from made.keywords(read, possible)
    if "COMMA" in possible and not here.typed:
        yield from made.behind_a_comma()


@dataclass(frozen=True, slots=True)
class _Made:
    """Makes candidates for one place."""

    checked: Checked
    here: Cursor
    where: Place
    read: Reading

    def candidate(self, text: str, kind: CandidateKind, detail: str, match: str = "") -> Candidate:
        before = self.here.before
        space = " " if before.strip() and not before[-1].isspace() and text[0] != "," else ""
        span = self.here.span
        if text[0] == ",":  # a comma closes up
            span = Span(span.line, len(before.rstrip()), span.end)
        insert = space + text
        return Candidate(text, insert, kind, detail, span, match or text.removeprefix(", "), _stops(insert))

    def fitting(self, text: str, kind: CandidateKind, detail: str, *, match: str = "") -> Iterator[Candidate]:
        """The candidate of a text, where it begins as what is typed and the checker has nothing against it."""
        candidate = self.candidate(text, kind, detail, match)
        if not _matches(candidate, self.here.typed) and not self._is_meant(text):
            return
        trial = self.read.copy()
        if all(trial.take(lexeme.kind) for lexeme in lex(text)):
            before = self.here.before.rstrip()
            tried = (f"{before} {text} {ending}".strip() for ending in endings(trial))
            if any(fits(self.where.above, line, len(before) + 1 if before else 0) for line in tried):
                yield candidate

    def means(self, words: str) -> Phrase:
        """What words say, written here."""
        line = lex(f"{self.here.before} {words}")
        return said_by(line, len(line) - len(lex(words)), self.where.blocks)

    def _is_meant(self, text: str) -> bool:
        """Whether what is typed begins a word that people say for one that stands in a text."""
        typed = self.here.typed.lower()
        return any(said.startswith(typed) and meant in text for said, meant in recover.MEANT.items()) if typed else False

    # ---- whole lines

    def lines(self) -> Iterator[Candidate]:
        """The lines of the catalogue that begin as this one does, or what is left of them."""
        if self.here.kinds[-1:] == ["NUMBER"]:  # its unit comes first
            return
        begun = [(one.kind, _said(one)) for one in self.here.read]
        first: dict[str, None] = {}
        lines = catalogue.lines()
        for line in lines if self.where.header else sorted(lines, key=lambda line: _lexemes(line)[0].kind not in HEADERS):
            means, line = lines[line], self._with_own_names(line)
            lexemes = _lexemes(line)
            if [(one.kind, _said(one)) for one in lexemes[: len(begun)]] != begun or len(lexemes) <= len(begun):
                continue
            rest = line[lexemes[len(begun)].start :]
            if not begun or rest[0].isalnum():
                for one in self.fitting(rest, CandidateKind.LINE, means):
                    first[lexemes[0].text] = None
                    yield one
        if not begun:
            for word in first:
                if lex(word)[0].kind not in SMALL and (means := self.means(word)):
                    yield self.candidate(word, CandidateKind.WORD, means)
            yield from self._other_words(first)

    def _with_own_names(self, line: str) -> str:
        """A line of the catalogue that speaks of names which this file defines."""
        lexemes = _lexemes(line)
        for index in range(len(lexemes) - 1, -1, -1):
            one = lexemes[index]
            if one.kind == "NAME":
                kinds, said = [other.kind for other in lexemes[:index]], [*self.here.read, *lexemes[:index]]
                name = next((name for name, _ in nouns.names(self.checked, kinds, said, self.where)), "")
                line = f'{line[: one.start]}"{name}"{line[one.end :]}' if name else line
        return line

    def _other_words(self, words: Iterable[str]) -> Iterator[Candidate]:
        """Words of the language for what people say instead: `roll` for `carry`."""
        for said, meant in recover.MEANT.items():
            if meant in words and self.here.typed and said.startswith(self.here.typed.lower()):
                yield self.candidate(meant, CandidateKind.WORD, self.means(meant), match=said)

    # ---- what the grammar takes

    def amounts(self) -> Iterator[Candidate]:
        number = self.here.typed if self.here.typed.replace(".", "", 1).isdigit() else ""
        for text, detail in nouns.amounts(self.checked, self.here.read, self.read, number):
            yield from self.fitting(text, CandidateKind.AMOUNT, detail)

    def nouns(self) -> Iterator[Candidate]:
        after_a_number = self.here.kinds[-1:] == ["NUMBER"]
        kind = CandidateKind.UNIT if after_a_number else CandidateKind.SERVICE
        for text, detail in nouns.words(self.checked, self.here.read):
            if after_a_number:
                yield self.candidate(text, kind, detail)
            else:
                yield from self.fitting(text, kind, detail)

    def keywords(self, read: Reading, possible: set[str], lead: str = "") -> Iterator[Candidate]:
        """Words and phrases of the language: a word after which only one can follow brings that along."""
        words = grammar.keywords()
        previous = self.here.read[-1]
        for terminal in sorted(possible & set(grammar.spellings()), key=_rank):
            spelled = _inflected(terminal, previous)
            if spelled not in words or (terminal == "HOUR" and "WORD" in possible):
                if terminal == "ARROW":
                    yield from self.fitting(spelled, CandidateKind.WORD, COMES_TO)
                continue
            for words_of_it in _phrases(read, terminal, spelled):
                found = list(self.fitting(lead + words_of_it, CandidateKind.WORD, self.means(lead + words_of_it)))
                yield from found
                for said, meant in recover.MEANT.items():
                    if found and meant == words_of_it and self.here.typed and said.startswith(self.here.typed.lower()):
                        yield replace(found[0], match=said)

    def behind_a_comma(self) -> Iterator[Candidate]:
        """What could go on behind a comma that is not written yet."""
        trial = self.read.copy()
        trial.take("COMMA")
        yield from self.keywords(trial, trial.possible() - {"AND", "THEN"}, ", ")


def _said(lexeme: Lexeme) -> str:
    """What of a word must be the same in two lines that begin alike: not numbers, names and nouns."""
    return "" if lexeme.kind in ("WORD", "NUMBER", "NAME", "DATE") else lexeme.kind


def _phrases(read: Reading, terminal: str, spelled: str) -> Iterator[str]:
    """A word with those that must follow it; a small word, which says nothing alone, with each that may."""
    trial = read.copy()
    if not trial.take(terminal):
        return
    possible = trial.possible()
    here = Lexeme(terminal, spelled, 0, 0)
    words = {one: _inflected(one, here) for one in possible if grammar.spellings().get(one, ("",))[0][:1].isalpha()}
    if terminal in SMALL and words:
        for following in sorted(words, key=_rank):
            yield from (f"{spelled} {rest}" for rest in _phrases(trial, following, words[following]))
        if possible - set(words) <= {"$END"}:
            return
    elif len(possible) == 1 and words:
        ((following, word),) = words.items()
        yield from (f"{spelled} {rest}" for rest in _phrases(trial, following, word))
        return
    yield spelled


def _inflected(terminal: str, previous: Lexeme) -> str:
    """A word in the number that fits the one before it."""
    one, *more = grammar.spellings()[terminal]
    many = previous.kind == "NUMBER" and previous.text != "1"
    many |= terminal in ("WEEKEND", "WORKDAY") or (terminal == "COUNT" and not previous.text.endswith("s"))
    many |= terminal == "CHANGE" and previous.kind == "PLAN"
    return more[0] if many and more and terminal != "A" else one


def _rank(terminal: str) -> tuple[int, str]:
    """Words in the order in which lines of the catalogue speak of them, then the others."""
    return _ranks().get(terminal, len(_ranks())), terminal


@lru_cache(maxsize=1_000)
def _lexemes(line: str) -> list[Lexeme]:
    return lex(line)


@cache
def _ranks() -> dict[str, int]:
    found: dict[str, int] = {}
    for line in catalogue.lines():
        for lexeme in lex(line):
            found.setdefault(lexeme.kind, len(found))
    return found


def _stops(text: str) -> tuple[tuple[int, int], ...]:
    """The numbers, dates and names of a text: what is likely to be changed."""
    found = []
    for one in lex(text):
        if one.kind in ("NUMBER", "DATE", "CLOCK", "ZONE"):
            found.append((one.start, one.end))
        elif one.kind == "NAME":
            found.append((one.start + 1, one.end - 1))
    return tuple(found)
