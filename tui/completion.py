"""What a shell offers behind a Tab but commands and files: names of plans and examples, of shipped files, services, codes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from dsl.check import Checked

_BASH_READS = re.compile(r"[^\w./,:@%+=-]")


def plans(ctx: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    checked = _checked(ctx)
    return _offered((plan.name for plan in checked.plans) if checked else (), begun)


def examples(ctx: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    checked = _checked(ctx)
    return _offered((scenario.name for scenario in checked.scenarios) if checked else (), begun)


def services(ctx: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    checked = _checked(ctx)
    return _offered(dict.fromkeys(name for plan in checked.plans for name in plan.services) if checked else (), begun)


def shipped(_ctx: click.Context, _argument: click.Parameter, begun: str) -> list[CompletionItem]:
    from tui import folders

    return _offered((path.stem for path in sorted(folders.shipped().rglob("*.plan"))), begun)


def file_or_code(_ctx: click.Context, _argument: click.Parameter, begun: str) -> list[CompletionItem]:
    from dsl.diagnostics import ERRORS, WARNINGS
    from dsl.lints import lints

    return [a_file(begun), *_offered([*ERRORS, *WARNINGS, *lints()] if begun else (), begun)]


def _checked(ctx: click.Context) -> Checked | None:
    """The plan file that stands on the line already: click has it among what is left where an option has no value yet."""
    from dsl.check import check
    from tui import checking, files, folders

    words = [str(word) for word in (*ctx.params.values(), *ctx.args) if str(word).endswith(folders.PLAN)]
    try:
        checking.use_grammar_cache()
        return check(checking.read_plan(Path(words[0]))) if words else None
    except files.FileError:
        return None


def a_file(begun: str) -> CompletionItem:
    """Leaves it to the shell."""
    from click.shell_completion import CompletionItem

    return CompletionItem(begun, type="file")


def _offered(names: Iterable[str], begun: str) -> list[CompletionItem]:
    """Names that go on as was begun, in whatever case. Bash, unlike others, writes them as they are: what it would take for
    the end of a word or for a command is escaped."""
    from click.shell_completion import CompletionItem

    from dsl.source import printable

    in_bash = os.environ.get("_ROLLOVER_COMPLETE", "").startswith("bash")
    found = [printable(name) for name in names if name.lower().startswith(begun.lower())]
    return [CompletionItem(_BASH_READS.sub(r"\\\g<0>", name) if in_bash else name) for name in found]
