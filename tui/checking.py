"""`rollover check` and `rollover fmt`: files in, findings out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dsl.source import Source, line_end, printable
from tui import cache, files, folders
from tui.language import message
from tui.saying import catalog_version, say

if TYPE_CHECKING:
    from tui.reports import Found


PACKAGES = {False: ("dsl",), True: ("dsl", "engine", "tui")}  # on which what is found depends


def read_plan(path: Path) -> Source:
    """The text of a plan file. Raises files.FileError, which names the scenario where that is all there is."""
    if folders.is_yaml(path):
        told = message("{path} is not a plan but YAML: scenarios are called NAME{ending}")
        if folders.is_scenario(path):
            raise files.FileError(say("{path} is not a plan but a scenario", path=str(path)))
        raise files.FileError(say(told, path=str(path), ending=folders.SCENARIO))
    try:
        return files.read(path)
    except files.MissingError as error:
        for scenario in folders.scenarios_beside(path):
            told = message("{path} is about the plan beside it, and {problem}")
            raise files.FileError(say(told, path=str(scenario), problem=str(error))) from None
        raise


def findings(path: Path, *, coloured: bool = False, prove: bool = False) -> list[str]:
    """What is wrong with a plan or scenario file, as text, and, where that is wanted, what is proved. Raises files.FileError.

    Reading the language takes longer than everything else here, so what was found is kept by the file's content.
    """
    is_scenario = folders.is_scenario(path)
    prove = prove and not is_scenario
    scenario = files.read(path) if is_scenario else None
    plan = read_plan(folders.plan_beside(path) if is_scenario else path)
    texts = [source.text.encode() for source in (plan, scenario) if source]
    how = [catalog_version(), *[b"coloured"] * coloured, *_solver(prove)]
    name = cache.key(os.fsencode(path), *texts, *how, packages=PACKAGES[prove])
    known = cache.load(name)
    if known is None:
        known = _find(plan, scenario, coloured, prove)
        cache.store(name, known)
    return known


def _solver(prove: bool) -> list[bytes]:
    if not prove:
        return []
    from tui import solver

    return [solver.stamp()]


def _find(plan: Source, scenario: Source | None, coloured: bool, prove: bool) -> list[str]:
    from dsl.diagnostics import plain, render
    from tui import colour

    source, diagnostics = found_in(plan, scenario, prove=prove)
    return [render(diagnostic, source, colour.painted if coloured else plain, say) for diagnostic in diagnostics]


def found(path: Path, *, prove: bool = False) -> Found:
    """What is wrong with a plan or scenario file. Raises files.FileError."""
    if folders.is_scenario(path):
        return found_in(read_plan(folders.plan_beside(path)), files.read(path))
    return found_in(read_plan(path), prove=prove)


def found_in(plan: Source, scenario: Source | None = None, *, prove: bool = False) -> Found:
    """What is wrong with a plan, and, where that is wanted, which of its rules are proved never to act; or what is wrong with a
    scenario that is about it."""
    from dsl.check import check
    from tui.reports import Found

    use_grammar_cache()
    checked = check(plan)
    if scenario is None:
        from dsl.lints import lint

        known = (*checked.diagnostics, *lint(checked))
        if prove:
            from tui import dead_rules

            known = dead_rules.with_proofs(checked, known)
        return Found(plan, known)
    from dsl.scenario_file import read

    return Found(scenario, read(scenario, checked)[1])


def mended(found: Found, *, prove: bool = False) -> Found:
    """A plan with every fix of its findings, and what is left of them, or is proved then."""
    from dsl import fixes

    name = found.source.name
    text = fixes.mended(found.source.text, lambda text: found_in(Source(name, text)).diagnostics)
    return found_in(Source(name, text), prove=prove)


def use_grammar_cache() -> None:
    from dsl import grammar

    if (folder := cache.folder()) is not None:
        grammar.cache_in(folder)


def formatted(path: Path, *, spelled_out: bool = False) -> tuple[str, str]:
    """The text of a file as it is and in canonical layout, with its own line ends; `spelled_out` with all that its plans
    assume. Raises files.FileError."""
    use_grammar_cache()
    source = read_plan(path)
    return source.text, laid_out(source, spelled_out=spelled_out)


def laid_out(source: Source, *, spelled_out: bool = False) -> str:
    """A text in canonical layout, with its own line ends. Raises files.FileError where it can't be had without harm."""
    from dsl.check import check
    from dsl.diagnostics import render
    from dsl.explicit import explicit
    from dsl.format import format_text, only_adds, same_words
    from dsl.same import same_meaning

    errors = [diagnostic for diagnostic in check(source).diagnostics if diagnostic.code < "R1"]
    if errors:
        told = say("{file} is left as it is: a line in it can't be read", file=source.name)
        raise files.FileError(f"{render(errors[0], source, say=say)}\n{told}")
    whole = explicit(source.text) if spelled_out else source.text
    text = format_text(whole)
    if not same_words(text, whole) or format_text(text) != text or not same_meaning(text, whole):
        told = message("{file} is left as it is: its layout can't be changed without changing what it says")
        raise files.FileError(say(told, file=source.name))
    if spelled_out and not (only_adds(source.text, text) and explicit(text) == text):
        told = message("{file} is left as it is: what it assumes can't be written out without changing the rest")
        raise files.FileError(say(told, file=source.name))
    return text.replace("\n", line_end(source.text))


def difference(path: Path, before: str, after: str) -> Iterator[str]:
    import difflib

    old, new = before.splitlines(), after.splitlines()
    for line in difflib.unified_diff(old, new, str(path), str(path), lineterm=""):
        yield printable(line)


def plans_and_scenarios(paths: Sequence[Path]) -> list[Path]:
    return folders.found(paths, folders.PLAN, *folders.SCENARIOS)
