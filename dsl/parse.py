"""One line of text to a node, and, where it can't be read, to messages.

A line that reads is read by Lark alone. A line that does not is fed to Lark's interactive parser token by token; at each
mistake the likeliest repair is tried (a word meant, a space or a comma missing) so that further mistakes on the line are
found too, and else the parser goes on after the next comma. Equal lines are read once: a file is cheap to read again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lark import Lark, Token, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from dsl import grammar
from dsl.diagnostics import Diagnostic, finding
from dsl.nodes import Statement
from dsl.source import MAX_LINE, Span

MAX_ERRORS_A_LINE = 5


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """What a line says. `sound` is false where a mistake was repaired or skipped; `comment` starts with `#` or is empty.

    Spans of `findings` have line 0. `statement` is None on an empty line, and where nothing could be made of it.
    """

    statement: Statement | None
    comment: str
    findings: tuple[Diagnostic, ...]

    @property
    def sound(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token as it stands: `kind` is the terminal's name, or JUNK for what no terminal takes."""

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def parse_line(text: str) -> ParsedLine:
    """Reads one line, without its line end. Never raises."""
    if len(text) > MAX_LINE:
        return ParsedLine(None, "", (finding("R001", Span(0, 0, MAX_LINE), limit=MAX_LINE),))
    lexemes = lex(text)
    comment = text[lexemes[-1].end if lexemes else 0 :].strip()
    if not lexemes:
        return ParsedLine(None, comment, ())
    try:
        return ParsedLine(grammar.parser().parse(text), comment, ())  # type: ignore[arg-type]
    except UnexpectedInput:
        statement, findings = _Recovery(text, lexemes).run()
        return ParsedLine(statement, comment, tuple(findings[:MAX_ERRORS_A_LINE]))


def lex(text: str) -> list[Lexeme]:
    """Every token of a line, in order; comments and spaces are not tokens. Never raises."""
    found: list[Lexeme] = []
    start = 0
    while start < len(text):
        try:
            for token in _tokens(grammar.parser(), " " * start + text[start:]):
                found.append(Lexeme(token.type, str(token), token.start_pos or 0, token.end_pos or 0))
            break
        except UnexpectedCharacters as error:
            start = error.pos_in_stream or 0
            # An unclosed quote takes the rest of the line: reading on inside a name only makes noise.
            end = len(text) if text[start] == '"' else start + 1
            found = [lexeme for lexeme in found if lexeme.end <= start]
            found.append(Lexeme("JUNK", text[start:end], start, end))
            start = end
    return found


def _tokens(parser: Lark, text: str) -> Iterator[Token]:
    state = parser.parse_interactive(text)
    return iter(state.lexer_thread.lex(state.parser_state))  # type: ignore[no-untyped-call]


