"""What holds for every text, whatever is in it: generated plans, the samples with mistakes made in them, words and plain noise.

- No text makes a traceback; each mistake stands in the text and is told in the language's words, without control characters.
- Formatting keeps what a text means and its comments, and formatting again changes nothing.

ROLLOVER_SEARCH=20 looks at twenty times as many, others each time.
"""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from reading import anywhere
from strategies import examples, texts

from dsl.check import Checked, check
from dsl.diagnostics import render
from dsl.format import format_text
from dsl.grammar import keywords, parser
from dsl.parse import parse_line
from dsl.source import Source, split_lines
from engine.run import run
from tui.session import sample_usage, usage_scenario

EXAMPLES = Path(__file__).parents[1] / "examples"
# What is granted and extended here ends after the year 9999.
WINDOW = ' for "A"\nfrom 2026-01-01 until 2026-02-01\nwhen it starts, allowance data: extend 1200 cycles\n'
FAR = f'plan "A" prepaid\ncycle 36 months\ngrant 1 GB for 1200 cycles\npromotion "P"{WINDOW}promotion "Q"{WINDOW}'
UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # categories of characters that a terminal should not be sent


@cache
def samples() -> tuple[str, ...]:
    """The plans of examples/; sorted, so that a failure can be had again."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("**/*.plan")))


def looked_at(text: str) -> Checked:
    """The checked text, after all that people are shown of it was looked at."""
    source = Source("any\x1b.plan", text)
    checked = check(source)
    for plan in checked.plans[: 1 + len(text) % 3]:
        assert run(plan, usage_scenario(plan, sample_usage(plan))).statement.cycles
    lines = source.lines
    for diagnostic in checked.diagnostics:
        for span in (diagnostic.span, *(span for span, _ in diagnostic.also)):
            assert 1 <= span.line <= len(lines)
            assert 0 <= span.start <= span.end <= len(lines[span.line - 1]) + 1  # one past the end: where a word is missing
        assert diagnostic.message
        told = re.findall(r"__ANON\w*|\$END|\bJUNK\b|" + terminals(), f"{diagnostic.message}\n{diagnostic.help}")
        assert not [name for name in told if name not in text], diagnostic
        shown = render(diagnostic, source)
        assert not [character for character in shown.replace("\n", "") if unicodedata.category(character) in UNSAFE]
    return checked


@cache
def terminals() -> str:
    """A pattern of the names of terminals, which are Lark's business and not our readers'."""
    return r"\b(?:" + "|".join(sorted(name for name in (one.name for one in parser().terminals) if len(name) > 1)) + r")\b"


@examples(150)
@given(st.text() | st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=8).map("\n".join))
@example('plan "')
@example("\ufeffplan “A” prepaid\n\x00grant ١ GB\u2028carry\r")
@example(FAR)
def test_any_text_is_answered(text: str) -> None:
    looked_at(text)


def words() -> st.SearchStrategy[str]:
    """Words, punctuation and names of the language, in no order."""
    names = ['"A"', '"B"', "10", "1,000", "2.5", "0", "GB", "MB", "EUR", "minutes", "data", "sms", "kbps", "2026-02-30"]
    signs = [":", ",", "=", "->", "%", "#", '"', "“", "(", "15th", "2026-10-01", "Europe/Vienna", "cap10GB", "every2days"]
    return st.sampled_from(sorted(keywords()) + 3 * names + signs)


@examples(150)
@given(st.lists(st.lists(words(), max_size=9).map(" ".join), max_size=8).map("\n".join), st.booleans())
def test_any_words_are_answered(text: str, in_a_plan: bool) -> None:
    looked_at('plan "A" prepaid\ngrant 10 GB\n' * in_a_plan + text)


@examples(60)
@given(st.data(), st.sampled_from(samples()) | texts())
def test_a_changed_text_is_answered(data: st.DataObject, text: str) -> None:
    """Each text with its end cut off, with a character less, more, or another, and with a line twice or nowhere."""
    at = data.draw(st.integers(0, len(text)))
    other = data.draw(st.sampled_from('0a \t\n":,#%=-é\x1b\u202e') | st.characters(codec="utf-8"))
    lines = split_lines(text)
    line = data.draw(st.integers(0, len(lines) - 1))
    looked_at(text[:at])
    looked_at(text[:at] + text[at + 1 :])
    looked_at(text[:at] + other + text[at:])
    looked_at(text[:at] + other + text[at + 1 :])
    looked_at("\n".join(lines[:line] + lines[line + 1 :]))
    looked_at("\n".join([*lines, lines[line]]))


@examples(50)
@given(texts() | st.sampled_from(samples()), st.randoms(use_true_random=False))
def test_formatting_keeps_the_plan(text: str, chance: random.Random) -> None:
    for written in (text, disordered(text, chance)):
        formatted = format_text(written)
        assert meaning(formatted) == meaning(text)
        assert comments(formatted) == comments(text)
        assert format_text(formatted) == formatted


def test_formatting_takes_no_character_out_of_a_line_that_cant_be_read() -> None:
    assert format_text('plan "A" prepaid\n  grant 1 EU\x0b \n') == 'plan "A" prepaid\n  grant 1 EU\x0b\n'


@examples(50)
@given(st.data(), st.sampled_from(samples()) | texts())
def test_formatting_keeps_a_text_with_mistakes(data: st.DataObject, text: str) -> None:
    at = data.draw(st.integers(0, len(text)))
    broken = text[:at] + data.draw(st.sampled_from(['"', " grant", "\r", "\x0b", "#", "1"])) + text[at + 1 :]
    formatted = format_text(broken)
    assert comments(formatted) == comments(broken)
    assert [one.message for one in check(Source("", formatted)).diagnostics] == [
        one.message for one in check(Source("", broken)).diagnostics
    ]
    assert format_text(formatted) == formatted


def meaning(text: str) -> object:
    """What a text without mistakes means, wherever it stands."""
    checked = check(Source("formatted.plan", text))
    assert not checked.has_errors
    return anywhere((checked.plans, checked.scenarios, checked.regulations)), checked.data_step


def comments(text: str) -> list[str]:
    return [comment for line in split_lines(text) if (comment := parse_line(line).comment)]


def disordered(text: str, chance: random.Random) -> str:
    """The same words in other spaces and letters; names, comments and zones as they stand."""
    lines = []
    for line in split_lines(text):
        parts = re.findall(r'"[^"]*"|#.*|\s+|\d+:\d+|[:,]|[\w.+-]+/\S+|[^\s":,#]+', line)
        assert "".join(parts) == line
        lines.append(chance.choice(["", " ", "\t", "      "]) + "".join(_disordered(part, chance) for part in parts))
        lines += [chance.choice(["", " \t"])] * (chance.random() < 0.2)
    return chance.choice(["\n", "\r\n"]).join(lines)


def _disordered(part: str, chance: random.Random) -> str:
    if part[0] in '"#' or "/" in part:
        return part
    if part.isspace():
        return chance.choice([" ", "  ", "\t", " \t "])
    if part in ":,":
        return chance.choice(["", " "]) + part + chance.choice(["", " ", "   "])
    return chance.choice([part, part.upper(), part.lower(), part.title()])
