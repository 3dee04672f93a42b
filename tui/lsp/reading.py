"""Answers about what stands in a document: hover, definition, references, outline, folds, tokens, hints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsprotocol import types

from dsl.assist import names, scenario_names
from dsl.assist.hints import Hint, hints
from dsl.assist.hover import hover as said
from dsl.assist.names import NameKind, Occurrence
from dsl.assist.outline import Symbol, folds, outline
from dsl.assist.position import Position, touches
from dsl.assist.tokens import TokenKind, tokens
from dsl.lints import lint
from dsl.phrase import phrase
from tui.largest import largest_hints
from tui.lsp.texts import Text
from tui.lsp.views import CHECKED_AT_ONCE, View
from tui.saying import say

# ---- hover


def hover(view: View, params: types.HoverParams) -> types.Hover | None:
    if view.text.is_scenario:
        return None
    few = len(view.text.lines) <= CHECKED_AT_ONCE
    found = (*view.checked.diagnostics, *(lint(view.checked) if few else ()))
    position = view.ruler.position(view.text.lines, params.position)
    told = said(view.checked, position, found)
    if told is None:
        return None
    pages = [phrase("`rollover explain {code}` says more.", code=code) for code in told.codes]
    text = "\n\n".join(_markdown(say(fact)) for fact in (*told.facts, *pages))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), view.range(told.span))


def _markdown(fact: str) -> str:
    """A sentence as Markdown. Its words in back-ticks stay code; what a file calls things makes no markup."""
    fact = re.sub(r"``+", "''", fact)
    if fact.count("`") % 2:
        fact = fact.replace("`", "'")
    parts = fact.split("`")
    parts[::2] = [re.sub(r"([\\*_\[\]<>&#|!~])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


# ---- names


def definition(view: View, params: types.DefinitionParams) -> types.Location | None:
    named = name_at(view, params.position)
    if named is None:
        return None
    plan = view.plan_text
    found = next((one for one in names.occurrences(plan.source) if one.defines and one.same(named)), None)
    return _location(view, plan, found) if found else None


def references(view: View, params: types.ReferenceParams) -> list[types.Location]:
    named = name_at(view, params.position)
    if named is None:
        return []
    definitions = params.context.include_declaration
    return [_location(view, text, one) for text, one in places(view, named) if definitions or not one.defines]


def name_at(view: View, there: types.Position) -> Occurrence | None:
    """The name at a place, of a plan or of a scenario that speaks of it."""
    position: Position = view.ruler.position(view.text.lines, there)
    of = scenario_names.occurrences if view.text.is_scenario else names.occurrences
    return next((one for one in of(view.text.source) if touches(one.span, position)), None)


def places(view: View, named: Occurrence) -> Iterator[tuple[Text, Occurrence]]:
    """Where a name stands: in the plan, and in the scenarios about it."""
    plan = view.plan_text
    yield from ((plan, one) for one in names.occurrences(plan.source) if one.same(named))
    for text in view.scenario_texts:
        yield from ((text, one) for one in scenario_names.occurrences(text.source) if one.same(named))


def _location(view: View, text: Text, one: Occurrence) -> types.Location:
    return types.Location(text.uri, view.ruler.range(text.lines, one.span))


# ---- shape

_SYMBOLS = {
    NameKind.PLAN: types.SymbolKind.Class, NameKind.PACK: types.SymbolKind.Package, NameKind.PROMOTION: types.SymbolKind.Event,
    NameKind.REGULATION: types.SymbolKind.Interface, NameKind.GROUP: types.SymbolKind.Enum,
    NameKind.UNIT: types.SymbolKind.Constant, NameKind.EXAMPLE: types.SymbolKind.Method,
}  # fmt: skip


def symbols(view: View, _params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    return [] if view.text.is_scenario else [_symbol(view, one) for one in outline(view.text.source)]


def _symbol(view: View, one: Symbol) -> types.DocumentSymbol:
    lines = view.text.lines
    start, end = types.Position(one.first - 1, 0), view.ruler.place(lines, one.last, len(lines[one.last - 1]))
    return types.DocumentSymbol(
        name=one.name or " ",  # which may not be empty
        kind=_SYMBOLS[one.kind],
        range=types.Range(start, end),
        selection_range=view.range(one.span),
        detail=say(one.kind),
        children=[_symbol(view, child) for child in one.children],
    )


def folding(view: View, _params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    if view.text.is_scenario:
        return []
    comment = types.FoldingRangeKind.Comment
    found = []
    for first, last in folds(view.text.source):
        kind = comment if view.text.lines[first - 1].lstrip().startswith("#") else types.FoldingRangeKind.Region
        found.append(types.FoldingRange(first - 1, last - 1, kind=kind))
    return found


# ---- tokens

_TOKENS = {
    TokenKind.HEAD: 0, TokenKind.KEYWORD: 0, TokenKind.NUMBER: 1, TokenKind.WORD: 2, TokenKind.NAME: 3, TokenKind.COMMENT: 4,
}  # fmt: skip
LEGEND = types.SemanticTokensLegend(["keyword", "number", "type", "string", "comment"], ["declaration"])


def tokens_of_all(view: View, _params: types.SemanticTokensParams) -> types.SemanticTokens:
    return _tokens(view, 1, len(view.text.lines))


def tokens_of_range(view: View, params: types.SemanticTokensRangeParams) -> types.SemanticTokens:
    return _tokens(view, params.range.start.line + 1, min(params.range.end.line + 1, len(view.text.lines)))


def _tokens(view: View, first: int, last: int) -> types.SemanticTokens:
    """Five numbers a token: lines and columns on from the one before, length, type, modifiers."""
    data: list[int] = []
    before_line = before = 0
    for number in () if view.text.is_scenario else range(first, last + 1):
        line = view.text.lines[number - 1]
        for one in tokens(line):
            if (kind := _TOKENS.get(one.kind)) is not None:
                start = view.ruler.length(line[: one.start])
                down, on = number - 1 - before_line, start - (before if number - 1 == before_line else 0)
                data += [down, on, view.ruler.length(line[one.start : one.end]), kind, int(one.kind is TokenKind.HEAD)]
                before_line, before = number - 1, start
    return types.SemanticTokens(data)


# ---- hints


def inlay_hints(view: View, params: types.InlayHintParams) -> list[types.InlayHint]:
    if view.text.is_scenario or view.checked.source.text != view.text.text:
        return []
    first, last = params.range.start.line + 1, params.range.end.line + 1
    found = (*hints(view.checked, first, last), *largest_hints(view.checked, first, last))
    return [_hint(view, one) for one in found]


def _hint(view: View, hint: Hint) -> types.InlayHint:
    there = view.ruler.place(view.text.lines, hint.line, hint.column)
    details = "\n\n".join(_markdown(say(one)) for one in hint.details)
    return types.InlayHint(
        position=there,
        label=hint.text if hint.insert else say(hint.text),
        kind=types.InlayHintKind.Parameter if hint.insert else types.InlayHintKind.Type,
        text_edits=[types.TextEdit(types.Range(there, there), hint.text)] if hint.insert else None,
        tooltip=types.MarkupContent(types.MarkupKind.Markdown, details),
        padding_left=not hint.insert,
    )
