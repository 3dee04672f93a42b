"""The rule sets of real operators, and where the example files say each fact of them.

`data/operator_sets.yaml` holds the sets: what their terms state, fact by fact, and the worked examples they give. A file
`examples/operators/ID.plan` tells in its comments which fact a line says:

    use allowance, then carried  # order: recharge data first, then rollover
    # conditions, expiry: in a comment of its own it is about the rule below
    # Not said here yet (on plan change): what no rule says so far
    # Outside (notify): what is not for a rule to say
    example "15 GB, 10 used: 5 roll"  # worked example 1

A rule that is called as the fact is (`cycle:`, `cap`, `if`, ...) says it without a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from shipped import EXAMPLES

from dsl import nodes
from dsl.nodes import Flag
from dsl.parse import parse_line
from dsl.plan import Occasion

SETS = Path(__file__).with_name("data") / "operator_sets.yaml"
CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "operator_plans.yaml"
_ABOUT = """\
# What real operators' terms state, by the id of the rule set: facts paraphrased from public pages of various dates, not offers.
# worked_example.sim: amounts in its unit; `life`: cycles a lot lives after its own, null: no end; `cap`: on what is carried;
# `available`: at the start of each cycle; `expired_end`: what is lost at each end. The tests keep it equal to the corpus.
"""
_NO_FACTS = ("id", "operator", "country", "segment", "plan")
_NOT_KEPT = ("source", "confidence", "features")

Facts = dict[str, str | bool]  # by name, as in "on plan change"


@dataclass(frozen=True)
class Set:
    """A rule set. `worked` are the texts and simulations of its worked examples."""

    id: str
    operator: str
    country: str
    segment: str
    plan: str
    facts: Facts
    worked: tuple[dict[str, Any], ...]

    @property
    def is_regulation(self) -> bool:
        return self.segment == "regulation"

    @property
    def worked_names(self) -> list[str]:
        return [f"worked example {number}" for number, _ in enumerate(self.worked, 1)]


@cache
def sets() -> dict[str, Set]:
    """Every rule set by its id."""
    found = {}
    for entry in yaml.safe_load(SETS.read_text(encoding="utf-8")):
        facts = {key.replace("_", " "): value for key, value in entry.items() if key not in (*_NO_FACTS, "worked_example")}
        facts = {name: value if isinstance(value, bool) else str(value) for name, value in facts.items()}
        about = {key: entry[key] for key in _NO_FACTS}
        found[entry["id"]] = Set(**about, facts=facts, worked=tuple(entry.get("worked_example", [])))
    return found


def kept_of_the_corpus() -> str:
    """The text of `SETS` as the corpus of rule sets would have it, which stands beside the project or nowhere."""
    entries = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))["plans"]
    kept = [{key: value for key, value in entry.items() if key not in _NOT_KEPT} for entry in entries]
    return _ABOUT + yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=125)


def figures(texts: Iterable[object]) -> set[str]:
    """The numbers in texts, as written."""
    return {number for text in texts for number in re.findall(r"\d+(?:[.,]\d+)*", str(text))}


# ---- what a file says -----------------------------------------------------------------------------------------------


class How(Enum):
    RULE = "rule"
    EXAMPLE = "example"
    OUTSIDE = "outside"
    WAITING = "not said here yet"


@dataclass
class Saying:
    """A rule, an example or a note, and the names of the facts it says. `words` are those of the rule or note, or the name of
    the example; `text` is a rule or an example as written, and `code` the same without comments."""

    how: How
    words: str
    names: set[str] = field(default_factory=set)
    text: str = ""
    code: str = ""


@dataclass(frozen=True)
class _Line:
    """A line without its comment, the comment, and the rule or example that begins here; steps of an example are neither."""

    words: str
    comment: str
    rule: nodes.Statement | None = None
    example: str = ""


@cache
def sayings(id: str) -> tuple[Saying, ...]:
    """All that the file of a rule set says, and the scenarios beside it, in their order."""
    plan = EXAMPLES / "operators" / f"{id}.plan"
    scenario = plan.with_name(f"{id}.scenario.yaml")
    found = _sayings(plan.read_text(encoding="utf-8"), _of_plan, sets()[id].facts)
    if scenario.exists():
        found += _sayings(scenario.read_text(encoding="utf-8"), _of_yaml, sets()[id].facts)
    return tuple(found)


def _of_plan(text: str) -> _Line:
    parsed = parse_line(text)
    words = text.removesuffix(parsed.comment).strip()
    match parsed.statement:
        case nodes.ExampleHeader(name=name):
            return _Line(words, parsed.comment, example=name.text)
        case step if isinstance(step, nodes.Step):
            return _Line(words, parsed.comment)
        case rule:
            return _Line(words, parsed.comment, rule)


def _of_yaml(text: str) -> _Line:
    if text.startswith("#"):
        return _Line("", text)
    return _Line(text, "", example=yaml.safe_load(text)["scenario"] if text.startswith("scenario:") else "")


_FACTS = "|".join(sorted({name for one in sets().values() for name in one.facts}))
_NAMES = rf"(?:{_FACTS}|worked example \d+)(?:, (?:{_FACTS}|worked example \d+))*"
_NAMED = re.compile(rf"# ({_NAMES})(?:$|: )")
_NOTE = re.compile(rf"# (Not said here yet|Outside)(?: \(({_NAMES})\))?: (.*)")
_HOW = {"Not said here yet": How.WAITING, "Outside": How.OUTSIDE}


def _sayings(text: str, read: Callable[[str], _Line], facts: Facts) -> list[Saying]:
    found: list[Saying] = []
    above: set[str] = set()  # named in a comment of its own, so said by the rule below
    note: Saying | None = None  # what a comment in the next line goes on with
    for written in text.splitlines():
        line = read(written)
        named, noted = _NAMED.match(line.comment), _NOTE.match(line.comment)
        names = set(named[1].split(", ")) if named else set()
        if noted:
            note = Saying(_HOW[noted[1]], noted[3], set(noted[2].split(", ")) if noted[2] else set())
            found.append(note)
            continue
        if note and not (line.words or named) and line.comment:
            note.words += line.comment.removeprefix("#")
            continue
        note = None
        if line.rule or line.example:
            how = How.EXAMPLE if line.example else How.RULE
            names |= above | (_said_by(line.rule, facts) if line.rule else set())
            found.append(Saying(how, line.example or line.words, names, written, line.words))
            above = set()
        elif line.words:
            found[-1].names |= names
            found[-1].text += f"\n{written}"
            found[-1].code += f"\n{line.words}"
        else:
            assert line.comment or not above, f"{sorted(above)} are named above no rule"
            above |= names
    return found


# ---- what needs no comment ------------------------------------------------------------------------------------------


def _said_by(rule: nodes.Statement, facts: Facts) -> set[str]:
    """The facts of `facts` that a rule says by what it is."""
    found: set[str] = set()
    match rule:
        case nodes.Dated(statement=dated):
            found = {"date", *_said_by(dated, facts)}
        case nodes.Cycle():
            found = {"cycle"}
        case nodes.Order():
            found = {"order"}
        case nodes.Contract() | nodes.Leaving():
            found = {"contract"}
        case nodes.Change() | nodes.OnEvent(event=nodes.Event(occasion=Occasion.PLAN_CHANGES)):
            found = {"on plan change"}
        case nodes.RunsOut():
            found = {"after exhaustion"}
        case nodes.PromotionHeader() | nodes.Window() | nodes.Multiply():
            found = {"promo"}
        case nodes.Equation(is_rate=True):
            found = {"conversion"}
        case nodes.Rules(items=items):
            found = {name for item in items for name in _said_by_item(item, facts)}
        case nodes.HandRules(hand=hand, items=items):
            found = {name for item in items for name in _said_by_item(item, facts)}
            found |= {"conditions"} if hand.conditions else set()
    return found & set(facts)


def _said_by_item(item: nodes.Item, facts: Facts) -> set[str]:
    nothing_rolls = str(facts.get("rolls over", "")).startswith("nothing")
    match item:
        case nodes.Amount(granted=True) | nodes.Fill():
            return {"grants"}
        case nodes.Cap():
            return set() if str(facts.get("cap", "")).startswith("none") else {"cap"}
        case nodes.Convert():
            return {"conversion"}
        case nodes.Expire():
            return {"rolls over"} if nothing_rolls else set()
        case nodes.Carry(marks=marks) if not nothing_rolls:
            flags = {mark.flag for mark in marks if isinstance(mark, nodes.Said)}
            is_chained = bool(flags & {Flag.EACH_TIME, Flag.WITHOUT_END})
            contradicts = facts.get("chained") is (not is_chained)
            return {"rolls over", "expiry"} | (set() if contradicts else {"chained"})
    return set()
