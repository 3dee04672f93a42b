"""What is offered where somebody writes: no word that the checker would refuse there, and every word that could stand there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from marked import marked
from shipped import EXAMPLES, PLANS
from strategies import examples

from dsl.assist import catalogue, names, nouns
from dsl.assist.completion import Candidate, CandidateKind, complete
from dsl.assist.cursor import place
from dsl.assist.meaning import meaning
from dsl.assist.names import NameKind
from dsl.assist.position import Position
from dsl.check import check
from dsl.grammar import keywords, spellings
from dsl.interactive import Reading, accepts, feed, fresh
from dsl.lexemes import lex
from dsl.parse import parse_line
from dsl.source import Source

LANGUAGE = Path(__file__).parents[1] / "docs" / "language.md"
PLAN = 'plan "A" prepaid\n  grant 10 GB\n'


def offered(text: str, zones: tuple[str, ...] = ()) -> list[str]:
    return [one.label for one in candidates(text, zones)]


def candidates(text: str, zones: tuple[str, ...] = ()) -> tuple[Candidate, ...]:
    return complete(*marked(text), zones)


def after(text: str, label: str) -> str:
    """The line under the cursor when that candidate is taken."""
    checked, position = marked(text)
    one = next(one for one in complete(checked, position) if one.label == label)
    line = checked.source.lines[position.line - 1]
    return line[: one.span.start] + one.insert + line[one.span.end :]


# ---- examples


def test_an_empty_file_starts_with_a_plan() -> None:
    assert offered("|")[:2] == ['plan "Flex 20" prepaid', 'plan "Flex 20" postpaid']


def test_a_plan_is_offered_whole_rules_and_their_first_words() -> None:
    found = offered(PLAN + "  |")
    assert found[0] == "grant 10 GB"
    assert {"unused data: carry 1 month, cap 10 GB", "when data runs out: slow to 128 kbps", "unused", "when"} <= {*found}


def test_what_can_not_stand_in_a_block_is_not_offered_there() -> None:
    assert "multiply the allowance by 2" not in offered(PLAN + "  |")
    assert "contract 24 months" not in offered('pack "P"\n  |')
    assert "cycle: 30 days" not in offered('promotion "P" for "A"\n  |')
    assert "grant 10 GB" not in offered(PLAN + '  example "e"\n    |')


def test_an_example_is_offered_steps() -> None:
    assert {"use 6 GB -> left 14 GB", "renew", "do not renew"} <= {*offered(PLAN + '  example "e"\n    |')}


def test_behind_a_hand_stand_clauses_and_none_that_it_refuses() -> None:
    found = offered(PLAN + "  unused data: |")
    assert {"carry 1 month, cap 10 GB", "carry", "convert", "expire"} <= {*found}
    assert not {"sell", "slow", "keep", "grant", "cap"} & {*found}


def test_behind_what_runs_out_stand_remedies() -> None:
    found = offered(PLAN + "  when data runs out: |")
    assert {"slow to 128 kbps", "sell", "block", "owe"} <= {*found}
    assert not {"carry", "cap"} & {*found}


def test_a_life_behind_carry() -> None:
    assert offered(PLAN + "  unused data: carry |")[2:5] == ["1 month", "1 cycle", "30 days"]
    assert {"month", "cycle", "day"} <= {*offered(PLAN + "  unused data: carry 1 |")}
    assert {"months", "cycles", "days"} <= {*offered(PLAN + "  unused data: carry 2 |")}


def test_units_behind_a_number_are_those_of_the_line() -> None:
    assert offered(PLAN + "  unused data: carry 1 month, cap 10 |")[:4] == ["GB", "MB", "KB", "TB"]
    assert "minutes" not in offered(PLAN + "  unused data: carry 1 month, cap 10 |")
    assert offered(PLAN + "  when data runs out: slow to 128 |") == ["kbps", "Mbps"]
    assert offered(PLAN + "  price 10 |")[0] == "EUR"
    assert "flex" in offered("unit flex\n" + PLAN + "  grant 10 |")


def test_a_number_that_is_typed_keeps_its_digits() -> None:
    assert after(PLAN + "  grant 25|", "25 MB") == "  grant 25 MB"
    assert after(PLAN + "  unused data: carry 1 month, cap 3|", "3x plan") == "  unused data: carry 1 month, cap 3x plan"


def test_names_stand_where_they_mean_something() -> None:
    text = 'plan "Flex 20" prepaid\n  grant 1 GB\npack "Trip"\n  grant 1 GB\ngroup "G": "Flex 20"\n'
    assert offered(text + 'plan "B" like "|')[:1] == ["Flex 20"]
    assert offered(text + 'promotion "P" for "|') == ["Flex 20"]
    assert offered(PLAN + '  example "e"\n    buy "|\n' + text) == ["Trip"]
    assert offered(PLAN + "  grant 1 GB with pack |\n" + text) == ['"Trip"']
    assert offered(PLAN + '  unused data, if same group "|\n' + text) == ["G"]
    assert offered('plan "|') == []


def test_no_name_is_offered_that_means_nothing_there() -> None:
    uses = PLAN + '  grant 1 GB only "video"\n'
    assert offered(uses + '  data and "|\n') == ["video"]
    assert offered(uses + '  share with "|\n') == []
    assert offered(uses + '  share data and "|\npack "Trip"\n  grant 1 GB\n') == ["Trip"]
    assert offered(uses + '  example "e"\n    "Kid" use 1 GB\n    "|\npack "Trip"\n  grant 1 GB\n') == ["Kid"]


def test_a_claim_about_two_plans_is_offered_their_names() -> None:
    text = PLAN + '  ensure "|\nplan "B" like "A"\n'
    assert offered(text) == ["A", "B"]
    assert offered(text.replace('"|', '"B" is never worse than "|')) == ["A"]


def test_a_name_is_closed_with_a_quote_only_where_there_is_none() -> None:
    text = 'plan "Flex 20" prepaid\n  grant 1 GB\n'
    assert after(text + 'plan "B" like "|', "Flex 20") == 'plan "B" like "Flex 20"'
    assert after(text + 'plan "B" like "Fl|"', "Flex 20") == 'plan "B" like "Flex 20"'
    assert after(text + 'promotion "P" for "|, "Flex 40"', "Flex 20") == 'promotion "P" for "Flex 20", "Flex 40"'


def test_lines_speak_of_the_names_of_the_file() -> None:
    assert 'like "A"' in offered(PLAN + 'plan "B" |')
    assert 'change to "A"' in offered(PLAN + '  example "e"\n    |')


def test_what_is_typed_narrows_and_is_replaced_with_the_rest_of_its_word() -> None:
    assert offered(PLAN + "  unused data: co|") == ["convert"]
    assert after(PLAN + "  unused data: ca|rry 1 month", "carry") == "  unused data: carry 1 month"


def test_what_people_say_finds_the_word_of_the_language() -> None:
    assert [(one.label, one.match) for one in candidates(PLAN + "  unused data: roll|")][:1] == [("carry", "rollover")]


def test_a_broken_line_and_a_broken_file_have_completions() -> None:
    assert {"cap", "convert"} <= {*offered(PLAN + "  unused data: cary 1 month, |")}
    assert "carry" in offered('plan plan\nfoo "\n' + PLAN + "  unused dta: |\n)(")
    assert {"prepaid", "postpaid"} <= {*offered('plan "A" |\n  grnt 10 GB')}


def test_nothing_is_offered_in_a_comment() -> None:
    assert offered(PLAN + "  grant 1 GB  # ca|") == []


def test_a_comma_that_is_missing_comes_with_what_follows_it() -> None:
    assert after(PLAN + "  unused data: carry 1 month |", ", cap") == "  unused data: carry 1 month, cap"


def test_time_zones_are_those_it_is_given() -> None:
    assert "Asia/Manila" in offered("timezone |", ("Asia/Manila",))


def test_candidates_say_what_they_are_and_which_parts_to_change() -> None:
    first = candidates(PLAN + "  |")[0]
    assert (first.kind, first.detail, first.stops) == (CandidateKind.LINE, "what each cycle brings", ((6, 8),))
    assert all(one.detail for one in candidates(PLAN + "  unused data: |"))


def detail(text: str, label: str) -> str:
    return next(one.detail for one in candidates(text) if one.label == label)


def test_what_is_offered_is_explained_as_it_is_meant_there() -> None:
    assert detail(PLAN + "  |", "use") == "Which lots go first."
    assert detail(PLAN + '  example "e"\n    |', "use") == "What is used in a cycle, or at that date."
    assert detail(PLAN + "  unused data: |", "carry").startswith("What is in hand lives on")
    assert detail('regulation "R"\n  unused data: must |', "carry").startswith("What is left lives on past its end")
    assert detail(PLAN + "  ensure what is |", "due") == "What of the charges of a cycle no credit paid."
    assert detail('plan "A" prepaid\npack "P"\n  |', "grant") == "Puts a lot when the pack is bought."


# ---- the catalogue


def test_each_word_of_the_grammar_has_a_meaning_and_no_other_has() -> None:
    plain = {words[0] for words in spellings().values() if words[0] in keywords()}
    assert {*catalogue.meanings()} == plain


def test_each_line_of_the_catalogue_can_be_read_and_all_that_begins_a_line_is_there() -> None:
    for line in catalogue.lines():
        assert parse_line(line).sound, line
    behind_a_hand = Reading()
    assert all(behind_a_hand.take(kind) for kind in ("UNUSED", "WORD", "COLON"))
    begun = {lex(line)[0].kind for line in catalogue.lines()}
    assert Reading().possible() - begun <= behind_a_hand.possible()  # the rest begins a clause and no line of its own


# What no shipped plan and no block of the reference says.
RARE = """\
cycle: 30 days
by day counts 2
grant 1 GB only by day
fill data up to 2 GB
extend by 1 month
leaving early: charge 6 EUR, by day
ensure charged never above 1 EUR
ensure what is due never above 1 EUR
ensure "A" never worse than "B"
example "e"
  use 1 GB by day -> left 1 GB because line 1
