"""What people see when a file is wrong: every independent mistake in one pass, each with its place, a caret, a code and help.

`goldens/mistakes` holds wrong files and, beside each, exactly what is printed: read them as the reader of the message would.
After a change of words run `ROLLOVER_UPDATE=1 pytest tests/test_mistakes.py` and read the diff.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from dsl import record_file, scenario_file
from dsl.check import check
from dsl.diagnostics import ERRORS, WARNINGS, Diagnostic, render
from dsl.source import Source, decode, excerpt, printable
from tui import regulating

GOLDENS = Path(__file__).with_name("goldens") / "mistakes"
WRONG = sorted(path for path in GOLDENS.iterdir() if path.suffix != ".txt")

# Wrong scenarios and records are about this file.
PLANS = """\
plan "Flex 20" prepaid
  grant 20 GB
plan "Flex 40" prepaid
  grant 40 GB
pack "Travel 7"
  grant 1 GB for 7 days
"""


def found_in(source: Source) -> tuple[Diagnostic, ...]:
    if source.name.endswith(".yaml"):
        return scenario_file.read(source, check(Source("flex.plan", PLANS)))[1]
    if source.name.endswith(".csv"):
        return record_file.read(source, check(Source("flex.plan", PLANS)))[1]
    checked = check(source)
    judged = list(regulating.judged(checked, regulating.rulebooks(checked)))
    return (*checked.diagnostics, *(one for _, one in regulating.as_findings(judged)))


@cache
def wrong(path: Path) -> tuple[Source, tuple[Diagnostic, ...]]:
    source = Source(path.name, decode(path.read_bytes()))
    return source, found_in(source)


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in check(Source("x.plan", text)).diagnostics]


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.name)
def test_what_is_printed(path: Path) -> None:
    source, diagnostics = wrong(path)
    printed = "\n\n".join(render(diagnostic, source) for diagnostic in diagnostics) + "\n"
    golden = path.with_name(path.name + ".txt")
    if os.environ.get("ROLLOVER_UPDATE"):
        golden.write_text(printed, encoding="utf-8", newline="\n")
    assert printed == golden.read_text(encoding="utf-8")


# Files too large to keep as text.
TOO_LARGE = {
    "R234": Source(
        "x.plan",
        'plan "0" prepaid\n  grant 1 GB\n' + "".join(f'plan "{number + 1}" like "{number}"\n' for number in range(30)),
    ),
    "R228": Source("x.plan", 'plan "A" prepaid\n  grant 1 GB\n' + "\n" * 50_000),
    "S006": Source("x.yaml", "plan: Flex 20\ncycles: [" + "{}, " * 1_200 + "{}]\n"),
}


@pytest.mark.parametrize("code", [*ERRORS, *WARNINGS])
def test_every_code_of_the_catalogue_is_about_a_mistake_people_can_make(code: str) -> None:
    if code in TOO_LARGE:
        assert code in [diagnostic.code for diagnostic in found_in(TOO_LARGE[code])]
    else:
        assert any(diagnostic.code == code for path in WRONG for diagnostic in wrong(path)[1])


def test_one_pass_finds_every_mistake_of_a_file() -> None:
    source, diagnostics = wrong(GOLDENS / "one-file-many-mistakes.plan")
    without_one = {
        "# Everything a hurried afternoon can do to one file.",
        "",
        '  example "a light month rolls"',
        "  grant 40 GB data",
    }
    mistaken = {number for number, line in enumerate(source.lines, 1) if line not in without_one}
    sound = {11}  # ensure data never above 30 GB
    assert {diagnostic.span.line for diagnostic in diagnostics} == mistaken - sound
    assert len(diagnostics) > 12


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.name)
def test_every_finding_has_a_place_a_code_and_help(path: Path) -> None:
    source, diagnostics = wrong(path)
    assert diagnostics
    for diagnostic in diagnostics:
        span = diagnostic.span
        assert 1 <= span.line <= len(source.lines)
        assert 0 <= span.start <= len(source.lines[span.line - 1])
        assert span.start <= span.end
        assert diagnostic.code in ERRORS or diagnostic.code in WARNINGS
        assert diagnostic.help
        head, line, caret, *_ = render(diagnostic, source).split("\n")
        assert head.startswith(f"{path.name}:{span.line}:{span.start + 1}: ")
        assert set(caret.partition("|")[2]) <= {" ", "^"}
        assert len(caret) <= len(line) + 1, "carets end where the line shown ends"


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.name)
def test_no_message_quotes_a_word_the_user_did_not_write(path: Path) -> None:
    """Back-ticks of a message are the user's own words; what should be there instead is said by the help."""
    source, diagnostics = wrong(path)
    shown = printable(source.text.replace("\n", " ")).lower()
    for diagnostic in diagnostics:
        message = diagnostic.message.lower()
        if diagnostic.code == "R008":  # `,` is missing before ...
            message = message.partition("missing")[2]
        if diagnostic.code == "S004":  # ... should be written as ...
            message = message.partition(" should be ")[0]
        if diagnostic.code == "R221":  # shows what a step looks like
            continue
        for word in re.findall(r"`([^`]*)`", message):
            parts = word.split(", ") if diagnostic.code == "G001" else [word]  # what is asked, without what is asked besides
            assert all(part in shown or part.removesuffix(":") in shown for part in parts)


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.name)
def test_no_finding_shows_how_rollover_is_made(path: Path) -> None:
    source, diagnostics = wrong(path)
    for diagnostic in diagnostics:
        text = render(diagnostic, source)
        assert not re.search(
            r"__ANON|\$END|Traceback|Token\(|UNUSED|NUMBER|WORD\b|\{\w*\}|None\b", text.replace("{left", "")
        ), text
        assert "  help: \n" not in text


