"""`rollover check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.exits import FINDINGS, OK, UNUSABLE, fail
from tui.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from tui.regulating import Judged, Rulebook
    from tui.reports import Found

_path = click.Path(path_type=Path, readable=False)  # what can't be read is told when it is read


@click.command()
@click.argument("paths", nargs=-1, type=_path)
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif", "github", "junit"]), default="text")
@click.option("--fix", is_flag=True, help="Write what mends the mistakes of which that is certain; the rest is told.")
@click.option("--diff", is_flag=True, help="With --fix: write nothing, show what would change.")
@click.option(
    "--prove/--no-prove", default=None,
    help="Find rules that can never act, by proof. Done where the extra `prove` is installed; --prove fails without it.",
)  # fmt: skip
@click.option("--stdin-filename", metavar="NAME", help="Check the text on standard input as the file of that name.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default=ENGLISH, help="Of --format text; what programs read is English."
)
@click.option("--against", multiple=True, type=_path, metavar="R.plan", help="What the regulations of R.plan ask of the plans.")
@click.option("--save", type=_path, metavar="S.scenario.yaml", help="With --against: write the first history that breaks it.")
def check(
    paths: tuple[Path, ...], form: str, fix: bool, diff: bool, prove: bool | None, stdin_filename: str | None, language: str,
    against: tuple[Path, ...], save: Path | None,
) -> None:  # fmt: skip
    """Checks plans and scenarios; folders are searched. Exit 0 clean, 1 findings, 2 unreadable."""
    from tui.saying import say, speak

    speak(language)
    if diff and not fix:
        fail(say("--diff shows what --fix would change: give both"))
    prove = _proves(prove)
    if bool(paths) == (stdin_filename is not None):
        fail(say("name files to check, or give --stdin-filename and a text on standard input"))
    if save and not against:
        fail(say("--save writes what breaks a regulation: give --against, too"))
    if against:
        if fix or stdin_filename is not None:
            fail(say("--against is about files as they are: it goes with neither --fix nor --stdin-filename"))
        _against(paths, against, form, save, prove=prove)
    elif stdin_filename is not None:
        _standard_input(stdin_filename, form, fix=fix, diff=diff, prove=prove)
    elif fix:
        _fix(paths, form, diff=diff, prove=prove)
    elif form == "text":
        _tell(paths, prove=prove)
    else:
        _report(paths, form, prove=prove)


def _proves(asked: bool | None) -> bool:
    """Whether to prove: as asked, or else where there is a solver. It ends the command where that is asked for without one."""
    from tui import solver

    if asked and not solver.is_there():
        from tui.saying import say

        fail(say("proving needs one more package: pip install 'rollover[prove]'"))
    return solver.is_there() if asked is None else asked


def _tell(paths: Sequence[Path], *, prove: bool) -> None:
    """As text, from what was found before where nothing changed since."""
    from tui import checking, colour, files

    code, count, unread, wrong = OK, 0, 0, 0
    for path in checking.plans_and_scenarios(paths):
        count += 1
        try:
            found = checking.findings(path, coloured=colour.is_wanted(), prove=prove)
        except files.FileError as error:
            click.echo(str(error), err=True)
            code, unread = UNUSABLE, unread + 1
            continue
        wrong += len(found)
        for text in found:
            colour.echo(text)
        if found:
            code = max(code, FINDINGS)
    _end(code, count, unread, wrong)


def _end(code: int, count: int, unread: int, wrong: int) -> None:
    from tui.saying import say, say_many

    if not count:
        fail(say("no plan files there; plan files end in .plan"))
    problems = [say_many("{number} problem", "{number} problems", wrong)] if wrong else [] if unread else [say("no problems")]
    told = say(", ").join([say("{number} unreadable", number=str(unread))] * bool(unread) + problems)
    click.echo(say_many("{number} file: {problems}", "{number} files: {problems}", count, problems=told), err=True)
    sys.exit(code)


def _against(paths: Sequence[Path], rules: Sequence[Path], form: str, save: Path | None, *, prove: bool) -> None:
    """What is found as always, and then what the plans make of the regulations of other files."""
    from tui import colour, files, folders, regulating, reports
    from tui.running import UnusableError
    from tui.saying import say

    unread: list[Path] = []
    try:
        books = [book for path in rules for book in _rulebooks(path)]
        found = list(_found(paths, unread, prove=prove))
        if not found and not unread:
            fail(say("no plan files there; plan files end in .plan"))
        paths_read = [Path(one.source.name) for one in found]
        read = [regulating.checked(path) for path in paths_read if not folders.is_yaml(path)]
        judged = [one for checked in read for one in regulating.judged(checked, books)]
        if form == "text":
            _echo_report(found, form)
            for one in judged:
                for line in regulating.as_text(one, colour.painted):
                    colour.echo(line)
            for line in regulating.never_checked(books) if judged else ():
                colour.echo(line)
            for line in regulating.ending(judged, sum(checked.has_errors for checked in read)) if read else ():
                click.echo(line, err=True)
        else:
            shown = found if form == "json" else regulating.with_findings(found, judged)
            for line in reports.lines(shown, form, colour.painted, regulating.as_data(judged)):
                colour.echo(line)
        if save:
            _save(judged, save)
    except (files.FileError, UnusableError) as error:
        fail(error)
    wrong = sum(len(one.diagnostics) for one in found)
    code = UNUSABLE if unread else FINDINGS if wrong or any(one.is_broken for one in judged) else OK
    _end(code, len(found) + len(unread), len(unread), wrong)


def _rulebooks(path: Path) -> tuple[Rulebook, ...]:
    """The regulations of a file; it ends the command where they can't be gone by. Raises files.FileError."""
    from tui import regulating, reports
    from tui.saying import say

    found = regulating.checked(path)
    if found.has_errors:
        _echo_report([reports.Found(found.source, found.diagnostics)], "text", err=True)
        fail(say("{path} can't be gone by: mend it first", path=str(path)))
    if not found.regulations:
        fail(say('{path} has no regulation: one begins with a line such as regulation "Rollover"', path=str(path)))
    return regulating.rulebooks(found)


