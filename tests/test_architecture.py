"""The shape of the house: arrows go one way, a grammar without conflicts, and nothing is loaded that is not needed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import lark
import pytest
from command_line import ROOT, environment

from dsl import grammar
from dsl.builder import Builder


def loaded(code: str, folder: Path) -> set[str]:
    """The modules a process has loaded after running `code` in `folder`."""
    code = f"import sys\n{code}\nprint('LOADED', *sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, env=environment(), check=True
    )
    return set(done.stdout.rpartition("LOADED ")[2].split())


def command(*args: str) -> str:
    return f"""
from click.testing import CliRunner
from tui.cli import main
assert CliRunner().invoke(main, {list(args)}).exit_code == 0
"""


# ---- arrows ----


def test_import_contracts_hold() -> None:
    """tui -> engine -> dsl, never back; the engine never sees the syntax. The contracts stand in pyproject.toml."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], capture_output=True, text=True, cwd=ROOT, env=environment(), check=False
    )
    assert done.returncode == 0, done.stdout
    assert "4 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("code", "never"),
    [
        ("import engine.run, engine.judge, engine.explain, engine.balance", {"lark", "yaml", "click", "textual", "tui"}),
        ("import dsl.check, dsl.format", {"engine", "tui", "click", "textual", "yaml"}),
        ("import dsl.scenario_file, dsl.record_file", {"engine", "tui", "click", "textual"}),
        ("import dsl.assist.completion, dsl.assist.hover, dsl.assist.hints", {"engine", "tui", "click", "textual", "pygls"}),
        ("import tui.cli", {"lark", "yaml", "textual", "dsl", "engine", "tui.describe"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_package_loads_only_what_is_below_it(code: str, never: set[str], tmp_path: Path) -> None:
    found = loaded(code, tmp_path)
    assert len(found) > 20
    assert not never & found


@pytest.mark.parametrize(
    "args", [("check",), ("run", "--use", "1 GB"), ("test",), ("fmt", "--check"), ("describe",), ("open",)], ids=" ".join
)
def test_commands_without_a_screen_load_neither_textual_nor_the_language_server(args: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "a.plan").write_text('plan "A" prepaid\n  grant 1 GB\n')
    name, *options = args
    found = loaded(command(name, "a.plan", *options), tmp_path)
    assert not {"textual", "rich", "pygls", "lsprotocol"} & found


def test_check_of_a_text_that_was_checked_before_does_not_load_the_parser(tmp_path: Path) -> None:
    (tmp_path / "a.plan").write_text('plan "A" prepaid\n  grant 1 GB\n')
    loaded(command("check", "a.plan"), tmp_path)
    assert not {"lark", "yaml"} & loaded(command("check", "a.plan"), tmp_path)


# ---- the grammar ----


def strict(text: str) -> lark.Lark:
    return lark.Lark(text, parser="lalr", lexer="basic", transformer=Builder(), strict=True)


def grammar_text() -> str:
    return grammar.GRAMMAR_FILE.read_text(encoding="utf-8")


def test_the_grammar_has_no_conflict_and_no_two_words_collide() -> None:
    """A strict build (with interegular) refuses what a default build resolves in silence."""
    assert strict(grammar_text()).terminals


def test_a_strict_build_would_see_a_conflict() -> None:
    """A list in a list: which of them does a comma belong to?"""
    nested = grammar_text().replace(
        "grant: GRANT (quantity | unlimited) mark*", "grant: GRANT quantity mark* (COMMA quantity mark*)*"
    )
    assert nested != grammar_text()
    with pytest.raises(lark.exceptions.GrammarError, match=r"(?i)conflict"):
        strict(nested)


def test_every_terminal_has_a_name_and_words_for_people() -> None:
    """No message can show a name such as __ANON_1."""
    parser = grammar.parser()
    for terminal in parser.terminals:
        if terminal.name not in parser.ignore_tokens:
            assert not terminal.name.startswith("_")
            assert not grammar.describe(terminal.name).isupper()


def test_every_rule_of_the_grammar_is_built_to_a_node() -> None:
    made = {rule.alias or rule.origin.name for rule in grammar.parser().rules}
    kept = {name for name in made if not name.startswith(("_", "__"))}
    inlined = {rule.origin.name for rule in grammar.parser().rules if rule.options.expand1}
    assert kept - inlined <= set(dir(Builder))


# ---- what must not happen in the core ----


@pytest.mark.parametrize("package", ["dsl", "engine"])
def test_the_core_is_pure(package: str) -> None:
    """No clock, randomness, terminal or network; of files only the grammar."""
    for path in (ROOT / package).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for word in (
            "import random",
            "import time\n",
            "datetime.now",
            "date.today",
            "print(",
            "import os\n",
            "import locale",
            "float(",
        ):
            assert word not in text, f"{path.name} has {word}"
        if path.name != "grammar.py":
            assert "open(" not in text.replace("self.open", "")


def test_the_files_that_the_last_words_touched_are_as_many_as_the_page_says() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| `([^`]+)` \| (\d+) \|$", page, re.MULTILINE)
    assert len(rows) == 3
    for pattern, count in rows:
        words = re.compile(rf"\b(?:{pattern.replace(chr(92) + '|', '|')})\b")
        files = [path for part in ("dsl", "engine") for path in (ROOT / part).rglob("*.[pl]*")]
        files = [path for path in files if path.suffix in (".py", ".lark") and path.parent.name != "lints"]
        found = [path.name for path in files if words.search(path.read_text(encoding="utf-8"))]
        assert len(found) == int(count), (pattern, found)