"""
CAUSES = """grant carry cap convert extend keep freeze expire give share sell borrow owe slow block price uses start add remove
void if promotion pack""".split()
RARE += "".join(
    f"  use 1 GB -> left 1 GB because {why}\n" for why in [*CAUSES, "top up", "leaving early", "no rule", "the end"]
)


def test_each_meaning_of_a_place_is_told_somewhere() -> None:
    """A row whose place nothing stands in would never be seen."""
    untold = {*catalogue.places().values()}
    texts = [(EXAMPLES / name).read_text(encoding="utf-8") for name in PLANS]
    for text in (*texts, *re.findall(r"```plan\n(.*?)```", LANGUAGE.read_text(encoding="utf-8"), re.DOTALL), RARE):
        source = Source("", text)
        for number, line in enumerate(source.lines, 1):
            lexemes, blocks = lex(line), place(source, number).blocks
            untold -= {told[1] for at in range(len(lexemes)) if (told := meaning(lexemes, at, blocks))}
    assert untold == set()


def test_a_place_is_a_word_of_the_language() -> None:
    plain = {words[0] for words in spellings().values()}
    assert {place for place, _ in catalogue.places()} <= plain


def test_phrases_are_words_of_the_language() -> None:
    for phrase in (*catalogue.phrases(), *(words for _, words in catalogue.places())):
        assert {*phrase.split()} <= {word for said in keywords() for word in said.split()}, phrase


# ---- what holds for every text


@cache
def all_lines() -> list[str]:
    texts = [(EXAMPLES / name).read_text(encoding="utf-8") for name in PLANS]
    texts += re.findall(r"```plan\n(.*?)```", LANGUAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for text in texts for line in text.split("\n")]


def test_the_grammar_is_asked_as_lark_asks_it() -> None:
    """`Reading` is a copy of what Lark's parser does, without values: a new Lark that does otherwise fails here."""
    for line in [*dict.fromkeys(all_lines())][:400:4]:
        parser, reading = fresh(), Reading()
        for lexeme in lex(line):
            assert reading.possible() == accepts(parser) == set(parser.accepts())  # type: ignore[no-untyped-call]
            assert feed(parser, lexeme) == reading.take(lexeme.kind)
        assert reading.possible() == set(parser.accepts())  # type: ignore[no-untyped-call]


