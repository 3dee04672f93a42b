"""A line that can't be read, read as far as it can be: each mistake found once, with what was likely meant.

The words of the line are fed to Lark's interactive parser one by one. Where one does not fit, repairs are tried in turn; the
first that lets the parser go on is reported as the mistake. Where none does, reading goes on after the next comma.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import replace

from lark import UnexpectedToken

from dsl import grammar, units
from dsl.diagnostics import Diagnostic, Fix, finding, replacing
from dsl.interactive import accepts, copy, feed, fresh
from dsl.lexemes import JUNK, Lexeme, lex
from dsl.nodes import Statement
from dsl.phrase import either, phrase
from dsl.source import Span

MAX_ERRORS_A_LINE = 5

# Words of the language as designed that this version does not read; a message is better than a guess.
NOT_YET = frozenset("merge pool assume loyalty".split())

# What people say for words of the language.
MEANT = {
    "rollover": "carry", "roll over": "carry", "rolls over": "carry", "roll": "carry", "rolls": "carry", "keeps": "carry",
    "accumulate": "carry", "throttle": "slow to", "gives": "grant", "includes": "grant", "gets": "grant", "include": "grant",
    "limit": "cap", "max": "cap", "maximum": "cap", "monthly": "every month", "each month": "every month grant", "into": "to",
    "expires": "expire", "forfeit": "expire", "bundle": "pack", "addon": "add-on", "if": "when", "offer": "promotion",
    "validity": "for", "uses": "use", "roaming": "abroad", "overseas": "abroad", "domestic": "at home", "nights": "at night",
}  # fmt: skip
_NUMBERS = {"a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "six": "6", "twelve": "12"}

# What follows a word where the grammar's own list of possible words would not help.
_AFTER = {
    "BECAUSE": phrase('what made it, such as `carry`, `cap` or `the end`, or words of the rule in "quotes"'),
    "CARRY": phrase("a life such as `1 month`, `30 days` or `without end`"),
    "CAP": phrase("a limit such as `10 GB` or `2x plan`"),
    "GRANT": phrase("an amount such as `10 GB`"),
    "UNUSED": phrase("a service such as data or minutes"),
    "CONTRACT": phrase("a term such as `24 months`"),
    "CYCLE": phrase("a length such as `calendar month` or `30 days`"),
    "EXTEND": phrase("a time such as `1 month`"),
    "SELL": phrase("an amount and its price, such as `1 GB at 5 EUR`"),
    "USE": phrase("what goes first, such as `carried, then allowance`, or in an example an amount"),
    "ENSURE": phrase("a claim such as `data never above 30 GB`"),
    "ASSUME": phrase("a limit such as `usage at most 60 GB a cycle`"),
    "MUST": phrase("what is asked, such as `carry`, `never expire`, `give` or `not sell`"),
    "EXCEPT": phrase("what is left out, such as `for 7 days or less`, `unlimited`, `bonus` or `free packs`"),
    "EVERY": phrase("`month` or `cycle`, and what it grants"),
}

_QUOTES = str.maketrans("“”„‟«»", '""""""')
_CLAUSE_WORDS = {"GRANT", "CARRY", "CAP", "CONVERT", "EXTEND", "EXPIRE", "KEEP", "FREEZE", "SELL", "SLOW", "BLOCK", "NUMBER"}


def recover(text: str) -> tuple[Statement | None, tuple[Diagnostic, ...]]:
    """What can be made of a line that the parser refuses, and its mistakes, at least one. Never raises."""
    found = _Recovery(text)
    statement = found.run()
    findings = found.findings[:MAX_ERRORS_A_LINE]
    if statement is None:  # repairs that lead nowhere are guesses
        findings = [replace(one, fix=None) for one in findings]
    return statement, tuple(findings)


class _Recovery:
    def __init__(self, text: str) -> None:
        self.findings: list[Diagnostic] = []
        self.text = self._straight_quotes(text)
        self.queue = self._whole_numbers(lex(self.text))
        self.parser = fresh()
        self.read: list[Lexeme] = []  # fed so far, since the last skip
        self.before = len(self.findings)  # what was found before that
        self.whole = True

    def run(self) -> Statement | None:
        while self.queue and len(self.findings) < MAX_ERRORS_A_LINE:
            lexeme = self.queue[0]
            if self._may_begin(lexeme) and feed(self.parser, lexeme):
                self.read.append(self.queue.pop(0))
            elif not any(repair(lexeme) for repair in self._repairs()):
                self._give_up(lexeme)
        if not self.whole or self.queue:
            return None
        try:
            return self.parser.feed_eof()  # type: ignore[no-any-return, no-untyped-call]
        except UnexpectedToken:
            end = self.read[-1].end if self.read else 0
            if self._is_price():
                self._without_currency(self.read[-1], _span(self.read[-1]), "")
                return None
            self._refuse("R003", Span(0, end, end + 1), expected=self._expected())
            return None

    def _may_begin(self, lexeme: Lexeme) -> bool:
        """A word that is none of the language's begins a line only where it is a service that `counts`."""
        return bool(self.read) or lexeme.kind != "WORD" or [one.kind for one in self.queue[1:2]] == ["COUNT"]

    # ---- before reading: same length, so that columns stay

    def _straight_quotes(self, text: str) -> str:
        """Names in curly or single quotes are read as names."""
        straight = re.sub(r"(?<!\w)['‘’]([^'‘’\"]*)['‘’](?!\w)", r'"\1"', text.translate(_QUOTES))
        if straight != text:
            other = [index for index, pair in enumerate(zip(text, straight, strict=True)) if pair[0] != pair[1]]
            edits = tuple((Span(0, index, index + 1), '"') for index in other)
            self._report("R005", edits[0][0], Fix(edits))
        return straight

    def _whole_numbers(self, lexemes: list[Lexeme]) -> list[Lexeme]:
        """`1,000` and `2,5`: no list has a bare number before a comma, so each is one number."""
        queue: list[Lexeme] = []
        for lexeme in lexemes:
            queue.append(lexeme)
            kinds = [one.kind for one in queue[-3:]]
            if kinds != ["NUMBER", "COMMA", "NUMBER"] or queue[-3].end != queue[-2].start or queue[-2].end != lexeme.start:
                continue
            point = "" if re.fullmatch(r"\d{3}(\.\d+)?", lexeme.text) else "."
            if point and (not lexeme.text.isdigit() or "." in queue[-3].text):
                continue
            number = Lexeme("NUMBER", queue[-3].text + point + lexeme.text, queue[-3].start, lexeme.end)
            self.findings = [old for old in self.findings if old.span.start != number.start]  # 1,000,000 is one mistake
            fix = replacing(_span(number), number.text)
            self._report("R004", _span(number), fix, written=self.text[number.start : number.end], number=number.text)
            queue[-3:] = [number]
        return queue

    # ---- repairs: each changes the queue and reports, or leaves all as it is and says False

    def _repairs(self) -> tuple[Callable[[Lexeme], bool], ...]:
        return (
            self._unclosed_name, self._not_yet, self._split_word, self._number_word, self._ordinal, self._other_word,
            self._money, self._misspelt, self._a_month, self._missing_word, self._unquoted_name, self._life_or_amount,
            self._colon_too_many,
        )  # fmt: skip

    def _unclosed_name(self, lexeme: Lexeme) -> bool:
        if lexeme.kind != JUNK or lexeme.text[0] != '"':
            return False
        name = re.split(r"\s+(?=(?:prepaid|postpaid|like|for)\b)", lexeme.text[1:], maxsplit=1)
        closes = lexeme.start + 1 + len(name[0].rstrip())
        self._report("R006", Span(0, lexeme.start, lexeme.start + 1), replacing(Span(0, closes, closes), '"'))
        rest = lex(" " * (lexeme.end - len(name[1])) + name[1]) if len(name) == 2 else []
        self.queue = [Lexeme("NAME", f'"{name[0].rstrip()}"', lexeme.start, lexeme.end), *rest]
        return "NAME" in accepts(self.parser) or self._drop_all()

    def _not_yet(self, lexeme: Lexeme) -> bool:
        if self.findings or lexeme.kind != "WORD" or lexeme.text.lower() not in NOT_YET:
            return False
        self._report("R090", _span(lexeme), word=lexeme.text)
        return self._drop_all()

    def _split_word(self, lexeme: Lexeme) -> bool:
        """`cap10GB` as `cap 10 GB`: where every part can be read from here on."""
        if lexeme.kind != "WORD" or not re.search(r"\d", lexeme.text):
            return False
        pieces = lex(re.sub(r"(?<=[^\d.])(?=\d)|(?<=\d)(?=[^\d.])", " ", lexeme.text))
        trial = copy(self.parser)
        if len(pieces) < 2 or pieces[0].kind in ("WORD", JUNK) or not feed(trial, pieces[0]):
            return False
        apart = " ".join(piece.text for piece in pieces)
        self._report("R007", _span(lexeme), replacing(_span(lexeme), apart), word=lexeme.text, apart=apart)
        if not all(feed(trial, piece) for piece in pieces[1:]):
            return self._drop_all()
        self.queue[:1] = [Lexeme(piece.kind, piece.text, lexeme.start, lexeme.end) for piece in pieces]
        return True

    def _number_word(self, lexeme: Lexeme) -> bool:
        """`carry one month`."""
        number = _NUMBERS.get(lexeme.text.lower())
        if number is None or "NUMBER" not in accepts(self.parser):
            return False
        return self._meant(lexeme, [Lexeme("NUMBER", number, lexeme.start, lexeme.end)], number)

    def _ordinal(self, lexeme: Lexeme) -> bool:
        """`from the 15`."""
        if lexeme.kind != "NUMBER" or not lexeme.text.isdigit() or "ORDINAL" not in accepts(self.parser):
            return False
        ending = {1: "st", 2: "nd", 3: "rd"}.get(int(lexeme.text) % 10, "th")
        ordinal = lexeme.text + ("th" if lexeme.text in ("11", "12", "13") else ending)
        return self._meant(lexeme, [Lexeme("ORDINAL", ordinal, lexeme.start, lexeme.end)], ordinal)

    def _other_word(self, lexeme: Lexeme) -> bool:
        """What people say for a word of the language, where that word fits."""
        lexeme = self._with_next(lexeme)
        said = MEANT.get(lexeme.text.lower(), "")
        pieces = [Lexeme(piece.kind, piece.text, lexeme.start, lexeme.end) for piece in lex(said)]
        trial = copy(self.parser)
        if not pieces or not all(feed(trial, piece) for piece in pieces):
            return False
        # `throttle to 64 kbps` is `slow to 64 kbps`.
        following = next((one for one in self.queue if one.start >= lexeme.end), None)
        if following and following.kind == pieces[-1].kind:
            pieces.pop()
        return self._meant(lexeme, pieces, said)

    def _with_next(self, lexeme: Lexeme) -> Lexeme:
        """`roll over` is said as often as `rollover`."""
        if len(self.queue) > 1 and (both := f"{lexeme.text} {self.queue[1].text}").lower() in MEANT:
            return Lexeme(lexeme.kind, both, lexeme.start, self.queue[1].end)
        return lexeme

    def _misspelt(self, lexeme: Lexeme) -> bool:
        if lexeme.kind != "WORD":
            return False
        spelled = {
            word: kind
            for kind in sorted(accepts(self.parser))
            for word in grammar.spellings().get(kind, ())
            if word[0].isalpha()
        }
        close = difflib.get_close_matches(lexeme.text.lower(), spelled, 1, 0.66)
        if not close or close[0] == lexeme.text.lower():
            return False
        return self._meant(lexeme, [Lexeme(spelled[close[0]], close[0], lexeme.start, lexeme.end)], close[0])

    def _a_month(self, lexeme: Lexeme) -> bool:
        """`grant 10 GB a month`."""
        following = self.queue[1] if len(self.queue) > 1 else None
        if lexeme.text.lower() not in ("a", "per", "each") or following is None or following.kind not in ("MONTH", "CYCLE"):
            return False
        if not any(one.kind == "GRANT" for one in self.read):
            return False
        said = self.text[lexeme.start : following.end]
        grants = next(one for one in self.read if one.kind == "GRANT")
        every, before = f"every {following.text.lower()}", len(self.text[: lexeme.start].rstrip())
        fix = Fix(((Span(0, grants.start, grants.start), f"{every} "), (Span(0, before, following.end), "")))
        self._report("R012", Span(0, lexeme.start, following.end), fix, said=said, every=f"{every} grant")
        self.queue = self.queue[2:]
        return True

    def _unquoted_name(self, lexeme: Lexeme) -> bool:
        """`plan Flex 20 prepaid`: all up to a word that may follow a name is the name. Where the line may end, or say how long
        something lives, no name is missing."""
        possible = accepts(self.parser)
        if not self.read or "NAME" not in possible or possible & {"$END", "FOR"} or not lexeme.text[0].isalnum():
            return False
        if any(one.kind == "NAME" for one in self.queue[:2]):  # a word too many before a name that stands there
            return False
        trial = copy(self.parser)
        feed(trial, Lexeme("NAME", '""', 0, 0))
        after = accepts(trial)
        count = next((index for index, one in enumerate(self.queue) if one.kind in after or one.kind == JUNK), len(self.queue))
        if not count:
            return False
        start, end = lexeme.start, self.queue[count - 1].end
        name = self.text[start:end]
        self._report("R011", Span(0, start, end), replacing(Span(0, start, end), f'"{name}"'), name=name)
        self.queue[:count] = [Lexeme("NAME", f'"{name}"', start, end)]
        return True

    def _money(self, lexeme: Lexeme) -> bool:
        """`price €9`, `at 5 $`, `price 9 a month`: an amount of money without the code of its currency."""
        code, is_sign = units.SIGNS.get(lexeme.text, ""), lexeme.text in units.SIGNS
        last = self.read[-1] if self.read else None
        following = self.queue[1] if len(self.queue) > 1 else None
        if last and last.kind == "NUMBER" and "WORD" in accepts(self.parser) and (is_sign or self._is_price()):
            number, rest = last, self.queue[is_sign:]
            span = Span(0, last.start, lexeme.end if is_sign else last.end)
            self.queue = [_money_word(code, span), *rest]
        elif following and following.kind == "NUMBER" and "NUMBER" in accepts(self.parser) and is_sign:
            number, span = following, Span(0, lexeme.start, following.end)
            self.queue[:2] = [following, _money_word(code, span)]
        else:
            return False
        self._without_currency(number, span, code)
        return True

    def _is_price(self) -> bool:
        """Whether what was read ends with the number of a price."""
        kinds = [one.kind for one in self.read[-3:] if one.kind != "COLON"]
        return kinds[-1:] == ["NUMBER"] and kinds[-2:-1] in (["PRICE"], ["AT"], ["CHARGE"])

    def _without_currency(self, number: Lexeme, span: Span, code: str) -> None:
        written = f"{number.text} {code or 'EUR'}"
        instead = (
            phrase("write `{written}`", written=written)
            if code
            else phrase("write its code behind it, such as `{written}`", written=written)
        )
        fix = replacing(span, written) if code else None
        self._report("R015", span, fix, said=self.text[span.start : span.end], instead=instead)

    def _life_or_amount(self, lexeme: Lexeme) -> bool:
        """`carry 10 GB`, `cap 2 months`: no repair, since both may be meant."""
        kinds = [one.kind for one in self.read if one.kind != "FOR"]
        if kinds[-1:] != ["NUMBER"] or kinds[-2:-1] not in (["CARRY"], ["CAP"]):
            return False
        said = f"{self.read[-1].text} {lexeme.text}"
        if kinds[-2] == "CARRY" and units.data_power(lexeme.text) is not None:
            what, instead = (
                phrase("an amount, and `carry` says how long"),
                phrase("write `carry 1 month, cap {said}`", said=said),
            )
        elif kinds[-2] == "CAP" and lexeme.kind in ("MONTH", "CYCLE", "DAY", "WEEK", "YEAR"):
            what, instead = (
                phrase("a time, and `cap` says how much"),
                phrase("write `carry {said}`, or a cap such as `cap 10 GB`", said=said),
            )
        else:
            return False
        self._report("R014", Span(0, self.read[-1].start, lexeme.end), None, said=said, what=what, instead=instead)
        self._skip()
        return True

    def _colon_too_many(self, lexeme: Lexeme) -> bool:
        """`plan "A" prepaid:`, out of habit."""
        if lexeme.kind != "COLON" or not self.read:
            return False
        self._report("R013", _span(lexeme), Fix(((_span(lexeme), ""),)))
        self.queue.pop(0)
        return True

    def _missing_word(self, lexeme: Lexeme) -> bool:
        """A comma, colon or small word without which this one can't stand here."""
        possible = accepts(self.parser)
        for kind in ("COMMA", "COLON", "EQUALS", "TO", "THE", "FOR", "AT", "ON", "UNUSED"):
            if kind not in possible or (kind == "UNUSED" and lexeme.text.lower() not in units.SERVICE_WORDS):
                continue
            missing = Lexeme(kind, grammar.spellings()[kind][0], lexeme.start, lexeme.start)
            trial = copy(self.parser)
            if feed(trial, missing) and feed(trial, lexeme):
                close_up = kind in ("COMMA", "COLON") and bool(self.read)
                at = self.read[-1].end if close_up else lexeme.start
                fix = replacing(Span(0, at, at), missing.text if close_up else f"{missing.text} ")
                before = f"{self.read[-1].text}{missing.text}" if close_up else missing.text
                self._report(
                    "R008", _span(lexeme), fix, missing=missing.text, word=lexeme.text, written=f"{before} {lexeme.text}"
                )
                self.queue.insert(0, missing)
                return True
        return False

    # ---- what repairs and reports are made of

    def _meant(self, lexeme: Lexeme, pieces: list[Lexeme], said: str) -> bool:
        fix = replacing(_span(lexeme), " ".join(piece.text for piece in pieces))
        self._report("R002", _span(lexeme), fix, word=lexeme.text, meant=said)
        self.queue = [*pieces, *(one for one in self.queue if one.start >= lexeme.end)]
        return True

    def _refuse(self, code: str, span: Span, **words: str | int) -> None:
        """Reports where reading ends; where a repair since the last skip led here, the mistake is what that was about."""
        if len(self.findings) > self.before:
            del self.findings[self.before + 1 :]
        else:
            self._report(code, span, None, **words)

    def _drop_all(self) -> bool:
        self.queue = []
        self.whole = False
        return True

    def _give_up(self, lexeme: Lexeme) -> None:
        """Reports a word that fits nowhere, and leaves out what belongs to it."""
        if self.read:
            self._refuse("R010", _span(lexeme), word=lexeme.text, expected=self._expected())
        else:
            self._refuse("R009", _span(lexeme), word=lexeme.text)
        self._skip()

    def _skip(self) -> None:
        """Goes on after the next comma if rules follow there."""
        self.whole = False
        while self.queue and self.queue[0].kind != "COMMA":
            self.queue.pop(0)
        while self.queue and self.queue[0].kind in ("COMMA", "THEN", "AND"):
            self.queue.pop(0)
        self.parser, self.read, self.before = fresh(), [], len(self.findings)
        # What follows a comma in a list of names or services is no rule: only go on at a word that starts one.
        if self.queue and self.queue[0].kind not in _CLAUSE_WORDS:
            self.queue = []

    def _expected(self) -> str:
        """What could stand here, in words."""
        possible = accepts(self.parser)
        previous = self.read[-1].kind if self.read else ""
        if previous in _AFTER:
            return _AFTER[previous]
        if previous == "DATE" and self.read[0].kind in ("FROM", "UNTIL", "THROUGH"):
            return phrase("`until`, or a rule that holds then") if "UNTIL" in possible else phrase("a rule that holds then")
        if any(one.kind == "SLOW" for one in self.read):
            return phrase("a speed such as 128 kbps")
        if previous == "TO" and "WORD" in possible:
            return phrase("a service such as minutes")
        if previous == "NUMBER" and "WORD" in possible:
            return phrase("a unit such as GB or minutes")
        if previous == "NUMBER" and "MONTH" in possible:
            return phrase("`months`, `days` or `cycles`")
        possible -= {"HOUR"} if "WORD" in possible else set()
        order = list(grammar.spellings())
        kinds = sorted(possible, key=lambda kind: (order.index(kind) if kind in order else -1, kind))
        described = [grammar.describe(kind) for kind in kinds][:8]
        return either(described) if described else ""

    def _report(self, code: str, span: Span, fix: Fix | None = None, **words: str | int) -> None:
        self.findings.append(finding(code, span, also=(), fix=fix, **words))


def _span(lexeme: Lexeme) -> Span:
    return Span(0, lexeme.start, lexeme.end)


def _money_word(code: str, span: Span) -> Lexeme:
    return Lexeme("WORD", code or "EUR", span.end, span.end)
