"""What of plans their examples reach, and what they come to now: `rollover test --coverage`, `--update` and `--junit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from dsl.diagnostics import Fix
from dsl.fixes import applied
from dsl.source import Span, place, printable
from engine.reached import parts
from tui.verify import Tested


def coverage(files: Sequence[Tested]) -> tuple[list[str], int, int]:
    """A line a file, below it each part that no example reached; how many parts were reached, and how many there are."""
    lines, hits, total = [], 0, 0
    for tested in files:
        there = parts(tested.checked.plans)
        lacking = sorted(there - tested.reached)
        hits, total = hits + len(there) - len(lacking), total + len(there)
        source = tested.checked.source
        lines.append(f"{printable(source.name)}: {len(there) - len(lacking)} of {len(there)} parts reached")
        lines += [f"  {place(source, span)}: not reached: {_words(tested, span)}" for span in lacking]
    return lines, hits, total


def _words(tested: Tested, span: Span) -> str:
    return printable(tested.checked.source.lines[span.line - 1][span.start : span.end])


# ---- what examples come to now


def updated(tested: Tested) -> str:
    """The text of a plan with what its examples come to in the place of what they expected and did not get."""
    return applied(tested.checked.source.text, [Fix(((span, now),)) for span, now in tested.came_to])


# ---- for build servers


def junit(files: Sequence[Tested]) -> Iterator[str]:
    """A suite a file, a case an example or scenario."""
    cases = [case for tested in files for case in tested.cases]
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<testsuites name="rollover test" tests="{len(cases)}" failures="{sum(bool(case.told) for case in cases)}">'
    for tested in files:
        name = printable(tested.checked.source.name)
        failed = sum(bool(case.told) for case in tested.cases)
        yield f'  <testsuite name={quoteattr(name)} tests="{len(tested.cases)}" failures="{failed}">'
        for case in tested.cases:
            yield f"    <testcase classname={quoteattr(name)} name={quoteattr(case.name)}>"
            if case.told:
                text = escape("\n".join(case.told))
                yield f"      <failure message={quoteattr(case.told[0])}>{text}</failure>"
            yield "    </testcase>"
        yield "  </testsuite>"
    yield "</testsuites>"
