"""Answers that change a document: completions, renames, layout, and what can be done about findings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from functools import cache

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dsl import fixes
from dsl.assist import names, scenario_names
from dsl.assist.actions import actions
from dsl.assist.completion import Candidate, CandidateKind, complete
from dsl.assist.names import NameKind, RenameError
from dsl.check import check
from dsl.diagnostics import Diagnostic, Fix
from dsl.lints import lint
from dsl.source import Source, Span
from tui import checking, files
from tui.lsp.publishing import diagnostic
from tui.lsp.reading import name_at
from tui.lsp.texts import Ruler, Text, with_ends
from tui.lsp.views import View
from tui.saying import say

FIX_ALL = types.CodeActionKind.SourceFixAll
_REQUEST_FAILED = -32803
_MOST_LINES_COMPARED = 5_000

# ---- completion

_KINDS = {
    CandidateKind.LINE: types.CompletionItemKind.Snippet, CandidateKind.WORD: types.CompletionItemKind.Keyword,
    CandidateKind.AMOUNT: types.CompletionItemKind.Value, CandidateKind.UNIT: types.CompletionItemKind.Unit,
    CandidateKind.SERVICE: types.CompletionItemKind.Variable, CandidateKind.NAME: types.CompletionItemKind.Reference,
}  # fmt: skip


@cache
def _zones() -> tuple[str, ...]:
    import zoneinfo

    return tuple(sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/")))


def completion(view: View, params: types.CompletionParams, *, snippets: bool) -> types.CompletionList:
    if view.text.is_scenario:
        return types.CompletionList(is_incomplete=False, items=[])
    position = view.ruler.position(view.text.lines, params.position)
    line = view.text.lines[position.line - 1] if position.line <= len(view.text.lines) else ""
    items = []
    for number, one in enumerate(complete(view.checked, position, _zones())):
        typed = line[one.span.start : position.column]
        items.append(
            types.CompletionItem(
                label=one.label,
                kind=_KINDS[one.kind],
                detail=say(one.detail),
                sort_text=f"{number:03}",
                # Editors compare it with what stands in the range.
                filter_text=one.match if one.match.lower().startswith(typed.lower()) else f"{typed}{one.match}",
                insert_text_format=types.InsertTextFormat.Snippet if snippets else types.InsertTextFormat.PlainText,
                text_edit=types.TextEdit(view.range(one.span), _snippet(one) if snippets else one.insert),
            )
        )
    return types.CompletionList(is_incomplete=False, items=items)


def _snippet(one: Candidate) -> str:
    """What is inserted, its stops to be gone through with a key."""
    written, end = "", 0
    for number, (start, stop) in enumerate(one.stops, 1):
        written += f"{_escaped(one.insert[end:start])}${{{number}:{_escaped(one.insert[start:stop])}}}"
        end = stop
    return written + _escaped(one.insert[end:])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


# ---- rename


def prepare_rename(view: View, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    named = name_at(view, params.position)
    return types.PrepareRenamePlaceholder(view.range(named.span), named.name) if named else None


def rename(view: View, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """In the plan and the scenarios about it, as they are open, else as they are on disk."""
    named = name_at(view, params.position)
    if named is None:
        return None
    plan = view.plan_text
    try:
        new = names.refused_unless_free(plan.source, named, params.new_name)
    except RenameError as error:
        raise JsonRpcException(say(error.told), _REQUEST_FAILED) from error
    changes = {plan.uri: _edits(view.ruler, plan, names.renaming(names.occurrences(plan.source), named, new))}
    for text in view.scenario_texts if named.kind in (NameKind.PLAN, NameKind.PACK, NameKind.USE) else ():
        changes[text.uri] = _edits(view.ruler, text, scenario_names.renaming(text.source, named, new))
    return types.WorkspaceEdit(changes={uri: edits for uri, edits in changes.items() if edits})


# ---- layout


def formatting(view: View, _params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    """None of a text with a line that can't be read: it is checked, not laid out."""
    if view.text.is_scenario:
        return []
    try:
        return list(_difference(view, checking.laid_out(view.text.source)))
    except files.FileError:
        return []


def range_formatting(view: View, params: types.DocumentRangeFormattingParams) -> list[types.TextEdit]:
    first, last = params.range.start.line, params.range.end.line
    edits = formatting(view, types.DocumentFormattingParams(params.text_document, params.options))
    return [edit for edit in edits if first <= edit.range.start.line and edit.range.end.line <= last + 1]


# ---- findings


def code_actions(view: View, params: types.CodeActionParams) -> list[types.CodeAction]:
    if view.text.is_scenario:
        return []
    only = params.context.only
    found = []
    if _wanted(types.CodeActionKind.QuickFix, only):
        lines = view.text.lines
        first, last = (view.ruler.position(lines, at) for at in (params.range.start, params.range.end))
        for one in actions(view.text.source, _findings(view.text.source), first, last):
            found.append(
                types.CodeAction(
                    title=say(one.title),
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[diagnostic(view, one.finding)],
                    is_preferred=one.certain,
                    edit=types.WorkspaceEdit(changes={view.text.uri: _edits(view.ruler, view.text, one.fix)}),
                )
            )
    if _wanted(FIX_ALL, only) and (only or found):
        edits = list(_difference(view, fixes.mended(view.text.text, lambda text: _findings(Source(str(view.text.path), text)))))
        if edits:
            whole = types.WorkspaceEdit(changes={view.text.uri: edits})
            found.append(types.CodeAction(title=say("Mend all that is certain"), kind=FIX_ALL, edit=whole))
    return found


def _wanted(kind: types.CodeActionKind, only: Iterable[str] | None) -> bool:
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in only)


def _findings(source: Source) -> tuple[Diagnostic, ...]:
    found = check(source)
    return (*found.diagnostics, *lint(found))


# ---- edits


def _edits(ruler: Ruler, text: Text, fix: Fix) -> list[types.TextEdit]:
    return [_edit(ruler, text, span, by) for span, by in fix.edits]


def _edit(ruler: Ruler, text: Text, span: Span, by: str | None) -> types.TextEdit:
    if by is not None:
        return types.TextEdit(ruler.range(text.lines, span), by)
    # A whole line goes with the line end behind it, or, as the last, before it.
    after = types.Position(span.line, 0)
    if span.line < len(text.lines):
        return types.TextEdit(types.Range(types.Position(span.line - 1, 0), after), "")
    above = max(span.line - 1, 1)
    start = ruler.place(text.lines, above, len(text.lines[above - 1])) if span.line > 1 else types.Position(0, 0)
    return types.TextEdit(types.Range(start, ruler.place(text.lines, span.line, len(text.lines[span.line - 1]))), "")


def _difference(view: View, text: str) -> Iterator[types.TextEdit]:
    """What turns a document into a text, line by line, so that the cursor and marks of the other lines stay."""
    lines, old, new = view.text.lines, with_ends(view.text.text), with_ends(text)

    def place(index: int) -> types.Position:
        return types.Position(index, 0) if index < len(lines) else view.ruler.place(lines, len(lines), len(lines[-1]))

    if old != new and len(old) > _MOST_LINES_COMPARED:
        yield types.TextEdit(types.Range(place(0), place(len(lines))), text)
    elif old != new:
        for kind, start, end, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                yield types.TextEdit(types.Range(place(start), place(end)), "".join(new[first:last]))
