"""Lines put together: settings above the first header, then blocks, each a header and the lines down to the next.

Indentation is layout. An example belongs to the plan it stands in; its steps run to the next header or example.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dsl import dated, nodes
from dsl.diagnostics import Findings
from dsl.lexemes import lex
from dsl.nodes import Line
from dsl.parse import parse_line
from dsl.phrase import phrase
from dsl.source import Source, Span

MAX_LINES = 50_000


@dataclass(slots=True)
class Example:
    """A header and its steps; `sound` is false where one of them could not be read."""

    header: Line
    lines: list[Line] = field(default_factory=list)
    sound: bool = True


@dataclass(slots=True)
class Block:
    """`sound` is false where a line of it could not be read, so that nothing is said about what seems to be missing.

    `texts` are all its lines as written, which with the number of the first say all there is to know about it.
    """

    header: Line
    texts: list[str]
    lines: list[Line] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    sound: bool = True

    @property
    def name(self) -> str:
        statement = self.header.statement
        assert isinstance(statement, nodes.Header)
        return statement.name.text


@dataclass(slots=True)
class Document:
    """A text as settings and blocks; `sound` is false where a line of it could not be read."""

    settings: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)  # first words, as terminals, of lines that could not be read
    unread_words: set[str] = field(default_factory=set)  # all words and names of lines of which nothing could be read
    is_empty: bool = True
    sound: bool = True


_HEADER_WORDS = {"PLAN", "PACK", "PROMOTION", "REGULATION"}
_BEHIND_A_NAME = {"PREPAID", "POSTPAID", "LIKE", "FOR"}  # of a header


def _is_header(kinds: list[str]) -> bool:
    """Whether a line of which nothing could be read was likely meant to begin a block."""
    return bool(_HEADER_WORDS & {*kinds[:2]}) or (kinds[:1] == ["NAME"] and bool(_BEHIND_A_NAME & {*kinds[1:]}))


def _unread_header(number: int) -> Line:
    return Line(number, nodes.PlanHeader(nodes.Word("", (0, 0)), (), (), (0, 0)), False)


def read(source: Source, findings: Findings) -> Document:
    """The blocks of a text. What can't be read is reported; lines without a plan to belong to, too."""
    document = Document()
    lines = source.lines
    if len(lines) > MAX_LINES:
        findings.add("R228", Span(MAX_LINES + 1, 0, 1), limit=MAX_LINES, what=phrase("lines"))
        document.sound = False
        return document  # reading as many as it may hold takes long, and nothing is made of them
    block: Block | None = None
    example: Example | None = None
    for number, text in enumerate(lines, 1):
        parsed = parse_line(text)
        if parsed.findings:
            findings.extend(finding.on_line(number) for finding in parsed.findings)
            document.sound = False
            lexemes = lex(text)
            kinds = [lexeme.kind for lexeme in lexemes]
            document.unread.update(kinds[:1])
            if parsed.statement is None:
                document.unread_words.update(lexeme.text.strip('"').strip() for lexeme in lexemes)
            if parsed.statement is None and _is_header(kinds):
                # A block of its own, of which nothing more is said: its lines are not those of the block above.
                block, example = Block(_unread_header(number), [text], sound=False), None
                continue
            if parsed.statement is None and ("EXAMPLE" in kinds[:2] or (kinds == ["NAME"] and example is None)):
                example = Example(_unread_header(number), sound=False)
            # A header that was mended begins something new: what is above it is as sound as it was.
            if block and not isinstance(parsed.statement, nodes.Header):
                block.sound = False
            if example and not isinstance(parsed.statement, nodes.Header | nodes.ExampleHeader):
                example.sound = False
        if block and not isinstance(parsed.statement, nodes.Header):
            block.texts.append(text)
        if parsed.statement is None:
            document.is_empty = document.is_empty and not parsed.findings
            continue
        document.is_empty = False
        written = Line(number, parsed.statement, parsed.sound)
        line = dated.undated(findings, written, block.header.statement if block else None)
        if line is None:
            document.sound = False
            if block:
                block.sound = False
            continue
        match line.statement:
            case nodes.PlanHeader() | nodes.PackHeader() | nodes.PromotionHeader() | nodes.RegulationHeader():
                block, example = Block(line, [text], sound=parsed.sound), None
                document.blocks.append(block)
            case nodes.ExampleHeader():
                example = Example(line, sound=parsed.sound)
                if block is not None and isinstance(block.header.statement, nodes.PlanHeader):
                    block.examples.append(example)
                else:
                    findings.add(
                        "R202", line.span(line.statement.at),
                        what=phrase("an example"), block=phrase("this place"),
                        instead=phrase("put it in the plan that it is an example of"),
                    )  # fmt: skip
            case _ if example is not None and isinstance(line.statement, nodes.Step):
                example.lines.append(line)
            case _ if block is None and isinstance(line.statement, nodes.Setting):
                document.settings.append(line)
            case _ if block is None:
                findings.add("R201", line.span(line.statement.at))
            case _ if example is not None:
                findings.add(
                    "R202", line.span(line.statement.at),
                    what=phrase("a rule"), block=phrase("an example"),
                    instead=phrase("put the rules of a plan above its examples"),
                )  # fmt: skip
            case _:
                block.lines.append(line)
    return document
