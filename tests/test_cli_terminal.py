"""What may reach a terminal: plain text only, whatever a file or its name holds, and never a traceback."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from command_line import ENTRY, environment, process, rollover, written

from dsl.source import printable


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


EVIL = "\x1b[31mred\x9b2J\u202e"


def is_printable(text: str) -> bool:
    lines = text.split("\n")
    return [printable(line) for line in lines] == lines


@pytest.mark.parametrize(
    "args",
    [("evil.plan",), ("run", "evil.plan", "--format", "json"), ("test", "evil.plan"), ("check", "twice.plan")],
    ids=" ".join,
)
def test_names_reach_the_terminal_only_in_printable_form(args: tuple[str, ...]) -> None:
    plan = f'plan "{EVIL}" prepaid\n  grant 1 GB\n'
    written("evil.plan", f'{plan}  example "{EVIL}"\n    use 0 GB -> left 2 GB\n')
    written("twice.plan", plan + plan)
    output = rollover(*args).output
    assert "red" in output
    assert is_printable(output)


@pytest.mark.parametrize("command", ["open", "check", "run", "test", "fmt", "new", "examples"])
def test_names_of_files_do_too(command: str) -> None:
    output = rollover(command, f"{EVIL}/x.plan").output
    assert "red" in output
    assert is_printable(output)


@pytest.mark.parametrize(
    "args",
    [
        ("run", "a.plan", "--plan", EVIL), ("run", "a.plan", "--usage", EVIL), ("run", EVIL), ("run", "a.plan", f"--{EVIL}"),
        ("run", "a.plan", "--usage", f"{EVIL}.csv"), ("run", f"{EVIL}.plan"), ("a.plan", EVIL),
        ("run", "a.plan", "--start", EVIL),
    ],
)  # fmt: skip
def test_what_was_typed_does_too(args: tuple[str, ...]) -> None:
    written("a.plan", 'plan "A" prepaid\n  grant 1 GB\n')
    written(f"{EVIL}.plan", "# no plan\n")
    written(f"{EVIL}.csv", "at,use\n")
    result = rollover(*args)
    assert result.exit_code
    assert "red" in result.output
    assert is_printable(result.output)


def test_markup_in_a_name_is_text() -> None:
    written("markup.plan", 'plan "[bold]Flex[/bold]" prepaid\n  grant 1 GB\n')
    assert rollover("markup.plan").stdout.startswith("[bold]Flex[/bold] · prepaid\n")


def test_stdout_is_the_same_with_and_without_colour() -> None:
    rollover("examples", "flex")
    plain = process("run", "flex.plan")
    assert plain.returncode == 0
    assert b"\x1b" not in plain.stdout
    assert process("run", "flex.plan", NO_COLOR="1").stdout == plain.stdout


def test_a_terminal_that_lacks_a_character_gets_a_question_mark() -> None:
    rollover("examples", "flex")
    poor = process("run", "flex.plan", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert (poor.returncode, poor.stderr) == (0, b"")
    assert "Flex 20 · postpaid" in poor.stdout.decode("cp1252")
    assert "? allowance used" in poor.stdout.decode("cp1252")


def test_a_reader_that_stops_early_is_no_error() -> None:
    rollover("examples", "flex")
    with subprocess.Popen(
        [*ENTRY, "run", "flex.plan"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 141, "as of any tool; 1 would be findings"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("args", [("run", "flex.plan"), ("--help",), ("run", "--help"), ("check", "wrong.plan")], ids=" ".join)
def test_a_disk_that_is_full_is_a_sentence(args: tuple[str, ...]) -> None:
    rollover("examples", "flex")
    written("wrong.plan", "nothing\n")
    with open("/dev/full", "w") as full:
        child = subprocess.run([*ENTRY, *args], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
    assert (child.returncode, child.stderr) == (2, b"can't write: no space left on device\n")


def test_nothing_but_the_message_where_a_file_is_not_there() -> None:
    result = process("run", "nosuch.plan")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.splitlines() == [b"nosuch.plan can't be read: no such file or directory"]
