"""Names: where they are defined and used, what a new one changes; the outline and the folds of a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from marked import marked
from shipped import EXAMPLES, PLANS
from strategies import examples, texts

from dsl.assist import names, scenario_names
from dsl.assist.names import NameKind, RenameError
from dsl.assist.outline import Symbol, folds, outline
from dsl.assist.position import Position
from dsl.check import check
from dsl.fixes import applied
from dsl.source import Source, Span

FILE = """\
unit flex
group "Family": "Flex 20", "Flex 40"

plan "Flex 20" prepaid
  grant 20 GB, 50 flex
  use "Trip", then allowance
  unused data, if same group "Family": carry 1 month, cap 10 GB
  "Trip" data: carry 1 month
  "video" counts 0.5

  example "a month"
    buy "Trip"
    use 1 GB "video"
    "Kid" joins
    give 1 GB to "Kid"
    change to "Flex 40"
    use 0 GB

plan "Flex 40" like "Flex 20"
  grant 40 GB only "video"

# a comment
# of two lines
pack "Trip"
  grant 1 GB

promotion "Week" for "Flex 20", "Flex 40"
  from 2026-01-01 until 2026-01-08
  grant 1 flex
"""


def at(text: str) -> tuple[Source, Position]:
    checked, position = marked(text)
    return checked.source, position


def places(mark: str) -> list[int]:
    source, position = at(mark)
    return [one.span.line for one in names.references(source, position)]


def renamed(text: str, new: str) -> str:
    source, position = at(text)
    return applied(source.text, [names.rename(source, position, new)])


# ---- examples


def test_a_plan_is_found_wherever_the_file_speaks_of_it() -> None:
    assert places(FILE.replace('plan "Flex 20"', 'plan "Fl|ex 20"')) == [2, 4, 19, 27]


def test_the_definition_from_any_place() -> None:
    for mark in ('like "|Flex 20"', 'for "Flex 20|"'):
        source, position = at(FILE.replace(mark.replace("|", ""), mark))
        found = names.definition(source, position)
        assert found is not None
        assert (found.kind, found.span) == (NameKind.PLAN, Span(4, 6, 13))


def test_packs_groups_units_uses_and_lines_of_the_account_have_their_places() -> None:
    assert places(FILE.replace('buy "Trip"', 'buy "T|rip"')) == [6, 8, 12, 24]
    assert places(FILE.replace('group "Family"', 'group "Fa|mily"', 1)) == [2, 7]
    assert places(FILE.replace("50 flex", "50 fl|ex")) == [1, 5, 29]
    assert places(FILE.replace('"video" counts', '"vi|deo" counts')) == [9, 13, 20]
    assert places(FILE.replace('to "Kid"', 'to "K|id"')) == [14, 15]


def test_a_member_of_a_group_is_a_pack_where_the_file_says_so() -> None:
    text = 'group "G": "P", "A"\nplan "A" prepaid\n  grant 1 GB\npack "P"\n  grant 1 GB\n'
    kinds = {one.name: one.kind for one in names.occurrences(Source("", text))}
    assert kinds == {"G": NameKind.GROUP, "P": NameKind.PACK, "A": NameKind.PLAN}


def test_a_rename_changes_every_place_and_nothing_else() -> None:
    after = renamed(FILE.replace('like "Flex 20"', 'like "Flex| 20"'), "Basic")
    assert after == FILE.replace('"Flex 20"', '"Basic"')
    assert not check(Source("", after)).has_errors


def test_a_unit_keeps_singular_and_plural() -> None:
    text = 'unit po|int\nplan "A" prepaid\n  grant 10 points\n  example "e"\n    use 1 point\n'
    assert renamed(text, "star") == text.replace("|", "").replace("point", "star")


def test_a_name_of_two_examples_is_renamed_in_its_own() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\n' + "".join(f'  example "{name}"\n    use 1 GB\n    "Kid" joins\n' for name in "xy")
    after = renamed(text.replace('"Kid"', '"|Kid"', 1), "Ann")
    assert after.count('"Ann"') == after.count('"Kid"') == 1


@pytest.mark.parametrize(
    ("mark", "new", "why"),
    [
        ('plan "|Flex 20"', " ", "a name can't be empty"),
        ('plan "|Flex 20"', "Flex 40", 'there is a plan called "Flex 40" already'),
        ('plan "|Flex 20"', 'a "b"', "a name is on one line and has no quotes in it"),
        ('plan "|Flex 20"', "a\nb", "a name is on one line and has no quotes in it"),
        ("unit |flex", "GB", "`GB` is a service or unit already"),
        ("unit |flex", "two words", "a unit is one word that is none of the language's, such as flex or point"),
        ("unit |flex", "cap", "a unit is one word that is none of the language's, such as flex or point"),
        ("|grant 20", "x", "there is no name here"),
    ],
)
def test_what_can_not_be_a_name_is_refused_with_a_sentence(mark: str, new: str, why: str) -> None:
    with pytest.raises(RenameError, match=f"^{why}"):
        renamed(FILE.replace(mark.replace("|", ""), mark, 1), new)


def test_names_in_a_file_that_can_hardly_be_read() -> None:
    source = Source("", 'plan "A" prepaid extra words\n  grnt 1 GB\nplan B prepaid\nplan "C" like "A\n')
    assert [(one.name, one.span.line) for one in names.occurrences(source) if one.defines] == [("A", 1), ("B", 3), ("C", 4)]


def test_the_scenario_beside_a_plan_is_renamed_too() -> None:
    text = 'plan: Flex 20\ncycles:\n  - {buy: [Trip, "Trip"], do: change to "Flex 20", use: 1 GB "video"}\n  - {use: 1 GB}\n'
    source, position = at(FILE.replace('plan "Flex 20"', 'plan "|Flex 20"'))
    named = names.at(source, position)
    assert named is not None
    after = applied(text, [scenario_names.renaming(Source("", text), named, "Flex: 25")])
    assert after.replace('"Flex: 25"', "Flex 20", 1).replace("Flex: 25", "Flex 20") == text


def test_the_outline_has_blocks_with_their_examples() -> None:
    def short(one: Symbol) -> object:
        return (one.kind, one.name, one.first, one.last, [short(child) for child in one.children])

    assert [short(one) for one in outline(Source("", FILE))] == [
        ("unit", "flex", 1, 1, []),
        ("group", "Family", 2, 2, []),
        ("plan", "Flex 20", 4, 17, [("example", "a month", 11, 17, [])]),
        ("plan", "Flex 40", 19, 20, []),
        ("pack", "Trip", 24, 25, []),
        ("promotion", "Week", 27, 29, []),
    ]


def test_blocks_examples_and_comments_fold() -> None:
    assert folds(Source("", FILE)) == ((4, 17), (11, 17), (19, 20), (22, 23), (24, 25), (27, 29))


# ---- what holds for every file


@pytest.mark.parametrize("name", PLANS)
def test_a_rename_of_each_plan_there_and_back_is_no_change(name: str) -> None:
    source = Source(name, (EXAMPLES / name).read_text(encoding="utf-8"))
    for one in names.occurrences(source):
        if one.defines and one.kind in (NameKind.PLAN, NameKind.PACK, NameKind.GROUP, NameKind.UNIT):
            new = "otherwise" if one.kind is NameKind.UNIT else "Called otherwise"
            changed = Source(name, applied(source.text, [names.rename(source, Position(one.span.line, one.span.start), new)]))
            assert len(check(changed).diagnostics) == 0, one
            back = names.rename(changed, Position(one.span.line, one.span.start), source_name(source, one))
            assert applied(changed.text, [back]) == source.text


def source_name(source: Source, one: names.Occurrence) -> str:
    return source.lines[one.span.line - 1][one.span.start : one.span.end]


@given(texts())
@examples(40)
def test_every_occurrence_is_the_name_that_it_says(text: str) -> None:
    source = Source("", text)
    for one in names.occurrences(source):
        written = source_name(source, one)
        assert written == one.name or (one.kind is NameKind.UNIT and written.lower().rstrip("s") == one.name.rstrip("s"))
    for block in outline(source):
        assert block.first <= block.span.line <= block.last
