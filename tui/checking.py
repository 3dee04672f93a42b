"""`rollover check` and `rollover fmt`: files in, findings out."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui import cache, files, folders


def findings(path: Path) -> list[str]:
    """What is wrong with a plan or scenario file, as text. Raises files.FileError.

    Reading the language takes longer than everything else here, so what was found is kept by the file's content.
    """
    source = files.read(path)
    parts = [str(path).encode(), source.text.encode()]
    plan = folders.plan_beside(path) if folders.is_scenario(path) else None
    if plan is not None:
        parts.append(files.read(plan).text.encode())
    name = cache.key(*parts)
    known = cache.load(name)
    if known is None:
        known = _find(path, plan)
        cache.store(name, known)
    return known


def _find(path: Path, plan: Path | None) -> list[str]:
    from dsl.check import check
    from dsl.diagnostics import render

    use_grammar_cache()
    source = files.read(path)
    if plan is None:
        return [render(diagnostic, source) for diagnostic in check(source).diagnostics]
    from dsl.scenario_file import read

    _, diagnostics = read(source, check(files.read(plan)))
    return [render(diagnostic, source) for diagnostic in diagnostics]


def use_grammar_cache() -> None:
    from dsl import grammar

    if (folder := cache.folder()) is not None:
        grammar.cache_in(folder)


def formatted(path: Path) -> tuple[str, str]:
    """The text of a file as it is and in canonical layout, with its own line ends. Raises files.FileError."""
    from dsl.check import check
    from dsl.diagnostics import render
    from dsl.format import format_text, same_words

    use_grammar_cache()
    source = files.read(path)
    errors = [diagnostic for diagnostic in check(source).diagnostics if diagnostic.code < "R1"]
    if errors:
        raise files.FileError(render(errors[0], source) + f"\n{path} is left as it is: a line in it can't be read")
    text = format_text(source.text)
    assert same_words(text, source.text), "formatting changed more than the layout"
    return source.text, text.replace("\n", "\r\n") if "\r\n" in source.text else text


def difference(path: Path, before: str, after: str) -> Iterator[str]:
    from dsl.source import printable

    old, new = before.splitlines(), after.splitlines()
    for line in difflib.unified_diff(old, new, str(path), str(path), lineterm=""):
        yield printable(line)


def plans_and_scenarios(paths: Sequence[Path]) -> list[Path]:
    return folders.found(paths, folders.PLAN, folders.SCENARIO)
