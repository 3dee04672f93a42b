"""The names of a file: where each is defined, where it is used, and what a new one would change.

Read from the lines alone, so a file with mistakes elsewhere, or everywhere, has its names too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from dsl import grammar, nodes, units
from dsl.assist.position import Position, touches
from dsl.assist.syntax import words
from dsl.diagnostics import Fix
from dsl.lexemes import Lexeme, lex
from dsl.parse import parse_line
from dsl.phrase import Phrase, phrase
from dsl.source import MAX_LINE, Source, Span, printable


class NameKind(StrEnum):
    PLAN = "plan"
    PACK = "pack"
    PROMOTION = "promotion"
    REGULATION = "regulation"
    GROUP = "group"
    UNIT = "unit"
    EXAMPLE = "example"
    LINE = "line"  # of the account, in an example
    USE = "use"  # what a use is: `"video"`


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name where it stands, without its quotes. One that is known only `within` a plan or an example has the number of that
    header's line, any other 0."""

    kind: NameKind
    name: str
    span: Span
    defines: bool
    within: int = 0

    def same(self, other: Occurrence) -> bool:
        return (self.kind, self.name, self.within) == (other.kind, other.name, other.within)


class RenameError(ValueError):
    """Says in a sentence why there can be no such name."""

    def __init__(self, told: Phrase) -> None:
        super().__init__(told)
        self.told = told


_DEFINED: dict[type, NameKind] = {
    nodes.PlanHeader: NameKind.PLAN, nodes.PackHeader: NameKind.PACK, nodes.PromotionHeader: NameKind.PROMOTION,
    nodes.RegulationHeader: NameKind.REGULATION, nodes.Group: NameKind.GROUP, nodes.Unit: NameKind.UNIT,
    nodes.ExampleHeader: NameKind.EXAMPLE,
}  # fmt: skip
# What the word in that field of that node names. Of a group's members the file says whether they are plans or packs.
_USED: dict[tuple[type, str], NameKind] = {
    (nodes.PlanHeader, "like"): NameKind.PLAN, (nodes.PromotionHeader, "plans"): NameKind.PLAN,
    (nodes.Group, "plans"): NameKind.PLAN, (nodes.RenewStep, "plan"): NameKind.PLAN,
    (nodes.ChangeStep, "plan"): NameKind.PLAN, (nodes.StartsStep, "plan"): NameKind.PLAN,
    (nodes.NeverWorse, "plan"): NameKind.PLAN, (nodes.NeverWorse, "than"): NameKind.PLAN,
    (nodes.WithPack, "pack"): NameKind.PACK, (nodes.LotPick, "pack"): NameKind.PACK,
    (nodes.OrderKey, "pack"): NameKind.PACK, (nodes.Event, "about"): NameKind.PACK,
    (nodes.BuyStep, "pack"): NameKind.PACK, (nodes.CancelStep, "pack"): NameKind.PACK,
    (nodes.VoidStep, "pack"): NameKind.PACK, (nodes.RemoveStep, "pack"): NameKind.PACK,
    (nodes.GiveStep, "to"): NameKind.LINE, (nodes.LineStep, "line"): NameKind.LINE,
    (nodes.Tag, "name"): NameKind.USE,
}  # fmt: skip
# Those that a block is called by.
BLOCKS = (NameKind.PLAN, NameKind.PACK, NameKind.PROMOTION, NameKind.REGULATION)
_HEADS = {
    "PLAN": NameKind.PLAN, "PACK": NameKind.PACK, "PROMOTION": NameKind.PROMOTION,
    "REGULATION": NameKind.REGULATION, "GROUP": NameKind.GROUP, "EXAMPLE": NameKind.EXAMPLE,
}  # fmt: skip


# ---- what is asked


def at(source: Source, position: Position) -> Occurrence | None:
    """The name at a position, or None."""
    return next((one for one in occurrences(source) if touches(one.span, position)), None)


def definition(source: Source, position: Position) -> Occurrence | None:
    """Where the name at a position is defined, or None."""
    found = at(source, position)
    return next((one for one in references(source, position) if one.defines), None) if found else None


def references(source: Source, position: Position) -> tuple[Occurrence, ...]:
    """Every place of the name at a position, its definition included, in the order of the text."""
    found = at(source, position)
    return tuple(one for one in occurrences(source) if found and one.same(found))


def rename(source: Source, position: Position, new: str) -> Fix:
    """What calls the thing at a position otherwise, wherever this text speaks of it. Raises RenameError."""
    found = at(source, position)
    if found is None:
        raise RenameError(phrase("there is no name here"))
    return renaming(occurrences(source), found, refused_unless_free(source, found, new))


def renaming(places: Iterable[Occurrence], named: Occurrence, new: str) -> Fix:
    """The edits that write a new name in every one of these places that speaks of what is `named`."""
    return Fix(tuple((one.span, _inflected(one, new)) for one in places if one.same(named)))


def refused_unless_free(source: Source, named: Occurrence, new: str) -> str:
    """The new name as it would be written. Raises RenameError where it can't be one, or is another's."""
    new = new.strip()
    if not new:
        raise RenameError(phrase("a name can't be empty"))
    if named.kind is NameKind.UNIT:
        return _free_unit(source, named, new)
    if '"' in new or new != printable(new):
        raise RenameError(phrase("a name is on one line and has no quotes in it"))
    others = [one for one in occurrences(source) if one.kind is named.kind and one.within == named.within]
    if new != named.name and any(one.name == new for one in others):
        raise RenameError(phrase('there is a {kind} called "{name}" already', kind=Phrase(named.kind), name=new))
    return new


