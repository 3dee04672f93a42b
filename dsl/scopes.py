"""What a use is and which uses a lot serves: written tags to tags and scopes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dsl import nodes
from dsl.amounts import Amounts
from dsl.diagnostics import Fix, closest, replacing, suggestion
from dsl.nodes import Line
from dsl.phrase import phrase
from dsl.plan import ABROAD, AT_HOME, AT_NIGHT, BY_DAY, ON_WEEKDAYS, ON_WEEKENDS, Scope, Tags
from dsl.source import Span

# Of each pair a use is one; the first where nothing is said. A named place is away from home, too.
_EITHER = ((AT_HOME, ABROAD), (BY_DAY, AT_NIGHT), (ON_WEEKDAYS, ON_WEEKENDS))


def said(marks: Iterable[nodes.Mark]) -> list[nodes.Scope]:
    """The marks that are about uses."""
    return [mark for mark in marks if isinstance(mark, nodes.Scope)]


def scope(amounts: Amounts, line: Line, marks: Iterable[nodes.Mark], *, of_lot: bool = True) -> Scope | None:
    """The scope that marks say, those about other things left out; None, and reported, where they say none. Of a lot it begins
    with `only`."""
    found: set[Tags] = set()
    written = said(marks)
    if written and of_lot and not written[0].only:
        span = line.span(written[0].at)
        fix = Fix(((Span(span.line, span.start, span.start), "only "),))
        amounts.findings.add("R250", span, fix=fix, tag=written[0].tags[0].text)
        return None
    for mark in written:
        if not all(_is_named(amounts, line, tag) for tag in mark.tags):
            return None
        found.add(frozenset(tag.text for tag in mark.tags))
        amounts.spoken_of.update(tag.text for tag in mark.tags)
    if not _possible(found):
        why, instead = phrase("no use is all of this at once"), phrase("leave one of them out, or say `or` between them")
        span = line.span((written[0].at[0], written[-1].at[1]))
        amounts.findings.add("R293", span, why=why, instead=instead)
    return frozenset(found)


def said_of_use(amounts: Amounts, line: Line, tags: Sequence[nodes.Tag]) -> Tags | None:
    """All that is said of a use, also by not saying it; None, and reported, where that can't be."""
    found = {tag.text for tag in tags}
    for tag in tags:
        if not _is_named(amounts, line, tag):
            return None
        if tag.name and tag.text not in (*amounts.declared.uses, *amounts.spoken_of):
            otherwise = (
                phrase("check the name, or write `abroad`")
                if _is(tag.text, ABROAD)
                else phrase("check the name, or leave it out")
            )
            help_ = suggestion(tag.text, amounts.declared.uses, otherwise)
            span = line.span(tag.at)
            fix = replacing(span, closest(tag.text, amounts.declared.uses))
            amounts.findings.add("R298", span, fix=fix, tag=tag.text, meant=help_)
            amounts.spoken_of.add(tag.text)
    for usual, other in _EITHER:
        if not any(_is_any(tag, (usual, other)) for tag in found):
            found.add(usual)
    if not _possible(frozenset({tag}) for tag in found):
        amounts.findings.add("R251", line.span((tags[0].at[0], tags[-1].at[1])))
        return None
    return frozenset(found)


def tags_in(node: Any) -> Iterator[nodes.Tag]:
    """Every tag in a node."""
    if isinstance(node, nodes.Tag):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from tags_in(part)


def _is(tag: str, other: str) -> bool:
    return tag == other or (other == ABROAD and tag.startswith("in "))


def _is_any(tag: str, others: Iterable[str]) -> bool:
    return any(_is(tag, other) for other in others)


def _is_named(amounts: Amounts, line: Line, tag: nodes.Tag) -> bool:
    if tag.name is None or tag.name.text.strip():
        return True
    amounts.findings.add("R252", line.span(tag.at))
    return False


def _possible(scope: Iterable[Tags]) -> bool:
    """Whether there is a use of such a scope: at home or away, by day or night, on a weekday or weekend."""
    wanted = tuple(scope)
    return any(all(any(not _is_any(tag, out) for tag in one) for one in wanted) for out in itertools.product(*_EITHER))
