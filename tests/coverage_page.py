"""docs/coverage.md: what the example files say of each rule set of the operators, and what of it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import simulation
from operator_sets import How, Saying, Set, figures, sayings, sets
from shipped import OPERATORS, failures

_INTRO = """\
# Coverage

What the files in [examples/operators](../examples/operators) say of the terms of real operators, made from the files by
`ROLLOVER_UPDATE=1 pytest tests/test_coverage.py`; the tests fail where this page is not what the files say. Which line says
which fact is told by the comments in the files, as [CONTRIBUTING.md](../CONTRIBUTING.md) has it; a figure of the terms that
the file lacks, or a worked example without an example that passes, fails a test, too.
"""
_LEGEND = """\
A fact is **said** where rules or examples say it, **in part** where a note in the file tells what they leave out, **waiting**
where all of it is left out so far, and **outside** where it is not for a rule to say. Figures of what is said that stand in
comments only are listed. ✓ passes, ✗ fails.
"""


# The files in which a rule set of a regulator stands as what it asks of plans.
REGULATIONS = {"bd-btrc": "btrc", "za-icasa-8a": "icasa-8a", "gh-ministry-2019": "ghana-2019"}


@dataclass(frozen=True)
class Standing:
    """How a rule set stands: its facts by how they are said, notes of what is not said yet, examples."""

    about: Set
    said: tuple[Saying, ...]
    failed: dict[str, list[object]]

    @property
    def facts(self) -> Counter[str]:
        return Counter(self.fact(name) for name in self.about.facts)

    def fact(self, name: str) -> str:
        hows = {saying.how for saying in self.saying(name)}
        if How.WAITING in hows:
            return "in part" if hows & {How.RULE, How.EXAMPLE} else "waiting"
        return "said" if hows & {How.RULE, How.EXAMPLE} else "outside" if hows else "nowhere"

    def saying(self, name: str) -> list[Saying]:
        return [saying for saying in self.said if name in saying.names]

    def figures_only_in_comments(self, name: str) -> list[str]:
        """Figures of a fact that no rule and no example has."""
        return sorted(figures([self.about.facts[name]]) - figures(saying.code for saying in self.said))

    @property
    def notes(self) -> int:
        return sum(saying.how is How.WAITING for saying in self.said)

    def shows(self, name: str) -> bool:
        """Whether an example shows a worked example, and all that do pass."""
        shown = [saying for saying in self.saying(name) if saying.how is How.EXAMPLE]
        return bool(shown) and not any(self.failed[saying.words] for saying in shown)

    @property
    def shown(self) -> int:
        return sum(map(self.shows, self.about.worked_names))

    @property
    def passing(self) -> int:
        return sum(not failure for failure in self.failed.values())


def standings() -> list[Standing]:
    return [Standing(sets()[id], sayings(id), failures(f"operators/{id}.plan")) for id in OPERATORS]


def page() -> str:
    found = standings()
    missing = [one for one in sets().values() if one.id not in OPERATORS]
    parts = [_INTRO, _totals(found, missing), _LEGEND, _overview(found), _missing(missing), *map(_section, found)]
    return "\n".join(parts)


def _totals(found: list[Standing], missing: list[Set]) -> str:
    facts = sum((one.facts for one in found), Counter[str]())
    worked, examples = sum(len(one.about.worked) for one in found), sum(len(one.failed) for one in found)
    told = ", ".join(f"{facts[how]} {how}" for how in ("said", "in part", "waiting", "outside"))
    rows = [
        ("rule sets", f"{len(found)} with a file, {len(missing) - len(REGULATIONS)} without, {len(REGULATIONS)} of regulators"),
        ("facts of those with a file", f"{facts.total()}: {told}"),
        ("notes `Not said here yet`", str(sum(one.notes for one in found))),
        ("worked examples shown", f"{sum(one.shown for one in found)} of {worked}"),
        ("examples that pass", f"{sum(one.passing for one in found)} of {examples}"),
    ]
    return _table(("", ""), rows)


def _overview(found: list[Standing]) -> str:
    rows = []
    for one in found:
        facts = [str(one.facts[how] or "") for how in ("said", "in part", "waiting", "outside")]
        worked = f"{one.shown} of {len(one.about.worked)}" if one.about.worked else ""
        rows.append((f"[{one.about.id}](#{one.about.id})", *facts, worked, f"{one.passing} of {len(one.failed)}"))
    return _table(("rule set", "said", "in part", "waiting", "outside", "worked examples", "examples"), rows)


def _missing(missing: list[Set]) -> str:
    parts = []
    plans = [one for one in missing if not one.is_regulation]
    rows = [(one.id, f"{one.operator}, {one.country}", one.plan, ", ".join(one.facts)) for one in plans]
    if rows:
        parts.append("## Without a file\n\n" + _table(("rule set", "operator", "plan", "its facts"), rows))
    regulations = [(one, REGULATIONS[one.id]) for one in missing if one.is_regulation]
    rows = [
        (one.id, f"{one.operator}, {one.country}", ", ".join(one.facts), f"[{file}](../examples/regulations/{file}.plan)")
        for one, file in regulations
    ]
    parts.append("## Regulations\n\n" + _table(("rule set", "regulator", "its facts", "what it asks of plans"), rows))
    return "\n".join(parts)


def _section(one: Standing) -> str:
    about, file = one.about, f"examples/operators/{one.about.id}.plan"
    title = f"## {about.id}\n\n{about.operator}, {about.country}, {about.segment}: {about.plan}. [{file}](../{file})\n"
    facts = [(name, _text(value), _fact(one, name)) for name, value in about.facts.items()]
    parts = [title]
    if facts:
        parts.append(_table(("fact", "the terms", "the file"), facts))
    if about.worked:
        parts.append(_table(("worked example", "shown by"), _worked(one)))
    named = {*about.facts, *about.worked_names}
    for kind, how in (("Rules", How.RULE), ("Examples", How.EXAMPLE), ("Notes", How.OUTSIDE), ("Not said", How.WAITING)):
        others = [saying for saying in one.said if saying.how is how and not saying.names & named]
        if others:
            parts.append(f"{kind} besides: {', '.join(_shown(one, others))}.\n")
    return "\n".join(parts)


def _fact(one: Standing, name: str) -> str:
    shown = _said(one, one.saying(name))
    only = one.figures_only_in_comments(name)
    return shown + (f"<br>*in comments only:* {', '.join(only)}" if only and one.fact(name) == "said" else "")


def _worked(one: Standing) -> Iterator[tuple[str, str]]:
    for name, worked in zip(one.about.worked_names, one.about.worked, strict=True):
        shown = _said(one, one.saying(name))
        if "sim" in worked:
            shown += "<br>its figures, replayed " + ("✗" if simulation.differences(one.about.id, worked["sim"]) else "✓")
        yield _text(worked["text"]), shown


def _said(one: Standing, found: Iterable[Saying]) -> str:
    return "<br>".join(_shown(one, found))


def _shown(one: Standing, found: Iterable[Saying]) -> list[str]:
    """Each saying once, as people read it."""
    shown = []
    for saying in found:
        match saying.how:
            case How.RULE:
                shown.append(f"`{saying.words}`")
            case How.EXAMPLE:
                shown.append(f"{'✗' if one.failed[saying.words] else '✓'} {_text(saying.words)}")
            case how:
                shown.append(f"*{how.value}:* {_text(saying.words)}")
    return list(dict.fromkeys(shown))


def _text(value: str | bool) -> str:
    """Words of the terms, as Markdown shows them as they are."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "".join(f"\\{character}" if character in "\\`*_<>|[]~" else character for character in value)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