def test_names_are_offered_where_names_of_that_kind_stand() -> None:
    """The words before a name say what it is of; the node that it is read to says it for certain."""
    seen = 0
    for line in dict.fromkeys(all_lines()):
        for one in names.of_line(1, line):
            if one.kind is NameKind.UNIT or one.span.start == 0 or line[one.span.start - 1] != '"':
                continue
            kinds = [lexeme.kind for lexeme in lex(line) if lexeme.end < one.span.start]
            offered = nouns.name_kinds(kinds)
            assert (offered == ()) if one.defines and one.kind is not NameKind.LINE else (one.kind in offered), line
            seen += 1
    assert seen > 1_000


def test_what_stands_in_plans_would_have_been_offered() -> None:
    """At each word, but for names that the file makes up: the first word of a candidate is the one that stands there."""
    text = (EXAMPLES / "packs.plan").read_text(encoding="utf-8")
    checked = check(Source("x.plan", text))
    made_up = {(one.span.line, one.span.start - 1) for one in names.occurrences(checked.source) if one.defines}
    missed = []
    for number, line in enumerate(text.split("\n"), 1):
        for lexeme in lex(line):
            # The x of `2x plan` is offered with its number.
            if lexeme.kind in offered_kinds() - {"TIMES"} and (number, lexeme.start) not in made_up:
                rest = line[lexeme.start :].lower()
                found = complete(checked, Position(number, lexeme.start))
                if not any(rest.startswith(one.label.lower().split()[0]) for one in found):
                    missed.append(line[: lexeme.start] + "|" + line[lexeme.start :])
    assert missed == []