def _save(judged: Sequence[Judged], save: Path) -> None:
    """Writes the first history in which something is broken. Raises files.FileError and running.UnusableError."""
    from tui import saving
    from tui.saying import say

    faults = ((one, fault) for one in judged for outcome in one.outcomes for fault in outcome.faults if fault.run)
    first = next(faults, None)
    if first is None or first[1].run is None:
        click.echo(say("no history breaks anything: {path} is not written", path=str(save)), err=True)
        return
    click.echo(saving.save(first[1].run, Path(first[0].source.name), save, expect=False, force=False), err=True)


def _report(paths: Sequence[Path], form: str, *, prove: bool) -> None:
    unread: list[Path] = []
    found = list(_found(paths, unread, prove=prove))
    _echo_report(found, form)
    wrong = sum(len(one.diagnostics) for one in found)
    code = UNUSABLE if unread else FINDINGS if wrong else OK
    _end(code, len(found) + len(unread), len(unread), wrong)


def _echo_report(found: Sequence[Found], form: str, *, err: bool = False) -> None:
    from tui import colour, reports

    for line in reports.lines(found, form, colour.painted):
        colour.echo(line, err=err)


def _found(paths: Sequence[Path], unread: list[Path], *, prove: bool = False) -> Iterator[Found]:
    from tui import checking, files

    for path in checking.plans_and_scenarios(paths):
        try:
            yield checking.found(path, prove=prove)
        except files.FileError as error:
            click.echo(str(error), err=True)
            unread.append(path)


def _fix(paths: Sequence[Path], form: str, *, diff: bool, prove: bool) -> None:
    from dsl.source import printable
    from tui import checking, colour, files, folders
    from tui.saying import say

    unread: list[Path] = []
    changed, left = 0, []
    for found in _found(paths, unread):
        after = found if folders.is_yaml(Path(found.source.name)) else checking.mended(found, prove=prove)
        left.append(after)
        if after.source.text == found.source.text:
            continue
        changed += 1
        path = Path(found.source.name)
        if diff:
            colour.difference(checking.difference(path, found.source.text, after.source.text))
            continue
        try:
            files.write(path, after.source.text)
        except files.FileError as error:
            fail(error)
        click.echo(say("{path} written", path=printable(str(path))), err=True)
    if not diff:
        _echo_report(left, form)
    wrong = sum(len(one.diagnostics) for one in left)
    code = UNUSABLE if unread else FINDINGS if wrong or (diff and changed) else OK
    _end(code, len(left) + len(unread), len(unread), wrong)


def _standard_input(name: str, form: str, *, fix: bool, diff: bool, prove: bool) -> None:
    from dsl.source import MAX_BYTES, Source, decode
    from tui import checking, colour
    from tui.saying import say

    try:
        text = decode(sys.stdin.buffer.read(MAX_BYTES + 1))
    except ValueError as error:
        fail(say("standard input {problem}", problem=error.args[0]))
    found = checking.found_in(Source(name, text), prove=prove)
    after = checking.mended(found, prove=prove) if fix else found
    if diff:
        colour.difference(checking.difference(Path(name), text, after.source.text))
    elif fix:
        click.echo(after.source.text, nl=False)
    _echo_report([after], form, err=fix)
    sys.exit(FINDINGS if after.diagnostics or (diff and after.source.text != text) else OK)
