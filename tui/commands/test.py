"""`rollover test`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.exits import FINDINGS, OK, UNUSABLE, counted, fail

if TYPE_CHECKING:
    from tui import verify

_path = click.Path(path_type=Path, readable=False)  # what can't be read is told when it is read


@click.command()
@click.argument("paths", nargs=-1, required=True, type=_path)
@click.option("--coverage", is_flag=True, help="Tell which parts of the plans no example reaches.")
@click.option("--threshold", type=click.IntRange(0, 100), metavar="PERCENT", help="With --coverage: fail below that.")
@click.option("--update", is_flag=True, help="Write what examples come to in the place of what they expected; review it.")
@click.option("--junit", type=_path, metavar="FILE", help="Write the results as JUnit XML, too.")
def test(paths: tuple[Path, ...], coverage: bool, threshold: int | None, update: bool, junit: Path | None) -> None:
    """Runs the examples in plans and the scenario files beside them. Exit 0 all pass, 1 some fail, 2 unreadable."""
    from tui import colour, verify

    if threshold is not None and not coverage:
        fail("--threshold is about --coverage: give both")
    report = verify.verify(list(paths))
    for line in report.lines:
        outcome = line[:6].strip()
        colour.echo(line.replace(outcome, colour.painted(outcome, outcome), 1) if outcome in ("ok", "FAIL") else line)
    if not report.lines:
        fail("no plan files there; plan files end in .plan")
    if not report.passed + report.failed + report.unreadable:
        click.echo('no examples to run: add `example "..."` to a plan, or a scenario file beside it', err=True)
    unread = f", {counted(report.unreadable, 'file')} unreadable" if report.unreadable else ""
    click.echo(f"{report.passed} passed, {report.failed} failed{unread}")
    code = UNUSABLE if report.unreadable else FINDINGS if report.failed else OK
    if junit:
        _write_junit(junit, report)
    if update:
        _update(report)
    if coverage:
        code = max(code, _cover(report, threshold or 0))
    sys.exit(code)


def _cover(report: verify.Report, threshold: int) -> int:
    from tui import coverage

    lines, hits, total = coverage.coverage(report.files)
    for line in lines:
        click.echo(line)
    percent = hits * 100 // total if total else 100
    click.echo(f"{hits} of {counted(total, 'part')} reached: {percent} %")
    return FINDINGS if percent < threshold else OK


def _update(report: verify.Report) -> None:
    from tui import checking, colour, coverage, files

    for tested in report.files:
        source = tested.checked.source
        after = coverage.updated(tested)
        if after != source.text:
            try:
                files.write(Path(source.name), after)
            except files.FileError as error:
                fail(error)
            colour.difference(checking.difference(Path(source.name), source.text, after))


def _write_junit(path: Path, report: verify.Report) -> None:
    from tui import coverage, files

    try:
        files.write(path, "".join(f"{line}\n" for line in coverage.junit(report.files)))
    except files.FileError as error:
        fail(error)