def _free_unit(source: Source, named: Occurrence, new: str) -> str:
    if [one.kind for one in lex(new)] != ["WORD"]:
        raise RenameError(phrase("a unit is one word that is none of the language's, such as flex or point"))
    others = [name for name in defined(source, NameKind.UNIT) if name != named.name]
    taken = units.own_unit(new, others) or units.unit(new) or new.lower() in (*units.SERVICE_WORDS, units.MONEY_WORD)
    if taken:
        raise RenameError(phrase("`{name}` is a service or unit already", name=new))
    return new


def _inflected(one: Occurrence, new: str) -> str:
    """A unit stands in singular or plural; `name` is what it is declared as."""
    if one.kind is not NameKind.UNIT:
        return new
    length = one.span.end - one.span.start
    return f"{new}s" if length > len(one.name) else new.removesuffix("s") if length < len(one.name) else new


def defined(source: Source, *kinds: NameKind) -> tuple[str, ...]:
    """The names of those kinds that a file defines, each once, in the order of the text."""
    return tuple(dict.fromkeys(one.name for one in occurrences(source) if one.defines and one.kind in kinds))


# ---- where they stand


@lru_cache(maxsize=16)
def occurrences(source: Source) -> tuple[Occurrence, ...]:
    """Every name of a text, in its order."""
    lines = source.lines
    own = _own_units(lines)
    found: list[Occurrence] = []
    block = example = 0
    mentions = re.compile("|".join(['["‘’“”„‟«»]', *map(re.escape, own), _begins(*_HEADS, "UNIT").pattern]), re.IGNORECASE)
    for number, text in enumerate(lines, 1):
        if len(text) > MAX_LINE or not mentions.search(text):  # reading every line of a long file takes seconds
            continue
        for one in of_line(number, text, own):
            if one.defines and one.kind in BLOCKS:
                block, example = number, 0
            elif one.defines and one.kind is NameKind.EXAMPLE:
                example = number
            within = block if one.kind is NameKind.EXAMPLE else example if one.kind is NameKind.LINE else 0
            found.append(replace(one, within=within))
    return tuple(_settled(found))


def _settled(found: list[Occurrence]) -> Iterator[Occurrence]:
    """With what the whole file knows: a member of a group may be a pack, and a line of the account begins where it is first
    spoken of."""
    plans = {one.name for one in found if one.defines and one.kind is NameKind.PLAN}
    packs = {one.name for one in found if one.defines and one.kind is NameKind.PACK}
    spoken_of: set[tuple[str, int]] = set()
    for one in sorted(dict.fromkeys(found), key=lambda one: one.span):  # a node may stand in two others
        if one.kind is NameKind.PLAN and one.name in packs - plans:
            one = replace(one, kind=NameKind.PACK)
        if one.kind is NameKind.LINE:
            one = replace(one, defines=(one.name, one.within) not in spoken_of)
            spoken_of.add((one.name, one.within))
        yield one


def _own_units(lines: Sequence[str]) -> tuple[str, ...]:
    begins = _begins("UNIT")
    said = [parse_line(text).statement for text in lines if len(text) <= MAX_LINE and begins.match(text)]
    return tuple(dict.fromkeys(one.name.text.lower() for one in said if isinstance(one, nodes.Unit)))


@cache
def _begins(*terminals: str) -> re.Pattern[str]:
    """What a line that begins with one of these words looks like."""
    return re.compile(rf"^\s*(?:{'|'.join(grammar.spellings()[one][0] for one in terminals)})\b", re.IGNORECASE)


def of_line(number: int, text: str, own: tuple[str, ...] = ()) -> Iterator[Occurrence]:
    """The names of one line, known nowhere but there; `own` are the units that its file declares."""
    statement = parse_line(text).statement
    if statement is None:
        yield from _of_unread(number, lex(text)[:2])
        return
    for node, field, word in words(statement):
        span = _span(number, word)
        if field == "name" and (kind := _DEFINED.get(type(node))):
            name = word.text.lower() if kind is NameKind.UNIT else word.text
            yield Occurrence(kind, name, span, True)
        elif used := _USED.get((type(node), field)):
            yield Occurrence(used, word.text, span, False)
        elif isinstance(node, nodes.Why):
            if node.kind in (NameKind.PACK, NameKind.PROMOTION):  # else it is words of a rule
                yield Occurrence(NameKind(node.kind), word.text, span, False)
        elif isinstance(node, nodes.InGroup):
            yield Occurrence(NameKind.PLAN if node.is_plan else NameKind.GROUP, word.text, span, False)
        elif name_of_unit := units.own_unit(word.text, own):
            yield Occurrence(NameKind.UNIT, name_of_unit, span, False)


def _of_unread(number: int, begins: list[Lexeme]) -> Iterator[Occurrence]:
    """A header of which nothing more could be read has its name."""
    if len(begins) == 2 and begins[0].kind in _HEADS and begins[1].kind == "NAME":
        name = begins[1]
        yield Occurrence(_HEADS[begins[0].kind], name.text[1:-1], Span(number, name.start + 1, name.end - 1), True)


def _span(number: int, word: nodes.Word) -> Span:
    start, end = word.at
    quoted = end - start == len(word.text) + 2
    return Span(number, start + quoted, end - quoted)