class _Recovery:
    """Reads a line that has a mistake: feeds lexemes, repairs or skips at each mistake, collects findings."""

    def __init__(self, text: str, lexemes: list[Lexeme]) -> None:
        self.text = text
        self.findings: list[Diagnostic] = []
        self.queue = self._with_whole_numbers(lexemes)
        self.parser = self._fresh()
        self.previous: Lexeme | None = None

    def run(self) -> tuple[Statement | None, list[Diagnostic]]:
        whole = True
        while self.queue and len(self.findings) < MAX_ERRORS_A_LINE:
            lexeme = self.queue[0]
            if self._feed(lexeme):
                self.previous = self.queue.pop(0)
            elif not self._repair(lexeme):
                whole = False
                if not self._skip():
                    return None, self.findings
        if not whole or self.queue:
            return None, self.findings
        return self._finish(), self.findings

    # ---- feeding

    @staticmethod
    def _fresh() -> InteractiveParser:
        return grammar.parser().parse_interactive("")

    def _copy(self) -> InteractiveParser:
        copied: InteractiveParser = self.parser.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
        return copied

    def _feed(self, lexeme: Lexeme) -> bool:
        return lexeme.kind != "JUNK" and _feed(self.parser, lexeme)

    def _finish(self) -> Statement | None:
        try:
            return self.parser.feed_eof()  # type: ignore[no-any-return, no-untyped-call]
        except UnexpectedToken:
            end = len(self.text[: self.previous.end if self.previous else 0])
            self._report("R003", Span(0, end, end + 1), expected=self._expected())
            return None

    def _accepts(self) -> set[str]:
        return set(self.parser.accepts())  # type: ignore[no-untyped-call]

    # ---- mistakes

    def _with_whole_numbers(self, lexemes: list[Lexeme]) -> list[Lexeme]:
        """`1,000` is read as a list by the grammar; no list has a bare number before a comma, so it is one number here."""
        queue: list[Lexeme] = []
        for lexeme in lexemes:
            if (
                len(queue) >= 2
                and [queue[-2].kind, queue[-1].kind, lexeme.kind] == ["NUMBER", "COMMA", "NUMBER"]
                and re.fullmatch(r"\d{3}(\.\d+)?", lexeme.text)
                and queue[-2].end == queue[-1].start
                and queue[-1].end == lexeme.start
            ):
                number = Lexeme("NUMBER", queue[-2].text + lexeme.text, queue[-2].start, lexeme.end)
                written = self.text[number.start : number.end]
                self.findings = [old for old in self.findings if old.span.start != number.start]
                self._report("R004", Span(0, number.start, number.end), written=written, number=number.text)
                queue[-2:] = [number]
            else:
                queue.append(lexeme)
        return queue

    def _repair(self, lexeme: Lexeme) -> bool:
        """Changes the queue so that it can be fed on, with a finding; false where no repair is likely."""
        accepts = self._accepts()
        span = Span(0, lexeme.start, lexeme.end)
        if lexeme.text[0] in "“”„‟«»":
            self._report("R005", span)
            self.queue.clear()
            return False
        if lexeme.kind == "JUNK" and lexeme.text[0] == '"':
            self._report("R006", Span(0, lexeme.start, lexeme.start + 1))
            self.queue.clear()
            return False
        if not self.findings and lexeme.text.lower() in NOT_YET and lexeme.kind == "WORD":
            self._report("R090", span, word=lexeme.text)
            self.queue.clear()
            return False
        if pieces := self._split(lexeme, accepts):
            self._report("R007", span, word=lexeme.text, apart=" ".join(piece.text for piece in pieces))
            self.queue[:1] = pieces
            return True
        if meant := _closest(lexeme, accepts):
            self._report("R002", span, word=lexeme.text, meant=meant.text)
            self.queue[0] = meant
            return True
        if self.previous and "NAME" in accepts and lexeme.kind not in ("JUNK", "NUMBER", "COMMA", "COLON"):
            self._report("R011", span, name=lexeme.text)
            self.queue[0] = Lexeme("NAME", f'"{lexeme.text}"', lexeme.start, lexeme.end)
            return True
        if missing := self._missing(lexeme, accepts):
            self._report("R008", span, missing=missing.text, word=lexeme.text)
            self.queue.insert(0, missing)
            return True
        if self.parser.parser_state.position == self._fresh().parser_state.position:
            self._report("R009", span, word=lexeme.text)
        else:
            self._report("R010", span, word=lexeme.text, expected=self._expected())
        return False

    def _split(self, lexeme: Lexeme, accepts: set[str]) -> list[Lexeme]:
        """`cap10GB` as `cap 10 GB`, `every2days` as `every 2 days`: where every part can be read from here on."""
        if lexeme.kind != "WORD" or not re.search(r"\d", lexeme.text):
            return []
        spaced = re.sub(r"(?<=[^\d.])(?=\d)|(?<=\d)(?=[^\d.])", " ", lexeme.text)
        pieces = lex(spaced)
        trial = self._copy()
        if not pieces or pieces[0].kind not in accepts or not all(_feed(trial, piece) for piece in pieces):
            return []
        return [Lexeme(piece.kind, piece.text, lexeme.start, lexeme.end) for piece in pieces]

    def _missing(self, lexeme: Lexeme, accepts: set[str]) -> Lexeme | None:
        """A comma, colon or small word without which `lexeme` can't stand here."""
        for kind in ("COMMA", "COLON", "EQUALS", "TO", "THE", "FOR", "UNUSED"):
            if kind not in accepts:
                continue
            missing = Lexeme(kind, grammar.spellings()[kind][0], lexeme.start, lexeme.start)
            trial = self._copy()
            if _feed(trial, missing) and lexeme.kind != "JUNK" and _feed(trial, lexeme):
                return missing
        return None

    def _skip(self) -> bool:
        """Goes on after the next comma, reading what follows as rules of its own; false where nothing follows."""
        while self.queue and self.queue[0].kind != "COMMA":
            self.queue.pop(0)
        self.queue = self.queue[1:]
        self.parser = self._fresh()
        self.previous = None
        # What follows a comma in a list of names or services is no rule: only go on at a word that starts one.
        return bool(self.queue) and self.queue[0].kind in _CLAUSE_WORDS

    def _expected(self) -> str:
        """What could stand here, in words; empty where the list would be too long to help."""
        accepts = self._accepts()
        if self.previous and self.previous.kind == "NUMBER" and "WORD" in accepts:
            return "a unit such as GB or minutes"
        accepts -= {"HOUR"} if "WORD" in accepts else set()
        order = list(grammar.spellings())
        words = sorted(accepts, key=lambda kind: order.index(kind) if kind in order else -1)
        described = [grammar.describe(kind) for kind in words]
        if len(described) > 7:
            return ""
        return " or ".join(part for part in (", ".join(described[:-1]), described[-1]) if part)

    def _report(self, code: str, span: Span, **words: str | int) -> None:
        self.findings.append(finding(code, span, also=(), **words))


_CLAUSE_WORDS = {"GRANT", "CARRY", "CAP", "CONVERT", "EXTEND", "EXPIRE", "SELL", "SLOW", "BLOCK", "NUMBER"}

# Words of the language as designed that this version does not read; a message is better than a guess.
NOT_YET = frozenset(
    """share give gift group price leaving borrow fill multiply keep freeze merge unit unlimited pool regulation assume
    suspend renew change on only grace tenure loyalty""".split()
)


def _feed(parser: InteractiveParser, lexeme: Lexeme) -> bool:
    try:
        parser.feed_token(Token(lexeme.kind, lexeme.text, lexeme.start, 1, lexeme.start + 1, 1, lexeme.end + 1, lexeme.end))
    except UnexpectedToken:
        return False
    return True


def _closest(lexeme: Lexeme, accepts: set[str]) -> Lexeme | None:
    """The word among those that could stand here that is spelled like this one."""
    if lexeme.kind in ("NUMBER", "NAME", "DATE", "JUNK", "COMMA", "COLON"):
        return None
    spelled = {word: kind for kind in accepts for word in grammar.spellings().get(kind, ()) if word[0].isalpha()}
    found = difflib.get_close_matches(lexeme.text.lower(), spelled, 1, 0.7)
    if not found or lexeme.text.lower() == found[0]:
        return None
    return Lexeme(spelled[found[0]], found[0], lexeme.start, lexeme.end)
