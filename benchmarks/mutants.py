"""What the checker says of one mistake: every shipped plan, with one word deleted, doubled, swapped with the next or misspelt.

    python benchmarks/mutants.py [COUNT] [--write]    # 20,000 mutants; --write makes docs/quality.md

A mutant is *sound* where it is a plan again (another number of the same kind, an optional word left out): nobody can know that
it is not meant. Of the others, the faults, the mistake must be shown in the statement that was changed, or mended to the plan
there was.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from dsl.check import check  # noqa: E402
from dsl.diagnostics import Diagnostic  # noqa: E402
from dsl.fixes import applied  # noqa: E402
from dsl.format import same_words  # noqa: E402
from dsl.lexemes import Lexeme, lex  # noqa: E402
from dsl.source import Source, split_lines  # noqa: E402

PAGE = ROOT / "docs" / "quality.md"
KINDS = ("delete", "double", "swap", "misspell")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
GOAL_SHOWN, GOAL_FINDINGS, GOAL_MS = 95, 1.2, 50


@dataclass(frozen=True)
class Mutant:
    """A text with one word of line `number` (from 1) changed."""

    kind: str
    text: str
    number: int
    original: str


@dataclass
class Tally:
    """What became of mutants: counts by kind, findings of faults in all, and the longest check of a text of up to 30 lines."""

    made: Counter[str] = field(default_factory=Counter)
    sound: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[Mutant, tuple[Diagnostic, ...]]] = field(default_factory=list)
    findings: int = 0
    longest_ms: float = 0.0

    @property
    def faults(self) -> int:
        return sum(self.made.values()) - sum(self.sound.values())

    @property
    def percent_found(self) -> float:
        return 100 * (sum(self.mended.values()) + sum(self.shown.values())) / max(1, self.faults)

    @property
    def findings_a_fault(self) -> float:
        return self.findings / max(1, self.faults)


@cache
def shipped() -> tuple[str, ...]:
    """The plans to change; of the longest only the first hundred lines' worth of blocks would be read twice for each mutant."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").rglob("*.plan")))


def mutants(count: int, seed: int) -> Iterator[Mutant]:
    """So many, drawn evenly over files, then lines, then words."""
    draw = random.Random(seed)
    while count:
        text = draw.choice(shipped())
        lines = split_lines(text)
        number = draw.randrange(len(lines))
        words = lex(lines[number])
        if not words:
            continue
        kind = draw.choice(KINDS)
        changed = _changed(lines[number], words, kind, draw)
        if changed is not None and changed != lines[number]:
            count -= 1
            yield Mutant(kind, "\n".join([*lines[:number], changed, *lines[number + 1 :]]), number + 1, text)


def _changed(line: str, words: list[Lexeme], kind: str, draw: random.Random) -> str | None:
    index = draw.randrange(len(words))
    word = words[index]
    match kind:
        case "delete":
            return line[: word.start] + line[word.end :].lstrip(" " if not line[: word.start].strip() else "")
        case "double":
            return f"{line[: word.end]} {line[word.start :]}"
        case "swap":
            if index + 1 == len(words):
                return None
            after = words[index + 1]
            between = line[word.end : after.start]
            return (
                line[: word.start] + line[after.start : after.end] + between + line[word.start : word.end] + line[after.end :]
            )
        case _:
            return _misspelt(line, word, draw)


def _misspelt(line: str, word: Lexeme, draw: random.Random) -> str | None:
    """One letter left out, doubled, swapped with the next or changed; only words of letters are misspelt."""
    text = line[word.start : word.end]
    if not text.isalpha() or len(text) < 3:
        return None
    at = draw.randrange(len(text) - 1)
    other = draw.choice(LETTERS)
    ways = (
        text[:at] + text[at + 1 :],
        text[: at + 1] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + other + text[at + 1 :],
    )
    return line[: word.start] + draw.choice(ways) + line[word.end :]


def judge(mutant: Mutant, tally: Tally) -> None:
    """Checks a mutant, and adds what was found to the tally."""
    begun = time.process_time()  # whatever else the machine does
    found = check(Source("mutant.plan", mutant.text)).diagnostics
    took_ms = (time.process_time() - begun) * 1e3
    if mutant.text.count("\n") <= 30:
        tally.longest_ms = max(tally.longest_ms, took_ms)
    tally.made[mutant.kind] += 1
    if not found:
        tally.sound[mutant.kind] += 1
        return
    tally.findings += len(found)
    fixes = [one.fix for one in found if one.fix]
    if fixes and same_words(applied(mutant.text, fixes), mutant.original):
        tally.mended[mutant.kind] += 1
    elif _shown(mutant, found):
        tally.shown[mutant.kind] += 1
    else:
        tally.missed.append((mutant, found))


def _shown(mutant: Mutant, found: tuple[Diagnostic, ...]) -> bool:
    """Whether a finding stands in the statement that was changed, or names it as the other place."""
    places = {one.span.line for one in found} | {span.line for one in found for span, _ in one.also}
    return mutant.number in places


def measured(count: int, seed: int = 1) -> Tally:
    tally = Tally()
    check(Source("first.plan", "grnt"))  # the grammar is read once, and what repairs mistakes
    gc.disable()  # what thousands of texts leave behind is not collected while one is checked
    for number, mutant in enumerate(mutants(count, seed)):
        judge(mutant, tally)
        if number % 1_000 == 0:
            gc.collect()
    gc.enable()
    return tally


def page(tally: Tally, seconds: float) -> str:
    rows = [
        f"| {kind} | {tally.made[kind]:,} | {tally.sound[kind]:,} | {tally.mended[kind]:,} | {tally.shown[kind]:,} |"
        f" {sum(mutant.kind == kind for mutant, _ in tally.missed):,} |"
        for kind in KINDS
    ]
    return f"""# Quality of the messages

Made by `python benchmarks/mutants.py --write`: shipped plans with one word deleted, doubled, swapped with the next or misspelt,
{sum(tally.made.values()):,} in all. A mutant that is a plan again is *sound*: nobody can know that it is not meant. The others
are faults: *mended* where the fixes restore the plan there was, *shown* where a finding stands in the statement that was
changed, else *missed*.

| one word | mutants | sound | mended | shown | missed |
|---|---|---|---|---|---|
{chr(10).join(rows)}

| of {tally.faults:,} faults | measured | goal |
|---|---|---|
| mended or shown | {tally.percent_found:.1f} % | {GOAL_SHOWN} % |
| findings a fault | {tally.findings_a_fault:.2f} | {GOAL_FINDINGS} |
| longest check of a file of up to 30 lines | {tally.longest_ms:.0f} ms | {GOAL_MS} ms |

No mutant led to a traceback: the harness would have stopped. The whole took {seconds:.0f} s on two cores of x86_64.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("count", nargs="?", type=int, default=20_000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--missed", type=int, default=0, help="show so many of the mutants that were missed")
    given = parser.parse_args()
    begun = time.perf_counter()
    tally = measured(given.count)
    text = page(tally, time.perf_counter() - begun)
    print(text)
    for mutant, found in tally.missed[: given.missed]:
        print(mutant.kind, mutant.number, repr(split_lines(mutant.text)[mutant.number - 1]))
        for one in found:
            print("   ", one.span.line, one.code, one.message)
    if given.write:
        layout = PAGE.read_text(encoding="utf-8").partition("## Layout") if PAGE.exists() else ("", "", "")
        PAGE.write_text(text + ("\n" + "".join(layout[1:]) if layout[1] else ""), encoding="utf-8")


if __name__ == "__main__":
    main()