# ---- one cause, one finding ----

PLAN = 'rate 1 GB = 30 minutes\nplan "A" prepaid\n  grant 10 GB\n'

ONE_CAUSE = {
    "a header with curly quotes": ("plan “A” prepaid\n  grant 10 GB\n  carry 1 month\n", "R005"),
    "a header without its closing quote": ('plan "A prepaid\n  grant 10 GB\n  carry 1 month\n', "R006"),
    "a second header that can't be read": (
        PLAN + 'promotion "Week" for "A\n  from 2026-10-01 until 2026-10-08\n  grant 1 GB bonus data\n', "R006",
    ),
    "the only grant is wrong": ('plan "A" prepaid\n  grant 0 GB\n', "R220"),
    "a cap counts on a grant that is wrong": (
        'plan "A" prepaid\n  grant 0 GB\n  bonus data: carry 1 month, cap 1x plan\n', "R220",
    ),
    "clauses that stand apart": (PLAN + "  carry 1 month\n  use carried data first\n  cap 10 GB\n", "R208"),
    "a conversion without a rate, and its cap": (
        'plan "A" prepaid\n  grant 10 GB\n  carry 1 month, convert to minutes, cap 200 minutes\n', "R207",
    ),
    "a rate that can't be read": ('rate 1 GB = 30 minuets\nplan "A" prepaid\n  grant 10 GB\n  convert to minutes\n', "R101"),
    "a circle": ('plan "A" like "B"\n  grant 1 GB\nplan "B" like "C"\nplan "C" like "A"\n', "R214"),
    "a first word that starts no line": (PLAN + "  gives 10 GB bonus\n", "R002"),
    "a rule in words of one's own": (PLAN + "  rollover 1 month\n", "R002"),
    "another": (PLAN + "  throttle to 64 kbps\n", "R002"),
    "several words written as one, first on the line": (PLAN + "  every2days grant 1 GB\n", "R007"),
    "a word the language knows, for a rule": (PLAN + "  every month merge 5 GB\n", "R090"),
    "a forgotten comma": (PLAN + "  carry 1 cycle cap 5 GB\n", "R008"),
    "a name of two words without quotes": ("plan Flex 20 prepaid\n  grant 10 GB\n", "R011"),
    "a name of one letter without quotes": ("plan A prepaid\n  grant 10 GB\n", "R011"),
    "a unit that is none, and clauses without a hand": ('plan "A" prepaid\n  grant 10 GB, 5 gigs\n  carry 1 month\n', "R101"),
    "a month that is none, and a cap": (
        'plan "A" prepaid\n  cycle: 30 days\n  grant 1 GB\n  carry 1 month, cap 1 GB\n', "R203",
    ),
    "like a plan that is not there": ('plan "A" like "B"\n', "R105"),
    "a cut without a cap": (PLAN + "  carry 1 month, oldest goes first\n", "R205"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), ONE_CAUSE.values(), ids=ONE_CAUSE.keys())
