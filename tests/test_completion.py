"""What a shell offers behind a Tab."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from command_line import process, written

PLAN = """\
plan "Flex 20" prepaid
  grant 20 GB, 100 minutes

  example "a light month"
    use 6 GB
plan "Flex $(touch owned) 40" prepaid
  grant 40 GB
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", PLAN)


def offered(line: str, shell: str = "bash") -> list[str]:
    """What is offered for the last word of a line, without what is left to the shell."""
    words = line.count(" ")
    done = process(COMP_WORDS=line, COMP_CWORD=str(words), _ROLLOVER_COMPLETE=f"{shell}_complete")
    assert done.stderr == b""
    lines = done.stdout.decode().splitlines()
    if shell == "bash":
        return [one.removeprefix("plain,") for one in lines if one.startswith("plain,")]
    return [value for kind, value in zip(lines[::3], lines[1::3], strict=False) if kind == "plain"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("rollover che", ["check"]),
        ("rollover run a.plan --plan ", ["Flex 20", "Flex $(touch owned) 40"]),
        ("rollover run a.plan --plan flex", ["Flex 20", "Flex $(touch owned) 40"]),
        ("rollover describe a.plan --plan flex", ["Flex 20", "Flex $(touch owned) 40"]),
        ("rollover describe a.plan --language ", ["en", "zh_CN"]),
        ("rollover explain a.plan --example ", ["a light month"]),
        ("rollover explain a.plan --service ", ["data", "voice"]),
        ("rollover explain R27", ["R270", "R271", "R272", "R273"]),
        ("rollover examples prep", ["prepaid"]),
        ("rollover run nosuch.plan --plan ", []),
        ("rollover run --plan ", []),
    ],
)
def test_names_are_those_of_the_file(line: str, names: list[str]) -> None:
    assert offered(line, "zsh") == names


def test_in_bash_nothing_of_a_name_is_a_command() -> None:
    (plain, evil) = offered("rollover run a.plan --plan ")
    assert plain == "Flex\\ 20"
    bash = shutil.which("bash")
    assert bash
    said = subprocess.run([bash, "-c", f"printf %s {evil}"], capture_output=True, text=True, check=True).stdout
    assert said == "Flex $(touch owned) 40"
    assert not Path("owned").exists()