@cache
def offered_kinds() -> set[str]:
    return {*spellings()} - {"COLON", "COMMA", "EQUALS", "ARROW", "PERCENT"} | {"NAME", "WORD"}


def test_what_is_offered_is_not_refused() -> None:
    """Whole lines that a block is offered are sound in it, but for what they speak of and the file has not."""
    may_lack = {"R101", "R102", "R105", "R106", "R107", "R206", "R207", "R211", "R213", "R218", "R231", "R233", "R237", "R238"}
    headers = ("plan", "pack", "promotion", "example", "from")  # and dates, behind which a rule is to follow
    for above in (PLAN, 'pack "P"\n  grant 1 GB\n', PLAN + '  example "e"\n    use 1 GB\n'):
        for one in candidates(above + "  |"):
            if one.kind is CandidateKind.LINE and not one.label.startswith(headers):
                found = check(Source("x.plan", f"{above}  {one.insert}\n")).diagnostics
                assert {finding.code for finding in found if finding.is_error} <= may_lack, one.label


@given(st.text(alphabet='\n\t "#:,->%plancrymothGB10\u00a0é😀', max_size=60), st.integers(0, 5), st.integers(-1, 70))
@examples(60)
def test_no_text_and_no_place_is_too_odd(text: str, line: int, column: int) -> None:
    checked = check(Source("x.plan", text))
    for one in complete(checked, Position(line, max(column, 0))):
        assert one.span.start <= one.span.end
        assert all(0 <= start <= end <= len(one.insert) for start, end in one.stops)
