"""What is sound and yet hardly meant: a lint a file.

Each module of this package, but those that start with an underscore, is a lint: its docstring is the page that `rollover
explain` prints (a title; what it finds; why it matters to a customer; `Avoid:` with a plan; `Prefer:` with a plan), `CODE` its
code, and `find` gives what it finds in a file without errors, made by `dsl.diagnostics.remark`. `rollover check` runs them all;
a line with a comment `# allow L001: why`, in it or above it, is left alone by that one.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from dsl.check import Checked
from dsl.diagnostics import Diagnostic

Find = Callable[[Checked], Iterator[Diagnostic]]
_ALLOWED = re.compile(r"#.*\ballow ((?:[LP]\d{3}(?:, )?)+)")


@cache
def lints() -> dict[str, str]:
    """The module of each lint, by its code."""
    names = [f"{__name__}.{found.name}" for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_")]
    return {importlib.import_module(name).CODE: name for name in names}


def lint(checked: Checked) -> tuple[Diagnostic, ...]:
    """What the lints find in a file without errors, in the order of the text."""
    found = {one for some in one_by_one(checked) for one in some}
    return tuple(sorted(found, key=lambda one: (one.span, one.code)))


def one_by_one(checked: Checked) -> Iterator[list[Diagnostic]]:
    """What each lint finds in a file without errors: who reads a long text aside may stop, or let others go first, between
    two of them."""
    if any(one.is_error for one in checked.diagnostics):
        return
    lines = checked.source.lines
    for name in lints().values():
        found = importlib.import_module(name).find(checked)
        yield [one for one in found if one.code not in allowed(lines, one.span.line)]


def allowed(lines: Sequence[str], number: int) -> list[str]:
    """Codes that the comment of a line, or of the line above, allows."""
    near = lines[max(0, number - 2) : number]
    return [code for line in near if (said := _ALLOWED.search(line)) for code in re.findall(r"[LP]\d{3}", said[1])]