def test_one_cause_is_told_once(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_a_plan_with_a_name_that_is_taken_is_read_all_the_same() -> None:
    text = PLAN + 'plan "A" prepaid\n  grant 5 GBB\n  example "e"\n    buy "Nothing"\n    use 1 GB\n'
    assert codes(text) == ["R106", "R101", "R107"]


def test_two_counts_of_one_cap_contradict_each_other() -> None:
    assert codes(PLAN + "  carry 1 month, cap 20 GB a month with allowance\n") == ["R213"]


def test_a_keyword_that_stands_in_the_wrong_place_is_not_taken_for_a_misspelt_one() -> None:
    first, *_ = check(Source("x.plan", PLAN + "  carry 1 cycle carry 2 cycles\n")).diagnostics
    assert "carried" not in first.help


DEAD = {
    "a carry after another": "carry 1 month, carry 2 months",
    "a clause after expire": "expire, convert to minutes",
    "a cap that one before it makes idle": "carry 1 month, cap 10 GB, cap 20 GB",
    "a remedy after a sale without a limit": "when data runs out: sell 1 GB at 5 EUR, then slow to 64 kbps",
}


@pytest.mark.parametrize("line", DEAD.values(), ids=DEAD.keys())
def test_a_rule_that_can_never_matter_is_told(line: str) -> None:
    assert len(codes(f"{PLAN}  {line}\n")) == 1


# ---- did you mean ----

MEANT = {
    "every mont grant 20 GB": "`month`",
    "every month grnat 20 GB": "`grant`",
    "cary 1 month": "`carry`",
    "carry 1 cylce": "`cycle`",
    "carry 1 month, cpa 10 GB": "`cap`",
    "carry 1 month, covnert to minutes": "`convert`",
    "grant 300 minuets": "`minutes`",
    "grant 5 GBB": "`GB`",
    "use caried data first": "`carried`",
    "unsued data: carry 1 month": "`unused`",
    "unused daat: carry 1 month": "`data`",
    "when data runs out: slwo to 64 kbps": "`slow`",
    'use "Travel", then carried data': "`Travel 7`",
    "grant 1,000 MB": "`1000`",
    "grant 2,5 GB bonus": "`2.5`",
    "carry 1 month cap 10 GB": "`month, cap`",
    "carry 1 month, cap10GB": "`cap 10 GB`",
    "carry 1 month, 5 GB": "`cap 5 GB`",
}


@pytest.mark.parametrize(("line", "meant"), MEANT.items(), ids=MEANT.keys())
def test_help_names_what_was_meant(line: str, meant: str) -> None:
    checked = check(Source("x.plan", f'{PLAN}  {line}\npack "Travel 7"\n  grant 1 GB for 7 days\n'))
    finding = checked.diagnostics[0]
    assert finding.span.line == 4
    assert meant in finding.help


# ---- the excerpt ----


def test_carets_stand_under_wide_characters() -> None:
    source = Source("x.plan", 'plan "漢字" prepaid\n  grant 10 GB\n\nplan "b" like "漢子"\n')
    (finding,) = check(source).diagnostics
    line, caret = excerpt(source, finding.span).split("\n")
    assert line == ' 4 | plan "b" like "漢子"'
    assert caret == "   |               ^^^^^^"  # a name of two wide characters, with its quotes, takes six columns


def test_a_long_line_is_shown_where_the_mistake_is() -> None:
    line = "  unused data: " + "carry 1 month, " * 40 + "cary 1 month"
    source = Source("x.plan", f'plan "A" prepaid\n  grant 10 GB\n{line}\n')
    text = next(text for text in (render(one, source) for one in check(source).diagnostics) if "`cary`" in text)
    shown, caret = text.split("\n")[1:3]
    assert len(shown) < 130
    assert shown[caret.index("^") : caret.rindex("^") + 1] == "cary"


def test_text_of_a_file_reaches_the_terminal_only_in_printable_form() -> None:
    source, diagnostics = wrong(GOLDENS / "controls-in-a-name.plan")
    text = "\n".join(render(diagnostic, source) for diagnostic in diagnostics)
    assert "\\x1b[31m" in text
    assert "\\u202e" in text
    assert text.replace("\n", "").isprintable()


def test_a_header_with_a_mistake_leaves_what_is_above_it_as_it_was() -> None:
    """What is kept of a block is kept by its own lines: the next header must not change what they mean."""
    above = 'plan "A" prepaid\n  grant 1 GB\n  example "e"\n    use 1 GB\n'
    for header in ('plan "B" prepaid', 'plan "B prepaid', 'exmple "f"', 'example "f'):
        found = check(Source("x.plan", f"{above}{header}\n  grant 1 GB\n"))
        assert [scenario.name for scenario in found.scenarios][:1] == ["e"], header
