"""What editors, shells and hooks are given: they must agree with what reads the files."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from command_line import ENTRY, ROOT, environment, rollover
from shipped import EXAMPLES, SCENARIOS

from dsl import grammar
from dsl.lexemes import lex
from tui.cli import main

SCHEMA = json.loads(rollover("editor", "schema").stdout)
TEXTMATE = json.loads(rollover("editor", "textmate").stdout)


def documents(text: str) -> list[Any]:
    """As editors see them: every scalar a text."""
    return [document for document in yaml.load_all(text, yaml.BaseLoader) if document]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_schema_takes_every_shipped_scenario(name: str) -> None:
    for document in documents((EXAMPLES / name).read_text(encoding="utf-8")):
        jsonschema.validate(document, SCHEMA)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("plam: A", []),
        ("cycles: [{use: much}]", ["cycles", 0, "use"]),
        ("cycles: [{expect: {lft: 3 GB}}]", ["cycles", 0, "expect"]),
        ("records: [{use: 3 GB}]", ["records", 0]),
        ("records: [{at: tomorrow, use: 3 GB}]", ["records", 0, "at"]),
        ("cycles: [{lines: {Kid: {uses: 3 GB}}}]", ["cycles", 0, "lines", "Kid"]),
    ],
)
def test_and_tells_where_one_is_wrong(text: str, where: list[str | int]) -> None:
    (document,) = documents(text)
    (error,) = jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)
    found = error if not error.context else max(error.context, key=lambda one: len(one.absolute_path))
    assert list(found.absolute_path) == where


def coloured(line: str) -> list[tuple[int, int, str]]:
    """Stretches of a line as an editor would colour them: the first pattern that fits at the first place."""
    patterns = [(re.compile(one["match"]), one["name"]) for one in TEXTMATE["patterns"]]
    found, at = [], 0
    while True:
        searched = [(pattern.search(line, at), number) for number, (pattern, _) in enumerate(patterns)]
        hits = [(hit.start(), number, hit) for hit, number in searched if hit]
        if not hits:
            return found
        start, number, hit = min(hits, key=lambda one: one[:2])
        found.append((start, hit.end(), patterns[number][1]))
        at = max(hit.end(), at + 1)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.plan")), ids=lambda path: path.name)
def test_the_textmate_grammar_colours_keywords_names_and_comments_as_the_language_reads_them(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        stretches = coloured(line)
        inside = {column: name for start, end, name in stretches for column in range(start, end)}
        for lexeme in lex(line):
            name = inside.get(lexeme.start, "")
            if lexeme.kind == "NAME":
                assert name.startswith("string"), (line, lexeme)
            elif lexeme.text.lower() in grammar.keywords() and lexeme.text[0].isalpha() and lexeme.kind != "TIMES":
                assert name.startswith("keyword"), (line, lexeme)
        words = lex(line)
        if "#" in line[words[-1].end if words else 0 :]:
            assert inside[len(line) - 1].startswith("comment")


def test_hooks_run_commands_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["entry"].split()[1] for hook in hooks} <= set(main.list_commands(click.Context(main)))
    assert all(re.search(hook["files"], "terms/flex.plan") for hook in hooks)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(shell: str) -> None:
    done = subprocess.run(
        ENTRY, capture_output=True, env=environment(_ROLLOVER_COMPLETE=f"{shell}_source"), check=False, stdin=subprocess.DEVNULL
    )
    assert b"_ROLLOVER_COMPLETE" in done.stdout


def test_who_is_interrupted_ends_as_shells_say() -> None:
    process = subprocess.Popen(
        [*ENTRY, "check", "--stdin-filename", "x.plan"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # which whoever runs the tests may have ignored
    )  # fmt: skip
    assert process.stdin
    process.stdin.write(b"#" * 200_000)  # more than a pipe holds: it has begun to read, and waits for the rest
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert (process.returncode, b"Traceback" in told) == (130, False)
