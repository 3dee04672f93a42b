"""The language server, asked by a real client over its pipes, as an editor does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from editor_client import PATIENCE, Editor, at, document, edited, editor, everything, uri
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from shipped import EXAMPLES

PLAN = """\
plan "Flex 20" postpaid
  rate 1 GB = 30 minutes
  grant 20 GB
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes
"""
# Characters of one, two, three and four bytes, of one and two UTF-16 units; U+2028 ends a line for Python and for no editor.
ODD = """\
plan "É漢😀\u2028" prepaid # 😀
  grant 1 GB only "😀" # 😀
plan "B" like "É漢😀\u2028"
  grant 1 GB only "😀" crried
"""
# One server for all that need none of their own: each test has its own documents.
pytestmark = pytest.mark.asyncio(loop_scope="module")
WHOLE = types.TextDocumentContentChangeWholeDocument


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[Editor]:
    async with editor() as found:
        yield found


def part(text: str, mark: str, new: str) -> types.TextDocumentContentChangePartial:
    start = at(text, mark)
    end = types.Position(start.line, start.character + len(mark.encode("utf-16-le")) // 2)
    return types.TextDocumentContentChangePartial(types.Range(start, end), new)


# ---- findings


async def test_findings_come_when_a_text_opens_and_go_when_it_is_mended(client: Editor, tmp_path: Path) -> None:
    wrong = PLAN.replace("carry 1", "cary 1")
    plan = uri(tmp_path / "a.plan")
    client.open(plan, wrong)
    (found,) = await client.diagnostics(plan)
    assert (found.code, found.severity, found.source) == ("R002", types.DiagnosticSeverity.Error, "rollover")
    assert found.message == "`cary` is not a word that can stand here\nhelp: did you mean `carry`?"
    assert found.range == types.Range(types.Position(4, 15), types.Position(4, 19))
    assert found.code_description is not None
    assert "messages.md#L" in found.code_description.href
    client.change(plan, 2, part(wrong, "cary", "carry"))
    assert await client.codes(plan, 2) == []


async def test_lints_and_other_places_are_told_too(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    client.open(plan, PLAN + PLAN)
    (twice,) = await client.diagnostics(plan)
    assert twice.code == "R106"
    assert [(one.location.range.start.line, one.message) for one in twice.related_information or ()] == [
        (0, "the first stands here")
    ]
    client.change(plan, 2, WHOLE(PLAN.replace("cap 10 GB", "cap 90 GB")))
    (never,) = await client.diagnostics(plan, 2)
    assert (never.code, never.severity) == ("L001", types.DiagnosticSeverity.Warning)
    assert never.code_description is not None
    assert never.code_description.href.endswith("cap_never_binds.py")


async def test_several_documents_are_kept_apart_and_a_closed_one_has_no_findings(client: Editor, tmp_path: Path) -> None:
    one, other = uri(tmp_path / "a.plan"), uri(tmp_path / "b.plan")
    client.open(one, PLAN)
    client.open(other, "plan\n")
    assert await client.codes(one) == []
    assert await client.codes(other) == ["R003"]
    client.text_document_did_close(types.DidCloseTextDocumentParams(document(other)))
    async with asyncio.timeout(PATIENCE):
        while client.said[other][-1].diagnostics:
            await asyncio.sleep(0.01)


async def test_a_scenario_is_checked_against_the_plan_beside_it_as_it_is_open(client: Editor, tmp_path: Path) -> None:
    (tmp_path / "a.plan").write_text(PLAN, encoding="utf-8")
    plan, scenario = uri(tmp_path / "a.plan"), uri(tmp_path / "a.scenario.yaml")
    text = "plan: Flex 20\ncycles:\n  - use: 6 GB\n"
    client.open(scenario, text)
    assert await client.codes(scenario) == []
    client.open(plan, PLAN.replace("Flex 20", "Flex 30"))
    async with asyncio.timeout(PATIENCE):
        while not client.said[scenario][-1].diagnostics:
            await asyncio.sleep(0.01)
    (found,) = client.said[scenario][-1].diagnostics
    assert (found.code, found.range.start) == ("R105", types.Position(0, 6))


async def test_a_scenario_without_a_plan_says_so(client: Editor, tmp_path: Path) -> None:
    scenario = uri(tmp_path / "a.scenario.yaml")
    client.open(scenario, "plan: A\n")
    (found,) = await client.diagnostics(scenario)
    assert found.message.endswith("help: put it beside a plan called a.plan")


# ---- what stands there


async def test_hover_says_what_words_and_amounts_mean(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    client.open(plan, PLAN)

    async def hover(mark: str) -> str:
        found = await client.text_document_hover_async(types.HoverParams(document(plan), at(PLAN, mark)))
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    assert (await hover("ca|rry 1")).startswith("`carry`: What is in hand lives on as carried")
    assert (await hover("2|0 GB")).startswith("`20 GB` is 20,000,000,000 bytes")
    assert (await hover("Fl|ex")).startswith("`Flex 20`: postpaid; each cycle 20 GB.")


async def test_what_a_file_calls_things_makes_no_markup(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    text = 'plan "a`**b** [c](d) <e>``" prepaid\n  grant 1 GB\n'
    client.open(plan, text)
    found = await client.text_document_hover_async(types.HoverParams(document(plan), at(text, "**b")))
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert r"\*\*b\*\* \[c\](d) \<e\>''" in found.contents.value


async def test_definition_references_and_symbols(client: Editor, tmp_path: Path) -> None:
    text = (EXAMPLES / "flex.plan").read_text(encoding="utf-8")
    plan = uri(tmp_path / "a.plan")
    (tmp_path / "a.scenario.yaml").write_text("plan: Flex 20\n", encoding="utf-8")
    client.open(plan, text)
    there = at(text, 'like "Fl|ex 20"')
    found = await client.text_document_definition_async(types.DefinitionParams(document(plan), there))
    assert found == types.Location(plan, types.Range(types.Position(3, 6), types.Position(3, 13)))
    context = types.ReferenceContext(include_declaration=True)
    places = await client.text_document_references_async(types.ReferenceParams(context, document(plan), there))
    assert [(Path(one.uri).name, one.range.start.line) for one in places or ()] == [
        ("a.plan", 3), ("a.plan", 23), ("a.plan", 43), ("a.plan", 47), ("a.scenario.yaml", 0),
    ]  # fmt: skip
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document(plan)))
    assert [one.name for one in symbols or ()][:3] == ["Flex 20", "Flex 20 fresh first", "Travel 7"]
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document(plan)))
    assert (3, 21) in [(one.start_line, one.end_line) for one in folds or ()]


async def test_tokens_are_in_units_of_the_editor(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    client.open(plan, ODD)
    found = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document(plan)))
    assert found is not None
    # plan, the name (its quotes, É, 漢, 😀 of two units, U+2028), prepaid, the comment
    assert list(found.data[:20]) == [0, 0, 4, 0, 1, 0, 5, 7, 3, 0, 0, 8, 7, 0, 0, 0, 8, 4, 4, 0]
    lines = types.Range(types.Position(1, 0), types.Position(1, 99))
    some = await client.text_document_semantic_tokens_range_async(types.SemanticTokensRangeParams(document(plan), lines))
    assert some is not None
    assert list(some.data[:5]) == [1, 2, 5, 0, 1]


async def test_hints_stand_beside_what_leaves_something_open_and_beside_allowances(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    client.open(plan, PLAN)
    found = await client.text_document_inlay_hint_async(types.InlayHintParams(document(plan), everything()))
    shown = [(one.position.line, one.label) for one in found or ()]
    assert (2, "at most 30 GB unused") in shown
    assert (4, " on carried") in shown
    (insert,) = [one.text_edits for one in found or () if one.label == " on carried"]
    assert insert is not None
    assert edited(PLAN, list(insert)) == PLAN.replace("cap 10 GB", "cap 10 GB on carried")


# ---- in the language of the editor


async def test_the_server_speaks_as_the_editor_does(tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    wrong = PLAN.replace("carry 1", "cary 1")
    async with editor(locale="zh-cn") as client:
        client.open(plan, wrong)
        (found,) = await client.diagnostics(plan)
        assert found.message == "`cary`不能出现在此处\n帮助：是否想写`carry`？"
        context = types.CodeActionContext([])
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(document(plan), types.Range(at(wrong, "cary"), at(wrong, "cary")), context)
        )
        assert [one.title for one in actions or ()] == ["改写为`carry`", "修正所有能确定的"]
        client.change(plan, 2, part(wrong, "cary", "carry"))
        await client.diagnostics(plan, 2)
        told = await client.text_document_hover_async(types.HoverParams(document(plan), at(PLAN, "ca|rry 1")))
        assert told is not None
        assert isinstance(told.contents, types.MarkupContent)
        assert told.contents.value.startswith("`carry`：所针对的余量予以结转")
        hints = await client.text_document_inlay_hint_async(types.InlayHintParams(document(plan), everything()))
        assert [one.label for one in hints or () if one.position.line == 2] == ["不用时最多 30 GB"]
        assert " on carried" in [one.label for one in hints or ()], "what can be written stays as it is written"
        items = await client.text_document_completion_async(types.CompletionParams(document(plan), at(PLAN, "carry 1")))
        assert isinstance(items, types.CompletionList)
        assert [one.detail for one in items.items if one.label == "expire"] == ["所针对的余量立即作废。"]


# ---- what changes a text


async def test_a_completion_is_a_snippet_where_the_editor_takes_them(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    text = PLAN + "  price \n"

    async def first(asked: Editor) -> str:
        asked.open(plan, text)
        found = await asked.text_document_completion_async(types.CompletionParams(document(plan), at(text, "price |")))
        assert isinstance(found, types.CompletionList)
        assert found.items[0].text_edit is not None
        return found.items[0].text_edit.new_text

    assert await first(client) == "${1:10} EUR a month"
    async with editor(snippets=False) as plain:
        assert await first(plain) == "10 EUR a month"


async def test_names_are_completed_in_quotes(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    text = PLAN + 'plan "B" like "Fl'
    client.open(plan, text)
    found = await client.text_document_completion_async(types.CompletionParams(document(plan), at(text, 'like "Fl|')))
    assert isinstance(found, types.CompletionList)
    (item,) = found.items
    assert isinstance(item.text_edit, types.TextEdit)
    assert edited(text, [item.text_edit]) == text + 'ex 20"'


async def test_a_quick_fix_and_all_of_them(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    wrong = PLAN.replace("carry 1", "cary 1").replace("grant 20 GB", "grant 1,000 MB")
    client.open(plan, wrong)
    there = types.Range(at(wrong, "cary"), at(wrong, "ry 1"))
    params = types.CodeActionParams(document(plan), there, types.CodeActionContext([]))
    first, *others = await client.text_document_code_action_async(params) or ()
    assert isinstance(first, types.CodeAction)
    assert (first.title, first.kind, first.is_preferred) == ("Write `carry`", types.CodeActionKind.QuickFix, True)
    assert edited(wrong, edits(first, plan)) == wrong.replace("cary", "carry")
    assert [one.title for one in others] == ["Mend all that is certain"]
    params.context.only = [types.CodeActionKind.SourceFixAll]
    (every,) = await client.text_document_code_action_async(params) or ()
    assert isinstance(every, types.CodeAction)
    assert edited(wrong, edits(every, plan)) == PLAN.replace("grant 20 GB", "grant 1000 MB")


async def test_a_lint_is_allowed_with_a_comment(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    text = PLAN.replace("cap 10 GB", "cap 90 GB")
    client.open(plan, text)
    params = types.CodeActionParams(document(plan), everything(), types.CodeActionContext([]))
    (allow,) = await client.text_document_code_action_async(params) or ()
    assert isinstance(allow, types.CodeAction)
    assert edited(text, edits(allow, plan)) == text.replace("to minutes\n", "to minutes  # allow L001: why\n")


def edits(action: types.CodeAction, plan: str) -> list[types.TextEdit]:
    assert action.edit is not None
    assert action.edit.changes is not None
    return list(action.edit.changes[plan])


async def test_a_rename_reaches_the_scenario_beside(client: Editor, tmp_path: Path) -> None:
    plan, scenario = uri(tmp_path / "a.plan"), uri(tmp_path / "a.scenario.yaml")
    beside = "plan: Flex 20\ncycles:\n  - use: 6 GB\n"
    (tmp_path / "a.scenario.yaml").write_text(beside, encoding="utf-8")
    client.open(plan, PLAN)
    there = at(PLAN, "Fl|ex")
    prepared = await client.text_document_prepare_rename_async(types.PrepareRenameParams(document(plan), there))
    assert prepared == types.PrepareRenamePlaceholder(types.Range(types.Position(0, 6), types.Position(0, 13)), "Flex 20")
    done = await client.text_document_rename_async(types.RenameParams(document(plan), there, "Basic"))
    assert done is not None
    assert done.changes is not None
    assert edited(PLAN, list(done.changes[plan])) == PLAN.replace("Flex 20", "Basic")
    assert edited(beside, list(done.changes[scenario])) == beside.replace("Flex 20", '"Basic"')
    with pytest.raises(JsonRpcException, match="a name can't be empty"):
        await client.text_document_rename_async(types.RenameParams(document(plan), there, ""))
    nothing = await client.text_document_prepare_rename_async(types.PrepareRenameParams(document(plan), at(PLAN, "carry")))
    assert nothing is None


async def test_formatting_keeps_line_ends_and_leaves_what_it_can_not_read(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    loose = PLAN.replace("  grant", "\tGRANT  ").replace("\n", "\r\n")
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    client.open(plan, loose)
    found = await client.text_document_formatting_async(types.DocumentFormattingParams(document(plan), options))
    assert edited(loose, list(found or ())) == PLAN.replace("\n", "\r\n")
    assert [one.range.start.line for one in found or ()] == [2]  # no other line is touched
    first = types.Range(types.Position(0, 0), types.Position(1, 0))
    params = types.DocumentRangeFormattingParams(document(plan), first, options)
    assert await client.text_document_range_formatting_async(params) in ((), [])
    client.change(plan, 2, WHOLE(loose + "  )(\r\n"))
    again = await client.text_document_formatting_async(types.DocumentFormattingParams(document(plan), options))
    assert again in ((), [])


# ---- places and texts of every kind


@pytest.mark.parametrize(
    ("asked", "given", "column"),
    [((), "utf-16", 23), (("utf-8", "utf-16"), "utf-8", 25), (("utf-32", "utf-16"), "utf-32", 22), (("other",), "utf-16", 23)],
)
async def test_places_are_counted_as_the_editor_asks(tmp_path: Path, asked: tuple[str, ...], given: str, column: int) -> None:
    plan = uri(tmp_path / "a.plan")
    async with editor(*asked) as client:
        assert client.initialized_as is not None
        assert client.initialized_as.capabilities.position_encoding == given
        client.open(plan, ODD)
        (found,) = await client.diagnostics(plan)
        assert found.range == types.Range(types.Position(3, column), types.Position(3, column + 6))


async def test_edits_in_parts_give_the_text_that_the_editor_has(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    text = ODD.replace("\n", "\r\n")
    client.open(plan, text)
    changes = {"crri": "c", "😀\u2028": "\u2028x", "\r\n  grant": "\n\n\tgrant", '"B"': '"C\U0001f680"', "# 😀": ""}
    for version, (mark, new) in enumerate(changes.items(), 2):
        client.change(plan, version, part_of(text, mark, new))
        text = text.replace(mark, new, 1)
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document(plan)))
    assert [(one.name, one.range.start.line) for one in symbols or ()] == [("É漢\u2028x", 0), ("C\U0001f680", 3)]


def part_of(text: str, mark: str, new: str) -> types.TextDocumentContentChangePartial:
    """A change of what stands in a text, over line ends, too."""
    start = text.index(mark)

    def position(offset: int) -> types.Position:
        lines = text[:offset].replace("\r\n", "\n").split("\n")
        return types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)

    return types.TextDocumentContentChangePartial(types.Range(position(start), position(start + len(mark))), new)


async def test_no_text_is_too_odd(client: Editor, tmp_path: Path) -> None:
    plan = uri(tmp_path / "a.plan")
    texts = [
        "",
        "\n",
        "\r",
        '"',
        "\ud800 plan",
        "plan " + "a" * 5_000,
        "\0",
        "#",
        ODD,
        "plan\x0c\x85\u2028" * 3,
        "{}: [",
        "é" * 99,
    ]
    client.open(plan, "")
    for version, text in enumerate(texts, 2):
        client.change(plan, version, WHOLE(text))
        await client.diagnostics(plan, version)
        for line, character in ((0, 0), (0, 1), (0, 9_999), (7, 3)):
            place = types.Position(line, character)
            await client.text_document_completion_async(types.CompletionParams(document(plan), place))
            await client.text_document_hover_async(types.HoverParams(document(plan), place))
        await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document(plan)))
        await client.text_document_inlay_hint_async(types.InlayHintParams(document(plan), everything()))
        await client.text_document_document_symbol_async(types.DocumentSymbolParams(document(plan)))
        params = types.CodeActionParams(document(plan), everything(), types.CodeActionContext([]))
        await client.text_document_code_action_async(params)
    of_none = await client.text_document_hover_async(types.HoverParams(document("file:///none.plan"), types.Position(0, 0)))
    assert of_none is None


async def test_a_long_text_keeps_nobody_from_typing(client: Editor, tmp_path: Path) -> None:
    """Checking a very long text takes seconds: keys pressed meanwhile are answered, and only the last text is told about."""
    plan = uri(tmp_path / "a.plan")
    block = '\nplan "P{0}" prepaid\n  cycle: {1} days\n  grant {0} MB\n  unused data: carry 1 cycle, cap {0} MB\n'
    text = "".join(block.format(number, number % 300 + 7) for number in range(1, 2_000))
    client.open(plan, text)
    for version in range(2, 6):
        line = types.Position(3, 2)
        client.change(plan, version, types.TextDocumentContentChangePartial(types.Range(line, line), "x" * version))
        await client.text_document_completion_async(types.CompletionParams(document(plan), types.Position(4, 15)))
    assert plan not in client.said
    assert await client.codes(plan, 5) != []
    assert {one.version for one in client.said[plan]} == {5}


# ---- beginning and ending


async def test_it_ends_with_0_when_told_so() -> None:
    async with editor() as client:
        ended = client.process
    assert ended.returncode == 0


async def test_it_ends_with_1_when_the_editor_goes_without_a_word() -> None:
    async with editor() as client:
        client.exit(None)
        async with asyncio.timeout(PATIENCE):
            assert await client.process.wait() == 1
    async with editor() as client:
        stdin = client.process.stdin
        assert stdin is not None
        stdin.close()
        async with asyncio.timeout(PATIENCE):
            assert await client.process.wait() == 1
